//! One app of a run, and what was found or made for it.
//!
//! The one decision: a solution never goes without how we came by it, since that decides what is checked
//! before it is accepted and what the operator is told.

use super::{Error, Made, Outcome, error::Needed};
use crate::{
    graph::{App, Pending, Solution, Status},
    ids::SolutionId,
};

/// One app and the name its solution is to have.
#[derive(Debug, Clone)]
pub struct Job {
    /// The Tech Provider's app.
    pub app: App,
    /// The name, filled and checked.
    pub name: String,
}

/// A solution that is there, and how we came by it.
pub(crate) struct Found {
    pub(crate) solution: Solution,
    pub(crate) origin: Origin,
    pub(crate) surplus: Vec<SolutionId>,
}

/// How a solution came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The answer to our POST in this run.
    Answered,
    /// Made by a POST of ours whose answer was lost, found by reading.
    Found,
    /// Ours, and in the journal since an earlier run.
    Journaled,
    /// The same, but Meta does not let us read it: all that is said of it is the journal's word.
    Remembered,
    /// There before, and not by us as far as we know.
    Adopted,
}

impl Origin {
    /// Whether this run, or the one that it takes up, made it.
    pub(crate) fn is_new(self) -> bool {
        matches!(self, Self::Answered | Self::Found)
    }

    /// Whether Meta showed it to us.
    pub(crate) fn is_read(self) -> bool {
        !matches!(self, Self::Answered | Self::Remembered)
    }
}

/// What the first half of the work came to.
pub(crate) enum Half {
    Found(Found),
    /// Passed over: the latest solution is dead, or there is nothing to take up any more.
    Skipped(Option<Solution>),
}

/// What only the Tech Provider's token can do.
pub(crate) fn no_user(job: &Job) -> Error {
    Error::NoToken {
        owner: format!("app {}", job.app.id),
        token: Needed::User,
    }
}

impl Found {
    /// The row of a `create`.
    pub(crate) fn into_made(self, app: App) -> Made {
        let outcome = if self.origin.is_new() {
            Outcome::Created
        } else {
            Outcome::Existing
        };
        Made {
            app,
            solution: Some(self.solution),
            outcome,
            verified: self.origin.is_read(),
            surplus: self.surplus,
        }
    }
}

/// A solution of which only the id is known.
pub(crate) fn plain(id: &SolutionId) -> Solution {
    Solution {
        id: id.clone(),
        name: String::new(),
        status: Status::Initiated,
        pending: Pending::Activation,
        owner_app: None,
        owner_permissions: None,
        partners: None,
    }
}
