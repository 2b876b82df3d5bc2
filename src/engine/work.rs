//! One app under way: its row, what is known of it, and how it ends.

use jiff::Timestamp;

use super::{
    Error,
    facts::Facts,
    policy::Policy,
    port::{Cause, Port},
    step::StopReason,
};
use crate::{
    graph::{Partner, Solution},
    ids::{AppId, SolutionId},
    journal::{self, Call, Entry, EventOutcome},
};

/// One app under way.
#[derive(Debug)]
pub(crate) struct Work {
    /// Its row, as it is written down.
    pub(crate) row: Entry,
    /// What Meta showed and what was done.
    pub(crate) facts: Facts,
    /// The last error of a read.
    pub(crate) read_error: Cause,
    /// The last error of a listing: our side's, the owner's.
    pub(crate) list_errors: (Cause, Cause),
    /// The last error of a write.
    pub(crate) write_error: Cause,
    /// How often a connection for the write under way could not be made.
    pub(crate) no_connection: usize,
    /// The row is further than what is written down.
    pub(crate) dirty: bool,
}

/// How an app ended well.
#[derive(Debug, Clone)]
pub(crate) struct Finished {
    /// The solution, as last seen.
    pub(crate) solution: Option<Solution>,
    /// It was passed over.
    pub(crate) skipped: bool,
    /// This one was made by this run, or by the POST that it takes up.
    pub(crate) made_now: bool,
    /// ACTIVE, and not before this run's accept.
    pub(crate) accepted_now: bool,
    /// Whether Meta showed the status that it has.
    pub(crate) verified: bool,
    /// Whether the status is one that Meta showed after the last write.
    pub(crate) seen: bool,
    /// Other live ones of the pair, and what was rejected of them.
    pub(crate) surplus: Vec<SolutionId>,
    /// When an open POST can be closed.
    pub(crate) open_until: Option<Timestamp>,
    /// A plan: the write that would be next.
    pub(crate) would: Option<super::step::Step>,
}

/// Why an app stopped.
#[derive(Debug)]
pub(crate) enum Halted {
    /// The decision says so.
    StopReason {
        /// What it was.
        why: StopReason,
        /// The row, as it is written down now.
        row: Box<Entry>,
        /// What Meta said, where it said something.
        cause: Cause,
    },
    /// Something failed.
    Error(Error),
}

impl From<Error> for Halted {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<journal::Error> for Halted {
    fn from(error: journal::Error) -> Self {
        Self::Error(error.into())
    }
}

/// An event about a row.
pub(crate) fn event(
    port: &impl Port,
    row: &Entry,
    policy: &Policy,
    call: Call,
    outcome: EventOutcome,
) -> journal::HistoryEvent {
    let terms = super::choose::Messaging::from_word(&row.messaging).unwrap_or(policy.messaging);
    let (owner, partner) = terms.permissions();
    journal::HistoryEvent {
        owner: Some(row.key.owner.clone()),
        partner: Some(row.key.partner.clone()),
        solution_id: row.solution_id.clone(),
        solution_name: Some(row.solution_name.clone()).filter(|name| !name.is_empty()),
        permissions_sent: (call == Call::Create).then(|| sides(owner, partner)),
        ..port.event(call, outcome)
    }
}

/// An event about a solution of a row.
pub(crate) fn event_of(
    port: &impl Port,
    row: &Entry,
    solution: &Solution,
    call: Call,
    outcome: EventOutcome,
) -> journal::HistoryEvent {
    journal::HistoryEvent {
        owner: Some(row.key.owner.clone()),
        partner: Some(row.key.partner.clone()),
        solution_id: Some(solution.id.clone()),
        solution_name: Some(solution.name.clone()).filter(|name| !name.is_empty()),
        permissions_read: terms_read(solution, &row.key.partner),
        ..port.event(call, outcome)
    }
}

/// What Meta says of both sides' permissions, where it says so.
fn terms_read(solution: &Solution, partner: &AppId) -> Option<journal::Permissions> {
    let owner = solution.owner_permissions.as_ref()?;
    let ours = solution.partners.as_ref()?;
    let ours: &Partner = ours.iter().find(|side| side.app.id == *partner)?;
    Some(sides(owner, &ours.permissions))
}

/// Both sides' permissions for the journal.
fn sides<T: AsRef<str>>(owner: &[T], partner: &[T]) -> journal::Permissions {
    let words = |side: &[T]| side.iter().map(|word| word.as_ref().to_owned()).collect();
    journal::Permissions {
        owner: words(owner),
        partner: words(partner),
    }
}

/// The same with what went wrong.
pub(crate) fn with_cause(event: journal::HistoryEvent, cause: &Cause) -> journal::HistoryEvent {
    journal::HistoryEvent {
        fbtrace: cause
            .as_ref()
            .and_then(|error| error.trace_id().map(str::to_owned)),
        error: cause.as_ref().map(ToString::to_string),
        ..event
    }
}
