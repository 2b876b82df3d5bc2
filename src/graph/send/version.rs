//! Versions of the Graph API and how long each lives.
//!
//! The one decision: the dates are a table (graph-api.md, 1.1), not a formula, since two versions got a
//! week less than Meta's rule says. A version past its end is not refused by Meta: it is served as the
//! oldest live one, which is why we have to say so ourselves.

use std::{fmt, str::FromStr};

use jiff::civil::{Date, date};
use serde::{Serialize, Serializer};

/// Days before its end from which a version is warned about.
const SOON: i32 = 90;

/// A version, its first day, and the day from which it is no longer served.
const TABLE: [(ApiVersion, Date, Option<Date>); 9] = [
    (v(19), date(2024, 1, 23), Some(date(2026, 5, 21))),
    (v(20), date(2024, 5, 21), Some(date(2026, 9, 24))),
    (v(21), date(2024, 10, 2), Some(date(2027, 1, 21))),
    (v(22), date(2025, 1, 21), Some(date(2027, 5, 20))),
    (v(23), date(2025, 5, 29), Some(date(2027, 10, 8))),
    (v(24), date(2025, 10, 8), Some(date(2028, 2, 18))),
    (v(25), date(2026, 2, 18), Some(date(2028, 7, 29))),
    (v(26), date(2026, 7, 29), None),
    (v(27), date(2026, 11, 4), None),
];

/// The day on which the table was last held against Meta's changelog.
const TABLE_OF: Date = date(2026, 11, 26);

/// After so many days Meta has brought a version that the table does not know.
const OLD: i32 = 183;

/// Since when the table of versions is old; none while it is not.
pub fn table_is_old(today: Date) -> Option<Date> {
    let days = today.since(TABLE_OF).map_or(0, |age| age.get_days());
    (days > OLD).then_some(TABLE_OF)
}

const fn v(major: u16) -> ApiVersion {
    ApiVersion { major, minor: 0 }
}

/// The version that is asked for where nobody chooses one: here alone, for the code, the help and the tests.
macro_rules! default_version {
    () => {
        "v26.0"
    };
}
pub(crate) use default_version;

/// A version in Meta's form, `v26.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    major: u16,
    minor: u16,
}

/// Why a text is no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a version of the Graph API: they look like v26.0")]
pub struct VersionError(String);

/// How a version stands on some day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionStatus {
    /// Served, and for 90 days at least.
    Live,
    /// Served, but not for long.
    EndsSoon {
        /// The first day on which it is not.
        on: Date,
        /// Days until then, at least 1.
        days: i32,
    },
    /// No longer served.
    Expired {
        /// Since when, where we know.
        on: Option<Date>,
        /// What Meta serves in its place: the oldest live version.
        served_as: ApiVersion,
    },
    /// Newer than our table, and so not checked.
    Newer,
    /// Within our table and not in it: it was never released.
    Unreleased,
}

impl ApiVersion {
    /// The newest version of the table.
    pub fn newest() -> Self {
        TABLE[TABLE.len() - 1].0
    }

    /// How this version stands on `today`.
    pub fn life(self, today: Date) -> VersionStatus {
        let Some((_, _, end)) = TABLE.iter().find(|(version, ..)| *version == self) else {
            return if self < TABLE[0].0 {
                VersionStatus::Expired {
                    on: None,
                    served_as: oldest_live(today),
                }
            } else if TABLE.last().is_some_and(|(newest, ..)| self > *newest) {
                VersionStatus::Newer
            } else {
                VersionStatus::Unreleased
            };
        };
        match *end {
            Some(on) if on <= today => VersionStatus::Expired {
                on: Some(on),
                served_as: oldest_live(today),
            },
            Some(on) => match days_between(today, on) {
                days if days < SOON => VersionStatus::EndsSoon { on, days },
                _ => VersionStatus::Live,
            },
            None => VersionStatus::Live,
        }
    }
}

/// Whether a text is a version of the table.
pub(crate) fn is_known(text: &str) -> bool {
    let version = text.parse();
    version.is_ok_and(|version| TABLE.iter().any(|(known, ..)| *known == version))
}

/// The version of the table before this one, or the oldest.
pub(crate) fn before(text: &str) -> ApiVersion {
    let older = TABLE.iter().rev().map(|(version, ..)| *version);
    let mut older = older.filter(|version| text.parse().is_ok_and(|this| *version < this));
    older.next().unwrap_or(TABLE[0].0)
}

/// The version that stands in for those past their end.
fn oldest_live(today: Date) -> ApiVersion {
    TABLE
        .iter()
        .find(|(_, _, end)| end.is_none_or(|end| today < end))
        .map_or_else(ApiVersion::default, |(version, ..)| *version)
}

/// Whole days from one day to a later one.
fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

impl Default for ApiVersion {
    fn default() -> Self {
        default_version!().parse().unwrap_or(v(26))
    }
}

impl FromStr for ApiVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let number = |part: &str| {
            part.bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| part.parse().ok())
                .flatten()
        };
        text.strip_prefix('v')
            .and_then(|rest| rest.split_once('.'))
            .and_then(|(major, minor)| {
                Some(Self {
                    major: number(major)?,
                    minor: number(minor)?,
                })
            })
            .ok_or_else(|| VersionError(text.chars().take(20).collect()))
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.major, self.minor)
    }
}

impl Serialize for ApiVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for good in ["v26.0", "v2.10", "v99.1"] {
            assert_eq!(good.parse::<ApiVersion>().unwrap().to_string(), good);
        }
        for bad in [
            "26.0",
            "v26",
            "v26.",
            "v.0",
            "V26.0",
            "v26.0.1",
            " v26.0",
            "v+6.0",
            "v99999999.0",
            "",
        ] {
            assert!(bad.parse::<ApiVersion>().is_err(), "{bad:?} was taken");
        }
        assert_eq!(ApiVersion::default().to_string(), default_version!());
    }

    #[test]
    fn lives_on_the_day_the_table_was_written() {
        let today = date(2026, 11, 22);
        let expired = |on| VersionStatus::Expired {
            on,
            served_as: v(21),
        };
        for (version, life) in [
            ("v2.10", expired(None)),
            ("v19.0", expired(Some(date(2026, 5, 21)))),
            ("v20.0", expired(Some(date(2026, 9, 24)))),
            (
                "v21.0",
                VersionStatus::EndsSoon {
                    on: date(2027, 1, 21),
                    days: 60,
                },
            ),
            ("v22.0", VersionStatus::Live),
            ("v26.0", VersionStatus::Live),
            ("v27.0", VersionStatus::Live),
            ("v28.0", VersionStatus::Newer),
            ("v26.1", VersionStatus::Unreleased),
        ] {
            assert_eq!(
                version.parse::<ApiVersion>().unwrap().life(today),
                life,
                "{version}"
            );
        }
    }

    #[test]
    fn borders() {
        let end = date(2027, 1, 21);
        let life = |today| v(21).life(today);
        assert_eq!(
            life(end.yesterday().unwrap()),
            VersionStatus::EndsSoon { on: end, days: 1 }
        );
        assert_eq!(
            life(end),
            VersionStatus::Expired {
                on: Some(end),
                served_as: v(22)
            }
        );
        assert_eq!(
            life(date(2026, 10, 23)),
            VersionStatus::Live,
            "90 days left"
        );
        assert_eq!(
            life(date(2026, 10, 24)),
            VersionStatus::EndsSoon { on: end, days: 89 }
        );
        assert_eq!(
            v(25).life(date(2040, 1, 1)),
            VersionStatus::Expired {
                on: Some(date(2028, 7, 29)),
                served_as: v(26)
            }
        );
    }

    #[test]
    fn the_table_is_old_after_half_a_year() {
        for (today, old) in [
            (date(2026, 11, 26), None),
            (date(2026, 1, 1), None),
            (date(2027, 5, 28), None),
            (date(2027, 5, 29), Some(TABLE_OF)),
        ] {
            assert_eq!(table_is_old(today), old, "{today}");
        }
    }
}
