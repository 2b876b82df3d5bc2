//! `mps clients`: each client's account with the solution that onboarded it.

use serde_json::{Value, json};

use crate::stage::{SOLUTIONS, Stage};

/// Our portfolio in the sandbox, and the Tech Provider's.
const OURS: &str = "--business=104996122399160";
const THEIRS: &str = "--through=318120947766005";
/// The account that was shared without a solution, and the first two solutions' accounts.
const ACCOUNTS: [&str; 3] = ["102290129340398", "102290129347411", "102290129354424"];

#[test]
fn each_account_stands_under_its_solution() {
    let stage = Stage::of(&["ACTIVE", "REJECTED"]);
    let run = stage.mps(["clients", OURS]).run();
    run.code(0)
        .stdout(format!(
            "{}\n{}\t{}\n",
            ACCOUNTS[0], ACCOUNTS[1], SOLUTIONS[0]
        ))
        .stderr_has("1 account is under no solution")
        .stderr_has("mps clients --help");
    let run = stage.mps(["clients", OURS, THEIRS, "--json"]).run();
    run.code(0);
    let line = run.json();
    let told = ["account_id", "solution_id", "status", "pending", "shown"].map(|name| &line[name]);
    assert_eq!(
        told,
        [
            &json!(ACCOUNTS[1]),
            &json!(SOLUTIONS[0]),
            &json!("ACTIVE"),
            &json!("NONE"),
            &json!(true)
        ]
    );
    let run = stage.mps(["clients", OURS, "--through=7"]).run();
    run.code(0).stdout("");
    let run = stage.mps(["clients", OURS, "--csv"]).run();
    run.code(0);
    let lines = run.lines();
    assert!(
        lines[0].starts_with("account_id,account_name,solution_id"),
        "{run}"
    );
    assert_eq!(lines.len(), 3, "{run}");
    stage
        .mps(["--json", "clients", OURS, "--csv"])
        .run()
        .code(2);
    let help = stage.mps(["clients", "--help"]).run();
    help.code(0)
        .stdout_has("200 new clients in seven days")
        .stdout_has("mps api POST WABA_ID/set_solution_migration_intent");
}

#[test]
fn all_pages_are_read() {
    let stage = Stage::new();
    for _ in 0..130 {
        stage.seed(&json!({"status": "ACTIVE"}));
    }
    let run = stage.mps(["clients", OURS, "--json"]).run();
    run.code(0);
    let lines = run.json_lines();
    assert_eq!(lines.len(), 131);
    let under = |line: &&Value| !line["solution_id"].is_null();
    assert_eq!(lines.iter().filter(under).count(), 130);
    assert_eq!(stage.calls("client_accounts"), 2);
}

/// One account whose solutions Meta does not show hides no other.
#[test]
fn what_meta_does_not_show_is_told_and_not_taken_for_none() {
    let stage = Stage::of(&["ACTIVE", "ACTIVE"]);
    let denied = mps::testing::sandbox::Rule {
        nth: 2,
        ..mps::testing::sandbox::Rule::new(
            mps::testing::sandbox::Operation::AccountSolutions,
            mps::testing::sandbox::Fault::Denied { code: 200 },
        )
    };
    stage.rules([denied]);
    let run = stage.mps(["clients", OURS, "--json"]).run();
    run.code(0)
        .stderr_has("Meta does not show the solutions of account");
    let shown: Vec<_> = run
        .json_lines()
        .iter()
        .map(|line| line["shown"].clone())
        .collect();
    assert_eq!(shown.len(), 3);
    assert_eq!(
        shown.iter().filter(|shown| **shown == false).count(),
        1,
        "{run}"
    );
    // A portfolio that is not ours.
    stage
        .mps(["clients", "--business", "77"])
        .run()
        .code(1)
        .stdout("");
}

#[test]
fn the_solutions_of_one_account() {
    let stage = Stage::of(&["ACTIVE", "ACTIVE"]);
    let account = format!("--waba={}", ACCOUNTS[2]);
    let run = stage.mps(["list", &account]).run();
    run.code(0).stdout(format!("{}\n", SOLUTIONS[1]));
    let run = stage.mps(["list", &account, "--json"]).run();
    run.code(0);
    assert_eq!(run.json()["status"], "ACTIVE");
    let alone = format!("--waba={}", ACCOUNTS[0]);
    stage.mps(["list", &alone]).run().code(0).stdout("");
    // An account that no portfolio of ours was given.
    let run = stage.mps(["list", "--waba=77"]).run();
    run.code(1).stdout("").stderr_has("account 77");
    stage.mps(["list", &alone, "--role=owner"]).run().code(2);
}
