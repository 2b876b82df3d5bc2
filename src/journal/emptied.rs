//! A journal's file that is empty although there was a journal.
//!
//! The one decision: an empty file alone is one that a run began to make and did not come further with. Beside what
//! only a run with a journal leaves (a key's lock, a write in a log) it has lost its rows, and going on would
//! send again what they forbid.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
};

use super::{
    Error,
    files::{self, JournalFiles},
};

/// What a line of a run's log has where it sent a write, which is written down first.
const WROTE: [&str; 2] = ["\"method\":\"POST\"", "\"method\":\"DELETE\""];

/// Whether the file is empty, its WAL too, and there was a journal. To be asked under the gate, since another process
/// may be making the file.
pub(super) fn is_emptied(places: &JournalFiles) -> bool {
    is_empty(places) && witness(places).is_some()
}

/// What to say of it.
pub(super) fn error(places: &JournalFiles) -> Error {
    let witness = witness(places).unwrap_or("a file beside it");
    Error::Corrupt {
        path: places.database.clone(),
        what: format!("it is empty, and {witness} shows that there was more"),
    }
}

/// The same for those who only look: they wait until nobody is making the file.
pub(super) fn check(places: &JournalFiles) -> Result<(), Error> {
    if !is_emptied(places) {
        return Ok(());
    }
    let _gate = files::locked(&places.gate)?;
    if is_emptied(places) {
        return Err(error(places));
    }
    Ok(())
}

fn is_empty(places: &JournalFiles) -> bool {
    let mut wal = places.database.clone().into_os_string();
    wal.push("-wal");
    let length = |path: &Path| path.metadata().map(|meta| meta.len()).ok();
    length(&places.database) == Some(0) && length(Path::new(&wal)).is_none_or(|length| length == 0)
}

/// What tells of a journal that was there.
fn witness(places: &JournalFiles) -> Option<&'static str> {
    let some = |dir: &Path, fits: fn(&Path) -> bool| {
        let entries = fs::read_dir(dir).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| fits(&entry.path()))
    };
    if some(&places.locks, |path| {
        path.extension().is_some_and(|ext| ext == "lock")
    }) {
        Some("a lock in `locks`")
    } else if some(&places.dir.join("logs"), has_write) {
        Some("a write in `logs`")
    } else {
        None
    }
}

/// Whether a log tells of a write.
fn has_write(log: &Path) -> bool {
    let Ok(file) = File::open(log) else {
        return false;
    };
    let lines = BufReader::new(file).lines().map_while(Result::ok);
    lines
        .into_iter()
        .any(|line| WROTE.iter().any(|wrote| line.contains(wrote)))
}
