//! Why the database cannot be used, judged by the server's codes.
//!
//! The one decision: a message names what we were doing and the database, never who asked; the driver's own words stand
//! below it as the cause.

use std::{path::PathBuf, sync::Arc};

use tokio_postgres::error::SqlState;

use super::address::DatabaseAddress;

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseTrouble {
    /// Nobody answers there, or the connection went.
    Gone,
    /// TLS failed: the certificate, the name, or a server without it.
    Tls,
    /// The server does not let us in.
    Denied,
    /// There is no such database.
    NoDatabase,
    /// The role lacks a right.
    NoRights,
    /// The server is older than what mps needs.
    OldServer(String),
    /// A replica, or a database that takes no writes.
    ReadOnly,
    /// A pooler hands one session out to several.
    Pooler,
    /// The schema was made by a newer mps.
    Newer {
        /// Its version.
        found: i32,
        /// The newest one that this mps knows.
        known: i32,
    },
    /// The schema is missing a part, or holds what no journal holds.
    Corrupt(String),
    /// The server's disk is full.
    Full,
    /// The server has no room for another lock or connection.
    Crowded,
    /// Somebody holds a row for longer than a write takes.
    Busy,
    /// Two commits were in each other's way, and the server ended this one.
    InTheWay,
    /// Another run took the app over.
    LostFence(Option<String>),
    /// The database no longer has what it confirmed to this run; what it has, and had.
    Forgot(String),
    /// An answer of Meta that an earlier run kept cannot be written down yet.
    Spooled(String),
    /// A file on this machine.
    File,
    /// Anything else.
    Other,
}

/// A failure of the database.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{doing}: {what} ({place})", what = self.what())]
pub struct DatabaseError {
    /// Where it is, without who asks.
    pub place: String,
    /// What we were doing.
    pub doing: &'static str,
    /// What stands in the way.
    pub trouble: DatabaseTrouble,
    /// Where an answer of Meta is kept that could not be written.
    pub kept: Option<PathBuf>,
    database: String,
    /// The driver's or the server's word.
    #[source]
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl DatabaseError {
    pub(super) fn new(
        address: &DatabaseAddress,
        doing: &'static str,
        trouble: DatabaseTrouble,
    ) -> Self {
        Self {
            place: address.to_string(),
            doing,
            trouble,
            kept: None,
            database: address.database().to_owned(),
            source: None,
        }
    }

    /// The same with what was said.
    pub(super) fn because(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(cause));
        self
    }

    /// Judges what the driver said.
    pub(super) fn of(
        address: &DatabaseAddress,
        doing: &'static str,
        error: &tokio_postgres::Error,
    ) -> Self {
        Self::new(address, doing, judged(error)).because(Said::of(error))
    }

    /// Judges what the driver said of a connection that was to be encrypted: where it is neither the network's word nor
    /// the server's, TLS did not come about.
    pub(super) fn of_encrypted(
        address: &DatabaseAddress,
        doing: &'static str,
        error: &tokio_postgres::Error,
    ) -> Self {
        let judged = Self::of(address, doing, error);
        let other =
            std::error::Error::source(error).is_some_and(|cause| !cause.is::<std::io::Error>());
        let trouble = match judged.trouble {
            DatabaseTrouble::Gone if other => DatabaseTrouble::Tls,
            trouble => trouble,
        };
        Self { trouble, ..judged }
    }

    /// Nobody works on it any more.
    pub(super) fn closed(address: &DatabaseAddress) -> Self {
        Self::new(address, "could not use the journal", DatabaseTrouble::Gone)
    }

    /// Whether the connection is at an end, so that another one may do.
    pub(super) fn is_gone(&self) -> bool {
        self.trouble == DatabaseTrouble::Gone
    }

    /// Whether no server is there that takes writes, as while a standby takes over.
    pub(super) fn is_away(&self) -> bool {
        self.is_gone() || self.is_read_only()
    }

    /// Whether a server is there and takes no writes.
    pub(super) fn is_read_only(&self) -> bool {
        self.trouble == DatabaseTrouble::ReadOnly
    }

    /// Whether the database lacks what it confirmed.
    pub(super) fn has_forgotten(&self) -> bool {
        matches!(self.trouble, DatabaseTrouble::Forgot(_))
    }

    /// Whether it can be over in a while.
    pub(in super::super) fn may_pass(&self) -> bool {
        use DatabaseTrouble::{Busy, Crowded, Full, Gone, InTheWay, ReadOnly};
        matches!(
            self.trouble,
            Gone | Full | Crowded | Busy | InTheWay | ReadOnly
        )
    }

    fn what(&self) -> String {
        match &self.trouble {
            DatabaseTrouble::Gone => "the database cannot be reached".to_owned(),
            DatabaseTrouble::Tls => "no TLS connection to the database could be made".to_owned(),
            DatabaseTrouble::Denied => {
                "the database lets this user in with no such password".to_owned()
            }
            DatabaseTrouble::NoDatabase => "there is no such database".to_owned(),
            DatabaseTrouble::NoRights => "the database's role lacks a right".to_owned(),
            DatabaseTrouble::OldServer(version) => {
                format!("PostgreSQL 14 or newer is needed, and this is {version}")
            }
            DatabaseTrouble::ReadOnly => "the database takes no writes".to_owned(),
            DatabaseTrouble::Pooler => {
                "a pooler in between hands sessions out by the transaction, where no lock holds"
                    .to_owned()
            }
            DatabaseTrouble::Newer { found, known } => format!(
                "the journal was written by a newer mps (its version is {found}, this mps knows {known})"
            ),
            DatabaseTrouble::Corrupt(what) => {
                format!("the journal in it is damaged or none of mps: {what}")
            }
            DatabaseTrouble::Full => "the database's disk is full".to_owned(),
            DatabaseTrouble::Crowded => {
                "the database has no room for more connections or locks".to_owned()
            }
            DatabaseTrouble::Busy | DatabaseTrouble::InTheWay => {
                "another session holds what we need".to_owned()
            }
            DatabaseTrouble::LostFence(Some(holder)) => format!("{holder} has taken this app over"),
            DatabaseTrouble::LostFence(None) => "another run has taken this app over".to_owned(),
            DatabaseTrouble::Forgot(what) => {
                format!("the database has forgotten what it confirmed to this run: {what}")
            }
            DatabaseTrouble::Spooled(file) => format!(
                "an answer of Meta that an earlier run kept in {file} is not yet written down"
            ),
            DatabaseTrouble::File => "a file on this machine cannot be used".to_owned(),
            DatabaseTrouble::Other => "the database failed".to_owned(),
        }
    }

    /// The way out, with what is to be done after it.
    pub fn hint_then(&self, next: &str) -> String {
        let hint = self.way_out(next);
        match &self.kept {
            Some(file) if self.has_forgotten() => format!(
                "{hint}; what was sent is kept in {}, and the next run on this machine writes it down first",
                file.parent().unwrap_or(file).display()
            ),
            Some(file) => format!(
                "{hint}; Meta's answer is kept in {}, and the next run on this machine writes it down first",
                file.display()
            ),
            None => hint,
        }
    }

    fn way_out(&self, next: &str) -> String {
        let database = &self.database;
        match &self.trouble {
            DatabaseTrouble::Gone => format!("see that the database runs and is reached, then {next}"),
            DatabaseTrouble::Tls => "see that TLS is on at the server, and name the authority's certificate (`sslrootcert=/FILE.pem` in MPS_JOURNAL) and the host \
                 by the name in the server's certificate"
                .to_owned(),
            DatabaseTrouble::Denied => {
                "see user and password in MPS_JOURNAL (in a password @ is written %40, / %2F, ? %3F, % %25) and the \
                 server's pg_hba.conf"
                    .to_owned()
            }
            DatabaseTrouble::NoDatabase => format!("createdb {database}"),
            DatabaseTrouble::NoRights => {
                "`mps journal grants` prints the SQL that gives a role its rights; the database's owner types it"
                    .to_owned()
            }
            DatabaseTrouble::OldServer(_) => "update the server, or use another one".to_owned(),
            DatabaseTrouble::ReadOnly => {
                "let MPS_JOURNAL name the primary server, and a role without default_transaction_read_only"
                    .to_owned()
            }
            DatabaseTrouble::Pooler => {
                "let MPS_JOURNAL name the server itself, or a pool with pool_mode=session".to_owned()
            }
            DatabaseTrouble::Newer { .. } => "use the newer mps".to_owned(),
            DatabaseTrouble::Corrupt(_) => format!(
                "restore database {database} from a backup, or name another database: a new journal begins there, \
                 and solutions that exist are found by looking"
            ),
            DatabaseTrouble::Full => format!("make room on the database's disk, then {next}"),
            DatabaseTrouble::Crowded => format!(
                "end other programs, or raise max_connections and max_locks_per_transaction on the server, then {next}"
            ),
            DatabaseTrouble::Busy | DatabaseTrouble::InTheWay => "`mps journal status` shows who holds what; type the same command again".to_owned(),
            DatabaseTrouble::LostFence(_) => {
                "nothing was sent by this run for it; `mps journal status` shows who has it, `mps resume` goes on \
                 when they are done"
                    .to_owned()
            }
            DatabaseTrouble::Forgot(_) => format!(
                "it failed over, or was put back, without its last commits (a standby with synchronous_commit = on loses \
                 none); nothing more was sent. `mps list` and `mps doctor` show what is at Meta; then {next}"
            ),
            DatabaseTrouble::Spooled(_) => format!(
                "`mps journal status` shows who holds its app; when they are done, {next}"
            ),
            DatabaseTrouble::File => format!("see that the file can be read and written, then {next}"),
            DatabaseTrouble::Other => format!("see the server's log, then {next}"),
        }
    }
}

/// What the driver said, in one line with the server's detail.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Said(String);

impl Said {
    pub(super) fn of(error: &tokio_postgres::Error) -> Self {
        if let Some(db) = error.as_db_error() {
            let detail = db.detail().map(|detail| format!(" ({detail})"));
            let code = db.code().code();
            return Self(format!(
                "{}{} [{code}]",
                db.message(),
                detail.unwrap_or_default()
            ));
        }
        let causes =
            std::iter::successors(std::error::Error::source(error), |error| error.source());
        let texts = std::iter::once(error.to_string()).chain(causes.map(ToString::to_string));
        let mut all: Vec<String> = texts.collect();
        all.dedup_by(|later, earlier| earlier.contains(later.as_str()));
        Self(all.join(": "))
    }
}

/// Whether the driver found, at the last of several hosts, one that takes no writes; the system's own refusals have a number.
fn no_writes_there(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}

/// What a failure of the driver means.
fn judged(error: &tokio_postgres::Error) -> DatabaseTrouble {
    let Some(db) = error.as_db_error() else {
        let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref());
        if cause.is_some_and(no_writes_there) {
            return DatabaseTrouble::ReadOnly;
        }
        let mut causes =
            std::iter::successors(std::error::Error::source(error), |error| error.source());
        let tls = causes.any(|cause| {
            cause.is::<rustls::Error>()
                || cause
                    .downcast_ref::<std::io::Error>()
                    .and_then(std::io::Error::get_ref)
                    .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
        });
        return if tls {
            DatabaseTrouble::Tls
        } else {
            DatabaseTrouble::Gone
        };
    };
    let code = db.code();
    let class = code.code().get(..2).unwrap_or_default();
    if *code == SqlState::INVALID_PASSWORD || class == "28" {
        DatabaseTrouble::Denied
    } else if *code == SqlState::INVALID_CATALOG_NAME {
        DatabaseTrouble::NoDatabase
    } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        DatabaseTrouble::NoRights
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        DatabaseTrouble::ReadOnly
    } else if *code == SqlState::DISK_FULL {
        DatabaseTrouble::Full
    } else if class == "53" {
        DatabaseTrouble::Crowded
    } else if class == "40" {
        DatabaseTrouble::InTheWay
    } else if [SqlState::LOCK_NOT_AVAILABLE, SqlState::QUERY_CANCELED].contains(code) {
        DatabaseTrouble::Busy
    } else if class == "57" || class == "08" || code.code() == "25P03" {
        DatabaseTrouble::Gone
    } else if class == "42" || class == "XX" || *code == SqlState::RAISE_EXCEPTION {
        DatabaseTrouble::Corrupt(db.message().to_owned())
    } else {
        DatabaseTrouble::Other
    }
}
