//! The journal's file for those who only look.
//!
//! The one decision: nothing is kept open between two questions, and a look leaves no trace. Where
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
    ChainEnd, ChainFault, ChainHash, Error, Forgotten, chain::ChainWalk, emptied,
    files::JournalFiles, mark, network::is_network, open,
};

/// How long a question waits for a writer.
const BUSY: Duration = Duration::from_secs(10);

/// Reads the journal's file.
#[derive(Debug, Clone)]
pub(super) struct FileReader {
    pub(super) places: JournalFiles,
}

impl FileReader {
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

    /// Checks the chain of hashes, so many events at a time.
    pub(super) fn verify(
        &self,
        from: Option<&ChainHash>,
        at_once: usize,
    ) -> Result<Result<ChainEnd, ChainFault>, Error> {
        let mut walk = match self.query(|conn| ChainWalk::start(conn, from))? {
            Ok(walk) => walk,
            Err(fault) => return Ok(Err(fault)),
        };
        loop {
            match self.query(|conn| walk.page(conn, at_once))? {
                Ok(false) => {}
                Ok(true) => return Ok(Ok(walk.end())),
                Err(fault) => return Ok(Err(fault)),
            }
        }
    }

    /// What the journal had and has no more.
    pub(super) fn forgotten(&self) -> Result<Option<Forgotten>, Error> {
        self.query(|conn| Ok(mark::forgotten(&self.places.database, conn)))
    }

    /// Asks one question.
    pub(super) fn query<T>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        self.ask(|path, conn| question(conn).map_err(|err| Error::from_sqlite(path, err)))
    }

    /// Opens, asks, closes.
    pub(super) fn ask<T>(
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
