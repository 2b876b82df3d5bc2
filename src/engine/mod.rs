//! The engine: from a granted app to an ACTIVE solution, exactly once.
//!
//! The one decision, and the promise: for one host, one owner app and one partner app our doing makes at
//! most one live solution, and none that Meta made for us is lost, whatever dies in between. Meta's
//! create has no key and no delete, names are no identity, and an accepted solution stays accepted
//! (graph-api.md, 7.2). So each step is *lock, look, write down, post, write down, reconcile, accept,
//! read back*, and a write whose outcome is unknown is answered by reading, never by writing again.
//!
//! The engine prints nothing. It reports by [`Event`]s and returns a [`Made`] or an [`Error`] per app.

pub mod accept;
mod activate;
pub mod choose;
pub mod create;
pub mod error;
pub mod halt;
pub mod handoff;
mod job;
mod known;
pub mod look;
pub(crate) mod name_template;
mod named;
mod post;
mod read_back;
pub mod run;
mod settle;
pub mod stop;

use std::{sync::Arc, time::Duration};

use serde::Serialize;

use crate::{
    graph::{App, Graph, Solution},
    ids::{AppId, SolutionId, UserId},
    journal::{self, Goal, Journal},
    secret::{SystemToken, UserToken},
};

pub use self::{
    choose::Messaging,
    error::Error,
    stop::{Stop, Stopper},
};

/// How an app ended. The names are part of the interface (`outcome` in JSON).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A solution was made and left INITIATED.
    Created,
    /// A live solution with our app was there before.
    Existing,
    /// The app's latest solution with us is REJECTED or DEACTIVATED, and `--all` passes it over.
    Skipped,
    /// The solution is ACTIVE now and was not before.
    Onboarded,
    /// `accept`: ACTIVE now, by this run.
    Accepted,
    /// `accept`: ACTIVE before this run.
    AlreadyActive,
}

/// What came of one app.
#[derive(Debug, Clone)]
pub struct Made {
    /// The Tech Provider's app.
    pub app: App,
    /// Its solution, as last seen; `None` when the app was passed over without one.
    pub solution: Option<Solution>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether the final status was read back from Meta.
    pub verified: bool,
    /// Other live solutions of this pair of apps, which nobody needs.
    #[allow(dead_code, reason = "for a row that says what is left beside it")]
    pub surplus: Vec<SolutionId>,
}

/// What happens while the engine works, for the progress bar, the web page and the operator.
#[derive(Debug, Clone)]
pub enum Event {
    /// Another mps works on this app; we wait until it is done.
    Waiting(AppId),
    /// The POST that creates is about to leave.
    Creating(AppId),
    /// Meta's answer did not say whether the solution was made; we look for it.
    Looking {
        /// The Tech Provider's app.
        owner: AppId,
        /// What the answer was instead.
        why: String,
    },
    /// A solution is there: made now, or found.
    Created {
        /// The Tech Provider's app.
        owner: AppId,
        /// Its solution.
        solution: SolutionId,
        /// Whether it was there before.
        existing: bool,
    },
    /// The POST that accepts is about to leave.
    Accepting {
        /// The Tech Provider's app, where known.
        owner: Option<AppId>,
        /// The solution.
        solution: SolutionId,
    },
    /// The solution is ACTIVE.
    Active {
        /// The Tech Provider's app, where known.
        owner: Option<AppId>,
        /// The solution.
        solution: SolutionId,
        /// Whether it was so before we did anything.
        before: bool,
    },
    /// There is more than one live solution of this pair of apps.
    Surplus {
        /// The Tech Provider's app.
        owner: AppId,
        /// The one that is used.
        taken: SolutionId,
        /// The others.
        others: Vec<SolutionId>,
    },
    /// The app is done, well or badly.
    Finished(#[allow(dead_code, reason = "for a listener that keeps count by app")] AppId),
    /// Something the operator should know that stops nothing.
    Note(String),
    /// An answer could not be written down: the id must reach the operator at once.
    NotWrittenDown {
        /// The Tech Provider's app.
        owner: AppId,
        /// The solution that Meta made.
        solution: SolutionId,
        /// What the disk said.
        why: String,
    },
}

/// Hears the events.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;

/// The pauses of the engine.
#[derive(Debug, Clone)]
pub struct Pauses {
    /// Between looks for an unknown outcome: reading may lag behind writing.
    pub looks: Vec<Duration>,
    /// Before each reading back of an accepted solution.
    pub read_back: Vec<Duration>,
    /// How old a POST that timed out must be before another may follow.
    pub after_time_out: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        let seconds = |all: &[u64]| all.iter().copied().map(Duration::from_secs).collect();
        Self {
            looks: seconds(&[1, 2, 5, 10, 20]),
            read_back: seconds(&[0, 1, 2, 5, 10]),
            after_time_out: Duration::from_secs(600),
        }
    }
}

impl Pauses {
    /// The pauses of `MPS_LOOK_PAUSES`, for tests against a stand-in on this machine.
    pub fn with_looks(looks: Vec<Duration>) -> Self {
        let read_back = std::iter::once(Duration::ZERO)
            .chain(looks.iter().copied())
            .collect();
        // In the proportion of the real ones.
        let after_time_out = looks.iter().sum::<Duration>() * 16;
        Self {
            looks,
            read_back,
            after_time_out,
        }
    }
}

/// Who acts, for the journal's events.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The person behind the user token.
    pub user_id: Option<UserId>,
    /// The system user behind the system token.
    pub system_user_id: Option<UserId>,
    /// The scopes that the Tech Provider granted.
    pub scopes: Vec<String>,
    /// How the operator consented: an answer at the prompt, `--yes`, ids as arguments.
    pub consent: String,
    /// The label of the link that the token came by.
    pub link_label: Option<String>,
}

impl Actor {
    /// An event with what is known of who acts.
    fn event(&self, call: journal::Call, outcome: journal::EventOutcome) -> journal::HistoryEvent {
        journal::HistoryEvent {
            user_id: self.user_id.clone(),
            system_user_id: self.system_user_id.clone(),
            scopes: self.scopes.clone(),
            consent: Some(self.consent.clone()).filter(|consent| !consent.is_empty()),
            ..journal::HistoryEvent::new(call, outcome)
        }
    }
}

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
    /// Make another solution on purpose; the name becomes part of the key.
    pub allow_duplicate: bool,
    /// Pass over apps whose latest solution with us is dead (`--all`).
    pub pass_over_dead: bool,
    /// The operator named this solution and saw its terms, so terms unlike ours are theirs to judge.
    pub attended: bool,
    /// `resume`: only what is unfinished in the journal is taken up, and no dead solution is replaced.
    pub resuming: bool,
    /// How long to wait between reads.
    pub pauses: Pauses,
}

/// Our app, as far as an engine knows it. Creating needs its id; accepting can do without.
pub trait OurApp: Send + Sync {
    /// Its id, where it is known.
    fn known(&self) -> Option<&AppId>;
}

impl OurApp for AppId {
    fn known(&self) -> Option<&AppId> {
        Some(self)
    }
}

impl OurApp for Option<AppId> {
    fn known(&self) -> Option<&AppId> {
        self.as_ref()
    }
}

/// The tools of the engine, the same for every app of a run.
pub struct Engine<P = AppId> {
    /// The one client.
    pub graph: Graph,
    /// The one journal.
    pub journal: Journal,
    /// Our app.
    pub partner: P,
    /// The Tech Provider's token; without it nothing can be created.
    pub user: Option<UserToken>,
    /// Our system user's token; without it nothing can be accepted.
    pub system: Option<SystemToken>,
    /// What was asked.
    pub policy: Policy,
    /// Who acts.
    pub actor: Actor,
    /// Ctrl-C.
    pub stop: Stop,
    /// Why nothing new begins, shared by all apps of a run.
    pub halt: Arc<halt::Halt>,
    /// Hears what happens.
    pub tell: Listener,
    /// What the look at the start of the run found on our side; see [`look::Survey`].
    pub survey: look::Survey,
}

impl Engine {
    /// Who can look.
    fn looker(&self) -> look::Looker<'_> {
        look::Looker {
            graph: &self.graph,
            partner: &self.partner,
            user: self.user.as_ref(),
            system: self.system.as_ref(),
        }
    }
}

impl<P: OurApp> Engine<P> {
    fn tell(&self, event: Event) {
        (self.tell)(event);
    }

    /// Asked right before every write. `before` says what is not done, to follow "interrupted before".
    fn may_write(&self, before: impl FnOnce() -> String) -> Result<(), Error> {
        if self.stop.is_set() {
            return Err(Error::Interrupted(before()));
        }
        match self.halt.kind() {
            Some(kind) if self.halt.forbids_writes() => Err(Error::NotTried { kind }),
            _ => Ok(()),
        }
    }
}
