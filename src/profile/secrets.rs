//! How a profile's secrets are read, stored and cleared, wherever they are.
//!
//! The one decision: a file that mps wrote must be its owner's alone, another's may be readable (containers
//! mount secrets so), and whoever reads learns what was odd.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use zeroize::Zeroizing;

use super::{
    Error, Keyring, ProfileName, ProfileStore, command,
    location::{LoadedSecret, SecretKind, SecretLocation},
    modes,
};
use crate::{private_file, secret::Secret};

/// Longest file read for a secret, in bytes.
const LONGEST_FILE: u64 = 64 * 1024;

impl ProfileStore {
    /// Reads the secret of a profile at its place. A command or a keyring may take a minute.
    pub fn secret(
        &self,
        name: &ProfileName,
        kind: SecretKind,
        place: &SecretLocation,
        keyring: &Keyring,
    ) -> Result<LoadedSecret, Error> {
        match place {
            SecretLocation::Keyring => keyring.read(&account(name, kind)).map(LoadedSecret::silent),
            SecretLocation::Command(line) => {
                let printed =
                    command::run(kind.keys()[1], line, command::PATIENCE, keyring.waiting())?;
                let secret = parsed(kind, &printed.out, "the command")?;
                Ok(LoadedSecret {
                    secret,
                    warning: None,
                    said: printed.said,
                })
            }
            SecretLocation::File(path) => {
                let warning = self.judge_file(path)?;
                let text = file_text(path).map_err(Error::io("read the secret in", path))?;
                let secret = parsed(kind, &text, &path.display().to_string())?;
                Ok(LoadedSecret {
                    secret,
                    warning,
                    said: String::new(),
                })
            }
        }
    }

    /// Whether a file with a secret may be used: one that mps wrote must be its owner's alone; of another
    /// that others can read comes a warning. What is no regular file (a pipe) is passed over.
    pub fn judge_file(&self, path: &Path) -> Result<Option<String>, Error> {
        let Ok(Some(mode)) = modes::exposed(path) else {
            return Ok(None);
        };
        if self.wrote(path) {
            return Err(Error::Readable {
                path: path.to_owned(),
                mode,
            });
        }
        Ok(Some(format!(
            "{} holds a secret and others can read it (mode {mode:04o})",
            path.display()
        )))
    }

    /// Stores a secret where `place` says; a command stores nothing.
    #[expect(clippy::unused_self, reason = "the twin of `clear`, which needs it")]
    pub fn store(
        &self,
        name: &ProfileName,
        kind: SecretKind,
        place: &SecretLocation,
        keyring: &Keyring,
        secret: &Secret,
    ) -> Result<(), Error> {
        match place {
            SecretLocation::Keyring => keyring.write(&account(name, kind), secret),
            SecretLocation::Command(_) => Ok(()),
            SecretLocation::File(path) => {
                let text = Zeroizing::new(format!("{}\n", secret.expose()));
                private_file::write(path, text.as_bytes()).map_err(Error::io("write", path))
            }
        }
    }

    /// Takes a secret away from where mps put it; a file that mps did not write stays. `true`: it was there.
    pub fn clear(
        &self,
        name: &ProfileName,
        kind: SecretKind,
        place: &SecretLocation,
        keyring: &Keyring,
    ) -> Result<bool, Error> {
        match place {
            SecretLocation::Keyring => keyring.clear(&account(name, kind)),
            SecretLocation::File(path) if self.wrote(path) => match std::fs::remove_file(path) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                Err(error) => Err(Error::io("delete", path)(error)),
            },
            SecretLocation::Command(_) | SecretLocation::File(_) => Ok(false),
        }
    }
}

/// The name of an entry in the keyring.
fn account(name: &ProfileName, kind: SecretKind) -> String {
    format!("{name}/{}", kind.key())
}

fn parsed(kind: SecretKind, text: &str, place: &str) -> Result<Secret, Error> {
    kind.parse(text).map_err(|source| Error::NoSecret {
        place: place.to_owned(),
        source,
    })
}

fn file_text(path: &Path) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    File::open(path)?
        .take(LONGEST_FILE)
        .read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;
    use crate::env::Env;

    #[test]
    fn files_and_commands() {
        let dir = tempfile::tempdir().unwrap();
        let store = ProfileStore::at(dir.path());
        let (name, kind) = (ProfileName::default(), SecretKind::SystemToken);
        let keyring = &Keyring::new(&Env::default());
        let ours = SecretLocation::File(store.secret_file(&name, kind));
        let secret = Secret::parse("EAATESTsystem").unwrap();
        store.store(&name, kind, &ours, keyring, &secret).unwrap();
        let read = |place: &SecretLocation| store.secret(&name, kind, place, keyring);
        assert_eq!(read(&ours).unwrap().secret, secret);
        let SecretLocation::File(path) = &ours else {
            unreachable!()
        };
        fs::set_permissions(path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            read(&ours),
            Err(Error::Readable { mode: 0o640, .. })
        ));
        let theirs = dir.path().join("mounted");
        fs::write(&theirs, "EAAmounted\n").unwrap();
        fs::set_permissions(&theirs, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(
            read(&SecretLocation::File(theirs.clone()))
                .unwrap()
                .warning
                .unwrap()
                .contains("0444")
        );
        assert!(
            !store
                .clear(&name, kind, &SecretLocation::File(theirs.clone()), keyring)
                .unwrap()
        );
        assert!(theirs.exists(), "not ours to delete");
        assert!(store.clear(&name, kind, &ours, keyring).unwrap());
        assert!(!store.clear(&name, kind, &ours, keyring).unwrap());
        let printed = read(&SecretLocation::Command(
            "echo EAAprinted; echo hello >&2".into(),
        ))
        .unwrap();
        assert_eq!(
            (printed.secret.expose(), printed.said.as_str()),
            ("EAAprinted", "hello\n")
        );
        assert!(matches!(
            read(&SecretLocation::Command("echo two words".into())),
            Err(Error::NoSecret { .. })
        ));
    }
}
