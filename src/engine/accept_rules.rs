//! The rules that lead from a live solution to an ACTIVE one, and no second.

use super::{
    case::{At, Case},
    choose::{self, is_accepted, is_waiting},
    facts::{AcceptAnswer, Found, LookFor, Series, Side, Sides},
    policy::Clause,
    step::{End, Step, StopReason},
};
use crate::{
    graph::{Solution, Status},
    ids::SolutionId,
    journal::{AcceptEnd, Goal},
};

/// Step 6. What was accepted in this run is read until Meta shows it ACTIVE.
pub(super) fn read_back(case: &Case<'_>) -> Option<Step> {
    let (id, answer) = case.facts.accept.as_ref()?;
    let status = case.facts.read(id).map(|solution| &solution.status);
    if case.facts.read_backs > 0 {
        match status {
            Some(status) if is_accepted(status) => return None,
            Some(status) if status.is_over() => {
                return Some(Step::Stop(ended(case, id, status.clone())));
            }
            _ => {}
        }
    }
    let readable = case.facts.reads.get(id).is_none_or(|reading| {
        case.facts.read_backs == 0 || !matches!(reading.found, Found::Refused)
    });
    let one_look = *answer == AcceptAnswer::No { may_be_done: false } && case.facts.read_backs > 0;
    let unasked = !case.policy.check && *answer == AcceptAnswer::Yes;
    let pause = case.policy.pauses.read_back.get(case.facts.read_backs);
    match (answer, pause) {
        (_, Some(pause)) if readable && !one_look && !unasked => {
            Some(if case.facts.rested || pause.is_zero() {
                Step::ReadBack(id.clone())
            } else {
                Step::Pause(*pause)
            })
        }
        (AcceptAnswer::Yes, _) => Some(Step::Done(End::Reached(id.clone()))),
        (AcceptAnswer::Unknown, _) => Some(Step::Stop(StopReason::AcceptUnknown(id.clone()))),
        (AcceptAnswer::No { .. }, _) => Some(Step::Stop(StopReason::AcceptRefused(id.clone()))),
    }
}

/// Step 5. An accept whose end is not known makes its id the first: it is read, and it alone is sent again.
pub(super) fn under_way(case: &Case<'_>) -> Option<Step> {
    let accept = case.row.accept.as_ref()?;
    let id = &accept.solution_id;
    if case.facts.accept.is_some() || !case.policy.has(Clause::UnderWayFirst) {
        return None;
    }
    if !case.policy.check {
        let again = accept.end != AcceptEnd::Yes && case.policy.goal == Goal::Active;
        return again.then(|| Step::Accept(id.clone()));
    }
    if let Some(step) = case.reading(id) {
        return Some(step);
    }
    let other = case.policy.named.as_ref().filter(|named| *named != id);
    if let Some(named) = other {
        return Some(Step::Stop(StopReason::SecondLive {
            named: named.clone(),
            first: id.clone(),
            under_way: true,
        }));
    }
    if case.policy.goal != Goal::Active {
        return None;
    }
    if !case.facts.tokens.1 {
        return Some(Step::Stop(StopReason::NoSystem));
    }
    let active = case
        .live(Some(id))
        .into_iter()
        .find(|item| is_accepted(&item.status));
    if active.is_some() && !case.is_named_row() {
        // Never a second ACTIVE one beside another.
        return None;
    }
    let fresh = case
        .facts
        .reads
        .get(id)
        .is_some_and(|reading| case.is_fresh(reading.at));
    Some(if fresh {
        Step::Accept(id.clone())
    } else {
        Step::ReadId(id.clone())
    })
}

/// Step 7. What is ACTIVE is done, but for our own surplus: only what came in an answer, never accepted, and
/// only beside one that was read ACTIVE by its id in this run.
pub(super) fn active(case: &Case<'_>) -> Option<Step> {
    let id = case.id()?;
    let accepted = case.status(id).is_some_and(|status| is_accepted(&status));
    let early = !case.policy.has(Clause::BesideActive) && case.at_accept();
    if !accepted && !early {
        return None;
    }
    let done = accepted.then(|| Step::Done(End::Reached(id.clone())));
    if !case.policy.rejects_surplus || case.is_named_row() {
        return done;
    }
    let own = case.row.posts.iter().filter_map(|post| {
        if case.policy.has(Clause::OnlyAnswered) {
            post.answered()
        } else {
            post.solution_id.as_ref()
        }
    });
    let spare = own
        .filter(|own| *own != id && !case.row.accepted.contains(own))
        .filter(|own| !case.facts.tried.contains(*own) && !case.row.rejected.contains(own));
    for spare in spare {
        let Some(reading) = case.facts.reads.get(spare) else {
            return Some(Step::ReadId(spare.clone()));
        };
        let waits = matches!(&reading.found, Found::Seen(seen) if is_waiting(&seen.status));
        if !waits {
            continue;
        }
        if !case.facts.is_read_active(id) && case.policy.has(Clause::BesideActive) {
            let taken = case.facts.reads.get(id);
            if taken.is_some_and(|taken| taken.at >= reading.at) {
                // Read in vain: it is left, and told.
                continue;
            }
            return Some(Step::ReadId(id.clone()));
        }
        return Some(if case.is_fresh(reading.at) {
            Step::RejectOwnSurplus(spare.clone())
        } else {
            Step::ReadId(spare.clone())
        });
    }
    done
}

/// Step 5. What these two apps have is looked at once more, and which one is taken is the same for every door
/// and machine: an ACTIVE one, else the smallest id.
pub(super) fn before_accept(case: &Case<'_>) -> Option<Step> {
    let id = case.id()?;
    let status = case.status(id)?;
    if status.is_over() {
        // `over` has said what there is to say.
        return Some(Step::Stop(ended(case, id, status)));
    }
    if !is_waiting(&status) {
        return Some(Step::Stop(StopReason::NotInitiated(id.clone(), status)));
    }
    if !case.facts.tokens.1 {
        return Some(Step::Stop(StopReason::NoSystem));
    }
    let named = case.policy.named.is_some();
    if !case.policy.check {
        return Some(Step::Accept(id.clone()));
    }
    if named && case.policy.allow_duplicate {
        // What else is live forbids nothing here, but the question and a dry run say it.
        let says = case.facts.withheld && matches!(case.at(LookFor::Accept), At::Look);
        return Some(if says {
            Step::Look(Sides::Ours, LookFor::Accept)
        } else {
            Step::Accept(id.clone())
        });
    }
    let At::Judge(series, pause) = case.at(LookFor::Accept) else {
        return Some(Step::Look(Sides::Ours, LookFor::Accept));
    };
    if let Some(step) = owner_too(case, id, series) {
        return Some(step);
    }
    let none_tells =
        matches!(case.facts.owner, Side::Refused | Side::NoToken) || !case.facts.tokens.0;
    if matches!(case.facts.ours, Side::Refused | Side::NoToken) && none_tells {
        return Some(Step::Stop(StopReason::AcceptUnlisted(id.clone())));
    }
    let shown = |id: &SolutionId| case.facts.shown().any(|item| item.id == *id);
    if case.policy.has(Clause::KnownCounts) && !case.is_named_row() {
        let unread = case
            .known()
            .into_iter()
            .filter(|known| *known != id && !shown(known));
        for known in unread {
            let read = case.facts.reads.get(known);
            if read.is_none_or(|reading| reading.at < series.last) {
                return Some(Step::ReadId(known.clone()));
            }
        }
    }
    let others = rivals(case, id);
    if let Some(active) = others.iter().find(|item| is_accepted(&item.status)) {
        return Some(not_ours_first(case, id, active));
    }
    if !shown(id) && case.policy.has(Clause::OwnListed) {
        let unattributed = case
            .facts
            .ours
            .complete()
            .is_some_and(|listing| listing.unattributed.contains(id));
        if unattributed {
            return Some(Step::Stop(StopReason::Unattributed(
                Sides::Ours,
                vec![id.clone()],
            )));
        }
        // The answer of our create may have named somebody else's.
        let unread = case.facts.reads.get(id).is_none_or(|reading| {
            reading.at < series.last && !matches!(reading.found, Found::Seen(_))
        });
        if unread {
            return Some(Step::ReadId(id.clone()));
        }
        return Some(match pause {
            Some(pause) => Step::Pause(pause),
            None if case.facts.ours.complete().is_none()
                && case.facts.owner.complete().is_none() =>
            {
                Step::Stop(StopReason::LookFailed)
            }
            None => Step::Stop(StopReason::NotListed(id.clone())),
        });
    }
    if !others.is_empty() && case.policy.has(Clause::TwoWait) {
        if let Some(pause) = pause {
            return Some(Step::Pause(pause));
        }
        for other in &others {
            let read = case.facts.reads.get(&other.id);
            if read.is_none_or(|reading| reading.at < series.last) {
                return Some(Step::ReadId(other.id.clone()));
            }
        }
    }
    let own = case.facts.sighting(id);
    let first = choose::first(others.iter().copied().chain(own));
    match first {
        Some(first) if first.id != *id => Some(not_ours_first(case, id, first)),
        _ => Some(own_is_first(case, id)),
    }
}

/// The others of the pair that are live: listed, or known to the journal and read. A named row has none.
pub(super) fn rivals<'a>(case: &'a Case<'_>, id: &SolutionId) -> Vec<&'a Solution> {
    if case.is_named_row() {
        return Vec::new();
    }
    let mut others = case.live(Some(id));
    others.retain(|item| item.status.is_live());
    if case.policy.has(Clause::KnownCounts) {
        for known in case.known() {
            let read = case.facts.read(known).filter(|item| item.status.is_live());
            let new = read
                .filter(|item| item.id != *id && others.iter().all(|other| other.id != item.id));
            others.extend(new);
        }
    }
    // The furthest sighting is what counts.
    others
        .into_iter()
        .map(|item| case.facts.sighting(&item.id).unwrap_or(item))
        .collect()
}

/// The owner's side too, where our side does not show our own, shows two live, or is refused.
pub(super) fn owner_too(case: &Case<'_>, id: &SolutionId, series: Series) -> Option<Step> {
    if !case.facts.tokens.0 || series.owner_in == series.looks || !case.policy.has(Clause::OwnerToo)
    {
        return None;
    }
    let enough = case.facts.ours.complete().is_some_and(|listing| {
        listing.items.iter().any(|item| item.id == *id) && rivals(case, id).is_empty()
    });
    (!enough).then_some(Step::Look(Sides::Owner, LookFor::Accept))
}

/// Another one comes first: it is taken, where that is ours to decide.
pub(super) fn not_ours_first(case: &Case<'_>, id: &SolutionId, first: &Solution) -> Step {
    if let Some(named) = &case.policy.named {
        return Step::Stop(StopReason::SecondLive {
            named: named.clone(),
            first: first.id.clone(),
            under_way: false,
        });
    }
    let ours_to_take =
        is_accepted(&first.status) || case.made(&first.id) || case.on_our_terms(first);
    if ours_to_take {
        return Step::Adopt(first.id.clone());
    }
    if case
        .facts
        .sighting(&first.id)
        .is_none_or(|seen| seen.partners.is_none())
        && !case.facts.reads.contains_key(&first.id)
    {
        return Step::ReadId(first.id.clone());
    }
    Step::Stop(StopReason::OtherTerms {
        first: first.id.clone(),
        ours: Some(id.clone()),
    })
}

/// Ours comes first: it is accepted, if its terms are ours and the look is young.
pub(super) fn own_is_first(case: &Case<'_>, id: &SolutionId) -> Step {
    let foreign = case.policy.named.is_none() && !case.made(id);
    if foreign {
        let unsaid = |item: &Solution| item.partners.is_none() || item.owner_permissions.is_none();
        match case.facts.read(id).or_else(|| case.facts.sighting(id)) {
            Some(seen) if case.on_our_terms(seen) => {}
            Some(seen) if unsaid(seen) && !case.facts.reads.contains_key(id) => {
                return Step::ReadId(id.clone());
            }
            _ => {
                return Step::Stop(StopReason::OtherTerms {
                    first: id.clone(),
                    ours: None,
                });
            }
        }
    }
    let answered = [&case.facts.ours, &case.facts.owner]
        .into_iter()
        .filter_map(Side::complete)
        .filter(|listing| {
            listing.begun >= case.facts.locked
                && case
                    .facts
                    .created
                    .as_ref()
                    .is_none_or(|(_, at)| listing.begun >= *at)
        })
        .map(|listing| listing.answered)
        .max();
    match answered {
        Some(answered) if case.is_fresh(answered) => Step::Accept(id.clone()),
        _ => Step::Look(Sides::Ours, LookFor::Accept),
    }
}

/// What is said of one that is over before it could be accepted.
pub(super) fn ended(case: &Case<'_>, id: &SolutionId, status: Status) -> StopReason {
    if case.policy.named.is_some() {
        StopReason::NotInitiated(id.clone(), status)
    } else {
        StopReason::Ended(id.clone(), status)
    }
}
