//! What came in by webhooks, kept until it is delivered.
//!
//! The one decision: a double is known by what the store holds and not by what a process remembers, so a restart tells
//! nothing twice and forgets nothing. A body that is to be sent on stays as it came, since its signature is over its bytes;
//! everything else passes the redactor as all texts of the journal do.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, named_params};

use super::{
    Error, Journal, JournalStore,
    query::{maybe, time},
    webhook::{self, DueForward, ForwardedPost, HeardChange, KeptChange, PostKind, WebhookScope},
};
use crate::ids::AppId;

/// How long what was delivered is kept: for `replay`, and longer than Meta sends anything again.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The webhooks of one app of ours at one host. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Webhooks {
    journal: Journal,
    scope: WebhookScope,
}

impl Webhooks {
    /// Those at the journal's own host.
    pub fn of(journal: Journal, partner: AppId) -> Self {
        let host = journal.inner.who.host.clone();
        let scope = WebhookScope { host, partner };
        Self { journal, scope }
    }

    /// Keeps what came, all of it or nothing; durable when it returns. Doubles are passed over.
    pub async fn take(
        &self,
        mut changes: Vec<HeardChange>,
        forward: Option<ForwardedPost>,
    ) -> Result<(), Error> {
        for change in &mut changes {
            let redactor = &self.journal.inner.redactor;
            change.change = redactor.clean(&change.change).into_owned();
        }
        match self.store() {
            JournalStore::File(file) => {
                let (scope, now) = (self.scope.clone(), Timestamp::now());
                let write = move |conn: &Connection| {
                    webhook::take(conn, &scope, &changes, forward.as_ref(), now)
                };
                file.writer.write(Box::new(write)).await
            }
            JournalStore::Database(database) => Ok(database
                .take_webhooks(&self.scope, &changes, forward.as_ref())
                .await?),
        }
    }

    /// Those that are not delivered, after that number, so many at most.
    pub async fn undelivered(&self, after: i64, most: u32) -> Result<Vec<KeptChange>, Error> {
        self.select(after, most, None, true).await
    }

    /// Those that came since then, delivered or not, after that number.
    pub async fn since(
        &self,
        since: Timestamp,
        after: i64,
        most: u32,
    ) -> Result<Vec<KeptChange>, Error> {
        self.select(after, most, Some(since), false).await
    }

    /// Those after that number, delivered or not.
    pub async fn after(&self, after: i64, most: u32) -> Result<Vec<KeptChange>, Error> {
        self.select(after, most, None, false).await
    }

    async fn select(
        &self,
        after: i64,
        most: u32,
        since: Option<Timestamp>,
        undelivered: bool,
    ) -> Result<Vec<KeptChange>, Error> {
        match self.store() {
            JournalStore::File(file) => {
                let scope = self.scope.clone();
                let read = move |conn: &Connection| {
                    webhook::select(conn, &scope, (after, most), since, undelivered)
                };
                file.writer.read(read).await
            }
            JournalStore::Database(database) => Ok(database
                .webhooks(&self.scope, (after, most), since, undelivered)
                .await?),
        }
    }

    /// The greatest number, 0 where nothing came yet.
    pub async fn newest(&self) -> Result<i64, Error> {
        const SQL: &str = "SELECT coalesce(max(id), 0) FROM webhooks";
        match self.store() {
            JournalStore::File(file) => {
                let read = |conn: &Connection| conn.query_row(SQL, [], |row| row.get(0));
                file.writer.read(read).await
            }
            JournalStore::Database(database) => Ok(database.newest_webhook().await?),
        }
    }

    /// Writes down that a change was delivered.
    pub async fn delivered(&self, id: i64) -> Result<(), Error> {
        const SQL: &str =
            "UPDATE webhooks SET delivered_at = ? WHERE id = ? AND delivered_at IS NULL";
        match self.store() {
            JournalStore::File(file) => {
                let now = time(Timestamp::now());
                let write = move |conn: &Connection| {
                    conn.prepare_cached(SQL)?.execute((&now, id)).map(drop)
                };
                file.writer.write(Box::new(write)).await
            }
            JournalStore::Database(database) => Ok(database.webhook_delivered(id).await?),
        }
    }

    /// What time it is by the store.
    pub fn now(&self) -> Timestamp {
        self.journal.now()
    }

    /// What of this kind is to be posted by now, the oldest first.
    pub async fn due(
        &self,
        kind: PostKind,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<DueForward>, Error> {
        match self.store() {
            JournalStore::File(file) => {
                let scope = self.scope.clone();
                let read = move |conn: &Connection| webhook::due(conn, &scope, (kind, now), most);
                file.writer.read(read).await
            }
            JournalStore::Database(database) => Ok(database
                .due_forwards(&self.scope, (kind, now), most)
                .await?),
        }
    }

    /// When the next one of this kind is to be posted.
    pub async fn next_due(&self, kind: PostKind) -> Result<Option<Timestamp>, Error> {
        const SQL: &str = "SELECT min(next_at) AS next_at FROM forwards
            WHERE host = ? AND partner = ? AND kind = ? AND next_at IS NOT NULL";
        match self.store() {
            JournalStore::File(file) => {
                let scope = self.scope.clone();
                let read = move |conn: &Connection| {
                    let values = [&scope.host, scope.partner.as_str(), kind.as_str()];
                    conn.prepare_cached(SQL)?
                        .query_row(values, |row| maybe(row, "next_at"))
                };
                file.writer.read(read).await
            }
            JournalStore::Database(database) => {
                Ok(database.next_forward(&self.scope, kind).await?)
            }
        }
    }

    /// Writes down that one was tried, so often by now: it is tried again then, or never.
    pub async fn tried(
        &self,
        forward: &DueForward,
        next_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        const SQL: &str = "UPDATE forwards SET tries = :tries, next_at = :next_at,
            body = iif(:next_at IS NULL, x'', body) WHERE id = :id";
        let (id, tries) = (forward.id, forward.tries.saturating_add(1));
        match self.store() {
            JournalStore::File(file) => {
                let write = move |conn: &Connection| {
                    let values = named_params! {
                        ":next_at": next_at.map(time), ":tries": tries, ":id": id,
                    };
                    conn.prepare_cached(SQL)?.execute(values).map(drop)
                };
                file.writer.write(Box::new(write)).await
            }
            JournalStore::Database(database) => {
                Ok(database.forward_tried((id, tries), next_at).await?)
            }
        }
    }

    /// Lets go of what was delivered long ago.
    pub async fn tidy(&self) -> Result<(), Error> {
        let before = Timestamp::now().checked_sub(KEPT).unwrap_or(Timestamp::MIN);
        match self.store() {
            JournalStore::File(file) => {
                let write = move |conn: &Connection| webhook::tidy(conn, &time(before));
                file.writer.write(Box::new(write)).await
            }
            JournalStore::Database(database) => Ok(database.tidy_webhooks(before).await?),
        }
    }

    fn store(&self) -> &JournalStore {
        &self.journal.inner.store
    }
}
