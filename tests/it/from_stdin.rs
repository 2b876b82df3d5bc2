//! What `create` and `onboard` read from stdin: ids, lines of items that failed, a token.

use mps::testing::sandbox::SandboxConfig;
use serde_json::json;

use crate::stage::{APPS, SOLUTIONS, Stage};

#[test]
fn what_failed_upstream_is_a_row_of_apps() {
    let failed = r#"{"app_id":"1","outcome":"failed","error":{"message":"no"}}"#;
    let input = format!("{failed}\n{}\n", APPS[0]);
    let stage = Stage::new();
    let create = |more: &[&str]| {
        let mps = stage.mps(["create", "--app-id", "-"]).args(more);
        mps.stdin(&input)
    };
    let run = create(&["--json"]).run();
    run.code(3);
    let lines = run.json_lines();
    let keys = |line: &serde_json::Value| {
        let mut keys: Vec<_> = line.as_object().unwrap().keys().cloned().collect();
        keys.retain(|key| key != "error");
        keys
    };
    assert_eq!(keys(&lines[0]), keys(&lines[1]));
    assert_eq!(lines[0]["error"]["causes"], json!(["no"]));
    // A slow machine would show progress between the rows.
    let table = create(&[])
        .env("TERM", "dumb")
        .on_terminal_of(160, 40)
        .finish();
    table.code(3);
    let column = |row: &str, word: &str| row.find(word).expect("a column");
    let rows: Vec<&str> = table.stderr_text().lines().collect();
    let head = rows.iter().find(|row| row.contains("OUTCOME")).unwrap();
    let row = rows
        .iter()
        .find(|row| row.trim_start() == "failed")
        .unwrap();
    assert_eq!(column(row, "failed"), column(head, "OUTCOME"));
}

#[test]
fn a_token_is_pasted_and_ids_come_from_stdin() {
    let stage = Stage::new();
    let token = stage.sandbox.user_token().secret().expose().to_owned();
    let without = |args: &[&str]| {
        let mps = stage.mps_without(&["MPS_USER_TOKEN"], args.iter().copied());
        mps.secret(&token)
    };
    let pasted = without(&["onboard", "--paste", "--yes", "--app-id", APPS[0]]);
    let pasted = pasted.stdin(&token).run();
    pasted
        .code(0)
        .stdout(format!("{}\n", SOLUTIONS[0]))
        .stderr_has("from --paste")
        .stderr_lacks("Open this page");
    let terminal = without(&["onboard", "--paste", "--app-id", APPS[1]]).on_terminal_of(160, 40);
    terminal.sees("The user token").answers_unseen(&token);
    terminal
        .sees("Create 1 solution, and accept 1?")
        .answers("y");
    terminal.finish().code(0);
    let ids = format!("{{\"outcome\":\"failed\"}}\n{{\"id\":\"{}\"}}\n", APPS[2]);
    let args = ["onboard", "--app-id", "-", "--yes", "--json"];
    let run = stage.mps(args).stdin(ids).run();
    run.code(3);
    let outcomes: Vec<_> = run
        .json_lines()
        .iter()
        .map(|line| line["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["failed", "onboarded"]);
    assert_eq!(run.json_lines()[0]["verified"], false);
    assert_eq!(stage.statuses(), ["ACTIVE"; 3]);
    let requests = stage.requests();
    for both in [
        &["--paste", "--app-id", "-"][..],
        &["--paste", "--all", "--system-token-file", "-"],
        &["--paste", "--all", "--user-token-file", "x"],
        &["--paste", "--all", "--sandbox"],
    ] {
        let run = without(&["onboard", "--yes"]).args(both);
        run.stdin(&token).run().code(2).stdout("");
    }
    assert_eq!(stage.requests(), requests);
}

/// Nobody knows beforehand how many ids come through a pipe; beyond ten, a line each is enough.
#[test]
fn many_ids_from_a_pipe_are_accepted_without_a_line_for_each_step() {
    let stage = Stage::with(SandboxConfig {
        apps: 15,
        ..SandboxConfig::default()
    });
    let ids = stage.mps(["create", "--all"]).run();
    ids.code(0);
    let run = stage.mps(["accept"]).stdin(ids.stdout_text()).run();
    run.code(0).stdout_has(SOLUTIONS[0]);
    let lines: Vec<&str> = run.stderr_text().lines().collect();
    let with = |words: &str| lines.iter().filter(|line| line.contains(words)).count();
    assert!(with("Accepting solution") <= 10, "{run}");
    assert!(with(": accepted") >= 5, "{run}");
    assert_eq!(with("15 solutions in"), 1, "{run}");
}
