//! The config directory: `profiles/NAME.toml`, and `secrets/` for the files that the operator asked for.
//!
//! The one decision: which files are ours follows from where they are. What lies in `secrets/` mps wrote, so it
//! may refuse and delete it; everything else belongs to somebody.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Error, Profile, ProfileName, SecretKind, modes};

/// The profiles of one config directory.
#[derive(Debug, Clone)]
pub struct ProfileStore {
    dir: PathBuf,
}

impl ProfileStore {
    /// The profiles in this config directory, which need not exist.
    pub fn at(config_dir: &Path) -> Self {
        Self {
            dir: config_dir.to_owned(),
        }
    }

    /// The file of a profile.
    pub fn path(&self, name: &ProfileName) -> PathBuf {
        self.dir.join("profiles").join(format!("{name}.toml"))
    }

    /// The file that mps would write for a secret.
    pub fn secret_file(&self, name: &ProfileName, role: SecretKind) -> PathBuf {
        self.dir
            .join("secrets")
            .join(format!("{name}.{}", role.key()))
    }

    /// Whether mps wrote a file.
    pub fn wrote(&self, path: &Path) -> bool {
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        path.parent()
            .is_some_and(|parent| real(parent) == real(&self.dir.join("secrets")))
    }

    /// A profile; `None`: there is none of this name.
    pub fn read(&self, name: &ProfileName) -> Result<Option<Profile>, Error> {
        let path = self.path(name);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read the profile", path)(error)),
        };
        if let Ok(Some(mode)) = modes::changeable(&path) {
            return Err(Error::Writable { path, mode });
        }
        Profile::parse(name.clone(), path, &text).map(Some)
    }

    /// The profile, or an empty one of this name.
    pub fn read_or_new(&self, name: &ProfileName) -> Result<Profile, Error> {
        let profile = self.read(name)?;
        Ok(profile.unwrap_or_else(|| Profile::new(name.clone(), self.path(name))))
    }

    /// Writes a profile, whole or not at all, 0600 in a 0700 directory.
    pub fn write(&self, profile: &Profile) -> Result<(), Error> {
        let path = profile.path();
        let write = || {
            modes::private_dir(&self.dir)?;
            modes::write_private(path, profile.text().as_bytes())
        };
        write().map_err(Error::io("write the profile", path))
    }

    /// The names of all profiles, sorted. Files that are no profiles are passed over.
    pub fn names(&self) -> Result<Vec<ProfileName>, Error> {
        let dir = self.dir.join("profiles");
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::io("read", dir)(error)),
        };
        let mut names: Vec<ProfileName> = entries
            .flatten()
            .filter_map(|entry| {
                entry
                    .file_name()
                    .to_str()?
                    .strip_suffix(".toml")?
                    .parse()
                    .ok()
            })
            .collect();
        names.sort();
        Ok(names)
    }

    /// Deletes a profile's file; `false`: there was none. Its secrets go with [`ProfileStore::clear`].
    pub fn delete(&self, name: &ProfileName) -> Result<bool, Error> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::io("delete the profile", path)(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_list_read_delete() {
        let dir = tempfile::tempdir().unwrap();
        let store = ProfileStore::at(&dir.path().join("deep/config"));
        assert_eq!(store.names().unwrap(), []);
        let work: ProfileName = "work".parse().unwrap();
        assert!(store.read(&work).unwrap().is_none());
        let mut profile = store.read_or_new(&work).unwrap();
        profile.set("partner_app_id", Some("7"));
        store.write(&profile).unwrap();
        fs::write(store.path(&work).with_extension("bak"), "x").unwrap();
        assert_eq!(store.names().unwrap(), std::slice::from_ref(&work));
        assert_eq!(
            store.read(&work).unwrap().unwrap().values()["partner_app_id"],
            "7"
        );
        assert!(store.delete(&work).unwrap() && !store.delete(&work).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn what_others_can_change_is_not_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let store = ProfileStore::at(dir.path());
        let name = ProfileName::default();
        store.write(&store.read_or_new(&name).unwrap()).unwrap();
        let mode = |mode| fs::set_permissions(store.path(&name), fs::Permissions::from_mode(mode));
        mode(0o644).unwrap();
        assert!(store.read(&name).is_ok(), "settings are no secret");
        mode(0o666).unwrap();
        assert!(matches!(store.read(&name), Err(Error::Writable { .. })));
    }
}
