//! The questions to the database, for those who only look and for those who write.

use std::sync::Arc;

use jiff::Timestamp;
use tokio_postgres::{Client, Row};

use super::{
    super::{
        ChainEnd, ChainFault, ChainHash, Entry, HistoryFilter, HistoryRecord,
        chain::ChainWalk,
        entry::EntryFilter,
        invitation::{Invitation, InvitationScope},
        invitation_status::{self, InvitationStatus},
        older,
    },
    address::DatabaseAddress,
    error::{DatabaseError, DatabaseTrouble},
    events, invitations,
    rows::{self, UnreadableRow, params},
};
const DOING: &str = "could not read the journal";

/// Who asks.
#[derive(Clone)]
pub(super) struct DatabaseQuestions {
    pub(super) client: Arc<Client>,
    pub(super) address: DatabaseAddress,
}

/// A question that is asked on the runtime of journals.
pub(super) trait AsyncFnOnceOf<T>: Send + 'static {
    fn ask(self, asker: DatabaseQuestions)
    -> impl Future<Output = Result<T, DatabaseError>> + Send;
}

impl<T, F, A> AsyncFnOnceOf<T> for F
where
    F: FnOnce(DatabaseQuestions) -> A + Send + 'static,
    A: Future<Output = Result<T, DatabaseError>> + Send,
{
    fn ask(
        self,
        asker: DatabaseQuestions,
    ) -> impl Future<Output = Result<T, DatabaseError>> + Send {
        self(asker)
    }
}

impl DatabaseQuestions {
    /// What a question finds, each row read.
    pub(super) async fn rows<T>(
        &self,
        sql: &str,
        values: &[Option<String>],
        read: impl Fn(&Row) -> Result<T, UnreadableRow>,
    ) -> Result<Vec<T>, DatabaseError> {
        let rows = self.client.query(sql, &params(values)).await;
        let rows = rows.map_err(|error| DatabaseError::of(&self.address, DOING, &error))?;
        rows.iter()
            .map(|row| {
                read(row).map_err(|error| {
                    let trouble = DatabaseTrouble::Corrupt(error.to_string());
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

    /// One invitation.
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

    /// Every invitation and how far it is.
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

    /// The newest events that fit.
    pub(super) async fn page(
        &self,
        filter: &HistoryFilter,
        before: i64,
        rows: usize,
    ) -> Result<Vec<HistoryRecord>, DatabaseError> {
        let values = events::page_values(filter, before);
        self.rows(&events::page(filter, rows), &values, events::read)
            .await
    }

    pub(super) async fn number(
        &self,
        sql: &str,
        values: &[Option<String>],
    ) -> Result<Option<i64>, DatabaseError> {
        let found = self
            .rows(sql, values, |row| Ok(row.try_get::<_, i64>(0).ok()))
            .await?;
        Ok(found.into_iter().next().flatten())
    }

    /// Checks the chain of hashes.
    pub(super) async fn verify(
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
