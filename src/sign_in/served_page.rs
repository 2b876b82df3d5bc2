//! The page after its token: it follows the run to its end.
//!
//! The one decision: it ends itself. Whichever way a run leaves, by an error, a refusal or a panic, the page that is
//! dropped says its last words and closes, and the run is not over before it has.

use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedSender};

use crate::{
    button::{Catcher, Progress},
    context::Context,
};

/// How long the page may fetch its last state before the sockets close: a phone's network can be away for some
/// seconds. A page that was closed is not waited for.
const GRACE: Duration = Duration::from_secs(10);

/// The page, still open.
pub struct ServedPage {
    news: UnboundedSender<Progress>,
    /// Said when it is dropped.
    last_words: Option<Progress>,
}

impl ServedPage {
    /// Keeps the page open until it is dropped. `last_words`: what it then says, unless it is told otherwise.
    pub(super) fn keep(ctx: &Context, catcher: Catcher, last_words: Option<Progress>) -> Self {
        let (news, mut heard) = mpsc::unbounded_channel();
        ctx.closing.add(tokio::spawn(async move {
            while let Some(progress) = heard.recv().await {
                catcher.show(progress);
            }
            catcher.close(GRACE).await;
        }));
        Self { news, last_words }
    }

    /// Where the news go; cheap to clone. The page closes when all clones are gone.
    pub fn news(&self) -> UnboundedSender<Progress> {
        self.news.clone()
    }

    /// Shows how far the run is.
    pub fn show(&self, progress: Progress) {
        let _ = self.news.send(progress);
    }

    /// What it is to say at the end.
    pub fn ends_with(&mut self, last_words: Progress) {
        self.last_words = Some(last_words);
    }
}

impl Drop for ServedPage {
    fn drop(&mut self) {
        if let Some(last_words) = self.last_words.take() {
            self.show(last_words);
        }
    }
}
