//! The wire: one HTTP client, one way to send.
//!
//! The one decision: this is the only file that knows the HTTP library. It sends what it is given exactly
//! once, follows nothing, resends nothing, and returns bytes or the reason why none came. The token is
//! in a header that the library never prints.

use std::{path::Path, time::Duration};

use rustls::crypto::{CryptoProvider, ring};
use url::Url;

use super::{
    call::Method,
    opening::Opening,
    pace::Pace,
    proxy::{Proxy, Route},
    transport::{HttpErrorFlags, TransportError},
};
use crate::{
    graph::answer::{CAP, RawResponse},
    io_words::io_words,
    redact::Redactor,
    secret::Secret,
};

/// One connection pool, for all calls of a run.
pub(crate) struct HttpClient {
    client: reqwest::Client,
    /// The first connection over TLS, which may carry all calls.
    opening: Option<Opening>,
}

/// One request, ready to leave.
pub(crate) struct HttpRequest<'a> {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) token: &'a Secret,
    pub(crate) body: Option<Vec<u8>>,
}

/// What the client is made of.
pub(crate) struct HttpOptions<'a> {
    pub(crate) route: &'a Route,
    /// Whether the host is asked over TLS; where the proxy is not either, no certificate store is read.
    pub(crate) tls: bool,
    pub(crate) ca_file: Option<&'a Path>,
    pub(crate) pace: &'a Pace,
    /// HTTP/2 without TLS, so that a test can play a server that refuses streams.
    pub(crate) http2_only: bool,
}

impl HttpClient {
    /// Makes the client; an error is a sentence for the operator.
    pub(crate) fn new(parts: &HttpOptions<'_>) -> Result<Self, String> {
        // Somebody else in this process may have been first; any provider will do.
        let _ = CryptoProvider::install_default(ring::default_provider());
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("mps/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(parts.pace.connect)
            .timeout(parts.pace.request)
            // Meta's edge closes idle connections after a few minutes; ours go earlier, so that a write
            // does not meet a connection that is just being closed. A question is mostly answered sooner, and what
            // was seen before it serves for two minutes.
            .pool_idle_timeout(Duration::from_secs(115))
            .http2_keep_alive_interval(Duration::from_secs(20))
            .http2_keep_alive_timeout(Duration::from_secs(10))
            .http2_keep_alive_while_idle(true);
        builder = by(parts.route, builder)?;
        builder = match parts.ca_file {
            Some(file) => builder.tls_certs_only(authorities(file)?),
            None if !speaks_tls(parts.tls, parts.route) => builder.tls_certs_only([]),
            None => builder,
        };
        if parts.http2_only {
            builder = builder.http2_prior_knowledge();
        }
        let opening = parts.tls.then(Opening::default);
        if let Some(opening) = &opening {
            builder = builder.connector_layer(opening.clone());
        }
        builder
            .build()
            .map(|client| Self { client, opening })
            .map_err(|error| no_client(&error))
    }

    /// Sends once and reads the answer, at most [`CAP`] bytes of it.
    ///
    /// # Errors
    /// Why no answer came. One that broke off is an answer, which says so.
    pub(crate) async fn send(
        &self,
        request: HttpRequest<'_>,
        redactor: &Redactor,
    ) -> Result<RawResponse, TransportError> {
        let read = |error: reqwest::Error| transport(error, redactor);
        let first = match &self.opening {
            Some(opening) => opening.turn().await,
            None => None,
        };
        let sent = self.build(request).send().await;
        drop(first);
        let mut response = sent.map_err(read)?;
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.as_str().to_owned(), value.into_owned())
            })
            .collect();
        let mut answer = RawResponse {
            status: response.status().as_u16(),
            headers,
            ..RawResponse::default()
        };
        let (body, end) = capped(&mut response).await;
        answer.body = body;
        match end {
            Ok(whole) => answer.too_long = !whole,
            Err(error) => answer.broken = Some(read(error)),
        }
        Ok(answer)
    }

    fn build(&self, request: HttpRequest<'_>) -> reqwest::RequestBuilder {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
        };
        // `bearer_auth` marks the header as sensitive: no debug output of the library shows it, and
        // HTTP/2 keeps it out of its compression table.
        let builder = self
            .client
            .request(method, request.url)
            .bearer_auth(request.token.expose())
            .header("accept", "application/json");
        match request.body {
            Some(body) => builder
                .header("content-type", "application/json")
                .body(body),
            None => builder,
        }
    }
}

/// Fetches an address that is not Meta's, once: the page's own public address, a sandbox's script.
///
/// The client is made for this one call, so that no header, token or connection of ours can reach that
/// host. A CA file is trusted beside the system's store.
///
/// # Errors
/// Why no answer came, in a sentence without the address.
pub async fn fetch(
    url: &Url,
    ca_file: Option<&Path>,
    limit: Duration,
    route: &Route,
) -> Result<(u16, Vec<u8>), String> {
    let client = stranger(url, ca_file, limit, route)?;
    let host = url.host_str().unwrap_or_default();
    let read = |error: reqwest::Error| transport(error, &Redactor::default()).short(host);
    let mut response = client.get(url.clone()).send().await.map_err(read)?;
    let (body, end) = capped(&mut response).await;
    end.map_err(read)?;
    Ok((response.status().as_u16(), body))
}

/// Posts a body of JSON as it is to an address that is not Meta's, once; gives the status of the answer.
///
/// The client is made for this one call, as with [`fetch`].
///
/// # Errors
/// Why no answer came, in a sentence without the address.
pub async fn post(
    url: &Url,
    (body, headers): (Vec<u8>, &[(&'static str, String)]),
    ca_file: Option<&Path>,
    limit: Duration,
    route: &Route,
) -> Result<u16, String> {
    let client = stranger(url, ca_file, limit, route)?;
    let host = url.host_str().unwrap_or_default();
    let mut request = client
        .post(url.clone())
        .header("Content-Type", "application/json")
        .body(body);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let read = |error: reqwest::Error| transport(error, &Redactor::default()).short(host);
    let response = request.send().await.map_err(read)?;
    Ok(response.status().as_u16())
}

/// A client for one call to a host that is not Meta's.
fn stranger(
    url: &Url,
    ca_file: Option<&Path>,
    limit: Duration,
    route: &Route,
) -> Result<reqwest::Client, String> {
    let _ = CryptoProvider::install_default(ring::default_provider());
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .timeout(limit);
    builder = by(route, builder)?;
    builder = match ca_file {
        Some(file) => builder.tls_certs_merge(authorities(file)?),
        None if !speaks_tls(url.scheme() == "https", route) => builder.tls_certs_only([]),
        None => builder,
    };
    builder.build().map_err(|error| no_client(&error))
}

/// The body, [`CAP`] of it at most, and how it ended: whether that is all, or what broke it off.
async fn capped(response: &mut reqwest::Response) -> (Vec<u8>, Result<bool, reqwest::Error>) {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let left = CAP - body.len();
                body.extend_from_slice(&chunk[..chunk.len().min(left)]);
                if chunk.len() > left {
                    return (body, Ok(false));
                }
            }
            Ok(None) => return (body, Ok(true)),
            Err(error) => return (body, Err(error)),
        }
    }
}

/// Whether somebody has to prove who they are on this way; only then the certificate store, some hundred
/// files, is read.
fn speaks_tls(host: bool, route: &Route) -> bool {
    let proxy = |proxy: &Proxy| proxy.url().scheme() == "https";
    host || matches!(route, Route::Through(by) if proxy(by))
}

/// Sets the way. The library is left to look for proxies itself only where the system may have some.
fn by(route: &Route, builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, String> {
    Ok(match route {
        Route::Direct | Route::Exempt(_) => builder.no_proxy(),
        Route::Through(proxy) => {
            let given = reqwest::Proxy::all(proxy.url().clone());
            let given =
                given.map_err(|_| format!("the proxy of {} cannot be used", proxy.variable()))?;
            builder.proxy(given)
        }
        Route::System => builder,
    })
}

/// Reads the library's error without its URL.
fn transport(error: reqwest::Error, redactor: &Redactor) -> TransportError {
    let error = error.without_url();
    let phase = HttpErrorFlags {
        connecting: error.is_connect(),
        timeout: error.is_timeout(),
        name: error.is_dns(),
    };
    TransportError::read(&error, phase, redactor)
}

/// Why a PEM file names nobody to trust, if it does not.
pub fn no_authorities(file: &Path) -> Option<String> {
    authorities(file).err()
}

/// The certificates of a PEM file.
fn authorities(file: &Path) -> Result<Vec<reqwest::Certificate>, String> {
    let name = file.display();
    let pem = std::fs::read(file)
        .map_err(|error| format!("the CA file {name} cannot be read: {}", io_words(&error)))?;
    let certificates = reqwest::Certificate::from_pem_bundle(&pem)
        .map_err(|_| format!("the CA file {name} holds no readable PEM certificates"))?;
    if certificates.is_empty() {
        return Err(format!("the CA file {name} holds no certificate"));
    }
    Ok(certificates)
}

fn no_client(error: &reqwest::Error) -> String {
    let mut text = format!("the HTTP client cannot be made: {error}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text.push_str(" (is there a certificate store? `--ca-file FILE` names one)");
    text
}
