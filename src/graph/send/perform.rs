//! The client that all commands share: one pool, one gate, one way through for every call.
//!
//! The one decision: [`Graph::perform`] is the only way to Meta. The gate and the retries stand there, so that
//! no call can go past them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    attempt::Sender,
    call::{ApiCall, LeaveBy, OwnedToken, Token},
    config::ClientConfig,
    proxy::Route,
    retry::{self, FailedAttempt},
    url::BaseUrl,
    version::ApiVersion,
};
use crate::{
    graph::{
        answer,
        error::{CallContext, Error, ErrorCause, ErrorKind, failed},
        observe::event::CallEvent,
        quota::gate,
    },
    redact::Redactor,
};

/// The Graph API of one host. A clone is cheap and shares the connections and the quota's books.
#[derive(Clone)]
pub struct Graph(pub(crate) Arc<Sender>);

/// What came of asking for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is this one's turn.
    Taken,
    /// It comes too late, and was not taken.
    Later,
    /// A refusal came before it.
    Lost,
}

/// A call that went well.
#[derive(Debug)]
pub(crate) struct CallResponse {
    pub(crate) value: Value,
    pub(crate) facts: CallContext,
}

impl Graph {
    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// A CA file that cannot be used, or no certificate store where one is needed.
    pub fn new(config: ClientConfig) -> Result<Self, Error> {
        Self::wired(config, false)
    }

    pub(crate) fn wired(config: ClientConfig, http2_only: bool) -> Result<Self, Error> {
        Sender::new(config, http2_only).map(|sender| Self(Arc::new(sender)))
    }

    /// Where it asks.
    pub fn base(&self) -> &BaseUrl {
        &self.0.config.base
    }

    /// How the host is reached.
    pub fn route(&self) -> Route {
        self.0.config.proxies.route(self.base().url())
    }

    /// The version it asks for.
    pub fn version(&self) -> &ApiVersion {
        &self.0.config.version
    }

    /// How far our clock is ahead of Meta's, to the second; none before the first dated answer.
    pub fn clock_ahead(&self) -> Option<SignedDuration> {
        self.0.clock.ahead()
    }

    /// What time it is for Meta, whose tokens end by its clock; ours before the first dated answer.
    pub fn now(&self) -> Timestamp {
        let ours = Timestamp::now();
        let ahead = self.clock_ahead().unwrap_or_default();
        ours.checked_sub(ahead).unwrap_or(ours)
    }

    /// The worst percentage of all quotas that were heard of; none where Meta sent none.
    pub fn quota_used(&self) -> Option<u16> {
        self.0.quota.worst()
    }

    pub(crate) fn redactor(&self) -> &Redactor {
        &self.0.config.redactor
    }

    /// Sends a call: a read until it succeeds or cannot, a write exactly once.
    pub(crate) async fn perform(
        &self,
        held: &OwnedToken,
        call: &ApiCall,
    ) -> Result<CallResponse, Error> {
        self.redactor().know(&held.secret);
        let started = Instant::now();
        let (mut tries, mut attempt, mut refusal) = (0, 1, None);
        loop {
            let finish = |facts: &mut CallContext, tries| {
                facts.tries = tries;
                facts.elapsed = started.elapsed();
            };
            if let Err(held_back) = gate::pass(&self.0, held, call).await {
                // Meta's own refusal says more than that we did not ask again.
                let stopped = held_back.0.cause == ErrorCause::Stopped;
                let mut error = refusal.filter(|_| !stopped).unwrap_or(held_back);
                finish(&mut error.0.at, tries);
                return Err(error);
            }
            if call.leave_by.is_some_and(LeaveBy::is_past) {
                return Err(failed(self.0.facts(held.bearer, call), ErrorCause::Late));
            }
            tries += 1;
            let left = Instant::now();
            let outcome = self.0.once(held, call, tries).await;
            let mut facts = self.0.facts(held.bearer, call);
            facts.place = held.secret.place().cloned();
            facts.status = outcome.status;
            facts.request_id = outcome.request_id;
            facts.version_served = outcome.served;
            finish(&mut facts, tries);
            let cause = match outcome.result {
                Ok(value) => {
                    self.0.quota.went_well(held.bearer, left);
                    return Ok(CallResponse { value, facts });
                }
                Err(cause) => cause,
            };
            let error = self.0.book(failed(facts, cause), outcome.retry_after, left);
            if error.kind() == ErrorKind::Quota
                && self.0.config.wait_quota.is_some()
                && !call.method.writes()
            {
                refusal = Some(error);
                continue;
            }
            let Some(pause) = self.next_try(&error, attempt, outcome.retry_after) else {
                return Err(error);
            };
            attempt += 1;
            if !self.0.rest(pause).await {
                return Err(failed(error.0.at, ErrorCause::Stopped));
            }
        }
    }

    /// The pause before the next try, which is announced; none if there is no next try.
    fn next_try(
        &self,
        error: &Error,
        attempt: u32,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        let pace = &self.0.config.pace;
        let failed = FailedAttempt {
            writes: error.0.at.method.writes(),
            attempt,
            class: error.class(),
            cause: &error.0.cause,
            retry_after,
        };
        let pause = retry::pause(failed, pace, retry::jitter())?;
        self.0.notify(&CallEvent::Retry {
            doing: error.0.at.doing.clone(),
            why: error.short(),
            tries_left: retry::tries(&error.0.cause, pace).saturating_sub(attempt),
            wait: pause,
        });
        Some(pause)
    }

    /// Waits until the quota that stopped a write is back, where waiting was asked for. `object` is asked
    /// about it. `false`: the error stands, because it is another one, or there is no time left to wait.
    pub async fn wait_out(&self, error: &Error, token: Token<'_>, object: &str) -> bool {
        if error.kind() != ErrorKind::Quota || self.0.config.wait_quota.is_none() {
            return false;
        }
        let call = ApiCall::get("wait for the quota", &[object]);
        gate::wait_out(&self.0, &OwnedToken::from(token), &call)
            .await
            .is_ok()
    }

    /// Waits until no refusal stops this token, where waiting was asked for; `object` is asked about it. What cannot be
    /// waited out is told by the call that meets it.
    pub async fn let_through(&self, token: Token<'_>, object: &str) {
        if self.0.config.wait_quota.is_some() {
            let call = ApiCall::get("wait for the quota", &[object]);
            let _ = gate::wait_out(&self.0, &OwnedToken::from(token), &call).await;
        }
    }

    /// Takes the place of a write among all calls and waits for it, before the write is written down: it must leave
    /// soon after that.
    pub async fn place(&self, token: Token<'_>, most: Duration) -> Place {
        let quota = &self.0.quota;
        let Some(pause) = quota.place_within(most, Instant::now()) else {
            return Place::Later;
        };
        let held = OwnedToken::from(token);
        let stopped = !pause.is_zero()
            && self.0.rest(pause).await
            && self.0.config.wait_quota.is_some()
            && quota.stopped(held.bearer, Instant::now()).is_some();
        if stopped { Place::Lost } else { Place::Taken }
    }

    /// Reads the answer's shape.
    pub(crate) fn decode<T: DeserializeOwned>(
        &self,
        done: CallResponse,
    ) -> Result<(T, CallContext), Error> {
        let CallResponse { value, facts, .. } = done;
        match answer::decode(value, self.redactor()) {
            Ok(shape) => Ok((shape, facts)),
            Err(cause) => Err(failed(facts, cause)),
        }
    }
}
