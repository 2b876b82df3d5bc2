//! Who may read and write a file.
//!
//! The one decision: a file that mps wrote is 0600 or it is not used, because we know nobody meant it
//! otherwise; a file of somebody else may be 0444 on purpose (containers mount secrets so), and is only
//! spoken of. What a command is taken from is ours or root's, and nobody else can write it. On Windows the
//! directory's own list of users decides, and nothing is said.

use std::{fs::Metadata, io, path::Path};

/// What others may do with a file, its mode in octal; `None`: nothing, or no such rights here.
#[cfg(unix)]
fn others(meta: &Metadata, bits: u32) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = meta.permissions().mode() & 0o7777;
    (meta.is_file() && mode & bits != 0).then_some(mode)
}

#[cfg(not(unix))]
fn others(_: &Metadata, _: u32) -> Option<u32> {
    None
}

/// The mode of a regular file that its group or others can read.
pub fn exposed(path: &Path) -> io::Result<Option<u32>> {
    Ok(others(&path.metadata()?, 0o044))
}

/// Why what stands in a file or a directory may be of somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Distrust {
    /// It belongs to another user than the one we act as.
    Owner {
        /// Whose it is.
        owner: u32,
        /// As whom we act.
        us: u32,
    },
    /// Its group or others can change it.
    Writers {
        mode: u32,
        /// Whose it is: root's, if not ours.
        owner: u32,
        /// As whom we act.
        us: u32,
    },
}

impl Distrust {
    /// Of a file or a directory; `None`: it is trusted.
    #[cfg(unix)]
    pub(super) fn of(meta: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let us = rustix::process::geteuid().as_raw();
        Self::judge(meta.uid(), meta.mode() & 0o7777, us)
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &Metadata) -> Option<Self> {
        None
    }

    /// Root can change everything anyhow; the owner comes first, since another's file is not ours to chmod.
    #[cfg(unix)]
    fn judge(owner: u32, mode: u32, us: u32) -> Option<Self> {
        if owner != us && owner != 0 {
            return Some(Self::Owner { owner, us });
        }
        (mode & 0o022 != 0).then_some(Self::Writers { mode, owner, us })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    #[test]
    fn modes() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, b"x").unwrap();
        for (mode, read) in [
            (0o600, false),
            (0o640, true),
            (0o604, true),
            (0o444, true),
            (0o620, false),
            (0o602, false),
            (0o700, false),
        ] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(exposed(&file).unwrap().is_some(), read, "{mode:o}");
        }
        assert_eq!(exposed(dir.path()).unwrap(), None, "a directory is no file");
    }

    #[test]
    fn whose_commands_are_run() {
        let (owner, writers) = (
            |owner, us| Some(Distrust::Owner { owner, us }),
            |mode, owner| {
                Some(Distrust::Writers {
                    mode,
                    owner,
                    us: 1000,
                })
            },
        );
        for (uid, mode, us, expected) in [
            (1000, 0o600, 1000, None),
            (1000, 0o755, 1000, None),
            (0, 0o644, 1000, None),
            (0, 0o644, 0, None),
            (1000, 0o664, 1000, writers(0o664, 1000)),
            (1000, 0o602, 1000, writers(0o602, 1000)),
            // A directory in which others can at least make files.
            (0, 0o1777, 1000, writers(0o1777, 0)),
            (1001, 0o600, 1000, owner(1001, 1000)),
            (1001, 0o666, 1000, owner(1001, 1000)),
            (1000, 0o600, 0, owner(1000, 0)),
        ] {
            let seen = Distrust::judge(uid, mode, us);
            assert_eq!(seen, expected, "{uid} {mode:o} {us}");
        }
    }
}
