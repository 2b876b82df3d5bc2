//! How far the journal had come, noted beside it, so that an older copy in its place is known for one.
//!
//! The one decision: the number of the last event stands in the file's name and its hash inside, so that an older state
//! directory that is copied over this one does not take the note away, and what is moved with the journal's files goes
//! along. It is a clue and no record: written without waiting for the disk, again at each opening; what cannot be read
//! says nothing.

use std::{
    fmt, fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OptionalExtension as _};

use crate::private_file;

/// How far a journal has come.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ChainMark {
    event: i64,
    hash: String,
}

/// A journal that has forgotten something: it is an older copy, or another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// Its last event, 0 if it has none.
    pub has: i64,
    /// The event that it had.
    pub had: i64,
}

impl fmt::Display for Forgotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has < self.had {
            write!(
                f,
                "it ends with event {}, and had event {}",
                self.has, self.had
            )
        } else {
            write!(f, "its event {} is not the one that it had", self.had)
        }
    }
}

/// Whether a journal lacks what was noted of it.
pub(super) fn forgotten(database: &Path, conn: &Connection) -> Option<Forgotten> {
    const SQL: &str = "SELECT hash FROM events WHERE id = ?";
    let (mark, _) = noted(database)
        .into_iter()
        .max_by_key(|(mark, _)| mark.event)?;
    let found = conn.query_row(SQL, [mark.event], |row| row.get::<_, Option<String>>(0));
    let hash = found.optional().ok()?.flatten();
    if hash.as_ref() == Some(&mark.hash) {
        return None;
    }
    let has = end(conn).ok()?.map_or(0, |end| end.event);
    Some(Forgotten {
        has,
        had: mark.event,
    })
}

/// Notes how far it has come, in place of what was noted before.
pub(super) fn keep(database: &Path, conn: &Connection) {
    let Ok(Some(end)) = end(conn) else {
        return forget(database, None);
    };
    let path = path(database, end.event);
    let written = private_file::options()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path)
        .and_then(|mut file| file.write_all(end.hash.as_bytes()));
    if written.is_ok() {
        forget(database, Some(&path));
    }
}

/// Removes what was noted, but this.
fn forget(database: &Path, but: Option<&Path>) {
    for (_, path) in noted(database) {
        if Some(path.as_path()) != but {
            let _ = fs::remove_file(path);
        }
    }
}

/// The last event of a chain.
fn end(conn: &Connection) -> rusqlite::Result<Option<ChainMark>> {
    const SQL: &str = "SELECT id, hash FROM events WHERE hash IS NOT NULL ORDER BY id DESC LIMIT 1";
    conn.query_row(SQL, [], |row| {
        Ok(ChainMark {
            event: row.get(0)?,
            hash: row.get(1)?,
        })
    })
    .optional()
}

/// What is noted, each with its file.
fn noted(database: &Path) -> Vec<(ChainMark, PathBuf)> {
    let mut marks = Vec::new();
    let begin = prefix(database);
    let dir = database.parent().map(fs::read_dir);
    for entry in dir.into_iter().flatten().flatten().flatten() {
        let name = entry.file_name();
        let event = name.to_str().and_then(|name| name.strip_prefix(&begin));
        let Some(event) = event.and_then(|event| event.parse().ok()) else {
            continue;
        };
        let hash = fs::read_to_string(entry.path()).unwrap_or_default();
        if hash.len() == 64 {
            marks.push((ChainMark { event, hash }, entry.path()));
        }
    }
    marks
}

fn path(database: &Path, event: i64) -> PathBuf {
    database.with_file_name(format!("{}{event}", prefix(database)))
}

/// How the names of the notes begin.
fn prefix(database: &Path) -> String {
    let name = database.file_name().unwrap_or_default();
    format!("{}.end-", name.to_string_lossy())
}
