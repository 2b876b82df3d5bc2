//! Ctrl-C, SIGTERM, SIGHUP and SIGQUIT.
//!
//! The one decision: they are caught before anything else of a run and only ever ask for a stop; what is
//! under way decides itself where it can end in good order. They are heard on a thread of their own, so that nothing
//! that keeps the workers busy can keep a signal from being heard.

use std::{sync::Arc, thread};

use tokio::runtime::{Builder, Runtime};

use crate::{engine::Stopper, ui::Ui};

/// Ctrl-C, SIGTERM, SIGHUP and SIGQUIT, caught from before a run reads its own command line.
pub(crate) struct Signals {
    runtime: Runtime,
    kinds: Kinds,
}

struct Kinds {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    /// Its core would be of a process that knows secrets, and a terminal in the middle of a question would stay so.
    #[cfg(unix)]
    quit: tokio::signal::unix::Signal,
    /// `None`: whoever started us (`nohup`) wants it ignored.
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
}

impl Signals {
    /// Begins to catch them; `None`: the system does not let us.
    pub(crate) fn catch() -> Option<Self> {
        let runtime = Builder::new_current_thread().enable_io().build().ok()?;
        let kinds = {
            let _inside = runtime.enter();
            Kinds::catch()?
        };
        Some(Self { runtime, kinds })
    }

    /// From now on they ask for the stop; a second one changes nothing but is answered. `writes`: whether something can
    /// be under way that must not be cut off. Without a thread for it they are caught and not heard.
    pub(crate) fn ask_for(self, stopper: Arc<Stopper>, ui: Ui, writes: bool) {
        let Self { runtime, mut kinds } = self;
        let listening = move || {
            runtime.block_on(async {
                while kinds.next().await {
                    stopper.stop_saying(|| {
                        if writes {
                            ui.status("Stopping: what is under way is finished and written down.");
                        }
                    });
                }
            });
        };
        let _ = thread::Builder::new()
            .name("signals".to_owned())
            .spawn(listening);
    }
}

impl Kinds {
    #[cfg(unix)]
    fn catch() -> Option<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Some(Self {
            interrupt: signal(SignalKind::interrupt()).ok()?,
            terminate: signal(SignalKind::terminate()).ok()?,
            quit: signal(SignalKind::quit()).ok()?,
            hangup: (!hangup_ignored())
                .then(|| signal(SignalKind::hangup()).ok())
                .flatten(),
        })
    }

    #[cfg(not(unix))]
    fn catch() -> Option<Self> {
        Some(Self {})
    }

    #[cfg(unix)]
    async fn next(&mut self) -> bool {
        tokio::select! {
            heard = self.interrupt.recv() => heard.is_some(),
            heard = self.terminate.recv() => heard.is_some(),
            heard = self.quit.recv() => heard.is_some(),
            heard = hung_up(&mut self.hangup) => heard,
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> bool {
        tokio::signal::ctrl_c().await.is_ok()
    }
}

#[cfg(unix)]
async fn hung_up(hangup: &mut Option<tokio::signal::unix::Signal>) -> bool {
    match hangup {
        Some(hangup) => hangup.recv().await.is_some(),
        None => std::future::pending().await,
    }
}

/// Whether SIGHUP was ignored when we were started. Only Linux tells without a call that is unsafe in Rust; elsewhere
/// it counts as not ignored, and a run under `nohup` ends in good order.
#[cfg(unix)]
fn hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignores_hangup(&status)
}

/// SIGHUP is signal 1, the lowest bit of the mask.
#[cfg(unix)]
fn ignores_hangup(status: &str) -> bool {
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 == 1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::ignores_hangup;

    #[test]
    fn what_a_parent_wants_ignored() {
        for (status, ignored) in [
            ("Name:\tmps\nSigIgn:\t0000000000000001\n", true),
            ("SigIgn:\t0000000000001001\n", true),
            (
                "SigIgn:\t0000000000001000\nSigCgt:\t0000000000000001\n",
                false,
            ),
            ("", false),
        ] {
            assert_eq!(ignores_hangup(status), ignored, "{status}");
        }
    }
}
