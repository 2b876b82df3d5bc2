//! What a run left behind, and the questions a test puts to it.
//!
//! The one decision: every outcome is judged before the test sees it (no secret on stderr or in mps's files of talk, no
//! panic), and a test that never asks for the exit code fails: what nobody looked at is not tested. `Display` shows
//! the whole truth, for snapshots: stdout, a rule, stderr, a rule, the code, with paths, ports and times made equal.

use std::{cell::Cell, fmt, os::unix::process::ExitStatusExt as _, process::ExitStatus, thread};

use serde_json::Value;

use super::{Home, judge::Judge};

/// How a run ended. Every question panics with the whole outcome when the answer is wrong, and gives the outcome back.
#[must_use = "an outcome is there to be asked"]
pub(crate) struct Outcome {
    status: ExitStatus,
    stdout: String,
    stderr: String,
    home: Home,
    asked: Cell<bool>,
}

impl Outcome {
    pub(super) fn judged(
        status: ExitStatus,
        stdout: Vec<u8>,
        stderr: Vec<u8>,
        home: Home,
        judge: &Judge,
    ) -> Self {
        let outcome = Self {
            status,
            stdout: utf8(stdout, "stdout"),
            stderr: utf8(stderr, "stderr"),
            home,
            // A complaint of the judge is not to be followed by one about the code.
            asked: Cell::new(true),
        };
        judge.stderr(&outcome.stderr, &outcome);
        judge.stdout(&outcome.stdout, &outcome);
        outcome.asked.set(false);
        outcome
    }

    /// The exit code.
    #[track_caller]
    pub(crate) fn code(&self, expected: i32) -> &Self {
        self.asked.set(true);
        self.must(
            self.status.code() == Some(expected),
            &format!("exit code {expected}"),
        )
    }

    /// Whatever the exit code is, for a test that judges it by what else has happened.
    #[track_caller]
    pub(crate) fn any_code(&self) -> i32 {
        self.asked.set(true);
        match self.status.code() {
            Some(code) => code,
            None => panic!("no exit code\n{self}"),
        }
    }

    /// The exit code, whichever it is; `None` when a signal ended the run.
    pub(crate) fn ended(&self) -> Option<i32> {
        self.asked.set(true);
        self.status.code()
    }

    /// The run ended by this signal (SIGKILL is 9) and not by itself.
    #[track_caller]
    pub(crate) fn killed_by(&self, signal: i32) -> &Self {
        self.asked.set(true);
        self.must(
            self.status.signal() == Some(signal),
            &format!("an end by signal {signal}"),
        )
    }

    /// Whether a signal ended the run; ask for it or for the code then.
    pub(crate) fn was_killed(&self) -> bool {
        self.status.signal().is_some()
    }

    /// stdout to the letter.
    #[track_caller]
    pub(crate) fn stdout(&self, expected: impl AsRef<str>) -> &Self {
        let expected = expected.as_ref();
        self.must(self.stdout == expected, &format!("stdout {expected:?}"))
    }

    /// stderr to the letter.
    #[track_caller]
    pub(crate) fn stderr(&self, expected: impl AsRef<str>) -> &Self {
        let expected = expected.as_ref();
        self.must(self.stderr == expected, &format!("stderr {expected:?}"))
    }

    /// stdout contains this.
    #[track_caller]
    pub(crate) fn stdout_has(&self, part: impl AsRef<str>) -> &Self {
        let part = part.as_ref();
        self.must(self.stdout.contains(part), &format!("{part:?} on stdout"))
    }

    /// stderr contains this.
    #[track_caller]
    pub(crate) fn stderr_has(&self, part: impl AsRef<str>) -> &Self {
        let part = part.as_ref();
        self.must(self.stderr.contains(part), &format!("{part:?} on stderr"))
    }

    /// stdout does not contain this.
    #[track_caller]
    pub(crate) fn stdout_lacks(&self, part: impl AsRef<str>) -> &Self {
        let part = part.as_ref();
        self.must(
            !self.stdout.contains(part),
            &format!("no {part:?} on stdout"),
        )
    }

    /// stderr does not contain this.
    #[track_caller]
    pub(crate) fn stderr_lacks(&self, part: impl AsRef<str>) -> &Self {
        let part = part.as_ref();
        self.must(
            !self.stderr.contains(part),
            &format!("no {part:?} on stderr"),
        )
    }

    /// stdout, whole.
    pub(crate) fn stdout_text(&self) -> &str {
        &self.stdout
    }

    /// stderr, whole.
    pub(crate) fn stderr_text(&self) -> &str {
        &self.stderr
    }

    /// stdout as lines.
    pub(crate) fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }

    /// stdout as one JSON object per line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.objects(&self.stdout, "stdout")
    }

    /// stdout as one JSON value.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is not one JSON value ({error})\n{self}"))
    }

    /// stderr as one JSON object per line, as `--json` makes it.
    #[track_caller]
    pub(crate) fn stderr_json_lines(&self) -> Vec<Value> {
        self.objects(&self.stderr, "stderr")
    }

    /// The error of a `--json` run: what the last line of stderr holds under `error`.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        let last = self.stderr_json_lines().pop();
        match last.as_ref().and_then(|line| line.get("error")) {
            Some(error) => error.clone(),
            None => panic!("the last line of stderr holds no error\n{self}"),
        }
    }

    /// The home of the run, to look into or to run again in.
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }

    #[track_caller]
    fn objects(&self, text: &str, stream: &str) -> Vec<Value> {
        text.lines()
            .map(|line| match serde_json::from_str(line) {
                Ok(value @ Value::Object(_)) => value,
                _ => panic!("not a JSON object on {stream}: {line}\n{self}"),
            })
            .collect()
    }

    #[track_caller]
    fn must(&self, holds: bool, what: &str) -> &Self {
        // Silences the complaint about the code when this panics.
        let asked = self.asked.replace(true);
        assert!(holds, "expected {what}\n{self}");
        self.asked.set(asked);
        self
    }
}

impl Drop for Outcome {
    fn drop(&mut self) {
        assert!(
            self.asked.get() || thread::panicking(),
            "nobody asked for the exit code\n{self}"
        );
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let home = self.home.path().display().to_string();
        let end = match (self.status.code(), self.status.signal()) {
            (Some(code), _) => format!("exit status: {code}"),
            (None, Some(signal)) => format!("killed by signal {signal}"),
            (None, None) => "neither a code nor a signal".to_owned(),
        };
        write!(
            f,
            "{}----- stderr\n{}----- {end}\n",
            steady(&self.stdout, &home),
            steady(&self.stderr, &home)
        )
    }
}

fn utf8(bytes: Vec<u8>, stream: &str) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| panic!("{stream} is not UTF-8: {error}"))
}

/// The text with what differs from run to run made equal: the home, ports on the loopback, times.
fn steady(text: &str, home: &str) -> String {
    let text = text.replace(home, "$HOME");
    let mut steady = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let loopback = ["127.0.0.1:", "localhost:"]
            .into_iter()
            .find(|host| rest.starts_with(host));
        if let Some(host) = loopback {
            let digits = rest[host.len()..]
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
            steady.push_str(host);
            steady.push_str(if digits > 0 { "PORT" } else { "" });
            rest = &rest[host.len() + digits..];
        } else if let Some(length) = time_at(rest) {
            steady.push_str("TIME");
            rest = &rest[length..];
        } else {
            steady.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    if !steady.is_empty() && !steady.ends_with('\n') {
        steady.push_str("(no line end)\n");
    }
    steady
}

/// The length of a UTC time, `2026-11-22T23:18:05Z` with or without a fraction, at the start of `text`.
fn time_at(text: &str) -> Option<usize> {
    let form = "0000-00-00T00:00:00";
    let fits = text.len() > form.len()
        && text.bytes().zip(form.bytes()).all(|(is, should)| {
            if should == b'0' {
                is.is_ascii_digit()
            } else {
                is == should
            }
        });
    let tail = fits.then(|| &text.as_bytes()[form.len()..])?;
    let fraction = tail
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
        .count();
    (tail.get(fraction) == Some(&b'Z')).then_some(form.len() + fraction + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_are_steady() {
        for (text, expected) in [
            ("", ""),
            ("é\n", "é\n"),
            ("no end", "no end(no line end)\n"),
            (
                "at http://127.0.0.1:4711/x in /tmp/h/state\n",
                "at http://127.0.0.1:PORT/x in $HOME/state\n",
            ),
            (
                "2026-11-22T23:18:05Z a 2026-11-22T23:18:05.123Z\n",
                "TIME a TIME\n",
            ),
            (
                "2026-11-22 and localhost: x\n",
                "2026-11-22 and localhost: x\n",
            ),
        ] {
            assert_eq!(steady(text, "/tmp/h"), expected);
        }
    }
}
