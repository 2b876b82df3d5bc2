//! Accept, the step that cannot be undone: what is accepted, what is not, and what its success is.
//!
//! The one decision: the sandbox's statuses are the truth; a word of mps about an ACTIVE solution must be
//! Meta's own, or be marked as not verified.

use serde_json::{Value, json};

use crate::once_world::{Moment, World};

/// Solutions of the same two apps, made at Meta's dashboard.
fn seeded(world: &World, statuses: &[&str]) -> Vec<String> {
    statuses
        .iter()
        .map(|status| world.seed(&json!({"status": status})))
        .collect()
}

fn statuses(world: &World) -> Vec<String> {
    world
        .solutions()
        .into_iter()
        .map(|(_, status)| status)
        .collect()
}

#[test]
fn an_unknown_outcome_of_accept_is_settled_by_reading() {
    for fault in ["drop", "cut", "unavailable", "html", "empty", "not_json"] {
        let world = World::of(1);
        world.fault("accept", fault);
        let outcome = world.mps("onboard --all --yes --json").run();
        outcome.code(0);
        assert_eq!(outcome.json()["verified"], true, "{fault}");
        assert_eq!(world.calls("accept"), 1, "{fault}");
        world.is_whole();
        let events = world.events();
        let expected = ["accept intended", "accept unknown", "look ok"];
        assert_eq!(events[2..], expected, "{fault}");
    }
    // Not carried out: it stays INITIATED in every reading, and a later run accepts it.
    let world = World::of(1);
    let rule = json!({"call": "accept", "fault": "drop", "commit": false});
    world.faults(json!({"rules": [rule]}));
    let outcome = world.mps("onboard --all --yes --json").run();
    outcome.code(6);
    assert_eq!(outcome.error()["hint"], "mps resume");
    assert_eq!(
        (world.calls("accept"), world.row().state.as_str()),
        (1, "created")
    );
    world.mps("resume --yes").run().code(0);
    world.is_whole();
}

#[test]
fn readings_that_lag_do_not_fail_an_accept() {
    let world = World::of(1);
    world.faults(json!({"read_lag": 3}));
    let outcome = world.mps("onboard --all --yes --json").run();
    outcome.code(0);
    assert_eq!(outcome.json()["verified"], true);
    world.is_whole();
    // Longer than all pauses: a success that is not verified, with the status that was seen.
    let world = World::of(1);
    seeded(&world, &["INITIATED"]);
    world.faults(json!({"read_lag": 30}));
    let outcome = world.mps("onboard --all --yes --json").run();
    outcome.code(0);
    let line = outcome.json();
    assert_eq!(
        (&line["verified"], &line["status"]),
        (&json!(false), &json!("INITIATED"))
    );
    outcome.stderr_has("Meta still shows it INITIATED");
    assert_eq!(world.row().state.as_str(), "accepted", "Meta said yes");
}

#[test]
fn accepted_or_rejected_meanwhile_by_somebody_else() {
    for (status, code, row) in [("ACTIVE", 0, "accepted"), ("REJECTED", 1, "failed")] {
        let world = World::of(1);
        world.fault("accept", json!({"meanwhile": {"status": status}}));
        let outcome = world.mps("onboard --all --yes --json").run();
        outcome.code(code);
        assert_eq!(world.calls("create"), 1);
        assert_eq!(statuses(&world), [status]);
        assert_eq!(world.row().state.as_str(), row);
        if code == 1 {
            outcome.stderr_has("is REJECTED meanwhile");
            // Nothing is left to resume, and `--all` passes over it.
            world.mps("resume --yes").run().code(0).stdout("");
            let again = world.mps("onboard --all --yes --json").run();
            again.code(0);
            assert_eq!(again.json()["outcome"], "skipped");
            assert_eq!(world.calls("create"), 1);
            // Named by its id, the app gets a new one.
            let app = world.apps().remove(0);
            world
                .mps(&format!("onboard --yes --app-id {app}"))
                .run()
                .code(0);
            assert_eq!(statuses(&world), ["REJECTED", "ACTIVE"]);
        }
    }
}

#[test]
fn a_body_that_is_refused_is_left_away() {
    let world = World::of(1);
    world.faults(json!({"bare_accept": true}));
    world.mps("onboard --all --yes").run().code(0);
    assert_eq!(world.calls("accept"), 2);
    world.is_whole();
    let accepts = &world.events()[2..];
    assert_eq!(
        accepts,
        [
            "accept intended",
            "accept refused",
            "accept intended",
            "accept ok",
            "look ok"
        ],
        "every write has an event before and after it"
    );
}

#[test]
fn of_several_one_is_taken_and_the_others_are_reported() {
    for (seeds, taken) in [
        (&["INITIATED", "ACTIVE"][..], 1),
        (&["INITIATED", "INITIATED"][..], 0),
        (&["REJECTED", "ACTIVE", "ACTIVE"][..], 1),
        (&["DEACTIVATED", "INITIATED"][..], 1),
    ] {
        let world = World::of(1);
        let ids = seeded(&world, seeds);
        let outcome = world.mps("onboard --all --yes --json").run();
        outcome.code(0);
        assert_eq!(outcome.json()["solution_id"], ids[taken], "{seeds:?}");
        assert_eq!(world.calls("create"), 0, "{seeds:?}");
        let live: Vec<&String> = ids
            .iter()
            .zip(seeds)
            .filter(|(id, status)| **id != ids[taken] && ["INITIATED", "ACTIVE"].contains(status))
            .map(|(id, _)| id)
            .collect();
        for id in live {
            outcome.stderr_has(format!("nobody needs {id}"));
        }
        let now = statuses(&world);
        assert_eq!(now[taken], "ACTIVE", "{seeds:?}");
        // The same again, when the journal knows it.
        let again = world.mps("onboard --all --yes --json").run();
        again.code(0);
        assert_eq!(again.json()["outcome"], "existing", "{seeds:?}");
        assert_eq!(statuses(&world), now, "{seeds:?}");
    }
}

#[test]
fn a_second_one_that_slipped_through_is_found_before_accept() {
    // Between our POST and our accept somebody else makes another one.
    let world = World::of(1);
    let created = world
        .gate
        .hold_at(1, Moment::AfterMeta, "whatsapp_business_solution ");
    let run = world.mps("onboard --all --yes --json").start();
    created.reached();
    let other = world.seed(&json!({"status": "ACTIVE"}));
    created.open();
    let outcome = run.finish();
    outcome
        .code(0)
        .stderr_has(format!("nobody needs {}", world.id(0)));
    assert_eq!(outcome.json()["solution_id"], other);
    assert_eq!(world.calls("accept"), 0, "one ACTIVE is enough");
    assert_eq!(
        statuses(&world),
        ["REJECTED", "ACTIVE"],
        "our own, which nobody needs"
    );
    assert_eq!(world.row().solution_id.unwrap().as_str(), other);
}

#[test]
fn a_foreign_one_is_accepted_unattended_only_on_our_terms() {
    let world = World::of(1);
    let id = world.seed(&json!({"status": "INITIATED"}));
    let outcome = world
        .mps("onboard --all --yes --json --messaging partner")
        .run();
    outcome.code(1);
    let error = outcome.error();
    assert_eq!(error["kind"], "state");
    let hint = error["hint"].as_str().unwrap().to_owned();
    assert!(hint.ends_with(&format!("mps accept {id}")), "{hint}");
    assert_eq!(
        (world.calls("accept"), world.row().state.as_str()),
        (0, "failed")
    );
    // Again is the same, and `resume` does not go further than this run would have.
    world
        .mps("onboard --all --yes --messaging partner")
        .run()
        .code(1);
    world.mps("resume --yes").run().code(0).stdout("");
    assert_eq!(world.calls("accept"), 0);
    // Whoever names it has seen it.
    world.mps(&format!("accept {id}")).run().code(0);
    assert_eq!(world.row().state.as_str(), "accepted");
    // On our terms it is taken.
    let world = World::of(1);
    world.seed(&json!({"status": "INITIATED"}));
    let outcome = world.mps("onboard --all --yes --json").run();
    outcome.code(0);
    assert_eq!(outcome.json()["outcome"], "onboarded");
}

#[test]
fn what_is_not_ours_is_refused_before_anything_is_sent() {
    let world = World::of(1);
    let other: Value = world.sandbox.state()["other_app"]["id"].clone();
    let foreign = world.seed(&json!({"partner_app_id": other}));
    let dead = world.seed(&json!({"status": "REJECTED"}));
    for (id, code) in [(&foreign, 1), (&dead, 1)] {
        world.mps(&format!("accept {id}")).run().code(code);
    }
    assert_eq!((world.calls("accept"), world.events().len()), (0, 0));
    let active = world.seed(&json!({"status": "ACTIVE"}));
    let outcome = world.mps(&format!("accept {active} --json")).run();
    outcome.code(0);
    assert_eq!(outcome.json()["outcome"], "already_active");
    assert_eq!(world.calls("accept"), 0);
}

#[test]
fn an_active_one_is_taken_in_place_of_a_journaled_one_that_waits() {
    let world = World::of(1);
    world.mps("create --all").run().code(0);
    let other = world.seed(&json!({"status": "ACTIVE"}));
    let outcome = world.mps("onboard --all --yes --json").run();
    outcome.code(0);
    assert_eq!(outcome.json()["solution_id"], other);
    assert_eq!(
        world.calls("accept"),
        0,
        "what is accepted stays accepted, and one is enough"
    );
    assert_eq!(
        statuses(&world),
        ["REJECTED", "ACTIVE"],
        "our own, which nobody needs"
    );
    let said = outcome.stderr_json_lines();
    let surplus = said.iter().filter(|line| {
        let text = line["warning"].as_str().unwrap_or_default();
        text.contains(&format!("nobody needs {}", world.id(0)))
    });
    assert_eq!(surplus.count(), 1, "{said:?}");
    // Of two that wait ours goes on, and is named once.
    let world = World::of(1);
    world.mps("create --all").run().code(0);
    let other = world.seed(&json!({"status": "INITIATED"}));
    let outcome = world.mps("onboard --all --yes --json").run();
    outcome.code(0);
    assert_eq!(outcome.json()["solution_id"], world.id(0));
    assert_eq!(statuses(&world), ["ACTIVE", "INITIATED"]);
    let said = outcome.stderr_json_lines();
    let surplus = said.iter().filter(|line| {
        let text = line["warning"].as_str().unwrap_or_default();
        text.contains(&format!("nobody needs {other}"))
    });
    assert_eq!(surplus.count(), 1, "{said:?}");
}

#[test]
fn where_meta_refuses_the_reading_the_journals_word_is_enough_for_no_check() {
    let world = World::of(1);
    let refused = json!({"call": "solution", "times": 0, "fault": {"denied": {"code": 200}}});
    world.faults(json!({"rules": [refused]}));
    // Killed between create and accept; what is left names the way on.
    world.gate.kill_at(1, Moment::BeforeMeta, "/accept ");
    let run = world.mps("onboard --all --yes --no-check").start();
    world.gate.victim(&run);
    run.finish().killed_by(9);
    world.gate.disarm();
    world
        .mps("resume --yes")
        .run()
        .code(4)
        .stderr_has(format!("mps accept --no-check {}", world.id(0)));
    // Afterwards our own listing tells.
    for (outcome, verified) in [("onboarded", false), ("existing", true)] {
        let run = world.mps("onboard --all --yes --no-check --json").run();
        run.code(0);
        assert_eq!(
            (&run.json()["outcome"], &run.json()["verified"]),
            (&json!(outcome), &json!(verified))
        );
    }
    assert_eq!((world.calls("create"), world.calls("accept")), (1, 1));
    world.is_whole();
    world.mps("onboard --all --yes").run().code(0);
}

#[test]
fn a_foreign_one_is_read_before_it_is_accepted_though_readings_lag() {
    let world = World::of(1);
    world.faults(json!({"read_lag": 3}));
    world
        .mps("create --all --allow-duplicate --name another")
        .run()
        .code(0);
    world.mps("onboard --all --yes").run().code(0);
    // What was made on purpose is nobody's but its own row's.
    assert_eq!(statuses(&world), ["INITIATED", "ACTIVE"]);
    // Accepted by somebody else between the look and our accept.
    let world = World::of(1);
    world.seed(&json!({"status": "INITIATED"}));
    let faster = json!({"call": "accept", "fault": {"meanwhile": {"status": "ACTIVE"}}});
    world.faults(json!({"rules": [faster]}));
    let outcome = world.mps("onboard --all --yes --json").run();
    outcome.code(0);
    assert_eq!(outcome.json()["outcome"], "existing");
    assert_eq!(statuses(&world), ["ACTIVE"]);
}
