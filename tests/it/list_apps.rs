//! `mps list-apps`, from outside.

use mps::testing::sandbox::{Fault, Operation, Rule, SandboxConfig};
use serde_json::json;

use crate::{
    stage::{APPS, PARTNER, Stage, app, granted},
    support::{Latch, Mps, Script, USER},
};

#[test]
fn one_id_a_line_in_a_pipe_and_a_table_on_a_terminal() {
    let stage = Stage::new();
    let piped = stage.mps(["list-apps"]).run();
    piped
        .code(0)
        .stdout(APPS.map(|id| format!("{id}\n")).concat());
    let terminal = stage.mps(["list-apps"]).on_terminal();
    let shown = terminal.finish();
    shown
        .code(0)
        .stderr_has("APP              NAME             LINK")
        .stderr_has("212035860378507  Jasper's Market  https://jaspersmarket.example/");
}

#[test]
fn json_has_the_live_solutions_with_us() {
    let stage = Stage::new();
    let live = stage.seed_status(0, "ACTIVE");
    stage.seed_status(1, "REJECTED");
    let listed = stage.mps(["list-apps", "--json"]).run();
    let host = stage.sandbox.url().trim_start_matches("http://").to_owned();
    listed.code(0);
    assert_eq!(
        listed.json_lines(),
        [
            json!({"id": APPS[0], "name": "Lucky Shrub", "link": "https://luckyshrub.example/", "solutions": [
                {"solution_id": live, "solution_name": "From before", "status": "ACTIVE"}], "host": host}),
            json!({"id": APPS[1], "name": "Jasper's Market", "link": "https://jaspersmarket.example/",
                "solutions": [], "host": host}),
            json!({"id": APPS[2], "name": "Wind & Wool", "link": "https://windwool.example/",
                "solutions": [], "host": host}),
        ]
    );
}

#[test]
fn where_meta_refuses_the_listing_the_solutions_are_null() {
    let stage = Stage::new();
    let refused = Rule {
        times: 0,
        ..Rule::new(Operation::List, Fault::Denied { code: 200 })
    };
    stage.rules([refused]);
    let listed = stage.mps(["list-apps", "--json"]).run();
    listed.code(0);
    assert_eq!(listed.json_lines().len(), 3);
    assert!(
        listed
            .json_lines()
            .iter()
            .all(|line| line["solutions"].is_null())
    );
}

#[test]
fn the_requests_are_those_of_the_guide() {
    let agent = format!("mps/{}", env!("CARGO_PKG_VERSION"));
    let served = granted(USER, &json!([app("1", "Lucky Shrub")]))
        .with_header("user-agent", &agent)
        .with_header("accept", "application/json")
        .on("GET", "/1/whatsapp_business_solutions")
        .token(USER)
        .query("role", "OWNER")
        .reply(200, json!({"data": []}))
        .serve();
    let run = Mps::new()
        .args([
            "list-apps",
            "--partner-app-id",
            PARTNER,
            "--user-token-file",
            "-",
        ])
        .stdin(format!("\u{feff}{USER}\r\n"))
        .against(&served)
        .run();
    run.code(0).stdout("1\n");
}

#[test]
fn an_app_is_shown_while_the_next_one_is_looked_at() {
    let latch = Latch::new();
    let empty = json!({"data": []});
    let served = granted(
        USER,
        &json!([app("1", "Lucky Shrub"), app("2", "Wind & Wool")]),
    )
    .on("GET", "/1/whatsapp_business_solutions")
    .reply(200, empty.clone())
    .on("GET", "/2/whatsapp_business_solutions")
    .reply(200, empty)
    .after(&latch)
    .serve();
    let run = Mps::new()
        .args(["list-apps", "--partner-app-id", PARTNER])
        .env("MPS_USER_TOKEN", USER)
        .against(&served)
        .start();
    latch.reached();
    assert_eq!(run.wait_for_stdout_line("1"), "1");
    latch.open();
    run.finish().code(0).stdout("1\n2\n");
}

#[test]
fn an_edge_that_meta_does_not_know_gives_way_to_the_other() {
    let permission = json!({"data": [{"permission": "manage_app_solution", "status": "granted"}]});
    let apps =
        json!({"data": [{"id": 12, "name": "Lucky", "link": "lucky.example/"}, {"id": "34"}]});
    let empty = json!({"data": []});
    let served = Script::new()
        .on("GET", "/me/permissions")
        .reply(200, permission)
        .on("GET", "/me/application_details")
        .token(USER)
        .reply_error(400, 2500, "Unknown path components: /application_details")
        .on("GET", "/me/assigned_applications")
        .token(USER)
        .reply(200, apps)
        .on("GET", "/12/whatsapp_business_solutions")
        .reply(200, empty.clone())
        .on("GET", "/34/whatsapp_business_solutions")
        .reply(200, empty)
        .serve();
    let run = Mps::new()
        .args(["list-apps", "--json", "--partner-app-id", PARTNER])
        .env("MPS_USER_TOKEN", USER)
        .against(&served)
        .run();
    run.code(0);
    let lines = run.json_lines();
    assert_eq!(
        lines[0]["id"], "12",
        "a number is an id, and an id is a string"
    );
    assert_eq!(lines[0]["link"], "https://lucky.example/");
    assert_eq!(
        (&lines[1]["name"], &lines[1]["link"]),
        (&json!(""), &json!(null))
    );
}

#[test]
fn all_pages_are_read() {
    let stage = Stage::with(SandboxConfig {
        apps: 230,
        ..SandboxConfig::default()
    });
    let listed = stage.mps(["list-apps"]).run();
    listed.code(0);
    assert_eq!(listed.lines().len(), 230);
}

#[test]
fn no_app_was_ticked() {
    let served = granted(USER, &json!([])).serve();
    let run = Mps::new()
        .args(["list-apps", "--partner-app-id", PARTNER])
        .env("MPS_USER_TOKEN", USER)
        .against(&served)
        .run();
    run.code(1).stdout("").stderr_has("no app was ticked");
}

#[test]
fn what_is_missing_is_found_before_anything_is_sent() {
    let stage = Stage::new();
    for (missing, code, said) in [
        ("MPS_USER_TOKEN", 4, "the user token is missing"),
        ("MPS_PARTNER_APP_ID", 2, "MPS_PARTNER_APP_ID"),
    ] {
        let run = stage.mps_without(&[missing], ["list-apps"]).run();
        run.code(code).stdout("").stderr_has(said);
    }
    assert_eq!(stage.requests(), 0);
}
