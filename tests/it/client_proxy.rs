//! Proxies on the way to a host elsewhere.
//!
//! The one decision: the proxy is scripted and the host is a name that no resolver knows, so what comes back can only
//! be the proxy's doing.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
};

use serde_json::Value;

use crate::support::{Mps, Outcome, Reply, SYSTEM, Script};

const PASSWORD: &str = "hunter2hunter2";

/// One GET to a name, through a proxy that answers so to each CONNECT.
fn through(reply: Reply) -> Outcome {
    let proxy = Script::new()
        .on("CONNECT", "graph.example:443")
        .answer(reply)
        .serve();
    let url = format!("http://operator:{PASSWORD}@{}", proxy.address());
    let mps = Mps::new()
        .args([
            "api",
            "GET",
            "795",
            "--graph-url",
            "https://graph.example",
            "--json",
            "-vv",
        ])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("HTTPS_PROXY", url)
        .secret(PASSWORD)
        .secret(SYSTEM);
    let outcome = mps.run();
    // The name and password go to the proxy, in its own header, and the token does not.
    for request in proxy.requests() {
        assert_eq!(request.header("authorization"), None);
        assert!(
            request
                .header("proxy-authorization")
                .unwrap()
                .starts_with("Basic ")
        );
    }
    outcome
}

fn cause(outcome: &Outcome) -> (Value, String, String) {
    let error = outcome.error();
    (
        error["kind"].clone(),
        error["causes"][0].as_str().unwrap().to_owned(),
        error["hint"].as_str().unwrap().to_owned(),
    )
}

#[test]
fn a_407_is_called_that() {
    let outcome =
        through(Reply::html(407, "<h1>Proxy says no</h1>").header("proxy-authenticate", "Basic"));
    outcome.code(1).stdout("").stderr_has("host graph.example");
    let (kind, cause, hint) = cause(&outcome);
    assert_eq!(kind, "io");
    assert_eq!(cause, "the proxy wants a user and password (HTTP 407)");
    assert!(hint.contains("HTTPS_PROXY"), "{hint}");
}

#[test]
fn a_proxy_that_answers_with_a_page_is_called_that() {
    let outcome = through(Reply::html(403, "<h1>Category: messaging</h1>"));
    outcome.code(1);
    let (kind, cause, hint) = cause(&outcome);
    assert_eq!(kind, "io");
    assert_eq!(cause, "the proxy does not let us through to graph.example");
    assert!(hint.contains("NO_PROXY"), "{hint}");
}

/// The other half of one SOCKS5 handshake (RFC 1928); gives the name that the client wants to reach. What
/// comes after it is cut off.
fn socks5(listener: &TcpListener) -> std::io::Result<String> {
    let (mut stream, _) = listener.accept()?;
    let mut hello = [0; 2];
    stream.read_exact(&mut hello)?;
    stream.read_exact(&mut vec![0; hello[1].into()])?;
    stream.write_all(&[5, 0])?;
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    let mut name = vec![0; head[4].into()];
    stream.read_exact(&mut name)?;
    stream.read_exact(&mut [0; 2])?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    Ok(String::from_utf8_lossy(&name).into_owned())
}

#[test]
fn a_socks_proxy_is_asked_for_the_name() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("socks5h://{}", proxy.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        // A write, so that it is tried once.
        socks5(&proxy).unwrap()
    });
    let outcome = Mps::new()
        .args(["api", "POST", "795", "--graph-url", "https://graph.example"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("ALL_PROXY", url)
        .run();
    outcome.code(1).stderr_has("no connection to graph.example");
    assert_eq!(server.join().unwrap(), "graph.example");
}

#[test]
fn no_proxy_is_honoured() {
    let proxy = Script::new().serve();
    let outcome = Mps::new()
        .args([
            "api",
            "POST",
            "795",
            "--graph-url",
            "https://graph.invalid",
            "--json",
        ])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("HTTPS_PROXY", format!("http://{}", proxy.address()))
        .env("NO_PROXY", ".invalid")
        .run();
    outcome.code(1);
    let causes = outcome.error()["causes"].to_string();
    assert!(
        causes.contains("the name graph.invalid cannot be resolved"),
        "{causes}"
    );
}
