//! `mps snippet`: HTML to put on a web site of one's own.
//!
//! The one decision: it is the very page that mps serves, in one file, so that what was tried there holds
//! here too; what the site must add is one function, told in the file's first lines. Nothing is asked of
//! anybody, so it works without a token and without a network.

use std::sync::Arc;

use clap::{Args, Subcommand};

use super::Output;
use crate::{
    button::{self, PagePurpose, PageText},
    context::{Context, failure::Failure, settings},
    graph::ApiVersion,
    session::shown,
    ui::emit::Tally,
};

/// Print HTML to put on a web site of your own
///
/// What it prints is whole and needs nothing else from mps; put it where your site serves https.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps snippet button --partner-app-id 1234567890 --partner-name Acme > connect.html"
)]
pub struct SnippetArgs {
    #[command(subcommand)]
    what: What,
}

/// What to print.
#[derive(Debug, Subcommand)]
enum What {
    Button(ButtonArgs),
}

/// The page with Meta's button, as one HTML file
///
/// It is the page that `mps serve-button` serves. Where your code receives the token is said in its first
/// lines: window.mpsReceive, a function that gets the grant, sends it to your server, and returns what the
/// page shall say if it was refused.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps snippet button --partner-app-id 1234567890 --partner-name Acme > connect.html\n  mps snippet button --login-config-id 9876543210 > connect.html"
)]
struct ButtonArgs {
    /// A configuration of Facebook Login for Business, sent instead of the permission
    #[arg(long, value_name = "ID")]
    login_config_id: Option<String>,
    /// The page's language: en, es, pt-BR, fr, id or hi
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
}

impl SnippetArgs {
    /// Prints it.
    pub fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let What::Button(button) = self.what;
        let partner = ctx.partner()?;
        let set = ctx
            .settings
            .pick(settings::PARTNER_NAME, ctx.globals.partner_name.as_deref());
        let name = if let Some(picked) = set {
            picked.value
        } else {
            ctx.ui.warning(
                "our name is not known, so the page has our app's id; --partner-name sets it",
            );
            partner.to_string()
        };
        let version = ctx
            .settings
            .parse::<ApiVersion>(settings::API_VERSION, ctx.globals.api_version.as_deref())?
            .map(|picked| picked.value)
            .unwrap_or_default();
        let html = button::snippet(&PageText {
            partner_app_id: &partner,
            partner_name: &shown::name_on_page(ctx, &name),
            api_version: &version.to_string(),
            login_config_id: button.login_config_id.as_deref(),
            story: PagePurpose::ServeButton,
            lang: shown::lang(ctx, button.lang.as_deref(), None)?,
            brand: &shown::brand(ctx)?,
        });
        Ok(Output::Text {
            text: html,
            json: None,
            tally: Tally::default(),
        })
    }
}
