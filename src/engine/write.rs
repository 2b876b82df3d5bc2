//! The POST that creates, and what all writes share: each is written down before it leaves and after it was answered.
//!
//! The one decision: there is no moment at which a death would leave a solution that the journal knows nothing
//! of; and what could not leave at once has not left at all.

use super::{
    Error, Event,
    facts::Facts,
    note,
    policy::{Clause, FRESH, LEAVES_WITHIN, Policy},
    port::{Cause, Confirmed, Failed, Port, Writes},
    work::{Halted, Work, event, with_cause},
};
use crate::{
    exit::Kind,
    graph::{NewSolution, Pending, Solution, Status},
    ids::SolutionId,
    journal::{self, Call, EventOutcome, PostEnd, State},
};

/// How often a write that surely never left is tried in all.
pub(super) const TRIES_TO_CONNECT: usize = 3;

/// A write without an answer that could not be written down either.
pub(super) fn no_answer_nor_journal(error: &journal::Error) -> String {
    format!("no clear answer came, and the journal could not be written ({error})")
}

/// What the journal says of a write that failed so.
pub(super) fn outcome_of(failed: Failed) -> EventOutcome {
    match failed {
        Failed::Late | Failed::NeverLeft { .. } => EventOutcome::NeverSent,
        Failed::Refused => EventOutcome::Refused,
        Failed::Trouble | Failed::NoAnswer => EventOutcome::Unknown,
    }
}

/// Steps 2 and 3: one POST that creates.
pub(super) async fn post(port: &impl Port, work: &mut Work, policy: &Policy) -> Result<(), Halted> {
    let owner = work.row.key.owner.clone();
    let fresh = fresh_until(&work.facts);
    let Some(turn) = port.turn(owner.as_str(), Writes::Create, fresh).await else {
        work.facts.forget_looks();
        return Ok(());
    };
    if work.row.solution_id.is_some() {
        renew(port, work, policy).await?;
    }
    port.may_write(&format!("a solution for app {owner} was created"))?;
    let before = work.row.clone();
    let looked = policy.look || work.facts.series.is_some();
    let intended = port.clock();
    note::intent(&mut work.row, &work.facts, looked, intended);
    let said = event(
        port,
        &work.row,
        policy,
        Call::Create,
        EventOutcome::Intended,
    );
    port.put(&work.row, Some(said)).await?;
    port.tell(Event::Creating(owner.clone()));
    let leave_by = leave_by(policy, intended.run);
    let terms =
        super::choose::Messaging::from_word(&work.row.messaging).unwrap_or(policy.messaging);
    let (owner_permissions, partner_permissions) = terms.permissions();
    let key = work.row.key.clone();
    let name = work.row.solution_name.clone();
    let new = NewSolution {
        name: &name,
        partner: &key.partner,
        owner_permissions,
        partner_permissions,
    };
    let answer = port.create(&key, &new, leave_by).await;
    drop(turn);
    let now = port.clock();
    let (failed, cause) = match answer {
        Ok(confirmed) => {
            work.facts.posts += 1;
            work.facts.created = Some((confirmed.value.clone(), now.run));
            work.facts.series = None;
            return answered(port, work, policy, confirmed).await;
        }
        Err(failure) => failure,
    };
    let said = event(port, &work.row, policy, Call::Create, outcome_of(failed));
    let said = with_cause(said, &cause);
    match failed {
        Failed::Late => {
            work.row = before;
            work.facts.forget_looks();
            Ok(port.put(&work.row, Some(said)).await?)
        }
        Failed::NeverLeft { again } => {
            work.row = before;
            work.no_connection += 1;
            if again && work.no_connection < TRIES_TO_CONNECT {
                return Ok(port.put(&work.row, Some(said)).await?);
            }
            not_made(port, work, said, cause).await
        }
        Failed::Refused => {
            note::post_ended(&mut work.row, PostEnd::Refused, now);
            work.row.state = before.state;
            work.facts.posts += 1;
            not_made(port, work, said, cause).await
        }
        Failed::Trouble | Failed::NoAnswer => {
            work.facts.posts += 1;
            work.facts.series = None;
            let end = if failed == Failed::Trouble {
                PostEnd::Trouble
            } else {
                PostEnd::NoAnswer
            };
            note::post_ended(&mut work.row, end, now);
            work.row.state = State::Unknown;
            work.row.last_error = cause.as_ref().map(ToString::to_string);
            let why = cause
                .as_ref()
                .map_or_else(|| "no answer".to_owned(), ToString::to_string);
            work.write_error = cause;
            if let Err(error) = port.put(&work.row, Some(said)).await {
                // On disk it stands as sent, so the next run looks for it; this one stops here.
                port.no_more_writes();
                return Err(Halted::Error(Error::Unknown {
                    doing: format!("creating a solution for app {owner}"),
                    why: no_answer_nor_journal(&error),
                    error: work.write_error.take(),
                }));
            }
            port.tell(Event::Looking { owner, why });
            Ok(())
        }
    }
}

/// What is over is closed by itself: what follows is a new row with a goal of its own, which whoever takes this up is
/// to reach.
async fn renew(port: &impl Port, work: &mut Work, policy: &Policy) -> Result<(), Halted> {
    work.row.state = State::Failed;
    port.put(&work.row, None).await?;
    note::renewed(&mut work.row, policy.goal);
    Ok(port.put(&work.row, None).await?)
}

/// How long what was seen serves: a listing that grew old while the turn was waited for is read anew.
fn fresh_until(facts: &Facts) -> std::time::Duration {
    let listings = [&facts.ours, &facts.owner].into_iter();
    let begun = listings.filter_map(|side| side.complete().map(|listing| listing.begun));
    begun
        .min()
        .map_or(std::time::Duration::MAX, |begun| begun + FRESH)
}

/// The time by which a write must leave that was decided at this time.
pub(super) fn leave_by(policy: &Policy, decided: std::time::Duration) -> std::time::Duration {
    if policy.has(Clause::LeavesSoon) {
        decided + LEAVES_WITHIN
    } else {
        std::time::Duration::MAX
    }
}

/// Meta made one.
async fn answered(
    port: &impl Port,
    work: &mut Work,
    policy: &Policy,
    confirmed: Confirmed<SolutionId>,
) -> Result<(), Halted> {
    let id = confirmed.value;
    note::created(&mut work.row, &id, port.clock());
    let said = journal::HistoryEvent {
        fbtrace: confirmed.fbtrace,
        ..event(port, &work.row, policy, Call::Create, EventOutcome::Ok)
    };
    let owner = work.row.key.owner.clone();
    if let Err(error) = port.put(&work.row, Some(said)).await {
        return Err(not_written(port, work, &id, error));
    }
    port.tell(Event::Created {
        owner,
        solution: id,
        existing: false,
    });
    Ok(())
}

/// An answer that cannot be written down is told at once, and no new write starts.
pub(super) fn not_written(
    port: &impl Port,
    work: &Work,
    id: &SolutionId,
    error: journal::Error,
) -> Halted {
    port.no_more_writes();
    let owner = work.row.key.owner.clone();
    port.tell(Event::NotWrittenDown {
        owner: owner.clone(),
        solution: id.clone(),
        why: error.to_string(),
    });
    Halted::Error(Error::NotWrittenDown {
        what: format!("solution {id} was created for app {owner}"),
        error: Box::new(error),
    })
}

/// Surely nothing was made. What concerns only this app is a failure; what another token, another day, other
/// terms or another connection would mend stays intended; and a row that waits for an earlier POST goes on
/// waiting.
async fn not_made(
    port: &impl Port,
    work: &mut Work,
    said: journal::HistoryEvent,
    cause: Cause,
) -> Result<(), Halted> {
    if matches!(
        work.row.state,
        State::Intended | State::Failed | State::Sent
    ) {
        let for_good = cause.as_ref().is_some_and(|error| {
            matches!(error.kind(), Kind::Input | Kind::Permission | Kind::State)
                && !error.whole_run()
        });
        work.row.state = if for_good {
            State::Failed
        } else {
            State::Intended
        };
    }
    work.row.last_error = cause.as_ref().map(ToString::to_string);
    port.put(&work.row, Some(said)).await?;
    // What an earlier POST may have made can show up meanwhile, so only a first one waits for the quota.
    let first = work.row.posts.iter().all(|post| !post.open);
    let refused = port.clock().run;
    if first
        && port
            .quota_let_go(&cause, work.row.key.owner.as_str(), true)
            .await
    {
        let over = port.clock().run;
        if over.saturating_sub(refused) > LEAVES_WITHIN {
            work.facts.waited = Some(over);
        }
        work.facts.forget_looks();
        return Ok(());
    }
    Err(Halted::Error(graph_error(cause, "the POST was refused")))
}

/// The error of a write.
pub(super) fn graph_error(cause: Cause, said: &str) -> Error {
    cause.map_or_else(|| Error::Setup(said.to_owned()), Error::Graph)
}

/// A solution as far as this run knows it.
pub(super) fn known(work: &Work, id: &SolutionId) -> Solution {
    let row = &work.row;
    let name = if row.solution_id.as_ref() == Some(id) {
        row.solution_name.clone()
    } else {
        String::new()
    };
    work.facts
        .sighting(id)
        .cloned()
        .unwrap_or_else(|| Solution {
            id: id.clone(),
            name,
            status: Status::Initiated,
            pending: Pending::Activation,
            owner_app: None,
            owner_permissions: None,
            partners: None,
        })
}

/// An accept that Meta did and the journal does not know.
pub(super) fn accept_not_written(
    port: &impl Port,
    id: &SolutionId,
    error: journal::Error,
) -> Halted {
    port.no_more_writes();
    port.tell(Event::Note(format!(
        "solution {id} was accepted, but the journal could not be written ({error})"
    )));
    Halted::Error(Error::NotWrittenDown {
        what: format!("solution {id} was accepted"),
        error: Box::new(error),
    })
}
