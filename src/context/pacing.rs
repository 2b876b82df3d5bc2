//! How long the engine waits between looks and the client between tries, and how a test makes the looks short.
//!
//! The one decision: there is one switch, `MPS_LOOK_PAUSES`, and it counts against stand-ins on this
//! machine only; against Meta nobody can shorten the pauses that keep the promise. It bounds nothing else: a quota
//! that a stand-in refuses is waited for as Meta's would be.

use std::time::Duration;

use super::failure::Failure;
use crate::{
    env::{self, Env},
    graph::{self, BaseUrl},
};

/// The first pause between tries of a read that a stand-in on this machine gets: it need not be spared as Meta must.
const STAND_IN: Duration = Duration::from_millis(20);

/// The pauses of the client.
pub fn pace(base: &BaseUrl) -> graph::Pace {
    let pace = graph::Pace::default();
    let backoff = if base.is_loopback() {
        STAND_IN
    } else {
        pace.backoff
    };
    graph::Pace { backoff, ..pace }
}

/// Between two looks at our side for what no webhook told (graph-api.md, 3.3); a stand-in on this machine has no quota to be
/// spared, and shows at once what it is about.
pub fn unheard_looks(base: &BaseUrl) -> Duration {
    if base.is_loopback() {
        Duration::from_secs(2)
    } else {
        Duration::from_secs(5 * 60)
    }
}

/// What `MPS_LOOK_PAUSES` says; `None` where it is not set.
pub fn looks(env: &Env, base: &BaseUrl) -> Result<Option<Vec<Duration>>, Failure> {
    let Some(text) = env.get(env::MPS_LOOK_PAUSES) else {
        return Ok(None);
    };
    if !base.is_loopback() {
        return Err(Failure::usage(
            "MPS_LOOK_PAUSES is for stand-ins on this machine only",
        ));
    }
    let seconds = text.split(',').map(|part| {
        let seconds = part.trim().parse::<f64>().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    });
    let all = seconds.collect::<Option<Vec<_>>>().map(Some);
    all.ok_or_else(|| {
        Failure::usage("MPS_LOOK_PAUSES: seconds with commas between them, like 1,2,5")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_is_asked_again_sooner_than_meta() {
        let here: BaseUrl = "http://127.0.0.1:1".parse().unwrap();
        assert!(pace(&here).backoff < pace(&BaseUrl::default()).backoff);
        assert_eq!(unheard_looks(&BaseUrl::default()).as_secs(), 300);
        assert_eq!(
            pace(&BaseUrl::default()).backoff,
            graph::Pace::default().backoff
        );
    }

    #[test]
    fn pauses_are_for_the_loopback() {
        let here: BaseUrl = "http://127.0.0.1:1".parse().unwrap();
        let of = |text, base: &BaseUrl| looks(&Env::from_pairs(&[("MPS_LOOK_PAUSES", text)]), base);
        let seconds = |all: &[f64]| {
            Some(
                all.iter()
                    .map(|all| Duration::from_secs_f64(*all))
                    .collect(),
            )
        };
        assert_eq!(of("0, 0.5,2", &here).unwrap(), seconds(&[0.0, 0.5, 2.0]));
        assert_eq!(of("", &here).unwrap(), None, "empty counts as unset");
        assert!(of("soon", &here).is_err() && of("-1", &here).is_err());
        assert!(of("1", &BaseUrl::default()).is_err());
    }
}
