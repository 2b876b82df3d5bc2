//! The journal of a team: a database of PostgreSQL, and whoever is pointed at it.
//!
//! The one decision: what a write means is decided by the code that SQLite's journal uses; here is what differs: a
//! session that can go at any moment, locks that end with it, and fences for those who have not noticed.

mod address;
mod claims;
mod error;
mod events;
mod invitations;
mod reader;
mod rows;
mod schema;
mod session;
mod tls;
mod writer;

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

pub(super) use self::reader::DatabaseReader;
pub use self::reader::{DatabaseHealth, HeldKey};
pub use self::{
    address::DatabaseAddress,
    claims::{Claim, Holder},
    error::DatabaseError,
};
use self::{
    claims::Claims,
    writer::{Write, Writer, WriterTask},
};
use super::{
    Entry, HistoryEvent, Key, LinkLabel, RunIdentity, Warning,
    entry::EntryFilter,
    invitation::{Invitation, InvitationDraft, InvitationScope, LinkMoment},
    invitation_status::InvitationStatus,
};

/// The journal in a database, open for writing.
pub(super) struct Database {
    address: DatabaseAddress,
    claims: Arc<Claims>,
    queue: Option<mpsc::UnboundedSender<WriterTask>>,
    /// Says when all that was queued is written.
    done: Mutex<std::sync::mpsc::Receiver<()>>,
    /// Somebody stopped waiting for a write.
    abandoned: AtomicBool,
}

/// Sets the flag unless it was told not to.
struct Abandons<'a>(Option<&'a AtomicBool>);

impl Drop for Abandons<'_> {
    fn drop(&mut self) {
        if let Some(abandoned) = self.0 {
            abandoned.store(true, Ordering::SeqCst);
        }
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({})", self.address)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        drop(self.queue.take());
        let done = self.done.get_mut().unwrap_or_else(PoisonError::into_inner);
        // A panic over there was already told to those who waited.
        let _ = done.recv();
    }
}

impl Database {
    /// Opens it, makes it where there is none, brings an older one up to date.
    pub(super) fn open(
        address: &DatabaseAddress,
        state_dir: &Path,
        who: &Arc<RunIdentity>,
    ) -> Result<(Self, Vec<Warning>), DatabaseError> {
        let _ = state_dir;
        let (own, who) = (address.clone(), Arc::clone(who));
        session::wait(Self::open_there(own, who))
            .unwrap_or_else(|| Err(DatabaseError::closed(address)))
    }

    async fn open_there(
        address: DatabaseAddress,
        who: Arc<RunIdentity>,
    ) -> Result<(Self, Vec<Warning>), DatabaseError> {
        let mut writes = session::connect(&address, session::Use::Writes).await?;
        let claims = session::connect(&address, session::Use::Claims).await?;
        session::check_sessions(&address, &writes, &claims).await?;
        let mut warnings = Vec::new();
        if schema::prepare(&address, &mut writes).await? {
            warnings.push(Warning::MovedServer {
                place: address.to_string(),
            });
        }
        let claims = Claims::new(address.clone(), Arc::clone(&who), claims).await?;
        let writer = Writer::new(address.clone(), who, writes).await?;
        let (queue, tasks) = mpsc::unbounded_channel();
        let (end, done) = std::sync::mpsc::channel();
        tokio::spawn(async move {
            writer.work(tasks).await;
            drop(end);
        });
        let database = Self {
            address,
            claims,
            queue: Some(queue),
            done: Mutex::new(done),
            abandoned: AtomicBool::new(false),
        };
        Ok((database, warnings))
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

    /// Writes a row, an event, or both.
    pub(super) async fn write(
        &self,
        at: Timestamp,
        entry: Option<Entry>,
        event: Option<HistoryEvent>,
    ) -> Result<(), DatabaseError> {
        let fence = entry
            .as_ref()
            .and_then(|entry| self.claims.fence(&entry.key));
        self.commit(Write::Row {
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
        self.commit(Write::Plan(entries)).await
    }

    /// Takes an intent back that nothing was sent for.
    pub(super) async fn withdraw(&self, key: Key) -> Result<(), DatabaseError> {
        let fence = self.claims.fence(&key);
        self.commit(Write::Withdraw(key, fence)).await
    }

    /// Writes what is said of a label.
    pub(super) async fn invite(
        &self,
        scope: InvitationScope,
        draft: InvitationDraft,
        new_path: String,
    ) -> Result<(), DatabaseError> {
        let now = self.now();
        self.commit(Write::Invite(scope, Box::new(draft), new_path, now))
            .await
    }

    /// Takes over what an older mps promised.
    pub(super) async fn take_over(
        &self,
        scope: InvitationScope,
        promised: Vec<Invitation>,
    ) -> Result<(), DatabaseError> {
        self.commit(Write::TakeOver(scope, promised)).await
    }

    /// Notes a moment of a link.
    pub(super) async fn note(&self, path: String, moment: LinkMoment) -> Result<(), DatabaseError> {
        self.commit(Write::Note(path, moment, self.now())).await
    }

    /// Commits; a caller that stops waiting does not stop the write.
    async fn commit(&self, write: Write) -> Result<(), DatabaseError> {
        let (answer, arrival) = oneshot::channel();
        let task = WriterTask { write, answer };
        let sent = self
            .queue
            .as_ref()
            .is_some_and(|queue| queue.send(task).is_ok());
        if !sent {
            return Err(DatabaseError::closed(&self.address));
        }
        let mut abandons = Abandons(Some(&self.abandoned));
        let written = arrival.await;
        abandons.0 = None;
        written.unwrap_or_else(|_| Err(DatabaseError::closed(&self.address)))
    }

    /// Asks over the session of the claims. What nobody waited for is written first.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl AsyncFnOnceOf<T>,
    ) -> Result<T, DatabaseError> {
        if self.abandoned.load(Ordering::SeqCst) {
            self.commit(Write::Plan(Vec::new())).await?;
        }
        let (claims, address) = (Arc::clone(&self.claims), self.address.clone());
        let asked = session::spawn(async move {
            let client = claims.client().await?;
            question.ask(reader::Asker { client, address }).await
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
            .ask(move |asker: reader::Asker| async move { asker.select(&which).await })
            .await?;
        Ok(rows.into_iter().map(|(_, entry)| entry).collect())
    }

    /// The invitation of a label.
    pub(super) async fn by_label(
        &self,
        scope: InvitationScope,
        label: LinkLabel,
    ) -> Result<Option<Invitation>, DatabaseError> {
        self.ask(move |asker: reader::Asker| async move {
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
        self.ask(move |asker: reader::Asker| async move {
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
        self.ask(move |asker: reader::Asker| async move { asker.statuses(&scope, now).await })
            .await
    }
}

/// A question that is asked on the runtime of journals.
trait AsyncFnOnceOf<T>: Send + 'static {
    fn ask(self, asker: reader::Asker) -> impl Future<Output = Result<T, DatabaseError>> + Send;
}

impl<T, F, A> AsyncFnOnceOf<T> for F
where
    F: FnOnce(reader::Asker) -> A + Send + 'static,
    A: Future<Output = Result<T, DatabaseError>> + Send,
{
    fn ask(self, asker: reader::Asker) -> impl Future<Output = Result<T, DatabaseError>> + Send {
        self(asker)
    }
}
