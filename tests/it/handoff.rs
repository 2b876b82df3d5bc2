//! `mps handoff`, from outside.

use serde_json::json;

use crate::{
    stage::{APPS, PARTNER, SOLUTIONS, Stage, solution},
    support::{Mps, SYSTEM, Script},
};

#[test]
fn the_message_in_each_format() {
    let stage = Stage::new();
    stage.seed_status(0, "ACTIVE");
    stage.seed_status(1, "INITIATED");
    let text = stage.mps(["handoff", SOLUTIONS[0]]).run();
    text.code(0)
        .stdout_has("is active with Brightline Messaging")
        .stdout_has("Lucky Shrub  795033096057724  From before");
    let markdown = stage
        .mps([
            "handoff",
            "--format",
            "markdown",
            SOLUTIONS[0],
            SOLUTIONS[1],
        ])
        .run();
    markdown
        .code(0)
        .stdout_has("| Jasper's Market | `795033096058733` | From before | INITIATED |");
    let format = stage
        .mps(["handoff", "--format", "json", SOLUTIONS[0]])
        .run();
    let option = stage.mps(["handoff", "--json", SOLUTIONS[0]]).run();
    format.code(0);
    option.code(0);
    assert_eq!(
        option.json()["host"],
        stage.sandbox.url().trim_start_matches("http://")
    );
    for run in [format, option] {
        assert_eq!(
            run.json()["solutions"],
            json!([{"solution_id": SOLUTIONS[0], "solution_name": "From before", "app_name": "Lucky Shrub", "app_id": APPS[0],
                "status": "ACTIVE"}])
        );
    }
}

#[test]
fn in_the_tech_providers_language_and_as_a_mail() {
    let stage = Stage::new();
    stage.seed_status(0, "ACTIVE");
    stage.seed_status(1, "INITIATED");
    let handoff = |args: &[&str]| stage.mps(["handoff"]).args(args).run();
    handoff(&["--lang", "pt", SOLUTIONS[0]])
        .code(0)
        .stdout_has("está ativa")
        .stdout_has("extras.setup.solutionID");
    handoff(&["--lang", "es", SOLUTIONS[1]])
        .code(0)
        .stdout_has("todavía tenemos que aceptarla")
        .stdout_has("Espera con lo que todavía no está ACTIVE");
    let env = handoff(&["--format", "env", SOLUTIONS[0], SOLUTIONS[1]]);
    env.code(0);
    let set: Vec<_> = env.lines();
    let set: Vec<_> = set.iter().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(set, [&format!("SOLUTION_ID_{}={}", APPS[0], SOLUTIONS[0])]);
    let mail = handoff(&["--format", "eml", "--lang", "fr", SOLUTIONS[0]]);
    mail.code(0)
        .stdout_has("X-Unsent: 1\r\n")
        .stdout_has("Content-Language: fr\r\n")
        .stdout_has(SOLUTIONS[0]);
    handoff(&["--lang", "de", SOLUTIONS[0]])
        .code(2)
        .stderr_has("--lang: \"de\" is none of the languages en, es, pt-BR, fr, id, hi");
    crate::profile::profile(&stage.home, "default", "lang = \"hi\"\n");
    handoff(&[SOLUTIONS[0]]).code(0).stdout_has("एक्टिव है");
}

#[test]
fn what_is_missing_is_found_before_anything_is_sent() {
    let stage = Stage::new();
    stage
        .mps_without(&["MPS_SYSTEM_TOKEN"], ["handoff", "1"])
        .run()
        .code(4)
        .stdout("");
    stage
        .mps_without(&["MPS_PARTNER_APP_ID"], ["handoff", "1"])
        .run()
        .code(2)
        .stdout("");
    stage.mps(["handoff"]).run().code(2).stdout("");
    assert_eq!(stage.requests(), 0);
    stage.mps(["handoff", "1"]).run().code(1).stdout("");
}

#[test]
fn names_from_outside_do_not_command_the_terminal() {
    let mut hostile = solution("795", "42", PARTNER, "ACTIVE");
    hostile["name"] = "evil \u{1b}[2J \u{202e}name".into();
    let served = Script::new()
        .on("GET", "/795")
        .token(SYSTEM)
        .reply(200, hostile)
        .times(3)
        .serve();
    let mps = |args: &[&str]| {
        Mps::new()
            .args(["handoff", "795"])
            .args(args)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("MPS_PARTNER_APP_ID", PARTNER)
            .env("MPS_PARTNER_NAME", "Acme")
            .against(&served)
    };
    let terminal = mps(&[]).on_terminal().finish();
    terminal.code(0).stderr_has("evil  [2J name");
    let json = mps(&["--json"]).on_terminal().finish();
    json.code(0).stderr_has(r"evil \u001b[2J \u202ename");
    mps(&[]).run().code(0).stdout_has("evil  [2J name");
}
