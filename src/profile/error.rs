//! What can be wrong with a profile or with the place of a secret, and what mends it.
//!
//! The one decision: every error names the file, and the line where there is one; none holds a secret.

use std::{io, path::PathBuf, time::Duration};

use crate::{secret::SecretError, shell};

/// An error of this workshop.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No name of a profile.
    #[error(
        "{0:?} is no name of a profile: letters, digits, dots, dashes and underscores, at most 64"
    )]
    Name(String),
    /// The file system said no.
    #[error("could not {doing} {}", path.display())]
    Io {
        /// What we did.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// No TOML, or a value of the wrong kind.
    #[error("{}, line {line}: {message}", path.display())]
    Malformed {
        /// The profile.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A profile that others can change could make mps run their commands.
    #[error("{} can be changed by others (mode {mode:04o}), so nothing in it is used", path.display())]
    Writable {
        /// The profile, or a directory that holds it.
        path: PathBuf,
        mode: u32,
        /// Whether we may change its mode: it is not root's, or we are root.
        ours: bool,
    },
    /// A profile of another user could make mps run their commands.
    #[error("{} belongs to another user (uid {owner}), so nothing in it is used", path.display())]
    Foreign {
        /// The profile, or a directory that holds it.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
        /// As whom mps acts.
        us: u32,
    },
    /// A secret that mps wrote and that others can read.
    #[error("{} holds a secret and others can read it (mode {mode:04o}), so it is not used", path.display())]
    Readable {
        /// The file.
        path: PathBuf,
        mode: u32,
    },
    /// What stands at the place is no secret.
    #[error("what {place} gave is no token or secret: {source}")]
    NoSecret {
        place: String,
        /// Why.
        source: SecretError,
    },
    /// A command that should print a secret did not.
    #[error("the command of {key} {how}")]
    Command {
        /// The key in the profile.
        key: &'static str,
        /// How it ended.
        how: String,
        /// What it said on stderr, to be redacted.
        said: String,
    },
    /// The operator's editor did not end well.
    #[error("the editor {editor:?} {how}; nothing was changed")]
    Editor {
        /// As VISUAL or EDITOR names it.
        editor: String,
        /// How it ended.
        how: String,
    },
    /// The keyring.
    #[error("could not {doing} the keyring")]
    Keyring {
        /// What we did.
        doing: &'static str,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The keyring did not answer; somebody may have to unlock it.
    #[error("the keyring did not answer for {} seconds", .0.as_secs())]
    KeyringSilent(Duration),
    /// A signal came while it was waited for.
    #[error("interrupted; nothing was changed")]
    Interrupted,
    /// The keyring has nothing under this name.
    #[error("the keyring has no {0}")]
    KeyringEmpty(String),
}

impl Error {
    /// What mends it, where a word helps.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Writable { path, ours, .. } => {
                let sudo = if *ours { "" } else { "sudo " };
                Some(format!("{sudo}chmod go-w {}", quoted(path)))
            }
            Self::Io { path, source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                forbidden(path)
            }
            // Only root gives files away.
            Self::Foreign { path, us: 0, .. } => Some(format!("chown 0 {}", quoted(path))),
            Self::Foreign { path, us, .. } => Some(format!("sudo chown {us} {}", quoted(path))),
            Self::Readable { path, .. } => Some(format!("chmod 600 {}", quoted(path))),
            Self::Malformed { path, .. } => Some(format!(
                "correct that line of {}; `mps profile show` reads it again",
                path.display()
            )),
            Self::Keyring { .. } | Self::KeyringSilent(_) => Some(
                "unlock the keyring, or give the secret by the environment or a file; to keep it elsewhere from now on: \
                 mps init"
                    .to_owned(),
            ),
            Self::KeyringEmpty(_) => Some("store it: mps init".to_owned()),
            Self::Command { .. } => {
                Some("run the command by hand; it must print the secret and nothing else".to_owned())
            }
            Self::Editor { .. } => Some(
                "set EDITOR or VISUAL to one that there is, or: mps profile set KEY VALUE".to_owned(),
            ),
            Self::Interrupted | Self::Name(_) | Self::Io { .. } | Self::NoSecret { .. } => None,
        }
    }

    /// Whether the operator typed something wrong, rather than that this machine failed.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Malformed { .. })
    }

    pub(super) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }
}

/// Gives a file, or the directory that keeps us from it, to whoever runs mps.
#[cfg(unix)]
fn forbidden(path: &std::path::Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let us = rustix::process::geteuid().as_raw();
    let foreign = |path: &&std::path::Path| path.metadata().is_ok_and(|meta| meta.uid() != us);
    let whose = path.ancestors().take(3).find(foreign)?;
    Some(format!("sudo chown -R {us} {}", quoted(whose)))
}

#[cfg(not(unix))]
fn forbidden(_: &std::path::Path) -> Option<String> {
    None
}

/// A path as a shell reads it back.
fn quoted(path: &std::path::Path) -> String {
    shell::word(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mends_it_can_be_typed() {
        let path = || PathBuf::from("/home/o/.config/mps/x");
        let mode = 0o666;
        for (error, hint) in [
            (
                Error::Readable { path: path(), mode },
                "chmod 600 /home/o/.config/mps/x",
            ),
            (
                Error::Readable {
                    path: "/a b/it's".into(),
                    mode,
                },
                r"chmod 600 '/a b/it'\''s'",
            ),
            (
                Error::Writable {
                    path: path(),
                    mode,
                    ours: true,
                },
                "chmod go-w /home/o/.config/mps/x",
            ),
            (
                Error::Writable {
                    path: path(),
                    mode,
                    ours: false,
                },
                "sudo chmod go-w /home/o/.config/mps/x",
            ),
            (
                Error::Foreign {
                    path: path(),
                    owner: 1001,
                    us: 1000,
                },
                "sudo chown 1000 /home/o/.config/mps/x",
            ),
            (
                Error::Foreign {
                    path: path(),
                    owner: 1001,
                    us: 0,
                },
                "chown 0 /home/o/.config/mps/x",
            ),
        ] {
            assert_eq!(error.hint().as_deref(), Some(hint));
        }
    }
}
