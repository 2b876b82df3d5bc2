//! The floors of the house, held by reading its sources.
//!
//! The one decision: who may know whom is a table in this file, not a habit. A new room is added here first; CONTRIBUTING.md
//! shows the same table in words.

use std::{fs, path::Path};

use crate::support::arrows::{House, rust_files};

/// Floor 0.
const WORDS: &[&str] = &[
    "ids",
    "io_words",
    "secret",
    "redact",
    "env",
    "exit",
    "from_outside",
    "record",
    "private_file",
    "lang",
    "mail",
    "shell",
    "waiting",
];
/// Above the words: the one way in from the network.
const NETWORK: &[&str] = &["http_server"];
/// They do not know each other.
const WORKSHOPS: &[&str] = &[
    "graph", "button", "webhooks", "journal", "profile", "ui", "sandbox",
];
/// The workshops that a page or a webhook comes in by.
const OPEN_TO_THE_NETWORK: &[&str] = &["button", "webhooks"];
/// Turns a granted app into an active solution.
const ENGINE: &[&str] = &["engine"];
/// What commands work with, from the ground up: each may use those before it.
const SESSION: &[&str] = &["context", "session", "sign_in", "doctor"];
/// A command uses the rooms of its own floor that are shared, and never another command.
const SHARED_BY_COMMANDS: &[&str] = &[
    "commands",
    "commands/args",
    "commands/input",
    "commands/rows",
];
/// The door.
const DOOR: &[&str] = &["lib", "main", "cli", "testing"];

/// What each room of floor 0 may use: the words are not all one.
const AMONG_WORDS: &[(&str, &[&str])] = &[
    ("redact", &["secret"]),
    ("env", &["secret"]),
    ("record", &["ids", "exit"]),
];
/// The workshops that the engine works with.
const OF_THE_ENGINE: &[&str] = &["graph", "journal"];

/// Outside crates with side effects, and the files (or folders) that are their door.
const DOORS: &[(&str, &[&str])] = &[
    ("reqwest", &["graph/send/client.rs"]),
    ("tiny_http", &["http_server/inner.rs", "sandbox/server.rs"]),
    ("dialoguer", &["ui/prompt.rs"]),
    ("indicatif", &["ui/progress.rs"]),
    ("open", &["ui/browser.rs"]),
    ("rusqlite", &["journal/"]),
    ("tokio_postgres", &["journal/postgres/"]),
    ("keyring_core", &["profile/keyring.rs"]),
    ("toml_edit", &["profile/document.rs"]),
    ("std::env", &["env.rs"]),
];
/// Circles of methods that stand until what they are in is built anew; nothing else may be added.
const OPEN_CIRCLES: &[&str] = &[];

/// What `std::env` has that is not the environment.
const NOT_THE_ENVIRONMENT: &[&str] = &["std::env::consts", "std::env::current_exe"];

/// Lines of a source file before its tests.
const MOST_LINES: usize = 400;

/// What no file of the project may contain: paths and names of one machine.
const OF_ONE_MACHINE: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("arti", "factory"),
];

/// The room of a file below `src`: `graph`, `cli`, `commands/accept`.
fn room(file: &str) -> &str {
    let name = file.trim_end_matches(".rs").trim_end_matches("/mod");
    match name.split_once('/') {
        Some(("commands", command)) => {
            let end = command.find('/').unwrap_or(command.len());
            &name[.."commands/".len() + end]
        }
        Some((room, _)) => room,
        None => name,
    }
}

/// Whether `from` may use `to`; an error when the table does not know `from`.
fn may_use(from: &str, to: &str) -> Result<bool, String> {
    let is = |rooms: &[&str]| rooms.contains(&to);
    let session_and_below =
        || is(WORDS) || is(NETWORK) || is(WORKSHOPS) || is(ENGINE) || is(SESSION);
    Ok(match from {
        _ if from == to => true,
        _ if WORDS.contains(&from) => AMONG_WORDS
            .iter()
            .any(|(word, others)| *word == from && is(others)),
        _ if NETWORK.contains(&from) => is(WORDS),
        _ if OPEN_TO_THE_NETWORK.contains(&from) => is(WORDS) || is(NETWORK),
        _ if WORKSHOPS.contains(&from) => is(WORDS),
        _ if ENGINE.contains(&from) => is(WORDS) || is(OF_THE_ENGINE),
        _ if SESSION.contains(&from) => {
            let below = SESSION.iter().take_while(|room| **room != from);
            is(WORDS)
                || is(NETWORK)
                || is(WORKSHOPS)
                || is(ENGINE)
                || below.copied().any(|room| room == to)
        }
        // The list of the commands names them all.
        "commands" => session_and_below() || to.starts_with("commands/"),
        _ if from.starts_with("commands/") => session_and_below() || is(SHARED_BY_COMMANDS),
        _ if DOOR.contains(&from) => true,
        _ => return Err(format!("the table in floors.rs has no room {from}")),
    })
}

/// Arrows that the table does not allow.
fn forbidden_arrows(house: &House) -> Vec<String> {
    let mut wrong: Vec<_> = house
        .files()
        .filter_map(|file| may_use(room(file), "").err())
        .collect();
    wrong.extend(house.arrows().into_iter().filter_map(|arrow| {
        let (from, to) = (room(&arrow.from), room(&arrow.to));
        (may_use(from, to) == Ok(false))
            .then(|| format!("{}:{}: {from} may not use {to}", arrow.from, arrow.line))
    }));
    wrong.sort();
    wrong.dedup();
    wrong
}

/// Outside crates used past their door.
fn past_the_door(house: &House) -> Vec<String> {
    let within = |path: &str, name: &str| {
        path.strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    house
        .outside()
        .into_iter()
        .filter(|out| {
            DOORS.iter().any(|(name, files)| {
                within(&out.path, name) && !files.iter().any(|door| out.file.starts_with(door))
            }) && !NOT_THE_ENVIRONMENT
                .iter()
                .any(|name| within(&out.path, name))
        })
        .map(|out| format!("{}:{}: {} has another door", out.file, out.line, out.path))
        .collect()
}

/// What is wrong with the form of one file.
fn wrong_form(file: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if !text.starts_with("//! ") {
        wrong.push(format!("{file}: no line of `//!` says what it is for"));
    }
    let lines = lines_before_tests(text);
    // Tables and models of tests are read line by line, never as a whole.
    if lines > MOST_LINES && !file.contains("/tests/") {
        wrong.push(format!("{file}: {lines} lines, more than {MOST_LINES}"));
    }
    wrong
}

/// How many lines stand before the test module.
fn lines_before_tests(text: &str) -> usize {
    let lines: Vec<_> = text.lines().collect();
    let opens_module = |line: &str| line.starts_with("mod ") || line.contains(" mod ");
    lines
        .windows(2)
        .position(|pair| pair[0] == "#[cfg(test)]" && opens_module(pair[1]))
        .unwrap_or(lines.len())
}

/// The lines of a text that name one machine.
fn machine_names(file: &str, text: &str) -> Vec<String> {
    let names_one = |line: &str, needle: &str| {
        line.match_indices(needle).any(|(at, _)| {
            // `docs/work/x` is no path of a machine.
            let before = line[..at].chars().next_back();
            !needle.starts_with('/') || !before.is_some_and(|c| c.is_alphanumeric() || c == '.')
        })
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| OF_ONE_MACHINE.iter().any(|needle| names_one(line, needle)))
        .map(|(number, line)| format!("{file}:{}: {line}", number + 1))
        .collect()
}

/// The text files of the project; what is built, and what tools keep for themselves in hidden folders, is left out.
fn text_files(root: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut dirs = vec![root.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let hidden =
                name.starts_with('.') && ![".ci", ".github", ".gitignore"].contains(&name.as_str());
            if hidden || name == "target" {
                continue;
            }
            if path.is_dir() {
                dirs.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let relative = path.strip_prefix(root).unwrap();
                texts.push((relative.display().to_string(), text));
            }
        }
    }
    texts
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> House {
    House::read(&root().join("src"))
}

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn lower_floors_know_nothing_of_higher_ones() {
    none(&forbidden_arrows(&sources()));
}

#[test]
fn no_two_files_lean_on_each_other() {
    let is_open = |files: &[String]| {
        let within = |folder: &&str| files.iter().all(|file| file.starts_with(*folder));
        OPEN_CIRCLES.iter().any(within)
    };
    let (open, wrong): (Vec<_>, Vec<_>) = sources()
        .circles()
        .into_iter()
        .partition(|files| is_open(files));
    none(
        &wrong
            .iter()
            .map(|files| files.join(" -> "))
            .collect::<Vec<_>>(),
    );
    for folder in OPEN_CIRCLES {
        let stands = open.iter().any(|files| files[0].starts_with(folder));
        assert!(
            stands,
            "{folder} has no circle any more: take it out of the list"
        );
    }
}

#[test]
fn side_effects_have_one_door() {
    none(&past_the_door(&sources()));
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    let mut wrong = Vec::new();
    for (file, text) in rust_files(&root().join("src")) {
        wrong.extend(wrong_form(&file, &text));
    }
    for (file, text) in rust_files(&root().join("tests")) {
        wrong.extend(wrong_form(&file, &text));
    }
    none(&wrong);
}

#[test]
fn no_file_is_forgotten() {
    let tests = rust_files(&root().join("tests/it"));
    // To the scanner a root is a `lib.rs`.
    let tests = House::of(tests.iter().map(|(file, text)| {
        let file = if file == "main.rs" { "lib.rs" } else { file };
        (file, text.as_str())
    }));
    assert_eq!(tests.forgotten(), Vec::<&str>::new());
    let sources = sources();
    let forgotten: Vec<_> = sources.forgotten();
    assert_eq!(
        forgotten,
        ["main.rs"],
        "main.rs is the one root beside lib.rs"
    );
}

#[test]
fn nothing_names_one_machine() {
    let wrong: Vec<_> = text_files(root())
        .iter()
        .flat_map(|(file, text)| machine_names(file, text))
        .collect();
    none(&wrong);
}

mod rules;
