//! The consent dialog and the SDK's stand-in: which page is shown, and with what in it.
//!
//! The one decision: the page gets its facts as JSON in a data block and its code from files of its own,
//! so its policy allows no inline script, and no app's name can become markup.

use serde_json::{Value, json};

use super::{
    faults::Dialog,
    records::{MANAGE, PARTNER_APP_ID},
    store::SandboxState,
    wire::{Request, Response},
};

/// The dialog's styles.
pub(super) const CSS: &str = include_str!("dialog.css");
/// The dialog's behaviour.
pub(super) const JS: &str = concat!(include_str!("parts.js"), include_str!("dialog.js"));
const HTML: &str = include_str!("dialog.html");
const SDK: &str = include_str!("sdk.js");

/// Nothing from elsewhere, nothing inline. No COOP: it would cut the opener off.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The SDK with the dialog's origin inside.
pub(super) fn sdk(origin: &str) -> String {
    SDK.replace("__DIALOG_ORIGIN__", origin)
}

/// The dialog for a request to `/vNN.N/dialog/oauth`.
pub(super) fn page(state: &mut SandboxState, request: &Request) -> Response {
    state.dialogs += 1;
    let switch = request
        .query("sandbox")
        .and_then(|word| serde_json::from_value(json!(word)).ok())
        .unwrap_or(state.faults.dialog);
    html(HTML, &facts(state, request, switch))
}

/// A page with its facts, under the policy of all pages here.
pub(super) fn html(page: &str, facts: &Value) -> Response {
    // `<` is all that could end a data block early.
    let facts = facts.to_string().replace('<', "\\u003c");
    page_of(page.replace("__FACTS__", &facts))
}

/// A page under the policy of all pages here.
pub(super) fn page_of(page: String) -> Response {
    let mut response = Response::new(200, "text/html; charset=utf-8", page);
    response
        .headers
        .push(("Content-Security-Policy", POLICY.to_owned()));
    response
        .headers
        .push(("X-Content-Type-Options", "nosniff".to_owned()));
    response
        .headers
        .push(("Referrer-Policy", "no-referrer".to_owned()));
    response
}

/// Why the dialog cannot ask at all, in Meta's words.
fn refusal(request: &Request, switch: Dialog) -> Option<(&'static str, &'static str)> {
    let unavailable = "It looks like this app isn't available";
    if request.query("client_id") != Some(PARTNER_APP_ID) {
        return Some((
            "Invalid App ID",
            "The provided app ID does not look like a valid app ID.",
        ));
    }
    let asks = request.query("config_id").is_some_and(|id| !id.is_empty())
        || request
            .query("scope")
            .is_some_and(|scope| scope.split([',', ' ']).any(|word| word == MANAGE));
    if !asks || switch == Dialog::ErrorPage {
        return Some((
            unavailable,
            "This app needs at least one supported permission.",
        ));
    }
    None
}

fn facts(state: &SandboxState, request: &Request, switch: Dialog) -> Value {
    let apps: Vec<Value> = state
        .owner_apps()
        .map(|app| json!({"id": app.id, "name": app.name}))
        .collect();
    let refusal =
        refusal(request, switch).map(|(title, text)| json!({"title": title, "text": text}));
    json!({
        "partner": {"id": PARTNER_APP_ID, "name": state.partner_name()},
        "person": "Alex Rivera",
        "apps": apps,
        "origin": request.query("origin"),
        "cb": request.query("cb"),
        "dialog": switch,
        "refusal": refusal,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{faults::Faults, store::ApiShape};
    use super::*;

    fn shown(query: &str) -> String {
        let mut state =
            SandboxState::new(3, "</script><b>Evil", ApiShape::Guide, Faults::default());
        let request = Request::new("GET", &format!("/v26.0/dialog/oauth?{query}"), b"");
        String::from_utf8(page(&mut state, &request).body).unwrap()
    }

    #[test]
    fn names_cannot_become_markup() {
        let page = shown("client_id=634974688087057&scope=manage_app_solution");
        assert!(!page.contains("<b>Evil") && page.contains("\\u003cb>Evil"));
    }

    #[test]
    fn the_sdk_knows_its_dialog() {
        let text = sdk("http://127.0.0.1:4010");
        assert!(text.contains("'http://127.0.0.1:4010'") && !text.contains("__"));
    }

    #[test]
    fn it_asks_only_when_it_can() {
        for (query, asks) in [
            ("client_id=634974688087057&scope=manage_app_solution", true),
            (
                "client_id=634974688087057&scope=email,manage_app_solution",
                true,
            ),
            ("client_id=634974688087057&config_id=77", true),
            ("client_id=634974688087057&scope=email", false),
            ("client_id=1&scope=manage_app_solution", false),
            (
                "client_id=634974688087057&scope=manage_app_solution&sandbox=error_page",
                false,
            ),
        ] {
            assert_eq!(shown(query).contains("\"refusal\":null"), asks, "{query}");
        }
    }
}
