//! The check-up, with one thing set wrongly at a time: it is seen, it has a remedy, and it hides nothing else.

use crate::{
    doctor::{result, row, rows},
    stage::{PARTNER, Stage},
};

/// What is set wrongly (options, then variables), the check that sees it, a word of what was seen and one of the
/// remedy, and the exit code.
type Trouble = (
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
    [&'static str; 3],
    i32,
);

const TROUBLES: &[Trouble] = &[
    (
        &["--profile", "nope"],
        &[],
        ["profile", "no profile nope", "mps init --profile nope"],
        2,
    ),
    (
        &["--system-token-file", "/nowhere"],
        &[],
        ["system_token", "could not read", "MPS_SYSTEM_TOKEN"],
        1,
    ),
    (
        &[],
        &[("MPS_SYSTEM_TOKEN", "two words")],
        [
            "system_token",
            "a blank",
            "set MPS_SYSTEM_TOKEN to it alone",
        ],
        2,
    ),
    (
        &["--system-token-file", "-", "--user-token-file", "-"],
        &[],
        ["user_token", "cannot both", "name a file"],
        2,
    ),
    (
        &["--ca-file", "/nowhere"],
        &[],
        ["ca_file", "cannot be read", "correct --ca-file"],
        2,
    ),
    (
        &["--ca-file", "/etc/passwd"],
        &[],
        ["ca_file", "holds no", "correct --ca-file"],
        2,
    ),
    (
        &["--api-version", "26"],
        &[],
        ["api_version", "they look like", "correct --api-version"],
        2,
    ),
    (
        &["--api-version", "v19.0"],
        &[],
        ["api_version_life", "has expired", "--api-version"],
        0,
    ),
    (
        &["--graph-url", "http://graph.invalid"],
        &[],
        ["graph_url", "http", "correct --graph-url"],
        2,
    ),
    (
        &[],
        &[("MPS_JOBS", "0")],
        ["jobs", "from 1 to 64", "correct MPS_JOBS"],
        2,
    ),
    (
        &[],
        &[("MPS_NAME", "{nope}")],
        ["name", "{nope} is not known", "correct MPS_NAME"],
        2,
    ),
    (
        &[],
        &[("MPS_MESSAGING", "x")],
        ["messaging", "none of both", "correct MPS_MESSAGING"],
        2,
    ),
    (
        &[],
        &[("MPS_PUBLIC_URL", "mps.example.com")],
        ["public_url", "not an address", "correct MPS_PUBLIC_URL"],
        2,
    ),
    (
        &[],
        &[("MPS_PUBLIC_URL", "http://mps.example.com")],
        ["public_url", "not https", "correct MPS_PUBLIC_URL"],
        2,
    ),
    (
        &["--partner-app-id", "abc"],
        &[],
        ["partner_app_id", "not an id", "correct --partner-app-id"],
        2,
    ),
    (
        &["--partner-app-id", "999"],
        &[],
        ["app", "does not exist", "check the id 999"],
        4,
    ),
    (
        &[],
        &[("MPS_STATE_DIR", "/etc/passwd")],
        ["directories", "cannot be used", "set MPS_STATE_DIR"],
        1,
    ),
    (
        &[],
        &[("MPS_CONFIG_DIR", "/etc/passwd")],
        ["directories", "cannot be used", "set MPS_CONFIG_DIR"],
        1,
    ),
];

#[test]
fn every_trouble_is_seen_and_has_its_remedy() {
    let stage = Stage::new();
    for (args, env, [check, seen, remedy], code) in TROUBLES {
        let mut mps = stage.mps(["doctor", "--json", "--port", "0"]).args(*args);
        for (name, value) in *env {
            mps = mps.env(name, value);
        }
        let run = mps.stdin("").run();
        run.code(*code);
        let found = row(&run, check);
        let text = |key: &str| found[key].as_str().unwrap_or("").to_owned();
        assert!(text("seen").contains(seen), "{args:?} {env:?}\n{found}");
        assert!(text("remedy").contains(remedy), "{args:?} {env:?}\n{found}");
        for row in rows(&run) {
            let fine = row["result"] == "ok" || row["result"] == "skipped";
            assert!(fine || row["remedy"].is_string(), "{args:?} {env:?}\n{row}");
        }
    }
}

#[test]
fn what_a_wrong_setting_hides_is_not_another_failure() {
    let stage = Stage::new();
    let run = stage
        .mps(["doctor", "--json", "--port", "0", "--api-version", "26"])
        .run();
    run.code(2).stderr_has("1 check failed");
    for check in ["api_version_life", "network", "app", "quota"] {
        assert_eq!(result(&run, check), "skipped", "{check}\n{run}");
    }
    assert_eq!(stage.requests(), 0);
}

#[test]
fn a_narrow_terminal_shows_marks_and_remedies_whole() {
    let stage = Stage::new();
    let terminal = stage
        .mps(["doctor", "--port", "0"])
        .env("MPS_JOBS", "0")
        .on_terminal_of(40, 90);
    terminal.sees("correct MPS_JOBS");
    let run = terminal.finish();
    run.code(2).stderr_has(PARTNER);
    let screen = run.stderr_text();
    assert!(
        screen.lines().any(|line| line.starts_with("✗  jobs")),
        "{screen}"
    );
}
