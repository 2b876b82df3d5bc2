//! `mps onboard --from`: several Tech Providers whose tokens are there.

use mps::testing::sandbox::{Fault, Operation, Rule};
use serde_json::{Value, json};

use crate::{
    stage::{APPS, SOLUTIONS, Stage},
    support::Mps,
};

/// The file, in which `TOKEN` stands for the file of the token.
fn from(stage: &Stage, file: &str, more: &[&str]) -> Mps {
    let token = stage.sandbox.user_token().secret().expose();
    let token = stage.home.file("user.token", token);
    let file = file.replace("TOKEN", token.to_str().unwrap());
    let file = stage.home.file("from.csv", file);
    let args = ["onboard", "--from", file.to_str().unwrap()];
    stage
        .mps_without(&["MPS_USER_TOKEN"], args)
        .args(more)
        .env("MPS_JOBS", "1")
}

/// What the rows say: label, line, app and outcome.
fn said(lines: &[Value]) -> Vec<[Value; 4]> {
    let mut said: Vec<_> = lines
        .iter()
        .map(|line| ["ref", "line", "app_id", "outcome"].map(|key| line[key].clone()))
        .collect();
    said.sort_by_key(|row| (row[1].as_u64(), row[2].to_string()));
    said
}

#[test]
fn each_line_is_a_tech_provider_of_their_own() {
    let stage = Stage::new();
    let file = format!(
        "ref,user_token_file,app_ids\nacme,TOKEN,{}\nbolt,TOKEN,{} {}\n",
        APPS[0], APPS[1], APPS[2]
    );
    let plan = from(&stage, &file, &["--dry-run", "--json"]).run();
    let would = json!("would_create");
    let lines = |outcome: &Value| {
        [
            [json!("acme"), json!(2), json!(APPS[0]), outcome.clone()],
            [json!("bolt"), json!(3), json!(APPS[1]), outcome.clone()],
            [json!("bolt"), json!(3), json!(APPS[2]), outcome.clone()],
        ]
    };
    assert_eq!(said(&plan.code(0).json_lines()), lines(&would));
    assert_eq!(stage.writes(), 0);
    from(&stage, &file, &[]).run().code(2).stderr_has("--yes");
    let run = from(&stage, &file, &["--yes", "--json"]).run();
    assert_eq!(said(&run.code(0).json_lines()), lines(&json!("onboarded")));
    let again = from(&stage, &file, &["--yes"]).run();
    assert_eq!(again.code(0).lines().len(), 3);
    again
        .stderr_has("mps handoff --for acme")
        .stderr_has("mps handoff --for bolt");
    assert_eq!((stage.calls("create"), stage.calls("accept")), (3, 3));
    let handoff = stage.mps(["handoff", "--for", "bolt"]).run();
    handoff
        .code(0)
        .stdout_has(SOLUTIONS[1])
        .stdout_lacks(SOLUTIONS[0]);
    let history = stage.mps(["history", "--for", "acme", "--json"]).run();
    assert!(
        history
            .code(0)
            .json_lines()
            .iter()
            .all(|line| line["ref"] == "acme")
    );
}

#[test]
fn bad_lines_are_told_before_anything_is_sent_and_the_others_go_on() {
    let stage = Stage::new();
    let dead = stage.home.file("dead.token", "EAAdeadTOKEN0123456789");
    let bad = format!(
        "ref,user_token_file,app_ids\n,TOKEN,{0}\nnone,,{0}\nlost,{1}/lost.token,{0}\nodd,TOKEN,abc\nstdin,-,{0}\n",
        APPS[0],
        stage.home.path().display(),
    );
    let run = from(&stage, &bad, &["--yes", "--json"]).run();
    run.any_code();
    assert!(
        run.json_lines()
            .iter()
            .all(|line| line["outcome"] == "failed")
    );
    assert_eq!(run.json_lines().len(), 5);
    assert_eq!(stage.requests(), 0);

    let file = format!(
        "{bad}dead,{},{}\nfar,TOKEN,999\nmany,TOKEN,\nacme,TOKEN,{}\n",
        dead.display(),
        APPS[0],
        APPS[0]
    );
    let run = from(&stage, &file, &["--yes"])
        .secret("EAAdeadTOKEN0123456789")
        .run();
    run.code(3).stdout(format!("{}\n", SOLUTIONS[0]));
    for (line, why) in [
        (2, "a label is empty"),
        (3, "user_token_file is missing"),
        (4, "lost.token"),
        (5, "is not an id"),
        (6, "no stdin of its own"),
        (7, ""),
        (8, "app 999 was not granted"),
        (9, "several apps were granted"),
    ] {
        let mut talk = run.stderr_text().lines();
        let said = talk.find(|said| said.contains(&format!("line {line}: ")));
        assert!(said.is_some_and(|said| said.contains(why)), "{line}: {run}");
    }
    assert_eq!(stage.writes(), 2);
}

#[test]
fn a_token_in_place_of_its_files_name_is_called_that_and_shown_nowhere() {
    let stage = Stage::new();
    let token = "EAAtypedINTOtheLIST0123456789";
    for typed in [token.to_owned(), format!("tokens/{token}")] {
        let file = format!("ref,user_token_file,app_ids\nacme,{typed},{}\n", APPS[0]);
        let run = from(&stage, &file, &["--yes", "--json"])
            .secret(token)
            .run();
        run.any_code();
        let [line] = run.json_lines().try_into().expect("a line");
        let error: &Value = &line["error"];
        if typed == token {
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("user_token_file holds a token"), "{line}");
        }
        // No variable stands in for one line of several.
        assert!(
            !error["hint"].to_string().contains("MPS_USER_TOKEN"),
            "{line}"
        );
    }
    assert_eq!(stage.requests(), 0);
}

#[test]
fn the_plan_says_what_is_proven_of_each_lines_token() {
    let stage = Stage::new();
    let file = format!("ref,user_token_file,app_ids\nacme,TOKEN,{}\n", APPS[0]);
    from(&stage, &file, &[])
        .run()
        .code(2)
        .stderr_has("add --yes, or look first with --dry-run");
    from(&stage, &file, &["--dry-run"])
        .run()
        .code(0)
        .stderr_has("proven: user 10229876543210987, of our app, with manage_app_solution");
}

#[test]
fn what_the_invitation_expects_counts_for_a_line_that_names_no_app() {
    let stage = Stage::new();
    let invite = [
        "invite",
        "--for",
        "acme",
        "--app-id",
        APPS[2],
        "--public-url",
        "https://mps.example.com",
    ];
    stage.mps(invite).run().code(0);
    let run = from(
        &stage,
        "ref,user_token_file\nacme,TOKEN\n",
        &["--yes", "--json"],
    )
    .run();
    let lines = run.code(0).json_lines();
    assert_eq!(
        said(&lines),
        [[json!("acme"), json!(2), json!(APPS[2]), json!("onboarded")]]
    );
}

#[test]
fn one_that_fails_at_meta_stops_no_other() {
    let stage = Stage::new();
    let refused = Rule {
        times: 1,
        ..Rule::new(Operation::Create, Fault::Denied { code: 200 })
    };
    stage.rules([refused]);
    let file = format!(
        "{{\"ref\":\"acme\",\"user_token_file\":\"TOKEN\",\"app_ids\":\"{}\"}}\n{{\"ref\":\"bolt\",\"user_token_file\":\"TOKEN\",\"app_ids\":[\"{}\"]}}\n",
        APPS[0], APPS[1]
    );
    let run = from(&stage, &file, &["--yes", "--json"]).run();
    let outcomes: Vec<Value> = said(&run.code(3).json_lines())
        .into_iter()
        .map(|[.., outcome]| outcome)
        .collect();
    assert!(
        outcomes.contains(&json!("failed")) && outcomes.contains(&json!("onboarded")),
        "{run}"
    );
}

#[test]
fn what_does_not_go_with_it() {
    let stage = Stage::new();
    let file = "ref,user_token_file\nacme,TOKEN\n";
    for more in [
        &["--for", "acme"][..],
        &["--app-id", APPS[0]],
        &["--handoff", "x"],
        &["--sandbox"],
        &["--paste"],
        &["--user-token-file", "x"],
        &["--accept-anyone"],
    ] {
        from(&stage, file, &["--yes"])
            .args(more)
            .run()
            .code(2)
            .stdout("");
    }
    assert_eq!(stage.requests(), 0);
}

#[test]
fn a_line_that_came_to_no_app_has_no_empty_row_on_a_terminal() {
    let stage = Stage::new();
    let file = format!(
        "ref,user_token_file,app_ids\nacme,TOKEN,{}\nbolt,nowhere,\n",
        APPS[0]
    );
    let run = from(&stage, &file, &["--yes"]).on_terminal().finish();
    run.code(3)
        .stderr_has("failed: line 3")
        .stderr_has("1 of 2 failed");
    let rows = run.stderr_text().lines().map(str::trim);
    assert_eq!(rows.filter(|row| *row == "failed").count(), 0, "{run}");
}
