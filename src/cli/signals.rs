//! Ctrl-C and SIGTERM.
//!
//! The one decision: they are caught before the first word of a run and only ever ask for a stop; what is
//! under way decides itself where it can end in good order.

use std::sync::Arc;

use crate::{engine::Stopper, ui::Ui};

/// Ctrl-C and SIGTERM, caught from before the first word that a run says.
pub(crate) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Begins to catch them; `None`: the system does not let us.
    #[cfg(unix)]
    pub(crate) fn catch() -> Option<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Some(Self {
            interrupt: signal(SignalKind::interrupt()).ok()?,
            terminate: signal(SignalKind::terminate()).ok()?,
        })
    }

    #[cfg(not(unix))]
    pub(crate) fn catch() -> Option<Self> {
        Some(Self {})
    }

    #[cfg(unix)]
    async fn next(&mut self) -> bool {
        tokio::select! {
            heard = self.interrupt.recv() => heard.is_some(),
            heard = self.terminate.recv() => heard.is_some(),
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> bool {
        tokio::signal::ctrl_c().await.is_ok()
    }

    /// They ask for the stop; a second one changes nothing but is answered. `writes`: whether something can be
    /// under way that must not be cut off.
    pub(crate) async fn heard(mut self, stopper: Arc<Stopper>, ui: Ui, writes: bool) {
        while self.next().await {
            stopper.stop_saying(|| {
                if writes {
                    ui.status("Stopping: what is under way is finished and written down.");
                }
            });
        }
    }
}
