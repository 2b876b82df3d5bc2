//! The check-up, against a sound world and against broken ones.

use std::fs;

use mps::testing::sandbox::{Fault, Faults, Operation, Rule, SandboxConfig};
use serde_json::{Value, json};

use crate::{
    button::{Serving, free_port, interrupted},
    profile::{chmod, profile},
    stage::{APPS, PARTNER, Stage},
    support::{Home, Mps, Outcome, SYSTEM, Script},
};

pub(crate) fn rows(run: &Outcome) -> Vec<Value> {
    run.json_lines()
}

pub(crate) fn row(run: &Outcome, check: &str) -> Value {
    let rows = rows(run);
    let row = rows.iter().find(|row| row["check"] == check).cloned();
    row.unwrap_or_else(|| panic!("no row {check}\n{run}"))
}

pub(crate) fn result(run: &Outcome, check: &str) -> String {
    row(run, check)["result"].as_str().unwrap_or("").to_owned()
}

#[test]
fn a_sound_world() {
    let stage = Stage::new();
    let run = stage.mps(["doctor", "--json", "--port", "0"]).run();
    run.code(0);
    let checks: Vec<String> = rows(&run)
        .iter()
        .map(|row| row["check"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        checks,
        [
            "profile",
            "partner_app_id",
            "graph_url",
            "system_token",
            "user_token",
            "app_secret",
            "directories",
            "api_version_life",
            "network",
            "app",
            "system_token_scopes",
            "user_token_scopes",
            "solutions",
            "twins",
            "clock",
            "quota",
            "port",
            "certificate",
            "browser",
            "journal",
            "open_creates",
        ]
    );
    for row in rows(&run) {
        let keys: Vec<&str> = row
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            keys,
            ["check", "result", "seen", "remedy", "details", "host"]
        );
        assert!(row["result"] == "ok" || row["remedy"].is_string(), "{row}");
    }
    assert_eq!(
        row(&run, "system_token")["details"]["source"],
        "MPS_SYSTEM_TOKEN"
    );
    assert_eq!(row(&run, "app")["details"]["id"], PARTNER);
    assert_eq!(
        row(&run, "system_token_scopes")["details"]["type"],
        "SYSTEM_USER"
    );
    assert_eq!(stage.writes(), 0);
    let plain = stage.mps(["doctor", "--port", "0"]).run();
    plain.code(0);
    assert!(
        plain
            .lines()
            .iter()
            .all(|line| line.split('\t').count() >= 3),
        "{plain}"
    );
    let terminal = stage.mps(["doctor", "--port", "0"]).on_terminal_of(120, 60);
    terminal.sees("journal");
    terminal.finish().code(0).stderr_has("✓").stderr_has("!");
}

#[test]
fn nothing_is_set() {
    let run = Mps::new()
        .args([
            "doctor",
            "--json",
            "--graph-url",
            "http://127.0.0.1:9",
            "--port",
            "0",
        ])
        .run();
    run.code(4).stderr_has("failed");
    for (check, expected) in [
        ("partner_app_id", "failed"),
        ("system_token", "failed"),
        ("user_token", "ok"),
        ("app_secret", "warning"),
        ("network", "failed"),
        ("app", "skipped"),
        ("journal", "ok"),
    ] {
        assert_eq!(result(&run, check), expected, "{check}\n{run}");
    }
    assert_eq!(run.error()["exit_code"], 4);
}

#[test]
fn a_profile_that_cannot_be_read_is_a_row() {
    let home = Home::new();
    profile(&home, "default", "jobs =\n");
    let run = Mps::at(&home)
        .args([
            "doctor",
            "--json",
            "--graph-url",
            "http://127.0.0.1:9",
            "--port",
            "0",
        ])
        .run();
    run.code(4);
    assert_eq!(result(&run, "profile"), "failed");
    assert!(
        row(&run, "profile")["seen"]
            .as_str()
            .unwrap()
            .contains("line 1")
    );
}

#[test]
fn tokens_that_do_not_work() {
    let stage = Stage::new();
    let run = stage
        .mps(["doctor", "--json", "--port", "0"])
        .env("MPS_SYSTEM_TOKEN", "EAATESTunknownTOKEN0123456789abcdef")
        .run();
    run.code(4);
    assert_eq!(result(&run, "app"), "failed");
    assert_eq!(result(&run, "system_token_scopes"), "failed");
    assert_eq!(result(&run, "user_token_scopes"), "ok");
    let run = stage
        .mps(["doctor", "--json", "--port", "0"])
        .env("MPS_APP_SECRET", "ffffffffffffffffffffffffffffffff")
        .run();
    run.code(4);
    let app = row(&run, "app");
    assert!(
        app["seen"]
            .as_str()
            .unwrap()
            .contains("the app secret is not that of"),
        "{app}"
    );
    // Without the secret less is known, which is a warning.
    let run = stage
        .mps_without(&["MPS_APP_SECRET"], ["doctor", "--json", "--port", "0"])
        .run();
    run.code(0);
    assert_eq!(result(&run, "system_token_scopes"), "warning");
    assert_eq!(
        result(&run, "user_token_scopes"),
        "ok",
        "the system token looks at it"
    );
}

#[test]
fn a_token_that_accept_takes_is_no_failure_here() {
    let ours = format!("/{PARTNER}");
    let served = Script::new()
        .on("GET", &ours)
        .token(SYSTEM)
        .reply(200, json!({"id": PARTNER, "name": "Ours"}))
        .any_times()
        .on("GET", "/debug_token")
        .token(SYSTEM)
        .reply_error(400, 100, "You must provide an app access token")
        .on("GET", &format!("{ours}/whatsapp_business_solutions"))
        .reply(200, json!({"data": []}))
        .serve();
    let run = Mps::new()
        .against(&served)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .args(["doctor", "--json", "--port", "0"])
        .run();
    run.code(0);
    let found = row(&run, "system_token_scopes");
    assert_eq!(found["result"], "warning", "{found}");
    let remedy = found["remedy"].as_str().unwrap();
    assert!(remedy.contains("app secret"), "{found}");
}

#[test]
fn a_refused_listing_is_a_warning() {
    let stage = Stage::with(SandboxConfig {
        faults: Faults {
            rules: vec![Rule::new(Operation::List, Fault::Denied { code: 200 })],
            ..Faults::default()
        },
        ..SandboxConfig::default()
    });
    let run = stage.mps(["doctor", "--json", "--port", "0"]).run();
    run.code(0);
    assert_eq!(result(&run, "solutions"), "warning");
}

#[test]
fn the_clock_is_compared_with_metas() {
    let meta = Script::new()
        .on("GET", &format!("/{PARTNER}"))
        .reply(200, json!({"id": PARTNER, "name": "Ours"}))
        .header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
        .header("x-app-usage", r#"{"call_count": 97}"#)
        .serve();
    let run = Mps::new()
        .against(&meta)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_APP_SECRET", "0123456789abcdef0123456789abcdef")
        .args(["doctor", "--json", "--port", "0"])
        .run();
    run.code(5);
    assert_eq!(result(&run, "clock"), "warning");
    assert_eq!(row(&run, "quota")["details"]["used_percent"], 97);
}

#[test]
fn a_taken_port_and_a_spoilt_journal() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let stage = Stage::new();
    let run = stage.mps(["doctor", "--json", "--port", &port]).run();
    run.code(0);
    assert_eq!(result(&run, "port"), "warning");
    stage.home.file("state/journal.db", "this is no journal");
    let run = stage.mps(["doctor", "--json", "--port", "0"]).run();
    run.code(1);
    assert_eq!(result(&run, "journal"), "failed");
}

#[test]
fn unfinished_work_is_named_with_the_command_that_takes_it_up() {
    let stage = Stage::new();
    let lost = Rule {
        commit: Some(false),
        times: 0,
        ..Rule::new(Operation::Create, Fault::Drop)
    };
    stage.rules([lost]);
    stage.mps(["create", "--app-id", APPS[0]]).run().code(6);
    let run = stage.mps(["doctor", "--json", "--port", "0"]).run();
    run.code(0);
    let journal = row(&run, "journal");
    assert_eq!(journal["result"], "warning", "{journal}");
    assert_eq!(journal["details"]["unfinished"], 1, "{journal}");
    assert_eq!(journal["remedy"], "mps resume takes up what is unfinished");
}

#[test]
fn who_else_can_look_in_or_change_something() {
    let stage = Stage::new();
    let state = stage.home.path().join("state");
    fs::create_dir_all(&state).unwrap();
    chmod(&state, 0o755);
    let doctor = || stage.mps(["doctor", "--json", "--port", "0"]).run();
    let run = doctor();
    run.code(0);
    let directories = row(&run, "directories");
    assert_eq!(directories["result"], "warning", "{directories}");
    let remedy = format!("chmod 700 {}", state.display());
    assert_eq!(directories["remedy"], remedy);
    chmod(&state, 0o700);
    let file = profile(&stage.home, "default", "jobs = 3\n");
    chmod(&file, 0o606);
    let run = doctor();
    run.code(1);
    assert_eq!(result(&run, "directories"), "ok");
    let found = row(&run, "profile");
    let says = |key: &str, word: &str| found[key].as_str().is_some_and(|text| text.contains(word));
    assert!(
        says("seen", "can be changed by others") && says("remedy", "chmod go-w "),
        "{found}"
    );
}

#[test]
fn where_a_browser_would_not_be_seen_it_says_how_to_reach_the_page() {
    let stage = Stage::new();
    for (name, remedy) in [
        ("SSH_CONNECTION", "ssh -L 0:localhost:0 HOST"),
        ("UNSET", "open the URL that serve-button prints"),
    ] {
        let run = stage
            .mps(["doctor", "--json", "--port", "0"])
            .env(name, "x")
            .run();
        run.code(0);
        let browser = row(&run, "browser");
        let said = browser["remedy"].as_str().unwrap_or_default();
        assert!(said.contains(remedy), "{browser}");
    }
    let run = stage
        .mps(["doctor", "--json", "--port", "0"])
        .env("DISPLAY", ":0")
        .run();
    run.code(0);
    assert_eq!(result(&run, "browser"), "ok");
}

#[test]
fn whether_the_public_address_leads_here() {
    let stage = Stage::new();
    let port = free_port();
    let look = |public: &str| {
        stage
            .mps(["doctor", "--json", "--port", &port])
            .env("MPS_PUBLIC_URL", public)
            .run()
    };
    let here = format!("http://localhost:{port}");
    let run = look(&here);
    run.code(0);
    assert_eq!(result(&run, "public_address"), "ok");
    // A watch has the port, and is asked too.
    let watch = Serving::start(stage.mps(["serve-button", "--port", &port, "--public-url", &here]));
    let run = look(&here);
    run.code(0);
    assert_eq!(result(&run, "public_address"), "ok", "{run}");
    interrupted(watch.run);
    // What answers by itself, or nobody.
    let other = free_port();
    let run = look(&format!("http://localhost:{other}"));
    run.code(0);
    let seen = row(&run, "public_address");
    assert_eq!(seen["result"], "warning");
    let remedy = seen["remedy"].as_str().unwrap();
    assert!(
        remedy.contains(&format!("http://localhost:{port}")),
        "{seen}"
    );
    // Another program has the port.
    let taken = Script::new()
        .on("GET", "/probe")
        .reply(404, json!({}))
        .serve();
    let port = taken.url().rsplit_once(':').unwrap().1.to_owned();
    let run = stage
        .mps(["doctor", "--json", "--port", &port])
        .env("MPS_PUBLIC_URL", "https://mps.invalid")
        .run();
    run.code(0);
    assert_eq!(result(&run, "public_address"), "warning");
    // None is set.
    let run = stage.mps(["doctor", "--json", "--port", "0"]).run();
    run.code(0);
    assert!(
        rows(&run)
            .iter()
            .all(|row| row["check"] != "public_address")
    );
}
