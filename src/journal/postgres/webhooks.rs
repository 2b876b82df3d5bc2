//! The webhooks in the database.
//!
//! The one decision: who keeps one waits until the others have committed theirs, so that numbers grow in the order in which
//! they are seen, and whoever reads on from a number misses none.

use jiff::Timestamp;
use tokio_postgres::Row;

use super::{
    super::{
        query::time,
        webhook::{DueForward, ForwardedPost, HeardChange, KeptChange, PostKind, WebhookScope},
    },
    Database,
    commit::{BoundStatement, Write},
    error::DatabaseError,
    question::DatabaseQuestions,
    reader::DatabaseReader,
    rows::{UnreadableRow, maybe, maybe_text, owned, parsed, text},
};
use crate::ids::{AppId, SolutionId};

const ALONE: &str = "SELECT pg_advisory_xact_lock(hashtextextended('webhooks', 77))";
const TAKE: &str = "
    INSERT INTO mps.webhooks (host, partner, identity, came_at, change, solution_id)
        VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text)
        ON CONFLICT (host, partner, identity) DO NOTHING";
const FORWARD: &str = "
    INSERT INTO mps.forwards (host, partner, identity, came_at, next_at, body, signature, kind)
        VALUES ($1::text, $2::text, $3::text, $4::text, $4::text, decode($5::text, 'hex'), $6::text, $7::text)
        ON CONFLICT (host, partner, identity) DO NOTHING";
const SELECT: &str = "
    SELECT id::text AS id, identity, came_at, change, solution_id FROM mps.webhooks
        WHERE host = $1::text AND partner = $2::text AND id > $3::text::bigint AND ($4::text IS NULL OR came_at >= $4::text)
            AND ($5::text IS NULL OR delivered_at IS NULL) ORDER BY id LIMIT $6::text::bigint";
const DUE: &str = "
    SELECT id::text AS id, tries::text AS tries, identity, encode(body, 'hex') AS body, signature FROM mps.forwards
        WHERE host = $1::text AND partner = $2::text AND kind = $3::text AND next_at <= $4::text
        ORDER BY id LIMIT $5::text::bigint";

fn scope_values(scope: &WebhookScope) -> Vec<Option<String>> {
    vec![text(&*scope.host), text(scope.partner.as_str())]
}

impl Database {
    pub(in super::super) async fn take_webhooks(
        &self,
        scope: &WebhookScope,
        changes: &[HeardChange],
        forward: Option<&ForwardedPost>,
    ) -> Result<(), DatabaseError> {
        let now = time(self.now());
        let mut statements: Vec<BoundStatement> = vec![(ALONE, Vec::new())];
        for change in changes {
            let mut values = scope_values(scope);
            values.extend([
                text(&*change.identity),
                text(&*now),
                text(&*change.change),
                maybe_text(change.solution_id.as_ref().map(SolutionId::as_str)),
            ]);
            statements.push((TAKE, values));
        }
        if let Some(post) = forward {
            let mut values = scope_values(scope);
            let body = post.body.iter().fold(String::new(), |mut text, byte| {
                text += &format!("{byte:02x}");
                text
            });
            values.extend([
                text(&*post.identity),
                text(&*now),
                Some(body),
                text(&*post.signature),
                text(post.kind.as_str()),
            ]);
            statements.push((FORWARD, values));
        }
        self.queue.commit(Write::Webhooks(statements)).await
    }

    pub(in super::super) async fn webhooks(
        &self,
        scope: &WebhookScope,
        (after, most): (i64, u32),
        since: Option<Timestamp>,
        undelivered: bool,
    ) -> Result<Vec<KeptChange>, DatabaseError> {
        let mut values = scope_values(scope);
        values.extend([
            text(after.to_string()),
            since.map(time),
            undelivered.then(|| "undelivered".to_owned()),
            text(most.to_string()),
        ]);
        self.ask(move |asker: DatabaseQuestions| async move {
            asker.rows(SELECT, &values, change).await
        })
        .await
    }

    pub(in super::super) async fn newest_webhook(&self) -> Result<i64, DatabaseError> {
        const SQL: &str = "SELECT coalesce(max(id), 0) FROM mps.webhooks";
        let newest = self
            .ask(move |asker: DatabaseQuestions| async move { asker.number(SQL, &[]).await })
            .await?;
        Ok(newest.unwrap_or_default())
    }

    pub(in super::super) async fn webhook_delivered(&self, id: i64) -> Result<(), DatabaseError> {
        const SQL: &str = "UPDATE mps.webhooks SET delivered_at = $1::text
            WHERE id = $2::text::bigint AND delivered_at IS NULL";
        let values = vec![Some(time(self.now())), text(id.to_string())];
        self.queue
            .commit(Write::Webhooks(vec![(SQL, values)]))
            .await
    }

    pub(in super::super) async fn due_forwards(
        &self,
        scope: &WebhookScope,
        (kind, now): (PostKind, Timestamp),
        most: u32,
    ) -> Result<Vec<DueForward>, DatabaseError> {
        let mut values = scope_values(scope);
        values.extend([text(kind.as_str()), Some(time(now)), text(most.to_string())]);
        let due = move |row: &Row| due(row, kind);
        self.ask(move |asker: DatabaseQuestions| async move { asker.rows(DUE, &values, due).await })
            .await
    }

    pub(in super::super) async fn next_forward(
        &self,
        scope: &WebhookScope,
        kind: PostKind,
    ) -> Result<Option<Timestamp>, DatabaseError> {
        const SQL: &str = "SELECT min(next_at) AS next_at FROM mps.forwards
            WHERE host = $1::text AND partner = $2::text AND kind = $3::text AND next_at IS NOT NULL";
        let mut values = scope_values(scope);
        values.push(text(kind.as_str()));
        let read = |row: &Row| maybe(row, "next_at");
        let found = self
            .ask(
                move |asker: DatabaseQuestions| async move { asker.rows(SQL, &values, read).await },
            )
            .await?;
        Ok(found.into_iter().next().flatten())
    }

    pub(in super::super) async fn forward_tried(
        &self,
        (id, tries): (i64, u32),
        next_at: Option<Timestamp>,
    ) -> Result<(), DatabaseError> {
        const SQL: &str = "UPDATE mps.forwards SET tries = $2::text::integer, next_at = $3::text,
            body = CASE WHEN $3::text IS NULL THEN ''::bytea ELSE body END WHERE id = $1::text::bigint";
        let values = vec![
            text(id.to_string()),
            text(tries.to_string()),
            next_at.map(time),
        ];
        self.queue
            .commit(Write::Webhooks(vec![(SQL, values)]))
            .await
    }

    pub(in super::super) async fn tidy_webhooks(
        &self,
        before: Timestamp,
    ) -> Result<(), DatabaseError> {
        const WEBHOOKS: &str =
            "DELETE FROM mps.webhooks WHERE delivered_at < $1::text AND came_at < $1::text";
        const FORWARDS: &str =
            "DELETE FROM mps.forwards WHERE next_at IS NULL AND came_at < $1::text";
        let values = vec![Some(time(before))];
        let both = vec![(WEBHOOKS, values.clone()), (FORWARDS, values)];
        self.queue.commit(Write::Webhooks(both)).await
    }
}

impl DatabaseReader {
    /// The number of the newest change of a solution; none in an older journal.
    pub(in super::super) fn newest_webhook(
        &self,
        host: &str,
        partner: &AppId,
        solution: &SolutionId,
    ) -> Result<Option<i64>, DatabaseError> {
        const THERE: &str = "SELECT 1::bigint WHERE to_regclass('mps.webhooks') IS NOT NULL";
        const SQL: &str = "SELECT max(id) FROM mps.webhooks
            WHERE host = $1::text AND partner = $2::text AND solution_id = $3::text";
        let values = vec![text(host), text(partner.as_str()), text(solution.as_str())];
        self.ask(move |asker| async move {
            match asker.number(THERE, &[]).await? {
                Some(_) => asker.number(SQL, &values).await,
                None => Ok(None),
            }
        })
    }
}

fn change(row: &Row) -> Result<KeptChange, UnreadableRow> {
    Ok(KeptChange {
        id: parsed(row, "id")?,
        came_at: parsed(row, "came_at")?,
        heard: HeardChange {
            identity: owned(row, "identity")?,
            change: owned(row, "change")?,
            solution_id: maybe(row, "solution_id")?,
        },
    })
}

fn due(row: &Row, kind: PostKind) -> Result<DueForward, UnreadableRow> {
    let body = owned(row, "body")?;
    let byte = |at: usize| u8::from_str_radix(body.get(at..at + 2)?, 16).ok();
    Ok(DueForward {
        id: parsed(row, "id")?,
        tries: parsed(row, "tries")?,
        post: ForwardedPost {
            kind,
            identity: owned(row, "identity")?,
            body: (0..body.len()).step_by(2).filter_map(byte).collect(),
            signature: owned(row, "signature")?,
        },
    })
}
