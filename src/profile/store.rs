//! The config directory: `profiles/NAME.toml`, and `secrets/` for the files that the operator asked for.
//!
//! The one decision: which files are ours follows from where they are. What lies in `secrets/` mps wrote, so it
//! may refuse and delete it; everything else belongs to somebody. A profile names commands that mps runs, so
//! nobody else may be able to write it, or to put another in its place.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{Error, Profile, ProfileName, SecretKind, modes::Distrust};
use crate::private_file;

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
    pub fn secret_file(&self, name: &ProfileName, kind: SecretKind) -> PathBuf {
        self.dir
            .join("secrets")
            .join(format!("{name}.{}", kind.key()))
    }

    /// Whether mps wrote a file.
    pub fn wrote(&self, path: &Path) -> bool {
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        path.parent()
            .is_some_and(|parent| real(parent) == real(&self.dir.join("secrets")))
    }

    /// A profile; `None`: there is none of this name.
    pub fn read(&self, name: &ProfileName) -> Result<Option<Profile>, Error> {
        let text = self.text(name)?;
        text.map(|text| self.parse(name, &text)).transpose()
    }

    /// Reads what is to be the text of a profile.
    pub fn parse(&self, name: &ProfileName, text: &str) -> Result<Profile, Error> {
        Profile::parse(name.clone(), self.path(name), text)
    }

    /// The text of a profile, whether it can be read as one or not.
    pub fn text(&self, name: &ProfileName) -> Result<Option<String>, Error> {
        let path = self.path(name);
        let failed = || Error::io("read the profile", &path);
        if there(path.symlink_metadata()).map_err(failed())?.is_none() {
            return Ok(None);
        }
        self.judge_dirs(&path)?;
        let Some(mut file) = there(File::open(&path)).map_err(failed())? else {
            return Ok(None);
        };
        // The file that is judged is the one that is read, whatever its name is given to meanwhile.
        judge(&path, &file.metadata().map_err(failed())?)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed())?;
        Ok(Some(text))
    }

    /// The profile, or an empty one of this name, where one could be kept.
    pub fn read_or_new(&self, name: &ProfileName) -> Result<Profile, Error> {
        if let Some(profile) = self.read(name)? {
            return Ok(profile);
        }
        let path = self.path(name);
        self.judge_dirs(&path)?;
        Ok(Profile::new(name.clone(), path))
    }

    /// Judges the directories whose owner or writers could put another profile in this one's place: ours,
    /// and where the name is a link, the one that it leads to.
    fn judge_dirs(&self, path: &Path) -> Result<(), Error> {
        let real = fs::canonicalize(path).ok();
        let dirs = [Some(self.dir.as_path()), path.parent()];
        let dirs = dirs
            .into_iter()
            .chain([real.as_deref().and_then(Path::parent)]);
        for dir in dirs.flatten() {
            // One that is not there yet is made private.
            if let Ok(meta) = dir.metadata() {
                judge(dir, &meta)?;
            }
        }
        Ok(())
    }

    /// Writes a profile, whole or not at all, 0600 in a 0700 directory.
    pub fn write(&self, profile: &Profile) -> Result<(), Error> {
        let path = profile.path();
        let write = || {
            private_file::make_dir(&self.dir)?;
            private_file::write(path, profile.text().as_bytes())
        };
        write().map_err(Error::io("write the profile", path))
    }

    /// The file that `mps profile use` writes a name into.
    fn used_file(&self) -> PathBuf {
        self.dir.join("profile-in-use")
    }

    /// The profile that is used where nobody names one; `None`: `default`.
    pub fn used(&self) -> Result<Option<ProfileName>, Error> {
        let path = self.used_file();
        let Some(mut file) = there(File::open(&path)).map_err(Error::io("read", &path))? else {
            return Ok(None);
        };
        if let Ok(meta) = self.dir.metadata() {
            judge(&self.dir, &meta)?;
        }
        judge(&path, &file.metadata().map_err(Error::io("read", &path))?)?;
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(Error::io("read", &path))?;
        match text.trim() {
            "" => Ok(None),
            name => name.parse().map(Some),
        }
    }

    /// Uses a profile from now on where nobody names one.
    pub fn make_used(&self, name: &ProfileName) -> Result<(), Error> {
        let path = self.used_file();
        if *name == ProfileName::default() {
            let gone = there(fs::remove_file(&path)).map_err(Error::io("delete", path));
            return gone.map(drop);
        }
        private_file::make_dir(&self.dir)
            .and_then(|()| private_file::write(&path, format!("{name}\n").as_bytes()))
            .map_err(Error::io("write", path))
    }

    /// Where a profile's text is while somebody edits it; not among the profiles.
    pub fn copy_to_edit(&self, name: &ProfileName) -> PathBuf {
        self.dir.join(format!("{name}.edited.toml"))
    }

    /// Begins such a copy.
    #[expect(clippy::unused_self, reason = "beside the others of the copy")]
    pub fn write_copy(&self, copy: &Path, text: &str) -> Result<(), Error> {
        private_file::write(copy, text.as_bytes()).map_err(Error::io("write", copy))
    }

    /// What the editor left.
    #[expect(clippy::unused_self, reason = "beside the others of the copy")]
    pub fn read_copy(&self, copy: &Path) -> Result<String, Error> {
        fs::read_to_string(copy).map_err(Error::io("read", copy))
    }

    /// Takes it away.
    #[expect(clippy::unused_self, reason = "beside the others of the copy")]
    pub fn drop_copy(&self, copy: &Path) -> Result<(), Error> {
        fs::remove_file(copy).map_err(Error::io("delete", copy))
    }

    /// The names of all profiles, sorted. Files that are no profiles are passed over.
    pub fn names(&self) -> Result<Vec<ProfileName>, Error> {
        let dir = self.dir.join("profiles");
        let Some(entries) = there(fs::read_dir(&dir)).map_err(Error::io("read", dir))? else {
            return Ok(Vec::new());
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
        let deleted =
            there(fs::remove_file(&path)).map_err(Error::io("delete the profile", path))?;
        if self.used().is_ok_and(|used| used.as_ref() == Some(name)) {
            self.make_used(&ProfileName::default())?;
        }
        Ok(deleted.is_some())
    }
}

/// `None`: it is not there.
fn there<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// Whether nobody but us and root has a say in a file or a directory.
fn judge(path: &Path, meta: &Metadata) -> Result<(), Error> {
    let path = path.to_owned();
    match Distrust::of(meta) {
        None => Ok(()),
        Some(Distrust::Owner { owner, us }) => Err(Error::Foreign { path, owner, us }),
        Some(Distrust::Writers { mode, owner, us }) => Err(Error::Writable {
            path,
            mode,
            ours: owner == us || us == 0,
        }),
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
