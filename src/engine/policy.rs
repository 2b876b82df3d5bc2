//! What was asked of the engine, and how long it waits between reads.

use std::time::Duration;

use super::choose::Messaging;
use crate::{ids::SolutionId, journal::Goal};

/// What the operator asked of the engine.
#[derive(Debug, Clone)]
pub struct Policy {
    /// How far each app goes: INITIATED (`create`) or ACTIVE (`onboard`).
    pub goal: Goal,
    /// Who may send messages.
    pub messaging: Messaging,
    /// Look for existing solutions first (off with `--no-look`).
    pub look: bool,
    /// Read before and after accepting (off with `--no-check`).
    pub check: bool,
    /// Make another solution on purpose; the name becomes part of the key. For a solution that is named to be
    /// accepted: accept it beside another live one.
    pub allow_duplicate: bool,
    /// Pass over apps whose latest solution with us is dead (`--all`).
    pub pass_over_dead: bool,
    /// The solution that the operator named to be accepted: its terms are theirs to judge.
    pub named: Option<SolutionId>,
    /// `resume`: only what is unfinished in the journal is taken up, and no dead solution is replaced.
    pub resuming: bool,
    /// Reject our own surplus (`onboard`, `resume`); `create` never does.
    pub rejects_surplus: bool,
    /// Wait until a POST without an answer is old enough to be looked for the last time (`--wait`).
    pub waits: bool,
    /// How long to wait between reads.
    pub pauses: Pauses,
    /// The clauses that a test takes out to see its run end wrong.
    #[cfg(test)]
    pub(crate) without: Vec<Clause>,
}

/// A clause of the decision that a test can take out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) enum Clause {
    /// Step 0: the lock covers the accept with its look.
    Lock,
    /// Step 0: after a REJECTED one others are looked for.
    LookAfterOver,
    /// Step 1: both sides are asked before it is said that there is none.
    BothSides,
    /// Step 3: a POST leaves soon after its intent, an accept soon after its look.
    LeavesSoon,
    /// Step 4: without an answer, ten minutes before the series begins.
    OldAtFirstLook,
    /// Step 4: taking another one does not close the POST.
    StaysOpen,
    /// Step 4: a named row takes its own name only, and nobody else takes what it claims.
    NamedClaims,
    /// Step 5: what the journal knows counts as shown.
    KnownCounts,
    /// Step 5: an accept waits until its own is listed.
    OwnListed,
    /// Step 5: two INITIATED wait for each other.
    TwoWait,
    /// Step 5: an accept whose end is not known comes first.
    UnderWayFirst,
    /// Step 5: the owner's side is asked where ours does not show it.
    OwnerToo,
    /// Step 7: only what an answer named is rejected unasked.
    OnlyAnswered,
    /// Step 7: only beside one that was read ACTIVE.
    BesideActive,
}

impl Policy {
    /// Whether a clause holds: always, but where a test took it out.
    #[cfg(test)]
    pub(crate) fn has(&self, clause: Clause) -> bool {
        !self.without.contains(&clause)
    }

    /// Whether a clause holds: always, but where a test took it out.
    #[cfg(not(test))]
    #[allow(clippy::unused_self)]
    pub(crate) fn has(&self, _: Clause) -> bool {
        true
    }
}

impl Policy {
    /// Whether a pause is the wait of `--wait`, which may take ten minutes.
    pub(crate) fn is_long(&self, pause: Duration) -> bool {
        self.waits && !self.pauses.looks.contains(&pause)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            goal: Goal::Active,
            messaging: Messaging::default(),
            look: true,
            check: true,
            allow_duplicate: false,
            pass_over_dead: false,
            named: None,
            resuming: false,
            rejects_surplus: false,
            waits: false,
            pauses: Pauses::default(),
            #[cfg(test)]
            without: Vec::new(),
        }
    }
}

/// How long a POST may take to leave after its intent, and an accept after its look.
pub(crate) const LEAVES_WITHIN: Duration = Duration::from_secs(5);

/// How long what was read at the start of a run is as good as a look.
pub(crate) const FRESH: Duration = Duration::from_secs(120);

/// How long a plan asks owners' sides, a call per app. Its run, which has several calls per app and the journal to write, takes
/// some six times as long for the same apps: what a plan asked later would be too old before its app's turn came.
pub(crate) const PLAN_ASKS: Duration = Duration::from_secs(20);

/// How many owners' sides a plan asks at most, however fast they come: as many apps as a run begins in [`FRESH`].
pub(crate) const PLAN_ASKS_MOST: usize = 10_000;

/// When a POST is over whose process died: the time-out of a request, and the time it may take to leave.
pub(crate) const OVER_AFTER: Duration = Duration::from_secs(65);

/// The pauses of the engine.
#[derive(Debug, Clone)]
pub struct Pauses {
    /// Between looks for an unknown outcome: reading may lag behind writing.
    pub looks: Vec<Duration>,
    /// Before each reading back of an accepted solution.
    pub read_back: Vec<Duration>,
    /// How old a POST without an answer must be before another may follow.
    pub without_answer: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        let seconds = |all: &[u64]| all.iter().copied().map(Duration::from_secs).collect();
        Self {
            looks: seconds(&[1, 2, 5, 10, 20]),
            read_back: seconds(&[0, 1, 2, 5, 10]),
            without_answer: Duration::from_secs(600),
        }
    }
}

impl Pauses {
    /// The pauses of `MPS_LOOK_PAUSES`, for tests against a stand-in on this machine. They bound nothing else.
    pub fn with_looks(looks: Vec<Duration>) -> Self {
        let read_back = std::iter::once(Duration::ZERO)
            .chain(looks.iter().copied())
            .collect();
        Self {
            looks,
            read_back,
            ..Self::default()
        }
    }
}
