//! The client as an operator meets it: tries, versions, hosts, proof, Ctrl-C.
//!
//! The one decision: each rule is shown by the requests that came, not by what mps says of itself alone.

use std::net::TcpListener;

use rustix::process::Signal;
use serde_json::json;

use crate::support::{APP_SECRET, Latch, Mps, Reply, SYSTEM, Script, graph_error};

const PARTNER: &str = "634974688087057";

/// A command with our token; what follows says which.
fn mps() -> Mps {
    Mps::new().env("MPS_SYSTEM_TOKEN", SYSTEM)
}

/// One GET of 795.
fn get() -> Script {
    Script::new().on("GET", "/795").token(SYSTEM)
}

#[test]
fn a_body_over_8_mib_is_cut_off() {
    let long = format!("{{\"name\":\"{}\"}}", "x".repeat(8 * 1024 * 1024));
    let served = get()
        .answer(Reply::raw(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{long}",
            long.len()
        )))
        .serve();
    let outcome = mps()
        .args(["api", "GET", "795", "--json"])
        .against(&served)
        .run();
    outcome.code(1).stdout("");
    let error = outcome.error();
    assert_eq!(error["kind"], "unreadable_response");
    let causes = error["causes"].to_string();
    assert!(causes.contains("is longer than 8 MiB"), "{causes}");
    assert!(causes.len() < 1000, "{causes}");
}

#[test]
fn a_body_of_nearly_8_mib_is_read() {
    let name = "x".repeat(8 * 1024 * 1024 - 100);
    let served = get().reply(200, json!({"name": name})).serve();
    let outcome = mps().args(["api", "GET", "795"]).against(&served).run();
    outcome.code(0);
    assert!(outcome.stdout_text().len() > name.len());
}

#[test]
fn the_content_type_is_not_believed() {
    let served = get()
        .answer(Reply::html(200, "\u{feff}{\"id\":\"795\"}"))
        .serve();
    let outcome = mps().args(["api", "GET", "795"]).against(&served).run();
    outcome.code(0).stdout("{\n  \"id\": \"795\"\n}\n");
}

#[test]
fn a_decode_error_names_the_place_and_the_call() {
    let solution = json!({"id": [], "name": "x", "status": "ACTIVE"});
    let served = get().reply(200, solution).serve();
    let outcome = mps()
        .args(["show", "795", "--json"])
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "us")
        .against(&served)
        .run();
    outcome.code(1);
    let error = outcome.error();
    assert_eq!(
        (&error["kind"], &error["message"]),
        (
            &json!("unreadable_response"),
            &json!("could not read solution 795")
        )
    );
    let causes = error["causes"].to_string();
    assert!(causes.contains("at id: "), "{causes}");
}

#[test]
fn a_read_recovers_and_says_why_it_took_long() {
    let served = get()
        .reply_error(500, 2, "Please retry your request later.")
        .header("retry-after", "1")
        .hang_up()
        .reply(200, json!({"id": "795"}))
        .serve();
    let outcome = mps().args(["api", "GET", "795"]).against(&served).run();
    outcome
        .code(0)
        .stderr_has(
            "Trying again to GET 795 in 1.0 s (Please retry your request later.; 3 tries left).",
        )
        .stderr_has("s (the connection to 127.0.0.1:")
        .stderr_has("lost before the answer was complete; 2 tries left).");
}

#[test]
fn a_day_until_the_next_try_is_more_than_is_believed() {
    let served = get()
        .answer(Reply::html(502, "<h1>Bad Gateway</h1>").header("retry-after", "86400"))
        .serve();
    let run = mps().args(["api", "GET", "795"]).against(&served).start();
    run.wait_for_line("Trying again to GET 795 in 60.0 s (a proxy or firewall answered");
    run.signal(Signal::INT);
    run.finish().code(130).stdout("");
}

#[test]
fn a_write_is_sent_once_whatever_comes() {
    for reply in [
        Reply::json(500, graph_error(2, "Please retry your request later.")),
        Reply::json(
            503,
            json!({"error": {"message": "x", "code": 2, "is_transient": true}}),
        ),
        Reply::html(502, "<h1>Bad Gateway</h1>").header("retry-after", "0"),
        Reply::html(200, "Service Unavailable"),
        Reply::hang_up(),
        Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"),
        Reply::raw(
            "HTTP/1.1 307 Elsewhere\r\nlocation: /v26.0/796/accept\r\ncontent-length: 0\r\n\r\n",
        ),
    ] {
        for method in ["POST", "DELETE"] {
            let served = Script::new()
                .on(method, "/795/accept")
                .answer(reply.clone())
                .serve();
            let outcome = mps()
                .args(["api", method, "795/accept"])
                .against(&served)
                .run();
            outcome.code(6).stdout("").stderr_has("mps history");
            served.verify();
        }
    }
}

#[test]
fn a_write_that_found_nobody_is_no_unknown_outcome() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let outcome = mps()
        .args(["api", "POST", "795/accept", "--json"])
        .env("MPS_GRAPH_URL", format!("http://{address}"))
        .run();
    outcome.code(1);
    let error = outcome.error();
    assert_eq!(error["kind"], "transient");
    assert!(error["hint"].as_str().unwrap().contains("mps sandbox"));
}

#[test]
fn another_version_than_asked_is_said_once() {
    let served = Script::new()
        .on("GET", "/v20.0/795")
        .reply(
            200,
            json!({"id": "795", "name": "a", "status": "ACTIVE", "partners": {"data": []}}),
        )
        .header("facebook-api-version", "v21.0")
        .on("GET", "/v20.0/796")
        .reply_error(400, 100, "no")
        .header("facebook-api-version", "v21.0")
        .repeat()
        .serve();
    let outcome = mps()
        .args(["show", "795", "796", "--api-version", "v20.0"])
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "us")
        .against(&served)
        .run();
    outcome
        .code(3)
        .stderr_has("warning: Graph API v20.0 has expired since 2026-09-24; Meta serves v")
        .stderr_has("asked v20.0, Meta served v21.0");
    let said = outcome
        .stderr_text()
        .matches("warning: asked for v20.0, Meta served v21.0");
    assert_eq!(said.count(), 1, "{outcome}");
}

#[test]
fn versions_are_checked_by_their_form_and_by_the_table() {
    for (version, code, word) in [
        ("v26.0", 0, ""),
        ("v19.0", 0, "Graph API v19.0 has expired since 2026-05-21"),
        ("v26.1", 0, "Graph API v26.1 is not known to this mps"),
        ("v27.0", 0, ""),
        ("v28.0", 0, "v28.0 is newer than this mps"),
        ("26.0", 2, "v26.0"),
        ("v26", 2, "v26.0"),
    ] {
        let path = format!("/{version}/795");
        let served = Script::new()
            .on("GET", &path)
            .reply(200, json!({"id": "795"}))
            .times(usize::from(code == 0))
            .serve();
        let outcome = mps()
            .args(["api", "GET", "795"])
            .env("MPS_API_VERSION", version)
            .against(&served)
            .run();
        outcome.code(code).stderr_has(word);
        assert_eq!(
            outcome.stderr_text().contains("warning"),
            word.starts_with("Graph API"),
            "{outcome}"
        );
    }
}

#[test]
fn the_proof_goes_along_when_the_secret_is_known() {
    for (method, secret) in [("GET", true), ("POST", true), ("GET", false)] {
        let served = Script::new()
            .on(method, "/795")
            .token(SYSTEM)
            .when(move |request| {
                let sent = request.query("appsecret_proof").map(str::to_owned);
                let sent = sent.or_else(|| {
                    request.json()["appsecret_proof"]
                        .as_str()
                        .map(str::to_owned)
                });
                match (secret, sent) {
                    (true, Some(hex)) if hex.len() == 64 => Ok(()),
                    (false, None) => Ok(()),
                    (_, sent) => Err(format!("the proof is {sent:?}")),
                }
            })
            .reply(200, json!({"id": "795"}))
            .serve();
        let mut mps = mps().args(["api", method, "795", "-f", "a=b", "-vv"]);
        if secret {
            mps = mps.env("MPS_APP_SECRET", APP_SECRET);
        }
        let outcome = mps.against(&served).run();
        outcome.code(0);
        let request = served.requests().remove(0);
        let sent = request.query("appsecret_proof").map_or_else(
            || {
                request.json()["appsecret_proof"]
                    .as_str()
                    .unwrap_or("none")
                    .to_owned()
            },
            str::to_owned,
        );
        outcome.stderr_lacks(&sent);
    }
}

#[test]
fn redirects_are_errors_and_the_other_host_hears_nothing() {
    for status in [301, 302, 303, 307, 308] {
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        other.set_nonblocking(true).unwrap();
        let to = format!("{}", other.local_addr().unwrap());
        let served = get()
            .reply(status, json!({}))
            .header(
                "location",
                &format!("http://{to}/v26.0/795?access_token=EAAECHO"),
            )
            .serve();
        let outcome = mps()
            .args(["api", "GET", "795", "--json"])
            .against(&served)
            .run();
        outcome.code(1).stderr_lacks("EAAECHO");
        let error = outcome.error();
        assert_eq!(error["kind"], "unreadable_response");
        assert!(
            error["causes"][0]
                .as_str()
                .unwrap()
                .contains(&format!("sends us on to {to}, where no token")),
            "{outcome}"
        );
        assert!(other.accept().is_err(), "somebody called the other host");
    }
}

#[test]
fn hosts_that_may_not_be_asked() {
    for (url, word) in [
        (
            "https://user:hunter2pass@graph.facebook.com",
            "user name or password",
        ),
        ("http://hunter2pass@127.0.0.1:1", "user name or password"),
        ("http://graph.facebook.com", "plain http is refused"),
        ("http://192.0.2.1:4010", "plain http is refused"),
        ("http://localhost.example", "plain http is refused"),
        (
            "https://graph.facebook.com/v26.0",
            "only scheme, host and port",
        ),
        ("graph.facebook.com", "is not a URL"),
    ] {
        for by_option in [true, false] {
            let mps = mps().args(["api", "GET", "795"]);
            let mps = if by_option {
                mps.args(["--graph-url", url])
            } else {
                mps.env("MPS_GRAPH_URL", url)
            };
            let outcome = mps.run();
            outcome
                .code(2)
                .stdout("")
                .stderr_has(word)
                .stderr_lacks("hunter2pass");
        }
    }
}

#[test]
fn another_host_is_never_chosen_by_the_environment() {
    let outcome = mps()
        .args(["api", "GET", "795"])
        .env("MPS_GRAPH_URL", "https://graph.example")
        .run();
    outcome.code(2).stderr_has("--graph-url, or a profile");
}

#[test]
fn ctrl_c_leaves_a_read_at_once() {
    let latch = Latch::new();
    let served = get().reply(200, json!({})).after(&latch).serve();
    let run = mps().args(["api", "GET", "795"]).against(&served).start();
    latch.reached();
    run.signal(Signal::INT);
    run.finish()
        .code(130)
        .stdout("")
        .stderr_has("interrupted; nothing was changed");
    latch.open();
}
