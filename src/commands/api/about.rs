//! What a raw write is about, for the journal.

use serde_json::Value;

use crate::ids::{AppId, SolutionId};

/// What a write is about, as its path and its fields tell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    pub(super) owner: Option<AppId>,
    pub(super) partner: Option<AppId>,
    pub(super) solution: Option<SolutionId>,
    pub(super) name: Option<String>,
}

impl About {
    pub(super) fn of(path: &str, fields: &[(String, String)]) -> Self {
        let value = |name: &str| {
            let field = fields.iter().find(|(field, _)| field == name);
            field.map(|(_, value)| value.as_str())
        };
        let about = Self {
            partner: value("partner_app_id").and_then(|id| id.parse().ok()),
            name: value("solution_name").map(str::to_owned),
            ..Self::default()
        };
        let mut parts = path.trim_matches('/').rsplit('/');
        let (edge, object) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        match edge {
            "whatsapp_business_solution" => Self {
                owner: object.parse().ok(),
                ..about
            },
            "accept"
            | "reject"
            | "send_deactivation_request"
            | "accept_deactivation_request"
            | "reject_deactivation_request" => Self {
                solution: object.parse().ok(),
                ..about
            },
            _ => about,
        }
    }

    /// The solution that a create made.
    pub(super) fn made(&self, answer: &Value) -> Option<SolutionId> {
        self.owner.as_ref()?;
        // Where Meta's answer has a number for it, there is no name for it in the record.
        answer["solution_id"]
            .as_str()
            .or_else(|| answer["id"].as_str())?
            .parse()
            .ok()
    }
}
