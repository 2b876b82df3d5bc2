//! A team's journal in PostgreSQL, as operators meet it: one database, several machines, roles, carrying a journal over.

use crate::{
    once_world::{Moment, World},
    support::{Home, Mps, Outcome, PostgresServer, needs_postgres},
};

/// A world whose runs share one database, and the database's name.
pub(crate) fn team(apps: usize) -> Option<(World, &'static PostgresServer, String)> {
    if !needs_postgres() {
        return None;
    }
    let server = PostgresServer::shared()?;
    let database = server.database();
    let world = World::in_database(apps, server.url(&database));
    Some((world, server, database))
}

/// A run that holds an app, as `journal status` shows it, and its end by `journal unlock`; nothing where PostgreSQL is not
/// installed.
pub(crate) fn held_and_unlocked() -> Vec<(&'static str, Outcome)> {
    let Some((world, ..)) = team(1) else {
        return Vec::new();
    };
    let held = world
        .gate
        .hold_at(1, Moment::AfterMeta, "whatsapp_business_solution ");
    let run = world.mps("onboard --all --yes").start();
    held.reached();
    let status = world.mps("journal status --json").run();
    status.code(0);
    let unlock = format!("journal unlock {} --yes --json", world.apps()[0]);
    let unlocked = world.mps(&unlock).run();
    unlocked.code(0);
    run.kill().killed_by(9);
    held.open();
    vec![("journal status", status), ("journal unlock", unlocked)]
}

#[test]
fn two_machines_with_one_journal_make_one_solution_each() {
    let Some((world, server, database)) = team(6) else {
        return;
    };
    let homes = [Home::new(), Home::new()];
    let runs: Vec<_> = homes
        .iter()
        .map(|home| world.at(home, "onboard --all --yes --json").start())
        .collect();
    for run in runs {
        run.finish().code(0);
    }
    assert_eq!(world.calls("create"), 6);
    world.is_whole();
    world.mps("history verify").run().code(0);
    // Whoever has the dump has no token.
    let dump = server.dump(&database);
    for token in [
        world.sandbox.user_token().secret().expose(),
        world.sandbox.system_token().secret().expose(),
    ] {
        assert!(!dump.contains(token), "a token is in the dump");
    }
}

#[test]
fn what_one_machine_leaves_another_takes_up() {
    let Some((world, ..)) = team(2) else {
        return;
    };
    world.mps("create --all").run().code(0);
    let other = Home::new();
    world.at(&other, "onboard --all --yes").run().code(0);
    world.is_whole();
    let history = world
        .at(&other, "history --json")
        .run()
        .code(0)
        .json_lines();
    let creates = history.iter().filter(|event| event["call"] == "create");
    // A row for each write, whichever machine wrote it.
    assert_eq!(creates.count(), 2);
    let address = "--public-url=https://mps.example.com";
    world
        .mps(&format!("invite --for acme {address}"))
        .run()
        .code(0);
    let seen = world
        .at(&other, &format!("invite list --json {address}"))
        .run();
    assert_eq!(seen.code(0).json_lines()[0]["ref"], "acme");
}

#[test]
fn a_journal_is_carried_into_a_database_and_back_once() {
    let Some((mut team, server, _)) = team(3) else {
        return;
    };
    let url = team.database.take();
    team.mps("onboard --all --yes").run().code(0);
    let file = team.home.path().join("journal.ndjson");
    let file = file.to_str().unwrap();
    let told = team.mps(&format!("history export {file} --json")).run();
    let exported = told.code(0).json();
    team.database = url;
    let imported = team.mps(&format!("history import {file} --json")).run();
    let imported = imported.code(0).json();
    assert_eq!(exported["last_hash"], imported["last_hash"]);
    assert_eq!(
        (&imported["rows"], &exported["events"]),
        (&3.into(), &imported["events"])
    );
    // The rows are known there: nothing is made again.
    team.is_whole();
    team.mps("onboard --all --yes").run().code(0);
    assert_eq!(team.calls("create"), 3);
    let verified = team.mps("history verify --json").run().code(0).json();
    assert_eq!(verified["last_hash"], imported["last_hash"]);
    team.mps(&format!("history import {file}"))
        .run()
        .code(1)
        .stderr_has("is not empty");
    // And back, to the letter.
    let back = team.home.path().join("back.ndjson");
    let back = back.to_str().unwrap();
    team.mps(&format!("history export {back}")).run().code(0);
    let lines = |file: &str| {
        let text = std::fs::read_to_string(file).unwrap();
        let mut lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        lines.retain(|line| line["table"] == "events");
        lines
    };
    assert_eq!(lines(file), lines(back));
    team.database = None;
    let fresh = Home::new();
    let import = team
        .at(&fresh, &format!("history import {back} --json"))
        .run();
    assert_eq!(import.code(0).json()["last_hash"], exported["last_hash"]);
    team.at(&fresh, "history verify").run().code(0);
    // What was changed on the way is not taken.
    let text = std::fs::read_to_string(file).unwrap();
    std::fs::write(
        file,
        text.replace("\"call\":\"create\"", "\"call\":\"accept\""),
    )
    .unwrap();
    let other = server.database();
    team.mps(&format!("history import {file}"))
        .env("MPS_JOURNAL", server.url(&other))
        .run()
        .code(1)
        .stderr_has("chain of hashes");
}

#[test]
fn an_auditor_reads_all_and_changes_nothing() {
    let Some((world, server, database)) = team(2) else {
        return;
    };
    world.mps("onboard --all --yes").run().code(0);
    let grants = world
        .mps("journal grants")
        .run()
        .code(0)
        .stdout_text()
        .to_owned();
    let (ana, otto) = (format!("ana_{database}"), format!("otto_{database}"));
    server.sql(
        &database,
        &format!("CREATE ROLE {ana} LOGIN; CREATE ROLE {otto} LOGIN"),
    );
    let stranger = world
        .mps("history")
        .env("MPS_JOURNAL", server.url_of(&otto, &database));
    stranger
        .run()
        .code(1)
        .stderr_has("lacks a right")
        .stderr_has("mps journal grants");
    let grants = grants
        .replace("ana;", &format!("{ana};"))
        .replace("otto;", &format!("{otto};"));
    let grants = grants.replace("ROLE otto", &format!("ROLE {otto}"));
    server.sql(&database, &grants);
    let as_role = |role: &str, command: &str| {
        world
            .mps(command)
            .env("MPS_JOURNAL", server.url_of(role, &database))
    };
    let seen = as_role(&otto, "history --events --json")
        .run()
        .code(0)
        .json_lines();
    assert!(seen.len() >= 8, "{seen:?}");
    as_role(&otto, "history verify").run().code(0);
    as_role(&otto, "journal status").run().code(0);
    as_role(&otto, "onboard --all --yes")
        .run()
        .code(1)
        .stderr_has("takes no writes");
    for sql in [
        "DELETE FROM mps.entries",
        "UPDATE mps.events SET error = 'x'",
        "TRUNCATE mps.events",
        "SET default_transaction_read_only = off; UPDATE mps.chain SET last_id = 0",
    ] {
        assert!(!server.try_sql(&otto, &database, sql).1, "{sql}");
    }
    // An operator works, and cannot change what was done either; nor can the owner.
    as_role(&ana, "onboard --all --yes").run().code(0);
    as_role(&ana, "tidy --yes").run().code(0);
    for role in [ana.as_str(), "admin"] {
        for sql in [
            "UPDATE mps.events SET error = 'x'",
            "DELETE FROM mps.events",
        ] {
            assert!(!server.try_sql(role, &database, sql).1, "{role}: {sql}");
        }
    }
}

#[test]
fn doctor_and_status_say_where_the_journal_is() {
    let Some((world, _, database)) = team(1) else {
        return;
    };
    let status = world.mps("journal status --json").run().code(0).json();
    assert_eq!(
        (&status["store"], &status["exists"]),
        (&"postgresql".into(), &false.into())
    );
    world.mps("onboard --all --yes").run().code(0);
    let doctor = world.mps("doctor --json --port 0").run();
    doctor.any_code();
    let mut checks = doctor.json_lines();
    checks.retain(|line| line["check"] == "journal");
    let seen = checks[0]["seen"].as_str().unwrap();
    for part in [
        "PostgreSQL 1",
        "without TLS",
        "may be written",
        "nobody holds",
        &database,
    ] {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    let status = Mps::new().args(["journal", "status", "--json"]);
    let status = status.env("MPS_PARTNER_APP_ID", "900").run().code(0).json();
    assert_eq!(status["store"], "sqlite");
    let unlock = Mps::new().args(["journal", "unlock", "1", "--yes"]);
    unlock
        .env("MPS_PARTNER_APP_ID", "900")
        .run()
        .code(2)
        .stderr_has("locks end with their holders");
}

#[test]
fn what_is_no_place_for_a_journal_is_said_before_anything_is_sent() {
    let Some((world, server, database)) = team(1) else {
        return;
    };
    world.mps("create --all").run().code(0);
    server.sql(&database, "UPDATE mps.meta SET version = 99");
    let refused = |url: String, code: i32, said: &str| {
        let run = world.mps("onboard --all --yes").env("MPS_JOURNAL", url);
        run.run().code(code).stderr_has(said);
    };
    refused(server.url(&database), 1, "newer mps");
    refused(server.url("nowhere"), 1, "createdb nowhere");
    refused(
        server.url(&database) + "&sslmode=prefer",
        2,
        "sslmode prefer",
    );
    refused(
        "postgres://ana@127.0.0.1:1/mps".to_owned(),
        1,
        "cannot be reached",
    );
    refused(
        "postgres://ana:hunter2%zz@h/mps".to_owned(),
        2,
        "MPS_JOURNAL",
    );
    let dir = server.dir().display();
    let read_only = format!("postgres://reader@/{database}?host={dir}");
    server.sql(
        &database,
        "CREATE ROLE reader LOGIN SUPERUSER; ALTER ROLE reader SET default_transaction_read_only = on",
    );
    refused(read_only, 1, "takes no writes");
    // What an earlier run kept is not passed over.
    let kept = world.home.state().join("unwritten");
    std::fs::create_dir_all(&kept).unwrap();
    std::fs::write(kept.join("x.json"), "no answer").unwrap();
    let fresh = server.database();
    refused(server.url(&fresh), 1, "an earlier run kept");
    assert_eq!(world.calls("create"), 1, "nothing was sent");
}
