//! Ctrl-C, SIGTERM and SIGHUP: the write under way is finished and written down, no new one starts.
//!
//! The one decision: the signal comes while the sandbox holds an answer back, and the answer goes on only
//! when mps has said that it heard the signal; so no test depends on who is faster.

use rustix::process::Signal;

use crate::{
    once_world::{Moment, World},
    support::Mps,
};

const CREATE: &str = "whatsapp_business_solution ";

#[test]
fn the_write_under_way_is_finished_and_the_rest_noted() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let world = World::of(4);
        let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
        let run = world.mps("onboard --all --yes --jobs 1").start();
        created.reached();
        run.signal(signal);
        run.wait_for_line("Stopping");
        created.open();
        let outcome = run.finish();
        outcome.code(130).stderr_has("mps resume");
        assert_eq!((world.calls("create"), world.calls("accept")), (1, 0));
        let mut states: Vec<_> = world
            .rows()
            .iter()
            .map(|row| row.state.to_string())
            .collect();
        states.sort();
        assert_eq!(states, ["created", "intended", "intended", "intended"]);
        world.mps("resume --yes").run().code(0);
        world.is_whole();
    }
}

#[test]
fn before_the_first_write_it_ends_at_once_and_leaves_nothing_to_resume() {
    let reads = ["application_details", "whatsapp_business_solutions"];
    for (command, read) in ["onboard --all --yes", "create --all"]
        .into_iter()
        .flat_map(|command| reads.map(|read| (command, read)))
    {
        let world = World::of(2);
        let answer = world.gate.hold_at(1, Moment::BeforeMeta, read);
        let run = world.mps(command).start();
        answer.reached();
        run.signal(Signal::INT);
        let outcome = run.finish();
        answer.open();
        outcome
            .code(130)
            .stdout("")
            .stderr_has("interrupted; nothing was changed");
        assert_eq!(world.calls("create"), 0);
        assert!(world.rows().is_empty(), "{command} at {read}");
    }
}

#[test]
fn who_only_asks_meta_ends_at_once() {
    for command in [
        "invite --for x --public-url https://mps.example.com",
        "init --no-input --profile q --secret-store file",
        "serve-button --paste",
    ] {
        let world = World::of(1);
        let answer = world.gate.hold_at(1, Moment::BeforeMeta, "GET ");
        let token = world.sandbox.user_token().secret().expose();
        let run = world.mps(command).stdin(token).start();
        answer.reached();
        run.signal(Signal::INT);
        let outcome = run.finish();
        answer.open();
        outcome
            .code(130)
            .stdout("")
            .stderr_has("interrupted; nothing was changed");
        let profile = world.home.config().join("profiles/q.toml");
        assert!(!profile.exists(), "{command}");
    }
}

#[test]
fn a_second_ctrl_c_does_not_lose_it() {
    let world = World::of(2);
    let created = world.gate.hold_at(1, Moment::BeforeMeta, CREATE);
    let run = world.mps("onboard --all --yes --jobs 1 --json").start();
    created.reached();
    for _ in 0..3 {
        run.signal(Signal::INT);
    }
    run.wait_for_line("Stopping");
    created.open();
    let outcome = run.finish();
    outcome.code(130);
    assert_eq!(outcome.error()["kind"], "interrupted");
    assert_eq!(outcome.error()["exit_code"], 130);
    let made = world
        .rows()
        .iter()
        .filter(|row| row.solution_id.is_some())
        .count();
    assert_eq!((world.calls("create"), made), (1, 1));
    world.mps("resume --yes").run().code(0);
    world.is_whole();
}

#[test]
fn an_accept_under_way_is_finished_and_read_back() {
    let world = World::of(2);
    let accepted = world.gate.hold_at(1, Moment::BeforeMeta, "/accept ");
    let run = world.mps("onboard --all --yes --jobs 1 --json").start();
    accepted.reached();
    run.signal(Signal::INT);
    run.wait_for_line("Stopping");
    accepted.open();
    let outcome = run.finish();
    outcome.code(130);
    let lines = outcome.json_lines();
    assert_eq!(lines[0]["outcome"], "onboarded");
    assert_eq!(lines[0]["verified"], true);
    assert_eq!(lines[1]["error"]["kind"], "interrupted");
}

#[test]
fn the_pauses_of_an_unknown_outcome_are_not_waited_out() {
    let world = World::of(1);
    let created = world.gate.hold_at(1, Moment::BeforeMeta, CREATE);
    world.faults(
        serde_json::json!({"rules": [{"call": "create", "fault": "drop", "commit": false}]}),
    );
    // An hour that nobody waits for.
    let run = world
        .mps("onboard --all --yes --json")
        .env("MPS_LOOK_PAUSES", "3600")
        .start();
    created.reached();
    created.open();
    run.wait_for_line("No clear answer");
    run.signal(Signal::TERM);
    let outcome = run.finish();
    outcome.code(130).stderr_has("before it was clear whether");
    assert_eq!(
        (world.calls("create"), world.row().state.as_str()),
        (1, "unknown")
    );
    world.age();
    world.mps("resume --yes").run().code(0);
    world.is_whole();
}

#[test]
fn whoever_waits_for_another_mps_can_stop() {
    let world = World::of(1);
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let first = world.mps("onboard --all --yes").start();
    created.reached();
    let second = world.mps("onboard --all --yes").start();
    second.wait_for_line("works on app");
    second.signal(Signal::INT);
    second.finish().code(130);
    created.open();
    first.finish().code(0);
    world.is_whole();
}

#[test]
fn stopped_at_every_request() {
    let command = "onboard --all --yes --jobs 1";
    let counted = World::of(2);
    counted.gate.hold_at(usize::MAX, Moment::AfterMeta, "");
    counted.mps(command).run().code(0);
    let requests = counted.gate.disarm();
    assert!(requests >= 12, "{requests}");
    for at in 1..=requests {
        let world = World::of(2);
        let held = world.gate.hold_at(at, Moment::AfterMeta, "");
        let run = world.mps(command).start();
        held.reached();
        run.signal(Signal::INT);
        run.wait_for_line("Stopping");
        held.open();
        let outcome = run.finish();
        if outcome.any_code() == 0 {
            // The last accept or its reading.
            assert!(at + 1 >= requests, "{at}: something was left\n{outcome}");
            world.is_whole();
            continue;
        }
        outcome.code(130);
        if world.rows().is_empty() {
            assert_eq!(world.calls("create"), 0, "{at}");
            world.mps(command).run().code(0);
        } else {
            outcome.stderr_has("mps resume");
            world.mps("resume --yes").run().code(0);
        }
        world.is_whole();
        let [created, accepted] = ["create", "accept"].map(|call| world.calls(call));
        assert_eq!((created, accepted), (2, 2), "{at}: nothing was sent twice");
    }
}

#[test]
fn under_nohup_a_lost_terminal_stops_nothing() {
    let world = World::of(2);
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let mps = env!("CARGO_BIN_EXE_mps");
    let script = format!("trap '' HUP; exec {mps} \"$@\"");
    let shell = Mps::program(&world.home, "/bin/sh").args(["-c", &script, "mps"]);
    let run = world
        .told(shell)
        .args("onboard --all --yes --jobs 1".split(' '))
        .start();
    created.reached();
    run.signal(Signal::HUP);
    created.open();
    run.finish().code(0).stderr_lacks("Stopping");
    world.is_whole();
}
