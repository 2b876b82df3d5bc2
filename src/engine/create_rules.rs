//! The rules that lead to one live solution: what the journal has, what is there, the POST, and what became of one whose
//! answer was lost.

use super::{
    case::{At, Case},
    choose::{self, is_accepted, is_waiting},
    facts::{LookFor, Series, Side, Sides},
    policy::Clause,
    step::{End, Step, StopReason},
};
use crate::{
    graph::{Solution, Status},
    ids::SolutionId,
    journal::{Goal, Post, PostEnd, State},
};

/// Step 0. The id of a row is looked at: where this run's listing shows it, else by id.
pub(super) fn journaled(case: &Case<'_>) -> Option<Step> {
    let id = case.id()?;
    let Some(status) = case.status(id) else {
        return match case.reading(id) {
            Some(Step::Stop(StopReason::Hidden(_))) => Some(hidden(case, id)),
            other => other,
        };
    };
    if status == Status::Draft {
        return Some(Step::Stop(StopReason::Draft(id.clone())));
    }
    let named = case.policy.named.is_some();
    (named && !is_accepted(&status) && !is_waiting(&status))
        .then(|| Step::Stop(StopReason::NotInitiated(id.clone(), status)))
}

/// Step 0. The id that an answer named, and that Meta shows to nobody: what our POST really made stands in the listings.
/// Where they show nothing of it, the operator's word decides.
fn hidden(case: &Case<'_>, id: &SolutionId) -> Step {
    let stop = Step::Stop(StopReason::Hidden(id.clone()));
    let answered = |post: &&Post| post.solution_id.as_ref() == Some(id);
    let post = case.row.posts.iter().find(answered);
    let Some(post) = post.filter(|_| case.policy.look) else {
        return stop;
    };
    // Once a run: the looks of other purposes between would begin it anew without end.
    if !case.facts.another_sought {
        return Step::Look(Sides::Both, LookFor::Another);
    }
    let ours = case.new_ones().into_iter();
    let ours = ours.filter(|item| item.id != *id && case.is_of(post, item));
    let live = ours.filter(|item| choose::may_be_live(&item.status));
    choose::first(live).map_or(stop, |found| Step::Adopt(found.id.clone()))
}

/// Step 0. One that is over: another live one of the pair is taken in its place; else whoever made it, or takes
/// it up, stops.
pub(super) fn over(case: &Case<'_>) -> Option<Step> {
    let id = case.id()?;
    let status = case.status(id).filter(Status::is_over)?;
    let looks = case.policy.look && case.policy.has(Clause::LookAfterOver) && !case.is_named_row();
    if looks {
        let At::Judge(..) = case.at(LookFor::Another) else {
            return Some(Step::Look(Sides::Both, LookFor::Another));
        };
        if let Some(first) = choose::first(case.live(Some(id))) {
            return Some(Step::Adopt(first.id.clone()));
        }
    }
    let facts = &case.facts;
    let made_now = facts.created.is_some() || facts.found.is_some() || facts.accept.is_some();
    if case.policy.resuming || made_now {
        return Some(Step::Stop(StopReason::Ended(id.clone(), status)));
    }
    let ours = case.facts.claims.rejected.contains(id);
    (case.policy.pass_over_dead && !ours).then(|| Step::Done(End::Skipped(Some(id.clone()))))
}

/// `--no-look`: what is under way is for `resume`, which looks.
pub(super) fn no_look(case: &Case<'_>) -> Option<Step> {
    let open = matches!(case.row.state, State::Sent | State::Unknown) || case.facts.claims.unknown;
    (!case.policy.look && open && case.facts.posts == 0 && needs_one(case))
        .then_some(Step::Stop(StopReason::Unfinished))
}

/// Whether there is no solution to go on with.
pub(super) fn needs_one(case: &Case<'_>) -> bool {
    case.id()
        .is_none_or(|id| case.status(id).is_some_and(|status| status.is_over()))
}

/// Step 4. A POST of unknown outcome: ours is the new one with our name and terms; another new one does not end
/// the search before the last pause.
pub(super) fn lost(case: &Case<'_>) -> Option<Step> {
    if case.id().is_some() || !matches!(case.row.state, State::Sent | State::Unknown) {
        return None;
    }
    if case.facts.tokens == (false, false) {
        return Some(Step::Stop(StopReason::Unknown(NOBODY_LOOKS)));
    }
    let At::Judge(series, pause) = case.at(LookFor::Lost) else {
        return Some(Step::Look(Sides::Both, LookFor::Lost));
    };
    let post = case.row.posts.last()?;
    let new = case.new_ones();
    let (exact, others): (Vec<&Solution>, Vec<&Solution>) =
        new.into_iter().partition(|item| case.is_of(post, item));
    if let Some(found) = choose::first(
        exact
            .iter()
            .copied()
            .filter(|item| choose::may_be_live(&item.status)),
    ) {
        return Some(Step::Adopt(found.id.clone()));
    }
    if let Some(draft) = exact.iter().find(|item| item.status == Status::Draft) {
        return Some(Step::Stop(StopReason::Draft(draft.id.clone())));
    }
    // Sent without a look, ours is not told from one that ended long ago.
    let over = exact
        .iter()
        .filter(|item| item.status.is_over() && case.row.looked);
    if let Some(over) = over.max_by_key(|item| &item.id) {
        return Some(Step::Adopt(over.id.clone()));
    }
    if let Some(pause) = pause {
        return Some(Step::Pause(pause));
    }
    let live = others
        .into_iter()
        .filter(|item| choose::may_be_live(&item.status));
    if let Some(other) = choose::first(live).filter(|_| !case.is_named_row()) {
        return Some(Step::Adopt(other.id.clone()));
    }
    // A clear answer is final, and so is what cannot be settled by waiting.
    let answered = matches!(post.end, PostEnd::Trouble | PostEnd::Refused);
    let young = !answered && !case.is_old(post, series.begun);
    if case.policy.waits && case.policy.look && young && case.facts.posts <= 1 {
        return Some(Step::Pause(case.left(post)));
    }
    Some(match forbids(case, post, series) {
        Some(why) => Step::Stop(StopReason::Unknown(why)),
        None => Step::Post,
    })
}

/// StopReason nothing is known where no token can look.
pub(super) const NOBODY_LOOKS: &str = "there is no token at hand that could look for it";

/// Step 4. StopReason no second POST may follow.
pub(super) fn forbids(case: &Case<'_>, last: &Post, series: Series) -> Option<&'static str> {
    let ours = case.facts.ours.complete();
    let absent = ours.is_some_and(|listing| listing.unattributed.is_empty())
        && case.facts.owner.is_settled()
        && case
            .facts
            .owner
            .complete()
            .is_none_or(|listing| listing.unattributed.is_empty());
    let answered = matches!(last.end, PostEnd::Trouble | PostEnd::Refused);
    let at = if case.policy.has(Clause::OldAtFirstLook) {
        series.begun
    } else {
        case.now
    };
    if !case.policy.look {
        Some("it was sent without a look (--no-look), so it is never sent again")
    } else if !absent {
        Some(
            "Meta's listings do not tell; where Meta's App Dashboard shows it, `mps accept` with its id settles it",
        )
    } else if case.facts.posts > 1 {
        Some("it was sent twice in this run, and Meta shows neither")
    } else if !answered && case.policy.has(Clause::OldAtFirstLook) && !case.is_old(last, at) {
        Some(
            "Meta does not show it yet; what had no answer is sent again 10 minutes after it at the earliest",
        )
    } else {
        None
    }
}

/// Step 1. What is there is taken; to say that there is none, both sides are asked.
pub(super) fn first(case: &Case<'_>) -> Option<Step> {
    if !needs_one(case) || case.policy.named.is_some() {
        return None;
    }
    if matches!(case.row.state, State::Sent | State::Unknown) {
        return None;
    }
    if case.policy.resuming && case.row.state == State::Failed {
        // Another run has finished with it since it was listed.
        return Some(Step::Done(End::Skipped(None)));
    }
    if !case.policy.look {
        return Some(post(case));
    }
    if case.facts.tokens == (false, false) {
        return Some(Step::Stop(StopReason::NoUser));
    }
    let facts = case.facts;
    let (user, system) = facts.tokens;
    let ask = |side: &Side, sides, has| {
        (has && matches!(side, Side::NotAsked)).then_some(Step::Look(sides, LookFor::First))
    };
    if let Some(step) = ask(&facts.ours, Sides::Ours, system).or_else(|| there_is_one(case)) {
        return Some(step);
    }
    let both = case.policy.has(Clause::BothSides) || facts.ours.complete().is_none();
    if let Some(step) = ask(&facts.owner, Sides::Owner, user && both).or_else(|| there_is_one(case))
    {
        return Some(step);
    }
    if let Some(step) = cannot_say(case) {
        return Some(step);
    }
    let skipped = passed_over(case).filter(|_| !case.is_named_row());
    Some(skipped.map_or_else(|| post(case), |id| Step::Done(End::Skipped(Some(id)))))
}

/// A live one is taken, whatever its name; but not by a row that makes another one on purpose.
pub(super) fn there_is_one(case: &Case<'_>) -> Option<Step> {
    let live = choose::first(case.live(case.id()))?;
    (!case.is_named_row()).then(|| Step::Adopt(live.id.clone()))
}

/// StopReason nobody can say that there is none.
pub(super) fn cannot_say(case: &Case<'_>) -> Option<Step> {
    let (ours, owner) = (&case.facts.ours, &case.facts.owner);
    for (sides, side) in [(Sides::Ours, ours), (Sides::Owner, owner)] {
        let unsaid = side.complete().map(|listing| &listing.unattributed);
        if let Some(ids) = unsaid.filter(|ids| !ids.is_empty()) {
            return Some(Step::Stop(StopReason::Unattributed(sides, ids.clone())));
        }
    }
    Some(Step::Stop(match (ours, owner) {
        (Side::Refused, _) => StopReason::LookRefused(Sides::Ours),
        (Side::Failed, _) | (_, Side::Failed) => StopReason::LookFailed,
        (Side::Complete(_), _) | (Side::NoToken | Side::NotAsked, Side::Complete(_)) => {
            return None;
        }
        (_, Side::Refused) => StopReason::LookRefused(Sides::Owner),
        _ => StopReason::NoUser,
    }))
}

/// The latest dead one, where it is passed over: `--all` passes over all, a resumed row over one that it has not
/// seen, for whoever wrote it did not mean to make another in its place. What we rejected as our own surplus
/// does not count.
pub(super) fn passed_over(case: &Case<'_>) -> Option<SolutionId> {
    let dead = case
        .facts
        .shown()
        .filter(|item| item.status.is_over() && !case.facts.claims.rejected.contains(&item.id))
        .max_by_key(|item| &item.id)?;
    let unseen = case.policy.resuming && !case.row.seen.contains(&dead.id);
    (case.policy.pass_over_dead || unseen).then(|| dead.id.clone())
}

/// The POST, if there is a token for it.
pub(super) fn post(case: &Case<'_>) -> Step {
    if case.facts.tokens.0 {
        Step::Post
    } else {
        Step::Stop(StopReason::NoUser)
    }
}

/// Step 4. An open POST is looked for once more, ten minutes after its end, and only then closed; what shows
/// then with our name and terms is surplus.
pub(super) fn open(case: &Case<'_>) -> Option<Step> {
    let closes =
        case.policy.resuming || (case.policy.goal == Goal::Active && case.policy.named.is_none());
    // Looked for in vain once, it stays open: the look before an accept would take turns with it for ever.
    if !case.row.has_open_post() || !closes || !case.policy.look || case.facts.open_passed {
        return None;
    }
    let posts = &case.row.posts;
    let ripe = |at| posts.iter().any(|post| post.open && case.is_old(post, at));
    let begun = match case.facts.series {
        Some(series)
            if series.purpose == LookFor::Open && (!case.policy.waits || ripe(series.begun)) =>
        {
            series.begun
        }
        _ => case.now,
    };
    let old: Vec<&Post> = case
        .row
        .posts
        .iter()
        .filter(|post| post.open && case.is_old(post, begun))
        .collect();
    if old.is_empty() {
        let left = case.row.posts.iter().filter(|post| post.open);
        let left = left.map(|post| case.left(post));
        return case
            .policy
            .waits
            .then(|| Step::Pause(left.min().unwrap_or_default()));
    }
    let pause = match case.at(LookFor::Open) {
        At::Judge(series, pause) if series.begun == begun => pause,
        _ => return Some(Step::Look(Sides::Both, LookFor::Open)),
    };
    let taken = case.id();
    let beside: Vec<SolutionId> = case
        .new_ones()
        .into_iter()
        .filter(|item| choose::may_be_live(&item.status) && Some(&item.id) != taken)
        .filter(|item| old.iter().any(|post| case.is_of(post, item)))
        .map(|item| item.id.clone())
        .collect();
    match pause {
        Some(pause) if beside.len() < old.len() => Some(Step::Pause(pause)),
        _ if case.facts.ours.complete().is_some() => Some(Step::Close(beside)),
        // Nobody could look: it stays open.
        _ => None,
    }
}

/// `create`: what is INITIATED is done.
pub(super) fn initiated(case: &Case<'_>) -> Option<Step> {
    let id = case.id()?;
    (case.policy.goal == Goal::Initiated).then(|| Step::Done(End::Reached(id.clone())))
}
