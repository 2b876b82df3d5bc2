//! The engine: from a granted app to an ACTIVE solution, exactly once.
//!
//! The one decision, and the promise: for one host, one owner app and one partner app our doing makes at
//! most one live solution, and none that Meta made for us is lost, whatever dies in between. Meta's
//! create has no key and no delete, names are no identity, and an accepted solution stays accepted
//! (graph-api.md, 7.2). So each step is *lock, look, write down, post, write down, reconcile, accept,
//! read back*, and a write whose outcome is unknown is answered by reading, never by writing again.
//!
//! The engine prints nothing. It reports by [`Event`]s and returns a [`Made`] or an [`Error`] per app.

mod accept_id;
mod accept_rules;
mod admission;
mod again;
pub mod answers;
mod batch;
mod begin;
mod beside;
mod case;
pub mod choose;
mod client;
mod create_rules;
mod decide;
mod drive;
mod ending;
pub mod error;
mod error_words;
mod facts;
mod fresh;
pub mod halt;
pub mod handoff;
pub mod look;
pub mod moves;
pub(crate) mod name_template;
pub mod not_made;
mod note;
mod policy;
mod port;
mod read_rows;
pub mod run;
mod step;
pub mod stop;
pub mod tidy;
mod time;
mod turn;
mod turns;
mod used_up;
mod why;
mod work;
mod write;
mod write_accept;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    graph::{App, Graph, Solution},
    ids::{AppId, SolutionId, UserId},
    journal::{self, Holder, Journal},
    secret::{SystemToken, UserToken},
};

pub use self::{
    accept_id::AcceptedId,
    case::over_at,
    choose::Messaging,
    error::Error,
    policy::{Pauses, Policy},
    read_rows::ReadRows,
    run::{Job, Planned, PlannedTake},
    stop::{Stop, Stopper},
    used_up::used_up,
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
    /// An earlier create may still appear; after this time `resume` can tell.
    pub open_until: Option<Timestamp>,
}

/// What happens while the engine works, for the progress bar, the web page and the operator.
#[derive(Debug, Clone)]
pub enum Event {
    /// Another mps works on this app; we wait until it is done.
    Waiting(AppId, Option<Holder>),
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
    /// An app, or a solution that was named by its id, is done, well or badly.
    Finished {
        /// The Tech Provider's app.
        owner: Option<AppId>,
        /// The solution that was named.
        solution: Option<SolutionId>,
        /// Badly.
        failed: bool,
    },
    /// An open POST of this app was sent in the future, by our clock; a plan says so too.
    ClockAhead(AppId, String),
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

/// Where rows are kept.
#[derive(Clone)]
pub enum RowStore {
    /// The journal, open for writing.
    Journal(Journal),
    /// What was read of it, for a plan: nothing is written, and no write leaves.
    Rows(Arc<ReadRows>),
}

/// The tools of the engine, the same for every app of a run. A clone shares what the run shares.
#[derive(Clone)]
pub struct Engine {
    /// The one client.
    pub graph: Graph,
    /// The one journal.
    pub store: RowStore,
    /// Our app.
    pub partner: AppId,
    /// Whether our app's id is known, so that an accept names it.
    pub names_partner: bool,
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
    /// StopReason nothing new begins, shared by all apps of a run.
    pub halt: Arc<halt::Halt>,
    /// Hears what happens.
    pub tell: Listener,
    /// What this run has read; see [`look::Survey`].
    pub survey: look::Survey,
    /// So many calls may be under way at once.
    pub(crate) turns: turns::Turns,
    /// So many apps may be: as many as calls, until a write has worked.
    pub(crate) admission: Arc<admission::AppLimit>,
    /// Where apps wait for each other.
    pub(crate) batch: batch::Batch,
}

/// What an engine is made of.
pub struct Tools {
    /// The one client.
    pub graph: Graph,
    /// The one journal.
    pub store: RowStore,
    /// Our app.
    pub partner: AppId,
    /// The Tech Provider's token.
    pub user: Option<UserToken>,
    /// Our system user's token.
    pub system: Option<SystemToken>,
    /// What was asked.
    pub policy: Policy,
    /// Who acts.
    pub actor: Actor,
    /// Ctrl-C.
    pub stop: Stop,
    /// Hears what happens.
    pub tell: Listener,
    /// What this run has read.
    pub survey: look::Survey,
}

impl Engine {
    /// Puts the tools together.
    pub fn new(tools: Tools, at_once: usize) -> Self {
        if let RowStore::Journal(journal) = &tools.store {
            journal.at_once(at_once);
        }
        Self {
            graph: tools.graph,
            store: tools.store,
            partner: tools.partner,
            names_partner: true,
            user: tools.user,
            system: tools.system,
            policy: tools.policy,
            actor: tools.actor,
            stop: tools.stop,
            halt: Arc::default(),
            tell: tools.tell,
            survey: tools.survey,
            turns: turns::Turns::new(at_once.max(1)),
            admission: Arc::new(admission::AppLimit::new(at_once.max(1))),
            batch: batch::Batch::default(),
        }
    }

    /// Calls that may be under way at once.
    pub fn at_once(&self) -> usize {
        self.admission.at_first()
    }

    /// Who can look.
    pub(crate) fn looker(&self) -> look::Looker<'_> {
        look::Looker {
            graph: &self.graph,
            partner: &self.partner,
            user: self.user.as_ref(),
            system: self.system.as_ref(),
            turns: Some(&self.turns),
        }
    }
}
