//! `mps onboard` and who comes to its page.
//!
//! The one decision: a raw client brings the tokens, as the stand-in's dialog mints them for the apps that were ticked.

use mps::testing::sandbox::{Fault, Faults, Operation, Rule};
use serde_json::json;

use crate::{
    button::{Serving, Stage, at, grant, nonce},
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
        state["refused"],
        json!({"code": "app_not_ticked", "ids": APPS[1]})
    );
    signs_in(&[APPS[0], APPS[1]]);
    let outcome = serving.run.finish();
    outcome.code(0);
    assert_eq!(outcome.json_lines()[0]["app_id"], APPS[1]);
}

#[test]
fn the_page_says_how_a_run_ended_that_created_nothing() {
    for (more, refused, code, said) in [
        (&["--dry-run"][..], false, 0, "rehearsed"),
        (&["--yes"], true, 4, "broken_off"),
    ] {
        let stage = Stage::new();
        let serving = Serving::start(
            stage
                .mps()
                .args(["onboard", "--http", "--port", "0", "--app-id", APPS[0]])
                .args(more),
        );
        if refused {
            let denied = Rule::new(Operation::List, Fault::Denied { code: 200 });
            stage.sandbox.set_faults(Faults {
                rules: vec![Rule { times: 0, ..denied }],
                ..Faults::default()
            });
        }
        let nonce = nonce(&serving);
        let ours = format!("http://localhost:{}", serving.port());
        let headers = [
            ("Origin", ours.as_str()),
            ("Content-Type", "application/json"),
            ("X-Mps-Nonce", nonce.as_str()),
        ];
        let answer = at(&serving, "POST", "/token", &headers, &grant(&stage));
        assert_eq!(answer.status, 202);
        // The run is not over before the page has its last state.
        let last = std::iter::repeat_with(|| at(&serving, "GET", "/state", &headers, "").json())
            .find(|state| state["last"] == true)
            .unwrap();
        assert_eq!(last["progress"]["finished"], true, "{last}");
        let message = last["progress"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(said), "{last}");
        serving.run.finish().code(code);
    }
}

#[test]
fn nobody_is_onboarded_unattended_whom_no_option_names() {
    let stage = Stage::new();
    for (args, address) in [
        (&["--all", "--http"][..], None),
        (&["--http"], None),
        (&["--all"], None),
        (&["--all", "--no-accept", "--http"], None),
        (
            &["--all", "--for", "lucky-shrub"],
            Some("https://mps.example.com"),
        ),
    ] {
        let mut run = stage
            .mps()
            .args(["onboard", "--yes", "--port", "0", "--deadline", "1s"])
            .args(args);
        if let Some(address) = address {
            run = run.env("MPS_PUBLIC_URL", address);
        }
        run.run()
            .code(2)
            .stdout("")
            .stderr_has("--yes")
            .stderr_has("--app-id")
            .stderr_has("--accept-anyone")
            .stderr_lacks("Open this page");
    }
    assert_eq!(stage.sandbox.state()["requests"], json!(0));
}

#[test]
fn whom_an_option_names_or_a_token_stands_for_is_onboarded_unattended() {
    let stage = Stage::new();
    for more in [
        &["--all", "--accept-anyone"][..],
        &["--accept-anyone"],
        &["--app-id", APPS[0]],
    ] {
        let serving = Serving::start(
            stage
                .mps()
                .args(["onboard", "--http", "--port", "0", "--yes"])
                .args(more),
        );
        crate::button::interrupted(serving.run);
    }
    // No page is opened for a token that is given, nor does the built-in stand-in wait for a stranger.
    stage
        .mps()
        .env(
            "MPS_USER_TOKEN",
            stage.sandbox.user_token().secret().expose(),
        )
        .args(["onboard", "--all", "--yes"])
        .run()
        .code(0);
    stage
        .mps()
        .args(["onboard", "--sandbox", "--all", "--yes"])
        .run()
        .code(0);
}

#[test]
fn whoever_types_an_option_of_the_page_gets_the_page_whatever_the_environment_holds() {
    let stage = Stage::new();
    let token = stage.sandbox.user_token().secret().expose().to_owned();
    let public = "http://localhost:8443";
    for more in [
        &["--for", "acme"][..],
        &["--public-url", public],
        &["--port", "0"],
        &["--cert", "cert.pem", "--key", "key.pem"],
    ] {
        let told = stage
            .mps()
            .env("MPS_USER_TOKEN", &token)
            .args(["onboard", "--all", "--yes"])
            .args(more)
            .run();
        let said = format!(
            "MPS_USER_TOKEN is set and passed over: {} was typed",
            more[0]
        );
        told.code(2)
            .stdout("")
            .stderr_has(&said)
            .stderr_has("--accept-anyone");
    }
    let args = [
        "onboard", "--http", "--port", "0", "--yes", "--app-id", APPS[0],
    ];
    let serving = Serving::start(stage.mps().env("MPS_USER_TOKEN", &token).args(args));
    let said = crate::button::interrupted(serving.run);
    assert_eq!(said.matches("passed over").count(), 1, "{said}");
    // A token that is typed too is taken; an address of the environment asks for nothing.
    let file = stage.home.file("token.txt", &token);
    let typed = ["--for", "acme", "--user-token-file", file.to_str().unwrap()];
    for (more, public) in [(&typed[..], ""), (&[], public)] {
        stage
            .mps()
            .env("MPS_USER_TOKEN", &token)
            .env("MPS_PUBLIC_URL", public)
            .args(["onboard", "--all", "--yes"])
            .args(more)
            .run()
            .code(0)
            .stderr_lacks("passed over")
            .stderr_lacks("has no use");
    }
    // Nor is anything of a page that is not served passed over in silence.
    for idle in [
        ["--public-url", public],
        ["--port", "0"],
        ["--login-config-id", "7"],
    ] {
        let run = stage
            .mps()
            .args(["onboard", "--all", "--yes", "--user-token-file"]);
        let run = run.args([file.to_str().unwrap()]).args(idle).run();
        let said = format!(
            "{} has no use: a user token is given, so no page is served",
            idle[0]
        );
        run.code(0).stderr_has(&said);
    }
}

#[test]
fn nobody_who_asks_for_a_yes_is_led_into_the_next_refusal() {
    let stage = Stage::new();
    let run = stage.mps().args(["onboard", "--all", "--http"]).run();
    run.code(2)
        .stderr_has("--yes with --app-id")
        .stderr_lacks("--all, or")
        .stderr_lacks("Open this page");
}
