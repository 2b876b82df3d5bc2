//! The plan of an onboarding: which apps, what exists, the one question.
//!
//! The one decision: everything that a person must decide is asked here, before the first write.

use std::sync::Arc;

use futures_util::{StreamExt, stream};

use super::{OnboardArgs, Resolved, drive::Drive, rows_of};
use crate::{
    commands::{Output, rows},
    context::{Context, failure::Failure},
    engine::create::Job,
    exit::Kind,
    graph::App,
    ids::AppId,
    session::{
        self, Consent, Hands, UserHand, naming,
        plan::{self, LookWishes, Surveyed, Wanted},
        progress_page::Following,
    },
    sign_in::Page,
    ui::{emit::Epilogue, prompt},
};

impl OnboardArgs {
    pub(super) async fn plan_and_start(
        &self,
        ctx: &Arc<Context>,
        hands: Hands,
        mut resolved: Resolved,
        partner: AppId,
        page: Option<Page>,
    ) -> Result<Output, (Failure, Option<Page>)> {
        let planned = self.plan(ctx, &hands, &resolved, &partner).await;
        let (surveyed, consent) = match planned {
            Ok(planned) => planned,
            Err(failure) => return Err((failure, page)),
        };
        let partner_name = hands.partner_name.clone();
        let broken = std::mem::take(&mut resolved.broken);
        let Some(consent) = consent else {
            if let Some(page) = page {
                let _ = page.news().send(Following::rehearsed(&partner_name));
                page.close().await;
            }
            let would = surveyed.items.iter();
            let would = would.map(|item| rows::would_line(&partner, item, true));
            let lines: Vec<_> = broken.into_iter().chain(would).map(Ok).collect();
            return Ok(rows_of(stream::iter(lines).boxed(), Epilogue::default()));
        };
        let jobs: Vec<Job> = surveyed.items.into_iter().map(|item| item.job).collect();
        if let Some(page) = &page {
            let _ = page
                .news()
                .send(Following::new(&jobs, &partner_name).progress());
        }
        let drive = Drive {
            ctx: Arc::clone(ctx),
            hands,
            asked: resolved.asked,
            consent,
            label: self.page.label.clone(),
            at_once: resolved.at_once,
            handoff: self.handoff.clone(),
            no_accept: self.no_accept,
            broken,
            epilogue: Epilogue::default(),
            played: resolved.played,
        };
        Ok(drive.output(jobs, surveyed.survey, page).await)
    }

    /// The plan, shown once and confirmed; with `--dry-run` shown only.
    async fn plan(
        &self,
        ctx: &Context,
        hands: &Hands,
        resolved: &Resolved,
        partner: &AppId,
    ) -> Result<(Surveyed, Option<Consent>), Failure> {
        let asked = &resolved.asked;
        let mut surveyed = self.look(ctx, hands, resolved, partner).await?;
        plan::show(
            &ctx.ui,
            &hands.head(ctx, asked, surveyed.reads),
            &surveyed.items,
            !self.dry_run && !self.yes,
        );
        if self.dry_run {
            return Ok((surveyed, None));
        }
        let question = plan::question(&surveyed.items, asked.goal);
        let consent = session::confirm(ctx, &question, self.yes, true).await?;
        if consent == Consent::Prompt && asked.look {
            let owners: Vec<AppId> = surveyed
                .items
                .iter()
                .map(|item| item.job.app.id.clone())
                .collect();
            let again = async { Ok(hands.looker().survey(&owners).await?) };
            surveyed.survey = session::unless_stopped(ctx, again).await?;
        }
        Ok((surveyed, Some(consent)))
    }

    /// Which apps, under which names, and what exists of them.
    async fn look(
        &self,
        ctx: &Context,
        hands: &Hands,
        resolved: &Resolved,
        partner: &AppId,
    ) -> Result<Surveyed, Failure> {
        let granted = granted(ctx, hands).await?;
        let wanted = Wanted {
            ids: resolved.app_ids.clone(),
            all: self.all || (self.app_ids.is_empty() && granted.len() == 1),
        };
        let undecided = self.app_ids.is_empty() && !wanted.all && !granted.is_empty();
        if undecided && !ctx.ui.can_ask() {
            return Err(undecided_apps(&granted));
        }
        let apps = plan::select(
            &granted,
            &Wanted {
                all: wanted.all || undecided,
                ..wanted
            },
            partner,
        )?;
        let date = jiff::Timestamp::now().strftime("%F").to_string();
        let base = naming::NameBase {
            partner_name: &hands.partner_name,
            partner,
            label: self.page.label.as_deref().unwrap_or_default(),
            date: &date,
        };
        let jobs = naming::jobs(apps, &resolved.template, &base)?;
        let wishes = LookWishes {
            look: resolved.asked.look,
            allow_duplicate: resolved.asked.allow_duplicate,
            pass_over_dead: self.all,
        };
        let spinner = ctx.ui.bars().spinner("looking at what exists");
        let survey = plan::survey(hands.looker(), jobs, wishes);
        let mut surveyed = session::unless_stopped(ctx, survey).await?;
        drop(spinner);
        if undecided {
            surveyed.items = choose(ctx, surveyed.items).await?;
        }
        Ok(surveyed)
    }
}

/// The apps that the Tech Provider granted: as they were read when the token was caught, or now.
async fn granted(ctx: &Context, hands: &Hands) -> Result<Vec<App>, Failure> {
    match &hands.user {
        Some(UserHand {
            apps: Some(apps), ..
        }) => Ok(apps.clone()),
        Some(user) => {
            let listing = plan::granted(&hands.graph, &user.token);
            session::unless_stopped(ctx, listing).await
        }
        None => Ok(Vec::new()),
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
async fn choose(ctx: &Context, items: Vec<plan::Item>) -> Result<Vec<plan::Item>, Failure> {
    let shown = items
        .iter()
        .map(|item| {
            let app = &item.job.app;
            match &item.fate {
                plan::Fate::Create => (format!("{}  {}", app.id, app.name), true),
                plan::Fate::Take(id, status) | plan::Fate::Skip(id, status) => (
                    format!("{}  {}  (has {id}, {status})", app.id, app.name),
                    false,
                ),
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
