//! The command line as a tree: its help, and a golden file of all of it.
//!
//! The one decision: the tree is data, so a rule for every command is a loop over it, and a change of the contract
//! shows in one file.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};
use mps::testing::cli;

use crate::support::Mps;

/// Every command with its path, the root first.
pub(crate) fn commands() -> Vec<(String, Command)> {
    let mut root = cli::command();
    root.build();
    let mut found = Vec::new();
    let mut left = vec![("mps".to_owned(), root)];
    while let Some((path, command)) = left.pop() {
        let below = command
            .get_subcommands()
            .filter(|sub| sub.get_name() != "help" && !sub.is_hide_set());
        let mut below: Vec<_> = below
            .map(|sub| (format!("{path} {}", sub.get_name()), sub.clone()))
            .collect();
        below.reverse();
        left.extend(below);
        found.push((path, command));
    }
    found
}

fn own_args(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|arg| !["help", "version"].contains(&arg.get_id().as_str()))
}

#[test]
fn every_command_and_option_has_a_line_of_help() {
    for (path, command) in commands() {
        let about = command
            .get_about()
            .unwrap_or_else(|| panic!("{path} has no help"))
            .to_string();
        assert!(
            !about.ends_with('.') && !about.contains('\n') && about.len() < 90,
            "{path}: {about}"
        );
        let long = command.get_long_about().map(ToString::to_string);
        assert!(long.is_none_or(|long| long.ends_with('.')), "{path}");
        for arg in own_args(&command) {
            let help = arg
                .get_help()
                .unwrap_or_else(|| panic!("{path} {} has no help", arg.get_id()))
                .to_string();
            assert!(
                !help.ends_with('.') && !help.is_empty() && !help.contains('\n'),
                "{path} {}: {help}",
                arg.get_id()
            );
        }
    }
}

#[test]
fn every_command_has_an_example() {
    for (path, command) in commands() {
        let after = command
            .get_after_help()
            .unwrap_or_else(|| panic!("{path} has no example"))
            .to_string();
        let examples: Vec<_> = after.lines().skip(1).collect();
        assert!(!examples.is_empty(), "{path}: {after}");
        for line in examples {
            assert!(
                line.starts_with("  ") && line.contains("mps"),
                "{path}: {line}"
            );
        }
        assert!(path == "mps" || after.contains(&path), "{path}: {after}");
    }
}

/// What an example needs of the command line to be one that works: its words are options that exist.
#[test]
fn the_examples_can_be_parsed() {
    for (path, command) in commands() {
        let after = command
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let lines = after
            .lines()
            .skip(1)
            .flat_map(|line| line.split(['|', ';', '(', ')']));
        for example in lines.map(str::trim).filter(|part| part.starts_with("mps ")) {
            let words = words_of(example);
            let parsed = cli::command().try_get_matches_from(words);
            assert!(parsed.is_ok(), "{path}: {example}\n{}", parsed.unwrap_err());
        }
    }
}

/// The words of a command up to a redirection, as a shell reads quotes.
fn words_of(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in command.chars().chain([' ']) {
        match (c, quote) {
            ('>' | '<', None) => break,
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (' ', None) if word.is_empty() => {}
            (' ', None) => words.push(std::mem::take(&mut word)),
            (c, _) => word.push(c),
        }
    }
    words
}

#[test]
fn a_secret_is_never_a_value() {
    for (path, command) in commands() {
        for arg in own_args(&command) {
            let Some(long) = arg.get_long() else { continue };
            if ["token", "secret"].iter().any(|word| long.contains(word)) {
                let values: Vec<_> = arg
                    .get_value_names()
                    .unwrap_or_default()
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                let is_file = long.ends_with("-file") || long.ends_with("-out");
                let is_command = long.ends_with("-command") && values == ["COMMAND"];
                let is_flag = !arg.get_action().takes_values();
                let is_choice = is_flag || !arg.get_possible_values().is_empty();
                assert!(
                    is_choice || is_command || is_file && values == ["FILE"],
                    "{path} --{long} {values:?}"
                );
            }
        }
    }
}

#[test]
fn a_token_in_the_wrong_place_does_not_come_back() {
    let token = crate::support::USER;
    for (args, code) in [
        (&["list-apps", "--user-token-file", token][..], 2),
        (&["list-apps", "--user-token", token], 2),
        (&["api", "GET", "me", "--token", token], 2),
        (&["accept", token], 2),
        (&["create", "--app-id", token], 2),
        (&[token], 2),
    ] {
        for json in [None, Some("--json")] {
            let run = Mps::new()
                .args(args)
                .args(json)
                .secret(token)
                .env("MPS_USER_TOKEN", "EAAx");
            run.run().code(code).stdout("");
        }
    }
}

#[test]
fn secrets_and_settings_have_their_variables_in_the_help() {
    // What `init` is given goes into the profile, what an invitation expects is of one Tech Provider, and `resume --name` is the name of one row, no template; the
    // environment has no say there.
    for (_, command) in commands()
        .into_iter()
        .filter(|(path, _)| !["mps init", "mps resume", "mps invite"].contains(&path.as_str()))
    {
        for arg in own_args(&command) {
            let Some(long) = arg.get_long() else { continue };
            let setting = mps::testing::settings::ALL
                .iter()
                .find(|setting| setting.option == long);
            if let Some(var) = setting.and_then(|setting| setting.var) {
                let help = arg.get_long_help().or(arg.get_help()).unwrap().to_string();
                assert!(help.contains(var.name), "--{long}: {help}");
            }
        }
    }
}

#[test]
fn the_names_are_the_contracts() {
    let known = [
        "serve-button",
        "invite",
        "list-apps",
        "create",
        "accept",
        "onboard",
        "resume",
        "watch",
        "history",
        "list",
        "show",
        "handoff",
        "reject",
        "tidy",
        "deactivate",
        "business-token",
        "snippet",
        "doctor",
        "init",
        "profile",
        "api",
        "listen",
        "wait",
        "sandbox",
        "completions",
        "man",
        "journal",
        "clients",
        "skill",
        "help",
    ];
    for (path, _) in commands().iter().skip(1) {
        let name = path.split(' ').nth(1).unwrap();
        assert!(
            known.contains(&name),
            "{path} is no command of the contract"
        );
    }
}

#[test]
fn help_is_data_and_a_wrong_command_is_usage() {
    for (path, _) in commands() {
        let args: Vec<_> = path.split(' ').skip(1).collect();
        let help = Mps::new().args(&args).arg("--help").run();
        help.code(0).stderr("").stdout_has("Usage: ");
        let short = Mps::new().args(&args).arg("-h").run();
        short.code(0).stderr("");
    }
    Mps::new()
        .arg("-V")
        .run()
        .code(0)
        .stdout(format!("mps {}\n", env!("CARGO_PKG_VERSION")));
    for args in [&["no-such-command"][..], &["create", "--no-such-option"]] {
        Mps::new()
            .args(args)
            .run()
            .code(2)
            .stdout("")
            .stderr_has("error: ")
            .stderr_has("hint: ");
    }
    // Alone it is a question, not a mistake.
    Mps::new().run().code(0).stderr("").stdout_has("Usage: ");
}

#[test]
fn the_whole_tree() {
    let mut text = String::new();
    let all = commands();
    let root: Vec<_> = all[0]
        .1
        .get_arguments()
        .map(|arg| arg.get_id().clone())
        .collect();
    for (path, command) in &all {
        let _ = writeln!(text, "{path}");
        for arg in own_args(command) {
            if path == "mps" || !root.contains(arg.get_id()) {
                let _ = writeln!(text, "    {}", in_one_line(arg));
            }
        }
    }
    insta::assert_snapshot!(text);
}

fn in_one_line(arg: &Arg) -> String {
    let mut names: Vec<String> = Vec::new();
    names.extend(arg.get_short().map(|short| format!("-{short}")));
    names.extend(arg.get_long().map(|long| format!("--{long}")));
    let takes = arg.get_action().takes_values();
    let values = arg
        .get_value_names()
        .unwrap_or_default()
        .iter()
        .map(|name| format!("<{name}>"));
    let values = if takes {
        values.collect::<Vec<_>>().join(" ")
    } else {
        String::new()
    };
    let possible: Vec<_> = arg
        .get_possible_values()
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect();
    let default: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    let mut line = format!("{} {values}", names.join(", ")).trim().to_owned();
    if takes && !possible.is_empty() {
        let _ = write!(line, " ({})", possible.join("|"));
    }
    if takes && !default.is_empty() {
        let _ = write!(line, " [default: {}]", default.join(" "));
    }
    if matches!(arg.get_action(), ArgAction::Append | ArgAction::Count) {
        line += " …";
    }
    line
}

/// The help is data too: it can be read, and what it says of a command is what the command is.
#[test]
fn the_tree_as_data() {
    let run = Mps::new().args(["help", "--json"]).run();
    run.code(0).stderr("");
    let tree = run.json_lines().remove(0);
    let commands = tree["commands"].as_array().unwrap();
    let list = commands
        .iter()
        .find(|command| command["command"] == "mps list")
        .unwrap();
    assert_eq!(
        (&list["nature"], &list["asks"]),
        (&"reads".into(), &false.into())
    );
    assert!(
        list["json_fields"]
            .as_array()
            .unwrap()
            .iter()
            .any(|field| field["path"] == "solution_id")
    );
    let one = Mps::new().args(["help", "--json", "profile"]).run();
    one.code(0);
    let tree = one.json_lines().remove(0);
    let inside = |command: &serde_json::Value| {
        command["command"]
            .as_str()
            .unwrap()
            .starts_with("mps profile ")
    };
    assert!(
        tree["commands"].as_array().unwrap().iter().all(inside),
        "{tree}"
    );
}

#[test]
fn help_has_topics_and_an_agents_page() {
    for (topic, has) in [
        ("exit-codes", "6  "),
        ("environment", "MPS_SYSTEM_TOKEN"),
        ("json", "solution_id"),
        ("words", "owner app"),
        ("options", "--no-input"),
        ("create", "Usage: mps create"),
    ] {
        Mps::new()
            .args(["help", topic])
            .run()
            .code(0)
            .stderr("")
            .stdout_has(has);
    }
    let wrong = Mps::new().args(["help", "frobnicate"]).run();
    wrong.code(2).stderr_has("topics: exit-codes");
    Mps::new()
        .arg("skill")
        .run()
        .code(0)
        .stdout_has("name: mps\n")
        .stdout_has("--dry-run");
}

/// The short help is short, and in the long one the examples stand before what all commands share.
#[test]
fn examples_come_before_shared_options() {
    let short = Mps::new().args(["create", "-h"]).run();
    short.code(0);
    assert!(!short.stdout_text().contains("--no-input"), "{short}");
    let long = Mps::new().args(["create", "--help"]).run();
    long.code(0);
    let text = long.stdout_text();
    let at = |word: &str| text.find(word).unwrap_or_else(|| panic!("{word}: {text}"));
    assert!(at("Examples:") < at("--no-input"), "{text}");
}
