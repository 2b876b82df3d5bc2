//! One request and its answer, and what all requests of a client share.
//!
//! The one decision: whatever is sent goes through [`Sender::once`]. Proof, events, the quota's headers and
//! judgement happen there, so that no request can go without one of them.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    call::{ApiCall, Bearer, OwnedToken},
    client::{HttpClient, HttpOptions, HttpRequest},
    clock::Clock,
    config::ClientConfig,
    proof, retry,
    transport::TransportError,
};
use crate::{
    graph::{
        answer::{self, RawResponse},
        error::{CallContext, Error, ErrorCause, ErrorKind, failed},
        observe::{detail, event::CallEvent, exchange::exchange},
        quota::{Quota, usage},
    },
    secret::Secret,
};

/// Sends single requests.
pub(crate) struct Sender {
    pub(crate) config: ClientConfig,
    http: HttpClient,
    pub(crate) quota: Quota,
    pub(crate) clock: Clock,
    said_version: AtomicBool,
}

/// What came of one try.
pub(crate) struct Attempt {
    pub(crate) result: Result<Value, ErrorCause>,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
    pub(crate) served: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

impl Sender {
    pub(crate) fn new(config: ClientConfig, http2_only: bool) -> Result<Self, Error> {
        let options = HttpOptions {
            route: &config.proxies.route(config.base.url()),
            tls: config.base.is_tls(),
            ca_file: config.ca_file.as_deref(),
            pace: &config.pace,
            http2_only,
        };
        let http = HttpClient::new(&options).map_err(|problem| {
            let call = ApiCall::get(format!("set up calls to {}", config.base.host_label()), &[]);
            let facts = facts(&config, Bearer::System, &call);
            failed(facts, ErrorCause::Setup(problem))
        })?;
        if let Some(secret) = &config.app_secret {
            config.redactor.know(secret.secret());
        }
        Ok(Self {
            config,
            http,
            quota: Quota::default(),
            clock: Clock::default(),
            said_version: AtomicBool::new(false),
        })
    }

    /// Notes what an error says about the quota.
    pub(crate) fn book(
        &self,
        mut error: Error,
        retry_after: Option<Duration>,
        left: Instant,
    ) -> Error {
        if error.kind() == ErrorKind::Quota {
            let wait = self
                .quota
                .refused(error.0.at.bearer, retry_after, left, Instant::now());
            error.0.at.wait = Some(wait);
        }
        error
    }

    /// Lets a pause pass; `false` if the run is to end.
    pub(crate) async fn rest(&self, pause: Duration) -> bool {
        let config = &self.config;
        config.pace.sleep(pause, config.stop.as_ref()).await
    }

    pub(crate) fn notify(&self, event: &CallEvent) {
        self.config.observer.observe(event);
    }

    /// One request and its answer.
    pub(crate) async fn once(&self, held: &OwnedToken, call: &ApiCall, tries: u32) -> Attempt {
        let config = &self.config;
        let proof = config
            .app_secret
            .as_ref()
            .map(|secret| proof::plain(secret, &held.secret));
        if let Some(proof) = proof.as_deref().and_then(|proof| Secret::parse(proof).ok()) {
            self.config.redactor.know(&proof);
        }
        let url = call.url(&config.base, config.version, proof.as_deref());
        let path = url.path().to_owned();
        let body = call.body_bytes(proof.as_deref());
        let detailed = config.observer.wants_detail();
        if detailed {
            self.notify(&detail::sent(
                call,
                &url,
                body.as_deref(),
                &self.config.redactor,
            ));
        }
        let whole = config.observer.wants_exchanges();
        let asked = whole.then(|| (url.clone(), body.clone()));
        let started = Instant::now();
        let request = HttpRequest {
            method: call.method,
            url,
            token: &held.secret,
            body,
        };
        let answer = self.http.send(request, &self.config.redactor).await;
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let (true, Ok(answer)) = (detailed, &answer) {
            self.notify(&detail::received(call, answer, &self.config.redactor));
        }
        if let (Some((url, body)), Ok(answer)) = (asked, &answer) {
            let (sent, redactor) = (body.as_deref(), &config.redactor);
            let whole = exchange(held.bearer, call, &url, sent, answer, redactor);
            config.observer.exchanged(whole);
        }
        let (outcome, used) = self.read(held.bearer, call, answer);
        self.notify(&CallEvent::Request {
            method: call.method.as_str(),
            path: self.config.redactor.clean(&path).into_owned(),
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
            detail: match &outcome.result {
                Err(ErrorCause::Transport(transport)) => transport.detail().map(str::to_owned),
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
        let config = &self.config;
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
        self.clock.heard(&answer, jiff::Timestamp::now());
        let served = clean("facebook-api-version");
        self.compare_version(call, served.as_deref());
        let usage = usage::read(
            answer.header("x-app-usage"),
            answer.header("x-business-use-case-usage"),
        );
        let used = usage::worst(&usage);
        self.quota.heard(bearer, usage, Instant::now());
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
        let asked = call.version.unwrap_or(self.config.version);
        let Some(served) = served.filter(|served| *served != asked.to_string()) else {
            return;
        };
        if !self.said_version.swap(true, Ordering::Relaxed) {
            self.notify(&CallEvent::VersionDiffers {
                asked,
                served: served.to_owned(),
            });
        }
    }

    pub(crate) fn facts(&self, bearer: Bearer, call: &ApiCall) -> CallContext {
        facts(&self.config, bearer, call)
    }
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
