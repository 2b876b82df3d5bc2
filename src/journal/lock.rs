//! One lock file per key, so that two processes never create the same thing.
//!
//! The one decision: the lock is the kernel's (`File::lock`), so it ends with its holder however that
//! dies. Only the holder deletes the file, and whoever gets a lock looks whether the path still names the
//! file that it is on: a file that was deleted under those who waited for it is no lock.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::OnceLock,
    time::{Duration, SystemTime},
};

use tokio::sync::oneshot;

use super::{Error, Key, chain::hex, files, network::is_network, writer::OneOfCrowd};

/// Older files whose lock is free were left by a run that was killed.
const LEFT: Duration = Duration::from_secs(24 * 60 * 60);

/// Held until it is dropped, or until this process is gone.
#[derive(Debug)]
#[must_use = "the lock is free again as soon as this is dropped"]
pub(super) struct FileLock {
    file: File,
    path: PathBuf,
    of_crowd: Option<OneOfCrowd>,
}

impl FileLock {
    fn new(file: File, path: PathBuf) -> Self {
        Self {
            file,
            path,
            of_crowd: None,
        }
    }

    /// Its holder may write.
    pub(super) fn of_crowd(mut self, one: OneOfCrowd) -> Self {
        self.of_crowd = Some(one);
        self
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // A network file system may show others the old name for a while, Windows the name until the last
        // handle is closed: there the file stays.
        if cfg!(unix) && files::is_at(&self.file, &self.path) && !is_network(&self.path) {
            // One that stays is no harm.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// How many locks this process may hold at once, each of which is an open file; asks the system for more where it lets
/// itself be asked.
pub fn locks_at_once() -> usize {
    static ALLOWED: OnceLock<usize> = OnceLock::new();
    *ALLOWED.get_or_init(|| open_files().saturating_sub(OTHER_FILES).max(1))
}

/// What is open beside the locks: connections, the journal, the log.
const OTHER_FILES: usize = 300;

/// Enough for all locks and all else.
#[cfg(unix)]
const FILES: u64 = 4096;

#[cfg(unix)]
fn open_files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let allowed = getrlimit(Resource::Nofile);
    let wanted = allowed.maximum.unwrap_or(FILES).min(FILES);
    if allowed.current.is_some_and(|now| now < wanted) {
        let more = Rlimit {
            current: Some(wanted),
            maximum: allowed.maximum,
        };
        // Where that is refused, fewer do.
        let _ = setrlimit(Resource::Nofile, more);
    }
    let now = getrlimit(Resource::Nofile).current.unwrap_or(FILES);
    usize::try_from(now).unwrap_or(usize::MAX)
}

/// Elsewhere handles are not short.
#[cfg(not(unix))]
fn open_files() -> usize {
    usize::MAX
}

/// The name of a key's lock file: the two apps for people, and a hash, for hosts and names may hold
/// anything and be of any length.
fn file_name(host: &str, key: &Key) -> String {
    let whole = [
        host,
        key.owner.as_str(),
        key.partner.as_str(),
        key.name_column(),
    ]
    .join("\n");
    let digest = ring::digest::digest(&ring::digest::SHA256, whole.as_bytes());
    let hash = hex(&digest.as_ref()[..12]);
    format!("{}-{}-{hash}.lock", key.owner, key.partner)
}

/// Takes the lock; `waiting` is called once if somebody else has it.
pub(super) async fn take(
    locks: &Path,
    host: &str,
    key: &Key,
    waiting: impl FnOnce() + Send,
) -> Result<FileLock, Error> {
    let path = locks.join(file_name(host, key));
    let mut waiting = Some(waiting);
    loop {
        let file = files::private()
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|err| Error::from_io(&path, err))?;
        let lock = match file.try_lock() {
            Ok(()) => FileLock::new(file, path.clone()),
            Err(TryLockError::WouldBlock) => {
                if let Some(waiting) = waiting.take() {
                    waiting();
                }
                wait(file, path.clone()).await?
            }
            Err(TryLockError::Error(err)) => return Err(files::no_locks(&path, err)),
        };
        if files::is_at(&lock.file, &path) {
            return Ok(lock);
        }
    }
}

/// Waits for the lock of this file.
async fn wait(file: File, path: PathBuf) -> Result<FileLock, Error> {
    // A thread of its own: the runtime would wait at its end for one of its own threads, and nothing
    // can interrupt this wait. Where nobody wants the lock any more it is dropped on arrival.
    let (answer, arrival) = oneshot::channel();
    let place = path.clone();
    let locked = move || file.lock().map(|()| FileLock::new(file, place));
    std::thread::Builder::new()
        .name("journal-lock".to_owned())
        .spawn(move || answer.send(locked()))
        .map_err(|err| files::no_locks(&path, err))?;
    match arrival.await {
        Ok(Ok(lock)) => Ok(lock),
        Ok(Err(err)) => Err(files::no_locks(&path, err)),
        Err(_) => Err(Error::Closed { path }),
    }
}

/// Deletes the lock files that killed runs left.
pub(super) fn sweep(locks: &Path) {
    let now = SystemTime::now();
    for path in fs::read_dir(locks).into_iter().flatten().flatten() {
        let path = path.path();
        let made = path.metadata().and_then(|meta| meta.modified());
        let left = made.is_ok_and(|made| now.duration_since(made).is_ok_and(|age| age > LEFT));
        if left
            && path.extension().is_some_and(|kind| kind == "lock")
            && let Ok(file) = files::private().open(&path)
            && file.try_lock().is_ok()
        {
            drop(FileLock::new(file, path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_apart() {
        let key = |owner: &str, name: Option<&str>| Key {
            owner: owner.parse().unwrap(),
            partner: "2".parse().unwrap(),
            name: name.map(str::to_owned),
        };
        let long = "ü/\n..".repeat(40);
        let cases = [
            ("graph.facebook.com", key("1", None)),
            ("http://127.0.0.1:8080", key("1", None)),
            ("graph.facebook.com", key("11", None)),
            ("graph.facebook.com", key("1", Some("A + B"))),
            ("graph.facebook.com", key("1", Some("a + b"))),
            ("graph.facebook.com", key("1", Some(&long))),
        ];
        let names: std::collections::BTreeSet<_> = cases
            .iter()
            .map(|(host, key)| file_name(host, key))
            .collect();
        assert_eq!(names.len(), cases.len());
        for name in names {
            assert!(name.len() <= 110, "{name}");
            assert!(
                name.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.'),
                "{name}"
            );
        }
    }
}
