//! What the journal knows already: an id in it is read before anything else.
//!
//! The one decision: a journaled id outweighs every listing. What it leads to is gone on with; only what
//! Meta itself shows as REJECTED or DEACTIVATED makes room for another, and what Meta does not show makes
//! room for nothing.

use std::collections::HashSet;

use super::{
    Engine, Error, Event,
    job::{Found, Origin},
    plan,
};
use crate::{
    graph::{Solution, Token},
    ids::SolutionId,
    journal::{Entry, Key, State},
};

impl Engine {
    /// Reads the id of a row. `None`: it is dead, a new one may be made.
    pub(super) async fn journaled(
        &self,
        entry: &mut Entry,
        id: &SolutionId,
    ) -> Result<Option<Found>, Error> {
        let solution = self.visible(&entry.key, id).await?;
        if solution.status.is_over() {
            let ended = Error::EndedMeanwhile {
                owner: entry.key.owner.clone(),
                solution: id.clone(),
                status: solution.status.to_string(),
            };
            self.closed(entry, &ended).await?;
            if self.policy.resuming {
                return Err(ended);
            }
            // The row starts afresh, and no look takes the dead one for a new one.
            remember(entry, [id]);
            entry.solution_id = None;
            entry.state = State::Intended;
            return Ok(None);
        }
        let origin = if entry.seen.contains(id) {
            Origin::Adopted
        } else {
            Origin::Journaled
        };
        if solution.status.is_live() {
            entry.state = state_of(&solution);
        }
        self.journal.put(entry.clone(), None).await?;
        let surplus = self.surveyed_beside(entry, id).await?;
        if !surplus.is_empty() {
            self.tell(Event::Surplus {
                owner: entry.key.owner.clone(),
                taken: id.clone(),
                others: surplus.clone(),
            });
        }
        Ok(Some(Found {
            solution,
            origin,
            surplus,
        }))
    }

    /// Closes a row: there is nothing left to do here before somebody decides anew.
    pub(super) async fn closed(&self, entry: &mut Entry, why: &Error) -> Result<(), Error> {
        entry.state = State::Failed;
        entry.last_error = Some(why.to_string());
        Ok(self.journal.put(entry.clone(), None).await?)
    }

    /// Other live solutions that the look at the start of the run saw, but those made on purpose.
    async fn surveyed_beside(
        &self,
        entry: &Entry,
        id: &SolutionId,
    ) -> Result<Vec<SolutionId>, Error> {
        let Some(looked) = self.survey.of(&entry.key.owner) else {
            return Ok(Vec::new());
        };
        if self.policy.allow_duplicate {
            return Ok(Vec::new());
        }
        let elsewhere = self.known_elsewhere(&entry.key).await?;
        let others = looked.ours.iter().filter(|solution| {
            solution.status.is_live() && solution.id != *id && !elsewhere.contains(&solution.id)
        });
        Ok(others.map(|solution| solution.id.clone()).collect())
    }

    /// The solutions that other rows of the same two apps made: `--allow-duplicate` makes such rows.
    pub(super) async fn known_elsewhere(&self, key: &Key) -> Result<HashSet<SolutionId>, Error> {
        let rows = self.journal.entries_for(&key.owner, &key.partner).await?;
        let made = rows
            .into_iter()
            .filter(|row| row.key != *key)
            .filter_map(|row| row.solution_id.filter(|id| !row.seen.contains(id)));
        Ok(made.collect())
    }

    /// Reads a journaled solution, with the pauses of an unknown outcome where Meta does not show it yet.
    async fn visible(&self, key: &Key, id: &SolutionId) -> Result<Solution, Error> {
        let mut pauses = self.policy.pauses.looks.iter();
        loop {
            let error = match self.read(id).await {
                Ok(solution) => return Ok(solution),
                Err(Error::Graph(error)) if error.is_not_visible() => error,
                Err(error) => return Err(error),
            };
            match pauses.next() {
                Some(pause) if self.stop.pause(*pause).await => {}
                Some(_) => return Err(Error::Interrupted(format!("solution {id} was read"))),
                None => {
                    let (owner, solution) = (key.owner.clone(), id.clone());
                    return Err(Error::NotVisible {
                        owner,
                        solution,
                        error,
                    });
                }
            }
        }
    }

    /// Reads one solution with the token that is likeliest to be allowed: ours, else the Tech Provider's.
    pub(super) async fn read(&self, id: &SolutionId) -> Result<Solution, Error> {
        let first = match (&self.system, &self.user) {
            (Some(system), _) => Token::System(system),
            (None, Some(user)) => Token::User(user),
            (None, None) => {
                return Err(Error::NoToken {
                    owner: format!("solution {id}"),
                    token: "the system token",
                });
            }
        };
        let error = match self.graph.solution(first, id).await {
            Ok(solution) => return Ok(solution),
            Err(error) => error,
        };
        let denied = error.refused_to_look() || error.kind() == crate::exit::Kind::Auth;
        if let (Some(_), Some(user), true) = (&self.system, &self.user, denied)
            && let Ok(solution) = self.graph.solution(Token::User(user), id).await
        {
            return Ok(solution);
        }
        Err(error.into())
    }
}

/// How far a row has come whose solution is live.
pub(super) fn state_of(solution: &Solution) -> State {
    if plan::is_accepted(&solution.status) {
        State::Accepted
    } else {
        State::Created
    }
}

/// Remembers ids that were there before the POST.
pub(super) fn remember<'a>(entry: &mut Entry, ids: impl IntoIterator<Item = &'a SolutionId>) {
    for id in ids {
        if !entry.seen.contains(id) {
            entry.seen.push(id.clone());
        }
    }
}
