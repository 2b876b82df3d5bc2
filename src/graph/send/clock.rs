//! How far our clock is from Meta's, by the dates of its answers.
//!
//! The one decision: nothing is asked for its own sake; Meta dates every answer.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::retry;
use crate::graph::answer::RawResponse;

/// What the last dated answer said of our clock.
#[derive(Debug, Default)]
pub(crate) struct Clock(Mutex<Option<SignedDuration>>);

impl Clock {
    /// Compares our time with the `Date` of an answer that has just come.
    pub(crate) fn heard(&self, answer: &RawResponse, now: Timestamp) {
        let theirs = answer.header("date").and_then(retry::http_date);
        if let Some(theirs) = theirs {
            let ahead = SignedDuration::from_secs(now.as_second() - theirs);
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
        }
    }

    /// How far our clock is ahead; none before the first dated answer.
    pub(crate) fn ahead(&self) -> Option<SignedDuration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks() {
        let now: Timestamp = "2026-11-22T08:50:37Z".parse().unwrap();
        for (date, expected) in [
            (Some("Sun, 22 Nov 2026 08:49:37 GMT"), Some(60)),
            (Some("Sun, 22 Nov 2026 09:50:37 GMT"), Some(-3600)),
            (Some("yesterday"), None),
            (None, None),
        ] {
            let headers = date.map(|date| ("date".to_owned(), date.to_owned()));
            let answer = RawResponse {
                headers: headers.into_iter().collect(),
                ..RawResponse::default()
            };
            let clock = Clock::default();
            clock.heard(&answer, now);
            let ahead = clock.0.lock().unwrap().map(|ahead| ahead.as_secs());
            assert_eq!(ahead, expected, "{date:?}");
        }
    }
}
