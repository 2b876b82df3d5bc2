//! What is made from the program is in step with it: the completions, and the tables of REFERENCE.md.
//!
//! The one decision: there is one source, and `MPS_BLESS=1 cargo test generated` writes what it gives;
//! without it a difference fails.

#![expect(
    clippy::disallowed_methods,
    reason = "MPS_BLESS is the tests' own switch, not the program's"
)]

use std::{fmt::Write as _, fs, path::Path};

use clap::Command;
use mps::testing::{
    button::trouble,
    cli::{self, completions, reference},
    env,
    exit::{Exit, Kind},
    settings,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a file with what it should be, or writes it.
fn in_step(path: &Path, expected: &str) {
    let found = fs::read_to_string(path).unwrap_or_default();
    if found == expected {
        return;
    }
    let name = path.strip_prefix(root()).unwrap_or(path).display();
    assert!(
        std::env::var_os("MPS_BLESS").is_some(),
        "{name} is not in step with the program; write it with: MPS_BLESS=1 cargo test generated"
    );
    fs::write(path, expected).unwrap();
}

#[test]
fn completions_are_committed() {
    for (shell, name) in completions::FILES {
        in_step(
            &root().join("completions").join(name),
            &completions::script(cli::command(), shell),
        );
    }
}

#[test]
fn every_command_has_a_man_page() {
    let pages = completions::man_pages(cli::command()).unwrap();
    let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[0], "mps.1");
    for command in cli::command()
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        assert!(
            names.contains(&format!("mps-{}.1", command.get_name()).as_str()),
            "{}",
            command.get_name()
        );
    }
}

#[test]
fn the_tables_of_the_reference() {
    let path = root().join("REFERENCE.md");
    let mut text = fs::read_to_string(&path).unwrap();
    for (table, section) in [
        ("commands", commands()),
        ("settings", settings_table()),
        ("environment", environment()),
        ("exit codes", exit_codes()),
        ("json", json()),
        ("window texts", trouble::table()),
    ] {
        text = with_section(&text, table, &section);
    }
    in_step(&path, &text);
}

/// The text with what stands between `<!-- name -->` and `<!-- end -->` replaced.
fn with_section(text: &str, name: &str, section: &str) -> String {
    let begin = format!("<!-- {name}: made by the tests -->\n");
    let start = text
        .find(&begin)
        .unwrap_or_else(|| panic!("there is no {begin}"))
        + begin.len();
    let end = start
        + text[start..]
            .find("<!-- end -->")
            .expect("the section has an end");
    format!("{}{section}{}", &text[..start], &text[end..])
}

fn commands() -> String {
    let mut table = String::from("| command | does |\n| --- | --- |\n");
    let shown = |command: &&Command| !command.is_hide_set();
    for command in cli::command().get_subcommands().filter(shown) {
        let about = command
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        let _ = writeln!(table, "| `mps {}` | {about} |", command.get_name());
    }
    table
}

fn settings_table() -> String {
    let mut table = String::from(
        "| option | environment | profile key | default |\n| --- | --- | --- | --- |\n",
    );
    for setting in settings::ALL {
        let key = setting
            .key
            .map(|key| format!("`{key}`"))
            .unwrap_or_default();
        let option = match setting.option {
            "" => String::new(),
            option => format!("`--{option}`"),
        };
        let var = setting
            .var
            .map(|var| format!("`{}`", var.name))
            .unwrap_or_default();
        let _ = writeln!(table, "| {option} | {var} | {key} | {} |", setting.default);
    }
    for secret in [
        settings::USER_TOKEN,
        settings::SYSTEM_TOKEN,
        settings::APP_SECRET,
    ] {
        let _ = writeln!(
            table,
            "| `--{} FILE` | `{}` | | {} |",
            secret.option, secret.var.name, secret.what
        );
    }
    table
}

fn environment() -> String {
    let mut table = String::from("| variable | what it sets |\n| --- | --- |\n");
    for var in env::ALL {
        let _ = writeln!(table, "| `{}` | {} |", var.name, var.what);
    }
    table
}

/// A table for each shape.
fn json() -> String {
    let mut text = format!("{}\n", reference::EVERYWHERE);
    for output in reference::OUTPUTS {
        let named = |command: &str| match command {
            "error" => "The error, last on stderr and in items that failed".to_owned(),
            command => format!("`mps {command}`"),
        };
        let commands: Vec<String> = output
            .commands
            .iter()
            .map(|command| named(command))
            .collect();
        let lines = if output.lines {
            ", an object a line"
        } else {
            ""
        };
        let _ = write!(
            text,
            "\n{}{lines}:\n\n| field | type | says |\n| --- | --- | --- |\n",
            commands.join(", ")
        );
        for field in output.fields() {
            let _ = writeln!(
                text,
                "| `{}` | {} | {} |",
                field.path, field.kind, field.doc
            );
        }
        let _ = write!(text, "\n```json\n{}\n```\n", output.example);
    }
    text
}

fn exit_codes() -> String {
    let mut table = String::from("| exit | meaning | `error.kind` |\n| --- | --- | --- |\n");
    for exit in Exit::ALL.iter().copied() {
        let kinds: Vec<String> = Kind::ALL
            .iter()
            .filter(|kind| kind.exit() == exit)
            .map(|kind| format!("`{}`", kind.name()))
            .collect();
        let (code, meaning) = (exit.code(), exit.meaning());
        let _ = writeln!(table, "| {code} | {meaning} | {} |", kinds.join(", "));
    }
    table
}
