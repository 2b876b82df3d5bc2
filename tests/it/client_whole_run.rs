//! Errors that concern every app stop a run after the first, and what goes on where Meta does not let us look.
//!
//! The one decision: two hundred apps are granted, and the requests that came are counted.

use mps::testing::sandbox::{Fault, Operation, Rule};
use serde_json::{Value, json};

use crate::{
    stage::{APPS as NAMED, PARTNER, SOLUTIONS, Stage, app, granted},
    support::{Mps, Reply, Request, SYSTEM, Script, USER, graph_error},
};

const APPS: usize = 200;

fn apps() -> Value {
    (0..APPS)
        .map(|at| app(&(5000 + at).to_string(), &format!("App {at}")))
        .collect::<Vec<_>>()
        .into()
}

/// All apps granted, none with a solution, and every create answered so.
fn refusing(reply: &Reply) -> Script {
    let mut script = granted(USER, &apps())
        .on("GET", "/634974688087057")
        .reply(200, app(PARTNER, "Acme"))
        .any_times()
        .on("GET", "/debug_token")
        .reply_error(400, 100, "no")
        .any_times()
        .on("GET", "/634974688087057/whatsapp_business_solutions")
        .reply(200, json!({"data": []}))
        .any_times();
    for at in 0..APPS {
        script = script
            .on(
                "GET",
                &format!("/{}/whatsapp_business_solutions", 5000 + at),
            )
            .reply(200, json!({"data": []}))
            .any_times()
            .on(
                "POST",
                &format!("/{}/whatsapp_business_solution", 5000 + at),
            )
            .answer(reply.clone())
            .any_times();
    }
    script
}

#[test]
fn what_concerns_every_app_is_not_tried_two_hundred_times() {
    for (name, reply, code) in [
        (
            "a dead token",
            Reply::json(401, graph_error(190, "expired")),
            4,
        ),
        (
            "a lacking permission",
            Reply::json(403, graph_error(10, "no")),
            4,
        ),
        (
            "the rule of who may send",
            Reply::json(
                422,
                graph_error(100, "Invalid Permissions for either of the partners"),
            ),
            1,
        ),
        (
            "a blocked account",
            Reply::json(403, graph_error(368, "blocked")),
            4,
        ),
        (
            "a used-up quota",
            Reply::json(
                403,
                graph_error(4, "(#4) Application request limit reached"),
            ),
            5,
        ),
        ("a proxy's page", Reply::html(403, "<h1>Blocked</h1>"), 6),
    ] {
        let served = refusing(&reply).serve();
        let outcome = Mps::new()
            .args(["create", "--all", "--yes", "--jobs", "1", "--json"])
            .env("MPS_USER_TOKEN", USER)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("MPS_PARTNER_APP_ID", PARTNER)
            .against(&served)
            .run();
        let posts = served
            .requests()
            .iter()
            .filter(|request: &&Request| request.method == "POST")
            .count();
        // Where the outcome of the first is not known, it may still be at work.
        assert_eq!(posts, 1, "{name}\n{}", outcome.stderr_text());
        outcome.code(code);
        let lines = outcome.json_lines();
        assert_eq!(lines.len(), APPS, "{name}");
        assert!(
            lines.iter().all(|line| line["outcome"] == "failed"),
            "{name}"
        );
    }
}

#[test]
fn with_several_at_once_no_more_than_those_under_way_are_tried() {
    let reply = Reply::json(401, graph_error(190, "expired"));
    let served = refusing(&reply).serve();
    let outcome = Mps::new()
        .args(["create", "--all", "--yes", "--jobs", "8"])
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .against(&served)
        .run();
    outcome.code(4).stdout("");
    let posts = served
        .lines()
        .iter()
        .filter(|line| line.starts_with("POST"))
        .count();
    assert!((1..=8).contains(&posts), "{posts}");
}

#[test]
fn a_dead_system_token_stops_accept_after_the_first() {
    let ids: Vec<String> = (0..APPS).map(|at| (7000 + at).to_string()).collect();
    let mut script = Script::new();
    for id in &ids {
        script = script
            .on("GET", &format!("/{id}"))
            .reply_error(401, 190, "expired")
            .any_times();
    }
    let served = script.serve();
    let outcome = Mps::new()
        .args(["accept", "--jobs", "1"])
        .stdin(ids.join("\n"))
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "us")
        .against(&served)
        .run();
    outcome.code(4).stdout("");
    assert_eq!(served.requests().len(), 1, "{:?}", served.lines());
    // One error and a count, not two hundred errors.
    outcome.stderr_has("200 of 200 failed; 199 of them were not tried");
    let failed = outcome.stderr_text().matches("failed: solution").count();
    assert_eq!(
        failed, 2,
        "once when it failed, once with the reason\n{outcome}"
    );
}

#[test]
fn a_dead_system_token_stops_show_after_the_first() {
    let served = Script::new()
        .on("GET", "/7000")
        .reply_error(401, 190, "expired")
        .serve();
    let outcome = Mps::new()
        .args(["show", "7000", "7001", "7002", "--json"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "us")
        .against(&served)
        .run();
    outcome.code(4);
    let lines = outcome.json_lines();
    let codes: Vec<&Value> = lines.iter().map(|line| &line["error"]["code"]).collect();
    assert_eq!(codes, [&json!(190), &Value::Null, &Value::Null]);
}

/// Code 10 for this app's solutions, or for all.
fn not_eligible(app: Option<&str>) -> Rule {
    Rule {
        app_id: app.map(str::to_owned),
        times: 0,
        ..Rule::new(Operation::Accept, Fault::Denied { code: 10 })
    }
}

#[test]
fn a_refusal_that_may_mean_one_solution_keeps_no_other_back() {
    for order in [[1, 0, 2], [0, 1, 2]] {
        let stage = Stage::of(&["INITIATED", "INITIATED", "INITIATED"]);
        stage.rules([not_eligible(Some(NAMED[0]))]);
        let ids = order.map(|at| SOLUTIONS[at]);
        let args = ["accept", "--jobs", "1"].into_iter().chain(ids);
        stage.mps(args).run().code(3);
        assert_eq!(stage.statuses(), ["INITIATED", "ACTIVE", "ACTIVE"]);
        assert_eq!(stage.calls("accept"), 3, "{order:?}");
    }
}

#[test]
fn several_such_refusals_and_none_that_worked_end_the_run() {
    let stage = Stage::new();
    let ids: Vec<String> = (0..6)
        .map(|at| stage.seed_status(at % 3, "INITIATED"))
        .collect();
    stage.rules([not_eligible(None)]);
    let ids = ids.iter().map(String::as_str);
    let args = ["accept", "--jobs", "1"].into_iter().chain(ids);
    let run = stage.mps(args).run();
    run.code(4)
        .stdout("")
        .stderr_has("6 of 6 failed; 3 of them were not tried, since");
    assert_eq!(stage.calls("accept"), 3);
}
