//! `mps wait`: ends when a solution is there, when it cannot come there, or when the time is over.

use serde_json::json;

use crate::{
    listen::{Hooks, updated},
    once_world::World,
};

#[test]
fn how_it_ends() {
    for (status, until, code, said) in [
        ("ACTIVE", "active", 0, ""),
        ("REJECTED", "active", 1, "becomes ACTIVE no more"),
        ("ACTIVE", "rejected", 1, "becomes REJECTED no more"),
        (
            "INITIATED",
            "active --timeout 1s",
            1,
            "did not become ACTIVE in time; it is INITIATED (PENDING_ACTIVATION)",
        ),
        ("ACTIVE", "deactivated --timeout 0s", 2, "--timeout"),
    ] {
        let world = World::of(1);
        let id = world.seed(&json!({"owner_app_id": world.apps()[0], "status": status}));
        let run = world.mps(&format!("wait {id} --until {until}")).run();
        run.code(code).stderr_has(said);
        run.stdout(&if code == 0 {
            format!("{id}\n")
        } else {
            String::new()
        });
    }
}

#[test]
fn what_a_listener_heard_ends_it_at_once() {
    let world = World::of(1);
    let hooks = Hooks::free();
    let id = world.seed(&json!({"owner_app_id": world.apps()[0], "status": "INITIATED"}));
    let listener = hooks.listen(&world, "");
    let run = world
        .mps(&format!("wait --json {id} --until active"))
        .start();
    run.wait_for_line("Waiting until it is ACTIVE");
    world.seed(&json!({"solution_id": id, "status": "ACTIVE"}));
    assert_eq!(hooks.sends(&world, &updated(&id, 1)), 200);
    let done = run.finish();
    assert_eq!(done.code(0).json()["status"], "ACTIVE");
    listener.signal(rustix::process::Signal::TERM);
    listener.finish().code(0);
}
