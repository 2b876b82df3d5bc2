//! Judges that others wrote: Meta's own SDKs, and two tools that read Meta's OpenAPI file; a small case of each.
//!
//! The one decision: they are the same programs as in `tests/long judges`, which lets them judge in full, so that here only
//! what they say is read.

use std::process::Command;

use crate::support::{needs, needs_judge, openapi};

/// What the judge says in one line; it has nothing to complain of.
#[track_caller]
fn judged(judge: &str, file: Option<&std::path::Path>) -> String {
    let mut command = Command::new("python3");
    command
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/judges/run"))
        .args(["one", judge])
        .env("MPS_TESTS_PROGRAM", env!("CARGO_BIN_EXE_mps"));
    if let Some(file) = file {
        command.env("MPS_TESTS_OPENAPI", file);
    }
    let run = command.output().expect("python3 starts");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let talk = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}\n{talk}");
    assert!(!said.contains("skipped"), "{said}\n{talk}");
    said
}

/// Whether an SDK of Meta's is content.
fn understands(judge: &str) {
    if !needs("python3") || !needs_judge(judge) {
        return;
    }
    let said = judged(judge, None);
    assert!(
        said.contains(" calls, ") && said.contains(" 0 wrong"),
        "{said}"
    );
}

#[test]
fn metas_sdk_for_python_understands_the_sandbox() {
    understands("facebook-business");
}

#[test]
fn metas_sdk_for_javascript_understands_the_sandbox() {
    understands("facebook-nodejs-business-sdk");
}

#[test]
fn what_the_sandbox_answers_fits_metas_openapi_file() {
    let Some(file) = openapi() else { return };
    let judge = "schemathesis";
    if !needs("python3") || !needs_judge(judge) {
        return;
    }
    let said = judged(judge, Some(&file));
    assert!(said.contains("10 of 10 operations"), "{said}");
}

#[test]
fn what_mps_asks_and_hears_fits_metas_openapi_file() {
    let Some(file) = openapi() else { return };
    let judge = "prism";
    if !needs("python3") || !needs_judge(judge) {
        return;
    }
    let said = judged(judge, Some(&file));
    assert!(
        said.contains("calls of") && said.contains(" 0 wrong"),
        "{said}"
    );
}
