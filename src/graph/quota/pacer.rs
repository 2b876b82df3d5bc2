//! How fast calls may follow each other, learnt from refusals.
//!
//! The one decision: until Meta refuses a call for its rate, calls go as they come. The refusal tells the rate, which is
//! what went through in the second before the call that was refused, for Meta counts the calls of all our tokens
//! together; from then on every call has its place, a little further from the one before than the rate asks, and nothing
//! is sent in a burst again.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// The second that a rate is of.
const SECOND: Duration = Duration::from_secs(1);

/// So much of what is let through is used: calls do not arrive as evenly as they leave.
const USED: f64 = 0.95;

/// So much of a rate is kept that was refused although calls were spread by it.
const KEPT: f64 = 0.85;

/// By so much the rate grows each second, as far as it was not refused yet.
const GROWS: f64 = 1.02;

/// How long it is believed that a rate is refused.
const BELIEVED: Duration = Duration::from_secs(10 * 60);

/// Departures that are remembered.
const MOST: usize = 20_000;

/// The places of the calls.
#[derive(Debug, Default)]
pub(crate) struct Pacer {
    /// When the calls left that went well, of the last seconds.
    went: VecDeque<Instant>,
    /// The refusals that belong together: the first departure of a refused call, and when it was heard of.
    burst: Option<Burst>,
    /// What was learnt.
    learnt: Option<Learnt>,
}

#[derive(Debug, Clone, Copy)]
struct Burst {
    /// The first that was refused left then.
    left: Instant,
    /// Calls that left before this knew nothing of it.
    until: Instant,
    /// Nothing was learnt from it yet, since others of the same second may still be answered.
    is_new: bool,
}

#[derive(Debug, Clone, Copy)]
struct Learnt {
    /// Calls per second.
    rate: f64,
    /// More than this was refused, at that time.
    refused: (f64, Instant),
    /// When it was set or grew.
    since: Instant,
    /// The place of the next call.
    next: Instant,
}

impl Pacer {
    /// A call went well.
    pub(crate) fn went_well(&mut self, left: Instant) {
        self.went.push_back(left);
        while self.went.len() > MOST
            || self
                .went
                .front()
                .is_some_and(|first| *first + 60 * SECOND < left)
        {
            self.went.pop_front();
        }
    }

    /// A call was refused for the rate; `false`: one that left before an earlier refusal was heard, which says nothing
    /// new.
    pub(crate) fn refused(&mut self, left: Instant, now: Instant) -> bool {
        match &mut self.burst {
            Some(burst) if left <= burst.until => {
                burst.left = burst.left.min(left);
                false
            }
            _ => {
                self.burst = Some(Burst {
                    left,
                    until: now,
                    is_new: true,
                });
                true
            }
        }
    }

    /// After the pause: calls that left until now belong to what was refused.
    pub(crate) fn paused(&mut self, now: Instant) {
        if let Some(burst) = &mut self.burst {
            burst.until = burst.until.max(now);
        }
    }

    /// Takes the next place, and says how long it is until then.
    pub(crate) fn place(&mut self, now: Instant) -> Duration {
        self.learn(now);
        let Some(learnt) = &mut self.learnt else {
            return Duration::ZERO;
        };
        learnt.grow(now);
        let place = learnt.next.max(now);
        learnt.next = place + learnt.gap();
        place.saturating_duration_since(now)
    }

    /// How long it is until the next place, without taking it.
    pub(crate) fn until_next(&self, now: Instant) -> Duration {
        self.learnt.map_or(Duration::ZERO, |learnt| {
            learnt.next.saturating_duration_since(now)
        })
    }

    /// Takes in what a refusal teaches.
    fn learn(&mut self, now: Instant) {
        let Some(burst) = self.burst.as_mut().filter(|burst| burst.is_new) else {
            return;
        };
        burst.is_new = false;
        let (rate, refused) = if let Some(before) = self.learnt {
            (before.rate * KEPT, before.rate)
        } else {
            let in_that_second =
                |left: &&Instant| **left <= burst.left && **left + SECOND > burst.left;
            let count = self.went.iter().filter(in_that_second).count();
            let count = f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
            (count * USED, count)
        };
        let gap = Duration::from_secs_f64(1.0 / rate);
        self.learnt = Some(Learnt {
            rate,
            refused: (refused, now),
            since: now,
            // The probe had the place before.
            next: now + gap,
        });
        self.went.clear();
    }
}

impl Learnt {
    fn gap(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.rate)
    }

    fn grow(&mut self, now: Instant) {
        let (refused, at) = self.refused;
        let most = if now.saturating_duration_since(at) < BELIEVED {
            refused * USED
        } else {
            f64::MAX
        };
        if now.saturating_duration_since(self.since) >= SECOND {
            self.since = now;
            self.rate = (self.rate * GROWS).min(most).max(self.rate);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{cmp::Reverse, collections::BinaryHeap};

    use super::*;

    /// How long a call is on its way in each direction.
    const WAY: u64 = 10;

    /// What a Meta that lets so many calls a second through makes of a run: how long it takes, and how often a burst is
    /// refused. Times are milliseconds of a clock that only the test turns.
    fn run(calls: u64, cap: usize, jobs: u64, retry_after: u64) -> (u64, u32) {
        #[derive(PartialEq, Eq, PartialOrd, Ord)]
        enum Step {
            Ask,
            Leave,
            Arrive(u64),
            Answer(u64, bool),
        }
        let base = Instant::now();
        let at = |ms| base + Duration::from_millis(ms);
        let mut pacer = Pacer::default();
        let mut window: VecDeque<u64> = VecDeque::new();
        let mut steps: BinaryHeap<_> = (0..jobs).map(|job| Reverse((0, job, Step::Ask))).collect();
        let (mut done, mut bursts, mut stopped) = (0, 0, 0);
        while let Some(Reverse((now, job, step))) = steps.pop() {
            let (next, step) = match step {
                Step::Ask | Step::Leave if now < stopped => (stopped, Step::Ask),
                Step::Ask => {
                    pacer.paused(at(stopped));
                    let pause = u64::try_from(pacer.place(at(now)).as_millis()).unwrap();
                    (now + pause, Step::Leave)
                }
                Step::Leave => (now + WAY, Step::Arrive(now)),
                Step::Arrive(left) => {
                    while window.front().is_some_and(|first| first + 1000 <= now) {
                        window.pop_front();
                    }
                    let passes = window.len() < cap;
                    if passes {
                        window.push_back(now);
                    }
                    (now + WAY, Step::Answer(left, passes))
                }
                Step::Answer(left, true) => {
                    pacer.went_well(at(left));
                    done += 1;
                    if done == calls {
                        return (now, bursts);
                    }
                    (now, Step::Ask)
                }
                Step::Answer(left, false) => {
                    if pacer.refused(at(left), at(now)) {
                        bursts += 1;
                        stopped = now + retry_after;
                    }
                    (now, Step::Ask)
                }
            };
            steps.push(Reverse((next, job, step)));
        }
        unreachable!("the run ends with its calls")
    }

    #[test]
    fn one_burst_one_pause_and_then_nearly_what_is_let_through() {
        for cap in [2, 5, 20, 40] {
            for jobs in [1, 8, 64] {
                let calls = 20 * u64::try_from(cap).unwrap();
                let (took, bursts) = run(calls, cap, jobs, 3000);
                let most = 1150 * 20 + 3000 + 1000;
                assert!(
                    took <= most && bursts == 1,
                    "{cap} a second, {jobs} jobs: {took} ms of {most}, {bursts} bursts"
                );
            }
        }
    }

    #[test]
    fn a_rate_that_is_refused_again_gets_lower() {
        let mut pacer = Pacer::default();
        let begun = Instant::now();
        for _ in 0..10 {
            pacer.went_well(begun);
        }
        assert_eq!(pacer.place(begun), Duration::ZERO, "nothing is known");
        assert!(pacer.refused(begun, begun + SECOND));
        assert!(
            !pacer.refused(begun + SECOND / 2, begun + SECOND),
            "it left before the refusal was heard"
        );
        let later = begun + 3 * SECOND;
        let gap = |pacer: &mut Pacer| {
            let first = pacer.place(later);
            pacer.place(later).saturating_sub(first)
        };
        let learnt = gap(&mut pacer);
        assert_eq!(learnt.as_millis(), 105);
        assert!(pacer.refused(later, later + SECOND));
        assert!(gap(&mut pacer) > learnt);
    }
}
