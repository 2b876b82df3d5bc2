//! `mps accept ID`: one solution that an operator named, whoever made it.
//!
//! The one decision: naming it was the consent, so what is checked is that it is ours and waits, not whether
//! its terms are those that we would have asked for; and what is left of it is typed again with its id,
//! unless `resume` knows of it.

use super::{
    Engine, Error, Messaging, OurApp, Outcome,
    accept::check_partner,
    job::{Job, plain},
};
use crate::{
    graph::{App, Solution},
    ids::SolutionId,
    journal::{Entry, Goal, Key, KeyLock, State},
};

/// What came of one id of `mps accept`.
#[derive(Debug, Clone)]
pub struct AcceptedId {
    /// The solution, as last seen.
    pub solution: Solution,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether the final status was read back from Meta.
    pub verified: bool,
    /// Whether the status is what Meta showed after our last write, wanted or not.
    pub seen: bool,
}

impl<P: OurApp> Engine<P> {
    /// `mps accept ID`: one solution by its id, whoever made it, unless the run has been halted.
    pub async fn accept_id(&self, id: &SolutionId) -> Result<AcceptedId, Error> {
        let ended = match self.halt.kind() {
            _ if self.stop.is_set() => {
                Err(Error::Interrupted(format!("solution {id} was accepted")))
            }
            Some(kind) => Err(Error::NotTried { kind }),
            None => self.accept_one(id).await,
        };
        let error = match ended {
            Ok(accepted) => {
                if accepted.outcome == Outcome::Accepted {
                    self.halt.worked();
                }
                return Ok(accepted);
            }
            Err(error) => error,
        };
        self.halt.after_accept(&error);
        let resumes = match &error {
            Error::Interrupted(_) | Error::NotTried { .. } => false,
            Error::Unknown { .. } | Error::NotWrittenDown { .. } | Error::Journal(_) => {
                let row = self.journal.knows(id).await;
                row.is_ok_and(|row| row.is_some_and(|row| row.is_unfinished()))
            }
            _ => return Err(error),
        };
        if resumes {
            return Err(error);
        }
        let hint = match &error {
            Error::Journal(error) | Error::NotWrittenDown { error, .. } => {
                error.hint_then(&format!("run `mps accept {id}`"))
            }
            _ => format!("mps accept {id}"),
        };
        Err(Error::Again {
            hint,
            error: Box::new(error),
        })
    }

    async fn accept_one(&self, id: &SolutionId) -> Result<AcceptedId, Error> {
        let mut solution = self.named(id).await?;
        let known = self.journal.knows(id).await?;
        let app = solution
            .owner_app
            .clone()
            .or_else(|| known.as_ref().map(app_of));
        let key = match known {
            Some(row) => Some(row.key),
            None => self.key_of(app.as_ref(), &solution),
        };
        let lock = match &key {
            Some(key) => Some(self.locked(key).await?),
            None => None,
        };
        if lock.as_ref().is_some_and(KeyLock::waited) {
            solution = self.named(id).await?;
        }
        let job = app.map(|app| Job {
            app,
            name: solution.name.clone(),
        });
        self.take_in(key.as_ref(), &solution).await?;
        let accepted = self
            .accept_known(job.as_ref(), solution.clone(), !self.policy.check)
            .await;
        let accepted = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                if let (Error::Unknown { .. }, Some(key), Some(job)) = (&error, key, &job) {
                    self.leave_to_resume(key, job, &solution).await;
                }
                return Err(error);
            }
        };
        // Under the lock: another run may have written the row meanwhile.
        if let Some(row) = self.journal.knows(id).await? {
            let row = Entry {
                state: State::Accepted,
                last_error: None,
                ..row
            };
            if let Err(error) = self.journal.put(row, None).await {
                return Err(self.accept_not_written(id, error));
            }
        }
        Ok(AcceptedId {
            solution: accepted.solution,
            outcome: if accepted.before {
                Outcome::AlreadyActive
            } else {
                Outcome::Accepted
            },
            verified: accepted.verified,
            seen: accepted.seen,
        })
    }

    /// A solution that was named by its id: read and checked, unless `--no-check`.
    async fn named(&self, id: &SolutionId) -> Result<Solution, Error> {
        if !self.policy.check {
            return Ok(plain(id));
        }
        let solution = self.read_for_check(id).await?;
        if let Some(partner) = self.partner.known() {
            check_partner(&self.graph, self.system.as_ref(), partner, &solution).await?;
        }
        Ok(solution)
    }

    /// The key of a solution that no row has: its two apps. Where our id is not known, Meta's word says who
    /// the one partner is.
    fn key_of(&self, owner: Option<&App>, solution: &Solution) -> Option<Key> {
        let partner = match (self.partner.known(), solution.partners.as_deref()) {
            (Some(partner), _) => partner,
            (None, Some([only])) => &only.app.id,
            (None, _) => return None,
        };
        Some(Key::new(owner?.id.clone(), partner.clone()))
    }

    /// Whoever names a solution that `create` made wants it ACTIVE, and so does whoever takes it up. And
    /// whoever names the one that an unanswered create waits for has found it.
    async fn take_in(&self, key: Option<&Key>, solution: &Solution) -> Result<(), Error> {
        if !solution.status.is_live() {
            return Ok(());
        }
        let known = self.journal.knows(&solution.id).await?;
        let row = match (known, key) {
            (Some(row), _) if row.state == State::Created && row.goal != Goal::Active => Some(row),
            (None, Some(key)) => {
                let row = self.journal.entry(key).await?;
                row.filter(|row| waits_for(row, solution))
            }
            _ => None,
        };
        let Some(row) = row else {
            return Ok(());
        };
        let row = Entry {
            goal: Goal::Active,
            state: State::Created,
            solution_id: Some(solution.id.clone()),
            last_error: None,
            ..row
        };
        Ok(self.journal.put(row, None).await?)
    }

    /// An accept whose outcome is unknown is `resume`'s to settle, unless these two apps have another row.
    async fn leave_to_resume(&self, key: Key, job: &Job, solution: &Solution) {
        if !matches!(self.journal.entry(&key).await, Ok(None)) {
            return;
        }
        // Its terms were the operator's to judge, and they have judged.
        let partner = key.partner.clone();
        let terms = Messaging::ALL
            .into_iter()
            .find(|choice| choice.matches(solution, &partner));
        let row = Entry {
            state: State::Created,
            solution_id: Some(solution.id.clone()),
            seen: vec![solution.id.clone()],
            messaging: terms.unwrap_or(self.policy.messaging).word().to_owned(),
            owner_name: job.app.name.clone(),
            ..Entry::new(key, Goal::Active, job.name.clone())
        };
        // Its event is written down; without the row only `resume` does not know of it.
        let _ = self.journal.put(row, None).await;
    }
}

/// The owner app as a row knows it.
fn app_of(row: &Entry) -> App {
    App {
        id: row.key.owner.clone(),
        name: row.owner_name.clone(),
        link: None,
    }
}

/// Whether this is what an unanswered create sent, as far as a name can tell.
fn waits_for(row: &Entry, solution: &Solution) -> bool {
    matches!(row.state, State::Sent | State::Unknown)
        && row.solution_name == solution.name
        && !row.seen.contains(&solution.id)
}
