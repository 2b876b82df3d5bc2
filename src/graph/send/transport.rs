//! Why no answer came, read from the HTTP library's error.
//!
//! The one decision: "it never left" is said only when the library says that no connection was made.
//! Everything later (a reset, a refused stream, the end of a connection) may have reached Meta.

use std::{error::Error as StdError, io};

use super::tls_trouble::TlsTrouble;
use crate::redact::Redactor;

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TransportError {
    /// The host's name is not known.
    NoName(String),
    /// Nothing listens there.
    Refused(String),
    /// The other side's certificate or TLS is not good.
    Tls(TlsTrouble, String),
    /// No connection to the proxy itself.
    ProxyGone(String),
    /// The proxy wants a password, or wants another one.
    ProxyAuth(String),
    /// The proxy does not let us through.
    ProxyRefused(String),
    /// No connection for another reason.
    NoConnection(String),
    /// No connection in time.
    ConnectTimeout(String),
    /// Connected, and no whole answer in time.
    Timeout(String),
    /// Connected, and the connection was lost.
    Lost(String),
}

/// What the HTTP library says about an error of its own.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct HttpErrorFlags {
    /// No connection was made.
    pub(crate) connecting: bool,
    /// Time ran out.
    pub(crate) timeout: bool,
    /// The name was not resolved.
    pub(crate) name: bool,
}

/// The messages of an error and of all that is behind it, the same only once.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let message = error.to_string();
        if !text.contains(&message) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&message);
        }
        next = error.source();
    }
    text
}

/// The first error of a chain that `of` makes something of. An I/O error can carry another one, which its `source`
/// passes over.
fn find<T>(
    error: &(dyn StdError + 'static),
    of: impl Fn(&(dyn StdError + 'static)) -> Option<T> + Copy,
) -> Option<T> {
    let carried = || {
        let carried = error.downcast_ref::<io::Error>()?.get_ref()?;
        find(carried, of)
    };
    of(error)
        .or_else(carried)
        .or_else(|| find(error.source()?, of))
}

impl TransportError {
    /// Reads the library's error, which must hold no URL any more (a URL can hold a token).
    pub(crate) fn read(
        error: &(dyn StdError + 'static),
        phase: HttpErrorFlags,
        redactor: &Redactor,
    ) -> Self {
        let text = redactor.clean(&chain(error)).into_owned();
        let tls = find(error, |error| {
            error.downcast_ref::<rustls::Error>().map(TlsTrouble::from)
        });
        let refused = |error: &(dyn StdError + 'static)| {
            let error = error.downcast_ref::<io::Error>()?;
            (error.kind() == io::ErrorKind::ConnectionRefused).then_some(())
        };
        match phase {
            HttpErrorFlags {
                connecting: false,
                timeout: true,
                ..
            } => Self::Timeout(text),
            HttpErrorFlags {
                connecting: false, ..
            } => Self::Lost(text),
            HttpErrorFlags { timeout: true, .. } => Self::ConnectTimeout(text),
            HttpErrorFlags { name: true, .. } => Self::NoName(text),
            _ if let Some(trouble) = tls => Self::Tls(trouble, text),
            // The type of the proxy's refusal is private to the library; its text decides the wording only.
            _ if text.contains("proxy authorization required") => Self::ProxyAuth(text),
            _ if text.contains("failed to create underlying connection") => Self::ProxyGone(text),
            _ if text.contains("tunnel error: unsuccessful") => Self::ProxyRefused(text),
            _ if find(error, refused).is_some() => Self::Refused(text),
            _ => Self::NoConnection(text),
        }
    }

    /// Whether the request surely never left.
    pub(crate) fn never_left(&self) -> bool {
        !matches!(self, Self::Timeout(_) | Self::Lost(_))
    }

    /// Whether time ran out.
    pub(crate) fn timed_out(&self) -> bool {
        matches!(self, Self::ConnectTimeout(_) | Self::Timeout(_))
    }

    /// Whether trying again will not help before somebody changes something.
    pub(crate) fn hopeless(&self, loopback: bool) -> bool {
        match self {
            Self::Tls(..) | Self::ProxyAuth(_) | Self::ProxyRefused(_) => true,
            Self::Refused(_) => loopback,
            _ => false,
        }
    }

    /// What happened, in a sentence.
    pub(crate) fn short(&self, host: &str) -> String {
        match self {
            Self::NoName(_) => format!("the name {host} cannot be resolved"),
            Self::Refused(_) => format!("nothing listens at {host}"),
            Self::Tls(trouble, _) => trouble.short(host),
            Self::ProxyGone(_) => "the proxy cannot be reached".to_owned(),
            Self::ProxyAuth(_) => "the proxy wants a user and password (HTTP 407)".to_owned(),
            Self::ProxyRefused(_) => format!("the proxy does not let us through to {host}"),
            Self::NoConnection(_) => format!("no connection to {host}"),
            Self::ConnectTimeout(_) => format!("no connection to {host} in time"),
            Self::Timeout(_) => format!("no answer of {host} in time"),
            Self::Lost(_) => {
                format!("the connection to {host} was lost before the answer was complete")
            }
        }
    }

    /// What the library says; for the log, since its words are nobody's that reads a message.
    pub(crate) fn detail(&self) -> Option<&str> {
        let (Self::NoName(text)
        | Self::Refused(text)
        | Self::Tls(_, text)
        | Self::ProxyGone(text)
        | Self::ProxyAuth(text)
        | Self::ProxyRefused(text)
        | Self::NoConnection(text)
        | Self::ConnectTimeout(text)
        | Self::Timeout(text)
        | Self::Lost(text)) = self;
        (!text.is_empty()).then_some(text)
    }

    /// What can be done.
    pub(crate) fn advice(&self, loopback: bool) -> &'static str {
        match self {
            Self::Refused(_) | Self::NoConnection(_) | Self::ConnectTimeout(_) if loopback => {
                "is the sandbox running? `mps sandbox` starts it and prints the variables that lead to it"
            }
            Self::Tls(trouble, _) => trouble.advice(),
            Self::ProxyAuth(_) => {
                "put the proxy's user and password into HTTPS_PROXY, or the host into NO_PROXY"
            }
            Self::ProxyGone(_) => "check the proxy's address in HTTPS_PROXY or ALL_PROXY",
            Self::ProxyRefused(_) => "ask the keepers of the proxy, or put the host into NO_PROXY",
            Self::NoName(_)
            | Self::Refused(_)
            | Self::NoConnection(_)
            | Self::ConnectTimeout(_) => {
                "check the network, HTTPS_PROXY and `--graph-url`, and type the same command again"
            }
            Self::Timeout(_) | Self::Lost(_) => "type the same command again",
        }
    }
}
