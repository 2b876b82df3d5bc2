//! The plan: what a run is going to do, shown before it does it.
//!
//! The one decision: the plan is made of facts that were read, not of intentions. It says for each app what
//! exists with us already, so that the operator sees an adoption or a surplus before anything is sent.

mod shown;

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, TryStreamExt};

use crate::{
    context::{Context, failure::Failure},
    engine::{
        self, Engine, Job, Planned, PlannedTake,
        choose::{Finding, find},
        look::Survey,
    },
    exit::Kind,
    graph::{Solution, Status},
    ids::SolutionId,
    journal::Goal,
    ui::emit::RenderedLine,
};

/// What will be done with one app.
#[derive(Debug)]
pub enum Fate {
    /// A solution will be created.
    Create,
    /// The live solution that is there is taken.
    Take(Box<PlannedTake>),
    /// The app is passed over: its latest solution with us is dead.
    Skip(Box<Solution>),
    /// Nothing is left to do.
    Nothing,
    /// It will fail.
    Fail(Box<PlannedFailure>),
}

/// Why an app will fail.
#[derive(Debug)]
pub struct PlannedFailure {
    /// The error.
    pub error: engine::Error,
    /// The solution, where there is one.
    pub solution: Option<SolutionId>,
}

/// One app of the plan.
#[derive(Debug, Clone, Copy)]
pub struct PlannedApp<'a> {
    /// The app and the name that its solution is to have.
    pub job: &'a Job,
    /// What was seen of its solutions with us.
    pub found: &'a Finding,
    /// What will be done.
    pub fate: &'a Fate,
}

/// What a run is going to do, app by app. The jobs are those that the run gets: of tens of thousands there is room for one list.
pub struct Plan {
    /// In the order in which they were asked for.
    jobs: Vec<Job>,
    /// What was seen of each, and what will be done with it.
    fates: Vec<(Finding, Fate)>,
    /// What the engine need not read again.
    pub survey: Survey,
    /// Which listings could be read, in words.
    pub looked_at: String,
}

impl Plan {
    /// Of no app yet.
    pub fn of_none() -> Self {
        Self {
            jobs: Vec::new(),
            fates: Vec::new(),
            survey: Survey::default(),
            looked_at: "nothing".to_owned(),
        }
    }

    /// Asks the engine what it would do with each app.
    pub async fn make(engine: &Engine, jobs: Vec<Job>) -> Result<Self, Failure> {
        engine.look_for_all(&jobs).await;
        let asks_until = engine.plan_asks_until();
        let jobs = Arc::new(jobs);
        let mut fates = Vec::with_capacity(jobs.len());
        let each = (0..jobs.len()).map(|at| one(engine, Arc::clone(&jobs), at, asks_until));
        let mut planned = Box::pin(futures_util::stream::iter(each).buffered(engine.at_once()));
        while let Some(fate) = planned.try_next().await? {
            fates.push(fate);
        }
        drop(planned);
        Ok(Self {
            jobs: Arc::unwrap_or_clone(jobs),
            fates,
            survey: engine.survey.clone(),
            looked_at: if engine.policy.look {
                engine.survey.in_words()
            } else {
                "none (--no-look)".to_owned()
            },
        })
    }

    /// The apps, in the order in which they were asked for.
    pub fn apps(&self) -> impl ExactSizeIterator<Item = PlannedApp<'_>> {
        apps(&self.jobs, &self.fates)
    }

    /// Lines of the apps, each made when its turn comes.
    pub fn lines<L>(
        self,
        mut line: impl FnMut(PlannedApp<'_>) -> L + Send + 'static,
    ) -> impl Iterator<Item = L> + Send + 'static {
        let apps = self.jobs.into_iter().zip(self.fates);
        apps.map(move |(job, (found, fate))| {
            line(PlannedApp {
                job: &job,
                found: &found,
                fate: &fate,
            })
        })
    }

    /// Takes the apps of another one in.
    pub fn take_in(&mut self, other: Self) {
        self.jobs.extend(other.jobs);
        self.fates.extend(other.fates);
        self.looked_at = other.looked_at;
    }

    /// Leaves only the apps at these places.
    pub fn keep(&mut self, places: &[usize]) {
        let keeps = |at: &mut usize| {
            *at += 1;
            places.contains(&(*at - 1))
        };
        let (mut job, mut fate) = (0, 0);
        self.jobs.retain(|_| keeps(&mut job));
        self.fates.retain(|_| keeps(&mut fate));
    }

    /// The question below the plan: what is still to be done, in numbers.
    pub fn question(&self, goal: Goal) -> String {
        let fates: Vec<&Fate> = self.fates.iter().map(|(_, fate)| fate).collect();
        question(&fates, goal)
    }

    /// Whether anything would be sent that changes something; where not, there is nothing to ask.
    pub fn writes(&self) -> bool {
        self.fates.iter().any(|(_, fate)| fate.writes())
    }

    /// What the engine is to do. The apps' links, which only the plan shows, stay behind.
    pub fn into_jobs(self) -> Vec<Job> {
        let mut jobs = self.jobs;
        for job in &mut jobs {
            job.app.link = None;
        }
        jobs
    }
}

fn apps<'a>(
    jobs: &'a [Job],
    fates: &'a [(Finding, Fate)],
) -> impl ExactSizeIterator<Item = PlannedApp<'a>> {
    let both = jobs.iter().zip(fates);
    both.map(|(job, (found, fate))| PlannedApp { job, found, fate })
}

/// A row of a dry run; without a table where the plan, which tells more, stands on the same terminal.
pub fn row_below<E>(ctx: &Context, mut line: RenderedLine<E>) -> RenderedLine<E> {
    let streams = ctx.ui.streams();
    if streams.stdout && streams.stderr && !ctx.ui.quiet() {
        line.cells.clear();
    }
    line
}

async fn one(
    engine: &Engine,
    jobs: Arc<Vec<Job>>,
    at: usize,
    asks_until: Duration,
) -> Result<(Finding, Fate), Failure> {
    let job = &jobs[at];
    let fate = Fate::from(engine.plan(job, asks_until).await?);
    Ok((find(&engine.seen(&job.app.id)), fate))
}

impl From<Planned> for Fate {
    fn from(planned: Planned) -> Self {
        match planned {
            Planned::Create => Self::Create,
            Planned::Take(take) => Self::Take(take),
            Planned::Skip(solution) => Self::Skip(Box::new(solution)),
            Planned::Nothing => Self::Nothing,
            Planned::Stops { solution, error } => {
                Self::Fail(Box::new(PlannedFailure { error, solution }))
            }
        }
    }
}

impl Fate {
    /// Whether something would be sent. What had no answer is looked for, and sent anew where nothing was made.
    fn writes(&self) -> bool {
        match self {
            Self::Create => true,
            Self::Take(taken) => taken.writes,
            Self::Skip(_) | Self::Nothing => false,
            Self::Fail(failure) => failure.error.kind() == Kind::UnknownOutcome,
        }
    }
}

fn question(fates: &[&Fate], goal: Goal) -> String {
    let count = |fits: fn(&Fate) -> bool| fates.iter().filter(|fate| fits(fate)).count();
    let new = count(|fate| matches!(fate, Fate::Create));
    let waiting = count(
        |fate| matches!(fate, Fate::Take(taken) if taken.solution.status == Status::Initiated),
    );
    let solutions = |count| match count {
        1 => "1 solution".to_owned(),
        count => format!("{count} solutions"),
    };
    let unknown = count(|fate| matches!(fate, Fate::Fail(..)) && fate.writes());
    match (new, goal, waiting) {
        (0, Goal::Initiated, _) | (0, Goal::Active, 0) if unknown > 0 => {
            "Look for what earlier creates made, and go on?".to_owned()
        }
        (0, Goal::Initiated, _) | (0, Goal::Active, 0) => {
            "Reject what nobody needs beside what exists?".to_owned()
        }
        (new, Goal::Initiated, _) => format!("Create {}?", solutions(new)),
        (0, Goal::Active, waiting) => {
            format!("Accept {}? Accepting cannot be undone.", solutions(waiting))
        }
        (new, Goal::Active, waiting) => format!(
            "Create {}, and accept {}? Accepting cannot be undone.",
            solutions(new),
            new + waiting
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    #[allow(clippy::items_after_statements)]
    fn the_question_counts() {
        fn there(status: Status) -> Box<Solution> {
            Box::new(Solution {
                id: "795".parse().unwrap(),
                name: String::new(),
                status,
                pending: crate::graph::Pending::None,
                owner_app: None,
                owner_permissions: None,
                partners: None,
            })
        }
        fn take(status: Status) -> Fate {
            Fate::Take(Box::new(PlannedTake {
                writes: status == Status::Initiated,
                solution: *there(status),
                outcome: engine::Outcome::Accepted,
                surplus: Vec::new(),
                open_post: false,
            }))
        }
        let new: fn() -> Fate = || Fate::Create;
        let waiting: fn() -> Fate = || take(Status::Initiated);
        let active: fn() -> Fate = || take(Status::Active);
        let over: fn() -> Fate = || Fate::Skip(there(Status::Rejected));
        for (fates, create, onboard) in [
            (
                &[&new][..],
                "Create 1 solution?",
                "Create 1 solution, and accept 1? Accepting cannot be undone.",
            ),
            (
                &[&new, &new, &waiting, &active],
                "Create 2 solutions?",
                "Create 2 solutions, and accept 3? Accepting cannot be undone.",
            ),
            (
                &[&waiting, &active],
                "Reject what nobody needs beside what exists?",
                "Accept 1 solution? Accepting cannot be undone.",
            ),
        ] {
            let fates: Vec<Fate> = fates.iter().map(|fate| fate()).collect();
            let all: Vec<&Fate> = fates.iter().collect();
            assert_eq!(question(&all, Goal::Initiated), create);
            assert_eq!(question(&all, Goal::Active), onboard);
            assert!(fates.iter().any(Fate::writes));
        }
        assert!(!active().writes() && !over().writes() && !Fate::Nothing.writes());
    }
}
