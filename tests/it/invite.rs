//! A Tech Provider elsewhere: the public address, the link that survives, the invitation, the snippet.
//!
//! The one decision: an address that leads nowhere is only warned about, since a tunnel may come up later. A proxy that
//! works is in `nginx.rs`.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::{
    button::{Person, Serving, interrupted},
    support::{
        Home, Mps, Reply, Script,
        browser::{Browser, CHROMIUM},
        needs,
    },
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
    let other = Script::new()
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
        .stderr_has("serves every link: mps watch");
    let object = invite(&["--for", "lucky-shrub", "--json"]);
    object.code(0);
    let object: Value = object.json();
    let keys: Vec<_> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "ref",
        "line",
        "link",
        "expires_at",
        "app_ids",
        "message",
        "outcome",
        "host",
    ];
    assert_eq!(keys, expected);
    assert_eq!(object["outcome"], "known");
    assert!(
        text.stdout_text()
            .contains(object["link"].as_str().unwrap()),
        "the same link"
    );
    assert_eq!(object["message"], text.stdout_text());
    invite(&["--for", "lucky-shrub", "--format", "markdown"])
        .code(0)
        .stdout_has("**Continue with Facebook**");
    invite(&["--for", "lucky-shrub", "--lang", "es"])
        .code(0)
        .stdout_has("\"Continuar con Facebook\"");
    // Their language is remembered.
    invite(&["--for", "lucky-shrub"])
        .code(0)
        .stdout_has("\"Continuar con Facebook\"");
    invite(&["--for", "lucky-shrub", "--format", "eml", "--lang", "hi"])
        .code(0)
        .stdout_has("From: \"Acme\":;\r\nSubject: =?utf-8?B?")
        .stdout_has("\r\nX-Unsent: 1\r\n");
    invite(&["--for", "lucky-shrub", "--lang", "xx"])
        .code(2)
        .stderr_has("--lang: \"xx\" is none of the languages");
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
        .args(args)
        .args(["--lang", "fr"])
        .run()
        .code(0)
        .stdout_has("<html lang=\"fr\" dir=\"ltr\">")
        .stdout_has("https://connect.facebook.net/fr_FR/sdk.js");
    Mps::new()
        .args(["snippet", "button"])
        .run()
        .code(2)
        .stderr_has("MPS_PARTNER_APP_ID");
    Mps::new().arg("snippet").run().code(2);
    let nameless = Mps::new().args(&args[..4]).run();
    nameless.code(0).stderr_has("--partner-name");
}

#[test]
fn a_snippet_that_nobody_hears_does_not_say_that_somebody_was_told() {
    if !needs(CHROMIUM) {
        return;
    }
    let args = ["--partner-app-id", "42", "--partner-name", "Acme"];
    let snippet = Mps::new().args(["snippet", "button"]).args(args).run();
    snippet.code(0);
    let silent = snippet.stdout_text().to_owned();
    let heard = silent.replace(
        "window.mpsReceive =",
        "window.mpsHeard = (...told) => { window.told = told; };\nwindow.mpsReceive =",
    );
    for (html, button, words, told) in [
        (
            silent,
            "What can I do?",
            "Please tell Acme what",
            json!(null),
        ),
        (
            heard,
            "Tell Acme",
            "Acme has been told",
            json!(["error", "sdk-off"]),
        ),
    ] {
        let site = Script::new()
            .on("GET", "/")
            .answer(Reply::html(200, &html))
            .serve();
        // Meta's SDK is out of reach here, which the page must bear.
        let page = Browser::start().open(&site.url());
        page.is_in("sdk_blocked").clicks("#trouble summary");
        page.sees_text(button);
        page.evaluate("document.querySelector('#trouble-known').value = 'sdk-off'");
        page.clicks("#trouble-form button")
            .sees_text("you did nothing wrong")
            .sees_text(words);
        assert_eq!(page.evaluate("window.told ?? null"), told);
    }
}
