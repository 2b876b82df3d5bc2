//! Catches the Tech Provider's token: serves the page, tells the operator what happens at it, and lets
//! only a token that passed its check end the wait.
//!
//! The one decision: the operator is on the phone with the Tech Provider, so the terminal is never mute.
//! Every happening is a line, a refused token is refused on both sides with its reason, and the wait goes on.

mod args;
mod served_page;
mod ticked;
pub mod words;

use std::time::{Duration, Instant};

use serde_json::json;

use self::{ticked::PageRefusal, words::Announcement};
use crate::{
    button::{
        Catcher, Grant, LastWord, NoteKind, PageEvent, PagePurpose, ReachabilityProbe, Signed,
        Verdict,
    },
    context::{Context, failure::Failure, settings},
    exit::Kind,
    graph::{self, App, Route},
    ids::AppId,
    session::{
        self, Session, UserSession, progress_page::ProgressPage, token_checker::CheckedUser,
    },
    ui::{
        Label,
        browser::{self, BrowserVisibility},
    },
};

pub use self::{args::PageArgs, served_page::ServedPage};

/// How long a fetch of the page's own public address, or of a sandbox's script, may take.
const FETCH: Duration = Duration::from_secs(10);

/// The sandbox's SDK, and the origin of its dialog.
#[derive(Debug, Clone)]
pub struct StandIn {
    /// The script.
    pub js: String,
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
}

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
    let last_words = match story {
        PagePurpose::Onboard => Some(ProgressPage::without_rows(LastWord::BrokenOff)),
        PagePurpose::ServeButton => None,
    };
    let mut catcher = Catcher::bind(args.config(ctx, session, story, stand_in)?).await?;
    announce(ctx, &catcher, args).await?;
    if plays {
        ctx.ui.status(
            "In the sandbox you play the Tech Provider: open it, press the button, choose apps, confirm.",
        );
    }
    let waiting = wait(ctx, session, &mut catcher, needed, args.deadline.0).await;
    match waiting {
        Ok((grant, user)) => Ok(Caught {
            grant,
            user,
            page: ServedPage::keep(ctx, catcher, last_words),
        }),
        Err(failure) => {
            catcher.close(Duration::ZERO).await;
            Err(failure)
        }
    }
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
    let script = graph::fetch(&url, None, FETCH, &Route::Direct).await.ok();
    Ok(script
        .filter(|(status, _)| *status == 200)
        .and_then(|(_, body)| String::from_utf8(body).ok())
        .map(|js| StandIn { js, origin }))
}

/// The URL first, then whatever helps to reach it; a browser last.
async fn announce(ctx: &Context, catcher: &Catcher, args: &PageArgs) -> Result<(), Failure> {
    let unreachable = match catcher.probe() {
        Some(probe) => unreachable(ctx, &probe).await?,
        None => None,
    };
    let url = catcher.url();
    ctx.ui.banner_as(
        Label::Strong,
        &format!("Open this page: {url}"),
        json!({"event": "page_ready", "url": url}),
    );
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
        BrowserVisibility::Here
            if !args.no_open && catcher.probe().is_none() && !browser::open(catcher.url()) =>
        {
            ctx.ui
                .status("No browser could be started; open the address yourself.");
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
        () = ctx.stop.wait() => return Err(interrupted()),
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

fn interrupted() -> Failure {
    Failure::new(Kind::Interrupted, "interrupted before a token came")
}

async fn wait(
    ctx: &Context,
    session: &Session,
    catcher: &mut Catcher,
    needed: Option<&[AppId]>,
    deadline: Option<Duration>,
) -> Result<(Grant, UserSession), Failure> {
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
            () = ctx.stop.wait() => return Err(interrupted()),
            happening = catcher.next() => happening,
            () = over => return Err(too_late(deadline)),
            _ = second.tick() => {
                task.say(with_countdown(doing, end));
                continue;
            }
        };
        ctx.log
            .add("button", json!({"happening": happening.kind()}));
        doing = doing_after(&happening).unwrap_or(doing);
        match happening {
            PageEvent::Grant(grant) => {
                task.say("checking the token");
                let check = check(ctx, session, &grant, needed);
                match session::unless_stopped(ctx, check).await? {
                    Ok(user) => {
                        accept(ctx, catcher);
                        return Ok((*grant, user));
                    }
                    Err(refusal) => refuse(ctx, catcher, refusal),
                }
            }
            PageEvent::Stranger { .. } if ctx.ui.verbose() == 0 => {}
            other => {
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
        | PageEvent::BadToken { .. }
        | PageEvent::Grant(_) => Some("waiting for the Tech Provider's click"),
        PageEvent::SdkBlocked
        | PageEvent::ErrorReported { .. }
        | PageEvent::LinkExpired
        | PageEvent::Stranger { .. } => None,
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
async fn check(
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
        Ok(checked) => checked,
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

fn accept(ctx: &Context, catcher: &Catcher) {
    catcher.judged(Verdict::Accepted);
    ctx.ui.status_as(
        Label::Good,
        "A token came and passed its check.",
        json!({"event": "token_accepted"}),
    );
}

/// Refuses a token on both sides; the wait goes on.
fn refuse(ctx: &Context, catcher: &Catcher, refusal: PageRefusal) {
    catcher.judged(Verdict::Refused(refusal.reason));
    let failure = refusal.failure;
    let fields = json!({"event": "token_refused", "error": failure.object(&ctx.log)});
    ctx.ui.status_as(
        Label::Warning,
        &format!(
            "The token was refused: {}. The page says so; waiting on.",
            failure.line()
        ),
        fields,
    );
}
