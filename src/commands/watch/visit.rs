//! One visitor: their token, their apps, their page.
//!
//! The one decision: the invitation speaks for the apps that it names. Any other app is created, since the token does
//! not wait, and waits for a person, whoever brought it.

use std::sync::Arc;

use futures_util::{StreamExt as _, future};

use super::hall::{Hall, WaitingApp};
use crate::{
    button::{Grant, LastWord, VisitorId, VisitorPage},
    commands::{args::SolutionArgs, rows},
    context::failure::Failure,
    engine::{Actor, Engine, Job, Made, Messaging, Policy, RowStore, choose},
    graph::App,
    journal::{Goal, Invitation},
    session::{
        self, UserSession,
        plan::Plan,
        progress_page::ProgressPage,
        run,
        select::{self, NameBase, Selection},
    },
};

/// An app that waits for a person, and what was made for it.
type Waiting = (App, Made);

impl Hall {
    /// A visitor brought a token.
    pub(super) async fn visit(&self, visitor: VisitorId, label: Option<Arc<str>>, grant: Grant) {
        let Some(invitation) = self.invitation(label.as_deref()).await else {
            return self.reception.turn_away(visitor);
        };
        let label = invitation.label.as_str();
        let check = self
            .reception
            .check(&self.ctx, &self.session, visitor, (&grant, label));
        let checked = session::unless_stopped(&self.ctx, self.engine.in_turn(check)).await;
        let user = match checked {
            Ok(Some(user)) => user,
            Ok(None) => return,
            Err(failure) => {
                self.failed(label, &failure);
                return self.reception.turn_away(visitor);
            }
        };
        self.noted(self.invitations.note_signed_in(&invitation.path).await);
        let page = self.reception.page_of(visitor);
        match self.onboard(&invitation, user, &page).await {
            Ok(waiting) => {
                for (app, made) in waiting {
                    if let Some(solution) = &made.solution {
                        let why = "no invitation expects its app";
                        self.waits(solution, &app, label, why).await;
                    }
                }
            }
            Err(failure) => {
                self.failed(label, &failure);
                page.show(ProgressPage::without_rows(LastWord::BrokenOff));
            }
        }
    }

    /// Their apps; gives those that wait for a person.
    async fn onboard(
        &self,
        invitation: &Invitation,
        user: UserSession,
        page: &VisitorPage,
    ) -> Result<Vec<Waiting>, Failure> {
        let (label, expected) = (invitation.label.as_str(), &invitation.expectation);
        let terms = SolutionArgs::default().expecting(expected);
        let (template, messaging) = (terms.template(&self.ctx)?, terms.messaging(&self.ctx)?);
        let granted = if let Some(apps) = &user.apps {
            apps.clone()
        } else {
            let listing = select::granted_to(&self.session.graph, &user.token);
            session::unless_stopped(&self.ctx, self.engine.in_turn(listing)).await?
        };
        let all = Selection {
            all: true,
            ..Selection::default()
        };
        let apps = select::select(granted, &all, &self.partner.id)?;
        let jobs = select::jobs(apps, &template, &NameBase::today(&self.partner, label))?;
        let _at_work = self.at_work(jobs.iter().map(|job| job.app.id.clone()));
        let progress = ProgressPage::new(&jobs);
        page.show(progress.progress());
        let (named, others): (Vec<Job>, Vec<Job>) = jobs
            .into_iter()
            .partition(|job| expected.app_ids.contains(&job.app.id));
        let goal = if self.accept_anyone {
            Goal::Active
        } else {
            Goal::Initiated
        };
        let visit = Visit {
            hall: self,
            label,
            user: &user,
            messaging,
            progress: &progress,
            page,
        };
        let (named, others) = future::join(
            visit.bring(named, Goal::Active, false),
            visit.bring(others, goal, true),
        )
        .await;
        let waits = others.as_deref().unwrap_or_default();
        page.show(if waits.is_empty() {
            progress.finished()
        } else {
            progress.waits()
        });
        self.keep_waiting(
            waits
                .iter()
                .filter_map(|(app, made)| {
                    Some(WaitingApp {
                        app: app.id.clone(),
                        solution: made.solution.as_ref()?.id.clone(),
                        progress: progress.clone(),
                        page: page.clone(),
                    })
                })
                .collect(),
        );
        for ended in [&named, &others] {
            if let Err(failure) = ended {
                self.failed(label, failure);
            }
        }
        Ok(others.unwrap_or_default())
    }
}

/// What the apps of one visitor share.
struct Visit<'a> {
    hall: &'a Hall,
    label: &'a str,
    user: &'a UserSession,
    messaging: Messaging,
    progress: &'a ProgressPage,
    page: &'a VisitorPage,
}

impl Visit<'_> {
    /// Brings these apps to this goal; gives those that wait for a person. `pass_over_dead`: nobody named them, so what
    /// has ended is not begun anew.
    async fn bring(
        &self,
        jobs: Vec<Job>,
        goal: Goal,
        pass_over_dead: bool,
    ) -> Result<Vec<Waiting>, Failure> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let hall = self.hall;
        let known = rows::KnownSolutions::default();
        let listener = known.listener(Some(self.progress.listener(self.page.clone())));
        let policy = Policy {
            goal,
            messaging: self.messaging,
            pass_over_dead,
            rejects_surplus: goal == Goal::Active,
            ..hall.engine.policy.clone()
        };
        let actor = Actor {
            user_id: self.user.checked.user_id.clone(),
            scopes: self.user.checked.scopes.clone(),
            ..hall.actor(Some(self.label))
        };
        let user = Some(self.user.token.clone());
        let engine = hall.engine.beside(
            user,
            actor,
            policy,
            hall.listener(Some(self.label), listener),
        );
        let planner = Engine {
            store: RowStore::Rows(Arc::new(hall.rows_of(&jobs).await?)),
            ..engine.clone()
        };
        // What the plan reads is the run's survey too.
        let planned = session::unless_stopped(&hall.ctx, Plan::make(&planner, jobs)).await?;
        let mut ended = run::start(engine, planned.into_jobs()).await?;
        let mut waiting = Vec::new();
        while let Some((app, result)) = ended.next().await {
            self.progress.ended_app(&app.id, &result);
            if let Ok(made) = &result
                && goal == Goal::Initiated
                && made
                    .solution
                    .as_ref()
                    .is_some_and(|solution| choose::is_waiting(&solution.status))
            {
                waiting.push((app.clone(), made.clone()));
            }
            let result = result.map_err(Failure::from);
            hall.tell(&known, &app, result, Some(self.label));
        }
        Ok(waiting)
    }
}
