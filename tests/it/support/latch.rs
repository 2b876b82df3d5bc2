//! Holds something back until the test says so, in place of a delay.
//!
//! The one decision: both sides can wait, so a test can act (kill the child, look at the journal) at the very moment
//! when a request has arrived and its answer has not left.

use std::{
    sync::{Arc, Condvar, Mutex},
    time::Instant,
};

use super::PATIENCE;

/// A door that is shut at first; clones are the same door.
#[derive(Clone, Default)]
pub(crate) struct Latch(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    waiting: usize,
    open: bool,
}

impl Latch {
    /// A shut one.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Lets everybody through, from now on.
    pub(crate) fn open(&self) {
        self.0.0.lock().unwrap().open = true;
        self.0.1.notify_all();
    }

    /// Waits until somebody has come to the door.
    pub(crate) fn reached(&self) {
        self.reached_by(1);
    }

    /// Waits until so many have come to the door.
    pub(crate) fn reached_by(&self, count: usize) {
        assert!(
            self.until(|state| state.waiting >= count),
            "only {} of {count} came to the latch",
            self.0.0.lock().unwrap().waiting
        );
    }

    /// Waits until the door is open; `false` when nobody opened it in time.
    pub(crate) fn pass(&self) -> bool {
        self.0.0.lock().unwrap().waiting += 1;
        self.0.1.notify_all();
        self.until(|state| state.open)
    }

    fn until(&self, done: impl Fn(&State) -> bool) -> bool {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.0.0.lock().unwrap();
        while !done(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.0.1.wait_timeout(state, left).unwrap().0;
        }
        true
    }
}
