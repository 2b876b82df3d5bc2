//! How many apps are under way at once.
//!
//! The one decision: what concerns every app (a dead token, a refused permission) is to be met once and not two
//! hundred times, so at first no more apps begin than calls may be under way. Once a write has worked many begin, since
//! those that wait to be accepted share one listing; each of them holds its lock. Few of them are at work at a time, though:
//! what one knows while it is decided on is kilobytes, and the others wait for their place without it.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::journal;

/// Most apps that are under way at once, where the system lets as many files be open: what can be created while the first
/// of a batch waits, at some four hundred calls a second.
const MOST: usize = 2000;

/// How many are at work at once, of those that begin and of those that go on after they waited for each other: more than the
/// calls that may be under way, so that no call waits for them.
const AT_WORK: usize = 128;

/// Most apps that are under way at once.
pub(crate) fn most() -> usize {
    MOST.min(journal::locks_at_once())
}

/// Lets apps begin.
#[derive(Debug)]
pub(crate) struct AppLimit {
    places: Semaphore,
    at_first: usize,
    open: AtomicBool,
    begins: Semaphore,
    goes_on: Semaphore,
}

impl AppLimit {
    pub(crate) fn new(at_first: usize) -> Self {
        Self {
            places: Semaphore::new(at_first),
            at_first,
            open: AtomicBool::new(false),
            begins: Semaphore::new(AT_WORK.max(2 * at_first)),
            goes_on: Semaphore::new(AT_WORK.max(2 * at_first)),
        }
    }

    /// How many begin at first.
    pub(crate) fn at_first(&self) -> usize {
        self.at_first
    }

    /// A place, kept as long as the app is under way.
    pub(crate) async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        // A semaphore that nobody closes gives a permit.
        self.places.acquire().await.ok()
    }

    /// A place at work, for whoever begins.
    pub(crate) async fn begin(&self) -> Option<SemaphorePermit<'_>> {
        self.begins.acquire().await.ok()
    }

    /// A place at work, for whoever waited for others and goes on: those who begin are not before it.
    pub(crate) async fn go_on(&self) -> Option<SemaphorePermit<'_>> {
        self.goes_on.acquire().await.ok()
    }

    /// Waits long, and gives its place to another app meanwhile; afterwards it waits for one again. For whoever has a
    /// place.
    pub(crate) async fn aside<T>(&self, wait: impl Future<Output = T>) -> T {
        self.places.add_permits(1);
        let waited = wait.await;
        if let Ok(place) = self.places.acquire().await {
            place.forget();
        }
        waited
    }

    /// A write has worked.
    pub(crate) fn worked(&self) {
        if !self.open.swap(true, Ordering::SeqCst) {
            self.places
                .add_permits(most().saturating_sub(self.at_first));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_long_keeps_no_other_app_from_beginning() {
        let limit = AppLimit::new(1);
        let _place = limit.enter().await;
        let (done, wait) = tokio::sync::oneshot::channel();
        let waits = limit.aside(wait);
        let other = async {
            let place = limit.enter().await;
            assert!(place.is_some());
            done.send(()).unwrap();
            tokio::task::yield_now().await;
            assert_eq!(limit.places.available_permits(), 0);
        };
        let (waited, ()) = tokio::join!(waits, other);
        waited.unwrap();
        assert_eq!(limit.places.available_permits(), 0, "it has a place again");
    }
}
