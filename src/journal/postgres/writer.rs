//! The one task that commits.
//!
//! The one decision: while one commit is under way the next ones queue up, and go together into the one after it. Where a
//! connection goes the same is committed over another, unless what stands there shows that it was.

use std::path::PathBuf;

use futures_util::future::join_all;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::Client;

use super::{
    super::{entry::Key, query::time},
    address::DatabaseAddress,
    claims::Fence,
    commit::{PreparedWrites, Write, transaction},
    error::{DatabaseError, DatabaseTrouble},
    lost::{OwnCommits, OwnMachine},
    rows::{self, params},
    session,
};

/// Most writes in one commit: bounds what one failure takes with it.
const GROUP: usize = 128;

/// How long after a lost connection another one is tried, each time for a commit that waits.
const AGAIN: [std::time::Duration; 3] = [
    std::time::Duration::ZERO,
    std::time::Duration::from_millis(500),
    std::time::Duration::from_millis(1500),
];

/// A write and who waits for it.
pub(super) struct CommitTask {
    pub(super) write: Write,
    pub(super) answer: oneshot::Sender<Result<(), DatabaseError>>,
}

/// What the task has before it.
pub(super) struct Committer {
    address: DatabaseAddress,
    own: OwnMachine,
    prepared: Option<PreparedWrites>,
    done: OwnCommits,
    /// What is kept here as long as it is not known whether the database still has it.
    doubted: Vec<PathBuf>,
    /// Once the database has forgotten what it confirmed, nothing more is written there.
    forgot: Option<DatabaseError>,
}

const DOING: &str = "could not write the journal";

impl Committer {
    /// Takes a session over.
    pub(super) async fn new(
        address: DatabaseAddress,
        own: OwnMachine,
        client: Client,
    ) -> Result<Self, DatabaseError> {
        let prepared = PreparedWrites::of(client).await;
        let prepared = prepared
            .map_err(|error| DatabaseError::of(&address, "could not open the journal", &error))?;
        Ok(Self {
            address,
            own,
            prepared: Some(prepared),
            done: OwnCommits::default(),
            doubted: Vec::new(),
            forgot: None,
        })
    }

    /// Where it writes.
    pub(super) fn address(&self) -> &DatabaseAddress {
        &self.address
    }

    /// Commits until nobody has anything to write any more.
    pub(super) async fn work(mut self, mut queue: mpsc::UnboundedReceiver<CommitTask>) {
        while let Some(first) = queue.recv().await {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(next) = queue.try_recv()
            {
                group.push(next);
            }
            self.flush(group).await;
        }
    }

    /// Commits the group and answers. If that fails, each is tried alone, so that a bad one takes no other with it.
    async fn flush(&mut self, group: Vec<CommitTask>) {
        let (writes, answers): (Vec<Write>, Vec<_>) = group
            .into_iter()
            .map(|task| (task.write, task.answer))
            .unzip();
        let all: Vec<&Write> = writes.iter().collect();
        let together = self.commit(&all).await;
        let outcomes = match together {
            Ok(outcomes) => outcomes,
            Err(error) if writes.len() > 1 && !error.is_away() && !error.has_forgotten() => {
                let mut outcomes = Vec::new();
                for write in &writes {
                    let alone = self.commit(&[write]).await;
                    outcomes.push(alone.and_then(|mut outcomes| outcomes.remove(0)));
                }
                outcomes
            }
            Err(error) => writes.iter().map(|_| Err(error.clone())).collect(),
        };
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // Nobody waits for the answer any more: it is written all the same.
            let _ = answer.send(outcome);
        }
    }

    /// Commits; where the connection went, once more over another one, unless what was written shows that the commit
    /// itself was done.
    async fn commit(
        &mut self,
        writes: &[&Write],
    ) -> Result<Vec<Result<(), DatabaseError>>, DatabaseError> {
        let mut last = None;
        for pause in AGAIN {
            if last.is_some() {
                tokio::time::sleep(pause).await;
            }
            if let Err(error) = self.connected().await {
                if !error.is_away() {
                    return Err(error);
                }
                last = Some(error);
                continue;
            }
            if last.is_some()
                && let Some(prepared) = &self.prepared
                && let Some(held) = self.written(prepared, writes).await
            {
                return Ok(self.judged(writes, &held).await);
            }
            let Some(prepared) = &mut self.prepared else {
                continue;
            };
            match transaction(prepared, &self.own.who, writes).await {
                Ok((held, end)) => {
                    self.done.add(writes, &held, end.as_ref());
                    return Ok(self.judged(writes, &held).await);
                }
                Err(error) => {
                    let error = DatabaseError::of(&self.address, DOING, &error);
                    if error.is_gone() {
                        self.prepared = None;
                    } else {
                        // Whatever is open there.
                        if prepared.client.batch_execute("ROLLBACK").await.is_err() {
                            self.prepared = None;
                        }
                        if error.trouble != DatabaseTrouble::InTheWay {
                            return Err(error);
                        }
                    }
                    last = Some(error);
                }
            }
        }
        let gone = || DatabaseError::new(&self.address, DOING, DatabaseTrouble::Gone);
        let error = last.unwrap_or_else(gone);
        if error.is_away() {
            self.doubted = self.done.keep_last(&self.own);
        }
        Err(error)
    }

    async fn connected(&mut self) -> Result<(), DatabaseError> {
        if let Some(error) = &self.forgot {
            return Err(error.clone());
        }
        if let Some(prepared) = &self.prepared
            && !prepared.client.is_closed()
        {
            return Ok(());
        }
        let client = session::connect(&self.address, session::Use::Writes).await?;
        let wrong = |error: tokio_postgres::Error| DatabaseError::of(&self.address, DOING, &error);
        // It may be another server than the one that confirmed what was written.
        if let Some(forgotten) = self.done.forgotten(&client).await.map_err(wrong)? {
            let trouble = DatabaseTrouble::Forgot(forgotten.to_string());
            let mut error = DatabaseError::new(&self.address, DOING, trouble);
            let kept = self.done.keep_forgotten(&client, &self.own).await;
            error.kept = kept.into_iter().next();
            self.forgot = Some(error.clone());
            return Err(error);
        }
        // It has all that it confirmed.
        for file in self.doubted.drain(..) {
            let _ = std::fs::remove_file(file);
        }
        self.prepared = Some(PreparedWrites::of(client).await.map_err(wrong)?);
        Ok(())
    }

    /// Of a commit whose answer was lost: what was written, if it was done. A row shows it by its time and run; one that
    /// does not while others do had lost its fence. A commit without rows is done again.
    async fn written(&self, prepared: &PreparedWrites, writes: &[&Write]) -> Option<Vec<bool>> {
        const SQL: &str = "SELECT 1 FROM mps.entries WHERE host = $1::text AND owner = $2::text AND partner = $3::text
            AND name = $4::text AND updated_at = $5::text AND run_id = $6::text";
        let (mut any, mut all) = (false, Vec::new());
        for write in writes {
            let Write::Row {
                entry: Some(row), ..
            } = write
            else {
                all.push(true);
                continue;
            };
            let mut values = rows::key_values(&row.key, &self.own.who.host);
            values.extend([Some(time(row.updated_at)), rows::text(&*row.run_id)]);
            let found = prepared.client.query_opt(SQL, &params(&values)).await;
            let found = found.ok()?.is_some();
            any |= found;
            all.push(found);
        }
        any.then_some(all)
    }

    async fn judged(&self, writes: &[&Write], held: &[bool]) -> Vec<Result<(), DatabaseError>> {
        let each = writes.iter().zip(held).map(async |(write, held)| {
            if *held {
                return Ok(());
            }
            let trouble = match write {
                Write::Row {
                    entry: Some(entry),
                    fence: Some(fence),
                    ..
                } => self.lost(&entry.key, fence).await,
                Write::Withdraw(key, Some(fence)) => self.lost(key, fence).await,
                _ => DatabaseTrouble::LostFence(None),
            };
            Err(DatabaseError::new(&self.address, DOING, trouble))
        });
        join_all(each).await
    }

    /// How a fence was lost: to another run, or because the database has forgotten the claim.
    async fn lost(&self, key: &Key, fence: &Fence) -> DatabaseTrouble {
        const SQL: &str =
            "SELECT operator || ' on ' || machine, fence FROM mps.claims WHERE host = $1::text
            AND owner = $2::text AND partner = $3::text AND name = $4::text";
        let Some(prepared) = &self.prepared else {
            return DatabaseTrouble::LostFence(None);
        };
        let values = rows::key_values(key, &self.own.who.host);
        let Ok(row) = prepared.client.query_opt(SQL, &params(&values)).await else {
            return DatabaseTrouble::LostFence(None);
        };
        let number = row.as_ref().and_then(|row| row.try_get(1).ok());
        if fence.is_ahead_of(number) {
            return DatabaseTrouble::Forgot(format!("this run held app {} there", key.owner));
        }
        DatabaseTrouble::LostFence(row.and_then(|row| row.try_get(0).ok()))
    }
}
