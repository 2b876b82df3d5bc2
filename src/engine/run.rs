//! Many apps at once.
//!
//! The one decision: every app of the plan is written down before the first one begins, so a run that dies
//! can be taken up whole; and what concerns every app (a dead token, a refused permission, used-up quota)
//! stops the run after the first, not after two hundred.

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt};
use jiff::Timestamp;

use super::{
    Engine, Error, Event, Made, Outcome, RowStore,
    admission::most,
    choose::{self, Finding},
    client::Client,
    drive::drive,
    policy::PLAN_ASKS,
    step::Step,
    used_up::used_up,
    why,
    work::{Finished, Halted},
};
use crate::{
    graph::App,
    journal::{Entry, Goal, Key},
};

/// One app and the name its solution is to have.
#[derive(Debug, Clone)]
pub struct Job {
    /// The Tech Provider's app.
    pub app: App,
    /// The name, filled and checked.
    pub name: String,
}

/// How one app of a run ended.
pub type Ended = (App, Result<Made, Error>);

impl Engine {
    /// The key of a job: names count only where duplicates are made on purpose.
    pub fn key(&self, job: &Job) -> Key {
        Key {
            owner: job.app.id.clone(),
            partner: self.partner.clone(),
            name: self.policy.allow_duplicate.then(|| job.name.clone()),
        }
    }

    /// The journal's row for a job that has not begun.
    pub fn intent(&self, job: &Job) -> Entry {
        Entry {
            messaging: self.policy.messaging.word().to_owned(),
            owner_name: job.app.name.clone(),
            link_label: self.actor.link_label.clone(),
            updated_at: Timestamp::now(),
            ..Entry::new(self.key(job), self.policy.goal, job.name.clone())
        }
    }

    /// Writes the whole plan down, and gives it back.
    pub async fn intend(&self, jobs: Vec<Job>) -> Result<Vec<Job>, Error> {
        let RowStore::Journal(journal) = &self.store else {
            return Ok(jobs);
        };
        let jobs = Arc::new(jobs);
        let (engine, planned) = (self.clone(), Arc::clone(&jobs));
        let write = journal.intend(move |write| {
            let mut rows = planned.iter().filter_map(|job| engine.planned(job));
            rows.try_for_each(write)
        });
        let written = write.await;
        written.map_err(|error| Error::from(error).again())?;
        // What was written is let go before it is answered.
        Ok(Arc::try_unwrap(jobs).unwrap_or_else(|jobs| jobs.to_vec()))
    }

    /// The plan for one app, with the dead ones that its solution is to replace; none for an app that will
    /// be passed over.
    fn planned(&self, job: &Job) -> Option<Entry> {
        let seen = self.survey.seen(&job.app.id);
        let dead = matches!(choose::find(&seen), Finding::Dead(_));
        if dead && self.policy.pass_over_dead && !self.policy.allow_duplicate {
            return None;
        }
        let over = seen.iter().filter(|solution| solution.status.is_over());
        Some(Entry {
            seen: over.map(|solution| solution.id.clone()).collect(),
            ..self.intent(job)
        })
    }

    /// Works on all jobs, so many calls at once; each is yielded when it is done. After a stop no new one begins.
    pub fn run(self, jobs: Vec<Job>) -> impl Stream<Item = Ended> + Send + 'static {
        let engine = Arc::new(self);
        futures_util::stream::iter(used_up(jobs))
            .map(move |job| {
                let engine = Arc::clone(&engine);
                async move {
                    let ended = engine.one(&job).await;
                    engine.survey.ended(&job.app.id);
                    engine.tell(Event::Finished {
                        owner: Some(job.app.id.clone()),
                        solution: None,
                        failed: ended.is_err(),
                    });
                    (job.app, ended)
                }
            })
            .buffer_unordered(most())
    }

    /// One app to its goal, unless the run has been stopped or halted.
    pub async fn one(&self, job: &Job) -> Result<Made, Error> {
        let _place = self.admission.enter().await;
        let _at_work = self.batch.begin();
        let client = Client::begun(self).await;
        // Asked when it has waited for all its places: a run may have been halted meanwhile.
        let error = match self.not_begun(job) {
            Some(error) => error,
            // What ended well waits for nothing any more, so that nobody keeps room for it while it waits.
            None => match Box::pin(self.bring(job, &client)).await {
                Ok(made) => {
                    if matches!(made.outcome, Outcome::Created | Outcome::Onboarded) {
                        self.halt.worked();
                        self.admission.worked();
                    }
                    return Ok(made);
                }
                Err(error) => error,
            },
        };
        self.halt.after(&error);
        if error.names_resume() && !Box::pin(self.is_left(job, &error)).await {
            return Err(error.again());
        }
        Err(error)
    }

    /// Why it is not begun any more.
    fn not_begun(&self, job: &Job) -> Option<Error> {
        match self.halt.kind() {
            Some(kind) => Some(Error::NotTried { kind }),
            None if self.stop.is_set() => {
                Some(Error::Interrupted(format!("app {} was begun", job.app.id)))
            }
            None => None,
        }
    }

    /// Whether `resume` has something to take up of this app. Where the journal cannot be read, a write that
    /// may have happened is in it, since it was written down before.
    async fn is_left(&self, job: &Job, error: &Error) -> bool {
        let RowStore::Journal(journal) = &self.store else {
            return false;
        };
        match journal.entry(&self.key(job)).await {
            Ok(row) => row.is_some_and(|row| row.is_unfinished()),
            Err(_) => matches!(
                error,
                Error::Unknown { .. } | Error::NotWrittenDown { .. } | Error::Setup(_)
            ),
        }
    }

    async fn bring(&self, job: &Job, client: &Client<'_>) -> Result<Made, Error> {
        match Box::pin(drive(
            client,
            &self.policy,
            Box::new(self.intent(job)),
            None,
        ))
        .await
        {
            Ok(finished) => Ok(self.made(job, finished)),
            Err(halted) => Err(self.error(halted)),
        }
    }

    /// Why it stopped, in words.
    pub(super) fn error(&self, halted: Halted) -> Error {
        match halted {
            Halted::Error(error) => error,
            Halted::StopReason { why, row, cause } => why::error(&why, &row, &self.policy, cause),
        }
    }

    /// How an app ended that was brought this far.
    fn outcome(&self, finished: &Finished) -> Outcome {
        match (self.policy.goal, finished) {
            (_, finished) if finished.skipped && finished.would.is_none() => Outcome::Skipped,
            (Goal::Initiated, finished) if finished.made_now => Outcome::Created,
            (Goal::Active, finished) if finished.made_now || finished.accepted_now => {
                Outcome::Onboarded
            }
            _ => Outcome::Existing,
        }
    }

    fn made(&self, job: &Job, finished: Finished) -> Made {
        let outcome = self.outcome(&finished);
        Made {
            app: job.app.clone(),
            solution: finished.solution,
            outcome,
            // Our own answer was not read back.
            verified: finished.verified,
            surplus: finished.surplus,
            open_until: finished.open_until,
        }
    }

    /// Reads our side once for several apps, so that what it shows costs no call of its own. Where it cannot be read,
    /// each app's own look says so.
    pub async fn look_for_all(&self, jobs: &[Job]) {
        if let ([first, _, ..], true) = (jobs, self.policy.look) {
            let looker = self.looker();
            let _ = looker
                .ours(&self.survey, &first.app.id, Duration::ZERO)
                .await;
        }
    }

    /// Until when a plan that begins now asks owners' sides, by the run's clock.
    pub fn plan_asks_until(&self) -> Duration {
        self.survey.clock() + PLAN_ASKS
    }

    /// What would be done with an app: the same loop, with every write withheld. Where our side is known, the owner's is left to
    /// the run after `asks_until`.
    pub async fn plan(&self, job: &Job, asks_until: Duration) -> Result<Planned, Error> {
        // Nobody waits for a plan.
        let mut policy = self.policy.clone();
        policy.pauses.looks.clear();
        let finished = Box::pin(drive(
            &Client::planning(self, asks_until),
            &policy,
            Box::new(self.intent(job)),
            None,
        ))
        .await;
        let finished = match finished {
            Ok(finished) => finished,
            Err(Halted::StopReason { why, row, cause }) => {
                let error = why::error(&why, &row, &self.policy, cause);
                if concerns_all(&error) {
                    return Err(error);
                }
                return Ok(Planned::Stops {
                    solution: row.solution_id.clone(),
                    error,
                });
            }
            Err(Halted::Error(error)) => return Err(error),
        };
        let taken = |solution, outcome| {
            Planned::Take(Box::new(PlannedTake {
                solution,
                outcome,
                surplus: finished.surplus.clone(),
                open_post: finished.open_until.is_some(),
                writes: matches!(
                    finished.would,
                    Some(Step::Accept(_) | Step::RejectOwnSurplus(_))
                ),
            }))
        };
        Ok(match (&finished.would, finished.solution.clone()) {
            (Some(Step::Post), _) => Planned::Create,
            (Some(Step::Accept(_)), Some(solution)) => taken(solution, Outcome::Accepted),
            (Some(_), Some(solution)) => taken(solution, Outcome::Existing),
            (_, Some(solution)) if finished.skipped => Planned::Skip(solution),
            (_, Some(solution)) => taken(solution, self.outcome(&finished)),
            (_, None) => Planned::Nothing,
        })
    }

    /// What this run has seen of an app, on both sides.
    pub fn seen(&self, owner: &crate::ids::AppId) -> Vec<crate::graph::Solution> {
        self.survey.seen(owner)
    }

    pub(super) fn tell(&self, event: Event) {
        (self.tell)(event);
    }
}

/// What would be done with one app.
#[derive(Debug)]
pub enum Planned {
    /// A solution would be made.
    Create,
    /// It is there.
    Take(Box<PlannedTake>),
    /// Passed over: it is over.
    Skip(crate::graph::Solution),
    /// Nothing is left to do.
    Nothing,
    /// It would stop.
    Stops {
        /// The solution, where there is one.
        solution: Option<crate::ids::SolutionId>,
        /// Why.
        error: Error,
    },
}

/// A solution that is there.
#[derive(Debug)]
pub struct PlannedTake {
    /// The solution.
    pub solution: crate::graph::Solution,
    /// `Accepted`: it would be; else what a run would say of it, which would neither create nor accept.
    pub outcome: Outcome,
    /// Other live ones.
    pub surplus: Vec<crate::ids::SolutionId>,
    /// An earlier create may still appear.
    pub open_post: bool,
    /// Something would be sent: the solution accepted, or one beside it rejected.
    pub writes: bool,
}

/// Whether a plan that meets this is none.
fn concerns_all(error: &Error) -> bool {
    match error {
        Error::LookRefused { .. }
        | Error::Unattributed { ours: true, .. }
        | Error::Unfinished { .. } => true,
        _ => error
            .graph()
            .is_some_and(|graph| graph.whole_run() || graph.kind() == crate::exit::Kind::Quota),
    }
}
