//! Who gets in.

use super::*;

#[tokio::test]
async fn every_answer_closes_and_carries_the_headers() {
    let (catcher, _dir) = plain(LONG).await;
    let link = path(&catcher);
    for path in [
        link.as_str(),
        "/",
        "/page.js",
        "/page.css",
        "/nothing",
        "/state",
    ] {
        let answer = get(&catcher, path).await;
        for header in [
            "Connection: close",
            "Cross-Origin-Opener-Policy: same-origin-allow-popups",
            "Referrer-Policy: strict-origin-when-cross-origin",
            "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff",
            "frame-ancestors 'none'",
        ] {
            assert!(answer.contains(header), "{path} {header}");
        }
        assert!(!answer.contains("Strict-Transport-Security"));
    }
    assert!(get(&catcher, &link).await.contains("Lucky &lt;Shrub&gt;"));
}

#[tokio::test]
async fn strangers_get_their_status_while_the_wait_goes_on() {
    let (catcher, _dir) = plain(LONG).await;
    let port = catcher.port();
    let token = |host: &str, origin: &str, kind: &str, nonce: &str, length: usize| {
        format!(
            "POST /token HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nContent-Type: {kind}\r\n\
             X-Mps-Nonce: {nonce}\r\nContent-Length: {length}\r\n\r\n{}",
            "x".repeat(length)
        )
    };
    let (host, origin, json) = (
        format!("localhost:{port}"),
        format!("http://localhost:{port}"),
        "application/json",
    );
    let nonce = nonce(&catcher).await;
    let huge = format!("GET / HTTP/1.1\r\nX: {}", "a".repeat(40_000));
    for (request, expected) in [
        (token("rebound.example", &origin, json, &nonce, 2), 421),
        (token(&host, "https://evil.example", json, &nonce, 2), 403),
        (token(&host, &origin, json, "wrong", 2), 412),
        (token(&host, &origin, "text/plain", &nonce, 2), 415),
        (token(&host, &origin, json, &nonce, 16 * 1024 + 1), 413),
        (token(&host, &origin, json, &nonce, 80 * 1024), 413),
        (token(&host, &origin, json, &nonce, 2), 422),
        (
            format!("GET /favicon.ico HTTP/1.1\r\nHost: {host}\r\n\r\n"),
            404,
        ),
        (
            format!("GET http://evil/ HTTP/1.1\r\nHost: {host}\r\n\r\n"),
            400,
        ),
        (
            format!("GET / HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n"),
            400,
        ),
        ("GET / HTTP/1.1\r\n\r\n".into(), 400),
        (format!("DELETE / HTTP/1.1\r\nHost: {host}\r\n\r\n"), 405),
        (
            format!(
                "POST /token HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
            411,
        ),
        (format!("GET / HTTP/2.0\r\nHost: {host}\r\n\r\n"), 505),
        ("\u{16}\u{3}\u{1} no TLS here".into(), 400),
        (huge, 431),
    ] {
        // Our half is closed, so that the gate need not wait for more.
        let mut stream = connect(&catcher).await;
        let _ = stream.write_all(request.as_bytes()).await;
        let _ = stream.shutdown().await;
        let answer = talk(stream, b"").await;
        assert_eq!(
            status(&answer),
            expected,
            "{}",
            &request[..request.len().min(200)]
        );
        assert!(!answer.contains(&nonce));
    }
    let Ok(first) = tokio::time::timeout(Duration::ZERO, catcher.next()).await else {
        panic!("said once")
    };
    assert_eq!(first.event, PageEvent::TlsAtHttp);
    assert!(
        tokio::time::timeout(Duration::ZERO, catcher.next())
            .await
            .is_err(),
        "strangers are only counted"
    );
    let PageEvent::Strangers(counts) = catcher.strangers_so_far().unwrap().event else {
        panic!("a count")
    };
    // What the gate refuses is no request yet.
    assert_eq!(
        counts.iter().map(|kind| kind.count).sum::<u64>(),
        10,
        "{counts:?}"
    );
    let body = json!({"accessToken": TOKEN});
    assert_eq!(status(&post(&catcher, &nonce, "/token", &body).await), 202);
    assert!(matches!(catcher.next().await.event, PageEvent::Grant(_)));
}

#[tokio::test]
async fn idle_connections_give_way_the_oldest_first() {
    let (catcher, _dir) = plain(Limits {
        connections: 4,
        ..LONG
    })
    .await;
    let mut idle = Vec::new();
    for _ in 0..40 {
        let mut stream = connect(&catcher).await;
        stream.write_all(b"GET /page.js HT").await.unwrap();
        idle.push(stream);
        assert_eq!(status(&get(&catcher, "/page.js").await), 200);
    }
    // The first has been closed long since; the last is still waited for.
    let mut rest = String::new();
    let _ = idle.remove(0).read_to_string(&mut rest).await;
    assert_eq!(rest, "");
    let port = catcher.port();
    let last = idle.pop().unwrap();
    let answer = talk(
        last,
        format!("TP/1.1\r\nHost: localhost:{port}\r\n\r\n").as_bytes(),
    )
    .await;
    assert_eq!(status(&answer), 200);
}

#[cfg(unix)]
#[tokio::test]
async fn who_finds_all_places_being_answered_waits_for_one() {
    let dir = tempfile::tempdir().unwrap();
    // The test is the inner server.
    let (way, listening) = crate::http_server::inner::open(dir.path(), "x").unwrap();
    let crate::http_server::inner::InnerListener::Unix(listener) = listening else {
        panic!("a socket")
    };
    listener.set_nonblocking(true).unwrap();
    let server = tokio::net::UnixListener::from_std(listener).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let one = Limits {
        connections: 1,
        ..LONG
    };
    let gate = Gate::open(
        vec![listener],
        GateProtocol::Http {
            on_tls: Arc::new(|| ()),
        },
        way,
        one,
    )
    .unwrap();
    let request = b"GET / HTTP/1.1\r\n\r\n";
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(request).await.unwrap();
    let (mut answering, _) = server.accept().await.unwrap();
    let second = TcpStream::connect(address).await.unwrap();
    let second = tokio::spawn(talk(second, request));
    tokio::task::yield_now().await;
    let _ = answering.read(&mut [0; 256]).await.unwrap();
    answering.write_all(b"one").await.unwrap();
    drop(answering);
    assert_eq!(talk(first, b"").await, "one");
    let (mut answering, _) = server.accept().await.unwrap();
    let _ = answering.read(&mut [0; 256]).await.unwrap();
    answering.write_all(b"two").await.unwrap();
    drop(answering);
    assert_eq!(second.await.unwrap(), "two");
    gate.close().await;
}

#[tokio::test]
async fn a_connection_lives_only_so_long() {
    let (catcher, _dir) = plain(Limits {
        life: Duration::ZERO,
        ..LONG
    })
    .await;
    assert_eq!(ask(&catcher, "GET / HT").await, "");
}

#[tokio::test]
async fn a_body_may_come_after_100_continue() {
    let (catcher, _dir) = plain(LONG).await;
    let nonce = nonce(&catcher).await;
    let port = catcher.port();
    let mut stream = connect(&catcher).await;
    let head = format!(
        "POST /event HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\nContent-Type: \
         application/json\r\nX-Mps-Nonce: {nonce}\r\nContent-Length: 18\r\nExpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 100");
    assert!(
        talk(stream, br#"{"kind":"clicked"}"#)
            .await
            .contains("HTTP/1.1 200 OK")
    );
}

#[tokio::test]
async fn every_answer_is_ours_and_names_no_server() {
    let (catcher, _dir) = plain(LONG).await;
    let host = format!("Host: localhost:{}", catcher.port());
    for (odd, expected) in [
        ("GET / HTTP/1.1\r\nHost", 400),
        ("GET / HTTP/1.1\r\nA b: c", 400),
        ("GET / HTTP/1.1\r\n: c", 400),
        ("GET / HTTP/1.1\r\nX : c", 400),
        ("GET /\u{7f} HTTP/1.1", 400),
        ("GET / HTTP/1.1\r\nX: \u{e9}", 400),
        ("GET  / HTTP/1.1", 400),
        ("GET / HTTP/3.0", 505),
        ("POST / HTTP/1.1\r\nExpect: a-miracle", 417),
        (
            "GET / HTTP/1.1\r\nExpect: 100-continue\r\nExpect: more",
            417,
        ),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked", 411),
        ("OPTIONS * HTTP/1.1", 400),
        ("GET / HTTP/1.1", 404),
        (
            "GET / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings",
            404,
        ),
        ("GET / HTTP/1.1\r\nConnection: keep-alive", 404),
        ("GET / HTTP/1.0", 404),
    ] {
        let answer = ask(&catcher, &format!("{odd}\r\n{host}\r\n\r\n")).await;
        assert_eq!(status(&answer), expected, "{odd:?}\n{answer}");
        assert!(
            !answer.contains("tiny") && !answer.contains("\r\nServer:"),
            "{odd:?}\n{answer}"
        );
        for header in [
            "Content-Security-Policy: ",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
        ] {
            assert_eq!(
                answer.matches(header).count(),
                1,
                "{odd:?} {header}\n{answer}"
            );
        }
    }
}

/// A client that trusts the kept certificate, and nothing else.
pub(super) fn tls_client(dir: &Path) -> tokio_rustls::TlsConnector {
    let file = std::fs::read(dir.join("button/localhost.pem")).unwrap();
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(&file).unwrap())
        .unwrap();
    let mut config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Arc::new(config).into()
}

const HTTPS: ListenMode = ListenMode::Https {
    cert: None,
    key: None,
    published: None,
};

#[tokio::test]
async fn https_with_the_kept_certificate() {
    let dir = tempfile::tempdir().unwrap();
    let catcher = bind(config(dir.path(), HTTPS), LONG).await;
    let port = catcher.port();
    let link = path(&catcher);
    assert_eq!(catcher.url(), format!("https://localhost:{port}{link}"));
    for name in ["localhost", "127.0.0.1", "::1"] {
        let stream = tls_client(dir.path())
            .connect(name.to_owned().try_into().unwrap(), connect(&catcher).await)
            .await
            .unwrap();
        assert_eq!(
            stream.get_ref().1.alpn_protocol(),
            Some(&b"http/1.1"[..]),
            "never h2"
        );
        let request = format!("GET {link} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
        assert_eq!(status(&talk(stream, request.as_bytes()).await), 200);
    }
    let reply = ask(&catcher, &format!("GET {link} HTTP/1.1\r\n")).await;
    assert_eq!(status(&reply), 302);
    assert!(
        reply.contains(&format!("\r\nLocation: https://localhost:{port}{link}\r\n")),
        "{reply}"
    );
}

#[tokio::test]
async fn damaged_and_unfinished_handshakes_end_by_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let hasty = Limits {
        handshake: Duration::ZERO,
        ..LONG
    };
    let catcher = bind(config(dir.path(), HTTPS), hasty).await;
    assert_eq!(
        talk(connect(&catcher).await, b"\x16\x03\x01\x02\x00\x01").await,
        ""
    );
    catcher.close(Duration::ZERO).await;
    let catcher = bind(config(dir.path(), HTTPS), LONG).await;
    let garbage = talk(connect(&catcher).await, &[0x16, 3, 1, 0, 4, 9, 9, 9, 9]).await;
    assert!(!garbage.contains("HTTP"));
    let half = connect(&catcher).await.into_std().unwrap();
    half.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(talk(TcpStream::from_std(half).unwrap(), b"").await, "");
}

#[tokio::test]
async fn both_loopbacks_and_a_second_run_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let first = bind(config(dir.path(), ListenMode::Http), LONG).await;
    let port = first.port();
    let again = PageConfig {
        port,
        ..config(dir.path(), ListenMode::Http)
    };
    let taken = Catcher::bind(again.clone()).await.unwrap_err();
    assert!(matches!(taken, Error::PortTaken { port: taken } if taken == port));
    assert_eq!(
        taken.hint().unwrap(),
        format!(
            "choose another with --port {}, or end the program that has it",
            port + 1
        )
    );

    let kept = connect(&first).await;
    assert_eq!(status(&get(&first, "/page.js").await), 200);
    first.close(Duration::from_secs(600)).await;
    assert_eq!(
        talk(kept, b"GET / HTTP/1.1\r\n\r\n").await,
        "",
        "every socket is closed"
    );

    let second = bind(again, LONG).await;
    assert_eq!(status(&get(&second, "/page.js").await), 200);
    let v6 = SocketAddr::new(IpAddr::V6(std::net::Ipv6Addr::LOCALHOST), port);
    if let Ok(stream) = TcpStream::connect(v6).await {
        let request = format!("GET /page.js HTTP/1.1\r\nHost: [::1]:{port}\r\n\r\n");
        assert_eq!(status(&talk(stream, request.as_bytes()).await), 200);
    }
    second.close(Duration::ZERO).await;
    assert_eq!(sockets(dir.path()), 0);
}

#[tokio::test]
async fn what_is_refused_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let everywhere = PageConfig {
        listen: "0.0.0.0".parse().ok(),
        ..config(dir.path(), ListenMode::Http)
    };
    assert!(matches!(
        Catcher::bind(everywhere).await,
        Err(Error::ListenNeedsPublicUrl { .. })
    ));
    let path = ListenMode::Behind {
        public: "https://name.example/path".parse().unwrap(),
    };
    assert!(matches!(
        Catcher::bind(config(dir.path(), path)).await,
        Err(Error::PublicUrl { .. })
    ));
    let cert = ListenMode::Https {
        cert: Some(dir.path().join("gone.pem")),
        key: None,
        published: None,
    };
    assert!(matches!(
        Catcher::bind(config(dir.path(), cert)).await,
        Err(Error::Certificate { .. })
    ));
}
