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

use crate::{io_words::io_words, private_file, redact::Redactor};

/// How long logs are kept.
const KEPT: Duration = Duration::from_secs(14 * 24 * 3600);

/// Most bytes of a log. One that a run of days fills goes on in a new file beside the one before, so that the last days
/// are kept; a file that the operator named ends there.
const MOST: u64 = 16 * 1024 * 1024;

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
    file: Option<Arc<Mutex<LogFile>>>,
    redactor: Redactor,
}

/// The file, and how full it is.
#[derive(Debug)]
struct LogFile {
    file: File,
    written: u64,
    most: u64,
    /// Where it goes on; None for a file that was named.
    continues: Option<PathBuf>,
    /// Why a line could not be written; kept until somebody is told.
    trouble: Option<String>,
    told: bool,
}

impl LogFile {
    /// Writes a line, as far as there is room.
    fn write(&mut self, line: &str) {
        let length = line.len() as u64;
        if self.written >= self.most {
            return;
        }
        if self.written + length > self.most {
            if let Some(path) = self.continues.clone() {
                self.begin_anew(&path);
            } else {
                self.written = self.most;
                self.put("{\"event\":\"log_full\"}\n");
                return;
            }
        }
        self.written += length;
        self.put(line);
    }

    fn put(&mut self, line: &str) {
        if let Err(error) = self.file.write_all(line.as_bytes())
            && !self.told
        {
            self.trouble.get_or_insert_with(|| io_words(&error));
        }
    }

    /// What was written becomes the part before, of which one is kept.
    fn begin_anew(&mut self, path: &Path) {
        let moved = fs::rename(path, path.with_extension("before.ndjson"));
        if let Ok(file) = moved.and_then(|()| append(path)) {
            self.file = file;
            self.written = 0;
        } else {
            self.written = self.most;
        }
    }
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
        let own = matches!(place, LogTarget::StateDir(_));
        let wanted = match &place {
            LogTarget::StateDir(dir) => format!(" in {}: ", dir.display()),
            // Its error names the file already.
            LogTarget::File(_) | LogTarget::Nowhere => ": ".to_owned(),
        };
        let opened = match place {
            LogTarget::Nowhere => return (Self::nowhere(run_id), None),
            LogTarget::File(path) => append(&path).map(|file| (path, file)),
            LogTarget::StateDir(dir) => in_state_dir(&dir.join("logs"), run_id),
        };
        match opened {
            Ok((path, file)) => {
                let file = LogFile {
                    file,
                    written: 0,
                    most: MOST,
                    continues: own.then(|| path.clone()),
                    trouble: None,
                    told: false,
                };
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
                Some(format!("no log is written{wanted}{}", io_words(&error))),
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

    /// Why the log has holes, once in a run.
    pub fn trouble(&self) -> Option<String> {
        let mut file = self
            .file
            .as_ref()?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let why = file.trouble.take()?;
        file.told = true;
        let path = self.path.as_ref()?.display();
        Some(format!(
            "the log {path} cannot be written: {why}; the run goes on without it"
        ))
    }

    /// Adds a line: the time, the run, what happened and its fields. What cannot be written is told by
    /// [`Self::trouble`].
    pub fn add(&self, what: &str, mut fields: Value) {
        let Some(file) = &self.file else { return };
        self.redactor.clean_fields(&mut fields);
        let mut line =
            json!({"at": jiff::Timestamp::now().to_string(), "run": self.run_id, "event": what});
        if let (Value::Object(line), Value::Object(fields)) = (&mut line, fields) {
            line.extend(fields);
        }
        let line = format!("{line}\n");
        file.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(&line);
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
        .map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("{}: {}", path.display(), io_words(&error)),
            )
        })?;
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
    fn a_full_log_goes_on_beside_the_part_before_and_a_named_one_ends() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.ndjson");
        let mut log = LogFile {
            file: append(&path).unwrap(),
            written: 0,
            most: 30,
            continues: Some(path.clone()),
            trouble: None,
            told: false,
        };
        for number in 0..10 {
            log.write(&format!("line number {number}\n"));
        }
        let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
        assert_eq!(read("x.ndjson"), "line number 8\nline number 9\n");
        assert_eq!(read("x.before.ndjson"), "line number 6\nline number 7\n");
        log.continues = None;
        for _ in 0..10 {
            log.write("line number x\n");
        }
        assert_eq!(
            read("x.ndjson"),
            "line number 8\nline number 9\n{\"event\":\"log_full\"}\n"
        );
    }

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
