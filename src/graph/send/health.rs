//! What a client noticed beside its calls, for `mps doctor`: the clocks, how much of the quota is used,
//! and how the host is reached.
//!
//! The one decision: nothing is asked for its own sake. Meta dates every answer and counts every call, so
//! what was done anyway tells it.

use jiff::SignedDuration;

use super::{perform::Graph, proxy::Route};

impl Graph {
    /// How far our clock is ahead of Meta's, to the second; none before the first dated answer.
    pub fn clock_ahead(&self) -> Option<SignedDuration> {
        self.0.clock.ahead()
    }

    /// The worst percentage of all quotas that were heard of; none where Meta sent none.
    pub fn quota_used(&self) -> Option<u16> {
        self.0.quota.worst()
    }

    /// How the host is reached.
    pub fn route(&self) -> Route {
        self.0.config.proxies.route(self.base().url())
    }
}
