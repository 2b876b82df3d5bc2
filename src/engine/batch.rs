//! Where apps of one run wait for each other, so that one listing serves them all.
//!
//! The one decision: nobody waits for an app that itself waits (for a lock, in a pause): whoever is at work counts,
//! and when nobody is, those who have arrived go on together. Nor for one that takes long: after [`AT_MOST`] they go
//! on without it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

/// How long the first who arrived waits for the others: what was created in that time, at two calls each, can be accepted
/// at one call each within the five seconds after their look.
const AT_MOST: Duration = Duration::from_secs(8);

/// The gate of one run.
#[derive(Debug, Clone)]
pub(crate) struct Batch(Arc<BatchShared>);

#[derive(Debug)]
struct BatchShared {
    state: Mutex<BatchState>,
    opened: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct BatchState {
    /// At work: neither here nor in a wait of its own.
    working: usize,
    /// Have arrived.
    arrived: usize,
    /// Some of them want a whole listing.
    whole: bool,
    /// Who went through the last time.
    went: Went,
}

/// Those who went on together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Went {
    /// How many they are.
    pub(crate) many: usize,
    /// Whether some of them want a whole listing of our side, which then serves all.
    pub(crate) whole: bool,
}

impl Default for Batch {
    fn default() -> Self {
        Self(Arc::new(BatchShared {
            state: Mutex::default(),
            opened: watch::Sender::new(0),
        }))
    }
}

/// An app at work, as long as it lives.
#[derive(Debug)]
pub(crate) struct AtWork(Batch);

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.change(|state| state.working -= 1);
    }
}

impl Batch {
    /// An app begins.
    pub(crate) fn begin(&self) -> AtWork {
        self.change(|state| state.working += 1);
        AtWork(self.clone())
    }

    /// Waits for something of its own; the others need not wait for that.
    pub(crate) async fn aside<T>(&self, wait: impl Future<Output = T>) -> T {
        self.change(|state| state.working = state.working.saturating_sub(1));
        // Whoever stops waiting is at work again, and leaves by itself.
        let _back = Back(self);
        wait.await
    }

    /// Arrives, and goes on with the others. `whole`: wants a whole listing. Says who go together.
    pub(crate) async fn arrive(&self, whole: bool) -> Went {
        let mut opened = self.0.opened.subscribe();
        let before = *opened.borrow_and_update();
        let mut first = false;
        self.change(|state| {
            first = state.arrived == 0;
            state.arrived += 1;
            state.whole |= whole;
            state.working = state.working.saturating_sub(1);
        });
        if first {
            // One clock for all of them.
            let passed = Box::pin(tokio::time::timeout(AT_MOST, opened.changed()));
            if passed.await.is_err() {
                let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
                if *self.0.opened.borrow() == before {
                    self.open(&mut state);
                }
            }
        } else {
            // It fails only where the gate is gone, which this one holds.
            let _ = opened.changed().await;
        }
        self.0
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .went
    }

    fn change(&self, change: impl FnOnce(&mut BatchState)) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        if state.working == 0 && state.arrived > 0 {
            self.open(&mut state);
        }
    }

    fn open(&self, state: &mut BatchState) {
        state.went = Went {
            many: state.arrived,
            whole: std::mem::take(&mut state.whole),
        };
        state.working += state.arrived;
        state.arrived = 0;
        self.0.opened.send_modify(|count| *count += 1);
    }
}

struct Back<'a>(&'a Batch);

impl Drop for Back<'_> {
    fn drop(&mut self) {
        self.0.change(|state| state.working += 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn those_at_work_are_waited_for_and_nobody_else() {
        let batch = Batch::default();
        let (one, two, three) = (batch.begin(), batch.begin(), batch.begin());
        let arrivals = async {
            tokio::join!(batch.arrive(false), batch.arrive(true), async {
                tokio::task::yield_now().await;
                drop(three);
            })
        };
        let (first, second, ()) = arrivals.await;
        let both = Went {
            many: 2,
            whole: true,
        };
        assert_eq!((first, second), (both, both), "once the third is done");
        let slow = batch.aside(std::future::pending::<()>());
        let alone = tokio::select! {
            () = slow => Went::default(),
            alone = batch.arrive(false) => alone,
        };
        assert_eq!(
            (alone.many, alone.whole),
            (1, false),
            "nobody waits for one that waits itself"
        );
        drop((one, two));
    }
}
