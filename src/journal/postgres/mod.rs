//! The journal of a team: a database of PostgreSQL, and whoever is pointed at it.
//!
//! The one decision: what a write means is decided by the code that SQLite's journal uses; here is what differs: a
//! session that can go at any moment, locks that end with it, and fences for those who have not noticed.

mod address;
mod carry;
mod claims;
mod commit;
mod error;
mod events;
mod health;
mod invitations;
mod lost;
mod question;
mod queue;
mod reader;
mod rows;
mod schema;
mod session;
mod spool;
mod tls;
mod unlock;
mod webhooks;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use tokio::sync::oneshot;

pub use self::health::{DatabaseHealth, HeldKey};
pub use self::unlock::GRANTS;
pub use self::{
    address::DatabaseAddress,
    claims::{Claim, Holder},
    error::DatabaseError,
};
use self::{
    claims::KeyClaims,
    commit::Write,
    error::DatabaseTrouble,
    lost::OwnMachine,
    queue::WriteQueue,
    spool::{JournalOrigin, KeptPost},
    writer::Committer,
};
pub(super) use self::{reader::DatabaseReader, unlock::unlock};
use super::{
    Entry, HistoryEvent, Key, LinkLabel, RunIdentity, Warning,
    entry::EntryFilter,
    invitation::{Invitation, InvitationDraft, InvitationScope, LinkMoment},
    invitation_status::InvitationStatus,
};

/// How long a run waits for an app that an answer is kept for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// The journal in a database, open for writing.
pub(super) struct Database {
    address: DatabaseAddress,
    origin: JournalOrigin,
    state_dir: PathBuf,
    who: Arc<RunIdentity>,
    claims: Arc<KeyClaims>,
    queue: WriteQueue,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({})", self.address)
    }
}

impl Database {
    /// Opens it, makes it where there is none, brings an older one up to date.
    pub(super) fn open(
        address: &DatabaseAddress,
        state_dir: &Path,
        who: &Arc<RunIdentity>,
    ) -> Result<(Self, Vec<Warning>), DatabaseError> {
        let closed = || DatabaseError::closed(address);
        let (own, dir, who) = (address.clone(), state_dir.to_owned(), Arc::clone(who));
        let opened = session::wait(Self::open_there(own, dir, who));
        let (database, warnings) = opened.unwrap_or_else(|| Err(closed()))?;
        // Its end waits for work of that runtime, so that it must not come there.
        let database = Arc::new(database);
        let there = Arc::clone(&database);
        let written = session::wait(async move { there.write_kept().await });
        written.unwrap_or_else(|| Err(closed()))?;
        let database = Arc::into_inner(database).ok_or_else(closed)?;
        Ok((database, warnings))
    }

    async fn open_there(
        address: DatabaseAddress,
        state_dir: PathBuf,
        who: Arc<RunIdentity>,
    ) -> Result<(Self, Vec<Warning>), DatabaseError> {
        let mut writes = session::connect(&address, session::Use::Writes).await?;
        let claims = session::connect(&address, session::Use::Claims).await?;
        session::check_sessions(&address, &writes, &claims).await?;
        let mut warnings = Vec::new();
        let (moved, server) = schema::prepare(&address, &mut writes).await?;
        if moved {
            warnings.push(Warning::MovedServer {
                place: address.to_string(),
            });
        }
        let claims = KeyClaims::new(address.clone(), Arc::clone(&who), claims).await?;
        let origin = JournalOrigin::new(&address, server);
        let own = OwnMachine {
            who: Arc::clone(&who),
            origin: origin.clone(),
            state_dir: state_dir.clone(),
        };
        let writer = Committer::new(address.clone(), own, writes).await?;
        let database = Self {
            address,
            origin,
            state_dir,
            who,
            claims,
            queue: WriteQueue::start(writer),
        };
        Ok((database, warnings))
    }

    /// Writes down what an earlier run of this machine could not.
    async fn write_kept(&self) -> Result<(), DatabaseError> {
        const DOING: &str = "could not write down what an earlier run kept";
        let unreadable = |error: std::io::Error| {
            let dir = self.state_dir.display().to_string();
            DatabaseError::new(&self.address, DOING, DatabaseTrouble::Spooled(dir)).because(error)
        };
        let kept = spool::kept(&self.state_dir).map_err(unreadable)?;
        let host = &self.who.host;
        for (file, answer) in kept {
            if !answer.is_for(host, &self.origin) {
                continue;
            }
            let key = answer.key();
            let which = EntryFilter {
                host: Some(host.clone()),
                owner: Some(key.owner.clone()),
                partner: Some(key.partner.clone()),
                name: Some(key.name.clone().unwrap_or_default()),
                ..EntryFilter::default()
            };
            // What is there already is in nobody's way.
            let rows = self.select(which.clone()).await?;
            if answer.beside(rows.into_iter().next()).is_some() {
                let held = tokio::time::timeout(PATIENCE, self.lock(key, |_| ())).await;
                let Ok(held) = held else {
                    let trouble = DatabaseTrouble::Spooled(file.display().to_string());
                    return Err(DatabaseError::new(&self.address, DOING, trouble));
                };
                let _held = held?;
                let rows = self.select(which).await?;
                if let Some(mut row) = answer.beside(rows.into_iter().next()) {
                    let now = self.now();
                    row.updated_at = now;
                    row.run_id.clone_from(&self.who.run_id);
                    self.commit_row(now, Some(row), Some(answer.event()))
                        .await?;
                }
            }
            std::fs::remove_file(&file).map_err(unreadable)?;
        }
        Ok(())
    }

    /// Where it is, without who asks.
    pub(super) fn place(&self) -> String {
        self.address.to_string()
    }

    /// What time it is by the database, for all machines the same.
    pub(super) fn now(&self) -> Timestamp {
        self.claims.now()
    }

    /// Takes the lock of a key.
    pub(super) async fn lock(
        &self,
        key: Key,
        waiting: impl FnOnce(Option<Holder>) + Send,
    ) -> Result<Claim, DatabaseError> {
        // The question is never cut off in the middle, which might leave a lock that nobody knows of: it goes on by
        // itself, and asks no more once nobody waits.
        let (tell, told) = oneshot::channel();
        let (answer, mut arrival) = oneshot::channel();
        let claims = Arc::clone(&self.claims);
        session::spawn(async move {
            let waiting = move |holder| {
                let _ = tell.send(holder);
            };
            let taken = claims.take(key, waiting, || !answer.is_closed()).await;
            // Where nobody wants it any more it is free again.
            let _ = answer.send(taken);
        });
        let closed = || DatabaseError::closed(&self.address);
        tokio::select! {
            biased;
            claim = &mut arrival => return claim.unwrap_or_else(|_| Err(closed())),
            Ok(holder) = told => waiting(holder),
        }
        arrival.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Writes a row, an event, or both. An answer of Meta that cannot be written is kept on this machine.
    pub(super) async fn write(
        &self,
        at: Timestamp,
        entry: Option<Entry>,
        event: Option<HistoryEvent>,
    ) -> Result<(), DatabaseError> {
        let row = entry.clone();
        let written = self.commit_row(at, entry, event).await;
        written.map_err(|mut error| {
            let row = row.iter();
            let forgot = error.has_forgotten();
            let ended = row.flat_map(|row| KeptPost::sent(row, &self.who.host, &self.origin));
            for answer in ended.filter(|post| post.is_answered() || forgot && post.has_ended()) {
                // Where it cannot be kept either, its id is told all the same.
                error.kept = answer.keep(&self.state_dir).ok().or(error.kept);
            }
            error
        })
    }

    async fn commit_row(
        &self,
        at: Timestamp,
        entry: Option<Entry>,
        event: Option<HistoryEvent>,
    ) -> Result<(), DatabaseError> {
        let fence = entry
            .as_ref()
            .and_then(|entry| self.claims.fence(&entry.key));
        self.queue
            .commit(Write::Row {
                at,
                entry: entry.map(Box::new),
                event: event.map(Box::new),
                fence,
            })
            .await
    }

    /// Writes down what a run is going to do.
    pub(super) async fn plan(&self, mut entries: Vec<Entry>) -> Result<(), DatabaseError> {
        // In one order, so that two runs that plan the same apps do not wait for each other.
        entries.sort_by(|a, b| {
            let key = |entry: &Entry| {
                let key = &entry.key;
                (
                    key.owner.to_string(),
                    key.partner.to_string(),
                    key.name.clone(),
                )
            };
            key(a).cmp(&key(b))
        });
        self.queue.commit(Write::Plan(entries)).await
    }

    /// Takes an intent back that nothing was sent for.
    pub(super) async fn withdraw(&self, key: Key) -> Result<(), DatabaseError> {
        let fence = self.claims.fence(&key);
        self.queue.commit(Write::Withdraw(key, fence)).await
    }

    /// Writes what is said of a label.
    pub(super) async fn invite(
        &self,
        scope: InvitationScope,
        draft: InvitationDraft,
        new_path: String,
    ) -> Result<(), DatabaseError> {
        let now = self.now();
        self.queue
            .commit(Write::Invite(scope, Box::new(draft), new_path, now))
            .await
    }

    /// Takes over what an older mps promised.
    pub(super) async fn take_over(
        &self,
        scope: InvitationScope,
        promised: Vec<Invitation>,
    ) -> Result<(), DatabaseError> {
        self.queue.commit(Write::TakeOver(scope, promised)).await
    }

    /// Notes a moment of a link.
    pub(super) async fn note(&self, path: String, moment: LinkMoment) -> Result<(), DatabaseError> {
        self.queue
            .commit(Write::Note(path, moment, self.now()))
            .await
    }

    /// Asks over the session of the claims. What nobody waited for is written first.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl question::AsyncFnOnceOf<T>,
    ) -> Result<T, DatabaseError> {
        if self.queue.is_abandoned() {
            self.queue.commit(Write::Plan(Vec::new())).await?;
        }
        let (claims, address) = (Arc::clone(&self.claims), self.address.clone());
        let asked = session::spawn(async move {
            let client = claims.client().await?;
            question
                .ask(question::DatabaseQuestions { client, address })
                .await
        });
        match asked {
            Some(asked) => asked
                .await
                .unwrap_or_else(|_| Err(DatabaseError::closed(&self.address))),
            None => Err(DatabaseError::closed(&self.address)),
        }
    }

    /// The rows that fit.
    pub(super) async fn select(&self, which: EntryFilter) -> Result<Vec<Entry>, DatabaseError> {
        let rows = self
            .ask(
                move |asker: question::DatabaseQuestions| async move { asker.select(&which).await },
            )
            .await?;
        Ok(rows.into_iter().map(|(_, entry)| entry).collect())
    }

    /// The invitation of a label.
    pub(super) async fn by_label(
        &self,
        scope: InvitationScope,
        label: LinkLabel,
    ) -> Result<Option<Invitation>, DatabaseError> {
        self.ask(move |asker: question::DatabaseQuestions| async move {
            asker
                .invitation(invitations::BY_LABEL, &scope, label.as_str())
                .await
        })
        .await
    }

    /// The invitation whose link has this path.
    pub(super) async fn by_path(
        &self,
        scope: InvitationScope,
        path: String,
    ) -> Result<Option<Invitation>, DatabaseError> {
        self.ask(move |asker: question::DatabaseQuestions| async move {
            asker.invitation(invitations::BY_PATH, &scope, &path).await
        })
        .await
    }

    /// The newest invitation of every label and how far each is.
    pub(super) async fn statuses(
        &self,
        scope: InvitationScope,
    ) -> Result<Vec<InvitationStatus>, DatabaseError> {
        let now = self.now();
        self.ask(move |asker: question::DatabaseQuestions| async move {
            asker.statuses(&scope, now).await
        })
        .await
    }
}

/// Writes a checked file into an empty journal; whether it was empty.
pub(super) fn load(
    address: &DatabaseAddress,
    carried: super::Carried,
) -> Result<bool, DatabaseError> {
    session::wait(carry::load(address.clone(), carried))
        .unwrap_or_else(|| Err(DatabaseError::closed(address)))
}
