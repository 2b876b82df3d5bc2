//! Creates that no answer named: what they made may still appear.
//!
//! The one decision: all of it stands in the journal, so that Meta is not asked; `mps resume` is what looks.

use jiff::Timestamp;
use serde_json::json;

use super::check::CheckRow;
use crate::{
    context::{Context, failure::Failure},
    engine::{self, Pauses},
    ids::AppId,
    journal::{Entry, Post},
    session,
};

const CHECK: &str = "open_creates";

/// Apps that are named in words; `details` has all of them.
const NAMED: usize = 3;

/// The creates of this host whose end is open, each with its app, since when, and what to type.
pub(crate) fn row(ctx: &Context) -> CheckRow {
    let rows = ctx
        .base_url()
        .and_then(|base| session::rows_and_clock(ctx, base.host_label()));
    match rows {
        Ok((rows, now)) => judged(&rows, ctx.partner().ok().as_ref(), now),
        Err(Failure { .. }) => CheckRow::skipped(CHECK, "the journal was not read"),
    }
}

fn judged(rows: &[Entry], partner: Option<&AppId>, now: Timestamp) -> CheckRow {
    let open = |post: &&Post| post.open;
    let wait = Pauses::default().without_answer;
    let mut found: Vec<(&Entry, Timestamp, Timestamp)> = rows
        .iter()
        .filter_map(|row| {
            let since = row.posts.iter().filter(open).map(|post| post.sent_at);
            let ends = row.posts.iter().filter(open).map(engine::over_at);
            let decides = ends.max()?.checked_add(wait).ok()?;
            Some((row, since.min()?, decides))
        })
        .collect();
    if found.is_empty() {
        return CheckRow::good(CHECK, "no create is without an answer");
    }
    found.sort_by_key(|(_, since, _)| *since);
    let said: Vec<String> = found
        .iter()
        .take(NAMED)
        .map(|(row, since, _)| format!("app {} since {since:.0}", row.key.owner))
        .collect();
    let more = match found.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let seen = format!(
        "no answer came to a create, which may still appear: {}{more}",
        said.join("; ")
    );
    // Another app of ours has a command of its own.
    let command = match found.first() {
        Some((row, ..)) if Some(&row.key.partner) != partner => {
            format!("mps resume --partner-app-id {}", row.key.partner)
        }
        _ => "mps resume".to_owned(),
    };
    let soonest = found.iter().map(|(_, _, decides)| *decides).min();
    let remedy = match soonest.filter(|decides| *decides > now) {
        Some(decides) => format!("{command}, after {decides:.0}"),
        None => command,
    };
    let apps: Vec<_> = found
        .iter()
        .map(|(row, since, decides)| {
            json!({"app_id": row.key.owner, "partner_app_id": row.key.partner,
                "solution_name": row.key.name, "since": format!("{since:.0}"),
                "decidable_at": format!("{decides:.0}")})
        })
        .collect();
    CheckRow::warning(CHECK, seen)
        .remedy(remedy)
        .details(json!({"apps": apps}))
}
