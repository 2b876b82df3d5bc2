//! Who holds an app in a team's database: a holder that dies, freezes or is cut off, and whoever comes after.
//!
//! The one decision: where the holder stands is said by a held answer of Meta, so that it is always the same moment.

use rustix::process::Signal;

use crate::{
    once_world::{Moment, World},
    postgres::team,
    support::{Home, Latch, Running},
};

const CREATE: &str = "whatsapp_business_solution ";

/// A run whose first create Meta has answered, which is not told yet.
fn held_when_created(world: &World) -> (Latch, Running) {
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let run = world.mps("onboard --all --yes").start();
    created.reached();
    world.gate.disarm();
    (created, run)
}

#[test]
fn whoever_waits_is_told_who_holds_the_app_and_takes_over_when_they_are_killed() {
    let Some((world, ..)) = team(1) else { return };
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let first = world.mps("onboard --all --yes").env("MPS_OPERATOR", "ana");
    let first = first.start();
    created.reached();
    world.gate.disarm();
    let other = Home::new();
    let second = world.at(&other, "onboard --all --yes").start();
    let line = second.wait_for_line("works on app");
    for part in ["ana on ", "run ", "since 20"] {
        assert!(line.contains(part), "{line}");
    }
    let held = world.mps("journal status --json").run().code(0).json();
    assert_eq!(held["held"][0]["operator"], "ana");
    assert_eq!(held["held"][0]["app_id"], world.apps()[0]);
    first.kill().killed_by(9);
    created.open();
    second.finish().code(0);
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
}

#[test]
fn a_frozen_holder_is_ended_and_what_it_wants_to_write_then_is_refused() {
    let Some((world, ..)) = team(1) else { return };
    let app = world.apps().remove(0);
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let first = world.mps("onboard --all --yes").start();
    created.reached();
    world.gate.disarm();
    first.signal(Signal::STOP);
    let other = Home::new();
    let second = world.at(&other, "onboard --all --yes").start();
    second.wait_for_line("works on app");
    let unlock = world.at(&other, &format!("journal unlock {app} --yes --json"));
    assert_eq!(unlock.run().code(0).json()["outcome"], "unlocked");
    second.finish().code(0);
    created.open();
    first.signal(Signal::CONT);
    // Its POST was answered, so it says so; it sends nothing more.
    first.finish().code(6).stderr_has("has taken this app over");
    assert_eq!((world.calls("create"), world.calls("accept")), (1, 1));
    // What it kept goes beside the row.
    world.mps("onboard --all --yes").run().code(0);
    world.is_whole();
    let unlock = world.mps(&format!("journal unlock {app} --yes --json"));
    assert_eq!(unlock.run().code(0).json()["outcome"], "free");
}

#[test]
fn a_holder_that_lost_its_app_sends_no_accept() {
    let Some((world, ..)) = team(1) else { return };
    let app = world.apps().remove(0);
    // The listing that decides the accept is held, inside the lock.
    let looked = world.gate.hold_at(2, Moment::AfterMeta, "role=PARTNER");
    let first = world.mps("onboard --all --yes").start();
    looked.reached();
    world.gate.disarm();
    let other = Home::new();
    let unlock = world.at(&other, &format!("journal unlock {app} --yes"));
    unlock.run().code(0);
    world.at(&other, "onboard --all --yes").run().code(0);
    looked.open();
    let ended = first.finish();
    ended.code(1).stderr_has("has taken this app over");
    assert_eq!(world.calls("accept"), 1, "the other one's");
    world.is_whole();
}

#[test]
fn a_claim_that_the_database_has_forgotten_is_not_told_as_taken_over() {
    let Some((world, server, database)) = team(1) else {
        return;
    };
    let (created, run) = held_when_created(&world);
    // As a standby has it that lacks the last claim.
    server.sql(
        &database,
        "UPDATE mps.claims SET fence = fence - 1, session = 'older', operator = 'otto'",
    );
    created.open();
    let ended = run.finish();
    ended
        .code(6)
        .stderr_has("this run held app")
        .stderr_lacks("otto");
    assert_eq!((world.calls("create"), world.calls("accept")), (1, 0));
    world.mps("onboard --all --yes").run().code(0);
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
}

#[test]
fn a_connection_that_is_cut_is_made_anew() {
    let Some((world, server, database)) = team(1) else {
        return;
    };
    let (created, run) = held_when_created(&world);
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
    server.sql(
        &database,
        &format!("{cut} AND datname = current_database()"),
    );
    created.open();
    run.finish().code(0);
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
}
