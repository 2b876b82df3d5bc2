//! One app: journal, look, adopt or create.
//!
//! The one decision: a POST is sent only when nothing that can be read says that a solution exists. What is
//! there is taken, whatever its name.

use jiff::Timestamp;

use super::{
    Engine, Error, Event,
    choose::{self, Finding},
    job::{Found, Half, Origin, no_user},
    known::{self, Known, state_of},
    look::{LookError, Looked},
    settle::{Then, remember},
};
use crate::{
    graph::Solution,
    ids::SolutionId,
    journal::{self, Call, Entry, EventOutcome, Key, State},
};

pub use super::job::Job;

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

    /// Brings one app to a live solution. The caller holds the lock of its key.
    pub(crate) async fn ensure(&self, job: &Job) -> Result<Half, Error> {
        let row = self.journal.entry(&self.key(job)).await?;
        let over = |row: &Entry| row.state == State::Failed;
        if self.policy.resuming && row.as_ref().is_none_or(over) {
            // Another run has finished with it since we looked.
            return Ok(Half::Skipped(None));
        }
        let mut entry = match row {
            Some(entry) => self.raised(entry, job),
            None => self.intent(job),
        };
        let mut over = None;
        if let Some(id) = entry.solution_id.clone() {
            match self.journaled(&mut entry, &id).await? {
                Known::Live(found) => return Ok(Half::Found(found)),
                Known::Over(solution) => over = Some(solution),
            }
        }
        if !self.policy.look && self.has_open_post(&entry.key).await? {
            return Err(Error::Unfinished {
                owner: job.app.id.clone(),
            });
        }
        if matches!(entry.state, State::Sent | State::Unknown) {
            let settled = self.settle(&mut entry, job, None, Then::PostOnce).await;
            return settled.map(Half::Found);
        }
        if self.policy.look
            && let Some(half) = self.look_first(&mut entry, job).await?
        {
            return Ok(half);
        }
        // A listing may leave out what is over; the journal does not.
        if let Some(solution) = over.filter(|_| self.policy.pass_over_dead) {
            return Ok(Half::Skipped(Some(solution)));
        }
        self.post(&mut entry, job, Then::PostOnce)
            .await
            .map(Half::Found)
    }

    /// A journaled row, with what this run wants: a higher goal counts, and where nothing is on its way
    /// the new name and terms too. What was seen stays seen.
    fn raised(&self, mut entry: Entry, job: &Job) -> Entry {
        if self.policy.goal == journal::Goal::Active {
            entry.goal = journal::Goal::Active;
        }
        if let Some(label) = &self.actor.link_label {
            entry.link_label = Some(label.clone());
        }
        if matches!(entry.state, State::Intended | State::Failed) {
            entry = Entry {
                solution_id: entry.solution_id,
                seen: entry.seen,
                last_error: entry.last_error,
                link_label: entry.link_label,
                ..self.intent(job)
            };
        }
        entry
    }

    /// Whether a POST for these two apps has no answer yet, under whatever name.
    async fn has_open_post(&self, key: &Key) -> Result<bool, Error> {
        let rows = self.journal.entries_for(&key.owner, &key.partner).await?;
        Ok(rows
            .iter()
            .any(|row| matches!(row.state, State::Sent | State::Unknown)))
    }

    /// Step 1. A live solution is adopted, whatever its name; a dead one is passed over or not.
    async fn look_first(&self, entry: &mut Entry, job: &Job) -> Result<Option<Half>, Error> {
        let looked = self.looked(job).await?;
        if !self.policy.allow_duplicate {
            match choose::find(&looked.ours) {
                Finding::Live { taken, surplus } => {
                    return self
                        .adopt(entry, *taken, surplus, Origin::Adopted)
                        .await
                        .map(|found| Some(Half::Found(found)));
                }
                Finding::Dead(latest) if self.passes_over(entry, &latest) => {
                    return Ok(Some(Half::Skipped(Some(*latest))));
                }
                Finding::Dead(_) | Finding::Free => {}
            }
        }
        remember(entry, &looked);
        Ok(None)
    }

    /// `--all` passes over every dead one; a resumed row over one that it has not seen, for whoever wrote
    /// the row did not mean to make another in its place.
    fn passes_over(&self, entry: &Entry, dead: &Solution) -> bool {
        self.policy.pass_over_dead || (self.policy.resuming && !entry.seen.contains(&dead.id))
    }

    /// The look before the POST: our side as it was read at the start of the run, else this app's.
    async fn looked(&self, job: &Job) -> Result<Looked, Error> {
        match self.survey.of(&job.app.id) {
            Some(looked) => Ok(looked),
            None => self.looked_now(job).await,
        }
    }

    /// The look after a long wait: what was seen before it is old. A live solution is adopted.
    pub(crate) async fn look_anew(
        &self,
        entry: &mut Entry,
        job: &Job,
    ) -> Result<Option<Found>, Error> {
        if !self.policy.look || self.stop.is_set() {
            return Ok(None);
        }
        let looked = self.looked_now(job).await?;
        match choose::find(&looked.ours) {
            Finding::Live { taken, surplus } if !self.policy.allow_duplicate => {
                let found = self.adopt(entry, *taken, surplus, Origin::Adopted).await?;
                Ok(Some(found))
            }
            _ => {
                remember(entry, &looked);
                Ok(None)
            }
        }
    }

    async fn looked_now(&self, job: &Job) -> Result<Looked, Error> {
        if self.user.is_none() && self.system.is_none() {
            return Err(no_user(job));
        }
        let looked = if self.survey.is_too_long() {
            self.looker().look(&job.app.id).await
        } else {
            self.looker().look_everywhere(&job.app.id).await
        };
        let looked = looked.map_err(|error| refused(job, error))?;
        match &looked.failure {
            // The owner's side alone may be short.
            Some(error) if !looked.our_side => Err(Error::Graph(error.clone())),
            _ => Ok(looked),
        }
    }

    /// Takes a solution that is there: written down first, then told.
    pub(crate) async fn adopt(
        &self,
        entry: &mut Entry,
        solution: Solution,
        surplus: Vec<SolutionId>,
        origin: Origin,
    ) -> Result<Found, Error> {
        let existing = origin == Origin::Adopted;
        entry.state = state_of(&solution);
        entry.solution_id = Some(solution.id.clone());
        entry.solution_name.clone_from(&solution.name);
        entry.last_error = None;
        let call = if existing { Call::Adopt } else { Call::Create };
        let event = journal::HistoryEvent {
            permissions_read: self.terms_read(&solution),
            ..self.event(entry, call, EventOutcome::Ok)
        };
        if existing {
            known::remember(entry, [&solution.id]);
            self.journal.put(entry.clone(), Some(event)).await?;
        } else {
            self.write_answer(entry, &solution.id, event).await?;
        }
        let owner = entry.key.owner.clone();
        self.tell(Event::Created {
            owner: owner.clone(),
            solution: solution.id.clone(),
            existing,
        });
        if !surplus.is_empty() {
            self.tell(Event::Surplus {
                owner,
                taken: solution.id.clone(),
                others: surplus.clone(),
            });
        }
        Ok(Found {
            solution,
            origin,
            surplus,
        })
    }
}

fn refused(job: &Job, error: LookError) -> Error {
    match error {
        LookError::Refused(error) => Error::LookRefused {
            owner: job.app.id.clone(),
            error: Some(error),
        },
        LookError::Unshown => Error::LookRefused {
            owner: job.app.id.clone(),
            error: None,
        },
        LookError::Failed(error) => Error::Graph(error),
    }
}
