//! What a rule sees: the row, the facts, what was asked and the time, and what follows from them alone.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    choose::{self, Messaging},
    facts::{Facts, Found, LookFor, Moment, Series},
    policy::{Clause, LEAVES_WITHIN, OVER_AFTER, Policy},
    step::{Step, StopReason},
};
use crate::{
    graph::{Solution, Status},
    ids::SolutionId,
    journal::{Entry, Post, State},
};

/// What a rule sees.
pub(crate) struct Case<'a> {
    pub(super) row: &'a Entry,
    pub(super) facts: &'a Facts,
    pub(super) policy: &'a Policy,
    pub(super) now: Moment,
}

/// Where a series of looks stands.
pub(super) enum At {
    /// A look is due.
    Look,
    /// A look was made; whether a pause and another one may follow.
    Judge(Series, Option<Duration>),
}

impl Case<'_> {
    /// The solution that this is about.
    pub(super) fn id(&self) -> Option<&SolutionId> {
        self.policy.named.as_ref().or(self.row.solution_id.as_ref())
    }

    pub(super) fn is_named_row(&self) -> bool {
        self.row.key.name.is_some()
    }

    /// How far the solution is, as far as this run has seen.
    pub(super) fn status(&self, id: &SolutionId) -> Option<Status> {
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
    pub(super) fn remembered(&self, id: &SolutionId) -> Option<Status> {
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
    pub(super) fn made(&self, id: &SolutionId) -> bool {
        self.row.made(id)
    }

    /// Where the looks of this purpose stand.
    pub(super) fn at(&self, purpose: LookFor) -> At {
        let pauses = &self.policy.pauses.looks;
        match self.facts.series {
            Some(series) if series.purpose == purpose && !self.facts.rested => {
                At::Judge(series, pauses.get(series.looks - 1).copied())
            }
            _ => At::Look,
        }
    }

    /// Reads an id, with the pauses where Meta does not show it yet. None: it was read.
    pub(super) fn reading(&self, id: &SolutionId) -> Option<Step> {
        let Some(reading) = self.facts.reads.get(id) else {
            return Some(Step::ReadId(id.clone()));
        };
        match reading.found {
            Found::Seen(_) | Found::Foreign => None,
            Found::Hidden if self.facts.rested => Some(Step::ReadId(id.clone())),
            Found::Hidden => match self.policy.pauses.looks.get(reading.tries - 1) {
                Some(pause) => Some(Step::Pause(*pause)),
                None => Some(Step::Stop(StopReason::Hidden(id.clone()))),
            },
            Found::Refused | Found::Failed => Some(Step::Stop(StopReason::Unread(id.clone()))),
        }
    }

    /// Live ones that this row may take, beside one that it may have.
    pub(super) fn live(&self, beside: Option<&SolutionId>) -> Vec<&Solution> {
        self.facts
            .shown()
            .filter(|item| choose::may_be_live(&item.status) && Some(&item.id) != beside)
            .filter(|item| !self.row.foreign.contains(&item.id))
            .filter(|item| self.facts.status(&item.id).is_none_or(choose::may_be_live))
            .collect()
    }

    /// Whether a solution is what a POST sent, by name and terms.
    pub(super) fn is_of(&self, post: &Post, item: &Solution) -> bool {
        let terms = Messaging::from_word(&post.messaging).unwrap_or(self.policy.messaging);
        item.name == post.name && terms.may_be(item, &self.row.key.partner)
    }

    /// Whether the terms are ours to take unasked.
    pub(super) fn on_our_terms(&self, item: &Solution) -> bool {
        self.policy.messaging.matches(item, &self.row.key.partner)
    }

    /// What was not there before the last POST, and is nobody else's.
    pub(super) fn new_ones(&self) -> Vec<&Solution> {
        self.facts
            .shown()
            .filter(|item| !self.row.seen.contains(&item.id))
            .filter(|item| !self.row.foreign.contains(&item.id))
            .filter(|item| !self.is_named_row() || item.name == self.row.solution_name)
            .collect()
    }

    /// Whether a POST ended so long ago, at this time, that what Meta made of it must show.
    pub(super) fn is_old(&self, post: &Post, at: Moment) -> bool {
        age(post, at) >= self.policy.pauses.without_answer
    }

    /// How long it takes until a POST is that old.
    pub(super) fn left(&self, post: &Post) -> Duration {
        left(post, self.now, self.policy.pauses.without_answer)
    }

    /// Whether a look that answered at this time is young enough for the write that it decides.
    pub(super) fn is_fresh(&self, answered: Duration) -> bool {
        self.facts.withheld
            || !self.policy.has(Clause::LeavesSoon)
            || self.now.run.saturating_sub(answered) <= LEAVES_WITHIN
    }
}

/// How long ago a POST ended; one that ends in the future ended now.
pub(crate) fn age(post: &Post, now: Moment) -> Duration {
    Duration::try_from(since(post, now)).unwrap_or_default()
}

/// How long it takes until a POST is so old.
pub(crate) fn left(post: &Post, now: Moment, old: Duration) -> Duration {
    let old = SignedDuration::try_from(old).unwrap_or(SignedDuration::MAX);
    Duration::try_from(old.saturating_sub(since(post, now))).unwrap_or_default()
}

/// Since when Meta's clock or ours has it that a POST ended: Meta's, where it told the time then and now; else that
/// of the two by which it is younger, so that a clock that was set makes nothing old.
fn since(post: &Post, now: Moment) -> SignedDuration {
    let meta_end = match post.ended_at {
        Some(_) => post.ended_at_meta,
        None => post.sent_at_meta.map(over_after),
    };
    if let (Some(ended), Some(now)) = (meta_end, now.meta) {
        return now.duration_since(ended);
    }
    let now = now.meta.map_or(now.wall, |meta| meta.min(now.wall));
    now.duration_since(over_at(post))
}

/// What the operator is told where a clock was set: an open POST was sent in the future, by our clock.
pub(crate) fn ahead(row: &Entry, now: Moment) -> Option<String> {
    let open = row.posts.iter().filter(|post| post.open);
    let post = open.max_by_key(|post| post.sent_at)?;
    if post.sent_at <= now.wall {
        return None;
    }
    let (owner, sent) = (&row.key.owner, post.sent_at);
    let counted = match (post.ended_at_meta.or(post.sent_at_meta), now.meta) {
        (Some(_), Some(_)) => "its age is counted by Meta's clock",
        _ => "it does not count as old until that time has passed",
    };
    Some(format!(
        "the create for app {owner} was written down as sent at {sent:.0}, which is in the future: the clock of this \
         machine was ahead then, or is behind now; {counted}"
    ))
}

/// When a POST was over, by our clock: a process that died leaves only when it began.
pub fn over_at(post: &Post) -> Timestamp {
    post.ended_at.unwrap_or_else(|| over_after(post.sent_at))
}

/// When a POST that was sent at this time is over, whatever became of its process.
fn over_after(sent: Timestamp) -> Timestamp {
    sent.checked_add(OVER_AFTER).unwrap_or(sent)
}

impl Case<'_> {
    /// Whether the look before an accept was made.
    pub(super) fn at_accept(&self) -> bool {
        self.facts
            .series
            .is_some_and(|series| series.purpose == LookFor::Accept)
    }

    /// What the journal knows of the pair: its ids, and what it accepted.
    pub(super) fn known(&self) -> Vec<&SolutionId> {
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
