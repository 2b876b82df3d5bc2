//! Moments, as people name them.

use std::str::FromStr;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::context::failure::Failure;

/// A moment as people name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A day.
    Day(Date),
    /// A time.
    At(Timestamp),
    /// So long ago.
    Ago(jiff::SignedDuration),
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::At(at));
        }
        if let Ok(day) = text.parse::<Date>() {
            return Ok(Self::Day(day));
        }
        let days = text
            .strip_suffix('d')
            .and_then(|days| days.parse::<i64>().ok())
            .filter(|days| *days < 40_000);
        let ago = days
            .map(|days| jiff::SignedDuration::from_hours(days * 24))
            .or_else(|| text.parse().ok());
        match ago.filter(jiff::SignedDuration::is_positive) {
            Some(ago) => Ok(Self::Ago(ago)),
            None => Err(
                "a day like 2026-11-22, a time like 2026-11-22T10:00:00Z, or so long ago, like 7d"
                    .to_owned(),
            ),
        }
    }
}

impl When {
    /// The moment; of a day its begin, or (for `--until`) its end.
    pub fn moment(self, now: Timestamp, end: bool) -> Result<Timestamp, Failure> {
        let wrong = |_| Failure::usage("that moment is out of range");
        match self {
            Self::At(at) => Ok(at),
            Self::Ago(ago) => now.checked_sub(ago).map_err(wrong),
            Self::Day(day) => {
                let day = if end {
                    day.tomorrow().map_err(wrong)?
                } else {
                    day
                };
                Ok(day
                    .to_zoned_datetime(TimeZone::UTC)
                    .map_err(wrong)?
                    .timestamp())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        for (text, end, expected) in [
            ("2026-11-01", false, "2026-11-01T00:00:00Z"),
            ("2026-11-01", true, "2026-11-02T00:00:00Z"),
            ("2026-11-01T10:00:00Z", true, "2026-11-01T10:00:00Z"),
            ("7d", false, "2026-11-15T12:00:00Z"),
            ("12h", false, "2026-11-22T00:00:00Z"),
        ] {
            let moment = text.parse::<When>().unwrap().moment(now, end).unwrap();
            assert_eq!(moment.to_string(), expected, "{text}");
        }
        for bad in ["", "yesterday", "-7d", "0d", "999999999d"] {
            assert!(bad.parse::<When>().is_err(), "{bad}");
        }
    }
}
