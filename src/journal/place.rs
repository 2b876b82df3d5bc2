//! Where a journal is: in the state directory, or in a database for a team.

use std::path::{Path, PathBuf};

use super::postgres::DatabaseAddress;

/// Where a journal is.
#[derive(Debug, Clone)]
pub struct JournalPlace {
    /// The state directory: the journal's file, or what a database could not take yet.
    pub(super) state_dir: PathBuf,
    /// The database, if one is named.
    pub(super) database: Option<DatabaseAddress>,
}

impl JournalPlace {
    /// In a database, beside this state directory.
    pub fn in_database(state_dir: &Path, database: Option<DatabaseAddress>) -> Self {
        Self {
            state_dir: state_dir.to_owned(),
            database,
        }
    }

    /// The database, if one is named.
    pub fn database(&self) -> Option<&DatabaseAddress> {
        self.database.as_ref()
    }
}

impl std::fmt::Display for JournalPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.database {
            Some(database) => database.fmt(f),
            None => self.state_dir.display().fmt(f),
        }
    }
}

impl<P: AsRef<Path> + ?Sized> From<&P> for JournalPlace {
    fn from(state_dir: &P) -> Self {
        Self::in_database(state_dir.as_ref(), None)
    }
}
