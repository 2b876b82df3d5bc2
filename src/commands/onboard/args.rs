//! The options of `mps onboard`, and what follows from them alone.

use std::path::PathBuf;

use clap::Args;

use crate::{
    commands::args::{
        AppIdArg, PaceArgs, PasteArg, ScopeArg, SolutionArgs, SystemTokenArg, UserTokenArg,
    },
    context::{Context, Sourced, failure::Failure},
    engine::Policy,
    journal::Goal,
    secret::{SystemToken, UserToken},
    session::{run, token_checker::Purpose},
    sign_in::PageArgs,
};

/// Onboard a Tech Provider: token, apps, solutions created and accepted, hand-off
///
/// Serves the page with Meta's button (unless a user token is given), lists the apps that were granted,
/// shows the plan, creates a solution for each chosen app exactly once, accepts it, and writes the message
/// to the Tech Provider. Running it again continues what is unfinished and makes nothing twice.
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("token").args(["paste", "user_token_file"]),
    after_help = "Examples:\n  mps onboard --sandbox\n  mps onboard\n  mps onboard --all --yes --user-token-file token.txt --json\n  mps onboard --app-id 212022489970390 --no-accept\n  mps onboard --for lucky-shrub --public-url https://onboarding.example.com\n  mps onboard --from tech-providers.csv --yes --json"
)]
pub struct OnboardArgs {
    /// The Tech Provider's app; `-` reads ids or JSON lines from stdin (can be repeated)
    #[arg(long = "app-id", value_name = "ID", conflicts_with = "all")]
    pub(super) app_ids: Vec<AppIdArg>,
    /// Several Tech Providers whose user tokens are there: a file with a line each, CSV or JSON, with `ref` (the label), `user_token_file` and `app_ids`; `-` for stdin
    #[arg(long, value_name = "FILE", conflicts_with_all = ["app_ids", "token", "handoff", "sandbox", "label", "public_url",
        "cert", "http", "listen", "accept_anyone"])]
    pub(super) from: Option<PathBuf>,
    /// Every app that the Tech Provider granted, but those whose latest solution with us has ended
    #[arg(long)]
    pub(super) all: bool,
    /// Say yes to the plan
    #[arg(short, long)]
    pub(super) yes: bool,
    /// With --yes and the page: onboard whoever signs in, whatever apps they grant
    #[arg(long)]
    pub(super) accept_anyone: bool,
    /// Stop at INITIATED; a colleague with the system token accepts
    #[arg(long)]
    pub(super) no_accept: bool,
    /// Do not read the solutions before and after accepting, where Meta refuses the reading
    #[arg(long)]
    pub(super) no_check: bool,
    /// Write the message to the Tech Provider to this file; `-`: to stdout instead of the ids
    #[arg(long, value_name = "FILE")]
    pub(super) handoff: Option<PathBuf>,
    /// Write to this file what Meta answered to what nobody outside Meta knows yet, without tokens, names and ids
    #[arg(long, value_name = "FILE")]
    pub(super) probe: Option<PathBuf>,
    /// Show what would be done and send nothing that changes anything
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Try it all against the built-in stand-in for Meta, with no account and no token
    #[arg(long, conflicts_with = "paste")]
    pub(super) sandbox: bool,
    #[command(flatten)]
    pub(super) solution: SolutionArgs,
    #[command(flatten)]
    pub(super) pace: PaceArgs,
    #[command(flatten)]
    pub(super) page: PageArgs,
    #[command(flatten)]
    pub(super) paste: PasteArg,
    #[command(flatten)]
    pub(super) user: UserTokenArg,
    #[command(flatten)]
    pub(super) scope: ScopeArg,
    #[command(flatten)]
    pub(super) system: SystemTokenArg,
}

impl OnboardArgs {
    /// Whether it runs against the built-in stand-in.
    pub fn is_sandbox(&self) -> bool {
        self.sandbox
    }

    /// The Tech Provider's token, unless the page is asked for: what is typed beats what environment and profile hold.
    pub(super) fn user_token(&self, ctx: &Context) -> Result<Option<Sourced<UserToken>>, Failure> {
        let found = self.user.read(ctx)?;
        let typed = if self.paste.paste {
            Some("--paste")
        } else {
            self.page.asks_for_page()
        };
        let (Some(token), Some(option), None) = (&found, typed, &self.user.user_token_file) else {
            if found.is_some() {
                self.tell_what_is_idle(ctx);
            }
            return Ok(found);
        };
        let instead = if self.paste.paste {
            "the token that is pasted counts"
        } else {
            "the page is served"
        };
        ctx.ui.warning(&format!(
            "{} is set and passed over: {option} was typed, so {instead}",
            token.source
        ));
        Ok(None)
    }

    /// With a token there is no page, whatever was typed of it. A label says whose the token is.
    fn tell_what_is_idle(&self, ctx: &Context) {
        let door = &self.page.door;
        let login = door.login_config_id.as_ref().map(|_| "--login-config-id");
        if let Some(option) = door.asks_for_page().or(login) {
            ctx.ui.warning(&format!(
                "{option} has no use: a user token is given, so no page is served"
            ));
        }
    }

    /// Our token, which only `--no-accept` can do without.
    pub(super) fn system_token(
        &self,
        ctx: &Context,
    ) -> Result<Option<Sourced<SystemToken>>, Failure> {
        if self.no_accept {
            return self.system.read(ctx);
        }
        let remedy = "or stop at INITIATED with --no-accept";
        self.system.required(ctx, remedy).map(Some)
    }

    /// What the options ask of each app.
    pub(super) fn policy(&self, ctx: &Context, solution: &SolutionArgs) -> Result<Policy, Failure> {
        let goal = if self.no_accept {
            Goal::Initiated
        } else {
            Goal::Active
        };
        Ok(Policy {
            messaging: solution.messaging(ctx)?,
            look: !self.solution.no_look,
            allow_duplicate: self.solution.allow_duplicate,
            pass_over_dead: self.all,
            rejects_surplus: goal == Goal::Active,
            check: !self.no_check,
            ..run::policy(ctx, goal)?
        })
    }

    /// What the system token is for.
    pub(super) fn purpose(&self) -> Purpose {
        if self.no_accept {
            Purpose::Step
        } else {
            Purpose::Onboard
        }
    }

    /// Somebody says yes to the plan, and to whose apps. `page`: the token comes from the page, where whoever reaches
    /// it can sign in; on localhost too, that is every user of this machine.
    pub(super) fn check_consent(&self, ctx: &Context, page: bool) -> Result<(), Failure> {
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
            } else if self.from.is_some() {
                "add --yes, or look first with --dry-run"
            } else {
                "add --yes with --app-id or --all, or look first with --dry-run"
            }));
        }
        Ok(())
    }
}
