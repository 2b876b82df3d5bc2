//! What can be done about a solution that is left over, by whom: more than the one command of its row.

use crate::engine::tidy::{Untidy, UntidyReason};
use crate::graph::Status;

/// A sentence about it; `None` where the command of its row says all.
pub(super) fn note(untidy: &Untidy) -> Option<String> {
    let id = &untidy.solution.id;
    let owner = match &untidy.solution.owner_app {
        Some(app) if !app.name.is_empty() => format!("{} (app {})", app.name, app.id),
        _ => format!("app {}", untidy.owner),
    };
    Some(match untidy.why {
        UntidyReason::Twin if untidy.solution.status == Status::Active => format!(
            "Solution {id} is a second ACTIVE one: ask its owner, {owner}, to request its deactivation in Meta's App \
             Dashboard, or do it with their token (mps serve-button --token-out FILE, then --user-token-file FILE); \
             then agree: mps deactivate accept {id}"
        ),
        UntidyReason::PendingDeactivation => format!(
            "The end of solution {id} was asked for: mps deactivate accept {id} ends it for good, and Embedded Signup \
             with it stops; to keep it: mps deactivate reject {id}"
        ),
        UntidyReason::Draft => format!(
            "Solution {id} is a draft: its owner, {owner}, sends it in Meta's App Dashboard; nobody else can"
        ),
        UntidyReason::Unexpected => format!(
            "Nobody expects solution {id} of {owner}; to decline it: mps reject {id}; to accept it: mps accept {id}"
        ),
        UntidyReason::Twin | UntidyReason::Surplus => return None,
    })
}
