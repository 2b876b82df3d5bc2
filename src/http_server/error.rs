//! What can keep the page from being served.

use std::{io, net::SocketAddr, path::PathBuf};

/// Why the page cannot be served. No variant holds the link's path.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody listens there already.
    #[error("port {port} is taken by another program, or by another mps")]
    PortTaken { port: u16 },
    /// The system refused the address for another reason.
    #[error("cannot listen on {addr}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// `--listen` with a listener that must stay on this machine.
    #[error(
        "only a page behind a public URL may listen on {addr}: everyone in its network could reach it"
    )]
    ListenNeedsPublicUrl {
        /// The address asked for.
        addr: std::net::IpAddr,
    },
    /// The public URL is not one that Meta and a browser would take.
    #[error("the public URL {url} {why}")]
    PublicUrl {
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// `--published` is no address of a port that leads here.
    #[error("the address given with --published {why}")]
    Published {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The certificate or its key.
    #[error("the certificate cannot be used: {file}: {why}", file = file.display())]
    Certificate {
        /// The file that is wrong.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file of the state directory.
    #[error("cannot {action} {path}", path = path.display())]
    State {
        /// What was tried.
        action: &'static str,
        /// The file or directory; a link's file is named by a digest, not by its path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system has no random numbers to give.
    #[error("the system gave no random numbers")]
    Random(#[source] io::Error),
    /// The inner server could not start.
    #[error("the page's own server cannot start")]
    Inner(#[source] io::Error),
}

impl Error {
    /// Whether the options were wrong, as opposed to this machine.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::ListenNeedsPublicUrl { .. }
                | Self::PublicUrl { .. }
                | Self::Published { .. }
                | Self::Certificate { .. }
        )
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::PortTaken { port } => Some(format!(
                "choose another with --port {}, or end the program that has it",
                port.checked_add(1).unwrap_or(8443)
            )),
            Self::Listen { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("ports below 1024 belong to the system; choose another with --port 8443".into())
            }
            Self::Listen { .. } => Some("--listen takes an address of this machine".into()),
            Self::ListenNeedsPublicUrl { .. } => {
                Some("add --public-url https://NAME or --published https://localhost:PORT, or leave --listen out".into())
            }
            Self::PublicUrl { .. } => Some("it looks like --public-url https://onboarding.example.com".into()),
            Self::Published { .. } => Some("it looks like --published https://localhost:8443".into()),
            Self::Certificate { .. } => Some(
                "both files are PEM; `mkcert localhost 127.0.0.1 ::1` makes a pair, and without --cert mps makes \
                 its own"
                    .into(),
            ),
            Self::State { .. } => Some("MPS_STATE_DIR names another directory".into()),
            Self::Random(_) | Self::Inner(_) => None,
        }
    }
}
