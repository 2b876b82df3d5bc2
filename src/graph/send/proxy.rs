//! The way to a host: straight there, or through a proxy of the environment.
//!
//! The one decision: the environment's proxies are read here and nowhere else, before anything is sent. A
//! setting that cannot be read is an error and never the straight way, since whoever set it wants the token
//! to go through the proxy; and what the client is given is what `doctor` shows.

use std::{fmt, net::IpAddr, str::FromStr as _};

use url::{Host, Url};

use super::url::is_loopback;
use crate::{
    env::{self, Env, Var},
    secret::Secret,
};

/// The schemes that a proxy may have.
const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

/// Whether the system has proxy settings of its own, which the HTTP library reads.
const SYSTEM_HAS_PROXIES: bool = cfg!(any(target_os = "macos", windows));

/// A proxy that can be used, and the variable that names it.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    variable: &'static str,
    url: Url,
}

impl Proxy {
    /// The variable that it comes from.
    pub fn variable(&self) -> &'static str {
        self.variable
    }

    /// Its address with the user and the password, for the client alone.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The password in it, which no text may show.
    pub fn password(&self) -> Option<Secret> {
        Secret::parse(self.url.password()?).ok()
    }
}

impl fmt::Display for Proxy {
    /// Scheme, host and port; who uses it is not among the words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "{}://{host}", self.url.scheme())?;
        match self.url.port() {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {self}", self.variable)
    }
}

/// How one host is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Straight there.
    Direct,
    /// Straight there although there is a proxy, since this variable says so.
    Exempt(&'static str),
    /// Through this proxy.
    Through(Proxy),
    /// As the system's own settings say, where it has some.
    System,
}

/// Why a variable names no proxy. It never repeats the value, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} cannot be read: {why}")]
pub struct ProxyError {
    variable: &'static str,
    why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Why {
    #[error("there are quotes in it")]
    Quotes,
    #[error("there are blanks or control characters in it")]
    Blanks,
    #[error("mps knows no proxies of its scheme{0}")]
    Scheme(String),
    #[error("there is more than one @ in it")]
    At,
    #[error("behind the port there is something more")]
    Path,
    #[error("it is no address of a proxy")]
    NoAddress,
    #[error("an entry of it is no host")]
    NoHost,
    #[error("it is not Unicode")]
    NotUnicode,
}

impl ProxyError {
    /// What to write in its place.
    pub fn hint(&self) -> String {
        let variable = self.variable;
        let hosts = env::NO_PROXY;
        if [Some(hosts.name), hosts.lower].contains(&Some(variable)) {
            return format!(
                "write host names with commas between them, without quotes: \
                 {variable}=.example.com,10.0.0.0/8; or unset it"
            );
        }
        let escapes = match self.why {
            Why::At => "; an @ in the user or the password is written %40",
            Why::Path | Why::NoAddress | Why::Blanks | Why::Quotes => {
                "; in the user and the password @ is written %40, / %2F, : %3A"
            }
            Why::Scheme(_) | Why::NoHost | Why::NotUnicode => "",
        };
        format!(
            "write it as {variable}=http://HOST:PORT (or https, socks5, socks5h), without quotes, or unset \
             it{escapes}"
        )
    }
}

/// What the environment says of proxies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    https: Option<Proxy>,
    http: Option<Proxy>,
    exempt: Vec<Exempt>,
    exempt_by: &'static str,
}

impl Proxies {
    /// Reads the variables, each in both spellings.
    ///
    /// # Errors
    /// The first one that is set and cannot be read, whether or not this run would need it.
    pub fn read(env: &Env) -> Result<Self, ProxyError> {
        let all = proxy(env, env::ALL_PROXY)?;
        let (exempt_by, exempt) = match set(env, env::NO_PROXY)? {
            Some((variable, list)) => (variable, exempt(variable, list)?),
            None => (env::NO_PROXY.name, Vec::new()),
        };
        Ok(Self {
            https: proxy(env, env::HTTPS_PROXY)?.or_else(|| all.clone()),
            http: proxy(env, env::HTTP_PROXY)?.or(all),
            exempt,
            exempt_by,
        })
    }

    /// How a host is reached.
    pub fn route(&self, to: &Url) -> Route {
        let Some(host) = to.host() else {
            return Route::Direct;
        };
        // Nothing that stays on this machine passes a proxy.
        if is_loopback(&host) {
            return Route::Direct;
        }
        let proxy = match to.scheme() {
            "https" => &self.https,
            _ => &self.http,
        };
        let port = to.port_or_known_default();
        let is_exempt = self.exempt.iter().any(|entry| entry.covers(&host, port));
        match proxy {
            Some(_) if is_exempt => Route::Exempt(self.exempt_by),
            Some(proxy) => Route::Through(proxy.clone()),
            None if SYSTEM_HAS_PROXIES && !is_exempt => Route::System,
            None => Route::Direct,
        }
    }

    /// The passwords in them, which no text may show.
    pub fn passwords(&self) -> impl Iterator<Item = Secret> {
        let both = self.https.iter().chain(&self.http);
        both.filter_map(Proxy::password)
    }
}

/// A variable and its value without the blanks and line ends around it.
fn set(env: &Env, var: Var) -> Result<Option<(&'static str, &str)>, ProxyError> {
    let spellings = std::iter::once(var.name).chain(var.lower);
    for variable in spellings {
        if env.unreadable().contains(&variable) {
            let why = Why::NotUnicode;
            return Err(ProxyError { variable, why });
        }
    }
    Ok(env
        .spelled(var)
        .map(|(variable, value)| (variable, value.trim())))
}

fn proxy(env: &Env, var: Var) -> Result<Option<Proxy>, ProxyError> {
    let Some((variable, value)) = set(env, var)? else {
        return Ok(None);
    };
    match address(value) {
        Ok(url) => Ok(Some(Proxy { variable, url })),
        Err(why) => Err(ProxyError { variable, why }),
    }
}

/// The address of a proxy; without a scheme it is http, as everywhere.
fn address(value: &str) -> Result<Url, Why> {
    if value.contains(['"', '\'', '`']) {
        return Err(Why::Quotes);
    }
    if value.contains(|sign: char| sign.is_whitespace() || sign.is_control()) {
        return Err(Why::Blanks);
    }
    let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
    let scheme = scheme.to_ascii_lowercase();
    if !SCHEMES.contains(&scheme.as_str()) {
        // What stands there may be a piece of a password, if it is not a scheme by its form.
        let is_one = scheme.len() <= 12
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        let shown = is_one.then(|| format!(" {scheme}://"));
        return Err(Why::Scheme(shown.unwrap_or_default()));
    }
    if rest.matches('@').count() > 1 {
        return Err(Why::At);
    }
    if rest
        .strip_suffix('/')
        .unwrap_or(rest)
        .contains(['/', '?', '#', '\\'])
    {
        return Err(Why::Path);
    }
    let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| Why::NoAddress)?;
    match url.host_str() {
        Some(host) if !host.is_empty() => Ok(url),
        _ => Err(Why::NoAddress),
    }
}

/// One entry of `NO_PROXY`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Exempt {
    All,
    /// A name and all below it, and the port where one is named.
    Name(String, Option<u16>),
    /// A network: its first address, and how many bits of it count.
    Network(IpAddr, u8),
}

fn exempt(variable: &'static str, list: &str) -> Result<Vec<Exempt>, ProxyError> {
    let entries = list.split([',', ';']).flat_map(str::split_whitespace);
    entries
        .map(|entry| entry_of(entry).map_err(|why| ProxyError { variable, why }))
        .collect()
}

fn entry_of(entry: &str) -> Result<Exempt, Why> {
    if entry.contains(['"', '\'', '`']) {
        return Err(Why::Quotes);
    }
    if entry == "*" {
        return Ok(Exempt::All);
    }
    if let Ok(address) = bare(entry).parse::<IpAddr>() {
        return Ok(Exempt::Network(address, bits(&address)));
    }
    if let Some((address, length)) = entry.split_once('/') {
        let address = IpAddr::from_str(address).map_err(|_| Why::NoHost)?;
        return match length.parse() {
            Ok(length) if length <= bits(&address) => Ok(Exempt::Network(address, length)),
            _ => Err(Why::NoHost),
        };
    }
    let (name, port) = match entry.split_once(':') {
        Some((name, port)) => (name, Some(port.parse().map_err(|_| Why::NoHost)?)),
        None => (entry, None),
    };
    // `*.example.com`, `.example.com` and `example.com` are written by people who mean the same.
    let name = name.strip_prefix('*').unwrap_or(name);
    let name = name.trim_matches('.').to_ascii_lowercase();
    if name.contains(['@', '\\']) {
        return Err(Why::NoHost);
    }
    Ok(Exempt::Name(name, port))
}

impl Exempt {
    fn covers(&self, host: &Host<&str>, port: Option<u16>) -> bool {
        match (self, host) {
            (Self::All, _) => true,
            (Self::Name(name, only), Host::Domain(host)) => {
                let host = host.trim_end_matches('.').to_ascii_lowercase();
                let below = host.strip_suffix(name.as_str());
                only.is_none_or(|only| port == Some(only))
                    && !name.is_empty()
                    && below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
            }
            (Self::Network(first, length), Host::Ipv4(address)) => {
                same_network(*first, IpAddr::V4(*address), *length)
            }
            (Self::Network(first, length), Host::Ipv6(address)) => {
                same_network(*first, IpAddr::V6(*address), *length)
            }
            _ => false,
        }
    }
}

fn same_network(first: IpAddr, address: IpAddr, length: u8) -> bool {
    let left = |width: u8| u32::from(width - length);
    match (first, address) {
        (IpAddr::V4(first), IpAddr::V4(address)) => {
            let apart = first.to_bits() ^ address.to_bits();
            apart.checked_shr(left(32)).unwrap_or(0) == 0
        }
        (IpAddr::V6(first), IpAddr::V6(address)) => {
            let apart = first.to_bits() ^ address.to_bits();
            apart.checked_shr(left(128)).unwrap_or(0) == 0
        }
        _ => false,
    }
}

fn bits(address: &IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// An IPv6 address without its brackets.
fn bare(text: &str) -> &str {
    let inner = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    inner.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Proxies, ProxyError> {
        Proxies::read(&Env::from_pairs(pairs))
    }

    fn route(pairs: &[(&str, &str)], to: &str) -> Route {
        read(pairs).unwrap().route(&to.parse().unwrap())
    }

    const META: &str = "https://graph.facebook.com";

    #[test]
    fn what_is_used() {
        for (value, shown) in [
            ("http://proxy.example:3128", "http://proxy.example:3128"),
            ("http://proxy.example:3128 ", "http://proxy.example:3128"),
            ("http://proxy.example:3128\r", "http://proxy.example:3128"),
            (
                "\t http://proxy.example:3128/\r\n",
                "http://proxy.example:3128",
            ),
            ("proxy.example:3128", "http://proxy.example:3128"),
            ("user:word@proxy.example:3128", "http://proxy.example:3128"),
            ("HTTP://proxy.example", "http://proxy.example"),
            ("https://proxy.example", "https://proxy.example"),
            ("http://u:p%40ss@[fd00::1]:3128", "http://[fd00::1]:3128"),
            ("socks5://user:word@10.0.0.1:1080", "socks5://10.0.0.1:1080"),
            ("socks5h://proxy.example", "socks5h://proxy.example"),
        ] {
            let Route::Through(proxy) = route(&[("HTTPS_PROXY", value)], META) else {
                panic!("{value:?} is used")
            };
            assert_eq!(proxy.to_string(), shown, "{value:?}");
            assert!(!format!("{proxy:?}").contains("word"), "{proxy:?}");
        }
    }

    #[test]
    fn what_cannot_be_read() {
        for (value, why, hint) in [
            ("\"http://proxy.example:3128\"", "quotes", "without quotes"),
            ("'http://proxy.example:3128'", "quotes", "without quotes"),
            ("htp://proxy.example", "its scheme htp://", "socks5"),
            (
                "pac+http://proxy.example/x",
                "its scheme pac+http://",
                "http",
            ),
            (
                "socks4://proxy.example:1080",
                "its scheme socks4://",
                "socks5",
            ),
            ("trout:fish://proxy.example", "of its scheme", "http"),
            ("http://u:p@[bad", "no address", "%40"),
            ("http://u:trout@fish@proxy.example:1", "one @", "%40"),
            ("http://u:trout/fish@proxy.example", "something more", "%2F"),
            ("http:/proxy.example", "something more", "%2F"),
            ("http://proxy.example:3128/x", "something more", "unset it"),
            ("http://u:trout fish@proxy.example", "blanks", "unset it"),
            ("http://proxy.example:99999", "no address", "HOST:PORT"),
            ("http://", "no address", "HOST:PORT"),
            ("socks5://", "no address", "HOST:PORT"),
            ("socks5://:1080", "no address", "HOST:PORT"),
        ] {
            for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "http_proxy"] {
                let error = read(&[(name, value)]).unwrap_err();
                let said = error.to_string();
                assert!(
                    said.starts_with(name) && said.contains(why),
                    "{value}: {said}"
                );
                assert!(error.hint().contains(hint), "{value}: {}", error.hint());
                let all = said + &error.hint();
                assert!(!all.contains("trout") && !all.contains("fish"), "{all}");
            }
        }
        for value in ["\".example\"", "https://x.example", "10.0.0.0/33", "a@b"] {
            let error = read(&[("no_proxy", value)]).unwrap_err();
            assert!(error.to_string().starts_with("no_proxy"), "{error}");
            assert!(error.hint().contains("commas"), "{}", error.hint());
        }
    }

    #[test]
    fn which_variable_counts() {
        let (one, other) = ("http://one.example", "http://other.example");
        for (pairs, to, variable) in [
            (
                &[("HTTPS_PROXY", one), ("ALL_PROXY", other)][..],
                META,
                Some("HTTPS_PROXY"),
            ),
            (
                &[("https_proxy", one), ("ALL_PROXY", other)],
                META,
                Some("https_proxy"),
            ),
            (
                &[("HTTPS_PROXY", ""), ("all_proxy", other)],
                META,
                Some("all_proxy"),
            ),
            (
                &[("HTTP_PROXY", one)],
                "http://x.example",
                Some("HTTP_PROXY"),
            ),
            (&[("HTTP_PROXY", one)], META, None),
            (&[("HTTPS_PROXY", one)], "http://127.0.0.1:4010", None),
            (&[("ALL_PROXY", one)], "https://localhost:4010", None),
            (&[("ALL_PROXY", one)], "https://[::1]", None),
            (&[], META, None),
        ] {
            let used = match route(pairs, to) {
                Route::Through(proxy) => Some(proxy.variable()),
                _ => None,
            };
            assert_eq!(used, variable, "{pairs:?} {to}");
        }
    }

    #[test]
    fn who_is_exempt() {
        for (list, to, exempt) in [
            ("*", META, true),
            ("facebook.com", META, true),
            (".facebook.com", META, true),
            ("*.facebook.com", META, true),
            ("graph.facebook.com", META, true),
            ("GRAPH.facebook.com:443\r", META, true),
            ("graph.facebook.com:80", META, false),
            ("book.com", META, false),
            ("x.example graph.facebook.com", META, true),
            ("x.example, graph.facebook.com", META, true),
            (",,", META, false),
            (".", META, false),
            ("10.0.0.0/8", "https://10.1.2.3", true),
            ("10.0.0.0/8", "https://11.1.2.3", false),
            ("0.0.0.0/0", "https://11.1.2.3", true),
            ("10.1.2.3", "https://10.1.2.3", true),
            ("fd00::/8", "https://[fd00::1]", true),
            ("[fd00::1]", "https://[fd00::1]", true),
            ("10.0.0.0/8", META, false),
        ] {
            let pairs = [("HTTPS_PROXY", "http://one.example"), ("no_proxy", list)];
            let is = route(&pairs, to) == Route::Exempt("no_proxy");
            assert_eq!(is, exempt, "{list} {to}");
        }
    }
}
