//! The sandbox's own calls: to an address on this machine, and nowhere else.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream, ToSocketAddrs as _},
    time::Duration,
};

use url::Url;

use super::records::OutgoingWebhook;

/// How long a call may take.
const LIMIT: Duration = Duration::from_secs(10);
/// What the address has to send back.
const CHALLENGE: &str = "1158201444";

/// Whether an address answers our question with the challenge.
pub(super) fn verified(callback: &str, verify_token: &str) -> bool {
    let Ok(mut url) = callback.parse::<Url>() else {
        return false;
    };
    url.query_pairs_mut()
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.challenge", CHALLENGE)
        .append_pair("hub.verify_token", verify_token);
    exchange("GET", &url, "", "").is_ok_and(|(status, body)| status == 200 && body == CHALLENGE)
}

/// Sends one; gives the status of the answer.
pub(super) fn send(webhook: &OutgoingWebhook) -> io::Result<u16> {
    let url: Url = webhook.callback.parse().map_err(io::Error::other)?;
    let header = format!("X-Hub-Signature-256: {}\r\n", webhook.signature);
    Ok(exchange("POST", &url, &header, &webhook.body)?.0)
}

fn exchange(method: &str, url: &Url, header: &str, body: &str) -> io::Result<(u16, String)> {
    let odd = |what: &str| io::Error::other(what.to_owned());
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(80);
    let name = host.trim_matches(['[', ']']);
    let address: SocketAddr = (name, port)
        .to_socket_addrs()?
        .find(|address| address.ip().is_loopback())
        .filter(|_| url.scheme() == "http")
        .ok_or_else(|| odd("the sandbox calls this machine only, by http"))?;
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    write!(
        stream,
        "{method} {}{query} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n{header}\r\n{body}",
        url.path(),
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Ok((
        status.ok_or_else(|| odd("no answer of HTTP"))?,
        body.to_owned(),
    ))
}
