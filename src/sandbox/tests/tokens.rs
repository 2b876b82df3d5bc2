//! What is said about tokens, and what the dialog mints.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    super::{
        faults::{Dialog, Faults},
        records::{
            APP_SECRET, OTHER_APP_ID, PARTNER_APP_ID, SYSTEM_TOKEN, TokenRequest, USER_ID,
            USER_TOKEN,
        },
        store::SandboxState,
        wire::{Request, hex, hmac_sha256},
    },
    Bench, app, code,
};

/// A token for the first app, as the dialog with this switch mints it.
fn minted(bench: &mut Bench, dialog: Dialog) -> Value {
    let wish = TokenRequest {
        apps: vec![app()],
        dialog: Some(dialog),
    };
    bench.0.grant(&wish, 1_795_305_600).unwrap()
}

fn debugged(bench: &mut Bench, token: &Value) -> Value {
    let token = token["access_token"].as_str().unwrap();
    let app_token = format!("{PARTNER_APP_ID}|{APP_SECRET}");
    bench.get(&format!("debug_token?input_token={token}"), &app_token)
}

#[test]
fn debug_token_says_what_was_granted() {
    let mut bench = Bench::new(Faults::default());
    let token = minted(&mut bench, Dialog::Normal);
    let data = debugged(&mut bench, &token)["data"].take();
    assert_eq!(
        data,
        json!({
            "app_id": PARTNER_APP_ID, "type": "USER", "application": "Us", "is_valid": true,
            "issued_at": 1_795_305_540, "expires_at": 1_795_312_143, "data_access_expires_at": 1_803_081_600,
            "scopes": ["manage_app_solution", "public_profile"], "user_id": USER_ID,
            "granular_scopes": [{"scope": "manage_app_solution", "target_ids": [app()]}],
        })
    );
}

#[test]
fn tokens_that_are_no_good() {
    for (dialog, apps, debug, valid) in [
        (Dialog::Normal, (0, 0), (0, 0), json!(true)),
        (Dialog::NoPermission, (200, 0), (0, 0), json!(true)),
        (Dialog::Expired, (190, 463), (0, 0), json!(false)),
        (Dialog::WrongApp, (0, 0), (100, 0), json!(null)),
        (Dialog::NoApps, (0, 0), (0, 0), json!(true)),
    ] {
        let mut bench = Bench::new(Faults::default());
        let token = minted(&mut bench, dialog);
        let text = token["access_token"].as_str().unwrap();
        let listed = bench.get("me/application_details", text);
        assert_eq!(code(&listed), apps, "{dialog:?}");
        let answer = debugged(&mut bench, &token);
        assert_eq!(code(&answer), debug, "{dialog:?}: {answer}");
        assert_eq!(answer["data"]["is_valid"], valid, "{dialog:?}");
    }
}

#[test]
fn who_may_debug_whom() {
    let app_token = format!("{PARTNER_APP_ID}|{APP_SECRET}");
    for (asker, input, expected) in [
        (app_token.as_str(), USER_TOKEN, json!(true)),
        (&app_token, SYSTEM_TOKEN, json!(true)),
        (&app_token, "EAAneverSEEN000000000000000000", json!(false)),
        (SYSTEM_TOKEN, USER_TOKEN, json!(true)),
        (SYSTEM_TOKEN, SYSTEM_TOKEN, json!(null)),
        (USER_TOKEN, USER_TOKEN, json!(null)),
        ("634974688087057|wrong", USER_TOKEN, json!(null)),
    ] {
        let mut bench = Bench::new(Faults::default());
        let answer = bench.get(&format!("debug_token?input_token={input}"), asker);
        assert_eq!(
            answer["data"]["is_valid"], expected,
            "{asker} {input}: {answer}"
        );
    }
}

#[test]
fn proofs_are_checked() {
    let now = 1_795_305_600;
    let plain = hex(&hmac_sha256(APP_SECRET, USER_TOKEN));
    let timed = |time: u64| {
        let proof = hex(&hmac_sha256(APP_SECRET, &format!("{USER_TOKEN}|{time}")));
        format!("appsecret_proof={proof}&appsecret_time={time}")
    };
    for (query, required, good) in [
        (String::new(), false, true),
        (String::new(), true, false),
        (format!("appsecret_proof={plain}"), true, true),
        ("appsecret_proof=0000".to_owned(), false, false),
        (timed(now - 200), true, true),
        (timed(now - 400), true, false),
    ] {
        let mut bench = Bench::new(Faults {
            require_proof: required,
            ..Faults::default()
        });
        let answer = bench.get(&format!("me?{query}"), USER_TOKEN);
        assert_eq!(answer["id"].is_string(), good, "{query}: {answer}");
    }
}

#[test]
fn signed_requests_hold_against_the_secret_of_the_app() {
    for (dialog, secret, good) in [
        (Dialog::Normal, APP_SECRET.to_owned(), true),
        (Dialog::BadSignature, APP_SECRET.to_owned(), false),
        (
            Dialog::WrongApp,
            SandboxState::secret_of(OTHER_APP_ID),
            true,
        ),
    ] {
        let mut bench = Bench::new(Faults::default());
        let token = minted(&mut bench, dialog);
        let signed = token["signed_request"].as_str().unwrap();
        let (signature, payload) = signed.split_once('.').unwrap();
        let ours = URL_SAFE_NO_PAD.encode(hmac_sha256(&secret, payload));
        assert_eq!(ours == signature, good, "{dialog:?}");
    }
}

#[test]
fn the_control_paths() {
    let mut bench = Bench::new(Faults::default());
    let mut ask = |method: &str, path: &str, body: &str| {
        let request = Request::new(method, path, body.as_bytes());
        bench.0.answer_own(&request).unwrap().value()
    };
    let seeded = ask(
        "POST",
        "/sandbox/solutions",
        r#"{"name":"Old","status":"ACTIVE","count":3}"#,
    );
    assert_eq!(seeded["solution_ids"].as_array().unwrap().len(), 3);
    let id = seeded["solution_ids"][0].as_str().unwrap();
    let changed = format!(r#"{{"solution_id":"{id}","status":"ON_HOLD"}}"#);
    ask("POST", "/sandbox/solutions", &changed);
    let state = ask("GET", "/sandbox/state", "");
    assert_eq!(state["solutions"][0]["status"], "ON_HOLD");
    assert_eq!(state["live"][app()], 2);
    assert_eq!(
        code(&ask("POST", "/sandbox/faults", r#"{"listing_leg":2}"#)).0,
        100
    );
    let faults = ask("POST", "/sandbox/faults", r#"{"listing_lag":2}"#);
    assert_eq!(faults["listing_lag"], 2);
    assert_eq!(ask("GET", "/sandbox/faults", ""), faults);
    assert_eq!(ask("POST", "/sandbox/faults", "{}")["listing_lag"], 0);
}
