//! The journal for those who only look: `history`, `doctor`, completions.
//!
//! The one decision: a page of events is a question: whoever reads a long list slowly keeps no writer waiting.

use std::{
    fs::File,
    io::{self, Write as _},
    path::PathBuf,
};

use jiff::Timestamp;

use super::{
    ChainEnd, ChainFault, ChainHash, Entry, Error, Forgotten, HistoryFilter, HistoryRecord,
    LinkLabel,
    carry::{self, CarryHead},
    completion,
    entry::{self, EntryFilter},
    event,
    file_reader::FileReader,
    invitation::{self, InvitationScope},
    invitation_status::{self, InvitationStatus},
    network::is_network,
    older, open,
    place::JournalPlace,
    postgres::{DatabaseHealth, DatabaseReader, HeldKey},
    webhook,
};
use crate::ids::{AppId, SolutionId};

/// Events that are read at once: so few that a list of any length takes no memory, so many that opening
/// the file for them costs nothing beside them.
const AT_ONCE: usize = 256;

/// Answers questions about a journal that exists.
#[derive(Debug, Clone)]
pub struct Reader {
    store: ReadStore,
}

/// Where it reads.
#[derive(Debug, Clone)]
enum ReadStore {
    File(FileReader),
    Database(Box<DatabaseReader>),
}

/// What `mps doctor` wants to know.
#[derive(Debug, Clone)]
pub struct JournalHealth {
    /// The journal's file; none where it is in a database.
    pub path: Option<PathBuf>,
    /// Where it is, for people.
    pub place: String,
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
    /// What it had and has no more, if it is an older copy that nobody has written in yet.
    pub forgotten: Option<Forgotten>,
    /// The database, where it is in one.
    pub database: Option<DatabaseHealth>,
}

impl Reader {
    /// The reader of a place, if there is a journal that this mps can read.
    pub(super) fn open(place: &JournalPlace) -> Result<Option<Self>, Error> {
        let store = match &place.database {
            None => FileReader::open(&place.state_dir)?.map(ReadStore::File),
            Some(address) => DatabaseReader::open(address)?
                .map(Box::new)
                .map(ReadStore::Database),
        };
        Ok(store.map(|store| Self { store }))
    }

    /// What time it is: by the database, where several machines share one, else by this machine.
    pub fn now(&self) -> Timestamp {
        match &self.store {
            ReadStore::File(_) => Timestamp::now(),
            ReadStore::Database(database) => database.now(),
        }
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
        match &self.store {
            ReadStore::File(file) => file.verify(from, AT_ONCE),
            ReadStore::Database(database) => Ok(database.verify(from, AT_ONCE)?),
        }
    }

    fn select(&self, which: EntryFilter) -> Result<Vec<(String, Entry)>, Error> {
        match &self.store {
            ReadStore::File(file) => file.query(|conn| older::select(conn, &which)),
            ReadStore::Database(database) => Ok(database.select(which)?),
        }
    }

    /// All keys, each with its host, the one written last first.
    pub fn entries(&self, host: Option<&str>) -> Result<Vec<(String, Entry)>, Error> {
        self.select(EntryFilter {
            host: host.map(str::to_owned),
            ..EntryFilter::default()
        })
    }

    /// The solutions whose ids begin so, each with its name, by id. Of other rows nothing is read.
    pub fn solutions(&self, beginning: &str) -> Result<Vec<(SolutionId, String)>, Error> {
        match &self.store {
            ReadStore::File(file) => file.query(|conn| completion::solutions(conn, beginning)),
            ReadStore::Database(database) => Ok(database.solutions(beginning)?),
        }
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
        match &self.store {
            ReadStore::File(file) => file.query(|conn| invitation_status::statuses(conn, &scope)),
            ReadStore::Database(database) => Ok(database.statuses(scope)?),
        }
    }

    /// The number of the newest change of a solution that a webhook told of; none where none did.
    pub fn newest_webhook(
        &self,
        host: &str,
        partner: &AppId,
        solution: &SolutionId,
    ) -> Result<Option<i64>, Error> {
        match &self.store {
            ReadStore::File(file) => {
                file.query(|conn| webhook::newest_of(conn, (host, partner), solution))
            }
            ReadStore::Database(database) => Ok(database.newest_webhook(host, partner, solution)?),
        }
    }

    /// The apps of a label: those that rows were written for by its link, and those that its invitation expects.
    pub fn apps_of(&self, label: &LinkLabel) -> Result<Vec<AppId>, Error> {
        match &self.store {
            ReadStore::File(file) => file.query(|conn| {
                let mut apps = invitation::expected(conn, label)?;
                for app in entry::owners_labelled(conn, label.as_str())? {
                    if !apps.contains(&app) {
                        apps.push(app);
                    }
                }
                Ok(apps)
            }),
            ReadStore::Database(database) => Ok(database.apps_of(label)?),
        }
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
        match &self.store {
            ReadStore::File(file) => file.query(|conn| event::solutions_of_run(conn, host, run_id)),
            ReadStore::Database(database) => Ok(database.solutions_of_run(host, run_id)?),
        }
    }

    /// What `mps resume` would take up, each with its host, the one written last first.
    pub fn unfinished(&self, host: Option<&str>) -> Result<Vec<(String, Entry)>, Error> {
        self.select(EntryFilter {
            host: host.map(str::to_owned),
            unfinished: true,
            ..EntryFilter::default()
        })
    }

    /// Writes the journal as lines into a file.
    pub fn export(&self, mut file: File) -> Result<CarryHead, Error> {
        match &self.store {
            ReadStore::File(store) => store.query(|conn| {
                let wrong =
                    |error: io::Error| rusqlite::Error::ToSqlConversionFailure(error.into());
                let mut to = io::BufWriter::new(&mut file);
                let head = carry::dump(conn, &mut to)?;
                to.flush().map_err(wrong)?;
                drop(to);
                file.sync_all().map_err(wrong)?;
                Ok(head)
            }),
            ReadStore::Database(database) => Ok(database.dump(file)?),
        }
    }

    /// Who holds keys now, where that can be known: of a database's.
    pub fn holders(&self) -> Result<Option<Vec<HeldKey>>, Error> {
        match &self.store {
            ReadStore::File(_) => Ok(None),
            ReadStore::Database(database) => Ok(Some(database.holders()?)),
        }
    }

    /// Reads a whole file, and of a database how it is; an error is what is wrong with it.
    pub fn health(&self) -> Result<JournalHealth, Error> {
        if let ReadStore::File(file) = &self.store {
            file.ask(|path, conn| {
                open::check_integrity(path, conn)?;
                open::check_identity(path, conn)
            })?;
        }
        let entries = self.entries(None)?;
        let unfinished = entries.iter().filter(|(_, entry)| entry.is_unfinished());
        let (unfinished, entries) = (unfinished.count(), entries.len());
        match &self.store {
            ReadStore::File(file @ FileReader { places }) => Ok(JournalHealth {
                path: Some(places.database.clone()),
                place: places.database.display().to_string(),
                bytes: places.database.metadata().map_or(0, |meta| meta.len()),
                unfinished,
                entries,
                events: self.count_events()?,
                network: is_network(&places.dir),
                forgotten: file.forgotten()?,
                database: None,
            }),
            ReadStore::Database(database) => {
                let health = database.health()?;
                Ok(JournalHealth {
                    path: None,
                    place: database.address().to_string(),
                    bytes: health.bytes,
                    unfinished,
                    entries,
                    events: health.events,
                    network: false,
                    forgotten: None,
                    database: Some(health),
                })
            }
        }
    }

    fn count_events(&self) -> Result<u32, Error> {
        match &self.store {
            ReadStore::File(file) => file
                .query(|conn| conn.query_row("SELECT count(*) FROM events", [], |row| row.get(0))),
            ReadStore::Database(database) => Ok(database.health()?.events),
        }
    }

    /// The newest events that fit, those older than `before`.
    fn page(
        &self,
        filter: &HistoryFilter,
        before: i64,
        rows: usize,
    ) -> Result<Vec<HistoryRecord>, Error> {
        match &self.store {
            ReadStore::File(file) => file.query(|conn| event::page(conn, filter, before, rows)),
            ReadStore::Database(database) => Ok(database.page(filter, before, rows)?),
        }
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
        match self.reader.page(filter, before, rows) {
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
