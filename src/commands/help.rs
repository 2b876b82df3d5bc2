//! `mps help [COMMAND… | TOPIC]`.

use clap::Args;

use super::Output;
use crate::{
    context::failure::Failure,
    record::{Record as _, record},
    ui::emit::Tally,
};

/// Show the help of mps, of a command, or of a topic
///
/// Topics: exit-codes, environment, json, words, options. With --json the tree of commands and options, and what each
/// writes with --json, as data.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps help create\n  mps help exit-codes\n  mps help --json | jq -r '.commands[] | select(.nature == \"reads\") | .command'"
)]
pub struct HelpArgs {
    /// A command's words, or a topic
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

/// What the help is made of; the tree of commands is not known here.
pub struct HelpBook<P, T> {
    /// The page for some words.
    pub page: P,
    /// All of it as data.
    pub tree: T,
}

impl HelpArgs {
    /// Shows the page, or the tree.
    pub fn run<P, T>(&self, json: bool, book: HelpBook<P, T>) -> Result<Output, Failure>
    where
        P: FnOnce(&[String]) -> Result<String, Failure>,
        T: FnOnce() -> HelpRecord,
    {
        // A page is looked for with `--json` too, so that a wrong word stays wrong.
        let text = (book.page)(&self.words)?;
        Ok(Output::Text {
            text,
            prose: true,
            json: json.then(|| (book.tree)().within(&self.words).object()),
            tally: Tally::default(),
        })
    }
}

record! {
    /// The command line as data.
    #[derive(Debug, Clone)]
    pub struct HelpRecord {
        /// The version of mps
        pub version: &'static str,
        /// The commands that can be typed, in the order of the help
        pub commands: Vec<CommandHelp>,
        /// The options that all of them take
        pub options: Vec<OptionHelp>,
        /// How a run can end
        pub exit_codes: Vec<ExitHelp>,
        /// The variables that are read
        pub environment: Vec<VariableHelp>,
    }
}

record! {
    /// A command.
    #[derive(Debug, Clone)]
    pub struct CommandHelp {
        /// How it is typed: `mps profile set`
        pub command: String,
        /// What it does, in a line
        pub about: String,
        /// `offline` (talks to nobody), `reads`, `local` (changes this machine only, or waits), or `writes` at Meta
        pub nature: &'static str,
        /// Whether it asks a person before it acts, which `--yes` answers
        pub asks: bool,
        /// What it takes without a dash
        pub arguments: Vec<ArgumentHelp>,
        /// The options of its own
        pub options: Vec<OptionHelp>,
        /// Lines that work
        pub examples: Vec<String>,
        /// Whether `--json` writes an object a line; null where it writes none of ours
        pub json_lines: Option<bool>,
        /// The fields of such an object
        pub json_fields: Vec<FieldHelp>,
    }
}

record! {
    /// An argument without a dash.
    #[derive(Debug, Clone)]
    pub struct ArgumentHelp {
        /// What it stands for
        pub name: String,
        /// The only values that it takes, where they are few
        pub possible: Vec<String>,
        /// Whether it must be given
        pub required: bool,
        /// What it does
        pub help: String,
    }
}

record! {
    /// An option.
    #[derive(Debug, Clone)]
    pub struct OptionHelp {
        /// `--app-id`
        pub name: String,
        /// Its one letter, with the dash
        pub short: Option<String>,
        /// What its value stands for; null for a switch
        pub value: Option<String>,
        /// The only values that it takes, where they are few
        pub possible: Vec<String>,
        /// What it is where it is not given
        pub default: Option<String>,
        /// Whether it must be given
        pub required: bool,
        /// What it does
        pub help: String,
    }
}

record! {
    /// An exit code.
    #[derive(Debug, Clone)]
    pub struct ExitHelp {
        /// What the shell sees
        pub code: u8,
        /// What it means
        pub meaning: &'static str,
        /// The kinds of error that end so
        pub kinds: Vec<String>,
    }
}

record! {
    /// A variable of the environment.
    #[derive(Debug, Clone)]
    pub struct VariableHelp {
        /// Its name
        pub name: &'static str,
        /// What it sets
        pub what: &'static str,
        /// Whether it is never shown
        pub secret: bool,
    }
}

record! {
    /// A field of `--json`.
    #[derive(Debug, Clone)]
    pub struct FieldHelp {
        /// Where it is: `a.b` lies within `a`, `a[].b` within each item of `a`
        pub path: String,
        /// Its type; with `?` it can be null
        pub kind: String,
        /// What it says
        pub doc: String,
    }
}

impl HelpRecord {
    /// Only the commands that begin with these words; all where none does.
    fn within(mut self, words: &[String]) -> Self {
        let path = ["mps".to_owned()].into_iter().chain(words.iter().cloned());
        let path = path.collect::<Vec<_>>().join(" ");
        let inside = |command: &CommandHelp| {
            format!("{} ", command.command).starts_with(&format!("{path} "))
        };
        if self.commands.iter().any(inside) {
            self.commands.retain(inside);
        }
        self
    }
}
