//! Where `mps accept` reads its ids from.

use rustix::process::Signal;

use crate::stage::{SOLUTIONS, Stage};

#[test]
fn stdin_is_read_in_every_form() {
    for (text, code, accepted) in [
        ("795033096057724\n795033096058733\n", 0, 2),
        (
            "\u{feff}795033096057724\r\n\r\n   \n 795033096058733 \r\n",
            0,
            2,
        ),
        (
            "{\"solution_id\":\"795033096057724\",\"id\":\"1\"}\n{\"id\":795033096058733}\n",
            0,
            2,
        ),
        ("795033096057724\n795033096057724", 0, 1),
        (
            "{\"outcome\":\"failed\",\"error\":{\"message\":\"gone\"}}\n795033096058733\n",
            3,
            1,
        ),
        (
            "{\"outcome\":\"failed\",\"solution_id\":\"795033096057724\"}\n",
            3,
            0,
        ),
        ("795033096057724\nnonsense\n", 3, 1),
        ("nonsense\n", 2, 0),
        ("\r\n\n", 2, 0),
    ] {
        let stage = Stage::of(&["INITIATED", "INITIATED"]);
        let run = stage.mps(["accept"]).stdin(text).run();
        run.code(code);
        assert_eq!(
            (run.lines().len(), stage.calls("accept")),
            (accepted, accepted as u64),
            "{text}"
        );
    }
}

#[test]
fn nothing_on_stdin() {
    let stage = Stage::of(&["INITIATED"]);
    stage
        .mps(["accept"])
        .run()
        .code(2)
        .stdout("")
        .stderr_has("--allow-empty");
    stage
        .mps(["accept", "--allow-empty"])
        .run()
        .code(0)
        .stdout("");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn solutions_are_accepted_as_they_come() {
    let stage = Stage::of(&["INITIATED", "INITIATED"]);
    let mut run = stage.mps(["accept"]).stdin_open().start();
    run.write(&format!("{}\n", SOLUTIONS[0]));
    run.wait_for_stdout_line(SOLUTIONS[0]);
    assert_eq!(stage.statuses(), ["ACTIVE", "INITIATED"]);
    run.write(&format!("{}\n", SOLUTIONS[1]));
    run.finish()
        .code(0)
        .stdout(format!("{}\n{}\n", SOLUTIONS[0], SOLUTIONS[1]));
}

#[test]
fn wrong_usage_is_found_before_anything_is_sent_or_read() {
    let stage = Stage::of(&["INITIATED"]);
    let terminal = stage.mps(["accept"]).on_terminal().finish();
    terminal.code(2).stderr_has("stdin, which is a terminal");
    for args in [
        &["accept", "--system-token-file", "-"][..],
        &["accept", "--app-secret-file", "-"],
        &[
            "accept",
            "1",
            "--system-token-file",
            "-",
            "--app-secret-file",
            "-",
        ],
    ] {
        // stdin stays open: whoever waited for it would not end.
        let run = stage.mps(args.iter().copied()).stdin_open().start();
        run.wait_for_line("cannot both be read from stdin");
        run.finish().code(2).stdout("");
    }
    for args in [
        &["accept", "x"][..],
        &["accept", "1", "--jobs", "x"],
        &["accept", "1", "--wait-quota=x"],
    ] {
        stage.mps(args.iter().copied()).run().code(2).stdout("");
    }
    let missing = stage
        .mps_without(&["MPS_SYSTEM_TOKEN"], ["accept"])
        .stdin_open()
        .start();
    missing.wait_for_line("the system token is missing");
    missing.finish().code(4).stdout("");
    assert_eq!(stage.requests(), 0);
}

#[test]
fn the_token_comes_from_stdin_and_the_ids_from_arguments() {
    let stage = Stage::of(&["INITIATED"]);
    let token = stage.sandbox.system_token().secret().expose().to_owned();
    let run = stage
        .mps_without(
            &["MPS_SYSTEM_TOKEN"],
            ["accept", SOLUTIONS[0], "--system-token-file", "-"],
        )
        .stdin(format!("\u{feff}{token}\r\n\r\n"))
        .secret(&token)
        .run();
    run.code(0).stdout(format!("{}\n", SOLUTIONS[0]));
}

#[test]
fn a_signal_ends_the_wait_for_the_next_line() {
    let stage = Stage::of(&["INITIATED"]);
    let mut run = stage.mps(["accept"]).stdin_open().start();
    run.write(&format!("{}\n", SOLUTIONS[0]));
    run.wait_for_stdout_line(SOLUTIONS[0]);
    run.signal(Signal::INT);
    run.wait_for_line("interrupted before stdin was read to its end");
    run.finish().code(130);
    assert_eq!(stage.statuses(), ["ACTIVE"]);
}

#[test]
fn what_was_passed_over_is_passed_over() {
    let stage = Stage::of(&["REJECTED"]);
    let run = stage
        .shell("mps create --all --json | mps accept --json")
        .run();
    run.code(0);
    assert_eq!(run.json_lines().len(), 2);
    assert_eq!(stage.statuses(), ["REJECTED", "ACTIVE", "ACTIVE"]);
}
