//! Our app's solutions: whether they can be listed, and whether two apps have more than one live one.
//!
//! The one decision: our side is read to its end, since a second live solution may stand on any page; what the
//! journal made on purpose is no twin, by the rule of `mps tidy`.

use std::collections::HashSet;

use futures_util::TryStreamExt as _;
use serde_json::json;

use super::{check::CheckRow, machine::FoundSecrets};
use crate::{
    context::{Context, failure::Failure},
    engine::{choose, tidy},
    graph::{Graph, Solution, SolutionRole, Token},
    ids::{AppId, SolutionId},
    journal::Entry,
    session,
};

/// Pairs that are named in words; `details` has all of them.
const NAMED: usize = 3;

const TWINS: &str = "twins";

/// Whether our app's solutions can be listed, which `create` does before it posts, and what they show.
pub(crate) async fn all(
    ctx: &Context,
    graph: &Graph,
    partner: &AppId,
    secrets: &FoundSecrets,
) -> [CheckRow; 2] {
    const CHECK: &str = "solutions";
    let rows = session::rows(ctx, graph.base().host_label());
    let Some(system) = &secrets.system else {
        let why = "there is no system token";
        return [CheckRow::skipped(CHECK, why), known(&rows, partner, why)];
    };
    let token = Token::System(&system.token);
    let listed = graph.solutions(token, partner, SolutionRole::Partner);
    let listed: Result<Vec<Solution>, _> = listed.try_collect().await;
    match listed {
        Ok(items) => {
            // A journal that cannot be read is a row of its own.
            let row = listed_row(CHECK, &items, rows.as_deref().ok());
            let twins = twins(&items, partner, &rows.unwrap_or_default());
            [row, twins]
        }
        Err(error) => {
            let refused = error.refused_to_look();
            let failure = Failure::from(error);
            let row = if refused {
                CheckRow::warning(CHECK, failure.line())
                    .remedy("create looks with the Tech Provider's token then, or needs --no-look")
            } else {
                CheckRow::failed(CHECK, failure)
            };
            let why = "our app's solutions could not be listed";
            [row, known(&rows, partner, why)]
        }
    }
}

/// How many live ones the journal knows nothing of. That is no fault, since Meta's pages and other journals make some; but
/// after a restore nothing else tells what was forgotten.
fn listed_row(check: &'static str, items: &[Solution], rows: Option<&[Entry]>) -> CheckRow {
    const CAN: &str = "our app's solutions can be listed";
    if items.is_empty() {
        return CheckRow::good(check, format!("{CAN}; there is none yet"));
    }
    let Some(rows) = rows else {
        return CheckRow::good(check, CAN);
    };
    let live = || {
        let items = items.iter();
        items.filter(|item| choose::may_be_live(&item.status))
    };
    let known: HashSet<&SolutionId> = rows.iter().flat_map(named).collect();
    let all = live().count();
    let unknown = live().filter(|item| !known.contains(&item.id)).count();
    let row = match unknown {
        0 => CheckRow::good(check, CAN),
        _ => CheckRow::good(
            check,
            format!("{CAN}; {unknown} of {all} that are live are not in the journal"),
        )
        .remedy(
            "they were made on Meta's pages or by another journal; if this journal was put back from a copy, it has \
             forgotten them: run `mps list` and `mps tidy` before anything else",
        ),
    };
    row.details(json!({"live": all, "not_in_journal": unknown}))
}

/// Every solution that stands anywhere in a row, if only as one that was there before.
fn named(row: &Entry) -> impl Iterator<Item = &SolutionId> {
    let accept = row.accept.as_ref().map(|accept| &accept.solution_id);
    let lists = [
        &row.seen,
        &row.accepted,
        &row.surplus,
        &row.rejected,
        &row.foreign,
    ];
    let posts = row
        .posts
        .iter()
        .filter_map(|post| post.solution_id.as_ref());
    let own = row.solution_id.iter().chain(accept).chain(posts);
    own.chain(lists.into_iter().flatten())
}

/// Pairs of apps with more than one live solution.
fn twins(items: &[Solution], partner: &AppId, rows: &[Entry]) -> CheckRow {
    let pairs = tidy::twins(items, partner, rows);
    if pairs.is_empty() {
        return CheckRow::good(TWINS, "no two apps have more than one live solution");
    }
    let said: Vec<String> = pairs
        .iter()
        .take(NAMED)
        .map(|(owner, ids)| format!("app {owner} has {}", listed(ids)))
        .collect();
    let more = match pairs.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let seen = format!("more than one live solution: {}{more}", said.join("; "));
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(owner, ids)| json!({"app_id": owner, "solution_ids": ids}))
        .collect();
    CheckRow::warning(TWINS, seen)
        .remedy("mps tidy rejects our own surplus, and says what to do about the others")
        .details(json!({"pairs": pairs}))
}

/// What the journal knows of it where Meta lists nothing.
fn known(rows: &Result<Vec<Entry>, Failure>, partner: &AppId, why: &str) -> CheckRow {
    let rows = rows.as_deref().unwrap_or_default();
    let surplus: Vec<SolutionId> = rows
        .iter()
        .filter(|row| row.key.partner == *partner)
        .flat_map(|row| row.surplus.iter().cloned())
        .collect();
    if surplus.is_empty() {
        return CheckRow::skipped(TWINS, why);
    }
    let seen = format!(
        "the journal knows surplus: {}; {why}, so it may be over",
        listed(&surplus)
    );
    CheckRow::warning(TWINS, seen)
        .remedy("mps tidy rejects our own surplus; it needs a system token that may list")
        .details(json!({"surplus": surplus}))
}

fn listed(ids: &[SolutionId]) -> String {
    let ids: Vec<&str> = ids.iter().map(SolutionId::as_str).collect();
    ids.join(", ")
}
