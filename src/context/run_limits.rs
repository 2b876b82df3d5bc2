//! What a command took from its options that the tools made later go by.

use std::{sync::OnceLock, time::Duration};

/// Each is set once, before the first call.
#[derive(Debug, Default)]
pub struct RunLimits {
    wait_quota: OnceLock<Option<Duration>>,
    calls_at_once: OnceLock<usize>,
    any_scope: OnceLock<()>,
}

impl RunLimits {
    /// Lets the client wait for quota, so long at the most (`--wait-quota`). Before the first call.
    pub fn wait_for_quota(&self, longest: Option<Duration>) {
        let _ = self.wait_quota.set(longest);
    }

    /// How long the client may wait for quota.
    pub fn longest_quota_wait(&self) -> Option<Duration> {
        self.wait_quota.get().copied().flatten()
    }

    /// Calls that may be under way at once, as the command took it from its options.
    pub fn let_at_once(&self, calls: usize) {
        let _ = self.calls_at_once.set(calls);
    }

    /// Calls that may be under way at once.
    pub fn calls_at_once(&self) -> usize {
        self.calls_at_once.get().copied().unwrap_or(8)
    }

    /// Takes a user token that lists its apps, whatever permissions Meta reports of it (`--no-scope-check`).
    pub fn take_any_scope(&self) {
        let _ = self.any_scope.set(());
    }

    /// Whether that is so.
    pub fn takes_any_scope(&self) -> bool {
        self.any_scope.get().is_some()
    }
}
