//! How a profile's secrets are read, stored and cleared, wherever they are.
//!
//! The one decision: a file that mps wrote must be its owner's alone, another's may be readable (containers
//! mount secrets so), and whoever reads is told what was odd.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use zeroize::Zeroizing;

use super::{
    Error, Keyring, Name, Shelf, command, modes,
    place::{Place, Read, Role},
};
use crate::secret::Secret;

/// Longest file read for a secret, in bytes.
const LONGEST_FILE: u64 = 64 * 1024;

impl Shelf {
    /// Reads the secret of a profile at its place. A command or a keyring may take a minute.
    pub fn secret(
        &self,
        name: &Name,
        role: Role,
        place: &Place,
        keyring: Keyring,
    ) -> Result<Read, Error> {
        match place {
            Place::Keyring => keyring.read(&account(name, role)).map(Read::silent),
            Place::Command(line) => {
                let printed = command::run(role.keys()[1], line, command::PATIENCE)?;
                let secret = parsed(&printed.out, "the command")?;
                Ok(Read {
                    secret,
                    warning: None,
                    said: printed.said,
                })
            }
            Place::File(path) => {
                let warning = self.judge_file(path)?;
                let text = file_text(path).map_err(Error::io("read the secret in", path))?;
                let secret = parsed(&text, &path.display().to_string())?;
                Ok(Read {
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
    pub fn store(
        &self,
        name: &Name,
        role: Role,
        place: &Place,
        keyring: Keyring,
        secret: &Secret,
    ) -> Result<(), Error> {
        match place {
            Place::Keyring => keyring.write(&account(name, role), secret),
            Place::Command(_) => Ok(()),
            Place::File(path) => {
                let text = Zeroizing::new(format!("{}\n", secret.expose()));
                modes::write_private(path, text.as_bytes()).map_err(Error::io("write", path))
            }
        }
    }

    /// Takes a secret away from where mps put it; a file that mps did not write stays. `true`: it was there.
    pub fn clear(
        &self,
        name: &Name,
        role: Role,
        place: &Place,
        keyring: Keyring,
    ) -> Result<bool, Error> {
        match place {
            Place::Keyring => keyring.clear(&account(name, role)),
            Place::File(path) if self.wrote(path) => match std::fs::remove_file(path) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
                Err(error) => Err(Error::io("delete", path)(error)),
            },
            Place::Command(_) | Place::File(_) => Ok(false),
        }
    }
}

/// The name of an entry in the keyring.
fn account(name: &Name, role: Role) -> String {
    format!("{name}/{}", role.key())
}

fn parsed(text: &str, place: &str) -> Result<Secret, Error> {
    Secret::parse(text).map_err(|source| Error::NoSecret {
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
        let shelf = Shelf::at(dir.path());
        let (name, role) = (Name::default(), Role::SystemToken);
        let keyring = Keyring::new(&Env::default());
        let ours = Place::File(shelf.secret_file(&name, role));
        let secret = Secret::parse("EAATESTsystem").unwrap();
        shelf.store(&name, role, &ours, keyring, &secret).unwrap();
        let read = |place: &Place| shelf.secret(&name, role, place, keyring);
        assert_eq!(read(&ours).unwrap().secret, secret);
        let Place::File(path) = &ours else {
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
            read(&Place::File(theirs.clone()))
                .unwrap()
                .warning
                .unwrap()
                .contains("0444")
        );
        assert!(
            !shelf
                .clear(&name, role, &Place::File(theirs.clone()), keyring)
                .unwrap()
        );
        assert!(theirs.exists(), "not ours to delete");
        assert!(shelf.clear(&name, role, &ours, keyring).unwrap());
        assert!(!shelf.clear(&name, role, &ours, keyring).unwrap());
        let printed = read(&Place::Command("echo EAAprinted; echo hello >&2".into())).unwrap();
        assert_eq!(
            (printed.secret.expose(), printed.said.as_str()),
            ("EAAprinted", "hello\n")
        );
        assert!(matches!(
            read(&Place::Command("echo two words".into())),
            Err(Error::NoSecret { .. })
        ));
    }
}
