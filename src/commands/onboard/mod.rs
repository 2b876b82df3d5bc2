//! `mps onboard`: the whole way, from the Tech Provider's click to ACTIVE solutions and the hand-off.
//!
//! The one decision: all that can be wrong or missing is found before a browser opens.

mod args;
mod drive;
mod expectation;
mod from;
mod messages;
mod plan;
mod played;

use std::{path::Path, sync::Arc};

use futures_util::{StreamExt as _, stream};

pub use self::args::OnboardArgs;

use self::{
    drive::{Drive, rows_of},
    plan::PlanOptions,
    played::Played,
};

use super::{
    Output,
    args::{AppIdArg, not_our_own, one_reads_stdin},
    input,
    rows::{self, AppRow, RowOrigin},
};
use crate::{
    button::LastWord,
    context::{Context, Sourced, failure::Failure},
    engine::{Policy, choose::NameTemplate},
    exit::Kind,
    ids::AppId,
    journal::LinkLabel,
    lang::Lang,
    sandbox::Sandbox,
    secret::{SystemToken, UserToken},
    session::{self, Listings, Needs, Session, progress_page::ProgressPage, shown, token_check},
    sign_in::{self, PageArgs, ServedPage, StandIn},
    ui::epilogue::Epilogue,
};

/// What is resolved before anything is sent or any page is opened.
struct Prepared {
    ctx: Arc<Context>,
    policy: Policy,
    template: NameTemplate,
    lang: Lang,
    at_once: usize,
    user: Option<Sourced<UserToken>>,
    system: Option<Sourced<SystemToken>>,
    stand_in: Option<StandIn>,
    app_ids: Vec<AppId>,
    /// Lives as long as the run.
    played: Option<Played>,
}

impl OnboardArgs {
    /// Onboards.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        self.scope.apply(ctx);
        if let Some(file) = &self.probe {
            ctx.probe.start(file)?;
        }
        if let Some(file) = self.from.clone() {
            return from::onboard(self, ctx, &file).await;
        }
        Box::pin(self.expecting(ctx)?.onboard(ctx)).await
    }

    /// Onboards one Tech Provider.
    async fn onboard(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let row = AppRow::Onboard(RowOrigin::of(
            self.page.label.as_ref().map(ToString::to_string),
        ));
        let mut prepared = self.prepare(ctx)?;
        let ctx = Arc::clone(&prepared.ctx);
        let partner = ctx.partner()?;
        let (app_ids, broken) = input::app_ids(&ctx, &self.app_ids, &partner, &row).await?;
        prepared.app_ids = app_ids;
        if let Some(token) = self.paste.token(&ctx).await? {
            let source = "--paste".to_owned();
            prepared.user = Some(Sourced { token, source });
        }
        self.pace.apply(&ctx);
        if let (Some(user), Some(system), false) =
            (&prepared.user, &prepared.system, self.no_accept)
        {
            token_check::must_differ(&user.token, &system.token)?;
        }
        let listings = match &prepared.user {
            Some(_) => Listings::of(&ctx, &prepared.policy, &partner, &prepared.app_ids)?,
            None => Listings::default(),
        };
        let needs = Needs {
            listings,
            user: prepared.user.take(),
            system: prepared.system.take(),
            purpose: self.purpose(),
            ..Needs::default()
        };
        let mut session = session::unless_stopped(&ctx, Session::open(&ctx, needs)).await?;
        let mut page = self.sign_in(&ctx, &mut session, &prepared, None).await?;
        let app = session.app()?.clone();

        let options = PlanOptions {
            app_ids: &prepared.app_ids,
            all: self.all,
            any: self.app_ids.is_empty() && !self.all,
            label: self.page.label.as_ref().map_or("", LinkLabel::as_str),
            template: &prepared.template,
            policy: &prepared.policy,
            dry_run: self.dry_run,
            yes: self.yes,
        };
        let (plan, consent) = loop {
            match (plan::plan(&ctx, &mut session, &options).await, page.take()) {
                (Err(failure), Some(mut declined)) if failure.kind == Kind::Declined => {
                    declined.ends_with(ProgressPage::without_rows(LastWord::Declined));
                    page = self
                        .sign_in(&ctx, &mut session, &prepared, Some(declined))
                        .await?;
                }
                (planned, served) => {
                    page = served;
                    break planned?;
                }
            }
        };
        let Some(consent) = consent else {
            if let Some(page) = &mut page {
                page.ends_with(ProgressPage::without_rows(LastWord::Rehearsed));
            }
            let would = plan.lines(move |app| {
                let line = rows::would_line(&ctx, &partner, app, &row);
                session::plan::row_below(&ctx, line)
            });
            let lines = broken.into_iter().chain(would).map(Ok);
            return Ok(rows_of(stream::iter(lines).boxed(), Epilogue::default()));
        };
        let drive = Drive {
            ctx,
            session,
            partner: app,
            policy: prepared.policy,
            consent,
            label: self.page.label.map(|label| label.to_string()),
            lang: prepared.lang,
            at_once: prepared.at_once,
            handoff: self.handoff,
            no_accept: self.no_accept,
            broken,
            epilogue: Epilogue::default(),
            played: prepared.played,
        };
        Ok(drive.output(plan, page).await)
    }

    /// Who writes to stdout, who reads stdin, and whether the message's file can be written.
    fn check_streams(&self, ctx: &Context) -> Result<(), Failure> {
        if self.handoff.as_deref() == Some(Path::new("-")) && ctx.ui.json() {
            return Err(Failure::usage("--handoff - and --json both want stdout"));
        }
        if let Some(file) = self
            .handoff
            .as_deref()
            .filter(|file| *file != Path::new("-"))
        {
            writable(file)?;
        }
        if !self.sandbox {
            let ids_on_stdin = AppIdArg::readers(&self.app_ids);
            let secrets = [self.user.reader(), self.system.reader()];
            one_reads_stdin(ctx, &secrets, &ids_on_stdin)?;
        }
        self.paste.claim(ctx)
    }

    /// All that can be wrong or missing.
    fn prepare(&self, ctx: &Arc<Context>) -> Result<Prepared, Failure> {
        self.check_streams(ctx)?;
        let played = self.sandbox.then(|| Played::start(ctx)).transpose()?;
        let ctx = match &played {
            Some(played) => Arc::new(played.turn(ctx)),
            None => Arc::clone(ctx),
        };
        let partner = ctx.partner()?;
        let typed: Vec<AppId> = self.app_ids.iter().filter_map(AppIdArg::id).collect();
        not_our_own(&typed, &partner)?;
        let policy = self.policy(&ctx, &self.solution)?;
        let sandbox = played.as_ref().map(|played| &played.sandbox);
        let (user, system) = match sandbox {
            Some(sandbox) => self.played_tokens(&ctx, sandbox),
            None => (self.user_token(&ctx)?, self.system_token(&ctx)?),
        };
        self.page.door.public(&ctx)?;
        let lang = shown::lang(&ctx, self.page.door.lang.as_deref(), None)?;
        let page = user.is_none() && !self.paste.paste;
        self.check_consent(&ctx, page)?;
        if !self.dry_run {
            // A journal that cannot be written is known before the Tech Provider is asked to click.
            ctx.journal()?;
        }
        let stand_in = sandbox.map(|sandbox| StandIn {
            js: sandbox.sdk_js(),
            origin: sandbox.url().to_owned(),
        });
        let (template, at_once) = (self.solution.template(&ctx)?, self.pace.at_once(&ctx)?);
        Ok(Prepared {
            ctx,
            policy,
            template,
            lang,
            at_once,
            user,
            system,
            stand_in,
            app_ids: Vec::new(),
            played,
        })
    }

    /// The stand-in's tokens; that of the Tech Provider only where the stand-in plays them too.
    fn played_tokens(
        &self,
        ctx: &Context,
        sandbox: &Sandbox,
    ) -> (Option<Sourced<UserToken>>, Option<Sourced<SystemToken>>) {
        ctx.redactor.know(sandbox.system_token().secret());
        ctx.redactor.know(sandbox.user_token().secret());
        let plays = self.all && self.yes;
        let user = plays.then(|| Sourced {
            token: sandbox.user_token().clone(),
            source: "the sandbox".to_owned(),
        });
        let system = Sourced {
            token: sandbox.system_token().clone(),
            source: "the sandbox".to_owned(),
        };
        (user, Some(system))
    }

    /// Where no user token was given, it comes from the page, which then follows the run. `declined`: the page of a
    /// visitor to whose plan the operator said no; it stays open for the next.
    async fn sign_in(
        &self,
        ctx: &Context,
        session: &mut Session,
        prepared: &Prepared,
        declined: Option<ServedPage>,
    ) -> Result<Option<ServedPage>, Failure> {
        let (args, needed) = (self.page_args(), Some(prepared.app_ids.as_slice()));
        let caught = match declined {
            Some(page) => sign_in::catch_another(ctx, session, &args, needed, page).await?,
            None if session.user.is_some() => return Ok(None),
            None => {
                let stand_in = prepared.stand_in.clone();
                sign_in::catch(ctx, session, &args, needed, stand_in).await?
            }
        };
        session.user = Some(caught.user);
        Ok(Some(caught.page))
    }

    /// The sandbox plays on this machine, where its Meta minds no plain http.
    fn page_args(&self) -> PageArgs {
        let mut page = self.page.clone();
        page.door.http |= self.sandbox;
        page
    }
}

/// Whether the message can be written, before anybody is asked to click.
fn writable(file: &Path) -> Result<(), Failure> {
    let opened = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(file);
    opened.map(drop).map_err(|error| {
        Failure::io(
            format!("--handoff: cannot write {}", file.display()),
            &error,
        )
    })
}
