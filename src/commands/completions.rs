//! `mps completions SHELL`.

use clap::Args;
use clap_complete::Shell;

use super::Output;
use crate::{context::failure::Failure, ui::emit::Tally};

/// Print the completions for a shell
///
/// They complete the commands, the options and their values. Where a shell looks for them is its own
/// affair; the examples are the usual places.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps completions bash > ~/.local/share/bash-completion/completions/mps\n  mps completions fish > ~/.config/fish/completions/mps.fish\n  eval \"$(mps completions bash --dynamic)\""
)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
    /// Complete profiles and the journal's solutions too (bash, zsh, fish); the script holds the path of this mps
    #[arg(long)]
    dynamic: bool,
}

impl CompletionsArgs {
    /// Prints what `plain` makes of the tree, or `dynamic` with the path of this program.
    pub fn run(
        &self,
        plain: impl FnOnce(Shell) -> String,
        dynamic: impl FnOnce(Shell, &str) -> Option<String>,
    ) -> Result<Output, Failure> {
        let text = if self.dynamic {
            let program = std::env::current_exe()
                .map_err(|error| Failure::io("could not find the path of this program", &error))?;
            dynamic(self.shell, &program.display().to_string()).ok_or_else(|| {
                Failure::usage("--dynamic is for bash, zsh and fish")
                    .hint("without it there are completions for this shell too")
            })?
        } else {
            plain(self.shell)
        };
        Ok(Output::Text {
            text,
            prose: false,
            json: None,
            tally: Tally::default(),
        })
    }
}
