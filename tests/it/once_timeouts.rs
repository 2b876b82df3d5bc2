//! A time-out is no answer like the others: the write may still be at work at Meta's.
//!
//! The one decision: the program's own time-out is a minute, which no test waits for; so these few tests
//! run the engine itself, with a shorter one, against the same sandbox.

use std::time::Duration;

use mps::testing::{
    engine::{self, Outcome, Pauses},
    exit::Kind,
};
use serde_json::json;

use crate::once_world::World;

/// One run over the first app, whose requests may take so long.
fn onboard(world: &World, request: Duration, pauses: Pauses) -> Result<(Outcome, bool), Kind> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let (place, app) = (world.place(&world.home), &world.apps()[0]);
    let run = engine::onboard(&world.sandbox, place, app, request, pauses);
    runtime.unwrap().block_on(run)
}

/// A plan whose time for owners' sides is over, over all apps.
fn late_plan(world: &World) -> (Vec<bool>, String) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let apps = world.apps();
    let planned = engine::late_plan(&world.sandbox, &apps);
    runtime.unwrap().block_on(planned).unwrap()
}

/// Longer than any request here may take.
const LATE: u64 = 600_000;

const SHORT: Duration = Duration::from_millis(400);
const LONG: Duration = Duration::from_secs(30);

fn no_pauses() -> Pauses {
    Pauses::with_looks(vec![Duration::ZERO; 3])
}

#[test]
fn an_answer_that_came_too_late_is_found_by_looking() {
    let world = World::of(1);
    world.fault("create", json!({"delay": {"ms": LATE}}));
    let made = onboard(&world, SHORT, no_pauses()).unwrap();
    assert_eq!(made, (Outcome::Onboarded, true));
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
}

#[test]
fn after_a_time_out_no_second_post_leaves_in_this_run() {
    let world = World::of(1);
    let rule = json!({"call": "create", "commit": false, "fault": {"delay": {"ms": LATE}}});
    world.faults(json!({"rules": [rule]}));
    let error = onboard(&world, SHORT, no_pauses()).unwrap_err();
    assert_eq!(error, Kind::UnknownOutcome);
    assert_eq!(world.calls("create"), 1, "though nothing is listed");
    // Nor in the next one, while it is young.
    let patient = Pauses {
        without_answer: Duration::from_secs(600),
        ..no_pauses()
    };
    let error = onboard(&world, LONG, patient).unwrap_err();
    assert_eq!(error, Kind::UnknownOutcome);
    assert_eq!(world.calls("create"), 1);
    // Later it is sent again.
    let impatient = Pauses {
        without_answer: Duration::ZERO,
        ..no_pauses()
    };
    onboard(&world, LONG, impatient).unwrap();
    assert_eq!(world.calls("create"), 2);
    world.is_whole();
}

#[test]
fn an_accept_that_timed_out_is_settled_by_reading() {
    let world = World::of(1);
    world.fault("accept", json!({"delay": {"ms": LATE}}));
    let made = onboard(&world, SHORT, no_pauses()).unwrap();
    assert_eq!(made, (Outcome::Onboarded, true));
    assert_eq!(world.calls("accept"), 1);
    world.is_whole();
}

#[test]
fn a_plan_that_took_long_leaves_the_owners_sides_to_its_run_where_ours_is_known() {
    let world = World::of(3);
    let first = world.apps()[0].clone();
    world
        .mps(&format!("create --yes --app-id {first}"))
        .run()
        .code(0);
    let lists = world.calls("list");
    let (creates, looked_at) = late_plan(&world);
    assert_eq!(creates, [false, true, true]);
    assert_eq!(
        looked_at,
        "our app's side; for 2 apps theirs is read when it is their turn"
    );
    assert_eq!(world.calls("list") - lists, 1, "our side alone");
    let rule = json!({"call": "list", "role": "PARTNER", "times": 0, "fault": "unavailable"});
    world.faults(json!({"rules": [rule]}));
    let lists = world.calls("list");
    let (creates, looked_at) = late_plan(&world);
    assert_eq!(
        creates, [false; 3],
        "nothing is left where ours does not say"
    );
    assert_eq!(
        looked_at,
        "the Tech Provider's side alone, whose emptiness proves nothing"
    );
    let (tries_of_ours, owners) = (4, 3);
    assert_eq!(world.calls("list") - lists, tries_of_ours + owners);
}
