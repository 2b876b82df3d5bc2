//! Completions and man pages, made from the clap tree.
//!
//! The one decision: there is one source. The committed files in `completions/` are this module's output,
//! and a test compares them.

mod dynamic;

use clap::{Command, builder::PossibleValuesParser};
use clap_complete::Shell;

use super::help::TOPICS;
pub use super::man::man_pages;

/// The shells, each with the name of its file.
pub const FILES: [(Shell, &str); 5] = [
    (Shell::Bash, "mps.bash"),
    (Shell::Zsh, "_mps"),
    (Shell::Fish, "mps.fish"),
    (Shell::PowerShell, "_mps.ps1"),
    (Shell::Elvish, "mps.elv"),
];

/// The completions of this tree for one shell.
pub fn script(tree: Command, shell: Shell) -> String {
    let mut tree = with_words_of_help(tree);
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut tree, "mps", &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The same with the words of this machine in it, asked of `program`; none for PowerShell and elvish.
pub fn dynamic_script(tree: Command, shell: Shell, program: &str) -> Option<String> {
    dynamic::script(&tree.clone(), shell, script(tree, shell), program)
}

/// What `mps help` can be asked about, for the shells; the command itself says more about a wrong word than clap would.
fn with_words_of_help(tree: Command) -> Command {
    let shown = tree
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let names: Vec<String> = shown.map(|command| command.get_name().to_owned()).collect();
    let topics = TOPICS.iter().map(|topic| (*topic).to_owned());
    let words = PossibleValuesParser::new(names.into_iter().chain(topics));
    tree.mut_subcommand("help", |help| {
        help.mut_arg("words", |arg| arg.value_parser(words))
    })
}
