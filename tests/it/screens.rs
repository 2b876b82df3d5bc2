//! Every screen at every width: what a person reads, on the terminals that people have.
//!
//! The one decision: what holds of one screen holds of all, so the screens are a table, the terminals another, and the
//! rules stand once. A screen is read as it was written, line by line: what the terminal itself breaks is what is wrong.

use mps::testing::sandbox::{Fault, Operation, Rule};

use crate::{
    stage::{APPS, SOLUTIONS, Stage},
    support::{Key, Mps},
};

/// A terminal: its size, and what the environment says of it.
struct Place {
    columns: u16,
    rows: u16,
    env: Option<(&'static str, &'static str)>,
}

const PLACES: [Place; 5] = [
    Place {
        columns: 80,
        rows: 24,
        env: None,
    },
    Place {
        columns: 120,
        rows: 40,
        env: None,
    },
    Place {
        columns: 40,
        rows: 24,
        env: None,
    },
    Place {
        columns: 80,
        rows: 24,
        env: Some(("NO_COLOR", "1")),
    },
    Place {
        columns: 40,
        rows: 24,
        env: Some(("TERM", "dumb")),
    },
];

/// What is typed, in the order in which an operator comes to it, and how it ends.
const SCREENS: [(&str, i32); 34] = [
    ("list-apps", 0),
    ("create --all --dry-run", 0),
    ("create --all --yes", 3),
    ("onboard --all --yes", 3),
    ("list", 0),
    ("list --csv", 0),
    ("show 795033096057724", 0),
    ("show 795033096057724 --web", 0),
    ("handoff 795033096057724 795033096058733", 0),
    ("invite --for acme --public-url https://mps.example.com", 0),
    ("invite list", 0),
    ("history", 0),
    ("history --failed", 0),
    ("tidy --dry-run", 0),
    ("resume --yes", 0),
    ("journal status", 0),
    ("doctor", 0),
    ("profile list", 0),
    ("profile show", 2),
    ("create --app-id 4242424242424242", 1),
    ("accept 795033096099999 --no-input", 1),
    ("accept 795033096057724 795033096099999 --no-input", 3),
    ("list --status foo", 2),
    ("status", 2),
    ("wait", 2),
    ("deactivate 1", 2),
    ("", 0),
    ("--help", 0),
    ("onboard --help", 0),
    ("accept -h", 0),
    ("help exit-codes", 0),
    ("help environment", 0),
    ("help words", 0),
    ("skill", 0),
];

/// Data of programs, which is written as it is.
const DATA: [&str; 1] = ["list --csv"];

/// What is broken in a screen; empty where all is well.
fn broken(drawn: &str, place: &Place) -> Vec<String> {
    let columns = usize::from(place.columns);
    let too_wide = |line: &&str| {
        let words = line.split_whitespace().count();
        // A lone link, id or path is whole.
        line.chars().count() > columns && words > 1
    };
    drawn
        .lines()
        .filter(too_wide)
        .map(|line| format!("wider than {columns}: {line}"))
        .collect()
}

/// A world in which one app cannot be created.
fn one_fails() -> Stage {
    let stage = Stage::new();
    let message = "The app is in development mode, and nobody outside of its roles can be asked";
    let fault = Fault::Error {
        status: 400,
        code: 100,
        subcode: None,
        message: message.to_owned(),
    };
    stage.rules([Rule {
        app_id: Some(APPS[2].to_owned()),
        times: 0,
        ..Rule::new(Operation::Create, fault)
    }]);
    stage
}

fn at(place: &Place, mps: Mps) -> Mps {
    match place.env {
        Some((name, value)) => mps.env(name, value),
        None => mps,
    }
}

#[test]
fn no_screen_is_broken_by_the_terminal() {
    let mut wrong = Vec::new();
    for place in &PLACES {
        let stage = one_fails();
        for (line, code) in SCREENS {
            let mps = at(place, stage.mps(line.split_whitespace()));
            let terminal = mps.on_terminal_of(place.columns, place.rows);
            let lines = terminal.lines_to_the_end(code);
            if DATA.contains(&line) {
                continue;
            }
            let found = broken(&lines, place);
            let name = format!("mps {line} at {} {:?}", place.columns, place.env);
            wrong.extend(found.into_iter().map(|found| format!("{name}: {found}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ids_and_links_are_whole_at_forty_columns() {
    let stage = Stage::new();
    let shown = |args: &[&str]| {
        let terminal = stage.mps(args.iter().copied()).on_terminal_of(40, 24);
        terminal.finish().code(0).stderr_text().to_owned()
    };
    let run = shown(&["onboard", "--all", "--yes"]);
    for word in APPS.iter().chain(&SOLUTIONS) {
        assert!(run.contains(word), "{word}\n{run}");
    }
    assert!(run.contains("jaspersmarket.example"), "{run}");
    assert!(shown(&["list-apps"]).contains("https://jaspersmarket.example/"));
    let web = shown(&["show", SOLUTIONS[0], "--web"]);
    assert!(web.contains("https://developers.facebook.com/apps/634974688087057/"));
}

#[test]
fn without_colour_or_on_a_dumb_terminal_no_screen_commands_it() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let stage = one_fails();
        for (line, code) in SCREENS {
            let mps = stage.mps(line.split_whitespace()).env(name, value);
            let terminal = mps.on_terminal_of(80, 24);
            let drawn = terminal.drawn_to_the_end(code);
            let colour = drawn.windows(2).any(|pair| pair == b"\x1b[")
                && String::from_utf8_lossy(&drawn)
                    .split("\x1b[")
                    .skip(1)
                    .any(|rest| {
                        rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';')
                            .starts_with('m')
                    });
            assert!(!colour, "mps {line} with {name} has colours");
            if name == "TERM" {
                assert!(
                    !drawn.contains(&0x1b),
                    "mps {line} commands a dumb terminal: {:?}",
                    String::from_utf8_lossy(&drawn)
                );
            }
        }
    }
}

#[test]
fn a_question_fits_and_the_cursor_is_back_when_it_is_answered() {
    for place in &PLACES {
        let stage = Stage::of(&["INITIATED"]);
        let mps = at(place, stage.mps(["accept", SOLUTIONS[0]]));
        let terminal = mps.on_terminal_of(place.columns, place.rows);
        terminal.sees("[y/N]").answers("n").sees("error:");
        assert!(terminal.shows_the_cursor());
        let screen = terminal.screen();
        let asked = screen.matches("[y/N]").count();
        assert_eq!(asked, 1, "{screen}");
        terminal.finish().code(1);
        assert_eq!(stage.calls("accept"), 0);
    }
}

#[test]
fn a_choice_fits_and_a_signal_gives_the_cursor_back() {
    for place in &PLACES {
        let stage = Stage::new();
        let mps = at(place, stage.mps(["onboard"]));
        let terminal = mps.on_terminal_of(place.columns, place.rows);
        terminal.sees("> [x]").sees("Which apps?");
        let screen = terminal.screen();
        assert!(screen.contains(APPS[0]), "{screen}");
        assert!(!screen.contains('…'), "{screen}");
        terminal.press(Key::CtrlC).sees("error: interrupted");
        assert!(terminal.shows_the_cursor());
        terminal.finish().code(130);
    }
}
