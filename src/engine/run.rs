//! Many apps at once.
//!
//! The one decision: every app of the plan is written down before the first one begins, so a run that dies
//! can be taken up whole; and what concerns every app (a dead token, a refused permission, used-up quota)
//! stops the run after the first, not after two hundred.

use std::sync::Arc;

use futures_util::{Stream, StreamExt};

use super::{
    Engine, Error, Event, Made, Outcome,
    choose::{self, Finding},
    job::{Half, Job},
};
use crate::{
    graph::App,
    journal::{Entry, Goal},
};

/// How one app of a run ended.
pub type Ended = (App, Result<Made, Error>);

impl Engine {
    /// Writes the whole plan down.
    pub async fn intend(&self, jobs: &[Job]) -> Result<(), Error> {
        let planned = jobs.iter().filter_map(|job| self.planned(job));
        let written = self.journal.intend(planned.collect()).await;
        written.map_err(|error| Error::from(error).again())
    }

    /// The plan for one app, with the dead ones that its solution is to replace; none for an app that will
    /// be passed over.
    fn planned(&self, job: &Job) -> Option<Entry> {
        let looked = self.survey.of(&job.app.id).unwrap_or_default();
        let dead = matches!(choose::find(&looked.ours), Finding::Dead(_));
        if dead && self.policy.pass_over_dead && !self.policy.allow_duplicate {
            return None;
        }
        let over = looked
            .ours
            .iter()
            .filter(|solution| solution.status.is_over());
        Some(Entry {
            seen: over.map(|solution| solution.id.clone()).collect(),
            ..self.intent(job)
        })
    }

    /// Works on all jobs, so many at once; each is yielded when it is done. After a stop no new one begins.
    pub fn run(
        self: Arc<Self>,
        jobs: Vec<Job>,
        at_once: usize,
    ) -> impl Stream<Item = Ended> + Send + 'static {
        futures_util::stream::iter(jobs)
            .map(move |job| {
                let engine = Arc::clone(&self);
                async move {
                    let ended = engine.one(&job).await;
                    engine.tell(Event::Finished(job.app.id.clone()));
                    (job.app, ended)
                }
            })
            .buffer_unordered(at_once.max(1))
    }

    /// One app to its goal, unless the run has been stopped or halted.
    pub async fn one(&self, job: &Job) -> Result<Made, Error> {
        let ended = match self.halt.kind() {
            Some(kind) => Err(Error::NotTried { kind }),
            None if self.stop.is_set() => {
                Err(Error::Interrupted(format!("app {} was begun", job.app.id)))
            }
            None => self.under_lock(job).await,
        };
        match &ended {
            Ok(made) if matches!(made.outcome, Outcome::Created | Outcome::Onboarded) => {
                self.halt.worked();
            }
            Ok(_) => {}
            Err(error) => self.halt.after(error),
        }
        match ended {
            Err(error) if error.names_resume() && !self.is_left(job, &error).await => {
                Err(error.again())
            }
            ended => ended,
        }
    }

    /// Whether `resume` has something to take up of this app. Where the journal cannot be read, a write that
    /// may have happened is in it, since it was written down before.
    async fn is_left(&self, job: &Job, error: &Error) -> bool {
        match self.journal.entry(&self.key(job)).await {
            Ok(row) => row.is_some_and(|row| row.is_unfinished()),
            Err(_) => matches!(
                error,
                Error::Unknown { .. } | Error::NotWrittenDown { .. } | Error::Setup(_)
            ),
        }
    }

    async fn under_lock(&self, job: &Job) -> Result<Made, Error> {
        let _lock = self.locked(&self.key(job)).await?;
        match self.ensure(job).await? {
            Half::Skipped(latest) => {
                self.journal.withdraw(&self.key(job)).await?;
                Ok(Made {
                    app: job.app.clone(),
                    verified: latest.is_some(),
                    solution: latest,
                    outcome: Outcome::Skipped,
                    surplus: Vec::new(),
                })
            }
            Half::Found(found) if self.policy.goal == Goal::Active => {
                self.activate(job, found).await
            }
            Half::Found(found) => Ok(found.into_made(job.app.clone())),
        }
    }
}
