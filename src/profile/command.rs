//! Commands that print a secret (`op read …`, `pass show …`, `security find-generic-password …`).
//!
//! The one decision: the command gets the terminal (it may ask for a fingerprint or a passphrase there), but
//! neither our stdin, which may hold ids, nor our secrets. What it says on stderr is kept and shown redacted.

use std::{
    io::Read,
    process::{Command, Stdio},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

use zeroize::Zeroizing;

use super::Error;
use crate::{
    env,
    io_words::io_words,
    waiting::{Unanswered, Waiter},
};

/// How long a person may take to unlock a password manager.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// How long an ended command's output is waited for: a helper that it left behind may hold the pipe.
const GRACE: Duration = Duration::from_secs(2);

/// How long what a command said that succeeded is waited for: it is there by then, but for what a helper may hold open.
const SAID: Duration = Duration::from_millis(100);

/// Most bytes taken from a stream.
const MOST: u64 = 64 * 1024;

/// What a command printed and said.
pub(super) struct CommandOutput {
    /// Its stdout.
    pub(super) out: Zeroizing<String>,
    /// Its stderr.
    pub(super) said: String,
}

/// Runs `line` in the system's shell. `key` is where it stands in the profile.
pub(super) fn run(
    key: &'static str,
    line: &str,
    patience: Duration,
    waiting: &Waiter,
) -> Result<CommandOutput, Error> {
    let failed = |how: String, said: String| Error::Command { key, how, said };
    let mut child = shell(line).spawn().map_err(|error| {
        failed(
            format!("could not be started: {}", io_words(&error)),
            String::new(),
        )
    })?;
    let out = PipeReader::from(child.stdout.take());
    let said = PipeReader::from(child.stderr.take());
    let text = format!(
        "Waiting for {key} of the profile, {} seconds at the most.",
        patience.as_secs()
    );
    let ended = waiting.until(patience, &text, |look| match child.try_wait() {
        Ok(None) => {
            thread::sleep(look);
            None
        }
        Ok(Some(status)) => Some(Ok(status)),
        Err(error) => Some(Err(error)),
    });
    let status = match ended {
        Ok(Ok(status)) => status,
        Ok(Err(error)) => {
            return Err(failed(
                format!("could not be waited for: {}", io_words(&error)),
                String::new(),
            ));
        }
        Err(why) => {
            end(child.id());
            let _ = child.kill();
            let _ = child.wait();
            if why == Unanswered::Stopped {
                return Err(Error::Interrupted);
            }
            let how = format!("did not end within {} seconds", patience.as_secs());
            return Err(failed(how, said.text(Duration::ZERO).to_string()));
        }
    };
    let out = out.text(GRACE);
    let said = said
        .text(if status.success() { SAID } else { GRACE })
        .to_string();
    if !status.success() {
        return Err(failed(format!("failed ({status})"), said));
    }
    if out.trim().is_empty() {
        return Err(failed("printed nothing".to_owned(), said));
    }
    Ok(CommandOutput { out, said })
}

/// Ends what a shell has started, the youngest first: a group of its own would end it at once, but could not ask on the
/// terminal. Only Linux tells whose children they are.
#[cfg(target_os = "linux")]
fn end(shell: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children"));
    for child in children.unwrap_or_default().split_ascii_whitespace() {
        let Ok(child) = child.parse() else { continue };
        end(child);
        let pid = i32::try_from(child).ok().and_then(Pid::from_raw);
        // One that has ended meanwhile is what is wanted.
        pid.map(|pid| kill_process(pid, Signal::TERM));
    }
}

#[cfg(not(target_os = "linux"))]
fn end(_: u32) {}

fn shell(line: &str) -> Command {
    let (program, flag) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut command = Command::new(program);
    command.args([flag, line]);
    for name in env::secret_names() {
        command.env_remove(name);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The bytes so far, whether that is all, and how the end is made known.
type PipeState = (Mutex<(Zeroizing<Vec<u8>>, bool)>, Condvar);

/// What has come out of a pipe so far, and whether it is at its end.
struct PipeReader(Arc<PipeState>);

impl PipeReader {
    fn from(pipe: Option<impl Read + Send + 'static>) -> Self {
        let shared = Arc::new((
            Mutex::new((Zeroizing::default(), pipe.is_none())),
            Condvar::new(),
        ));
        if let Some(pipe) = pipe {
            let theirs = Arc::clone(&shared);
            thread::spawn(move || gather(pipe.take(MOST), &theirs));
        }
        Self(shared)
    }

    /// The text, whole if its end comes within `grace`.
    fn text(&self, grace: Duration) -> Zeroizing<String> {
        let (state, ended) = &*self.0;
        let state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let (state, _) = ended
            .wait_timeout_while(state, grace, |(_, end)| !*end)
            .unwrap_or_else(PoisonError::into_inner);
        Zeroizing::new(String::from_utf8_lossy(&state.0).into_owned())
    }
}

fn gather(mut pipe: impl Read, (state, ended): &PipeState) {
    let mut buffer = Zeroizing::new([0_u8; 4096]);
    loop {
        let read = pipe.read(&mut *buffer).unwrap_or(0);
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        if read == 0 {
            state.1 = true;
            ended.notify_all();
            return;
        }
        state.0.extend_from_slice(&buffer[..read]);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn run_for(line: &str, patience: Duration) -> Result<(String, String), (String, String)> {
        match run("system_token_command", line, patience, &Waiter::default()) {
            Ok(printed) => Ok((printed.out.to_string(), printed.said)),
            Err(Error::Command { how, said, .. }) => Err((how, said)),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_it_prints_and_how_it_fails() {
        assert_eq!(run_for("echo EAAx", LONG).unwrap().0, "EAAx\n");
        assert_eq!(
            run_for("cat; echo x", LONG).unwrap().0,
            "x\n",
            "stdin is empty"
        );
        let (how, said) = run_for("echo why >&2; exit 3", LONG).unwrap_err();
        assert!(how.contains("failed") && how.contains('3'), "{how}");
        assert_eq!(said, "why\n");
        assert_eq!(run_for("true", LONG).unwrap_err().0, "printed nothing");
    }

    #[test]
    fn it_is_not_waited_for_for_ever() {
        let (how, _) = run_for("exec sleep 1000", Duration::ZERO).unwrap_err();
        assert!(how.contains("did not end"), "{how}");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_it_started_ends_with_it() {
        use rustix::fs::{Mode, OFlags};
        use std::{io::ErrorKind, time::Instant};
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, Mode::RWXU).unwrap();
        // A pipe is at its end when its last writer is gone; whoever reads is there before, and waits for none.
        let (flags, mode) = (OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty());
        let mut reader = std::fs::File::from(rustix::fs::open(&pipe, flags, mode).unwrap());
        let line = format!("sleep 1000 > {}; echo x", pipe.display());
        let how = run_for(&line, Duration::from_millis(500)).unwrap_err().0;
        assert!(how.contains("did not end"), "{how}");
        let deadline = Instant::now() + LONG;
        while let Err(error) = reader.read(&mut [0]) {
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
            assert!(Instant::now() < deadline, "it holds the pipe");
            thread::yield_now();
        }
    }

    #[test]
    fn a_helper_that_stays_holds_nothing_up() {
        // gpg-agent and its like are started by the first use and keep stderr open.
        let (out, _) = run_for("sleep 3 >/dev/null & echo EAAx", LONG).unwrap();
        assert_eq!(out, "EAAx\n");
    }
}
