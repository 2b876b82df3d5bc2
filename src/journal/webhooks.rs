//! What came in by webhooks, kept until it is delivered.
//!
//! The one decision: a double is known by what the store holds and not by what a process remembers, so a restart tells
//! nothing twice and forgets nothing. A body that is to be sent on stays as it came, since its signature is over its bytes;
//! everything else passes the redactor as all texts of the journal do.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::{
    Error, Journal, Store,
    query::{maybe, parsed, time},
};
use crate::ids::{AppId, SolutionId};

/// How long what was delivered is kept: for `replay`, and longer than Meta sends anything again.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A change as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardChange {
    /// What its doubles share and nothing else has.
    pub identity: String,
    /// The change, JSON.
    pub change: String,
    /// The solution that it names.
    pub solution_id: Option<SolutionId>,
}

/// A change of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptChange {
    /// Its number, greater than that of any that came before it.
    pub id: i64,
    /// When it came.
    pub came_at: Timestamp,
    /// The change.
    pub heard: HeardChange,
}

/// A whole webhook that is to be sent on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardedPost {
    /// A hash of its body.
    pub identity: String,
    /// As it came.
    pub body: Vec<u8>,
    /// The value of its signature's header.
    pub signature: String,
}

/// One that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueForward {
    /// Its number.
    pub id: i64,
    /// How often it was tried.
    pub tries: u32,
    /// What is to be sent.
    pub post: ForwardedPost,
}

/// Whose webhooks.
#[derive(Debug, Clone)]
pub(super) struct WebhookScope {
    pub(super) host: String,
    pub(super) partner: AppId,
}

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
            Store::File(file) => {
                let (scope, now) = (self.scope.clone(), Timestamp::now());
                let write =
                    move |conn: &Connection| take(conn, &scope, &changes, forward.as_ref(), now);
                file.writer.write(Box::new(write)).await
            }
            Store::Database(database) => Ok(database
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
            Store::File(file) => {
                let scope = self.scope.clone();
                let read = move |conn: &Connection| {
                    select(conn, &scope, (after, most), since, undelivered)
                };
                file.writer.read(read).await
            }
            Store::Database(database) => Ok(database
                .webhooks(&self.scope, (after, most), since, undelivered)
                .await?),
        }
    }

    /// The greatest number, 0 where nothing came yet.
    pub async fn newest(&self) -> Result<i64, Error> {
        const SQL: &str = "SELECT coalesce(max(id), 0) FROM webhooks";
        match self.store() {
            Store::File(file) => {
                let read = |conn: &Connection| conn.query_row(SQL, [], |row| row.get(0));
                file.writer.read(read).await
            }
            Store::Database(database) => Ok(database.newest_webhook().await?),
        }
    }

    /// Writes down that a change was delivered.
    pub async fn delivered(&self, id: i64) -> Result<(), Error> {
        const SQL: &str =
            "UPDATE webhooks SET delivered_at = ? WHERE id = ? AND delivered_at IS NULL";
        match self.store() {
            Store::File(file) => {
                let now = time(Timestamp::now());
                let write = move |conn: &Connection| {
                    conn.prepare_cached(SQL)?.execute((&now, id)).map(drop)
                };
                file.writer.write(Box::new(write)).await
            }
            Store::Database(database) => Ok(database.webhook_delivered(id).await?),
        }
    }

    /// What is to be sent on by now, the oldest first.
    pub async fn due(&self, now: Timestamp, most: u32) -> Result<Vec<DueForward>, Error> {
        match self.store() {
            Store::File(file) => {
                let scope = self.scope.clone();
                let read = move |conn: &Connection| due(conn, &scope, now, most);
                file.writer.read(read).await
            }
            Store::Database(database) => Ok(database.due_forwards(&self.scope, now, most).await?),
        }
    }

    /// When the next one is to be sent on.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, Error> {
        const SQL: &str = "SELECT min(next_at) AS next_at FROM forwards
            WHERE host = ? AND partner = ? AND next_at IS NOT NULL";
        match self.store() {
            Store::File(file) => {
                let scope = self.scope.clone();
                let read = move |conn: &Connection| {
                    let values = [&scope.host, scope.partner.as_str()];
                    conn.prepare_cached(SQL)?
                        .query_row(values, |row| maybe(row, "next_at"))
                };
                file.writer.read(read).await
            }
            Store::Database(database) => Ok(database.next_forward(&self.scope).await?),
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
            Store::File(file) => {
                let write = move |conn: &Connection| {
                    let values = named_params! {
                        ":next_at": next_at.map(time), ":tries": tries, ":id": id,
                    };
                    conn.prepare_cached(SQL)?.execute(values).map(drop)
                };
                file.writer.write(Box::new(write)).await
            }
            Store::Database(database) => Ok(database.forward_tried((id, tries), next_at).await?),
        }
    }

    /// Lets go of what was delivered long ago.
    pub async fn tidy(&self) -> Result<(), Error> {
        let before = Timestamp::now().checked_sub(KEPT).unwrap_or(Timestamp::MIN);
        match self.store() {
            Store::File(file) => {
                let write = move |conn: &Connection| tidy(conn, &time(before));
                file.writer.write(Box::new(write)).await
            }
            Store::Database(database) => Ok(database.tidy_webhooks(before).await?),
        }
    }

    fn store(&self) -> &Store {
        &self.journal.inner.store
    }
}

fn tidy(conn: &Connection, before: &str) -> rusqlite::Result<()> {
    const WEBHOOKS: &str = "DELETE FROM webhooks WHERE delivered_at < ? AND came_at < ?";
    const FORWARDS: &str = "DELETE FROM forwards WHERE next_at IS NULL AND came_at < ?";
    conn.execute(WEBHOOKS, [before, before])?;
    conn.execute(FORWARDS, [before]).map(drop)
}

fn take(
    conn: &Connection,
    scope: &WebhookScope,
    changes: &[HeardChange],
    forward: Option<&ForwardedPost>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    const CHANGE: &str = "
        INSERT INTO webhooks (host, partner, identity, came_at, change, solution_id)
            VALUES (:host, :partner, :identity, :came_at, :change, :solution_id)
            ON CONFLICT (host, partner, identity) DO NOTHING";
    const FORWARD: &str = "
        INSERT INTO forwards (host, partner, identity, came_at, body, signature, next_at)
            VALUES (:host, :partner, :identity, :came_at, :body, :signature, :came_at)
            ON CONFLICT (host, partner, identity) DO NOTHING";
    let (partner, now) = (scope.partner.as_str(), time(now));
    for change in changes {
        conn.prepare_cached(CHANGE)?.execute(named_params! {
            ":host": scope.host, ":partner": partner, ":identity": change.identity, ":came_at": now,
            ":change": change.change, ":solution_id": change.solution_id.as_ref().map(SolutionId::as_str),
        })?;
    }
    if let Some(post) = forward {
        conn.prepare_cached(FORWARD)?.execute(named_params! {
            ":host": scope.host, ":partner": partner, ":identity": post.identity, ":came_at": now,
            ":body": post.body, ":signature": post.signature,
        })?;
    }
    Ok(())
}

fn select(
    conn: &Connection,
    scope: &WebhookScope,
    (after, most): (i64, u32),
    since: Option<Timestamp>,
    undelivered: bool,
) -> rusqlite::Result<Vec<KeptChange>> {
    let which = if undelivered {
        "AND delivered_at IS NULL"
    } else {
        ""
    };
    let sql = format!(
        "SELECT * FROM webhooks WHERE host = :host AND partner = :partner AND id > :after {which}
            AND (:since IS NULL OR came_at >= :since) ORDER BY id LIMIT :most"
    );
    let values = named_params! {
        ":host": scope.host, ":partner": scope.partner.as_str(), ":after": after, ":since": since.map(time),
        ":most": most,
    };
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_map(values, change_of)?.collect()
}

fn change_of(row: &Row<'_>) -> rusqlite::Result<KeptChange> {
    Ok(KeptChange {
        id: row.get("id")?,
        came_at: parsed(row, "came_at")?,
        heard: HeardChange {
            identity: row.get("identity")?,
            change: row.get("change")?,
            solution_id: maybe(row, "solution_id")?,
        },
    })
}

fn due(
    conn: &Connection,
    scope: &WebhookScope,
    now: Timestamp,
    most: u32,
) -> rusqlite::Result<Vec<DueForward>> {
    const SQL: &str = "
        SELECT * FROM forwards WHERE host = :host AND partner = :partner AND next_at <= :now ORDER BY id LIMIT :most";
    let values = named_params! {
        ":host": scope.host, ":partner": scope.partner.as_str(), ":now": time(now), ":most": most,
    };
    let one = |row: &Row<'_>| {
        Ok(DueForward {
            id: row.get("id")?,
            tries: row.get("tries")?,
            post: ForwardedPost {
                identity: row.get("identity")?,
                body: row.get("body")?,
                signature: row.get("signature")?,
            },
        })
    };
    conn.prepare_cached(SQL)?.query_map(values, one)?.collect()
}

/// The number of the newest change of a solution after that one, for whoever only reads; none in an older journal.
pub(super) fn newest_of(
    conn: &Connection,
    (host, partner): (&str, &AppId),
    solution: &SolutionId,
) -> rusqlite::Result<Option<i64>> {
    const THERE: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'webhooks')";
    const SQL: &str =
        "SELECT max(id) FROM webhooks WHERE host = ? AND partner = ? AND solution_id = ?";
    if !conn.query_row(THERE, [], |row| row.get(0))? {
        return Ok(None);
    }
    let values = [host, partner.as_str(), solution.as_str()];
    let newest: Option<Option<i64>> = conn
        .prepare_cached(SQL)?
        .query_row(values, |row| row.get(0))
        .optional()?;
    Ok(newest.flatten())
}
