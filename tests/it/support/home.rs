//! A fresh home directory.
//!
//! The one decision: it is removed when the last run, outcome or test that holds it lets go, so a test never cleans up.

use std::{
    fs,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::TempDir;

/// A home with a state and a config directory; clones share it.
#[derive(Clone)]
pub(crate) struct Home(Arc<TempDir>);

impl Home {
    /// A new one, empty.
    pub(crate) fn new() -> Self {
        let dir = tempfile::Builder::new()
            .prefix("mps")
            .tempdir()
            .expect("a temporary directory");
        let home = Self(Arc::new(dir));
        for dir in [home.state(), home.config(), home.path().join("tmp")] {
            let made = fs::DirBuilder::new().mode(0o700).create(dir);
            made.expect("a directory in the fresh home");
        }
        home
    }

    /// The directory itself.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// What `MPS_STATE_DIR` says.
    pub(crate) fn state(&self) -> PathBuf {
        self.path().join("state")
    }

    /// What `MPS_CONFIG_DIR` says.
    pub(crate) fn config(&self) -> PathBuf {
        self.path().join("config")
    }

    /// Writes a file below the home and gives its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("the file's directory");
        }
        fs::write(&path, content).expect("a file in the home");
        path
    }

    /// Writes a program below the home that `sh` runs, and gives its path.
    pub(crate) fn program(&self, name: &str, script: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.file(name, format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its mode");
        path
    }

    /// The text of a file below the home.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name))
            .unwrap_or_else(|error| panic!("{name} in the home: {error}"))
    }

    /// Every file below the home, as sorted paths relative to it.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut dirs = vec![self.path().to_owned()];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).expect("a directory of the home") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    dirs.push(path);
                } else {
                    files.push(path.strip_prefix(self.path()).unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    }
}
