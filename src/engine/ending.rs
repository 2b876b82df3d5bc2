//! How an app ends: what is written down, told and given back.

use super::{
    Event,
    case::over_at,
    choose,
    facts::{AcceptAnswer, Found, Sides},
    note,
    policy::Policy,
    port::Port,
    step::{End, Step, StopReason},
    work::{Finished, Halted, Work, event, event_of},
    write,
};
use crate::{
    graph::Solution,
    ids::SolutionId,
    journal::{Call, Entry, EventOutcome, Goal},
};

/// It stops: what that says about the row is written down.
pub(super) async fn stop(
    port: &impl Port,
    policy: &Policy,
    mut work: Box<Work>,
    why: StopReason,
) -> Halted {
    let cause = match &why {
        StopReason::LookRefused(Sides::Owner) => work.list_errors.1.take(),
        StopReason::LookRefused(_) => work.list_errors.0.take(),
        StopReason::LookFailed | StopReason::AcceptUnlisted(_) => {
            work.list_errors.0.take().or(work.list_errors.1.take())
        }
        StopReason::Hidden(_) | StopReason::Unread(_) => work.read_error.take(),
        StopReason::AcceptRefused(_) | StopReason::AcceptUnknown(_) | StopReason::Unknown(_) => {
            work.write_error.take()
        }
        _ => None,
    };
    let said = super::why::error(&why, &work.row, policy, cause.clone()).to_string();
    let before = work.row.clone();
    note::stopped(&mut work.row, &why, &said);
    if !port.withholds() {
        let event = matches!(why, StopReason::Unknown(_)).then(|| {
            let said = event(port, &work.row, policy, Call::Look, EventOutcome::Unknown);
            crate::journal::HistoryEvent {
                error: work.row.last_error.clone(),
                ..said
            }
        });
        // A row that nobody has written is not made only to say that nothing was done.
        let known = !before.run_id.is_empty() || before.solution_id.is_some();
        if (before != work.row && known) || event.is_some() {
            // The row is right without it; the error itself is told in any case.
            if port.put(&work.row, event).await.is_err() {
                port.no_more_writes();
            }
        }
    }
    Halted::StopReason {
        why,
        row: Box::new(work.row),
        cause,
    }
}

/// It ends well: what is known now is written down.
pub(super) async fn done(
    port: &impl Port,
    policy: &Policy,
    work: Box<Work>,
    end: End,
) -> Result<Finished, Halted> {
    match end {
        End::Skipped(latest) => skipped(port, &work, latest).await,
        End::Reached(id) => reached(port, policy, work, &id).await,
    }
}

/// It is passed over: its intent is taken back.
async fn skipped(
    port: &impl Port,
    work: &Work,
    latest: Option<SolutionId>,
) -> Result<Finished, Halted> {
    if !port.withholds() {
        port.withdraw(&work.row.key).await?;
    }
    let solution = latest.and_then(|id| work.facts.sighting(&id).cloned());
    Ok(Finished {
        verified: solution.is_some(),
        solution,
        skipped: true,
        ..nothing_left()
    })
}

/// A solution is where it is to be.
async fn reached(
    port: &impl Port,
    policy: &Policy,
    mut work: Box<Work>,
    id: &SolutionId,
) -> Result<Finished, Halted> {
    let seen = work.facts.sighting(id).cloned();
    let accept = work.facts.accept.as_ref().map(|(_, answer)| *answer);
    let solution = write::known(&work, id);
    settle(port, policy, &mut work, seen.as_ref(), &solution).await?;
    // Another's that was taken in place of ours was there before.
    let made = work.facts.created.as_ref().map(|(made, _)| made);
    let made_now = made == Some(id) || work.facts.found.as_ref() == Some(id);
    let surplus = surplus(&work, id);
    let active = is_active(seen.as_ref());
    let yes = matches!(accept, Some(AcceptAnswer::Yes | AcceptAnswer::Unknown));
    if accept == Some(AcceptAnswer::Yes) && !active && policy.check {
        port.tell(not_shown(&work, id, seen.as_ref()));
    }
    if policy.goal == Goal::Active && (active || yes) {
        port.tell(Event::Active {
            owner: Some(work.row.key.owner.clone()),
            solution: id.clone(),
            before: !yes && !made_now,
        });
    }
    if !surplus.is_empty() {
        port.tell(Event::Surplus {
            owner: work.row.key.owner.clone(),
            taken: id.clone(),
            others: surplus.clone(),
        });
    }
    let read = work.facts.reads.get(id);
    let read = read.is_some_and(|reading| matches!(reading.found, Found::Seen(_)));
    Ok(Finished {
        solution: Some(solution),
        skipped: false,
        made_now,
        accepted_now: yes,
        verified: match accept {
            Some(_) => active,
            None => seen.is_some(),
        },
        seen: match accept {
            Some(_) => read && work.facts.read_backs > 0,
            None => seen.is_some(),
        },
        surplus,
        open_until: open_until(&work.row, policy),
        would: None,
    })
}

/// Writes down what was seen last of the solution that an app ends with, where that is new or ends an accept.
async fn settle(
    port: &impl Port,
    policy: &Policy,
    work: &mut Work,
    seen: Option<&Solution>,
    solution: &Solution,
) -> Result<(), Halted> {
    let id = &solution.id;
    let before = work.row.clone();
    if let Some(seen) = seen {
        note::seen(&mut work.row, seen);
    }
    let (accepted, active) = (work.facts.accept.is_some(), is_active(seen));
    let (is_named, is_new) = (policy.named.as_ref() == Some(id), before.run_id.is_empty());
    if active && is_named && !is_new && !work.row.accepted.contains(id) {
        work.row.accepted.push(id.clone());
    }
    let ends_accept = active && accepted;
    let settles = work.dirty || work.row != before || ends_accept;
    // An accept by name makes no row where there was none and nothing was sent.
    let has_row = accepted || !is_new || policy.named.is_none();
    if !settles || !has_row || port.withholds() {
        return Ok(());
    }
    let said =
        ends_accept.then(|| event_of(port, &work.row, solution, Call::Look, EventOutcome::Ok));
    match port.put(&work.row, said).await {
        Ok(()) => Ok(()),
        Err(error) if accepted => Err(write::accept_not_written(port, id, error)),
        Err(error) => Err(error.into()),
    }
}

/// Whether what was seen counts as accepted.
fn is_active(seen: Option<&Solution>) -> bool {
    seen.is_some_and(|seen| choose::is_accepted(&seen.status))
}

/// Meta said yes, and shows it otherwise, or not at all.
fn not_shown(work: &Work, id: &SolutionId, seen: Option<&Solution>) -> Event {
    let shown = match seen.filter(|_| work.facts.reads.contains_key(id)) {
        Some(seen) => format!("Meta still shows it {}", seen.status),
        None => "Meta does not show its status".to_owned(),
    };
    Event::Note(format!("solution {id} was accepted, but {shown}"))
}

/// When the last open POST can be closed.
fn open_until(row: &Entry, policy: &Policy) -> Option<jiff::Timestamp> {
    let ends = row.posts.iter().filter(|post| post.open).map(|post| {
        let ended = over_at(post);
        ended
            .checked_add(policy.pauses.without_answer)
            .unwrap_or(ended)
    });
    ends.max()
}

/// Other live ones of the pair that nobody needs, and what we rejected of them now.
fn surplus(work: &Work, taken: &SolutionId) -> Vec<SolutionId> {
    if work.row.key.name.is_some() {
        return Vec::new();
    }
    let facts = &work.facts;
    let over = |id: &SolutionId| facts.status(id).is_some_and(crate::graph::Status::is_over);
    let shown = facts
        .shown()
        .filter(|item| item.status.is_live())
        .map(|item| &item.id);
    let rejected = work
        .row
        .rejected
        .iter()
        .filter(|id| facts.tried.contains(*id));
    let mut all: Vec<SolutionId> = Vec::new();
    for id in shown
        .chain(&work.row.surplus)
        .filter(|id| !over(id))
        .chain(rejected)
    {
        if id != taken && !all.contains(id) && !work.row.foreign.contains(id) {
            all.push(id.clone());
        }
    }
    all
}

/// The write before which a plan stops. A plan waits for no listing, so what a run would wait for counts as come.
pub(super) fn withheld(step: &Step) -> Option<Step> {
    match step {
        Step::Post | Step::Accept(_) | Step::RejectOwnSurplus(_) => Some(step.clone()),
        Step::Stop(StopReason::NotListed(id)) => Some(Step::Accept(id.clone())),
        _ => None,
    }
}

/// A plan stops before its first write.
pub(super) fn would(work: &Work, policy: &Policy, step: Step) -> Finished {
    let id = match &step {
        Step::Accept(id) => Some(id.clone()),
        _ => work.row.solution_id.clone(),
    };
    let solution = id
        .filter(|_| step != Step::Post)
        .map(|id| write::known(work, &id));
    let taken = solution.as_ref().map(|solution| solution.id.clone());
    let surplus = taken.map_or_else(Vec::new, |taken| surplus(work, &taken));
    Finished {
        verified: false,
        solution,
        surplus,
        open_until: open_until(&work.row, policy),
        would: Some(step),
        ..nothing_left()
    }
}

/// Nothing was done.
pub(super) fn nothing_left() -> Finished {
    Finished {
        solution: None,
        skipped: true,
        made_now: false,
        accepted_now: false,
        verified: false,
        seen: false,
        surplus: Vec::new(),
        open_until: None,
        would: None,
    }
}
