//! What can go wrong with a call, and what a caller may conclude from it.
//!
//! The one decision: an error answers questions (whose fault, did the write happen, does it concern the
//! whole run) by its typed cause, and nothing outside may read its text. All texts are redacted before
//! they get in here.

pub(crate) mod advice;
pub(crate) mod message;

use std::{fmt, sync::Arc, time::Duration};

use super::{
    answer::{
        codes::{self, ErrorClass, MESSAGING_RULE},
        meta::MetaError,
    },
    send::{
        call::{Bearer, Method},
        transport::TransportError,
        version::is_known,
    },
};
use advice::Advice;

/// What sort of failure; the names and the exit codes are those of the whole program.
pub use crate::exit::Kind as ErrorKind;

/// What is known about a write that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It never left: no connection was made, or we held it back.
    Never,
    /// Meta read it and said no: nothing happened.
    Refused,
    /// It may or may not have happened.
    Unknown,
}

/// Why an answer is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Meta's own error page.
    MetaPage,
    /// A page of something between us and Meta.
    ProxyPage,
    /// HTTP 407, a proxy that wants a password.
    ProxyAuth,
    /// A page or text of whatever answers under that address.
    Text,
    /// JSON with an error that is not in Meta's form.
    OtherError,
    /// Not one byte.
    Empty,
    /// More than the client takes.
    TooLong,
    /// HTTP 200 with `Service Unavailable` in it.
    ServiceUnavailable,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ErrorCause {
    /// Meta's error envelope.
    Meta(Box<MetaError>),
    /// `{"success": false}`.
    NotDone,
    /// Not JSON, with the first characters of what came instead.
    Unreadable(Unreadable, String),
    /// JSON of another shape: where, and what is wrong there.
    Shape(String),
    /// A create was answered without a usable id.
    NoSolutionId,
    /// An answer that sends us to another host.
    Redirect(String),
    /// No answer.
    Transport(TransportError),
    /// Held back by us, since the quota is used up.
    Held(u16),
    /// The run is to end, and this call was not made, or not made again.
    Stopped,
    /// It did not leave in time, and was not sent.
    Late,
    /// No business has shared an account with the solution.
    NothingShared,
    /// A list that cannot be read to its end.
    Paging(&'static str),
    /// The client cannot be made.
    Setup(String),
    /// The call cannot be made as asked.
    Usage(String),
}

/// What is known about a call, whatever becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallContext {
    pub(crate) doing: String,
    pub(crate) method: Method,
    pub(crate) bearer: Bearer,
    /// Where the token came from, as far as that is known.
    pub(crate) place: Option<Arc<str>>,
    pub(crate) id: Option<String>,
    pub(crate) solution: bool,
    pub(crate) host: String,
    pub(crate) loopback: bool,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
    pub(crate) version_asked: String,
    pub(crate) version_served: Option<String>,
    pub(crate) tries: u32,
    pub(crate) elapsed: Duration,
    pub(crate) wait: Option<Duration>,
}

/// A cause and the call that met it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErrorInner {
    pub(crate) cause: ErrorCause,
    pub(crate) at: CallContext,
}

/// A call that failed. Cheap to move and to clone; every text in it is redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(pub(super) Box<ErrorInner>);

/// The error of a call that met this cause.
pub(crate) fn failed(at: CallContext, cause: ErrorCause) -> Error {
    Error(Box::new(ErrorInner { cause, at }))
}

impl Error {
    /// The kind, which gives the exit code.
    pub fn kind(&self) -> ErrorKind {
        match &self.0.cause {
            ErrorCause::Meta(_) => match self.class_as(false) {
                ErrorClass::Transient => ErrorKind::Transient,
                ErrorClass::Quota => ErrorKind::Quota,
                ErrorClass::Auth => ErrorKind::Auth,
                ErrorClass::Permission => ErrorKind::Permission,
                ErrorClass::Input => ErrorKind::Input,
                ErrorClass::State => ErrorKind::State,
            },
            ErrorCause::NotDone | ErrorCause::NothingShared => ErrorKind::State,
            ErrorCause::Unreadable(Unreadable::ServiceUnavailable, _) | ErrorCause::Late => {
                ErrorKind::Transient
            }
            ErrorCause::Unreadable(..)
            | ErrorCause::Shape(_)
            | ErrorCause::NoSolutionId
            | ErrorCause::Redirect(_)
            | ErrorCause::Paging(_) => ErrorKind::UnreadableResponse,
            ErrorCause::Transport(transport) if transport.timed_out() => ErrorKind::Timeout,
            // What this machine or its network is set up to do does not pass by itself.
            ErrorCause::Transport(
                TransportError::Tls(..)
                | TransportError::ProxyAuth(_)
                | TransportError::ProxyRefused(_),
            )
            | ErrorCause::Setup(_) => ErrorKind::Io,
            ErrorCause::Transport(_) => ErrorKind::Transient,
            ErrorCause::Held(_) => ErrorKind::Quota,
            ErrorCause::Stopped => ErrorKind::Interrupted,
            ErrorCause::Usage(_) => ErrorKind::Usage,
        }
    }

    /// What the error asks of the caller. A write that met passing trouble is [`ErrorClass::State`]: read the
    /// object again and decide.
    pub fn class(&self) -> ErrorClass {
        self.class_as(self.0.at.method.writes())
    }

    pub(crate) fn class_as(&self, write: bool) -> ErrorClass {
        let passing = if write {
            ErrorClass::State
        } else {
            ErrorClass::Transient
        };
        match &self.0.cause {
            ErrorCause::Meta(meta) => codes::class(
                meta.code,
                meta.subcode,
                &meta.message,
                self.0.at.status.unwrap_or(400),
                meta.is_transient,
                write,
            ),
            ErrorCause::Unreadable(Unreadable::ServiceUnavailable, _) => passing,
            ErrorCause::Unreadable(..) if self.0.at.status.is_some_and(passing_status) => passing,
            ErrorCause::Transport(transport) if transport.hopeless(self.0.at.loopback) => {
                ErrorClass::Input
            }
            ErrorCause::Transport(_) => passing,
            ErrorCause::NotDone | ErrorCause::NoSolutionId | ErrorCause::NothingShared => {
                ErrorClass::State
            }
            ErrorCause::Held(_) => ErrorClass::Quota,
            ErrorCause::Unreadable(..)
            | ErrorCause::Shape(_)
            | ErrorCause::Redirect(_)
            | ErrorCause::Paging(_)
            | ErrorCause::Setup(_)
            | ErrorCause::Stopped
            | ErrorCause::Late
            | ErrorCause::Usage(_) => ErrorClass::Input,
        }
    }

    /// What is known about the write. For a read it means nothing.
    pub fn sent(&self) -> Sent {
        match &self.0.cause {
            ErrorCause::Setup(_)
            | ErrorCause::Usage(_)
            | ErrorCause::Held(_)
            | ErrorCause::Stopped
            | ErrorCause::Late => Sent::Never,
            ErrorCause::Transport(transport) if transport.never_left() => Sent::Never,
            ErrorCause::NotDone | ErrorCause::NothingShared => Sent::Refused,
            ErrorCause::Meta(meta) => {
                let server_error = self.0.at.status.is_some_and(|status| status >= 500);
                match self.class_as(false) {
                    ErrorClass::Auth | ErrorClass::Permission | ErrorClass::Quota => Sent::Refused,
                    ErrorClass::Input | ErrorClass::State
                        if meta.code.is_some() && !meta.is_transient && !server_error =>
                    {
                        Sent::Refused
                    }
                    ErrorClass::Input | ErrorClass::State | ErrorClass::Transient => Sent::Unknown,
                }
            }
            ErrorCause::Unreadable(..)
            | ErrorCause::Shape(_)
            | ErrorCause::NoSolutionId
            | ErrorCause::Redirect(_)
            | ErrorCause::Transport(_)
            | ErrorCause::Paging(_) => Sent::Unknown,
        }
    }

    /// Whether time ran out after the request had left. Such a write may still be at work at Meta's, so
    /// it forbids a second one in this run.
    pub fn timed_out(&self) -> bool {
        matches!(&self.0.cause, ErrorCause::Transport(transport)
            if transport.timed_out() && !transport.never_left())
    }

    /// Whether it was not sent because it could not leave in time.
    pub fn was_late(&self) -> bool {
        self.0.cause == ErrorCause::Late
    }

    /// Meta's own words, where there are any.
    pub fn meta(&self) -> Option<&MetaError> {
        match &self.0.cause {
            ErrorCause::Meta(meta) => Some(meta),
            _ => None,
        }
    }

    /// Meta's code.
    pub fn code(&self) -> Option<i64> {
        self.meta().and_then(|meta| meta.code)
    }

    /// What we were doing, to follow "could not": `create a solution for app 1234`.
    pub fn doing(&self) -> &str {
        &self.0.at.doing
    }

    /// Whether Meta refused who may send messages (graph-api.md, 7.3). Nothing was created.
    pub fn messaging_refused(&self) -> bool {
        self.meta()
            .and_then(MetaError::row)
            .is_some_and(|row| row.text == Some(MESSAGING_RULE))
    }

    /// Whether the app secret, not the call, is what Meta objects to.
    pub fn is_about_proof(&self) -> bool {
        self.meta().is_some()
            && self.class_as(false) == ErrorClass::Auth
            && self.code() == Some(100)
    }

    /// Whether Meta knows no such path: the version, or an edge in it (graph-api.md, 2.3).
    pub fn is_unknown_path(&self) -> bool {
        self.meta()
            .and_then(MetaError::row)
            .is_some_and(|row| row.advice == Advice::Path)
    }

    /// Whether it is the version that Meta does not know, as far as we can tell: then no path in it is.
    pub fn is_unknown_version(&self) -> bool {
        self.is_unknown_path() && !is_known(&self.0.at.version_asked)
    }

    /// Whether the object does not exist, or this token may not see it; Meta does not tell which.
    pub fn is_not_visible(&self) -> bool {
        self.meta().is_some_and(|meta| {
            (meta.code, meta.subcode) == (Some(100), Some(33)) || meta.code == Some(803)
        })
    }

    /// Whether every other item of the run would fail in the same way, so that none should be tried.
    pub fn whole_run(&self) -> bool {
        match &self.0.cause {
            ErrorCause::Meta(meta) => {
                self.class_as(false) == ErrorClass::Auth
                    || self.is_unknown_path()
                    || matches!(meta.code, Some(3 | 10 | 368 | 2635 | 131_005 | 131_031))
                    || self.messaging_refused()
            }
            ErrorCause::Transport(transport) => transport.hopeless(self.0.at.loopback),
            ErrorCause::Redirect(_)
            | ErrorCause::Stopped
            | ErrorCause::Setup(_)
            | ErrorCause::Unreadable(Unreadable::ProxyPage | Unreadable::ProxyAuth, _) => true,
            _ => false,
        }
    }

    /// Whether Meta may mean this one object and not the whole run: code 10 is both a permission that was not
    /// granted and an object that is not eligible (graph-api.md, 2.3).
    pub fn may_mean_one_object(&self) -> bool {
        self.code() == Some(10)
    }

    /// Whether a read was refused for good, as opposed to lost: Meta does not let this token look.
    pub fn refused_to_look(&self) -> bool {
        self.code().is_some()
            && !self.is_unknown_version()
            && matches!(
                self.class_as(false),
                ErrorClass::Permission | ErrorClass::Input
            )
    }

    /// Whether an answer came whose fields are not what they should be.
    pub fn is_odd_shape(&self) -> bool {
        matches!(self.0.cause, ErrorCause::Shape(_))
    }

    /// How long until the quota is back, where the error is about a quota and the time is known.
    #[cfg(test)]
    pub fn quota_wait(&self) -> Option<Duration> {
        (self.kind() == ErrorKind::Quota)
            .then_some(self.0.at.wait)
            .flatten()
    }

    /// The HTTP status of the last answer.
    pub fn status(&self) -> Option<u16> {
        self.0.at.status
    }

    /// How often it was tried.
    #[cfg(test)]
    pub fn tries(&self) -> u32 {
        self.0.at.tries
    }

    /// What Meta's support asks for: `fbtrace_id`, else the request's id.
    pub fn trace_id(&self) -> Option<&str> {
        self.meta()
            .and_then(|meta| meta.fbtrace_id.as_deref())
            .or(self.0.at.request_id.as_deref())
    }
}

/// HTTP statuses that pass by themselves.
pub(crate) fn passing_status(status: u16) -> bool {
    status >= 500 || matches!(status, 408 | 425 | 429)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}: {}", self.0.at.doing, self.short())
    }
}

impl std::error::Error for Error {}
