//! `mps onboard`, from outside, but for its page.

use std::fs;

use mps::testing::sandbox::{ApiShape, Faults, SandboxConfig};
use serde_json::json;

use crate::{
    stage::{APPS, PARTNER, SOLUTIONS, Stage},
    support::{Home, Key, Mps},
};

#[test]
fn the_whole_walk_on_a_fresh_machine() {
    let home = Home::new();
    let run = Mps::at(&home)
        .args(["onboard", "--sandbox", "--all", "--yes"])
        .run();
    run.code(0);
    let mut ids = run.lines();
    ids.sort_unstable();
    assert_eq!(ids, SOLUTIONS);
    run.stderr_has("SANDBOX 127.0.0.1:")
        .stderr_has("extras.setup.solutionID");
    let json = Mps::at(&home)
        .args([
            "onboard",
            "--sandbox",
            "--all",
            "--yes",
            "--json",
            "--jobs",
            "1",
        ])
        .run();
    json.code(0);
    let lines = json.json_lines();
    assert_eq!(lines.len(), 3);
    let first = &lines[0];
    let host = first["host"].as_str().expect("the host of the stand-in");
    assert_eq!(
        *first,
        json!({
            "app_id": APPS[0], "app_name": "Lucky Shrub", "partner_app_id": PARTNER, "solution_id": SOLUTIONS[0],
            "solution_name": "Lucky Shrub + Brightline Messaging", "status": "ACTIVE", "pending": "NONE",
            "outcome": "onboarded", "verified": true, "ref": null, "surplus": [], "open_post": false, "line": null, "host": host,
        })
    );
    let keys: Vec<_> = first
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys[7..],
        [
            "outcome",
            "verified",
            "ref",
            "surplus",
            "open_post",
            "line",
            "host"
        ]
    );
}

#[test]
fn the_built_in_stand_in_reads_no_real_setting() {
    let run = Mps::new()
        .args(["onboard", "--sandbox", "--all", "--yes"])
        .env("MPS_USER_TOKEN", "EAArealUSERtoken0123456789")
        .env("MPS_SYSTEM_TOKEN", "EAArealSYSTEMtoken0123456789")
        .env("MPS_APP_SECRET", "ffffffffffffffffffffffffffffffff")
        .env("MPS_PARTNER_APP_ID", "1")
        .env("MPS_GRAPH_URL", "http://127.0.0.1:1")
        .env("MPS_PARTNER_NAME", "Acme")
        .run();
    run.code(0).stderr_lacks("warning");
    assert_eq!(run.lines().len(), 3);
    // What was done there means nothing later, and no real journal was touched.
    let files = run.home().files();
    assert!(
        files.len() == 1 && files[0].starts_with("state/logs/"),
        "{files:?}"
    );
}

#[test]
fn a_second_run_makes_nothing_twice() {
    for shape in [ApiShape::Guide, ApiShape::OpenApi] {
        let stage = Stage::with(SandboxConfig {
            shape,
            ..SandboxConfig::default()
        });
        let run = |outcomes: [&str; 3]| {
            let run = stage
                .mps(["onboard", "--all", "--yes", "--json", "--jobs", "1"])
                .run();
            run.code(0);
            let lines = run.json_lines();
            let said: Vec<_> = lines
                .iter()
                .map(|line| line["outcome"].as_str().unwrap())
                .collect();
            assert_eq!(said, outcomes);
            assert!(
                lines
                    .iter()
                    .all(|line| line["verified"] == true && line["status"] == "ACTIVE"),
                "{run}"
            );
        };
        stage.seed_status(0, "ACTIVE");
        run(["existing", "onboarded", "onboarded"]);
        run(["existing"; 3]);
        assert_eq!((stage.calls("create"), stage.calls("accept")), (2, 2));
    }
}

#[test]
fn without_accept_it_ends_initiated_and_says_what_a_colleague_types() {
    let stage = Stage::new();
    let args = [
        "onboard",
        "--all",
        "--yes",
        "--no-accept",
        "--json",
        "--jobs",
        "1",
    ];
    let run = stage
        .mps_without(&["MPS_SYSTEM_TOKEN", "MPS_APP_SECRET"], args)
        .run();
    run.code(0);
    assert!(
        run.json_lines()
            .iter()
            .all(|line| line["outcome"] == "created" && line["status"] == "INITIATED")
    );
    // In the order of the apps, whichever of them was first.
    let all = run.json_lines().into_iter().map(|line| {
        let app = line["app_id"].as_str().map(str::to_owned);
        (app, line["solution_id"].as_str().unwrap().to_owned())
    });
    let all: std::collections::BTreeMap<_, _> = all.collect();
    let ids: Vec<String> = all.into_values().collect();
    run.stderr_has(format!("mps accept {}", ids.join(" ")));
    assert_eq!((stage.calls("create"), stage.calls("accept")), (3, 0));
    let file = stage.home.path().join("message.txt");
    let args = [
        "onboard",
        "--all",
        "--yes",
        "--no-accept",
        "--handoff",
        "message.txt",
    ];
    let again = stage
        .mps_without(&["MPS_SYSTEM_TOKEN", "MPS_APP_SECRET"], args)
        .run();
    again.code(0).stderr_has("mps accept 795");
    assert!(
        fs::read_to_string(file)
            .unwrap()
            .contains("we still have to accept them")
    );
}

#[test]
fn the_hand_off_goes_where_it_is_sent() {
    let stage = Stage::new();
    let message = |text: &str| {
        assert!(
            SOLUTIONS.iter().all(|id| text.contains(id))
                && text.contains("are active with Brightline"),
            "{text}"
        );
    };
    let file = stage
        .mps(["onboard", "--all", "--yes", "--handoff", "message.txt"])
        .run();
    file.code(0)
        .stderr_lacks("extras.setup.solutionID")
        .stderr_has("message.txt");
    assert_eq!(file.lines().len(), 3);
    message(&stage.home.read("message.txt"));
    let stdout = stage
        .mps(["onboard", "--all", "--yes", "--handoff", "-"])
        .run();
    stdout.code(0);
    message(stdout.stdout_text());
    let below = stage.mps(["onboard", "--all", "--yes"]).run();
    below.code(0);
    message(below.stderr_text());
    let requests = stage.requests();
    for file in ["-", "no/such/folder/message.txt"] {
        let args = ["onboard", "--all", "--yes", "--json", "--handoff", file];
        stage
            .mps(args)
            .run()
            .code(if file == "-" { 2 } else { 1 })
            .stdout("");
    }
    assert_eq!(stage.requests(), requests, "nothing was sent");
}

#[test]
fn what_is_missing_or_wrong_is_found_before_anything_is_sent_or_opened() {
    let stage = Stage::new();
    for (without, args, code, said) in [
        ("", &["onboard", "--all"][..], 2, "--yes"),
        ("", &["onboard", "--all", "--no-input"], 2, "--yes"),
        (
            "",
            &["onboard", "--all", "--yes", "--app-id", "1"],
            2,
            "--all",
        ),
        (
            "",
            &["onboard", "--yes", "--app-id", PARTNER],
            2,
            "our own app",
        ),
        (
            "",
            &["onboard", "--all", "--yes", "--name", "{who}"],
            2,
            "--name",
        ),
        (
            "",
            &["onboard", "--all", "--yes", "--messaging", "nobody"],
            2,
            "--messaging",
        ),
        (
            "",
            &["onboard", "--all", "--yes", "--jobs", "65"],
            2,
            "--jobs",
        ),
        (
            "",
            &[
                "onboard",
                "--all",
                "--yes",
                "--user-token-file",
                "-",
                "--system-token-file",
                "-",
            ],
            2,
            "stdin",
        ),
        (
            "",
            &[
                "onboard",
                "--all",
                "--yes",
                "--app-secret-file",
                "-",
                "--system-token-file",
                "-",
            ],
            2,
            "stdin",
        ),
        (
            "MPS_SYSTEM_TOKEN",
            &["onboard", "--all", "--yes"],
            4,
            "the system token is missing",
        ),
        (
            "MPS_PARTNER_APP_ID",
            &["onboard", "--all", "--yes"],
            2,
            "our app's id is not known",
        ),
    ] {
        let run = stage.mps_without(&[without], args.iter().copied()).run();
        run.code(code)
            .stdout("")
            .stderr_has(said)
            .stderr_lacks("Open this page");
    }
    // Without a user token the page would open; what is missing is found first.
    for (without, code) in [("MPS_SYSTEM_TOKEN", 4), ("MPS_PARTNER_APP_ID", 2)] {
        let run = stage
            .mps_without(
                &["MPS_USER_TOKEN", without],
                ["onboard", "--all", "--yes", "--http"],
            )
            .run();
        run.code(code).stderr_lacks("Open this page");
    }
    assert_eq!(stage.requests(), 0);
}

#[test]
fn several_apps_and_nobody_to_choose() {
    let stage = Stage::new();
    let run = stage.mps(["onboard", "--yes"]).run();
    run.code(2)
        .stdout("")
        .stderr_has("--app-id")
        .stderr_has("--all");
    for app in APPS {
        run.stderr_has(app);
    }
    assert_eq!(stage.writes(), 0);
    let one = Stage::with(SandboxConfig {
        apps: 1,
        ..SandboxConfig::default()
    });
    one.mps(["onboard", "--yes"])
        .run()
        .code(0)
        .stdout(format!("{}\n", SOLUTIONS[0]));
}

#[test]
fn a_person_chooses_and_confirms_once() {
    let stage = Stage::new();
    stage.seed_status(1, "ACTIVE");
    let terminal = stage.mps(["onboard"]).on_terminal_of(140, 50);
    terminal.sees("Which apps?").press(Key::Enter);
    terminal.sees("cannot be undone").answers("y");
    let run = terminal.finish();
    run.code(0).stderr_has("onboarded");
    assert_eq!(
        (stage.calls("create"), stage.calls("accept")),
        (2, 2),
        "the app with a live solution is not ticked"
    );
    let stage = Stage::new();
    let terminal = stage.mps(["onboard", "--all"]).on_terminal_of(140, 50);
    terminal.sees("cannot be undone").answers("n");
    terminal
        .finish()
        .code(1)
        .stderr_has("you said no; nothing was sent");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn a_dry_run_writes_nothing_and_needs_no_yes() {
    let stage = Stage::new();
    let run = stage.mps(["onboard", "--all", "--dry-run", "--json"]).run();
    run.code(0);
    assert!(
        run.json_lines()
            .iter()
            .all(|line| line["outcome"] == "would_create")
    );
    assert_eq!(stage.writes(), 0);
    assert!(
        run.home()
            .files()
            .iter()
            .all(|file| !file.ends_with("journal.db"))
    );
}

#[test]
fn the_other_messaging_is_offered_to_a_person_and_named_to_a_script() {
    let refusing = || {
        let faults = Faults {
            one_side_messaging: true,
            ..Faults::default()
        };
        Stage::with(SandboxConfig {
            faults,
            ..SandboxConfig::default()
        })
    };
    let stage = refusing();
    let run = stage.mps(["onboard", "--all", "--yes"]).run();
    run.code(1).stdout("").stderr_has("--messaging partner");
    assert_eq!(stage.statuses(), Vec::<String>::new());
    let stage = refusing();
    let terminal = stage
        .mps(["onboard", "--all", "--yes"])
        .on_terminal_of(140, 50);
    terminal.sees("Who may send messages?").press(Key::Enter);
    terminal.finish().code(0);
    assert_eq!(stage.statuses(), ["ACTIVE"; 3]);
}
