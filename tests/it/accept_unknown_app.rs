//! `mps accept` where no setting tells our app's id.
//!
//! The one decision: what Meta says of the system token is as good as a setting; where Meta says nothing, no id is
//! made up, and nothing is accepted but with `--no-check`, which is said once.

use serde_json::json;

use crate::{
    stage::{PARTNER, SOLUTIONS, Stage, solution},
    support::{Mps, SYSTEM, Script, Served},
};

/// What is told once where nobody knows our app's id.
const UNKNOWN: &str = "our app's id is not known";

fn accept_without_id(served: &Served) -> Mps {
    Mps::new()
        .args(["accept", "--json"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .against(served)
}

/// The system token asks Meta what it is itself.
fn asked_of_itself() -> Script {
    Script::new()
        .on("GET", "/debug_token")
        .token(SYSTEM)
        .query("input_token", SYSTEM)
}

#[test]
fn our_app_id_is_what_the_system_tokens_app_is() {
    let about = json!({"data": {"app_id": PARTNER, "type": "SYSTEM_USER", "is_valid": true,
        "user_id": "104169029247128", "scopes": ["manage_app_solution"]}});
    let served = asked_of_itself()
        .reply(200, about.clone())
        .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
        .reply(
            200,
            json!({"data": [solution("795", "42", PARTNER, "INITIATED")]}),
        )
        .on("GET", "/795")
        .reply(200, solution("795", "42", PARTNER, "INITIATED"))
        .reply(200, solution("795", "42", PARTNER, "ACTIVE"))
        .on("POST", "/795/accept")
        .body(json!({"partner_app_id": PARTNER}))
        .reply(200, json!({"success": true}))
        .serve();
    let run = accept_without_id(&served).arg("795").run();
    run.code(0).stderr_lacks(UNKNOWN);
    // What is not that app's is refused as always.
    let served = asked_of_itself()
        .reply(200, about)
        .on("GET", "/795")
        .reply(200, solution("795", "42", "7", "INITIATED"))
        .serve();
    let run = accept_without_id(&served).arg("795").run();
    run.code(1).stdout_has("is not the partner of solution 795");
}

#[test]
fn without_our_app_id_nothing_is_accepted_that_is_to_be_checked() {
    let stage = Stage::of(&["INITIATED"]);
    let without = ["MPS_PARTNER_APP_ID", "MPS_APP_SECRET"];
    for more in [&[][..], &["--dry-run"], &["--yes"]] {
        let run = stage.mps_without(&without, ["accept", SOLUTIONS[0]]);
        let run = run.args(more).run();
        run.code(4)
            .stdout("")
            .stderr_has(UNKNOWN)
            .stderr_has("--partner-app-id");
    }
    assert_eq!(stage.writes(), 0);
}

#[test]
fn unchecked_no_body_is_sent_and_that_is_said_once() {
    let stage = Stage::of(&["INITIATED", "INITIATED"]);
    let without = ["MPS_PARTNER_APP_ID", "MPS_APP_SECRET"];
    let run = stage
        .mps_without(&without, ["accept", "--no-check", "--jobs", "1"])
        .args(&SOLUTIONS[..2])
        .run();
    run.code(0)
        .stdout(format!("{}\n{}\n", SOLUTIONS[0], SOLUTIONS[1]))
        .stderr_has("MPS_PARTNER_APP_ID");
    assert_eq!(run.stderr_text().matches(UNKNOWN).count(), 1, "{run}");
    assert_eq!(stage.statuses(), ["ACTIVE", "ACTIVE"]);
    let history = stage.mps(["history", "--events", "--json"]).run();
    history.code(0);
    let accepts: Vec<_> = history
        .json_lines()
        .into_iter()
        .filter(|line| line["call"] == "accept" && line["outcome"] == "ok")
        .collect();
    assert_eq!(accepts.len(), 2, "{history}");
    for accept in accepts {
        assert_eq!(accept["partner_app_id"], json!(null));
    }
    // The request itself has no body; nothing is read.
    let served = asked_of_itself()
        .reply_error(400, 100, "You must provide an app access token")
        .on("POST", "/795/accept")
        .no_body()
        .reply(200, json!({"success": true}))
        .serve();
    let run = accept_without_id(&served).args(["--no-check", "795"]).run();
    run.code(0).stderr_has(UNKNOWN);
}

#[test]
fn whoever_accepts_with_an_unknown_app_id_is_told_before_saying_yes() {
    let stage = Stage::of(&["INITIATED"]);
    let without = ["MPS_PARTNER_APP_ID", "MPS_APP_SECRET"];
    let accept = ["accept", "--no-check", SOLUTIONS[0]];
    let terminal = stage.mps_without(&without, accept).on_terminal();
    terminal
        .sees(UNKNOWN)
        .sees("This cannot be undone.")
        .answers("n");
    terminal.finish().code(1);
    let dry = stage.mps_without(&without, accept).arg("--dry-run").run();
    dry.code(0).stderr_has(UNKNOWN);
    assert_eq!(stage.writes(), 0);
}
