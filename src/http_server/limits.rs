//! How much and how long anybody may have at the gate.
//!
//! The one decision: every number of the gate stands here, each with its reason.

use std::time::Duration;

/// The numbers of the gate, all of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Connections at once. A browser has six per page; a page has three files and a poll. More wait in the system's
    /// queue, and each has two of the process's file handles, of which there may be no more than a thousand.
    pub(crate) connections: usize,
    /// Bytes that a connection may send. A token with all beside it has under 4 KiB, heads under 16.
    pub(crate) bytes: usize,
    /// How long a connection may live. Everything here takes milliseconds; a phone's network some seconds.
    pub(crate) life: Duration,
    /// How long its TLS handshake may take, two round trips.
    pub(crate) handshake: Duration,
    /// How long a refused sender may go on, so that its answer is not lost in a reset.
    pub(crate) linger: Duration,
    /// How long requests under way are waited for at the end.
    pub(crate) finish: Duration,
    /// How long to wait after a failed accept (no file handles left), which would else be tried in a circle.
    pub(crate) breath: Duration,
}

impl Limits {
    /// Those in use.
    pub(crate) const USUAL: Self = Self {
        connections: 256,
        bytes: 64 * 1024,
        life: Duration::from_secs(30),
        handshake: Duration::from_secs(5),
        linger: Duration::from_secs(1),
        finish: Duration::from_secs(1),
        breath: Duration::from_millis(50),
    };
}
