//! Proxies on the way to a host elsewhere.
//!
//! The one decision: the proxy is scripted and the host is a name that no resolver knows, so what comes back can only
//! be the proxy's doing.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
};

use serde_json::Value;

use crate::support::{Mps, Outcome, Reply, SYSTEM, Script, needs};

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

/// A read of Meta's API elsewhere, with these variables.
fn read_with(vars: &[(&str, &str)]) -> Mps {
    let mps = Mps::new()
        .args(["api", "GET", "795", "--graph-url", "https://graph.example"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .secret(SYSTEM)
        .secret(PASSWORD);
    vars.iter()
        .fold(mps, |mps, (name, value)| mps.env(name, value))
}

#[test]
fn blanks_and_line_ends_around_a_proxy_are_passed_over() {
    for (before, after) in [("", " "), ("", "\r"), (" \t", "\r\n"), ("", "/")] {
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let proxy = Script::new()
                .on("CONNECT", "graph.example:443")
                .answer(Reply::html(403, "no"))
                .serve();
            let value = format!("{before}http://{}{after}", proxy.address());
            let run = read_with(&[(name, &value)]).run();
            run.code(1)
                .stderr_has("the proxy does not let us through to graph.example");
            assert_eq!(proxy.requests().len(), 1, "{name}={value:?}");
        }
    }
}

#[test]
fn a_proxy_that_cannot_be_read_ends_the_run_before_anything_is_sent() {
    let quoted = format!("\"http://operator:{PASSWORD}@proxy.example:3128\"");
    let with_at = format!("http://operator:{PASSWORD}@x@proxy.example:3128");
    let broken = format!("http://operator:{PASSWORD}@[bad");
    // What is mistyped for Meta is told on the sandbox too, where no proxy is used.
    let silent = Script::new().serve();
    for (value, why, hint) in [
        (quoted.as_str(), "quotes", "without quotes"),
        ("'http://proxy.example'", "quotes", "without quotes"),
        ("htp://proxy.example:3128", "htp://", "http://HOST:PORT"),
        (
            "pac+http://proxy.example/x",
            "pac+http://",
            "http://HOST:PORT",
        ),
        ("socks4://proxy.example:1080", "socks4://", "socks5"),
        (&broken, "no address", "http://HOST:PORT"),
        (&with_at, "more than one @", "%40"),
    ] {
        for name in [
            "HTTPS_PROXY",
            "https_proxy",
            "HTTP_PROXY",
            "http_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            let run = read_with(&[(name, value)]).arg("--json").run();
            run.code(2).stdout("");
            let error = run.error();
            let said = error["message"].as_str().unwrap();
            assert!(
                said.starts_with(&format!("{name} cannot be read")) && said.contains(why),
                "{said}"
            );
            assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
        }
        let run = Mps::new()
            .args(["api", "GET", "795"])
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("HTTPS_PROXY", value)
            .secret(PASSWORD)
            .against(&silent)
            .run();
        run.code(2).stderr_has("HTTPS_PROXY cannot be read");
    }
    assert_eq!(silent.lines(), Vec::<String>::new());
    let run = read_with(&[("no_proxy", "\"graph.example\"")]).run();
    run.code(2).stderr_has("no_proxy cannot be read");
}

/// Asks the check-up how it gets to a host elsewhere: the result, what is seen, and the details.
fn way(vars: &[(&str, &str)], code: i32) -> (String, String, Value) {
    let mps = Mps::new()
        .args(["doctor", "--json", "--port", "0"])
        .args(["--graph-url", "https://graph.example"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", "7")
        .secret(PASSWORD);
    let mps = vars
        .iter()
        .fold(mps, |mps, (name, value)| mps.env(name, value));
    let run = mps.run();
    run.code(code);
    let row = crate::doctor::row(&run, "network");
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    (text("result"), text("seen"), row["details"].clone())
}

#[test]
fn the_check_up_shows_the_way_that_is_taken() {
    let proxy = Script::new()
        .on("CONNECT", "graph.example:443")
        .answer(Reply::html(403, "no"))
        .any_times()
        .serve();
    let url = format!("http://operator:{PASSWORD}@{}\r", proxy.address());
    let shown = format!("http://{}", proxy.address());
    let (result, seen, details) = way(&[("https_proxy", &url)], 1);
    assert_eq!(result, "failed");
    assert!(seen.contains("the proxy does not let us through"), "{seen}");
    assert_eq!(details["proxy"], shown);
    assert_eq!(details["source"], "https_proxy");
    assert_eq!(
        proxy.requests().len(),
        1,
        "and it is the way that was taken"
    );
    // Past it, because the operator said so.
    let (_, seen, details) = way(&[("https_proxy", &url), ("NO_PROXY", "graph.example\r")], 1);
    assert!(!seen.contains("the proxy does not let us"), "{seen}");
    assert_eq!(details["proxy"], Value::Null);
    assert_eq!(details["source"], "NO_PROXY");
    assert_eq!(proxy.requests().len(), 1);
    // One that cannot be read is not in use, and the row says so.
    let (result, seen, _) = way(&[("HTTPS_PROXY", "htp://proxy.example")], 2);
    assert_eq!(result, "failed");
    assert!(seen.contains("HTTPS_PROXY cannot be read"), "{seen}");
}

/// A Graph and a proxy with no way between them and nothing else in the world; each says who came.
const WORLD: &str = r#"
import os, socket, subprocess, sys, threading
subprocess.run("ip link set lo up; ip addr add 10.9.9.9/32 dev lo; ip addr add 10.9.9.8/32 dev lo", shell=True, check=True)
came = []
def listen(name, host, port):
    door = socket.create_server((host, port))
    def serve():
        while True:
            guest, _ = door.accept()
            came.append(name)
            guest.recv(999)
            guest.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
            guest.close()
    threading.Thread(target=serve, daemon=True).start()
listen("graph", "10.9.9.9", 443)
listen("proxy", "10.9.9.8", 3128)
for value in sys.argv[2:]:
    env = {**os.environ, **({"HTTPS_PROXY": value} if value != "-" else {})}
    run = subprocess.run([sys.argv[1], "api", "GET", "795", "--graph-url", "https://10.9.9.9"], env=env, capture_output=True)
    print(run.returncode, *sorted(set(came)))
    came.clear()
"#;

#[test]
fn in_a_network_of_its_own_no_odd_proxy_is_passed_by() {
    let mine = |program: &str| {
        std::process::Command::new("unshare")
            .args(["-rn", program])
            .arg("link")
            .output()
            .is_ok_and(|run| run.status.success())
    };
    if !needs("python3") || !needs("unshare") || !needs("ip") || !mine("ip") {
        return;
    }
    let odd = [
        "\"http://10.9.9.8:3128\"",
        "'http://10.9.9.8:3128'",
        "htp://10.9.9.8:3128",
        "pac+http://10.9.9.8/x",
        "socks4://10.9.9.8:3128",
        "http://u:p@[bad",
        "http://u:p@x@10.9.9.8:3128",
        "http://10.9.9.8:3128 x",
    ];
    let through = [
        "http://10.9.9.8:3128 ",
        "http://10.9.9.8:3128\r",
        "10.9.9.8:3128",
        "http://u:p%40x@10.9.9.8:3128",
    ];
    let home = crate::support::Home::new();
    let run = Mps::program(&home, "unshare")
        .args(["-rn", "python3", "-c", WORLD, env!("CARGO_BIN_EXE_mps")])
        .args(odd.iter().chain(&through).chain(&["-"]))
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .run();
    run.code(0);
    let expected: Vec<_> = odd
        .iter()
        .map(|_| "2")
        .chain(through.iter().map(|_| "1 proxy"))
        .chain(["1 graph"])
        .collect();
    assert_eq!(run.lines(), expected, "{run}");
}
