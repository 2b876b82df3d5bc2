//! What Meta showed of a pair of apps, and when: all that the decision knows beside the journal's row.
//!
//! The one decision: a reading by id is taken as fresh, a listing as lagging, and a status only ever goes
//! forward, so of two sightings the one that is further counts, whichever came first.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::Timestamp;

use super::choose;
use crate::{
    graph::{Solution, Status},
    ids::SolutionId,
    journal::{Entry, State},
};

/// What time it is, by each clock that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Since the run began; counts while the machine sleeps.
    pub(crate) run: Duration,
    /// By this machine.
    pub(crate) wall: Timestamp,
    /// By Meta, where it has told.
    pub(crate) meta: Option<Timestamp>,
}

/// Which listings to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sides {
    /// Our own app's, as partner.
    Ours,
    /// The Tech Provider's app's, as owner.
    Owner,
    /// Both.
    Both,
}

/// What a listing came to.
#[derive(Debug, Clone, Default)]
pub(crate) enum Side {
    /// Nobody has asked.
    #[default]
    NotAsked,
    /// There is no token that could ask.
    NoToken,
    /// A plan has asked as many as its run can still use; the run asks when the app's turn comes.
    Later,
    /// Meta does not let the token list, or does not say what is whose.
    Refused,
    /// It broke off, so that it may be short.
    Failed,
    /// To its end.
    Complete(Listing),
}

/// What one complete listing shows of this pair of apps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listing {
    /// When it began.
    pub(crate) begun: Duration,
    /// When its last page came.
    pub(crate) answered: Duration,
    /// The pair's solutions, dead ones too.
    pub(crate) items: Vec<Solution>,
    /// Live ones of which nobody says whose they are.
    pub(crate) unattributed: Vec<SolutionId>,
}

impl Side {
    /// The listing, where it is complete.
    pub(crate) fn complete(&self) -> Option<&Listing> {
        match self {
            Self::Complete(listing) => Some(listing),
            _ => None,
        }
    }

    /// Whether it can say that something is not there, or has nothing to say at all.
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self, Self::NoToken | Self::Refused | Self::Complete(_))
    }

    fn items(&self) -> &[Solution] {
        self.complete().map_or(&[], |listing| &listing.items)
    }
}

/// What a reading by id came to.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// It is there, and it is this pair's.
    Seen(Box<Solution>),
    /// It is there and somebody else's: its owner app or its partner is another one.
    Foreign,
    /// Meta does not show it: it does not exist, or not for this token.
    Hidden,
    /// Meta does not let the token read it.
    Refused,
    /// No answer that could be read.
    Failed,
}

/// A reading by id.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) at: Duration,
    pub(crate) found: Found,
    /// How often it was read in a row.
    pub(crate) tries: usize,
}

/// What a series of looks is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LookFor {
    /// What is there before the first POST.
    First,
    /// What a POST of unknown outcome made.
    Lost,
    /// What an open POST made beside what was taken.
    Open,
    /// Another live one, where the row's is over.
    Another,
    /// What else these two apps have, before an accept.
    Accept,
}

/// Looks that belong together, with pauses between them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Series {
    pub(crate) purpose: LookFor,
    /// When the first one began.
    pub(crate) begun: Moment,
    /// When the last one began.
    pub(crate) last: Duration,
    /// How many.
    pub(crate) looks: usize,
    /// In which of them the owner's side was asked last.
    pub(crate) owner_in: usize,
}

/// What the other rows of the same two apps made or wait for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Claims {
    /// Their ids, adopted ones too.
    pub(crate) ids: BTreeSet<SolutionId>,
    /// The names of named rows whose POST is open.
    pub(crate) names: BTreeSet<String>,
    /// Whether any of them has a POST of unknown outcome.
    pub(crate) unknown: bool,
    /// What any row of the pair rejected as its own surplus.
    pub(crate) rejected: BTreeSet<SolutionId>,
}

impl Claims {
    /// What these rows claim against `row`. An ordinary row gives way to named ones; a named row to all.
    pub(crate) fn of<'a>(row: &Entry, rows: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut claims = Self::default();
        claims.rejected.extend(row.rejected.iter().cloned());
        for other in rows.into_iter().filter(|other| other.key != row.key) {
            let named = other.key.name.is_some();
            let lost = matches!(other.state, State::Sent | State::Unknown);
            claims.unknown |= lost;
            claims.rejected.extend(other.rejected.iter().cloned());
            if !named && row.key.name.is_none() {
                continue;
            }
            claims.ids.extend(other.solution_id.iter().cloned());
            claims.ids.extend(other.accepted.iter().cloned());
            claims.ids.extend(
                other
                    .posts
                    .iter()
                    .filter_map(|post| post.solution_id.clone()),
            );
            if named && (lost || other.has_open_post()) {
                let open = other.posts.iter().filter(|post| post.open);
                claims.names.extend(open.map(|post| post.name.clone()));
                claims.names.extend(other.key.name.clone());
            }
        }
        claims
    }

    /// Whether a solution is another row's.
    pub(crate) fn has(&self, solution: &Solution) -> bool {
        self.ids.contains(&solution.id) || self.names.contains(&solution.name)
    }
}

/// What is known of an accept of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AcceptAnswer {
    /// Meta said yes.
    Yes,
    /// No clear answer.
    Unknown,
    /// A clear no, which may mean that it is ACTIVE already.
    No {
        /// Whether the object may have changed under us, so that a listing may lag behind it.
        may_be_done: bool,
    },
}

/// All that Meta showed in this run, and what this run did.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// A user token, a system token.
    pub(crate) tokens: (bool, bool),
    /// The latest reading of each id.
    pub(crate) reads: BTreeMap<SolutionId, Reading>,
    /// Our side.
    pub(crate) ours: Side,
    /// The owner's side.
    pub(crate) owner: Side,
    /// The looks that belong together now.
    pub(crate) series: Option<Series>,
    /// Whether the last step was a pause.
    pub(crate) rested: bool,
    /// What other rows claim.
    pub(crate) claims: Claims,
    /// POSTs that create, of this run.
    pub(crate) posts: usize,
    /// When a long wait for the quota was over that refused one.
    pub(crate) waited: Option<Duration>,
    /// When Meta answered our create, and with which id.
    pub(crate) created: Option<(SolutionId, Duration)>,
    /// This run has looked for what is open, and went on without an answer.
    pub(crate) open_passed: bool,
    /// This run has looked for another one in place of an id.
    pub(crate) another_sought: bool,
    /// Taken in this run as what our own POST made.
    pub(crate) found: Option<SolutionId>,
    /// The accept of this run: what, and how it was answered.
    pub(crate) accept: Option<(SolutionId, AcceptAnswer)>,
    /// How often it was read back.
    pub(crate) read_backs: usize,
    /// What this run tried to reject.
    pub(crate) tried: BTreeSet<SolutionId>,
    /// When the lock was taken.
    pub(crate) locked: Duration,
    /// A plan: no write follows, so no look is too old for one.
    pub(crate) withheld: bool,
}

impl Facts {
    /// Everything that the last listings show and that is not another row's.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &Solution> {
        let ours = self.ours.items();
        let only_theirs = self
            .owner
            .items()
            .iter()
            .filter(|item| ours.iter().all(|known| known.id != item.id));
        ours.iter()
            .chain(only_theirs)
            .filter(|item| !self.claims.has(item))
    }

    /// What a reading by id in this run showed.
    pub(crate) fn read(&self, id: &SolutionId) -> Option<&Solution> {
        match &self.reads.get(id)?.found {
            Found::Seen(solution) => Some(solution),
            _ => None,
        }
    }

    /// How far a solution is: the furthest that any sighting of this run shows.
    pub(crate) fn status(&self, id: &SolutionId) -> Option<&Status> {
        self.sighting(id).map(|solution| &solution.status)
    }

    /// Whether Meta did not show an id when it was read, and no listing does.
    pub(crate) fn is_hidden(&self, id: &SolutionId) -> bool {
        let read = self.reads.get(id);
        self.sighting(id).is_none() && read.is_some_and(|read| matches!(read.found, Found::Hidden))
    }

    /// The sighting that is furthest.
    pub(crate) fn sighting(&self, id: &SolutionId) -> Option<&Solution> {
        let listed = self.ours.items().iter().chain(self.owner.items());
        listed
            .filter(|item| item.id == *id)
            .chain(self.read(id))
            .max_by_key(|solution| rank(&solution.status))
    }

    /// Whether a reading by id of this run shows it ACTIVE.
    pub(crate) fn is_read_active(&self, id: &SolutionId) -> bool {
        self.read(id)
            .is_some_and(|solution| choose::is_accepted(&solution.status))
    }

    /// What was seen is old: forget the listings and the looks.
    pub(crate) fn forget_looks(&mut self) {
        self.ours = Side::NotAsked;
        self.owner = Side::NotAsked;
        self.series = None;
    }
}

/// Statuses only go forward.
fn rank(status: &Status) -> u8 {
    match status {
        Status::Draft => 0,
        Status::Initiated => 1,
        Status::Other(_) => 2,
        Status::Active => 3,
        Status::Rejected => 4,
        Status::Deactivated => 5,
    }
}
