//! What the documents say can be done is done here: the README's commands and recorded runs, the examples,
//! the changelog.
//!
//! The one decision: a block of the README marked `console` is a recording that is played again and
//! compared, one marked `sh` is run; what cannot be run here is marked `text`, and says why.

#![expect(
    clippy::disallowed_methods,
    reason = "MPS_BLESS is the tests' own switch, not the program's"
)]

use std::{fs, path::Path};

use crate::{
    button::free_port,
    support::{Home, Mps},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(&opening) {
        let body = &rest[start + opening.len()..];
        let end = body.find("\n```").expect("a block has an end");
        found.push(body[..=end].to_owned());
        rest = &body[end..];
    }
    found
}

/// A home whose PATH begins with a folder that holds `mps`, as a shell script finds it.
fn shell(home: &Home, script: &str) -> Mps {
    let bin = home.path().join("bin");
    fs::create_dir_all(&bin).unwrap();
    let link = bin.join("mps");
    if !link.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_mps"), link).unwrap();
    }
    Mps::program(home, "/bin/bash")
        .args(["-euo", "pipefail", "-c", script])
        .env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display()),
        )
        .env("COLUMNS", "100")
}

/// Runs a script against a sandbox that it starts and ends itself.
fn with_sandbox(script: &str) -> String {
    format!(
        "eval \"$(mps -q sandbox --shell --port 0)\"\ntrap 'kill $MPS_SANDBOX_PID' EXIT\n{script}"
    )
}

/// A line of counts without how long it took.
fn timeless(line: &str) -> String {
    let counted = line.split_once(" in ").and_then(|(what, rest)| {
        let (took, counts) = rest.split_once(" s: ")?;
        took.parse::<f64>().ok()?;
        Some(format!("{what} in 0.2 s: {counts}"))
    });
    counted.unwrap_or_else(|| line.to_owned())
}

/// What differs from run to run, made the same.
fn settled(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let line = if line.len() > 21 && line.as_bytes()[19] == b'Z' && line.starts_with("20") {
            &line[21..]
        } else {
            line
        };
        let line = &timeless(line);
        let mut settled = String::new();
        let mut rest = line.as_str();
        while let Some(at) = rest.find("127.0.0.1:") {
            let digits = rest[at + 10..]
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
            settled += &rest[..at];
            settled += "127.0.0.1:4010";
            rest = &rest[at + 10 + digits..];
        }
        out += settled.as_str();
        out += rest;
        out.push('\n');
    }
    out
}

#[test]
fn the_recorded_runs_of_the_readme() {
    let recorded = blocks(&readme(), "console");
    assert!(!recorded.is_empty());
    for block in recorded {
        let (command, expected) = block
            .split_once('\n')
            .expect("a recording begins with its command");
        let command = command
            .strip_prefix("$ ")
            .expect("a recording begins with `$ `");
        let home = Home::new();
        // One app after the other, so that the stand-in gives the same ids every time; and on a terminal
        // that cannot redraw a line, so that a slow machine shows no progress.
        let terminal = shell(&home, command)
            .env("MPS_JOBS", "1")
            .env("TERM", "dumb")
            .on_terminal_of(100, 80);
        let outcome = terminal.finish();
        outcome.code(0);
        let shown = settled(outcome.stderr_text());
        if std::env::var_os("MPS_BLESS").is_some() {
            let path = root().join("README.md");
            let text = fs::read_to_string(&path).unwrap();
            fs::write(path, text.replace(&block, &format!("$ {command}\n{shown}"))).unwrap();
            continue;
        }
        assert_eq!(
            shown, expected,
            "`{command}` shows something else; record it with: MPS_BLESS=1 cargo test documents"
        );
    }
}

#[test]
fn the_commands_of_the_readme() {
    let scripts = blocks(&readme(), "sh");
    assert!(!scripts.is_empty());
    for script in scripts {
        let home = Home::new();
        shell(&home, &with_sandbox(&script)).run().code(0);
    }
}

#[test]
fn the_examples() {
    let home = Home::new();
    let example = |name: &str| root().join("examples").join(name).display().to_string();
    let onboard = format!("cd \"$HOME\"; bash '{}' message.txt", example("onboard.sh"));
    let outcome = shell(&home, &with_sandbox(&onboard)).run();
    outcome.code(0);
    assert_eq!(outcome.lines().len(), 3, "an id per app");
    assert!(
        home.read("message.txt").contains("are active"),
        "{}",
        home.read("message.txt")
    );

    let home = Home::new();
    let outcome = shell(
        &home,
        &with_sandbox(&format!("bash '{}'", example("pipe.sh"))),
    )
    .run();
    outcome.code(0);
    let words: Vec<_> = outcome
        .json_lines()
        .iter()
        .map(|line| line["outcome"].clone())
        .collect();
    assert_eq!(words, ["accepted", "accepted", "accepted"]);

    let home = Home::new();
    let life = format!("bash '{}'", example("life.sh"));
    let life = with_sandbox(&life).replace("--port 0", "--port 0 --apps 1");
    let outcome = shell(&home, &life).run();
    outcome
        .code(0)
        .stdout_has("accept_deactivation")
        .stdout_has("DEACTIVATED");

    let home = Home::new();
    shell(
        &home,
        &with_sandbox(&format!("bash '{}'", example("nightly.sh"))),
    )
    .run()
    .code(0);
}

/// Starts a watch, and ends it as a service manager does when it is there.
fn watched(command: &str) -> String {
    format!(
        "mkfifo said\n{command} 2> said & watch=$!\ngrep -q 'Every link leads here' said\nkill -TERM $watch\nwait $watch"
    )
}

#[test]
fn the_examples_of_a_watch() {
    let port = free_port();
    let public = format!("cd \"$HOME\"; export MPS_PUBLIC_URL=http://localhost:{port}");
    let example = |name: &str| root().join("examples").join(name);
    let home = Home::new();
    home.file("them.csv", "ref,app_ids\nlucky-shrub,212022489970390\n");
    let script = example("watch.sh").display().to_string();
    let watch = watched(&format!("bash '{script}' them.csv kept --port {port}"));
    let outcome = shell(&home, &with_sandbox(&format!("{public}\n{watch}"))).run();
    outcome
        .code(0)
        .stdout_has(format!("http://localhost:{port}/"));

    let service = fs::read_to_string(example("mps-watch.service")).unwrap();
    let start = service
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart=/usr/bin/"));
    let watch = watched(&format!("{} --port {port}", start.expect("what it starts")));
    let credentials = "umask 077; mkdir c; export CREDENTIALS_DIRECTORY=$PWD/c\nprintf %s \"$MPS_SYSTEM_TOKEN\" \
        > c/system-token; printf %s \"$MPS_APP_SECRET\" > c/app-secret; unset MPS_SYSTEM_TOKEN MPS_APP_SECRET";
    let home = Home::new();
    shell(
        &home,
        &with_sandbox(&format!("{public}\n{credentials}\n{watch}")),
    )
    .run()
    .code(0);
}

#[test]
fn every_example_is_run_here() {
    let these = [include_str!("documents.rs"), include_str!("app_review.rs")].concat();
    for entry in fs::read_dir(root().join("examples")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            these.contains(&format!("\"{name}\"")),
            "{name} is run by no test"
        );
    }
}

#[test]
fn the_changelog_has_unreleased_on_top() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let first = changelog
        .lines()
        .find(|line| line.starts_with("## "))
        .unwrap();
    assert_eq!(first, "## [Unreleased]");
}

#[test]
fn blocks_are_found() {
    let text = "x\n```sh\na\nb\n```\ny\n```text\nno\n```\n```sh\nc\n```\n";
    assert_eq!(blocks(text, "sh"), ["a\nb\n", "c\n"]);
}
