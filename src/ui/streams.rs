//! What is known of the three streams, and what follows from it.
//!
//! The one decision: the streams are asked once, at the start; whatever hangs on them afterwards is a pure
//! function of the answer, of the options and of the environment.

use std::io::{self, IsTerminal};

use crate::env::{self, Env};

/// What is known of the three streams and the terminal, gathered once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streams {
    /// stdin is a terminal.
    pub stdin: bool,
    /// stdout is a terminal.
    pub stdout: bool,
    /// stderr is a terminal.
    pub stderr: bool,
    /// Width of the terminal in columns.
    pub width: u16,
    /// Its height in rows.
    pub height: u16,
    /// The terminal is `dumb`: no colours, no progress.
    pub dumb: bool,
}

impl Streams {
    /// Asks the process's streams.
    pub fn of_process(env: &Env) -> Self {
        let asked = console::Term::stdout()
            .size_checked()
            .or_else(|| console::Term::stderr().size_checked());
        let (height, width) = asked.unzip();
        let width = width.or_else(|| {
            env.get(env::COLUMNS)
                .and_then(|columns| columns.trim().parse().ok())
        });
        Self {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
            width: width.filter(|columns| *columns >= 20).unwrap_or(100),
            height: height.filter(|rows| *rows >= 5).unwrap_or(24),
            dumb: env.get(env::TERM) == Some("dumb"),
        }
    }
}

/// What the operator asked of the output.
#[derive(Debug, Clone, Copy, Default)]
pub struct UiOptions {
    pub json: bool,
    /// `--quiet`: no progress, no status; warnings and errors stay.
    pub quiet: bool,
    /// `--verbose`, how often.
    pub verbose: u8,
    /// `--no-input`.
    pub no_input: bool,
    /// `--no-pager`.
    pub no_pager: bool,
    pub color: ColorChoice,
}

/// When to use colours (`--color`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR or TERM=dumb speak against it.
    #[default]
    Auto,
    /// Even in a pipe.
    Always,
    /// Not at all.
    Never,
}

/// Whether a stream gets colours: the option, else NO_COLOR, else CLICOLOR_FORCE, else the terminal.
pub(super) fn use_color(choice: ColorChoice, terminal: bool, dumb: bool, env: &Env) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if env.has(env::NO_COLOR) => false,
        ColorChoice::Auto
            if env
                .get(env::CLICOLOR_FORCE)
                .is_some_and(|value| value != "0") =>
        {
            true
        }
        ColorChoice::Auto => terminal && !dumb,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors() {
        let none: &[(&str, &str)] = &[];
        for (choice, terminal, dumb, env, expected) in [
            (ColorChoice::Auto, true, false, none, true),
            (ColorChoice::Auto, false, false, none, false),
            (ColorChoice::Auto, true, true, none, false),
            (ColorChoice::Auto, true, false, &[("NO_COLOR", "1")], false),
            (ColorChoice::Auto, true, false, &[("NO_COLOR", "")], true),
            (
                ColorChoice::Auto,
                false,
                false,
                &[("CLICOLOR_FORCE", "1")],
                true,
            ),
            (
                ColorChoice::Auto,
                false,
                false,
                &[("CLICOLOR_FORCE", "0")],
                false,
            ),
            (
                ColorChoice::Auto,
                true,
                false,
                &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")],
                false,
            ),
            (ColorChoice::Always, false, true, &[("NO_COLOR", "1")], true),
            (
                ColorChoice::Never,
                true,
                false,
                &[("CLICOLOR_FORCE", "1")],
                false,
            ),
        ] {
            assert_eq!(
                use_color(choice, terminal, dumb, &Env::from_pairs(env)),
                expected,
                "{choice:?} {env:?}"
            );
        }
    }
}
