//! `mps business-token`: a client's token comes out bare in a pipe, masked on a terminal, whole in a file of our own.
//!
//! The one decision: the journal and the log are read as files, and the token must stand in neither.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::stage::{SOLUTIONS, Stage};

/// The client who shared an account in the sandbox.
const CLIENT: &str = "506914307656634";
/// What the sandbox gives for that client and the first solution.
const TOKEN: &str = "EAASANDBOXbusiness00000506914307656634795033096057724ZD";

fn line(more: &[&str]) -> Vec<String> {
    let line = ["business-token", SOLUTIONS[0], "--business-id", CLIENT];
    line.iter().chain(more).map(ToString::to_string).collect()
}

fn events(stage: &Stage) -> Vec<Value> {
    let run = stage.mps(["--json", "history", "--events"]).run();
    run.code(0);
    run.json_lines()
}

/// Everything that mps wrote on this machine.
fn written(stage: &Stage) -> String {
    fn all(dir: &std::path::Path, text: &mut String) {
        for file in std::fs::read_dir(dir).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                all(&path, text);
            } else {
                text.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
            }
        }
    }
    let mut text = String::new();
    all(&stage.home.state(), &mut text);
    text
}

#[test]
fn bare_in_a_pipe_and_on_record_without_it() {
    let stage = Stage::of(&["ACTIVE"]);
    let run = stage
        .mps(["-vvv"])
        .args(line(&[]))
        .stdout_may_hold_token()
        .run();
    run.code(0).stdout(format!("{TOKEN}\n"));
    assert!(!run.stderr_text().contains(TOKEN), "{run}");
    let written = written(&stage);
    assert!(written.contains("business_token") && !written.contains("EAASANDBOXbusiness"));
    let events = events(&stage);
    let told: Vec<_> = events
        .iter()
        .map(|it| (&it["call"], &it["outcome"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("business_token"), &json!("ok")),
            (&json!("business_token"), &json!("intended"))
        ]
    );
    assert_eq!(events[0]["solution_id"], SOLUTIONS[0]);
    let consent = format!("mps business-token {} --business-id {CLIENT}", SOLUTIONS[0]);
    assert_eq!(events[0]["consent"], consent);
}

#[test]
fn masked_on_a_terminal_in_every_form() {
    let stage = Stage::of(&["ACTIVE"]);
    for more in [&[][..], &["--json"], &["-vvv"]] {
        let shown = stage
            .mps([])
            .args(line(more))
            .on_terminal_of(120, 40)
            .finish();
        shown.code(0);
        let text = shown.to_string();
        assert!(
            text.contains("EAAS…") && !text.contains("EAASANDBOXb"),
            "{text}"
        );
    }
}

#[test]
fn a_file_of_our_own_gets_it_whole() {
    let stage = Stage::of(&["ACTIVE"]);
    let file = stage.home.path().join("client.txt");
    let out = file.to_str().unwrap();
    let run = stage
        .mps([])
        .args(line(&["--token-out", out]))
        .stdout_may_hold_token()
        .run();
    run.code(0).stderr_has(format!("The token is in {out}"));
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        format!("{TOKEN}\n")
    );
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    // A device is no file: nothing is asked of Meta.
    let before = stage.requests();
    stage
        .mps([])
        .args(line(&["--token-out", "/dev/null"]))
        .run()
        .code(2)
        .stdout("")
        .stderr_has("no regular file");
    assert_eq!(stage.requests(), before);
}

#[test]
fn both_shapes_of_the_answer() {
    let stage = Stage::of(&["ACTIVE"]);
    let json = |stage: &Stage| {
        let run = stage
            .mps(["--json"])
            .args(line(&[]))
            .stdout_may_hold_token()
            .run();
        run.code(0);
        run.json()
    };
    let guide = json(&stage);
    assert_eq!(
        (&guide["access_token"], &guide["expires_at"]),
        (&json!(TOKEN), &Value::Null)
    );
    let stage = Stage::with(mps::testing::sandbox::SandboxConfig {
        shape: mps::testing::sandbox::ApiShape::OpenApi,
        ..Default::default()
    });
    stage.seed_status(0, "ACTIVE");
    let open = json(&stage);
    assert_eq!(open["access_token"], TOKEN);
    let days = (open["expires_at"].as_i64().unwrap() - jiff::Timestamp::now().as_second()) / 86_400;
    assert!((59..=60).contains(&days), "{open}");
}

#[test]
fn nothing_shared_yet_is_explained() {
    let stage = Stage::of(&["ACTIVE"]);
    let run = stage
        .mps(["business-token", SOLUTIONS[0], "--business-id", "77"])
        .run();
    run.code(1)
        .stdout("")
        .stderr_has("nothing is shared yet")
        .stderr_has("extras.setup.solutionID")
        .stderr_has("owner_business_id");
    let events = events(&stage);
    assert_eq!(
        (&events[0]["call"], &events[0]["outcome"]),
        (&json!("business_token"), &json!("refused"))
    );
    let failed = stage.mps(["history", "--failed"]).run();
    failed.code(0).stdout_has("business_token");
}

#[test]
fn nothing_shared_yet_is_explained_where_meta_says_it_by_a_refusal() {
    let stage = Stage::with(mps::testing::sandbox::SandboxConfig {
        shape: mps::testing::sandbox::ApiShape::OpenApi,
        ..Default::default()
    });
    stage.seed_status(0, "ACTIVE");
    stage
        .mps(["business-token", SOLUTIONS[0], "--business-id", "77"])
        .run()
        .code(1)
        .stdout("")
        .stderr_has("has not shared a WABA")
        .stderr_has("extras.setup.solutionID")
        .stderr_has("owner_business_id")
        .stderr_lacks("check the id");
}

#[test]
fn what_meta_will_refuse_is_said_before() {
    let stage = Stage::of(&["INITIATED"]);
    let run = stage.mps([]).args(line(&[])).run();
    run.code(1)
        .stdout("")
        .stderr_has("only an ACTIVE one gives business tokens")
        .stderr_has(format!("mps show {}", SOLUTIONS[0]));
    assert_eq!(stage.calls("access_token"), 1, "said, not forbidden");
}
