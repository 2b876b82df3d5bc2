//! How a run ends: what an operator reads last, and what they type next.

use std::fs;

use mps::testing::sandbox::{Fault, Operation, Rule, SandboxConfig};
use rustix::process::Signal;

use crate::{
    stage::{APPS, SOLUTIONS, Stage},
    support::Key,
};

/// A sandbox with so many apps.
fn many(apps: usize) -> Stage {
    Stage::with(SandboxConfig {
        apps,
        ..SandboxConfig::default()
    })
}

/// The ids of its apps, in the order of the listing.
fn ids(stage: &Stage) -> Vec<String> {
    let run = stage.mps(["list-apps"]).run();
    run.code(0);
    run.lines().iter().map(|id| (*id).to_owned()).collect()
}

/// This app's create goes wrong every time.
fn refuses(app: &str, fault: Fault) -> Rule {
    Rule {
        app_id: Some(app.to_owned()),
        times: 0,
        ..Rule::new(Operation::Create, fault)
    }
}

fn error(code: u32, message: &str) -> Fault {
    Fault::Error {
        status: 400,
        code,
        subcode: None,
        message: message.to_owned(),
    }
}

/// Seven apps of three kinds of trouble.
fn seven_fail(stage: &Stage) -> Vec<String> {
    let ids = ids(stage);
    let failing = [3, 40, 41, 77, 120, 121, 199].map(|at: usize| ids[at].clone());
    let faults = |at: usize| match at {
        0..3 => error(100, "Invalid parameter"),
        3..6 => error(100, "The app is in development mode"),
        _ => error(100, "The app has no business"),
    };
    let rules = failing.iter().enumerate();
    stage.rules(rules.map(|(at, app)| refuses(app, faults(at))));
    failing.into()
}

#[test]
fn two_hundred_apps_of_which_seven_fail_fit_two_screens_and_end_with_the_command_to_type() {
    let stage = many(200);
    let failing = seven_fail(&stage);
    let paged = stage.home.path().join("paged");
    let terminal = stage
        .mps(["onboard", "--all"])
        .env("PAGER", "cat >> \"$HOME/paged\"")
        .on_terminal_of(80, 48);
    terminal
        .sees("Create 200 solutions, and accept 200?")
        .answers("y");
    // Two screens of 24 rows are one of 48: all of it is still there, from the first line to the last.
    terminal.sees("hint: when they are mended: mps onboard --all");
    let screen = terminal.screen();
    let run = terminal.finish();
    run.code(3);
    assert!(screen.starts_with("SANDBOX "), "{screen}");
    for said in [
        "200 apps in ",
        ": 193 onboarded, 7 failed",
        "error: 7 of 200 failed",
        "mps handoff --run ",
    ] {
        assert!(screen.contains(said), "{said}\n{screen}");
    }
    // A reason stands there once, and every app that failed is named.
    assert_eq!(screen.matches("Invalid parameter").count(), 1, "{screen}");
    let whole = screen.replace('\n', " ");
    for app in &failing {
        assert!(whole.contains(app.as_str()), "{app}\n{screen}");
    }
    let last = screen.trim_end().lines().last().unwrap();
    assert_eq!(last.trim(), "hint: when they are mended: mps onboard --all");
    // The plan and the rows went through the pager, in one order.
    let paged = fs::read_to_string(paged).unwrap();
    let (plan, rows) = paged.split_once("OUTCOME").unwrap();
    let order = |text: &str| {
        let words = text
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        let ids = words.filter(|word| word.len() == 15 && word.bytes().all(|c| c.is_ascii_digit()));
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(order(plan).len(), 200, "{plan}");
    assert_eq!(order(plan), order(rows));
    // Typed, it goes on where the run ended.
    stage.rules([]);
    let again = stage.mps(["onboard", "--all", "--yes"]).run();
    again.code(0).stderr_has(": 193 existing, 7 onboarded");
    assert_eq!(again.lines().len(), 200);
}

#[test]
fn in_a_pipe_each_of_many_has_a_line_as_it_ends_and_the_steps_are_for_verbose() {
    let stage = many(11);
    let failing = ids(&stage)[4].clone();
    stage.rules([refuses(&failing, error(100, "Invalid parameter"))]);
    let run = stage.mps(["create", "--all", "--yes"]).run();
    run.code(3)
        .stderr_lacks("Creating a solution for app")
        .stderr_has(": created: solution ")
        .stderr_has("11 apps in ")
        .stderr_has(": 10 created, 1 failed");
    assert_eq!(
        run.stderr_text().matches(": created: solution ").count(),
        10
    );
    let json = stage.mps(["create", "--all", "--yes", "--json"]).run();
    json.code(3)
        .stderr_has("\"event\":\"ended\",\"counts\":{\"existing\":10,\"failed\":1}");
    let verbose = many(11);
    let run = verbose.mps(["create", "--all", "--yes", "-v"]).run();
    run.code(0).stderr_has("Creating a solution for app");
}

#[test]
fn a_failure_that_resume_does_not_know_ends_with_the_command_to_repeat() {
    let stage = Stage::of(&["ACTIVE", "REJECTED"]);
    let run = stage.mps(["accept", SOLUTIONS[0], SOLUTIONS[1]]).run();
    run.code(3).stderr_lacks("mps resume");
    let last = run.stderr_text().lines().last().unwrap();
    let again = format!(
        "  hint: when that is mended: mps accept {} {}",
        SOLUTIONS[0], SOLUTIONS[1]
    );
    assert_eq!(last, again);
}

#[test]
fn after_control_c_the_ending_says_interrupted_what_is_done_and_what_is_open() {
    let stage = many(20);
    let ids = ids(&stage);
    // Answered when the operator has pressed the key.
    stage.rules([Rule {
        app_id: Some(ids[2].clone()),
        ..Rule::new(Operation::Create, Fault::Delay { ms: 2500 })
    }]);
    let mps = stage.mps(["create", "--all", "--yes", "--jobs", "1", "-v"]);
    let terminal = mps.on_terminal_of(100, 60);
    terminal.sees(&format!("Creating a solution for app {}", ids[2]));
    terminal.press(Key::CtrlC);
    let run = terminal.finish();
    run.code(130)
        .stderr_has("error: interrupted: ")
        .stderr_has(" of 20 done, ")
        .stderr_has("not begun: ")
        .stderr_lacks(" of 20 failed");
    let last = run.stderr_text().trim_end().lines().last().unwrap().trim();
    assert_eq!(last, "hint: unfinished work is taken up by: mps resume");
    let resumed = stage.mps(["resume", "--yes"]).run();
    resumed.code(0);
    assert_eq!(stage.calls("create"), 20);
}

#[test]
fn a_signal_at_a_question_leaves_a_clean_line_and_the_cursor() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let stage = Stage::new();
        let terminal = stage.mps(["onboard"]).on_terminal_of(100, 40);
        terminal.sees("> [x]");
        terminal.signal(signal);
        terminal.sees("\nerror: interrupted");
        assert!(terminal.is_as_a_shell_wants_it(), "{signal:?}");
        assert!(terminal.shows_the_cursor(), "{signal:?}");
        terminal.finish().code(130);
        assert_eq!(stage.writes(), 0);
    }
}

#[test]
fn control_c_leaves_no_line_of_what_was_waited_for() {
    let stage = Stage::new();
    let serve = ["serve-button", "--http", "--port", "0", "--no-open"];
    let terminal = stage.mps(serve).on_terminal();
    terminal.sees("waiting for the Tech Provider to open the page");
    terminal
        .press(Key::CtrlC)
        .sees("hint: to begin again: mps serve-button");
    let screen = terminal.screen();
    assert!(!screen.contains("waiting for"), "{screen}");
    terminal.finish().code(130);
}

#[test]
fn resume_hands_over_what_it_finished() {
    let stage = Stage::new();
    stage.rules([Rule {
        times: 0,
        ..Rule::new(Operation::Accept, error(100, "not now"))
    }]);
    let onboard = ["onboard", "--app-id", APPS[0], "--yes"];
    stage.mps(onboard).run().code(1);
    stage.rules([]);
    let run = stage.mps(["resume", "--yes"]).run();
    run.code(0)
        .stdout(format!("{}\n", SOLUTIONS[0]))
        .stderr_has("The message to the Tech Provider:")
        .stderr_has(SOLUTIONS[0]);
}

#[test]
fn a_dry_run_shows_its_table_once() {
    let stage = Stage::new();
    let screen = |args: &[&str]| {
        let terminal = stage.mps(args.iter().copied()).on_terminal_of(120, 40);
        terminal.finish().code(0).stderr_text().to_owned()
    };
    for command in ["create", "onboard"] {
        let shown = screen(&[command, "--all", "--dry-run"]);
        assert_eq!(shown.matches(APPS[0]).count(), 1, "{shown}");
        let quiet = screen(&[command, "--all", "--dry-run", "--quiet"]);
        assert!(quiet.contains("would_create"), "{quiet}");
    }
}

#[test]
fn a_table_of_eighty_columns_cuts_no_word_and_says_what_all_share_once() {
    for (columns, color) in [(80, "NO_COLOR"), (120, "NO_COLOR"), (80, "CLICOLOR_FORCE")] {
        let stage = Stage::new();
        let mps = stage.mps(["create", "--all", "--yes"]).env(color, "1");
        let run = mps.on_terminal_of(columns, 60).finish();
        let shown = run.code(0).stderr_text();
        // In the plan, and in the table of what came of it.
        assert_eq!(
            shown.matches("Brightline Messaging\"").count(),
            2,
            "{shown}"
        );
        for word in [
            "Jasper's Market",
            "luckyshrub.example",
            "INITIATED",
            SOLUTIONS[2],
        ] {
            assert!(shown.contains(word), "{word}\n{shown}");
        }
    }
}
