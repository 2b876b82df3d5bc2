//! What Meta's `debug_token` may answer about the Tech Provider's token, and where that leads.
//!
//! The one decision: what tells nothing of the token leads to the next way of asking; what says that two tokens are not
//! of one app names both; what says that the token is bad ends it.

use serde_json::{Value, json};

use crate::{
    stage::{APPS, PARTNER, app},
    support::{APP_SECRET, Mps, Outcome, SYSTEM, Script, USER},
};

const OTHER_VIEWER: &str = "The App_id in the input_token did not match the Viewing App";

/// `list-apps` with every secret, where the app's own token is answered so and the system token so.
fn asked(by_secret: &Value, by_system: Option<&Value>, permissions: Option<&Value>) -> Outcome {
    let app_token = format!("{PARTNER}|{APP_SECRET}");
    let mut script = Script::new()
        .on("GET", "/debug_token")
        .token(&app_token)
        .query("input_token", USER)
        .reply(200, by_secret.clone());
    if let Some(answer) = by_system {
        script = script
            .on("GET", "/debug_token")
            .token(SYSTEM)
            .query("input_token", USER)
            .reply(200, answer.clone());
    }
    if let Some(answer) = permissions {
        script = script
            .on("GET", "/me/permissions")
            .token(USER)
            .reply(200, json!({"data": answer}));
    }
    let served = script
        .on("GET", "/me/application_details")
        .reply(200, json!({"data": [app(APPS[0], "Lucky Shrub")]}))
        .any_times()
        .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
        .reply(200, json!({"data": []}))
        .any_times()
        .on("GET", &format!("/{}/whatsapp_business_solutions", APPS[0]))
        .reply(200, json!({"data": []}))
        .any_times()
        .serve();
    Mps::new()
        .args(["list-apps", "--json", "--partner-app-id", PARTNER])
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_APP_SECRET", APP_SECRET)
        .env("MPS_PARTNER_NAME", "Acme")
        .against(&served)
        .run()
}

fn granted() -> Value {
    json!([{"permission": "manage_app_solution", "status": "granted"}])
}

fn sound() -> Value {
    json!({"data": {"app_id": PARTNER, "type": "USER", "is_valid": true, "expires_at": 0, "user_id": "9",
        "scopes": ["manage_app_solution"]}})
}

fn other_viewer() -> Value {
    json!({"data": {"error": {"code": 100, "message": OTHER_VIEWER}, "is_valid": false, "scopes": []}})
}

#[test]
fn an_answer_that_tells_nothing_leads_to_the_next_way() {
    for nothing in [
        json!({"data": []}),
        json!({"data": null}),
        json!({"data": {}}),
        json!({"data": "no"}),
        json!({}),
        json!([]),
        json!({"data": {"is_valid": false, "scopes": []}}),
    ] {
        // The system token tells.
        asked(&nothing, Some(&sound()), None)
            .code(0)
            .stderr_lacks("of one app");
        // Nobody but the token itself.
        let run = asked(&nothing, Some(&nothing), Some(&granted()));
        run.code(0).stderr_lacks("of one app");
        let run = asked(&nothing, Some(&nothing), Some(&json!([])));
        run.code(4);
        assert_eq!(run.error()["kind"], "permission", "{nothing}");
    }
}

#[test]
fn two_tokens_that_are_not_of_one_app_are_both_named() {
    let both = "the user token (from MPS_USER_TOKEN) and the app secret (from MPS_APP_SECRET) are not of one app";
    // What tells more is believed.
    asked(&other_viewer(), Some(&sound()), None)
        .code(0)
        .stderr_lacks("of one app");
    let mut made_elsewhere = sound();
    made_elsewhere["data"]["app_id"] = json!("1");
    let run = asked(&other_viewer(), Some(&made_elsewhere), None);
    run.code(4)
        .stderr_has("was made for app 1")
        .stderr_has(both);
    // Where only the token itself is left to ask, that proves no app, and the operator hears it.
    let run = asked(&other_viewer(), Some(&other_viewer()), Some(&granted()));
    run.code(0).stderr_has(both).stderr_has(OTHER_VIEWER);
    let run = asked(&other_viewer(), Some(&other_viewer()), Some(&json!([])));
    run.code(4).stderr_has(both);
    assert_eq!(run.error()["kind"], "permission");
}

#[test]
fn what_meta_says_inside_its_answer_gives_the_code() {
    let bad = json!({"data": {"error": {"code": 190, "subcode": 463, "message": "Error validating access token"},
        "is_valid": false, "scopes": []}});
    let run = asked(&bad, None, None);
    run.code(4);
    let error = run.error();
    assert_eq!(
        (&error["kind"], &error["code"]),
        (&json!("auth"), &json!(190))
    );
    assert_eq!(error["subcode"], 463);
}
