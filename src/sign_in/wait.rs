//! The wait for a token that passes its check.
//!
//! The one decision: a refusal ends nothing; only a token that passed, the deadline or the operator ends the wait.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{
    announce::{self, INTERRUPTED},
    served_page::OpenPage,
    ticked::{self, PageRefusal},
    words::{self, Announcement},
};
use crate::{
    button::{Catcher, Grant, Happening, PageEvent, Signed, Verdict, VisitorId},
    context::{Context, failure::Failure, narration},
    exit::Kind,
    graph::App,
    ids::AppId,
    session::{self, Session, UserSession, checked_token::CheckedUser},
    ui::Label,
};

/// A line in the run's log: what happened, and to whose page.
pub(super) fn log(ctx: &Context, happening: &Happening) {
    let mut line = json!({"happening": happening.event.kind()});
    if let Some(visitor) = happening.visitor {
        line["visitor"] = json!(visitor.to_string());
    }
    if let PageEvent::Strangers(counts) = &happening.event {
        line["counts"] = words::counts(counts);
    }
    ctx.log.add("button", line);
}

/// Waits for a token that passes its check, and tells what happens meanwhile.
pub(super) async fn wait(
    ctx: &Context,
    session: &Session,
    page: &mut OpenPage,
    needed: Option<&[AppId]>,
    deadline: Option<Duration>,
) -> Result<(VisitorId, Grant, UserSession), Failure> {
    let OpenPage { catcher, link } = page;
    let end = deadline.map(|span| Instant::now() + span);
    let mut doing = "waiting for the Tech Provider to open the page";
    let task = ctx.ui.bars().spinner(doing);
    let mut second = tokio::time::interval(Duration::from_secs(1));
    let mut hinted = false;
    loop {
        let over = async {
            match end {
                Some(end) => tokio::time::sleep_until(end.into()).await,
                None => std::future::pending().await,
            }
        };
        let happening = tokio::select! {
            biased;
            () = ctx.stop.wait() => return Err(Failure::new(Kind::Interrupted, INTERRUPTED)),
            happening = catcher.next() => happening,
            () = over => return Err(too_late(deadline)),
            _ = second.tick() => {
                task.say(with_countdown(doing, end));
                continue;
            }
        };
        log(ctx, &happening);
        let Happening { visitor, event, .. } = happening;
        doing = doing_after(&event).unwrap_or(doing);
        if let (PageEvent::Opened, Some(link)) = (&event, &link) {
            link.opened(ctx).await;
        }
        match (event, visitor) {
            (PageEvent::Grant(grant), Some(visitor)) => {
                task.say("checking the token");
                let check = check(ctx, session, &grant, needed);
                match session::unless_stopped(ctx, check).await? {
                    Ok(user) => {
                        if let Some(link) = link {
                            link.signed_in(ctx).await;
                        }
                        accept(ctx, catcher, visitor, None);
                        return Ok((visitor, *grant, user));
                    }
                    Err(refusal) => refuse(ctx, catcher, visitor, refusal, None),
                }
            }
            (event @ PageEvent::TicketTaken, _) => {
                if let (Some(link), Some(path)) = (&mut *link, catcher.path()) {
                    link.moves_to(ctx, path).await;
                }
                Announcement::of(&event).say(&ctx.ui);
                announce::address(ctx, catcher);
            }
            (other, _) => {
                let closed = matches!(other, PageEvent::Closed { message: None });
                let mut announcement = Announcement::of(&other);
                if closed && !hinted {
                    hinted = true;
                    announcement.remedy = Some(TEXTS.to_owned());
                }
                announcement.say(&ctx.ui);
            }
        }
        task.say(with_countdown(doing, end));
    }
}

/// Said when the window closed for the first time without a word.
const TEXTS: &str = "Meta's error texts and what to do about each: mps serve-button --help";

/// What is waited for after this.
fn doing_after(happening: &PageEvent) -> Option<&'static str> {
    match happening {
        PageEvent::Left => Some("waiting for the Tech Provider to open the page"),
        PageEvent::Clicked => {
            Some("waiting for what the Tech Provider does in the Facebook window")
        }
        PageEvent::Opened
        | PageEvent::Closed { .. }
        | PageEvent::PopupBlocked
        | PageEvent::Severed
        | PageEvent::Code
        | PageEvent::InApp
        | PageEvent::BadToken { .. }
        | PageEvent::Grant(_) => Some("waiting for the Tech Provider's click"),
        PageEvent::SdkBlocked
        | PageEvent::ErrorReported { .. }
        | PageEvent::LinkExpired
        | PageEvent::SdkStub { .. }
        | PageEvent::LinkRevoked
        | PageEvent::LinkUnattended
        | PageEvent::Previewed
        | PageEvent::TlsAtHttp
        | PageEvent::TicketTaken
        | PageEvent::TicketLate
        | PageEvent::Strangers(_) => None,
    }
}

/// What is waited for, and how long still.
fn with_countdown(doing: &str, end: Option<Instant>) -> String {
    let Some(end) = end else {
        return doing.to_owned();
    };
    let left = end.saturating_duration_since(Instant::now()).as_secs();
    format!("{doing}, {}:{:02} left", left / 60, left % 60)
}

fn too_late(deadline: Option<Duration>) -> Failure {
    let span = deadline.unwrap_or_default();
    let span = match span.as_secs() {
        secs if secs >= 60 && secs.is_multiple_of(60) => format!("{} min", secs / 60),
        secs => format!("{secs} s"),
    };
    Failure::new(Kind::Timeout, format!("no token came within {span}"))
        .hint("give it longer with --deadline 1h; with --for LABEL a public link stays the same")
}

/// Checks a token, and whether the apps that are needed were ticked.
pub(super) async fn check(
    ctx: &Context,
    session: &Session,
    grant: &Grant,
    needed: Option<&[AppId]>,
) -> Result<Result<UserSession, PageRefusal>, Failure> {
    ctx.redactor.know(grant.token.secret());
    let signed_by = match &grant.signed {
        Signed::Verified { user_id, .. } => Some(user_id),
        Signed::NotChecked => None,
    };
    let checked = match session.checker()?.user(&grant.token, signed_by).await {
        Ok(checked) => {
            checked.tell(&ctx.ui);
            checked
        }
        Err(error) => return Ok(Err(words::refusal(error))),
    };
    let apps = match needed {
        Some(needed) => ticked::apps(&session.graph, &grant.token, needed).await,
        None => Ok(None),
    };
    Ok(apps.map(|apps| user_session(grant, checked, apps)))
}

fn user_session(grant: &Grant, checked: CheckedUser, apps: Option<Vec<App>>) -> UserSession {
    let source = if grant.pasted {
        "the page, pasted"
    } else {
        "the page"
    };
    UserSession {
        token: grant.token.clone(),
        source: source.to_owned(),
        checked,
        apps,
    }
}

/// Takes a token on both sides. `label`: whose link it came by, where there are many.
pub(super) fn accept(ctx: &Context, catcher: &Catcher, visitor: VisitorId, label: Option<&str>) {
    catcher.judged(visitor, Verdict::Accepted);
    ctx.ui.status_as(
        Label::Good,
        &narration::at(label, "A token came and passed its check."),
        narration::with_label(label, json!({"event": "token_accepted"})),
    );
}

/// Refuses a token on both sides; the wait goes on.
pub(super) fn refuse(
    ctx: &Context,
    catcher: &Catcher,
    visitor: VisitorId,
    refusal: PageRefusal,
    label: Option<&str>,
) {
    catcher.judged(visitor, Verdict::Refused(refusal.reason));
    let failure = refusal.failure;
    let fields = json!({"event": "token_refused", "error": failure.object(&ctx.log)});
    ctx.ui.status_as(
        Label::Warning,
        &narration::at(
            label,
            &format!(
                "The token was refused: {}. The page says so; waiting on.",
                failure.line()
            ),
        ),
        narration::with_label(label, fields),
    );
}
