//! `mps create`: a solution for each of the Tech Provider's apps, left INITIATED.

use std::sync::Arc;

use clap::Args;
use futures_util::{StreamExt, stream};

use super::{
    Line, Output,
    args::{
        AppIdArg, PaceArgs, ScopeArg, SolutionArgs, SystemTokenArg, UserTokenArg, one_reads_stdin,
    },
    input,
    rows::{self, AppRow},
};
use crate::{
    context::{Context, failure::Failure},
    engine::{Policy, choose::NameTemplate},
    journal::Goal,
    session::{
        self, Consent, Listings, Needs, Session,
        plan::Plan,
        plan_warnings,
        run::{self, RunOptions},
        select::{self, NameBase, Selection},
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
    scope: ScopeArg,
    #[command(flatten)]
    system: SystemTokenArg,
}

impl CreateArgs {
    /// Creates them.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        self.scope.apply(ctx);
        let ids_on_stdin = AppIdArg::readers(&self.app_ids);
        let secrets = [self.user.reader(), self.system.reader()];
        one_reads_stdin(ctx, &secrets, &ids_on_stdin)?;
        let partner = ctx.partner()?;
        let template = self.solution.template(ctx)?;
        let at_once = self.pace.at_once(ctx)?;
        let policy = Policy {
            messaging: self.solution.messaging(ctx)?,
            look: !self.solution.no_look,
            allow_duplicate: self.solution.allow_duplicate,
            pass_over_dead: self.all,
            ..run::policy(ctx, Goal::Initiated)?
        };
        let needs = Needs {
            user: Some(self.user.required(ctx)?),
            system: self.system.read(ctx)?,
            ..Needs::default()
        };
        ctx.app_secret()?;
        let (ids, broken) = input::app_ids(ctx, &self.app_ids, &partner, &AppRow::Create).await?;
        let needs = Needs {
            listings: Listings::of(ctx, &policy, &partner, &ids)?,
            ..needs
        };
        let selection = Selection { ids, all: self.all };
        self.pace.apply(ctx);

        let planning = plan(ctx, needs, &selection, &template, &policy);
        let (session, plan) = session::unless_stopped(ctx, planning).await?;
        let several = plan.apps().len() + broken.len() > 1;
        if several || self.dry_run {
            let asked = several && !self.dry_run && !self.yes && ctx.ui.can_ask();
            plan.show(ctx, &session, &policy, asked)?;
        }
        plan_warnings::warn(ctx, &session, &plan, &template)?;
        let places = rows::Places::of(plan.apps().map(|app| &app.job.app.id));
        if self.dry_run {
            let ctx = Arc::clone(ctx);
            let would = plan.lines(move |app| {
                let line = rows::would_line(&ctx, &partner, app, &AppRow::Create);
                session::plan::row_below(&ctx, line)
            });
            let lines = broken.into_iter().chain(would).map(Ok);
            return Ok(rows_of(stream::iter(lines).boxed()));
        }
        let consent = if several && plan.writes() {
            let mut question = plan.question(policy.goal);
            if !ctx.ui.streams().stdout {
                question += " Their ids go to what reads them: mps accept accepts them, for good.";
            }
            session::confirm(ctx, &question, self.yes, false).await?
        } else {
            Consent::Arguments
        };

        let survey = plan.survey.clone();
        let jobs = plan.into_jobs();
        let known = rows::KnownSolutions::default();
        let options = RunOptions {
            consent,
            link_label: None,
            apps: jobs.len(),
            listener: Some(known.listener(None)),
            survey,
            at_once,
        };
        let engine = session.engine(ctx, policy, options)?;
        let ended = run::start(engine, jobs).await?;
        let ctx = Arc::clone(ctx);
        let lines = ended.map(move |(app, ended)| {
            let ended = ended.map_err(Failure::from);
            let line = rows::app_line(
                &ctx,
                &known,
                &partner,
                &app,
                ended,
                &AppRow::Create,
                several,
            );
            known.forget(&app.id);
            Ok(line.at(places.at(&app.id)))
        });
        let broken = stream::iter(broken.into_iter().map(Ok));
        Ok(rows_of(broken.chain(lines).boxed()))
    }
}

/// Who is who, which apps were granted, and what exists with us: all that is read before the question.
async fn plan(
    ctx: &Context,
    needs: Needs,
    selection: &Selection,
    template: &NameTemplate,
    policy: &Policy,
) -> Result<(Session, Plan), Failure> {
    let mut session = Session::open(ctx, needs).await?;
    let granted = select::granted(&mut session).await?;
    let app = session.app()?;
    let apps = select::select(granted, selection, &app.id)?;
    let jobs = select::jobs(apps, template, &NameBase::today(app, ""))?;
    let engine = session.planning_engine(ctx, policy.clone())?;
    session.listed().await;
    let plan = Plan::make(&engine, jobs).await?;
    Ok((session, plan))
}

fn rows_of(lines: stream::BoxStream<'static, Result<Line, Failure>>) -> Output {
    Output::Rows(Rows::of::<rows::CreateRecord>(lines, "Nothing to do."))
}
