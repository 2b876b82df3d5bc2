//! The other moves of a solution: an invitation declined, an active one asked to end, that request answered.
//!
//! The one decision: Meta's guide sends no body and its OpenAPI file wants fields (graph-api.md, 7.8), and Graph ignores what
//! it does not know; so the fields go along, and one body satisfies both.

use serde_json::{Value, json};

use super::solutions::Receipt;
use crate::{
    graph::{
        error::Error,
        send::{
            call::{ApiCall, OwnedToken, Token},
            perform::Graph,
        },
    },
    ids::{AppId, SolutionId},
};

/// A move of a solution beside its creation and its acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transition {
    /// The invited partner declines; it ends REJECTED.
    Reject,
    /// The owner asks to end an ACTIVE one, which works on until the other side agrees.
    RequestDeactivation,
    /// The other side agrees; it ends DEACTIVATED.
    AcceptDeactivation,
    /// The other side declines; it stays ACTIVE.
    RejectDeactivation,
}

impl Transition {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 4] = [
        Self::Reject,
        Self::RequestDeactivation,
        Self::AcceptDeactivation,
        Self::RejectDeactivation,
    ];

    /// The last part of the path.
    pub fn edge(self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::RequestDeactivation => "send_deactivation_request",
            Self::AcceptDeactivation => "accept_deactivation_request",
            Self::RejectDeactivation => "reject_deactivation_request",
        }
    }

    /// What is being done, to follow "could not".
    fn doing(self, id: &SolutionId) -> String {
        match self {
            Self::Reject => format!("reject solution {id}"),
            Self::RequestDeactivation => format!("ask for the deactivation of solution {id}"),
            Self::AcceptDeactivation => format!("agree to the deactivation of solution {id}"),
            Self::RejectDeactivation => format!("reject the deactivation of solution {id}"),
        }
    }

    fn body(self, partner: &AppId) -> Value {
        match self {
            Self::Reject => {
                json!({ "request_type": "PARTNERSHIP_REQUEST", "partner_app_id": partner })
            }
            Self::RequestDeactivation | Self::AcceptDeactivation => json!({}),
            Self::RejectDeactivation => json!({ "reject_deactivation_request": true }),
        }
    }
}

impl Graph {
    /// Moves a solution, by one request. Any answer without an error is a success; the shapes differ too much between
    /// Meta's pages to ask for more (graph-api.md, 9).
    pub async fn transition(
        &self,
        token: Token<'_>,
        id: &SolutionId,
        partner: &AppId,
        what: Transition,
    ) -> Result<Receipt, Error> {
        let mut call = ApiCall::post(what.doing(id), &[id.as_str(), what.edge()]).on_solution();
        if let Value::Object(body) = what.body(partner) {
            call.body = Some(body);
        }
        let done = self.perform(&OwnedToken::from(token), &call).await?;
        Ok(Receipt {
            fbtrace: done.facts.request_id,
        })
    }
}
