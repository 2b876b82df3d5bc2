//! What is odd about the place of the journal, and no reason to stop.
//!
//! The one decision: a warning names the place and what would mend it; the caller only prints it.

use std::{fmt, path::PathBuf};

use super::Forgotten;

/// What the operator should know about where the journal lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The state directory is on a network file system.
    NetworkFileSystem {
        /// The state directory.
        path: PathBuf,
    },
    /// Others may enter the state directory. It may not be ours alone, so its mode is left.
    OpenDirectory {
        /// The state directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The journal lacks events that it had.
    Restored {
        /// The journal.
        path: PathBuf,
        /// What it had.
        forgotten: Forgotten,
    },
    /// The database is on another server, or another timeline, than when it was last opened.
    MovedServer {
        /// The database.
        place: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NetworkFileSystem { path } => write!(
                f,
                "the journal is on a network file system ({}): it is slower there, and only as safe as \
                 that system's locks; MPS_STATE_DIR can name a local directory",
                path.display()
            ),
            Self::MovedServer { place } => write!(
                f,
                "the journal is on another server, or was restored or failed over, since it was last opened ({place}): \
                 what was on its way counts as of unknown outcome, and is looked for; what was committed last may be missing, if the \
                 standby was not synchronous: `mps list` and `mps doctor` show what is at Meta"
            ),
            Self::Restored { path, forgotten } => write!(
                f,
                "the journal {} is an older copy, or another one: {forgotten}; what was done since is not known here. \
                 `mps list` and `mps doctor` show what is at Meta, `mps tidy` what is there twice",
                path.display()
            ),
            Self::OpenDirectory { path, mode } => write!(
                f,
                "others may enter the state directory {} (mode {mode:03o}); `chmod 700` it if it is yours alone",
                path.display()
            ),
        }
    }
}
