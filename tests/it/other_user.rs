//! Another user of this machine: reaches the loopback, sees what processes were started with, and is a stranger.
//!
//! The one decision: the stranger is a real process under another user id, so that what is tried is what they could do.

use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

use serde_json::json;

use crate::{
    button::{self, Serving, at, free_port},
    stage::{APPS, Stage},
    support::{is_root, needs},
};

const NOBODY: u32 = 65534;
const PYTHON: &str = "python3";

/// Knocks at a port until somebody opens, brings a token at every path that it can find, and says what it got.
const STRANGER: &str = r#"
import http.client, json, re, sys, time
port, token = sys.argv[1], sys.argv[2]
print("here", flush=True)
while True:
    try:
        door = http.client.HTTPConnection("127.0.0.1", int(port), timeout=2)
        door.request("GET", "/", headers={"Host": f"localhost:{port}"})
        page = door.getresponse().read().decode()
        found = re.search('"nonce":"([^"]+)"', page)
        head = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}", "Content-Type": "application/json",
                "X-Mps-Nonce": found[1] if found else "guessed"}
        door = http.client.HTTPConnection("127.0.0.1", int(port), timeout=2)
        door.request("POST", "/token", json.dumps({"accessToken": token}), head)
        print("answered", door.getresponse().status, flush=True)
    except OSError:
        time.sleep(0.01)
"#;

/// The stranger, at work as soon as this returns. Ends with the test.
struct Stranger(Child);

impl Stranger {
    fn at(port: &str, token: &str) -> Self {
        let mut child = Command::new(PYTHON)
            .args(["-c", STRANGER, port, token])
            .uid(NOBODY)
            .gid(NOBODY)
            .current_dir("/")
            .env_clear()
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process of another user");
        let mut here = [0; 5];
        let out = child.stdout.as_mut().expect("its words");
        std::io::Read::read_exact(out, &mut here).expect("it is there");
        Self(child)
    }

    /// What it was answered.
    fn gone(mut self) -> String {
        self.0.kill().expect("it runs");
        let mut words = String::new();
        let out = self.0.stdout.as_mut().expect("its words");
        std::io::Read::read_to_string(out, &mut words).expect("text");
        self.0.wait().expect("it ends");
        words
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

#[test]
fn nothing_is_served_unattended_to_whoever_comes() {
    if !is_root("would let another user bring a token") || !needs(PYTHON) {
        return;
    }
    let stage = Stage::new();
    let token = stage.sandbox.user_token().secret().expose().to_owned();
    let port = free_port();
    let stranger = Stranger::at(&port, &token);
    for more in [
        &["--all", "--yes"][..],
        &["--all", "--yes", "--for", "acme"],
        &["--yes"],
    ] {
        stage
            .mps(["onboard", "--http", "--port", &port])
            .args(more.iter().copied())
            .env("MPS_USER_TOKEN", "")
            .run()
            .code(2)
            .stdout("")
            .stderr_has("whoever signs in at the page")
            .stderr_lacks("Open this page");
    }
    let heard = stranger.gone();
    assert!(!heard.contains("answered"), "{heard}");
    assert_eq!(stage.requests(), 0);
}

#[test]
fn a_page_that_is_served_is_not_found_by_another_user() {
    if !is_root("would let another user look for the page") || !needs(PYTHON) {
        return;
    }
    let stage = Stage::new();
    let token = stage.sandbox.user_token().secret().expose().to_owned();
    let port = free_port();
    let serving = Serving::start(
        stage
            .mps(["onboard", "--http", "--yes", "--app-id", APPS[0]])
            .args(["--port", &port]),
    );
    let stranger = Stranger::at(&port, &token);
    // Its nonce is nobody's; a minute's strangers are one line at the end.
    assert_eq!(at(&serving, "GET", "/", &[], "").status, 404);
    let nonce = button::nonce(&serving);
    let heard = stranger.gone();
    assert!(!heard.contains("202"), "{heard}");
    assert_eq!(stage.writes(), 0);
    let body = json!({"accessToken": token}).to_string();
    let origin = format!("http://localhost:{port}");
    let headers = [
        ("Origin", origin.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", nonce.as_str()),
    ];
    assert_eq!(at(&serving, "POST", "/token", &headers, &body).status, 202);
    while at(&serving, "GET", "/state", &headers, "").json()["last"] != true {}
    serving.run.finish().code(0);
    assert_eq!(stage.statuses(), ["ACTIVE"]);
}
