//! Catches the Tech Provider's token: serves the page, tells the operator what happens at it, and lets
//! only a token that passed its check end the wait.
//!
//! The one decision: the operator is on the phone with the Tech Provider, so the terminal is never mute.
//! Every happening is a line, a refused token is refused on both sides with its reason, and the wait goes on.

mod announce;
mod args;
pub mod reach;
mod reception;
mod served_page;
mod ticked;
mod wait;
mod watched;
mod webhook_listener;
pub mod words;

use std::time::Duration;

use crate::{
    button::{Catcher, Grant, LastWord, PagePurpose, Progress},
    context::{Context, failure::Failure},
    exit::Kind,
    graph::{self, Route},
    ids::AppId,
    session::{Session, UserSession, progress_page::ProgressPage},
};

use self::served_page::OpenPage;

pub use self::{
    args::{DoorArgs, PageArgs, StandIn},
    reception::Reception,
    served_page::ServedPage,
    webhook_listener::{WebhookAddressArgs, WebhookListener},
};

/// A caught token that passed its check, and the page that brought it.
pub struct Caught {
    /// What the button brought.
    pub grant: Grant,
    /// The Tech Provider.
    pub user: UserSession,
    /// The page, still open.
    pub page: ServedPage,
}

/// Serves the page until a token passed its check. `needed`: for an onboarding, which must have these apps, or
/// any if none is named; without it the page ends at the token, whatever was ticked. `stand_in`: the sandbox's
/// SDK; without it, it is asked of a Graph host on this machine, since Meta's own SDK would lead to Meta.
pub async fn catch(
    ctx: &Context,
    session: &Session,
    args: &PageArgs,
    needed: Option<&[AppId]>,
    stand_in: Option<StandIn>,
) -> Result<Caught, Failure> {
    let story = match needed {
        Some(_) => PagePurpose::Onboard,
        None => PagePurpose::ServeButton,
    };
    let stand_in = match stand_in {
        Some(stand_in) => Some(stand_in),
        None => stand_in_of_host(ctx).await?,
    };
    let plays = stand_in.is_some();
    let link = args.served_link(ctx, session).await?;
    let config = args.config(ctx, session, story, stand_in, link.as_ref())?;
    let catcher = Catcher::bind(config)
        .await
        .map_err(|error| watched::trouble(ctx, error, args.label.as_ref()))?;
    announce::announce(ctx, &catcher, &args.door).await?;
    if args.label.is_some() && catcher.probe().is_none() {
        ctx.ui.status(
            "--for keeps the link the same for days; it leads to this machine alone until --public-url says from where \
             others reach it.",
        );
    }
    if plays {
        ctx.ui.status(
            "In the sandbox you play the Tech Provider: open it, press the button, choose apps, confirm.",
        );
    }
    next_token(ctx, session, args, needed, OpenPage { catcher, link }).await
}

/// Goes on at a page that was served already: whoever brought a token told in `page` has heard its last words, and the
/// next one's turn has come.
pub async fn catch_another(
    ctx: &Context,
    session: &Session,
    args: &PageArgs,
    needed: Option<&[AppId]>,
    page: ServedPage,
) -> Result<Caught, Failure> {
    ctx.ui
        .status("The page stays open, and the next sign-in is waited for; Ctrl-C ends.");
    match page.reopen() {
        Some(page) => next_token(ctx, session, args, needed, page).await,
        None => Err(Failure::new(Kind::Io, "the page has closed")),
    }
}

async fn next_token(
    ctx: &Context,
    session: &Session,
    args: &PageArgs,
    needed: Option<&[AppId]>,
    mut page: OpenPage,
) -> Result<Caught, Failure> {
    let waiting = wait::wait(ctx, session, &mut page, needed, args.deadline.0).await;
    if let Some(strangers) = page.catcher.strangers_so_far() {
        wait::log(ctx, &strangers);
        words::Announcement::of(&strangers.event).say(&ctx.ui);
    }
    match waiting {
        Ok((visitor, grant, user)) => {
            let last_words = last_words(needed);
            let page = ServedPage::keep(ctx, page, visitor, last_words);
            Ok(Caught { grant, user, page })
        }
        Err(failure) => {
            page.catcher.close(Duration::ZERO).await;
            Err(failure)
        }
    }
}

/// What the page of an onboarding says if the run breaks off.
fn last_words(needed: Option<&[AppId]>) -> Option<Progress> {
    needed.map(|_| ProgressPage::without_rows(LastWord::BrokenOff))
}

/// The SDK of `mps sandbox`, where the Graph host is one.
async fn stand_in_of_host(ctx: &Context) -> Result<Option<StandIn>, Failure> {
    let base = ctx.base_url()?;
    if !base.is_loopback() {
        return Ok(None);
    }
    let origin = base.to_string();
    let Ok(url) = format!("{origin}/sdk.js").parse() else {
        return Ok(None);
    };
    let script = graph::fetch(&url, None, reach::FETCH, &Route::Direct)
        .await
        .ok();
    Ok(script
        .filter(|(status, _)| *status == 200)
        .and_then(|(_, body)| String::from_utf8(body).ok())
        .map(|js| StandIn { js, origin }))
}
