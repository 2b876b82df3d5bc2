//! What webhooks tell a watch.
//!
//! The one decision: it reads what was kept in the journal, be it by its own door or by `mps listen` elsewhere; the looks go
//! on beside it, and say it once where they find what nothing told.

use std::time::Duration;

use super::hall::Hall;
use crate::session::inbox;

/// How long what another process took is not seen.
const LOOK: Duration = Duration::from_secs(1);
/// Between two times that strangers are told of.
const STRANGERS: Duration = Duration::from_secs(60);
/// Most changes that are read from the store at once.
const AT_ONCE: u32 = 1_000;

impl Hall {
    /// Takes up what webhooks tell of, until the end.
    pub(super) async fn heed_webhooks(&self) {
        let ear = &self.ear;
        let mut after = ear.begun;
        let mut strangers = tokio::time::Instant::now();
        let mut away = inbox::JournalAway::default();
        while !self.ctx.stop.is_set() {
            match ear.inbox.store.after(after, AT_ONCE).await {
                Ok(kept) => {
                    away.is_over(&self.ctx);
                    after = kept.last().map_or(after, |last| last.id);
                    let solutions = inbox::solutions_of(&kept);
                    ear.note(&solutions);
                    if !solutions.is_empty()
                        && let Err(failure) = self.by_webhook(&solutions).await
                    {
                        // The next look finds what is left.
                        self.failed("what webhooks told of", &failure);
                    }
                }
                Err(error) => {
                    if let Err(failure) = away.wait(&self.ctx, error).await {
                        self.failed("what webhooks told of", &failure);
                    }
                }
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
