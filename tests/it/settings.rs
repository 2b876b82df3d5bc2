//! Settings and streams that every command shares.

use serde_json::Value;

use crate::{
    stage::{APPS, PARTNER, Stage},
    support::{Home, Mps},
};

/// A run that touches tokens, settings, state directory and talk.
fn dry_run(stage: &Stage) -> Mps {
    stage.mps(["create", "--all", "--dry-run"])
}

#[test]
fn empty_counts_as_unset_for_every_variable() {
    let stage = Stage::new();
    // Each alone, beside all that is needed.
    for var in mps::testing::env::ALL {
        for blank in ["", "  "] {
            let code = match var.name {
                "MPS_USER_TOKEN" => 4,
                "MPS_PARTNER_APP_ID" => 2,
                // Without it this would be a run against Meta's own host.
                "MPS_GRAPH_URL" => continue,
                _ => 0,
            };
            let run = dry_run(&stage).env(var.name, blank).run();
            run.code(code).stderr_lacks("not Unicode");
        }
    }
    // All together, and options in the place of what is needed.
    let url = stage.sandbox.url();
    let token = stage.sandbox.user_token().secret().expose();
    let file = stage.home.file("token", token);
    let mut run = Mps::at(&stage.home)
        .args([
            "list-apps",
            "--graph-url",
            url,
            "--partner-app-id",
            PARTNER,
            "--user-token-file",
        ])
        .arg(file)
        .secret(token);
    for var in mps::testing::env::ALL {
        run = run.env(var.name, "");
    }
    run.run()
        .code(0)
        .stdout(APPS.map(|id| format!("{id}\n")).concat());
}

#[test]
fn an_option_beats_the_environment() {
    let stage = Stage::new();
    let run = dry_run(&stage)
        .env("MPS_NAME", "{app_id} by env")
        .env("MPS_PARTNER_NAME", "Env")
        .args(["--json"])
        .run();
    run.code(0).stdout_has("212022489970390 by env");
    let run = dry_run(&stage)
        .env("MPS_NAME", "{app_id} by env")
        .env("MPS_PARTNER_NAME", "Env")
        .args([
            "--json",
            "--name",
            "{app_id} {partner_name}",
            "--partner-name",
            "Option",
        ])
        .run();
    run.code(0).stdout_has("212022489970390 Option");
}

#[test]
fn a_bad_value_is_named_by_where_it_stands() {
    let stage = Stage::new();
    let requests = stage.requests();
    for (name, value) in [
        ("MPS_JOBS", "many"),
        ("MPS_MESSAGING", "nobody"),
        ("MPS_NAME", "{who}"),
        ("MPS_PARTNER_APP_ID", "x"),
        ("MPS_API_VERSION", "x"),
        ("MPS_GRAPH_URL", "x"),
        ("MPS_LOOK_PAUSES", "x"),
    ] {
        dry_run(&stage)
            .env(name, value)
            .run()
            .code(2)
            .stdout("")
            .stderr_has(name);
    }
    assert_eq!(stage.requests(), requests);
}

#[test]
fn another_host_comes_from_no_environment() {
    let home = Home::new();
    let run = Mps::at(&home)
        .args(["list-apps"])
        .env("MPS_GRAPH_URL", "https://graph.example.com")
        .env("MPS_USER_TOKEN", "EAATESTuserTOKEN0123456789abcdef")
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .run();
    run.code(2)
        .stdout("")
        .stderr_has("MPS_GRAPH_URL")
        .stderr_has("--graph-url");
    for url in [
        "http://graph.example.com",
        "http://graph.facebook.com",
        "ftp://127.0.0.1",
    ] {
        let run = Mps::at(&home)
            .args(["list-apps", "--graph-url", url])
            .env("MPS_USER_TOKEN", "EAATESTuserTOKEN0123456789abcdef")
            .env("MPS_PARTNER_APP_ID", PARTNER)
            .run();
        run.code(2).stdout("").stderr_has("--graph-url");
    }
    let run = Mps::at(&home)
        .args(["create", "--app-id", "1"])
        .env("MPS_LOOK_PAUSES", "0")
        .env("MPS_USER_TOKEN", "EAATESTuserTOKEN0123456789abcdef")
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .run();
    run.code(2).stdout("").stderr_has("MPS_LOOK_PAUSES");
}

#[test]
fn every_line_of_json_talk_is_an_object_and_the_error_is_the_last() {
    let stage = Stage::new();
    for (args, code) in [
        (&["create", "--all", "--json"][..], 0),
        (&["onboard", "--all", "--yes", "--json"], 0),
        (&["create", "--app-id", "99", "--json"], 1),
        (&["accept", "--json", "1", "795033096057724"], 3),
        (&["accept", "--json", "x"], 2),
        (&["accept", "--json"], 2),
        (&["--json", "no-such-command"], 2),
        (&["list-apps", "--json", "-vv"], 0),
    ] {
        let run = stage.mps(args.iter().copied()).run();
        run.code(code);
        let lines = run.stderr_json_lines();
        run.json_lines();
        let errors = lines
            .iter()
            .filter(|line| line.get("error").is_some())
            .count();
        assert_eq!(errors, usize::from(code != 0), "{run}");
        if code != 0 {
            let error = run.error();
            assert_eq!(error["exit_code"], code);
            let keys: Vec<_> = error
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            let all = [
                "kind",
                "exit_code",
                "message",
                "causes",
                "hint",
                "code",
                "subcode",
                "fbtrace_id",
                "run_id",
                "log",
            ];
            assert_eq!(keys, all);
        }
    }
}

#[test]
fn quiet_is_quiet() {
    let stage = Stage::new();
    let banner = |run: &crate::support::Outcome| {
        let lines: Vec<_> = run.stderr_text().lines().map(str::to_owned).collect();
        assert!(
            lines.len() == 1 && lines[0].contains("SANDBOX 127.0.0.1:"),
            "{run}"
        );
    };
    for args in [
        &["create", "--all", "-q"][..],
        &["onboard", "--all", "--yes", "-q"],
        &["onboard", "--all", "--dry-run", "--quiet"],
        &["list-apps", "-q"],
    ] {
        let run = stage.mps(args.iter().copied()).run();
        run.code(0);
        assert_eq!(run.lines().len(), 3);
        banner(&run);
    }
    let json = stage
        .mps(["onboard", "--all", "--yes", "-q", "--json"])
        .run();
    json.code(0);
    assert_eq!(json.stderr_json_lines().len(), 1);
    stage
        .mps(["create", "--app-id", "99", "-q"])
        .run()
        .code(1)
        .stderr_has("error: ");
    // A question needs its plan.
    let stage = Stage::new();
    let terminal = stage
        .mps(["onboard", "--all", "-q"])
        .on_terminal_of(140, 50);
    terminal
        .sees("looked at")
        .sees("Create 3 solutions, and accept 3?")
        .answers("y");
    terminal
        .finish()
        .code(0)
        .stderr_lacks("extras.setup.solutionID");
}

#[test]
fn the_host_is_said_by_every_command_and_stands_in_every_line() {
    let stage = Stage::new();
    let host = stage.sandbox.url().trim_start_matches("http://").to_owned();
    stage.seed_status(0, "INITIATED");
    for args in [
        &["list-apps", "--json"][..],
        &["create", "--all", "--json"],
        &["accept", "--json", "795033096057724"],
        &["onboard", "--all", "--yes", "--json"],
        &["handoff", "--json", "795033096057724"],
        &["history", "--events", "--json"],
        &["resume", "--yes", "--json"],
    ] {
        let run = stage.mps(args.iter().copied()).run();
        run.code(0);
        let banner = format!("SANDBOX {host}");
        let said = run
            .stderr_json_lines()
            .iter()
            .filter(|line| line["status"] == banner.as_str())
            .count();
        assert_eq!(said, 1, "{args:?}\n{run}");
        assert!(
            run.json_lines()
                .iter()
                .all(|line| line["host"] == host.as_str()),
            "{args:?}\n{run}"
        );
    }
}

#[test]
fn a_failed_line_carries_its_error() {
    let stage = Stage::new();
    stage.seed_status(0, "INITIATED");
    let run = stage
        .mps(["accept", "--json", "1", "795033096057724"])
        .run();
    run.code(3);
    let lines = run.json_lines();
    let failed: &Value = lines
        .iter()
        .find(|line| line["outcome"] == "failed")
        .unwrap();
    assert_eq!(
        (&failed["solution_id"], &failed["error"]["code"]),
        (&"1".into(), &100.into())
    );
    stage
        .mps(["accept", "1", "795033096057724"])
        .run()
        .code(3)
        .stdout("795033096057724\n");
}

#[test]
fn a_stdout_that_nobody_reads_stops_the_run_says_what_is_left_and_loses_nothing() {
    let stage = Stage::new();
    let run = stage
        .mps(["create", "--all", "--jobs", "1", "--quiet"])
        .stdout_closed()
        .run();
    run.code(1)
        .stderr_has("stdout was closed before all was done")
        .stderr_lacks("panic");
    let made = stage.calls("create");
    assert!(
        (1..=2).contains(&made),
        "no new write after the pipe was shut: {made}"
    );
    let again = stage.mps(["create", "--all", "--json"]).run();
    again.code(0);
    let existing = again
        .json_lines()
        .iter()
        .filter(|line| line["outcome"] == "existing")
        .count();
    assert_eq!(existing as u64, made, "what was made is written down");
    stage
        .shell("mps list-apps | head -n 1")
        .run()
        .code(0)
        .stdout(format!("{}\n", APPS[0]));
}

#[test]
fn a_full_disk_behind_stdout_is_said_and_loses_nothing() {
    let stage = Stage::new();
    let run = stage
        .mps(["create", "--all", "--json", "--jobs", "1"])
        .stdout_to("/dev/full")
        .run();
    run.code(1);
    assert_eq!(run.error()["kind"], "io");
    let made = stage.calls("create");
    assert!((1..=2).contains(&made), "{made}");
    stage
        .mps(["list-apps"])
        .stdout_to("/dev/full")
        .run()
        .code(1)
        .stderr_has("could not write to stdout");
    stage.mps(["--help"]).stdout_to("/dev/full").run().code(1);
}

#[test]
fn a_token_is_masked_on_a_terminal_in_every_form() {
    let stage = Stage::new();
    let token = stage.sandbox.user_token().secret().expose().to_owned();
    for json in [None, Some("--json")] {
        let paste = || {
            stage
                .mps(["serve-button", "--paste"])
                .args(json)
                .stdin(&token)
        };
        paste()
            .stdout_may_hold_token()
            .run()
            .code(0)
            .stdout_has(&token);
        // The kit fails when the token shows.
        let terminal = paste().secret(&token).on_terminal().finish();
        terminal.code(0).stderr_has("EAA");
    }
}
