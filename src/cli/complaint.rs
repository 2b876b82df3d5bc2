//! What is wrong with a command line, in our words.
//!
//! The one decision: clap's kinds and contexts are read, never its text; so a sentence says what was typed, what is
//! wanted, and what to type, and a command that writes is never proposed for one that does not exist.

mod ids;

use std::error::Error as _;

use clap::{
    Arg, Command,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{
    nature::{Grammar, Nature},
    other_tools,
};
use crate::{context::failure::Failure, ids::IdError, redact::looks_secret};

/// The failure for a line that cannot be read. `words`: all that was typed, the program's name first.
pub(super) fn of(grammar: &Grammar, error: &clap::Error, words: &[&str]) -> Failure {
    let place = Reached::of(grammar, words);
    let text = |kind| string(error, kind);
    let typed = |kind| text(kind).unwrap_or_default();
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            place.unknown_command(&typed(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => place.unknown_argument(
            &typed(ContextKind::InvalidArg),
            text(ContextKind::SuggestedArg).as_deref(),
            words,
        ),
        ErrorKind::InvalidValue => place.invalid_value(error),
        ErrorKind::ValueValidation if ids::no_id(error).is_some_and(IdError::is_of_token) => {
            let arg = option(&typed(ContextKind::InvalidArg));
            Failure::token_typed(&format!("{arg} takes an id"))
        }
        ErrorKind::ValueValidation => {
            let value = typed(ContextKind::InvalidValue);
            let arg = option(&typed(ContextKind::InvalidArg));
            let message = not_taken(&value, &arg, &reason(error));
            let joined = || place.behind_an_equals_sign(&value, words);
            let joined = (!arg.starts_with('-')).then(joined).flatten();
            let typed = place.typed();
            let hint = || typed.instead_of_an_id(&arg, &value, ids::no_id(error)?);
            place.said(message, joined.or_else(hint))
        }
        ErrorKind::MissingRequiredArgument => {
            let wanted = strings(error, ContextKind::InvalidArg);
            let wanted = wanted
                .iter()
                .map(|arg| wanted_word(arg))
                .collect::<Vec<_>>();
            let wanted = wanted.join(", ");
            place.said(format!("{} needs {wanted}", place.path), place.example())
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let names = place.commands().map(Command::get_name).collect::<Vec<_>>();
            let message = format!("{} needs one of: {}", place.path, names.join(", "));
            place.said(message, place.example())
        }
        ErrorKind::ArgumentConflict => {
            let one = option(&typed(ContextKind::InvalidArg));
            let others = strings(error, ContextKind::PriorArg);
            let others = others.iter().map(|arg| option(arg)).collect::<Vec<_>>();
            let message = match &others[..] {
                [other] if *other == one => format!("{one} is given twice"),
                [] => format!("{one} does not go with the rest of the line"),
                others => format!("{one} does not go with {}", others.join(" and ")),
            };
            place.said(message, None)
        }
        ErrorKind::TooManyValues => {
            let arg = option(&typed(ContextKind::InvalidArg));
            let value = quoted(&typed(ContextKind::InvalidValue));
            let hint = (arg == "--json")
                .then(|| format!("all fields come, jq chooses: {} --json | jq .", place.path));
            place.said(format!("{arg} takes no value, {value} was given"), hint)
        }
        ErrorKind::NoEquals => {
            let arg = option(&typed(ContextKind::InvalidArg));
            place.said(
                format!("{arg} wants its value behind an equals sign"),
                Some(format!("{arg}=VALUE")),
            )
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            let arg = typed(ContextKind::InvalidArg);
            place.said(format!("{arg} lacks a value"), None)
        }
        ErrorKind::InvalidUtf8 => place.said("a word of the line is not Unicode".to_owned(), None),
        _ => {
            let text = error.render().to_string();
            let first = text.split("\n\n").next().unwrap_or_default();
            let first = first.trim().trim_start_matches("error: ");
            place.said(first.split_whitespace().collect::<Vec<_>>().join(" "), None)
        }
    }
}

/// The help of the command that these words reach.
pub(super) fn help(grammar: &Grammar, words: &[&str]) -> String {
    Reached::of(grammar, words).help()
}

/// The failure for a command that does not exist below these words.
pub(super) fn unknown(grammar: &Grammar, above: &[String], typed: &str) -> Failure {
    let words: Vec<&str> = std::iter::once("mps")
        .chain(above.iter().map(String::as_str))
        .collect();
    Reached::of(grammar, &words).unknown_command(typed)
}

/// The command that was reached before the line broke off.
struct Reached<'a> {
    grammar: &'a Grammar,
    command: Command,
    /// `mps profile set`.
    path: String,
}

impl<'a> Reached<'a> {
    fn of(grammar: &'a Grammar, words: &[&str]) -> Self {
        let mut place = Self {
            grammar,
            command: grammar.tree.clone(),
            path: "mps".to_owned(),
        };
        for word in words.iter().skip(1) {
            if let Some(below) = place.command.find_subcommand(word) {
                place.path = format!("{} {}", place.path, below.get_name());
                place.command = below.clone();
            }
        }
        place
    }

    /// The sentence, and what to type: `hint`, else this place's help.
    fn said(&self, message: String, hint: Option<String>) -> Failure {
        Failure::usage(message).hint(hint.unwrap_or_else(|| self.help()))
    }

    fn typed(&self) -> ids::TypedCommand<'_> {
        let (path, command) = (&self.path[..], &self.command);
        ids::TypedCommand { path, command }
    }

    fn help(&self) -> String {
        format!("{} --help", self.path)
    }

    /// The first example of the help.
    fn example(&self) -> Option<String> {
        let after = self.command.get_after_help()?.to_string();
        let example = after.lines().nth(1)?.trim();
        Some(format!(
            "for example: {example}; all of it: {}",
            self.help()
        ))
    }

    fn commands(&self) -> impl Iterator<Item = &Command> {
        let shown = |command: &&Command| !command.is_hide_set();
        self.command.get_subcommands().filter(shown)
    }

    fn unknown_command(&self, typed: &str) -> Failure {
        if self.path != "mps" && typed.bytes().all(|byte| byte.is_ascii_digit()) {
            let names = self.commands().map(Command::get_name).collect::<Vec<_>>();
            let message = format!(
                "{} needs a word before the id, one of: {}",
                self.path,
                names.join(", ")
            );
            return self.said(message, None);
        }
        let message = format!("{} has no command {}", self.path, quoted(typed));
        if self.path == "mps"
            && let Some(ours) = other_tools::command(typed)
        {
            return self.said(message, Some(ours.to_owned()));
        }
        let near = nearest(typed, self.commands().map(Command::get_name));
        // What cannot be undone is not proposed to somebody who types the line above again.
        let hint = near.map(|name| {
            if self.path == "mps" && self.acts(&name) {
                format!("{name} is what comes nearest: mps {name} --help")
            } else {
                format!("{} {name}", self.path)
            }
        });
        let example = || self.example().filter(|_| self.path != "mps");
        self.said(message, hint.or_else(example))
    }

    /// Whether a command of ours may change something at Meta. What cannot be read without more words is taken to.
    fn acts(&self, name: &str) -> bool {
        let nature = (self.grammar.nature)(&["mps".into(), name.into()]);
        nature.is_none_or(|nature| nature == Nature::Writes)
    }

    fn unknown_argument(&self, typed: &str, near: Option<&str>, words: &[&str]) -> Failure {
        if !typed.starts_with('-') {
            if looks_secret(typed) {
                return Failure::token_typed(&format!("{} takes no such word", self.path));
            }
            let message = format!("{} has no use for the word {}", self.path, quoted(typed));
            let joined = self.behind_an_equals_sign(typed, words);
            return self.said(message, joined.or_else(|| self.typed().of_an_id(typed)));
        }
        let message = format!("{} has no option {}", self.path, quoted(typed));
        let behind = words
            .iter()
            .skip_while(|word| **word != "--")
            .any(|word| *word == typed);
        if behind
            && self
                .options()
                .any(|arg| arg.get_long() == Some(typed.trim_start_matches('-')))
        {
            let message = format!(
                "{} stands behind --, where no option is read",
                quoted(typed)
            );
            let line: Vec<&str> = words
                .iter()
                .skip(1)
                .filter(|word| **word != "--")
                .copied()
                .collect();
            return self.said(message, Some(format!("mps {}", line.join(" "))));
        }
        if let Some(alone) = self.typed().id_alone(typed, words) {
            return self.said(message, Some(alone));
        }
        if let Some(ours) = other_tools::option(typed, words) {
            return self.said(message, Some(ours.clone()));
        }
        // `-all` reaches us as `-a`.
        let long = words.iter().find(|word| {
            word.len() > 2
                && !word.starts_with("--")
                && word.starts_with(typed)
                && self.options().any(|arg| arg.get_long() == Some(&word[1..]))
        });
        let hint = match (long, near) {
            (Some(word), _) => Some(format!("two dashes: -{word}")),
            (None, Some(near)) => Some(format!("{near} is what comes nearest; {}", self.help())),
            (None, None) => self.elsewhere(typed),
        };
        self.said(message, hint)
    }

    /// Whose option it is, where others have it.
    fn elsewhere(&self, typed: &str) -> Option<String> {
        let long = typed.strip_prefix("--")?;
        let has = |command: &&Command| {
            let mut options = command.get_arguments();
            !command.is_hide_set() && options.any(|arg| arg.get_long() == Some(long))
        };
        let others = self.grammar.tree.get_subcommands().filter(has);
        let others: Vec<&str> = others.map(Command::get_name).collect();
        (1..=MANY).contains(&others.len()).then(|| {
            format!(
                "it is an option of {}; those of this command: {}",
                others.join(", "),
                self.help()
            )
        })
    }

    /// A word right behind an option whose value is joined to it.
    fn behind_an_equals_sign(&self, typed: &str, words: &[&str]) -> Option<String> {
        let at = words.iter().position(|word| *word == typed)?;
        let before = words.get(at.checked_sub(1)?)?.strip_prefix("--")?;
        let mut options = self.options();
        let joined =
            options.any(|arg| arg.get_long() == Some(before) && arg.is_require_equals_set());
        joined.then(|| format!("an equals sign: --{before}={typed}"))
    }

    fn options(&self) -> impl Iterator<Item = &Arg> {
        self.command.get_arguments()
    }

    fn invalid_value(&self, error: &clap::Error) -> Failure {
        let value = string(error, ContextKind::InvalidValue).unwrap_or_default();
        let arg = string(error, ContextKind::InvalidArg).unwrap_or_default();
        let possible = strings(error, ContextKind::ValidValue);
        let message = match (&value[..], &possible[..]) {
            ("", []) => format!("{arg} lacks its value"),
            ("", possible) => format!("{} wants one of: {}", option(&arg), possible.join(", ")),
            (value, []) => format!("{} cannot be {}", option(&arg), quoted(value)),
            (value, possible) => format!(
                "{} cannot be {}, only one of: {}",
                option(&arg),
                quoted(value),
                possible.join(", ")
            ),
        };
        let near = nearest(&value, possible.iter().map(String::as_str));
        let hint = near.map(|near| {
            if arg.starts_with("--") {
                format!("{} {near}", option(&arg))
            } else {
                format!("{} {near}", self.path)
            }
        });
        self.said(message, hint)
    }
}

/// As many commands are named that have an option.
const MANY: usize = 8;

/// A value that its option does not take; the reason may name the value itself, or what stands in it.
fn not_taken(typed: &str, option: &str, reason: &str) -> String {
    let value = quoted(typed);
    let names_it = reason.starts_with(&value) || (!typed.is_empty() && reason.starts_with(typed));
    if names_it {
        format!("{option}: {reason}")
    } else {
        format!("{value} is not what {option} takes: {reason}")
    }
}

/// What is wanted: `<--app-id <ID>|--all>` is `--app-id <ID> or --all`.
fn wanted_word(arg: &str) -> String {
    let group = arg.strip_prefix('<').and_then(|arg| arg.strip_suffix('>'));
    match group.filter(|group| group.starts_with("--")) {
        Some(group) => group.replace('|', " or "),
        None => arg.to_owned(),
    }
}

/// Why a value will not do; what the standard library says of numbers and addresses is put into words.
fn reason(error: &clap::Error) -> String {
    let Some(source) = error.source() else {
        return "it cannot be read".to_owned();
    };
    if source.is::<std::num::ParseIntError>() {
        return "a whole number is wanted".to_owned();
    }
    if source.is::<std::net::AddrParseError>() {
        return "an address like 127.0.0.1 is wanted".to_owned();
    }
    let text = source.to_string();
    match text.split_once(" is not in ") {
        Some((_, range)) => match range.split_once("..=") {
            Some((from, to)) => format!("a number from {from} to {to} is wanted"),
            None => format!("a number in {range} is wanted"),
        },
        None => text,
    }
}

/// An option without the name of its value: `--jobs <N>` is `--jobs`, `[NAME]...` is `NAME`.
fn option(arg: &str) -> String {
    if arg.starts_with('-') {
        arg.split([' ', '=', '[']).next().unwrap_or(arg).to_owned()
    } else {
        arg.trim_matches(['[', ']', '<', '>', '.']).to_owned()
    }
}

fn quoted(typed: &str) -> String {
    format!("\"{typed}\"")
}

/// The name that is near enough to be what was meant.
fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let scored = names.map(|name| (strsim::damerau_levenshtein(typed, name), name));
    let best = scored.min_by_key(|(distance, _)| *distance)?;
    let longest = typed.chars().count().max(best.1.chars().count());
    (best.0 * 3 <= longest && longest > 2).then(|| best.1.to_owned())
}

fn string(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.first().cloned(),
        _ => None,
    }
}

fn strings(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;

    fn said(line: &str) -> (String, String) {
        let words: Vec<&str> = line.split(' ').collect();
        let args: Vec<_> = words.iter().map(Into::into).collect();
        let failure = of(&Cli::grammar(), &Cli::read(&args).unwrap_err(), &words);
        (failure.message, failure.hint.unwrap_or_default())
    }

    #[test]
    fn each_wrong_line_is_told_in_our_words() {
        for (line, message, hint) in [
            (
                "mps frobnicate",
                "mps has no command \"frobnicate\"",
                "mps --help",
            ),
            (
                "mps onbord",
                "mps has no command \"onbord\"",
                "onboard is what comes nearest: mps onboard --help",
            ),
            ("mps lst", "mps has no command \"lst\"", "mps list"),
            (
                "mps profile lst",
                "mps profile has no command \"lst\"",
                "mps profile list",
            ),
            (
                "mps status",
                "mps has no command \"status\"",
                "mps list shows the solutions, mps history what was done, mps doctor whether all is well",
            ),
            (
                "mps list -o json",
                "mps list has no option \"-o\"",
                "mps list --json",
            ),
            (
                "mps list --format json",
                "mps list has no option \"--format\"",
                "mps list --json",
            ),
            (
                "mps list --json=id",
                "--json takes no value, \"id\" was given",
                "all fields come, jq chooses: mps list --json | jq .",
            ),
        ] {
            assert_eq!(said(line), (message.to_owned(), hint.to_owned()), "{line}");
        }
    }

    #[test]
    fn each_wrong_option_is_told_in_our_words() {
        for (line, message, hint) in [
            (
                "mps create --all --wait-quota 30m",
                "mps create has no use for the word \"30m\"",
                "an equals sign: --wait-quota=30m",
            ),
            (
                "mps create -all",
                "mps create has no option \"-a\"",
                "two dashes: --all",
            ),
            (
                "mps create --alll",
                "mps create has no option \"--alll\"",
                "--all is what comes nearest; mps create --help",
            ),
            (
                "mps serve-button --link-days x",
                "\"x\" is not what --link-days takes: a whole number is wanted",
                "mps serve-button --help",
            ),
            (
                "mps sandbox --apps 50001",
                "\"50001\" is not what --apps takes: a number from 0 to 50000 is wanted",
                "mps sandbox --help",
            ),
            (
                "mps list --color alwys",
                "--color cannot be \"alwys\", only one of: auto, always, never",
                "--color always",
            ),
            (
                "mps list --color",
                "--color wants one of: auto, always, never",
                "mps list --help",
            ),
            (
                "mps completions bahs",
                "SHELL cannot be \"bahs\", only one of: bash, elvish, fish, powershell, zsh",
                "mps completions bash",
            ),
            (
                "mps create --app-id x",
                "--app-id: \"x\" is not an id: Meta's ids are 1 to 32 digits, the first not a zero",
                "mps create --help",
            ),
            (
                "mps create --yes",
                "mps create needs --app-id <ID> or --all",
                "for example: mps create --app-id 212022489970390; all of it: mps create --help",
            ),
            (
                "mps profile show ../x",
                "NAME: \"../x\" is no name of a profile: letters, digits, dots, dashes and underscores, at most 64",
                "mps profile show --help",
            ),
            (
                "mps api -X POST me",
                "mps api has no option \"-X\"",
                "the method is a word before the path: mps api post PATH",
            ),
            (
                "mps create --app-id 1 --all",
                "--app-id does not go with --all",
                "mps create --help",
            ),
            (
                "mps accept 1 --wait-quota 30m",
                "SOLUTION_ID: \"30m\" is not an id: Meta's ids are 1 to 32 digits, the first not a zero",
                "an equals sign: --wait-quota=30m",
            ),
            (
                "mps deactivate 1",
                "mps deactivate needs a word before the id, one of: request, accept, reject",
                "mps deactivate --help",
            ),
            (
                "mps list --wait-quota",
                "mps list has no option \"--wait-quota\"",
                "it is an option of onboard, watch, create, accept, reject, tidy, resume; those of this command: mps list --help",
            ),
            (
                "mps list extra",
                "mps list has no use for the word \"extra\"",
                "mps list --help",
            ),
        ] {
            assert_eq!(said(line), (message.to_owned(), hint.to_owned()), "{line}");
        }
    }

    #[test]
    fn an_id_or_a_token_in_the_wrong_place_gets_the_line_to_type() {
        for (line, message, hint) in [
            (
                "mps accept 1,2",
                "SOLUTION_ID: \"1,2\" is several ids, where one is wanted",
                "each alone: mps accept 1 2",
            ),
            (
                "mps create --app-id 1,2",
                "--app-id: \"1,2\" is several ids, where one is wanted",
                "each alone: mps create --app-id 1 --app-id 2",
            ),
            (
                "mps list --app-id 1,2",
                "--app-id: \"1,2\" is several ids, where one is wanted",
                "mps list --help",
            ),
            (
                "mps accept \"7\"",
                "SOLUTION_ID: \"7\" has quotes around it; the digits alone are wanted",
                "mps accept --help",
            ),
            (
                "mps list 7",
                "mps list has no use for the word \"7\"",
                "mps show 7 shows one solution",
            ),
            (
                "mps create 7",
                "mps create has no use for the word \"7\"",
                "of an app: --app-id 7; mps create --help",
            ),
            (
                "mps handoff acme",
                "SOLUTION_ID: \"acme\" is not an id: Meta's ids are 1 to 32 digits, the first not a zero",
                "of an invitation: mps handoff --for acme",
            ),
            (
                "mps show --solution-id 7",
                "mps show has no option \"--solution-id\"",
                "the id alone: mps show 7",
            ),
            (
                "mps accept --solution-id=7",
                "mps accept has no option \"--solution-id\"",
                "the id alone: mps accept ID",
            ),
            (
                "mps create --user-token x",
                "mps create has no option \"--user-token\"",
                "never on the command line, where others see it: --user-token-file FILE or MPS_USER_TOKEN; mps create --help",
            ),
        ] {
            assert_eq!(said(line), (message.to_owned(), hint.to_owned()), "{line}");
        }
    }

    /// What is missing is named, with an example that works.
    #[test]
    fn what_lacks_is_named() {
        let (message, hint) = said("mps create");
        assert_eq!(message, "mps create needs --app-id <ID> or --all");
        assert!(hint.starts_with("for example: mps create"), "{hint}");
        let (message, _) = said("mps profile");
        assert!(
            message.starts_with("mps profile needs one of: "),
            "{message}"
        );
    }

    /// What only programs call is neither listed nor proposed.
    #[test]
    fn hidden_commands_stay_hidden() {
        for line in ["mps complete-word", "mps --json"] {
            let (message, hint) = said(line);
            assert!(
                !format!("{message} {hint}")
                    .replace("complete-word\"", "")
                    .contains("complete-word"),
                "{message} {hint}"
            );
        }
    }
}
