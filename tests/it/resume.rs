//! `mps resume`: what is unfinished, to the goal that was written down and no further.
//!
//! The one decision: unfinished work is made by killing a run at a known request, as it happens in life.

use rustix::process::Signal;
use serde_json::json;

use crate::{
    once_world::{Moment, World},
    profile::chmod,
};

const CREATE: &str = "whatsapp_business_solution ";

/// What a run under a label takes the Tech Provider's token from; one of the environment would be passed over for the page.
const THEIRS: &str = "--user-token-file theirs.txt --for lucky";

fn token_in_a_file(world: &World) {
    let token = world.sandbox.user_token().secret().expose();
    let file = world.home.file("theirs.txt", token);
    chmod(&file, 0o600);
}

/// A world in which this run was killed at its n-th create.
pub(crate) fn killed_at(apps: usize, command: &str, nth: usize, moment: Moment) -> World {
    let world = World::of(apps);
    token_in_a_file(&world);
    world.gate.kill_at(nth, moment, CREATE);
    let run = world.mps(command).start();
    world.gate.victim(&run);
    run.finish().killed_by(9);
    world.gate.disarm();
    world.gate.quiet();
    world
}

#[test]
fn nothing_unfinished() {
    let world = World::of(1);
    let outcome = world.mps("resume").run();
    outcome
        .code(0)
        .stdout("")
        .stderr_has("Nothing is unfinished.");
    assert!(world.rows().is_empty());
    world.mps("onboard --all --yes").run().code(0);
    world.mps("resume").run().code(0).stdout("");
}

#[test]
fn each_to_its_own_goal() {
    let world = killed_at(3, "create --all --yes --jobs 1", 2, Moment::AfterMeta);
    let first = world.apps().remove(0);
    world
        .mps(&format!("onboard --yes --app-id {first} --no-accept"))
        .run()
        .code(0);
    let outcome = world.mps("resume --yes --json").run();
    outcome.code(0);
    let mut outcomes: Vec<_> = outcome
        .json_lines()
        .iter()
        .map(|line| (line["outcome"].clone(), line["status"].clone()))
        .collect();
    outcomes.sort_by_key(|(outcome, _)| outcome.to_string());
    let expected = (json!("created"), json!("INITIATED"));
    assert_eq!(outcomes, [expected.clone(), expected]);
    assert_eq!((world.calls("create"), world.calls("accept")), (3, 0));
    // The same for `onboard` ends ACTIVE.
    let world = killed_at(3, "onboard --all --yes --jobs 1", 2, Moment::AfterMeta);
    let outcome = world.mps("resume --yes").run();
    outcome.code(0);
    assert_eq!(outcome.lines().len(), 2, "one id per line");
    world.is_whole();
    assert_eq!(world.calls("create"), 3);
}

#[test]
fn the_list_comes_first_and_needs_a_yes() {
    let world = killed_at(2, "onboard --all --yes --jobs 1", 1, Moment::BeforeMeta);
    let requests = world.sandbox.state()["requests"].clone();
    world.mps("resume").run().code(2).stderr_has("--yes");
    assert_eq!(
        world.sandbox.state()["requests"],
        requests,
        "nothing was asked of Meta"
    );
    let outcome = world.mps("resume --dry-run --json").run();
    outcome
        .code(0)
        .stderr_has("look for it")
        .stderr_has("look, then create");
    let words: Vec<_> = outcome
        .json_lines()
        .iter()
        .map(|line| line["outcome"].clone())
        .collect();
    assert!(words.contains(&json!("would_create")) && words.contains(&json!("would_look_for_it")));
    assert_eq!(world.calls("create"), 0);
    // On a terminal it says who is about to act, and asks; no is an answer.
    let terminal = world.mps("resume").on_terminal();
    terminal.sees("system token  from MPS_SYSTEM_TOKEN");
    terminal.sees("Take these up?").answers("n");
    terminal.finish().code(1);
    assert_eq!(world.calls("create"), 0);
    world.age();
    let terminal = world.mps("resume").on_terminal();
    terminal.sees("Take these up?").answers("y");
    terminal.finish().code(0);
    world.is_whole();
}

#[test]
fn one_app_of_several() {
    let world = killed_at(3, "onboard --all --yes --jobs 1", 1, Moment::AfterMeta);
    let last = world.apps().remove(2);
    let outcome = world
        .mps(&format!("resume --yes --json --app-id {last}"))
        .run();
    outcome.code(0);
    assert_eq!(outcome.json()["app_id"], last);
    assert_eq!(world.solutions().len(), 2);
    world.mps("resume --yes").run().code(0);
    world.is_whole();
}

#[test]
fn without_the_tech_providers_token_it_does_what_it_can() {
    for token in ["", "dead"] {
        let run = format!("onboard --all --yes --jobs 1 {THEIRS}");
        let world = killed_at(3, &run, 2, Moment::AfterMeta);
        let mut resume = world.mps("resume --yes --json");
        if token == "dead" {
            world.faults(json!({"rules": [{"token": "user", "times": 0, "fault": "expired"}]}));
        } else {
            resume = resume.env("MPS_USER_TOKEN", "");
        }
        let outcome = resume.run();
        outcome.code(3);
        let lines = outcome.json_lines();
        let (left, done): (Vec<_>, Vec<_>) =
            lines.iter().partition(|line| line["outcome"] == "failed");
        assert_eq!(
            done[0]["status"], "ACTIVE",
            "found and accepted with the system token alone"
        );
        let apps = world.apps();
        let has_one = |app: &&String| world.solutions().iter().any(|(owner, _)| owner == *app);
        let without: Vec<_> = apps.iter().filter(|app| !has_one(app)).collect();
        assert_eq!(
            [&left[0]["app_id"]],
            without[..],
            "precisely which apps are left"
        );
        assert_eq!(left[0]["error"]["kind"], "auth");
        let hint = left[0]["error"]["hint"].as_str().unwrap();
        assert!(hint.contains("mps invite --for lucky"), "{hint}");
        assert_eq!(world.calls("create"), 2);
        // A new click, which is a new token.
        world.faults(json!({}));
        world.mps("onboard --all --yes").run().code(0);
        world.is_whole();
    }
}

#[test]
fn a_token_for_other_apps_creates_nothing_for_these() {
    let world = killed_at(2, "onboard --all --yes --jobs 1", 1, Moment::BeforeMeta);
    let first = world.apps().remove(0);
    let token = world.grant(&[&first]);
    world.age();
    let outcome = world
        .mps("resume --yes --json")
        .env("MPS_USER_TOKEN", &token)
        .run();
    outcome.code(3);
    assert_eq!(world.calls("create"), 1);
    assert_eq!(world.solutions()[0].0, first);
}

#[test]
fn another_host_and_another_partner_are_left_alone() {
    let world = killed_at(1, "onboard --all --yes", 1, Moment::BeforeMeta);
    let other = world.sandbox.state()["other_app"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    world
        .mps("resume --yes")
        .env("MPS_PARTNER_APP_ID", &other)
        .run()
        .code(0)
        .stderr_has("Nothing is unfinished.");
    let elsewhere = World::of(1);
    elsewhere
        .at(&world.home, "resume --yes")
        .run()
        .code(0)
        .stderr_has("Nothing is unfinished.");
    assert_eq!(world.calls("create"), 0);
}

#[test]
fn a_missing_system_token_is_ours_to_bring() {
    let world = World::of(1);
    token_in_a_file(&world);
    world.gate.kill_at(1, Moment::BeforeMeta, "/accept ");
    let run = world.mps(&format!("onboard --all --yes {THEIRS}")).start();
    world.gate.victim(&run);
    run.finish().killed_by(9);
    world.gate.disarm();
    let outcome = world
        .mps("resume --yes --json")
        .env("MPS_SYSTEM_TOKEN", "")
        .run();
    outcome.code(4);
    let hint = outcome.error()["hint"].as_str().unwrap().to_owned();
    assert!(
        hint.contains("MPS_SYSTEM_TOKEN") && !hint.contains("lucky"),
        "{hint}"
    );
    world.mps("resume --yes").run().code(0);
    world.is_whole();
}

#[test]
fn without_any_token_it_says_what_would_tell() {
    let run = format!("onboard --all --yes {THEIRS}");
    let world = killed_at(1, &run, 1, Moment::AfterMeta);
    // Nobody can look, so nobody waits.
    let outcome = world
        .mps("resume --yes --json")
        .env("MPS_SYSTEM_TOKEN", "")
        .env("MPS_USER_TOKEN", "")
        .env("MPS_LOOK_PAUSES", "3600")
        .run();
    outcome.code(6);
    let hint = outcome.error()["hint"].as_str().unwrap().to_owned();
    for way in ["MPS_SYSTEM_TOKEN", "mps invite --for lucky"] {
        assert!(hint.contains(way), "{hint}");
    }
    world.mps("resume --yes").run().code(0);
    world.is_whole();
}

#[test]
fn what_is_left_on_refused_terms_names_the_command_for_others() {
    let world = World::of(2);
    world.faults(json!({"one_side_messaging": true}));
    world.mps("onboard --all --yes --jobs 1").run().code(1);
    let outcome = world.mps("resume --yes --jobs 1 --json").run();
    outcome.code(1);
    assert_eq!(world.calls("create"), 2, "the others would be refused too");
    for line in outcome.json_lines() {
        let hint = line["error"]["hint"].as_str().unwrap().to_owned();
        let app = line["app_id"].as_str().unwrap();
        let command = format!("mps onboard --app-id {app} --messaging partner");
        assert!(hint.contains(&command), "{hint}");
    }
    let command = format!(
        "onboard --yes --app-id {} --messaging partner",
        world.apps()[0]
    );
    world.mps(&command).run().code(0);
    assert_eq!(world.solutions().len(), 1);
}

#[test]
fn a_refused_look_names_the_command_that_goes_without() {
    let world = World::of(1);
    world.fault("create", json!({"quota": {"code": 4, "minutes": 1}}));
    world.mps("create --all").run().code(5);
    world.faults(
        json!({"rules": [{"call": "list", "times": 0, "fault": {"denied": {"code": 200}}}]}),
    );
    let outcome = world.mps("resume --yes --json").run();
    outcome.code(4);
    let hint = outcome.error()["hint"].as_str().unwrap().to_owned();
    let command = format!("mps create --app-id {} --no-look", world.apps()[0]);
    assert!(hint.contains(&command), "{hint}");
}

#[test]
fn a_token_that_does_not_cover_an_app_has_no_part_in_its_events() {
    let world = killed_at(2, "onboard --all --yes --jobs 1", 2, Moment::AfterMeta);
    let token = world.grant(&[&world.apps()[0]]);
    let before = world.records().len();
    world
        .mps("resume --yes")
        .env("MPS_USER_TOKEN", &token)
        .env(
            "MPS_APP_SECRET",
            world.sandbox.app_secret().secret().expose(),
        )
        .run()
        .code(0);
    let second = &world.apps()[1];
    let mut records = world.records().split_off(before);
    records.retain(|record| {
        record
            .event
            .owner
            .as_ref()
            .is_some_and(|id| id.as_str() == second)
    });
    assert!(!records.is_empty());
    for record in records {
        assert_eq!(record.event.user_id, None);
        assert_eq!(record.event.scopes, Vec::<String>::new());
        assert!(record.event.system_user_id.is_some());
    }
}

#[test]
fn a_journal_that_cannot_be_written_is_one_failure_with_its_own_cause_and_hint() {
    let world = killed_at(3, "onboard --all --yes --jobs 1", 1, Moment::BeforeMeta);
    let requests = world.sandbox.state()["requests"].clone();
    // The file can be read, but the folder of its locks is none any more.
    let locks = world.home.state().join("locks");
    std::fs::remove_dir_all(&locks).unwrap();
    std::fs::write(&locks, "").unwrap();
    let outcome = world.mps("resume --yes --json").run();
    outcome.code(1).stdout("");
    let error = outcome.error();
    assert_eq!(error["kind"], "io", "{error}");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("MPS_STATE_DIR"), "{error}");
    assert!(!error["causes"].as_array().unwrap().is_empty(), "{error}");
    assert_eq!(
        world.sandbox.state()["requests"],
        requests,
        "Meta was not asked"
    );
}

#[test]
fn what_belongs_to_others_is_said() {
    let world = killed_at(2, "onboard --all --yes", 1, Moment::BeforeMeta);
    let other = world.sandbox.state()["other_app"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let outcome = world
        .mps("resume --yes")
        .env("MPS_PARTNER_APP_ID", &other)
        .run();
    let partner = world.sandbox.partner_app_id();
    outcome
        .code(0)
        .stderr_has("Nothing is unfinished.")
        .stderr_has(format!("--partner-app-id {partner}"));
}

#[test]
fn an_app_that_waits_keeps_no_other_from_its_end() {
    let world = killed_at(2, "onboard --all --yes --jobs 1", 1, Moment::BeforeMeta);
    let run = world.mps("resume --yes --wait --jobs 1").start();
    run.wait_for_line("can be decided on");
    let second = &world.apps()[1];
    run.wait_for_stdout_line("");
    assert_eq!(world.solutions(), [(second.clone(), "ACTIVE".to_owned())]);
    run.signal(Signal::INT);
    run.finish().code(130);
}
