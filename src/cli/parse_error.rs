//! What is said when the command line cannot be read; help and version, which clap calls errors too, are data.
//!
//! The one decision: clap's own words go out by the same door as ours, so they obey `--color` and `--json`,
//! carry the time off a terminal, and show no token that somebody typed where a word belongs.

use std::ffi::OsString;

use clap::{
    Command, CommandFactory as _, ValueEnum as _,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::Cli;
use crate::{
    context::{
        failure::{self, Failure},
        run_log::RunLog,
    },
    env::Env,
    exit::Exit,
    redact::Redactor,
    ui::{ColorChoice, Ui, UiOptions},
};

/// Says it, and gives the code.
pub(crate) fn tell(env: &Env, redactor: Redactor, args: &[OsString], error: clap::Error) -> Exit {
    let words: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let wishes = UiOptions {
        json: words.contains(&"--json"),
        color: color(&words),
        ..UiOptions::default()
    };
    let ui = Ui::new(env, wishes, redactor);
    let error = without_hidden(with_tip(error, &words));
    let text = |color: bool| {
        let rendered = error.render();
        if color {
            rendered.ansi().to_string()
        } else {
            rendered.to_string()
        }
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            match ui.data(&text(ui.color_out())) {
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                    let failure = Failure::io("could not write to stdout", &error);
                    failure::print(&ui, &failure, &RunLog::nowhere("-"));
                    Exit::Failed
                }
                _ => Exit::Done,
            }
        }
        _ if ui.json() => {
            failure::print(&ui, &failure(&text(false)), &RunLog::nowhere("-"));
            Exit::Usage
        }
        _ => {
            ui.dated_talk(&ui.clean(&text(ui.color_err())));
            Exit::Usage
        }
    }
}

/// `--color`, as far as it can be read from words that do not make a command line.
fn color(words: &[&str]) -> ColorChoice {
    let behind = words.windows(2).filter(|pair| pair[0] == "--color");
    let joined = words
        .iter()
        .filter_map(|word| word.strip_prefix("--color="));
    let mut chosen = behind.map(|pair| pair[1]).chain(joined);
    let last = chosen.next_back();
    last.and_then(|word| ColorChoice::from_str(word, true).ok())
        .unwrap_or_default()
}

/// `mps help creat`: clap knows what was meant behind `mps`, but not behind `mps help`.
fn with_tip(mut error: clap::Error, words: &[&str]) -> clap::Error {
    let known = error.get(ContextKind::SuggestedSubcommand).is_some();
    if let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand)
        && !known
        && let Some(meant) = meant(typed, words)
    {
        let meant = ContextValue::Strings(vec![meant]);
        error.insert(ContextKind::SuggestedSubcommand, meant);
    }
    error
}

/// clap lists every command where one is missing, those that only programs call among them.
fn without_hidden(mut error: clap::Error) -> clap::Error {
    if let Some(ContextValue::Strings(names)) = error.get(ContextKind::ValidSubcommand) {
        let cli = Cli::command();
        let hidden = |name: &str| cli.find_subcommand(name).is_some_and(Command::is_hide_set);
        let names = names.iter().filter(|name| !hidden(name)).cloned().collect();
        error.insert(ContextKind::ValidSubcommand, ContextValue::Strings(names));
    }
    error
}

/// The command whose name is the nearest, below those that were named before.
fn meant(typed: &str, words: &[&str]) -> Option<String> {
    let mut command = Cli::command();
    for word in words {
        if let Some(below) = command.find_subcommand(word) {
            command = below.clone();
        }
    }
    let near = |command: &Command| {
        let name = command.get_name().to_owned();
        let score = strsim::jaro_winkler(typed, &name);
        (!command.is_hide_set() && score > 0.8).then_some((score, name))
    };
    let nearest = command.get_subcommands().filter_map(near);
    let nearest = nearest.max_by(|one, other| one.0.total_cmp(&other.0));
    nearest.map(|(_, name)| name)
}

/// clap's text for programs: what is wrong, and what to type instead.
fn failure(text: &str) -> Failure {
    let mut parts = text.trim().split("\n\n").map(|part| {
        let words: Vec<&str> = part.split_whitespace().collect();
        words.join(" ")
    });
    let message = parts.next().unwrap_or_default();
    let failure = Failure::usage(message.trim_start_matches("error: "));
    let hints: Vec<String> = parts.collect();
    let tip = hints.iter().find_map(|hint| hint.strip_prefix("tip: "));
    match tip.or(hints.first().map(String::as_str)) {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(words: &[&str]) -> String {
        let args: Vec<OsString> = words.iter().map(OsString::from).collect();
        let error = Cli::read(&args).unwrap_err();
        with_tip(error, words).render().to_string()
    }

    #[test]
    fn what_only_programs_call_is_not_listed() {
        let error = Cli::read(&["mps".into(), "--json".into()]).unwrap_err();
        let text = without_hidden(error).render().to_string();
        assert!(
            text.contains("onboard") && !text.contains("complete-words"),
            "{text}"
        );
    }

    #[test]
    fn what_was_meant_is_named() {
        for (words, tip) in [
            (&["mps", "onbord"][..], "'onboard'"),
            (&["mps", "help", "onbord"], "'onboard'"),
            (&["mps", "profile", "lst"], "'list'"),
            (&["mps", "help", "profile", "delte"], "'delete'"),
            (&["mps", "onboard", "--alll"], "'--all'"),
            (&["mps", "completions", "bahs"], "'bash'"),
        ] {
            let text = rendered(words);
            assert!(text.contains("tip: ") && text.contains(tip), "{text}");
        }
        for words in [&["mps", "help", "xyz"], &["mps", "help", "complete-word"]] {
            assert!(!rendered(words).contains("complete-words"), "{words:?}");
        }
        assert!(!rendered(&["mps", "help", "xyz"]).contains("tip: "));
    }

    #[test]
    fn the_colour_is_read_from_words_that_make_no_command() {
        for (words, expected) in [
            (&["mps"][..], ColorChoice::Auto),
            (&["mps", "--color", "never", "x"], ColorChoice::Never),
            (&["mps", "x", "--color=always"], ColorChoice::Always),
            (
                &["mps", "--color=always", "--color", "never"],
                ColorChoice::Always,
            ),
            (&["mps", "--color", "blue"], ColorChoice::Auto),
            (&["mps", "--color"], ColorChoice::Auto),
        ] {
            assert_eq!(color(words), expected, "{words:?}");
        }
    }

    #[test]
    fn for_programs_it_is_a_message_and_a_hint() {
        let of = |words: &[&str]| failure(&rendered(words));
        let near = of(&["mps", "onbord"]);
        assert_eq!(near.message, "unrecognized subcommand 'onbord'");
        let hint = near.hint.unwrap();
        assert_eq!(hint, "a similar subcommand exists: 'onboard'");
        let missing = of(&["mps", "completions"]);
        assert!(missing.message.contains("<SHELL>"), "{}", missing.message);
        let hint = missing.hint.unwrap();
        assert!(hint.starts_with("Usage: mps completions"), "{hint}");
    }
}
