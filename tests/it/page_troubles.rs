//! The page in a real browser, in every state where something went wrong.
//!
//! The one decision: both sides of a state are looked at, what the Tech Provider reads and the line that the operator
//! gets at the same moment.

use mps::testing::sandbox::Dialog;
use serde_json::json;

use crate::{
    button::{Person, Serving, Stage, interrupted},
    support::{
        Mps, Reply, Script,
        browser::{Browser, CHROMIUM},
        needs,
    },
};

#[test]
fn what_the_dialog_says_of_an_error_is_shown() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::with_dialog(Dialog::Error);
    let serving = stage.serve(&["--json"]);
    let page = serving.visited();
    page.grants_all();
    page.is_in("closed").sees_text("Facebook said: ");
    let line = serving.run.wait_for_line("closed_without_token");
    assert!(line.contains("\"message\":\""), "{line}");
    interrupted(serving.run);
}

#[test]
fn an_error_page_is_passed_on_with_its_remedy() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::with_dialog(Dialog::ErrorPage);
    let serving = stage.serve(&[]);
    let page = serving.visited();
    page.clicks("#login");
    let dialog = page.popup();
    dialog.sees_text("available");
    page.is_in("waiting");
    // Meta's window tells nothing, so the person does, while it stands open.
    page.clicks("#trouble summary");
    page.evaluate("document.querySelector('#trouble-known').value = 'permission'");
    page.clicks("#trouble-form button");
    page.sees_text("you did nothing wrong")
        .sees_text("has been told: try again when they say so");
    serving
        .run
        .wait_for_line("This app needs at least one supported permission.");
    serving
        .run
        .wait_for_line("  The app has no advanced access");
    page.types("#trouble-text", "Something that nobody knows");
    page.evaluate("document.querySelector('#trouble-known').value = ''");
    page.clicks("#trouble-form button");
    page.sees_text("Thank you.");
    serving.run.wait_for_line("Something that nobody knows");
    // A person takes longer than a test does.
    page.evaluate("performance.now = () => Infinity");
    dialog.close();
    page.is_in("closed");
    serving
        .run
        .wait_for_line("The Facebook window closed without a token");
    serving.run.wait_for_line("mps serve-button --help");
    interrupted(serving.run);
}

#[test]
fn the_sdk_is_blocked_or_a_stub() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let page = Browser::start().open("about:blank");
    page.call("Network.enable", &json!({}));
    page.call("Network.setBlockedURLs", &json!({"urls": ["*/sdk.js"]}));
    page.goes_to(&serving.url);
    page.is_in("sdk_blocked")
        .sees_text("Facebook's script did not load");
    serving.run.wait_for_line("Meta's script did not load");
    // Allowed, and reloaded with the page's own button.
    page.call("Network.setBlockedURLs", &json!({"urls": []}));
    page.clicks("#reload").is_in("ready");
    interrupted(serving.run);

    // A blocker's stub loads and never calls back; ten seconds later the page says so.
    let stub = Script::new()
        .on("GET", "/sdk.js")
        .answer(Reply::html(200, "/* nothing to see here */"))
        .any_times()
        .serve();
    let serving = Serving::start(
        Mps::new()
            .against(&stub)
            .env("MPS_PARTNER_APP_ID", "7")
            .env("MPS_PARTNER_NAME", "Acme")
            .args(["serve-button", "--http", "--port", "0"]),
    );
    let page = Browser::start().open("about:blank");
    page.hurries().goes_to(&serving.url);
    page.is_in("sdk_blocked");
    serving.run.wait_for_line("Meta's script did not load");
    interrupted(serving.run);
}

#[test]
fn a_stub_and_a_code_are_called_what_they_are() {
    if !needs(CHROMIUM) {
        return;
    }
    for (sdk, state, said) in [
        (
            "window.FB = {init() {}, Event: {subscribe() {}}}; fbAsyncInit();",
            "sdk_blocked",
            "A blocker put a stub in the place of Meta's script",
        ),
        (
            "window.FB = {init() {}, Event: {subscribe() {}}, login(done) {
                window.open('about:blank'); done({authResponse: {code: 'AQTESTCODE'}, status: 'connected'}); }};
             fbAsyncInit();",
            "code",
            "Facebook answered with a code, not with a token",
        ),
    ] {
        let meta = Script::new()
            .on("GET", "/sdk.js")
            .answer(Reply::html(200, sdk))
            .any_times()
            .serve();
        let serving = Serving::start(
            Mps::new()
                .against(&meta)
                .env("MPS_PARTNER_APP_ID", "7")
                .env("MPS_PARTNER_NAME", "Acme")
                .args(["serve-button", "--http", "--port", "0"]),
        );
        let page = Browser::start().open(&serving.url);
        if state == "code" {
            page.is_in("ready").clicks("#login");
        }
        page.is_in(state);
        serving.run.wait_for_line(said);
        interrupted(serving.run);
    }
}

#[test]
fn the_browser_blocks_the_window() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let page = serving.visited();
    // No person's click: Chromium's own blocker lets no window open.
    page.evaluate("document.querySelector('#login').click()");
    page.is_in("popup_blocked")
        .sees_text("Your browser blocked the Facebook window");
    serving.run.wait_for_line("The browser blocked the pop-up.");
    interrupted(serving.run);
}

#[test]
fn a_severed_window_is_told_from_a_closed_one() {
    if !needs(CHROMIUM) {
        return;
    }
    // Meta's window with a header that cuts it off, as a container tab does.
    let meta = Script::new()
        .on("GET", "/dialog/oauth")
        .answer(
            Reply::html(200, "<title>dialog</title>still here")
                .header("cross-origin-opener-policy", "same-origin"),
        )
        .any_times()
        .on("GET", "/favicon.ico")
        .answer(Reply::html(204, ""))
        .any_times()
        .on("GET", "/sdk.js")
        .answer(Reply::with(|request| {
            let origin = format!("http://{}", request.header("host").unwrap_or_default());
            let stage = Stage::new();
            Reply::html(
                200,
                &stage.sandbox.sdk_js().replace(stage.sandbox.url(), &origin),
            )
        }))
        .any_times()
        .serve();
    let serving = Serving::start(
        Mps::new()
            .against(&meta)
            .env("MPS_PARTNER_APP_ID", "7")
            .env("MPS_PARTNER_NAME", "Acme")
            .args(["serve-button", "--http", "--port", "0"]),
    );
    let page = Browser::start().open(&serving.url);
    // However slow this machine is: no person closes a window within a second.
    page.is_in("ready").evaluate("performance.now = () => 0");
    page.clicks("#login");
    page.is_in("severed").sees_text("lost touch with this page");
    serving
        .run
        .wait_for_line("The browser cut the Facebook window off");
    interrupted(serving.run);
}

#[test]
fn a_token_that_will_not_do_is_refused_on_both_sides() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let page = serving.visited();
    for (dialog, theirs, ours) in [
        (
            Dialog::NoPermission,
            "The permission manage_app_solution was not granted.",
            "the user token has not the permission manage_app_solution",
        ),
        (
            Dialog::BadSignature,
            "What came was not signed for this app.",
            "its signed request was not signed with our app's secret",
        ),
        (Dialog::Expired, "This token", "the user token"),
        (Dialog::WrongApp, "this app", "it belongs to another app"),
    ] {
        stage.dialog(dialog);
        page.grants_all();
        page.is_in("refused")
            .sees_text("This permission cannot be used")
            .sees_text(theirs);
        let line = serving.run.wait_for_line(ours);
        assert!(line.contains("refused"), "{line}");
        assert!(
            page.text("#news-remedy").contains("try again"),
            "{dialog:?}"
        );
    }
    stage.dialog(Dialog::Normal);
    page.grants_all();
    page.is_in("received");
    serving.run.finish().code(0);
}

#[test]
fn ten_windows_and_no_more() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::with_dialog(Dialog::Closes);
    let serving = stage.serve(&[]);
    let page = serving.visited();
    for _ in 0..10 {
        page.grants_all();
        page.sees("html:is([data-state=closed], [data-state=severed]) #login:not([hidden])");
    }
    page.clicks("#login");
    page.is_in("limit").sees_text("Please reload this page");
    stage.dialog(Dialog::Normal);
    page.clicks("#reload").is_in("ready");
    page.grants_all();
    page.is_in("received");
    serving.run.finish().code(0);
}

#[test]
fn a_page_from_before_is_told_to_reload() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let first = stage.serve(&["--for", "x"]);
    let page = Browser::start().open("about:blank");
    page.hurries().goes_to(&first.url);
    page.is_in("ready");
    let port = first.port().to_string();
    interrupted(first.run);
    page.sees("html:is([data-state=lost], [data-state=ended])");
    // Straight after, on the same port; the page of before notices by itself.
    let second = Serving::start(
        stage
            .mps()
            .args(["serve-button", "--http", "--for", "x", "--port", &port])
            .stdout_may_hold_token(),
    );
    assert_eq!(second.url, first.url);
    page.clicks("#reload").is_in("ready");
    page.grants_all();
    page.is_in("received");
    second.run.finish().code(0);
}
