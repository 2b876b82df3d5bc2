//! How much of a quota is used, read from Meta's two usage headers.
//!
//! The one decision: the headers are read leniently and can never fail a call. Every number in an entry
//! that is not a time counts as a percentage, since Meta's hosts name them differently; the worst counts.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Map, Value};

/// Percent used from which calls are spread out.
const SPREAD_FROM: u16 = 75;

/// Percent used from which no call is sent.
const FULL_FROM: u16 = 95;

/// The longest wait that is believed. It is more than any rolling hour needs, and keeps sums in bounds.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// Most entries kept; Meta sends up to 32 a time.
const MOST: usize = 256;

/// Which quota: the business object (none for the app's or user's own) and the type Meta gives it.
pub(crate) type QuotaKey = (Option<String>, String);

/// How a quota stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct QuotaUsage {
    /// The worst of its percentages.
    pub(crate) used: u16,
    /// How long until calls are let through again, where Meta says so.
    pub(crate) regain: Duration,
}

/// What the quota allows right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuotaLevel {
    /// Full speed.
    Free,
    /// At least this long between two calls.
    Spread { used: u16, gap: Duration },
    /// No call, for so long where it is known.
    Full { used: u16, wait: Option<Duration> },
}

/// Reads both headers; anything that is not understood is passed over.
pub(crate) fn read(app: Option<&str>, business: Option<&str>) -> BTreeMap<QuotaKey, QuotaUsage> {
    let mut entries = BTreeMap::new();
    if let Some(Value::Object(usage)) = app.and_then(json) {
        entries.insert((None, String::new()), entry(&usage));
    }
    let Some(Value::Object(objects)) = business.and_then(json) else {
        return entries;
    };
    for (object, list) in objects {
        let list = match list {
            Value::Array(list) => list,
            single => vec![single],
        };
        for usage in list.iter().filter_map(Value::as_object) {
            let kind = usage.get("type").and_then(Value::as_str);
            let key = (Some(object.clone()), kind.unwrap_or_default().to_owned());
            entries.insert(key, entry(usage));
        }
    }
    entries
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

fn entry(usage: &Map<String, Value>) -> QuotaUsage {
    let mut entry = QuotaUsage::default();
    for (name, value) in usage {
        let Some(number) = number(value) else {
            continue;
        };
        if name == "estimated_time_to_regain_access" {
            let seconds = 60.0 * number;
            entry.regain = Duration::from_secs_f64(seconds.clamp(0.0, LONGEST_WAIT.as_secs_f64()));
        } else if !name.contains("time_to") && !name.contains("duration") && !name.ends_with("id") {
            entry.used = entry.used.max(percent(number));
        }
    }
    entry
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok())
        .filter(|number| number.is_finite())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to three digits first"
)]
fn percent(number: f64) -> u16 {
    number.clamp(0.0, 999.0).ceil() as u16
}

/// The worst percentage of some entries.
pub(crate) fn worst(entries: &BTreeMap<QuotaKey, QuotaUsage>) -> Option<u16> {
    entries.values().map(|entry| entry.used).max()
}

/// Takes in what an answer said.
pub(crate) fn merge(
    known: &mut BTreeMap<QuotaKey, QuotaUsage>,
    news: BTreeMap<QuotaKey, QuotaUsage>,
) {
    for (key, entry) in news {
        if known.len() < MOST || known.contains_key(&key) {
            known.insert(key, entry);
        }
    }
}

/// What the quota allows, by the worst entry.
pub(crate) fn stand(entries: &BTreeMap<QuotaKey, QuotaUsage>) -> QuotaLevel {
    let used = worst(entries).unwrap_or_default();
    let regain = entries.values().map(|entry| entry.regain).max();
    match regain {
        Some(wait) if !wait.is_zero() => QuotaLevel::Full {
            used,
            wait: Some(wait),
        },
        _ if used >= FULL_FROM => QuotaLevel::Full { used, wait: None },
        _ if used >= SPREAD_FROM => QuotaLevel::Spread {
            used,
            gap: gap(used),
        },
        _ => QuotaLevel::Free,
    }
}

/// Half a second between two calls at 75 %, two and a half at 95 %.
fn gap(used: u16) -> Duration {
    Duration::from_millis(100 * u64::from(used.saturating_sub(70)))
}

/// How long to pause: what Meta said, else a guess that doubles. After a refusal the guess is five minutes
/// up to an hour, since calls that are refused prolong the block; before one it is a minute up to ten.
pub(crate) fn pause(known: Option<Duration>, refused: bool, pauses: u32) -> Duration {
    let (first, longest) = if refused { (5, 60) } else { (1, 10) };
    known.unwrap_or_else(|| {
        let minutes = 2_u64.saturating_pow(pauses).saturating_mul(first);
        Duration::from_secs(60 * minutes.min(longest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: u64) -> Duration {
        Duration::from_secs(60 * minutes)
    }

    /// Percent and minutes of the worst entry, for a pair of headers.
    fn both(app: Option<&str>, business: Option<&str>) -> (Option<u16>, u64) {
        let entries = read(app, business);
        let regain = entries.values().map(|entry| entry.regain).max();
        (worst(&entries), regain.unwrap_or_default().as_secs() / 60)
    }

    #[test]
    fn lenient_reading() {
        let sample = r#"{"102290129340398":[
            {"type":"whatsapp_business_management","call_count":1,"total_cputime":1,"total_time":7,"estimated_time_to_regain_access":19},
            {"type":"whatsapp","call_count":3,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0}]}"#;
        for (app, business, expected) in [
            (
                Some(r#"{"call_count":28,"total_time":25,"total_cputime":25}"#),
                None,
                (Some(28), 0),
            ),
            (
                Some(r#"{"call_volume":0,"cpu_time":96}"#),
                None,
                (Some(96), 0),
            ),
            (Some(r#"{"call_count":"77"}"#), None, (Some(77), 0)),
            (Some(r#"{"call_count":74.2}"#), None, (Some(75), 0)),
            (
                Some(r#"{"call_count":-5,"total_time":1e300}"#),
                None,
                (Some(999), 0),
            ),
            (Some(r#"{"call_count":null,"x":[1]}"#), None, (Some(0), 0)),
            (Some("{}"), None, (Some(0), 0)),
            (Some("not json"), Some("[]"), (None, 0)),
            (None, Some(sample), (Some(7), 19)),
            (None, Some(r#"{"1":{"call_count":80}}"#), (Some(80), 0)),
            (None, Some(r#"{"1":[5,null],"2":7}"#), (None, 0)),
            (
                None,
                Some(r#"{"1":[{"call_count":1,"estimated_time_to_regain_access":"5"}]}"#),
                (Some(1), 5),
            ),
            (
                None,
                Some(r#"{"1":[{"estimated_time_to_regain_access":1e18}]}"#),
                (Some(0), 24 * 60),
            ),
            (None, None, (None, 0)),
        ] {
            assert_eq!(both(app, business), expected, "{app:?} {business:?}");
        }
    }

    #[test]
    fn entries_are_kept_apart() {
        let mut known = read(
            Some(r#"{"call_count":10}"#),
            Some(r#"{"1":[{"type":"a","call_count":90}]}"#),
        );
        assert_eq!(worst(&known), Some(90));
        merge(
            &mut known,
            read(None, Some(r#"{"1":[{"type":"b","call_count":20}]}"#)),
        );
        assert_eq!((known.len(), worst(&known)), (3, Some(90)));
        merge(
            &mut known,
            read(None, Some(r#"{"1":[{"type":"a","call_count":5}]}"#)),
        );
        assert_eq!((known.len(), worst(&known)), (3, Some(20)));
    }

    #[test]
    fn stands() {
        for (used, regain, expected) in [
            (0, 0, "free"),
            (74, 0, "free"),
            (75, 0, "500 ms"),
            (90, 0, "2000 ms"),
            (94, 0, "2400 ms"),
            (95, 0, "full"),
            (300, 0, "full"),
            (95, 7, "full 7"),
            (10, 3, "full 3"),
        ] {
            let entry = QuotaUsage {
                used,
                regain: minutes(regain),
            };
            let entries = BTreeMap::from([((None, String::new()), entry)]);
            let seen = match stand(&entries) {
                QuotaLevel::Free => "free".to_owned(),
                QuotaLevel::Spread { gap, .. } => format!("{} ms", gap.as_millis()),
                QuotaLevel::Full { wait: None, .. } => "full".to_owned(),
                QuotaLevel::Full {
                    wait: Some(wait), ..
                } => format!("full {}", wait.as_secs() / 60),
            };
            assert_eq!(seen, expected, "{used} {regain}");
        }
        assert_eq!(stand(&BTreeMap::new()), QuotaLevel::Free);
    }

    #[test]
    fn pauses_double_up_to_their_longest() {
        let guesses = |refused| (0..6).map(move |n| pause(None, refused, n).as_secs() / 60);
        assert!(guesses(false).eq([1, 2, 4, 8, 10, 10]));
        assert!(guesses(true).eq([5, 10, 20, 40, 60, 60]));
        assert_eq!(pause(Some(minutes(19)), true, 5), minutes(19));
        assert_eq!(pause(None, true, u32::MAX), minutes(60));
    }
}
