//! What can go wrong with the journal, and the way out of each.
//!
//! The one decision: every error names the file and is told before anything is sent, because a run
//! that cannot write down what it does must not do it. All of them are exit 1; there is no switch
//! that goes on without a journal.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::{ErrorCode, ffi};

use super::{owner, postgres::DatabaseError};

/// The reason below an error. Shared, because all writes of one group fail by the same reason.
pub type SharedCause = Arc<dyn std::error::Error + Send + Sync>;

/// Why the journal cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The directory or a file in it cannot be made, opened or written.
    #[error("the journal cannot be opened or written: {}", path.display())]
    Unwritable {
        /// The directory or the file.
        path: PathBuf,
        /// The system's or the database's word.
        #[source]
        source: SharedCause,
    },
    /// It is another user's, who has taken it from all others.
    #[error("the journal belongs to another user (uid {owner}): {}", path.display())]
    OtherUser {
        /// The directory or the file.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
        /// The system's or the database's word.
        #[source]
        source: SharedCause,
    },
    /// The journal cannot grow: a full disk, a quota, a limit on the size of files.
    #[error("there is no room left to write the journal: {}", path.display())]
    Full {
        /// The journal.
        path: PathBuf,
        /// The database's word.
        #[source]
        source: SharedCause,
    },
    /// The file is damaged, or it is no journal of mps.
    #[error("the journal is damaged or no journal of mps: {} ({what})", path.display())]
    Corrupt {
        /// The journal.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The file was written by a newer mps.
    #[error("the journal was written by a newer mps (its version is {found}, this mps knows {known}): {}", path.display())]
    Newer {
        /// The journal.
        path: PathBuf,
        /// The file's schema version.
        found: i64,
        /// The newest one that this mps knows.
        known: i64,
    },
    /// Another process holds the journal for longer than a write takes.
    #[error("another program holds the journal: {}", path.display())]
    Busy {
        /// The journal.
        path: PathBuf,
    },
    /// The file system has no file locks, without which two runs could do the same thing.
    #[error("a file in the state directory cannot be locked: {}", path.display())]
    NoLocks {
        /// The lock file.
        path: PathBuf,
        /// The system's word.
        #[source]
        source: SharedCause,
    },
    /// The disk failed, or the database did something that is not foreseen.
    #[error("the journal failed: {}", path.display())]
    Io {
        /// The journal.
        path: PathBuf,
        /// The database's word.
        #[source]
        source: SharedCause,
    },
    /// Somebody moved or deleted the file while it was open.
    #[error("the journal was moved or deleted while it was open: {}", path.display())]
    Moved {
        /// Where the journal was.
        path: PathBuf,
    },
    /// The database of a team failed.
    #[error(transparent)]
    Database(Box<DatabaseError>),
    /// The thread that writes is gone.
    #[error("the journal is closed: {}", path.display())]
    Closed {
        /// The journal.
        path: PathBuf,
    },
}

impl From<DatabaseError> for Error {
    fn from(error: DatabaseError) -> Self {
        Self::Database(Box::new(error))
    }
}

impl Error {
    /// The directory or the file that it is about.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Database(error) => Path::new(&error.place),
            Self::Unwritable { path, .. }
            | Self::OtherUser { path, .. }
            | Self::Full { path, .. }
            | Self::Corrupt { path, .. }
            | Self::Newer { path, .. }
            | Self::Busy { path }
            | Self::NoLocks { path, .. }
            | Self::Io { path, .. }
            | Self::Moved { path }
            | Self::Closed { path } => path,
        }
    }

    /// Whether it can be over in a while without anybody's doing here.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Database(error) => error.may_pass(),
            Self::Busy { .. } | Self::Full { .. } => true,
            _ => false,
        }
    }

    /// The way out, for a person.
    pub fn hint(&self) -> String {
        self.hint_then("type the same command again")
    }

    /// The way out, with what is to be done after it.
    pub fn hint_then(&self, next: &str) -> String {
        let path = self.path().display();
        match self {
            Self::Database(error) => error.hint_then(next),
            Self::Unwritable { .. } => format!(
                "make `{path}` writable; a journal in another directory (MPS_STATE_DIR) is a second one, which \
                 knows nothing of what this one has promised"
            ),
            // Another state directory would lead out of the promise, so it is no way out of this.
            Self::OtherUser { owner, .. } => format!(
                "run mps as that user (`sudo -u '#{owner}' mps …`), or share one journal in PostgreSQL: \
                 MPS_JOURNAL=postgres://USER@HOST/DATABASE, into which `mps history export FILE` and `import FILE` carry \
                 this one. A state directory of your own is a second journal: two that create for one app at once \
                 may make two solutions"
            ),
            Self::Full { .. } => {
                format!("make room where `{path}` lies (disk, quota, `ulimit -f`), then {next}")
            }
            Self::Corrupt { .. } => format!(
                "move every file whose name begins with `{path}` to another folder and run again: a new \
                 journal begins, solutions that exist are found by looking, and what was unfinished \
                 shows in `mps list`"
            ),
            Self::Newer { .. } => format!(
                "use the newer mps; or move every file whose name begins with `{path}` to another folder: \
                 a new journal begins without what was unfinished in the old one"
            ),
            Self::Busy { .. } => format!(
                "end the program that has `{path}` open (a backup? a database viewer?) and run again"
            ),
            Self::Moved { .. } => {
                format!("put every file whose name begins with `{path}` back, then {next}")
            }
            Self::NoLocks { .. } => "let MPS_STATE_DIR name a directory on a local disk".to_owned(),
            Self::Io { .. } | Self::Closed { .. } => {
                format!("check the disk where `{path}` lies, then {next}")
            }
        }
    }

    /// Whether nothing more may be written through the same connection: after a failed fsync the
    /// system may have thrown the data away and say yes the next time.
    pub(super) fn is_final(err: &rusqlite::Error) -> bool {
        matches!(
            err.sqlite_error().map(|err| err.extended_code),
            Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
        )
    }

    /// Judges what the file system said.
    pub(super) fn from_io(path: &Path, err: io::Error) -> Self {
        let (path, kind) = (path.to_owned(), err.kind());
        let source: SharedCause = Arc::new(err);
        match kind {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full { path, source },
            _ => Self::unwritable(path, source),
        }
    }

    /// A place where nothing can be written: another user's, if that is why.
    fn unwritable(path: PathBuf, source: SharedCause) -> Self {
        match owner::other(&path) {
            Some(owner) => Self::OtherUser {
                path,
                owner,
                source,
            },
            None => Self::Unwritable { path, source },
        }
    }

    /// Judges what the database said.
    pub(super) fn from_sqlite(path: &Path, err: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let (code, extended) = err
            .sqlite_error()
            .map_or((None, 0), |err| (Some(err.code), err.extended_code));
        if makes_no_sense(&err) {
            let what = err.to_string();
            return Self::Corrupt { path, what };
        }
        let source: SharedCause = Arc::new(err);
        match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::unwritable(path, source)
            }
            Some(ErrorCode::DiskFull) => Self::Full { path, source },
            // A quota and `ulimit -f` come as a failed write, not as a full disk.
            Some(ErrorCode::SystemIoFailure)
                if [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_SHMSIZE].contains(&extended) =>
            {
                Self::Full { path, source }
            }
            _ => Self::Io { path, source },
        }
    }
}

/// Whether the file holds what no journal holds.
fn makes_no_sense(err: &rusqlite::Error) -> bool {
    use rusqlite::Error as Sql;
    let column = matches!(
        err,
        Sql::FromSqlConversionFailure(..)
            | Sql::InvalidColumnType(..)
            | Sql::InvalidColumnName(..)
            | Sql::IntegralValueOutOfRange(..)
    );
    column
        || err.sqlite_error().is_some_and(|err| {
            matches!(
                err.code,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase
            )
            // A table or a column that the schema version promises is not there.
            || err.extended_code == ffi::SQLITE_ERROR
        })
}
