//! Where the page and the caller meet: how far we are, and what happened.
//!
//! The one decision: one token at a time. While one is being judged another is turned away, after one was
//! accepted all are; so the caller's answer is always about the last one. Talk is dropped when the caller is
//! slow, strangers must not fill our memory; but one place in the queue is kept for the token.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::{Notify, mpsc};

use crate::button::{
    config::PagePurpose,
    event::PageEvent,
    grant::Grant,
    progress::{Progress, TokenReason, Verdict},
};

/// How many events wait for the caller before further ones are dropped.
const TALK: usize = 256;

/// How far the page is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub(super) enum PagePhase {
    /// A token is welcome.
    Open,
    /// One is being judged.
    Checking,
    /// The last one was refused; another is welcome.
    Refused { refused: TokenReason },
    /// One was accepted.
    Accepted,
    /// Nobody waits any more.
    Ended,
}

/// What the page fetches.
#[derive(Debug, Clone, Serialize)]
struct PageStatus {
    #[serde(flatten)]
    phase: PagePhase,
    progress: Option<Progress>,
    /// Nothing more will come.
    last: bool,
}

/// The state behind the lock.
struct ChannelState {
    status: PageStatus,
    /// Whether the page fetched `status` since it changed.
    fetched: bool,
    /// Whether a page fetched anything or brought a token, so that waiting for one makes sense.
    watched: bool,
}

/// Where the page and the caller meet.
pub(super) struct PageChannel {
    story: PagePurpose,
    state: Mutex<ChannelState>,
    seen: Notify,
    events: mpsc::Sender<PageEvent>,
}

/// The caller's end, in the order in which things happened.
pub(super) type Inbox = mpsc::Receiver<PageEvent>;

impl PageChannel {
    /// A channel and the caller's end of it.
    pub(super) fn new(story: PagePurpose) -> (Self, Inbox) {
        let (events, inbox) = mpsc::channel(TALK + 1);
        let status = PageStatus {
            phase: PagePhase::Open,
            progress: None,
            last: false,
        };
        let channel = Self {
            story,
            state: Mutex::new(ChannelState {
                status,
                fetched: false,
                watched: false,
            }),
            seen: Notify::new(),
            events,
        };
        (channel, inbox)
    }

    /// Tells the caller what happened.
    pub(super) fn report(&self, event: PageEvent) {
        let _one_at_a_time = self.lock();
        if self.events.capacity() > 1 {
            let _ = self.events.try_send(event);
        }
    }

    /// Passes a token to the caller, or says in which phase none is wanted.
    pub(super) fn offer(&self, grant: Grant) -> Result<(), PagePhase> {
        let mut state = self.lock();
        match state.status.phase {
            PagePhase::Open | PagePhase::Refused { .. } => {}
            PagePhase::Checking | PagePhase::Accepted | PagePhase::Ended => {
                return Err(state.status.phase.clone());
            }
        }
        self.events
            .try_send(PageEvent::Grant(Box::new(grant)))
            .map_err(|_| PagePhase::Ended)?;
        state.change(|status| status.phase = PagePhase::Checking);
        // The page that brought it waits for the verdict, even if it has not asked yet.
        state.watched = true;
        Ok(())
    }

    /// The caller's answer about the last token.
    pub(super) fn judged(&self, verdict: Verdict) {
        let story = self.story;
        self.lock().change(|status| match verdict {
            Verdict::Accepted => {
                status.phase = PagePhase::Accepted;
                status.last = story == PagePurpose::ServeButton;
            }
            Verdict::Refused(refused) => status.phase = PagePhase::Refused { refused },
        });
    }

    /// How far the onboarding is.
    pub(super) fn show(&self, progress: Progress) {
        self.lock().change(|status| {
            status.last = progress.finished;
            status.progress = Some(progress);
        });
    }

    /// What the page fetches, as JSON; from then on it counts as fetched.
    pub(super) fn fetch(&self) -> String {
        let mut state = self.lock();
        state.fetched = true;
        state.watched = true;
        let json = serde_json::to_string(&state.status).unwrap_or_default();
        drop(state);
        self.seen.notify_waiters();
        json
    }

    /// The page was closed, so there is nobody to wait for, unless another one asks.
    pub(super) fn left(&self) {
        self.lock().watched = false;
        self.seen.notify_waiters();
    }

    /// Says that nobody waits any more, and returns once a page knows all there is to know.
    pub(super) async fn end(&self) {
        {
            let mut state = self.lock();
            if !state.status.last {
                state.change(|status| {
                    status.phase = PagePhase::Ended;
                    status.last = true;
                });
            }
        }
        loop {
            let seen = self.seen.notified();
            tokio::pin!(seen);
            seen.as_mut().enable();
            {
                let state = self.lock();
                if state.fetched || !state.watched {
                    return;
                }
            }
            seen.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, ChannelState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChannelState {
    /// Changes what the page is status.
    fn change(&mut self, change: impl FnOnce(&mut PageStatus)) {
        change(&mut self.status);
        self.fetched = false;
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
    use crate::button::received;

    fn grant() -> Grant {
        received::read(&json!({"accessToken": "EAAB"}), None, 0).unwrap()
    }

    fn phase(channel: &PageChannel) -> String {
        let status: serde_json::Value = serde_json::from_str(&channel.fetch()).unwrap();
        format!("{} {}", status["phase"].as_str().unwrap(), status["last"])
    }

    fn now<T>(future: impl Future<Output = T>) -> Option<T> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    fn refused() -> Verdict {
        Verdict::Refused(TokenReason::Expired)
    }

    #[test]
    fn one_token_at_a_time() {
        let (channel, mut inbox) = PageChannel::new(PagePurpose::ServeButton);
        assert_eq!(phase(&channel), "open false");
        channel.report(PageEvent::Clicked);
        assert_eq!(channel.offer(grant()), Ok(()));
        assert_eq!(channel.offer(grant()), Err(PagePhase::Checking));
        assert_eq!(phase(&channel), "checking false");
        assert_eq!(now(inbox.recv()), Some(Some(PageEvent::Clicked)));
        assert_eq!(
            now(inbox.recv()),
            Some(Some(PageEvent::Grant(Box::new(grant()))))
        );
        assert_eq!(now(inbox.recv()), None);
        channel.judged(refused());
        assert_eq!(phase(&channel), "refused false");
        assert_eq!(channel.offer(grant()), Ok(()));
        channel.judged(Verdict::Accepted);
        assert_eq!(phase(&channel), "accepted true");
        assert_eq!(channel.offer(grant()), Err(PagePhase::Accepted));
    }

    #[test]
    fn onboarding_ends_with_its_last_progress() {
        let (channel, _inbox) = PageChannel::new(PagePurpose::Onboard);
        channel.offer(grant()).unwrap();
        channel.judged(Verdict::Accepted);
        assert_eq!(phase(&channel), "accepted false");
        channel.show(Progress::default());
        assert_eq!(phase(&channel), "accepted false");
        channel.show(Progress {
            finished: true,
            ..Progress::default()
        });
        assert_eq!(phase(&channel), "accepted true");
    }

    #[test]
    fn the_end_waits_for_a_page_that_watches() {
        let (channel, _inbox) = PageChannel::new(PagePurpose::ServeButton);
        assert_eq!(now(channel.end()), Some(()), "nobody watches");
        let (channel, _inbox) = PageChannel::new(PagePurpose::ServeButton);
        channel.offer(grant()).unwrap();
        channel.judged(Verdict::Accepted);
        assert_eq!(
            now(channel.end()),
            None,
            "who brought a token wants to know"
        );
        let (channel, _inbox) = PageChannel::new(PagePurpose::ServeButton);
        channel.fetch();
        assert_eq!(now(channel.end()), None);
        assert_eq!(phase(&channel), "ended true");
        assert_eq!(now(channel.end()), Some(()));
        let (channel, _inbox) = PageChannel::new(PagePurpose::Onboard);
        channel.fetch();
        channel.show(Progress::default());
        channel.left();
        assert_eq!(now(channel.end()), Some(()), "a closed page");
    }

    #[test]
    fn strangers_do_not_fill_the_memory_nor_keep_a_token_out() {
        let (channel, mut inbox) = PageChannel::new(PagePurpose::ServeButton);
        for _ in 0..10 * TALK {
            channel.report(PageEvent::Opened);
        }
        assert_eq!(channel.offer(grant()), Ok(()));
        for _ in 0..TALK {
            assert_eq!(now(inbox.recv()), Some(Some(PageEvent::Opened)));
        }
        assert!(matches!(now(inbox.recv()), Some(Some(PageEvent::Grant(_)))));
    }
}
