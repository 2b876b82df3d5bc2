//! Where the pages and the caller meet: what happened, and how far each visitor is.
//!
//! The one decision: a token waits for its turn instead of being turned away, and each answer goes to the visitor who
//! brought it. Talk is bounded, per link and in all: nobody can fill our memory or the operator's screen, nor keep a
//! token out.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use super::{
    config::PagePurpose,
    event::{Happening, PageEvent},
    grant::Grant,
    lanes::{LaneKey, Lanes},
    progress::{Progress, Verdict},
    strangers::StrayCount,
    visitors::{PagePhase, PageVisitor, VisitedLink, VisitorId, Visitors},
};

/// How many happenings wait for the caller before further ones are only counted.
const TALK: usize = 256;
/// How many happenings of one link are told in a minute; a person makes a dozen.
const TALK_OF_A_LINK: u32 = 60;
const MINUTE: Duration = Duration::from_secs(60);

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// One of this visitor's was accepted.
    Accepted,
    /// Nobody waits any more.
    Ended,
    /// Too many wait.
    Crowd,
}

/// What is next for the caller.
#[derive(Debug, PartialEq, Eq)]
enum Taken {
    Now(Happening),
    /// Nothing before then, unless somebody comes.
    Later(Option<Instant>),
}

/// How much a link told in this minute.
struct Told {
    since: Instant,
    count: u32,
}

struct ChannelState {
    visitors: Visitors,
    lanes: Lanes,
    strangers: StrayCount,
    talk: VecDeque<Happening>,
    told: HashMap<Option<Arc<str>>, Told>,
    /// What is said once in a run was said.
    tls_seen: bool,
}

/// Where the pages and the caller meet.
pub(super) struct PageChannel {
    story: PagePurpose,
    state: Mutex<ChannelState>,
    news: Notify,
    seen: Notify,
}

impl PageChannel {
    /// A channel.
    pub(super) fn new(story: PagePurpose, now: Instant) -> Self {
        Self {
            story,
            state: Mutex::new(ChannelState {
                visitors: Visitors::new(now),
                lanes: Lanes::default(),
                strangers: StrayCount::default(),
                talk: VecDeque::new(),
                told: HashMap::new(),
                tls_seen: false,
            }),
            news: Notify::new(),
            seen: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, ChannelState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ---- the pages' side ----------------------------------------------------------------------------

    /// A page was fetched with this nonce. `false`: there is no place for another visitor.
    pub(super) fn come(&self, nonce: &str, link: VisitedLink, now: Instant) -> bool {
        self.lock().visitors.come(nonce, link, now)
    }

    /// Whether a nonce is one of ours.
    pub(super) fn knows(&self, nonce: &str) -> bool {
        self.lock().visitors.knows(nonce)
    }

    /// The path by which a visitor came.
    pub(super) fn path_of(&self, nonce: &str) -> Option<Arc<str>> {
        let state = self.lock();
        let visitor = state.visitors.get(nonce)?;
        Some(Arc::clone(&visitor.link.path))
    }

    /// Something happened at a visitor's page.
    pub(super) fn report(&self, nonce: &str, event: PageEvent, now: Instant) {
        let mut state = self.lock();
        if let Some(visitor) = state.visitors.heard(nonce, now) {
            if event == PageEvent::Left {
                visitor.leaves();
            }
            let happening = Happening {
                label: visitor.link.label.clone(),
                visitor: Some(visitor.id),
                event,
            };
            state.tell(happening, now);
        }
        drop(state);
        self.wake();
    }

    /// Something happened at a link, before anybody was a visitor.
    pub(super) fn report_link(&self, label: Option<Arc<str>>, event: PageEvent, now: Instant) {
        let happening = Happening {
            label,
            visitor: None,
            event,
        };
        self.lock().tell(happening, now);
        self.wake();
    }

    /// https was spoken at the http door; said once.
    pub(super) fn tls_came(&self, now: Instant) {
        let mut state = self.lock();
        if !std::mem::replace(&mut state.tls_seen, true) {
            let happening = Happening {
                label: None,
                visitor: None,
                event: PageEvent::TlsAtHttp,
            };
            state.tell(happening, now);
        }
        drop(state);
        self.wake();
    }

    /// A request was none of ours.
    pub(super) fn stranger(&self, status: u16, why: &'static str, now: Instant) {
        self.lock().strangers.add(status, why, now);
        self.wake();
    }

    /// A visitor brings a token.
    pub(super) fn offer(
        &self,
        nonce: &str,
        grant: Grant,
        peer: Option<IpAddr>,
        now: Instant,
    ) -> Result<(), NotTaken> {
        let mut guard = self.lock();
        let state = &mut *guard;
        let visitor = state.visitors.heard(nonce, now).ok_or(NotTaken::Ended)?;
        match visitor.status.phase {
            PagePhase::Accepted => return Err(NotTaken::Accepted),
            PagePhase::Ended => return Err(NotTaken::Ended),
            _ if visitor.status.last => return Err(NotTaken::Ended),
            PagePhase::Open
            | PagePhase::Queued
            | PagePhase::Checking
            | PagePhase::Refused { .. } => {}
        }
        let key = LaneKey {
            path: Arc::clone(&visitor.link.path),
            peer,
        };
        if !state.lanes.add(key, visitor.id, grant, now) {
            return Err(NotTaken::Crowd);
        }
        if visitor.status.phase != PagePhase::Checking {
            visitor.brings(PagePhase::Queued);
        }
        drop(guard);
        self.wake();
        Ok(())
    }

    /// A visitor brought what is no token, or none of ours.
    pub(super) fn bad_token(&self, nonce: &str, why: String, peer: Option<IpAddr>, now: Instant) {
        let mut guard = self.lock();
        let state = &mut *guard;
        let Some(visitor) = state.visitors.heard(nonce, now) else {
            return;
        };
        let key = LaneKey {
            path: Arc::clone(&visitor.link.path),
            peer,
        };
        let happening = Happening {
            label: visitor.link.label.clone(),
            visitor: Some(visitor.id),
            event: PageEvent::BadToken { why },
        };
        if state.lanes.refused_unchecked(key, now) {
            state.tell(happening, now);
        } else {
            state
                .strangers
                .add(422, "what it brought was no token", now);
        }
        drop(guard);
        self.wake();
    }

    /// What a visitor's page fetches, as JSON.
    pub(super) fn fetch(&self, nonce: &str, now: Instant) -> Option<String> {
        let mut state = self.lock();
        let json = state.visitors.heard(nonce, now).map(PageVisitor::fetch);
        drop(state);
        self.seen.notify_waiters();
        json
    }

    // ---- the caller's side --------------------------------------------------------------------------

    /// The answer about a visitor's token.
    pub(super) fn judged(&self, visitor: VisitorId, verdict: Verdict, now: Instant) {
        let mut guard = self.lock();
        let state = &mut *guard;
        let accepted = verdict == Verdict::Accepted;
        let another = state.lanes.judged(visitor, accepted, now);
        if let Some(visitor) = state.visitors.with_id(visitor) {
            visitor.judged(verdict, self.story);
            if another {
                visitor.brings(PagePhase::Queued);
            }
        }
        drop(guard);
        self.wake();
    }

    /// How far a visitor's onboarding is.
    pub(super) fn show(&self, visitor: VisitorId, progress: Progress) {
        if let Some(visitor) = self.lock().visitors.with_id(visitor) {
            visitor.shows(progress);
        }
    }

    /// Nobody waits any more for whoever came by this path.
    pub(super) fn end_link(&self, path: &str) {
        let mut guard = self.lock();
        let state = &mut *guard;
        let mut ended = Vec::new();
        for visitor in state
            .visitors
            .all()
            .filter(|visitor| *visitor.link.path == *path)
        {
            visitor.ends();
            ended.push(visitor.id);
        }
        state.lanes.drop_waiting(|of| ended.contains(&of));
    }

    /// The requests of strangers that were counted and not told yet.
    pub(super) fn strangers_so_far(&self) -> Option<Happening> {
        self.lock().strangers.flush().map(Happening::strangers)
    }

    /// The next thing that happens. Cancel-safe.
    pub(super) async fn next(&self) -> Happening {
        loop {
            let news = self.news.notified();
            let later = match self.lock().take(Instant::now()) {
                Taken::Now(happening) => return happening,
                Taken::Later(later) => later,
            };
            match later {
                Some(later) => {
                    tokio::select! {
                        () = news => {}
                        () = tokio::time::sleep_until(later.into()) => {}
                    }
                }
                None => news.await,
            }
        }
    }

    /// Says that nobody waits any more, and returns once everybody who brought a token knows all there is to know.
    pub(super) async fn end(&self) {
        for visitor in self.lock().visitors.all() {
            visitor.ends();
        }
        loop {
            let seen = self.seen.notified();
            tokio::pin!(seen);
            seen.as_mut().enable();
            if !self
                .lock()
                .visitors
                .all()
                .any(|visitor| visitor.is_waited_for())
            {
                return;
            }
            seen.await;
        }
    }

    fn wake(&self) {
        // One place is kept for whoever waits next, so no news is missed between a look and the wait.
        self.news.notify_one();
        self.seen.notify_waiters();
    }
}

impl ChannelState {
    /// Tells the caller, as far as there is room.
    fn tell(&mut self, happening: Happening, now: Instant) {
        self.told
            .retain(|_, told| now.saturating_duration_since(told.since) < MINUTE);
        let told = self.told.entry(happening.label.clone()).or_insert(Told {
            since: now,
            count: 0,
        });
        told.count += 1;
        if told.count > TALK_OF_A_LINK || self.talk.len() >= TALK {
            self.strangers
                .add(429, "its page told more than a page does", now);
        } else {
            self.talk.push_back(happening);
        }
    }

    fn take(&mut self, now: Instant) -> Taken {
        if let Some(happening) = self.talk.pop_front() {
            return Taken::Now(happening);
        }
        while let Some((id, grant)) = self.lanes.take(now) {
            // Whoever left with a token brought still counts: they may read the ids at the next visit.
            let Some(visitor) = self.visitors.with_id(id) else {
                self.lanes.judged(id, true, now);
                continue;
            };
            visitor.brings(PagePhase::Checking);
            return Taken::Now(Happening {
                label: visitor.link.label.clone(),
                visitor: Some(id),
                event: PageEvent::Grant(Box::new(grant)),
            });
        }
        if let Some(counts) = self.strangers.due(now) {
            return Taken::Now(Happening::strangers(counts));
        }
        let later = [self.lanes.due_at(), self.strangers.due_at()];
        Taken::Later(later.into_iter().flatten().min())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::Future,
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use serde_json::json;

    use super::*;
    use crate::button::{
        progress::{LastWord, TokenReason},
        received,
    };

    fn grant(token: &str) -> Grant {
        received::read(&json!({"accessToken": token}), None, 0).unwrap()
    }

    fn channel(story: PagePurpose) -> (PageChannel, Instant) {
        let now = Instant::now();
        let channel = PageChannel::new(story, now);
        for (nonce, path) in [("a", "/1"), ("b", "/1"), ("c", "/2")] {
            let link = VisitedLink {
                path: path.into(),
                label: Some(path.into()),
            };
            assert!(channel.come(nonce, link, now));
        }
        (channel, now)
    }

    fn phase(channel: &PageChannel, nonce: &str) -> String {
        let json = channel.fetch(nonce, Instant::now()).unwrap();
        let status: serde_json::Value = serde_json::from_str(&json).unwrap();
        format!("{} {}", status["phase"].as_str().unwrap(), status["last"])
    }

    fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    /// Whose token is to be checked now.
    fn next_token(channel: &PageChannel, now: Instant) -> Option<VisitorId> {
        match channel.lock().take(now) {
            Taken::Now(Happening {
                visitor,
                event: PageEvent::Grant(_),
                ..
            }) => visitor,
            _ => None,
        }
    }

    fn refused() -> Verdict {
        Verdict::Refused(TokenReason::Expired)
    }

    #[test]
    fn a_second_token_waits_and_each_learns_of_their_own_only() {
        let (channel, now) = channel(PagePurpose::Onboard);
        for nonce in ["a", "b", "c"] {
            assert_eq!(
                channel.offer(nonce, grant(&format!("EAA{nonce}")), None, now),
                Ok(())
            );
            assert_eq!(phase(&channel, nonce), "queued false");
        }
        let first = next_token(&channel, now).unwrap();
        let other_link = next_token(&channel, now).unwrap();
        assert_eq!(next_token(&channel, now), None, "one at a time per link");
        assert_eq!(phase(&channel, "a"), "checking false");
        assert_eq!(phase(&channel, "b"), "queued false");
        channel.judged(first, Verdict::Accepted, now);
        channel.show(
            first,
            Progress {
                message: Some(LastWord::Declined),
                finished: true,
                ..Progress::default()
            },
        );
        let second = next_token(&channel, now).unwrap();
        channel.judged(other_link, refused(), now);
        assert_eq!(phase(&channel, "a"), "accepted true");
        assert_eq!(phase(&channel, "b"), "checking false");
        assert_eq!(phase(&channel, "c"), "refused false");
        assert!(!channel.fetch("b", now).unwrap().contains("declined"));
        channel.judged(second, Verdict::Accepted, now);
        assert_eq!(phase(&channel, "b"), "accepted false");
        assert_eq!(
            channel.offer("b", grant("EAAB2"), None, now),
            Err(NotTaken::Accepted)
        );
        // After a refusal the same visitor may try again, and their second waits for the pause.
        assert_eq!(channel.offer("c", grant("EAAC2"), None, now), Ok(()));
        assert_eq!(next_token(&channel, now), None);
        assert!(next_token(&channel, now + Duration::from_secs(1)).is_some());
        assert_eq!(
            channel.offer("nobody", grant("EAA"), None, now),
            Err(NotTaken::Ended)
        );
    }

    #[test]
    fn the_end_waits_for_who_brought_a_token_and_has_not_left() {
        let (channel, now) = channel(PagePurpose::ServeButton);
        channel.fetch("a", now);
        assert_eq!(
            at_once(channel.end()),
            Some(()),
            "who only looks is not waited for"
        );
        let (channel, now) = self::channel(PagePurpose::ServeButton);
        channel.offer("a", grant("EAAA"), None, now).unwrap();
        let id = next_token(&channel, now).unwrap();
        channel.judged(id, Verdict::Accepted, now);
        assert_eq!(at_once(channel.end()), None);
        assert_eq!(phase(&channel, "a"), "accepted true");
        assert_eq!(at_once(channel.end()), Some(()));
        // A page that was closed while its token was on the way is not waited for, but another's word does not count.
        let (channel, now) = self::channel(PagePurpose::ServeButton);
        channel.report("b", PageEvent::Left, now);
        channel.offer("a", grant("EAAA"), None, now).unwrap();
        assert_eq!(at_once(channel.end()), None);
        let (channel, now) = self::channel(PagePurpose::ServeButton);
        channel.report("a", PageEvent::Left, now);
        channel.offer("a", grant("EAAA"), None, now).unwrap();
        assert_eq!(at_once(channel.end()), Some(()));
    }

    #[test]
    fn talk_fills_no_memory_and_keeps_no_token_out() {
        let (channel, now) = channel(PagePurpose::ServeButton);
        for _ in 0..10 * TALK {
            channel.report("a", PageEvent::Opened, now);
            channel.stranger(404, "x", now);
        }
        channel.report("c", PageEvent::Clicked, now);
        assert_eq!(channel.offer("a", grant("EAAA"), None, now), Ok(()));
        let mut heard = Vec::new();
        while let Taken::Now(happening) = channel.lock().take(now) {
            heard.push(happening.event.kind());
        }
        let opened = heard.iter().filter(|kind| **kind == "page_opened").count();
        assert_eq!(opened, TALK_OF_A_LINK as usize);
        assert_eq!(heard[opened..], ["button_clicked", "token_received"]);
        let Taken::Later(Some(minute)) = channel.lock().take(now) else {
            panic!("the strangers are told later")
        };
        assert_eq!(minute, now + MINUTE);
        let Taken::Now(Happening {
            event: PageEvent::Strangers(counts),
            ..
        }) = channel.lock().take(minute)
        else {
            panic!("they are due")
        };
        assert_eq!(counts[0].count, 2560);
    }

    #[test]
    fn a_link_that_ends_takes_its_visitors_along() {
        let (channel, now) = channel(PagePurpose::Onboard);
        channel.offer("a", grant("EAAA"), None, now).unwrap();
        channel.end_link("/1");
        assert_eq!(next_token(&channel, now), None);
        assert_eq!(phase(&channel, "a"), "ended true");
        assert_eq!(
            channel.offer("b", grant("EAAB"), None, now),
            Err(NotTaken::Ended)
        );
        assert_eq!(phase(&channel, "c"), "open false");
    }
}
