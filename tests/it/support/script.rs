//! The service as the test tells it: what will be asked, and what is answered.
//!
//! The one decision: a script is complete. A request that it does not announce fails the test, and so does one that it
//! announces and nobody sends; so "create was sent once" needs no further word. What always holds is checked for every
//! request: no token in a URL, except what `debug_token` is asked about.

use serde_json::{Value, json};

use super::{Latch, Reply, Request, Served, http::without_version, served::Step};

/// Meta's error as the Graph API sends it.
pub(crate) fn graph_error(code: i64, message: &str) -> Value {
    json!({"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "TRACE"}})
}

/// A script under construction: `on` announces a request, what follows tells more about it, `serve` ends it.
#[derive(Default)]
#[must_use = "a script ends with `serve`"]
pub(crate) struct Script {
    steps: Vec<Step>,
    tokens: Vec<String>,
}

impl Script {
    /// An empty one: no request may come.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Announces a request to exactly this path, with the version where it is not the usual one: `/me`, `/v20.0/me`. Where
    /// several steps fit, the first with an answer left takes it.
    pub(crate) fn on(mut self, method: &str, path: &str) -> Self {
        self.steps.push(Step {
            method: method.to_owned(),
            path: without_version(path).to_owned(),
            matchers: Vec::new(),
            replies: Vec::new(),
            least: 1,
            open_end: false,
            given: 0,
        });
        self
    }

    /// With this token in the `Authorization` header.
    pub(crate) fn token(mut self, token: &str) -> Self {
        self.tokens.push(token.to_owned());
        let token = token.to_owned();
        self.when(move |request| match request.token() {
            Some(sent) if sent == token => Ok(()),
            sent => Err(format!("the token is {sent:?}, not {token:?}")),
        })
    }

    /// With this parameter in the query.
    pub(crate) fn query(self, name: &str, value: &str) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.when(move |request| match request.query(&name) {
            Some(sent) if sent == value => Ok(()),
            sent => Err(format!("{name} in the query is {sent:?}, not {value:?}")),
        })
    }

    /// Without this parameter in the query.
    pub(crate) fn no_query(self, name: &str) -> Self {
        let name = name.to_owned();
        self.when(move |request| match request.query(&name) {
            None => Ok(()),
            Some(sent) => Err(format!("{name} in the query is {sent:?}")),
        })
    }

    /// With this header.
    pub(crate) fn with_header(self, name: &str, value: &str) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.when(move |request| match request.header(&name) {
            Some(sent) if sent == value => Ok(()),
            sent => Err(format!("the header {name} is {sent:?}, not {value:?}")),
        })
    }

    /// With exactly this JSON body.
    pub(crate) fn body(self, body: impl Into<Value>) -> Self {
        let body = body.into();
        self.when(move |request| {
            if request.json() == body {
                Ok(())
            } else {
                Err(format!("the body is {}, not {body}", request.text()))
            }
        })
    }

    /// Without a body.
    pub(crate) fn no_body(self) -> Self {
        self.when(|request| {
            if request.body.is_empty() {
                Ok(())
            } else {
                Err(format!("the body is {}, not empty", request.text()))
            }
        })
    }

    /// With whatever else must hold; the error says what does not.
    pub(crate) fn when(
        mut self,
        fits: impl Fn(&Request) -> Result<(), String> + Send + 'static,
    ) -> Self {
        self.last().matchers.push(Box::new(fits));
        self
    }

    /// Answers with JSON. Called again for the same request, it tells the next answer.
    pub(crate) fn reply(self, status: u16, body: impl Into<Value>) -> Self {
        self.answer(Reply::json(status, body))
    }

    /// Answers with any [`Reply`].
    pub(crate) fn answer(mut self, reply: Reply) -> Self {
        self.last().replies.push(reply);
        self
    }

    /// Answers with what the closure makes of the request.
    pub(crate) fn reply_with(
        self,
        make: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        self.answer(Reply::with(make))
    }

    /// Answers with Meta's error of this code.
    pub(crate) fn reply_error(self, status: u16, code: i64, message: &str) -> Self {
        self.reply(status, graph_error(code, message))
    }

    /// Closes the connection without an answer, the request read.
    pub(crate) fn hang_up(self) -> Self {
        self.answer(Reply::hang_up())
    }

    /// One more header on the last answer.
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        self.change_reply(|reply| reply.header(name, value))
    }

    /// Holds the last answer back until the latch opens.
    pub(crate) fn after(self, latch: &Latch) -> Self {
        self.change_reply(|reply| reply.after(latch))
    }

    /// The last answer is given so many times in all (1 without this).
    pub(crate) fn times(mut self, count: usize) -> Self {
        self.last().least = count;
        self
    }

    /// The last answer is given at least once, and as often as asked.
    pub(crate) fn repeat(mut self) -> Self {
        self.last().open_end = true;
        self
    }

    /// The request may come or not, and as often as it likes.
    pub(crate) fn any_times(self) -> Self {
        self.times(0).repeat()
    }

    /// What leaves beside a check, and may be answered before the check ends the run or not.
    pub(crate) fn beside_the_checks(mut self, paths: &[&str]) -> Self {
        for path in paths {
            self = self
                .on("GET", path)
                .reply(200, json!({"data": []}))
                .any_times();
        }
        self
    }

    fn last(&mut self) -> &mut Step {
        self.steps.last_mut().expect("`on` comes first")
    }

    fn change_reply(mut self, change: impl FnOnce(Reply) -> Reply) -> Self {
        let reply = self.last().replies.pop().expect("a reply comes first");
        self.last().replies.push(change(reply));
        self
    }

    /// Serves the script on a free port of 127.0.0.1.
    pub(crate) fn serve(self) -> Served {
        for step in &self.steps {
            assert!(
                !step.replies.is_empty(),
                "no answer for {} {}",
                step.method,
                step.path
            );
        }
        Served::start(self.steps, self.tokens)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::{
        super::{USER, http, must_fail},
        *,
    };

    fn ask(served: &Served, method: &str, path: &str, body: &str) -> http::Answer {
        let bearer = format!("Bearer {USER}");
        http::request(
            served.address(),
            method,
            path,
            &[("authorization", &bearer)],
            body,
        )
    }

    #[test]
    fn answers_come_as_told() {
        let served = Script::new()
            .on("GET", "/me")
            .token(USER)
            .query("fields", "id,name")
            .reply(200, json!({"id": "1"}))
            .header("x-app-usage", "7")
            .reply_error(400, 190, "expired")
            .times(2)
            .on("POST", "/1/accept")
            .body(json!({"partner_app_id": "2"}))
            .reply_with(|request| Reply::json(200, json!({"echo": request.json()})))
            .on("GET", "/never")
            .reply(200, json!({}))
            .any_times()
            .serve();
        let me = "/me?fields=id%2Cname";
        let first = ask(&served, "GET", me, "");
        assert_eq!(
            (first.status, first.header("X-App-Usage")),
            (200, Some("7"))
        );
        for _ in 0..2 {
            assert_eq!(ask(&served, "GET", me, "").json()["error"]["code"], 190);
        }
        let echo = ask(&served, "POST", "/1/accept", r#"{"partner_app_id":"2"}"#);
        assert_eq!(echo.json()["echo"]["partner_app_id"], "2");
        assert_eq!(served.count("GET", "/me"), 3);
        assert_eq!(served.lines()[3], "POST /1/accept");
        assert_eq!(served.requests()[0].token(), Some(USER));
        assert_eq!(
            served.wait_for("POST", "/1/accept").text(),
            r#"{"partner_app_id":"2"}"#
        );
        served.verify();
    }

    #[test]
    fn the_unexpected_fails() {
        for (path, body, why) in [
            ("/other", "", "unexpected request POST /other [] "),
            ("/a", "{}", "announced, but the body is {}, not {\"x\":1}"),
            (
                "/a?access_token=x",
                r#"{"x":1}"#,
                "a token in the URL of POST /a: access_token",
            ),
        ] {
            let served = Script::new()
                .on("POST", "/a")
                .body(json!({"x": 1}))
                .reply(200, json!({}))
                .any_times()
                .serve();
            ask(&served, "POST", path, body);
            let said = must_fail(|| drop(served));
            assert!(said.contains(why), "{said}");
        }
    }

    #[test]
    fn one_too_many_fails() {
        let served = Script::new().on("GET", "/a").reply(200, json!({})).serve();
        ask(&served, "GET", "/a", "");
        assert_eq!(ask(&served, "GET", "/a", "").status, 400);
        assert!(must_fail(|| served.verify()).contains("all 1 were answered"));
    }

    #[test]
    fn the_unused_fails() {
        let served = Script::new()
            .on("GET", "/a")
            .reply(200, json!({}))
            .times(2)
            .serve();
        ask(&served, "GET", "/a", "");
        assert_eq!(must_fail(|| drop(served)), "GET /a came 1 times of 2");
    }

    #[test]
    fn a_failing_test_hears_its_own_complaint() {
        let said = must_fail(|| {
            let _served = Script::new().on("GET", "/a").reply(200, json!({})).serve();
            panic!("mine");
        });
        assert_eq!(said, "mine");
    }

    #[test]
    fn answers_can_be_wrong() {
        let served = Script::new()
            .on("GET", "/cut")
            .answer(Reply::cut(200, json!({"id": "1"})))
            .on("GET", "/gone")
            .hang_up()
            .on("GET", "/raw")
            .answer(Reply::raw("SSH-2.0-x\r\n"))
            .on("GET", "/html")
            .answer(Reply::html(502, "<h1>Bad</h1>"))
            .serve();
        for path in ["/cut", "/gone", "/raw"] {
            let text = format!("GET {path} HTTP/1.1\r\n\r\n");
            assert!(http::exchange(http::connect(served.address()), text.as_bytes()).is_err());
        }
        let html = http::get(served.address(), "/html");
        assert_eq!((html.status, html.text().as_str()), (502, "<h1>Bad</h1>"));
    }

    #[test]
    fn an_answer_can_be_held_back() {
        let latch = Latch::new();
        let served = Script::new()
            .on("GET", "/a")
            .reply(200, json!(1))
            .after(&latch)
            .serve();
        let address = served.address();
        let asking = thread::spawn(move || http::get(address, "/a").json());
        latch.reached();
        assert_eq!(served.wait_for("GET", "/a").line(), "GET /a");
        assert!(!asking.is_finished());
        latch.open();
        assert_eq!(asking.join().unwrap(), 1);
    }

    #[test]
    fn a_connection_carries_several_requests() {
        let served = Script::new()
            .on("GET", "/a")
            .reply(200, json!(1))
            .times(2)
            .serve();
        let mut stream = http::connect(served.address());
        for _ in 0..2 {
            let answer = http::exchange(&mut stream, b"GET /a HTTP/1.1\r\n\r\n").unwrap();
            assert_eq!(answer.json(), 1);
        }
    }
}
