//! `mps complete-words`, which the dynamic completions ask.
//!
//! The one decision: it never fails and never speaks, because a shell in the middle of a line has no place
//! for an error; what cannot be read has no words.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use clap::{Args, ValueEnum};

use super::Output;
use crate::{
    context::{Context, failure::Failure},
    ids::SolutionId,
    ui::emit::Tally,
};

/// How long somebody in the middle of a line waits: a database may be away.
const PATIENCE: Duration = Duration::from_secs(1);

/// Print words for the dynamic completions
#[derive(Debug, Args)]
pub struct CompleteWordsArgs {
    /// Of what
    of: Of,
    /// What they begin with
    #[arg(
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    beginning: String,
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
            Of::Profiles => profiles(ctx, &self.beginning),
            Of::Solutions => in_time(ctx, self.beginning.clone()),
        };
        let text = words.unwrap_or_default().into_iter();
        Ok(Output::Text {
            text: text.map(|word| word + "\n").collect(),
            prose: false,
            json: None,
            tally: Tally::default(),
        })
    }
}

fn profiles(ctx: &Context, beginning: &str) -> Option<Vec<String>> {
    let names = ctx.profile.store().ok()?.names().ok()?;
    let names = names.iter().map(ToString::to_string);
    Some(names.filter(|name| name.starts_with(beginning)).collect())
}

/// The solutions, if the journal says them at once and no person has to be asked where it is.
fn in_time(ctx: &Arc<Context>, beginning: String) -> Option<Vec<String>> {
    if ctx.asks_for_journal() {
        return None;
    }
    let (answer, arrival) = mpsc::sync_channel(1);
    let ctx = Arc::clone(ctx);
    thread::spawn(move || {
        // Nobody waits any more: the process ends.
        let _ = answer.send(solutions(&ctx, &beginning));
    });
    arrival.recv_timeout(PATIENCE).ok()?
}

fn solutions(ctx: &Context, beginning: &str) -> Option<Vec<String>> {
    let reader = ctx.journal_reader().ok()??;
    let solutions = reader.solutions(beginning).ok()?.into_iter();
    let word = |(id, name): (SolutionId, String)| {
        let name = name.replace(|c: char| c.is_control() || c == ':', " ");
        format!("{id}\t{name}")
    };
    Some(solutions.map(word).collect())
}
