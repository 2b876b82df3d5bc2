//! `mps listen` when webhooks do not come, come in another order, or are still to be told when the journal moves.

use serde_json::json;

use crate::{
    listen::{Hooks, active, ends, secrets, updated},
    once_world::{Moment, World, read_of},
    support::{Home, Latch, PostgresServer, Script, needs_postgres},
};

/// Waits until our side was listed so often more.
fn looked_again(world: &World, times: u64) {
    let before = world.calls("list");
    std::iter::repeat_with(|| world.calls("list")).find(|now| *now >= before + times);
}

#[test]
fn a_look_now_and_then_finds_what_no_webhook_told_and_says_so_once() {
    let world = World::of(1);
    let hooks = Hooks::free();
    let run = hooks.listen(&world, "");
    looked_again(&world, 1);
    // One is told of, before a look can find it; another is not.
    let look = world.gate.hold_at(1, Moment::BeforeMeta, "role=PARTNER");
    look.reached();
    let told = active(&world);
    assert_eq!(hooks.sends(&world, &updated(&told, 1)), 200);
    look.open();
    let untold = active(&world);
    let said = run.wait_for_line("no webhook told of what became of");
    assert!(said.contains(&untold) && !said.contains(&told), "{said}");
    assert!(said.contains("mps listen --subscribe"), "{said}");
    active(&world);
    looked_again(&world, 3);
    let ended = ends(run);
    let said = ended.stderr_text().matches("no webhook told of").count();
    assert_eq!(said, 1, "it is said once");
}

#[test]
fn what_comes_out_of_order_is_told_with_what_is_true_now() {
    let world = World::of(1);
    let hooks = Hooks::free();
    let run = hooks.listen(&world, " --subscribe --yes");
    run.wait_for_line("Our app is subscribed");
    world.faults(json!({"webhooks": {"out_of_order": true}}));
    let id = active(&world);
    world.seed(&json!({"solution_id": id, "status": "DEACTIVATED"}));
    run.wait_for_stdout_line("SOLUTION_CREATED");
    let lines = ends(run).json_lines();
    let told: Vec<_> = lines
        .iter()
        .map(|line| line["told_status"].as_str())
        .collect();
    assert_eq!(
        told,
        [Some("DEACTIVATED"), Some("ACTIVE")],
        "the later one came first"
    );
    for line in lines {
        assert_eq!(line["status"], "DEACTIVATED", "{line}");
    }
}

/// What was heard and not told, and what was to be sent on, goes on where the journal goes on.
fn carried(world: &mut World, to: &Home, into: Option<String>) {
    let (hooks, id) = (Hooks::free(), active(world));
    let never = Latch::new();
    let silent = Script::new()
        .on("POST", "/in")
        .reply(200, json!({}))
        .after(&never)
        .serve();
    let run = hooks.listen(world, &format!(" --forward {}/in", silent.url()));
    assert_eq!(hooks.sends(world, &updated(&id, 1)), 200);
    run.wait_for_stdout_line("\"time\":1");
    let sent = silent.wait_for("POST", "/in");
    let read = world.gate.hold_at(1, Moment::BeforeMeta, &read_of(&id));
    assert_eq!(hooks.sends(world, &updated(&id, 2)), 200);
    read.reached();
    run.kill().killed_by(9);
    read.open();
    never.open();
    let file = world.home.path().join("journal.ndjson");
    let file = file.to_str().unwrap();
    let export = format!("history export {file} --json");
    assert_eq!(world.mps(&export).run().code(0).json()["webhooks"], 2);
    world.database = into;
    let import = world.at(to, &format!("history import {file} --json")).run();
    assert_eq!(import.code(0).json()["webhooks"], 2);
    let there = Script::new()
        .on("POST", "/in")
        .reply(200, json!({}))
        .times(3)
        .serve();
    let listen = format!(
        "listen --port {} --public-url {} --forward {}/in",
        hooks.port,
        hooks.public(),
        there.url()
    );
    let run = secrets(world, world.at(to, &listen)).start();
    run.wait_for_stdout_line("\"time\":2");
    // A double is known there too, and numbers go on.
    assert_eq!(hooks.sends(world, &updated(&id, 1)), 200);
    assert_eq!(hooks.sends(world, &updated(&id, 3)), 200);
    run.wait_for_stdout_line("\"time\":3");
    let all = std::iter::repeat_with(|| there.requests())
        .find(|all| all.len() == 3)
        .unwrap();
    assert_eq!(all[0].text(), sent.text(), "as it came");
    assert_eq!(ends(run).json_lines().len(), 2);
}

#[test]
fn webhooks_go_where_the_journal_is_carried_to() {
    let mut world = World::of(1);
    world.database = None;
    carried(&mut world, &Home::new(), None);
    if needs_postgres()
        && let Some(server) = PostgresServer::shared()
    {
        let url = server.url(&server.database());
        let mut world = World::of(1);
        world.database = None;
        let (there, here) = (Home::new(), Home::new());
        carried(&mut world, &there, Some(url));
        // And back.
        let file = world.home.path().join("back.ndjson");
        let file = file.to_str().unwrap();
        world
            .at(&there, &format!("history export {file}"))
            .run()
            .code(0);
        world.database = None;
        let back = world
            .at(&here, &format!("history import {file} --json"))
            .run();
        assert_eq!(back.code(0).json()["webhooks"], 3);
    }
}
