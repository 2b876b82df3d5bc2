//! The other side, played by a person on the sandbox's own page: the Tech Provider in Meta's dashboard, and the client who is
//! asked to move.
//!
//! The one decision: a move is the same move as by the Graph API, by the same rules of who may and from which state; only the
//! hand is another. What a dashboard can do and the API cannot is a draft, and its sending.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    error::{Error, Result},
    faults::Operation,
    records::{PARTNER_APP_ID, SolutionState, StoredSolution},
    store::SandboxState,
    transitions::{allowed, moved},
};

/// What the other side does.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "move", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum PlayedMove {
    /// A request to us, in the dashboard; sent at once, or saved as a draft.
    Request {
        owner_app_id: String,
        name: String,
        #[serde(default)]
        draft: bool,
        /// Whose app may send messages: `both`, `owner` or `partner`.
        #[serde(default)]
        messaging: Option<String>,
    },
    /// A draft is sent.
    Send { solution_id: String },
    /// Our invitation is accepted.
    Accept { solution_id: String },
    /// Our invitation is rejected.
    Reject { solution_id: String },
    /// An active solution is asked to end.
    AskEnd { solution_id: String },
    /// The end that we asked for is agreed to.
    AcceptEnd { solution_id: String },
    /// The end that we asked for is declined.
    RejectEnd { solution_id: String },
    /// The client agrees to move.
    Agree { intent_id: String },
    /// The client declines to move.
    Decline { intent_id: String },
}

/// The moves of the other side about a solution, by their names.
const MOVES: [(&str, Operation); 5] = [
    ("accept", Operation::Accept),
    ("reject", Operation::Reject),
    ("ask_end", Operation::SendDeactivationRequest),
    ("accept_end", Operation::AcceptDeactivationRequest),
    ("reject_end", Operation::RejectDeactivationRequest),
];

impl SandboxState {
    /// Does what the other side does; gives the id of what it was about.
    pub(super) fn play(&mut self, wish: &PlayedMove) -> Result<Value> {
        let (id, call) = match wish {
            PlayedMove::Request {
                owner_app_id,
                name,
                draft,
                messaging,
            } => {
                let status = if *draft { "DRAFT" } else { "INITIATED" };
                return self.request_of(owner_app_id, name, status, messaging.as_deref());
            }
            PlayedMove::Send { solution_id } => return self.send_draft(solution_id),
            PlayedMove::Agree { intent_id } => {
                self.answer_intent(intent_id, true)?;
                return Ok(json!({ "intent_id": intent_id }));
            }
            PlayedMove::Decline { intent_id } => {
                self.answer_intent(intent_id, false)?;
                return Ok(json!({ "intent_id": intent_id }));
            }
            PlayedMove::Accept { solution_id } => (solution_id, Operation::Accept),
            PlayedMove::Reject { solution_id } => (solution_id, Operation::Reject),
            PlayedMove::AskEnd { solution_id } => (solution_id, Operation::SendDeactivationRequest),
            PlayedMove::AcceptEnd { solution_id } => {
                (solution_id, Operation::AcceptDeactivationRequest)
            }
            PlayedMove::RejectEnd { solution_id } => {
                (solution_id, Operation::RejectDeactivationRequest)
            }
        };
        let solution = self
            .solution(id)
            .ok_or_else(|| Error::not_found("POST", id))?;
        allowed(call, solution, |app| self.is_theirs(app))?;
        let next = moved(call, &solution.now)?;
        self.advance_to(id, next);
        Ok(json!({ "solution_id": id }))
    }

    /// What the other side can do with a solution now, by the names of the moves.
    pub(super) fn their_moves(&self, solution: &StoredSolution) -> Vec<&'static str> {
        if solution.now.status == "DRAFT" && self.is_theirs(&solution.owner) {
            return vec!["send"];
        }
        let can = |call: Operation| {
            allowed(call, solution, |app| self.is_theirs(app)).is_ok()
                && moved(call, &solution.now).is_ok()
        };
        let moves = MOVES.iter().filter(|(_, call)| can(*call));
        moves.map(|(name, _)| *name).collect()
    }

    fn is_theirs(&self, app: &str) -> bool {
        self.owner_apps().any(|theirs| theirs.id == app)
    }

    fn request_of(
        &mut self,
        owner: &str,
        name: &str,
        status: &str,
        messaging: Option<&str>,
    ) -> Result<Value> {
        if !self.is_theirs(owner) {
            return Err(Error::not_found("POST", owner));
        }
        let name = name.trim();
        if !(2..=75).contains(&name.chars().count()) {
            return Err(Error::parameter("A name has 2 to 75 characters."));
        }
        let (owner_sends, partner_sends) = match messaging.unwrap_or("partner") {
            "both" => (true, true),
            "owner" => (true, false),
            "partner" => (false, true),
            odd => {
                return Err(Error::parameter(format!(
                    "{odd} is none of both, owner, partner"
                )));
            }
        };
        let side = |sends: bool| sends.then(|| "MESSAGING".to_owned()).into_iter().collect();
        let solution = self.push(owner, PARTNER_APP_ID, name, status);
        solution.owner_permissions = side(owner_sends);
        solution.partner_permissions = side(partner_sends);
        Ok(json!({ "solution_id": solution.id }))
    }

    fn send_draft(&mut self, id: &str) -> Result<Value> {
        let theirs = self
            .solution(id)
            .is_some_and(|solution| self.is_theirs(&solution.owner));
        let draft = self
            .solution_mut(id)
            .filter(|solution| theirs && solution.now.status == "DRAFT");
        let draft = draft.ok_or_else(|| Error::not_found("POST", id))?;
        draft.now = SolutionState::of("INITIATED");
        Ok(json!({ "solution_id": id }))
    }
}
