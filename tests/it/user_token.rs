//! What Meta's `debug_token` may answer about the Tech Provider's token, and where that leads.
//!
//! The one decision: what tells nothing of the token leads to the next way of asking; what says that two tokens are not
//! of one app names both; what says that the token is bad ends it.

use serde_json::{Value, json};

use crate::{
    stage::{APPS, PARTNER, app},
    support::{APP_SECRET, Home, Mps, Outcome, SYSTEM, Script, USER},
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

/// What a server needs for `create` and `list-apps`, where Meta reports these of the user token.
fn reports(info: &Value, list: (u16, Value)) -> Script {
    let app_token = format!("{PARTNER}|{APP_SECRET}");
    let system = json!({"data": {"app_id": PARTNER, "type": "SYSTEM_USER", "is_valid": true, "scopes": ["manage_app_solution"]}});
    let solution = json!({"id": "795", "name": "Lucky Shrub + Acme", "status": "INITIATED"});
    Script::new()
        .on("GET", "/debug_token")
        .token(&app_token)
        .query("input_token", USER)
        .reply(200, info.clone())
        .any_times()
        .on("GET", "/debug_token")
        .token(&app_token)
        .query("input_token", SYSTEM)
        .reply(200, system)
        .any_times()
        .on("GET", "/me/application_details")
        .reply(list.0, list.1)
        .any_times()
        .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
        .reply(200, json!({"data": []}))
        .any_times()
        .on("GET", &format!("/{}/whatsapp_business_solutions", APPS[0]))
        .reply(200, json!({"data": []}))
        .any_times()
        .on("POST", &format!("/{}/whatsapp_business_solution", APPS[0]))
        .reply(200, json!({"solution_id": "795"}))
        .any_times()
        .on("GET", "/795")
        .reply(200, solution)
        .any_times()
}

/// Meta has changed before what it reports: where the app list is served, `--no-scope-check` takes the token, and says so.
#[test]
fn a_permission_that_meta_does_not_report_can_be_passed_over() {
    let served = || (200, json!({"data": [app(APPS[0], "Lucky Shrub")]}));
    let refused = || {
        (
            400,
            json!({"error": {"message": "(#200) Requires permission", "code": 200}}),
        )
    };
    let info = |more: Value| {
        let mut info = json!({"app_id": PARTNER, "type": "USER", "is_valid": true, "user_id": "9", "scopes": ["public_profile"]});
        for (name, value) in more.as_object().unwrap() {
            info[name] = value.clone();
        }
        json!({"data": info})
    };
    let run = |home: &Home, script: Script, args: &[&str]| {
        let server = script.serve();
        Mps::at(home)
            .args(args)
            .args(["--partner-app-id", PARTNER, "--partner-name", "Acme"])
            .env("MPS_USER_TOKEN", USER)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("MPS_APP_SECRET", APP_SECRET)
            .against(&server)
            .run()
    };
    let create = ["create", "--app-id", APPS[0], "--json"];
    let waived = ["create", "--app-id", APPS[0], "--json", "--no-scope-check"];
    let home = Home::new();
    run(&home, reports(&info(json!({})), served()), &create)
        .code(4)
        .stderr_has("manage_app_solution");
    // Nor does the option help against another fault of the token, or where the list is refused.
    let old = info(json!({"expires_at": 1}));
    run(&home, reports(&old, served()), &waived)
        .code(4)
        .stderr_has("expired");
    let theirs = info(json!({"app_id": "5"}));
    run(&home, reports(&theirs, served()), &waived).code(4);
    run(&home, reports(&info(json!({})), refused()), &waived)
        .code(4)
        .stderr_has("manage_app_solution");
    let list = run(
        &home,
        reports(&info(json!({})), served()),
        &["list-apps", "--no-scope-check"],
    );
    list.code(0)
        .stdout(format!("{}\n", APPS[0]))
        .stderr_has("--no-scope-check");
    let done = run(&home, reports(&info(json!({})), served()), &waived);
    done.code(0).stderr_has("--no-scope-check");
    assert_eq!(done.json()["outcome"], "created");
    // It is told in the history, too.
    let history = run(&home, Script::new(), &["history", "--json"]);
    history.code(0);
    let consents: Vec<_> = history
        .json_lines()
        .iter()
        .map(|line| line["consent"].clone())
        .collect();
    assert!(
        consents
            .iter()
            .any(|consent| consent.to_string().contains("--no-scope-check")),
        "{consents:?}"
    );
}

/// What is allowed is not all proven: the plan names whose each token is, of which app, with which permissions, and what
/// Meta did not say.
#[test]
fn the_plan_says_what_is_proven_of_both_tokens() {
    let nothing = json!({"data": []});
    let mut unscoped = sound();
    unscoped["data"]["scopes"] = json!(["public_profile"]);
    let by_secret = "says Meta, asked with the app secret";
    let system_told = format!("system user 8, of our app, with manage_app_solution, {by_secret}");
    let system_silent = "nothing before its first use; not proven: whose it is, of which app it is, manage_app_solution";
    let itself = "with manage_app_solution, says Meta, asked with the token itself; not proven: whose it is, of which app it is";
    for (told_to, user, system) in [
        (
            (&sound(), &sound()),
            format!("user 9, of our app, with manage_app_solution, {by_secret}"),
            system_told.as_str(),
        ),
        (
            (&unscoped, &sound()),
            format!("user 9, of our app, with public_profile, {by_secret}; not proven: manage_app_solution"),
            &system_told,
        ),
        (
            (&other_viewer(), &sound()),
            "user 9, of our app, with manage_app_solution, says Meta, asked with the system token; the user token (from \
             MPS_USER_TOKEN) and the app secret (from MPS_APP_SECRET) are not of one app, says Meta: "
                .to_owned()
                + OTHER_VIEWER,
            &system_told,
        ),
        ((&nothing, &nothing), itself.to_owned(), system_silent),
    ] {
        let proven = plan_of_create(told_to, system == system_silent);
        assert_eq!(proven.0["proven"]["user token"], user);
        assert_eq!(proven.0["proven"]["system token"], system);
        assert_eq!(proven.0["tokens"]["user token"].as_str().unwrap().split(',').next(), Some("from MPS_USER_TOKEN"));
        assert!(proven.1.contains("  proven"), "{}", proven.1);
    }
}

/// The plan of `create --dry-run`, as an object and as a person reads it, where Meta answers so about the user token: to
/// the app secret, then to the system token.
fn plan_of_create(
    (to_secret, to_system): (&Value, &Value),
    system_untold: bool,
) -> (Value, String) {
    let app_token = format!("{PARTNER}|{APP_SECRET}");
    let system = if system_untold {
        json!({"data": []})
    } else {
        json!({"data": {"app_id": PARTNER, "type": "SYSTEM_USER", "is_valid": true, "user_id": "8",
            "scopes": ["manage_app_solution"]}})
    };
    let debug = |script: Script, asks: &str, about: &str, answer: &Value| {
        script
            .on("GET", "/debug_token")
            .token(asks)
            .query("input_token", about)
            .reply(200, answer.clone())
            .any_times()
    };
    let script = debug(Script::new(), &app_token, USER, to_secret);
    let script = debug(script, &app_token, SYSTEM, &system);
    let served = debug(script, SYSTEM, USER, to_system)
        .on("GET", "/me/permissions")
        .reply(200, json!({"data": granted()}))
        .any_times()
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
    let planned = |more: &[&str]| {
        let run = Mps::new()
            .args([
                "create",
                "--app-id",
                APPS[0],
                "--dry-run",
                "--no-scope-check",
            ])
            .args(["--partner-app-id", PARTNER, "--partner-name", "Acme"])
            .args(more)
            .env("MPS_USER_TOKEN", USER)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("MPS_APP_SECRET", APP_SECRET)
            .against(&served)
            .run();
        run.code(0);
        run
    };
    let lines = planned(&["--json"]).stderr_json_lines();
    let plan = lines.iter().find(|line| line["status"] == "plan").unwrap()["plan"].clone();
    (plan, planned(&[]).stderr_text().to_owned())
}
