//! `mps accept ID`, for ids that this journal knows, knows nothing of, or waits for without knowing.
//!
//! The one decision: whoever names an id has judged it, so what is looked at is that one write leaves, that its
//! event is there, and that nobody is sent to a command which knows nothing of it.

use serde_json::json;

use crate::once_world::{Moment, World, read_of};

#[test]
fn an_accept_that_was_lost_is_taken_up_by_resume() {
    let lost = json!({"call": "accept", "fault": "drop", "commit": false});
    for made_here in [true, false] {
        let world = World::of(1);
        if made_here {
            world.mps("create --all").run().code(0);
        } else {
            world.seed(&json!({"status": "INITIATED"}));
        }
        let id = world.id(0);
        world.faults(json!({"rules": [lost]}));
        let outcome = world.mps(&format!("accept {id} --json")).run();
        outcome.code(6);
        assert_eq!(outcome.error()["hint"], "mps resume", "{made_here}");
        assert!(world.row().is_unfinished(), "{made_here}");
        world
            .mps("resume --yes")
            .run()
            .code(0)
            .stdout(format!("{id}\n"));
        world.is_whole();
    }
    // Where the row of these two apps is about another solution, it stays so.
    let world = World::of(1);
    world.mps("onboard --all --yes").run().code(0);
    let other = world.seed(&json!({"status": "INITIATED"}));
    world.faults(json!({"rules": [lost]}));
    let accept = format!("accept {other} --allow-duplicate --json");
    let outcome = world.mps(&accept).run();
    outcome.code(6);
    assert_eq!(outcome.error()["hint"], "mps resume");
    assert_eq!(world.row().solution_id.unwrap().as_str(), world.id(0));
    world.mps(&accept).run().code(0);
    assert_eq!(world.row().solution_id.unwrap().as_str(), world.id(0));
}

#[test]
fn whoever_is_stopped_before_an_accept_types_it_again() {
    let world = World::of(1);
    let id = world.seed(&json!({"status": "INITIATED"}));
    let read = world.gate.hold_at(1, Moment::AfterMeta, &read_of("7950"));
    let run = world.mps(&format!("accept {id} --json")).start();
    read.reached();
    run.signal(rustix::process::Signal::INT);
    run.wait_for_line("Stopping");
    read.open();
    let outcome = run.finish();
    outcome.code(130);
    assert_eq!(outcome.error()["hint"], format!("mps accept {id}"));
    assert_eq!((world.calls("accept"), world.rows().len()), (0, 0));
}

#[test]
fn two_that_accept_one_solution_send_one_accept() {
    let world = World::of(1);
    let id = world.seed(&json!({"status": "INITIATED"}));
    let accepted = world.gate.hold_at(1, Moment::BeforeMeta, "/accept ");
    let first = world.mps(&format!("accept {id}")).start();
    accepted.reached();
    let second = world.mps(&format!("accept {id} --json")).start();
    second.wait_for_line("works on app");
    accepted.open();
    first.finish().code(0);
    let outcome = second.finish();
    outcome.code(0);
    assert_eq!(outcome.json()["outcome"], "already_active");
    assert_eq!(world.calls("accept"), 1);
}

#[test]
fn an_accept_by_its_id_settles_a_create_that_no_listing_tells_of() {
    let world = World::of(1);
    let app = world.apps().remove(0);
    let denied = json!({"call": "list", "times": 0, "fault": {"denied": {"code": 200}}});
    world.faults(json!({"rules": [denied, {"call": "create", "fault": "drop"}]}));
    world
        .mps(&format!("create --app-id {app} --no-look"))
        .run()
        .code(6);
    world
        .mps("resume --yes")
        .run()
        .code(6)
        .stderr_has("`mps accept` with its id");
    // Nobody can say that there is no other, so the guard is given up by name.
    let id = world.id(0);
    world
        .mps(&format!("accept {id}"))
        .run()
        .code(4)
        .stderr_has(format!("mps accept --no-check {id}"));
    world.mps(&format!("accept --no-check {id}")).run().code(0);
    let row = world.row();
    assert_eq!(
        (row.state.as_str(), row.solution_id.unwrap().as_str()),
        ("accepted", &*id)
    );
    world
        .mps("resume --yes")
        .run()
        .code(0)
        .stderr_has("Nothing is unfinished.");
}

#[test]
fn what_somebody_else_accepted_is_a_success_though_readings_lag() {
    let world = World::of(1);
    let id = world.seed(&json!({"status": "INITIATED"}));
    let faster = json!({"call": "accept", "fault": {"meanwhile": {"status": "ACTIVE"}}});
    world.faults(json!({"rules": [faster], "read_lag": 3}));
    let outcome = world.mps(&format!("accept {id} --json")).run();
    outcome.code(0);
    let line = outcome.json();
    assert_eq!(
        (&line["outcome"], &line["verified"]),
        (&json!("already_active"), &json!(true))
    );
}

#[test]
fn ids_that_were_not_made_here_are_in_the_events() {
    for check in ["", " --no-check"] {
        let world = World::of(1);
        let id = world.seed(&json!({"status": "INITIATED"}));
        let secret = world.sandbox.app_secret().secret().expose();
        let outcome = world
            .mps(&format!("accept {id} --json{check}"))
            .env("MPS_APP_SECRET", secret)
            .run();
        outcome.code(0);
        assert_eq!(outcome.json()["verified"], json!(check.is_empty()));
        assert_eq!(
            world.events()[..2],
            ["accept intended", "accept ok"],
            "{check}"
        );
        let record = world.records().remove(1);
        assert_eq!(record.event.solution_id.unwrap().as_str(), id);
        assert_eq!(record.event.consent.as_deref(), Some("arguments"));
        assert!(record.event.fbtrace.is_some());
        assert!(record.event.system_user_id.is_some());
        assert_eq!(
            (world.rows().len(), world.solutions().remove(0).1),
            (1, "ACTIVE".to_owned())
        );
    }
}
