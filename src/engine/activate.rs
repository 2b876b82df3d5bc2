//! The second half of an onboarding: the solution of an app becomes ACTIVE.
//!
//! The one decision: right before the step that cannot be undone, Meta is asked once more what these two
//! apps have with each other. What slipped through all else (two state directories, a human at the
//! dashboard) is found here; one is accepted, the others are reported.

use super::{
    Engine, Error, Event, Made, Outcome,
    accept::check_refused,
    choose::{self, Finding},
    job::{Found, Job, Origin},
};
use crate::{
    graph::Solution,
    ids::SolutionId,
    journal::{Entry, State},
};

impl Engine {
    /// Accepts what was found or made, unless it is ACTIVE already.
    pub(crate) async fn activate(&self, job: &Job, found: Found) -> Result<Made, Error> {
        let is_new = found.origin.is_new();
        match self.accepted_half(job, found).await {
            Ok((mut made, before)) => {
                made.outcome = if before && !is_new {
                    Outcome::Existing
                } else {
                    Outcome::Onboarded
                };
                Ok(made)
            }
            Err(error) => {
                self.note_failure(job, &error).await;
                Err(error)
            }
        }
    }

    /// Says too whether it was ACTIVE before we did anything.
    async fn accepted_half(&self, job: &Job, found: Found) -> Result<(Made, bool), Error> {
        let made = |solution, verified, surplus| Made {
            app: job.app.clone(),
            solution: Some(solution),
            outcome: Outcome::Onboarded,
            verified,
            surplus,
        };
        let Found {
            solution,
            origin,
            surplus,
        } = found;
        if origin != Origin::Answered && choose::is_accepted(&solution.status) {
            self.settle_entry(job, &solution).await?;
            self.tell(Event::Active {
                owner: Some(job.app.id.clone()),
                solution: solution.id.clone(),
                before: !origin.is_new(),
            });
            return Ok((made(solution, origin.is_read(), surplus), true));
        }
        let (ours, mut chosen, mut others) = (solution.id.clone(), solution, surplus);
        if self.policy.look && others.is_empty() && !self.policy.allow_duplicate {
            (chosen, others) = self.second_look(job, chosen).await?;
        }
        let same = chosen.id == ours;
        if same && origin == Origin::Adopted && !self.policy.attended {
            chosen = self.check_terms(job, &chosen.id).await?;
        }
        let fresh = same && origin == Origin::Answered;
        let accepted = self.accept_known(Some(job), chosen, fresh).await?;
        self.settle_entry(job, &accepted.solution).await?;
        let whole = made(accepted.solution, accepted.verified, others);
        Ok((whole, accepted.before))
    }

    /// A second live solution of the same two apps. Which one is taken follows the rule of every run, so
    /// that two runs that do not know each other take the same; but no INITIATED one on other terms is
    /// taken in place of ours. Where nobody may look, nothing is said.
    async fn second_look(
        &self,
        job: &Job,
        ours: Solution,
    ) -> Result<(Solution, Vec<SolutionId>), Error> {
        let mut looked = match self.looker().look(&job.app.id).await {
            Ok(looked) => looked.ours,
            // What was seen at the start of the run is better than nothing.
            Err(_) => match self.survey.of(&job.app.id) {
                Some(looked) => looked.ours,
                None => return Ok((ours, Vec::new())),
            },
        };
        if looked.iter().all(|solution| solution.id != ours.id)
            && let Ok(more) = self.looker().look_everywhere(&job.app.id).await
        {
            // A listing that leaves ours out may leave others out.
            looked = more.ours;
        }
        let elsewhere = self.known_elsewhere(&self.key(job)).await?;
        let fits = |other: &&Solution| {
            other.id != ours.id
                && !elsewhere.claims(other, &job.name)
                && (!choose::is_waiting(&other.status)
                    || self.policy.messaging.matches(other, &self.partner))
        };
        let others: Vec<SolutionId> = looked
            .iter()
            .filter(|other| other.status.is_live() && other.id != ours.id)
            .filter(|other| !elsewhere.claims(other, &job.name))
            .map(|other| other.id.clone())
            .collect();
        if others.is_empty() {
            return Ok((ours, others));
        }
        let live = looked
            .iter()
            .filter(fits)
            .filter(|other| other.status.is_live());
        let Finding::Live { taken, .. } = choose::find(live.chain([&ours])) else {
            return Ok((ours, others));
        };
        if taken.id == ours.id {
            self.tell(Event::Surplus {
                owner: job.app.id.clone(),
                taken: taken.id,
                others: others.clone(),
            });
            return Ok((ours, others));
        }
        let mut rest: Vec<SolutionId> = others.into_iter().filter(|id| *id != taken.id).collect();
        rest.push(ours.id);
        let row = self.journal.entry(&self.key(job)).await?;
        let mut entry = row.unwrap_or_else(|| self.intent(job));
        let found = self
            .adopt(&mut entry, *taken, rest, Origin::Adopted)
            .await?;
        Ok((found.solution, found.surplus))
    }

    /// An INITIATED solution that mps did not make is accepted unattended only on our own terms.
    /// A listing may show it before it can be read, so the reading has its pauses. What has become of it
    /// since is what counts.
    async fn check_terms(&self, job: &Job, id: &SolutionId) -> Result<Solution, Error> {
        let solution = self.visible(&self.key(job), id).await;
        let solution = solution.map_err(|error| check_refused(id, error))?;
        if !choose::is_waiting(&solution.status)
            || self.policy.messaging.matches(&solution, &self.partner)
        {
            return Ok(solution);
        }
        Err(Error::OtherTerms {
            solution: solution.id,
            asked: self.policy.messaging.word(),
        })
    }

    /// The journal's row of an app whose solution is ACTIVE.
    async fn settle_entry(&self, job: &Job, solution: &Solution) -> Result<(), Error> {
        let Some(entry) = self.journal.entry(&self.key(job)).await? else {
            return Ok(());
        };
        let settled = Entry {
            state: State::Accepted,
            solution_id: Some(solution.id.clone()),
            solution_name: solution.name.clone(),
            last_error: None,
            ..entry
        };
        match self.journal.put(settled, None).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.accept_not_written(&solution.id, error)),
        }
    }

    /// What went wrong goes into the row, where it says more than the row does.
    async fn note_failure(&self, job: &Job, error: &Error) {
        let for_good = matches!(
            error,
            Error::EndedMeanwhile { .. } | Error::OtherTerms { .. }
        );
        let passing = matches!(
            error,
            Error::Interrupted(_)
                | Error::NotTried { .. }
                | Error::Journal(_)
                | Error::NotWrittenDown { .. }
        );
        if passing {
            return;
        }
        let Ok(Some(mut entry)) = self.journal.entry(&self.key(job)).await else {
            return;
        };
        if for_good {
            entry.state = State::Failed;
        }
        entry.last_error = Some(error.to_string());
        // The row is right without it; the error itself is told in any case.
        let _ = self.journal.put(entry, None).await;
    }
}
