//! Whom the client trusts: the system's store, SSL_CERT_FILE, `--ca-file`.
//!
//! The one decision: a real TLS server with an authority of its own, and the same call with each way to
//! name that authority.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, pem::PemObject as _},
};

use crate::support::{Home, Mps, SYSTEM};

/// Serves `{"id":"795"}` to whoever trusts it, for as long as the test lives. Gives the authority's PEM.
fn serve() -> (SocketAddr, String) {
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from_pem_slice(pair.signing_key.serialize_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![pair.cert.der().clone()], key)
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream =
                StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            // One that does not trust us hangs up in the handshake.
            if stream.read(&mut [0; 4096]).is_ok() {
                let body = r#"{"id":"795"}"#;
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(format!("{head}{body}").as_bytes());
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    (address, pair.cert.pem())
}

/// A server that takes a TLS hello for a bad request.
fn answers_in_plain_http() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    address
}

#[test]
fn whom_the_client_trusts() {
    let (address, pem) = serve();
    let home = Home::new();
    let ca = home.file("ca.pem", pem).display().to_string();
    let host = format!("https://localhost:{}", address.port());
    let call = |name: &str, value: &str| {
        Mps::at(&home)
            .args(["api", "GET", "795", "--graph-url", &host])
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("MPS_LOOK_PAUSES", "0")
            .env(name, value)
            .run()
    };
    call("MPS_JOBS", "1")
        .code(1)
        .stdout("")
        .stderr_has("cannot be trusted")
        .stderr_has("--ca-file");
    call("MPS_CA_FILE", "nowhere.pem")
        .code(1)
        .stderr_has("the CA file nowhere.pem cannot be read")
        .stderr_has("hint: name a PEM file with `--ca-file FILE`");
    // Only an unknown authority is mended by another one.
    let by_number = format!("https://127.0.0.1:{}", address.port());
    let plain = format!("https://{}", answers_in_plain_http());
    for (host, why) in [
        (&by_number, "its certificate is for another name"),
        (&plain, "answers without TLS"),
    ] {
        Mps::at(&home)
            .args(["api", "795", "--graph-url", host, "--ca-file", &ca])
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .run()
            .code(1)
            .stderr_has(why)
            .stderr_has("hint: check the")
            .stderr_lacks("--ca-file");
    }
    for name in ["SSL_CERT_FILE", "MPS_CA_FILE"] {
        call(name, &ca).code(0).stdout_has("\"795\"");
    }
}
