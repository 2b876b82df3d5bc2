//! Says where the page is, and starts a browser where one is seen.
//!
//! The one decision: the address is on the screen before anything else is tried, so that nothing that fails hides it.

use serde_json::json;

use super::{args::DoorArgs, reach, words};
use crate::{
    button::{Catcher, NoteKind},
    context::{Context, failure::Failure},
    ui::{
        Label,
        browser::{self, BrowserVisibility},
    },
};

/// The address, for people and as JSON.
pub(super) fn address(ctx: &Context, catcher: &Catcher) {
    let url = catcher.url();
    ctx.ui.banner_as(
        Label::Strong,
        &if catcher.has_one_link() {
            format!("Open this page: {url}")
        } else {
            format!("Every link leads here: {url}")
        },
        json!({"event": "page_ready", "url": url}),
    );
}

/// The URL first, then whatever helps to reach it; a browser last.
pub(super) async fn announce(
    ctx: &Context,
    catcher: &Catcher,
    args: &DoorArgs,
) -> Result<(), Failure> {
    let unreachable = match catcher.probe() {
        Some(probe) => reach::unreachable(ctx, &probe).await?,
        None => None,
    };
    address(ctx, catcher);
    for note in catcher.notes() {
        match note.kind {
            NoteKind::Info => ctx.ui.status(&note.text),
            NoteKind::Warning => ctx.ui.warning(&note.text),
        }
    }
    if let Some(why) = unreachable {
        ctx.ui.warning(&format!(
            "the public address does not lead here yet: {why}. Start or mend the tunnel or proxy; this page need not \
             be started again"
        ));
    }
    words::show_dashboard(&ctx.ui, &catcher.dashboard());
    match BrowserVisibility::from_env(&ctx.settings.env) {
        BrowserVisibility::OverSsh if catcher.probe().is_none() => {
            ctx.ui.status(&format!(
                "To open it on your own machine, run there: {}",
                catcher.ssh_line()
            ));
        }
        // Behind a public address the page is for somebody else's browser.
        BrowserVisibility::Here if !args.no_open => {
            let ticket = catcher.ticket_url()?;
            if ticket.is_some_and(|url| !browser::open(&url)) {
                ctx.ui
                    .status("No browser could be started; open the address yourself.");
            }
        }
        BrowserVisibility::Here | BrowserVisibility::NoDisplay | BrowserVisibility::OverSsh => {}
    }
    Ok(())
}

/// Said of a stop before a token came.
pub(super) const INTERRUPTED: &str = "interrupted before a token came; nothing was created";
