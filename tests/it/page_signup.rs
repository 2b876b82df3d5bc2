//! `mps snippet signup`: Embedded Signup in a real browser, from the click to the operator's function.
//!
//! The one decision: the page is the file that mps printed, with nothing in it changed but the operator's own part, and
//! stands on a site of its own; Meta is the sandbox, whose window is on another origin, as Meta's is.

use serde_json::{Value, json};

use crate::{
    button::Person,
    page_languages::looked_at,
    stage::{SOLUTIONS, Stage},
    support::{
        Mps, Reply, SYSTEM, Script, Served,
        browser::{Browser, CHROMIUM, Page},
        needs,
    },
};

const CONFIG: &str = "9876543210";

fn snippet<'a>(stage: &Stage, more: impl IntoIterator<Item = &'a str>) -> Mps {
    stage
        .mps([
            "snippet",
            "signup",
            "--solution-id",
            SOLUTIONS[0],
            "--signup-config-id",
            CONFIG,
        ])
        .args(more)
}

/// A site with the page and an operator's own part.
struct Site {
    served: Served,
}

impl Site {
    fn with(html: &str, part: &str) -> Self {
        let (before, rest) = html
            .split_once("window.mpsReceive = async (client) => {")
            .expect("the operator's part");
        let (_, after) = rest.split_once("</script>").expect("its end");
        let heard =
            "window.heard = []; window.mpsHeard = (...told) => { window.heard.push(told); };";
        let html = format!(
            "{before}{heard}\nwindow.mpsReceive = async (client) => {{ {part} }};\n</script>{after}"
        );
        let served = Script::new()
            .on("GET", "/")
            .answer(Reply::html(200, &html))
            .repeat()
            .serve();
        Self { served }
    }

    fn visited(&self) -> Page {
        let page = Browser::start().open(&self.served.url());
        page.is_in("ready");
        page
    }
}

const KEEPS: &str = "window.got = client;";

/// Goes through the window to its end.
fn signs_up(page: &Page) {
    page.clicks("#login");
    let window = page.popup();
    window.sees("#account:not([hidden])");
    window.evaluate("setTimeout(() => document.querySelector('#finish').click(), 20), 0");
    window.is_closed();
}

fn accounts(stage: &Stage) -> Vec<Value> {
    stage.sandbox.state()["accounts"]
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn a_clients_code_and_ids_come_to_the_operators_function_and_the_code_is_worth_a_token() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::of(&["ACTIVE"]);
    let made = snippet(&stage, []).run();
    made.code(0).stderr_has("the page is for the stand-in at");
    let page = Site::with(made.stdout_text(), KEEPS).visited();
    page.sees_text("Connect your WhatsApp account with Brightline Messaging")
        .sees_text("Brightline Messaging and Lucky Shrub, who work together for you");
    looked_at(&page, "signup-en-1-ready");
    page.clicks("#login");
    let window = page.popup();
    page.is_in("waiting");
    let asked = window.evaluate("Object.fromEntries(new URLSearchParams(location.search))");
    assert_eq!(asked["config_id"], CONFIG);
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["scope"], Value::Null);
    let extras: Value = serde_json::from_str(asked["extras"].as_str().unwrap()).unwrap();
    let expected = json!({"setup": {"solutionID": SOLUTIONS[0]}, "featureType": "", "sessionInfoVersion": "3"});
    assert_eq!(extras, expected);
    looked_at(&page, "signup-en-2-waiting");
    looked_at(&window, "signup-window");
    window.sees("#account:not([hidden])");
    window.evaluate("setTimeout(() => document.querySelector('#finish').click(), 20), 0");
    window.is_closed();
    page.is_in("received")
        .sees_text("Thank you, your account is connected");
    looked_at(&page, "signup-en-3-received");
    let got = page.evaluate("window.got");
    let account = accounts(&stage).pop().expect("the client's");
    assert_eq!(
        got,
        json!({"code": got["code"], "event": "FINISH", "waba_id": account["account_id"],
            "phone_number_id": account["phone_number_id"], "business_id": account["business_id"], "solution_id": SOLUTIONS[0]})
    );
    // Nothing of it is left in the browser.
    let kept = "[localStorage.length, sessionStorage.length, document.cookie]";
    assert_eq!(page.evaluate(kept)[0], 0);
    let business = account["business_id"].as_str().unwrap();
    let token = stage
        .mps(["business-token", SOLUTIONS[0], "--business-id", business])
        .stdout_may_hold_token()
        .run();
    token.code(0);
    let secret = stage.sandbox.app_secret().secret().expose().to_owned();
    let exchange = format!(
        "curl -s \"$MPS_GRAPH_URL/v26.0/oauth/access_token?client_id=$MPS_PARTNER_APP_ID&client_secret={secret}&code={}\"",
        got["code"].as_str().unwrap()
    );
    let exchanged = stage.shell(&exchange).stdout_may_hold_token().run();
    exchanged.code(0);
    assert_eq!(exchanged.json()["access_token"], token.lines()[0]);
    let again = stage.shell(&exchange).run();
    again.code(0);
    assert_eq!(again.json()["error"]["code"], 100, "a code is good once");
}

#[test]
fn what_another_origin_says_is_not_heard_and_a_code_alone_is_enough() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::of(&["ACTIVE"]);
    let made = snippet(&stage, []).run();
    made.code(0);
    // The window of a configuration that tells nothing.
    let html = made
        .stdout_text()
        .replace("sessionInfoVersion: \"3\"", "sessionInfoVersion: \"2\"");
    let page = Site::with(&html, KEEPS).visited();
    page.evaluate(
        "postMessage(JSON.stringify({type: 'WA_EMBEDDED_SIGNUP', event: 'FINISH', data: {waba_id: '666'}}), '*'), 0",
    );
    signs_up(&page);
    page.is_in("received");
    let got = page.evaluate("window.got");
    assert!(
        got["code"]
            .as_str()
            .is_some_and(|code| code.starts_with("AQ")),
        "{got}"
    );
    for told in ["waba_id", "phone_number_id", "business_id", "event"] {
        assert_eq!(got[told], Value::Null, "{told}");
    }
}

#[test]
fn of_meta_only_facebooks_own_pages_are_heard() {
    if !needs(CHROMIUM) {
        return;
    }
    let made = Mps::new()
        .args([
            "snippet",
            "signup",
            "--solution-id",
            "795",
            "--signup-config-id",
            CONFIG,
            "--force",
        ])
        .args(["--partner-app-id", "42", "--partner-name", "Acme & Co"])
        .run();
    made.code(0)
        .stderr_has("was not asked: no token was given")
        .stdout_has("https://connect.facebook.net/en_US/sdk.js")
        .stdout_has("fedCM: false")
        .stdout_has("\"version\":\"v26.0\"")
        .stdout_has("Acme &amp; Co");
    let html = made.stdout_text().replace(
        "\"use strict\";\n// The page's script.",
        "window.signup = signup;\n// The page's script.",
    );
    let site = Script::new()
        .on("GET", "/")
        .answer(Reply::html(200, &html))
        .repeat()
        .serve();
    // Meta's SDK is out of reach here, which the page must bear.
    let page = Browser::start().open(&site.url());
    page.is_in("sdk_blocked");
    for (origin, heard) in [
        ("https://www.facebook.com", true),
        ("https://web.facebook.com", true),
        ("https://business.facebook.com", true),
        ("https://facebook.com", true),
        ("http://www.facebook.com", false),
        ("https://www.facebook.com:8443", false),
        ("https://evilfacebook.com", false),
        ("https://facebook.com.evil.example", false),
        ("https://www.facebook.com.", false),
        ("null", false),
        ("", false),
    ] {
        let told = page.evaluate(&format!(
            "(() => {{
                const client = signup(JSON.parse(document.querySelector('#config').textContent));
                const data = JSON.stringify({{type: 'WA_EMBEDDED_SIGNUP', event: 'CANCEL', data: {{current_step: 'NUMBER'}}}});
                dispatchEvent(new MessageEvent('message', {{origin: {}, data}}));
                return client.left().step === 'NUMBER';
            }})()",
            json!(origin)
        ));
        assert_eq!(told, heard, "{origin}");
    }
}

#[test]
fn a_client_who_leaves_and_a_solution_that_is_not_active_are_told() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::of(&["ACTIVE"]);
    let made = snippet(&stage, ["--lang", "es"]).run();
    made.code(0);
    let page = Site::with(made.stdout_text(), KEEPS).visited();
    page.clicks("#login");
    let window = page.popup();
    window.clicks("#cancel").is_closed();
    page.is_in("closed").sees_text("Esta vez no se terminó");
    let heard = page.evaluate("window.heard.at(-1)");
    assert_eq!(heard, json!(["closed", "BUSINESS_ACCOUNT_SELECTION"]));
    // Nobody has a token to paste here.
    assert_eq!(
        page.evaluate("document.querySelector('#paste')"),
        Value::Null
    );
    looked_at(&page, "signup-es-4-closed");
    // The other side ends it meanwhile.
    stage.seed(&json!({"solution_id": SOLUTIONS[0], "status": "DEACTIVATED"}));
    page.clicks("#login");
    let window = page.popup();
    window.sees_text("Its status is DEACTIVATED");
    window.clicks("#cancel").is_closed();
    page.sees_text("The solution is not active. Its status is DEACTIVATED.");
}

#[test]
fn what_the_operators_function_refuses_can_be_tried_again() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::of(&["ACTIVE"]);
    let made = snippet(&stage, []).run();
    made.code(0);
    let part = "window.tries = (window.tries ?? 0) + 1;
        if (window.tries === 1) return { refused: 'We are closed.', remedy: 'Come back at nine.' };
        if (window.tries === 2) throw new Error('our server is away');";
    let page = Site::with(made.stdout_text(), part).visited();
    signs_up(&page);
    page.is_in("refused")
        .sees_text("It could not be handed on")
        .sees_text("Come back at nine.");
    looked_at(&page, "signup-en-5-refused");
    signs_up(&page);
    page.sees_text("our server is away");
    signs_up(&page);
    page.is_in("received");
}

#[test]
fn a_configuration_for_the_button_is_called_what_it_is() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::of(&["ACTIVE"]);
    let made = snippet(&stage, []).run();
    made.code(0);
    // What Meta does with a configuration of another kind: the dialog for a permission, and a token.
    let html = made
        .stdout_text()
        .replace("response_type: \"code\"", "response_type: \"token\"");
    let page = Site::with(&html, KEEPS).visited();
    page.grants_all();
    page.is_in("token")
        .sees_text("Facebook sent something else");
    assert_eq!(page.evaluate("window.got ?? null"), Value::Null);
    assert_eq!(page.evaluate("window.heard.at(-1)[0]"), "token");
}

#[test]
fn each_language_fits() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::of(&["ACTIVE"]);
    let browser = Browser::start();
    for lang in ["es", "pt-BR", "fr", "id", "hi"] {
        let made = snippet(&stage, ["--lang", lang]).run();
        made.code(0);
        let site = Site::with(made.stdout_text(), KEEPS);
        let page = browser.open(&site.served.url());
        page.is_in("ready");
        assert_eq!(page.evaluate("document.documentElement.lang"), lang);
        looked_at(&page, &format!("signup-{lang}-1-ready"));
    }
}

#[test]
fn a_solution_that_is_not_active_is_refused_unless_forced() {
    for (status, hint) in [
        (
            "INITIATED",
            format!("accept it first: mps accept {}", SOLUTIONS[0]),
        ),
        ("DRAFT", format!("mps show {}", SOLUTIONS[0])),
        ("REJECTED", "mps list --status ACTIVE".to_owned()),
        ("DEACTIVATED", "mps list --status ACTIVE".to_owned()),
    ] {
        let stage = Stage::of(&[status]);
        snippet(&stage, [])
            .run()
            .code(1)
            .stdout("")
            .stderr_has(format!("is {status}"))
            .stderr_has(hint);
        snippet(&stage, ["--force"])
            .run()
            .code(0)
            .stdout_has(format!("\"solution_id\":\"{}\"", SOLUTIONS[0]))
            .stderr_has(format!("is {status}"));
    }
    let nothing = Stage::new();
    snippet(&nothing, []).run().code(1).stdout("");
    snippet(&nothing, ["--force"])
        .run()
        .code(0)
        .stderr_has("could not be read");
    let none = nothing.mps_without(
        &["MPS_USER_TOKEN", "MPS_SYSTEM_TOKEN"],
        [
            "snippet",
            "signup",
            "--solution-id",
            "1",
            "--signup-config-id",
            "2",
        ],
    );
    none.run().code(4).stdout("").stderr_has("--force");
    snippet(&nothing, ["--signup-config-id", "x"]).run().code(2);
}

#[test]
fn a_solution_that_is_asked_to_end_works_and_says_so() {
    let body = json!({
        "id": "795", "name": "N", "status": "ACTIVE", "status_for_pending_request": "PENDING_DEACTIVATION",
        "owner_app": {"id": "7", "name": "Lucky </script><b> Shrub"},
        "partners": {"data": [{"id": "9", "partner_app": {"id": "42", "name": "Us"}}]},
    });
    let meta = Script::new()
        .on("GET", "/795")
        .token(SYSTEM)
        .reply(200, body)
        .serve();
    Mps::new()
        .against(&meta)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .args([
            "snippet",
            "signup",
            "--solution-id",
            "795",
            "--signup-config-id",
            "2",
        ])
        .args(["--partner-app-id", "42", "--partner-name", "Acme"])
        .run()
        .code(0)
        .stderr_has("until the other side agrees")
        .stdout_has("Lucky &lt;/script&gt;&lt;b&gt; Shrub");
}
