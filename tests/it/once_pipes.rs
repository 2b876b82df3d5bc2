//! Pipes that end early or carry a failure on, and what a run that took another's says of it.

use mps::testing::sandbox::{Fault, Operation, Rule};
use serde_json::json;

use crate::{
    once_world::{Moment, World},
    stage::{APPS, SOLUTIONS, Stage},
};

/// A pipe whose reader wants one line; the exit code of mps goes to stderr.
fn head_1(stage: &Stage, command: &str) -> (crate::support::Outcome, String) {
    let script = format!("{{ mps {command}; echo \"mps ended $?\" >&2; }} | head -n 1");
    let run = stage.shell(&script).run();
    let said = run.stderr_text().lines();
    let mut code = said.filter_map(|line| line.strip_prefix("mps ended "));
    let code = code.next_back().expect("a code").to_owned();
    (run, code)
}

#[test]
fn who_reads_one_line_of_a_reading_command_ends_it_quietly() {
    let stage = Stage::of(&["ACTIVE", "ACTIVE", "ACTIVE"]);
    for command in ["list", "list --json", "list-apps --json"] {
        let (run, code) = head_1(&stage, command);
        run.code(0).stderr_lacks("panic").stderr_lacks("error");
        assert_eq!((run.lines().len(), code.as_str()), (1, "0"), "{command}");
    }
    stage.mps(["create", "--all"]).run().code(0);
    let (run, code) = head_1(&stage, "history --events --json");
    run.code(0).stderr_lacks("panic").stderr_lacks("error");
    assert_eq!(code, "0");
}

#[test]
fn whoever_writes_into_a_closed_pipe_starts_nothing_new() {
    let all = SOLUTIONS.join(" ");
    for command in [
        format!("accept --jobs 1 {all}"),
        "onboard --all --yes --jobs 1".to_owned(),
    ] {
        let stage = if command.starts_with("accept") {
            Stage::of(&["INITIATED"; 3])
        } else {
            Stage::new()
        };
        let args: Vec<&str> = command.split(' ').collect();
        let run = stage.mps(args).stdout_closed().run();
        run.code(1)
            .stderr_has("stdout was closed before all was done")
            .stderr_lacks("panic");
        let accepted = stage.calls("accept");
        assert!((1..=2).contains(&accepted), "{command}: {accepted}");
        // With one line wanted, what was begun is finished all the same.
        let (run, code) = head_1(&stage, &command);
        run.code(0).stderr_lacks("panic");
        assert!(["0", "1"].contains(&code.as_str()), "{command}: {code}");
    }
}

#[test]
fn a_hand_off_into_a_closed_pipe_is_said_and_changes_nothing_of_what_was_done() {
    let stage = Stage::new();
    let run = stage
        .mps(["onboard", "--all", "--yes", "--handoff", "-"])
        .stdout_closed()
        .run();
    run.code(1).stderr_lacks("panic").stderr_has("stdout");
    stage
        .mps(["onboard", "--all", "--yes", "--jobs", "1"])
        .run()
        .code(0);
    assert_eq!(stage.statuses(), ["ACTIVE"; 3]);
}

#[test]
fn an_unknown_outcome_of_create_is_still_one_behind_a_pipe() {
    let stage = Stage::new();
    let lost = Rule {
        app_id: Some(APPS[0].to_owned()),
        commit: Some(false),
        ..Rule::new(Operation::Create, Fault::Drop)
    };
    stage.rules([lost]);
    let run = stage
        .shell("mps create --all --json | mps accept --json")
        .run();
    run.code(6);
    assert_eq!(stage.statuses(), ["ACTIVE"; 2]);
}

#[test]
fn a_run_that_took_anothers_active_one_says_that_it_was_there() {
    let world = World::of(1);
    let app = world.apps().remove(0);
    let created = world
        .gate
        .hold_at(1, Moment::AfterMeta, "whatsapp_business_solution ");
    let run = world.mps("onboard --all --yes --json").start();
    created.reached();
    let theirs = world.seed(&json!({"owner_app_id": app, "name": "By hand", "status": "ACTIVE"}));
    created.open();
    let run = run.finish();
    run.code(0);
    assert_eq!(
        (&run.json()["solution_id"], &run.json()["outcome"]),
        (&json!(theirs), &json!("existing"))
    );
    assert_eq!(world.calls("accept"), 0);
}

#[test]
fn a_host_with_a_trailing_dot_is_the_same_host() {
    let stage = Stage::new();
    let port = stage.sandbox.url().rsplit(':').next().unwrap();
    let onboard = |host: &str| {
        let args = ["onboard", "--all", "--yes", "--json"];
        let url = format!("http://{host}:{port}");
        let run = stage.mps(args).env("MPS_GRAPH_URL", url).run();
        run.code(0);
        run.json_lines()
    };
    onboard("localhost");
    for host in ["LOCALHOST.", "localhost.", "LocalHost"] {
        for line in onboard(host) {
            assert_eq!(line["outcome"], "existing", "{host}");
        }
    }
    let rows = mps::testing::journal::rows(stage.place()).unwrap();
    assert_eq!(
        rows.len(),
        3,
        "one row an app, whatever the host's spelling"
    );
    assert_eq!(stage.calls("create"), 3);
}
