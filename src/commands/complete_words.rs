//! `mps complete-words`, which the dynamic completions ask.
//!
//! The one decision: it never fails and never speaks, because a shell in the middle of a line has no place
//! for an error; what cannot be read has no words.

use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::Output;
use crate::{
    context::{Context, failure::Failure},
    journal::Journal,
    ui::emit::Tally,
};

/// Print words for the dynamic completions
#[derive(Debug, Args)]
pub struct CompleteWordsArgs {
    /// Of what
    of: Of,
}

/// What words there are.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// The profiles.
    Profiles,
    /// The journal's solutions, each with its name behind a tab.
    Solutions,
}

impl CompleteWordsArgs {
    /// Prints them, one a line.
    #[expect(clippy::unnecessary_wraps, reason = "the form of every command")]
    pub fn run(&self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let words = match self.of {
            Of::Profiles => profiles(ctx),
            Of::Solutions => solutions(ctx),
        };
        let text = words.unwrap_or_default().into_iter();
        Ok(Output::Text {
            text: text.map(|word| word + "\n").collect(),
            json: None,
            tally: Tally::default(),
        })
    }
}

fn profiles(ctx: &Context) -> Option<Vec<String>> {
    let names = ctx.profile.store().ok()?.names().ok()?;
    Some(names.iter().map(ToString::to_string).collect())
}

fn solutions(ctx: &Context) -> Option<Vec<String>> {
    let reader = Journal::open_read_only(ctx.state_dir().ok()?).ok()??;
    let entries = reader.entries(None).ok()?;
    let word = |entry: &crate::journal::Entry| {
        let name = entry
            .solution_name
            .replace(|c: char| c.is_control() || c == ':', " ");
        Some(format!("{}\t{name}", entry.solution_id.as_ref()?))
    };
    Some(
        entries
            .iter()
            .filter_map(|(_, entry)| word(entry))
            .collect(),
    )
}
