//! StopReason a run begins nothing new.
//!
//! The one decision: what concerns every app (a dead token, a refused permission, used-up quota) ends the
//! run after the first, not after two hundred; and where an answer could not be written down, not even the
//! apps under way send another write. A refusal that may mean one object ends no run in which a write worked,
//! which has proven the permission; and of solutions to accept, which can be anybody's, it takes several, so
//! that one that is not eligible does not keep back all behind it, night after night.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use super::Error;
use crate::{exit::Kind, graph};

/// Shared by all apps of a run.
#[derive(Debug, Default)]
pub struct Halt {
    kind: Mutex<Option<Kind>>,
    no_more_writes: AtomicBool,
    worked: AtomicBool,
    /// Refusals that may mean one object each.
    doubts: AtomicUsize,
}

/// So many refusals, with nothing accepted, are no longer about single solutions.
const TOO_MANY: usize = 3;

impl Halt {
    /// Notes that a write of this run worked.
    pub(crate) fn worked(&self) {
        self.worked.store(true, Ordering::SeqCst);
    }

    /// Notes how a solution ended that was to be accepted, see [`Error::stops_accepting`].
    pub(crate) fn after_accept(&self, error: &Error) {
        if !error.stops_accepting() || self.spares(error) {
            return;
        }
        if may_mean_one(error) && self.doubts.fetch_add(1, Ordering::SeqCst) + 1 < TOO_MANY {
            return;
        }
        self.because(error.kind());
    }

    /// Whether what worked before shows that this error is not about the whole run.
    fn spares(&self, error: &Error) -> bool {
        may_mean_one(error) && self.worked.load(Ordering::SeqCst)
    }

    /// Notes how an app ended; the first reason stays.
    pub(crate) fn after(&self, error: &Error) {
        if error.stops_the_run() && !self.spares(error) {
            self.because(error.kind());
        }
        if matches!(error, Error::Journal(_) | Error::NotWrittenDown { .. }) {
            self.no_more_writes();
        }
    }

    /// The journal cannot be written: nothing more may leave, from no app.
    pub(crate) fn no_more_writes(&self) {
        self.because(Kind::Io);
        self.no_more_writes.store(true, Ordering::SeqCst);
    }

    /// The run ends with this kind of error, unless another one came first.
    pub(crate) fn because(&self, kind: Kind) {
        self.kind
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(kind);
    }

    /// The kind of error that ended the run, if one did.
    pub(crate) fn kind(&self) -> Option<Kind> {
        *self.kind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether writes under way may go on to their next step.
    pub(crate) fn forbids_writes(&self) -> bool {
        self.no_more_writes.load(Ordering::SeqCst)
    }
}

fn may_mean_one(error: &Error) -> bool {
    error.graph().is_some_and(graph::Error::may_mean_one_object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_run() {
        let halt = Halt::default();
        halt.after(&Error::Interrupted("x".into()));
        assert_eq!((halt.kind(), halt.forbids_writes()), (None, false));
        halt.after(&Error::LookRefused {
            owner: "1".parse().unwrap(),
            ours: false,
            error: None,
        });
        assert_eq!(halt.kind(), Some(Kind::Permission));
        assert!(!halt.forbids_writes());
        halt.no_more_writes();
        assert_eq!(
            halt.kind(),
            Some(Kind::Permission),
            "the first reason stays"
        );
        assert!(halt.forbids_writes());
    }
}
