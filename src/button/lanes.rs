//! The tokens that wait for their check: one at a time per link and peer, with a pause after each refusal.
//!
//! The one decision: whoever brings token after token waits for themselves and holds up nobody at another link. The
//! pause grows with the refusals, so that a flood costs Meta's quota and our log next to nothing.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{grant::Grant, visitors::VisitorId};
use crate::secret::UserToken;

/// The pauses after the first, the second and every further refusal in a row.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
];
/// After so long without a refusal the next one counts as the first.
const FORGIVEN: Duration = Duration::from_secs(60);
/// How many tokens wait in a lane.
const WAITING: usize = 16;

/// Who shares a lane.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct LaneKey {
    /// The link's path.
    pub(super) path: Arc<str>,
    /// Where it comes from; None for all that come through the proxy, whose address is nobody's own.
    pub(super) peer: Option<IpAddr>,
}

/// A token that waits.
struct WaitingToken {
    visitor: VisitorId,
    grant: Grant,
    /// Its place among all.
    number: u64,
}

#[derive(Default)]
struct Lane {
    /// The token that the caller has.
    checking: Option<(VisitorId, UserToken)>,
    waiting: VecDeque<WaitingToken>,
    refusals: usize,
    /// When the next may be checked.
    rests_until: Option<Instant>,
}

impl Lane {
    fn refuse(&mut self, now: Instant) {
        let forgiven = self.rests_until.is_none_or(|until| now >= until + FORGIVEN);
        self.refusals = if forgiven { 1 } else { self.refusals + 1 };
        self.rests_until = Some(now + PAUSES[self.refusals.min(PAUSES.len()) - 1]);
    }

    fn is_over(&self, now: Instant) -> bool {
        self.checking.is_none()
            && self.waiting.is_empty()
            && self.rests_until.is_none_or(|until| now >= until + FORGIVEN)
    }
}

/// All lanes.
#[derive(Default)]
pub(super) struct Lanes {
    lanes: HashMap<LaneKey, Lane>,
    last_number: u64,
}

impl Lanes {
    /// A token takes its place; `false`: too many wait. One that is there already was sent twice, as by a browser whose
    /// answer was lost.
    pub(super) fn add(
        &mut self,
        key: LaneKey,
        visitor: VisitorId,
        grant: Grant,
        now: Instant,
    ) -> bool {
        self.lanes.retain(|_, lane| !lane.is_over(now));
        let lane = self.lanes.entry(key).or_default();
        let known = lane.checking.iter().any(|(_, token)| *token == grant.token)
            || lane
                .waiting
                .iter()
                .any(|waiting| waiting.grant.token == grant.token);
        if known {
            return true;
        }
        if lane.waiting.len() >= WAITING {
            return false;
        }
        self.last_number += 1;
        lane.waiting.push_back(WaitingToken {
            visitor,
            grant,
            number: self.last_number,
        });
        true
    }

    /// The next token that may be checked, which then is.
    pub(super) fn take(&mut self, now: Instant) -> Option<(VisitorId, Grant)> {
        let ready = |lane: &&mut Lane| {
            lane.checking.is_none() && lane.rests_until.is_none_or(|until| until <= now)
        };
        let lane = self
            .lanes
            .values_mut()
            .filter(ready)
            .filter(|lane| !lane.waiting.is_empty())
            .min_by_key(|lane| lane.waiting.front().map(|first| first.number))?;
        let WaitingToken { visitor, grant, .. } = lane.waiting.pop_front()?;
        lane.checking = Some((visitor, grant.token.clone()));
        Some((visitor, grant))
    }

    /// When the next token may be checked, if one only rests.
    pub(super) fn due_at(&self) -> Option<Instant> {
        self.lanes
            .values()
            .filter(|lane| lane.checking.is_none() && !lane.waiting.is_empty())
            .filter_map(|lane| lane.rests_until)
            .min()
    }

    /// The check of a visitor's token is over. Whether another of theirs waits.
    pub(super) fn judged(&mut self, visitor: VisitorId, accepted: bool, now: Instant) -> bool {
        let checked = |lane: &&mut Lane| matches!(lane.checking, Some((of, _)) if of == visitor);
        if let Some(lane) = self.lanes.values_mut().find(checked) {
            lane.checking = None;
            if accepted {
                lane.refusals = 0;
                lane.rests_until = None;
            } else {
                lane.refuse(now);
            }
        }
        if accepted {
            self.drop_waiting(|of| of == visitor);
        }
        self.has_waiting(visitor)
    }

    /// Something came that was no token at all. `true`: it is the first in a while, and worth a word.
    pub(super) fn refused_unchecked(&mut self, key: LaneKey, now: Instant) -> bool {
        self.lanes.retain(|_, lane| !lane.is_over(now));
        let lane = self.lanes.entry(key).or_default();
        let rests = lane.rests_until.is_some_and(|until| now < until);
        if !rests {
            lane.refuse(now);
        }
        !rests
    }

    /// Forgets the tokens of these visitors that were not taken yet.
    pub(super) fn drop_waiting(&mut self, of: impl Fn(VisitorId) -> bool) {
        for lane in self.lanes.values_mut() {
            lane.waiting.retain(|waiting| !of(waiting.visitor));
        }
    }

    fn has_waiting(&self, visitor: VisitorId) -> bool {
        let mut waiting = self.lanes.values().flat_map(|lane| &lane.waiting);
        waiting.any(|waiting| waiting.visitor == visitor)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::button::{received, visitors::tests::visitor_ids};

    fn grant(token: &str) -> Grant {
        received::read(&json!({"accessToken": token}), None, 0).unwrap()
    }

    fn lane(path: &str) -> LaneKey {
        LaneKey {
            path: path.into(),
            peer: None,
        }
    }

    #[test]
    fn a_flood_is_checked_four_times_in_five_seconds_and_holds_up_no_other_link() {
        let [stranger, other] = visitor_ids();
        let (begin, mut lanes) = (Instant::now(), Lanes::default());
        let (mut checked, mut told, mut turned_away) = (0, 0, 0);
        for at in 0..5_000 {
            let now = begin + Duration::from_millis(at);
            if !lanes.add(lane("/a"), stranger, grant(&format!("EAAB{at}")), now) {
                turned_away += 1;
            }
            told += usize::from(lanes.refused_unchecked(lane("/b"), now));
            if let Some((of, _)) = lanes.take(now) {
                assert_eq!(of, stranger);
                checked += 1;
                lanes.judged(of, false, now);
            }
        }
        assert_eq!((checked, told), (3, 3), "at 0, 1 and 3 seconds");
        assert!(turned_away > 4_900);
        let now = begin + Duration::from_secs(5);
        assert!(lanes.take(now).is_none());
        assert!(lanes.add(lane("/c"), other, grant("EAAC"), now));
        assert_eq!(lanes.take(now).map(|(of, _)| of), Some(other));
        assert_eq!(lanes.due_at(), Some(begin + Duration::from_secs(8)));
    }

    #[test]
    fn one_at_a_time_in_the_order_in_which_they_came() {
        let [first, second] = visitor_ids();
        let (now, mut lanes) = (Instant::now(), Lanes::default());
        for (of, token) in [
            (first, "EAA1"),
            (second, "EAA2"),
            (first, "EAA3"),
            (second, "EAA2"),
        ] {
            assert!(lanes.add(lane("/a"), of, grant(token), now));
        }
        assert_eq!(lanes.take(now).map(|(of, _)| of), Some(first));
        assert!(lanes.take(now).is_none(), "one at a time");
        assert!(
            lanes.add(lane("/a"), first, grant("EAA1"), now),
            "sent twice"
        );
        assert!(!lanes.judged(first, true, now), "no other is needed");
        assert_eq!(lanes.take(now).map(|(of, _)| of), Some(second));
        assert!(!lanes.judged(second, false, now));
        assert!(lanes.take(now).is_none());
    }

    #[test]
    fn pauses_grow_and_are_forgiven() {
        let [visitor, _] = visitor_ids();
        let (mut now, mut lanes) = (Instant::now(), Lanes::default());
        for (number, pause) in [1, 2, 5, 5].into_iter().enumerate() {
            lanes.add(lane("/a"), visitor, grant(&format!("EAA{number}")), now);
            assert!(lanes.take(now).is_some());
            lanes.judged(visitor, false, now);
            lanes.add(lane("/a"), visitor, grant("EAAX"), now);
            assert_eq!(lanes.due_at(), Some(now + Duration::from_secs(pause)));
            lanes.drop_waiting(|_| true);
            now += Duration::from_secs(pause);
        }
        now += FORGIVEN;
        lanes.add(lane("/b"), visitor, grant("EAA"), now);
        assert_eq!(lanes.lanes.len(), 1, "the other is forgotten");
    }
}
