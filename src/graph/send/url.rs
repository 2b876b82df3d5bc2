//! Where the Graph API is asked: Meta's host, or a stand-in.
//!
//! The one decision: a base URL is a scheme, a host and a port, nothing else, so that a token can only
//! travel under TLS or stay on this machine. What else a URL can carry (user info, path, query) is refused.

use std::{fmt, str::FromStr};

use url::{Host, Url};

/// Meta's own host.
const META: &str = "https://graph.facebook.com";

/// Why a text is no base URL. It never repeats user info.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// Not a URL with a host at all.
    #[error("{0:?} is not a URL like {META} or http://127.0.0.1:4010")]
    NotAUrl(String),
    /// User name or password in the URL.
    #[error("a user name or password in the Graph URL is refused, since URLs end up in logs")]
    UserInfo,
    /// A path, query or fragment.
    #[error("the Graph URL may hold only scheme, host and port, not a path or query")]
    MoreThanHost,
    /// Plain http to a host that is not this machine.
    #[error(
        "plain http is refused for {0}: a token would travel in the clear (only loopback hosts may use it)"
    )]
    PlainHttp(String),
}

/// The checked base of every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
    label: String,
    loopback: bool,
}

impl BaseUrl {
    /// The host as people write it, with the port where it is not the scheme's own:
    /// `graph.facebook.com`, `127.0.0.1:4010`.
    pub fn host_label(&self) -> &str {
        &self.label
    }

    /// Whether this is Meta's own host.
    pub fn is_meta(&self) -> bool {
        self.url.scheme() == "https" && self.label == "graph.facebook.com"
    }

    /// Whether requests stay on this machine: `localhost`, `127.0.0.0/8` or `::1`.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether it is asked over TLS. Plain http is for this machine only.
    pub fn is_tls(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The base itself.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The base with these path segments, each escaped.
    pub(crate) fn join<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.url.clone();
        // Always there: `parse` accepts only http and https, which have path segments.
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(segments);
        }
        url
    }
}

impl Default for BaseUrl {
    fn default() -> Self {
        Self::parse(META).unwrap_or_else(|_| unreachable!("Meta's URL is well formed"))
    }
}

impl BaseUrl {
    fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let text = text.trim();
        if text.contains('@') {
            return Err(BaseUrlError::UserInfo);
        }
        let not_a_url = || BaseUrlError::NotAUrl(text.chars().take(60).collect());
        let mut url = Url::parse(text).map_err(|_| not_a_url())?;
        // A name with the root's dot is the same host, for the network and so for locks, rows and guards.
        if let Some(Host::Domain(name)) = url.host()
            && let Some(name) = name.strip_suffix('.').map(str::to_owned)
        {
            if name.is_empty() || name.ends_with('.') {
                return Err(not_a_url());
            }
            url.set_host(Some(&name)).map_err(|_| not_a_url())?;
        }
        let host = url.host().ok_or_else(not_a_url)?;
        let loopback = is_loopback(&host);
        let label = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(BaseUrlError::PlainHttp(label)),
            _ => return Err(not_a_url()),
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::MoreThanHost);
        }
        Ok(Self {
            url,
            label,
            loopback,
        })
    }
}

/// Whether a host is this machine.
pub(crate) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        Self::parse(text)
    }
}

impl fmt::Display for BaseUrl {
    /// Without the slash at the end, as people write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.url.scheme(), self.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken() {
        for (text, label, loopback, meta) in [
            (META, "graph.facebook.com", false, true),
            (
                "https://graph.facebook.com/",
                "graph.facebook.com",
                false,
                true,
            ),
            (
                "https://graph.facebook.com:443",
                "graph.facebook.com",
                false,
                true,
            ),
            (
                "https://GRAPH.facebook.com",
                "graph.facebook.com",
                false,
                true,
            ),
            (
                "https://Graph.Facebook.COM.:443",
                "graph.facebook.com",
                false,
                true,
            ),
            ("http://LOCALHOST.:4010", "localhost:4010", true, false),
            (
                "https://graph.facebook.com:444",
                "graph.facebook.com:444",
                false,
                false,
            ),
            ("https://graph.example", "graph.example", false, false),
            ("http://127.0.0.1:4010", "127.0.0.1:4010", true, false),
            ("http://127.9.9.9", "127.9.9.9", true, false),
            ("http://[::1]:4010", "[::1]:4010", true, false),
            ("http://localhost:4010", "localhost:4010", true, false),
            ("https://localhost:4010", "localhost:4010", true, false),
        ] {
            let base: BaseUrl = text.parse().unwrap();
            assert_eq!(
                (base.host_label(), base.is_loopback(), base.is_meta()),
                (label, loopback, meta),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_refused() {
        for (text, why) in [
            ("http://graph.facebook.com", "plain http"),
            ("http://127.0.0.1.evil.example", "plain http"),
            ("http://localhost.evil.example", "plain http"),
            ("http://10.0.0.1", "plain http"),
            ("http://graph.facebook.com.", "plain http"),
            ("https://graph.facebook.com..", "not a URL"),
            ("https://.", "not a URL"),
            ("https://user:pass@graph.facebook.com", "user name"),
            ("https://@graph.facebook.com", "user name"),
            ("http://127.0.0.1@evil.example", "user name"),
            ("https://graph.facebook.com/v26.0", "only scheme"),
            ("https://graph.facebook.com/?a=b", "only scheme"),
            ("https://graph.facebook.com/#x", "only scheme"),
            ("https://graph.facebook.com?", "only scheme"),
            ("ftp://graph.facebook.com", "not a URL"),
            ("graph.facebook.com", "not a URL"),
            ("file:///etc/passwd", "not a URL"),
            ("", "not a URL"),
        ] {
            let error = text.parse::<BaseUrl>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
            assert!(!error.contains("pass@"), "{error}");
        }
    }

    #[test]
    fn segments_cannot_leave_the_host_or_the_path() {
        let base = BaseUrl::default();
        assert_eq!(
            base.join(["v26.0", "me", "a b"]).as_str(),
            "https://graph.facebook.com/v26.0/me/a%20b"
        );
        assert_eq!(
            base.join(["v26.0", "a/b?c#d"]).as_str(),
            "https://graph.facebook.com/v26.0/a%2Fb%3Fc%23d"
        );
    }
}
