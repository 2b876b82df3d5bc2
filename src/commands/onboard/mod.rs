//! `mps onboard`: the whole way, from the Tech Provider's click to ACTIVE solutions and the hand-off.
//!
//! The one decision: all that can be wrong or missing is found before a browser opens.

mod drive;
mod plan;
mod played;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use futures_util::{StreamExt as _, stream};

use self::{
    drive::{Drive, rows_of},
    plan::PlanOptions,
    played::Played,
};

use super::{
    Output,
    args::{
        AppIdArg, PaceArgs, PasteArg, SolutionArgs, SystemTokenArg, UserTokenArg, not_our_own,
        one_reads_stdin,
    },
    input,
    rows::{self, AppRow},
};
use crate::{
    button::LastWord,
    context::{Context, Sourced, failure::Failure},
    engine::{Policy, choose::NameTemplate},
    exit::Kind,
    ids::AppId,
    journal::Goal,
    lang::Lang,
    sandbox::Sandbox,
    secret::{SystemToken, UserToken},
    session::{
        self, Listings, Needs, Session, progress_page::ProgressPage, run, shown, token_check,
        token_checker::Purpose,
    },
    sign_in::{self, PageArgs, ServedPage, StandIn},
    ui::epilogue::Epilogue,
};

/// Onboard a Tech Provider: token, apps, solutions created and accepted, hand-off
///
/// Serves the page with Meta's button (unless a user token is given), lists the apps that were granted,
/// shows the plan, creates a solution for each chosen app exactly once, accepts it, and writes the message
/// to the Tech Provider. Running it again continues what is unfinished and makes nothing twice.
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("token").args(["paste", "user_token_file"]),
    after_help = "Examples:\n  mps onboard --sandbox\n  mps onboard\n  mps onboard --all --yes --user-token-file token.txt --json\n  mps onboard --app-id 212022489970390 --no-accept"
)]
pub struct OnboardArgs {
    /// The Tech Provider's app; `-` reads ids or JSON lines from stdin (can be repeated)
    #[arg(long = "app-id", value_name = "ID", conflicts_with = "all")]
    app_ids: Vec<AppIdArg>,
    /// Every app that the Tech Provider granted, but those whose latest solution with us has ended
    #[arg(long)]
    all: bool,
    /// Say yes to the plan
    #[arg(short, long)]
    yes: bool,
    /// With --yes and the page: onboard whoever signs in, whatever apps they grant
    #[arg(long)]
    accept_anyone: bool,
    /// Stop at INITIATED; a colleague with the system token accepts
    #[arg(long)]
    no_accept: bool,
    /// Do not read the solutions before and after accepting, where Meta refuses the reading
    #[arg(long)]
    no_check: bool,
    /// Write the message to the Tech Provider to this file; `-`: to stdout instead of the ids
    #[arg(long, value_name = "FILE")]
    handoff: Option<PathBuf>,
    /// Show what would be done and send nothing that changes anything
    #[arg(long)]
    dry_run: bool,
    /// Try it all against the built-in stand-in for Meta, with no account and no token
    #[arg(long, conflicts_with = "paste")]
    sandbox: bool,
    #[command(flatten)]
    solution: SolutionArgs,
    #[command(flatten)]
    pace: PaceArgs,
    #[command(flatten)]
    page: PageArgs,
    #[command(flatten)]
    paste: PasteArg,
    #[command(flatten)]
    user: UserTokenArg,
    #[command(flatten)]
    system: SystemTokenArg,
}

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
    /// Whether it runs against the built-in stand-in.
    pub fn is_sandbox(&self) -> bool {
        self.sandbox
    }

    /// Onboards.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let mut prepared = self.prepare(ctx)?;
        let ctx = Arc::clone(&prepared.ctx);
        let partner = ctx.partner()?;
        let (app_ids, broken) =
            input::app_ids(&ctx, &self.app_ids, &partner, AppRow::Onboard).await?;
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
        let mut page = self.sign_in(&ctx, &mut session, &prepared).await?;
        let app = session.app()?.clone();

        let options = PlanOptions {
            app_ids: &prepared.app_ids,
            all: self.all,
            any: self.app_ids.is_empty() && !self.all,
            label: self.page.label.as_deref().unwrap_or_default(),
            template: &prepared.template,
            policy: &prepared.policy,
            dry_run: self.dry_run,
            yes: self.yes,
        };
        let planned = plan::plan(&ctx, &session, &options).await;
        let (plan, consent) = planned.inspect_err(|failure| {
            if let (Some(page), Kind::Declined) = (&mut page, failure.kind) {
                page.ends_with(ProgressPage::without_rows(LastWord::Declined));
            }
        })?;
        let Some(consent) = consent else {
            if let Some(page) = &mut page {
                page.ends_with(ProgressPage::without_rows(LastWord::Rehearsed));
            }
            let would = plan
                .apps
                .iter()
                .map(|app| rows::would_line(&ctx, &partner, app, AppRow::Onboard));
            let lines: Vec<_> = broken.into_iter().chain(would).map(Ok).collect();
            return Ok(rows_of(stream::iter(lines).boxed(), Epilogue::default()));
        };
        let drive = Drive {
            ctx,
            session,
            partner: app,
            policy: prepared.policy,
            consent,
            label: self.page.label,
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
        let policy = self.policy(&ctx)?;
        let sandbox = played.as_ref().map(|played| &played.sandbox);
        let (user, system) = match sandbox {
            Some(sandbox) => self.played_tokens(&ctx, sandbox),
            None if self.no_accept => (self.user.read(&ctx)?, self.system.read(&ctx)?),
            None => {
                let user = self.user.read(&ctx)?;
                let remedy = "or stop at INITIATED with --no-accept";
                (user, Some(self.system.required(&ctx, remedy)?))
            }
        };
        self.page.public(&ctx)?;
        let lang = shown::lang(&ctx, self.page.lang.as_deref())?;
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

    /// What the options ask of each app.
    fn policy(&self, ctx: &Context) -> Result<Policy, Failure> {
        let goal = if self.no_accept {
            Goal::Initiated
        } else {
            Goal::Active
        };
        Ok(Policy {
            messaging: self.solution.messaging(ctx)?,
            look: !self.solution.no_look,
            allow_duplicate: self.solution.allow_duplicate,
            pass_over_dead: self.all,
            rejects_surplus: goal == Goal::Active,
            check: !self.no_check,
            ..run::policy(ctx, goal)?
        })
    }

    /// What the system token is for.
    fn purpose(&self) -> Purpose {
        if self.no_accept {
            Purpose::Step
        } else {
            Purpose::Onboard
        }
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

    /// Somebody says yes to the plan, and to whose apps. `page`: the token comes from the page, where whoever reaches
    /// it can sign in; on localhost too, that is every user of this machine.
    fn check_consent(&self, ctx: &Context, page: bool) -> Result<(), Failure> {
        let page = page && !self.sandbox;
        if page && self.yes && self.app_ids.is_empty() && !self.accept_anyone {
            return Err(Failure::usage(
                "--yes would onboard whoever signs in at the page, and nobody said whose apps are meant",
            )
            .hint("name them with --app-id (not with --all), or take whoever comes with --accept-anyone"));
        }
        if !self.yes && !self.dry_run && !ctx.ui.can_ask() {
            return Err(Failure::usage(
                "onboard needs a yes to its plan, and there is nobody to ask",
            )
            .hint(if page {
                "add --yes with --app-id or --accept-anyone, or look first with --dry-run"
            } else {
                "add --yes with --app-id or --all, or look first with --dry-run"
            }));
        }
        Ok(())
    }

    /// Where no user token was given, it comes from the page, which then follows the run.
    async fn sign_in(
        &self,
        ctx: &Context,
        session: &mut Session,
        prepared: &Prepared,
    ) -> Result<Option<ServedPage>, Failure> {
        if session.user.is_some() {
            return Ok(None);
        }
        // The sandbox plays on this machine, where its Meta minds no plain http.
        let page = PageArgs {
            http: self.page.http || self.sandbox,
            ..self.page.clone()
        };
        let needed = Some(prepared.app_ids.as_slice());
        let stand_in = prepared.stand_in.clone();
        let caught = sign_in::catch(ctx, session, &page, needed, stand_in).await?;
        session.user = Some(caught.user);
        Ok(Some(caught.page))
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
