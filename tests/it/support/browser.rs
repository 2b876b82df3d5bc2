//! A headless Chromium, and the person in front of it.
//!
//! The one decision: what a person does is sent as mouse and keyboard input, since `window.open` works only from a real
//! click; and what a person waits for is a promise in the page (a MutationObserver), so nothing here sleeps and looks again.
//! The browser has a fresh profile and can reach this machine only.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    rc::Rc,
    time::{Duration, Instant},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{
    Home, PATIENCE, devtools::DevTools, heard::Heard, heard::whole_line, watched::Watched,
};

/// The command; a test that uses the browser begins with `if !needs(CHROMIUM) { return; }`.
pub(crate) const CHROMIUM: &str = "chromium";

/// How the browser is started; the reasons are in Chromium's list of switches.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-breakpad",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-proxy-server",
    "--password-store=basic",
    "--window-size=1000,800",
    "--remote-debugging-port=0",
    // Nothing outside this machine is ever asked.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "about:blank",
];

/// A browser; it ends when the test lets go of it and of its pages.
#[derive(Clone)]
pub(crate) struct Browser(Rc<Inner>);

struct Inner {
    devtools: DevTools,
    child: Watched,
    home: Home,
}

impl Browser {
    /// Starts one that refuses certificates as usual.
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one that takes any certificate, as a person does who clicks past the warning.
    #[track_caller]
    pub(crate) fn start_trusting_any_certificate() -> Self {
        Self::start_with(&["--ignore-certificate-errors"])
    }

    /// Starts one with more of Chromium's switches.
    #[track_caller]
    pub(crate) fn start_with(more: &[&str]) -> Self {
        use std::os::unix::process::CommandExt as _;
        let home = Home::new();
        let profile = home.path().join("chromium");
        let mut child = Command::new(CHROMIUM)
            .args(more)
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(SWITCHES)
            .env_clear()
            .env("HOME", home.path())
            .env("TMPDIR", home.path().join("tmp"))
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("chromium starts");
        let stderr = Heard::listen(child.stderr.take().expect("its stderr"));
        let child = Watched::new(child);
        let line = stderr
            .wait_for(Instant::now() + PATIENCE, |bytes| {
                whole_line(bytes, "DevTools listening on ")
            })
            .unwrap_or_else(|vain| panic!("no DevTools: {vain:?}\n{}", stderr.text()));
        let url = line.rsplit(' ').next().unwrap_or_default();
        let devtools = DevTools::connect(url);
        devtools
            .call(
                None,
                "Target.setDiscoverTargets",
                &json!({"discover": true}),
            )
            .expect("the browser tells of its pages");
        Self(Rc::new(Inner {
            devtools,
            child,
            home,
        }))
    }

    /// Opens a page in a new tab and waits until it has loaded.
    #[track_caller]
    pub(crate) fn open(&self, url: &str) -> Page {
        let target = self
            .0
            .devtools
            .call(None, "Target.createTarget", &json!({"url": "about:blank"}))
            .expect("a new tab");
        let page = self.attach(text(&target["targetId"]));
        page.goes_to(url);
        page
    }

    #[track_caller]
    fn attach(&self, target: String) -> Page {
        let attached = self
            .0
            .devtools
            .call(
                None,
                "Target.attachToTarget",
                &json!({"targetId": target, "flatten": true}),
            )
            .expect("the tab can be driven");
        let page = Page {
            browser: self.clone(),
            session: text(&attached["sessionId"]),
            target,
        };
        for domain in ["Page", "Runtime", "Log"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        page
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.child.kill_group();
        // Until it is gone it writes to its profile, which is about to be removed.
        self.child.wait(Instant::now() + Duration::from_secs(10));
    }
}

/// A tab or a pop-up window.
pub(crate) struct Page {
    browser: Browser,
    session: String,
    target: String,
}

impl Page {
    /// Goes to another address and waits until it has loaded.
    #[track_caller]
    pub(crate) fn goes_to(&self, url: &str) -> &Self {
        let gone = self.call("Page.navigate", &json!({"url": url}));
        assert!(
            gone["errorText"].is_null(),
            "{url} does not open: {}",
            gone["errorText"]
        );
        self.devtools().wait_for("a loaded page", |event| {
            self.is_own(event, "Page.loadEventFired").then_some(())
        });
        self
    }

    /// Why an address does not open: `net::ERR_CERT_AUTHORITY_INVALID`.
    #[track_caller]
    pub(crate) fn fails_to_go_to(&self, url: &str) -> String {
        text(&self.call("Page.navigate", &json!({"url": url}))["errorText"])
    }

    /// Waits until an element fits the CSS selector.
    #[track_caller]
    pub(crate) fn sees(&self, selector: &str) -> &Self {
        let what = format!("an element {selector}");
        self.waits_for(
            &what,
            &format!("document.querySelector({})", json!(selector)),
        )
    }

    /// Waits until the page shows this text.
    #[track_caller]
    pub(crate) fn sees_text(&self, text: &str) -> &Self {
        let shown = "(document.body ? document.body.innerText : '')";
        self.waits_for(
            &format!("the text {text:?}"),
            &format!("{shown}.includes({})", json!(text)),
        )
    }

    /// Waits until an expression in JavaScript is true; it is asked again whenever the page changes.
    #[track_caller]
    pub(crate) fn waits_for(&self, what: &str, condition: &str) -> &Self {
        let limit = PATIENCE.as_millis();
        let promise = format!(
            "new Promise((done, fail) => {{
                const look = () => {{ if ({condition}) {{ observer.disconnect(); done(true); }} }};
                const observer = new MutationObserver(look);
                observer.observe(document, {{subtree: true, childList: true, attributes: true, characterData: true}});
                addEventListener('load', look);
                setTimeout(() => fail('never'), {limit});
                look();
            }})"
        );
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.try_evaluate(&promise) {
                Ok(_) => return self,
                // The page went elsewhere, and the promise with it; the next page is asked.
                Err(error) if error.contains("context") || error.contains("navigated") => {
                    assert!(Instant::now() < deadline, "{what}: the page never rests");
                }
                Err(error) => panic!("waited for {what}: {error}\n{}", self.shown()),
            }
        }
    }

    /// Clicks the middle of an element, with the mouse, as soon as it can be seen and is not disabled.
    #[track_caller]
    pub(crate) fn clicks(&self, selector: &str) -> &Self {
        let found = format!("document.querySelector({})", json!(selector));
        self.waits_for(
            &format!("something to click on at {selector}"),
            &format!("{found}?.getClientRects().length > 0 && !{found}.disabled"),
        );
        let place = self.evaluate(&format!(
            "(() => {{
                const element = document.querySelector({});
                element.scrollIntoView({{block: 'center', behavior: 'instant'}});
                const box = element.getBoundingClientRect();
                return {{x: box.x + box.width / 2, y: box.y + box.height / 2}};
            }})()",
            json!(selector)
        ));
        self.devtools()
            .click(&self.session, &self.target, &place)
            .unwrap_or_else(|error| panic!("{error}"));
        self
    }

    /// Types into an element.
    #[track_caller]
    pub(crate) fn types(&self, selector: &str, typed: &str) -> &Self {
        self.sees(selector);
        self.evaluate(&format!(
            "document.querySelector({}).focus()",
            json!(selector)
        ));
        self.call("Input.insertText", &json!({"text": typed}));
        self
    }

    /// The text that an element shows.
    #[track_caller]
    pub(crate) fn text(&self, selector: &str) -> String {
        self.sees(selector);
        text(&self.evaluate(&format!(
            "document.querySelector({}).innerText",
            json!(selector)
        )))
    }

    /// The text that the page shows.
    pub(crate) fn shown(&self) -> String {
        self.try_evaluate("document.body.innerText")
            .map_or_else(|error| error, |shown| text(&shown))
    }

    /// Where the page is.
    #[track_caller]
    pub(crate) fn url(&self) -> String {
        text(&self.evaluate("location.href"))
    }

    /// The value of an expression in JavaScript; a promise is waited for.
    #[track_caller]
    pub(crate) fn evaluate(&self, expression: &str) -> Value {
        self.try_evaluate(expression)
            .unwrap_or_else(|error| panic!("{expression}\n{error}"))
    }

    fn try_evaluate(&self, expression: &str) -> Result<Value, String> {
        let mut answer = self.devtools().call(
            Some(&self.session),
            "Runtime.evaluate",
            &json!({"expression": expression, "awaitPromise": true, "returnByValue": true}),
        )?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(format!("an exception: {details}")),
            None => Ok(answer["result"]["value"].take()),
        }
    }

    /// The pop-up that this page opened; waits for it. Each is given once.
    #[track_caller]
    pub(crate) fn popup(&self) -> Self {
        let target = self.devtools().wait_for("a pop-up", |event| {
            let info = &event["params"]["targetInfo"];
            (event["method"] == "Target.targetCreated"
                && info["type"] == "page"
                && info["openerId"] == self.target)
                .then(|| text(&info["targetId"]))
        });
        self.browser.attach(target)
    }

    /// Waits until this page was closed, by itself or by its opener.
    #[track_caller]
    pub(crate) fn is_closed(&self) {
        self.devtools().wait_for("the end of the page", |event| {
            (event["method"] == "Target.targetDestroyed"
                && event["params"]["targetId"] == self.target)
                .then_some(())
        });
    }

    /// Closes the page, as a person closes a window.
    #[track_caller]
    pub(crate) fn close(self) {
        let target = json!({"targetId": self.target});
        self.devtools()
            .call(None, "Target.closeTarget", &target)
            .expect("the page closes");
    }

    /// Errors that the page met: exceptions, refused resources, what it wrote with `console.error`.
    #[track_caller]
    pub(crate) fn errors(&self) -> Vec<String> {
        // An answer comes after all that happened before the question.
        self.evaluate("0");
        self.devtools().seen(|event| {
            let params = &event["params"];
            if self.is_own(event, "Runtime.exceptionThrown") {
                Some(params["exceptionDetails"].to_string())
            } else if self.is_own(event, "Log.entryAdded") && params["entry"]["level"] == "error" {
                Some(format!(
                    "{} {}",
                    text(&params["entry"]["text"]),
                    text(&params["entry"]["url"])
                ))
            } else if self.is_own(event, "Runtime.consoleAPICalled") && params["type"] == "error" {
                Some(params["args"].to_string())
            } else {
                None
            }
        })
    }

    /// A picture of the page, as a PNG file in the browser's home.
    #[track_caller]
    pub(crate) fn screenshot(&self, name: &str) -> PathBuf {
        let taken = self.call("Page.captureScreenshot", &json!({"format": "png"}));
        let png = BASE64_STANDARD
            .decode(text(&taken["data"]))
            .expect("a picture");
        self.browser.0.home.file(name, png)
    }

    /// Calls a method of the DevTools protocol, for what has no word here.
    #[track_caller]
    pub(crate) fn call(&self, method: &str, params: &Value) -> Value {
        self.devtools()
            .call(Some(&self.session), method, params)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    fn devtools(&self) -> &DevTools {
        &self.browser.0.devtools
    }

    fn is_own(&self, event: &Value, method: &str) -> bool {
        event["method"] == method && event["sessionId"] == self.session
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Reply, Script, Served, must_fail, needs},
        *,
    };

    const OPENER: &str = "<!doctype html><title>opener</title><button>Log in</button><p id=got>nothing</p>
        <script>
            document.querySelector('button').onclick = () => window.open('/popup', 'x', 'width=400,height=300');
            addEventListener('message', event => { document.querySelector('#got').textContent = 'got ' + event.data; });
        </script>";
    const POPUP: &str = "<!doctype html><title>popup</title><input><button>Send</button>
        <script>
            document.querySelector('button').onclick = () => {
                opener.postMessage(document.querySelector('input').value, location.origin);
                close();
            };
        </script>";

    fn site() -> Served {
        Script::new()
            .on("GET", "/")
            .answer(Reply::html(200, OPENER))
            .any_times()
            .on("GET", "/popup")
            .answer(Reply::html(200, POPUP))
            .any_times()
            .on("GET", "/bad")
            .answer(Reply::html(
                200,
                "<script>missing()</script><img src=http://elsewhere.example/x>",
            ))
            .any_times()
            .on("GET", "/favicon.ico")
            .answer(Reply::html(204, ""))
            .any_times()
            .serve()
    }

    #[test]
    fn a_popup_posts_back_to_its_opener() {
        if !needs(CHROMIUM) {
            return;
        }
        let site = site();
        let browser = Browser::start();
        let page = browser.open(&format!("{}/", site.url()));
        assert_eq!(page.text("#got"), "nothing");
        page.clicks("button");
        let popup = page.popup();
        popup.types("input", "hello").clicks("button");
        popup.is_closed();
        page.sees_text("got hello");
        assert_eq!(page.evaluate("document.title"), "opener");
        assert_eq!(page.errors(), Vec::<String>::new());
        let picture = page.screenshot("page.png");
        assert!(std::fs::read(picture).unwrap().starts_with(b"\x89PNG"));
    }

    #[test]
    fn what_goes_wrong_in_a_page_is_told() {
        if !needs(CHROMIUM) {
            return;
        }
        let site = site();
        let page = Browser::start().open(&format!("{}/bad", site.url()));
        let errors = page.errors().join("\n");
        assert!(errors.contains("missing is not defined"), "{errors}");
        assert!(errors.contains("elsewhere.example"), "{errors}");
        assert!(must_fail(|| page.evaluate("nowhere.x")).contains("nowhere is not defined"));
        assert_eq!(
            page.fails_to_go_to("http://elsewhere.example/"),
            "net::ERR_NAME_NOT_RESOLVED"
        );
    }

    #[test]
    fn waiting_goes_on_in_the_next_page() {
        if !needs(CHROMIUM) {
            return;
        }
        let site = site();
        let page = Browser::start().open(&format!("{}/popup", site.url()));
        page.evaluate("setTimeout(() => { location.href = '/' }, 50), 0");
        page.sees_text("nothing");
        assert!(page.url().ends_with('/'));
    }
}
