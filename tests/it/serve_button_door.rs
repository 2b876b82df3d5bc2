//! What the network finds at the page's door: strangers, headers, a port that is taken or just free again.
//!
//! The one decision: a raw client plays the network, since a browser never sends what an attacker does.

use std::{
    io::Write as _,
    net::{TcpListener, TcpStream},
    process::Command,
};

use crate::{
    button::{Serving, Stage, at, free_port, grant, interrupted, nonce},
    support::{http, needs},
};

#[test]
fn strangers_get_their_status_while_the_wait_goes_on() {
    let stage = Stage::new();
    let serving = stage.serve(&["-v"]);
    let nonce = nonce(&serving);
    let ours = format!("http://localhost:{}", serving.port());
    let grant = grant(&stage);
    let big = " ".repeat(16 * 1024 + 1);
    let json = "application/json";
    for (status, headers, body) in [
        (
            421,
            [
                ("Host", "rebound.example"),
                ("Origin", ours.as_str()),
                ("Content-Type", json),
                ("X-Mps-Nonce", nonce.as_str()),
            ],
            grant.as_str(),
        ),
        (
            403,
            [
                ("Accept", "*/*"),
                ("Origin", "https://evil.example"),
                ("Content-Type", json),
                ("X-Mps-Nonce", &nonce),
            ],
            &grant,
        ),
        (
            412,
            [
                ("Accept", "*/*"),
                ("Origin", &ours),
                ("Content-Type", json),
                ("X-Mps-Nonce", "guessed"),
            ],
            &grant,
        ),
        (
            415,
            [
                ("Accept", "*/*"),
                ("Origin", &ours),
                ("Content-Type", "text/plain"),
                ("X-Mps-Nonce", &nonce),
            ],
            &grant,
        ),
        (
            413,
            [
                ("Accept", "*/*"),
                ("Origin", &ours),
                ("Content-Type", json),
                ("X-Mps-Nonce", &nonce),
            ],
            &big,
        ),
    ] {
        let answer = at(&serving, "POST", "/token", &headers, body);
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    for (status, method, path) in [
        (400, "GET", "http://localhost/"),
        (404, "GET", "/favicon.ico"),
        (404, "GET", "/../state"),
        (405, "DELETE", "/"),
        (405, "GET", "/token"),
        (405, "OPTIONS", "/token"),
        (412, "GET", "/state"),
    ] {
        let answer = at(&serving, method, path, &[], "");
        assert_eq!(answer.status, status, "{method} {path}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    // And the one who belongs here is served.
    let headers = [
        ("Origin", ours.as_str()),
        ("Content-Type", json),
        ("X-Mps-Nonce", nonce.as_str()),
    ];
    assert_eq!(at(&serving, "POST", "/token", &headers, &grant).status, 202);
    let outcome = serving.run.finish();
    outcome
        .code(0)
        .stdout(format!(
            "{}\n",
            stage.sandbox.user_token().secret().expose()
        ))
        .stderr_has("12 stray requests were refused within a minute: ")
        .stderr_lacks("A stray request");
}

#[test]
fn the_headers_of_the_page() {
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let page = at(&serving, "GET", serving.path(), &[], "");
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin-allow-popups"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("connection", "close"),
    ] {
        assert_eq!(page.header(name), Some(value), "{name}");
    }
    let policy = page.header("content-security-policy").unwrap_or_default();
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "script-src 'nonce-",
    ] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe"));
    // What is allowed once is allowed in no other answer.
    let again = at(&serving, "GET", serving.path(), &[], "");
    assert_ne!(again.header("content-security-policy"), Some(policy));
    for name in ["strict-transport-security", "server", "set-cookie"] {
        assert_eq!(page.header(name), None, "{name}");
    }
    interrupted(serving.run);
}

#[test]
fn curl_over_https() {
    if !needs("curl") {
        return;
    }
    let stage = Stage::new();
    let serving = stage.serve(&["--https"]);
    let curl = |more: &[&str]| {
        let said = Command::new("curl")
            .args(["-ksS", "-o", "/dev/null", "-w", "%{http_code}"])
            .args(more)
            .output()
            .expect("curl");
        String::from_utf8_lossy(&said.stdout).into_owned()
    };
    let origin = serving.url.trim_end_matches(serving.path());
    let token = format!("{origin}/token");
    let url = serving.url.as_str();
    assert_eq!(curl(&[url]), "200");
    assert_eq!(curl(&["-H", "Host: rebound.example", url]), "421");
    assert_eq!(
        curl(&["-H", "Origin: https://evil.example", "--json", "{}", &token]),
        "403"
    );
    assert_eq!(
        curl(&["-H", &format!("Origin: {origin}"), "--json", "{}", &token]),
        "412"
    );
    // Plain http to the https port is shown the way, and it is the right one.
    let plain = url.replace("https:", "http:");
    assert_eq!(curl(&[&plain]), "302");
    assert_eq!(curl(&["-L", &plain]), "200");
    interrupted(serving.run);
}

/// What a hostile or a careless network holds open: 1,000 connections that say nothing, and one that never
/// stops saying its header.
#[test]
fn a_crowd_at_the_door() {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let raised = rustix::process::Rlimit {
        current: limit.maximum,
        ..limit
    };
    rustix::process::setrlimit(rustix::process::Resource::Nofile, raised).unwrap();
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let pid = serving.run.pid();
    let before = resident_kib(pid);
    let idle: Vec<TcpStream> = (0..1000)
        .map(|_| TcpStream::connect(serving.address()).unwrap())
        .collect();
    assert_eq!(
        at(&serving, "GET", serving.path(), &[], "").status,
        200,
        "idle sockets shut nobody out"
    );
    let mut endless = TcpStream::connect(serving.address()).unwrap();
    endless.write_all(b"GET / HTTP/1.1\r\nX-Long: ").unwrap();
    let piece = vec![b'x'; 64 * 1024];
    // The door hangs up long before 64 MiB.
    let taken = (0..1024)
        .take_while(|_| endless.write_all(&piece).is_ok())
        .count();
    assert!(taken < 1024, "all of a 64 MiB header was taken");
    assert_eq!(at(&serving, "GET", serving.path(), &[], "").status, 200);
    let grown = resident_kib(pid).saturating_sub(before);
    assert!(grown < 16 * 1024, "memory grew by {grown} KiB");
    drop(idle);
    interrupted(serving.run);
}

/// Memory that a process holds, in KiB.
fn resident_kib(pid: i32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_second_run_on_the_same_port_straight_after_the_first() {
    let stage = Stage::new();
    let first = stage.serve(&["--for", "x"]);
    // A browser's idle connection from before must not keep the port.
    let idle = http::connect(first.address());
    let (port, url) = (first.port().to_string(), first.url.clone());
    interrupted(first.run);
    for _ in 0..3 {
        let again = Serving::start(stage.mps().args([
            "serve-button",
            "--http",
            "--for",
            "x",
            "--port",
            &port,
        ]));
        assert_eq!(again.url, url);
        assert_eq!(at(&again, "GET", again.path(), &[], "").status, 200);
        interrupted(again.run);
    }
    drop(idle);
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let stage = Stage::new();
    let outcome = stage
        .mps()
        .args([
            "serve-button",
            "--http",
            "--json",
            "--port",
            &port.to_string(),
        ])
        .run();
    outcome.code(1);
    let error = outcome.error();
    assert_eq!(error["kind"], "io");
    assert_eq!(
        error["message"],
        format!("port {port} is taken by another program, or by another mps")
    );
    assert!(
        error["hint"]
            .as_str()
            .unwrap_or_default()
            .contains("--port")
    );
}

#[test]
fn another_address_needs_a_public_one() {
    let stage = Stage::new();
    let args = ["serve-button", "--port", "0", "--listen", "0.0.0.0"];
    stage
        .mps()
        .args(args)
        .run()
        .code(2)
        .stderr_has("--public-url")
        .stderr_has("--published");
    for wrong in [
        "http://localhost:9443",
        "https://name.example",
        "https://localhost:9443/x",
    ] {
        let args = ["serve-button", "--port", "0", "--published", wrong];
        stage
            .mps()
            .args(args)
            .run()
            .code(2)
            .stderr_has("--published");
    }
    stage
        .mps()
        .args(["serve-button", "--cert", "x.pem"])
        .run()
        .code(2);
    stage
        .mps()
        .args([
            "serve-button",
            "--port",
            "0",
            "--cert",
            "x.pem",
            "--key",
            "y.pem",
        ])
        .run()
        .code(2)
        .stderr_has("x.pem");
}

#[test]
fn a_containers_published_port_is_the_address_and_beats_the_environments() {
    let (stage, inner) = (Stage::new(), free_port());
    let serving = Serving::start(
        stage
            .mps()
            .env("MPS_PUBLIC_URL", "https://mps.example.com")
            .args(["serve-button", "--port", &inner, "--listen", "0.0.0.0"])
            .args(["--published", "https://localhost:9443"]),
    );
    assert!(
        serving.url.starts_with("https://localhost:9443/"),
        "{}",
        serving.url
    );
    if needs("curl") {
        // Through the published port come the name and port of outside; nothing else is ours.
        let path = serving.path();
        for (host, expected) in [
            ("localhost:9443", "200"),
            ("localhost", "421"),
            ("mps.example.com", "421"),
        ] {
            let header = format!("Host: {host}");
            let inside = format!("https://127.0.0.1:{inner}{path}");
            let said = Command::new("curl")
                .args(["-ksS", "-o", "/dev/null", "-w", "%{http_code}", "-H"])
                .args([&header, &inside])
                .output()
                .expect("curl");
            assert_eq!(String::from_utf8_lossy(&said.stdout), expected, "{host}");
        }
    }
    interrupted(serving.run);
}

#[test]
fn whoever_has_the_other_address_of_localhost_is_told_of_or_kept_out() {
    let stage = Stage::new();
    let port = free_port();
    let there = format!("[::1]:{port}");
    let Ok(other) = TcpListener::bind(&there) else {
        // A machine without IPv6 has no other address.
        return;
    };
    let args = [
        "serve-button",
        "--http",
        "--listen",
        "127.0.0.1",
        "--port",
        &port,
    ];
    let serving = Serving::start(stage.mps().args(args));
    let said = serving.run.wait_for_line("Another program has");
    assert!(said.contains(&there), "{said}");
    interrupted(serving.run);
    drop(other);
    let serving = Serving::start(stage.mps().args(args));
    let taken = TcpListener::bind(&there).expect_err("it is held");
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
    assert!(!interrupted(serving.run).contains("Another program has"));
}
