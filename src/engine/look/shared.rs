//! Our side as it was read last, for all who decide by it.
//!
//! The one decision: a reading serves whoever began before it did, as if they had made it themselves. That is told by the
//! order in which readings begin and not by a clock, which may be set while a watch lives for days; what a reading shows
//! has the age that the clock of who takes it gives it.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use super::kept::KeptSide;
use crate::{engine::time::RunClock, graph, ids::SolutionId};

/// What reading our side came to.
#[derive(Debug, Clone)]
pub(super) enum Came {
    Whole(Arc<Whole>),
    Refused(Option<Box<graph::Error>>),
    Failed(Box<graph::Error>),
}

/// A whole listing, by owner app.
#[derive(Debug, Default)]
pub(super) struct Whole {
    pub(super) side: KeptSide,
    pub(super) unattributed: Vec<SolutionId>,
    pub(super) count: usize,
}

/// Where the last reading of our side stands.
#[derive(Debug, Default)]
pub(super) struct SharedSide {
    /// Held while our side is read, so that all who want it wait for one listing.
    pub(super) reading: tokio::sync::Mutex<()>,
    /// The readings that have begun.
    begun: AtomicU64,
    takers: AtomicU64,
    last: Mutex<Option<SideReading>>,
}

/// One who takes readings.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Taker {
    /// Readings before this one began before its work did.
    first: u64,
    id: u64,
}

/// A reading of our side.
#[derive(Debug, Clone)]
pub(super) struct SideReading {
    number: u64,
    taker: u64,
    pub(super) begun: RunClock,
    pub(super) answered: RunClock,
    pub(super) came: Came,
    failed: bool,
    /// The one before it failed as well.
    again: bool,
}

impl SideReading {
    /// Whether it is this reading or a later one.
    pub(super) fn is_since(&self, number: u64) -> bool {
        self.number >= number
    }
}

impl SharedSide {
    /// One who begins now.
    pub(super) fn taker(&self) -> Taker {
        Taker {
            first: self.begun.load(Ordering::SeqCst),
            id: self.takers.fetch_add(1, Ordering::SeqCst) + 1,
        }
    }

    /// The number of the reading that begins next.
    pub(super) fn next(&self) -> u64 {
        self.begun.load(Ordering::SeqCst)
    }

    /// Whether nobody took readings of it but the one it was made for.
    pub(super) fn is_for_one(&self) -> bool {
        self.takers.load(Ordering::SeqCst) == 0
    }

    /// The last reading, where it may serve this one. One that failed for somebody else is tried once more, so that what
    /// was over in a moment fails nobody else.
    pub(super) fn last(&self, taker: Taker) -> Option<SideReading> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref()
            .filter(|last| last.number >= taker.first)
            .filter(|last| last.taker == taker.id || last.again || !last.failed)
            .cloned()
    }

    /// Reads it. To be called by who holds `reading`.
    pub(super) async fn read(
        &self,
        taker: Taker,
        reading: impl Future<Output = Came>,
    ) -> SideReading {
        let number = self.begun.fetch_add(1, Ordering::SeqCst);
        let begun = RunClock::default();
        let came = reading.await;
        self.keep(SideReading {
            number,
            taker: taker.id,
            begun,
            answered: RunClock::default(),
            failed: matches!(came, Came::Failed(_)),
            came,
            again: false,
        })
    }

    fn keep(&self, mut read: SideReading) -> SideReading {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        read.again = read.failed && last.as_ref().is_some_and(|last| last.failed);
        *last = Some(read.clone());
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(side: &SharedSide, taker: Taker, failed: bool) {
        let now = RunClock::default();
        side.keep(SideReading {
            number: side.begun.fetch_add(1, Ordering::SeqCst),
            taker: taker.id,
            begun: now,
            answered: now,
            came: Came::Refused(None),
            failed,
            again: false,
        });
    }

    #[tokio::test]
    async fn a_reading_serves_whoever_began_before_it_and_nobody_who_came_later() {
        let side = SharedSide::default();
        let [first, second] = [side.taker(), side.taker()];
        assert!(side.last(first).is_none());
        reads(&side, first, false);
        assert!(side.last(first).is_some() && side.last(second).is_some());
        let late = side.taker();
        assert!(side.last(late).is_none());
        // Nor does one that is under way when somebody comes.
        let mut under_way = None;
        side.read(first, async {
            under_way = Some(side.taker());
            Came::Refused(None)
        })
        .await;
        assert!(side.last(under_way.unwrap()).is_none());
        assert!(side.last(late).is_some());
    }

    #[test]
    fn one_that_failed_is_tried_once_more_for_all_the_others() {
        let side = SharedSide::default();
        let [first, second, third] = [side.taker(), side.taker(), side.taker()];
        reads(&side, first, true);
        assert!(side.last(first).is_some(), "its own");
        assert!(side.last(second).is_none() && side.last(third).is_none());
        reads(&side, second, true);
        assert!(side.last(third).is_some(), "it failed twice");
        reads(&side, second, false);
        assert!(side.last(third).is_some());
        reads(&side, third, true);
        assert!(side.last(first).is_none(), "and once after it was well");
    }
}
