//! A team's database that goes away at any moment, comes back, fails over, or stands behind a pooler.
//!
//! The one decision: each test has a server of its own, since it is the server that something happens to.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::json;

use crate::{
    listen::{Hooks, ends, updated},
    once_world::{Moment, World},
    support::{PostgresServer, needs, needs_postgres},
};

const CREATE: &str = "whatsapp_business_solution ";

fn team() -> Option<(World, PostgresServer, String)> {
    if !needs_postgres() {
        return None;
    }
    let server = PostgresServer::start()?;
    let database = server.database();
    let world = World::in_database(1, server.url(&database));
    Some((world, server, database))
}

#[test]
fn gone_before_the_intent_nothing_is_sent() {
    let Some((world, server, _)) = team() else {
        return;
    };
    // The journal is open, and the run looks.
    let looked = world.gate.hold_at(1, Moment::AfterMeta, "role=PARTNER");
    world.mps("history").run().code(0);
    let run = world.mps("create --all").start();
    looked.reached();
    server.tell("kill");
    looked.open();
    run.finish()
        .code(1)
        .stderr_has("the database cannot be reached");
    world
        .mps("create --all")
        .run()
        .code(1)
        .stderr_has("the database cannot be reached")
        .stderr_has("see that the database runs");
    assert_eq!(world.calls("create"), 0);
    server.tell("start");
    world.mps("onboard --all --yes").run().code(0);
    world.is_whole();
}

#[test]
fn gone_between_the_answer_and_the_commit_the_answer_is_kept_and_written_first() {
    let Some((world, server, _)) = team() else {
        return;
    };
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let run = world.mps("onboard --all --yes").start();
    created.reached();
    world.gate.disarm();
    server.tell("kill");
    created.open();
    let ended = run.finish();
    let id = world.id(0);
    ended.code(6).stderr_has(&id).stderr_has("is kept in");
    let kept: Vec<_> = fs::read_dir(world.home.state().join("unwritten"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    let [file] = kept.as_slice() else {
        panic!("one file: {kept:?}");
    };
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(&id), "{text}");
    for token in [
        world.sandbox.user_token().secret().expose(),
        world.sandbox.system_token().secret().expose(),
    ] {
        assert!(!text.contains(token), "a token is kept");
    }
    server.tell("start");
    world.mps("onboard --all --yes").run().code(0);
    assert!(!file.exists(), "it is written down");
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
    let later = |record: &mps::testing::journal::HistoryRecord| {
        let error = record.event.error.as_deref().unwrap_or_default();
        error.contains("could not be written then")
    };
    assert_eq!(
        world
            .records()
            .iter()
            .filter(|record| later(record))
            .count(),
        1
    );
    world.mps("history verify").run().code(0);
}

#[test]
fn a_listener_outlives_a_database_that_comes_back() {
    let Some((world, server, _)) = team() else {
        return;
    };
    let hooks = Hooks::free();
    let id = world.seed(&json!({"owner_app_id": world.apps()[0], "status": "ACTIVE"}));
    let run = hooks.listen(&world, "");
    assert_eq!(hooks.sends(&world, &updated(&id, 1)), 200);
    run.wait_for_stdout_line("\"time\":1");
    server.tell("kill");
    run.wait_for_line("the database cannot be reached");
    // Meta is asked to send it again.
    assert_eq!(hooks.sends(&world, &updated(&id, 2)) / 100, 5);
    server.tell("start");
    run.wait_for_line("The journal is there again.");
    assert_eq!(hooks.sends(&world, &updated(&id, 2)), 200);
    run.wait_for_stdout_line("\"time\":2");
    assert_eq!(ends(run).json_lines().len(), 2);
}

#[test]
fn a_restart_between_intent_and_answer_costs_nothing() {
    let Some((world, server, _)) = team() else {
        return;
    };
    let sent = world.gate.hold_at(1, Moment::BeforeMeta, CREATE);
    let run = world.mps("onboard --all --yes").start();
    sent.reached();
    world.gate.disarm();
    server.tell("stop");
    server.tell("start");
    sent.open();
    run.finish().code(0);
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
}

#[test]
fn a_replica_is_only_read_and_after_a_failover_what_was_on_its_way_is_looked_for() {
    let Some((world, server, _)) = team() else {
        return;
    };
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let run = world.mps("onboard --all --yes").start();
    created.reached();
    world.gate.disarm();
    run.kill().killed_by(9);
    created.open();
    server.tell("stop");
    server.tell("standby");
    server.tell("start");
    world
        .mps("resume --yes")
        .run()
        .code(1)
        .stderr_has("takes no writes");
    let history = world.mps("history --json").run();
    assert_eq!(history.code(0).json_lines()[0]["outcome"], "intended");
    server.tell("promote");
    world
        .mps("resume --yes")
        .run()
        .code(0)
        .stderr_has("another server");
    world
        .mps("resume --yes")
        .run()
        .code(0)
        .stderr_lacks("another server");
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
}

#[test]
fn a_pooler_by_the_session_serves_and_one_by_the_transaction_is_refused() {
    let Some((mut world, server, database)) = team() else {
        return;
    };
    if !needs("pgbouncer") {
        return;
    }
    let dir = server.dir().display().to_string();
    world.database = Some(format!("postgres://admin@/{database}?host={dir}&port=6432"));
    server.tell("transaction");
    world
        .mps("onboard --all --yes")
        .run()
        .code(1)
        .stderr_has("pooler")
        .stderr_has("pool_mode=session");
    assert_eq!(world.calls("create"), 0);
    server.tell("session");
    world.mps("onboard --all --yes").run().code(0);
    world.is_whole();
}
