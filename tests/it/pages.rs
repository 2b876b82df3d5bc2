//! Lists in pages: by our own URL and the cursor, never by the link that Meta sends.
//!
//! The one decision: every `next` of these tests is a trap. It leads to a listener that must stay silent and holds a
//! token that may be seen nowhere.

use std::{fmt::Write as _, net::TcpListener};

use serde_json::{Value, json};

use crate::{
    stage::{PARTNER, solution},
    support::{Home, Mps, Reply, Request, SYSTEM, Script, Served},
};

const EDGE: &str = "/634974688087057/whatsapp_business_solutions";
const TRAP: &str = "EAATRAPTOKEN0123456789abcdef";

fn list(served: &Served, args: &[&str]) -> Mps {
    Mps::new()
        .args(["list", "--role", "partner"])
        .args(args)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .secret(TRAP)
        .against(served)
}

fn page(ids: &[&str], after: Option<&str>, next: Option<String>) -> Value {
    let rows: Vec<Value> = ids
        .iter()
        .map(|id| solution(id, "42", PARTNER, "ACTIVE"))
        .collect();
    let mut page = json!({"data": rows, "paging": {"cursors": {"before": "b"}}});
    if let Some(after) = after {
        page["paging"]["cursors"]["after"] = after.into();
    }
    if let Some(next) = next {
        page["paging"]["next"] = next.into();
        page["paging"]["previous"] =
            format!("https://graph.facebook.com/?access_token={TRAP}").into();
    }
    page
}

/// Where nobody may go.
struct Nowhere(TcpListener);

impl Nowhere {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn url(&self, more: &str) -> Option<String> {
        let address = self.0.local_addr().unwrap();
        Some(format!(
            "http://{address}/v26.0/next?access_token={TRAP}{more}"
        ))
    }
}

impl Drop for Nowhere {
    fn drop(&mut self) {
        assert!(
            self.0.accept().is_err() || std::thread::panicking(),
            "somebody followed `next`"
        );
    }
}

#[test]
fn pages_are_asked_for_with_our_url_and_the_cursor() {
    let trap = Nowhere::new();
    let served = Script::new()
        .on("GET", EDGE)
        .no_query("after")
        .query("limit", "100")
        .query("role", "PARTNER")
        .reply(200, page(&["1"], Some("c1"), trap.url("&after=wrong")))
        // Short and empty pages are no end.
        .on("GET", EDGE)
        .query("after", "c1")
        .query("limit", "100")
        .reply(200, page(&[], Some("c=2&x"), trap.url("")))
        .on("GET", EDGE)
        .query("after", "c=2&x")
        .reply(200, page(&["2", "3"], None, trap.url("&after=c3")))
        // The end has a cursor and no `next`.
        .on("GET", EDGE)
        .query("after", "c3")
        .reply(200, page(&["4"], Some("c4"), None))
        .serve();
    let outcome = list(&served, &["-vv"]).run();
    outcome.code(0).stdout("1\n2\n3\n4\n").stderr_lacks("/next");
    assert_eq!(served.requests().len(), 4);
}

#[test]
fn raw_pages_keep_the_same_rules() {
    let trap = Nowhere::new();
    let served = Script::new()
        .on("GET", "/9/x")
        .no_query("after")
        .query("a", "b")
        .reply(200, page(&["1"], Some("c1"), trap.url("")))
        .on("GET", "/9/x")
        .query("after", "c1")
        .query("a", "b")
        .reply(200, page(&["2"], Some("c2"), None))
        .serve();
    let api = |args: &[&str]| {
        Mps::new()
            .args(["api", "GET", "9/x", "-f", "a=b"])
            .args(args)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .secret(TRAP)
            .against(&served)
            .run()
    };
    let outcome = api(&["--paginate"]);
    outcome.code(0);
    let ids: Vec<Value> = outcome
        .json_lines()
        .iter()
        .map(|row| row["id"].clone())
        .collect();
    assert_eq!(ids, ["1", "2"]);
}

#[test]
fn one_raw_page_shows_no_link() {
    let trap = Nowhere::new();
    let served = Script::new()
        .on("GET", "/9/x")
        .reply(200, page(&["1"], Some("c1"), trap.url("")))
        .serve();
    let outcome = Mps::new()
        .args(["api", "GET", "9/x", "-vv"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .secret(TRAP)
        .against(&served)
        .run();
    outcome
        .code(0)
        .stdout_has("\"after\": \"c1\"")
        .stdout_lacks("/next");
}

#[test]
fn lists_without_an_end_are_errors_and_what_came_is_on_stdout() {
    let circle = |request: &Request| {
        let after = if request.query("after") == Some("c1") {
            "c2"
        } else {
            "c1"
        };
        Reply::json(
            200,
            page(&["7"], Some(after), Some("https://x.example/".to_owned())),
        )
    };
    let empty = |request: &Request| {
        let after = format!("{}x", request.query("after").unwrap_or_default());
        Reply::json(
            200,
            page(&[], Some(&after), Some("https://x.example/".to_owned())),
        )
    };
    let blind = |_: &Request| {
        Reply::json(
            200,
            page(&["7"], None, Some(format!("https://x.example/?t={TRAP}"))),
        )
    };
    for (reply, requests, word) in [
        (Reply::with(circle), 3, "its pages go in a circle"),
        (Reply::with(empty), 100, "its pages are empty"),
        (
            Reply::with(blind),
            1,
            "it names a next page without a cursor",
        ),
    ] {
        let served = Script::new().on("GET", EDGE).answer(reply).repeat().serve();
        let outcome = list(&served, &["--json"]).run();
        // Where rows came before, some of it worked.
        outcome.code(if requests == 3 { 3 } else { 1 });
        assert_eq!(served.requests().len(), requests, "{word}");
        let error = outcome.error();
        assert_eq!(error["kind"], "unreadable_response");
        let text = error.to_string();
        assert!(text.contains(word) && !text.contains(TRAP), "{text}");
    }
}

#[test]
fn a_page_that_is_too_much_for_meta_is_asked_for_in_smaller_ones() {
    let served = Script::new()
        .on("GET", EDGE)
        .query("limit", "100")
        .reply_error(500, 1, "Please reduce the amount of data you're asking for")
        .times(3)
        .on("GET", EDGE)
        .query("limit", "25")
        .reply(200, page(&["1"], None, None))
        .serve();
    list(&served, &[]).run().code(0).stdout("1\n");
}

/// A page of 100 out of so many.
fn of_many(request: &Request, total: usize) -> Reply {
    let from: usize = request.query("after").unwrap_or("0").parse().unwrap();
    let mut rows = String::new();
    for at in from..(from + 100).min(total) {
        let row = solution(&(1_000_000 + at).to_string(), "42", PARTNER, "ACTIVE");
        let _ = write!(rows, "{}{row}", if at == from { "" } else { "," });
    }
    let next = if from + 100 < total {
        format!(r#","next":"https://x.example/?access_token={TRAP}""#)
    } else {
        String::new()
    };
    let after = from + 100;
    let body = format!(r#"{{"data":[{rows}],"paging":{{"cursors":{{"after":"{after}"}}{next}}}}}"#);
    Reply::html(200, &body)
}

/// The most memory that `mps list` of so many solutions held, in KiB, as the kernel counted it.
fn most_memory(total: usize) -> u64 {
    let served = Script::new()
        .on("GET", EDGE)
        .reply_with(move |request| of_many(request, total))
        .times(total.div_ceil(100))
        .serve();
    let home = Home::new();
    let script = format!(
        "{} list --role partner | wc -l; cat /proc/self/status >/dev/null",
        env!("CARGO_BIN_EXE_mps")
    );
    let script = script.replace(
        " | wc -l",
        " >/dev/null & pid=$!; most=0; while kill -0 $pid 2>/dev/null; do \
         now=$(grep VmHWM /proc/$pid/status 2>/dev/null | tr -dc 0-9); most=${now:-$most}; done; \
         wait $pid || exit 9; echo $most",
    );
    let outcome = Mps::program(&home, "/bin/sh")
        .args(["-c", &script])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .against(&served)
        .patience(std::time::Duration::from_secs(600))
        .run();
    outcome.code(0);
    outcome.stdout_text().trim().parse().unwrap()
}

#[test]
#[ignore = "takes half a minute; it measures memory"]
fn a_hundred_thousand_solutions_need_no_more_memory_than_a_few() {
    let (few, many) = (most_memory(1_000), most_memory(100_000));
    assert!(
        many < few + 4 * 1024,
        "{few} KiB for 1,000 solutions, {many} KiB for 100,000"
    );
}
