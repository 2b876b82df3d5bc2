//! The database for those who only look.
//!
//! The one decision: a reader has one session, is content with a replica, and makes nothing.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio_postgres::Row;

use super::{
    super::{
        ChainEnd, ChainFault, ChainHash, Entry, HistoryFilter, HistoryRecord, LinkLabel,
        carry::CarryHead, entry::EntryFilter, invitation::InvitationScope,
        invitation_status::InvitationStatus,
    },
    address::DatabaseAddress,
    carry, claims,
    error::DatabaseError,
    events,
    health::{self, DatabaseHealth, HeldKey},
    invitations,
    question::DatabaseQuestions,
    rows, schema, session,
};
use crate::ids::{AppId, SolutionId};

/// Answers questions about a journal that exists.
#[derive(Clone)]
pub(in super::super) struct DatabaseReader {
    asker: DatabaseQuestions,
    /// How far the database's clock is ahead of ours.
    ahead: SignedDuration,
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
            let there = claims::clock(&client)
                .await
                .map_err(|error| DatabaseError::of(&own, "could not open the journal", &error))?;
            let ahead = there.duration_since(Timestamp::now());
            let client = Arc::new(client);
            let asker = DatabaseQuestions {
                client,
                address: own,
            };
            Ok(Some(Self { asker, ahead }))
        });
        opened.unwrap_or_else(|| Err(DatabaseError::closed(address)))
    }

    /// What time it is by the database, for all machines the same.
    pub(in super::super) fn now(&self) -> Timestamp {
        let here = Timestamp::now();
        here.checked_add(self.ahead).unwrap_or(here)
    }

    /// Where it is.
    pub(in super::super) fn address(&self) -> &DatabaseAddress {
        &self.asker.address
    }

    pub(super) fn ask<T, A>(
        &self,
        question: impl FnOnce(DatabaseQuestions) -> A,
    ) -> Result<T, DatabaseError>
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
        let now = self.now();
        self.ask(move |asker| async move { asker.statuses(&scope, now).await })
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
        self.ask(|asker| async move { health::holders(&asker).await })
    }

    pub(in super::super) fn health(&self) -> Result<DatabaseHealth, DatabaseError> {
        self.ask(|asker| async move { health::health(&asker).await })
    }
}
