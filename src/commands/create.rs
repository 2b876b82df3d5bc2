//! `mps create`: a solution for each of the Tech Provider's apps, left INITIATED.

use std::sync::Arc;

use clap::Args;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    Line, Output,
    args::{PaceArgs, SolutionArgs, SystemTokenArg, UserTokenArg, not_our_own, one_reads_stdin},
    input::{self, Item},
    rows,
};
use crate::{
    context::{Context, Held, missing},
    hands::{self, Asked, Hands, RunFacts},
    ids::AppId,
    journal::Goal,
    naming,
    onboarding::look::Survey,
    planning::{self, LookWishes, Wanted},
    report::Failure,
    secret::UserToken,
    settings,
    ui::emit::{Epilogue, Rows},
};

/// Create a solution for each of the Tech Provider's apps
///
/// Each solution is created exactly once and left INITIATED; `mps accept` makes it ACTIVE. An app that
/// already has a live solution with our app is not touched: its solution is reported as `existing`,
/// whatever its name. Prints one solution id per line in a pipe.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps create --app-id 634974688087057\n  mps create --all --dry-run\n  mps create --app-id 634974688087057 | mps accept"
)]
pub struct CreateArgs {
    /// The Tech Provider's app; `-` reads ids or JSON lines from stdin (can be repeated)
    #[arg(
        long = "app-id",
        value_name = "ID",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    app_ids: Vec<String>,
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
        let (wanted, broken) = self.wanted(ctx).await?;
        not_our_own(&wanted.ids, &partner)?;
        self.pace.apply(ctx);
        let mut hands = Hands::gather(ctx, system).await?;
        hands.take_user(ctx, user).await?;
        let user = hands.user.as_ref().map(|user| user.token.clone());
        let granted = match &user {
            Some(user) => planning::granted(&hands.graph, user).await?,
            None => Vec::new(),
        };
        let apps = planning::select(&granted, &wanted, &partner)?;
        let date = jiff::Timestamp::now().strftime("%F").to_string();
        let base = naming::NameBase {
            partner_name: &hands.partner_name,
            partner: &partner,
            label: "",
            date: &date,
        };
        let jobs = naming::jobs(apps, &template, &base)?;
        let wishes = LookWishes {
            look: asked.look,
            allow_duplicate: asked.allow_duplicate,
            pass_over_dead: asked.pass_over_dead,
        };
        let surveyed = planning::survey(hands.looker(), jobs, wishes).await?;
        let several = surveyed.items.len() + broken.len() > 1;
        let head = hands.head(ctx, &asked, surveyed.reads);
        if several || self.dry_run {
            let asked = several && !self.dry_run && !self.yes && ctx.ui.can_ask();
            planning::show(&ctx.ui, &head, &surveyed.items, asked);
        }
        if self.dry_run {
            let items = surveyed.items.iter();
            let would = items.map(|item| rows::would_line(&partner, item));
            let lines: Vec<_> = broken.into_iter().chain(would).map(Ok).collect();
            return Ok(rows_of(stream::iter(lines).boxed()));
        }
        let jobs: Vec<_> = surveyed.items.into_iter().map(|item| item.job).collect();
        let consent = self.confirm(ctx, jobs.len(), several).await?;
        let run = RunFacts {
            consent,
            link_label: None,
            apps: jobs.len(),
            also: None,
            survey: match consent {
                // A person took their time; what was seen before they answered may be old.
                "prompt" if asked.look => fresh(&hands, &jobs).await?,
                _ => surveyed.survey,
            },
        };
        let engine = hands.engine(ctx, &asked, run)?;
        let ended = hands::start(engine, jobs, at_once).await?;
        let rest = Arc::clone(ctx);
        let broken = stream::iter(broken.into_iter().map(Ok));
        let lines = ended.map(move |(app, ended)| {
            Ok(rows::app_line(
                &rest,
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
        let from_stdin = self.app_ids.iter().filter(|text| *text == "-");
        one_reads_stdin(
            ctx,
            &[
                (settings::USER_TOKEN, self.user.user_token_file.as_deref()),
                (
                    settings::SYSTEM_TOKEN,
                    self.system.system_token_file.as_deref(),
                ),
            ],
            &from_stdin.map(|_| "--app-id -").collect::<Vec<_>>(),
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
        apps: usize,
        several: bool,
    ) -> Result<&'static str, Failure> {
        if !several {
            return Ok("arguments");
        }
        let question = format!("Create solutions for {apps} apps?");
        hands::confirm(ctx, &question, self.yes, false).await
    }

    /// The apps asked for; items that failed upstream are lines already.
    async fn wanted(&self, ctx: &Context) -> Result<(Wanted, Vec<Line>), Failure> {
        let mut wanted = Wanted {
            ids: Vec::new(),
            all: self.all,
        };
        let mut broken = Vec::new();
        for text in &self.app_ids {
            if text != "-" {
                wanted.ids.push(
                    text.parse()
                        .map_err(|error| Failure::usage(format!("--app-id: {error}")))?,
                );
                continue;
            }
            let mut items = Box::pin(input::stdin::<AppId>(ctx, &["app_id", "id"]));
            while let Some(item) = items.try_next().await? {
                match item {
                    Item::Id(id) => wanted.ids.push(id),
                    Item::FailedUpstream(reason) => {
                        broken.push(rows::solution_failed(
                            ctx,
                            "",
                            input::failed_upstream(&reason),
                            true,
                        ));
                    }
                }
            }
        }
        if !self.all && wanted.ids.is_empty() && broken.is_empty() {
            return Err(Failure::usage("stdin held no app id"));
        }
        Ok((wanted, broken))
    }
}

/// What is on our side now.
async fn fresh(hands: &Hands, jobs: &[crate::onboarding::create::Job]) -> Result<Survey, Failure> {
    let owners: Vec<AppId> = jobs.iter().map(|job| job.app.id.clone()).collect();
    Ok(hands.looker().survey(&owners).await?)
}

fn rows_of(lines: stream::BoxStream<'static, Result<Line, Failure>>) -> Output {
    Output::Rows(Rows {
        header: rows::APP_HEADER,
        lines,
        empty: "Nothing to do.",
        epilogue: Epilogue::default(),
    })
}
