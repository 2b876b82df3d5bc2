//! After a POST whose answer was none: was the solution made?
//!
//! The one decision: the question is put to Meta's listings, with growing pauses, and only proof of
//! absence allows a second POST: our own app's side complete, every other side that answers complete too,
//! no time-out (such a write may still be at work at Meta's), and no second POST yet in this run.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{
    Engine, Error, Event,
    choose::{self, Finding},
    job::{Found, Job, Origin},
    known::{self, Elsewhere},
    look::Looked,
};
use crate::{
    graph::{self, Solution},
    journal::{self, Call, Entry, EventOutcome, State},
};

/// What may follow when the solution is not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// One more POST, if its absence is proven.
    PostOnce,
    /// Nothing: there was a second POST in this run already.
    Nothing,
}

/// Why nothing is known where no token can look.
const NOBODY_LOOKS: &str = "there is no token at hand that could look for it";

/// Why no second POST follows; `None`: it may. Pure, so that the rule stands in one place.
fn forbids(facts: Facts) -> Option<&'static str> {
    match facts {
        Facts {
            looks_allowed: false,
            ..
        } => Some("it was sent without a look (--no-look), so it is never sent again"),
        Facts { absent: false, .. } => Some(
            "Meta's listings do not tell; where Meta's App Dashboard shows it, `mps accept` with its id settles it",
        ),
        Facts {
            then: Then::Nothing,
            ..
        } => Some("it was sent twice in this run, and Meta shows neither"),
        Facts {
            timed_out: true, ..
        } => Some("Meta does not show it yet; after a time-out only a later look can tell"),
        Facts {
            old_enough: false, ..
        } => Some(
            "Meta does not show it yet; what an earlier run sent is sent again 10 minutes after it at the earliest",
        ),
        _ => None,
    }
}

/// What is known when all pauses are over.
#[derive(Debug, Clone, Copy)]
struct Facts {
    /// No `--no-look`.
    looks_allowed: bool,
    /// The last look proves that it is not there.
    absent: bool,
    then: Then,
    /// The POST of this run ran out of time.
    timed_out: bool,
    /// Sent in this run, or long enough ago.
    old_enough: bool,
}

impl Engine {
    /// Step 4: looks for what an unanswered POST may have made. `error` is what came instead of the
    /// answer; none where an earlier run sent it, which counts as a time-out: nobody knows what it saw.
    pub(crate) async fn settle(
        &self,
        entry: &mut Entry,
        job: &Job,
        error: Option<graph::Error>,
        then: Then,
    ) -> Result<Found, Error> {
        let why = error.as_ref().map_or_else(
            || "an earlier run had no answer".to_owned(),
            ToString::to_string,
        );
        self.tell(Event::Looking {
            owner: job.app.id.clone(),
            why,
        });
        if self.user.is_none() && self.system.is_none() {
            return Err(self.unsettled(entry, NOBODY_LOOKS, error).await);
        }
        let elsewhere = self.known_elsewhere(&entry.key).await?;
        let mut last = None;
        for pause in std::iter::once(&Duration::ZERO).chain(&self.policy.pauses.looks) {
            if !self.stop.pause(*pause).await {
                return Err(Error::Interrupted(format!(
                    "it was clear whether a solution for app {} was created",
                    job.app.id
                )));
            }
            match self.looker().look_everywhere(&job.app.id).await {
                Ok(looked) => {
                    if let Some(found) = self.recognise(entry, &looked, &elsewhere).await? {
                        return Ok(found);
                    }
                    last = Some(looked);
                }
                Err(_) => last = None,
            }
        }
        let facts = Facts {
            looks_allowed: self.policy.look,
            absent: last.as_ref().is_some_and(Looked::proves_absence),
            then,
            timed_out: error.as_ref().is_some_and(graph::Error::timed_out),
            old_enough: error.is_some()
                || age(entry, Timestamp::now()) >= self.policy.pauses.after_time_out,
        };
        match forbids(facts) {
            None => {
                remember(entry, &last.unwrap_or_default());
                self.post(entry, job, Then::Nothing).await
            }
            Some(why) => Err(self.unsettled(entry, why, error).await),
        }
    }

    /// Whether a look shows what our POST made: a solution with us that was not there before, and that no
    /// other row of the journal made.
    async fn recognise(
        &self,
        entry: &mut Entry,
        looked: &Looked,
        elsewhere: &Elsewhere,
    ) -> Result<Option<Found>, Error> {
        let new: Vec<&Solution> = looked
            .ours
            .iter()
            .filter(|solution| {
                !entry.seen.contains(&solution.id)
                    && !elsewhere.claims(solution, &entry.solution_name)
            })
            .collect();
        let of_name = |solution: &&&Solution| {
            entry.key.name.is_some() && solution.name == entry.solution_name
        };
        let named: Vec<&Solution> = new.iter().filter(of_name).copied().collect();
        let candidates = if named.is_empty() { new } else { named };
        match choose::find(candidates) {
            Finding::Live { taken, surplus } => {
                // Under a name that we did not send, or where nobody knows what was there before, it may be
                // somebody else's: its terms are checked.
                let origin = if entry.looked && taken.name == entry.solution_name {
                    Origin::Found
                } else {
                    Origin::Adopted
                };
                self.adopt(entry, *taken, surplus, origin).await.map(Some)
            }
            // Sent without a look, ours is not told from one that ended long ago.
            Finding::Dead(_) if !entry.looked => Ok(None),
            Finding::Dead(latest) => {
                let (owner, status) = (entry.key.owner.clone(), latest.status.to_string());
                entry.solution_id = Some(latest.id.clone());
                let ended = Error::EndedMeanwhile {
                    owner,
                    solution: latest.id,
                    status,
                };
                entry.state = State::Failed;
                entry.last_error = Some(ended.to_string());
                let event = self.event(entry, Call::Create, EventOutcome::Ok);
                self.journal.put(entry.clone(), Some(event)).await?;
                Err(ended)
            }
            Finding::Free => Ok(None),
        }
    }

    /// It stays unknown; what the looks came to is written down.
    async fn unsettled(&self, entry: &mut Entry, why: &str, error: Option<graph::Error>) -> Error {
        entry.state = State::Unknown;
        if entry.last_error.is_none() {
            entry.last_error = Some(why.to_owned());
        }
        let event = journal::HistoryEvent {
            error: Some(why.to_owned()),
            ..self.event(entry, Call::Look, EventOutcome::Unknown)
        };
        // The row says "sent" or "unknown" already, which is as good for a later run.
        if self.journal.put(entry.clone(), Some(event)).await.is_err() {
            self.halt.no_more_writes();
        }
        unknown(entry, why, error)
    }
}

/// How long ago the POST left. A clock that was set back makes it young, never old.
fn age(entry: &Entry, now: Timestamp) -> Duration {
    let sent = entry.sent_at.unwrap_or(entry.updated_at);
    Duration::try_from(now.duration_since(sent).max(SignedDuration::ZERO)).unwrap_or_default()
}

/// A POST that may or may not have made a solution.
pub(crate) fn unknown(entry: &Entry, why: &str, error: Option<graph::Error>) -> Error {
    Error::Unknown {
        doing: format!("creating a solution for app {}", entry.key.owner),
        why: why.to_owned(),
        error: error.map(Box::new),
    }
}

/// Remembers what was there before the POST, and that somebody looked.
pub(crate) fn remember(entry: &mut Entry, looked: &Looked) {
    entry.looked = true;
    known::remember(entry, looked.ours.iter().map(|solution| &solution.id));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Goal, Key};

    #[test]
    fn when_a_second_post_may_leave() {
        let all_well = Facts {
            looks_allowed: true,
            absent: true,
            then: Then::PostOnce,
            timed_out: false,
            old_enough: true,
        };
        assert_eq!(forbids(all_well), None);
        for one_thing_wrong in [
            Facts {
                looks_allowed: false,
                ..all_well
            },
            Facts {
                absent: false,
                ..all_well
            },
            Facts {
                then: Then::Nothing,
                ..all_well
            },
            Facts {
                timed_out: true,
                ..all_well
            },
            Facts {
                old_enough: false,
                ..all_well
            },
        ] {
            assert!(forbids(one_thing_wrong).is_some(), "{one_thing_wrong:?}");
        }
    }

    #[test]
    fn a_clock_set_back_makes_nothing_old() {
        let key = Key::new("1".parse().unwrap(), "2".parse().unwrap());
        let mut entry = Entry::new(key, Goal::Active, "x");
        let sent: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        entry.sent_at = Some(sent);
        for (now, seconds) in [
            ("2026-11-22T12:10:00Z", 600),
            ("2026-11-22T12:00:00Z", 0),
            ("2026-11-22T09:00:00Z", 0),
        ] {
            assert_eq!(age(&entry, now.parse().unwrap()).as_secs(), seconds);
        }
        entry.sent_at = None;
        entry.updated_at = sent;
        assert_eq!(age(&entry, sent), Duration::ZERO);
    }
}
