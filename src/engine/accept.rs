//! Accept: read, check, accept, read back.
//!
//! The one decision: it cannot be undone, so it is done only to what was seen to be ours and INITIATED,
//! and its success is what Meta shows afterwards. ACTIVE is success, whoever brought it there.

use std::sync::Arc;

use super::{
    Engine, Error, Event, OurApp, choose,
    error::Needed,
    job::Job,
    post::{is_worth_another_try, outcome_of, terms},
};
use crate::{
    exit::Kind,
    graph::{self, Graph, Sent, Solution, Status, Token},
    ids::{AppId, SolutionId},
    journal::{self, Call, EventOutcome, Goal, Key},
    secret::SystemToken,
};

/// How accepting went.
pub(crate) struct Accepted {
    pub(crate) solution: Solution,
    /// Meta showed it ACTIVE.
    pub(crate) verified: bool,
    /// The status is what Meta showed after the POST; else it is the one from before.
    pub(crate) seen: bool,
    /// It was ACTIVE already, by somebody else.
    pub(crate) before: bool,
}

/// What a POST that accepts came to: written down, and still to be read back.
pub(crate) type Answer = Result<(), graph::Error>;

impl<P: OurApp> Engine<P> {
    /// Reads a solution that is about to be accepted.
    pub(crate) async fn read_for_check(&self, id: &SolutionId) -> Result<Solution, Error> {
        let read = self.read(id).await;
        read.map_err(|error| check_refused(id, error))
    }

    /// Accepts a solution. `fresh`: its state need not be read first (our own POST returned it just now,
    /// or the operator said `--no-check`).
    pub(crate) async fn accept_known(
        &self,
        job: Option<&Job>,
        solution: Solution,
        fresh: bool,
    ) -> Result<Accepted, Error> {
        let owner = job.map(|job| job.app.id.clone());
        let id = solution.id.clone();
        let Some(system) = &self.system else {
            return Err(Error::NoToken {
                owner: format!("solution {id}"),
                token: Needed::System,
            });
        };
        if !fresh && choose::is_accepted(&solution.status) {
            return Ok(Accepted {
                solution,
                verified: true,
                seen: true,
                before: true,
            });
        }
        if !fresh && !choose::is_waiting(&solution.status) {
            return Err(self.not_initiated(job, &solution));
        }
        let answer = self.post_accept(job, system, &solution).await?;
        let accepted = self.read_back(job, solution, answer).await?;
        if accepted.verified {
            let read = journal::HistoryEvent {
                call: Call::Look,
                ..self.accept_event(job, &accepted.solution, EventOutcome::Ok)
            };
            // The accept itself is written down; without this line only its terms are not.
            let _ = self.journal.record(read).await;
        }
        self.tell(Event::Active {
            owner,
            solution: id,
            before: accepted.before,
        });
        Ok(accepted)
    }

    pub(crate) fn not_initiated(&self, job: Option<&Job>, solution: &Solution) -> Error {
        let (id, status) = (solution.id.clone(), solution.status.to_string());
        match job {
            Some(job)
                if solution.status.is_over()
                    && self.policy.goal == Goal::Active
                    && !self.policy.attended =>
            {
                Error::EndedMeanwhile {
                    owner: job.app.id.clone(),
                    solution: id,
                    status,
                }
            }
            _ => Error::NotInitiated {
                solution: id,
                status,
            },
        }
    }

    /// One POST, with an event before and after it; refused with code 100 while still INITIATED, one more
    /// without a body (graph-api.md, 7.5); one that surely never left, again at once; one that the quota
    /// stopped, after the wait that was asked for.
    async fn post_accept(
        &self,
        job: Option<&Job>,
        system: &SystemToken,
        solution: &Solution,
    ) -> Result<Answer, Error> {
        let id = &solution.id;
        let (mut body, mut tries) = (self.partner.known(), 0);
        loop {
            self.may_write(|| format!("solution {id} was accepted"))?;
            tries += 1;
            let event = self.accept_event(job, solution, EventOutcome::Intended);
            self.journal.record(event).await?;
            self.tell(Event::Accepting {
                owner: job.map(|job| job.app.id.clone()),
                solution: id.clone(),
            });
            let answer = self.graph.accept(system, id, body).await;
            self.accept_answered(job, solution, &answer).await?;
            let Err(error) = answer else {
                return Ok(Ok(()));
            };
            let token = Token::System(system);
            if is_worth_another_try(&error, tries)
                || self.quota_let_go(&error, token, id.as_str()).await
            {
                continue;
            }
            let body_refused =
                body.is_some() && error.sent() == Sent::Refused && error.code() == Some(100);
            if !body_refused || !self.still_waits(system, id).await {
                return Ok(Err(error));
            }
            (body, tries) = (None, 0);
        }
    }

    async fn still_waits(&self, system: &SystemToken, id: &SolutionId) -> bool {
        let now = self.graph.solution(Token::System(system), id).await;
        now.is_ok_and(|now| now.status == Status::Initiated)
    }

    /// The event after an accept. Where a success or an unknown outcome cannot be written down, nothing
    /// new starts.
    async fn accept_answered(
        &self,
        job: Option<&Job>,
        solution: &Solution,
        answer: &Result<graph::Receipt, graph::Error>,
    ) -> Result<(), Error> {
        let event = match answer {
            Ok(receipt) => journal::HistoryEvent {
                fbtrace: receipt.fbtrace.clone(),
                ..self.accept_event(job, solution, EventOutcome::Ok)
            },
            Err(error) => journal::HistoryEvent {
                fbtrace: error.trace_id().map(str::to_owned),
                error: Some(error.to_string()),
                ..self.accept_event(job, solution, outcome_of(error))
            },
        };
        let Err(error) = self.journal.record(event).await else {
            return Ok(());
        };
        self.halt.no_more_writes();
        match answer {
            Ok(_) => Err(self.accept_not_written(&solution.id, error)),
            Err(lost) if lost.sent() == Sent::Unknown => Err(Error::Unknown {
                doing: format!("accepting solution {}", solution.id),
                why: "no clear answer came, and the journal could not be written".to_owned(),
                error: Some(Box::new(lost.clone())),
            }),
            Err(_) => Err(error.into()),
        }
    }

    /// An accept that Meta did and the journal does not know.
    pub(crate) fn accept_not_written(&self, id: &SolutionId, error: journal::Error) -> Error {
        self.halt.no_more_writes();
        self.tell(Event::Note(format!(
            "solution {id} was accepted, but the journal could not be written ({error})"
        )));
        Error::NotWrittenDown {
            what: format!("solution {id} was accepted"),
            error: Box::new(error),
        }
    }

    fn accept_event(
        &self,
        job: Option<&Job>,
        solution: &Solution,
        outcome: EventOutcome,
    ) -> journal::HistoryEvent {
        journal::HistoryEvent {
            owner: job.map(|job| job.app.id.clone()),
            partner: self.partner.known().cloned(),
            solution_id: Some(solution.id.clone()),
            solution_name: Some(solution.name.clone()).filter(|name| !name.is_empty()),
            permissions_read: self.terms_read(solution),
            ..self.actor.event(Call::Accept, outcome)
        }
    }

    /// What Meta says of both sides' permissions, where it says so.
    pub(crate) fn terms_read(&self, solution: &Solution) -> Option<journal::Permissions> {
        let owner = solution.owner_permissions.as_ref()?;
        let sides = solution.partners.as_ref()?;
        let ours = match (self.partner.known(), sides.as_slice()) {
            (Some(partner), sides) => sides.iter().find(|side| side.app.id == *partner)?,
            (None, [only]) => only,
            (None, _) => return None,
        };
        Some(terms(owner, &ours.permissions))
    }

    /// The lock of a key; a stop ends the wait for it.
    pub(crate) async fn locked(&self, key: &Key) -> Result<journal::KeyLock, Error> {
        let (tell, owner) = (Arc::clone(&self.tell), key.owner.clone());
        let lock = self.journal.lock(key, move || tell(Event::Waiting(owner)));
        tokio::select! {
            biased;
            lock = lock => Ok(lock?),
            () = self.stop.wait() => Err(Error::Interrupted(format!(
                "another mps was done with app {}",
                key.owner
            ))),
        }
    }
}

/// The error of a reading before an accept: where Meta refuses it, that says how to go on without.
pub(crate) fn check_refused(id: &SolutionId, error: Error) -> Error {
    match error {
        Error::Graph(error) if error.refused_to_look() && !error.is_not_visible() => {
            Error::CheckRefused {
                solution: id.clone(),
                error,
            }
        }
        other => other,
    }
}

/// Our app must be the partner. Where the solution does not say who is, the other listing is asked.
pub async fn check_partner(
    graph: &Graph,
    system: Option<&SystemToken>,
    partner: &AppId,
    solution: &Solution,
) -> Result<(), Error> {
    let partners = match (&solution.partners, system) {
        (Some(partners), _) => partners.clone(),
        (None, Some(system)) => {
            let listed = graph.partners(Token::System(system), &solution.id).await;
            listed.map_err(|error| match error.kind() {
                Kind::Permission | Kind::Input => Error::CheckRefused {
                    solution: solution.id.clone(),
                    error: Box::new(error),
                },
                _ => error.into(),
            })?
        }
        (None, None) => Vec::new(),
    };
    if partners.iter().any(|side| side.app.id == *partner) {
        return Ok(());
    }
    Err(Error::NotOurs {
        solution: solution.id.clone(),
        partner: partner.clone(),
        partners: partners.into_iter().map(|side| side.app.id).collect(),
    })
}
