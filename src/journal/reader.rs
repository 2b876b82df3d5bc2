//! The journal for those who only look: `history`, `doctor`, completions.
//!
//! The one decision: nothing is kept open between two questions, and a look leaves no trace. A page of events
//! is a question: whoever reads a long list slowly keeps no writer waiting. Where
//! no process has the journal open, it is read as a file that does not change (SQLite would make the
//! files of its WAL otherwise), while the gate keeps writers from opening it.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use super::{
    ChainEnd, ChainFault, ChainHash, Entry, Error, HistoryFilter, HistoryRecord, LinkLabel,
    chain::ChainWalk,
    completion, emptied,
    entry::{self, EntryFilter},
    event,
    files::JournalFiles,
    invitation::{self, InvitationScope},
    invitation_status::{self, InvitationStatus},
    network::is_network,
    older, open, webhooks,
};
use crate::ids::{AppId, SolutionId};

/// How long a question waits for a writer.
const BUSY: Duration = Duration::from_secs(10);

/// Events that are read at once: so few that a list of any length takes no memory, so many that opening
/// the file for them costs nothing beside them.
const AT_ONCE: usize = 256;

/// Answers questions about a journal that exists.
#[derive(Debug, Clone)]
pub struct Reader {
    places: JournalFiles,
}

/// What `mps doctor` wants to know.
#[derive(Debug, Clone)]
pub struct JournalHealth {
    /// The journal.
    pub path: PathBuf,
    /// Its size, without what waits in its WAL.
    pub bytes: u64,
    /// How many keys it has.
    pub entries: usize,
    /// How many of them `mps resume` would take up.
    pub unfinished: usize,
    /// How many events it has.
    pub events: u32,
    /// Whether it lies on a network file system.
    pub network: bool,
}

impl Reader {
    /// The reader of a state directory, if it has a journal that this mps can read.
    pub(super) fn open(state_dir: &Path) -> Result<Option<Self>, Error> {
        let places = JournalFiles::of(state_dir);
        match places.database.metadata() {
            Ok(meta) if meta.len() == 0 && !has_content(&beside(&places.database, "-wal")) => {
                // Made a moment ago by a run that has not come further, if nothing tells of more.
                emptied::check(&places)?;
                return Ok(None);
            }
            Ok(_) => {}
            Err(err)
                if matches!(
                    err.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(None);
            }
            Err(err) => return Err(Error::from_io(&places.database, err)),
        }
        let reader = Self { places };
        let version = reader.ask(open::check_identity)?;
        Ok((version > 0).then_some(reader))
    }

    /// The events that fit, newest first, as they are asked for. What is written meanwhile is not among them.
    pub fn history(self, filter: HistoryFilter) -> HistoryRows {
        HistoryRows {
            left: filter.limit.map_or(usize::MAX, |limit| {
                usize::try_from(limit).unwrap_or(usize::MAX)
            }),
            reader: self,
            filter,
            before: i64::MAX,
            page: Vec::new().into_iter(),
        }
    }

    /// Checks the chain of hashes, or what begins with the event that has this hash.
    pub fn verify(&self, from: Option<&ChainHash>) -> Result<Result<ChainEnd, ChainFault>, Error> {
        let mut walk = match self.query(|conn| ChainWalk::start(conn, from))? {
            Ok(walk) => walk,
            Err(fault) => return Ok(Err(fault)),
        };
        loop {
            match self.query(|conn| walk.page(conn, AT_ONCE))? {
                Ok(false) => {}
                Ok(true) => return Ok(Ok(walk.end())),
                Err(fault) => return Ok(Err(fault)),
            }
        }
    }

    /// All keys, each with its host, the one written last first.
    pub fn entries(&self, host: Option<&str>) -> Result<Vec<(String, Entry)>, Error> {
        self.query(|conn| {
            let which = EntryFilter {
                host: host.map(str::to_owned),
                ..EntryFilter::default()
            };
            older::select(conn, &which)
        })
    }

    /// The solutions whose ids begin so, each with its name, by id. Of other rows nothing is read.
    pub fn solutions(&self, beginning: &str) -> Result<Vec<(SolutionId, String)>, Error> {
        self.query(|conn| completion::solutions(conn, beginning))
    }

    /// The newest invitation of every label of this profile, and how far each is.
    pub fn invitations(
        &self,
        profile: &str,
        host: &str,
        partner: &AppId,
    ) -> Result<Vec<InvitationStatus>, Error> {
        let scope = InvitationScope {
            profile: profile.to_owned(),
            host: host.to_owned(),
            partner: partner.clone(),
        };
        self.query(|conn| invitation_status::statuses(conn, &scope))
    }

    /// The number of the newest change of a solution that a webhook told of; none where none did.
    pub fn newest_webhook(
        &self,
        host: &str,
        partner: &AppId,
        solution: &SolutionId,
    ) -> Result<Option<i64>, Error> {
        self.query(|conn| webhooks::newest_of(conn, (host, partner), solution))
    }

    /// The apps of a label: those that rows were written for by its link, and those that its invitation expects.
    pub fn apps_of(&self, label: &LinkLabel) -> Result<Vec<AppId>, Error> {
        self.query(|conn| {
            let mut apps = invitation::expected(conn, label)?;
            for app in entry::owners_labelled(conn, label.as_str())? {
                if !apps.contains(&app) {
                    apps.push(app);
                }
            }
            Ok(apps)
        })
    }

    /// The rows of a label, the one written last first.
    pub fn labelled(
        &self,
        host: &str,
        partner: &AppId,
        label: &LinkLabel,
    ) -> Result<Vec<Entry>, Error> {
        let rows = self.entries(Some(host))?.into_iter().map(|(_, row)| row);
        let label = Some(label.as_str());
        Ok(rows
            .filter(|row| row.key.partner == *partner && row.link_label.as_deref() == label)
            .collect())
    }

    /// The solutions that a run made, adopted or accepted at this host, in that order.
    pub fn solutions_of_run(&self, host: &str, run_id: &str) -> Result<Vec<SolutionId>, Error> {
        self.query(|conn| event::solutions_of_run(conn, host, run_id))
    }

    /// What `mps resume` would take up, each with its host, the one written last first.
    pub fn unfinished(&self, host: Option<&str>) -> Result<Vec<(String, Entry)>, Error> {
        self.query(|conn| {
            let which = EntryFilter {
                host: host.map(str::to_owned),
                unfinished: true,
                ..EntryFilter::default()
            };
            older::select(conn, &which)
        })
    }

    /// Reads the whole file; an error is what is wrong with it.
    pub fn health(&self) -> Result<JournalHealth, Error> {
        self.ask(|path, conn| {
            open::check_integrity(path, conn)?;
            open::check_identity(path, conn)
        })?;
        let entries = self.entries(None)?;
        let unfinished = entries.iter().filter(|(_, entry)| entry.is_unfinished());
        Ok(JournalHealth {
            path: self.places.database.clone(),
            bytes: self.places.database.metadata().map_or(0, |meta| meta.len()),
            unfinished: unfinished.count(),
            entries: entries.len(),
            events: self.query(|conn| {
                conn.query_row("SELECT count(*) FROM events", [], |row| row.get(0))
            })?,
            network: is_network(&self.places.dir),
        })
    }

    fn query<T>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        self.ask(|path, conn| question(conn).map_err(|err| Error::from_sqlite(path, err)))
    }

    /// Opens, asks, closes.
    fn ask<T>(
        &self,
        question: impl FnOnce(&Path, &Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let database = &self.places.database;
        let (conn, _gate) = self.connect()?;
        conn.busy_timeout(BUSY)
            .map_err(|err| Error::from_sqlite(database, err))?;
        question(database, &conn)
    }

    /// A connection, and the gate if nobody may open the journal meanwhile.
    fn connect(&self) -> Result<(Connection, Option<File>), Error> {
        let database = &self.places.database;
        let network = is_network(&self.places.dir);
        let still = if network {
            None
        } else {
            // Shared, and without writing; nobody can be in the middle of opening while it is held.
            let gate = File::open(&self.places.gate)
                .and_then(|gate| gate.lock_shared().map(|()| gate))
                .ok();
            // Every process that has the journal open has its WAL open, and the last one deletes it.
            (!beside(database, "-wal").exists()).then_some(gate)
        };
        let (name, gate) = match still {
            Some(gate) => (unchanging(database), gate),
            None => (database.clone(), None),
        };
        // After a crash in TRUNCATE mode only one who may write can read: the half of a transaction
        // has to be taken back first. SQLite goes on reading where the file cannot be written.
        let access = if network {
            OpenFlags::SQLITE_OPEN_READ_WRITE
        } else {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        };
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let conn = Connection::open_with_flags(name, flags)
            .map_err(|err| Error::from_sqlite(database, err))?;
        Ok((conn, gate))
    }
}

/// Events of a journal, a page in memory at a time. After an error nothing more comes.
#[derive(Debug)]
pub struct HistoryRows {
    reader: Reader,
    filter: HistoryFilter,
    /// How many more are wanted.
    left: usize,
    /// The id of the last one.
    before: i64,
    page: std::vec::IntoIter<HistoryRecord>,
}

impl Iterator for HistoryRows {
    type Item = Result<HistoryRecord, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(record) = self.page.next() {
            return Some(Ok(record));
        }
        let rows = self.left.min(AT_ONCE);
        if rows == 0 {
            return None;
        }
        let (filter, before) = (&self.filter, self.before);
        match self
            .reader
            .query(|conn| event::page(conn, filter, before, rows))
        {
            Ok(page) => {
                // A page that is not full is the last one.
                self.left = if page.len() < rows {
                    0
                } else {
                    self.left - rows
                };
                self.before = page.last().map_or(before, |record| record.id);
                self.page = page.into_iter();
                self.page.next().map(Ok)
            }
            Err(error) => {
                self.left = 0;
                Some(Err(error))
            }
        }
    }
}

/// The file that SQLite names after the database.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn has_content(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.len() > 0)
}

/// The URI that tells SQLite that nothing changes the file: no locks, no files beside it.
fn unchanging(database: &Path) -> PathBuf {
    url::Url::from_file_path(database).map_or_else(
        |()| database.to_owned(),
        |mut url| {
            url.set_query(Some("immutable=1"));
            PathBuf::from(url.as_str())
        },
    )
}
