//! `mps resume --dry-run`: the plan is what the run does.
//!
//! The one decision: each kind of row is made as it comes about in life, planned, taken up, and both are compared,
//! app by app; the plan sends no write and leaves the journal as it is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    once_world::{Moment, World},
    resume::killed_at,
    support::Home,
};

/// What a plan says, and what a run said that kept to it.
fn kept(planned: &str, done: &str) -> bool {
    match planned {
        "would_create" | "would_accept" => ["created", "onboarded"].contains(&done),
        // What a run looks for ten minutes, a plan cannot tell.
        "would_look_for_it" => ["created", "onboarded", "failed"].contains(&done),
        same => same == done,
    }
}

fn by_app(lines: Vec<Value>) -> BTreeMap<String, Value> {
    let app = |line: &Value| line["app_id"].as_str().unwrap().to_owned();
    lines.into_iter().map(|line| (app(&line), line)).collect()
}

/// Plans, takes up, and compares; what was planned, in the order of the apps.
fn compare(world: &World, what: &str, token: Option<&str>) -> Vec<String> {
    let mps = |command: &str| {
        let mps = world.mps(command);
        match token {
            Some(token) => mps.env("MPS_USER_TOKEN", token),
            None => mps,
        }
    };
    let writes = |world: &World| ["create", "accept", "reject"].map(|call| world.calls(call));
    let before = (writes(world), format!("{:?}", world.rows()));
    let plan = mps("resume --dry-run --json").run();
    assert_eq!(
        (writes(world), format!("{:?}", world.rows())),
        before,
        "{what}: a plan writes nothing"
    );
    let run = mps("resume --yes --json --jobs 1").run();
    let waits = plan.stdout_text().contains("would_look_for_it");
    let codes = (plan.any_code(), run.any_code());
    assert!(waits || codes.0 == codes.1, "{what}\n{plan}\n{run}");
    let (planned, done) = (by_app(plan.json_lines()), by_app(run.json_lines()));
    assert_eq!(
        planned.keys().collect::<Vec<_>>(),
        done.keys().collect::<Vec<_>>(),
        "{what}"
    );
    for (app, plan) in &planned {
        let run = &done[app];
        let word = |line: &Value| line["outcome"].as_str().unwrap().to_owned();
        assert!(kept(&word(plan), &word(run)), "{what}\n{plan}\n{run}");
        if word(plan) == "failed" {
            for field in ["kind", "message", "hint"] {
                assert_eq!(plan["error"][field], run["error"][field], "{what}");
            }
        }
        if !plan["solution_id"].is_null() {
            assert_eq!(plan["solution_id"], run["solution_id"], "{what}");
        }
        if !waits {
            assert_eq!(plan["open_post"], run["open_post"], "{what}");
            assert_eq!(plan["surplus"], run["surplus"], "{what}");
        }
    }
    let word = |app: &String| {
        let line = planned.get(app)?;
        Some(line["outcome"].as_str().unwrap().to_owned())
    };
    world.apps().iter().filter_map(word).collect()
}

const ALL: &str = "onboard --all --yes --jobs 1";

/// Apps of which the first was being made when the run died.
fn made(apps: usize, command: &str) -> World {
    killed_at(apps, command, 1, Moment::AfterMeta)
}

/// Apps of which nothing has come to Meta.
fn unmade(apps: usize) -> World {
    killed_at(apps, ALL, 1, Moment::BeforeMeta)
}

/// One app, whose accept was under way when the run died.
fn accepting(moment: Moment) -> World {
    let world = World::of(1);
    world.gate.kill_at(1, moment, "/accept ");
    let run = world.mps(ALL).start();
    world.gate.victim(&run);
    run.finish().killed_by(9);
    world.gate.disarm();
    world.gate.quiet();
    world
}

#[test]
fn what_was_planned_is_what_comes_of_it() {
    let world = made(3, ALL);
    let words = compare(&world, "found, and never sent", None);
    assert_eq!(words, ["would_accept", "would_create", "would_create"]);

    let world = made(2, "create --all --yes --jobs 1");
    let words = compare(&world, "found, and to stay INITIATED", None);
    assert_eq!(words, ["created", "would_create"]);

    let world = unmade(1);
    let words = compare(&world, "young and not shown", None);
    assert_eq!(words, ["would_look_for_it"]);

    let world = unmade(1);
    world.age();
    let words = compare(&world, "old and not shown", None);
    assert_eq!(words, ["would_create"]);

    for (moment, word) in [
        (Moment::BeforeMeta, "would_accept"),
        (Moment::AfterMeta, "existing"),
    ] {
        let world = accepting(moment);
        assert_eq!(compare(&world, "an accept was under way", None), [word]);
    }
}

#[test]
fn what_others_did_meanwhile_is_planned_with() {
    // What was never sent exists now, ACTIVE; or INITIATED and not on our terms; or was refused.
    let terms = "onboard --all --yes --jobs 1 --messaging partner";
    let world = killed_at(4, terms, 1, Moment::BeforeMeta);
    world.age();
    let apps = world.apps();
    world.seed(&json!({"owner_app_id": apps[1], "status": "ACTIVE"}));
    world.seed(&json!({"owner_app_id": apps[2], "status": "INITIATED"}));
    world.seed(&json!({"owner_app_id": apps[3], "status": "REJECTED"}));
    let words = compare(&world, "others' doing", None);
    assert_eq!(words, ["would_create", "existing", "failed", "skipped"]);

    // Ours was made and refused by a person.
    let world = made(1, ALL);
    let reject = format!("reject {} --yes", world.id(0));
    world.at(&Home::new(), &reject).run().code(0);
    assert_eq!(compare(&world, "rejected", None), ["failed"]);

    // A second one beside ours.
    let world = made(1, ALL);
    world.seed(&json!({"status": "ACTIVE"}));
    assert_eq!(compare(&world, "another one is ACTIVE", None), ["existing"]);
}

#[test]
fn what_no_token_can_look_at_is_said_with_why() {
    let world = unmade(2);
    world.age();
    let token = world.grant(&[&world.apps()[0]]);
    let words = compare(&world, "a token for one of two", Some(&token));
    assert_eq!(words, ["would_create", "failed"]);

    // No token at all: nothing is asked of Meta, and each row says what would tell.
    let world = unmade(2);
    let requests = world.sandbox.state()["requests"].clone();
    let outcome = world
        .mps("resume --dry-run --json")
        .env("MPS_USER_TOKEN", "")
        .env("MPS_SYSTEM_TOKEN", "")
        .run();
    outcome.code(6);
    for line in outcome.json_lines() {
        assert_eq!(line["outcome"], "failed");
        let hint = line["error"]["hint"].as_str().unwrap();
        assert!(hint.contains("mps onboard"), "{hint}");
    }
    assert_eq!(world.sandbox.state()["requests"], requests);
}

#[test]
fn a_listing_that_lags_is_waited_for_by_the_run() {
    let world = made(1, ALL);
    let words = compare(&world, "made", None);
    assert_eq!(words, ["would_accept"]);
    let world = accepting(Moment::BeforeMeta);
    world.faults(json!({"listing_lag": 2}));
    let words = compare(&world, "accepted, not listed", None);
    assert_eq!(words, ["would_accept"]);
}
