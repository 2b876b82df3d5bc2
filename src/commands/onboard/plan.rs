//! The plan of an onboarding: which apps, what exists, the one question.
//!
//! The one decision: everything that a person must decide is asked here, before the first write.

use super::{OnboardArgs, Prepared};
use crate::{
    context::{Context, failure::Failure},
    exit::Kind,
    graph::App,
    session::{
        self, Consent, Session,
        plan::{Fate, Plan, PlannedApp},
        select::{self, NameBase, Selection},
    },
    ui::prompt,
};

impl OnboardArgs {
    /// The plan, shown once and confirmed; with `--dry-run` shown only.
    pub(super) async fn plan(
        &self,
        ctx: &Context,
        session: &Session,
        prepared: &Prepared,
    ) -> Result<(Plan, Option<Consent>), Failure> {
        let policy = &prepared.policy;
        let plan = self.look(ctx, session, prepared).await?;
        let head = session.plan_head(ctx, policy, &plan)?;
        plan.show(&ctx.ui, &head, !self.dry_run && !self.yes);
        if self.dry_run {
            return Ok((plan, None));
        }
        let question = plan.question(policy.goal);
        let consent = session::confirm(ctx, &question, self.yes, true).await?;
        Ok((plan, Some(consent)))
    }

    /// Which apps, under which names, and what exists of them.
    async fn look(
        &self,
        ctx: &Context,
        session: &Session,
        prepared: &Prepared,
    ) -> Result<Plan, Failure> {
        let granted = session::unless_stopped(ctx, select::granted(session)).await?;
        let all = self.all || (self.app_ids.is_empty() && granted.len() == 1);
        let undecided = self.app_ids.is_empty() && !all && !granted.is_empty();
        if undecided && !ctx.ui.can_ask() {
            return Err(undecided_apps(&granted));
        }
        let selection = Selection {
            ids: prepared.app_ids.clone(),
            all: all || undecided,
        };
        let app = session.app()?;
        let apps = select::select(&granted, &selection, &app.id)?;
        let label = self.page.label.as_deref().unwrap_or_default();
        let jobs = select::jobs(apps, &prepared.template, &NameBase::today(app, label))?;
        let spinner = ctx.ui.bars().spinner("looking at what exists");
        let engine = session.planning_engine(ctx, prepared.policy.clone())?;
        let planning = Plan::make(&engine, jobs);
        let mut plan = session::unless_stopped(ctx, planning).await?;
        drop(spinner);
        if undecided {
            plan.apps = choose(ctx, plan.apps).await?;
        }
        Ok(plan)
    }
}

fn undecided_apps(granted: &[App]) -> Failure {
    let mut failure = Failure::usage("several apps were granted, and nobody said which to onboard")
        .hint("name them with --app-id, or take them all with --all");
    failure.causes = granted
        .iter()
        .map(|app| format!("{}  {}", app.id, app.name))
        .collect();
    failure
}

/// A person chooses; the apps without a live solution are ticked.
async fn choose(ctx: &Context, items: Vec<PlannedApp>) -> Result<Vec<PlannedApp>, Failure> {
    let shown = items
        .iter()
        .map(|item| {
            let app = &item.job.app;
            match &item.fate {
                Fate::Create | Fate::Nothing => (format!("{}  {}", app.id, app.name), true),
                Fate::Take { solution, .. } | Fate::Skip(solution) => (
                    format!(
                        "{}  {}  (has {}, {})",
                        app.id, app.name, solution.id, solution.status
                    ),
                    false,
                ),
                Fate::Fail(error, _) => (format!("{}  {}  ({error})", app.id, app.name), false),
            }
        })
        .collect();
    let chosen = prompt::choose(&ctx.ui, "Which apps? (space ticks, enter goes on)", shown).await?;
    if chosen.is_empty() {
        return Err(Failure::new(
            Kind::Declined,
            "you chose no app; nothing was sent",
        ));
    }
    let keep = |(index, item)| chosen.contains(&index).then_some(item);
    Ok(items.into_iter().enumerate().filter_map(keep).collect())
}
