//! What is said of each move: what it means before the question, who may make it, and what came of it.

use crate::{context::Context, engine::moves::MovePlan, graph::Transition};

/// What is said of a move.
pub(super) struct MoveWords {
    /// "Reject".
    pub(super) verb: &'static str,
    /// What it means.
    pub(super) means: &'static str,
    /// The outcome.
    pub(super) done: &'static str,
    /// The outcome of a dry run.
    pub(super) would: &'static str,
}

pub(super) fn words(what: Transition) -> MoveWords {
    match what {
        Transition::Reject => MoveWords {
            verb: "Reject",
            means: "This cannot be undone; the Tech Provider can only send another invitation.",
            done: "rejected",
            would: "would_reject",
        },
        Transition::RequestDeactivation => MoveWords {
            verb: "Ask for the end of",
            means: "It works on until the other side agrees; then Embedded Signup with it stops working, for good.",
            done: "requested",
            would: "would_request",
        },
        Transition::AcceptDeactivation => MoveWords {
            verb: "Deactivate",
            means: "This cannot be undone: Embedded Signup with it stops working, so that no new customer can be onboarded with it.",
            done: "deactivated",
            would: "would_deactivate",
        },
        Transition::RejectDeactivation => MoveWords {
            verb: "Keep",
            means: "The other side's request to end it is declined; it stays ACTIVE.",
            done: "kept",
            would: "would_keep",
        },
    }
}

/// A solution as it is before the question, and what our role cannot do, before Meta says so.
pub(super) fn tell(ctx: &Context, what: Transition, plan: &MovePlan) {
    let solution = &plan.solution;
    let owner = solution.owner_app.as_ref();
    let owner = owner.map_or_else(String::new, |app| {
        format!(", of app {} ({})", app.id, app.name)
    });
    ctx.ui.status(&format!(
        "Solution {} ({}){owner}: {}",
        solution.id,
        solution.name,
        solution.status.dashboard(&solution.pending)
    ));
    let id = &solution.id;
    let doubt = match (what, plan.we_own) {
        (Transition::RequestDeactivation, false) if plan.with_their_token => None,
        (Transition::RequestDeactivation, false) => Some(format!(
            "the Tech Provider owns solution {id}, and Meta lets only the owner ask: with their token \
             (--user-token-file FILE), or they do it in their App Dashboard"
        )),
        (Transition::Reject, true) => Some(format!(
            "our app owns solution {id}, and Meta lets the invited partner reject it"
        )),
        (Transition::AcceptDeactivation | Transition::RejectDeactivation, true) => Some(format!(
            "our app owns solution {id}, so the request was ours, and Meta lets the other side answer it"
        )),
        _ => None,
    };
    if let Some(doubt) = doubt {
        ctx.ui.warning(&doubt);
    }
}
