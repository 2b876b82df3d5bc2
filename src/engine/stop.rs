//! Ctrl-C and SIGTERM, as the engine sees them.
//!
//! The one decision: a stop is a wish, not an abort. A write under way finishes and is written down; what
//! gives way is the next write and every pause.

use std::time::Duration;

use tokio::sync::watch;

/// The end that asks for the stop.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// The end that looks whether a stop was asked for.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// A fresh pair.
pub fn pair() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Asks for the stop.
    pub fn stop(&self) {
        self.stop_saying(|| {});
    }

    /// Asks for the stop in words too: nobody hears of it before they are said, since that may end the run, and
    /// whoever looks afterwards sees it.
    pub fn stop_saying(&self, say: impl FnOnce()) {
        // Who looks meanwhile waits: the value is locked until it is said.
        self.0.send_modify(|set| {
            say();
            *set = true;
        });
    }
}

impl Stop {
    /// Whether a stop was asked for.
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// The wish itself, for rooms that know nothing of the engine.
    pub fn receiver(&self) -> watch::Receiver<bool> {
        self.0.clone()
    }

    /// Waits until a stop is asked for; for ever, where nobody can ask any more.
    pub async fn wait(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|set| *set).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits so long. `false`: a stop was asked for meanwhile.
    pub async fn pause(&self, length: Duration) -> bool {
        if length.is_zero() {
            return !self.is_set();
        }
        tokio::select! {
            () = self.wait() => false,
            () = tokio::time::sleep(length) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_sees_a_stop_before_it_is_said_or_passes_over_it_afterwards() {
        use std::sync::mpsc;
        let (stopper, stop) = pair();
        let (said, heard) = mpsc::channel();
        let looker = std::thread::spawn(move || {
            heard.recv().unwrap();
            stop.is_set()
        });
        stopper.stop_saying(|| {
            said.send(()).unwrap();
            // Gives the looker every chance to look too early.
            std::thread::yield_now();
        });
        assert!(looker.join().unwrap());
    }

    #[tokio::test]
    async fn a_stop_ends_pauses_at_once() {
        let (stopper, stop) = pair();
        assert!(!stop.is_set());
        assert!(stop.pause(Duration::ZERO).await);
        stopper.stop();
        assert!(stop.is_set());
        assert!(!stop.pause(Duration::from_secs(3600)).await);
        assert!(!stop.pause(Duration::ZERO).await);
    }
}
