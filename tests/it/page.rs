//! The page in a real browser, where all goes well: to the token, and to the ids.
//!
//! The one decision: both sides of a state are looked at, what the Tech Provider reads and the line that the operator
//! gets at the same moment.

use mps::testing::sandbox::{Fault, Faults, Operation, Rule};
use serde_json::json;

use crate::{
    button::{Person, Serving, Stage, free_port, interrupted},
    support::{
        browser::{Browser, CHROMIUM},
        needs,
    },
};

#[test]
fn a_token_comes_over_https_with_the_kept_certificate() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let serving = stage.serve(&["--https"]);
    let careful = Browser::start();
    assert_eq!(
        careful.open("about:blank").fails_to_go_to(&serving.url),
        "net::ERR_CERT_AUTHORITY_INVALID"
    );
    let page = serving.visited();
    assert_eq!(page.url(), format!("https://localhost:{}/", serving.port()));
    assert!(page.shown().contains("The click itself creates nothing."));
    page.grants_all();
    page.is_in("received").sees_text("Thank you, that is all");
    let kept = "[localStorage.length, sessionStorage.length, document.cookie]";
    // Of the session's storage only the way back to the link is used.
    assert_eq!(page.evaluate(kept), json!([0, 1, ""]));
    assert_eq!(page.errors(), Vec::<String>::new());
    serving.run.wait_for_line("The page was opened.");
    serving.run.wait_for_line("The button was clicked");
    serving
        .run
        .wait_for_line("A token came and passed its check.");
    let outcome = serving.run.finish();
    outcome.code(0);
    let token = outcome.lines().concat();
    assert!(token.starts_with("EAA"), "{token}");
    outcome.stderr_lacks(&token).stderr_has("mkcert -install");
    // The certificate is kept: the next run has the same.
    let pair = |stage: &Stage| stage.home.read("state/button/localhost.pem");
    let first = pair(&stage);
    let again = stage.serve(&["--https"]);
    assert_eq!(pair(&stage), first);
    interrupted(again.run);
}

#[test]
fn a_tab_that_is_closed_at_once_holds_nothing_up() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let page = serving.visited();
    let token = stage.sandbox.user_token().secret().expose();
    page.clicks("#paste summary");
    page.types("#paste-token", token);
    // Sent and closed in one breath: the page never learns how it ended.
    page.evaluate(
        "document.querySelector('#paste-form').requestSubmit(), dispatchEvent(new Event('pagehide')),
         window.setTimeout = () => 0, 0",
    );
    serving
        .run
        .wait_for_line("A token came and passed its check.");
    let begin = std::time::Instant::now();
    serving.run.finish().code(0).stdout(format!("{token}\n"));
    let took = begin.elapsed();
    assert!(took < std::time::Duration::from_secs(5), "{took:?}");
}

#[test]
fn cancelled_then_granted() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let page = serving.visited();
    page.clicks("#login");
    let dialog = page.popup();
    page.is_in("waiting")
        .sees_text("Please go on in the Facebook window");
    dialog.clicks("#cancel").is_closed();
    page.is_in("closed")
        .sees_text("No permission came this time")
        .sees_text("Facebook said: Permissions error");
    serving.run.wait_for_line("Meta said: Permissions error");
    page.grants_all();
    page.is_in("received");
    serving.run.finish().code(0);
}

#[test]
fn a_token_can_be_pasted() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let page = serving.visited();
    page.clicks("#paste summary");
    page.types("#paste-token", "not a token")
        .clicks("#paste-form button");
    page.is_in("refused");
    serving.run.wait_for_line("refused");
    let token = stage.sandbox.user_token().secret().expose();
    page.types("#paste-token", token)
        .clicks("#paste-form button");
    page.is_in("received");
    let outcome = serving.run.finish();
    outcome.code(0).stdout(format!("{token}\n"));
}

#[test]
fn onboarding_is_followed_to_the_ids() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let serving = Serving::start(stage.mps().args([
        "onboard",
        "--http",
        "--port",
        "0",
        "--all",
        "--yes",
        "--accept-anyone",
    ]));
    let page = serving.visited();
    page.grants_all();
    page.is_in("finished").sees_text("Your solutions are ready");
    // What is done does not ask for it still.
    assert_eq!(page.text("#heading"), "Brightline Messaging");
    assert_eq!(
        page.evaluate("document.title"),
        "Your solutions are ready · Brightline Messaging"
    );
    let shown =
        page.evaluate("[...document.querySelectorAll('.solution .id')].map(id => id.textContent)");
    let states =
        page.evaluate("[...document.querySelectorAll('.state')].map(state => state.textContent)");
    assert_eq!(states, json!(["active", "active", "active"]));
    let count = "[document.querySelector('#count').hidden, document.querySelector('#count-text').textContent]";
    assert_eq!(page.evaluate(count), json!([true, "3 of 3 done"]));
    // The clipboard is granted to a page in front only; what the button does then is shown on it.
    page.clicks("#copy-all");
    page.sees_text("Copied");
    let outcome = serving.run.finish();
    outcome.code(0);
    let ids = outcome.lines();
    let mut shown: Vec<_> = shown
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    let mut ids: Vec<_> = ids.clone();
    shown.sort_unstable();
    ids.sort_unstable();
    assert_eq!(shown, ids);
}

#[test]
fn a_page_that_nobody_looks_at_gets_the_ids_too() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let serving = Serving::start(stage.mps().args([
        "onboard",
        "--port",
        "0",
        "--all",
        "--yes",
        "--accept-anyone",
    ]));
    let page = serving.visited();
    // As a browser does to a page in the back, but at once and for ever: its own timers stop.
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { get: () => true }), window.setTimeout = () => 0",
    );
    page.grants_all();
    page.is_in("finished").sees_text("Your solutions are ready");
    assert_eq!(page.errors(), Vec::<String>::new());
    serving.run.finish().code(0);
}

#[test]
fn an_app_that_did_not_work_is_named_on_the_page() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    stage.sandbox.set_faults(Faults {
        rules: vec![Rule::new(Operation::Create, Fault::Denied { code: 200 })],
        ..Faults::default()
    });
    let serving = Serving::start(stage.mps().args([
        "onboard",
        "--http",
        "--port",
        "0",
        "--all",
        "--yes",
        "--accept-anyone",
        "--jobs",
        "1",
    ]));
    let page = serving.visited();
    page.grants_all();
    page.is_in("finished_some")
        .sees_text("Not everything worked");
    assert_eq!(
        page.evaluate("document.querySelectorAll('.state.failed').length"),
        json!(1)
    );
    serving.run.finish().code(3);
}

#[test]
fn a_no_at_the_plan_reaches_the_page() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let terminal = stage
        .mps()
        .args(["onboard", "--http", "--port", "0", "--all"])
        .on_terminal();
    terminal.sees("Open this page: ").sees(" left");
    let screen = terminal.screen();
    let url = screen
        .split_whitespace()
        .find(|word| word.starts_with("http://localhost:"))
        .expect("the page's address");
    let page = Browser::start().open(url);
    page.is_in("ready").grants_all();
    page.is_in("onboarding");
    // A second window's token comes too late to change anything.
    let late = "document.querySelector('#paste-token').value = 'EAATOOLATE',
        document.querySelector('#paste-form').requestSubmit(), document.documentElement.dataset.state";
    assert_eq!(page.evaluate(late), "onboarding");
    terminal.sees("cannot be undone").answers("n");
    page.is_in("finished_some").sees_text("Nothing was created");
    assert_eq!(stage.sandbox.state()["calls"]["create"], json!(null));
    // One visitor's no ends nothing for the next.
    terminal.sees("the next sign-in is waited for");
    let next = Browser::start().open(url);
    next.is_in("ready").grants_all();
    next.is_in("onboarding");
    terminal.answers("y");
    next.is_in("finished").sees_text("Your solutions are ready");
    terminal.finish().code(0);
    assert!(
        !page.shown().contains("ready"),
        "the first sees nothing of it"
    );
}

#[test]
fn what_meta_is_asked_and_what_it_is_not_told() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let port = free_port();
    let public = format!("http://localhost:{port}");
    let serve = |more: &[&str]| {
        let args = [
            "serve-button",
            "--for",
            "x",
            "--public-url",
            &public,
            "--port",
            &port,
        ];
        Serving::start(stage.mps().args(args).args(more))
    };
    let asked = |serving: &Serving| {
        let page = serving.visited();
        assert_eq!(
            page.url(),
            format!("{public}/"),
            "the path is nobody's business"
        );
        page.clicks("#login");
        let dialog = page.popup();
        dialog.sees("#all");
        let query = "Object.fromEntries(new URLSearchParams(location.search))";
        let query = dialog.evaluate(query);
        let path = serving.url.trim_start_matches(&public).to_owned();
        assert_eq!(path.len(), 23);
        assert!(!query.to_string().contains(&path[1..]), "{query}");
        assert!(!page.errors().join("").contains(&path[1..]));
        // A reload finds back to the link, and the operator hears of it.
        page.evaluate("location.reload()");
        serving
            .run
            .wait_for_line("The page was closed or reloaded.");
        page.is_in("ready");
        query
    };
    let serving = serve(&[]);
    let query = asked(&serving);
    for (name, value) in [
        ("scope", "manage_app_solution"),
        ("auth_type", "rerequest"),
        ("return_scopes", "true"),
        ("client_id", stage.sandbox.partner_app_id().as_str()),
    ] {
        assert_eq!(query[name], value, "{name}");
    }
    assert!(query.get("config_id").is_none());
    interrupted(serving.run);
    let serving = serve(&["--login-config-id", "77"]);
    let query = asked(&serving);
    assert_eq!(query["config_id"], "77");
    assert!(query.get("scope").is_none());
    interrupted(serving.run);
    let path = serving.url.trim_start_matches(&public).to_owned();
    for file in stage.home.files() {
        // The link is kept in its own file and told to the operator, and is in no log.
        let name = file.display().to_string();
        if name.contains("logs/") {
            assert!(!stage.home.read(&name).contains(&path), "{name}");
        }
    }
}

#[test]
fn by_keyboard_on_a_narrow_screen() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let page = serving.visited();
    page.call(
        "Emulation.setDeviceMetricsOverride",
        &json!({"width": 320, "height": 600, "deviceScaleFactor": 1, "mobile": false}),
    );
    let fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    let press = |key: &str, text: &str| {
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            page.call(
                "Input.dispatchKeyEvent",
                &json!({"type": kind, "key": key, "code": key, "text": text,
                        "windowsVirtualKeyCode": if key == "Tab" { 9 } else { 13 }}),
            );
        }
    };
    assert_eq!(page.evaluate(fits), json!(true));
    press("Tab", "");
    assert_eq!(page.evaluate("document.activeElement.id"), "login");
    press("Enter", "\r");
    let dialog = page.popup();
    page.is_in("waiting");
    assert_eq!(page.evaluate(fits), json!(true));
    // The focus went to the news and not off the page.
    assert_eq!(page.evaluate("document.activeElement.id"), "news");
    page.evaluate("performance.now = () => Infinity");
    dialog.clicks("#cancel").is_closed();
    page.is_in("closed");
    assert_eq!(page.evaluate(fits), json!(true));
    assert_eq!(
        page.evaluate("document.querySelector('#trouble').open"),
        json!(true)
    );
    interrupted(serving.run);
}
