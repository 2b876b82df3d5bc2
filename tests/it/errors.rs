//! Meta's errors as the operator gets them.
//!
//! The one decision: all of them stand in one snapshot, human and JSON, so that a person can read through them and ask of
//! each: does this say what happened, and what to do next?

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    stage::{APPS, PARTNER, app, granted},
    support::{Mps, Outcome, SYSTEM, Script, Served, USER},
};

/// Code, subcode, HTTP status, Meta's message; and whether Meta has words for people.
const ERRORS: &[(i64, Option<i64>, u16, &str)] = &[
    (
        190,
        None,
        401,
        "Invalid OAuth access token - Cannot parse access token",
    ),
    (
        190,
        Some(458),
        400,
        "Error validating access token: The user has not authorized application 634974688087057.",
    ),
    (
        190,
        Some(459),
        400,
        "Error validating access token: You cannot access the app till you log in to www.facebook.com.",
    ),
    (
        190,
        Some(460),
        400,
        "Error validating access token: The session has been invalidated because the user changed their password.",
    ),
    (
        190,
        Some(463),
        401,
        "Error validating access token: Session has expired on Sunday, 22-Nov-26 10:00:00 PST.",
    ),
    (
        190,
        Some(464),
        400,
        "Error validating access token: The user is not a confirmed user.",
    ),
    (
        190,
        Some(467),
        400,
        "Error validating access token: The user has logged out.",
    ),
    (
        190,
        Some(492),
        400,
        "Error validating access token: Session does not match current stored session.",
    ),
    (
        10,
        None,
        403,
        "(#10) Application does not have permission for this action",
    ),
    (200, None, 403, "(#200) Permissions error"),
    (100, None, 400, "(#100) Invalid parameter"),
    (
        100,
        Some(33),
        400,
        "Unsupported post request. Object with ID '795' does not exist",
    ),
    (
        100,
        None,
        400,
        "Invalid Permissions for either of the partners",
    ),
    (4, None, 403, "(#4) Application request limit reached"),
    (17, None, 400, "(#17) User request limit reached"),
    (
        80007,
        None,
        400,
        "(#80007) There have been too many calls to this WhatsApp Business account.",
    ),
    (
        80008,
        None,
        400,
        "(#80008) There have been too many calls to this WhatsApp Business account.",
    ),
];

fn body(code: i64, subcode: Option<i64>, message: &str) -> Value {
    let mut error = json!({"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbCdTrace"});
    if let Some(subcode) = subcode {
        error["error_subcode"] = subcode.into();
    }
    if subcode == Some(463) {
        error["error_user_title"] = "Sitzung abgelaufen".into();
        error["error_user_msg"] = "Bitte melde dich wieder an.".into();
    }
    json!({ "error": error })
}

/// A create that is refused so.
fn refused_create(status: u16, body: &Value) -> Served {
    granted(USER, &json!([app(APPS[0], "Lucky Shrub")]))
        .on("GET", &format!("/{}/whatsapp_business_solutions", APPS[0]))
        .reply(200, json!({"data": []}))
        .repeat()
        .on("POST", &format!("/{}/whatsapp_business_solution", APPS[0]))
        .token(USER)
        .reply(status, body.clone())
        .serve()
}

fn create(served: &Served) -> Mps {
    Mps::new()
        .args(["create", "--app-id", APPS[0]])
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "Acme")
        .env("MPS_LOG_FILE", "none")
        .against(served)
}

/// A reading that is refused so.
fn refused_read(status: u16, body: &Value) -> Served {
    Script::new()
        .on("GET", "/795")
        .token(SYSTEM)
        .reply(status, body.clone())
        .repeat()
        .on("GET", "/795/partners")
        .reply(status, body.clone())
        .any_times()
        .serve()
}

fn handoff(served: &Served) -> Mps {
    Mps::new()
        .args(["handoff", "795"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "Acme")
        .env("MPS_LOG_FILE", "none")
        .against(served)
}

/// The error's block on stderr, and its object, with what differs from run to run made equal.
fn told(text: &mut String, human: &Outcome, object: &Outcome) {
    let shown = human.to_string();
    let block: Vec<_> = shown
        .lines()
        .skip_while(|line| !line.contains("error: "))
        .map(steady)
        .collect();
    let mut error = object.error();
    error["run_id"] = "RUN".into();
    let _ = writeln!(text, "{}\n{error}\n", block.join("\n"));
}

/// The id of the run is ten random characters.
fn steady(line: &str) -> String {
    match line.trim_start().strip_prefix("run ") {
        Some(id) if id.len() == 10 => "  run RUN".to_owned(),
        _ => line.to_owned(),
    }
}

#[test]
fn every_error_that_operators_meet() {
    let mut text = String::new();
    for (code, subcode, status, message) in ERRORS {
        let body = body(*code, *subcode, message);
        let name = subcode.map_or_else(|| code.to_string(), |subcode| format!("{code}/{subcode}"));
        let _ = writeln!(text, "===== {name}, the Tech Provider's token, creating");
        let runs = [None, Some("--json")].map(|json| {
            let served = refused_create(*status, &body);
            let run = create(&served).args(json).run();
            let code = exit_code(*code);
            run.code(code).stdout_lacks("created");
            run
        });
        told(&mut text, &runs[0], &runs[1]);
        if matches!(code, 190 | 10 | 200 | 100)
            && subcode.is_none_or(|subcode| matches!(subcode, 33 | 463))
        {
            let _ = writeln!(text, "===== {name}, our system token, reading");
            let runs = [None, Some("--json")].map(|json| {
                let served = refused_read(*status, &body);
                let run = handoff(&served).args(json).run();
                run.code(exit_code(*code)).stdout("");
                run
            });
            told(&mut text, &runs[0], &runs[1]);
        }
    }
    insta::assert_snapshot!(text);
}

fn exit_code(code: i64) -> i32 {
    match code {
        190 | 10 | 200 => 4,
        4 | 17 | 80007 | 80008 => 5,
        _ => 1,
    }
}

#[test]
fn the_minutes_of_a_quota_are_said() {
    let usage = json!({"1": [{"type": "whatsapp_business_management", "call_count": 100, "total_cputime": 1,
        "total_time": 1, "estimated_time_to_regain_access": 19}]});
    let served = Script::new()
        .on("GET", "/795")
        .reply(
            400,
            body(80008, None, "(#80008) There have been too many calls"),
        )
        .header("x-business-use-case-usage", &usage.to_string())
        .repeat()
        .serve();
    handoff(&served).run().code(5).stderr_has("19 minutes");
}

#[test]
fn trouble_of_metas_that_passes_is_tried_again_when_reading() {
    let passing = body(
        2,
        None,
        "An unexpected error has occurred. Please retry your request later.",
    );
    let served = Script::new()
        .on("GET", "/795")
        .reply(500, passing)
        .reply(200, crate::stage::solution("795", "42", PARTNER, "ACTIVE"))
        .serve();
    handoff(&served).run().code(0).stdout_has("795");
}

#[test]
fn trouble_of_metas_while_writing_is_an_unknown_outcome() {
    let passing = body(
        2,
        None,
        "An unexpected error has occurred. Please retry your request later.",
    );
    let list = format!("/{}/whatsapp_business_solutions", APPS[0]);
    let mut text = String::new();
    let runs = [None, Some("--json")].map(|json| {
        let served = granted(USER, &json!([app(APPS[0], "Lucky Shrub")]))
            .on("GET", &list)
            .reply(200, json!({"data": []}))
            .repeat()
            .on("POST", &format!("/{}/whatsapp_business_solution", APPS[0]))
            .reply(500, passing.clone())
            .serve();
        let run = create(&served).args(json).run();
        run.code(6).stderr_has("mps resume");
        run
    });
    told(&mut text, &runs[0], &runs[1]);
    insta::assert_snapshot!(text);
}

#[test]
fn a_failure_inside_debug_token_gives_its_code() {
    let dead = json!({"data": {"app_id": PARTNER, "is_valid": false, "type": "USER", "scopes": [],
        "error": {"code": 190, "subcode": 463, "message": "Session has expired"}}});
    let served = Script::new()
        .on("GET", "/debug_token")
        .token(SYSTEM)
        .query("input_token", USER)
        .reply(200, dead)
        .beside_the_checks(&[
            "/me/application_details",
            "/634974688087057/whatsapp_business_solutions",
            "/212022489970390/whatsapp_business_solutions",
        ])
        .serve();
    let run = create(&served)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .arg("--json")
        .run();
    run.code(4);
    let error = run.error();
    assert_eq!(
        (&error["kind"], &error["code"], &error["subcode"]),
        (&"auth".into(), &190.into(), &463.into())
    );
}

#[test]
fn the_log_of_a_run_holds_its_story_and_no_token() {
    let served = refused_create(400, &body(100, None, "(#100) Invalid parameter"));
    let run = create(&served).env("MPS_LOG_FILE", "").arg("--json").run();
    run.code(1);
    let path = run.error()["log"].as_str().unwrap().to_owned();
    let log = std::fs::read_to_string(path).unwrap();
    assert!(
        log.contains("\"event\":\"request\"") && log.contains("\"event\":\"error\""),
        "{log}"
    );
    assert!(!log.contains(USER), "{log}");
}
