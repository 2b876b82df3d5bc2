//! One webhook as SQLite keeps it: what came, and whether it was delivered; and what is to be posted somewhere.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::{
    query::{maybe, parsed, time},
    stored_enum::words,
};
use crate::ids::{AppId, SolutionId};

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

words! {
    /// What is to be posted somewhere.
    enum PostKind {
        /// A whole webhook, sent on as it came.
        Webhook = "webhook",
        /// What a watch tells of an app.
        Notice = "notice",
    }
}

/// What is to be posted somewhere, and kept until then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardedPost {
    /// What.
    pub kind: PostKind,
    /// What its doubles share: a hash of a webhook's body, the id of a notice.
    pub identity: String,
    /// As it came, or as it is told.
    pub body: Vec<u8>,
    /// The value of a webhook's signature header; a notice is signed when it leaves.
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

pub(super) fn tidy(conn: &Connection, before: &str) -> rusqlite::Result<()> {
    const WEBHOOKS: &str = "DELETE FROM webhooks WHERE delivered_at < ? AND came_at < ?";
    const FORWARDS: &str = "DELETE FROM forwards WHERE next_at IS NULL AND came_at < ?";
    conn.execute(WEBHOOKS, [before, before])?;
    conn.execute(FORWARDS, [before]).map(drop)
}

pub(super) fn take(
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
        INSERT INTO forwards (host, partner, identity, came_at, body, signature, next_at, kind)
            VALUES (:host, :partner, :identity, :came_at, :body, :signature, :came_at, :kind)
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
            ":body": post.body, ":signature": post.signature, ":kind": post.kind.as_str(),
        })?;
    }
    Ok(())
}

pub(super) fn select(
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

pub(super) fn due(
    conn: &Connection,
    scope: &WebhookScope,
    (kind, now): (PostKind, Timestamp),
    most: u32,
) -> rusqlite::Result<Vec<DueForward>> {
    const SQL: &str = "
        SELECT * FROM forwards WHERE host = :host AND partner = :partner AND kind = :kind AND next_at <= :now
            ORDER BY id LIMIT :most";
    let values = named_params! {
        ":host": scope.host, ":partner": scope.partner.as_str(), ":now": time(now), ":most": most,
        ":kind": kind.as_str(),
    };
    let one = |row: &Row<'_>| {
        Ok(DueForward {
            id: row.get("id")?,
            tries: row.get("tries")?,
            post: ForwardedPost {
                kind,
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
