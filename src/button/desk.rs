//! Where the page and the caller meet: how far we are, and what happened.
//!
//! The one decision: one token at a time. While one is being judged another is turned away, after one was
//! accepted all are; so the caller's answer is always about the last one. Talk is dropped when the caller is
//! slow, strangers must not fill our memory; but one place in the queue is kept for the token.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::{Notify, mpsc};

use crate::button::{
    config::Story,
    grant::Grant,
    happening::Happening,
    progress::{Progress, Verdict},
};

/// How many happenings wait for the caller before further ones are dropped.
const TALK: usize = 256;

/// How far the page is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub(super) enum Phase {
    /// A token is welcome.
    Open,
    /// One is being judged.
    Checking,
    /// The last one was refused; another is welcome.
    Refused {
        reason: String,
        remedy: Option<String>,
    },
    /// One was accepted.
    Accepted,
    /// Nobody waits any more.
    Ended,
}

/// What the page is told.
#[derive(Debug, Clone, Serialize)]
struct Told {
    #[serde(flatten)]
    phase: Phase,
    progress: Option<Progress>,
    /// Nothing more will come.
    last: bool,
}

/// The state behind the lock.
struct State {
    told: Told,
    /// Whether the page fetched `told` since it changed.
    fetched: bool,
    /// Whether a page fetched anything or brought a token, so that waiting for one makes sense.
    watched: bool,
}

/// Where the page and the caller meet.
pub(super) struct Desk {
    story: Story,
    state: Mutex<State>,
    seen: Notify,
    happenings: mpsc::Sender<Happening>,
}

/// The caller's end, in the order in which things happened.
pub(super) type Inbox = mpsc::Receiver<Happening>;

impl Desk {
    /// A desk and the caller's end of it.
    pub(super) fn new(story: Story) -> (Self, Inbox) {
        let (happenings, inbox) = mpsc::channel(TALK + 1);
        let told = Told {
            phase: Phase::Open,
            progress: None,
            last: false,
        };
        let desk = Self {
            story,
            state: Mutex::new(State {
                told,
                fetched: false,
                watched: false,
            }),
            seen: Notify::new(),
            happenings,
        };
        (desk, inbox)
    }

    /// Tells the caller what happened.
    pub(super) fn tell(&self, happening: Happening) {
        let _one_at_a_time = self.lock();
        if self.happenings.capacity() > 1 {
            let _ = self.happenings.try_send(happening);
        }
    }

    /// Hands a token to the caller, or says in which phase none is wanted.
    pub(super) fn hand(&self, grant: Grant) -> Result<(), Phase> {
        let mut state = self.lock();
        match state.told.phase {
            Phase::Open | Phase::Refused { .. } => {}
            Phase::Checking | Phase::Accepted | Phase::Ended => {
                return Err(state.told.phase.clone());
            }
        }
        self.happenings
            .try_send(Happening::Grant(Box::new(grant)))
            .map_err(|_| Phase::Ended)?;
        state.change(|told| told.phase = Phase::Checking);
        // The page that brought it waits for the verdict, even if it has not asked yet.
        state.watched = true;
        Ok(())
    }

    /// The caller's answer about the last token.
    pub(super) fn judged(&self, verdict: Verdict) {
        let story = self.story;
        self.lock().change(|told| match verdict {
            Verdict::Accepted => {
                told.phase = Phase::Accepted;
                told.last = story == Story::ServeButton;
            }
            Verdict::Refused { reason, remedy } => told.phase = Phase::Refused { reason, remedy },
        });
    }

    /// How far the onboarding is.
    pub(super) fn show(&self, progress: Progress) {
        self.lock().change(|told| {
            told.last = progress.finished;
            told.progress = Some(progress);
        });
    }

    /// What the page is told, as JSON; from then on it counts as fetched.
    pub(super) fn fetch(&self) -> String {
        let mut state = self.lock();
        state.fetched = true;
        state.watched = true;
        let json = serde_json::to_string(&state.told).unwrap_or_default();
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
            if !state.told.last {
                state.change(|told| {
                    told.phase = Phase::Ended;
                    told.last = true;
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

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Changes what the page is told.
    fn change(&mut self, change: impl FnOnce(&mut Told)) {
        change(&mut self.told);
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

    fn phase(desk: &Desk) -> String {
        let told: serde_json::Value = serde_json::from_str(&desk.fetch()).unwrap();
        format!("{} {}", told["phase"].as_str().unwrap(), told["last"])
    }

    fn now<T>(future: impl Future<Output = T>) -> Option<T> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    fn refused() -> Verdict {
        Verdict::Refused {
            reason: "r".into(),
            remedy: None,
        }
    }

    #[test]
    fn one_token_at_a_time() {
        let (desk, mut inbox) = Desk::new(Story::ServeButton);
        assert_eq!(phase(&desk), "open false");
        desk.tell(Happening::Clicked);
        assert_eq!(desk.hand(grant()), Ok(()));
        assert_eq!(desk.hand(grant()), Err(Phase::Checking));
        assert_eq!(phase(&desk), "checking false");
        assert_eq!(now(inbox.recv()), Some(Some(Happening::Clicked)));
        assert_eq!(
            now(inbox.recv()),
            Some(Some(Happening::Grant(Box::new(grant()))))
        );
        assert_eq!(now(inbox.recv()), None);
        desk.judged(refused());
        assert_eq!(phase(&desk), "refused false");
        assert_eq!(desk.hand(grant()), Ok(()));
        desk.judged(Verdict::Accepted);
        assert_eq!(phase(&desk), "accepted true");
        assert_eq!(desk.hand(grant()), Err(Phase::Accepted));
    }

    #[test]
    fn onboarding_ends_with_its_last_progress() {
        let (desk, _inbox) = Desk::new(Story::Onboard);
        desk.hand(grant()).unwrap();
        desk.judged(Verdict::Accepted);
        assert_eq!(phase(&desk), "accepted false");
        desk.show(Progress::default());
        assert_eq!(phase(&desk), "accepted false");
        desk.show(Progress {
            finished: true,
            ..Progress::default()
        });
        assert_eq!(phase(&desk), "accepted true");
    }

    #[test]
    fn the_end_waits_for_a_page_that_watches() {
        let (desk, _inbox) = Desk::new(Story::ServeButton);
        assert_eq!(now(desk.end()), Some(()), "nobody watches");
        let (desk, _inbox) = Desk::new(Story::ServeButton);
        desk.hand(grant()).unwrap();
        desk.judged(Verdict::Accepted);
        assert_eq!(now(desk.end()), None, "who brought a token wants to know");
        let (desk, _inbox) = Desk::new(Story::ServeButton);
        desk.fetch();
        assert_eq!(now(desk.end()), None);
        assert_eq!(phase(&desk), "ended true");
        assert_eq!(now(desk.end()), Some(()));
        let (desk, _inbox) = Desk::new(Story::Onboard);
        desk.fetch();
        desk.show(Progress::default());
        desk.left();
        assert_eq!(now(desk.end()), Some(()), "a closed page");
    }

    #[test]
    fn strangers_do_not_fill_the_memory_nor_keep_a_token_out() {
        let (desk, mut inbox) = Desk::new(Story::ServeButton);
        for _ in 0..10 * TALK {
            desk.tell(Happening::Opened);
        }
        assert_eq!(desk.hand(grant()), Ok(()));
        for _ in 0..TALK {
            assert_eq!(now(inbox.recv()), Some(Some(Happening::Opened)));
        }
        assert!(matches!(now(inbox.recv()), Some(Some(Happening::Grant(_)))));
    }
}
