//! `mps create`, from outside.

use mps::testing::sandbox::{ApiShape, Fault, Operation, Rule, SandboxConfig};
use serde_json::json;

use crate::{
    stage::{APPS, PARTNER, SOLUTIONS, Stage, app, granted},
    support::{Mps, Served, USER},
};

/// A service with one app, which expects this body of the one create.
fn one_create(body: serde_json::Value, answer: serde_json::Value) -> Served {
    granted(USER, &json!([app(APPS[0], "Lucky Shrub")]))
        .on("GET", &format!("/{}/whatsapp_business_solutions", APPS[0]))
        .token(USER)
        .query("role", "OWNER")
        .reply(200, json!({"data": []}))
        .repeat()
        .on("POST", &format!("/{}/whatsapp_business_solution", APPS[0]))
        .token(USER)
        .with_header("content-type", "application/json")
        .with_header("user-agent", &format!("mps/{}", env!("CARGO_PKG_VERSION")))
        .body(body)
        .reply(200, answer)
        .serve()
}

fn create(served: &Served) -> Mps {
    Mps::new()
        .args(["create", "--app-id", APPS[0]])
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "Acme")
        .against(served)
}

#[test]
fn the_body_is_the_guides() {
    for (messaging, owner, partner) in [
        (None, json!(["MESSAGING"]), json!(["MESSAGING"])),
        (Some("both"), json!(["MESSAGING"]), json!(["MESSAGING"])),
        (Some("partner"), json!([]), json!(["MESSAGING"])),
        (Some("us"), json!([]), json!(["MESSAGING"])),
        (Some("tech-provider"), json!(["MESSAGING"]), json!([])),
        (Some("owner"), json!(["MESSAGING"]), json!([])),
    ] {
        let body = json!({
            "owner_permissions": owner, "partner_app_id": PARTNER, "partner_permissions": partner,
            "solution_name": "Lucky Shrub + Acme",
        });
        let served = one_create(body, json!({"solution_id": SOLUTIONS[0]}));
        let option = messaging.map(|word| ["--messaging", word]);
        let run = create(&served).args(option.into_iter().flatten()).run();
        run.code(0).stdout(format!("{}\n", SOLUTIONS[0]));
    }
}

#[test]
fn an_id_that_comes_as_a_number_is_an_id() {
    let body = json!({
        "owner_permissions": ["MESSAGING"], "partner_app_id": PARTNER, "partner_permissions": ["MESSAGING"],
        "solution_name": "x212022489970390",
    });
    let served = one_create(body, json!({"solution_id": 795_033_096_057_724_u64}));
    let run = create(&served)
        .args(["--name", "x{app_id}", "--json"])
        .run();
    run.code(0);
    assert_eq!(run.json()["solution_id"], SOLUTIONS[0]);
}

#[test]
fn every_line_of_json_is_the_contracts() {
    for shape in [ApiShape::Guide, ApiShape::OpenApi] {
        let stage = Stage::with(SandboxConfig {
            shape,
            ..SandboxConfig::default()
        });
        let host = stage.sandbox.url().trim_start_matches("http://").to_owned();
        let run = stage
            .mps(["create", "--all", "--json", "--jobs", "1"])
            .run();
        run.code(0);
        let names = ["Lucky Shrub", "Jasper's Market", "Wind & Wool"];
        let expected: String = (0..3)
            .map(|n| format!(
                "{{\"app_id\":\"{}\",\"app_name\":\"{}\",\"partner_app_id\":\"{PARTNER}\",\"solution_id\":\"{}\",\
                 \"solution_name\":\"{} + Brightline Messaging\",\"status\":\"INITIATED\",\
                 \"pending\":\"PENDING_ACTIVATION\",\"outcome\":\"created\",\"host\":\"{host}\"}}\n",
                APPS[n], names[n], SOLUTIONS[n], names[n],
            ))
            .collect();
        run.stdout(expected);
        assert_eq!(stage.statuses(), ["INITIATED"; 3]);
        assert_eq!(stage.sandbox.state()["tokens_in_query"], 0);
    }
}

#[test]
fn what_an_earlier_run_made_exists() {
    let stage = Stage::new();
    stage
        .mps(["create", "--app-id", APPS[0]])
        .run()
        .code(0)
        .stdout(format!("{}\n", SOLUTIONS[0]));
    let again = stage.mps(["create", "--app-id", APPS[0], "--json"]).run();
    again.code(0);
    let line = again.json();
    assert_eq!(
        (&line["outcome"], &line["solution_id"]),
        (&json!("existing"), &json!(SOLUTIONS[0]))
    );
    assert_eq!(stage.calls("create"), 1);
}

#[test]
fn a_live_solution_exists_whatever_its_name_and_whoever_lists_it() {
    for without in [
        &["MPS_APP_SECRET"][..],
        &["MPS_SYSTEM_TOKEN", "MPS_APP_SECRET"][..],
    ] {
        for status in ["INITIATED", "ACTIVE"] {
            let stage = Stage::new();
            let id = stage.seed_status(1, status);
            let run = stage
                .mps_without(without, ["create", "--app-id", APPS[1], "--json"])
                .run();
            run.code(0);
            let line = run.json();
            assert_eq!(
                (&line["outcome"], &line["solution_id"]),
                (&json!("existing"), &json!(id))
            );
            assert_eq!(line["solution_name"], "From before");
            assert_eq!(stage.writes(), 0);
        }
    }
}

#[test]
fn all_passes_over_what_has_ended_and_app_id_does_not() {
    let stage = Stage::new();
    stage.seed_status(0, "REJECTED");
    stage.seed_status(1, "DEACTIVATED");
    let all = stage.mps(["create", "--all", "--json"]).run();
    all.code(0);
    let outcome = |app: &str| {
        let lines = all.json_lines();
        lines
            .into_iter()
            .find(|line| line["app_id"] == app)
            .unwrap()["outcome"]
            .clone()
    };
    assert_eq!(APPS.map(outcome), ["skipped", "skipped", "created"]);
    stage
        .mps(["create", "--app-id", APPS[0], "--app-id", APPS[0]])
        .run()
        .code(0);
    assert_eq!(stage.calls("create"), 2, "an app named twice is one app");
}

#[test]
fn a_duplicate_is_made_once_per_name() {
    let stage = Stage::new();
    stage.seed_status(0, "ACTIVE");
    let duplicate = |name: Option<&str>| {
        let option = name.map(|name| ["--name", name]);
        let args = ["create", "--allow-duplicate", "--app-id", APPS[0]];
        stage.mps(args).args(option.into_iter().flatten()).run()
    };
    duplicate(None).code(2).stderr_has("--name");
    duplicate(Some("second")).code(0);
    duplicate(Some("second")).code(0);
    assert_eq!(stage.calls("create"), 1);
    duplicate(Some("third")).code(0);
    assert_eq!(stage.calls("create"), 2);
}

#[test]
fn a_dry_run_writes_nothing() {
    let stage = Stage::new();
    let id = stage.seed_status(0, "ACTIVE");
    stage.seed_status(1, "REJECTED");
    let run = stage.mps(["create", "--all", "--dry-run", "--json"]).run();
    run.code(0);
    let lines = run.json_lines();
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].clone()).collect();
    assert_eq!(outcomes, ["existing", "skipped", "would_create"]);
    assert_eq!(lines[0]["solution_id"], id);
    assert_eq!(
        lines[2]["solution_name"],
        "Wind & Wool + Brightline Messaging"
    );
    assert_eq!(stage.writes(), 0);
}

#[test]
fn what_was_not_granted_is_not_created() {
    let stage = Stage::new();
    let run = stage
        .mps(["create", "--app-id", APPS[0], "--app-id", "99"])
        .run();
    run.code(1)
        .stdout("")
        .stderr_has("app 99 was not granted")
        .stderr_has(APPS[0]);
    let owners = format!("/{}/whatsapp_business_solutions", APPS[0]);
    let served = granted(USER, &json!([]))
        .beside_the_checks(&[&owners])
        .serve();
    create(&served)
        .run()
        .code(1)
        .stdout("")
        .stderr_has("no app was ticked");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn wrong_usage_is_found_before_anything_is_sent() {
    let stage = Stage::new();
    for (args, said) in [
        (&["create", "--app-id", PARTNER][..], "our own app"),
        (&["create"], "--app-id"),
        (&["create", "--all", "--app-id", "1"], "--all"),
        (&["create", "--app-id", "x"], "--app-id"),
        (&["create", "--all", "--messaging", "nobody"], "--messaging"),
        (&["create", "--all", "--jobs", "0"], "--jobs"),
        (&["create", "--all", "--name", "{who}"], "--name"),
        (&["create", "--app-id", "-"], "stdin held no app id"),
        (&["create", "--app-id", "-", "--app-id", "-"], "stdin"),
        (
            &["create", "--app-id", "-", "--user-token-file", "-"],
            "stdin",
        ),
        (
            &["create", "--app-id", "-", "--app-secret-file", "-"],
            "stdin",
        ),
        (
            &[
                "create",
                "--all",
                "--user-token-file",
                "-",
                "--system-token-file",
                "-",
            ],
            "stdin",
        ),
    ] {
        stage
            .mps(args.iter().copied())
            .run()
            .code(2)
            .stdout("")
            .stderr_has(said);
    }
    for (missing, code, said) in [
        ("MPS_USER_TOKEN", 4, "the user token is missing"),
        ("MPS_PARTNER_APP_ID", 2, "our app's id is not known"),
    ] {
        stage
            .mps_without(&[missing], ["create", "--all"])
            .run()
            .code(code)
            .stderr_has(said);
    }
    assert_eq!(stage.requests(), 0);
}

#[test]
fn app_ids_come_from_stdin_in_every_form() {
    let stage = Stage::new();
    let text = format!(
        "\u{feff}{}\r\n\r\n  \n{{\"app_id\":\"{}\",\"id\":\"1\"}}\n{{\"id\":{}}}\n{{\"outcome\":\"failed\",\
         \"error\":{{\"message\":\"gone\"}}}}",
        APPS[0], APPS[1], APPS[2]
    );
    let run = stage
        .mps(["create", "--app-id", "-", "--jobs", "1"])
        .stdin(text)
        .run();
    run.code(3)
        .stdout(SOLUTIONS.map(|id| format!("{id}\n")).concat())
        .stderr_has("gone");
}

#[test]
fn listed_apps_are_created_through_a_pipe() {
    let stage = Stage::new();
    let run = stage
        .shell("mps list-apps --json | mps create --app-id - | mps accept")
        .run();
    run.code(0);
    assert_eq!(run.lines().len(), 3);
    assert_eq!(stage.statuses(), ["ACTIVE"; 3]);
}

#[test]
fn a_refused_look_is_exit_4_and_names_the_way_out() {
    let stage = Stage::new();
    let refused = Rule {
        times: 0,
        ..Rule::new(Operation::List, Fault::Denied { code: 200 })
    };
    stage.rules([refused]);
    let run = stage.mps(["create", "--app-id", APPS[0]]).run();
    run.code(4).stdout("").stderr_has("--no-look");
    assert_eq!(stage.writes(), 0);
    stage
        .mps(["create", "--app-id", APPS[0], "--no-look"])
        .run()
        .code(0);
    assert_eq!(stage.calls("create"), 1);
}

#[test]
fn several_apps_are_asked_about_on_a_terminal() {
    let stage = Stage::new();
    let terminal = stage.mps(["create", "--all"]).on_terminal();
    terminal.sees("Create 3 solutions?").answers("n");
    terminal
        .finish()
        .code(1)
        .stderr_has("you said no; nothing was sent");
    assert_eq!(stage.writes(), 0);
    for more in ["--yes", "--no-input"] {
        let terminal = stage.mps(["create", "--all", more]).on_terminal();
        terminal.finish().code(0).stderr_lacks("Create 3 solutions");
    }
    assert_eq!(stage.calls("create"), 3);
    let stage = Stage::new();
    let terminal = stage.mps(["create", "--all"]).on_terminal();
    terminal.sees("Create 3 solutions?").answers("y");
    terminal.finish().code(0).stderr_has("OUTCOME");
    assert_eq!(stage.calls("create"), 3);
    let one = Stage::new()
        .mps(["create", "--app-id", APPS[0]])
        .on_terminal()
        .finish();
    one.code(0).stderr_lacks("?");
}

#[test]
fn the_plan_shows_all_that_the_contract_names() {
    let stage = Stage::new();
    let id = stage.seed_status(1, "ACTIVE");
    let run = stage
        .mps(["create", "--all", "--dry-run"])
        .env("COLUMNS", "180")
        .run();
    run.code(0);
    let host = stage.sandbox.url().trim_start_matches("http://").to_owned();
    for fact in [
        "default",
        &host,
        "Brightline Messaging (634974688087057)",
        "MPS_USER_TOKEN",
        "user 10229876543210987",
        "MPS_SYSTEM_TOKEN",
        "system user 104169029247128",
        APPS[0],
        "Lucky Shrub",
        "windwool.example",
        &format!("take ACTIVE {id}"),
        "Lucky Shrub + Brightline Messaging",
        "messages",
    ] {
        run.stderr_has(fact);
    }
    let json = stage.mps(["create", "--all", "--dry-run", "--json"]).run();
    json.code(0);
    let lines = json.stderr_json_lines();
    let plan = &lines.iter().find(|line| line["status"] == "plan").unwrap()["plan"];
    assert_eq!(
        plan["tokens"]["user token"],
        "from MPS_USER_TOKEN, user 10229876543210987"
    );
}
