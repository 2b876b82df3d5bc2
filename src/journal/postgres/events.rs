//! The events in the database, and the end of their chain of hashes.
//!
//! The one decision: numbers and hashes are given by who appends, while they hold the end of the chain; that is the last
//! thing before the commit, so that others wait for it shortly.

use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::Row;

use super::{
    super::{
        HistoryFilter, RunIdentity, chain,
        event::{self, HistoryEvent, HistoryRecord},
        query::time,
    },
    rows::{UnreadableRow, column, from_json, json, maybe, maybe_text, owned, parsed, text},
};
use crate::ids::{AppId, SolutionId, UserId};

/// Takes the end of the chain.
pub(super) const TAKE_END: &str = "SELECT last_id, last_hash FROM mps.chain FOR UPDATE";

/// Moves it.
pub(super) const MOVE_END: &str =
    "UPDATE mps.chain SET last_id = $1::text::bigint, last_hash = $2::text";

/// Moves it from where this process left it; where somebody else moved it since, it fails, and the commit with it.
pub(super) const MOVE_END_OR_FAIL: &str = "
    WITH moved AS (UPDATE mps.chain SET last_id = $1::text::bigint, last_hash = $2::text
        WHERE last_id = $3::text::bigint AND last_hash = $4::text RETURNING 1)
    SELECT 1 / count(*)::integer FROM moved";

/// Appends an event: its number, the columns of the chain, its hash.
pub(super) fn append() -> String {
    let texts = (2..=22).map(|at| format!("${at}::text"));
    format!(
        "INSERT INTO mps.events ({}, hash) VALUES ($1::text::bigint, {})",
        chain::COLUMNS,
        texts.collect::<Vec<_>>().join(", ")
    )
}

/// The end of a chain.
#[derive(Debug, Clone)]
pub(super) struct ChainTail {
    pub(super) id: i64,
    pub(super) hash: String,
}

impl ChainTail {
    /// The values of [`append`] for an event that comes next; the end is then that event.
    pub(super) fn next(
        &mut self,
        event: &HistoryEvent,
        who: &RunIdentity,
        at: Timestamp,
    ) -> Vec<Option<String>> {
        self.id += 1;
        let mut values = vec![
            Some(self.id.to_string()),
            text(time(at)),
            text(&*who.run_id),
            text(&*who.operator),
            text(&*who.version),
            text(&*who.profile),
            text(&*who.host),
            text(event.call.as_str()),
            maybe_text(event.owner.as_ref().map(AppId::as_str)),
            maybe_text(event.partner.as_ref().map(AppId::as_str)),
            maybe_text(event.solution_id.as_ref().map(SolutionId::as_str)),
            maybe_text(event.solution_name.as_deref()),
            event.permissions_sent.as_ref().and_then(json),
            event.permissions_read.as_ref().and_then(json),
            maybe_text(event.user_id.as_ref().map(UserId::as_str)),
            maybe_text(event.system_user_id.as_ref().map(UserId::as_str)),
            json(&event.scopes),
            maybe_text(event.consent.as_deref()),
            maybe_text(event.fbtrace.as_deref()),
            text(event.outcome.as_str()),
            maybe_text(event.error.as_deref()),
        ];
        let mut hashed = vec![Value::from(self.id)];
        hashed.extend(values[1..].iter().cloned().map(Value::from));
        self.hash = chain::hash_of(&hashed, &self.hash);
        values.push(Some(self.hash.clone()));
        values
    }
}

/// The newest events that fit, newest first. The label stands in the row of the app, since an event is sealed when it is
/// written and a label may come later.
pub(super) fn page(filter: &HistoryFilter, rows: usize) -> String {
    let failed = if filter.failed {
        "AND outcome IN ('refused', 'unknown', 'never_sent')"
    } else {
        ""
    };
    let ended = if filter.writes {
        event::ended("mps.events")
    } else {
        String::new()
    };
    format!(
        "SELECT *, (SELECT link_label FROM mps.entries WHERE entries.host = events.host
                AND entries.owner = events.owner AND entries.partner = events.partner
                AND link_label IS NOT NULL LIMIT 1) AS ref
            FROM mps.events WHERE id < $1::text::bigint AND ($2::text IS NULL OR at >= $2)
            AND ($3::text IS NULL OR at < $3) AND ($4::text IS NULL OR owner = $4)
            AND ($5::text IS NULL OR owner IN (SELECT jsonb_array_elements_text($5::jsonb)))
            AND ($6::text IS NULL OR solution_id = $6) {failed}{ended}
            ORDER BY id DESC LIMIT {rows}"
    )
}

/// The values of [`page`].
pub(super) fn page_values(filter: &HistoryFilter, before: i64) -> Vec<Option<String>> {
    vec![
        Some(before.to_string()),
        filter.since.map(time),
        filter.until.map(time),
        maybe_text(filter.app_id.as_ref().map(AppId::as_str)),
        filter.apps.as_ref().and_then(json),
        maybe_text(filter.solution_id.as_ref().map(SolutionId::as_str)),
    ]
}

/// The solutions that a run made, adopted or accepted.
pub(super) const OF_RUN: &str = "
    SELECT solution_id FROM mps.events WHERE run_id = $1::text AND host = $2::text AND outcome = 'ok'
        AND call IN ('create', 'adopt', 'accept') AND solution_id IS NOT NULL
    GROUP BY solution_id ORDER BY min(id)";

/// An event with its hash, for who checks the chain: its number, what the hash is taken over, the hash.
pub(super) fn chained(row: &Row) -> Result<(i64, Vec<Value>, Option<String>), UnreadableRow> {
    let id = number(row)?;
    let mut values = vec![Value::from(id)];
    for name in chain::COLUMNS.split(", ").skip(1) {
        values.push(column(row, name)?.map_or(Value::Null, Value::from));
    }
    Ok((id, values, column(row, "hash")?.map(str::to_owned)))
}

/// An event's number.
fn number(row: &Row) -> Result<i64, UnreadableRow> {
    let id: Option<i64> = row.try_get("id").ok();
    id.map_or_else(|| parsed::<i64>(row, "id"), Ok)
}

/// An event as history has it.
pub(super) fn read(row: &Row) -> Result<HistoryRecord, UnreadableRow> {
    let own = |name: &str| column(row, name).map(|text| text.map(str::to_owned));
    Ok(HistoryRecord {
        id: number(row)?,
        at: parsed(row, "at")?,
        run_id: owned(row, "run_id")?,
        operator: owned(row, "operator")?,
        version: owned(row, "version")?,
        profile: owned(row, "profile")?,
        host: owned(row, "host")?,
        event: HistoryEvent {
            call: parsed(row, "call")?,
            owner: maybe(row, "owner")?,
            partner: maybe(row, "partner")?,
            solution_id: maybe(row, "solution_id")?,
            solution_name: own("solution_name")?,
            permissions_sent: from_json(row, "permissions_sent")?,
            permissions_read: from_json(row, "permissions_read")?,
            user_id: maybe(row, "user_id")?,
            system_user_id: maybe(row, "system_user_id")?,
            scopes: from_json(row, "scopes")?,
            consent: own("consent")?,
            fbtrace: own("fbtrace")?,
            outcome: parsed(row, "outcome")?,
            error: own("error")?,
        },
        label: own("ref")?,
    })
}
