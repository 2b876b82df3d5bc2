//! All delays and time-outs of the client, in one value.
//!
//! The one decision: how long things take is a parameter, so that tests neither sleep nor wait, and the
//! figures stand beside their reasons.

use std::time::Duration;

use tokio::sync::watch;

/// Turns true when the run is to end: no pause is slept to its end then.
pub type StopSignal = watch::Receiver<bool>;

/// The delays and time-outs of one client.
#[derive(Debug, Clone)]
pub struct Pace {
    /// For name, connection and TLS together. Ten seconds pass a bad mobile line.
    pub connect: Duration,
    /// For one whole request, body and all. Meta's own gateways give up after a minute.
    pub request: Duration,
    /// The longest first pause between two tries of a read; each next one is twice as long.
    pub backoff: Duration,
    /// How many tries a read has.
    pub tries: u32,
    /// The longest `Retry-After` that is believed.
    pub retry_after_cap: Duration,
    /// No pause is slept longer than this. Zero in tests: the same decisions are taken and announced, and
    /// no time passes.
    pub longest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(60),
            backoff: Duration::from_secs(1),
            tries: 4,
            retry_after_cap: Duration::from_secs(60),
            longest: Duration::MAX,
        }
    }
}

impl Pace {
    /// For tests: every pause is over at once.
    #[cfg(test)]
    pub fn instant() -> Self {
        Self {
            longest: Duration::ZERO,
            ..Self::default()
        }
    }

    /// Lets `pause` pass; `false` if `stop` came first.
    pub(crate) async fn sleep(&self, pause: Duration, stop: Option<&StopSignal>) -> bool {
        let pause = pause.min(self.longest);
        let stopped = async {
            let mut stop = match stop {
                Some(stop) => stop.clone(),
                None => return std::future::pending().await,
            };
            if stop.wait_for(|set| *set).await.is_err() {
                // Nobody is left who could ask for a stop.
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            biased;
            () = stopped => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}
