//! Proxies: loopback calls never meet one, all others do, and its refusal is called that.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::mpsc,
};

use super::server::{Server, config, ok, user};
use crate::{
    env::Env,
    graph::{Graph, Proxies, Sent, Token},
};

/// What the environment says when every variable names this proxy.
fn everywhere(proxy: &TcpListener) -> Proxies {
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    Proxies::read(&Env::from_pairs(&names.map(|name| (name, url.as_str())))).unwrap()
}

/// A call to a host that does not exist, through a proxy that answers with `refusal`: what we say of it, and
/// the first head that reached the proxy.
async fn behind_a_proxy(refusal: &'static str) -> (String, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxies = everywhere(&listener);
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut buffer = [0; 2048];
            let read = stream.read(&mut buffer).unwrap_or(0);
            let head = String::from_utf8_lossy(&buffer[..read]).into_owned();
            let _ = sender.send(head);
            let _ = stream.write_all(refusal.as_bytes());
        }
    });
    (elsewhere(proxies).await, receiver.try_recv().unwrap())
}

#[tokio::test]
async fn loopback_calls_never_meet_a_proxy() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let server = Server::start([ok(r#"{"id":"1"}"#)]).await;
    let mut config = server.config();
    config.proxies = everywhere(&proxy);
    let id = "1".parse().unwrap();
    let graph = Graph::new(config).unwrap();
    graph.app(Token::User(&user()), &id).await.unwrap();
    assert!(proxy.accept().is_err(), "nobody knocked");
}

#[tokio::test]
async fn other_calls_do_and_a_407_is_called_that() {
    let (said, seen) = behind_a_proxy("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
    assert_eq!(said, "the proxy wants a user and password (HTTP 407)");
    assert!(seen.starts_with("CONNECT graph.example:443"), "{seen}");
    assert!(
        !seen.contains("EAATEST"),
        "the token must not reach the proxy: {seen}"
    );
}

#[tokio::test]
async fn a_proxy_that_refuses_is_called_that() {
    let (said, _) = behind_a_proxy("HTTP/1.1 403 Forbidden\r\n\r\n").await;
    assert_eq!(said, "the proxy does not let us through to graph.example");
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_called_that() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxies = everywhere(&listener);
    drop(listener);
    assert_eq!(elsewhere(proxies).await, "the proxy cannot be reached");
}

/// A call to a host that does not exist: only a proxy can answer for it.
async fn elsewhere(proxies: Proxies) -> String {
    let directory = tempfile::tempdir().unwrap();
    let authority = rcgen::generate_simple_self_signed(["graph.example".to_owned()]).unwrap();
    let file = directory.path().join("ca.pem");
    std::fs::write(&file, authority.cert.pem()).unwrap();
    let mut config = config();
    config.base = "https://graph.example".parse().unwrap();
    config.proxies = proxies;
    config.ca_file = Some(file);
    let graph = Graph::new(config).unwrap();
    let id = "1".parse().unwrap();
    let error = graph.app(Token::User(&user()), &id).await.unwrap_err();
    assert_eq!(error.sent(), Sent::Never);
    error.short()
}

#[test]
fn ca_files_that_are_none() {
    let directory = tempfile::tempdir().unwrap();
    for (content, expected) in [
        (None, "cannot be read"),
        (Some(""), "holds no certificate"),
        (
            Some("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"),
            "holds no readable",
        ),
    ] {
        let file = directory.path().join("ca.pem");
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let mut config = config();
        config.ca_file = Some(file);
        let error = Graph::new(config).err().unwrap();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!((error.sent(), error.whole_run()), (Sent::Never, true));
    }
}
