//! The rows of keys in the database: the statements and what stands between a row and its columns.
//!
//! The one decision: every column is the text that SQLite's journal has, so that both are judged by the same code and
//! carried over to the letter.

use std::{error::Error, str::FromStr};

use serde::de::DeserializeOwned;
use tokio_postgres::{Row, types::ToSql};

use super::super::{
    entry::{Entry, EntryFilter, Key},
    query::time,
};
use crate::ids::{AppId, SolutionId};

/// A row that cannot be read, and why.
#[derive(Debug, thiserror::Error)]
#[error("column {column}: {why}")]
pub(super) struct UnreadableRow {
    column: String,
    why: String,
}

/// Texts as the driver takes parameters.
pub(super) fn params(values: &[Option<String>]) -> Vec<&(dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}

/// A text as the database takes it: it knows no NUL.
#[expect(clippy::unnecessary_wraps, reason = "a parameter may be NULL")]
pub(super) fn text(value: impl Into<String>) -> Option<String> {
    let value: String = value.into();
    Some(if value.contains('\0') {
        value.replace('\0', "\u{fffd}")
    } else {
        value
    })
}

pub(super) fn maybe_text(value: Option<impl Into<String>>) -> Option<String> {
    value.and_then(text)
}

/// A list or an object as JSON; ours always are.
pub(super) fn json<T: serde::Serialize>(value: &T) -> Option<String> {
    text(serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()))
}

/// The columns of a row, in the order of the table.
pub(super) const COLUMNS: [&str; 23] = [
    "host",
    "owner",
    "partner",
    "name",
    "state",
    "goal",
    "solution_id",
    "solution_name",
    "messaging",
    "owner_name",
    "seen",
    "sent_at",
    "last_error",
    "updated_at",
    "run_id",
    "link_label",
    "looked",
    "posts",
    "accept",
    "accepted",
    "surplus",
    "rejected",
    "foreign_ids",
];

/// A row's values, in the order of [`COLUMNS`].
pub(super) fn values(entry: &Entry, host: &str) -> Vec<Option<String>> {
    vec![
        text(host),
        text(entry.key.owner.as_str()),
        text(entry.key.partner.as_str()),
        text(entry.key.name_column()),
        text(entry.state.as_str()),
        text(entry.goal.as_str()),
        maybe_text(entry.solution_id.as_ref().map(SolutionId::as_str)),
        text(&*entry.solution_name),
        text(&*entry.messaging),
        text(&*entry.owner_name),
        json(&entry.seen),
        maybe_text(entry.sent_at.map(time)),
        maybe_text(entry.last_error.as_deref()),
        text(time(entry.updated_at)),
        text(&*entry.run_id),
        maybe_text(entry.link_label.as_deref()),
        text(if entry.looked { "1" } else { "0" }),
        json(&entry.posts),
        entry.accept.as_ref().and_then(json),
        json(&entry.accepted),
        json(&entry.surplus),
        json(&entry.rejected),
        json(&entry.foreign),
    ]
}

/// `$1 … $23`, each a text.
fn parameters() -> String {
    let all = COLUMNS.iter().enumerate().map(|(at, column)| {
        let cast = if *column == "looked" { "::integer" } else { "" };
        format!("${}::text{cast}", at + 1)
    });
    all.collect::<Vec<_>>().join(", ")
}

/// Whoever holds the key shows fence and session; nobody does where they are NULL. The claim cannot change until the
/// commit.
fn held(fence: usize, key: [usize; 4]) -> String {
    let [host, owner, partner, name] = key;
    format!(
        "mine AS MATERIALIZED (SELECT 1 FROM mps.claims WHERE host = ${host}::text AND owner = ${owner}::text
            AND partner = ${partner}::text AND name = ${name}::text AND fence = ${fence}::text::bigint
            AND session = ${}::text FOR SHARE),
        free AS MATERIALIZED (SELECT 1 WHERE ${fence}::text IS NULL UNION ALL SELECT 1 FROM mine)",
        fence + 1
    )
}

/// Writes a row over the older one of its key; its goal is only ever raised, until it is closed.
pub(super) fn put() -> String {
    let (held, insert) = fenced_put();
    format!("WITH {held} {insert}")
}

/// The same for a commit that is sent whole: where the fence is lost it fails, and the commit with it.
pub(super) fn put_or_fail() -> String {
    let (held, insert) = fenced_put();
    format!("WITH {held}, put AS ({insert} RETURNING 1) SELECT 1 / count(*)::integer FROM put")
}

fn fenced_put() -> (String, String) {
    let set = COLUMNS[4..].iter().map(|column| match *column {
        "goal" => "goal = CASE WHEN e.state <> 'failed' AND e.goal = 'active' THEN e.goal ELSE excluded.goal END"
            .to_owned(),
        column => format!("{column} = excluded.{column}"),
    });
    let insert = format!(
        "INSERT INTO mps.entries AS e ({}) SELECT {} FROM free
            ON CONFLICT (host, owner, partner, name) DO UPDATE SET {}",
        COLUMNS.join(", "),
        parameters(),
        set.collect::<Vec<_>>().join(", ")
    );
    (held(24, [1, 2, 3, 4]), insert)
}

/// Writes a row as a plan; see `Entry::write_plan`.
pub(super) fn plan() -> String {
    const REPLACED: &str = "coalesce(e.state IN ('intended', 'created', 'accepted', 'failed')
        AND e.solution_id IN (SELECT jsonb_array_elements_text(excluded.seen::jsonb)), false)";
    let idle = format!("(e.state IN ('intended', 'failed') OR {REPLACED})");
    format!(
        "INSERT INTO mps.entries AS e ({}) VALUES ({})
            ON CONFLICT (host, owner, partner, name) DO UPDATE SET
            state = CASE WHEN {idle} THEN 'intended' ELSE e.state END,
            goal = CASE WHEN excluded.goal = 'active' OR (e.state <> 'intended' AND {idle})
                THEN excluded.goal ELSE e.goal END,
            solution_name = CASE WHEN {idle} THEN excluded.solution_name ELSE e.solution_name END,
            messaging = CASE WHEN {idle} THEN excluded.messaging ELSE e.messaging END,
            seen = CASE WHEN {idle} THEN (SELECT coalesce(jsonb_agg(value), '[]')::text FROM (
                    SELECT jsonb_array_elements_text(e.seen::jsonb) AS value
                    UNION SELECT jsonb_array_elements_text(excluded.seen::jsonb)) AS both_of) ELSE e.seen END,
            solution_id = CASE WHEN {REPLACED} THEN NULL ELSE e.solution_id END,
            owner_name = excluded.owner_name, updated_at = excluded.updated_at,
            run_id = excluded.run_id, link_label = coalesce(excluded.link_label, e.link_label)",
        COLUMNS.join(", "),
        parameters()
    )
}

/// Takes an intent back that nothing was sent for; says whether the fence is still ours.
pub(super) fn withdraw() -> String {
    format!(
        "WITH {}, gone AS (DELETE FROM mps.entries WHERE host = $1::text AND owner = $2::text AND partner = $3::text
            AND name = $4::text AND state = 'intended' AND posts NOT LIKE '%\"open\":true%'
            AND EXISTS (SELECT 1 FROM free))
        SELECT 1 FROM free",
        held(5, [1, 2, 3, 4])
    )
}

/// The four columns of a key.
pub(super) fn key_values(key: &Key, host: &str) -> Vec<Option<String>> {
    vec![
        text(host),
        text(key.owner.as_str()),
        text(key.partner.as_str()),
        text(key.name_column()),
    ]
}

/// The rows that fit; the one that was written last comes first.
pub(super) const SELECT: &str = "SELECT * FROM mps.entries
    WHERE ($1::text IS NULL OR host = $1) AND ($2::text IS NULL OR owner = $2)
        AND ($3::text IS NULL OR partner = $3) AND ($4::text IS NULL OR name = $4)
        AND ($5::text IS NULL OR solution_id = $5)
    ORDER BY updated_at DESC, owner, partner, name";

/// The values of [`SELECT`].
pub(super) fn filter_values(which: &EntryFilter) -> Vec<Option<String>> {
    vec![
        maybe_text(which.host.as_deref()),
        maybe_text(which.owner.as_ref().map(AppId::as_str)),
        maybe_text(which.partner.as_ref().map(AppId::as_str)),
        maybe_text(which.name.as_deref()),
        maybe_text(which.solution.as_ref().map(SolutionId::as_str)),
    ]
}

/// A column that may be NULL, as text.
pub(super) fn column<'a>(row: &'a Row, name: &str) -> Result<Option<&'a str>, UnreadableRow> {
    row.try_get(name).map_err(|error| unreadable(name, &error))
}

/// A column that may be NULL.
pub(super) fn maybe<T>(row: &Row, name: &str) -> Result<Option<T>, UnreadableRow>
where
    T: FromStr<Err: Error>,
{
    let text = column(row, name)?;
    text.map(|text| text.parse().map_err(|error| unreadable(name, &error)))
        .transpose()
}

/// A column that must be there and parse.
pub(super) fn parsed<T>(row: &Row, name: &str) -> Result<T, UnreadableRow>
where
    T: FromStr<Err: Error>,
{
    maybe(row, name)?.ok_or_else(|| UnreadableRow {
        column: name.to_owned(),
        why: "it is NULL".to_owned(),
    })
}

/// A column of JSON; NULL reads as JSON's null.
pub(super) fn from_json<T: DeserializeOwned>(row: &Row, name: &str) -> Result<T, UnreadableRow> {
    serde_json::from_str(column(row, name)?.unwrap_or("null"))
        .map_err(|error| unreadable(name, &error))
}

/// A text that must be there.
pub(super) fn owned(row: &Row, name: &str) -> Result<String, UnreadableRow> {
    Ok(column(row, name)?.unwrap_or_default().to_owned())
}

fn unreadable(column: &str, error: &impl Error) -> UnreadableRow {
    UnreadableRow {
        column: column.to_owned(),
        why: error.to_string(),
    }
}

/// A row with its host.
pub(super) fn read(row: &Row) -> Result<(String, Entry), UnreadableRow> {
    let name = owned(row, "name")?;
    let looked: i32 = row
        .try_get("looked")
        .map_err(|error| unreadable("looked", &error))?;
    let entry = Entry {
        key: Key {
            owner: parsed(row, "owner")?,
            partner: parsed(row, "partner")?,
            name: (!name.is_empty()).then_some(name),
        },
        state: parsed(row, "state")?,
        goal: parsed(row, "goal")?,
        solution_id: maybe(row, "solution_id")?,
        solution_name: owned(row, "solution_name")?,
        messaging: owned(row, "messaging")?,
        owner_name: owned(row, "owner_name")?,
        seen: from_json(row, "seen")?,
        looked: looked != 0,
        sent_at: maybe(row, "sent_at")?,
        posts: from_json(row, "posts")?,
        accept: from_json(row, "accept")?,
        accepted: from_json(row, "accepted")?,
        surplus: from_json(row, "surplus")?,
        rejected: from_json(row, "rejected")?,
        foreign: from_json(row, "foreign_ids")?,
        last_error: column(row, "last_error")?.map(str::to_owned),
        updated_at: parsed(row, "updated_at")?,
        run_id: owned(row, "run_id")?,
        link_label: column(row, "link_label")?.map(str::to_owned),
    };
    Ok((owned(row, "host")?, entry))
}
