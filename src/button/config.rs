//! What the caller wants of the page, and the sentences about it.
//!
//! The one decision: plain data. What can be wrong about it is found once, in `Catcher::bind`, before the
//! first browser can come in.

use std::{fmt, net::IpAddr, path::PathBuf, sync::Arc};

use url::Url;

use crate::{
    button::{book::LinkBook, brand::Brand, link::Link},
    http_server::routes::SidePath,
    ids::AppId,
    lang::Lang,
    secret::AppSecret,
};

/// What the page is to be.
#[derive(Debug, Clone)]
pub struct PageConfig {
    /// Our app, the one of `FB.init`.
    pub partner_app_id: AppId,
    /// Who asks, in words for people.
    pub partner_name: String,
    /// The version of the Graph API, `vNN.N`.
    pub api_version: String,
    /// A configuration of Facebook Login for Business, sent instead of the scope.
    pub login_config_id: Option<String>,
    /// How browsers reach the page.
    pub mode: ListenMode,
    /// Another address to listen on; other than loopback only where it says from where the page is reached
    /// ([`ListenMode::Behind`], `published`). None: IPv4 and
    /// IPv6 loopback.
    pub listen: Option<IpAddr>,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Where the certificate, the links and the inner socket live. Made (0700) if it is not there.
    pub state_dir: PathBuf,
    /// Which paths lead to the page.
    pub links: Links,
    /// Which SDK the page loads.
    pub sdk: Sdk,
    /// What the page tells after the token.
    pub story: PagePurpose,
    /// The page's language for a browser that wishes none of ours.
    pub lang: Lang,
    /// What the page shows of us.
    pub brand: Brand,
    /// With it, signed requests are verified.
    pub app_secret: Option<AppSecret>,
    /// Who answers at another path of the same address.
    pub side: Option<SidePath>,
}

/// Which paths lead to the page.
#[derive(Clone)]
pub enum Links {
    /// One, of which a browser on this machine may be given a ticket; and who knows whether it was taken back, and what
    /// the other links are.
    One(Link, Option<Arc<dyn LinkBook>>),
    /// Those of a book, which is asked at every request.
    Book(Arc<dyn LinkBook>),
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(link, _) => f.debug_tuple("One").field(link).finish_non_exhaustive(),
            Self::Book(_) => f.write_str("Book"),
        }
    }
}

/// How browsers reach the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenMode {
    /// `https://localhost:PORT`, with the operator's certificate or else a kept self-signed one.
    Https {
        /// A PEM file with the certificate and its chain.
        cert: Option<PathBuf>,
        /// A PEM file with its key; without one it is looked for in `cert`.
        key: Option<PathBuf>,
        /// `https://localhost:PORT` where that leads here from outside, as through a container's published port.
        published: Option<Url>,
    },
    /// `http://localhost:PORT`, for apps in development mode and for the sandbox.
    Http,
    /// Plain http behind a tunnel or a reverse proxy that ends TLS.
    Behind {
        /// The address people open: `https://name`, without a path.
        public: Url,
    },
}

/// Which SDK the page loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sdk {
    /// Meta's, from connect.facebook.net.
    Meta,
    /// A stand-in, served from the page's own origin as `/sdk.js`.
    StandIn {
        /// Its source.
        js: String,
        /// The one other origin that it may call, `http://127.0.0.1:PORT`.
        connect_origin: String,
    },
}

/// What the page tells after the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagePurpose {
    /// It ends at "received".
    ServeButton,
    /// It follows the progress and ends with the solution ids.
    Onboard,
}

/// How grave a [`PageNote`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Good to know.
    Info,
    /// Something may not work as hoped.
    Warning,
}

/// A sentence for the operator about this address, to print beside the URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageNote {
    /// How grave.
    pub kind: NoteKind,
    /// The sentence.
    pub text: String,
}

/// One field of Meta's App Dashboard with the value that this run needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardField {
    /// The field's name in the dashboard.
    pub field: &'static str,
    /// What must stand there.
    pub value: String,
}

/// How to find out whether a public address leads here: GET `url` answers 200 with `body`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachabilityProbe {
    /// The address to fetch; it holds nothing secret.
    pub url: String,
    /// The exact body, new in every run.
    pub body: String,
}
