//! `mps accept`, from outside.

use mps::testing::sandbox::{ApiShape, Fault, Faults, Operation, Rule, SandboxConfig, TokenKind};
use serde_json::{Value, json};

use crate::{
    stage::{APPS, PARTNER, SOLUTIONS, Stage, solution},
    support::{Mps, Outcome, SYSTEM, Script, Served},
};

fn outcomes(run: &Outcome) -> Vec<String> {
    let lines = run.json_lines();
    let mut outcomes: Vec<_> = lines
        .iter()
        .map(|line| line["outcome"].as_str().unwrap().to_owned())
        .collect();
    outcomes.sort();
    outcomes
}

#[test]
fn create_is_accepted_through_a_pipe() {
    let stage = Stage::new();
    let script = format!("mps create --app-id {} | mps accept", APPS[0]);
    let run = stage.shell(&script).run();
    run.code(0).stdout(format!("{}\n", SOLUTIONS[0]));
    let json = stage
        .shell("mps create --all --json | mps accept --json")
        .run();
    json.code(0);
    assert_eq!(outcomes(&json), ["accepted", "accepted", "already_active"]);
    assert_eq!(stage.statuses(), ["ACTIVE"; 3]);
}

#[test]
fn several_ids_as_arguments() {
    let stage = Stage::of(&["INITIATED", "INITIATED", "INITIATED"]);
    let run = stage
        .mps([
            "accept",
            SOLUTIONS[0],
            SOLUTIONS[1],
            SOLUTIONS[0],
            "--jobs",
            "1",
        ])
        .run();
    run.code(0)
        .stdout(format!("{}\n{}\n", SOLUTIONS[0], SOLUTIONS[1]));
    assert_eq!(stage.statuses(), ["ACTIVE", "ACTIVE", "INITIATED"]);
    assert_eq!(
        stage.calls("accept"),
        2,
        "an id named twice is one solution"
    );
}

#[test]
fn json_is_the_contracts() {
    for shape in [ApiShape::Guide, ApiShape::OpenApi] {
        let stage = Stage::with(SandboxConfig {
            shape,
            ..SandboxConfig::default()
        });
        stage.seed_status(0, "INITIATED");
        let host = stage.sandbox.url().trim_start_matches("http://").to_owned();
        let line = |outcome: &str| {
            format!(
                "{{\"solution_id\":\"{}\",\"solution_name\":\"From before\",\"status\":\"ACTIVE\",\
                 \"outcome\":\"{outcome}\",\"verified\":true,\"host\":\"{host}\"}}\n",
                SOLUTIONS[0]
            )
        };
        for outcome in ["accepted", "already_active"] {
            stage
                .mps(["accept", "--json", SOLUTIONS[0]])
                .run()
                .code(0)
                .stdout(line(outcome));
        }
        assert_eq!(stage.calls("accept"), 1);
        assert_eq!(stage.sandbox.state()["tokens_in_query"], 0);
    }
}

#[test]
fn ids_on_a_terminal_are_shown_and_asked_about() {
    let stage = Stage::of(&["INITIATED"]);
    let terminal = stage.mps(["accept", SOLUTIONS[0]]).on_terminal();
    terminal.sees("This cannot be undone.").answers("n");
    let said = terminal.finish();
    said.code(1).stderr_has("nothing was sent");
    for fact in [
        "From before",
        APPS[0],
        "Lucky Shrub",
        PARTNER,
        "Brightline Messaging",
        "MESSAGING",
        "INITIATED",
    ] {
        said.stderr_has(fact);
    }
    assert_eq!(stage.writes(), 0);
    let terminal = stage.mps(["accept", SOLUTIONS[0]]).on_terminal();
    terminal.sees("This cannot be undone.").answers("y");
    terminal.finish().code(0).stderr_has("ACTIVE");
    assert_eq!(stage.calls("accept"), 1);
}

#[test]
fn nobody_is_asked_with_yes_with_no_input_or_for_stdin() {
    for more in [&["--yes", SOLUTIONS[0]][..], &["--no-input", SOLUTIONS[0]]] {
        let stage = Stage::of(&["INITIATED"]);
        let terminal = stage.mps(["accept"]).args(more).on_terminal();
        terminal.finish().code(0).stderr_lacks("cannot be undone");
        assert_eq!(stage.statuses(), ["ACTIVE"]);
    }
    let stage = Stage::of(&["INITIATED"]);
    let terminal = stage.mps(["accept"]).stdin(SOLUTIONS[0]).on_terminal();
    terminal.finish().code(0).stderr_lacks("cannot be undone");
    assert_eq!(stage.statuses(), ["ACTIVE"]);
}

#[test]
fn a_dry_run_checks_and_writes_nothing() {
    let stage = Stage::of(&["INITIATED", "ACTIVE", "REJECTED"]);
    let run = stage
        .mps(["accept", "--dry-run", "--json"])
        .args(SOLUTIONS)
        .run();
    run.code(3);
    assert_eq!(outcomes(&run), ["already_active", "failed", "would_accept"]);
    assert_eq!(stage.writes(), 0);
}

#[test]
fn what_is_not_ours_or_not_initiated_is_left_alone() {
    let stage = Stage::new();
    let foreign = stage.seed(&json!({"partner_app_id": "587310249976318"}));
    stage.mps(["accept", &foreign]).run().code(1).stdout("");
    for status in ["REJECTED", "DEACTIVATED"] {
        let id = stage.seed_status(0, status);
        stage
            .mps(["accept", &id])
            .run()
            .code(1)
            .stdout("")
            .stderr_has(status);
    }
    assert_eq!(stage.writes(), 0);
    let partner = json!({"data": [{"partner_app": {"id": "587310249976318"}, "status": "NOTIFICATION_SENT", "id": "9"}]});
    let mut other = solution("795", "42", PARTNER, "INITIATED");
    other["partners"] = partner;
    let served = Script::new()
        .on("GET", "/795")
        .token(SYSTEM)
        .reply(200, other)
        .serve();
    let run = accept(&served).arg("795").run();
    run.code(1)
        .stdout("")
        .stderr_has("is not the partner of solution 795")
        .stderr_has("587310249976318");
}

fn accept(served: &Served) -> Mps {
    Mps::new()
        .arg("accept")
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "Acme")
        .against(served)
}

#[test]
fn our_app_id_is_sent() {
    let served = Script::new()
        .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
        .reply(
            200,
            json!({"data": [solution("795", "42", PARTNER, "INITIATED")]}),
        )
        .on("GET", "/795")
        .token(SYSTEM)
        .reply(200, solution("795", "42", PARTNER, "INITIATED"))
        .reply(200, solution("795", "42", PARTNER, "ACTIVE"))
        .on("POST", "/795/accept")
        .token(SYSTEM)
        .with_header("content-type", "application/json")
        .body(json!({"partner_app_id": PARTNER}))
        .reply(200, json!({"success": true}))
        .serve();
    accept(&served).arg("795").run().code(0).stdout("795\n");
}

#[test]
fn a_refused_body_is_tried_once_more_without() {
    let initiated = solution("795", "42", PARTNER, "INITIATED");
    let served = Script::new()
        .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
        .reply(200, json!({"data": [initiated]}))
        .on("GET", "/795")
        .reply(200, initiated.clone())
        .reply(200, initiated)
        .reply(200, solution("795", "42", PARTNER, "ACTIVE"))
        .on("POST", "/795/accept")
        .body(json!({"partner_app_id": PARTNER}))
        .reply_error(400, 100, "Unexpected parameter")
        .on("POST", "/795/accept")
        .no_body()
        .reply(200, json!({"success": true}))
        .serve();
    accept(&served).arg("795").run().code(0).stdout("795\n");
}

#[test]
fn a_refused_reading_is_exit_4_and_names_no_check() {
    let stage = Stage::of(&["INITIATED"]);
    let refused = Rule {
        times: 0,
        token: Some(TokenKind::System),
        ..Rule::new(Operation::Solution, Fault::Denied { code: 10 })
    };
    stage.rules([refused]);
    let run = stage.mps(["accept", SOLUTIONS[0]]).run();
    run.code(4).stdout("").stderr_has("--no-check");
    assert_eq!(stage.writes(), 0);
    let run = stage
        .mps(["accept", "--no-check", "--json", SOLUTIONS[0]])
        .run();
    run.code(0);
    assert_eq!(unverified(&run), (Value::Null, 1));
    assert_eq!(stage.statuses(), ["ACTIVE"]);
}

#[test]
fn a_reading_refused_afterwards_is_a_warning() {
    let stage = Stage::of(&["INITIATED"]);
    let refused = Rule {
        nth: 2,
        times: 0,
        ..Rule::new(Operation::Solution, Fault::Denied { code: 10 })
    };
    stage.rules([refused]);
    let run = stage.mps(["accept", "--json", SOLUTIONS[0]]).run();
    run.code(0);
    assert_eq!(unverified(&run), (Value::Null, 1));
}

#[test]
fn a_status_that_lags_is_the_one_that_was_seen() {
    let stage = Stage::of(&["INITIATED"]);
    stage.sandbox.set_faults(Faults {
        read_lag: 30,
        ..Faults::default()
    });
    let run = stage.mps(["accept", "--json", SOLUTIONS[0]]).run();
    run.code(0);
    assert_eq!(unverified(&run), (json!("INITIATED"), 1));
}

/// The status of a solution that was accepted and not seen ACTIVE, and how often that was warned about.
fn unverified(run: &Outcome) -> (Value, usize) {
    let line = run.json();
    assert_eq!(
        (&line["outcome"], &line["verified"]),
        (&json!("accepted"), &json!(false))
    );
    let told = run.stderr_json_lines();
    let warnings = told.iter().filter(|line| line.get("warning").is_some());
    (line["status"].clone(), warnings.count())
}

#[test]
fn several_items_have_one_exit_code() {
    // Of this one app; that ours may not do it at all (10) would end the run.
    let denied = || Rule {
        app_id: Some(APPS[0].to_owned()),
        times: 0,
        ..Rule::new(Operation::Accept, Fault::Denied { code: 200 })
    };
    let quota = || Rule {
        app_id: Some(APPS[1].to_owned()),
        times: 0,
        ..Rule::new(
            Operation::Accept,
            Fault::Quota {
                code: 80008,
                minutes: 7,
                seconds: None,
            },
        )
    };
    let lost = || Rule {
        app_id: Some(APPS[2].to_owned()),
        times: 0,
        commit: Some(false),
        ..Rule::new(Operation::Accept, Fault::Drop)
    };
    for (rules, code, accepted) in [
        (vec![], 0, 3),
        (vec![denied()], 3, 2),
        (vec![denied(), quota()], 5, 1),
        (vec![denied(), lost()], 6, 1),
        (vec![lost()], 6, 2),
    ] {
        let stage = Stage::of(&["INITIATED", "INITIATED", "INITIATED"]);
        stage.sandbox.set_faults(Faults {
            rules,
            ..Faults::default()
        });
        // One after the other, since a used-up quota holds back whatever comes after it.
        let [first, second, third] = SOLUTIONS;
        let args = ["accept", "--json", "--jobs", "1", third, first, second];
        let run = stage.mps(args).run();
        run.code(code);
        let worked = run
            .json_lines()
            .iter()
            .filter(|line| line["outcome"] == "accepted")
            .count();
        assert_eq!(worked, accepted, "{run}");
        if code != 0 {
            assert_eq!(run.error()["exit_code"], code);
        }
        let failed = run
            .json_lines()
            .into_iter()
            .filter(|line| line["outcome"] == "failed");
        failed.for_each(|line| assert!(line["error"]["kind"].is_string(), "{line}"));
    }
    let stage = Stage::of(&["REJECTED", "REJECTED"]);
    stage
        .mps(["accept", SOLUTIONS[0], SOLUTIONS[1]])
        .run()
        .code(1)
        .stdout("")
        .stderr_has("2 of 2 failed");
}

#[test]
fn a_refusal_is_followed_by_one_bare_accept_only_while_it_waits() {
    let shown = |status: &str| solution("795", "42", PARTNER, status);
    for (code, then, bare, exit) in [
        // Refused again: that was the last one.
        (100, "INITIATED", true, 1),
        // Somebody else was faster, or said no.
        (100, "ACTIVE", false, 0),
        (100, "REJECTED", false, 1),
        // Another code is an answer.
        (200, "INITIATED", false, 4),
    ] {
        let mut script = Script::new()
            .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
            .reply(200, json!({"data": [shown("INITIATED")]}))
            .on("GET", "/795")
            .reply(200, shown("INITIATED"))
            .reply(200, shown(then))
            .on("POST", "/795/accept")
            .body(json!({"partner_app_id": PARTNER}))
            .reply_error(400, code, "Unexpected parameter");
        if bare {
            script = script.on("POST", "/795/accept").no_body().reply_error(
                400,
                code,
                "Unexpected parameter",
            );
        }
        if code == 100 {
            script = script.on("GET", "/795").reply(200, shown(then)).repeat();
        }
        let served = script.serve();
        let run = accept(&served).arg("795").run();
        run.code(exit);
        assert_eq!(run.lines().len(), usize::from(exit == 0), "{code} {then}");
    }
}
