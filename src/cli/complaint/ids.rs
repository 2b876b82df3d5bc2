//! Ids of solutions and apps that stand where none does, or stand there wrongly.
//!
//! The one decision: what was typed is put into the hint, so that the line can be typed from it.

use std::error::Error as _;

use clap::{Arg, ArgAction, Command};

use crate::{
    ids::{IdError, SolutionId},
    journal::LinkLabel,
};

/// The name of a positional argument that takes ids of solutions.
const SOLUTION_ID: &str = "SOLUTION_ID";

/// As many ids are put into a hint.
const MANY: usize = 8;

/// A command, and how it is typed: `mps profile set`.
#[derive(Clone, Copy)]
pub(super) struct TypedCommand<'a> {
    pub(super) path: &'a str,
    pub(super) command: &'a Command,
}

impl TypedCommand<'_> {
    /// For what is no id where one belongs, if it can be told what was meant.
    pub(super) fn instead_of_an_id(self, arg: &str, typed: &str, why: &IdError) -> Option<String> {
        match why.several() {
            Some(ids) => self.one_by_one(arg, &ids),
            None => self.of_a_label(arg, typed),
        }
    }

    /// For ids that were given as one word: each as its own.
    fn one_by_one(self, arg: &str, ids: &[&str]) -> Option<String> {
        let long = arg.strip_prefix("--");
        let takes_several = self.command.get_arguments().any(|known| {
            let is_it = match long {
                Some(long) => known.get_long() == Some(long),
                None => value_name(known) == arg,
            };
            is_it && matches!(known.get_action(), ArgAction::Append)
        });
        let word = |id: &&str| long.map_or_else(|| (*id).to_owned(), |_| format!("{arg} {id}"));
        let words: Vec<String> = ids.iter().map(word).collect();
        (takes_several && ids.len() <= MANY)
            .then(|| format!("each alone: {} {}", self.path, words.join(" ")))
    }

    /// For a word in the place of a solution's id, where an invitation's label would do.
    fn of_a_label(self, arg: &str, typed: &str) -> Option<String> {
        let label: LinkLabel = typed.parse().ok()?;
        let fits = arg == SOLUTION_ID && !typed.contains(char::is_whitespace);
        (fits && self.has("for")).then(|| format!("of an invitation: {} --for {label}", self.path))
    }

    /// For an option with a solution's id, where the command takes the id alone.
    pub(super) fn id_alone(self, typed: &str, words: &[&str]) -> Option<String> {
        let mut arguments = self.command.get_arguments();
        let takes_it = arguments.any(|arg| value_name(arg) == SOLUTION_ID);
        if !takes_it || !["--solution-id", "--solution", "--id"].contains(&typed) {
            return None;
        }
        let behind = words.iter().skip_while(|word| **word != typed).nth(1);
        let id = behind.and_then(|word| word.parse::<SolutionId>().ok());
        let id = id.map_or_else(|| "ID".to_owned(), |id| id.to_string());
        Some(format!("the id alone: {} {id}", self.path))
    }

    /// For an id where the command takes none: where it belongs.
    pub(super) fn of_an_id(self, typed: &str) -> Option<String> {
        let id: SolutionId = typed.parse().ok()?;
        if self.path == "mps list" {
            return Some(format!("mps show {id} shows one solution"));
        }
        self.has("app-id")
            .then(|| format!("of an app: --app-id {id}; {} --help", self.path))
    }

    fn has(self, long: &str) -> bool {
        let mut arguments = self.command.get_arguments();
        arguments.any(|arg| arg.get_long() == Some(long))
    }
}

/// Why what was typed is no id, where one belongs.
pub(super) fn no_id(error: &clap::Error) -> Option<&IdError> {
    error.source()?.downcast_ref()
}

/// What stands for the value of an argument.
fn value_name(arg: &Arg) -> &str {
    let names = arg.get_value_names().unwrap_or_default();
    names.first().map_or("", |name| name.as_str())
}
