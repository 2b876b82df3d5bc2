//! A run under way: listening, talking, signalling, killing.
//!
//! The one decision: whatever the test waits for, the run's own deadline is the limit, so a test never names a time.

use std::{io::Write as _, process::ChildStdin, time::Instant};

use rustix::process::Signal;

use super::{
    Home, Outcome,
    heard::{Heard, Vain, whole_line},
    judge::Judge,
    watched::Watched,
};

/// A run under way. It is killed, with all that it started, when the test lets go of it.
#[must_use = "a run ends with `finish`"]
pub(crate) struct Running {
    pub(super) child: Watched,
    pub(super) stdout: Heard,
    pub(super) stderr: Heard,
    pub(super) input: Option<ChildStdin>,
    pub(super) deadline: Instant,
    pub(super) home: Home,
    pub(super) judge: Judge,
}

impl Running {
    /// Waits for a whole line on stderr that contains `needle`, and gives it.
    #[track_caller]
    pub(crate) fn wait_for_line(&self, needle: &str) -> String {
        self.line(&self.stderr, "stderr", needle)
    }

    /// The same on stdout.
    #[track_caller]
    pub(crate) fn wait_for_stdout_line(&self, needle: &str) -> String {
        self.line(&self.stdout, "stdout", needle)
    }

    #[track_caller]
    fn line(&self, heard: &Heard, stream: &str, needle: &str) -> String {
        heard
            .wait_for(self.deadline, |bytes| whole_line(bytes, needle))
            .unwrap_or_else(|vain| {
                panic!(
                    "no line with {needle:?} on {stream}: {vain:?}\n{}----- stderr\n{}",
                    self.stdout.text(),
                    self.stderr.text()
                )
            })
    }

    /// stdout so far.
    pub(crate) fn stdout_so_far(&self) -> String {
        self.stdout.text()
    }

    /// stderr so far.
    pub(crate) fn stderr_so_far(&self) -> String {
        self.stderr.text()
    }

    /// Writes to a stdin that was kept open ([`Mps::stdin_open`]).
    #[track_caller]
    pub(crate) fn write(&mut self, text: &str) {
        let input = self.input.as_mut().expect("stdin is open");
        input.write_all(text.as_bytes()).expect("mps reads stdin");
    }

    /// Closes stdin.
    pub(crate) fn close_stdin(&mut self) {
        self.input = None;
    }

    /// The process id.
    pub(crate) fn pid(&self) -> i32 {
        self.child.pid()
    }

    /// Sends a signal; Ctrl-C is `Signal::INT`.
    pub(crate) fn signal(&self, signal: Signal) {
        self.child.signal(signal);
    }

    /// Ends the run at once, as a power cut would, and gives what it left.
    #[track_caller]
    pub(crate) fn kill(self) -> Outcome {
        self.signal(Signal::KILL);
        self.finish()
    }

    /// The home of this run.
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }

    /// Closes stdin and waits for the end.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Outcome {
        self.close_stdin();
        let status = self.child.wait(self.deadline);
        let streams = (
            self.stdout.to_end(self.deadline),
            self.stderr.to_end(self.deadline),
        );
        match (status, streams) {
            (Some(status), (Ok(stdout), Ok(stderr))) => {
                Outcome::judged(status, stdout, stderr, self.home.clone(), &self.judge)
            }
            (status, streams) => {
                let hung = match (status, streams) {
                    (None, _) => "the run did not end",
                    (_, (Err(Vain::TooLong), _)) => "the run ended, but its stdout stayed open",
                    _ => "the run ended, but its stderr stayed open",
                };
                panic!(
                    "{hung}; it was killed\n{}----- stderr\n{}",
                    self.stdout.text(),
                    self.stderr.text()
                )
            }
        }
    }
}
