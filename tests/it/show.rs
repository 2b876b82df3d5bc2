//! `mps show`: both sides, both vocabularies, our role, who must act next.
//!
//! The one decision: the cards of all states stand in one snapshot, so that the words can be read side by side.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    stage::{PARTNER, SOLUTIONS, Stage, solution},
    support::{Mps, SYSTEM, Script, Served},
};

fn show(served: &Served, args: &[&str]) -> Mps {
    Mps::new()
        .arg("show")
        .args(args)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "us")
        .against(served)
}

fn serve(id: &str, body: Value) -> Served {
    Script::new()
        .on("GET", &format!("/{id}"))
        .token(SYSTEM)
        .reply(200, body)
        .serve()
}

/// A name for each case, and the solution.
fn cases() -> Vec<(&'static str, Value)> {
    let with = |status: &str, pending: &str| {
        let mut body = solution("795", "42", PARTNER, status);
        body["status_for_pending_request"] = pending.into();
        body
    };
    let mut ours = with("INITIATED", "PENDING_ACTIVATION");
    ours["owner_app"]["id"] = PARTNER.into();
    ours["partners"]["data"][0]["partner_app"]["id"] = "77".into();
    let mut strangers = with("ACTIVE", "NONE");
    strangers["partners"]["data"][0]["partner_app"]["id"] = "77".into();
    strangers["partners"]["data"][0]["partner_permissions"] = json!([]);
    vec![
        ("draft", with("DRAFT", "NONE")),
        (
            "initiated, we are invited",
            with("INITIATED", "PENDING_ACTIVATION"),
        ),
        ("initiated, we invited", ours),
        ("active", with("ACTIVE", "NONE")),
        ("active and ending", with("ACTIVE", "PENDING_DEACTIVATION")),
        ("rejected", with("REJECTED", "NONE")),
        ("deactivated", with("DEACTIVATED", "NONE")),
        (
            "a status nobody knows",
            with("SOMETHING_NEW", "SOMETHING_ELSE"),
        ),
        ("not ours", strangers),
        ("as little as Meta may say", json!({"id": "795"})),
    ]
}

#[test]
fn every_state_in_words() {
    let mut book = String::new();
    for (name, body) in cases() {
        let served = serve("795", body.clone());
        let outcome = show(&served, &["795"]).on_terminal_of(100, 40).finish();
        outcome.code(0);
        let card: Vec<&str> = outcome
            .stderr_text()
            .lines()
            .chain(outcome.stdout_text().lines())
            .map(str::trim_end)
            .filter(|line| !line.contains("SANDBOX"))
            .collect();
        let served = serve("795", body);
        let object = show(&served, &["795", "--json"]).run();
        object.code(0);
        let mut object = object.json();
        object.as_object_mut().unwrap().remove("host");
        let _ = writeln!(book, "# {name}\n{}\n{object}\n", card.join("\n"));
    }
    insta::assert_snapshot!(book);
}

#[test]
fn in_a_pipe_a_line_with_the_id_first() {
    let mut body = solution("795", "42", PARTNER, "ACTIVE");
    body["name"] = "two\nlines\tand a tab".into();
    show(&serve("795", body), &["795"])
        .run()
        .code(0)
        .stdout("795\tACTIVE\ttwo lines and a tab\n");
}

#[test]
fn of_several_each_stands_for_itself() {
    let served = Script::new()
        .on("GET", "/795")
        .reply(200, solution("795", "42", PARTNER, "ACTIVE"))
        .on("GET", "/796")
        .reply(
            400,
            json!({"error": {"message": "Unsupported get request.", "code": 100, "error_subcode": 33}}),
        )
        .on("GET", "/797")
        .reply(200, solution("797", "42", PARTNER, "DRAFT"))
        .serve();
    let outcome = show(&served, &["795", "796", "797", "--json"]).run();
    outcome.code(3);
    let lines = outcome.json_lines();
    let ids: Vec<&Value> = lines.iter().map(|line| &line["solution_id"]).collect();
    assert_eq!(ids, ["795", "796", "797"]);
    assert_eq!(
        (
            &lines[1]["outcome"],
            &lines[1]["error"]["code"],
            &lines[1]["error"]["subcode"]
        ),
        (&json!("failed"), &json!(100), &json!(33))
    );
    assert_eq!(outcome.error()["kind"], "partial");
}

#[test]
fn more_partners_than_the_solution_shows_are_read_on_their_edge() {
    let mut body = solution("795", "42", "77", "ACTIVE");
    body["partners"]["paging"] =
        json!({"cursors": {"after": "c"}, "next": "https://x.example/?access_token=EAATRAP"});
    let ours = solution("795", "42", PARTNER, "ACTIVE")["partners"]["data"][0].clone();
    let served = Script::new()
        .on("GET", "/795")
        .reply(200, body)
        .on("GET", "/795/partners")
        .reply(200, json!({"data": [ours]}))
        .serve();
    let outcome = show(&served, &["795", "--json"]).secret("EAATRAP").run();
    outcome.code(0);
    assert_eq!(outcome.json()["role"], "partner");
}

#[test]
fn wrong_ids_and_missing_tokens_are_found_before_anything_is_sent() {
    let served = Script::new().serve();
    show(&served, &["795x"]).run().code(2).stderr_has("795x");
    show(&served, &[]).run().code(2);
    Mps::new()
        .args(["show", "795", "--partner-app-id", PARTNER])
        .against(&served)
        .run()
        .code(4)
        .stderr_has("MPS_SYSTEM_TOKEN");
}

#[test]
fn the_story_of_a_solution_from_its_birth_to_what_somebody_else_did() {
    let stage = Stage::new();
    let id = SOLUTIONS[0];
    stage
        .mps(["create", "--app-id", "212022489970390"])
        .env("MPS_OPERATOR", "ada")
        .run()
        .code(0);
    stage
        .mps(["accept", id])
        .env("MPS_OPERATOR", "bob")
        .run()
        .code(0);
    let told = |run: &crate::support::Outcome| -> Vec<String> {
        let events = run.json()["events"].clone();
        let events = events.as_array().expect("events").iter();
        events
            .map(|event| {
                let word = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
                format!("{} {} {}", word("operator"), word("call"), word("outcome"))
            })
            .collect()
    };
    let ours = stage.mps(["show", "--json", id]).run();
    ours.code(0);
    assert_eq!(
        told(&ours),
        ["ada create ok", "bob accept ok", "bob look ok"]
    );
    assert_eq!(ours.json()["left_status"], "ACTIVE");
    assert_eq!(ours.json()["changed_since"], false);
    // In Meta's dashboard.
    let end = "curl -sf -H 'Content-Type: application/json' -d '{\"move\":\"ask_end\",\"solution_id\":\"795033096057724\"}' $MPS_GRAPH_URL/sandbox/play";
    stage.shell(end).run().code(0);
    let theirs = stage.mps(["show", "--json", id]).run();
    theirs.code(0);
    assert_eq!(theirs.json()["changed_since"], true);
    assert_eq!(theirs.json()["left_pending"], "NONE");
    assert_eq!(theirs.json()["pending"], "PENDING_DEACTIVATION");
    let terminal = stage.mps(["show", id]).on_terminal_of(140, 40);
    terminal
        .sees("ada: create, ok")
        .sees("bob: accept, ok")
        .sees("we left it ACTIVE; what it is now, somebody else has made it")
        .sees(&format!(
            "mps deactivate accept {id}, or mps deactivate reject {id}"
        ));
    terminal.finish().code(0);
    stage
        .mps(["deactivate", "accept", "--yes", id])
        .env("MPS_OPERATOR", "bob")
        .run()
        .code(0);
    let over = stage.mps(["show", "--json", id]).run();
    over.code(0);
    assert_eq!(
        told(&over),
        [
            "ada create ok",
            "bob accept ok",
            "bob look ok",
            "bob accept_deactivation ok"
        ]
    );
    assert_eq!(over.json()["changed_since"], false);
}

#[test]
fn a_write_that_was_refused_stands_in_the_story_and_changes_nothing() {
    let stage = Stage::of(&["INITIATED"]);
    let id = SOLUTIONS[0];
    stage.rules([mps::testing::sandbox::Rule::new(
        mps::testing::sandbox::Operation::Accept,
        mps::testing::sandbox::Fault::Denied { code: 200 },
    )]);
    stage.mps(["accept", id]).run().code(4);
    let run = stage.mps(["show", "--json", id]).run();
    run.code(0);
    let event = &run.json()["events"][0];
    assert_eq!(
        (&event["call"], &event["outcome"]),
        (&json!("accept"), &json!("refused"))
    );
    assert!(event["error"].as_str().unwrap().contains("200"), "{event}");
    assert_eq!(run.json()["changed_since"], Value::Null);
}

#[test]
fn a_journal_that_cannot_be_read_hides_nothing_of_what_meta_shows() {
    let stage = Stage::of(&["ACTIVE", "ACTIVE"]);
    stage.home.file(
        "state/journal.db",
        "this is no journal of ours, and it is long enough to be looked at twice, at least",
    );
    let run = stage
        .mps(["show", "--json", SOLUTIONS[0], SOLUTIONS[1]])
        .run();
    run.code(0).stderr_has("is not told");
    assert_eq!(
        run.stderr_text().matches("is not told").count(),
        1,
        "said once"
    );
    for line in run.json_lines() {
        assert_eq!(
            (&line["status"], &line["events"]),
            (&json!("ACTIVE"), &Value::Null)
        );
    }
}
