//! How much work a run has, and since when: of many items not every step is told.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// So many items have a line for each of their steps.
const FEW: usize = 10;

/// When the work began, and on how many items. A clone is the same.
#[derive(Debug, Clone, Default)]
pub struct WorkSize(Arc<OnceLock<(Instant, AtomicUsize)>>);

impl WorkSize {
    /// The work on so many items begins; what was said of it first stays.
    pub fn begins(&self, items: usize) {
        self.0
            .get_or_init(|| (Instant::now(), AtomicUsize::new(items)));
    }

    /// So many items have come by now, where nobody could say beforehand how many there will be.
    pub fn grows(&self, items: usize) {
        self.begins(items);
        if let Some((_, known)) = self.0.get() {
            known.fetch_max(items, Ordering::Relaxed);
        }
    }

    /// How long the work has taken so far, where it has begun.
    pub fn took(&self) -> Option<Duration> {
        self.0.get().map(|(begin, _)| begin.elapsed())
    }

    /// Whether there are so many items that a line for each step of each is too much.
    pub fn is_crowd(&self) -> bool {
        self.0
            .get()
            .is_some_and(|(_, items)| items.load(Ordering::Relaxed) > FEW)
    }
}
