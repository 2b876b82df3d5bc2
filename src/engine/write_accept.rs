//! The writes to a solution that is there: accept, and the rejection of our own surplus.
//!
//! The one decision: each is written down before it leaves and after it was answered, and an accept leaves soon after the
//! look that decided it or not at all.

use super::{
    Error, Event,
    facts::{AcceptAnswer, Found, LookFor},
    note,
    policy::Policy,
    port::{Cause, Failed, Port, Writes},
    work::{Halted, Work, event_of, with_cause},
    write::{
        TRIES_TO_CONNECT, accept_not_written, graph_error, known, leave_by, no_answer_nor_journal,
        outcome_of,
    },
};
use crate::{
    exit::Kind,
    graph::{Solution, Status},
    ids::SolutionId,
    journal::{Accepting, Call, EventOutcome, Goal, HistoryEvent},
};

/// Step 5: one POST that accepts, and one more without a body where Meta refuses the body.
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
            look_again(work, id);
            return Ok(());
        };
        port.may_write(&format!("solution {id} was accepted"))?;
        let solution = known(work, id);
        let before = work.row.accept.clone();
        Box::pin(intend(port, work, policy, &solution)).await?;
        let answer = port.accept(id, body, by).await;
        drop(turn);
        let (failed, cause) = match answer {
            Ok(confirmed) => {
                let fbtrace = confirmed.fbtrace;
                return Box::pin(confirm(port, work, policy, &solution, fbtrace)).await;
            }
            Err(failure) => failure,
        };
        let answer = (failed, &cause);
        Box::pin(write_down(port, work, policy, &solution, before, answer)).await?;
        match Box::pin(after(port, work, id, body, (failed, cause))).await? {
            Next::Decide => return Ok(()),
            Next::SendAgain => {}
            Next::SendWithoutBody => body = false,
        }
    }
}

/// What comes after an accept that did not work.
enum Next {
    /// It is decided anew.
    Decide,
    /// It has not left, and is sent again.
    SendAgain,
    /// Meta refused its body only.
    SendWithoutBody,
}

/// What was seen is too old to accept by.
fn look_again(work: &mut Work, id: &SolutionId) {
    work.facts.forget_looks();
    work.facts.reads.remove(id);
}

/// The intent, before the accept leaves.
async fn intend(
    port: &impl Port,
    work: &mut Work,
    policy: &Policy,
    solution: &Solution,
) -> Result<(), Halted> {
    let id = &solution.id;
    note::accepting(&mut work.row, id);
    if policy.named.is_some() && !policy.allow_duplicate {
        // Whoever names it wants it ACTIVE, and so does whoever takes it up.
        work.row.goal = Goal::Active;
    }
    let (call, outcome) = (Call::Accept, EventOutcome::Intended);
    let intended = event_of(port, &work.row, solution, call, outcome);
    port.put(&work.row, Some(intended)).await?;
    port.tell(Event::Accepting {
        owner: Some(work.row.key.owner.clone()),
        solution: id.clone(),
    });
    Ok(())
}

/// Meta said yes.
async fn confirm(
    port: &impl Port,
    work: &mut Work,
    policy: &Policy,
    solution: &Solution,
    fbtrace: Option<String>,
) -> Result<(), Halted> {
    let id = &solution.id;
    let said = HistoryEvent {
        fbtrace,
        ..event_of(port, &work.row, solution, Call::Accept, EventOutcome::Ok)
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
    let written = port.put(&work.row, Some(said)).await;
    written.map_err(|error| accept_not_written(port, id, error))
}

/// Writes down that it did not work, or that nobody knows. `before`: the accept under way that the row had before the intent.
async fn write_down(
    port: &impl Port,
    work: &mut Work,
    policy: &Policy,
    solution: &Solution,
    before: Option<Accepting>,
    (failed, cause): (Failed, &Cause),
) -> Result<(), Halted> {
    let id = &solution.id;
    let outcome = outcome_of(failed);
    let said = event_of(port, &work.row, solution, Call::Accept, outcome);
    let said = with_cause(said, cause);
    let is_unknown = matches!(failed, Failed::Trouble | Failed::NoAnswer);
    let worked = (!is_unknown).then_some(false);
    note::accept_ended(&mut work.row, id, worked, policy.allow_duplicate);
    if matches!(failed, Failed::Late | Failed::NeverLeft { .. }) {
        work.row.accept = before;
    }
    let Err(error) = port.put(&work.row, Some(said)).await else {
        return Ok(());
    };
    port.no_more_writes();
    Err(Halted::Error(if is_unknown {
        Error::Unknown {
            doing: format!("accepting solution {id}"),
            why: no_answer_nor_journal(&error),
            error: cause.clone(),
        }
    } else {
        error.into()
    }))
}

/// What comes next, now that it is written down.
async fn after(
    port: &impl Port,
    work: &mut Work,
    id: &SolutionId,
    body: bool,
    (failed, cause): (Failed, Cause),
) -> Result<Next, Halted> {
    match failed {
        Failed::Late => {
            look_again(work, id);
            return Ok(Next::Decide);
        }
        Failed::NeverLeft { again } => {
            work.no_connection += 1;
            if again && work.no_connection < TRIES_TO_CONNECT {
                return Ok(Next::SendAgain);
            }
            let error = graph_error(cause, "the accept never left");
            return Err(Halted::Error(error));
        }
        Failed::Trouble | Failed::NoAnswer => {
            work.facts.accept = Some((id.clone(), AcceptAnswer::Unknown));
            work.write_error = cause;
            return Ok(Next::Decide);
        }
        Failed::Refused => {}
    }
    if port.quota_let_go(&cause, id.as_str(), false).await {
        work.facts.forget_looks();
        return Ok(Next::Decide);
    }
    let refused = cause.as_ref();
    if body && refused.is_some_and(|error| error.code() == Some(100)) {
        let (found, _) = port.read(&work.row.key, id).await;
        if matches!(&found, Found::Seen(seen) if seen.status == Status::Initiated) {
            return Ok(Next::SendWithoutBody);
        }
    }
    let may_be_done = refused.is_none_or(|error| matches!(error.kind(), Kind::Input | Kind::State));
    work.facts.accept = Some((id.clone(), AcceptAnswer::No { may_be_done }));
    work.write_error = cause;
    Ok(Next::Decide)
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
            HistoryEvent {
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
