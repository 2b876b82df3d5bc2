//! What is known of an app before its first step.
//!
//! The one decision: the row is the journal's where there is one, raised to what this run wants, and the listing that this
//! run has read already answers for it where it can.

use std::time::Duration;

use super::{
    Event,
    case::ahead,
    facts::{Claims, Facts, Side},
    note,
    policy::{Clause, Policy},
    port::Port,
    work::{Halted, Work},
};
use crate::{
    ids::SolutionId,
    journal::{Entry, Goal, State},
};

/// What is known before the first step, from the journal and from what this run has listed; `None`: there is nothing to
/// take up. On the heap, since many apps wait for each other with what they know.
pub(super) async fn begin<P: Port>(
    port: &P,
    policy: &Policy,
    intent: Box<Entry>,
) -> Result<Option<Box<Work>>, Halted> {
    let rows = port.rows(&intent.key).await?;
    let row = rows.iter().find(|row| row.key == intent.key);
    if policy.resuming && row.is_none() {
        return Ok(None);
    }
    let row = row.map_or_else(
        || (*intent).clone(),
        |row| raised(row.clone(), policy, &intent),
    );
    if let Some(said) = ahead(&row, port.clock()) {
        port.tell(Event::ClockAhead(row.key.owner.clone(), said));
    }
    let claims = claims(policy, &row, &rows);
    let mut work = Box::new(Work {
        facts: Facts {
            tokens: port.tokens(),
            claims,
            withheld: port.withholds(),
            locked: if port.withholds() {
                Duration::ZERO
            } else {
                port.clock().run
            },
            ours: seed(port, &row),
            ..Facts::default()
        },
        row,
        read_error: None,
        list_errors: (None, None),
        write_error: None,
        no_connection: 0,
        dirty: false,
    });
    if let Some(seen) = work
        .row
        .solution_id
        .as_ref()
        .and_then(|id| work.facts.sighting(id))
        .cloned()
    {
        let before = work.row.clone();
        note::seen(&mut work.row, &seen);
        work.dirty = before != work.row;
    }
    Ok(Some(work))
}

/// What other rows of the pair claim; it is read anew at each look.
pub(super) fn claims(policy: &Policy, row: &Entry, rows: &[Entry]) -> Claims {
    if policy.has(Clause::NamedClaims) {
        Claims::of(row, rows)
    } else {
        Claims::default()
    }
}

/// What the listing of this run shows already, unless the row is about something that it cannot know.
fn seed(port: &impl Port, row: &Entry) -> Side {
    let listed = port.known_side(&row.key);
    let shows = |id: &SolutionId| {
        listed
            .complete()
            .is_some_and(|listing| listing.items.iter().any(|item| item.id == *id))
    };
    match &row.solution_id {
        // It answers for the journaled id only where it shows it.
        Some(id) if shows(id) => listed,
        _ => Side::NotAsked,
    }
}

/// A journaled row, with what this run wants: a higher goal counts, and where nothing is on its way the new name
/// and terms too. What was seen stays seen.
fn raised(row: Entry, policy: &Policy, intent: &Entry) -> Entry {
    if policy.named.is_some() {
        return row;
    }
    let mut row = row;
    if policy.goal == Goal::Active {
        row.goal = Goal::Active;
    }
    if intent.link_label.is_some() {
        row.link_label.clone_from(&intent.link_label);
    }
    let idle = matches!(row.state, State::Intended | State::Failed) && !policy.resuming;
    if idle {
        row = Entry {
            solution_name: intent.solution_name.clone(),
            messaging: intent.messaging.clone(),
            owner_name: intent.owner_name.clone(),
            goal: if row.state == State::Failed {
                policy.goal
            } else {
                row.goal
            },
            ..row
        };
    }
    row
}
