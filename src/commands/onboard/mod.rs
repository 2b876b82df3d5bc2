//! `mps onboard`: the whole way, from the Tech Provider's click to ACTIVE solutions and the hand-off.
//!
//! The one decision: all that can be wrong or missing is found before a browser opens.

mod drive;
mod plan;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use futures_util::stream;
use tempfile::TempDir;

use super::{
    Line, Output,
    args::{
        AppIdArg, PaceArgs, PasteArg, SolutionArgs, SystemTokenArg, UserTokenArg, not_our_own,
        one_reads_stdin,
    },
    input, rows,
};
use crate::{
    context::{Context, Held, failure::Failure, missing, run_log::private_dir, settings},
    engine::choose::NameTemplate,
    ids::AppId,
    journal::Goal,
    sandbox::{self, Sandbox},
    secret::{SystemToken, UserToken},
    session::{
        self, Asked, Hands,
        progress_page::Following,
        token_check::{self, Purpose},
    },
    sign_in::{self, Page, PageArgs, StandIn},
    ui::emit::{Epilogue, Rows},
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

/// How many apps the imaginary Tech Provider has.
const STAND_IN_APPS: usize = 3;

/// The stand-in of a run, and the state directory that goes with it: what was done there means nothing later.
struct Played {
    sandbox: Sandbox,
    state: TempDir,
}

/// The Tech Provider's token and ours.
type Tokens = (Option<Held<UserToken>>, Option<Held<SystemToken>>);

/// What is resolved before anything is sent or any page is opened.
struct Resolved {
    ctx: Arc<Context>,
    asked: Asked,
    template: NameTemplate,
    at_once: usize,
    user: Option<Held<UserToken>>,
    system: Option<Held<SystemToken>>,
    stand_in: Option<StandIn>,
    app_ids: Vec<AppId>,
    /// Rows of items that failed upstream.
    broken: Vec<Line>,
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
        let mut resolved = self.resolve(ctx)?;
        let ctx = Arc::clone(&resolved.ctx);
        let partner = ctx.partner()?;
        (resolved.app_ids, resolved.broken) =
            input::app_ids(&ctx, &self.app_ids, &partner, true).await?;
        if let Some(token) = self.paste.token(&ctx).await? {
            let source = "--paste".to_owned();
            resolved.user = Some(Held { token, source });
        }
        self.pace.apply(&ctx);
        if let (Some(user), Some(system), false) =
            (&resolved.user, &resolved.system, self.no_accept)
        {
            token_check::must_differ(&user.token, &system.token)?;
        }
        let gathering = Hands::gather(&ctx, resolved.system.clone(), self.purpose());
        let mut hands = session::unless_stopped(&ctx, gathering).await?;
        let page = self.token(&ctx, &mut hands, &resolved).await?;
        let partner_name = hands.partner_name.clone();
        let outcome = self
            .plan_and_start(&ctx, hands, resolved, partner, page)
            .await;
        match outcome {
            Ok(output) => Ok(output),
            Err((failure, page)) => {
                if let Some(page) = page {
                    let _ = page.news().send(Following::ended(&failure, &partner_name));
                    page.close().await;
                }
                Err(failure)
            }
        }
    }

    /// What the system token is for.
    fn purpose(&self) -> Purpose {
        if self.no_accept {
            Purpose::Step
        } else {
            Purpose::Onboard
        }
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
            one_reads_stdin(
                ctx,
                &[
                    (settings::USER_TOKEN, self.user.user_token_file.as_deref()),
                    (
                        settings::SYSTEM_TOKEN,
                        self.system.system_token_file.as_deref(),
                    ),
                ],
                &AppIdArg::readers(&self.app_ids),
            )?;
        }
        self.paste.claim(ctx)
    }

    /// All that can be wrong or missing.
    fn resolve(&self, ctx: &Arc<Context>) -> Result<Resolved, Failure> {
        self.check_streams(ctx)?;
        let played = self.sandbox.then(|| Played::start(ctx)).transpose()?;
        let ctx = match &played {
            Some(played) => Arc::new(played.turn(ctx)),
            None => Arc::clone(ctx),
        };
        let partner = ctx.partner()?;
        let typed: Vec<AppId> = self.app_ids.iter().filter_map(AppIdArg::id).collect();
        not_our_own(&typed, &partner)?;
        let asked = self.asked(&ctx)?;
        let sandbox = played.as_ref().map(|played| &played.sandbox);
        let (user, system) = match sandbox {
            Some(sandbox) => self.played_tokens(&ctx, sandbox),
            None => (
                ctx.user_token(self.user.user_token_file.as_deref())?,
                ctx.system_token(self.system.system_token_file.as_deref())?,
            ),
        };
        if system.is_none() && !self.no_accept {
            return Err(missing(
                settings::SYSTEM_TOKEN,
                "or stop at INITIATED with --no-accept",
            ));
        }
        self.page.public(&ctx)?;
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
        Ok(Resolved {
            ctx,
            asked,
            template,
            at_once,
            user,
            system,
            stand_in,
            app_ids: Vec::new(),
            broken: Vec::new(),
            played,
        })
    }

    /// What the options ask of each app.
    fn asked(&self, ctx: &Context) -> Result<Asked, Failure> {
        Ok(Asked {
            goal: if self.no_accept {
                Goal::Initiated
            } else {
                Goal::Active
            },
            messaging: self.solution.messaging(ctx)?,
            look: !self.solution.no_look,
            allow_duplicate: self.solution.allow_duplicate,
            pass_over_dead: self.all,
            check: !self.no_check,
        })
    }

    /// The stand-in's tokens; that of the Tech Provider only where the stand-in plays them too.
    fn played_tokens(&self, ctx: &Context, sandbox: &Sandbox) -> Tokens {
        ctx.redactor.know(sandbox.system_token().secret());
        ctx.redactor.know(sandbox.user_token().secret());
        let plays = self.all && self.yes;
        let user = plays.then(|| Held {
            token: sandbox.user_token().clone(),
            source: "the sandbox".to_owned(),
        });
        let system = Held {
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

    /// The Tech Provider's token: given, or from the page.
    async fn token(
        &self,
        ctx: &Context,
        hands: &mut Hands,
        resolved: &Resolved,
    ) -> Result<Option<Page>, Failure> {
        if let Some(held) = &resolved.user {
            session::unless_stopped(ctx, hands.take_user(ctx, held.clone())).await?;
            return Ok(None);
        }
        // The sandbox plays on this machine, where its Meta minds no plain http.
        let page = PageArgs {
            http: self.page.http || self.sandbox,
            ..self.page.clone()
        };
        let caught = sign_in::catch(
            ctx,
            hands,
            &page,
            Some(&resolved.app_ids),
            resolved.stand_in.clone(),
        )
        .await?;
        hands.user = Some(caught.hand());
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

/// A directory that only its owner can enter, and that goes with its guard.
fn passing_dir(folder: &Path) -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(folder)
}

impl Played {
    /// Starts the stand-in.
    fn start(ctx: &Context) -> Result<Self, Failure> {
        let folder = ctx.state_dir()?.join("sandbox");
        let state = private_dir(&folder)
            .and_then(|()| passing_dir(&folder))
            .map_err(|error| Failure::io("could not make the sandbox's state directory", &error))?;
        let config = sandbox::SandboxConfig {
            apps: STAND_IN_APPS,
            ..sandbox::SandboxConfig::default()
        };
        let sandbox = Sandbox::start(config)
            .map_err(|error| Failure::io("could not start the sandbox", &error))?;
        Ok(Self { sandbox, state })
    }

    /// The same tools, turned to the stand-in.
    fn turn(&self, ctx: &Context) -> Context {
        ctx.for_sandbox(
            self.sandbox.url(),
            self.sandbox.partner_app_id(),
            self.sandbox.app_secret().clone(),
            self.state.path().to_owned(),
        )
    }
}

/// Rows of apps.
fn rows_of(lines: stream::BoxStream<'static, Result<Line, Failure>>, epilogue: Epilogue) -> Output {
    Output::Rows(Rows {
        epilogue,
        ..Rows::of::<rows::OnboardRecord>(lines, "Nothing to do.")
    })
}
