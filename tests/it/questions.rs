//! What the operator is asked, and what happens where nobody can be.

use std::{fs, path::PathBuf};

use rustix::{
    fs::{CWD, Mode, mkfifoat},
    process::Signal,
};

use crate::{
    profile::profile,
    stage::{APPS, SOLUTIONS, Stage},
    support::{Key, Mps, MpsTerminal, Outcome},
};

#[test]
fn json_on_a_terminal_does_not_pass_the_question_over() {
    let stage = Stage::of(&["INITIATED"]);
    let accept = |more: &[&str]| {
        let mps = stage.mps(["accept", "--json", SOLUTIONS[0]]).args(more);
        mps.on_terminal_of(250, 30).finish()
    };
    accept(&[]).code(2).stderr_has("add --yes");
    assert_eq!(stage.writes(), 0);
    accept(&["--no-input"]).code(0);
    accept(&["--yes"]).code(0);
    assert_eq!(stage.calls("accept"), 1);
}

#[test]
fn before_a_pipe_the_question_says_what_its_yes_may_come_to() {
    let stage = Stage::new();
    let create = stage.mps(["create", "--all"]);
    let terminal = create.on_terminal_with_stdout_piped();
    terminal.sees("for good").answers("n");
    terminal.finish().code(1);
    assert_eq!(stage.writes(), 0);
}

#[test]
fn the_question_counts_what_will_be_new() {
    for (statuses, question) in [
        (&["ACTIVE"][..], "Create 2 solutions?"),
        (&["ACTIVE", "INITIATED"], "Create 1 solution?"),
    ] {
        let stage = Stage::of(statuses);
        let terminal = stage.mps(["create", "--all"]).on_terminal_of(160, 40);
        terminal.sees(question).answers("n");
        terminal.finish().code(1);
        let json = stage.mps(["create", "--all", "--json"]).on_terminal();
        json.finish().code(2).stderr_has("--yes");
        assert_eq!(stage.writes(), 0);
    }
}

#[test]
fn where_nothing_would_be_written_nothing_is_asked() {
    for (statuses, command) in [
        (["ACTIVE", "INITIATED", "ACTIVE"], "create"),
        (["ACTIVE", "ACTIVE", "ACTIVE"], "onboard"),
    ] {
        let stage = Stage::of(&statuses);
        let terminal = stage
            .mps([command, "--all"])
            .on_terminal_with_stdout_piped();
        let ids = |run: &Outcome| {
            let mut lines: Vec<_> = run.lines().into_iter().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let run = terminal.finish();
        run.code(0).stderr_lacks("[y/N]");
        assert_eq!(ids(&run), SOLUTIONS);
        assert_eq!(stage.writes(), 0);
        // Nor is a choice, where none of what can be chosen would be written.
        if command == "onboard" {
            let run = stage
                .mps(["onboard"])
                .on_terminal_with_stdout_piped()
                .finish();
            run.code(0).stderr_lacks("Which apps");
            assert_eq!(ids(&run), SOLUTIONS);
        }
    }
}

#[test]
fn a_choice_has_a_sign_can_be_searched_and_is_echoed_as_a_count() {
    for (variable, size) in [
        (("NO_COLOR", "1"), (80, 24)),
        (("TERM", "dumb"), (120, 40)),
        (("TERM", "xterm"), (40, 24)),
    ] {
        let stage = Stage::new();
        let mps = stage
            .mps(["onboard", "--quiet"])
            .env(variable.0, variable.1);
        let terminal = mps.on_terminal_of(size.0, size.1);
        // What is to be typed stands beside the question.
        terminal.sees(if size.0 > 40 {
            "Which apps? (space marks, Enter goes on, type to search)\n"
        } else {
            "Which apps? (space, then Enter)\n"
        });
        terminal.sees(&format!("> [x] {}", APPS[0])).types("wool");
        terminal
            .sees(&format!("> [x] {}", APPS[2]))
            .press(Key::Space);
        terminal.sees("2 of 3 marked").press(Key::Enter);
        terminal.sees("2 of 3\n").sees("[y/N]").answers("y");
        terminal.finish().code(0);
        assert_eq!(stage.calls("create"), 2, "{variable:?}");
    }
}

#[test]
fn either_ids_or_all_is_named_where_both_are_missing() {
    for args in [&["create"][..], &["create", "--all", "--app-id", "1"]] {
        let run = Stage::new().mps(args.iter().copied()).run();
        run.code(2).stderr_has("--app-id").stderr_has("--all");
    }
}

#[test]
fn an_answer_is_a_word_and_enter() {
    for (answer, code, writes) in [
        ("y", 0, 3),
        ("YES", 0, 3),
        ("n", 1, 0),
        ("No", 1, 0),
        ("", 1, 0),
    ] {
        for color in ["never", "always"] {
            let stage = Stage::new();
            let create = ["create", "--all", "--color", color];
            let terminal = stage.mps(create).on_terminal_of(160, 40);
            terminal.sees("Create 3 solutions? [y/N]").answers(answer);
            terminal.finish().code(code);
            assert_eq!(stage.writes(), writes, "{answer:?}");
        }
    }
}

#[test]
fn the_mark_of_a_long_question_stands_before_its_first_line() {
    let stage = Stage::new();
    let mps = stage.mps(["onboard", "--all", "--color", "always"]);
    let terminal = mps.on_terminal_of(40, 40);
    let asked = "? Create 3 solutions, and accept\n  3? Accepting cannot be undone.\n  [y/N] ›";
    terminal.sees(asked).answers("n").sees("[y/N] · n");
    terminal.finish().code(1);
}

#[test]
fn a_yes_without_enter_can_be_taken_back() {
    let stage = Stage::new();
    let terminal = stage.mps(["create", "--all"]).on_terminal_of(160, 40);
    terminal.sees("Create 3 solutions? [y/N]").types("y");
    terminal.sees("› y").press(Key::Backspace).answers("n");
    terminal.finish().code(1).stderr_has("you said no");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn what_is_neither_yes_nor_no_is_asked_again_and_what_was_typed_behind_it_is_thrown_away() {
    let stage = Stage::new();
    let create = ["create", "--all", "--quiet"];
    let terminal = stage.mps(create).on_terminal_of(160, 40);
    // Pasted in one go, the second line came before the second question.
    terminal.sees("[y/N]").types("yy\ry\r");
    terminal
        .sees("Type y or n, and Enter.\n? Create 3 solutions? [y/N]")
        .answers("n");
    terminal.finish().code(1);
    assert_eq!(stage.writes(), 0);
}

/// mps at work until its system token is written into the pipe that is given back, and on a terminal.
fn waiting(stage: &Stage, args: &[&str]) -> (PathBuf, MpsTerminal) {
    let pipe = stage.home.path().join("password-manager");
    mkfifoat(CWD, &pipe, Mode::RUSR | Mode::WUSR).unwrap();
    let command = "system_token_command = 'cat \"$HOME\"/password-manager'\n";
    profile(&stage.home, "default", command);
    let mps = stage.mps_without(&["MPS_SYSTEM_TOKEN"], args.iter().copied());
    let token = stage.sandbox.system_token().secret().expose().to_owned();
    (pipe, mps.secret(&token).on_terminal_of(140, 50))
}

#[test]
fn what_is_typed_while_mps_is_at_work_answers_no_question() {
    // A line, and one without its Enter.
    for typed in ["y\r", "yes"] {
        let stage = Stage::new();
        let token = stage.sandbox.system_token().secret().expose().to_owned();
        let (pipe, terminal) = waiting(&stage, &["onboard", "--all"]);
        terminal.types(typed).sees(typed.trim_end());
        fs::write(pipe, &token).unwrap();
        terminal
            .sees("\n? Create 3 solutions, and accept 3? Accepting cannot be undone. [y/N] ›")
            .answers("n");
        terminal.finish().code(1).stderr_has("you said no");
        assert_eq!(stage.writes(), 0, "{typed:?}");
    }
}

#[test]
fn what_is_typed_while_mps_is_at_work_makes_no_choice() {
    let stage = Stage::new();
    let token = stage.sandbox.system_token().secret().expose().to_owned();
    let (pipe, terminal) = waiting(&stage, &["onboard"]);
    terminal.types("y\r").sees("y");
    fs::write(pipe, &token).unwrap();
    terminal.sees("Which apps?").press(Key::Space);
    terminal.press(Key::Enter);
    terminal
        .sees("Create 2 solutions, and accept 2?")
        .answers("n");
    terminal.finish().code(1);
    assert_eq!(stage.writes(), 0);
}

#[test]
fn a_command_that_prints_no_secret_is_told_and_ends_with_a_signal() {
    let stage = Stage::new();
    let (pipe, terminal) = waiting(&stage, &["onboard", "--all"]);
    terminal.sees("Waiting for system_token_command of the profile, 60 seconds at the most.");
    terminal.signal(Signal::TERM);
    terminal.sees("error: interrupted; nothing was changed");
    terminal.finish().code(130);
    assert_eq!(stage.requests(), 0);
    drop(pipe);
}

#[test]
fn a_journal_that_another_program_holds_is_told_and_ends_with_a_signal() {
    let stage = Stage::new();
    fs::create_dir_all(stage.home.state()).unwrap();
    let gate = fs::File::create(stage.home.state().join("journal.lock")).unwrap();
    gate.lock().unwrap();
    let run = stage.mps(["onboard", "--all", "--yes"]).start();
    run.wait_for_line("Waiting for the journal in ");
    run.signal(Signal::INT);
    run.finish()
        .code(130)
        .stderr_has("interrupted; nothing was changed");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn talk_off_a_terminal_carries_utc_times() {
    let stage = Stage::new();
    let run = stage
        .mps(["create", "--app-id", APPS[0], "--app-id", "99"])
        .run();
    run.code(1);
    let walked = stage.mps(["onboard", "--all", "--yes"]).run();
    walked.code(0);
    for line in [
        &["onboard", "--all"][..],
        &["onboard", "--no-such-option"],
        &[],
    ] {
        let usage = stage.mps(line.iter().copied()).run();
        usage.code(if line.is_empty() { 0 } else { 2 });
        let mut errors = usage
            .stderr_text()
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        errors.retain(|line| line.contains("error: ") || line.contains("hint: "));
        assert!(!errors.iter().any(|line| carries_time(line)), "{usage}");
        assert!(!usage.stdout_text().lines().any(carries_time), "{usage}");
    }
    for outcome in [&run, &walked] {
        let talk = outcome.stderr_text();
        let ours = [
            "error: ",
            "warning: ",
            "SANDBOX ",
            "Creating ",
            "Created ",
            "The plan:",
            "The message to",
        ];
        for line in talk
            .lines()
            .filter(|line| ours.iter().any(|start| line.contains(start)))
        {
            assert!(carries_time(line), "{line}\n{talk}");
        }
        assert!(talk.lines().next().is_some_and(carries_time), "{talk}");
    }
    let terminal = stage.mps(["accept", "x"]).on_terminal().finish();
    terminal.code(2);
    assert!(
        !terminal.stderr_text().lines().any(carries_time),
        "{terminal}"
    );
}

fn carries_time(line: &str) -> bool {
    line.get(..21)
        .is_some_and(|time| time.starts_with("20") && time.ends_with("Z "))
}

#[test]
fn a_long_answer_stands_there_once_and_a_token_not_at_all() {
    let stage = Stage::new();
    let person = Mps::at(&stage.home)
        .args(["init", "--graph-url", stage.sandbox.url()])
        .on_terminal_of(40, 40);
    let long = format!("acme-{}", "x".repeat(27));
    person.sees("? App id").answers(&long);
    person.sees("zero\n? App id");
    let screen = person.screen();
    assert_eq!(screen.matches("App id · acme-x").count(), 1, "{screen}");
    assert!(!screen.contains("App id › acme-x"), "{screen}");
    let token = "EAATESTOKENTHATISLONGENOUGH".repeat(3);
    person.answers(&token).sees("looks like a token");
    person.sees("zero\n? App id");
    let screen = person.screen();
    assert!(!screen.contains("EAATES"), "{screen}");
    assert!(screen.contains("(redacted)"), "{screen}");
    // What stands above a long answer is still there.
    assert!(screen.contains("dashboard"), "{screen}");
    person.press(Key::CtrlC);
    person.finish().code(130);
}

/// A stop that is told of behind the error would read as if something went on.
#[test]
fn the_stop_is_told_of_before_the_end() {
    let stage = Stage::of(&["INITIATED"]);
    let terminal = stage.mps(["create", "--all"]).on_terminal();
    terminal.sees("Create 2 solutions?").press(Key::CtrlC);
    let said = terminal.lines_to_the_end(130);
    let stop = said.find("Stopping: what is under way").expect(&said);
    let end = said.find("error: interrupted").expect(&said);
    assert!(stop < end, "{said}");
}
