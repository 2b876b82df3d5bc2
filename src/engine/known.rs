//! What the journal knows already: an id in it is read before anything else.
//!
//! The one decision: a journaled id outweighs every listing. What it leads to is gone on with; only what
//! Meta itself shows as REJECTED or DEACTIVATED makes room for another, and what Meta does not show makes
//! room for nothing.

use std::collections::HashSet;

use super::{
    Engine, Error, Event, OurApp, choose,
    error::Needed,
    job::{Found, Origin, plain},
};
use crate::{
    graph::{Solution, Status, Token},
    ids::SolutionId,
    journal::{Entry, Goal, Key, State},
};

/// What a journaled id led to.
pub(crate) enum Known {
    /// A solution to go on with.
    Live(Found),
    /// It is over, and a new one may be made.
    Over(Solution),
}

impl Engine {
    /// Reads the id of a row.
    pub(crate) async fn journaled(
        &self,
        entry: &mut Entry,
        id: &SolutionId,
    ) -> Result<Known, Error> {
        let solution = match self.visible(&entry.key, id).await {
            Ok(solution) => solution,
            Err(error) => return self.unread(entry, id, error),
        };
        if solution.status.is_over() {
            let ended = Error::EndedMeanwhile {
                owner: entry.key.owner.clone(),
                solution: id.clone(),
                status: solution.status.to_string(),
            };
            if self.policy.resuming || self.policy.pass_over_dead {
                self.closed(entry, &ended).await?;
            }
            if self.policy.resuming {
                return Err(ended);
            }
            // The row starts afresh, and no look takes the dead one for a new one.
            remember(entry, [id]);
            entry.solution_id = None;
            entry.state = State::Intended;
            entry.last_error = Some(ended.to_string());
            if !self.policy.pass_over_dead {
                // Another one is meant to be made, by whoever takes this up.
                self.journal.put(entry.clone(), None).await?;
            }
            return Ok(Known::Over(solution));
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
        // Right before an accept Meta is asked again, and then it is also asked which one to take.
        let looks_again = self.policy.look
            && self.policy.goal == Goal::Active
            && choose::is_waiting(&solution.status);
        let surplus = if looks_again {
            Vec::new()
        } else {
            self.surveyed_beside(entry, id).await?
        };
        if !surplus.is_empty() {
            self.tell(Event::Surplus {
                owner: entry.key.owner.clone(),
                taken: id.clone(),
                others: surplus.clone(),
            });
        }
        Ok(Known::Live(Found {
            solution,
            origin,
            surplus,
        }))
    }

    /// Meta does not let us read a journaled solution: with `--no-check` the journal's word is enough.
    fn unread(&self, entry: &Entry, id: &SolutionId, error: Error) -> Result<Known, Error> {
        let Error::Graph(refusal) = error else {
            return Err(error);
        };
        if !refusal.refused_to_look() {
            return Err(Error::Graph(refusal));
        }
        let status = match entry.state {
            State::Created => Status::Initiated,
            State::Accepted => Status::Active,
            _ => return Err(Error::Graph(refusal)),
        };
        if !self.policy.check {
            return Ok(Known::Live(Found {
                solution: Solution {
                    name: entry.solution_name.clone(),
                    status,
                    ..plain(id)
                },
                origin: Origin::Remembered,
                surplus: Vec::new(),
            }));
        }
        match (self.policy.goal, status) {
            (Goal::Active, Status::Initiated) => Err(Error::CheckRefused {
                solution: id.clone(),
                error: refusal,
            }),
            _ => Err(Error::Graph(refusal)),
        }
    }

    /// Closes a row: there is nothing left to do here before somebody decides anew.
    pub(crate) async fn closed(&self, entry: &mut Entry, why: &Error) -> Result<(), Error> {
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
            solution.status.is_live()
                && solution.id != *id
                && !elsewhere.claims(solution, &entry.solution_name)
        });
        Ok(others.map(|solution| solution.id.clone()).collect())
    }

    /// What other rows of the same two apps made or wait for: `--allow-duplicate` makes such rows.
    pub(crate) async fn known_elsewhere(&self, key: &Key) -> Result<Elsewhere, Error> {
        let rows = self.journal.entries_for(&key.owner, &key.partner).await?;
        let mut elsewhere = Elsewhere::default();
        for row in rows.into_iter().filter(|row| row.key != *key) {
            let open = matches!(row.state, State::Sent | State::Unknown);
            match row.solution_id {
                Some(id) if !row.seen.contains(&id) => drop(elsewhere.made.insert(id)),
                None if open => drop(elsewhere.sent.insert(row.solution_name)),
                _ => {}
            }
        }
        Ok(elsewhere)
    }

    /// Reads a journaled solution, with the pauses of an unknown outcome where Meta does not show it yet.
    pub(crate) async fn visible(&self, key: &Key, id: &SolutionId) -> Result<Solution, Error> {
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
}

impl<P: OurApp> Engine<P> {
    /// Reads one solution with the token that is likeliest to be allowed: ours, else the Tech Provider's.
    pub(crate) async fn read(&self, id: &SolutionId) -> Result<Solution, Error> {
        let first = match (&self.system, &self.user) {
            (Some(system), _) => Token::System(system),
            (None, Some(user)) => Token::User(user),
            (None, None) => {
                return Err(Error::NoToken {
                    owner: format!("solution {id}"),
                    token: Needed::System,
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

/// What other rows of the same two apps made or wait for.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere {
    made: HashSet<SolutionId>,
    /// The names of what was sent and has no answer yet.
    sent: HashSet<String>,
}

impl Elsewhere {
    /// Whether a solution is another row's. A name decides only what no id does: one that another row waits
    /// for, and that is not the name which this row sent.
    pub(crate) fn claims(&self, solution: &Solution, own_name: &str) -> bool {
        let waited_for = solution.name != own_name && self.sent.contains(&solution.name);
        self.made.contains(&solution.id) || waited_for
    }
}

/// How far a row has come whose solution is live.
pub(crate) fn state_of(solution: &Solution) -> State {
    if choose::is_accepted(&solution.status) {
        State::Accepted
    } else {
        State::Created
    }
}

/// Remembers ids that were there before the POST.
pub(crate) fn remember<'a>(entry: &mut Entry, ids: impl IntoIterator<Item = &'a SolutionId>) {
    for id in ids {
        if !entry.seen.contains(id) {
            entry.seen.push(id.clone());
        }
    }
}
