//! One lock file per key, so that two processes never create the same thing.
//!
//! The one decision: the lock is the kernel's (`File::lock`), so it ends with its holder however that
//! dies, and the file stays: deleting a lock file that somebody waits for would make two locks of it.

use std::{
    fmt::Write as _,
    fs::{File, TryLockError},
    path::Path,
};

use tokio::sync::oneshot;

use super::{Error, Key, files};

/// Held until it is dropped, or until this process is gone.
#[derive(Debug)]
#[must_use = "the lock is free again as soon as this is dropped"]
pub struct KeyLock {
    _file: File,
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
    let mut name = format!("{}-{}-", key.owner, key.partner);
    for byte in &digest.as_ref()[..12] {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name + ".lock"
}

/// Takes the lock; `waiting` is called once if somebody else has it.
pub(super) async fn take(
    locks: &Path,
    host: &str,
    key: &Key,
    waiting: impl FnOnce() + Send,
) -> Result<KeyLock, Error> {
    let path = locks.join(file_name(host, key));
    let file = files::private()
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|err| Error::from_io(&path, err))?;
    match file.try_lock() {
        Ok(()) => {
            return Ok(KeyLock { _file: file });
        }
        Err(TryLockError::WouldBlock) => waiting(),
        Err(TryLockError::Error(err)) => return Err(files::no_locks(&path, err)),
    }
    // A thread of its own: the runtime would wait at its end for one of its own threads, and nothing
    // can interrupt this wait. Where nobody wants the lock any more it is dropped on arrival.
    let (answer, arrival) = oneshot::channel();
    std::thread::Builder::new()
        .name("journal-lock".to_owned())
        .spawn(move || answer.send(file.lock().map(|()| file)))
        .map_err(|err| files::no_locks(&path, err))?;
    match arrival.await {
        Ok(Ok(file)) => Ok(KeyLock { _file: file }),
        Ok(Err(err)) => Err(files::no_locks(&path, err)),
        Err(_) => Err(Error::Closed { path }),
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
