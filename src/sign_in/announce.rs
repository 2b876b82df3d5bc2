//! Says where the page is, and starts a browser where one is seen.
//!
//! The one decision: the address is on the screen before anything else is tried, so that nothing that fails hides it.

use std::time::Duration;

use serde_json::json;

use super::{args::PageArgs, words};
use crate::{
    button::{Catcher, NoteKind, ReachabilityProbe},
    context::{Context, failure::Failure, settings},
    exit::Kind,
    graph,
    ui::{
        Label,
        browser::{self, BrowserVisibility},
    },
};

/// How long a fetch of the page's own public address, or of a sandbox's script, may take.
pub(super) const FETCH: Duration = Duration::from_secs(10);

/// The address, for people and as JSON.
pub(super) fn address(ctx: &Context, catcher: &Catcher) {
    let url = catcher.url();
    ctx.ui.banner_as(
        Label::Strong,
        &format!("Open this page: {url}"),
        json!({"event": "page_ready", "url": url}),
    );
}

/// The URL first, then whatever helps to reach it; a browser last.
pub(super) async fn announce(
    ctx: &Context,
    catcher: &Catcher,
    args: &PageArgs,
) -> Result<(), Failure> {
    let unreachable = match catcher.probe() {
        Some(probe) => unreachable(ctx, &probe).await?,
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
        ctx.ui.warning(&why);
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

/// Why the public address does not lead here, if it does not.
async fn unreachable(ctx: &Context, probe: &ReachabilityProbe) -> Result<Option<String>, Failure> {
    let ca_file = ctx
        .settings
        .pick(settings::CA_FILE, ctx.globals.ca_file.as_deref())
        .map(|picked| picked.value);
    let Ok(url) = probe.url.parse() else {
        return Err(Failure::usage("the public URL cannot be fetched"));
    };
    let route = ctx.settings.proxies(&ctx.redactor)?.route(&url);
    let task = ctx.ui.bars().spinner("trying the public address");
    let fetched = tokio::select! {
        () = ctx.stop.wait() => return Err(Failure::new(Kind::Interrupted, INTERRUPTED)),
        fetched = graph::fetch(&url, ca_file.as_deref().map(AsRef::as_ref), FETCH, &route) => fetched,
    };
    drop(task);
    let why = match fetched {
        Ok((200, body)) if body == probe.body.as_bytes() => return Ok(None),
        Ok((200, _)) => "something else answers there".to_owned(),
        Ok((status, _)) => format!("it answers with HTTP {status}"),
        Err(why) => why,
    };
    Ok(Some(format!(
        "the public address does not lead here yet: {why}. Start or mend the tunnel or proxy; this page \
         need not be started again"
    )))
}

/// Said of a stop before a token came.
pub(super) const INTERRUPTED: &str = "interrupted before a token came";
