//! `mps create`: a solution for each of the Tech Provider's apps, left INITIATED.

use std::sync::Arc;

use clap::Args;
use futures_util::{StreamExt, stream};

use super::{
    Line, Output,
    args::{AppIdArg, PaceArgs, SolutionArgs, SystemTokenArg, UserTokenArg, one_reads_stdin},
    input, rows,
};
use crate::{
    context::{Context, Held, failure::Failure, missing, settings},
    engine::{choose::NameTemplate, look::Survey},
    ids::AppId,
    journal::Goal,
    secret::{SystemToken, UserToken},
    session::{
        self, Asked, Consent, Hands, RunFacts, naming,
        plan::{self, LookWishes, Surveyed, Wanted},
        token_check::Purpose,
    },
    ui::emit::Rows,
};

/// Create a solution for each of the Tech Provider's apps
///
/// Each solution is created exactly once and left INITIATED; `mps accept` makes it ACTIVE. An app that
/// already has a live solution with our app is not touched: its solution is reported as `existing`,
/// whatever its name. Prints one solution id per line in a pipe.
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("apps").args(["app_ids", "all"]).required(true),
    after_help = "Examples:\n  mps create --app-id 212022489970390\n  mps create --all --dry-run\n  mps create --app-id 212022489970390 | mps accept"
)]
pub struct CreateArgs {
    /// The Tech Provider's app; `-` reads ids or JSON lines from stdin (can be repeated)
    #[arg(long = "app-id", value_name = "ID")]
    app_ids: Vec<AppIdArg>,
    /// Every app that the Tech Provider granted, but those whose latest solution with us has ended
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    solution: SolutionArgs,
    /// Show what would be done and send nothing that changes anything
    #[arg(long)]
    dry_run: bool,
    /// Say yes to the plan
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    pace: PaceArgs,
    #[command(flatten)]
    user: UserTokenArg,
    #[command(flatten)]
    system: SystemTokenArg,
}

impl CreateArgs {
    /// Creates them.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        self.claim(ctx)?;
        let partner = ctx.partner()?;
        let template = self.solution.template(ctx)?;
        let at_once = self.pace.at_once(ctx)?;
        let asked = Asked {
            goal: Goal::Initiated,
            messaging: self.solution.messaging(ctx)?,
            look: !self.solution.no_look,
            allow_duplicate: self.solution.allow_duplicate,
            pass_over_dead: self.all,
            check: true,
        };
        let user = self.user_token(ctx)?;
        let system = ctx.system_token(self.system.system_token_file.as_deref())?;
        ctx.app_secret()?;
        let (ids, broken) = input::app_ids(ctx, &self.app_ids, &partner, false).await?;
        let wanted = Wanted { ids, all: self.all };
        self.pace.apply(ctx);
        let looking = look(ctx, (user, system), &wanted, &template, &asked);
        let (hands, surveyed) = session::unless_stopped(ctx, looking).await?;
        let several = surveyed.items.len() + broken.len() > 1;
        let head = hands.head(ctx, &asked, surveyed.reads);
        if several || self.dry_run {
            let asked = several && !self.dry_run && !self.yes && ctx.ui.can_ask();
            plan::show(&ctx.ui, &head, &surveyed.items, asked);
        }
        if self.dry_run {
            let items = surveyed.items.iter();
            let would = items.map(|item| rows::would_line(&partner, item, false));
            let lines: Vec<_> = broken.into_iter().chain(would).map(Ok).collect();
            return Ok(rows_of(stream::iter(lines).boxed()));
        }
        let consent = self.confirm(ctx, &surveyed.items, several).await?;
        let jobs: Vec<_> = surveyed.items.into_iter().map(|item| item.job).collect();
        let known = rows::KnownSolutions::default();
        let run = RunFacts {
            consent,
            link_label: None,
            apps: jobs.len(),
            also: Some(known.hear(None)),
            survey: match consent {
                // A person took their time; what was seen before they answered may be old.
                Consent::Prompt if asked.look => {
                    session::unless_stopped(ctx, fresh(&hands, &jobs)).await?
                }
                _ => surveyed.survey,
            },
        };
        let engine = hands.engine(ctx, &asked, run)?;
        let ended = session::start(engine, jobs, at_once).await?;
        let rest = Arc::clone(ctx);
        let broken = stream::iter(broken.into_iter().map(Ok));
        let lines = ended.map(move |(app, ended)| {
            Ok(rows::app_line(
                &rest,
                &known,
                &partner,
                &app,
                ended.map_err(Failure::from),
                false,
                several,
            ))
        });
        Ok(rows_of(broken.chain(lines).boxed()))
    }

    /// Two readers of stdin are wrong usage before either has read.
    fn claim(&self, ctx: &Context) -> Result<(), Failure> {
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
        )
    }

    /// The Tech Provider's token, which nothing here goes without.
    fn user_token(&self, ctx: &Context) -> Result<Held<UserToken>, Failure> {
        let remedy = "it comes from the Tech Provider's click: mps serve-button";
        ctx.user_token(self.user.user_token_file.as_deref())?
            .ok_or_else(|| missing(settings::USER_TOKEN, remedy))
    }

    /// Asks, where there are several apps and a person.
    async fn confirm(
        &self,
        ctx: &Context,
        items: &[plan::Item],
        several: bool,
    ) -> Result<Consent, Failure> {
        if !several {
            return Ok(Consent::Arguments);
        }
        let question = plan::question(items, Goal::Initiated);
        session::confirm(ctx, &question, self.yes, false).await
    }
}

/// Who is who, which apps were granted, and what exists with us: all that is read before the plan.
async fn look(
    ctx: &Context,
    (user, system): (Held<UserToken>, Option<Held<SystemToken>>),
    wanted: &Wanted,
    template: &NameTemplate,
    asked: &Asked,
) -> Result<(Hands, Surveyed), Failure> {
    let mut hands = Hands::gather(ctx, system, Purpose::Step).await?;
    let token = user.token.clone();
    hands.take_user(ctx, user).await?;
    let granted = plan::granted(&hands.graph, &token).await?;
    let apps = plan::select(&granted, wanted, &hands.partner)?;
    let date = jiff::Timestamp::now().strftime("%F").to_string();
    let base = naming::NameBase {
        partner_name: &hands.partner_name,
        partner: &hands.partner,
        label: "",
        date: &date,
    };
    let jobs = naming::jobs(apps, template, &base)?;
    let wishes = LookWishes {
        look: asked.look,
        allow_duplicate: asked.allow_duplicate,
        pass_over_dead: asked.pass_over_dead,
    };
    let surveyed = plan::survey(hands.looker(), jobs, wishes).await?;
    Ok((hands, surveyed))
}

/// What is on our side now.
async fn fresh(hands: &Hands, jobs: &[crate::engine::create::Job]) -> Result<Survey, Failure> {
    let owners: Vec<AppId> = jobs.iter().map(|job| job.app.id.clone()).collect();
    Ok(hands.looker().survey(&owners).await?)
}

fn rows_of(lines: stream::BoxStream<'static, Result<Line, Failure>>) -> Output {
    Output::Rows(Rows::of::<rows::CreateRecord>(lines, "Nothing to do."))
}
