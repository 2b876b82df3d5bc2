//! The system token that an onboarding ends with is proven before the first solution is made.
//!
//! The one decision: what counts is what the stand-in for Meta was asked to write. A token that cannot accept leaves
//! nothing behind; one that Meta says nothing bad of is good enough when a read with it succeeds.

use serde_json::{Value, json};

use crate::{
    stage::{APPS, PARTNER, SOLUTIONS, Stage, app, granted, solution},
    support::{APP_SECRET, Mps, SYSTEM, Script, USER},
};

/// A system token that Meta has never given out, or has ended since.
const DEAD: &str = "EAASANDBOXdeadSYSTEMtoken000000000000000000ZD";

/// With our app's secret, without it, and with nothing that would read our app for another reason.
fn ways() -> [(&'static [&'static str], Option<&'static str>); 3] {
    [
        (&[], None),
        (&["MPS_APP_SECRET"], None),
        (&["MPS_APP_SECRET"], Some("Acme")),
    ]
}

/// An onboarding of every app with this in the system token's place.
fn onboard(stage: &Stage, without: &[&str], name: Option<&str>, token: &str, more: &[&str]) -> Mps {
    let mut left_out = vec!["MPS_SYSTEM_TOKEN"];
    left_out.extend(without);
    let run = stage
        .mps_without(&left_out, ["onboard", "--all", "--yes", "--jobs", "1"])
        .env("MPS_SYSTEM_TOKEN", token)
        .args(more);
    match name {
        Some(name) => run.env("MPS_PARTNER_NAME", name),
        None => run,
    }
}

#[test]
fn a_dead_system_token_leaves_no_solution_behind() {
    for (without, name) in ways() {
        for more in [&[][..], &["--no-look"]] {
            let stage = Stage::new();
            let run = onboard(&stage, without, name, DEAD, more).run();
            run.code(4).stdout("").stderr_has("the system token");
            assert_eq!(stage.writes(), 0, "{run}");
        }
    }
}

#[test]
fn the_tech_providers_token_in_the_system_tokens_place_leaves_no_solution_behind() {
    for (without, name) in ways() {
        for more in [&[][..], &["--no-look"]] {
            let stage = Stage::new();
            let token = stage.sandbox.user_token().secret().expose();
            let run = onboard(&stage, without, name, token, more).run();
            run.code(4).stdout("").stderr_has("the system token");
            assert_eq!(stage.writes(), 0, "{run}");
        }
    }
}

#[test]
fn a_dead_system_token_is_found_before_anybody_is_asked_to_click() {
    let stage = Stage::new();
    for without in [
        &["MPS_USER_TOKEN"][..],
        &["MPS_USER_TOKEN", "MPS_APP_SECRET"],
    ] {
        let more = [
            "--http",
            "--port",
            "0",
            "--accept-anyone",
            "--deadline",
            "1s",
        ];
        let run = onboard(&stage, without, None, DEAD, &more).run();
        run.code(4)
            .stderr_has("the system token")
            .stderr_lacks("Open this page");
    }
}

#[test]
fn whoever_does_not_accept_needs_no_proof_of_the_system_token() {
    let stage = Stage::new();
    let more = ["--no-accept", "--no-look"];
    let run = onboard(&stage, &["MPS_APP_SECRET"], Some("Acme"), DEAD, &more).run();
    run.code(0);
    assert_eq!(stage.statuses(), ["INITIATED"; 3]);
}

#[test]
fn a_living_system_token_is_proven_with_and_without_the_app_secret() {
    for (without, name) in ways() {
        let stage = Stage::new();
        let token = stage.sandbox.system_token().secret().expose();
        let run = onboard(&stage, without, name, token, &[]).run();
        run.code(0);
        assert_eq!(stage.statuses(), ["ACTIVE"; 3]);
    }
}

/// What Meta says of a system token, asked with it.
fn about(kind: &Value) -> Value {
    json!({"data": {"app_id": PARTNER, "type": kind, "is_valid": true, "expires_at": 0, "user_id": "9",
        "scopes": ["manage_app_solution"]}})
}

/// One app with an ACTIVE solution, so that an onboarding has nothing to write.
fn nothing_to_write() -> Script {
    let ours = json!({"data": [solution("795", APPS[0], PARTNER, "ACTIVE")]});
    granted(USER, &json!([app(APPS[0], "Lucky Shrub")]))
        .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
        .reply(200, ours.clone())
        .any_times()
        .on("GET", &format!("/{}/whatsapp_business_solutions", APPS[0]))
        .reply(200, ours)
        .any_times()
        .on("GET", "/795")
        .reply(200, solution("795", APPS[0], PARTNER, "ACTIVE"))
        .any_times()
}

fn scripted(args: &[&str]) -> Mps {
    Mps::new()
        .args(args)
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "Acme")
}

#[test]
fn what_meta_calls_the_token_decides_where_it_says_so() {
    let app_token = format!("{PARTNER}|{APP_SECRET}");
    for kind in ["USER", "PAGE", "APP"] {
        for (args, asks) in [
            (&["onboard", "--all", "--yes"][..], SYSTEM),
            (&["accept", "795"], &app_token),
        ] {
            let served = Script::new()
                .on("GET", "/debug_token")
                .token(asks)
                .query("input_token", SYSTEM)
                .reply(200, about(&kind.into()))
                .beside_the_checks(&[
                    "/debug_token",
                    "/me/permissions",
                    "/me/application_details",
                    "/634974688087057",
                    "/634974688087057/whatsapp_business_solutions",
                ])
                .serve();
            let mut run = scripted(args);
            if asks == app_token {
                run = run.env("MPS_APP_SECRET", APP_SECRET);
            }
            let run = run.against(&served).run();
            run.code(4)
                .stdout("")
                .stderr_has("the system token is not a system user's")
                .stderr_has(format!("Meta calls it {kind}"));
        }
    }
}

#[test]
fn where_meta_does_not_say_what_the_token_is_a_read_with_it_is_enough() {
    let silent = [
        json!({"data": []}),
        json!({"data": {}}),
        json!({}),
        json!({"error": {"message": "(#100) You must provide an app access token", "code": 100}}),
    ];
    for answer in silent {
        let status = if answer["error"].is_null() { 200 } else { 400 };
        let served = nothing_to_write()
            .on("GET", "/debug_token")
            .reply(status, answer.clone())
            .any_times()
            .on("GET", &format!("/{PARTNER}"))
            .token(SYSTEM)
            .reply(200, app(PARTNER, "Acme"))
            .serve();
        let run = scripted(&["onboard", "--all", "--yes"])
            .against(&served)
            .run();
        run.code(0).stdout("795\n");
    }
    // The type is optional: a token that lives is not asked for more.
    let served = nothing_to_write()
        .on("GET", "/debug_token")
        .query("input_token", SYSTEM)
        .reply(200, about(&json!(null)))
        .on("GET", "/debug_token")
        .query("input_token", USER)
        .reply_error(400, 100, "no")
        .serve();
    scripted(&["onboard", "--all", "--yes"])
        .against(&served)
        .run()
        .code(0);
}

#[test]
fn the_token_of_a_person_accepts_nothing() {
    let stage = Stage::of(&["INITIATED"]);
    let token = stage.sandbox.user_token().secret().expose();
    let run = stage
        .mps_without(&["MPS_SYSTEM_TOKEN"], ["accept", SOLUTIONS[0]])
        .env("MPS_SYSTEM_TOKEN", token)
        .run();
    run.code(4)
        .stdout("")
        .stderr_has("the system token is not a system user's: Meta calls it USER")
        .stderr_has("Business Settings");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn what_was_planned_and_never_sent_waits_for_a_system_token_that_can_accept() {
    let stage = Stage::new();
    stage.rules([mps::testing::sandbox::Rule::new(
        mps::testing::sandbox::Operation::Create,
        mps::testing::sandbox::Fault::Expired,
    )]);
    let broken = stage
        .mps(["onboard", "--all", "--yes", "--jobs", "1"])
        .run();
    broken.code(4);
    stage.rules([]);
    let (sent, before) = (stage.writes(), stage.statuses());
    let run = stage
        .mps_without(&["MPS_SYSTEM_TOKEN", "MPS_APP_SECRET"], ["resume", "--yes"])
        .env("MPS_SYSTEM_TOKEN", DEAD)
        .run();
    run.code(4).stdout("").stderr_has("the system token");
    assert_eq!((stage.writes(), stage.statuses()), (sent, before), "{run}");
}
