//! A wait for what is not ours (a keyring, a command, a file that another program holds): it is told, bounded, and ends
//! with the first signal.
//!
//! The one decision: what is waited for runs on a thread of its own, since nothing can interrupt it; whoever waits looks
//! again and again whether it is still wanted.

use std::{
    fmt,
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

/// After this long the wait is told.
const TOLD_AFTER: Duration = Duration::from_secs(2);

/// Between two looks whether the wait is still wanted.
const LOOK: Duration = Duration::from_millis(10);

/// Who waits, and how.
#[derive(Clone)]
pub struct Waiter {
    stopped: Arc<dyn Fn() -> bool + Send + Sync>,
    tell: Arc<dyn Fn(&str) + Send + Sync>,
    /// Nobody is there who could be waited for.
    pub no_input: bool,
}

impl Default for Waiter {
    fn default() -> Self {
        Self::new(|| false, |_| {}, false)
    }
}

impl fmt::Debug for Waiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter")
            .field("no_input", &self.no_input)
            .finish_non_exhaustive()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// It took too long.
    TooLong,
    /// A signal came.
    Stopped,
    /// Whoever was to answer is gone.
    Gone,
}

impl Waiter {
    /// `stopped`: whether a signal came. `tell`: the operator hears of a long wait.
    pub fn new(
        stopped: impl Fn() -> bool + Send + Sync + 'static,
        tell: impl Fn(&str) + Send + Sync + 'static,
        no_input: bool,
    ) -> Self {
        Self {
            stopped: Arc::new(stopped),
            tell: Arc::new(tell),
            no_input,
        }
    }

    /// The answer of `work`, which is left behind with its thread if it takes longer than `most`.
    pub fn answer<T: Send + 'static>(
        &self,
        most: Duration,
        text: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Unanswered> {
        let (answer, heard) = mpsc::channel();
        thread::spawn(move || answer.send(work()));
        self.until(most, text, |look| match heard.recv_timeout(look) {
            Ok(value) => Some(Ok(value)),
            Err(mpsc::RecvTimeoutError::Timeout) => None,
            Err(mpsc::RecvTimeoutError::Disconnected) => Some(Err(Unanswered::Gone)),
        })?
    }

    /// Looks until there is something, each time for the time that is given.
    pub fn until<T>(
        &self,
        most: Duration,
        text: &str,
        mut look: impl FnMut(Duration) -> Option<T>,
    ) -> Result<T, Unanswered> {
        let (begin, mut told) = (Instant::now(), false);
        loop {
            if let Some(found) = look(LOOK) {
                return Ok(found);
            }
            if (self.stopped)() {
                return Err(Unanswered::Stopped);
            }
            let waited = begin.elapsed();
            if waited >= most {
                return Err(Unanswered::TooLong);
            }
            if waited >= TOLD_AFTER && !told {
                told = true;
                (self.tell)(text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn how_a_wait_ends() {
        let long = Duration::from_secs(600);
        let waiting = Waiter::default();
        assert_eq!(waiting.answer(long, "", || 7), Ok(7));
        let (hold, held) = mpsc::channel::<()>();
        let hangs = move || held.recv();
        let ended = waiting.answer(Duration::ZERO, "", hangs);
        assert_eq!(ended.map(drop), Err(Unanswered::TooLong));
        drop(hold);
        let stopped = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stopped);
        let waiting = Waiter::new(move || seen.swap(true, Ordering::SeqCst), |_| {}, false);
        let ended = waiting.until(long, "", |_| None::<()>);
        assert_eq!(ended, Err(Unanswered::Stopped));
        assert!(stopped.load(Ordering::SeqCst));
    }
}
