//! `mps skill`.

use clap::Args;

use super::Output;
use crate::ui::emit::Tally;

/// Print a page for agents: what is safe to run, what needs a person
///
/// It is made from the commands of this very version, in the form that agents read (Markdown with a name and a
/// description on top). Nothing installs it: put it where your agent looks for such pages, if you want it there.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  mps skill > SKILL.md")]
pub struct SkillArgs {}

impl SkillArgs {
    /// Prints the page.
    pub fn run(page: String) -> Output {
        Output::Text {
            text: page,
            prose: true,
            json: None,
            tally: Tally::default(),
        }
    }
}
