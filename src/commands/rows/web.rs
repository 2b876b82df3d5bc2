//! `--web`: the page of Meta's that shows the same to a person.

use crate::{
    commands::Output,
    context::Context,
    ids::AppId,
    ui::{
        browser::{self, BrowserVisibility},
        emit::Tally,
    },
};

/// Opens the app in Meta's App Dashboard, or writes its address: in a pipe, and where no browser would be seen.
pub fn page(ctx: &Context, app: &AppId) -> Output {
    let url = format!("https://developers.facebook.com/apps/{app}/");
    let seen = BrowserVisibility::from_env(&ctx.settings.env) == BrowserVisibility::Here;
    if ctx.ui.for_people() && seen && browser::open(&url) {
        ctx.ui.status(&format!("Opened {url}"));
        return Output::Nothing;
    }
    Output::Text {
        json: Some(serde_json::json!({"url": url})),
        text: format!("{url}\n"),
        prose: false,
        tally: Tally::default(),
    }
}
