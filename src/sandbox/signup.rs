//! Embedded Signup: the window in which a client shares an account, and the code that it hands over.
//!
//! The one decision: what the client chose goes to the page by two ways, as with Meta: the ids in a message from the window, the
//! code by the SDK; each can come without the other.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    dialog,
    error::{Error, Result},
    records::{APP_SECRET, PARTNER_APP_ID},
    store::SandboxState,
    wire::{Request, Response},
};

/// The window's behaviour.
pub(super) const JS: &str = concat!(include_str!("parts.js"), include_str!("signup.js"));
const HTML: &str = include_str!("signup.html");

/// How long a code holds, in seconds.
const CODE_HOLDS: u64 = 60;

/// What a client chose.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignupWish {
    solution_id: String,
    business: String,
}

/// Whether the SDK asks for Embedded Signup and not for a permission.
pub(super) fn is_asked(request: &Request) -> bool {
    request.query("response_type") == Some("code") && request.query("extras").is_some()
}

/// The window for a request to `/vNN.N/dialog/oauth`.
pub(super) fn page(state: &mut SandboxState, request: &Request) -> Response {
    state.dialogs += 1;
    let extras: Value = request
        .query("extras")
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let solution_id = extras["setup"]["solutionID"].as_str().unwrap_or_default();
    let refusal = refusal(state, request, solution_id);
    let facts = json!({
        "partner": state.partner_name(),
        "solution_id": solution_id,
        "solution_name": state.solution(solution_id).map(|solution| &solution.name),
        "origin": request.query("origin"),
        "cb": request.query("cb"),
        "tells": extras["sessionInfoVersion"] == "3",
        "refusal": refusal,
    });
    dialog::html(HTML, &facts)
}

/// Why nobody can sign up, in Meta's manner.
fn refusal(state: &SandboxState, request: &Request, solution_id: &str) -> Option<String> {
    if request.query("client_id") != Some(PARTNER_APP_ID) {
        return Some("The provided app ID does not look like a valid app ID.".to_owned());
    }
    if request.query("config_id").is_none_or(str::is_empty) {
        return Some("This app needs at least one supported permission.".to_owned());
    }
    let known = state.solution(solution_id);
    let ours = known.filter(|solution| {
        [&solution.owner, &solution.partner].contains(&&PARTNER_APP_ID.to_owned())
    });
    match ours {
        Some(solution) if solution.now.status == "ACTIVE" => None,
        Some(solution) => Some(format!(
            "The solution is not active. Its status is {}.",
            solution.now.status
        )),
        None => Some("The solution does not exist, or this app has no part in it.".to_owned()),
    }
}

impl SandboxState {
    /// A client signs up; what the window hands over.
    pub(super) fn sign_up(&mut self, wish: &SignupWish, now: u64) -> Result<Value> {
        let active = self
            .solution(&wish.solution_id)
            .is_some_and(|solution| solution.now.status == "ACTIVE");
        if !active {
            return Err(Error::not_found("POST", &wish.solution_id));
        }
        let code = format!("AQSANDBOXcode{:0>24}", self.signed_up.len());
        let account = self.add_account(wish.business.trim(), &wish.solution_id);
        account.code = Some((code.clone(), now));
        Ok(
            json!({"code": code, "waba_id": account.id, "phone_number_id": account.number,
            "business_id": account.business}),
        )
    }

    /// `GET /oauth/access_token`: a code becomes the client's business token, once.
    pub(super) fn exchange(&mut self, request: &Request) -> Result<Value> {
        let ours = request.param("client_id").as_deref() == Some(PARTNER_APP_ID)
            && request.param("client_secret").as_deref() == Some(APP_SECRET);
        if !ours {
            return Err(Error::parameter("Error validating client secret."));
        }
        let code = request.param("code").unwrap_or_default();
        let of = |held: &(String, u64)| held.0 == code;
        let account = self
            .signed_up
            .iter_mut()
            .find(|account| account.code.as_ref().is_some_and(of));
        let held = account.and_then(|account| {
            let (_, since) = account.code.take()?;
            Some((account.business.clone(), account.solution.clone()?, since))
        });
        match held {
            Some((business, solution, since))
                if request.now.saturating_sub(since) <= CODE_HOLDS =>
            {
                let text = self.business_token_of(&business, &solution, PARTNER_APP_ID);
                Ok(json!({"access_token": text, "token_type": "bearer"}))
            }
            Some(_) => Err(Error::parameter("This authorization code has expired.").sub(36_007)),
            None => Err(Error::parameter("This authorization code has been used.").sub(36_009)),
        }
    }
}
