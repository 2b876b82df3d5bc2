//! The database for those who only look, and the questions that a journal open for writing asks too.
//!
//! The one decision: a reader has one session, is content with a replica, and makes nothing.

use std::sync::Arc;

use jiff::Timestamp;
use tokio_postgres::{Client, Row};

use super::{
    super::{
        ChainEnd, ChainFault, ChainHash, Entry, HistoryFilter, HistoryRecord, LinkLabel,
        carry::CarryHead,
        chain::ChainWalk,
        entry::EntryFilter,
        invitation::{Invitation, InvitationScope},
        invitation_status::{self, InvitationStatus},
        older,
    },
    address::DatabaseAddress,
    carry,
    error::{DatabaseError, Trouble},
    events, invitations,
    rows::{self, Unreadable, params},
    schema, session,
};
use crate::ids::{AppId, SolutionId};

const DOING: &str = "could not read the journal";

/// Who asks.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) client: Arc<Client>,
    pub(super) address: DatabaseAddress,
}

impl Asker {
    async fn rows<T>(
        &self,
        sql: &str,
        values: &[Option<String>],
        read: impl Fn(&Row) -> Result<T, Unreadable>,
    ) -> Result<Vec<T>, DatabaseError> {
        let rows = self.client.query(sql, &params(values)).await;
        let rows = rows.map_err(|error| DatabaseError::of(&self.address, DOING, error))?;
        rows.iter()
            .map(|row| {
                read(row).map_err(|error| {
                    let trouble = Trouble::Corrupt(error.to_string());
                    DatabaseError::new(&self.address, DOING, trouble)
                })
            })
            .collect()
    }

    /// The rows that fit, each with its host.
    pub(super) async fn select(
        &self,
        which: &EntryFilter,
    ) -> Result<Vec<(String, Entry)>, DatabaseError> {
        let values = rows::filter_values(which);
        let mut found = self.rows(rows::SELECT, &values, rows::read).await?;
        for (_, row) in &mut found {
            older::remember(row);
        }
        found.retain(|(_, row)| !which.unfinished || row.is_unfinished());
        Ok(found)
    }

    pub(super) async fn invitation(
        &self,
        sql: &str,
        scope: &InvitationScope,
        it: &str,
    ) -> Result<Option<Invitation>, DatabaseError> {
        let values = invitations::values(scope, Some(it));
        let found = self.rows(sql, &values, invitations::read).await?;
        Ok(found.into_iter().next())
    }

    pub(super) async fn statuses(
        &self,
        scope: &InvitationScope,
        now: Timestamp,
    ) -> Result<Vec<InvitationStatus>, DatabaseError> {
        let values = invitations::values(scope, None);
        let found = self
            .rows(invitations::ALL, &values, invitations::read)
            .await?;
        let which = EntryFilter {
            host: Some(scope.host.clone()),
            partner: Some(scope.partner.clone()),
            ..EntryFilter::default()
        };
        let rows = self.select(&which).await?;
        let rows = rows.into_iter().map(|(_, row)| row);
        Ok(invitation_status::judged(found, rows, now))
    }

    async fn page(
        &self,
        filter: &HistoryFilter,
        before: i64,
        rows: usize,
    ) -> Result<Vec<HistoryRecord>, DatabaseError> {
        let values = events::page_values(filter, before);
        self.rows(&events::page(filter, rows), &values, events::read)
            .await
    }

    async fn number(
        &self,
        sql: &str,
        values: &[Option<String>],
    ) -> Result<Option<i64>, DatabaseError> {
        let found = self
            .rows(sql, values, |row| Ok(row.try_get::<_, i64>(0).ok()))
            .await?;
        Ok(found.into_iter().next().flatten())
    }

    async fn verify(
        &self,
        from: Option<ChainHash>,
        at_once: usize,
    ) -> Result<Result<ChainEnd, ChainFault>, DatabaseError> {
        let late = self
            .number(
                "SELECT coalesce(max(last_id), 0) FROM mps.chained_late",
                &[],
            )
            .await?;
        let mut walk = ChainWalk::whole(late.unwrap_or_default());
        if let Some(hash) = from {
            let hash = [Some(hash.to_string())];
            let first = self
                .number(
                    "SELECT min(id) FROM mps.events WHERE hash = $1::text",
                    &hash,
                )
                .await?;
            let Some(first) = first else {
                return Ok(Err(ChainFault::NotThere));
            };
            let before = self
                .rows(
                    "SELECT hash FROM mps.events WHERE id < $1::text::bigint ORDER BY id DESC LIMIT 1",
                    &[Some(first.to_string())],
                    |row| rows::owned(row, "hash"),
                )
                .await?;
            walk = walk.from(first, before.into_iter().next().unwrap_or_default());
        }
        // The end is asked for first: what is appended meanwhile only adds to the events.
        let given = self.number("SELECT last_id FROM mps.chain", &[]).await?;
        let sql = format!(
            "SELECT * FROM mps.events WHERE id >= $1::text::bigint ORDER BY id LIMIT {at_once}"
        );
        loop {
            let next = [Some(walk.next().to_string())];
            let page = self.rows(&sql, &next, events::chained).await?;
            for (id, columns, hash) in &page {
                if let Err(fault) = walk.step(*id, columns, hash.as_deref()) {
                    return Ok(Err(fault));
                }
            }
            if page.len() < at_once {
                let all = walk.is_all(given.unwrap_or_default());
                return Ok(all.map(|()| walk.end()));
            }
        }
    }
}

/// What a reader knows of its server, and how much is in the journal.
#[derive(Debug, Clone, Default)]
pub struct DatabaseHealth {
    /// The server's version.
    pub version: String,
    /// Whether the way to it is encrypted, and how.
    pub tls: String,
    /// Whether the role may write all that a run writes.
    pub writes: bool,
    /// Whether this is a replica.
    pub replica: bool,
    /// Who holds keys now.
    pub holders: Vec<HeldKey>,
    pub(in super::super) events: u32,
    pub(in super::super) bytes: u64,
}

impl DatabaseHealth {
    /// What a person wants to know of the server, to follow what is said of the journal.
    pub fn in_words(&self) -> String {
        let tls = if self.tls.is_empty() {
            "without TLS"
        } else {
            &self.tls
        };
        let rights = match (self.replica, self.writes) {
            (true, _) => "a replica, which is only read",
            (false, true) => "may be written",
            (false, false) => "may only be read",
        };
        let holders = match self.holders.as_slice() {
            [] => "nobody holds an app".to_owned(),
            [one] => format!("app {} is held by {}", one.owner, one.holder),
            [first, rest @ ..] => format!(
                "app {} is held by {}, and {} more are held",
                first.owner,
                first.holder,
                rest.len()
            ),
        };
        format!(
            "; PostgreSQL {}, {tls}, {rights}; a lock ends with its session, a fence with its holder; {holders}",
            self.version
        )
    }

    /// The same as fields.
    pub fn details(&self) -> serde_json::Value {
        serde_json::json!({
            "version": self.version, "tls": self.tls, "may_write": self.writes, "replica": self.replica,
            "held": self.holders.len(),
        })
    }
}

/// A key that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldKey {
    /// The Graph host.
    pub host: String,
    /// The Tech Provider's app.
    pub owner: String,
    /// Our app.
    pub partner: String,
    /// The solution's name, with `--allow-duplicate` only.
    pub name: String,
    /// Who.
    pub holder: super::claims::Holder,
    /// The session's process in the server.
    pub pid: i32,
}

/// Answers questions about a journal that exists.
#[derive(Clone)]
pub(in super::super) struct DatabaseReader {
    asker: Asker,
}

impl std::fmt::Debug for DatabaseReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DatabaseReader({})", self.asker.address)
    }
}

impl DatabaseReader {
    /// The reader of a database, if there is a journal in it.
    pub(in super::super) fn open(address: &DatabaseAddress) -> Result<Option<Self>, DatabaseError> {
        let own = address.clone();
        let opened = session::wait(async move {
            let client = session::connect(&own, session::Use::Reads).await?;
            if schema::version(&own, &client).await? == 0 {
                return Ok(None);
            }
            let client = Arc::new(client);
            let asker = Asker {
                client,
                address: own,
            };
            Ok(Some(Self { asker }))
        });
        opened.unwrap_or_else(|| Err(DatabaseError::closed(address)))
    }

    /// Where it is.
    pub(in super::super) fn address(&self) -> &DatabaseAddress {
        &self.asker.address
    }

    fn ask<T, A>(&self, question: impl FnOnce(Asker) -> A) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        A: Future<Output = Result<T, DatabaseError>> + Send + 'static,
    {
        session::wait(question(self.asker.clone()))
            .unwrap_or_else(|| Err(DatabaseError::closed(&self.asker.address)))
    }

    pub(in super::super) fn select(
        &self,
        which: EntryFilter,
    ) -> Result<Vec<(String, Entry)>, DatabaseError> {
        self.ask(|asker| async move { asker.select(&which).await })
    }

    pub(in super::super) fn page(
        &self,
        filter: &HistoryFilter,
        before: i64,
        rows: usize,
    ) -> Result<Vec<HistoryRecord>, DatabaseError> {
        let filter = filter.clone();
        self.ask(move |asker| async move { asker.page(&filter, before, rows).await })
    }

    pub(in super::super) fn verify(
        &self,
        from: Option<&ChainHash>,
        at_once: usize,
    ) -> Result<Result<ChainEnd, ChainFault>, DatabaseError> {
        let from = from.cloned();
        self.ask(move |asker| async move { asker.verify(from, at_once).await })
    }

    /// The solutions whose ids begin so, each with its name, by id.
    pub(in super::super) fn solutions(
        &self,
        beginning: &str,
    ) -> Result<Vec<(SolutionId, String)>, DatabaseError> {
        const SQL: &str = "SELECT solution_id, solution_name FROM mps.entries
            WHERE solution_id >= $1::text AND solution_id < $1::text || ':' ORDER BY solution_id";
        let values = vec![rows::text(beginning)];
        self.ask(|asker| async move {
            let read = |row: &Row| {
                Ok((
                    rows::parsed(row, "solution_id")?,
                    rows::owned(row, "solution_name")?,
                ))
            };
            asker.rows(SQL, &values, read).await
        })
    }

    pub(in super::super) fn statuses(
        &self,
        scope: InvitationScope,
    ) -> Result<Vec<InvitationStatus>, DatabaseError> {
        self.ask(|asker| async move { asker.statuses(&scope, Timestamp::now()).await })
    }

    /// The apps of a label: what its invitation expects, then those of its rows.
    pub(in super::super) fn apps_of(&self, label: &LinkLabel) -> Result<Vec<AppId>, DatabaseError> {
        const ROWS: &str = "SELECT DISTINCT owner AS app_id FROM mps.entries WHERE link_label = $1::text ORDER BY owner";
        let label = vec![rows::text(label.as_str())];
        self.ask(|asker| async move {
            let read = |row: &Row| rows::parsed(row, "app_id");
            let mut apps = asker.rows(invitations::EXPECTED, &label, read).await?;
            for app in asker.rows(ROWS, &label, read).await? {
                if !apps.contains(&app) {
                    apps.push(app);
                }
            }
            Ok(apps)
        })
    }

    pub(in super::super) fn solutions_of_run(
        &self,
        host: &str,
        run_id: &str,
    ) -> Result<Vec<SolutionId>, DatabaseError> {
        let values = vec![rows::text(run_id), rows::text(host)];
        self.ask(|asker| async move {
            let read = |row: &Row| rows::parsed(row, "solution_id");
            asker.rows(events::OF_RUN, &values, read).await
        })
    }

    /// Writes the journal as lines.
    pub(in super::super) fn dump(&self, file: std::fs::File) -> Result<CarryHead, DatabaseError> {
        self.ask(|asker| carry::dump(asker.address, asker.client, file))
    }

    /// Who holds keys now.
    pub(in super::super) fn holders(&self) -> Result<Vec<HeldKey>, DatabaseError> {
        self.ask(|asker| async move { asker.holders().await })
    }

    pub(in super::super) fn health(&self) -> Result<DatabaseHealth, DatabaseError> {
        self.ask(|asker| async move { asker.health().await })
    }
}

impl Asker {
    async fn holders(&self) -> Result<Vec<HeldKey>, DatabaseError> {
        let sql = format!(
            "SELECT c.host, c.owner, c.partner, c.name, c.operator, c.machine, c.run_id, {} AS since, l.pid
                FROM pg_locks AS l JOIN mps.claims AS c
                    ON c.lock = (l.classid::bigint << 32) | l.objid::bigint
                WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                ORDER BY c.since, c.owner",
            super::claims::MICROS
        );
        let read = |row: &Row| {
            let since: i64 = row.try_get("since").unwrap_or_default();
            Ok(HeldKey {
                host: rows::owned(row, "host")?,
                owner: rows::owned(row, "owner")?,
                partner: rows::owned(row, "partner")?,
                name: rows::owned(row, "name")?,
                holder: super::claims::Holder {
                    operator: rows::owned(row, "operator")?,
                    machine: rows::owned(row, "machine")?,
                    run_id: rows::owned(row, "run_id")?,
                    since: Timestamp::from_microsecond(since).unwrap_or_default(),
                },
                pid: row.try_get("pid").unwrap_or_default(),
            })
        };
        self.rows(&sql, &[], read).await
    }

    async fn health(&self) -> Result<DatabaseHealth, DatabaseError> {
        const SQL: &str = "SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS replica,
            coalesce((SELECT version || ', ' || cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl), '') AS tls,
            has_table_privilege('mps.entries', 'INSERT') AND has_table_privilege('mps.entries', 'UPDATE')
                AND has_table_privilege('mps.entries', 'DELETE') AND has_table_privilege('mps.events', 'INSERT')
                AND has_table_privilege('mps.chain', 'UPDATE') AND has_table_privilege('mps.claims', 'INSERT')
                AND has_table_privilege('mps.claims', 'UPDATE') AND has_table_privilege('mps.invitations', 'INSERT')
                AS writes,
            (SELECT count(*) FROM mps.events) AS events, pg_database_size(current_database()) AS bytes";
        let read = |row: &Row| {
            let number = |name: &str| row.try_get::<_, i64>(name).unwrap_or_default();
            Ok(DatabaseHealth {
                version: rows::owned(row, "version")?,
                tls: rows::owned(row, "tls")?,
                writes: row.try_get("writes").unwrap_or_default(),
                replica: row.try_get("replica").unwrap_or_default(),
                holders: Vec::new(),
                events: u32::try_from(number("events")).unwrap_or(u32::MAX),
                bytes: u64::try_from(number("bytes")).unwrap_or_default(),
            })
        };
        let found = self.rows(SQL, &[], read).await?;
        let mut health = found.into_iter().next().unwrap_or_default();
        health.holders = self.holders().await?;
        Ok(health)
    }
}
