//! Meta's quota: when calls are spread, when they stop, and how they go on.
//!
//! The one decision: no test waits for minutes. A quota that is to come back does so after a second; a longer pause is
//! announced and then ended by a signal. How pauses grow is told by the client's own tests, in no time.

use rustix::process::Signal;
use serde_json::{Value, json};

use mps::testing::sandbox::{Fault, Operation, Rule};

use crate::{
    stage::{APPS, PARTNER, SOLUTIONS, Stage, solution},
    support::{Mps, Outcome, SYSTEM, Script, Served},
};

/// 19 minutes until one of the two kinds of calls is let through again, as graph-api.md has it.
const BUSINESS: &str = r#"{"102290129340398":[{"type":"whatsapp_business_management","call_count":100,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":19},{"type":"whatsapp","call_count":1,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0}]}"#;

fn business(used: u16, minutes: u64) -> String {
    json!({"1": [{"type": "x", "call_count": used, "estimated_time_to_regain_access": minutes}]})
        .to_string()
}

fn active(id: &str) -> Value {
    solution(id, "42", PARTNER, "ACTIVE")
}

fn run(served: &Served, args: &[&str]) -> Outcome {
    Mps::new()
        .args(args)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "us")
        .against(served)
        .run()
}

/// Reads of these solutions, all good.
fn reads(script: Script, ids: &[&str]) -> Script {
    ids.iter().fold(script, |script, id| {
        script.on("GET", &format!("/{id}")).reply(200, active(id))
    })
}

#[test]
fn a_refusal_is_exit_5_with_the_minutes_and_stops_calls_of_that_kind() {
    let served = Script::new()
        .on("GET", "/795")
        .reply_error(400, 80008, "(#80008) There have been too many calls")
        .header("x-business-use-case-usage", BUSINESS)
        .serve();
    let outcome = run(&served, &["show", "795", "796", "797", "--json"]);
    outcome.code(5);
    assert_eq!(served.requests().len(), 1);
    let lines = outcome.json_lines();
    assert_eq!(lines.len(), 3);
    for line in &lines {
        let error = &line["error"];
        assert_eq!(
            (&error["kind"], &error["exit_code"]),
            (&json!("quota"), &json!(5))
        );
        assert!(
            error["hint"].as_str().unwrap().contains("in 19 minutes"),
            "{error}"
        );
    }
    assert_eq!(outcome.error()["kind"], "quota");
}

#[test]
fn a_refusal_without_a_time_names_a_guess() {
    let served = Script::new()
        .on("GET", "/795")
        .reply_error(403, 4, "(#4) Application request limit reached")
        .serve();
    let outcome = run(&served, &["show", "795"]);
    outcome.code(5).stdout("").stderr_has("in 5 minutes");
}

#[test]
fn retry_after_of_a_refusal_counts_too_up_to_a_day() {
    for (seconds, said) in [
        ("1800", "in 30 minutes;"),
        ("99999999999999", "in 1440 minutes;"),
    ] {
        let served = Script::new()
            .on("GET", "/795")
            .reply_error(429, 4, "(#4) Application request limit reached")
            .header("retry-after", seconds)
            .serve();
        run(&served, &["show", "795"]).code(5).stderr_has(said);
    }
}

#[test]
fn a_refusal_of_many_like_calls_asks_for_the_loop() {
    let error = json!({"error": {"code": 613, "error_subcode": 1996, "message": "(#613) no"}});
    let served = Script::new().on("GET", "/795").reply(403, error).serve();
    run(&served, &["show", "795"])
        .code(5)
        .stderr_has("again in 5 minutes, and look for a script that calls in a loop");
}

#[test]
fn nearly_used_up_stops_before_the_next_call() {
    let served = Script::new()
        .on("GET", "/795")
        .reply(200, active("795"))
        .header(
            "x-app-usage",
            r#"{"call_count":28,"total_time":95,"total_cputime":"x"}"#,
        )
        .serve();
    let outcome = run(&served, &["show", "795", "796", "--json"]);
    outcome.code(5);
    let lines = outcome.json_lines();
    assert_eq!(lines[0]["solution_id"], "795");
    let error = &lines[1]["error"];
    assert_eq!(error["kind"], "quota");
    assert!(
        error["causes"]
            .to_string()
            .contains("95 % of the quota of our system token"),
        "{error}"
    );
    assert!(
        error["hint"].as_str().unwrap().contains("in 10 minutes"),
        "{error}"
    );
    // What only reads leaves nothing to be taken up.
    assert_eq!(
        outcome.error()["hint"],
        "when that is mended: mps show 795 796 --json"
    );
}

#[test]
fn much_used_spreads_the_calls_and_verbose_shows_the_usage() {
    let served = reads(
        Script::new()
            .on("GET", "/795")
            .reply(200, active("795"))
            .header("x-app-usage", r#"{"call_count":28}"#)
            .header("x-business-use-case-usage", &business(76, 0)),
        &["796", "797"],
    )
    .serve();
    let outcome = run(&served, &["show", "795", "796", "797", "-v"]);
    outcome
        .code(0)
        .stderr_has("quota 76 %")
        .stderr_has("76 % of the quota of our system token is used; calls go out 600 ms apart.");
    let said = outcome.stderr_text().matches("ms apart").count();
    assert_eq!(said, 1, "{outcome}");
}

#[test]
fn headers_that_cannot_be_read_do_no_harm() {
    for header in [
        "",
        "{",
        "[]",
        "null",
        "{\"1\":7}",
        "{\"1\":[{\"call_count\":\"many\"}]}",
    ] {
        let served = Script::new()
            .on("GET", "/795")
            .reply(200, active("795"))
            .header("x-app-usage", header)
            .header("x-business-use-case-usage", header)
            .serve();
        run(&served, &["show", "795"]).code(0);
    }
}

/// `accept` of one solution that Meta refuses at first, for a second.
fn refused_accept() -> Script {
    Script::new()
        .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
        .reply(
            200,
            json!({"data": [solution("795", "42", PARTNER, "INITIATED")]}),
        )
        .on("GET", "/795")
        .query("fields", "id")
        .reply(200, json!({"id": "795"}))
        .on("GET", "/795")
        .when(|request| match request.query("fields") {
            Some("id") => Err("a probe".to_owned()),
            _ => Ok(()),
        })
        .reply_error(429, 4, "(#4) Application request limit reached")
        .header("retry-after", "1")
        .reply(200, solution("795", "42", PARTNER, "INITIATED"))
        .reply(200, active("795"))
        .on("POST", "/795/accept")
        .reply(200, json!({"success": true}))
}

#[test]
fn waiting_counts_down_probes_once_and_goes_on() {
    let served = refused_accept().serve();
    let outcome = run(&served, &["accept", "795", "--wait-quota"]);
    outcome
        .code(0)
        .stdout("795\n")
        .stderr_has("The quota of our system token is used up; going on in 0:01.")
        .stderr_has("The quota of our system token is back; going on.");
    served.verify();
}

/// A sandbox that refuses the first of these writes for so many minutes, or for a second.
fn refused_writes(calls: &[Operation], minutes: u32) -> Stage {
    let stage = Stage::new();
    let fault = || Fault::Quota {
        code: if minutes == 0 { 4 } else { 80008 },
        minutes,
        seconds: (minutes == 0).then_some(1),
    };
    stage.rules(calls.iter().map(|call| Rule::new(*call, fault())));
    stage
}

#[test]
fn a_write_that_meta_refuses_waits_and_is_sent_again() {
    let stage = refused_writes(&[Operation::Create, Operation::Accept], 0);
    let args = ["onboard", "--app-id", APPS[0], "--yes", "--wait-quota"];
    let outcome = stage.mps(args).run();
    outcome
        .code(0)
        .stdout_has(SOLUTIONS[0])
        .stderr_has("The quota of the Tech Provider's token is used up; going on in 0:01.")
        .stderr_has("The quota of our system token is used up; going on in 0:01.");
    assert_eq!(stage.statuses(), ["ACTIVE"]);
    assert_eq!((stage.calls("create"), stage.calls("accept")), (2, 2));
    // Each of the four stands in the journal, before and after it.
    let told = stage.mps(["history", "--events", "--json"]).run();
    told.code(0);
    let writes = |outcome: &str| {
        let lines = told.json_lines().into_iter();
        let of = |line: &Value| line["outcome"] == outcome && line["call"] != "look";
        lines.filter(of).count()
    };
    assert_eq!((writes("refused"), writes("ok")), (2, 2), "{told}");
}

#[test]
fn a_write_waits_no_longer_than_it_was_told_and_is_taken_up_later() {
    let stage = refused_writes(&[Operation::Create], 7);
    let args = ["create", "--app-id", APPS[0], "--wait-quota=6m"];
    let outcome = stage.mps(args).run();
    outcome
        .code(5)
        .stdout("")
        .stderr_has("in 7 minutes")
        .stderr_lacks("going on in");
    assert_eq!((stage.calls("create"), stage.statuses().len()), (1, 0));
    stage.mps(["resume", "--yes"]).run().code(0);
    assert_eq!(stage.statuses(), ["INITIATED"]);
}

#[test]
fn ctrl_c_ends_the_wait_of_a_write_before_it_is_sent_again() {
    let stage = refused_writes(&[Operation::Create], 7);
    let run = stage
        .mps(["create", "--app-id", APPS[0], "--wait-quota"])
        .start();
    run.wait_for_line("going on in 7:00.");
    run.signal(Signal::INT);
    run.finish().code(130).stdout("");
    assert_eq!((stage.calls("create"), stage.statuses().len()), (1, 0));
}

#[test]
fn waiting_has_a_longest_time() {
    let served = Script::new()
        .on("GET", "/795")
        .reply_error(400, 80008, "(#80008) There have been too many calls")
        .header("x-business-use-case-usage", BUSINESS)
        .serve();
    let outcome = run(&served, &["accept", "795", "--wait-quota=10m"]);
    outcome
        .code(5)
        .stdout("")
        .stderr_has("19 minutes")
        .stderr_lacks("going on in");
}

#[test]
fn at_95_percent_without_a_time_a_minute_passes() {
    let served = Script::new()
        .on("GET", "/795")
        .reply(200, solution("795", "42", PARTNER, "INITIATED"))
        .header("x-app-usage", r#"{"call_count":96}"#)
        .serve();
    let run = Mps::new()
        .args(["accept", "795", "--wait-quota=1h"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "us")
        .against(&served)
        .start();
    run.wait_for_line("going on in 1:00.");
    run.signal(Signal::INT);
    run.finish().code(130).stdout("");
    served.verify();
}

#[test]
fn ctrl_c_ends_a_wait_at_once() {
    let served = Script::new()
        .on("GET", "/795")
        .reply_error(400, 80008, "(#80008) There have been too many calls")
        .header("x-business-use-case-usage", BUSINESS)
        .serve();
    let run = Mps::new()
        .args(["accept", "795", "--wait-quota"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "us")
        .against(&served)
        .start();
    run.wait_for_line("going on in 19:00.");
    run.signal(Signal::INT);
    run.finish().code(130).stdout("");
    served.verify();
}

#[test]
fn the_countdown_is_seen_on_a_terminal() {
    let served = Script::new()
        .on("GET", "/795")
        .reply_error(400, 80008, "(#80008) There have been too many calls")
        .header("x-business-use-case-usage", BUSINESS)
        .serve();
    let terminal = Mps::new()
        .args(["accept", "795", "--yes", "--wait-quota"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "us")
        .against(&served)
        .on_terminal();
    terminal.sees("going on in 18:5");
    terminal.signal(Signal::INT);
    terminal.finish().code(130);
}
