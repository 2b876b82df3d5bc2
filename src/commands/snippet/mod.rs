//! `mps snippet`: HTML to put on a web site of one's own.
//!
//! The one decision: it is the very page that mps serves, in one file, so that what was tried there holds
//! here too; what the site must add is one function, told in the file's first lines.

mod button;
mod signup;

use std::sync::Arc;

use clap::{Args, Subcommand};

use self::{button::ButtonArgs, signup::SignupArgs};
use super::Output;
use crate::{
    context::{Context, failure::Failure},
    ui::emit::Tally,
};

/// Print HTML to put on a web site of your own
///
/// What it prints is whole and needs nothing else from mps; put it where your site serves https.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps snippet button --partner-app-id 1234567890 --partner-name Acme > connect.html\n  mps snippet signup --solution-id 795033096057724 --signup-config-id 9876543210 > signup.html"
)]
pub struct SnippetArgs {
    #[command(subcommand)]
    what: What,
}

/// What to print.
#[derive(Debug, Subcommand)]
enum What {
    Button(ButtonArgs),
    Signup(SignupArgs),
}

impl SnippetArgs {
    /// Whether Meta is asked.
    pub fn asks_meta(&self) -> bool {
        matches!(self.what, What::Signup(_))
    }

    /// Prints it.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let text = match self.what {
            What::Button(button) => button.html(ctx)?,
            What::Signup(signup) => signup.html(ctx).await?,
        };
        Ok(Output::Text {
            text,
            prose: false,
            json: None,
            tally: Tally::default(),
        })
    }
}
