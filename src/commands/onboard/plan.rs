//! The plan of an onboarding: which apps, what exists, the one question.
//!
//! The one decision: everything that a person must decide is asked here, before the first write.

use crate::{
    context::{Context, failure::Failure},
    engine::{Policy, choose::NameTemplate},
    exit::Kind,
    graph::{App, Solution},
    ids::AppId,
    session::{
        self, Consent, Session,
        plan::{Fate, Plan, PlannedApp},
        plan_warnings,
        select::{self, NameBase, Selection},
    },
    ui::prompt,
};

/// What the options say about the plan.
pub(super) struct PlanOptions<'a> {
    /// The apps that were named.
    pub(super) app_ids: &'a [AppId],
    /// `--all`.
    pub(super) all: bool,
    /// Nobody said which apps.
    pub(super) any: bool,
    /// The label of the link.
    pub(super) label: &'a str,
    /// The names of new solutions.
    pub(super) template: &'a NameTemplate,
    /// How far each app goes.
    pub(super) policy: &'a Policy,
    /// `--dry-run`.
    pub(super) dry_run: bool,
    /// `--yes`.
    pub(super) yes: bool,
}

/// The plan, shown once and confirmed; with `--dry-run` shown only.
pub(super) async fn plan(
    ctx: &Context,
    session: &mut Session,
    options: &PlanOptions<'_>,
) -> Result<(Plan, Option<Consent>), Failure> {
    let policy = options.policy;
    let plan = look(ctx, session, options).await?;
    plan.show(ctx, session, policy, !options.dry_run && !options.yes)?;
    plan_warnings::warn(ctx, session, &plan, options.template)?;
    if options.dry_run {
        return Ok((plan, None));
    }
    if !plan.writes() {
        return Ok((plan, Some(Consent::Arguments)));
    }
    let question = plan.question(policy.goal);
    let consent = session::confirm(ctx, &question, options.yes, true).await?;
    Ok((plan, Some(consent)))
}

/// Which apps, under which names, and what exists of them.
async fn look(
    ctx: &Context,
    session: &mut Session,
    options: &PlanOptions<'_>,
) -> Result<Plan, Failure> {
    let granted = session::unless_stopped(ctx, select::granted(session)).await?;
    let undecided = options.any && granted.len() > 1;
    if undecided && !ctx.ui.can_ask() {
        return Err(undecided_apps(&granted));
    }
    let selection = Selection {
        ids: options.app_ids.to_vec(),
        all: options.all || options.any,
    };
    let app = session.app()?;
    let apps = select::select(granted, &selection, &app.id)?;
    let base = NameBase::today(app, options.label);
    let jobs = select::jobs(apps, options.template, &base)?;
    let spinner = ctx.ui.bars().spinner("looking at what exists");
    let engine = session.planning_engine(ctx, options.policy.clone())?;
    let planning = async {
        session.listed().await;
        Plan::make(&engine, jobs).await
    };
    let mut plan = session::unless_stopped(ctx, planning).await?;
    drop(spinner);
    if undecided && plan.writes() {
        plan.apps = choose(ctx, plan.apps).await?;
    }
    Ok(plan)
}

pub(super) fn undecided_apps(granted: &[App]) -> Failure {
    let mut failure = Failure::usage("several apps were granted, and nobody said which to onboard")
        .hint("name them with --app-id, or take them all with --all");
    failure.causes = granted
        .iter()
        .map(|app| format!("{}  {}", app.id, app.name))
        .collect();
    failure
}

/// An app that has a solution with us.
fn has(app: &App, solution: &Solution) -> String {
    format!(
        "{}  {}  (has {}, {})",
        app.id, app.name, solution.id, solution.status
    )
}

/// A person chooses; the apps without a live solution are ticked.
async fn choose(ctx: &Context, items: Vec<PlannedApp>) -> Result<Vec<PlannedApp>, Failure> {
    let shown = items
        .iter()
        .map(|item| {
            let app = &item.job.app;
            match &item.fate {
                Fate::Create | Fate::Nothing => (format!("{}  {}", app.id, app.name), true),
                Fate::Take(taken) => (has(app, &taken.solution), false),
                Fate::Skip(solution) => (has(app, solution), false),
                Fate::Fail(failure) => {
                    let error = &failure.error;
                    (format!("{}  {}  ({error})", app.id, app.name), false)
                }
            }
        })
        .collect();
    let chosen = prompt::choose(&ctx.ui, "Which apps?", shown).await?;
    if chosen.is_empty() {
        return Err(Failure::new(
            Kind::Declined,
            "you chose no app; nothing was sent",
        ));
    }
    let keep = |(index, item)| chosen.contains(&index).then_some(item);
    Ok(items.into_iter().enumerate().filter_map(keep).collect())
}
