//! What the loop needs of the world: Meta, the journal, the time, and somebody who listens.
//!
//! The one decision: the loop knows these few acts and nothing behind them, so that the same loop runs over the
//! real client and over a model of Meta in the tests.

use std::time::Duration;

use super::{
    Error, Event,
    facts::{Found, LookFor, Moment, Side},
};
use crate::{
    graph::{self, NewSolution},
    ids::SolutionId,
    journal::{self, Entry, Key},
};

/// What an error of Meta's was, where it came from Meta.
pub(crate) type Cause = Option<Box<graph::Error>>;

/// Which write has a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writes {
    /// With the Tech Provider's token.
    Create,
    /// With ours.
    Accept,
}

/// How a write failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    /// It was too late to send it.
    Late,
    /// It surely never left. `again`: the next try may make a connection.
    NeverLeft {
        /// Whether another try makes sense.
        again: bool,
    },
    /// A clear no.
    Refused,
    /// Meta answered with trouble of its own.
    Trouble,
    /// No answer that says anything.
    NoAnswer,
}

/// A write that Meta confirmed: what came, and Meta's name for the request.
#[derive(Debug, Clone)]
pub(crate) struct Confirmed<T> {
    pub(crate) value: T,
    pub(crate) fbtrace: Option<String>,
}

/// What a write came to.
pub(crate) type WriteAnswer<T> = Result<Confirmed<T>, (Failed, Cause)>;

/// The world.
pub(crate) trait Port: Send + Sync {
    /// Held as long as an app is worked on.
    type Lock: Send;

    /// What time it is.
    fn clock(&self) -> Moment;
    /// Waits; `false`: a stop was asked for.
    fn pause(&self, length: Duration) -> impl Future<Output = bool> + Send;
    /// Whether a user token and a system token are at hand.
    fn tokens(&self) -> (bool, bool);
    /// Whether writes are withheld: a plan.
    fn withholds(&self) -> bool;
    /// Asked right before every write. `before`: what is not done, to follow "interrupted before".
    fn may_write(&self, before: &str) -> Result<(), Error>;

    /// The lock of a pair, and whether it was waited for.
    fn lock(&self, key: &Key) -> impl Future<Output = Result<Self::Lock, Error>> + Send;
    /// All rows of these two apps.
    fn rows(&self, key: &Key) -> impl Future<Output = Result<Vec<Entry>, Error>> + Send;
    /// Writes a row and an event, durably.
    fn put(
        &self,
        row: &Entry,
        event: Option<journal::HistoryEvent>,
    ) -> impl Future<Output = Result<(), journal::Error>> + Send;
    /// Takes an intent back that nothing was sent for.
    fn withdraw(&self, key: &Key) -> impl Future<Output = Result<(), Error>> + Send;
    /// An answer could not be written down: nothing new starts.
    fn no_more_writes(&self);

    /// What the listing of our side that was read last in this run shows of this pair, without asking.
    fn known_side(&self, key: &Key) -> Side;
    /// Our side, not older than this.
    fn list_ours(
        &self,
        key: &Key,
        after: Duration,
        purpose: LookFor,
    ) -> impl Future<Output = (Side, Cause)> + Send;
    /// The owner's side, not older than this.
    fn list_owner(
        &self,
        key: &Key,
        after: Duration,
        purpose: LookFor,
    ) -> impl Future<Output = (Side, Cause)> + Send;
    /// One solution, which must be this pair's.
    fn read(&self, key: &Key, id: &SolutionId) -> impl Future<Output = (Found, Cause)> + Send;
    /// One solution that was accepted a moment ago.
    fn read_back(&self, key: &Key, id: &SolutionId) -> impl Future<Output = (Found, Cause)> + Send;
    /// Creates, if it leaves by then.
    fn create(
        &self,
        key: &Key,
        new: &NewSolution<'_>,
        leave_by: Duration,
    ) -> impl Future<Output = WriteAnswer<SolutionId>> + Send;
    /// Accepts, if it leaves by then.
    fn accept(
        &self,
        id: &SolutionId,
        body: bool,
        leave_by: Duration,
    ) -> impl Future<Output = WriteAnswer<()>> + Send;
    /// Rejects.
    fn reject(&self, id: &SolutionId) -> impl Future<Output = WriteAnswer<()>> + Send;
    /// A turn for one write: so many calls may be under way at once, and each has its place in time. Waited for before
    /// the intent, since a write must leave soon after it; `None`: it comes after `by`. `object` is asked about a quota.
    fn turn(
        &self,
        object: &str,
        write: Writes,
        by: Duration,
    ) -> impl Future<Output = Option<impl Send + Sync>> + Send;
    /// Whether the quota that stopped a write was waited for. `creates`: with the Tech Provider's token.
    fn quota_let_go(
        &self,
        cause: &Cause,
        object: &str,
        creates: bool,
    ) -> impl Future<Output = bool> + Send;

    /// Tells what happens.
    fn tell(&self, event: Event);
    /// An event for the journal with what is known of who acts.
    fn event(&self, call: journal::Call, outcome: journal::EventOutcome) -> journal::HistoryEvent;
}
