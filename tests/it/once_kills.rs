//! SIGKILL at hundreds of moments: nothing is made twice and nothing is lost.
//!
//! The one decision: a moment is "the n-th request has come", "Meta has answered it" or "the journal grows by
//! this page", so that every place between two requests and every write to the disk is hit on every machine.
//! Moments by the clock come on top in `tests/long kills`.

use mps::testing::journal::State;
use rustix::process::Signal;

use crate::{
    once_world::{Dice, Moment, World},
    support::Mps,
};

/// Apps of a Tech Provider, in a world whose listings show a new solution late: a look right after a death
/// proves nothing there, and only the journal knows better.
fn late_world(apps: usize) -> World {
    let world = World::of(apps);
    world.faults(serde_json::json!({"listing_lag": 3}));
    world
}

/// A run that is killed at this moment; `false` when it ended before.
fn killed(world: &World, command: &str, at: usize, moment: Moment) -> bool {
    world.gate.kill_at(at, moment, "");
    let run = world.mps(command).start();
    world.gate.victim(&run);
    let outcome = run.finish();
    world.gate.disarm();
    world.gate.quiet();
    if outcome.was_killed() {
        outcome.killed_by(9);
        return true;
    }
    outcome.code(0);
    false
}

const ONBOARD: &str = "onboard --all --yes --jobs 3";
const RESUME: &str = "resume --yes --jobs 3";

/// Kills one run at each request, and lets `finish` complete what it left.
fn at_every_request(moment: Moment, finish: &str) -> usize {
    for at in 1.. {
        let world = late_world(3);
        world.age();
        if !killed(&world, ONBOARD, at, moment) {
            return at - 1;
        }
        if world.rows().is_empty() {
            // Before anything was written down: nothing may have been sent.
            assert_eq!(world.calls("create"), 0, "{moment:?} {at}");
            world.mps(ONBOARD).run().code(0);
        } else {
            world.age();
            world.mps(finish).run().code(0);
        }
        world.is_whole();
    }
    unreachable!()
}

#[test]
fn killed_before_each_request_then_resumed() {
    assert!(at_every_request(Moment::BeforeMeta, RESUME) > 12);
}

#[test]
fn killed_after_each_answer_then_resumed() {
    assert!(at_every_request(Moment::AfterMeta, RESUME) > 12);
}

#[test]
fn killed_after_each_answer_then_typed_again() {
    assert!(at_every_request(Moment::AfterMeta, ONBOARD) > 12);
}

/// Kills run after run over the same apps, `onboard` and `resume` in turn, until all is done.
fn again_and_again(seed: u64, apps: usize) -> usize {
    let (world, mut dice, mut kills) = (late_world(apps), Dice(seed), 0);
    // A run has to list and to look at each app before it writes; some get no further than a few writes.
    for _ in 0..60 {
        let command = if world.rows().is_empty() || dice.below(2) == 0 {
            ONBOARD
        } else {
            RESUME
        };
        let moment = if dice.below(2) == 0 {
            Moment::BeforeMeta
        } else {
            Moment::AfterMeta
        };
        // What the last one sent without an answer is sent again only when it is old.
        world.age();
        let reads = if command == ONBOARD { apps } else { 0 };
        if !killed(&world, command, 5 + reads + dice.below(12), moment) {
            break;
        }
        kills += 1;
    }
    world.age();
    if world.rows().is_empty() {
        world.mps(ONBOARD).run().code(0);
    }
    world.mps(RESUME).run().code(0);
    world.is_whole();
    kills
}

#[test]
fn killed_again_and_again_over_many_apps() {
    let kills = again_and_again(0x9E37, 16);
    assert!(kills > 10, "only {kills}");
}

/// A run that the kernel kills at the write which makes a file longer than so many blocks of 512 bytes: the
/// one file that grows is the journal's WAL. `false` when it ended before.
fn killed_by_a_write(world: &World, blocks: usize) -> bool {
    let mps = env!("CARGO_BIN_EXE_mps");
    let script = format!("ulimit -c 0; ulimit -f {blocks}; exec {mps} \"$@\"");
    let shell = Mps::program(&world.home, "/bin/sh").args(["-c", &script, "mps"]);
    // One after the other, so that writes do not share a page.
    let command = "onboard --all --yes --jobs 1 --log-file none";
    let outcome = world.told(shell).args(command.split(' ')).run();
    world.gate.quiet();
    if outcome.was_killed() {
        outcome.killed_by(Signal::XFSZ.as_raw());
        return true;
    }
    outcome.code(0);
    false
}

#[test]
fn killed_at_each_page_that_the_journal_grows_by() {
    // A page with its head is a little longer than eight blocks: this is every third page, and each within three apps.
    let kills = (0..).step_by(24).take_while(|blocks| {
        let world = World {
            database: None,
            ..late_world(3)
        };
        let killed = killed_by_a_write(&world, *blocks);
        let known = world.rows();
        for solution in world.sandbox.state()["solutions"].as_array().unwrap() {
            let owner = solution["owner_app_id"].as_str().unwrap();
            let row = known.iter().find(|row| row.key.owner.as_str() == owner);
            let row = row.unwrap_or_else(|| panic!("{blocks}: nothing was written down"));
            let found_later = row.solution_id.is_none() && row.state == State::Sent;
            assert!(
                row.solution_id.is_some() || found_later,
                "{blocks}: {row:?}"
            );
        }
        let finish = if known.is_empty() { ONBOARD } else { RESUME };
        world.age();
        world.mps(finish).run().code(0);
        world.is_whole();
        killed
    });
    let kills = kills.count();
    assert!(kills > 13, "only {kills}");
}
