//! Requests that are none of ours, as a count per minute.
//!
//! The one decision: a stranger costs neither a line nor memory of their own, so that nobody can fill a terminal, a log
//! or a queue from outside.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// How long is counted before it is said.
const MINUTE: Duration = Duration::from_secs(60);

/// Requests of one kind that were refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrayRequests {
    /// How many.
    pub count: u64,
    /// The status that they got.
    pub status: u16,
    /// Why they were refused.
    pub why: &'static str,
}

/// The count of the minute.
#[derive(Default)]
pub(super) struct StrayCount {
    began: Option<Instant>,
    counts: BTreeMap<(u16, &'static str), u64>,
}

impl StrayCount {
    /// Counts one.
    pub(super) fn add(&mut self, status: u16, why: &'static str, now: Instant) {
        self.began.get_or_insert(now);
        *self.counts.entry((status, why)).or_default() += 1;
    }

    /// When the minute is over, if one has begun.
    pub(super) fn due_at(&self) -> Option<Instant> {
        Some(self.began? + MINUTE)
    }

    /// What was counted in a minute that is over.
    pub(super) fn due(&mut self, now: Instant) -> Option<Vec<StrayRequests>> {
        self.due_at().filter(|due| *due <= now)?;
        self.flush()
    }

    /// What was counted so far, the most frequent first; the count begins anew.
    pub(super) fn flush(&mut self) -> Option<Vec<StrayRequests>> {
        self.began.take()?;
        let counts = std::mem::take(&mut self.counts).into_iter();
        let mut kinds: Vec<_> = counts
            .map(|((status, why), count)| StrayRequests { count, status, why })
            .collect();
        kinds.sort_by_key(|kind| std::cmp::Reverse(kind.count));
        Some(kinds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_one_count() {
        let (begin, mut strangers) = (Instant::now(), StrayCount::default());
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert_eq!(strangers.due(at(1000)), None);
        for second in 0..30 {
            strangers.add(404, "a", at(second));
        }
        strangers.add(412, "b", at(40));
        assert_eq!(strangers.due(at(59)), None);
        let said: Vec<_> = strangers.due(at(60)).unwrap();
        let said: Vec<_> = said.iter().map(|kind| (kind.count, kind.status)).collect();
        assert_eq!(said, [(30, 404), (1, 412)]);
        assert_eq!((strangers.due_at(), strangers.flush()), (None, None));
    }
}
