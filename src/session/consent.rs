//! The operator's yes, however it is given.
//!
//! The one decision: a question is asked only where somebody can answer it; where nobody can, naming what is to be
//! done was the consent, or `--yes` must be.

use crate::{
    context::{Context, failure::Failure},
    exit::Kind,
    ui::prompt::{self, Enter},
};

/// How the operator's consent to a write was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// By naming what is to be done.
    Arguments,
    /// By what stdin names.
    Stdin,
    /// By a yes to the question.
    Prompt,
    /// By `--yes`.
    Yes,
}

impl Consent {
    /// The journal's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Arguments => "arguments",
            Self::Stdin => "stdin",
            Self::Prompt => "prompt",
            Self::Yes => "--yes",
        }
    }
}

/// Asks, where the operator can be asked; else says what must be given instead. `needed`: without a yes the command
/// does not go on.
pub async fn confirm(
    ctx: &Context,
    question: &str,
    yes: bool,
    needed: bool,
) -> Result<Consent, Failure> {
    if yes {
        return Ok(Consent::Yes);
    }
    if ctx.ui.can_ask() {
        let answer = prompt::confirm(&ctx.ui, question, Enter::No).await?;
        return if answer {
            Ok(Consent::Prompt)
        } else {
            Err(Failure::new(
                Kind::Declined,
                "you said no; nothing was sent",
            ))
        };
    }
    if ctx.ui.json_hides_the_question() {
        return Err(
            Failure::usage("this needs a yes, and --json leaves no room for the question")
                .hint("add --yes"),
        );
    }
    if needed {
        return Err(
            Failure::usage("this needs a yes, and there is nobody to ask").hint("add --yes"),
        );
    }
    Ok(Consent::Arguments)
}
