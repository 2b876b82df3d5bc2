//! `mps snippet button`: the page with Meta's button. Nothing is asked of anybody, so it works without a token and without a
//! network.

use clap::Args;

use crate::{
    button::{self, PagePurpose, PageText},
    context::{Context, failure::Failure},
    session::{set_partner_name, shown},
};

/// The page with Meta's button, as one HTML file
///
/// It is the page that `mps serve-button` serves. Where your code receives the token is said in its first
/// lines: window.mpsReceive, a function that gets the grant, sends it to your server, and returns what the
/// page shall say if it was refused.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps snippet button --partner-app-id 1234567890 --partner-name Acme > connect.html\n  mps snippet button --login-config-id 9876543210 > connect.html"
)]
pub(super) struct ButtonArgs {
    /// A configuration of Facebook Login for Business, sent instead of the permission
    #[arg(long, value_name = "ID")]
    login_config_id: Option<String>,
    /// The page's language: en, es, pt-BR, fr, id or hi
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
}

impl ButtonArgs {
    /// The page.
    pub(super) fn html(self, ctx: &Context) -> Result<String, Failure> {
        let partner = ctx.partner()?;
        let name = set_partner_name(ctx).unwrap_or_else(|| {
            ctx.ui.warning(
                "our name is not known, so the page has our app's id; --partner-name sets it",
            );
            partner.to_string()
        });
        Ok(button::snippet(&PageText {
            partner_app_id: &partner,
            partner_name: &shown::name_on_page(ctx, &name),
            api_version: &ctx.api_version()?.to_string(),
            login_config_id: self.login_config_id.as_deref(),
            story: PagePurpose::ServeButton,
            lang: shown::lang(ctx, self.lang.as_deref(), None)?,
            brand: &shown::brand(ctx)?,
            signup: None,
        }))
    }
}
