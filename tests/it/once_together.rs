//! Several mps at once over the same apps: one solution each, whoever comes first.
//!
//! The one decision: the first one's POST is held until all the others have come to its lock, so they
//! surely meet; after that nothing orders them but the lock files and the journal.

use rustix::process::Signal;

use crate::{
    once_world::{Moment, World},
    support::Home,
};

const CREATE: &str = "whatsapp_business_solution ";

fn together(count: usize, apps: usize) {
    let world = World::of(apps);
    let start = || world.mps("onboard --all --yes --json").start();
    let held = world.gate.hold_at(1, Moment::BeforeMeta, CREATE);
    let mut runs = vec![start()];
    held.reached();
    runs.extend((1..count).map(|_| start()));
    for run in &runs[1..] {
        run.wait_for_line("works on app");
    }
    held.open();
    for run in runs {
        let outcome = run.finish();
        outcome.code(0);
        let mut lines = outcome.json_lines();
        assert_eq!(lines.len(), apps, "everybody has a line for each app");
        lines.retain(|line| line["status"] != "ACTIVE");
        assert_eq!(lines, Vec::<serde_json::Value>::new());
    }
    assert_eq!(world.calls("create"), apps as u64);
    assert_eq!(world.calls("accept"), apps as u64);
    world.is_whole();
}

#[test]
fn a_host_with_a_dot_behind_it_is_the_same_host() {
    let world = World::of(1);
    let port = world.gate.address.port();
    let at = |host: &str| {
        let url = format!("http://{host}:{port}");
        world.mps("onboard --all --yes").env("MPS_GRAPH_URL", url)
    };
    let held = world.gate.hold_at(1, Moment::BeforeMeta, CREATE);
    let first = at("localhost.").start();
    held.reached();
    let second = at("localhost").start();
    second.wait_for_line("works on app");
    held.open();
    first.finish().code(0);
    second.finish().code(0);
    assert_eq!((world.calls("create"), world.rows().len()), (1, 1));
}

#[test]
fn a_goal_that_was_planned_meanwhile_is_not_lost_to_whoever_holds_the_lock() {
    let world = World::of(1);
    let held = world.gate.hold_at(1, Moment::BeforeMeta, CREATE);
    let create = world.mps("create --all --yes").start();
    held.reached();
    // It wants the solution ACTIVE, writes that down, and dies before its turn comes.
    let onboard = world.mps("onboard --all --yes").start();
    onboard.wait_for_line("works on app");
    onboard.signal(Signal::KILL);
    onboard.finish().killed_by(9);
    held.open();
    create.finish().code(0);
    assert_eq!(world.solutions()[0].1, "INITIATED");
    world.mps("resume --yes").run().code(0);
    world.is_whole();
}

#[test]
fn two_processes() {
    together(2, 6);
}

#[test]
fn eight_processes() {
    together(8, 6);
}

#[test]
fn an_onboard_and_a_resume_at_once() {
    let world = World::of(6);
    world.faults(serde_json::json!({"rules": [{"call": "create", "fault": "drop", "times": 3}]}));
    world.mps("onboard --all --yes").run().code(0);
    let runs: Vec<_> = ["onboard --all --yes", "resume --yes", "onboard --all --yes"]
        .into_iter()
        .map(|command| world.mps(command).start())
        .collect();
    for run in runs {
        run.finish().code(0);
    }
    world.is_whole();
    assert_eq!(world.calls("create"), 6);
}

#[test]
fn two_state_directories_meet_before_accept() {
    // Outside of the promise (all runs share one state directory), and still no second ACTIVE one.
    let world = World::in_files(1);
    let other = Home::new();
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let first = world.mps("onboard --all --yes").start();
    created.reached();
    world.gate.disarm();
    // The second finds the first one's and takes it.
    world.at(&other, "onboard --all --yes").run().code(0);
    created.open();
    first.finish().code(0);
    assert_eq!(world.solutions().len(), 1);
    assert_eq!(world.solutions()[0].1, "ACTIVE");
}
