//! How the server is, and who holds what in it.

use jiff::Timestamp;
use tokio_postgres::Row;

use super::{
    claims::{Holder, MICROS},
    error::DatabaseError,
    question::DatabaseQuestions,
    rows,
};

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
    pub holder: Holder,
    /// The session's process in the server.
    pub pid: i32,
}

/// Who holds keys now.
pub(super) async fn holders(asker: &DatabaseQuestions) -> Result<Vec<HeldKey>, DatabaseError> {
    let sql = format!(
            "SELECT c.host, c.owner, c.partner, c.name, c.operator, c.machine, c.run_id, {MICROS} AS since, l.pid
                FROM pg_locks AS l JOIN mps.claims AS c
                    ON c.lock = (l.classid::bigint << 32) | l.objid::bigint
                WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                ORDER BY c.since, c.owner"
        );
    let read = |row: &Row| {
        let since: i64 = row.try_get("since").unwrap_or_default();
        Ok(HeldKey {
            host: rows::owned(row, "host")?,
            owner: rows::owned(row, "owner")?,
            partner: rows::owned(row, "partner")?,
            name: rows::owned(row, "name")?,
            holder: Holder {
                operator: rows::owned(row, "operator")?,
                machine: rows::owned(row, "machine")?,
                run_id: rows::owned(row, "run_id")?,
                since: Timestamp::from_microsecond(since).unwrap_or_default(),
            },
            pid: row.try_get("pid").unwrap_or_default(),
        })
    };
    asker.rows(&sql, &[], read).await
}

/// How the server and the journal are.
pub(super) async fn health(asker: &DatabaseQuestions) -> Result<DatabaseHealth, DatabaseError> {
    const SQL: &str = "SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS replica,
            coalesce((SELECT version || ', ' || cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl), '') AS tls,
            has_table_privilege('mps.entries', 'INSERT') AND has_table_privilege('mps.entries', 'UPDATE')
                AND has_table_privilege('mps.entries', 'DELETE') AND has_table_privilege('mps.events', 'INSERT')
                AND has_table_privilege('mps.chain', 'UPDATE') AND has_table_privilege('mps.claims', 'INSERT')
                AND has_table_privilege('mps.claims', 'UPDATE') AND has_table_privilege('mps.invitations', 'INSERT')
                AND coalesce(has_table_privilege(to_regclass('mps.webhooks'), 'INSERT'), true)
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
    let found = asker.rows(SQL, &[], read).await?;
    let mut health = found.into_iter().next().unwrap_or_default();
    health.holders = holders(asker).await?;
    Ok(health)
}
