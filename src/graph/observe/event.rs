//! What the client tells while it works.
//!
//! The one decision: the client prints nothing and logs nothing. It gives events to an [`Observer`], and
//! whoever holds that decides what a person, a log file or a progress bar gets to see. Everything in an
//! event is redacted already.

use std::{sync::Arc, time::Duration};

use serde_json::Value;

use crate::graph::send::{call::Bearer, version::ApiVersion};

/// Sees every event of a client, from any thread. It must be quick, since the request waits for it.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn observe(&self, event: &CallEvent);

    /// Whether [`CallEvent::Detail`] is wanted; making it costs a copy of every body.
    fn wants_detail(&self) -> bool {
        false
    }

    /// A request and its answer as a whole, where [`Observer::wants_exchanges`].
    fn exchanged(&self, _: Exchange) {}

    /// Whether exchanges are wanted, at the same cost.
    fn wants_exchanges(&self) -> bool {
        false
    }
}

/// Sees nothing.
impl Observer for () {
    fn observe(&self, _: &CallEvent) {}
}

/// Which way a [`CallEvent::Detail`] went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From us to Meta.
    Sent,
    /// From Meta to us.
    Received,
}

/// What was asked and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Whose token it was.
    pub with: Bearer,
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// The path with its version: `/v26.0/1234/accept`.
    pub path: String,
    /// Names and values, without those that are secrets.
    pub query: Vec<(String, String)>,
    /// The JSON body that was sent.
    pub sent: Option<Value>,
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The JSON body that came; none where it was not JSON, or is a secret as a whole.
    pub body: Option<Value>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallEvent {
    /// One request came to its end, well or not.
    Request {
        /// `GET`, `POST` or `DELETE`.
        method: &'static str,
        /// The path with its version, without query: `/v26.0/me/permissions`.
        path: String,
        /// The HTTP status; none when no answer came.
        status: Option<u16>,
        /// Meta's error code, where the answer was an error.
        code: Option<i64>,
        /// Why no answer came, in a few words.
        failure: Option<String>,
        /// What the HTTP library says of it; for the log, since its words are for nobody who reads a message.
        detail: Option<String>,
        /// How long it took, in milliseconds.
        ms: u64,
        /// The how-manieth try this was, from 1.
        tries: u32,
        /// Meta's id of the request.
        request_id: Option<String>,
        /// The version that answered (`facebook-api-version`).
        version_served: Option<String>,
        /// The worst percentage in the usage headers of this answer.
        usage: Option<u16>,
    },
    /// The headers and the body of one direction of a request; only for those who want it.
    Detail {
        /// Which direction.
        way: Direction,
        /// `POST /v26.0/1234/accept`, or `HTTP 200`.
        line: String,
        /// Names and redacted values.
        headers: Vec<(String, String)>,
        /// The redacted body, if there was one.
        body: Option<String>,
    },
    /// A read failed in passing and is tried again.
    Retry {
        /// What we are doing: `list the solutions of app 1234`.
        doing: String,
        /// Why, in a few words.
        why: String,
        /// How many tries are left, at least 1.
        tries_left: u32,
        /// The pause before the next.
        wait: Duration,
    },
    /// Meta answers in another version than we asked for. Said once per client.
    VersionDiffers {
        /// What we asked for.
        asked: ApiVersion,
        /// What the answer's header says.
        served: String,
    },
    /// Calls are spread out, since much of the quota is used. Said once per stretch.
    Spread {
        /// Whose quota, in words.
        what: String,
        /// Percent used.
        used: u16,
        /// The least time between two calls.
        gap: Duration,
    },
    /// All calls with this token wait until the quota is back. Said at the start of each pause and then
    /// every second, so that it can be shown as a countdown. Nothing remains where the run is to end.
    QuotaPause {
        /// What is left of this pause.
        remaining: Duration,
        /// The length of the whole pause; equal to `remaining` at its start.
        total: Duration,
        /// Whose quota, in words.
        what: String,
    },
    /// The pause is over, and calls go on.
    QuotaOver {
        /// Whose quota, in words.
        what: String,
    },
}

/// An observer that several parts share.
pub(crate) type SharedObserver = Arc<dyn Observer>;
