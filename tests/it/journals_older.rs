//! Journals that an older mps wrote, each kept as a file, and one that a newer mps wrote.
//!
//! The one decision: whoever updates mps goes on where the older one stopped: what only reads takes the file as it
//! is, what writes brings it up to date, and nothing that was promised is forgotten.

use serde_json::json;

use crate::once_world::World;

/// Each schema's journal: app 1 is done, and a create for app 2 never had an answer.
const KEPT: [&str; 3] = [
    include_str!("journals/version_1.sql"),
    include_str!("journals/version_2.sql"),
    include_str!("journals/version_3.sql"),
];

/// One with a chain of hashes and an invitation, of before webhooks were kept. A chain holds for one host only, which is
/// another at each run, so this one has no events yet.
const BEFORE_WEBHOOKS: &str = include_str!("journals/version_5.sql");

/// A world with that journal in its home, and the solution that app 1 has there.
fn world(kept: &str) -> (World, String) {
    let world = World::of(2);
    let apps = world.apps();
    let solution = world.seed(&json!({"owner_app_id": apps[0], "status": "ACTIVE"}));
    let sql = kept
        .replace("@HOST@", &world.host())
        .replace("@APP1@", &apps[0])
        .replace("@APP2@", &apps[1])
        .replace("@PARTNER@", world.sandbox.partner_app_id().as_str())
        .replace("@SOLUTION@", &solution);
    let state = world.home.state();
    std::fs::create_dir_all(&state).unwrap();
    open(&world).execute_batch(&sql).unwrap();
    (world, solution)
}

fn open(world: &World) -> rusqlite::Connection {
    rusqlite::Connection::open(world.home.state().join("journal.db")).unwrap()
}

fn version(world: &World) -> i64 {
    open(world)
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn what_only_reads_takes_an_older_journal_as_it_is() {
    for (kept, wrote) in KEPT.into_iter().zip(1..) {
        let (world, solution) = world(kept);
        let history = world.mps("history --events --json").run();
        let lines = history.code(0).json_lines();
        assert_eq!(lines.len(), 5, "version {wrote}");
        assert_eq!(lines[1]["solution_id"], solution);
        assert_eq!(
            world.mps("history --failed").run().code(0).stdout_text(),
            ""
        );
        world.mps("list").run().code(0).stdout_has(&solution);
        let dry = world.mps("resume --dry-run --json").run();
        dry.code(0)
            .stdout_has(&world.apps()[1])
            .stdout_lacks(&solution);
        world
            .mps("complete-words solutions 7")
            .run()
            .code(0)
            .stdout_has(&solution);
        // There is no chain yet, which is told.
        world
            .mps("history verify")
            .run()
            .code(1)
            .stdout("")
            .stderr_has("an older mps wrote this journal")
            .stderr_has("mps resume");
        assert_eq!(version(&world), wrote, "nothing was written");
        assert_eq!(world.calls("create"), 0);
    }
}

#[test]
fn what_writes_brings_it_up_and_finishes_what_was_left() {
    for command in ["onboard --all --yes", "resume --yes"] {
        for kept in KEPT {
            let (world, _) = world(kept);
            world.mps(command).run().code(0);
            world.is_whole();
            assert_eq!(world.calls("create"), 1, "{command}");
            let verify = world.mps("history verify --json").run();
            let found = verify
                .code(0)
                .stderr_has("5 of them an older mps wrote")
                .json();
            assert_eq!(found["chained_late"], 5);
            assert!(found["events"].as_i64().unwrap() > 5, "{found}");
        }
    }
}

#[test]
fn a_journal_of_before_webhooks_is_read_as_it_is_and_brought_up() {
    let (world, solution) = world(BEFORE_WEBHOOKS);
    world
        .mps(&format!("wait {solution} --until active"))
        .run()
        .code(0)
        .stdout(format!("{solution}\n"));
    let invited = world
        .mps("invite list --json --public-url https://mps.example.com")
        .run();
    assert_eq!(invited.code(0).json()["ref"], "lucky");
    assert_eq!(version(&world), 5, "nothing was written");
    world.mps("resume --yes").run().code(0);
    assert_eq!(version(&world), 7);
    world.is_whole();
    world.mps("history verify").run().code(0);
    world
        .mps("listen replay --since 1h")
        .run()
        .code(0)
        .stdout("");
}

#[test]
fn what_was_changed_in_an_older_event_afterwards_is_found() {
    let (world, _) = world(KEPT[0]);
    world.mps("resume --yes").run().code(0);
    let conn = open(&world);
    conn.execute_batch(
        "DROP TRIGGER events_never_change; UPDATE events SET operator = 'nobody' WHERE id = 2",
    )
    .unwrap();
    world
        .mps("history verify")
        .run()
        .code(1)
        .stderr_has("event 2 is not what was written");
}

#[test]
fn a_journal_of_a_newer_mps_is_refused_and_left_alone() {
    let (world, _) = world(KEPT[2]);
    open(&world)
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    for command in [
        "history",
        "history verify",
        "resume --dry-run",
        "resume",
        "onboard --all --yes",
        "create --all --yes",
    ] {
        world
            .mps(command)
            .run()
            .code(1)
            .stdout("")
            .stderr_has("a newer mps")
            .stderr_has("use the newer mps");
    }
    assert_eq!((version(&world), world.calls("create")), (99, 0));
}
