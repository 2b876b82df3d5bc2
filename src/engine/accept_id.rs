//! `mps accept ID`: one solution that an operator named, whoever made it.
//!
//! The one decision: naming it was the consent, so its terms are the operator's to judge; that it is ours, that it
//! waits, and that no other one comes first is checked as at every door.

use jiff::Timestamp;

use super::{
    Engine, Error, Event, Messaging, Outcome, RowStore, client::Client, drive::drive,
    policy::Policy, work::Finished,
};
use crate::{
    exit::Kind,
    graph::{self, App, Graph, Pending, Solution, Status, Token},
    ids::{AppId, SolutionId},
    journal::{Entry, Goal, Key, State},
    secret::SystemToken,
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
    /// A plan: it would be accepted.
    pub would: bool,
    /// Other live ones of the same two apps.
    pub others: Vec<SolutionId>,
}

impl Engine {
    /// One solution by its id, whoever made it, unless the run has been halted. `owner`: the app whose waiting row
    /// it settles with `--no-check`.
    pub async fn accept_id(
        &self,
        id: &SolutionId,
        owner: Option<&AppId>,
    ) -> Result<AcceptedId, Error> {
        let ended = self.accept_named(id, owner).await;
        self.tell(Event::Finished {
            owner: None,
            solution: Some(id.clone()),
            failed: ended.is_err(),
        });
        ended
    }

    async fn accept_named(
        &self,
        id: &SolutionId,
        owner: Option<&AppId>,
    ) -> Result<AcceptedId, Error> {
        let _place = self.admission.enter().await;
        let _at_work = self.batch.begin();
        let ended = match self.halt.kind() {
            _ if self.stop.is_set() => {
                Err(Error::Interrupted(format!("solution {id} was accepted")))
            }
            Some(kind) => Err(Error::NotTried { kind }),
            None => self.accept_one(id, owner).await,
        };
        let error = match ended {
            Ok(accepted) => {
                if accepted.outcome == Outcome::Accepted {
                    self.halt.worked();
                    self.admission.worked();
                }
                return Ok(accepted);
            }
            Err(error) => error,
        };
        self.halt.after_accept(&error);
        // What left is written down in a row, which `resume` takes up.
        let left = self
            .knows_accept(id)
            .await
            .unwrap_or(matches!(error, Error::Unknown { .. }));
        if !error.names_resume() || left {
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

    /// Whether a row has an accept of this solution under way; none where the journal cannot be read.
    async fn knows_accept(&self, id: &SolutionId) -> Option<bool> {
        let RowStore::Journal(journal) = &self.store else {
            return Some(false);
        };
        let rows = journal.unfinished(&self.partner).await.ok()?;
        let is_it = |row: &Entry| {
            row.accept
                .as_ref()
                .is_some_and(|accept| accept.solution_id == *id)
        };
        Some(rows.iter().any(is_it))
    }

    async fn accept_one(
        &self,
        id: &SolutionId,
        owner: Option<&AppId>,
    ) -> Result<AcceptedId, Error> {
        let client = Client::begun(self).await;
        let solution = self.named(id).await?;
        // A row of what is over and was never ours would be unfinished for ever.
        if self.policy.check && solution.status.is_over() && self.knows(id).await?.is_none() {
            return Err(Error::NotInitiated {
                solution: id.clone(),
                status: solution.status.to_string(),
            });
        }
        let row = self.row_of(id, &solution, owner).await?;
        let policy = Policy {
            named: Some(id.clone()),
            goal: Goal::Active,
            ..self.policy.clone()
        };
        let finished = Box::pin(drive(
            &client,
            &policy,
            Box::new(row),
            policy.check.then(|| Box::new(solution.clone())),
        ))
        .await;
        let finished: Finished = finished.map_err(|halted| match halted {
            super::work::Halted::Error(error) => error,
            super::work::Halted::StopReason { why, row, cause } => {
                super::why::error(&why, &row, &policy, cause)
            }
        })?;
        Ok(AcceptedId {
            outcome: if finished.accepted_now {
                Outcome::Accepted
            } else {
                Outcome::AlreadyActive
            },
            verified: finished.verified,
            seen: finished.seen,
            would: finished.would.is_some(),
            others: finished.surplus,
            solution: finished.solution.unwrap_or(solution),
        })
    }

    /// A solution that was named by its id: read and checked, unless `--no-check`.
    pub(super) async fn named(&self, id: &SolutionId) -> Result<Solution, Error> {
        if !self.policy.check {
            return Ok(plain(id));
        }
        let Some(system) = &self.system else {
            return Err(Error::NoToken {
                owner: format!("solution {id}"),
                token: super::error::Needed::System,
            });
        };
        let read = self.graph.solution(Token::System(system), id).await;
        let solution = read.map_err(|error| {
            if error.refused_to_look() && !error.is_not_visible() {
                Error::CheckRefused {
                    solution: id.clone(),
                    error: Box::new(error),
                }
            } else {
                error.into()
            }
        })?;
        check_partner(&self.graph, Some(system), &self.partner, &solution).await?;
        Ok(solution)
    }

    /// The row that a solution is in, or would be: the one that has it, else that of its two apps. With
    /// `--no-check` nobody says whose it is, and it is the one row that waits for an answer.
    pub(super) async fn row_of(
        &self,
        id: &SolutionId,
        solution: &Solution,
        owner: Option<&AppId>,
    ) -> Result<Entry, Error> {
        if let Some(row) = self.knows(id).await? {
            return Ok(row);
        }
        let app = match (&solution.owner_app, owner) {
            (Some(app), _) => Some(app.clone()),
            (None, Some(owner)) => Some(bare(owner)),
            (None, None) => self.waiting_row(id).await?,
        };
        let key = match &app {
            Some(app) => Key::new(app.id.clone(), self.partner.clone()),
            // Lock and row are of the solution's id alone.
            None => match id.as_str().parse::<AppId>() {
                Ok(alone) => Key::named(alone, self.partner.clone(), format!("solution {id}")),
                Err(error) => return Err(Error::Setup(error.to_string())),
            },
        };
        // Its terms were the operator's to judge.
        let terms = Messaging::ALL
            .iter()
            .copied()
            .find(|choice| choice.matches(solution, &self.partner));
        Ok(Entry {
            state: State::Created,
            solution_id: Some(id.clone()),
            seen: vec![id.clone()],
            messaging: terms.unwrap_or(self.policy.messaging).word().to_owned(),
            owner_name: app.map(|app| app.name).unwrap_or_default(),
            updated_at: Timestamp::now(),
            ..Entry::new(key, Goal::Active, solution.name.clone())
        })
    }

    async fn knows(&self, id: &SolutionId) -> Result<Option<Entry>, Error> {
        match &self.store {
            RowStore::Journal(journal) => Ok(journal.knows(id).await?),
            RowStore::Rows(rows) => Ok(rows.with(id).cloned()),
        }
    }

    /// The app of the one row that waits for the answer of a POST.
    async fn waiting_row(&self, id: &SolutionId) -> Result<Option<App>, Error> {
        let rows = match &self.store {
            RowStore::Journal(journal) => journal.unfinished(&self.partner).await?,
            RowStore::Rows(rows) => rows.all().to_vec(),
        };
        let mut waiting = rows.into_iter().filter(|row| {
            matches!(row.state, State::Sent | State::Unknown) && row.key.partner == self.partner
        });
        match (waiting.next(), waiting.next()) {
            (Some(_), Some(_)) => Err(Error::WhichApp {
                solution: id.clone(),
            }),
            (Some(row), None) => Ok(Some(App {
                name: row.owner_name,
                ..bare(&row.key.owner)
            })),
            (None, _) => Ok(None),
        }
    }
}

/// An app of which only the id is known.
fn bare(id: &AppId) -> App {
    App {
        id: id.clone(),
        name: String::new(),
        link: None,
    }
}

/// A solution of which only the id is known.
fn plain(id: &SolutionId) -> Solution {
    Solution {
        id: id.clone(),
        name: String::new(),
        status: Status::Initiated,
        pending: Pending::Activation,
        owner_app: None,
        owner_permissions: None,
        partners: None,
    }
}

/// Our app must be the partner. Where the solution does not say who is, the other listing is asked.
pub(super) async fn check_partner(
    graph: &Graph,
    system: Option<&SystemToken>,
    partner: &AppId,
    solution: &Solution,
) -> Result<(), Error> {
    let refused = |error: graph::Error| match error.kind() {
        Kind::Permission | Kind::Input => Error::CheckRefused {
            solution: solution.id.clone(),
            error: Box::new(error),
        },
        _ => error.into(),
    };
    let partners = match (&solution.partners, system) {
        (Some(partners), _) if !partners.is_empty() => partners.clone(),
        (_, Some(system)) => {
            let listed = graph.partners(Token::System(system), &solution.id).await;
            listed.map_err(refused)?
        }
        (_, None) => Vec::new(),
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
