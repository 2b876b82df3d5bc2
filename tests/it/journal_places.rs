//! A journal that is not the one that it was, or another user's.
//!
//! The one decision: what was forgotten is told once, by the first run that writes; what is another user's is never answered
//! by a second journal.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{
    doctor::row,
    stage::{APPS, Stage},
    support::{Mps, Outcome, is_root, needs},
};

fn onboard(stage: &Stage, app: &str) -> Outcome {
    stage.mps(["onboard", "--yes", "--app-id", app]).run()
}

fn of_the_journal(stage: &Stage) -> Vec<PathBuf> {
    let files = fs::read_dir(stage.home.state()).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files
        .filter(|path| {
            path.is_file()
                && path
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("journal.db"))
        })
        .collect()
}

fn copies(stage: &Stage) -> Vec<(PathBuf, Vec<u8>)> {
    let files = of_the_journal(stage).into_iter();
    files
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn a_whole_directory_that_was_put_back_is_told_by_what_meta_shows() {
    let stage = Stage::new();
    onboard(&stage, APPS[0]).code(0);
    let copies = copies(&stage);
    onboard(&stage, APPS[1]).code(0);
    let doctor = || {
        let run = stage.mps(["doctor", "--json", "--port", "0"]).run();
        run.code(0);
        run
    };
    let known = row(&doctor(), "solutions");
    assert_eq!(known["details"], json!({"live": 2, "not_in_journal": 0}));
    assert_eq!(known["remedy"], Value::Null);
    for path in of_the_journal(&stage) {
        fs::remove_file(path).unwrap();
    }
    for (path, bytes) in copies {
        fs::write(path, bytes).unwrap();
    }
    let run = doctor();
    assert_eq!(
        row(&run, "journal")["details"]["forgotten"],
        Value::Null,
        "{run}"
    );
    // Meta's pages and other journals make some too: it is a count and no fault.
    let forgotten = row(&run, "solutions");
    assert_eq!(forgotten["result"], "ok", "{forgotten}");
    assert_eq!(
        forgotten["details"],
        json!({"live": 2, "not_in_journal": 1})
    );
    assert!(forgotten["seen"].as_str().unwrap().contains("1 of 2"));
    let remedy = forgotten["remedy"].as_str().unwrap();
    assert!(remedy.contains("mps list") && remedy.contains("mps tidy"));
}

#[test]
fn an_older_copy_is_told_once_and_makes_nothing_twice() {
    let stage = Stage::new();
    onboard(&stage, APPS[0]).code(0).stderr_lacks("older copy");
    let database = stage.home.state().join("journal.db");
    // As a backup has it: the one file, or the whole directory copied over.
    let copies = copies(&stage);
    onboard(&stage, APPS[1]).code(0).stderr_lacks("older copy");
    for (path, bytes) in copies {
        fs::write(path, bytes).unwrap();
    }
    let doctor = stage.mps(["doctor", "--json", "--port", "0"]).run();
    doctor.code(0);
    let journal = row(&doctor, "journal");
    assert_eq!(journal["result"], "warning", "{journal}");
    let (has, had) = (
        &journal["details"]["forgotten"]["has"],
        &journal["details"]["forgotten"]["had"],
    );
    assert!(has.as_i64() < had.as_i64(), "{journal}");
    assert!(
        journal["remedy"].as_str().unwrap().contains("mps tidy"),
        "{journal}"
    );

    let writes = stage.writes();
    let again = onboard(&stage, APPS[1]);
    again
        .code(0)
        .stderr_has("is an older copy, or another one: it ends with event")
        .stderr_has(database.to_str().unwrap());
    assert_eq!(stage.writes(), writes, "what is there is found by looking");
    onboard(&stage, APPS[2]).code(0).stderr_lacks("older copy");
    let doctor = stage.mps(["doctor", "--json", "--port", "0"]).run();
    doctor.code(0);
    assert_eq!(row(&doctor, "journal")["result"], "ok");
}

#[test]
fn a_journal_that_is_gone_is_told_and_one_that_was_moved_away_whole_is_not() {
    let stage = Stage::new();
    onboard(&stage, APPS[0]).code(0);
    fs::remove_file(stage.home.state().join("journal.db")).unwrap();
    onboard(&stage, APPS[0])
        .code(0)
        .stderr_has("it ends with event 0, and had event");
    for file in of_the_journal(&stage) {
        fs::rename(&file, stage.home.path().join(file.file_name().unwrap())).unwrap();
    }
    onboard(&stage, APPS[0]).code(0).stderr_lacks("older copy");
}

#[test]
fn events_of_another_chain_under_the_same_numbers_are_told() {
    let (stage, other) = (Stage::new(), Stage::new());
    for stage in [&stage, &other] {
        onboard(stage, APPS[0]).code(0);
    }
    let (from, to) = (other.home.state(), stage.home.state());
    fs::copy(from.join("journal.db"), to.join("journal.db")).unwrap();
    onboard(&stage, APPS[0])
        .code(0)
        .stderr_has("is not the one that it had");
}

/// Puts the program where every user of the machine can run it.
fn for_all(dir: &Path) -> PathBuf {
    let mode = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    mode(dir);
    let program = dir.join("mps");
    fs::copy(env!("CARGO_BIN_EXE_mps"), &program).unwrap();
    mode(&program);
    program
}

#[test]
fn the_second_user_of_a_journal_is_not_sent_to_a_second_journal() {
    const FIRST: u32 = 4711;
    if !is_root("acts as two users") || !needs("setpriv") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let program = for_all(dir.path());
    let state = dir.path().join("state");
    fs::create_dir(&state).unwrap();
    chown(&state, Some(FIRST), Some(FIRST)).unwrap();
    let home = crate::support::Home::new();
    let as_user = |uid: u32| {
        let uid = format!("--reuid={uid}");
        Mps::program(&home, "setpriv")
            .args([
                &uid,
                "--clear-groups",
                "--regid=65534",
                program.to_str().unwrap(),
            ])
            .args([
                "invite",
                "--for",
                "acme",
                "--public-url",
                "https://acme.example",
            ])
            .args(["--partner-app-id", "7", "--partner-name", "Acme"])
            .env("MPS_STATE_DIR", &state)
            .env("MPS_CONFIG_DIR", dir.path().join("none"))
            .run()
    };
    // The directory of the first, then their files in a directory that all may use.
    let refused = |run: &Outcome| {
        run.code(1)
            .stdout("")
            .stderr_has("the journal belongs to another user (uid 4711)")
            .stderr_has("sudo -u '#4711' mps")
            .stderr_has("MPS_JOURNAL=postgres://USER@HOST/DATABASE")
            .stderr_has(
                "a second journal: two that create for one app at once may make two solutions",
            )
            .stderr_lacks("let MPS_STATE_DIR");
    };
    refused(&as_user(65534));
    as_user(FIRST).code(0);
    refused(&as_user(65534));
    fs::set_permissions(&state, fs::Permissions::from_mode(0o777)).unwrap();
    refused(&as_user(65534));
    as_user(FIRST).code(0);
}

#[test]
fn no_memory_of_mps_goes_into_a_file() {
    let home = crate::support::Home::new();
    let shell = "ulimit -c unlimited; exec \"$1\" sandbox --port 0";
    let run = Mps::program(&home, "/bin/sh")
        .args(["-c", shell, "sh", env!("CARGO_BIN_EXE_mps")])
        .stdout_may_hold_token()
        .start();
    run.wait_for_stdout_line("MPS_STATE_DIR");
    let limits = fs::read_to_string(format!("/proc/{}/limits", run.pid())).unwrap();
    run.kill().killed_by(9);
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    assert_eq!(
        core.unwrap().split_whitespace().nth(4),
        Some("0"),
        "{limits}"
    );
}
