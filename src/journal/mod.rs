//! What was promised, sent and answered, on disk before and after each write to Meta.
//!
//! The one decision: the journal is a memory, not a judge. It keeps rows and locks and says when they
//! are durable; what they mean is the engine's business. A file per state directory holds it
//! (`journal.db`, SQLite), a lock file per key stands in `locks/`. No token can get in: nothing here
//! takes one, and every text passes a [`Redactor`] first.

mod chain;
mod completion;
mod emptied;
mod entry;
mod error;
mod event;
mod files;
mod invitation;
mod invitation_status;
mod invitations;
mod link_label;
mod lock;
mod network;
mod older;
mod open;
mod post;
mod query;
mod reader;
mod row_reader;
mod run_identity;
mod stored_enum;
mod warning;
mod webhooks;
mod writer;

#[cfg(test)]
mod tests;

use std::{path::Path, sync::Arc};

use jiff::Timestamp;
use rusqlite::Connection;

pub use self::{
    chain::{ChainEnd, ChainFault, ChainHash},
    entry::{Entry, Goal, Key, State},
    error::Error,
    event::{Call, EventOutcome, HistoryEvent, HistoryFilter, HistoryRecord, Permissions},
    invitation::{Change, Expectation, Invitation, InvitationDraft, LinkValidity},
    invitation_status::{InvitationStatus, LinkState},
    invitations::{Invitations, PromisedLink},
    link_label::LinkLabel,
    lock::{KeyLock, locks_at_once},
    post::{AcceptEnd, Accepting, Post, PostEnd},
    reader::Reader,
    run_identity::RunIdentity,
    warning::Warning,
    webhooks::{DueForward, ForwardedPost, HeardChange, KeptChange, Webhooks},
};
use self::{
    entry::EntryFilter,
    files::JournalFiles,
    open::Opened,
    row_reader::RowReader,
    writer::{Crowd, Writer},
};
use crate::{
    ids::{AppId, SolutionId},
    redact::Redactor,
};

/// The journal of one state directory, open for writing. Cheap to clone; the file is closed with the
/// last clone, which waits for what is queued.
#[derive(Debug, Clone)]
pub struct Journal {
    inner: Arc<JournalInner>,
}

#[derive(Debug)]
struct JournalInner {
    places: JournalFiles,
    who: Arc<RunIdentity>,
    redactor: Redactor,
    /// Those who hold a lock, and so may write.
    crowd: Crowd,
    /// Where rows cannot be read beside the writer, it reads them itself.
    rows: Option<RowReader>,
    writer: Writer,
}

impl Journal {
    /// Opens the journal, makes it where there is none, brings an older one up to date. Blocks for some
    /// milliseconds, longer while another process does the same.
    ///
    /// # Errors
    /// Any but [`Error::Closed`]; nothing may be sent to Meta then.
    pub fn open(
        state_dir: &Path,
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
        let places = JournalFiles::of(state_dir);
        let Opened {
            writer,
            rows,
            warnings,
        } = open::open(&places)?;
        let crowd = Crowd::default();
        let start = |conn| RowReader::start(&places.database, conn);
        let rows = rows.map(start).transpose()?;
        let writer = Writer::start(&places.database, writer, crowd.clone())?;
        let inner = JournalInner {
            places,
            who: Arc::new(who),
            redactor,
            crowd,
            rows,
            writer,
        };
        let journal = Self {
            inner: Arc::new(inner),
        };
        Ok((journal, warnings))
    }

    /// A handle that only looks, or none where there is no journal. Nothing is made or written.
    pub fn open_read_only(state_dir: &Path) -> Result<Option<Reader>, Error> {
        Reader::open(state_dir)
    }

    /// The journal's file.
    #[cfg(test)]
    pub fn path(&self) -> &Path {
        &self.inner.places.database
    }

    /// Takes the lock of a key, on this host; `waiting` is called once if somebody else has it, in this
    /// process or in another. It is free again when the [`KeyLock`] is dropped or its process is gone.
    pub async fn lock(&self, key: &Key, waiting: impl FnOnce() + Send) -> Result<KeyLock, Error> {
        let key = self.clean_key(key);
        let lock = lock::take(
            &self.inner.places.locks,
            &self.inner.who.host,
            &key,
            waiting,
        )
        .await?;
        Ok(lock.of_crowd(self.inner.crowd.enter()))
    }

    /// So many calls may be under way at once, so that no more writes come at about the same time.
    pub fn at_once(&self, calls: usize) {
        self.inner.crowd.at_once(calls);
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
    pub async fn put(&self, mut entry: Entry, event: Option<HistoryEvent>) -> Result<(), Error> {
        let now = Timestamp::now();
        entry.updated_at = now;
        entry.run_id.clone_from(&self.inner.who.run_id);
        entry.clean(&self.inner.redactor);
        self.write(now, Some(entry), event).await
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
        let now = Timestamp::now();
        let who = Arc::clone(&self.inner.who);
        let redactor = self.inner.redactor.clone();
        let write = move |conn: &Connection| {
            entries(&mut |mut entry| {
                entry.updated_at = now;
                entry.run_id.clone_from(&who.run_id);
                entry.clean(&redactor);
                entry.write_plan(conn, &who.host)
            })
        };
        self.inner.writer.write(Box::new(write)).await
    }

    /// Takes an intent back that nothing was sent for; any other row stays.
    ///
    /// # Errors
    /// As with [`Journal::put`].
    pub async fn withdraw(&self, key: &Key) -> Result<(), Error> {
        let (key, who) = (self.clean_key(key), Arc::clone(&self.inner.who));
        let write = move |conn: &Connection| Entry::withdraw(&key, conn, &who.host);
        self.inner.writer.write(Box::new(write)).await
    }

    /// Appends an event; durable when it returns.
    ///
    /// # Errors
    /// As with [`Journal::put`].
    pub async fn record(&self, event: HistoryEvent) -> Result<(), Error> {
        self.write(Timestamp::now(), None, Some(event)).await
    }

    async fn write(
        &self,
        at: Timestamp,
        entry: Option<Entry>,
        mut event: Option<HistoryEvent>,
    ) -> Result<(), Error> {
        if let Some(event) = &mut event {
            event.clean(&self.inner.redactor);
        }
        let who = Arc::clone(&self.inner.who);
        let write = move |conn: &Connection| {
            if let Some(entry) = &entry {
                entry.write(conn, &who.host)?;
            }
            event
                .as_ref()
                .map_or(Ok(()), |event| event.append(conn, &who, at))
        };
        self.inner.writer.write(Box::new(write)).await
    }

    async fn select(&self, which: EntryFilter) -> Result<Vec<Entry>, Error> {
        let which = EntryFilter {
            host: Some(self.inner.who.host.clone()),
            ..which
        };
        let read = move |conn: &Connection| older::select(conn, &which);
        let writer = &self.inner.writer;
        let rows = match &self.inner.rows {
            Some(rows) if !writer.is_abandoned() => rows.read(read).await?,
            _ => writer.read(read).await?,
        };
        Ok(rows.into_iter().map(|(_, entry)| entry).collect())
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
