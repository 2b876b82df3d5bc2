//! `mps accept` of a solution whose owner app has another one with us.
//!
//! The one decision: the sandbox's statuses are the truth. One ACTIVE solution per app is there whatever is
//! named, and a second one only after `--allow-duplicate`.

use mps::testing::sandbox::{Fault, Operation, Rule};
use serde_json::{Value, json};

use crate::{
    once_world::World,
    stage::{APPS, PARTNER, SOLUTIONS, Stage, solution},
    support::{Mps, Outcome, SYSTEM, Script, Served},
};

/// Two solutions of the first app, in these statuses.
fn two(statuses: [&str; 2]) -> (Stage, [String; 2]) {
    let stage = Stage::new();
    let ids = statuses.map(|status| stage.seed_status(0, status));
    (stage, ids)
}

/// The one line says that it failed, why, and which other one is there.
fn names(run: &Outcome, other: &str) {
    let line = &run.json_lines()[0];
    assert_eq!(line["outcome"], "failed", "{run}");
    assert_eq!(line["error"]["kind"], "state", "{run}");
    let message = line["error"]["message"].as_str().unwrap();
    assert!(message.contains(other), "{message}");
}

#[test]
fn a_second_active_solution_is_not_made_by_naming_it() {
    for (statuses, named, first) in [
        (["ACTIVE", "INITIATED"], 1, 0),
        (["INITIATED", "ACTIVE"], 0, 1),
        (["INITIATED", "INITIATED"], 1, 0),
    ] {
        for dry in [&[][..], &["--dry-run"]] {
            let (stage, ids) = two(statuses);
            let accept = stage.mps(["accept", "--json", &ids[named]]).args(dry);
            let run = accept.run();
            run.code(1);
            names(&run, &ids[first]);
            let hint = run.error()["hint"].as_str().unwrap().to_owned();
            let both = format!("mps accept {} --allow-duplicate", ids[named]);
            assert!(hint.contains(&both), "{hint}");
            assert_eq!(
                (stage.writes(), stage.statuses()),
                (0, statuses.map(str::to_owned).into())
            );
        }
    }
}

#[test]
fn what_initiated_lists_is_not_accepted_beside_what_is_active() {
    let (stage, ids) = two(["ACTIVE", "INITIATED"]);
    let other = stage.seed_status(1, "INITIATED");
    let run = stage
        .shell("mps list --status initiated | mps accept")
        .run();
    run.code(3)
        .stdout(format!("{other}\n"))
        .stderr_has(&ids[0])
        .stderr_has(&ids[1]);
    assert_eq!(stage.statuses(), ["ACTIVE", "INITIATED", "ACTIVE"]);
}

#[test]
fn all_ids_of_a_run_are_looked_at_together() {
    let stage = Stage::of(&["INITIATED"; 3]);
    stage.mps(["accept"]).args(SOLUTIONS).run().code(0);
    // Once before they are accepted, and once to read them back.
    assert_eq!((stage.calls("accept"), stage.calls("list")), (3, 2));
}

#[test]
fn of_two_that_are_named_the_first_is_accepted_whatever_their_order() {
    for order in [[0, 1], [1, 0]] {
        let (stage, ids) = two(["INITIATED", "INITIATED"]);
        let named = order.map(|at| ids[at].as_str());
        let run = stage.mps(["accept"]).args(named).run();
        run.code(3).stdout(format!("{}\n", ids[0]));
        assert_eq!(stage.statuses(), ["ACTIVE", "INITIATED"], "{order:?}");
    }
}

#[test]
fn what_no_listing_shows_is_not_accepted_unless_a_person_has_looked() {
    let stage = Stage::new();
    stage.rules([Rule {
        times: 0,
        ..Rule::new(Operation::List, Fault::EmptyListing)
    }]);
    let ids = ["INITIATED", "INITIATED"].map(|status| stage.seed_status(0, status));
    let run = stage.mps(["accept", "--json", &ids[0], &ids[1]]).run();
    run.code(1);
    for line in run.json_lines() {
        assert_eq!(line["error"]["kind"], "state", "{run}");
    }
    assert_eq!(stage.statuses(), ["INITIATED", "INITIATED"]);
    let accept = ["accept", "--allow-duplicate", &ids[0]];
    stage.mps(accept).run().code(0);
    // It is in the journal now, and counts though no listing shows it.
    let run = stage.mps(["accept", "--json", &ids[1]]).run();
    run.code(1);
    names(&run, &ids[0]);
    assert_eq!(stage.statuses(), ["ACTIVE", "INITIATED"]);
}

#[test]
fn others_are_no_reason_when_they_are_over_later_or_another_apps() {
    for (status, app) in [
        ("REJECTED", 0),
        ("DEACTIVATED", 0),
        ("ACTIVE", 1),
        ("INITIATED", 1),
    ] {
        let stage = Stage::new();
        stage.seed_status(app, status);
        let id = stage.seed_status(0, "INITIATED");
        stage.seed_status(0, "INITIATED");
        stage.mps(["accept", &id]).run().code(0);
        assert_eq!(stage.statuses(), [status, "ACTIVE", "INITIATED"]);
    }
}

#[test]
fn two_on_purpose() {
    let (stage, ids) = two(["ACTIVE", "INITIATED"]);
    let another = ["accept", "--allow-duplicate", &ids[1]];
    let dry = stage.mps(another).args(["--dry-run", "--json"]).run();
    dry.code(0).stderr_has(&ids[0]);
    assert_eq!(dry.json()["outcome"], "would_accept");
    assert_eq!(stage.writes(), 0);
    let run = stage.mps(another).run();
    run.code(0).stdout(format!("{}\n", ids[1]));
    assert_eq!(stage.statuses(), ["ACTIVE", "ACTIVE"]);
}

#[test]
fn what_create_was_asked_to_make_beside_another_is_accepted() {
    let world = World::of(1);
    world.mps("onboard --all --yes").run().code(0);
    let create = "create --all --yes --allow-duplicate --name another";
    let run = world.mps(create).run();
    run.code(0);
    let id = run.lines()[0].to_owned();
    world.mps(&format!("accept {id} --dry-run")).run().code(0);
    world.mps(&format!("accept {id}")).run().code(0);
    let statuses: Vec<String> = world.solutions().into_iter().map(|(_, is)| is).collect();
    assert_eq!(statuses, ["ACTIVE", "ACTIVE"]);
    // Nor does it stand in the way of another.
    let world = World::of(1);
    world.mps(create).run().code(0);
    let plain = world.seed(&json!({"status": "INITIATED"}));
    world.mps(&format!("accept {plain}")).run().code(0);
}

#[test]
fn a_refused_listing_is_exit_4_and_names_no_check() {
    let stage = Stage::of(&["INITIATED"]);
    let refused = Rule {
        times: 0,
        ..Rule::new(Operation::List, Fault::Denied { code: 200 })
    };
    stage.rules([refused]);
    let id = stage.sandbox.state()["solutions"][0]["solution_id"].clone();
    let id = id.as_str().unwrap();
    for dry in [&[][..], &["--dry-run"]] {
        let run = stage.mps(["accept", id]).args(dry).run();
        run.code(4)
            .stdout("")
            .stderr_has(format!("mps accept --no-check {id}"));
    }
    assert_eq!(stage.writes(), 0);
    stage.mps(["accept", "--no-check", id]).run().code(0);
    assert_eq!(stage.statuses(), ["ACTIVE"]);
}

#[test]
fn where_meta_does_not_say_whose_it_is_a_person_must_have_looked() {
    let mut nobodys = solution("795", "42", PARTNER, "INITIATED");
    nobodys.as_object_mut().unwrap().remove("owner_app");
    let accept = |listed: Value| {
        Script::new()
            .on("GET", "/795")
            .reply(200, nobodys.clone())
            .repeat()
            .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
            .reply(200, json!({ "data": listed }))
            .any_times()
    };
    let run = |served: &Served, more: &[&str]| {
        Mps::new()
            .args(["accept", "795"])
            .args(more)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("MPS_PARTNER_APP_ID", PARTNER)
            .env("MPS_PARTNER_NAME", "Acme")
            .env("MPS_LOOK_PAUSES", "0")
            .against(served)
            .run()
    };
    let listed = json!([nobodys, solution("796", "42", PARTNER, "ACTIVE")]);
    let served = accept(listed.clone()).serve();
    run(&served, &[])
        .code(4)
        .stderr_has("mps accept 795 --allow-duplicate");
    let served = accept(listed)
        .on("POST", "/795/accept")
        .reply(200, json!({"success": true}))
        .serve();
    run(&served, &["--allow-duplicate"]).code(0).stdout("795\n");
}

#[test]
fn the_question_says_what_else_is_live() {
    let (stage, ids) = two(["ACTIVE", "INITIATED"]);
    // Nothing would be accepted, so nothing is asked.
    let terminal = stage.mps(["accept", &ids[1]]).on_terminal();
    let said = terminal.finish();
    said.code(1)
        .stderr_has(&ids[0])
        .stderr_lacks("cannot be undone");
    let terminal = stage
        .mps(["accept", "--allow-duplicate", &ids[1]])
        .on_terminal();
    terminal
        .sees(&format!("its two apps have {}", ids[0]))
        .sees("This cannot be undone.")
        .answers("n");
    terminal.finish().code(1);
    assert_eq!(stage.writes(), 0);
    // What came while a person thought counts.
    let stage = Stage::of(&["INITIATED"]);
    let id = stage.sandbox.state()["solutions"][0]["solution_id"].clone();
    let id = id.as_str().unwrap().to_owned();
    let terminal = stage.mps(["accept", &id]).on_terminal();
    terminal.sees("This cannot be undone.");
    let other = stage.seed(&json!({"owner_app_id": APPS[0], "name": "Faster", "status": "ACTIVE"}));
    terminal.answers("y");
    terminal.finish().code(1).stderr_has(&other);
    assert_eq!(stage.calls("accept"), 0);
}
