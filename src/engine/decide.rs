//! The one decision: what is to be done next with an app.
//!
//! Pure: the journal's row, what Meta showed, what was asked and the time go in, one step comes out. Everybody
//! who wants to know asks here (the plan, `--dry-run`, every command, another machine), so that a rule stands
//! once. [`RULES`] is the table; the first rule that has something to say decides.

use std::time::Duration;

use super::{
    choose::{self, Messaging, is_accepted, is_waiting},
    facts::{AcceptAnswer, Clock, Facts, Found, LookFor, Series, Side, Sides},
    policy::{Clause, LEAVES_WITHIN, OVER_AFTER, Policy},
};
use crate::{
    graph::{Solution, Status},
    ids::SolutionId,
    journal::{AcceptEnd, Entry, Goal, Post, PostEnd, State},
};

/// What is done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Read a solution by its id.
    ReadId(SolutionId),
    /// List what these apps have with each other.
    Look(Sides, LookFor),
    /// Take a solution that is there.
    Adopt(SolutionId),
    /// Send the POST that creates.
    Post,
    /// Wait so long before the next read.
    Pause(Duration),
    /// Accept it.
    Accept(SolutionId),
    /// Read what was accepted.
    ReadBack(SolutionId),
    /// Reject what our own POST made and nobody needs.
    RejectOwnSurplus(SolutionId),
    /// The open POSTs are old enough and were looked for: close them; what showed beside is surplus.
    Close(Vec<SolutionId>),
    /// Nothing is left to do.
    Done(End),
    /// Nothing can be done, or nothing may be.
    Stop(Why),
}

/// How it ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// The solution is where it is to be.
    Reached(SolutionId),
    /// Passed over: the latest one is over, or nothing is left to take up.
    Skipped(Option<SolutionId>),
}

/// Why it stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// Only the Tech Provider's token could do it.
    NoUser,
    /// Only our token could do it.
    NoSystem,
    /// Meta refuses the listings that would say whether there is one.
    LookRefused(Sides),
    /// Live ones on our side of which nobody says whose they are.
    Unattributed(Vec<SolutionId>),
    /// A listing broke off.
    LookFailed,
    /// `--no-look` with unfinished work.
    Unfinished,
    /// Meta does not show it.
    Hidden(SolutionId),
    /// Meta refuses the reading, or it failed.
    Unread(SolutionId),
    /// Whether the POST made one is not known.
    Unknown(&'static str),
    /// It is over, and was made by us.
    Ended(SolutionId, Status),
    /// In no state to be accepted.
    NotInitiated(SolutionId, Status),
    /// Our own lies there as a draft.
    Draft(SolutionId),
    /// The one that comes first is on other terms than ours.
    OtherTerms {
        /// It.
        first: SolutionId,
        /// Ours, where there is one.
        ours: Option<SolutionId>,
    },
    /// The one that was named is not the first.
    SecondLive {
        /// The one that was named.
        named: SolutionId,
        /// The one that comes first.
        first: SolutionId,
        /// Whether an accept of the first is under way.
        under_way: bool,
    },
    /// No listing shows our own.
    NotListed(SolutionId),
    /// Meta refuses every listing that must be seen before an accept.
    AcceptUnlisted(SolutionId),
    /// Meta refused the accept.
    AcceptRefused(SolutionId),
    /// Whether the accept worked is not known.
    AcceptUnknown(SolutionId),
}

/// What a rule sees.
pub(crate) struct Case<'a> {
    row: &'a Entry,
    facts: &'a Facts,
    policy: &'a Policy,
    now: Clock,
}

type Rule = fn(&Case<'_>) -> Option<Step>;

/// The table, first to last.
pub(crate) const RULES: &[(&str, Rule)] = &[
    ("a read back follows its accept", read_back),
    ("an accept under way comes first", under_way),
    (
        "a journaled id is looked at before anything else",
        journaled,
    ),
    ("what is over makes room for another live one", over),
    ("without a look nothing open is touched", no_look),
    ("a lost POST is looked for", lost),
    ("look before the first POST", first),
    ("an open POST is looked for once it is old", open),
    ("INITIATED is enough", initiated),
    ("what is ACTIVE is done, but for our surplus", active),
    ("look before an accept", before_accept),
];

/// What is to be done next.
pub(crate) fn decide(row: &Entry, facts: &Facts, policy: &Policy, now: Clock) -> Step {
    let case = Case {
        row,
        facts,
        policy,
        now,
    };
    let decided = RULES.iter().find_map(|(_, rule)| rule(&case));
    // The last rule always says something; an end is the safe answer to a hole in the table.
    decided.unwrap_or(Step::Stop(Why::Unknown("nothing more can be decided")))
}

/// Where a series of looks stands.
enum At {
    /// A look is due.
    Look,
    /// A look was made; whether a pause and another one may follow.
    Judge(Series, Option<Duration>),
}

impl Case<'_> {
    /// The solution that this is about.
    fn id(&self) -> Option<&SolutionId> {
        self.policy.named.as_ref().or(self.row.solution_id.as_ref())
    }

    fn is_named_row(&self) -> bool {
        self.row.key.name.is_some()
    }

    /// How far the solution is, as far as this run has seen.
    fn status(&self, id: &SolutionId) -> Option<Status> {
        if let Some(status) = self.facts.status(id) {
            return Some(status.clone());
        }
        let created = self.facts.created.as_ref();
        created
            .filter(|(made, _)| made == id)
            .map(|_| Status::Initiated)
            .or_else(|| self.remembered(id))
    }

    /// With `--no-check` the journal's word is enough where Meta lets nobody read.
    fn remembered(&self, id: &SolutionId) -> Option<Status> {
        if self.policy.check {
            return None;
        }
        if self.policy.named.as_ref() == Some(id) {
            return Some(Status::Initiated);
        }
        let refused = matches!(self.facts.reads.get(id)?.found, Found::Refused);
        match self.row.state {
            State::Created if refused => Some(Status::Initiated),
            State::Accepted if refused => Some(Status::Active),
            _ => None,
        }
    }

    /// Whether the row's own POST made it, as far as we know.
    fn made(&self, id: &SolutionId) -> bool {
        self.row.made(id)
    }

    /// Where the looks of this purpose stand.
    fn at(&self, purpose: LookFor) -> At {
        let pauses = &self.policy.pauses.looks;
        match self.facts.series {
            Some(series) if series.purpose == purpose && !self.facts.rested => {
                At::Judge(series, pauses.get(series.looks - 1).copied())
            }
            _ => At::Look,
        }
    }

    /// Reads an id, with the pauses where Meta does not show it yet. None: it was read.
    fn reading(&self, id: &SolutionId) -> Option<Step> {
        let Some(reading) = self.facts.reads.get(id) else {
            return Some(Step::ReadId(id.clone()));
        };
        match reading.found {
            Found::Seen(_) | Found::Foreign => None,
            Found::Hidden if self.facts.rested => Some(Step::ReadId(id.clone())),
            Found::Hidden => match self.policy.pauses.looks.get(reading.tries - 1) {
                Some(pause) => Some(Step::Pause(*pause)),
                None => Some(Step::Stop(Why::Hidden(id.clone()))),
            },
            Found::Refused | Found::Failed => Some(Step::Stop(Why::Unread(id.clone()))),
        }
    }

    /// Live ones that this row may take, beside one that it may have.
    fn live(&self, beside: Option<&SolutionId>) -> Vec<&Solution> {
        self.facts
            .shown()
            .filter(|item| choose::may_be_live(&item.status) && Some(&item.id) != beside)
            .filter(|item| !self.row.foreign.contains(&item.id))
            .filter(|item| self.facts.status(&item.id).is_none_or(choose::may_be_live))
            .collect()
    }

    /// Whether a solution is what a POST sent, by name and terms.
    fn is_of(&self, post: &Post, item: &Solution) -> bool {
        let terms = Messaging::from_word(&post.messaging).unwrap_or(self.policy.messaging);
        item.name == post.name && terms.may_be(item, &self.row.key.partner)
    }

    /// Whether the terms are ours to take unasked.
    fn on_our_terms(&self, item: &Solution) -> bool {
        self.policy.messaging.matches(item, &self.row.key.partner)
    }

    /// What was not there before the last POST, and is nobody else's.
    fn new_ones(&self) -> Vec<&Solution> {
        self.facts
            .shown()
            .filter(|item| !self.row.seen.contains(&item.id))
            .filter(|item| !self.row.foreign.contains(&item.id))
            .filter(|item| !self.is_named_row() || item.name == self.row.solution_name)
            .collect()
    }

    /// Whether a POST ended so long ago, at this time, that what Meta made of it must show.
    fn is_old(&self, post: &Post, at: Clock) -> bool {
        age(post, at) >= self.policy.pauses.without_answer
    }

    /// Whether a look that answered at this time is young enough for the write that it decides.
    fn is_fresh(&self, answered: Duration) -> bool {
        self.facts.withheld
            || !self.policy.has(Clause::LeavesSoon)
            || self.now.run.saturating_sub(answered) <= LEAVES_WITHIN
    }
}

/// How long ago a POST ended: by Meta's clock where it told the time then and now, else by ours, of which one
/// that was set back makes nothing old.
pub(crate) fn age(post: &Post, now: Clock) -> Duration {
    let by = |ended: jiff::Timestamp, now: jiff::Timestamp| {
        Duration::try_from(now.duration_since(ended)).unwrap_or_default()
    };
    let ended = post
        .ended_at
        .or_else(|| post.sent_at.checked_add(OVER_AFTER).ok())
        .unwrap_or(post.sent_at);
    match (post.ended_at_meta, now.meta) {
        (Some(ended), Some(now)) => by(ended, now),
        _ => by(ended, now.wall),
    }
}

/// Step 6. What was accepted in this run is read until Meta shows it ACTIVE.
fn read_back(case: &Case<'_>) -> Option<Step> {
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
        (AcceptAnswer::Unknown, _) => Some(Step::Stop(Why::AcceptUnknown(id.clone()))),
        (AcceptAnswer::No { .. }, _) => Some(Step::Stop(Why::AcceptRefused(id.clone()))),
    }
}

/// Step 5. An accept whose end is not known makes its id the first: it is read, and it alone is sent again.
fn under_way(case: &Case<'_>) -> Option<Step> {
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
        return Some(Step::Stop(Why::SecondLive {
            named: named.clone(),
            first: id.clone(),
            under_way: true,
        }));
    }
    if case.policy.goal != Goal::Active {
        return None;
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

/// Step 0. The id of a row is looked at: where this run's listing shows it, else by id.
fn journaled(case: &Case<'_>) -> Option<Step> {
    let id = case.id()?;
    let Some(status) = case.status(id) else {
        return case.reading(id);
    };
    if status == Status::Draft {
        return Some(Step::Stop(Why::Draft(id.clone())));
    }
    let named = case.policy.named.is_some();
    (named && !is_accepted(&status) && !is_waiting(&status))
        .then(|| Step::Stop(Why::NotInitiated(id.clone(), status)))
}

/// Step 0. One that is over: another live one of the pair is taken in its place; else whoever made it, or takes
/// it up, stops.
fn over(case: &Case<'_>) -> Option<Step> {
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
    let made_now = case.facts.created.is_some() || case.facts.found || case.facts.accept.is_some();
    if case.policy.resuming || made_now {
        return Some(Step::Stop(Why::Ended(id.clone(), status)));
    }
    let ours = case.facts.claims.rejected.contains(id);
    (case.policy.pass_over_dead && !ours).then(|| Step::Done(End::Skipped(Some(id.clone()))))
}

/// `--no-look`: what is under way is for `resume`, which looks.
fn no_look(case: &Case<'_>) -> Option<Step> {
    let open = matches!(case.row.state, State::Sent | State::Unknown) || case.facts.claims.unknown;
    (!case.policy.look && open && case.facts.posts == 0 && needs_one(case))
        .then_some(Step::Stop(Why::Unfinished))
}

/// Whether there is no solution to go on with.
fn needs_one(case: &Case<'_>) -> bool {
    case.id()
        .is_none_or(|id| case.status(id).is_some_and(|status| status.is_over()))
}

/// Step 4. A POST of unknown outcome: ours is the new one with our name and terms; another new one does not end
/// the search before the last pause.
fn lost(case: &Case<'_>) -> Option<Step> {
    if case.id().is_some() || !matches!(case.row.state, State::Sent | State::Unknown) {
        return None;
    }
    if case.facts.tokens == (false, false) {
        return Some(Step::Stop(Why::Unknown(NOBODY_LOOKS)));
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
        return Some(Step::Stop(Why::Draft(draft.id.clone())));
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
    Some(match forbids(case, post, series) {
        Some(why) => Step::Stop(Why::Unknown(why)),
        None => Step::Post,
    })
}

/// Why nothing is known where no token can look.
const NOBODY_LOOKS: &str = "there is no token at hand that could look for it";

/// Step 4. Why no second POST may follow.
fn forbids(case: &Case<'_>, last: &Post, series: Series) -> Option<&'static str> {
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
fn first(case: &Case<'_>) -> Option<Step> {
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
        return Some(Step::Stop(Why::NoUser));
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
fn there_is_one(case: &Case<'_>) -> Option<Step> {
    let live = choose::first(case.live(case.id()))?;
    (!case.is_named_row()).then(|| Step::Adopt(live.id.clone()))
}

/// Why nobody can say that there is none.
fn cannot_say(case: &Case<'_>) -> Option<Step> {
    let (ours, owner) = (&case.facts.ours, &case.facts.owner);
    let unsaid: Vec<SolutionId> = [ours, owner]
        .into_iter()
        .filter_map(Side::complete)
        .flat_map(|listing| listing.unattributed.iter().cloned())
        .collect();
    let why = if !unsaid.is_empty() {
        Why::Unattributed(unsaid)
    } else {
        match (ours, owner) {
            (Side::Refused, _) => Why::LookRefused(Sides::Ours),
            (Side::Failed, _) | (_, Side::Failed) => Why::LookFailed,
            (Side::Complete(_), _) | (Side::NoToken | Side::NotAsked, Side::Complete(_)) => {
                return None;
            }
            (_, Side::Refused) => Why::LookRefused(Sides::Owner),
            _ => Why::NoUser,
        }
    };
    Some(Step::Stop(why))
}

/// The latest dead one, where it is passed over: `--all` passes over all, a resumed row over one that it has not
/// seen, for whoever wrote it did not mean to make another in its place. What we rejected as our own surplus
/// does not count.
fn passed_over(case: &Case<'_>) -> Option<SolutionId> {
    let dead = case
        .facts
        .shown()
        .filter(|item| item.status.is_over() && !case.facts.claims.rejected.contains(&item.id))
        .max_by_key(|item| &item.id)?;
    let unseen = case.policy.resuming && !case.row.seen.contains(&dead.id);
    (case.policy.pass_over_dead || unseen).then(|| dead.id.clone())
}

/// The POST, if there is a token for it.
fn post(case: &Case<'_>) -> Step {
    if case.facts.tokens.0 {
        Step::Post
    } else {
        Step::Stop(Why::NoUser)
    }
}

/// Step 4. An open POST is looked for once more, ten minutes after its end, and only then closed; what shows
/// then with our name and terms is surplus.
fn open(case: &Case<'_>) -> Option<Step> {
    let closes =
        case.policy.resuming || (case.policy.goal == Goal::Active && case.policy.named.is_none());
    if !case.row.has_open_post() || !closes || !case.policy.look {
        return None;
    }
    let begun = match case.facts.series {
        Some(series) if series.purpose == LookFor::Open => series.begun,
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
        let left = left.map(|post| {
            case.policy
                .pauses
                .without_answer
                .saturating_sub(age(post, case.now))
        });
        return case
            .policy
            .waits
            .then(|| Step::Pause(left.min().unwrap_or_default()));
    }
    let At::Judge(_, pause) = case.at(LookFor::Open) else {
        return Some(Step::Look(Sides::Both, LookFor::Open));
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
fn initiated(case: &Case<'_>) -> Option<Step> {
    let id = case.id()?;
    (case.policy.goal == Goal::Initiated).then(|| Step::Done(End::Reached(id.clone())))
}

/// Step 7. What is ACTIVE is done, but for our own surplus: only what came in an answer, never accepted, and
/// only beside one that was read ACTIVE by its id in this run.
fn active(case: &Case<'_>) -> Option<Step> {
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

impl Case<'_> {
    /// Whether the look before an accept was made.
    fn at_accept(&self) -> bool {
        self.facts
            .series
            .is_some_and(|series| series.purpose == LookFor::Accept)
    }

    /// What the journal knows of the pair: its ids, and what it accepted.
    fn known(&self) -> Vec<&SolutionId> {
        let row = self.row;
        let posts = row
            .posts
            .iter()
            .filter_map(|post| post.solution_id.as_ref());
        let accept = row.accept.as_ref().map(|accept| &accept.solution_id);
        let all = row
            .solution_id
            .iter()
            .chain(&row.accepted)
            .chain(posts)
            .chain(accept);
        let mut known: Vec<&SolutionId> = Vec::new();
        for id in all {
            if !known.contains(&id) && !row.foreign.contains(id) {
                known.push(id);
            }
        }
        known
    }
}

/// Step 5. What these two apps have is looked at once more, and which one is taken is the same for every door
/// and machine: an ACTIVE one, else the smallest id.
fn before_accept(case: &Case<'_>) -> Option<Step> {
    let id = case.id()?;
    let status = case.status(id)?;
    if status.is_over() {
        // `over` has said what there is to say.
        return Some(Step::Stop(ended(case, id, status)));
    }
    if !is_waiting(&status) {
        return Some(Step::Stop(Why::NotInitiated(id.clone(), status)));
    }
    if !case.facts.tokens.1 {
        return Some(Step::Stop(Why::NoSystem));
    }
    let named = case.policy.named.is_some();
    if !case.policy.check || (named && case.policy.allow_duplicate) {
        return Some(Step::Accept(id.clone()));
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
        return Some(Step::Stop(Why::AcceptUnlisted(id.clone())));
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
        return Some(match pause {
            Some(pause) => Step::Pause(pause),
            None if case.facts.ours.complete().is_none()
                && case.facts.owner.complete().is_none() =>
            {
                Step::Stop(Why::LookFailed)
            }
            None => Step::Stop(Why::NotListed(id.clone())),
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
fn rivals<'a>(case: &'a Case<'_>, id: &SolutionId) -> Vec<&'a Solution> {
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
fn owner_too(case: &Case<'_>, id: &SolutionId, series: Series) -> Option<Step> {
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
fn not_ours_first(case: &Case<'_>, id: &SolutionId, first: &Solution) -> Step {
    if let Some(named) = &case.policy.named {
        return Step::Stop(Why::SecondLive {
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
    Step::Stop(Why::OtherTerms {
        first: first.id.clone(),
        ours: Some(id.clone()),
    })
}

/// Ours comes first: it is accepted, if its terms are ours and the look is young.
fn own_is_first(case: &Case<'_>, id: &SolutionId) -> Step {
    let foreign = case.policy.named.is_none() && !case.made(id);
    if foreign {
        let unsaid = |item: &Solution| item.partners.is_none() || item.owner_permissions.is_none();
        match case.facts.read(id).or_else(|| case.facts.sighting(id)) {
            Some(seen) if case.on_our_terms(seen) => {}
            Some(seen) if unsaid(seen) && !case.facts.reads.contains_key(id) => {
                return Step::ReadId(id.clone());
            }
            _ => {
                return Step::Stop(Why::OtherTerms {
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
fn ended(case: &Case<'_>, id: &SolutionId, status: Status) -> Why {
    if case.policy.named.is_some() {
        Why::NotInitiated(id.clone(), status)
    } else {
        Why::Ended(id.clone(), status)
    }
}
