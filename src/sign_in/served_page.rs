//! The page after a token: it follows the run to its end.
//!
//! The one decision: it ends itself. Whichever way a run leaves, by an error, a refusal or a panic, the page that is
//! dropped says its last words and closes, and the run is not over before it has.

use std::time::Duration;

use crate::{
    button::{Catcher, Progress, VisitorId, VisitorPage},
    context::{Context, closing::Closing},
    session::invitations::ServedLink,
};

/// How long the page may fetch its last state before the sockets close: a phone's network can be away for some
/// seconds. A page that was closed is not waited for.
const GRACE: Duration = Duration::from_secs(10);

/// The page while it is open, and the link at which it is served, where that is a label's.
pub(super) struct OpenPage {
    pub(super) catcher: Catcher,
    pub(super) link: Option<ServedLink>,
}

/// The page, still open, and the visitor whose token is worked with.
pub struct ServedPage {
    page: VisitorPage,
    /// None once it was given away.
    open: Option<OpenPage>,
    closing: Closing,
    /// Said when it is dropped.
    last_words: Option<Progress>,
}

impl ServedPage {
    /// Keeps the page open until it is dropped. `last_words`: what it then says, unless it is told otherwise.
    pub(super) fn keep(
        ctx: &Context,
        open: OpenPage,
        visitor: VisitorId,
        last_words: Option<Progress>,
    ) -> Self {
        Self {
            page: open.catcher.page_of(visitor),
            open: Some(open),
            closing: ctx.closing.clone(),
            last_words,
        }
    }

    /// Where the news go.
    pub fn news(&self) -> VisitorPage {
        self.page.clone()
    }

    /// Shows how far the run is.
    pub fn show(&self, progress: Progress) {
        self.page.show(progress);
    }

    /// What it is to say at the end.
    pub fn ends_with(&mut self, last_words: Progress) {
        self.last_words = Some(last_words);
    }

    /// This visitor hears the last words, and the page stays open for the next.
    pub(super) fn reopen(mut self) -> Option<OpenPage> {
        self.open.take()
    }
}

impl Drop for ServedPage {
    fn drop(&mut self) {
        if let Some(last_words) = self.last_words.take() {
            self.show(last_words);
        }
        if let (Some(open), Ok(runtime)) = (self.open.take(), tokio::runtime::Handle::try_current())
        {
            self.closing.add(runtime.spawn(open.catcher.close(GRACE)));
        }
    }
}
