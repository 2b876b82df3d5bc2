//! The gate that every call passes: whether the quota of its token lets it through.
//!
//! The one decision: quotas are kept per token, since that is what Meta counts, and a refusal of one call
//! stops all calls with that token; one that Meta takes back after seconds is about the rate of all our calls, and
//! stops all. Who waits and who gives up is decided elsewhere; this keeps the books.

pub(crate) mod gate;
mod pacer;
pub(crate) mod usage;

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use self::{
    pacer::Pacer,
    usage::{QuotaKey, QuotaLevel, QuotaUsage},
};
use super::send::call::Bearer;

/// How long a percentage is believed when nobody asks again. The quota is one of a rolling hour.
const BELIEVED: Duration = Duration::from_secs(10 * 60);

/// A refusal that is over after this is about the rate of the calls, not about an hour's quota.
const SHORT: Duration = Duration::from_secs(60);

/// Whose calls are stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// Those with one token.
    One(Bearer),
    /// All.
    All,
}

/// The books of one token.
#[derive(Debug, Default)]
struct TokenQuota {
    entries: BTreeMap<QuotaKey, QuotaUsage>,
    /// When the entries were last heard of.
    heard: Option<Instant>,
    /// Meta refused a call: when, and for how long, where that is known.
    refused: Option<(Instant, Option<Duration>)>,
    /// One call is asking whether the quota is back.
    probing: bool,
    /// Pauses since the last call that went well.
    pauses: u32,
    /// Time spent in pauses during the whole run.
    waited: Duration,
    /// The earliest moment of the next call while calls are spread.
    next: Option<Instant>,
    /// Whether the spreading was said.
    said: bool,
}

/// What the gate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Go.
    Go,
    /// Go after this; `first` if this begins a stretch of spread calls.
    After {
        pause: Duration,
        used: u16,
        gap: Duration,
        first: bool,
    },
    /// Do not go. `pause` is how long one would wait, `known` what is sure of it.
    Stop {
        scope: Scope,
        used: u16,
        pause: Duration,
        known: Option<Duration>,
    },
}

/// The books of all tokens of a client.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    meters: Mutex<BTreeMap<Scope, TokenQuota>>,
    pacer: Mutex<Pacer>,
    /// Each held by the one call that waits and probes, for its token or for all.
    turns: [tokio::sync::Mutex<()>; 4],
}

impl Quota {
    fn meters(&self) -> MutexGuard<'_, BTreeMap<Scope, TokenQuota>> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pacer(&self) -> MutexGuard<'_, Pacer> {
        self.pacer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the one call that waits and probes holds meanwhile.
    pub(crate) fn turn(&self, scope: Scope) -> &tokio::sync::Mutex<()> {
        match scope {
            Scope::One(bearer) => &self.turns[bearer as usize],
            Scope::All => &self.turns[3],
        }
    }

    /// Takes the next place among all calls, and says how long it is until then.
    pub(crate) fn place(&self, now: Instant) -> Duration {
        self.pacer().place(now)
    }

    /// The same, unless it is longer until then than this.
    pub(crate) fn place_within(&self, most: Duration, now: Instant) -> Option<Duration> {
        let mut pacer = self.pacer();
        (pacer.until_next(now) <= most).then(|| pacer.place(now))
    }

    /// Whether calls are stopped by a refusal, or by whoever asks whether they still are.
    pub(crate) fn stopped(&self, bearer: Bearer, now: Instant) -> Option<Admission> {
        let mut meters = self.meters();
        [Scope::All, Scope::One(bearer)]
            .into_iter()
            .find_map(|scope| meters.entry(scope).or_default().stopped(scope, now))
    }

    /// Whether a call with this token may go.
    pub(crate) fn ask(&self, bearer: Bearer, now: Instant) -> Admission {
        if let Some(stopped) = self.stopped(bearer, now) {
            return stopped;
        }
        let mut meters = self.meters();
        let meter = meters.entry(Scope::One(bearer)).or_default();
        let stop = |used, known, refused| Admission::Stop {
            scope: Scope::One(bearer),
            used,
            pause: usage::pause(known, refused, meter.pauses),
            known,
        };
        let believed = |heard: Instant, wait: Option<Duration>| {
            now.saturating_duration_since(heard) < wait.unwrap_or(BELIEVED)
        };
        match (usage::stand(&meter.entries), meter.heard) {
            (QuotaLevel::Full { used, wait }, Some(heard)) if believed(heard, wait) => {
                stop(used, wait, false)
            }
            (QuotaLevel::Spread { used, gap }, Some(heard)) if believed(heard, None) => {
                let at = meter.next.map_or(now, |next| next.max(now));
                meter.next = Some(at + gap);
                let first = !std::mem::replace(&mut meter.said, true);
                Admission::After {
                    pause: at.saturating_duration_since(now),
                    used,
                    gap,
                    first,
                }
            }
            _ => {
                meter.next = None;
                meter.said = false;
                Admission::Go
            }
        }
    }

    /// The worst percentage in all books.
    pub(crate) fn worst(&self) -> Option<u16> {
        let meters = self.meters();
        let refused = |meter: &TokenQuota| meter.refused.map(|_| 100);
        meters
            .values()
            .filter_map(|meter| refused(meter).max(usage::worst(&meter.entries)))
            .max()
    }

    /// Books the usage headers of an answer.
    pub(crate) fn heard(&self, bearer: Bearer, news: BTreeMap<QuotaKey, QuotaUsage>, now: Instant) {
        if !news.is_empty() {
            let mut meters = self.meters();
            let meter = meters.entry(Scope::One(bearer)).or_default();
            usage::merge(&mut meter.entries, news);
            meter.heard = Some(now);
        }
    }

    /// Books a call that went well. One that left before a refusal came says nothing about it.
    pub(crate) fn went_well(&self, bearer: Bearer, left: Instant) {
        self.pacer().went_well(left);
        let mut meters = self.meters();
        for scope in [Scope::All, Scope::One(bearer)] {
            if let Some(meter) = meters.get_mut(&scope)
                && meter.refused.is_none_or(|(since, _)| since < left)
            {
                meter.pauses = 0;
                meter.refused = None;
            }
        }
    }

    /// Books a refusal of a call that left then, and says how long to wait: the longest that Meta named, else a guess.
    pub(crate) fn refused(
        &self,
        bearer: Bearer,
        retry_after: Option<Duration>,
        left: Instant,
        now: Instant,
    ) -> Duration {
        let retry_after = retry_after.map(|wait| wait.min(usage::LONGEST_WAIT));
        let mut meters = self.meters();
        let own = meters.entry(Scope::One(bearer)).or_default();
        let known = match usage::stand(&own.entries) {
            QuotaLevel::Full { wait, .. } => wait.max(retry_after),
            _ => retry_after,
        };
        let Some(short) = known.filter(|wait| *wait <= SHORT) else {
            own.refused = Some((now, known));
            return usage::pause(known, true, own.pauses);
        };
        let new = self.pacer().refused(left, now);
        let all = meters.entry(Scope::All).or_default();
        match all.refused {
            // One of many that were refused together: until the last one's time.
            Some((since, before)) if !new => {
                let until = now.saturating_duration_since(since) + short;
                all.refused = Some((since, before.max(Some(until))));
            }
            // The pause that it asks for is over.
            None if !new => {}
            _ => all.refused = Some((now, known)),
        }
        short
    }

    /// Books a pause before it is waited out; false if the run has no time left for it.
    pub(crate) fn spend(&self, scope: Scope, pause: Duration, most: Duration) -> bool {
        let mut meters = self.meters();
        let meter = meters.entry(scope).or_default();
        let total = meter.waited.saturating_add(pause);
        if total > most {
            return false;
        }
        meter.waited = total;
        true
    }

    /// Forgets what stopped the calls, after a pause. The probe that follows books what is true now; until
    /// [`Quota::probed`] no other call goes.
    pub(crate) fn probe(&self, scope: Scope, now: Instant) {
        self.pacer().paused(now);
        if let Some(meter) = self.meters().get_mut(&scope) {
            meter.entries.clear();
            meter.heard = None;
            meter.refused = None;
            meter.pauses = meter.pauses.saturating_add(1);
            meter.probing = true;
        }
    }

    /// Ends a probe, whatever came of it.
    pub(crate) fn probed(&self, scope: Scope) {
        if let Some(meter) = self.meters().get_mut(&scope) {
            meter.probing = false;
        }
    }
}

impl TokenQuota {
    /// Whether a refusal stops the calls, or a probe that asks whether it still does.
    fn stopped(&self, scope: Scope, now: Instant) -> Option<Admission> {
        let stop = |pause, known| {
            Some(Admission::Stop {
                scope,
                used: 100,
                pause,
                known,
            })
        };
        if self.probing {
            return stop(usage::pause(None, false, self.pauses), None);
        }
        let (since, known) = self.refused?;
        let wait = usage::pause(known, true, self.pauses);
        let left = wait.checked_sub(now.saturating_duration_since(since))?;
        if left.is_zero() {
            return None;
        }
        // Minutes are counted down from where they began; of seconds only the rest is waited for.
        let pause = if scope == Scope::All { left } else { wait };
        stop(pause, Some(known.unwrap_or(wait)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: Bearer = Bearer::User;

    fn used(percent: u16, minutes: u64) -> BTreeMap<QuotaKey, QuotaUsage> {
        let entry = QuotaUsage {
            used: percent,
            regain: Duration::from_secs(60 * minutes),
        };
        BTreeMap::from([((None, String::new()), entry)])
    }

    fn minutes(minutes: u64) -> Duration {
        Duration::from_secs(60 * minutes)
    }

    fn stop(used: u16, pause: u64, known: Option<u64>) -> Admission {
        Admission::Stop {
            scope: Scope::One(USER),
            used,
            pause: minutes(pause),
            known: known.map(minutes),
        }
    }

    #[test]
    fn a_full_quota_stops_its_own_token_only() {
        let quota = Quota::default();
        let now = Instant::now();
        quota.heard(USER, used(97, 0), now);
        assert_eq!(quota.ask(USER, now), stop(97, 1, None));
        assert_eq!(quota.ask(Bearer::System, now), Admission::Go);
        assert_eq!(quota.ask(USER, now + BELIEVED), Admission::Go);
        quota.heard(USER, used(97, 19), now);
        assert_eq!(quota.ask(USER, now + minutes(18)), stop(97, 19, Some(19)));
        assert_eq!(quota.ask(USER, now + minutes(19)), Admission::Go);
    }

    #[test]
    fn a_refusal_stops_at_once_and_longer_each_time() {
        let quota = Quota::default();
        let now = Instant::now();
        assert_eq!(quota.refused(USER, None, now, now), minutes(5));
        assert_eq!(quota.ask(USER, now), stop(100, 5, Some(5)));
        quota.probe(Scope::One(USER), now);
        assert_eq!(
            quota.ask(USER, now),
            stop(100, 2, None),
            "nobody goes during a probe"
        );
        quota.probed(Scope::One(USER));
        assert_eq!(quota.ask(USER, now), Admission::Go);
        assert_eq!(quota.refused(USER, None, now, now), minutes(10));
        quota.went_well(USER, now);
        assert_eq!(
            quota.ask(USER, now),
            stop(100, 10, Some(10)),
            "it left before the refusal"
        );
        quota.went_well(USER, now + minutes(1));
        assert_eq!(quota.ask(USER, now), Admission::Go);
        assert_eq!(quota.refused(USER, None, now, now), minutes(5));
    }

    #[test]
    fn a_refusal_takes_the_longest_time_that_meta_names() {
        let quota = Quota::default();
        let now = Instant::now();
        quota.heard(USER, used(100, 19), now);
        assert_eq!(quota.refused(USER, Some(minutes(3)), now, now), minutes(19));
        assert_eq!(
            quota.refused(USER, Some(minutes(30)), now, now),
            minutes(30)
        );
    }

    #[test]
    fn spread_calls_take_turns() {
        let quota = Quota::default();
        let now = Instant::now();
        quota.heard(USER, used(90, 0), now);
        let pauses: Vec<_> = (0..3)
            .map(|_| match quota.ask(USER, now) {
                Admission::After { pause, first, .. } => (pause.as_millis(), first),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(pauses, [(0, true), (2000, false), (4000, false)]);
        quota.heard(USER, used(10, 0), now);
        assert_eq!(quota.ask(USER, now), Admission::Go);
    }

    #[test]
    fn a_run_waits_no_longer_than_it_was_told() {
        let quota = Quota::default();
        assert!(quota.spend(Scope::One(USER), minutes(5), minutes(12)));
        assert!(quota.spend(Scope::One(USER), minutes(7), minutes(12)));
        assert!(!quota.spend(Scope::One(USER), minutes(1), minutes(12)));
        assert!(quota.spend(Scope::One(USER), minutes(60), Duration::MAX));
    }
}
