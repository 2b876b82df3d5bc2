//! What was promised, sent and answered, on disk before and after each write to Meta.
//!
//! The one decision: the journal is a memory, not a judge. It keeps rows and locks and says when they
//! are durable; what they mean is the engine's business. A file per state directory holds it
//! (`journal.db`, SQLite; a lock file per key stands in `locks/`), or a database for a whole team (`postgres/`).
//! No token can get in: nothing here takes one, and every text passes a [`Redactor`] first.

mod carry;
mod chain;
mod completion;
mod emptied;
mod entry;
mod error;
mod event;
mod file_reader;
mod files;
mod invitation;
mod invitation_status;
mod invitations;
mod link_label;
mod lock;
mod mark;
mod network;
mod older;
mod open;
mod owner;
mod place;
mod post;
mod postgres;
mod query;
mod reader;
mod row_reader;
mod run_identity;
mod stored_enum;
mod warning;
mod webhook;
mod webhooks;
mod writer;

#[cfg(test)]
mod tests;

#[cfg(test)]
use std::path::Path;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::Timestamp;
use rusqlite::Connection;

pub use self::{
    carry::{Carried, CarryError},
    chain::{ChainEnd, ChainFault, ChainHash},
    entry::{Entry, Goal, Key, State},
    error::{Error, SharedCause},
    event::{Call, EventOutcome, HistoryEvent, HistoryFilter, HistoryRecord, Permissions},
    invitation::{Change, Expectation, Invitation, InvitationDraft, LinkValidity},
    invitation_status::{InvitationStatus, LinkState},
    invitations::{Invitations, PromisedLink},
    link_label::LinkLabel,
    lock::locks_at_once,
    mark::Forgotten,
    place::JournalPlace,
    post::{AcceptEnd, Accepting, Post, PostEnd},
    postgres::{DatabaseAddress, DatabaseHealth, GRANTS, HeldKey, Holder},
    reader::Reader,
    run_identity::RunIdentity,
    warning::Warning,
    webhook::{DueForward, ForwardedPost, HeardChange, KeptChange, PostKind},
    webhooks::Webhooks,
};
use self::{
    entry::EntryFilter,
    files::JournalFiles,
    open::Opened,
    postgres::{Claim, Database},
    row_reader::RowReader,
    writer::{Crowd, Writer},
};
use crate::{
    ids::{AppId, SolutionId},
    redact::Redactor,
};

/// A journal, open for writing. Cheap to clone; it is closed with the last clone, which waits for what is queued.
#[derive(Debug, Clone)]
pub struct Journal {
    inner: Arc<JournalInner>,
}

#[derive(Debug)]
struct JournalInner {
    who: Arc<RunIdentity>,
    redactor: Redactor,
    store: JournalStore,
}

/// Where rows and events are kept.
#[derive(Debug)]
enum JournalStore {
    /// A file of this state directory.
    File(Box<FileStore>),
    /// A database for a team.
    Database(Box<Database>),
}

#[derive(Debug)]
struct FileStore {
    places: JournalFiles,
    /// Those who hold a lock, and so may write.
    crowd: Crowd,
    /// Where rows cannot be read beside the writer, it reads them itself.
    rows: Option<RowReader>,
    writer: Writer,
}

/// The lock of a key, held until it is dropped, or until this process is gone.
#[derive(Debug)]
#[must_use = "the lock is free again as soon as this is dropped"]
pub struct KeyLock {
    _held: HeldLock,
}

/// Kept for its end.
#[derive(Debug)]
#[expect(dead_code, reason = "what is in it ends with it")]
enum HeldLock {
    File(lock::FileLock),
    Database(Claim),
}

impl FileStore {
    fn open(places: JournalFiles) -> Result<(Self, Vec<Warning>), Error> {
        let Opened {
            writer,
            rows,
            warnings,
        } = open::open(&places)?;
        let crowd = Crowd::default();
        let start = |conn| RowReader::start(&places.database, conn);
        let rows = rows.map(start).transpose()?;
        let writer = Writer::start(&places.database, writer, crowd.clone())?;
        let store = Self {
            places,
            crowd,
            rows,
            writer,
        };
        Ok((store, warnings))
    }

    /// Reads beside the writer, where that can be: who waited for a write sees it, and nobody waits for others'.
    async fn read<T, F>(&self, read: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        match &self.rows {
            Some(rows) => rows.read(read).await,
            None => self.writer.read(read).await,
        }
    }

    async fn select(&self, which: EntryFilter) -> Result<Vec<Entry>, Error> {
        let read = move |conn: &Connection| older::select(conn, &which);
        let rows = if self.writer.is_abandoned() {
            self.writer.read(read).await?
        } else {
            self.read(read).await?
        };
        Ok(rows.into_iter().map(|(_, entry)| entry).collect())
    }
}

impl Journal {
    /// Opens the journal, makes it where there is none, brings an older one up to date. Blocks for some
    /// milliseconds, longer while another process does the same.
    ///
    /// # Errors
    /// Any but [`Error::Closed`]; nothing may be sent to Meta then.
    pub fn open(
        place: impl Into<JournalPlace>,
        mut who: RunIdentity,
        redactor: Redactor,
    ) -> Result<(Self, Vec<Warning>), Error> {
        for text in [
            &mut who.run_id,
            &mut who.operator,
            &mut who.version,
            &mut who.profile,
            &mut who.host,
        ] {
            *text = redactor.clean(text).into_owned();
        }
        let (place, who) = (place.into(), Arc::new(who));
        let (store, warnings) = match &place.database {
            None => {
                let (store, warnings) = FileStore::open(JournalFiles::of(&place.state_dir))?;
                (JournalStore::File(Box::new(store)), warnings)
            }
            Some(address) => {
                let (store, warnings) = Database::open(address, &place.state_dir, &who)?;
                (JournalStore::Database(Box::new(store)), warnings)
            }
        };
        let inner = JournalInner {
            who,
            redactor,
            store,
        };
        let journal = Self {
            inner: Arc::new(inner),
        };
        Ok((journal, warnings))
    }

    /// A handle that only looks, or none where there is no journal. Nothing is made or written.
    pub fn open_read_only(place: impl Into<JournalPlace>) -> Result<Option<Reader>, Error> {
        Reader::open(&place.into())
    }

    /// The journal's file.
    #[cfg(test)]
    pub fn path(&self) -> &Path {
        &self.file().places.database
    }

    /// Ends the session that holds a key, which is frozen; whether anybody held it. None where the journal is a file,
    /// whose locks end with their holders.
    pub fn unlock(place: &JournalPlace, host: &str, key: &Key) -> Result<Option<bool>, Error> {
        let database = place.database.as_ref();
        let ended = database.map(|address| postgres::unlock(address, host, key));
        Ok(ended.transpose()?)
    }

    /// Writes a checked file into a journal that is empty, which is made where there is none; whether it was empty.
    pub async fn import(
        place: &JournalPlace,
        who: RunIdentity,
        carried: Carried,
    ) -> Result<bool, Error> {
        if let Some(address) = &place.database {
            return Ok(postgres::load(address, carried)?);
        }
        let (journal, _) = Self::open(place.clone(), who, Redactor::default())?;
        let JournalStore::File(file) = &journal.inner.store else {
            return Ok(false);
        };
        let empty = Arc::new(AtomicBool::new(false));
        let was = Arc::clone(&empty);
        let write = move |conn: &Connection| {
            let sql =
                "SELECT NOT EXISTS (SELECT 1 FROM entries) AND NOT EXISTS (SELECT 1 FROM events)
                AND NOT EXISTS (SELECT 1 FROM invitations) AND NOT EXISTS (SELECT 1 FROM webhooks)
                AND NOT EXISTS (SELECT 1 FROM forwards)";
            let empty: bool = conn.query_row(sql, [], |row| row.get(0))?;
            was.store(empty, Ordering::SeqCst);
            if empty { carried.write(conn) } else { Ok(()) }
        };
        file.writer.write(Box::new(write)).await?;
        Ok(empty.load(Ordering::SeqCst))
    }

    /// The journal's file and what works on it.
    #[cfg(test)]
    fn file(&self) -> &FileStore {
        match &self.inner.store {
            JournalStore::File(file) => file,
            JournalStore::Database(_) => panic!("the journal is in a database"),
        }
    }

    /// What time it is: by the database, where several machines share one, else by this machine.
    pub fn now(&self) -> Timestamp {
        match &self.inner.store {
            JournalStore::File(_) => Timestamp::now(),
            JournalStore::Database(database) => database.now(),
        }
    }

    /// Takes the lock of a key, on this host; `waiting` is called once if somebody else has it, in this
    /// process or in another, with who it is where that is known. It is free again when the [`KeyLock`] is dropped or
    /// its process is gone.
    pub async fn lock(
        &self,
        key: &Key,
        waiting: impl FnOnce(Option<Holder>) + Send,
    ) -> Result<KeyLock, Error> {
        let key = self.clean_key(key);
        let held = match &self.inner.store {
            JournalStore::File(file) => {
                let (locks, host) = (&file.places.locks, &self.inner.who.host);
                let lock = lock::take(locks, host, &key, || waiting(None)).await?;
                HeldLock::File(lock.of_crowd(file.crowd.enter()))
            }
            JournalStore::Database(database) => {
                HeldLock::Database(Box::pin(database.lock(key, waiting)).await?)
            }
        };
        Ok(KeyLock { _held: held })
    }

    /// So many calls may be under way at once, so that no more writes come at about the same time.
    pub fn at_once(&self, calls: usize) {
        if let JournalStore::File(file) = &self.inner.store {
            file.crowd.at_once(calls);
        }
    }

    /// The row of a key.
    pub async fn entry(&self, key: &Key) -> Result<Option<Entry>, Error> {
        let key = self.clean_key(key);
        let name = key.name_column().to_owned();
        let rows = self
            .select(EntryFilter {
                owner: Some(key.owner),
                partner: Some(key.partner),
                name: Some(name),
                ..EntryFilter::default()
            })
            .await?;
        Ok(rows.into_iter().next())
    }

    /// The rows of all keys of an owner app and a partner app on this host, those of
    /// `--allow-duplicate` among them; the one written last comes first.
    pub async fn entries_for(&self, owner: &AppId, partner: &AppId) -> Result<Vec<Entry>, Error> {
        self.select(EntryFilter {
            owner: Some(owner.clone()),
            partner: Some(partner.clone()),
            ..EntryFilter::default()
        })
        .await
    }

    /// The row that has this solution, on this host: whether we made or adopted it.
    pub async fn knows(&self, id: &SolutionId) -> Result<Option<Entry>, Error> {
        let rows = self
            .select(EntryFilter {
                solution: Some(id.clone()),
                ..EntryFilter::default()
            })
            .await?;
        Ok(rows.into_iter().next())
    }

    /// What `mps resume` takes up for this partner app on this host.
    pub async fn unfinished(&self, partner: &AppId) -> Result<Vec<Entry>, Error> {
        self.select(EntryFilter {
            partner: Some(partner.clone()),
            unfinished: true,
            ..EntryFilter::default()
        })
        .await
    }

    /// Writes a row over the older one of its key, and an event, in one transaction; durable when it
    /// returns. `updated_at` and `run_id` become the journal's own. Whoever stops waiting does not stop
    /// the write.
    ///
    /// # Errors
    /// Neither row nor event is to be counted on. Send nothing; if an answer of Meta was to be written
    /// down, tell a person its id now.
    pub fn put(
        &self,
        mut entry: Entry,
        event: Option<HistoryEvent>,
    ) -> BoxFuture<'_, Result<(), Error>> {
        let now = self.now();
        entry.updated_at = now;
        entry.run_id.clone_from(&self.inner.who.run_id);
        entry.clean(&self.inner.redactor);
        self.write(now, Some(entry), event)
    }

    /// Writes down what a run is going to do, in one transaction; durable when it returns. A row on which
    /// nothing is under way takes the newer plan; of any other row only the goal is raised. `entries` hands
    /// over one row after the other, and once more where the first try failed.
    ///
    /// # Errors
    /// As with [`Journal::put`].
    pub async fn intend(
        &self,
        entries: impl Fn(&mut dyn FnMut(Entry) -> rusqlite::Result<()>) -> rusqlite::Result<()>
        + Send
        + 'static,
    ) -> Result<(), Error> {
        let now = self.now();
        let who = Arc::clone(&self.inner.who);
        let redactor = self.inner.redactor.clone();
        let planned = move |mut entry: Entry| {
            entry.updated_at = now;
            entry.run_id.clone_from(&who.run_id);
            entry.clean(&redactor);
            entry
        };
        match &self.inner.store {
            JournalStore::File(file) => {
                let host = self.inner.who.host.clone();
                let write = move |conn: &Connection| {
                    entries(&mut |entry| planned(entry).write_plan(conn, &host))
                };
                file.writer.write(Box::new(write)).await
            }
            JournalStore::Database(database) => {
                let mut all = Vec::new();
                // What only collects cannot fail.
                let _ = entries(&mut |entry| {
                    all.push(planned(entry));
                    Ok(())
                });
                Ok(database.plan(all).await?)
            }
        }
    }

    /// Takes an intent back that nothing was sent for; any other row stays.
    ///
    /// # Errors
    /// As with [`Journal::put`].
    pub async fn withdraw(&self, key: &Key) -> Result<(), Error> {
        let (key, who) = (self.clean_key(key), Arc::clone(&self.inner.who));
        match &self.inner.store {
            JournalStore::File(file) => {
                let write = move |conn: &Connection| Entry::withdraw(&key, conn, &who.host);
                file.writer.write(Box::new(write)).await
            }
            JournalStore::Database(database) => Ok(Box::pin(database.withdraw(key)).await?),
        }
    }

    /// Appends an event; durable when it returns.
    ///
    /// # Errors
    /// As with [`Journal::put`].
    pub fn record(&self, event: HistoryEvent) -> BoxFuture<'_, Result<(), Error>> {
        self.write(self.now(), None, Some(event))
    }

    /// A thousand apps wait here at once, so that what waits is the job and nothing of how it was made.
    fn write(
        &self,
        at: Timestamp,
        entry: Option<Entry>,
        mut event: Option<HistoryEvent>,
    ) -> BoxFuture<'_, Result<(), Error>> {
        if let Some(event) = &mut event {
            event.clean(&self.inner.redactor);
        }
        let file = match &self.inner.store {
            JournalStore::File(file) => file,
            JournalStore::Database(database) => {
                return async move { Ok(database.write(at, entry, event).await?) }.boxed();
            }
        };
        let who = Arc::clone(&self.inner.who);
        let write = move |conn: &Connection| {
            if let Some(entry) = &entry {
                entry.write(conn, &who.host)?;
            }
            event
                .as_ref()
                .map_or(Ok(()), |event| event.append(conn, &who, at))
        };
        file.writer.write(Box::new(write)).boxed()
    }

    async fn select(&self, which: EntryFilter) -> Result<Vec<Entry>, Error> {
        let which = EntryFilter {
            host: Some(self.inner.who.host.clone()),
            ..which
        };
        match &self.inner.store {
            JournalStore::File(file) => file.select(which).await,
            JournalStore::Database(database) => Ok(Box::pin(database.select(which)).await?),
        }
    }

    /// The key as it stands in the file.
    fn clean_key(&self, key: &Key) -> Key {
        let clean = |name: &String| self.inner.redactor.clean(name).into_owned();
        Key {
            name: key.name.as_ref().map(clean),
            ..key.clone()
        }
    }
}
