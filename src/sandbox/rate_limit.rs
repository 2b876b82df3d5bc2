//! How many calls a second are answered, for those who try what a full quota does.
//!
//! The one decision: it is pure, the caller brings the time. A full second's calls may come at once, then each waits
//! for its turn, as at Meta (graph-api.md, 4).

use std::time::{Duration, Instant};

/// So many calls a second, and as many at once after a pause.
#[derive(Debug)]
pub(super) struct RateLimit {
    /// How long one call takes up.
    each: Duration,
    /// When all that was taken so far is paid for.
    paid: Instant,
}

impl RateLimit {
    /// A limit that nobody has used yet.
    pub(super) fn new(per_second: u32, now: Instant) -> Self {
        Self {
            each: Duration::from_secs(1) / per_second.max(1),
            paid: now,
        }
    }

    /// Takes one call, or says after how long one is taken again.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let paid = self.paid.max(now) + self.each;
        match paid.saturating_duration_since(now + Duration::from_secs(1)) {
            Duration::ZERO => {
                self.paid = paid;
                Ok(())
            }
            early => Err(early),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_s_calls_at_once_and_then_one_by_one() {
        let start = Instant::now();
        let mut limit = RateLimit::new(4, start);
        let mut taken = |ms: u64| limit.take(start + Duration::from_millis(ms)).is_ok();
        for (ms, expected) in [
            (0, true),
            (0, true),
            (0, true),
            (0, true),
            (0, false),
            (249, false),
            (250, true),
            (250, false),
            (749, true),
            (749, false),
            (3000, true),
            (3000, true),
            (3000, true),
            (3000, true),
            (3000, false),
        ] {
            assert_eq!(taken(ms), expected, "at {ms} ms");
        }
    }

    #[test]
    fn it_says_how_long() {
        let start = Instant::now();
        let mut limit = RateLimit::new(2, start);
        for expected in [Ok(()), Ok(()), Err(Duration::from_millis(500))] {
            assert_eq!(limit.take(start), expected);
        }
    }
}
