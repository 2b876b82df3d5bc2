//! What the caller tells the page: the verdict about a token, and how far each app is.

use serde::Serialize;

use crate::ids::{AppId, SolutionId};

/// What became of the last token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is what was asked for. Further tokens are turned away.
    Accepted,
    /// It is not, and the page lets the Tech Provider try again.
    Refused {
        /// Why, in words for the Tech Provider.
        reason: String,
        /// What to do next.
        remedy: Option<String>,
    },
}

/// How far the onboarding is, as the Tech Provider sees it. Each one replaces the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// One per app, in the order to be shown.
    pub rows: Vec<ProgressRow>,
    /// A sentence about the whole, where the rows do not say enough (declined, interrupted).
    pub message: Option<String>,
    /// Nothing will change any more.
    pub finished: bool,
}

/// One app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgressRow {
    pub app_id: AppId,
    pub app_name: String,
    /// How far it is.
    pub state: RowState,
    /// The solution, once there is one.
    pub solution_id: Option<SolutionId>,
    /// A sentence about this app, for the Tech Provider.
    pub note: Option<String>,
}

/// How far one app is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Not begun.
    Waiting,
    /// The solution is being created.
    Creating,
    /// Created; somebody still has to accept it.
    Created,
    /// It is being accepted.
    Accepting,
    /// Done: the solution is active.
    Active,
    /// It did not work; `note` says why.
    Failed,
    /// Nobody knows yet whether Meta did it.
    Unclear,
}
