//! The ticket that a browser is started with.
//!
//! The one decision: every user of this machine sees the arguments of a process, so a browser's hold no link but a
//! ticket that is good once. Who comes second shows that the first was somebody else, or is somebody else; both lose
//! what the ticket gave.

use std::time::{Duration, Instant};

use subtle::ConstantTimeEq;

use super::random;
use crate::http_server::error::Error;

/// How long a browser may take to start.
const GOOD_FOR: Duration = Duration::from_secs(30);

/// Where tickets are shown.
pub(super) const PREFIX: &str = "/open/";

/// A ticket.
pub(super) struct Ticket {
    word: String,
    made: Instant,
    used: bool,
}

/// What a ticket is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TicketUse {
    /// The link.
    Good,
    /// It came too late; it was not used before.
    Late,
    /// It was used before.
    Again,
    /// It is none of ours.
    Unknown,
}

impl Ticket {
    /// A new one.
    pub(super) fn new(now: Instant) -> Result<Self, Error> {
        Ok(Self {
            word: random::short_word()?,
            made: now,
            used: false,
        })
    }

    /// Its path.
    pub(super) fn path(&self) -> String {
        format!("{PREFIX}{}", self.word)
    }

    /// Uses it.
    pub(super) fn show(&mut self, path: &str, now: Instant) -> TicketUse {
        if !bool::from(path.as_bytes().ct_eq(self.path().as_bytes())) {
            TicketUse::Unknown
        } else if self.used {
            TicketUse::Again
        } else if now.saturating_duration_since(self.made) > GOOD_FOR {
            TicketUse::Late
        } else {
            self.used = true;
            TicketUse::Good
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_once_and_not_for_long() {
        let now = Instant::now();
        let at = |seconds| now + Duration::from_secs(seconds);
        let mut ticket = Ticket::new(now).unwrap();
        let path = ticket.path();
        assert_eq!(ticket.show("/open/guessed", now), TicketUse::Unknown);
        assert_eq!(ticket.show(&path, at(31)), TicketUse::Late);
        assert_eq!(ticket.show(&path, at(30)), TicketUse::Good);
        // However late: one of the two was not ours.
        for second in [30, 31, 3000] {
            assert_eq!(ticket.show(&path, at(second)), TicketUse::Again);
        }
    }
}
