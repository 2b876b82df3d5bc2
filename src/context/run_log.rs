//! The log of a run: redacted NDJSON, for the day when something must be explained.
//!
//! The one decision: a log that cannot be written is a warning and never a reason not to work. Every line
//! passes the redactor on its way to the file; files are 0600 and go after 14 days.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};

use crate::{private_file, redact::Redactor};

/// How long logs are kept.
const KEPT: Duration = Duration::from_secs(14 * 24 * 3600);

/// Where a run's log goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogTarget {
    /// A file of its own in the `logs` folder of the state directory.
    StateDir(PathBuf),
    /// A file the operator named; lines are added.
    File(PathBuf),
    /// Nowhere.
    Nowhere,
}

/// The log of this run. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RunLog {
    run_id: String,
    path: Option<PathBuf>,
    file: Option<Arc<Mutex<File>>>,
    redactor: Redactor,
}

impl RunLog {
    /// A log that goes nowhere.
    pub fn nowhere(run_id: &str) -> Self {
        Self {
            run_id: run_id.to_owned(),
            path: None,
            file: None,
            redactor: Redactor::default(),
        }
    }

    /// Opens the log; where that fails, a log to nowhere and the reason.
    pub fn open(place: LogTarget, run_id: &str, redactor: Redactor) -> (Self, Option<String>) {
        let opened = match place {
            LogTarget::Nowhere => return (Self::nowhere(run_id), None),
            LogTarget::File(path) => append(&path).map(|file| (path, file)),
            LogTarget::StateDir(dir) => in_state_dir(&dir.join("logs"), run_id),
        };
        match opened {
            Ok((path, file)) => {
                let file = Some(Arc::new(Mutex::new(file)));
                (
                    Self {
                        run_id: run_id.to_owned(),
                        path: Some(path),
                        file,
                        redactor,
                    },
                    None,
                )
            }
            Err(error) => (
                Self::nowhere(run_id),
                Some(format!("no log is written: {error}")),
            ),
        }
    }

    /// Where it is.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Which run it is.
    pub fn run_id(&self) -> &str {
        &self.run_id
    }

    /// Adds a line: the time, the run, what happened and its fields. A full disk is passed over.
    pub fn add(&self, what: &str, mut fields: Value) {
        let Some(file) = &self.file else { return };
        self.redactor.clean_fields(&mut fields);
        let mut line =
            json!({"at": jiff::Timestamp::now().to_string(), "run": self.run_id, "event": what});
        if let (Value::Object(line), Value::Object(fields)) = (&mut line, fields) {
            line.extend(fields);
        }
        let line = format!("{line}\n");
        let _ = file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(line.as_bytes());
    }
}

fn in_state_dir(logs: &Path, run_id: &str) -> io::Result<(PathBuf, File)> {
    private_file::make_dir(logs)?;
    prune(logs, SystemTime::now());
    let day = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    let path = logs.join(format!("{day}-{run_id}.ndjson"));
    append(&path).map(|file| (path, file))
}

fn append(path: &Path) -> io::Result<File> {
    let file = private_file::options()
        .create(true)
        .append(true)
        .open(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    #[cfg(unix)]
    keep_private(path, &file);
    Ok(file)
}

/// Takes a file that was there already from the others who could read it. What is no file (a pipe, a
/// device) stays as it is, and so does what is not ours to change, or what a link leads to: its name was
/// given by somebody who may have meant its readers.
#[cfg(unix)]
fn keep_private(path: &Path, file: &File) {
    use std::os::unix::fs::PermissionsExt as _;
    if path
        .symlink_metadata()
        .is_ok_and(|named| !named.is_symlink())
        && let Ok(meta) = file.metadata()
        && meta.is_file()
        && meta.permissions().mode() & 0o077 != 0
    {
        let _ = file.set_permissions(fs::Permissions::from_mode(0o600));
    }
}

/// Removes logs older than [`KEPT`]; anything that is not one of our logs stays.
fn prune(logs: &Path, now: SystemTime) {
    for entry in fs::read_dir(logs).into_iter().flatten().flatten() {
        let path = entry.path();
        let age = entry
            .metadata()
            .and_then(|meta| meta.modified())
            .ok()
            .and_then(|at| now.duration_since(at).ok());
        if path.extension().is_some_and(|kind| kind == "ndjson")
            && age.is_some_and(|age| age > KEPT)
        {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_objects_without_secrets() {
        let dir = tempfile::tempdir().unwrap();
        let (log, warning) = RunLog::open(
            LogTarget::StateDir(dir.path().into()),
            "run1",
            Redactor::default(),
        );
        assert_eq!(warning, None);
        log.add(
            "request",
            json!({"path": "/me?access_token=EAAsecretsecretsecretsecret", "n": 1}),
        );
        let text = fs::read_to_string(log.path().unwrap()).unwrap();
        let line: Value = serde_json::from_str(text.trim()).unwrap();
        assert_eq!(
            (&line["run"], &line["event"], &line["n"]),
            (&json!("run1"), &json!("request"), &json!(1))
        );
        assert!(!text.contains("EAAsecret"), "{text}");
    }

    #[test]
    fn a_place_that_cannot_be_written_is_a_warning() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let (log, warning) = RunLog::open(LogTarget::StateDir(file), "run1", Redactor::default());
        assert!(log.path().is_none() && warning.unwrap().contains("no log is written"));
        log.add("nothing", json!({}));
    }

    #[test]
    fn old_logs_go_and_strangers_stay() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["old.ndjson", "stranger.txt"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        prune(dir.path(), SystemTime::now() + KEPT / 2);
        assert!(dir.path().join("old.ndjson").exists());
        prune(
            dir.path(),
            SystemTime::now() + KEPT + Duration::from_secs(60),
        );
        assert!(
            !dir.path().join("old.ndjson").exists() && dir.path().join("stranger.txt").exists()
        );
    }
}
