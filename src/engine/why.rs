//! Why a decision stopped, as an error with its way out.

use super::{Error, error::Needed, facts::Sides, policy::Policy, port::Cause, step::Why};
use crate::journal::{Entry, Goal};

/// The error that an operator gets.
pub(super) fn error(why: &Why, row: &Entry, policy: &Policy, cause: Cause) -> Error {
    let owner = row.key.owner.clone();
    match why {
        Why::NoUser => Error::NoToken {
            owner: format!("app {owner}"),
            token: Needed::User,
        },
        Why::NoSystem => Error::NoToken {
            owner: row
                .solution_id
                .as_ref()
                .map_or_else(|| format!("app {owner}"), |id| format!("solution {id}")),
            token: Needed::System,
        },
        Why::LookRefused(side) => Error::LookRefused {
            owner,
            ours: *side == Sides::Ours,
            error: cause,
        },
        Why::Unattributed(ids) => Error::Unattributed {
            owner,
            solutions: ids.clone(),
        },
        Why::LookFailed => match cause {
            Some(error) => Error::Graph(error),
            None => Error::LookRefused {
                owner,
                ours: false,
                error: None,
            },
        },
        Why::Unfinished => Error::Unfinished { owner },
        Why::Hidden(id) => match cause {
            Some(error) if policy.named.is_none() => Error::NotVisible {
                owner,
                solution: id.clone(),
                error,
            },
            cause => super::write::graph_error(cause, "Meta does not show the solution"),
        },
        Why::Unread(id) => match cause {
            Some(error) if policy.goal == Goal::Active && error.refused_to_look() => {
                Error::CheckRefused {
                    solution: id.clone(),
                    error,
                }
            }
            cause => super::write::graph_error(cause, "the solution could not be read"),
        },
        Why::Unknown(said) => Error::Unknown {
            doing: format!("creating a solution for app {owner}"),
            why: (*said).to_owned(),
            error: cause,
        },
        Why::Ended(id, status) => Error::EndedMeanwhile {
            owner,
            solution: id.clone(),
            status: status.to_string(),
        },
        Why::NotInitiated(id, status) => Error::NotInitiated {
            solution: id.clone(),
            status: status.to_string(),
        },
        Why::Draft(id) => Error::IsDraft {
            owner,
            solution: id.clone(),
        },
        Why::OtherTerms { first, ours } => Error::OtherTerms {
            solution: first.clone(),
            ours: ours.clone(),
            asked: policy.messaging.word(),
        },
        Why::SecondLive {
            named,
            first,
            under_way,
        } => Error::SecondLive {
            owner,
            solution: named.clone(),
            first: first.clone(),
            under_way: *under_way,
        },
        Why::NotListed(id) => Error::NotListed {
            solution: id.clone(),
        },
        Why::AcceptUnlisted(id) => match cause {
            Some(error) => Error::CheckRefused {
                solution: id.clone(),
                error,
            },
            None => Error::NotListed {
                solution: id.clone(),
            },
        },
        Why::AcceptRefused(_) => super::write::graph_error(cause, "Meta refused the accept"),
        Why::AcceptUnknown(id) => Error::Unknown {
            doing: format!("accepting solution {id}"),
            why: "Meta shows it INITIATED".to_owned(),
            error: cause,
        },
    }
}
