//! Proxies: loopback calls never meet one, all others do, and its refusal is called that.
//!
//! The one decision: the proxy comes from the environment, as in life, so the call runs in a process of
//! its own: this test binary again, with one test picked by name.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    process::Command,
    sync::mpsc,
};

use super::server::{Server, config, ok, user};
use crate::graph::{Graph, Sent, Token};

/// What a child finds in its environment.
const VARIABLES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Runs one test of this file behind a proxy that answers with `refusal`; whether it passed, and the first
/// line that reached the proxy.
fn behind_a_proxy(test: &str, refusal: &'static str) -> (bool, Option<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
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
    (child(test, &proxy), receiver.try_recv().ok())
}

/// Runs one test of this file with all proxy variables set; whether it passed.
fn child(test: &str, proxy: &str) -> bool {
    let name = format!("graph::tests::proxies::{test}");
    let mut child = Command::new(crate::env::args().next().unwrap());
    child.args(["--exact", &name, "--include-ignored"]);
    for variable in VARIABLES {
        child.env(variable, proxy);
    }
    child.env_remove("NO_PROXY").env_remove("no_proxy");
    let output = child.output().unwrap();
    let ran = String::from_utf8_lossy(&output.stdout).contains("1 passed");
    output.status.success() && ran
}

#[test]
fn loopback_calls_never_meet_a_proxy() {
    let seen = behind_a_proxy("child_on_the_loopback", "HTTP/1.1 407 X\r\n\r\n");
    assert_eq!(seen, (true, None));
}

#[test]
fn other_calls_do_and_a_407_is_called_that() {
    let (passed, seen) = behind_a_proxy(
        "child_elsewhere_407",
        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
    );
    let seen = seen.unwrap_or_default();
    assert!(
        passed && seen.starts_with("CONNECT graph.example:443"),
        "{seen}"
    );
    assert!(
        !seen.contains("EAATEST"),
        "the token must not reach the proxy: {seen}"
    );
}

#[test]
fn a_proxy_that_refuses_is_called_that() {
    let (passed, _) = behind_a_proxy("child_elsewhere_403", "HTTP/1.1 403 Forbidden\r\n\r\n");
    assert!(passed);
}

#[test]
fn a_proxy_that_is_not_there_is_called_that() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert!(child("child_elsewhere_gone", &proxy));
}

#[tokio::test]
async fn child_on_the_loopback() {
    let server = Server::start([ok(r#"{"id":"1"}"#)]).await;
    let id = "1".parse().unwrap();
    server.graph().app(Token::User(&user()), &id).await.unwrap();
}

/// A call to a host that does not exist: only a proxy can answer for it.
async fn elsewhere() -> String {
    let directory = tempfile::tempdir().unwrap();
    let authority = rcgen::generate_simple_self_signed(["graph.example".to_owned()]).unwrap();
    let file = directory.path().join("ca.pem");
    std::fs::write(&file, authority.cert.pem()).unwrap();
    let mut config = config();
    config.base = "https://graph.example".parse().unwrap();
    config.ca_file = Some(file);
    let graph = Graph::new(config).unwrap();
    let id = "1".parse().unwrap();
    let error = graph.app(Token::User(&user()), &id).await.unwrap_err();
    assert_eq!(error.sent(), Sent::Never);
    error.short()
}

#[tokio::test]
#[ignore = "runs behind the proxy of another test"]
async fn child_elsewhere_407() {
    assert_eq!(
        elsewhere().await,
        "the proxy wants a user and password (HTTP 407)"
    );
}

#[tokio::test]
#[ignore = "runs behind the proxy of another test"]
async fn child_elsewhere_403() {
    assert_eq!(
        elsewhere().await,
        "the proxy does not let us through to graph.example"
    );
}

#[tokio::test]
#[ignore = "runs behind the proxy of another test"]
async fn child_elsewhere_gone() {
    assert_eq!(elsewhere().await, "the proxy cannot be reached");
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
