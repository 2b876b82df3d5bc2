//! The writes to a solution that is there: accept, and the rejection of our own surplus.
//!
//! The one decision: each is written down before it leaves and after it was answered, and an accept leaves soon after the
//! look that decided it or not at all.

use super::{
    Error, Event,
    facts::{AcceptAnswer, Found, LookFor},
    note,
    policy::Policy,
    port::{Failed, Port, Writes},
    work::{Halted, Work, event_of, with_cause},
    write::{
        TRIES_TO_CONNECT, accept_not_written, graph_error, known, leave_by, no_answer_nor_journal,
        outcome_of,
    },
};
use crate::{
    exit::Kind,
    graph::Status,
    ids::SolutionId,
    journal::{Call, EventOutcome},
};

/// Step 5: one POST that accepts, and one more without a body where Meta refuses the body.
#[allow(clippy::too_many_lines)] // One write with its three answers, told in order.
pub(super) async fn accept(
    port: &impl Port,
    work: &mut Work,
    policy: &Policy,
    id: &SolutionId,
) -> Result<(), Halted> {
    let decided = decided_at(port, work, id);
    let mut body = true;
    loop {
        let by = leave_by(policy, decided);
        let Some(turn) = port.turn(id.as_str(), Writes::Accept, by).await else {
            work.facts.forget_looks();
            work.facts.reads.remove(id);
            return Ok(());
        };
        port.may_write(&format!("solution {id} was accepted"))?;
        let solution = known(work, id);
        let before = work.row.accept.clone();
        note::accepting(&mut work.row, id);
        if policy.named.is_some() && !policy.allow_duplicate {
            // Whoever names it wants it ACTIVE, and so does whoever takes it up.
            work.row.goal = crate::journal::Goal::Active;
        }
        let intended = event_of(
            port,
            &work.row,
            &solution,
            Call::Accept,
            EventOutcome::Intended,
        );
        port.put(&work.row, Some(intended)).await?;
        let owner = Some(work.row.key.owner.clone());
        port.tell(Event::Accepting {
            owner,
            solution: id.clone(),
        });
        let answer = port.accept(id, body, by).await;
        drop(turn);
        let said = |outcome| event_of(port, &work.row, &solution, Call::Accept, outcome);
        let (failed, cause) = match answer {
            Ok(confirmed) => {
                let said = crate::journal::HistoryEvent {
                    fbtrace: confirmed.fbtrace,
                    ..said(EventOutcome::Ok)
                };
                note::accept_ended(&mut work.row, id, Some(true), policy.allow_duplicate);
                if !policy.check {
                    // Nobody will read it.
                    work.row.accept = None;
                    if policy.named.is_some() {
                        note::settled_by_name(&mut work.row, id);
                    }
                }
                work.facts.accept = Some((id.clone(), AcceptAnswer::Yes));
                return match port.put(&work.row, Some(said)).await {
                    Ok(()) => Ok(()),
                    Err(error) => Err(accept_not_written(port, id, error)),
                };
            }
            Err(failure) => failure,
        };
        let said = with_cause(said(outcome_of(failed)), &cause);
        let yes = match failed {
            Failed::Trouble | Failed::NoAnswer => None,
            _ => Some(false),
        };
        note::accept_ended(&mut work.row, id, yes, policy.allow_duplicate);
        if yes == Some(false) && matches!(failed, Failed::Late | Failed::NeverLeft { .. }) {
            work.row.accept = before;
        }
        if let Err(error) = port.put(&work.row, Some(said)).await {
            port.no_more_writes();
            return Err(Halted::Error(match yes {
                None => Error::Unknown {
                    doing: format!("accepting solution {id}"),
                    why: no_answer_nor_journal(&error),
                    error: cause,
                },
                Some(_) => error.into(),
            }));
        }
        match failed {
            Failed::Late => {
                work.facts.forget_looks();
                work.facts.reads.remove(id);
                return Ok(());
            }
            Failed::NeverLeft { again } => {
                work.no_connection += 1;
                if again && work.no_connection < TRIES_TO_CONNECT {
                    continue;
                }
                return Err(Halted::Error(graph_error(cause, "the accept never left")));
            }
            Failed::Trouble | Failed::NoAnswer => {
                work.facts.accept = Some((id.clone(), AcceptAnswer::Unknown));
                work.write_error = cause;
                return Ok(());
            }
            Failed::Refused => {}
        }
        if port.quota_let_go(&cause, id.as_str(), false).await {
            work.facts.forget_looks();
            return Ok(());
        }
        let refused = cause.as_ref();
        let body_refused = body && refused.is_some_and(|error| error.code() == Some(100));
        if body_refused {
            let (found, _) = port.read(&work.row.key, id).await;
            if matches!(&found, Found::Seen(seen) if seen.status == Status::Initiated) {
                body = false;
                continue;
            }
        }
        let may_be_done =
            refused.is_none_or(|error| matches!(error.kind(), Kind::Input | Kind::State));
        work.facts.accept = Some((id.clone(), AcceptAnswer::No { may_be_done }));
        work.write_error = cause;
        return Ok(());
    }
}

/// When the look that decides an accept was answered: the last one that was young enough.
fn decided_at(port: &impl Port, work: &Work, id: &SolutionId) -> std::time::Duration {
    let facts = &work.facts;
    let looked = facts
        .series
        .is_some_and(|series| series.purpose == LookFor::Accept);
    let listed = [&facts.ours, &facts.owner]
        .into_iter()
        .filter_map(|side| side.complete())
        .map(|listing| listing.answered)
        .max()
        .filter(|_| looked);
    let read = facts
        .reads
        .get(id)
        .map(|reading| reading.at)
        .filter(|_| !looked);
    listed.or(read).unwrap_or_else(|| port.clock().run)
}

/// Step 7: our own surplus is rejected. Where Meta refuses, it is left, and told.
pub(super) async fn reject(
    port: &impl Port,
    work: &mut Work,
    id: &SolutionId,
) -> Result<(), Halted> {
    port.may_write(&format!("solution {id} was rejected"))?;
    work.facts.tried.insert(id.clone());
    if !work.row.surplus.contains(id) {
        work.row.surplus.push(id.clone());
    }
    let solution = known(work, id);
    let row = work.row.clone();
    let said = |outcome| event_of(port, &row, &solution, Call::Reject, outcome);
    let intended = said(EventOutcome::Intended);
    port.put(&work.row, Some(intended)).await?;
    let said = match port.reject(id).await {
        Ok(confirmed) => {
            note::rejected(&mut work.row, id);
            crate::journal::HistoryEvent {
                fbtrace: confirmed.fbtrace,
                ..said(EventOutcome::Ok)
            }
        }
        Err((failed, cause)) => {
            let said = with_cause(said(outcome_of(failed)), &cause);
            port.tell(Event::Note(format!(
                "solution {id}, which nobody needs, could not be rejected; mps reject {id} tries again"
            )));
            said
        }
    };
    Ok(port.put(&work.row, Some(said)).await?)
}
