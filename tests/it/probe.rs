//! What a first contact with Meta writes down, against the sandbox in several characters.
//!
//! The one decision: what the report says of nobody is tried by searching it for everything that there is.

use std::fs;

use mps::testing::sandbox::{Fault, Faults, Operation, Rule, SandboxConfig};

use crate::stage::{APPS, PARTNER, Stage};

fn stage(faults: Faults) -> Stage {
    Stage::with(SandboxConfig {
        faults,
        ..SandboxConfig::default()
    })
}

/// The part of a report that answers a question.
fn answer(report: &str, number: u8) -> String {
    let begin = report
        .find(&format!("\n## {number}. "))
        .expect("the question");
    let rest = &report[begin + 1..];
    rest[..rest.find("\n## ").unwrap_or(rest.len())].to_owned()
}

/// Neither tokens nor names nor ids.
fn says_nothing_of_anybody(stage: &Stage, report: &str) {
    let state = stage.sandbox.state();
    let mut known: Vec<String> = vec![PARTNER.to_owned()];
    known.extend(APPS.iter().map(ToString::to_string));
    known.extend(
        stage
            .vars()
            .into_iter()
            .filter(|(name, _)| name.ends_with("TOKEN") || name.ends_with("SECRET"))
            .map(|(_, value)| value),
    );
    for solution in state["solutions"].as_array().into_iter().flatten() {
        for field in ["id", "name"] {
            known.extend(solution[field].as_str().map(str::to_owned));
        }
    }
    known.extend(["Lucky Shrub", "Jasper", "Brightline"].map(str::to_owned));
    assert!(known.len() > 8, "{known:?}");
    for one in known {
        assert!(!report.contains(&one), "{one} is in it:\n{report}");
    }
}

fn probe(stage: &Stage, args: &[&str], code: i32) -> String {
    let file = stage.home.path().join("report.md");
    let file = file.display().to_string();
    let args = args.iter().copied().chain(["--probe", &file]);
    let run = stage.mps(args).run();
    run.code(code).stderr_has("What Meta answered is in");
    fs::read_to_string(&file).expect("the report")
}

#[test]
fn doctor_asks_by_reads_alone_and_says_what_they_mean() {
    let stage = Stage::of(&["ACTIVE", "INITIATED"]);
    let writes = stage.writes();
    let report = probe(&stage, &["doctor", "--port", "0"], 0);
    assert_eq!(stage.writes(), writes, "nothing is made for it");
    says_nothing_of_anybody(&stage, &report);
    for (question, said) in [
        (1, "mps looks on both sides"),
        (2, "`--messaging both`, the default, works"),
        (3, "Only an accept tells"),
        (6, "Both lists show the same apps"),
        (7, "manage_app_solution"),
        (8, "x-app-usage"),
        (9, "answers alike"),
    ] {
        let answer = answer(&report, question);
        assert!(answer.contains(said), "{question}: {answer}");
    }
    assert!(
        report.contains("GET /v26.0/<our app>/whatsapp_business_solutions?"),
        "{report}"
    );
    assert!(
        report.contains("GET /v27.0/<our app>/whatsapp_business_solutions?"),
        "{report}"
    );
}

#[test]
fn a_meta_that_refuses_the_owners_listing() {
    let stage = stage(Faults {
        rules: vec![Rule {
            role: Some("OWNER".to_owned()),
            times: 0,
            ..Rule::new(Operation::List, Fault::Denied { code: 10 })
        }],
        ..Faults::default()
    });
    let report = probe(&stage, &["doctor", "--port", "0"], 0);
    says_nothing_of_anybody(&stage, &report);
    let answer = answer(&report, 1);
    assert!(answer.contains("code 10"), "{answer}");
    assert!(
        answer.contains("mps looks on our side, with the system token"),
        "{answer}"
    );
}

#[test]
fn a_meta_that_wants_messaging_on_one_side() {
    let stage = stage(Faults {
        one_side_messaging: true,
        ..Faults::default()
    });
    let report = probe(&stage, &["onboard", "--all", "--yes"], 1);
    says_nothing_of_anybody(&stage, &report);
    let answer = answer(&report, 2);
    assert!(
        answer.contains("code 100") && answer.contains("--messaging partner"),
        "{answer}"
    );
}

#[test]
fn onboard_notes_its_own_writes_on_a_meta_that_lags() {
    let stage = stage(Faults {
        listing_lag: 2,
        read_lag: 2,
        ..Faults::default()
    });
    let report = probe(&stage, &["onboard", "--all", "--yes"], 0);
    says_nothing_of_anybody(&stage, &report);
    assert!(
        answer(&report, 2).contains("the default, works"),
        "{report}"
    );
    assert!(
        answer(&report, 3).contains("Accept takes a body"),
        "{report}"
    );
    assert!(
        report.contains("POST /v26.0/<15 digits>/accept"),
        "{report}"
    );
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_asked() {
    let stage = Stage::new();
    let run = stage
        .mps(["onboard", "--all", "--yes", "--probe", "/nowhere/report.md"])
        .run();
    run.code(1)
        .stderr_has("--probe: cannot write /nowhere/report.md");
    assert_eq!(stage.requests(), 0);
}

#[test]
fn one_check_alone_asks_meta_only_where_it_must() {
    let stage = Stage::new();
    let run = stage.mps(["doctor", "--check", "journal", "--json"]).run();
    let rows = run.json_lines();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["check"], "journal");
    run.code(0);
    assert_eq!(stage.requests(), 0);
    let run = stage.mps(["doctor", "--check", "network", "--json"]).run();
    run.code(0);
    assert_eq!(run.json_lines()[0]["check"], "network");
    assert!(stage.requests() > 0);
    let run = stage.mps(["doctor", "--check", "weather"]).run();
    run.code(2)
        .stderr_has("there is no check \"weather\"")
        .stderr_has("mps doctor --json names them all");
}
