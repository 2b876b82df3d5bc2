//! The sandbox's own page: a person plays the other side, and mps is the one who answers.
//!
//! The one decision: each move on the page is proven by what mps sees afterwards, and by the sandbox's state.

use mps::testing::sandbox::SandboxConfig;
use serde_json::json;

use crate::{
    page_languages::looked_at,
    stage::{APPS, PARTNER, Stage},
    support::{
        browser::{Browser, CHROMIUM, Page},
        needs,
    },
};

fn board(stage: &Stage) -> Page {
    let page = Browser::start().open(&format!("{}/sandbox", stage.sandbox.url()));
    page.sees("#switches input");
    page
}

/// Presses the first button with this text, as soon as it is there.
fn presses(page: &Page, text: &str) {
    let found = format!(
        "[...document.querySelectorAll('button')].find((b) => b.textContent === {})",
        json!(text)
    );
    page.waits_for(text, &found);
    page.evaluate(&format!("{found}.id = 'wanted', 0"));
    page.clicks("#wanted");
}

#[test]
fn a_tech_provider_asks_in_the_dashboard_and_asks_for_the_end() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::new();
    let page = board(&stage);
    page.sees_text("There is none yet.");
    looked_at(&page, "sandbox-1-empty");
    page.clicks("#save-draft").sees_text("Saved as draft");
    page.sees_text("Lucky Shrub + Brightline Messaging");
    presses(&page, "Send it");
    page.sees_text("The Solution Partner answers, with mps.");
    let id = stage.sandbox.state()["solutions"][0]["solution_id"]
        .as_str()
        .unwrap()
        .to_owned();
    looked_at(&page, "sandbox-2-pending");
    stage.mps(["accept", &id]).run().code(0);
    presses(&page, "Ask to deactivate");
    page.sees_text("Pending deactivation");
    looked_at(&page, "sandbox-3-ending");
    stage
        .mps(["deactivate", "reject", "--yes", &id])
        .run()
        .code(0);
    presses(&page, "Ask to deactivate");
    page.sees_text("Pending deactivation");
    stage
        .mps(["deactivate", "accept", "--yes", &id])
        .run()
        .code(0);
    page.sees_text("Deactivated");
    assert_eq!(stage.statuses(), ["DEACTIVATED"]);
    assert_eq!(page.errors(), Vec::<String>::new());
}

#[test]
fn a_tech_provider_accepts_what_we_asked_for_and_a_client_moves() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::of(&["ACTIVE"]);
    let page = board(&stage);
    let asked = stage
        .mps([
            "api",
            "POST",
            &format!("{PARTNER}/whatsapp_business_solution"),
            "--token",
            "system",
        ])
        .args([
            "-f",
            "solution_name=Ours",
            "-f",
            &format!("partner_app_id={}", APPS[1]),
        ])
        .args([
            "-F",
            "owner_permissions=[\"MESSAGING\"]",
            "-F",
            "partner_permissions=[]",
        ])
        .run();
    asked.code(0);
    let id = asked.json()["solution_id"].as_str().unwrap().to_owned();
    presses(&page, "Accept");
    page.sees_text("Accept: Ours");
    assert_eq!(stage.statuses(), ["ACTIVE", "ACTIVE"]);
    stage.mps(["show", &id]).run().code(0).stdout_has("ACTIVE");
    // As `mps clients --help` says it.
    let token = stage
        .mps(["business-token", &id, "--business-id", "506914307656634"])
        .stdout_may_hold_token()
        .run();
    token.code(0);
    let file = stage.home.file("client.txt", token.lines().concat());
    let account = stage.sandbox.state()["accounts"][0]["account_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let moved = stage
        .mps([
            "api",
            "POST",
            &format!("{account}/set_solution_migration_intent"),
            "-f",
            &format!("solution_id={id}"),
        ])
        .args(["--token", "system", "--system-token-file"])
        .arg(file.display().to_string())
        .run();
    moved.code(0);
    page.sees_text("A client is asked to move into solution");
    looked_at(&page, "sandbox-4-client");
    presses(&page, "Agree");
    page.sees_text("The client agreed.");
    let listed = stage.mps(["list", "--waba", &account]).run();
    listed.code(0).stdout(format!("{id}\n"));
}

#[test]
fn what_goes_wrong_is_switched_on_and_off() {
    if !needs(CHROMIUM) {
        return;
    }
    let stage = Stage::with(SandboxConfig::default());
    let page = board(&stage);
    page.clicks("[data-key='strict-messaging']")
        .sees_text("strict-messaging is on.");
    looked_at(&page, "sandbox-5-switched");
    stage
        .mps(["create", "--app-id", APPS[0]])
        .run()
        .code(1)
        .stderr_has("--messaging");
    page.clicks("[data-key='lost-answers']")
        .sees_text("lost-answers is on.");
    stage
        .mps(["create", "--app-id", APPS[0], "--messaging", "partner"])
        .run()
        .code(0);
    page.clicks("#mend").sees_text("All goes well.");
    page.waits_for(
        "no switch on",
        "!document.querySelector('#switches :checked')",
    );
    assert_eq!(stage.sandbox.state()["live"][APPS[0]], 1);
}
