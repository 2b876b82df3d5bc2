//! What this process wrote, to be found again behind another connection.
//!
//! The one decision: a server that failed over, or was put back, without the last of its commits is known by the chain,
//! which then lacks the event that this process wrote last. Nothing is sent any more; what this process had sent is kept
//! on this machine, since nobody but it knows of that now.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use jiff::SignedDuration;
use tokio_postgres::{Client, Error, error::SqlState};

use super::{
    super::{
        Forgotten, RunIdentity,
        entry::{Entry, Key},
        query::time,
    },
    commit::Write,
    events::ChainTail,
    rows::{self, params},
    spool::{JournalOrigin, KeptPost},
};

/// What was committed: the last event, and of each key the row that was written last, if a POST stands in it.
#[derive(Default)]
pub(super) struct OwnCommits {
    end: Option<ChainTail>,
    rows: HashMap<Key, Entry>,
}

impl OwnCommits {
    /// A commit was confirmed; of each write, whether its fence held.
    pub(super) fn add(&mut self, writes: &[&Write], held: &[bool], end: Option<&ChainTail>) {
        if let Some(end) = end {
            self.end = Some(end.clone());
        }
        let held = writes.iter().zip(held).filter(|(_, held)| **held);
        for (write, _) in held {
            match write {
                Write::Row {
                    entry: Some(row), ..
                } if !row.posts.is_empty() => {
                    self.rows.insert(row.key.clone(), (**row).clone());
                }
                Write::Withdraw(key, _) => {
                    self.rows.remove(key);
                }
                _ => (),
            }
        }
    }

    /// What the database behind this connection has forgotten, if it has.
    pub(super) async fn forgotten(&self, client: &Client) -> Result<Option<Forgotten>, Error> {
        const SQL: &str = "SELECT (SELECT hash FROM mps.events WHERE id = $1::text::bigint),
            (SELECT coalesce(max(id), 0) FROM mps.events)";
        let Some(end) = &self.end else {
            return Ok(None);
        };
        let found = client
            .query_one(SQL, &params(&[Some(end.id.to_string())]))
            .await;
        let found = match found {
            // It was never there.
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => {
                return Ok(Some(Forgotten {
                    has: 0,
                    had: end.id,
                }));
            }
            found => found?,
        };
        let (hash, has): (Option<String>, i64) = (found.try_get(0)?, found.try_get(1)?);
        let same = hash.as_ref() == Some(&end.hash);
        Ok((!same).then_some(Forgotten { has, had: end.id }))
    }

    /// Keeps on this machine what was sent for rows that the database has forgotten; the files.
    pub(super) async fn keep_forgotten(&self, client: &Client, own: &OwnMachine) -> Vec<PathBuf> {
        const SQL: &str = "SELECT 1 FROM mps.entries WHERE host = $1::text AND owner = $2::text AND partner = $3::text
            AND name = $4::text AND updated_at >= $5::text";
        let mut files = Vec::new();
        for row in self.rows.values() {
            let mut values = rows::key_values(&row.key, &own.who.host);
            values.push(Some(time(row.updated_at)));
            let there = client.query_opt(SQL, &params(&values)).await;
            if !matches!(there, Ok(Some(_))) {
                files.extend(own.keep(row));
            }
        }
        files
    }

    /// Keeps on this machine what was sent for the rows that were written last, where the database is away: a standby
    /// that takes its place may lack them; the files.
    pub(super) fn keep_last(&self, own: &OwnMachine) -> Vec<PathBuf> {
        let last = self.rows.values().map(|row| row.updated_at).max();
        let is_last =
            |row: &&Entry| last.is_some_and(|last| last.duration_since(row.updated_at) <= MAY_LACK);
        let rows = self.rows.values().filter(is_last);
        rows.flat_map(|row| own.keep(row)).collect()
    }
}

/// By how much a standby may be behind its primary.
const MAY_LACK: SignedDuration = SignedDuration::from_secs(60);

/// Where this process keeps what the database does not have.
pub(super) struct OwnMachine {
    pub(super) who: Arc<RunIdentity>,
    pub(super) origin: JournalOrigin,
    pub(super) state_dir: PathBuf,
}

impl OwnMachine {
    fn keep(&self, row: &Entry) -> Vec<PathBuf> {
        let sent = KeptPost::sent(row, &self.who.host, &self.origin);
        // What cannot be kept is in the database all the same, or told by its run.
        sent.filter_map(|post| post.keep(&self.state_dir).ok())
            .collect()
    }
}
