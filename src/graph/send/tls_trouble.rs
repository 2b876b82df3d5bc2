//! What is wrong with the other side's TLS, and what mends it.
//!
//! The one decision: by the type of the library's error. Only an authority that nobody here knows is mended by trusting
//! another one; who was told so of an expired certificate would trust a stranger for nothing.

use rustls::{CertificateError, Error};

/// Why a connection cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsTrouble {
    /// The certificate is signed by an authority that is not trusted here.
    UnknownAuthority,
    /// The certificate's time is over.
    Expired,
    /// The certificate's time has not begun.
    NotYetValid,
    /// The certificate is for another name.
    WrongName,
    /// The certificate was taken back.
    Revoked,
    /// The certificate is bad in another way.
    BadCertificate,
    /// What answered does not speak TLS.
    NoTls,
    /// It speaks TLS, and ends the talk before a connection is made.
    HandshakeRefused,
    /// Anything else.
    Other,
}

impl From<&Error> for TlsTrouble {
    fn from(error: &Error) -> Self {
        match error {
            Error::InvalidCertificate(error) => of_certificate(error),
            Error::InvalidMessage(_) => Self::NoTls,
            Error::AlertReceived(_) | Error::PeerIncompatible(_) => Self::HandshakeRefused,
            _ => Self::Other,
        }
    }
}

fn of_certificate(error: &CertificateError) -> TlsTrouble {
    match error {
        CertificateError::UnknownIssuer => TlsTrouble::UnknownAuthority,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsTrouble::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            TlsTrouble::NotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            TlsTrouble::WrongName
        }
        CertificateError::Revoked => TlsTrouble::Revoked,
        _ => TlsTrouble::BadCertificate,
    }
}

impl TlsTrouble {
    /// What happened, in a sentence.
    pub(crate) fn short(self, host: &str) -> String {
        match self {
            Self::UnknownAuthority => format!(
                "{host} cannot be trusted: its certificate is of an authority that is not known here"
            ),
            Self::Expired => format!("{host} cannot be trusted: its certificate has expired"),
            Self::NotYetValid => {
                format!("{host} cannot be trusted: its certificate is not valid yet")
            }
            Self::WrongName => {
                format!("{host} cannot be trusted: its certificate is for another name")
            }
            Self::Revoked => format!("{host} cannot be trusted: its certificate was taken back"),
            Self::BadCertificate => {
                format!("{host} cannot be trusted: its certificate is not good")
            }
            Self::NoTls => format!("{host} answers without TLS (plain http, perhaps)"),
            Self::HandshakeRefused => format!("{host} refused the TLS handshake"),
            Self::Other => format!("no TLS connection to {host} can be made"),
        }
    }

    /// What mends it.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::UnknownAuthority => {
                "if a proxy of yours opens TLS, or the host has its own authority: `--ca-file FILE` with its \
                 certificate (PEM)"
            }
            Self::Expired => {
                "check this machine's clock; if it is right, whoever keeps the host or the proxy before it must renew \
                 the certificate"
            }
            Self::NotYetValid => {
                "check this machine's clock: it is likely behind; if it is right, the certificate is from tomorrow"
            }
            Self::WrongName => {
                "check the host's name in `--graph-url`, and who answers for it: DNS, /etc/hosts, a proxy or a captive \
                 portal"
            }
            Self::Revoked | Self::BadCertificate | Self::Other => {
                "ask the keepers of your network, or of the host, what answers there; `-vv` shows what was sent"
            }
            Self::NoTls => {
                "check the port and the scheme in `--graph-url` (http:// is for this machine only) and HTTPS_PROXY"
            }
            Self::HandshakeRefused => {
                "it wants another version of TLS, another name or a certificate of ours: ask whoever keeps the host or \
                 the proxy before it"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, InvalidMessage, OtherError};

    use super::*;

    #[test]
    fn only_an_unknown_authority_is_mended_by_another_one() {
        let certificate = |error| Error::InvalidCertificate(error);
        for (error, expected) in [
            (
                certificate(CertificateError::UnknownIssuer),
                TlsTrouble::UnknownAuthority,
            ),
            (certificate(CertificateError::Expired), TlsTrouble::Expired),
            (
                certificate(CertificateError::NotValidYet),
                TlsTrouble::NotYetValid,
            ),
            (
                certificate(CertificateError::NotValidForName),
                TlsTrouble::WrongName,
            ),
            (certificate(CertificateError::Revoked), TlsTrouble::Revoked),
            (
                certificate(CertificateError::Other(OtherError(std::sync::Arc::new(
                    std::io::Error::other("x"),
                )))),
                TlsTrouble::BadCertificate,
            ),
            (
                Error::InvalidMessage(InvalidMessage::InvalidContentType),
                TlsTrouble::NoTls,
            ),
            (
                Error::AlertReceived(AlertDescription::HandshakeFailure),
                TlsTrouble::HandshakeRefused,
            ),
            (Error::HandshakeNotComplete, TlsTrouble::Other),
        ] {
            let trouble = TlsTrouble::from(&error);
            assert_eq!(trouble, expected, "{error}");
            assert_eq!(
                trouble.advice().contains("--ca-file"),
                trouble == TlsTrouble::UnknownAuthority,
                "{error}"
            );
        }
    }
}
