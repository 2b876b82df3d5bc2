//! The moves of a solution: accepted, rejected, asked to end, ended (graph-api.md, 7.4).
//!
//! The one decision: who may make a move follows from the token's apps and the solution's two sides, and
//! what comes of it from the status alone, by one table.

use serde_json::{Value, json};

use super::{
    error::{Error, Result},
    faults::Operation,
    records::{SolutionState, StoredSolution},
    store::{ApiShape, SandboxState},
    wire::Request,
};

impl SandboxState {
    /// `POST /<SOLUTION_ID>/accept` and the other four moves.
    pub(super) fn advance(
        &mut self,
        call: Operation,
        request: &Request,
        id: &str,
    ) -> Result<Value> {
        let token = self.manager(request)?;
        let solution = self
            .solution(id)
            .ok_or_else(|| Error::not_found("POST", id))?;
        allowed(call, solution, |app| token.acts_for(app))?;
        self.body_fits(call, request, solution)?;
        let turns_down_the_end =
            request.param("request_type").as_deref() == Some("DEACTIVATION_REQUEST");
        let step = match call {
            Operation::Reject if turns_down_the_end => Operation::RejectDeactivationRequest,
            call => call,
        };
        let next = moved(step, &solution.now)?;
        self.advance_to(id, next);
        match (self.shape, self.solution(id)) {
            (ApiShape::OpenApi, Some(solution)) => Ok(self.rich(call, step, solution, request.now)),
            _ => Ok(json!({"success": true})),
        }
    }

    /// Brings a solution to its next state, which reads may show late.
    pub(super) fn advance_to(&mut self, id: &str, next: SolutionState) {
        let lag = self.faults.read_lag;
        let Some(solution) = self.solution_mut(id) else {
            return;
        };
        let was = std::mem::replace(&mut solution.now, next);
        if solution.stale_reads == 0 && lag > 0 {
            solution.before = Some(was);
            solution.stale_reads = lag;
        }
    }

    /// Whether the body is what this shape of the API wants.
    fn body_fits(
        &self,
        call: Operation,
        request: &Request,
        solution: &StoredSolution,
    ) -> Result<()> {
        let partner = request.param("partner_app_id");
        let bare = request.body.keys().all(|key| key.starts_with("appsecret_"));
        if call == Operation::Accept && self.faults.bare_accept && !bare {
            return Err(Error::parameter("(#100) Invalid parameter"));
        }
        if partner.as_ref().is_some_and(|id| *id != solution.partner) {
            return Err(Error::parameter(
                "Invalid parameter value for partner_app_id",
            ));
        }
        let missing = match call {
            Operation::Accept if partner.is_none() => "partner_app_id",
            Operation::Reject if request.param("request_type").is_none() => "request_type",
            Operation::RejectDeactivationRequest
                if request.param("reject_deactivation_request").as_deref() != Some("true") =>
            {
                "reject_deactivation_request"
            }
            _ => return Ok(()),
        };
        if self.shape == ApiShape::Guide || self.faults.bare_accept {
            return Ok(());
        }
        Err(Error::parameter(format!(
            "(#100) The parameter {missing} is required"
        )))
    }

    /// The answer to a call as the OpenAPI file has it; `step` is the move that came of it.
    fn rich(&self, call: Operation, step: Operation, solution: &StoredSolution, now: u64) -> Value {
        match call {
            Operation::Accept => json!({
                "solution_id": solution.id, "partner_status": "ACCEPTED", "success": true,
                "message": "Solution partnership accepted successfully", "update_time": date_time(now),
            }),
            Operation::Reject if step == Operation::Reject => json!({
                "success": true, "solution_id": solution.id, "partner_app_id": solution.partner,
                "rejected_request_type": "PARTNERSHIP_REQUEST", "rejection_timestamp": date_time(now),
            }),
            Operation::Reject => json!({
                "success": true, "solution_id": solution.id,
                "rejected_request_type": "DEACTIVATION_REQUEST", "rejection_timestamp": date_time(now),
            }),
            Operation::SendDeactivationRequest => json!({
                "success": true, "message": "Deactivation request submitted successfully",
                "request_id": format!("deactivation_req_{}", solution.id),
            }),
            _ => {
                let mut node = self.node(solution, &solution.now);
                if let Some(map) = node.as_object_mut() {
                    map.remove("partners");
                }
                node
            }
        }
    }
}

/// A moment as the OpenAPI file writes it, `2024-01-15T10:30:00Z`.
fn date_time(now: u64) -> String {
    let moment = i64::try_from(now)
        .ok()
        .and_then(|now| jiff::Timestamp::from_second(now).ok());
    moment.unwrap_or_default().to_string()
}

/// Whether a side that acts for some apps may make this move.
pub(super) fn allowed(
    call: Operation,
    solution: &StoredSolution,
    acts_for: impl Fn(&str) -> bool,
) -> Result<()> {
    let (owner, partner) = (acts_for(&solution.owner), acts_for(&solution.partner));
    let (fits, side) = match call {
        Operation::SendDeactivationRequest => (owner, "owner"),
        _ => (partner, "invited partner"),
    };
    match (fits, owner || partner) {
        (true, _) => Ok(()),
        (false, true) => Err(Error::new(
            200,
            format!("(#200) Only the {side} of the solution may do this"),
        )),
        (false, false) => Err(Error::not_found("POST", &solution.id)),
    }
}

/// The standing after a move, or Graph's refusal.
pub(super) fn moved(call: Operation, now: &SolutionState) -> Result<SolutionState> {
    let pending_end = now.status == "ACTIVE" && now.pending == "PENDING_DEACTIVATION";
    let next = match call {
        Operation::Accept if now.status == "INITIATED" => "ACTIVE",
        Operation::Reject if now.status == "INITIATED" => "REJECTED",
        Operation::SendDeactivationRequest if now.status == "ACTIVE" && !pending_end => {
            return Ok(SolutionState {
                pending: "PENDING_DEACTIVATION".to_owned(),
                ..now.clone()
            });
        }
        Operation::AcceptDeactivationRequest if pending_end => "DEACTIVATED",
        Operation::RejectDeactivationRequest if pending_end => "ACTIVE",
        _ => {
            return Err(Error::parameter(format!(
                "Solution is not in a state that allows this. Current status: {}",
                now.status
            ))
            .user(
                "Invalid solution status",
                format!("The solution's status is {}.", now.status),
            ));
        }
    };
    Ok(SolutionState::of(next))
}
