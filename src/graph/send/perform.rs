//! The client that all commands share: one pool, one gate, one way through for every call.
//!
//! The one decision: [`Graph::perform`] is the only way to Meta. Quota, proof, events, judgement and
//! retries happen there, so that no call can go without one of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    call::{ApiCall, Bearer, OwnedToken},
    client::{HttpClient, HttpOptions, HttpRequest},
    clock::Clock,
    config::ClientConfig,
    proof,
    retry::{self, FailedAttempt},
    transport::TransportError,
    url::BaseUrl,
    version::ApiVersion,
};
use crate::{
    graph::{
        answer::{self, RawResponse},
        error::{CallContext, Error, ErrorCause, ErrorInner, ErrorKind},
        observe::{detail, event::CallEvent},
        quota::{Quota, usage},
    },
    redact::Redactor,
    secret::Secret,
};

/// The Graph API of one host. A clone is cheap and shares the connections and the quota's books.
#[derive(Clone)]
pub struct Graph(pub(crate) Arc<GraphInner>);

pub(crate) struct GraphInner {
    pub(crate) config: ClientConfig,
    wire: HttpClient,
    pub(crate) quota: Quota,
    pub(crate) clock: Clock,
    said_version: AtomicBool,
}

/// A call that went well.
#[derive(Debug)]
pub(crate) struct CallResponse {
    pub(crate) value: Value,
    pub(crate) facts: CallContext,
}

/// What came of one try.
pub(crate) struct Attempt {
    pub(crate) result: Result<Value, ErrorCause>,
    pub(crate) status: Option<u16>,
    request_id: Option<String>,
    served: Option<String>,
    pub(crate) retry_after: Option<Duration>,
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
        let parts = HttpOptions {
            route: &config.proxies.route(config.base.url()),
            tls: config.base.is_tls(),
            ca_file: config.ca_file.as_deref(),
            pace: &config.pace,
            http2_only,
        };
        let wire = HttpClient::new(&parts).map_err(|problem| {
            let call = ApiCall::get(format!("set up calls to {}", config.base.host_label()), &[]);
            let facts = facts(&config, Bearer::System, &call);
            failed(facts, ErrorCause::Setup(problem))
        })?;
        if let Some(secret) = &config.app_secret {
            config.redactor.know(secret.secret());
        }
        Ok(Self(Arc::new(GraphInner {
            config,
            wire,
            quota: Quota::default(),
            clock: Clock::default(),
            said_version: AtomicBool::new(false),
        })))
    }

    /// Where it asks.
    pub fn base(&self) -> &BaseUrl {
        &self.0.config.base
    }

    /// The version it asks for.
    pub fn version(&self) -> &ApiVersion {
        &self.0.config.version
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
            if let Err(held_back) = self.pass(held, call).await {
                // Meta's own refusal says more than that we did not ask again.
                let stopped = held_back.0.cause == ErrorCause::Stopped;
                let mut error = refusal.filter(|_| !stopped).unwrap_or(held_back);
                finish(&mut error.0.at, tries);
                return Err(error);
            }
            tries += 1;
            let left = Instant::now();
            let outcome = self.once(held, call, tries).await;
            let mut facts = self.facts(held.bearer, call);
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
            let error = self.book(failed(facts, cause), outcome.retry_after);
            if error.kind() == ErrorKind::Quota && self.waits() && !call.method.writes() {
                refusal = Some(error);
                continue;
            }
            let Some(pause) = self.next_try(&error, attempt, outcome.retry_after) else {
                return Err(error);
            };
            attempt += 1;
            if !self.rest(pause).await {
                return Err(failed(error.0.at, ErrorCause::Stopped));
            }
        }
    }

    /// Notes what an error says about the quota.
    pub(crate) fn book(&self, mut error: Error, retry_after: Option<Duration>) -> Error {
        if error.kind() == ErrorKind::Quota {
            let wait = self
                .0
                .quota
                .refused(error.0.at.bearer, retry_after, Instant::now());
            error.0.at.wait = Some(wait);
        }
        error
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
        self.notify(&CallEvent::Retry {
            doing: error.0.at.doing.clone(),
            why: error.short(),
            tries_left: retry::tries(&error.0.cause, pace).saturating_sub(attempt),
            wait: pause,
        });
        Some(pause)
    }

    /// Lets a pause pass; `false` if the run is to end.
    pub(crate) async fn rest(&self, pause: Duration) -> bool {
        let config = &self.0.config;
        config.pace.sleep(pause, config.stop.as_ref()).await
    }

    pub(crate) fn waits(&self) -> bool {
        self.0.config.wait_quota.is_some()
    }

    pub(crate) fn notify(&self, event: &CallEvent) {
        self.0.config.observer.observe(event);
    }

    /// One request and its answer.
    pub(crate) async fn once(&self, held: &OwnedToken, call: &ApiCall, tries: u32) -> Attempt {
        let config = &self.0.config;
        let proof = config
            .app_secret
            .as_ref()
            .map(|secret| proof::plain(secret, &held.secret));
        if let Some(proof) = proof.as_deref().and_then(|proof| Secret::parse(proof).ok()) {
            self.redactor().know(&proof);
        }
        let url = call.url(&config.base, config.version, proof.as_deref());
        let path = url.path().to_owned();
        let body = call.body_bytes(proof.as_deref());
        let detailed = config.observer.wants_detail();
        if detailed {
            self.notify(&detail::sent(call, &url, body.as_deref(), self.redactor()));
        }
        let started = Instant::now();
        let request = HttpRequest {
            method: call.method,
            url,
            token: &held.secret,
            body,
        };
        let answer = self.0.wire.send(request, self.redactor()).await;
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let (true, Ok(answer)) = (detailed, &answer) {
            self.notify(&detail::received(call, answer, self.redactor()));
        }
        let (outcome, used) = self.read(held.bearer, call, answer);
        self.notify(&CallEvent::Request {
            method: call.method.as_str(),
            path: self.redactor().clean(&path).into_owned(),
            status: outcome.status,
            code: match &outcome.result {
                Err(ErrorCause::Meta(meta)) => meta.code,
                _ => None,
            },
            failure: match &outcome.result {
                Err(ErrorCause::Transport(transport)) => {
                    Some(transport.short(config.base.host_label()))
                }
                _ => None,
            },
            ms,
            tries,
            request_id: outcome.request_id.clone(),
            version_served: outcome.served.clone(),
            usage: used,
        });
        outcome
    }

    /// Reads an answer and books its headers.
    fn read(
        &self,
        bearer: Bearer,
        call: &ApiCall,
        answer: Result<RawResponse, TransportError>,
    ) -> (Attempt, Option<u16>) {
        let config = &self.0.config;
        let answer = match answer {
            Ok(answer) => answer,
            Err(transport) => {
                let outcome = Attempt {
                    result: Err(ErrorCause::Transport(transport)),
                    status: None,
                    request_id: None,
                    served: None,
                    retry_after: None,
                };
                return (outcome, None);
            }
        };
        let clean = |name: &str| {
            let value = answer.header(name)?;
            Some(
                config
                    .redactor
                    .clean(value)
                    .chars()
                    .take(80)
                    .collect::<String>(),
            )
        };
        self.0.clock.heard(&answer, jiff::Timestamp::now());
        let served = clean("facebook-api-version");
        self.compare_version(call, served.as_deref());
        let usage = usage::read(
            answer.header("x-app-usage"),
            answer.header("x-business-use-case-usage"),
        );
        let used = usage::worst(&usage);
        self.0.quota.heard(bearer, usage, Instant::now());
        let result = answer::judge(&answer, config.base.host_label(), &config.redactor);
        let result = match result {
            Err(ErrorCause::Unreadable(why, _)) if call.secret_answer => {
                Err(ErrorCause::Unreadable(why, String::new()))
            }
            other => other,
        };
        let outcome = Attempt {
            result,
            status: Some(answer.status),
            request_id: clean("x-fb-request-id").or_else(|| clean("x-fb-trace-id")),
            served,
            retry_after: retry::retry_after(answer.header("retry-after"), answer.header("date")),
        };
        (outcome, used)
    }

    /// Says once that Meta answers in another version.
    fn compare_version(&self, call: &ApiCall, served: Option<&str>) {
        let asked = call.version.unwrap_or(self.0.config.version);
        let Some(served) = served.filter(|served| *served != asked.to_string()) else {
            return;
        };
        if !self.0.said_version.swap(true, Ordering::Relaxed) {
            self.notify(&CallEvent::VersionDiffers {
                asked,
                served: served.to_owned(),
            });
        }
    }

    pub(crate) fn facts(&self, bearer: Bearer, call: &ApiCall) -> CallContext {
        facts(&self.0.config, bearer, call)
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

/// An error with these facts and this cause.
pub(crate) fn failed(at: CallContext, cause: ErrorCause) -> Error {
    Error(Box::new(ErrorInner { cause, at }))
}

/// What is known about a call before it is sent.
fn facts(config: &ClientConfig, bearer: Bearer, call: &ApiCall) -> CallContext {
    CallContext {
        doing: config.redactor.clean(&call.doing).into_owned(),
        method: call.method,
        bearer,
        place: None,
        id: call.id().map(str::to_owned),
        solution: call.solution,
        host: config.base.host_label().to_owned(),
        loopback: config.base.is_loopback(),
        status: None,
        request_id: None,
        version_asked: call.version.unwrap_or(config.version).to_string(),
        version_served: None,
        tries: 0,
        elapsed: Duration::ZERO,
        wait: None,
    }
}
