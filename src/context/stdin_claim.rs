//! Stdin can be read once, by whoever takes it first.

use std::{
    io::IsTerminal as _,
    sync::{Mutex, PoisonError},
};

use super::{failure::Failure, settings};

/// Who reads stdin.
#[derive(Debug, Default)]
pub(super) struct StdinClaim(Mutex<Option<String>>);

impl StdinClaim {
    /// Takes it for one use. A second one, or a terminal that nobody was asked to type at, is wrong usage.
    pub(super) fn claim(&self, what: &str) -> Result<(), Failure> {
        let mut reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = reader.as_deref() {
            return Err(settings::both_from_stdin(first, what));
        }
        if std::io::stdin().is_terminal() {
            return Err(Failure::usage(format!(
                "{what} would wait for stdin, which is a terminal"
            ))
            .hint("pipe it in, or name a file or an id"));
        }
        *reader = Some(what.to_owned());
        Ok(())
    }

    /// Whether somebody took it.
    pub(super) fn is_taken(&self) -> bool {
        let reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reader.is_some()
    }
}
