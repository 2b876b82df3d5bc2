//! Where the page is, as browsers and Meta see it: origins, hosts, and what to say about them.
//!
//! The one decision: Meta's rules go by host name, so the address says `localhost` on this machine and the
//! public name behind a proxy; the loopback's other names are let in as well.

use std::net::IpAddr;

use jiff::Timestamp;
use url::Url;

use super::{
    config::{DashboardField, ListenMode, NoteKind, PageNote},
    public,
};
use crate::{http_server::error::Error, lang::EN};

/// About the kept certificate.
const SELF_SIGNED: &str = "The browser will warn: mps made the certificate itself, and nobody vouches for it. \
     Choose Advanced, then Proceed; it is kept, so once is enough.";

/// How to do without that warning.
const MKCERT: &str = "To be without that: mkcert -install && mkcert localhost 127.0.0.1 ::1, then \
     --cert localhost+2.pem --key localhost+2-key.pem";

/// About http.
const PLAIN_HTTP: &str = "Plain http works only while the app is in development mode; Meta refuses it for a Live \
     app (\"Insecure Login Blocked\").";

/// About a link without a label.
const THIS_RUN: &str =
    "The link is for this run only; with --for LABEL it stays the same for days.";

/// Where the page is.
#[derive(Debug, Clone)]
pub(super) struct PageAddress {
    scheme: &'static str,
    port: u16,
    /// The address that was given to listen on, if it is one that can stand in an address bar.
    listen: Option<IpAddr>,
    /// The public origin, behind a proxy.
    public: Option<Url>,
    /// The origin that a published port has outside.
    published: Option<Url>,
    self_signed: bool,
}

/// How long the link at an address holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum LinkLife {
    /// As long as this run.
    ThisRun,
    /// Until then, over restarts.
    Until(Timestamp),
    /// There are many, each with its own.
    Each,
}

impl PageAddress {
    /// The address that a mode has on a port.
    pub(super) fn new(mode: &ListenMode, listen: Option<IpAddr>, port: u16) -> Result<Self, Error> {
        let public = match mode {
            ListenMode::Behind { public } => Some(public::checked(public)?),
            ListenMode::Http | ListenMode::Https { .. } => None,
        };
        let published = match mode {
            ListenMode::Https {
                published: Some(published),
                ..
            } => Some(public::published(published)?),
            _ => None,
        };
        Ok(Self {
            scheme: if matches!(mode, ListenMode::Https { .. }) {
                "https"
            } else {
                "http"
            },
            port,
            listen: listen.filter(|addr| !addr.is_unspecified()),
            public,
            published,
            self_signed: matches!(mode, ListenMode::Https { cert: None, .. }),
        })
    }

    /// Whether a browser that is started here reaches the page.
    pub(super) fn is_here(&self) -> bool {
        self.public.is_none() && self.published.is_none()
    }

    /// Whether the page is behind a public address.
    pub(super) fn is_public(&self) -> bool {
        self.public.is_some()
    }

    /// The port that is listened on.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The origin that people open.
    pub(super) fn origin(&self) -> String {
        match self.public.as_ref().or(self.published.as_ref()) {
            Some(public) => public.origin().ascii_serialization(),
            None => self.local("localhost"),
        }
    }

    /// Every origin that is ours.
    pub(super) fn origins(&self) -> Vec<String> {
        let listen = self.listen.map(host_of);
        let mut origins = vec![self.origin()];
        if self.published.is_some() {
            return origins;
        }
        for name in ["localhost", "127.0.0.1", "[::1]"]
            .into_iter()
            .chain(listen.as_deref())
        {
            let origin = self.local(name);
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        origins
    }

    /// Every `Host` that is ours: an origin's, and with the port where a browser would leave it out.
    pub(super) fn hosts(&self) -> Vec<String> {
        let mut hosts = Vec::new();
        for origin in self.origins() {
            let host = origin.split_once("://").map_or("", |(_, host)| host);
            hosts.push(host.to_owned());
            let bare = Url::parse(&origin).ok().filter(|url| url.port().is_none());
            if let Some(port) = bare.and_then(|url| url.port_or_known_default()) {
                hosts.push(format!("{host}:{port}"));
            }
        }
        hosts
    }

    /// An origin of this machine; the scheme's own port is left out, as browsers do.
    fn local(&self, name: &str) -> String {
        match (self.scheme, self.port) {
            ("https", 443) | ("http", 80) => format!("{}://{name}", self.scheme),
            (scheme, port) => format!("{scheme}://{name}:{port}"),
        }
    }

    /// Sentences for the operator. `stand_in`: Meta is not asked, so its rules do not matter.
    pub(super) fn notes(&self, stand_in: bool, life: LinkLife) -> Vec<PageNote> {
        let info = |text: String| PageNote {
            kind: NoteKind::Info,
            text,
        };
        let warning = |text: &str| PageNote {
            kind: NoteKind::Warning,
            text: text.to_owned(),
        };
        if let Some(public) = &self.public {
            let name = public.host_str().unwrap_or_default();
            let here = self.local(&self.listen.map_or("localhost".into(), host_of));
            let way = format!(
                "The tunnel or proxy of {name} must point to {here} (plain http, every path) and pass on the \
                 Host it was asked for."
            );
            let life = match life {
                LinkLife::Until(until) => Some(format!(
                    "The link stays the same after a restart, and holds until {}.",
                    EN.date.of(until)
                )),
                LinkLife::ThisRun => Some(THIS_RUN.to_owned()),
                LinkLife::Each => None,
            };
            return std::iter::once(way).chain(life).map(info).collect();
        }
        if self.self_signed {
            return vec![warning(SELF_SIGNED), info(MKCERT.to_owned())];
        }
        if self.scheme == "http" && !stand_in {
            return vec![warning(PLAIN_HTTP)];
        }
        Vec::new()
    }

    /// What must stand in Meta's App Dashboard.
    pub(super) fn dashboard(&self) -> Vec<DashboardField> {
        let origin = self.origin();
        let host = self
            .public
            .as_ref()
            .and_then(Url::host_str)
            .unwrap_or("localhost");
        let setting = |field, value: &str| DashboardField {
            field,
            value: value.to_owned(),
        };
        vec![
            setting(
                "App mode",
                if self.scheme == "http" && !self.is_public() {
                    "Development"
                } else {
                    "Live"
                },
            ),
            setting("App Review: manage_app_solution", "Advanced access"),
            setting("Client OAuth login, Web OAuth login", "Yes"),
            setting("Login with the JavaScript SDK", "Yes"),
            setting(
                "Allowed Domains for the JavaScript SDK",
                &format!("{origin}/"),
            ),
            setting("Valid OAuth Redirect URIs", &format!("{origin}/")),
            setting("App Domains", host),
        ]
    }
}

/// What must stand in the App Dashboard for a page that is served as usual, for the help.
pub fn usual_dashboard() -> Vec<DashboardField> {
    let usual = PageAddress {
        scheme: "https",
        port: 8443,
        listen: None,
        public: None,
        published: None,
        self_signed: true,
    };
    usual.dashboard()
}

/// An address as it stands in a URL.
fn host_of(addr: IpAddr) -> String {
    match addr {
        IpAddr::V4(addr) => addr.to_string(),
        IpAddr::V6(addr) => format!("[{addr}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(public: &str) -> ListenMode {
        ListenMode::Behind {
            public: public.parse().unwrap(),
        }
    }

    const HTTPS: ListenMode = ListenMode::Https {
        cert: None,
        key: None,
        published: None,
    };

    fn published(address: &str) -> ListenMode {
        ListenMode::Https {
            cert: None,
            key: None,
            published: address.parse().ok(),
        }
    }

    #[test]
    fn origins_and_hosts_of_every_mode() {
        for (mode, listen, port, origins, hosts) in [
            (
                HTTPS,
                None,
                8443,
                "https://localhost:8443 https://127.0.0.1:8443 https://[::1]:8443",
                "localhost:8443 127.0.0.1:8443 [::1]:8443",
            ),
            (
                HTTPS,
                None,
                443,
                "https://localhost https://127.0.0.1 https://[::1]",
                "localhost localhost:443 127.0.0.1 127.0.0.1:443 [::1] [::1]:443",
            ),
            (
                ListenMode::Http,
                Some("127.0.0.1"),
                8080,
                "http://localhost:8080 http://127.0.0.1:8080 http://[::1]:8080",
                "localhost:8080 127.0.0.1:8080 [::1]:8080",
            ),
            (
                published("https://localhost:9443"),
                Some("0.0.0.0"),
                8443,
                "https://localhost:9443",
                "localhost:9443",
            ),
            (
                behind("https://Name.example"),
                Some("0.0.0.0"),
                8443,
                "https://name.example http://localhost:8443 http://127.0.0.1:8443 http://[::1]:8443",
                "name.example name.example:443 localhost:8443 127.0.0.1:8443 [::1]:8443",
            ),
            (
                behind("https://name.example:444"),
                Some("10.0.0.2"),
                8443,
                "https://name.example:444 http://localhost:8443 http://127.0.0.1:8443 http://[::1]:8443 \
                 http://10.0.0.2:8443",
                "name.example:444 localhost:8443 127.0.0.1:8443 [::1]:8443 10.0.0.2:8443",
            ),
        ] {
            let listen = listen.map(|addr: &str| addr.parse().unwrap());
            let place = PageAddress::new(&mode, listen, port).unwrap();
            assert_eq!(place.origins().join(" "), origins);
            assert_eq!(place.hosts().join(" "), hosts);
            assert_eq!(place.origin(), origins.split(' ').next().unwrap());
        }
    }

    #[test]
    fn public_urls_that_will_not_do() {
        for (url, fits) in [
            ("https://name.example", true),
            ("https://name.example:8443/", true),
            ("http://localhost:8080", true),
            ("http://127.0.0.1:8080", true),
            ("http://name.example", false),
            ("ftp://name.example", false),
            ("data:x", false),
            ("https://name.example/path", false),
            ("https://name.example/?q", false),
            ("https://name.example/#f", false),
            ("https://me:secret@name.example/", false),
        ] {
            match PageAddress::new(&behind(url), None, 8443) {
                Ok(_) => assert!(fits, "{url}"),
                Err(error) => {
                    assert!(!fits, "{url}: {error}");
                    assert!(!error.to_string().contains("secret"), "{error}");
                }
            }
        }
    }

    #[test]
    fn published_addresses_that_will_not_do() {
        for (url, fits) in [
            ("https://localhost:9443", true),
            ("https://localhost/", true),
            ("http://localhost:9443", false),
            ("https://name.example:9443", false),
            ("https://localhost:9443/path", false),
            ("https://me@localhost:9443", false),
        ] {
            let place = PageAddress::new(&published(url), None, 8443);
            assert_eq!(place.is_ok(), fits, "{url}");
        }
    }

    #[test]
    fn what_is_said_about_each_mode() {
        let until = |mode: &ListenMode, life| {
            let notes = PageAddress::new(mode, None, 8443)
                .unwrap()
                .notes(false, life);
            notes.into_iter().map(|note| note.text).collect::<String>()
        };
        let words = |mode: &ListenMode| until(mode, LinkLife::ThisRun);
        let own = ListenMode::Https {
            cert: Some("c".into()),
            key: None,
            published: None,
        };
        assert!(words(&HTTPS).contains("mkcert -install"));
        assert_eq!(words(&own), "");
        assert!(words(&ListenMode::Http).contains("development mode"));
        assert!(
            words(&behind("https://name.example")).contains("point to http://localhost:8443 (")
        );
        assert!(words(&behind("https://name.example")).contains("for this run only"));
        let kept = until(
            &behind("https://name.example"),
            LinkLife::Until("2026-12-02T12:00:00Z".parse().unwrap()),
        );
        assert!(
            kept.contains("holds until 2 December 2026, 12:00 UTC"),
            "{kept}"
        );
        let each = until(&behind("https://name.example"), LinkLife::Each);
        assert!(
            each.contains("must point to") && !each.contains("link"),
            "{each}"
        );
        let dashboard = PageAddress::new(&HTTPS, None, 8443).unwrap().dashboard();
        assert!(
            dashboard
                .iter()
                .any(|setting| setting.value == "https://localhost:8443/")
        );
    }
}
