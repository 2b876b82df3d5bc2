//! What the tests of the page share: a sandbox that plays Meta, an mps that serves the page, and what a Tech Provider
//! does in the browser.
//!
//! The one decision: Meta is the sandbox in this process, reached over the loopback, so that a test can change its mind
//! in the middle; mps is the real binary.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::atomic::{AtomicU16, Ordering},
};

use mps::testing::sandbox::{Dialog, Faults, Sandbox, SandboxConfig};
use rustix::process::Signal;
use serde_json::json;

use crate::support::{
    Home, Mps, Running,
    browser::{Browser, Page},
    http::{self, Answer},
};

/// A sandbox, and a home for the runs against it.
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    pub(crate) home: Home,
}

impl Stage {
    /// A sandbox with three apps.
    pub(crate) fn new() -> Self {
        Self {
            sandbox: Sandbox::start(SandboxConfig::default()).expect("a sandbox"),
            home: Home::new(),
        }
    }

    /// The same, with a dialog that does not just grant.
    pub(crate) fn with_dialog(dialog: Dialog) -> Self {
        let stage = Self::new();
        stage.dialog(dialog);
        stage
    }

    /// What the dialog does from now on.
    pub(crate) fn dialog(&self, dialog: Dialog) {
        self.sandbox.set_faults(Faults {
            dialog,
            ..Faults::default()
        });
    }

    /// mps, pointed at the sandbox, with our own secrets but without a user token.
    pub(crate) fn mps(&self) -> Mps {
        let sandbox = &self.sandbox;
        Mps::at(&self.home)
            .env("MPS_GRAPH_URL", sandbox.url())
            .env("MPS_PARTNER_APP_ID", sandbox.partner_app_id().as_str())
            .env("MPS_APP_SECRET", sandbox.app_secret().secret().expose())
            .env("MPS_SYSTEM_TOKEN", sandbox.system_token().secret().expose())
            .env("MPS_LOOK_PAUSES", "0,0,0")
            .secret(sandbox.user_token().secret().expose())
    }

    /// `mps serve-button` on a free port, over http unless `more` says otherwise.
    pub(crate) fn serve(&self, more: &[&str]) -> Serving {
        let door: &[&str] = if more.contains(&"--https") {
            &[]
        } else {
            &["--http"]
        };
        let more = more.iter().filter(|arg| **arg != "--https");
        Serving::start(
            self.mps()
                .args(["serve-button", "--port", "0"])
                .args(door)
                .args(more)
                .stdout_may_hold_token(),
        )
    }
}

/// A port that is free, on both loopbacks. It is none of those that the system gives out by itself, so no other test
/// gets it in the meantime.
pub(crate) fn free_port() -> String {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Another run of the tests begins elsewhere.
    let begin = u16::try_from(std::process::id() % 15_000).expect("a small number");
    let free = |port: &u16| {
        ["127.0.0.1", "::1"]
            .iter()
            .all(|name| match TcpListener::bind((*name, *port)) {
                Ok(_) => true,
                // A machine without IPv6.
                Err(error) => error.kind() != io::ErrorKind::AddrInUse,
            })
    };
    (0..15_000)
        .map(|_| 12_000 + (begin + NEXT.fetch_add(1, Ordering::Relaxed) % 15_000) % 15_000)
        .find(free)
        .expect("a free port")
        .to_string()
}

/// An mps that serves the page.
pub(crate) struct Serving {
    pub(crate) run: Running,
    pub(crate) url: String,
}

impl Serving {
    /// Starts it and waits for the page's address.
    #[track_caller]
    pub(crate) fn start(mps: Mps) -> Self {
        let run = mps.start();
        let line = run.wait_for_line("Open this page: ");
        let (_, after) = line.split_once("Open this page: ").unwrap_or_default();
        let url = after
            .split([' ', '"'])
            .next()
            .unwrap_or_default()
            .to_owned();
        Self { run, url }
    }

    /// The port.
    pub(crate) fn port(&self) -> u16 {
        let (address, _) = self.url.rsplit_once('/').expect("a path");
        let port = address.rsplit(':').next().unwrap_or_default();
        port.parse().expect("a port")
    }

    /// The path of the link.
    pub(crate) fn path(&self) -> &str {
        let at = self.url.rfind('/').expect("a path");
        &self.url[at..]
    }

    /// Where a raw client connects.
    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port()).into()
    }

    /// A browser at the page, when the page is ready.
    #[track_caller]
    pub(crate) fn visited(&self) -> Page {
        let page = Browser::start_trusting_any_certificate().open(&self.url);
        page.is_in("ready");
        page
    }
}

/// What a Tech Provider does.
pub(crate) trait Person {
    /// Waits until the page is in a state of page.js.
    fn is_in(&self, state: &str) -> &Self;
    /// Goes through the dialog that opens, with every app.
    fn grants_all(&self);
    /// Makes the page's clock run fast, from the next page on.
    fn hurries(&self) -> &Self;
}

impl Person for Page {
    #[track_caller]
    fn is_in(&self, state: &str) -> &Self {
        self.sees(&format!("html[data-state={state}]"))
    }

    #[track_caller]
    fn grants_all(&self) {
        self.clicks("#login");
        let dialog = self.popup();
        dialog
            .clicks("#all")
            .clicks("#next")
            .sees("#confirm:not([hidden])");
        // A window that closes under the mouse answers nobody, so this click comes a moment later.
        dialog.evaluate("setTimeout(() => document.querySelector('#confirm').click(), 20), 0");
        dialog.is_closed();
    }

    #[track_caller]
    fn hurries(&self) -> &Self {
        let source = "const slow = setTimeout; window.setTimeout = (act, ms, ...more) => slow(act, ms / 50, ...more);";
        self.call(
            "Page.addScriptToEvaluateOnNewDocument",
            &json!({"source": source}),
        );
        self
    }
}

/// Ctrl-C; gives stderr.
pub(crate) fn interrupted(run: Running) -> String {
    run.signal(Signal::INT);
    let outcome = run.finish();
    outcome.code(130).stdout("");
    outcome.stderr_text().to_owned()
}

/// A visitor's nonce, as their page finds it.
pub(crate) fn nonce(serving: &Serving) -> String {
    let page = at(serving, "GET", serving.path(), &[], "");
    let text = page.text();
    let after = text.split_once("\"nonce\":\"").expect("a nonce").1;
    after.split('"').next().unwrap_or_default().to_owned()
}

/// Sends a request to the page, with its Host unless there is another among the headers.
pub(crate) fn at(
    serving: &Serving,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let host = format!("localhost:{}", serving.port());
    let mut all = vec![("Host", host.as_str())];
    all.retain(|_| !headers.iter().any(|(name, _)| *name == "Host"));
    all.extend_from_slice(headers);
    http::request(serving.address(), method, path, &all, body)
}

/// A grant as the page posts it.
pub(crate) fn grant(stage: &Stage) -> String {
    json!({"accessToken": stage.sandbox.user_token().secret().expose(), "pasted": true}).to_string()
}
