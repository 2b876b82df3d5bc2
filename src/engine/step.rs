//! What is done next, and why nothing is.

use std::time::Duration;

use super::facts::{LookFor, Sides};
use crate::{graph::Status, ids::SolutionId};

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
    Stop(StopReason),
}

/// How it ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// The solution is where it is to be.
    Reached(SolutionId),
    /// Passed over: the latest one is over, or nothing is left to take up.
    Skipped(Option<SolutionId>),
}

/// StopReason it stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// Only the Tech Provider's token could do it.
    NoUser,
    /// Only our token could do it.
    NoSystem,
    /// Meta refuses the listings that would say whether there is one.
    LookRefused(Sides),
    /// Live ones on this side of which nobody says whose they are: on ours they may be any app's, on an owner's they are
    /// that app's.
    Unattributed(Sides, Vec<SolutionId>),
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
