//! The clock of a run.
//!
//! The one decision: two clocks are read, since the monotonic one stands still while the machine sleeps and the
//! other can be set. The greater of both ages a look or an intent, which is the safe side: what seems old is read
//! again.

use std::time::{Duration, Instant, SystemTime};

/// Since when a run counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunClock {
    steady: Instant,
    wall: SystemTime,
}

impl Default for RunClock {
    fn default() -> Self {
        Self {
            steady: Instant::now(),
            wall: SystemTime::now(),
        }
    }
}

impl RunClock {
    /// How long ago that is.
    pub(crate) fn now(&self) -> Duration {
        self.at(&Self::default())
    }

    /// What it showed when another one began to count.
    pub(crate) fn at(&self, began: &Self) -> Duration {
        let steady = began.steady.saturating_duration_since(self.steady);
        steady.max(began.wall.duration_since(self.wall).unwrap_or_default())
    }
}
