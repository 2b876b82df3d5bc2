//! Whether a call is tried again, and when.
//!
//! The one decision: a pure function decides, and it never lets a write be sent twice. Whether a write
//! may be repeated is a question about the object at Meta's, which only the engine can answer.

use std::time::Duration;

use super::pace::Pace;
use crate::graph::{answer::codes::ErrorClass, error::ErrorCause};

/// Tries of a read that Meta answered with code 1, which may just as well be a wrong request.
const TRIES_UNKNOWN_ERROR: u32 = 3;

/// One try that failed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FailedAttempt<'a> {
    /// Whether the call writes.
    pub(crate) writes: bool,
    /// The how-manieth try it was, from 1.
    pub(crate) attempt: u32,
    /// What it asks for, as a read.
    pub(crate) class: ErrorClass,
    pub(crate) cause: &'a ErrorCause,
    /// What the answer's `Retry-After` says.
    pub(crate) retry_after: Option<Duration>,
}

/// How long to pause before the next try; none means there is none.
///
/// `jitter` is a number from 0 to 1, drawn by the caller: the pause is that part of the longest one, so
/// that many clients do not come back at once.
pub(crate) fn pause(failed: FailedAttempt<'_>, pace: &Pace, jitter: f64) -> Option<Duration> {
    if failed.writes || failed.class != ErrorClass::Transient {
        return None;
    }
    if failed.attempt >= tries(failed.cause, pace) {
        return None;
    }
    let longest = pace.backoff * 2_u32.saturating_pow(failed.attempt - 1).min(64);
    let backoff = longest.mul_f64(jitter.clamp(0.0, 1.0));
    let asked = failed.retry_after.unwrap_or_default();
    Some(backoff.max(asked.min(pace.retry_after_cap)))
}

/// How many tries a read has that failed in this way.
pub(crate) fn tries(cause: &ErrorCause, pace: &Pace) -> u32 {
    match cause {
        ErrorCause::Meta(meta) if meta.code == Some(1) => pace.tries.min(TRIES_UNKNOWN_ERROR),
        _ => pace.tries,
    }
}

/// Reads `Retry-After`: seconds, or an HTTP date, which is compared with the answer's own `Date`, so that
/// a wrong clock here does no harm.
pub(crate) fn retry_after(value: Option<&str>, date: Option<&str>) -> Option<Duration> {
    let value = value?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(value)?;
    let now = http_date(date?.trim())?;
    Some(Duration::from_secs(
        u64::try_from(until - now).unwrap_or_default(),
    ))
}

/// `Sun, 22 Nov 2026 08:49:37 GMT` as Unix seconds.
pub(crate) fn http_date(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp().as_second())
}

/// A number from 0 to 1. Without randomness it is 1, the longest pause.
pub(crate) fn jitter() -> f64 {
    getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{
        answer::meta::MetaError, error::Unreadable, send::transport::TransportError,
    };

    fn meta(code: i64) -> ErrorCause {
        ErrorCause::Meta(Box::new(MetaError {
            code: Some(code),
            ..MetaError::default()
        }))
    }

    #[test]
    fn truth_table() {
        let pace = Pace::default();
        let lost = ErrorCause::Transport(TransportError::Lost(String::new()));
        let never = ErrorCause::Transport(TransportError::NoConnection(String::new()));
        let late = ErrorCause::Transport(TransportError::Timeout(String::new()));
        let html = ErrorCause::Unreadable(Unreadable::MetaPage, String::new());
        let (code1, code2, code4, code190) = (meta(1), meta(2), meta(4), meta(190));
        for (writes, attempt, class, cause, seconds) in [
            (false, 1, ErrorClass::Transient, &code2, Some(1)),
            (false, 2, ErrorClass::Transient, &code2, Some(2)),
            (false, 3, ErrorClass::Transient, &code2, Some(4)),
            (false, 4, ErrorClass::Transient, &code2, None),
            (false, 1, ErrorClass::Transient, &lost, Some(1)),
            (false, 3, ErrorClass::Transient, &late, Some(4)),
            (false, 1, ErrorClass::Transient, &never, Some(1)),
            (false, 1, ErrorClass::Transient, &html, Some(1)),
            (false, 2, ErrorClass::Transient, &code1, Some(2)),
            (false, 3, ErrorClass::Transient, &code1, None),
            (false, 1, ErrorClass::Quota, &code4, None),
            (false, 1, ErrorClass::Auth, &code190, None),
            (false, 1, ErrorClass::Input, &html, None),
            (false, 1, ErrorClass::Permission, &code4, None),
            (false, 1, ErrorClass::State, &code4, None),
            (true, 1, ErrorClass::Transient, &code2, None),
            (true, 1, ErrorClass::Transient, &lost, None),
            (true, 1, ErrorClass::Transient, &never, None),
            (true, 1, ErrorClass::Transient, &late, None),
        ] {
            let failed = FailedAttempt {
                writes,
                attempt,
                class,
                cause,
                retry_after: None,
            };
            assert_eq!(
                pause(failed, &pace, 1.0),
                seconds.map(Duration::from_secs),
                "{failed:?}"
            );
            assert_eq!(
                pause(failed, &pace, 0.0),
                seconds.map(|_| Duration::ZERO),
                "{failed:?}"
            );
        }
    }

    #[test]
    fn retry_after_is_honoured_and_capped() {
        let cause = meta(2);
        for (asked, jitter, expected) in [
            (None, 0.5, 500),
            (Some(3), 1.0, 3000),
            (Some(9999), 1.0, 60_000),
        ] {
            let failed = FailedAttempt {
                writes: false,
                attempt: 1,
                class: ErrorClass::Transient,
                cause: &cause,
                retry_after: asked.map(Duration::from_secs),
            };
            assert_eq!(
                pause(failed, &Pace::default(), jitter),
                Some(Duration::from_millis(expected))
            );
        }
    }

    #[test]
    fn retry_after_forms() {
        let date = Some("Sun, 22 Nov 2026 08:49:37 GMT");
        for (value, date, seconds) in [
            (Some("120"), None, Some(120)),
            (Some(" 0 "), None, Some(0)),
            (Some("Sun, 22 Nov 2026 08:50:07 GMT"), date, Some(30)),
            (Some("Sun, 22 Nov 2026 08:49:00 GMT"), date, Some(0)),
            (Some("Sun, 22 Nov 2026 08:50:07 GMT"), None, None),
            (Some("-5"), date, None),
            (Some("soon"), date, None),
            (None, date, None),
        ] {
            assert_eq!(
                retry_after(value, date),
                seconds.map(Duration::from_secs),
                "{value:?}"
            );
        }
    }
}
