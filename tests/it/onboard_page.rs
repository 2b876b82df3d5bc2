//! `mps onboard` and who comes to its page.
//!
//! The one decision: a raw client brings the tokens, as the stand-in's dialog mints them for the apps that were ticked.

use serde_json::json;

use crate::{
    button::{Serving, Stage, at, nonce},
    stage::APPS,
    support::http,
};

#[test]
fn a_sign_in_without_the_app_that_is_asked_for_is_refused_and_the_wait_goes_on() {
    let stage = Stage::new();
    let serving = Serving::start(stage.mps().args([
        "onboard", "--http", "--port", "0", "--app-id", APPS[1], "--yes", "--json",
    ]));
    let nonce = nonce(&serving);
    let ours = format!("http://localhost:{}", serving.port());
    let headers = [
        ("Origin", ours.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", nonce.as_str()),
    ];
    let meta = stage.sandbox.url().trim_start_matches("http://").parse();
    let signs_in = |ticked: &[&str]| {
        let wish = json!({"apps": ticked}).to_string();
        let json = [("Content-Type", "application/json")];
        let minted = http::request(
            meta.clone().unwrap(),
            "POST",
            "/sandbox/grant",
            &json,
            &wish,
        );
        let token = minted.json()["access_token"].clone();
        let body = json!({"accessToken": token}).to_string();
        assert_eq!(at(&serving, "POST", "/token", &headers, &body).status, 202);
    };
    signs_in(&[APPS[0]]);
    let line = serving.run.wait_for_line("token_refused");
    assert!(
        line.contains(&format!("app {} was not ticked", APPS[1])),
        "{line}"
    );
    let state = at(&serving, "GET", "/state", &headers, "").json();
    assert_eq!(state["phase"], "refused");
    assert_eq!(
        state["reason"],
        format!("The app {} was not ticked.", APPS[1])
    );
    signs_in(&[APPS[0], APPS[1]]);
    let outcome = serving.run.finish();
    outcome.code(0);
    assert_eq!(outcome.json_lines()[0]["app_id"], APPS[1]);
}
