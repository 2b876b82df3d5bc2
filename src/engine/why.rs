//! StopReason a decision stopped, as an error with its way out.

use super::{Error, error::Needed, facts::Sides, policy::Policy, port::Cause, step::StopReason};
use crate::{
    ids::{AppId, SolutionId},
    journal::{Entry, Goal},
};

/// The error that an operator gets.
pub(super) fn error(why: &StopReason, row: &Entry, policy: &Policy, cause: Cause) -> Error {
    let owner = row.key.owner.clone();
    match why {
        StopReason::NoUser => Error::NoToken {
            owner: format!("app {owner}"),
            token: Needed::User,
        },
        StopReason::NoSystem => Error::NoToken {
            owner: row
                .solution_id
                .as_ref()
                .map_or_else(|| format!("app {owner}"), |id| format!("solution {id}")),
            token: Needed::System,
        },
        StopReason::LookRefused(side) => Error::LookRefused {
            owner,
            ours: *side == Sides::Ours,
            error: cause,
        },
        StopReason::Unattributed(side, ids) => unattributed(owner, *side, ids, policy),
        StopReason::LookFailed => match cause {
            Some(error) => Error::Graph(error),
            None => Error::LookRefused {
                owner,
                ours: false,
                error: None,
            },
        },
        StopReason::Unfinished => Error::Unfinished { owner },
        StopReason::Hidden(id) => match cause {
            Some(error) if policy.named.is_none() => Error::NotVisible {
                row: Box::new(row.clone()),
                solution: id.clone(),
                error,
            },
            cause => super::write::graph_error(cause, "Meta does not show the solution"),
        },
        StopReason::Unread(id) => match cause {
            Some(error) if policy.goal == Goal::Active && error.refused_to_look() => {
                Error::CheckRefused {
                    solution: id.clone(),
                    error,
                }
            }
            cause => super::write::graph_error(cause, "the solution could not be read"),
        },
        StopReason::Unknown(said) => Error::Unknown {
            doing: format!("creating a solution for app {owner}"),
            why: (*said).to_owned(),
            error: cause,
        },
        StopReason::Ended(id, status) => Error::EndedMeanwhile {
            owner,
            solution: id.clone(),
            status: status.to_string(),
        },
        StopReason::NotInitiated(id, status) => Error::NotInitiated {
            solution: id.clone(),
            status: status.to_string(),
        },
        StopReason::Draft(id) => Error::IsDraft {
            owner,
            solution: id.clone(),
        },
        StopReason::OtherTerms { first, ours } => Error::OtherTerms {
            solution: first.clone(),
            ours: ours.clone(),
            asked: policy.messaging.word(),
        },
        StopReason::SecondLive {
            named,
            first,
            under_way,
        } => Error::SecondLive {
            owner,
            solution: named.clone(),
            first: first.clone(),
            under_way: *under_way,
        },
        StopReason::NotListed(id) => Error::NotListed {
            solution: id.clone(),
        },
        StopReason::AcceptUnlisted(id) => match cause {
            Some(error) => Error::CheckRefused {
                solution: id.clone(),
                error,
            },
            None => Error::NotListed {
                solution: id.clone(),
            },
        },
        StopReason::AcceptRefused(_) => super::write::graph_error(cause, "Meta refused the accept"),
        StopReason::AcceptUnknown(id) => Error::Unknown {
            doing: format!("accepting solution {id}"),
            why: "Meta shows it INITIATED".to_owned(),
            error: cause,
        },
    }
}

/// Nobody says whose these are: what that means for an app, or for a solution that was named to be accepted.
fn unattributed(owner: AppId, side: Sides, ids: &[SolutionId], policy: &Policy) -> Error {
    match &policy.named {
        Some(named) => Error::Ownerless {
            solution: named.clone(),
        },
        None => Error::Unattributed {
            owner,
            ours: side == Sides::Ours,
            solutions: ids.to_vec(),
        },
    }
}
