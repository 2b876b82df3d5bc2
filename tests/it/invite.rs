//! A Tech Provider elsewhere: the public address, the link that survives, the invitation, the snippet.
//!
//! The one decision: Debian's nginx stands in front where it is there, over plain http on one machine; what a tunnel
//! does to TLS is the tunnel's.

use std::{net::TcpListener, process::Command};

use serde_json::{Value, json};

use crate::{
    button::{Serving, Stage, free_port, grant, interrupted},
    support::{Home, Mps, http, needs},
};

/// mps behind a public address on this machine.
fn public(home: &Home, address: &str) -> Mps {
    Mps::at(home).envs([
        ("MPS_GRAPH_URL", "http://127.0.0.1:9".to_owned()),
        ("MPS_PARTNER_APP_ID", "7".to_owned()),
        ("MPS_PARTNER_NAME", "Acme".to_owned()),
        ("MPS_PUBLIC_URL", address.to_owned()),
    ])
}

#[test]
fn a_public_address_that_leads_nowhere_is_warned_about() {
    let home = Home::new();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let address = format!("http://{closed}");
    let serving = Serving::start(public(&home, &address).args(["serve-button", "--port", "0"]));
    assert!(
        serving.url.starts_with(&format!("{address}/")),
        "{}",
        serving.url
    );
    serving.run.wait_for_line("must point to http://localhost:");
    serving
        .run
        .wait_for_line("the public address does not lead here yet: nothing listens at 127.0.0.1");
    interrupted(serving.run);
    // Something else that answers there is not us.
    let other = crate::support::Script::new()
        .on("GET", "/probe")
        .when(|request| {
            let ours = ["user-agent", "authorization", "cookie", "referer"];
            match ours.iter().find(|name| request.header(name).is_some()) {
                Some(name) => Err(format!("it carries our {name}")),
                None => Ok(()),
            }
        })
        .reply(200, json!({}))
        .serve();
    let serving = Serving::start(public(&home, &other.url()).args(["serve-button", "--port", "0"]));
    serving.run.wait_for_line("something else answers there");
    interrupted(serving.run);
}

#[test]
fn nginx_in_front() {
    if !needs_nginx() {
        return;
    }
    let home = Home::new();
    let (front, back) = (free_port(), free_port());
    let front: u16 = front.parse().unwrap();
    let folder = home.path().display().to_string();
    let conf = home.file(
        "nginx.conf",
        format!(
            "pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off; worker_processes 1;\n\
             events {{}}\n\
             http {{ access_log off;\n\
               client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;\n\
               uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;\n\
               server {{ listen 127.0.0.1:{front};\n\
                 location / {{ proxy_pass http://127.0.0.1:{back}; proxy_set_header Host $http_host; }} }} }}\n"
        ),
    );
    let mut nginx = Command::new("/usr/sbin/nginx")
        .arg("-c")
        .arg(conf)
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("nginx");
    while std::net::TcpStream::connect(("127.0.0.1", front)).is_err() {
        assert!(
            nginx.try_wait().unwrap().is_none(),
            "nginx ended: {}",
            home.read("error.log")
        );
        std::thread::yield_now();
    }
    let address = format!("http://localhost:{front}");
    let stage = Stage::new();
    let behind = |more: &[&str]| {
        stage
            .mps()
            .env("MPS_PUBLIC_URL", &address)
            .args(["serve-button", "--port", &back, "--for", "Lucky Shrub"])
            .args(more)
            .stdout_may_hold_token()
    };
    let serving = Serving::start(behind(&[]));
    serving.run.wait_for_line("must point to");
    let link = serving.url.clone();
    let path = link
        .strip_prefix(&address)
        .expect("the public address")
        .to_owned();
    assert_eq!(path.len(), 23, "{path}");
    let server = ([127, 0, 0, 1], front).into();
    let host = format!("localhost:{front}");
    let through = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let mut all = vec![("Host", host.as_str())];
        all.extend_from_slice(headers);
        http::request(server, method, path, &all, body)
    };
    assert_eq!(through("GET", &path, &[], "").status, 200);
    assert_eq!(through("GET", "/", &[], "").status, 404);
    assert!(!interrupted(serving.run).contains("does not lead here"));
    // The same link after a restart, and in the invitation; and the whole way of a token.
    let invite = stage
        .mps()
        .env("MPS_PUBLIC_URL", &address)
        .args(["invite", "--for", "Lucky Shrub", "--json"])
        .run();
    invite.code(0);
    let invited = invite.json();
    assert_eq!(invited["link"], link);
    assert_eq!(invited["label"], "Lucky Shrub");
    let serving = Serving::start(behind(&[]));
    assert_eq!(serving.url, link);
    let page = through("GET", &path, &[], "").text();
    let nonce = page
        .split_once("\"nonce\":\"")
        .unwrap()
        .1
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let headers = [
        ("Origin", address.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", &nonce),
    ];
    assert_eq!(
        through("POST", "/token", &headers, &grant(&stage)).status,
        202
    );
    let outcome = serving.run.finish();
    outcome.code(0).stdout_has("EAA");
    nginx.kill().unwrap();
    nginx.wait().unwrap();
}

/// nginx is in a folder of its own.
fn needs_nginx() -> bool {
    std::path::Path::new("/usr/sbin/nginx").exists() || needs("nginx")
}

#[test]
fn an_invitation() {
    let home = Home::new();
    let invite = |more: &[&str]| {
        public(&home, "https://onboarding.example.com")
            .arg("invite")
            .args(more)
            .run()
    };
    let text = invite(&["--for", "lucky-shrub"]);
    text.code(0)
        .stdout_has("https://onboarding.example.com/")
        .stdout_has("Acme would like to set up a WhatsApp Multi-Partner Solution")
        .stdout_has("The click itself creates nothing.")
        .stderr_has("mps onboard --for lucky-shrub");
    let object = invite(&["--for", "lucky-shrub", "--json"]);
    object.code(0);
    let object: Value = object.json();
    let keys: Vec<_> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, ["link", "label", "expires_at", "message", "host"]);
    assert!(
        text.stdout_text()
            .contains(object["link"].as_str().unwrap()),
        "the same link"
    );
    assert_eq!(object["message"], text.stdout_text());
    invite(&["--for", "lucky-shrub", "--format", "markdown"])
        .code(0)
        .stdout_has("**Continue with Facebook**");
    let other = invite(&["--for", "other", "--json"]);
    other.code(0);
    assert_ne!(other.json()["link"], object["link"]);
    // Only where a link makes sense.
    Mps::new()
        .args(["invite", "--for", "x", "--partner-app-id", "7"])
        .run()
        .code(2)
        .stderr_has("--public-url");
    public(&home, "http://name.example")
        .args(["invite", "--for", "x"])
        .run()
        .code(2);
    public(&home, "https://name.example/path")
        .args(["invite", "--for", "x"])
        .run()
        .code(2);
    public(&home, "https://name.example")
        .arg("invite")
        .run()
        .code(2);
}

#[test]
fn a_snippet() {
    let args = [
        "snippet",
        "button",
        "--partner-app-id",
        "42",
        "--partner-name",
        "Acme & Co",
    ];
    let snippet = Mps::new()
        .args(args)
        .args(["--login-config-id", "77", "--api-version", "v25.0"])
        .run();
    snippet
        .code(0)
        .stderr("")
        .stdout_has("window.mpsReceive = async (grant) =>")
        .stdout_has("Acme &amp; Co")
        .stdout_has("\"login_config_id\":\"77\"")
        .stdout_has("\"version\":\"v25.0\"")
        .stdout_has("https://connect.facebook.net/en_US/sdk.js");
    assert!(snippet.stdout_text().starts_with("<!doctype html>"));
    Mps::new()
        .args(["snippet", "button"])
        .run()
        .code(2)
        .stderr_has("MPS_PARTNER_APP_ID");
    Mps::new().arg("snippet").run().code(2);
    let nameless = Mps::new().args(&args[..4]).run();
    nameless.code(0).stderr_has("--partner-name");
}
