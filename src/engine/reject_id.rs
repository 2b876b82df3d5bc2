//! `mps reject ID`: an invitation that an operator named is declined. It ends REJECTED for good.
//!
//! The one decision: it takes the lock of its two apps as an accept does, reads inside it, and is written down before
//! it leaves and after it was answered; what Meta shows afterwards is what is told.

use super::{
    Engine, Error, RowStore,
    client::Client,
    note,
    port::{Port as _, Writes},
    work::{event_of, with_cause},
};
use crate::{
    graph::{Solution, Status},
    ids::SolutionId,
    journal::{Call, Entry, EventOutcome, HistoryEvent, State},
};

/// What came of one id of `mps reject`.
#[derive(Debug, Clone)]
pub struct RejectedId {
    /// The solution, as last seen.
    pub solution: Solution,
    /// It was REJECTED before this run.
    pub before: bool,
    /// Whether Meta showed it REJECTED afterwards.
    pub verified: bool,
}

impl RejectedId {
    /// It was REJECTED before.
    pub(super) fn already(solution: Solution) -> Self {
        Self {
            solution,
            before: true,
            verified: true,
        }
    }
}

impl Engine {
    /// Rejects one solution.
    pub async fn reject_id(&self, id: &SolutionId) -> Result<RejectedId, Error> {
        let client = Client::new(self);
        let named = self.named(id).await?;
        let row = self.row_of(id, &named, None).await?;
        let _lock = client.lock(&row.key).await?;
        let solution = self.named(id).await?;
        match &solution.status {
            Status::Initiated => {}
            Status::Rejected => {
                return Ok(RejectedId::already(solution));
            }
            status => {
                return Err(Error::NotWaiting {
                    solution: id.clone(),
                    status: status.to_string(),
                });
            }
        }
        self.post_reject(&client, id, row, solution).await
    }

    /// The write, in the words of a row whose lock is held.
    pub(super) async fn post_reject(
        &self,
        client: &Client<'_>,
        id: &SolutionId,
        row: Entry,
        solution: Solution,
    ) -> Result<RejectedId, Error> {
        let turn = client
            .turn(id.as_str(), Writes::Accept, std::time::Duration::MAX)
            .await;
        client.may_write(&format!("solution {id} was rejected"))?;
        let said = |outcome| event_of(client, &row, &solution, Call::Reject, outcome);
        self.record(said(EventOutcome::Intended)).await?;
        let answer = client.reject(id).await;
        drop(turn);
        let cause = match answer {
            Ok(confirmed) => {
                let event = HistoryEvent {
                    fbtrace: confirmed.fbtrace,
                    ..said(EventOutcome::Ok)
                };
                self.record(event).await?;
                None
            }
            Err((failed, cause)) => {
                let outcome = super::write::outcome_of(failed);
                self.record(with_cause(said(outcome), &cause)).await?;
                Some(cause)
            }
        };
        let now = self.read_rejected(client, &row, id).await;
        let verified = now
            .as_ref()
            .is_some_and(|now| now.status == Status::Rejected);
        if let (false, Some(cause)) = (verified, cause) {
            return Err(super::write::graph_error(
                cause,
                "Meta refused the rejection",
            ));
        }
        self.close(id, &row).await?;
        Ok(RejectedId {
            solution: now.unwrap_or(solution),
            before: false,
            verified,
        })
    }

    /// What Meta shows afterwards, with the pauses of a reading back.
    async fn read_rejected(
        &self,
        client: &Client<'_>,
        row: &Entry,
        id: &SolutionId,
    ) -> Option<Solution> {
        let mut last = None;
        for pause in &self.policy.pauses.read_back {
            if !pause.is_zero() && !client.pause(*pause).await {
                break;
            }
            if let (super::facts::Found::Seen(seen), _) = client.read(&row.key, id).await {
                let rejected = seen.status == Status::Rejected;
                last = Some(*seen);
                if rejected {
                    break;
                }
            }
        }
        last
    }

    /// A row that is about it has come to nothing; one that has it as surplus needs it no more.
    async fn close(&self, id: &SolutionId, row: &Entry) -> Result<(), Error> {
        let RowStore::Journal(journal) = &self.store else {
            return Ok(());
        };
        let rows = journal
            .entries_for(&row.key.owner, &row.key.partner)
            .await?;
        for mut row in rows {
            let before = row.clone();
            if row.solution_id.as_ref() != Some(id) && (row.made(id) || row.surplus.contains(id)) {
                note::rejected(&mut row, id);
            }
            if row
                .accept
                .as_ref()
                .is_some_and(|accept| accept.solution_id == *id)
            {
                row.accept = None;
            }
            if row.solution_id.as_ref() == Some(id) {
                row.state = State::Failed;
                row.last_error = Some(format!("solution {id} was rejected by us"));
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
