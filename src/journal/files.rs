//! Makes the journal's directories and files, for our eyes only and as durable as what goes into them.
//!
//! The one decision: what we make is 0700 and 0600 from its first moment; what we find is narrowed
//! only where it is surely ours alone, which a state directory that the operator named need not be.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Error, Warning};
use crate::private_file;

/// The files of a state directory that are the journal's.
#[derive(Debug, Clone)]
pub(super) struct JournalFiles {
    pub(super) dir: PathBuf,
    pub(super) database: PathBuf,
    pub(super) gate: PathBuf,
    pub(super) locks: PathBuf,
}

impl JournalFiles {
    /// Absolute, so that messages say it all and SQLite does not take a name for an URI.
    pub(super) fn of(state_dir: &Path) -> Self {
        let dir = std::path::absolute(state_dir).unwrap_or_else(|_| state_dir.to_owned());
        Self {
            database: dir.join("journal.db"),
            gate: dir.join("journal.lock"),
            locks: dir.join("locks"),
            dir,
        }
    }
}

/// Makes a directory that only we may enter; one that exists keeps its mode.
pub(super) fn make_dir(dir: &Path) -> Result<(), Error> {
    if dir.is_dir() {
        return Ok(());
    }
    private_file::make_dir(dir)
        .and_then(|()| dir.parent().map_or(Ok(()), sync_dir))
        .map_err(|err| Error::from_io(dir, err))
}

/// Makes the database's empty file; SQLite gives its mode to the files beside it.
pub(super) fn make_file(database: &Path) -> Result<(), Error> {
    let made = match private().create_new(true).open(database) {
        Ok(file) => file
            .sync_all()
            .and_then(|()| database.parent().map_or(Ok(()), sync_dir)),
        Err(err) if err.kind() == io::ErrorKind::AlreadyExists => narrow(database),
        Err(err) => Err(err),
    };
    made.map_err(|err| Error::from_io(database, err))
}

/// Options that make files for our eyes only.
pub(super) fn private() -> OpenOptions {
    let mut options = private_file::options();
    options.read(true).write(true);
    options
}

/// Which file a path names: what is written into one that was moved or deleted meanwhile is durable, but no
/// later run would find it.
#[cfg(unix)]
pub(super) fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|meta| number(&meta))
}

/// Elsewhere an open file cannot be moved.
#[cfg(not(unix))]
pub(super) fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}

/// Whether a path still names this open file.
#[cfg(unix)]
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    file.metadata()
        .is_ok_and(|meta| identity(path) == Some(number(&meta)))
}

#[cfg(not(unix))]
pub(super) fn is_at(_: &File, _: &Path) -> bool {
    true
}

#[cfg(unix)]
fn number(meta: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (meta.dev(), meta.ino())
}

/// Opens a lock file and waits for it; the lock goes with the file.
pub(super) fn locked(path: &Path) -> Result<File, Error> {
    let file = private()
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|err| Error::from_io(path, err))?;
    file.lock().map_err(|err| no_locks(path, err))?;
    Ok(file)
}

/// The file system cannot lock.
pub(super) fn no_locks(path: &Path, err: io::Error) -> Error {
    Error::NoLocks {
        path: path.to_owned(),
        source: Arc::new(err),
    }
}

/// Whether files in this directory can be locked as SQLite locks its own (`fcntl`), beside the locks of ours (`flock`):
/// where they cannot, SQLite takes that for another program which holds the journal, and waits for it in vain. The probe
/// is a file of its own, since closing any handle to the database would drop SQLite's locks.
#[cfg(unix)]
pub(super) fn takes_posix_locks(locks: &Path) -> Result<(), Error> {
    use rustix::fs::{FlockOperation, fcntl_lock};
    let path = locks.join("probe");
    let file = private()
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|err| Error::from_io(&path, err))?;
    let locked = fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive);
    let _ = fs::remove_file(&path);
    match locked {
        Err(err) if has_no_locks(err) => Err(no_locks(&path, err.into())),
        // Whoever has the lock is another mps at its own probe.
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
pub(super) fn takes_posix_locks(_: &Path) -> Result<(), Error> {
    Ok(())
}

/// Whether the file system said that it does not lock.
#[cfg(unix)]
fn has_no_locks(err: rustix::io::Errno) -> bool {
    use rustix::io::Errno;
    [Errno::NOLCK, Errno::NOSYS, Errno::OPNOTSUPP, Errno::INVAL].contains(&err)
}

/// Makes a name in a directory as durable as the file that it names.
fn sync_dir(dir: &Path) -> io::Result<()> {
    // Elsewhere, and where we may write but not list, a directory cannot be opened.
    let Ok(dir) = File::open(dir) else {
        return Ok(());
    };
    match dir.sync_all() {
        // Some network file systems cannot sync a directory; nor need they.
        Err(err) if err.kind() == io::ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

/// The state directory may be one that others use as well (`/tmp`), so its mode is not ours to change.
#[cfg(unix)]
pub(super) fn wide_open(dir: &Path) -> Option<Warning> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(dir).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| Warning::OpenDirectory {
        path: dir.to_owned(),
        mode,
    })
}

#[cfg(not(unix))]
pub(super) fn wide_open(_: &Path) -> Option<Warning> {
    None
}

/// Takes a file that others may read back to ourselves.
#[cfg(unix)]
fn narrow(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let meta = fs::metadata(file)?;
    if meta.is_file() && meta.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn narrow(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn a_file_system_without_locks_is_no_other_program() {
        for (err, none) in [
            (Errno::NOLCK, true),
            (Errno::NOSYS, true),
            (Errno::OPNOTSUPP, true),
            (Errno::AGAIN, false),
            (Errno::ACCESS, false),
        ] {
            assert_eq!(has_no_locks(err), none, "{err}");
        }
        let dir = tempfile::tempdir().unwrap();
        takes_posix_locks(dir.path()).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
