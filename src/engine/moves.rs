//! The other moves of a solution that an operator named: an invitation declined, a deactivation asked for or answered.
//!
//! The one decision: what is to be done is decided by a pure table from what Meta shows ([`next`]). A move takes the lock of
//! its two apps as an accept does, is decided inside it, and is written down before it leaves and after it was answered;
//! what Meta shows afterwards is what is told, and an outcome that nobody knows is never answered by sending it again.

use super::{
    Engine, Error, RowStore, answers,
    client::Client,
    note,
    port::{Failed, Port as _, Writes},
    work::{event_of, with_cause},
};
use crate::{
    graph::{Pending, Solution, Status, Token, Transition},
    ids::SolutionId,
    journal::{Call, Entry, EventOutcome, HistoryEvent, State},
};

/// What came of one id.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The solution, as last seen.
    pub solution: Solution,
    /// It was there before this run.
    pub before: bool,
    /// Whether Meta showed it there afterwards.
    pub verified: bool,
}

impl Moved {
    /// It was there before.
    pub(super) fn already(solution: Solution) -> Self {
        Self {
            solution,
            before: true,
            verified: true,
        }
    }
}

/// What would be done, from what Meta shows.
#[derive(Debug, Clone)]
pub struct MovePlan {
    /// The solution.
    pub solution: Solution,
    /// Whether we are its owner, and not the invited partner.
    pub we_own: bool,
    /// Whether the Tech Provider's token is at hand, with which only an owner's move is sent.
    pub with_their_token: bool,
    /// It is there already, so that nothing would be sent.
    pub already: bool,
}

/// What is to be done about a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MoveStep {
    /// It leaves.
    Send,
    /// It is where it is to be.
    Already,
    /// From here it cannot get there.
    Never,
}

/// The table: what a move finds, and what is to be done.
fn next(what: Transition, status: &Status, pending: &Pending) -> MoveStep {
    use MoveStep::{Already, Never, Send};
    let ending = is_ending(status, pending);
    match (what, status) {
        (Transition::Reject, Status::Initiated)
        | (Transition::RequestDeactivation, Status::Active)
            if !ending =>
        {
            Send
        }
        (Transition::Reject, Status::Rejected)
        | (Transition::RequestDeactivation | Transition::AcceptDeactivation, Status::Deactivated)
        | (Transition::RejectDeactivation, Status::Active)
            if !ending =>
        {
            Already
        }
        (Transition::RequestDeactivation, _) if ending => Already,
        (Transition::AcceptDeactivation | Transition::RejectDeactivation, _) if ending => Send,
        _ => Never,
    }
}

/// Whether its end was asked for and not answered; Meta's pages put that into either word (graph-api.md, 7.4).
fn is_ending(status: &Status, pending: &Pending) -> bool {
    match status {
        Status::Active => *pending == Pending::Deactivation,
        Status::Other(word) => word == "PENDING_DEACTIVATION",
        _ => false,
    }
}

/// How a move is told in the journal.
fn call_of(what: Transition) -> Call {
    match what {
        Transition::Reject => Call::Reject,
        Transition::RequestDeactivation => Call::RequestDeactivation,
        Transition::AcceptDeactivation => Call::AcceptDeactivation,
        Transition::RejectDeactivation => Call::RejectDeactivation,
    }
}

/// What is not done where it is interrupted, and what is told of an unknown outcome.
fn words(what: Transition, id: &SolutionId) -> (String, String) {
    match what {
        Transition::Reject => (
            format!("solution {id} was rejected"),
            format!("the rejection of solution {id}"),
        ),
        Transition::RequestDeactivation => (
            format!("the deactivation of solution {id} was asked for"),
            format!("the request to deactivate solution {id}"),
        ),
        Transition::AcceptDeactivation => (
            format!("solution {id} was deactivated"),
            format!("the deactivation of solution {id}"),
        ),
        Transition::RejectDeactivation => (
            format!("the deactivation of solution {id} was rejected"),
            format!("the no to the deactivation of solution {id}"),
        ),
    }
}

impl Engine {
    /// What a move would do; fails where it cannot be made.
    pub async fn plan_move(&self, id: &SolutionId, what: Transition) -> Result<MovePlan, Error> {
        let (solution, we_own) = self.held(id).await?;
        let step = next(what, &solution.status, &solution.pending);
        if step == MoveStep::Never {
            return Err(never(what, solution));
        }
        Ok(MovePlan {
            we_own,
            with_their_token: self.user.is_some(),
            already: step == MoveStep::Already,
            solution,
        })
    }

    /// Moves one solution.
    pub async fn move_id(&self, id: &SolutionId, what: Transition) -> Result<Moved, Error> {
        let client = Client::new(self);
        let (named, _) = self.held(id).await?;
        let row = self.row_of(id, &named, None).await?;
        let _lock = client.lock(&row.key).await?;
        let (solution, we_own) = self.held(id).await?;
        match next(what, &solution.status, &solution.pending) {
            MoveStep::Send => {
                self.post_move(&client, what, we_own, id, row, solution)
                    .await
            }
            MoveStep::Already => Ok(Moved::already(solution)),
            MoveStep::Never => Err(never(what, solution)),
        }
    }

    /// The rejection of a solution whose row's lock is held.
    pub(super) async fn post_reject(
        &self,
        client: &Client<'_>,
        id: &SolutionId,
        row: Entry,
        solution: Solution,
    ) -> Result<Moved, Error> {
        self.post_move(client, Transition::Reject, false, id, row, solution)
            .await
    }

    /// The write, in the words of a row whose lock is held.
    async fn post_move(
        &self,
        client: &Client<'_>,
        what: Transition,
        we_own: bool,
        id: &SolutionId,
        row: Entry,
        solution: Solution,
    ) -> Result<Moved, Error> {
        let (token, write) = match (&self.user, &self.system) {
            // Only the owner may ask; where that is the Tech Provider, it is their token that can.
            (Some(user), _) if what == Transition::RequestDeactivation && !we_own => {
                (Token::User(user), Writes::Create)
            }
            (_, Some(system)) => (Token::System(system), Writes::Accept),
            (_, None) => return Err(no_system(id)),
        };
        let turn = client
            .turn(id.as_str(), write, std::time::Duration::MAX)
            .await;
        let (before, doing) = words(what, id);
        client.may_write(&before)?;
        let said = |outcome| event_of(client, &row, &solution, call_of(what), outcome);
        self.record(said(EventOutcome::Intended)).await?;
        let sent = self.graph.transition(token, id, &self.partner, what).await;
        drop(turn);
        let trouble = match sent {
            Ok(receipt) => {
                let event = HistoryEvent {
                    fbtrace: receipt.fbtrace,
                    ..said(EventOutcome::Ok)
                };
                self.record(event).await?;
                None
            }
            Err(error) => {
                let (failed, cause) = (answers::how(&error), Some(Box::new(error)));
                let outcome = super::write::outcome_of(failed);
                self.record(with_cause(said(outcome), &cause)).await?;
                Some((failed, cause))
            }
        };
        let now = self.read_moved(client, &row, id, what).await;
        let verified = now.as_ref().is_some_and(|now| arrived(what, now));
        if let Some((failed, cause)) = trouble {
            if !verified {
                return Err(unmoved(id, doing, now.as_ref(), failed, cause));
            }
            self.record(said(EventOutcome::Ok)).await?;
        }
        if matches!(what, Transition::Reject | Transition::AcceptDeactivation) {
            self.close(id, &row, what).await?;
        }
        Ok(Moved {
            solution: now.unwrap_or(solution),
            before: false,
            verified,
        })
    }

    /// The solution, which must be ours, and whether we are its owner.
    async fn held(&self, id: &SolutionId) -> Result<(Solution, bool), Error> {
        let Some(system) = &self.system else {
            return Err(no_system(id));
        };
        let solution = self.graph.solution(Token::System(system), id).await?;
        let we_own = solution
            .owner_app
            .as_ref()
            .is_some_and(|owner| owner.id == self.partner);
        if !we_own {
            super::accept_id::check_partner(&self.graph, Some(system), &self.partner, &solution)
                .await?;
        }
        Ok((solution, we_own))
    }

    /// What Meta shows afterwards, with the pauses of a reading back.
    async fn read_moved(
        &self,
        client: &Client<'_>,
        row: &Entry,
        id: &SolutionId,
        what: Transition,
    ) -> Option<Solution> {
        let mut last = None;
        for pause in &self.policy.pauses.read_back {
            if !pause.is_zero() && !client.pause(*pause).await {
                break;
            }
            let seen = if row.key.owner == self.partner {
                self.held(id).await.ok().map(|(seen, _)| seen)
            } else if let (super::facts::Found::Seen(seen), _) = client.read(&row.key, id).await {
                Some(*seen)
            } else {
                None
            };
            let done = seen.as_ref().is_some_and(|seen| arrived(what, seen));
            last = seen.or(last);
            if done {
                break;
            }
        }
        last
    }

    /// A row that is about it has come to nothing; one that has it as surplus needs it no more.
    async fn close(&self, id: &SolutionId, row: &Entry, what: Transition) -> Result<(), Error> {
        let RowStore::Journal(journal) = &self.store else {
            return Ok(());
        };
        let rows = journal
            .entries_for(&row.key.owner, &row.key.partner)
            .await?;
        let rejected = what == Transition::Reject;
        for mut row in rows {
            let before = row.clone();
            let beside = row.solution_id.as_ref() != Some(id);
            if rejected && beside && (row.made(id) || row.surplus.contains(id)) {
                note::rejected(&mut row, id);
            }
            if row
                .accept
                .as_ref()
                .is_some_and(|accept| accept.solution_id == *id)
            {
                row.accept = None;
            }
            if !beside {
                row.state = State::Failed;
                row.last_error = Some(if rejected {
                    format!("solution {id} was rejected by us")
                } else {
                    format!("solution {id} was deactivated")
                });
            }
            if row != before {
                journal.put(row, None).await?;
            }
        }
        Ok(())
    }

    async fn record(&self, event: HistoryEvent) -> Result<(), Error> {
        match &self.store {
            RowStore::Journal(journal) => Ok(journal.record(event).await?),
            RowStore::Rows(_) => Ok(()),
        }
    }
}

fn no_system(id: &SolutionId) -> Error {
    Error::NoToken {
        owner: format!("solution {id}"),
        token: super::error::Needed::System,
    }
}

fn arrived(what: Transition, seen: &Solution) -> bool {
    next(what, &seen.status, &seen.pending) == MoveStep::Already
}

fn never(what: Transition, solution: Solution) -> Error {
    let (status, pending) = (&solution.status, &solution.pending);
    let is = match pending {
        Pending::Deactivation if *status == Status::Active => format!("{status} ({pending})"),
        _ => status.to_string(),
    };
    // What is active ends by agreement.
    let other_way =
        (what == Transition::Reject && *status == Status::Active && *pending == Pending::None)
            .then(|| format!("mps deactivate request {}", solution.id));
    let error = Error::WrongState {
        is,
        wants: match what {
            Transition::Reject => "only an INITIATED one can be rejected",
            Transition::RequestDeactivation => "only an ACTIVE one can be deactivated",
            Transition::AcceptDeactivation | Transition::RejectDeactivation => {
                "nobody has asked for its deactivation"
            }
        },
        solution: solution.id,
    };
    match other_way {
        Some(hint) => Error::Again {
            hint,
            error: Box::new(error),
        },
        None => error,
    }
}

/// A move that is not seen: refused, or of unknown outcome.
fn unmoved(
    id: &SolutionId,
    doing: String,
    now: Option<&Solution>,
    failed: Failed,
    cause: super::port::Cause,
) -> Error {
    if !matches!(failed, Failed::Trouble | Failed::NoAnswer) {
        return super::write::graph_error(cause, &format!("Meta refused {doing}"));
    }
    let why = match now {
        Some(now) => format!("Meta shows it as {} yet", now.status),
        None => "Meta does not show it".to_owned(),
    };
    Error::Again {
        hint: format!("mps show {id}; where nothing has changed after a minute, type this again"),
        error: Box::new(Error::Unknown {
            doing,
            why,
            error: cause,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_move_from_each_state() {
        use MoveStep::{Already, Never, Send};
        // Reject, ask for the end, agree to it, decline it.
        for (status, pending, expected) in [
            ("DRAFT", "NONE", [Never, Never, Never, Never]),
            (
                "INITIATED",
                "PENDING_ACTIVATION",
                [Send, Never, Never, Never],
            ),
            ("INITIATED", "NONE", [Send, Never, Never, Never]),
            ("ACTIVE", "NONE", [Never, Send, Never, Already]),
            (
                "ACTIVE",
                "PENDING_DEACTIVATION",
                [Never, Already, Send, Send],
            ),
            ("PENDING_DEACTIVATION", "NONE", [Never, Already, Send, Send]),
            ("REJECTED", "NONE", [Already, Never, Never, Never]),
            ("DEACTIVATED", "NONE", [Never, Already, Already, Never]),
            ("SOMETHING_NEW", "NONE", [Never, Never, Never, Never]),
        ] {
            let found = Transition::ALL.map(|what| next(what, &status.into(), &pending.into()));
            assert_eq!(found, expected, "{status} {pending}");
        }
    }
}
