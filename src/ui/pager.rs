//! Shows what is longer than the screen with the operator's pager.
//!
//! The one decision: the pager is a courtesy of a terminal. Where it does not start, the text is written as it is; where
//! nobody is to be waited for (`--no-input`), none is started. Its environment has none of our secrets.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use super::streams::{Streams, UiOptions};
use crate::env::{self, Env};

/// What `less` does where nobody chose its options: leave at once if the text fits, and show colours.
const LESS: &str = "FR";

/// The code of a shell that does not find a program, and of one that may not start it.
const NOT_STARTED: [i32; 2] = [127, 126];

/// Which stream the text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Onto {
    /// Data.
    Stdout,
    /// Talk.
    Stderr,
}

/// The pager of this terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pager {
    /// What the operator chose; `None`: nobody did.
    command: Option<String>,
    less: Option<&'static str>,
}

impl Pager {
    /// `PAGER`, else `less`; none where it is `cat`, or where nobody reads or waits.
    pub(super) fn of(env: &Env, streams: Streams, wishes: UiOptions) -> Option<Self> {
        let wanted = !wishes.no_pager && !wishes.no_input && !wishes.json && !streams.dumb;
        let command = env.get(env::PAGER).map(str::trim);
        (wanted && command != Some("cat")).then(|| Self {
            command: command.map(str::to_owned),
            less: (!env.has(env::LESS)).then_some(LESS),
        })
    }

    /// Shows the text and waits until the operator has seen enough of it. `false`: the pager did not start.
    pub(super) fn show(&self, text: &str, onto: Onto) -> bool {
        // Without a shell, one that is not there says nothing.
        let mut command = match &self.command {
            Some(line) => shell(line),
            None => Command::new("less"),
        };
        for name in env::secret_names() {
            command.env_remove(name);
        }
        if let Some(less) = self.less {
            command.env("LESS", less);
        }
        if onto == Onto::Stderr {
            let Some(stderr) = stderr() else { return false };
            command.stdout(stderr);
        }
        let Ok(mut child) = command.stdin(Stdio::piped()).spawn() else {
            return false;
        };
        if let Some(mut pipe) = child.stdin.take() {
            // Whoever has seen enough closes the pipe.
            let _ = pipe.write_all(text.as_bytes());
        }
        let ended = child.wait().ok().and_then(|status| status.code());
        !ended.is_some_and(|code| NOT_STARTED.contains(&code))
    }
}

fn shell(line: &str) -> Command {
    let (program, flag) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut command = Command::new(program);
    command.args([flag, line]);
    command
}

#[cfg(unix)]
fn stderr() -> Option<Stdio> {
    use std::os::fd::AsFd as _;
    let stderr = std::io::stderr().as_fd().try_clone_to_owned();
    stderr.ok().map(Stdio::from)
}

#[cfg(not(unix))]
fn stderr() -> Option<Stdio> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMINAL: Streams = Streams {
        stdin: true,
        stdout: true,
        stderr: true,
        width: 80,
        height: 24,
        dumb: false,
    };

    #[test]
    fn which_pager() {
        let none = UiOptions::default();
        let no_pager = UiOptions {
            no_pager: true,
            ..none
        };
        let no_input = UiOptions {
            no_input: true,
            ..none
        };
        for (pairs, wishes, command, less) in [
            (&[][..], none, Some(None), Some("FR")),
            (
                &[("PAGER", "most -s")],
                none,
                Some(Some("most -s")),
                Some("FR"),
            ),
            (&[("LESS", "X")], none, Some(None), None),
            (&[("PAGER", "cat")], none, None, None),
            (&[], no_pager, None, None),
            (&[], no_input, None, None),
        ] {
            let pager = Pager::of(&Env::from_pairs(pairs), TERMINAL, wishes);
            let found = pager.as_ref().map(|pager| pager.command.as_deref());
            assert_eq!(found, command, "{pairs:?}");
            assert_eq!(pager.and_then(|pager| pager.less), less, "{pairs:?}");
        }
        let dumb = Streams {
            dumb: true,
            ..TERMINAL
        };
        assert_eq!(Pager::of(&Env::default(), dumb, none), None);
    }
}
