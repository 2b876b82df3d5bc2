//! What webhooks tell a watch.
//!
//! The one decision: it reads what was kept in the journal, be it by its own door or by `mps listen` elsewhere; the looks go
//! on beside it, and say it once where they find what nothing told.

use std::{
    collections::HashSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::hall::{Hall, locked};
use crate::{
    context::{Context, failure::Failure},
    ids::SolutionId,
    session::inbox::{self, Inbox},
    sign_in::Reception,
    webhooks,
};

/// How long what another process took is not seen.
const LOOK: Duration = Duration::from_secs(1);
/// Between two times that strangers are told of.
const STRANGERS: Duration = Duration::from_secs(60);
/// Most changes that are read from the store at once.
const AT_ONCE: u32 = 1_000;

/// What hears webhooks.
pub(super) struct Ear {
    inbox: Inbox,
    /// What came before is of no concern: the first look sees it.
    begun: i64,
    /// This watch takes them in itself, so they are to be expected.
    has_door: bool,
    heard: Mutex<HashSet<SolutionId>>,
    said: AtomicBool,
}

impl Ear {
    pub(super) async fn of(inbox: Inbox, has_door: bool) -> Result<Self, Failure> {
        Ok(Self {
            begun: inbox.store.newest().await?,
            inbox,
            has_door,
            heard: Mutex::default(),
            said: AtomicBool::new(false),
        })
    }

    /// Says where they come in.
    pub(super) fn announce(&self, ctx: &Context, reception: &Reception) {
        if self.has_door {
            ctx.ui.status(&format!(
                "Webhooks come in at {}{}",
                reception.url(),
                webhooks::PATH
            ));
        }
    }

    /// A look found this request: says it, once, if webhooks should have told of it.
    pub(super) fn say_if_unheard(&self, ctx: &Context, solution: &SolutionId) {
        if self.has_door
            && !locked(&self.heard).contains(solution)
            && !self.said.swap(true, Ordering::Relaxed)
        {
            ctx.ui.warning(&format!(
                "no webhook told of solution {solution}, which a look at our side found: see what Meta is told to send \
                 here with mps listen --subscribe; an app in development mode gets few webhooks"
            ));
        }
    }
}

impl Hall {
    /// Takes up what webhooks tell of, until the end.
    pub(super) async fn heed_webhooks(&self) {
        let ear = &self.ear;
        let mut after = ear.begun;
        let mut strangers = tokio::time::Instant::now();
        while !self.ctx.stop.is_set() {
            match ear.inbox.store.after(after, AT_ONCE).await {
                Ok(kept) => {
                    after = kept.last().map_or(after, |last| last.id);
                    let solutions = inbox::solutions_of(&kept);
                    locked(&ear.heard).extend(solutions.iter().cloned());
                    if !solutions.is_empty()
                        && let Err(failure) = self.by_webhook(&solutions).await
                    {
                        // The next look finds what is left.
                        self.failed("what webhooks told of", &failure);
                    }
                }
                Err(error) => self.failed("what webhooks told of", &error.into()),
            }
            if strangers.elapsed() >= STRANGERS {
                strangers = tokio::time::Instant::now();
                for text in ear.inbox.counts.take() {
                    self.ctx.ui.status(&text);
                }
            }
            tokio::select! {
                () = self.ctx.stop.wait() => {}
                () = ear.inbox.news.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
}
