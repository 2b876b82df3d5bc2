//! The visitors: who has the page open, by the nonce of their own GET.
//!
//! The one decision: a nonce belongs to one GET, and all that is told goes to the one whose nonce asks. Their number is
//! bounded, and who is silent is forgotten; who brought a token is forgotten last.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use serde::Serialize;

use super::{
    config::PagePurpose,
    progress::{Progress, TokenReason, Verdict},
};

/// How many visitors are known at once.
pub(super) const MOST: usize = 2_000;
/// How long one is known whose page never said a word: a program that fetched the link.
const SILENT: Duration = Duration::from_secs(10 * 60);
/// How long one is known who was not heard of, and brought nothing.
const GUEST: Duration = Duration::from_secs(60 * 60);
/// How long one is known who was not heard of, and brought a token: a laptop that slept gets its ids.
const CLIENT: Duration = Duration::from_secs(24 * 60 * 60);
/// How often the silent are looked for.
const SWEEP: Duration = Duration::from_secs(60);

/// One visitor of one run; no secret, unlike their nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VisitorId(u64);

impl std::fmt::Display for VisitorId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The link that a visitor came by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct VisitedLink {
    /// Its path.
    pub(super) path: Arc<str>,
    /// Whom it is for.
    pub(super) label: Option<Arc<str>>,
}

/// How far a visitor's page is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub(super) enum PagePhase {
    /// A token is welcome.
    Open,
    /// Theirs waits for its turn.
    Queued,
    /// Theirs is being judged.
    Checking,
    /// The last one was refused; another is welcome.
    Refused { refused: TokenReason },
    /// Theirs was accepted.
    Accepted,
    /// Nobody waits any more.
    Ended,
}

/// What a page fetches.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PageStatus {
    #[serde(flatten)]
    pub(super) phase: PagePhase,
    progress: Option<Progress>,
    /// Nothing more will come.
    pub(super) last: bool,
}

/// A visitor.
#[derive(Debug)]
pub(super) struct PageVisitor {
    pub(super) id: VisitorId,
    pub(super) link: VisitedLink,
    pub(super) status: PageStatus,
    /// When they were last heard of.
    seen: Instant,
    /// Whether their page said a word.
    spoke: bool,
    /// Whether they brought a token.
    brought: bool,
    /// Whether their page fetched `status` since it changed.
    fetched: bool,
    /// Whether their page was closed.
    gone: bool,
}

impl PageVisitor {
    /// How long they are known without a word.
    fn patience(&self) -> Duration {
        match (self.brought, self.spoke) {
            (true, _) => CLIENT,
            (false, true) => GUEST,
            (false, false) => SILENT,
        }
    }

    /// Whether somebody works for them at this moment, so that they cannot be forgotten.
    fn is_served(&self) -> bool {
        let over = self.status.last || self.has_finished();
        self.brought && !over && !matches!(self.status.phase, PagePhase::Refused { .. })
    }

    /// Who gives their place up first: the least.
    fn worth(&self) -> (bool, bool, Instant) {
        (self.brought, self.spoke, self.seen)
    }

    fn change(&mut self, change: impl FnOnce(&mut PageStatus)) {
        change(&mut self.status);
        self.fetched = false;
    }

    /// Their token waits, or is being judged.
    pub(super) fn brings(&mut self, phase: PagePhase) {
        self.brought = true;
        self.change(|status| status.phase = phase);
    }

    /// The answer to their token.
    pub(super) fn judged(&mut self, verdict: Verdict, story: PagePurpose) {
        self.change(|status| match verdict {
            Verdict::Accepted => {
                status.phase = PagePhase::Accepted;
                status.last = story == PagePurpose::ServeButton;
            }
            Verdict::Refused(refused) => status.phase = PagePhase::Refused { refused },
        });
    }

    /// How far their onboarding is.
    pub(super) fn shows(&mut self, progress: Progress) {
        self.change(|status| {
            status.last = progress.finished && !progress.may_change;
            status.progress = Some(progress);
        });
    }

    /// Whether nothing is under way for them any more, though somebody may still change what they see.
    fn has_finished(&self) -> bool {
        let progress = self.status.progress.as_ref();
        progress.is_some_and(|progress| progress.finished)
    }

    /// Nobody waits for them any more.
    pub(super) fn ends(&mut self) {
        if self.has_finished() {
            // What it shows stays true.
            self.status.last = true;
        }
        if !self.status.last {
            self.change(|status| {
                status.phase = PagePhase::Ended;
                status.last = true;
            });
        }
    }

    /// What their page fetches; from then on it counts as fetched.
    pub(super) fn fetch(&mut self) -> String {
        self.fetched = true;
        self.gone = false;
        serde_json::to_string(&self.status).unwrap_or_default()
    }

    /// Their page was closed.
    pub(super) fn leaves(&mut self) {
        self.gone = true;
    }

    /// Whether they should still fetch how it ended.
    pub(super) fn is_waited_for(&self) -> bool {
        self.brought && !self.fetched && !self.gone
    }
}

/// All visitors.
#[derive(Debug)]
pub(super) struct Visitors {
    by_nonce: HashMap<Arc<str>, PageVisitor>,
    nonces: HashMap<VisitorId, Arc<str>>,
    last_id: u64,
    swept: Instant,
}

impl Visitors {
    /// Nobody yet.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            by_nonce: HashMap::new(),
            nonces: HashMap::new(),
            last_id: 0,
            swept: now,
        }
    }

    /// A page was fetched with this nonce. `false`: there is no place, as all are being served.
    pub(super) fn come(&mut self, nonce: &str, link: VisitedLink, now: Instant) -> bool {
        if now.saturating_duration_since(self.swept) >= SWEEP {
            self.swept = now;
            self.sweep(now);
        }
        if self.by_nonce.len() >= MOST && !self.make_room() {
            return false;
        }
        self.last_id += 1;
        let (id, nonce) = (VisitorId(self.last_id), Arc::<str>::from(nonce));
        self.nonces.insert(id, Arc::clone(&nonce));
        let visitor = PageVisitor {
            id,
            link,
            status: PageStatus {
                phase: PagePhase::Open,
                progress: None,
                last: false,
            },
            seen: now,
            spoke: false,
            brought: false,
            fetched: false,
            gone: false,
        };
        self.by_nonce.insert(nonce, visitor);
        true
    }

    /// Whether a nonce is one of ours. A map with keyed hashes tells nothing about how near a guess came.
    pub(super) fn knows(&self, nonce: &str) -> bool {
        self.by_nonce.contains_key(nonce)
    }

    /// Whose nonce this is; they were heard of.
    pub(super) fn heard(&mut self, nonce: &str, now: Instant) -> Option<&mut PageVisitor> {
        let visitor = self.by_nonce.get_mut(nonce)?;
        visitor.seen = now;
        visitor.spoke = true;
        Some(visitor)
    }

    /// Whose nonce this is.
    pub(super) fn get(&self, nonce: &str) -> Option<&PageVisitor> {
        self.by_nonce.get(nonce)
    }

    /// A visitor.
    pub(super) fn with_id(&mut self, id: VisitorId) -> Option<&mut PageVisitor> {
        self.by_nonce.get_mut(self.nonces.get(&id)?)
    }

    /// Every visitor.
    pub(super) fn all(&mut self) -> impl Iterator<Item = &mut PageVisitor> {
        self.by_nonce.values_mut()
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.by_nonce.len()
    }

    fn sweep(&mut self, now: Instant) {
        self.by_nonce.retain(|_, visitor| {
            visitor.is_served() || now.saturating_duration_since(visitor.seen) < visitor.patience()
        });
        self.forget_ids();
    }

    /// Whoever is worth least gives their place up, a tenth at once, so that a crowd does not cost a search each.
    fn make_room(&mut self) -> bool {
        let mut idle: Vec<_> = self
            .by_nonce
            .iter()
            .filter(|(_, visitor)| !visitor.is_served())
            .map(|(nonce, visitor)| (visitor.worth(), Arc::clone(nonce)))
            .collect();
        idle.sort_unstable();
        for (_, nonce) in idle.iter().take(MOST / 10) {
            self.by_nonce.remove(nonce);
        }
        self.forget_ids();
        !idle.is_empty()
    }

    fn forget_ids(&mut self) {
        let Self {
            by_nonce, nonces, ..
        } = self;
        nonces.retain(|_, nonce| by_nonce.contains_key(nonce));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Two visitors.
    pub(in crate::button) fn visitor_ids() -> [VisitorId; 2] {
        [VisitorId(1), VisitorId(2)]
    }

    fn link() -> VisitedLink {
        VisitedLink {
            path: "/x".into(),
            label: None,
        }
    }

    #[test]
    fn a_day_of_polls_and_of_fetches_needs_no_more_memory_than_a_minute() {
        let begin = Instant::now();
        let mut visitors = Visitors::new(begin);
        visitors.come("ids", link(), begin);
        let client = visitors.heard("ids", begin).unwrap();
        client.brings(PagePhase::Checking);
        client.judged(Verdict::Accepted, PagePurpose::ServeButton);
        let mut most = 0;
        // A page that polls every five seconds, and a previewer each second.
        for second in 0..86_000 {
            let now = begin + Duration::from_secs(second);
            if second % 5 == 0 {
                let nonce = if second == 0 { "poll" } else { "" };
                if second == 0 {
                    visitors.come(nonce, link(), now);
                }
                visitors.heard("poll", now).unwrap().fetch();
            }
            assert!(visitors.come(&format!("once-{second}"), link(), now));
            most = most.max(visitors.len());
        }
        assert!(most < 700, "{most}");
        assert_eq!(visitors.nonces.len(), visitors.len());
        assert!(visitors.knows("poll") && visitors.knows("ids"));
        let later = begin + Duration::from_secs(86_000) + CLIENT;
        visitors.come("new", link(), later);
        assert!(!visitors.knows("poll") && !visitors.knows("ids"));
    }

    #[test]
    fn who_brought_a_token_is_not_crowded_out() {
        let now = Instant::now();
        let mut visitors = Visitors::new(now);
        visitors.come("served", link(), now);
        visitors
            .heard("served", now)
            .unwrap()
            .brings(PagePhase::Queued);
        visitors.come("reads", link(), now);
        visitors.heard("reads", now);
        for at in 0..10 * MOST {
            assert!(visitors.come(&at.to_string(), link(), now));
            assert!(visitors.len() <= MOST);
        }
        assert!(visitors.knows("served") && visitors.knows("reads"));
        for visitor in visitors.all() {
            visitor.brings(PagePhase::Queued);
        }
        let mut place = true;
        for at in 0..MOST {
            place = visitors.come(&format!("late-{at}"), link(), now);
            if let Some(late) = visitors.heard(&format!("late-{at}"), now) {
                late.brings(PagePhase::Queued);
            }
        }
        assert!(!place && visitors.len() == MOST, "all are being served");
    }

    #[test]
    fn who_waits_for_a_later_yes_goes_on_asking_and_holds_up_no_end() {
        let now = Instant::now();
        let mut visitors = Visitors::new(now);
        visitors.come("waits", link(), now);
        let visitor = visitors.heard("waits", now).unwrap();
        visitor.brings(PagePhase::Checking);
        visitor.judged(Verdict::Accepted, PagePurpose::Onboard);
        visitor.shows(Progress {
            finished: true,
            may_change: true,
            ..Progress::default()
        });
        assert!(!visitor.status.last && !visitor.is_served());
        let shown = visitor.fetch();
        assert!(shown.contains("\"finished\":true") && shown.contains("\"last\":false"));
        visitor.ends();
        assert!(visitor.status.last && !visitor.is_waited_for());
        assert_eq!(visitor.status.phase, PagePhase::Accepted);
    }
}
