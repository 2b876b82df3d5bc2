//! `mps history`: what was done, by whom, newest first, in every form.
//!
//! The one decision: the keys of `--json` are a contract, so they are held to the letter here.

use serde_json::{Value, json};

use crate::{once_world::World, support::Mps};

/// The keys, in their order.
const KEYS: [&str; 22] = [
    "id",
    "at",
    "run_id",
    "operator",
    "version",
    "profile",
    "host",
    "call",
    "app_id",
    "partner_app_id",
    "solution_id",
    "solution_name",
    "permissions_sent",
    "permissions_read",
    "user_id",
    "system_user_id",
    "scopes",
    "consent",
    "fbtrace_id",
    "outcome",
    "error",
    "ref",
];

/// Two apps: the first create is refused, then both are onboarded.
fn world() -> World {
    let world = World::of(2);
    world.fault("create", json!({"quota": {"code": 80008, "minutes": 3}}));
    let secret = world.sandbox.app_secret().secret().expose().to_owned();
    world
        .mps("create --all --yes --jobs 1")
        .env("MPS_APP_SECRET", &secret)
        .run()
        .code(5);
    world
        .mps("onboard --all --yes --jobs 1")
        .env("MPS_APP_SECRET", &secret)
        .run()
        .code(0);
    world
}

#[test]
fn json_has_its_keys_and_the_newest_line_is_the_first() {
    let world = world();
    let outcome = world.mps("history --events --json").run();
    outcome.code(0);
    let lines = outcome.json_lines();
    let events: Vec<String> = lines
        .iter()
        .rev()
        .map(|line| {
            format!(
                "{} {}",
                line["call"].as_str().unwrap(),
                line["outcome"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        events,
        [
            "create intended",
            "create refused",
            "create intended",
            "create ok",
            "accept intended",
            "accept ok",
            "look ok",
            "create intended",
            "create ok",
            "accept intended",
            "accept ok",
            "look ok",
        ]
    );
    for line in &lines {
        let Value::Object(object) = line else {
            panic!()
        };
        assert_eq!(object.keys().collect::<Vec<_>>(), KEYS);
        for id in ["app_id", "partner_app_id", "user_id", "system_user_id"] {
            assert!(line[id].is_string(), "{id}: {line}");
        }
        assert_eq!(line["operator"], "tester@test");
        assert_eq!(line["consent"], "--yes");
        assert!(
            line["scopes"]
                .as_array()
                .unwrap()
                .contains(&json!("manage_app_solution"))
        );
    }
    let (read, made) = (&lines[0], &lines[3]);
    assert_eq!(
        made["permissions_sent"],
        json!({"owner": ["MESSAGING"], "partner": ["MESSAGING"]})
    );
    assert_eq!(made["solution_id"], read["solution_id"]);
    let both = &read["permissions_read"];
    for side in ["owner", "partner"] {
        let words = both[side].as_array().unwrap();
        assert!(
            words.contains(&json!("MESSAGING")) && words.len() > 1,
            "{both}"
        );
    }
    assert!(made["fbtrace_id"].is_string());
    let refused = &lines[10];
    assert!(
        refused["error"]
            .as_str()
            .unwrap()
            .starts_with("could not create"),
        "{refused}"
    );
}

#[test]
fn filters() {
    let world = world();
    let count = |more: &str| {
        let outcome = world.mps(&format!("history --events --json{more}")).run();
        outcome.code(0);
        outcome.json_lines().len()
    };
    let app = world.apps().remove(1);
    for (more, expected) in [
        ("", 12),
        (" --failed", 1),
        (" --limit 3", 3),
        (" --limit 0", 0),
        (&*format!(" --app-id {app}"), 5),
        (&*format!(" --app-id {app} --failed"), 0),
        (" --since 1d", 12),
        (" --until 1d", 0),
        (" --since 2020-01-01 --until 2020-12-31", 0),
        (" --since 2020-01-01T00:00:00Z", 12),
    ] {
        assert_eq!(count(more), expected, "{more}");
    }
    world.mps("history --since yesterday").run().code(2);
    world.mps("history --app-id x").run().code(2);
}

#[test]
fn plain_lines_and_csv() {
    let world = world();
    let outcome = world.mps("history --limit 1").run();
    outcome.code(0);
    let fields: Vec<&str> = outcome.lines()[0].split('\t').collect();
    assert_eq!(fields[1..3], ["tester@test", "accept"]);
    assert_eq!(fields[5], "ok");
    let outcome = world.mps("history --csv --failed").run();
    outcome.code(0);
    assert_eq!(outcome.lines()[0], KEYS.join(","));
    assert_eq!(outcome.lines().len(), 2);
    // Headings without lines are a table too.
    world
        .mps("history --csv --until 1d")
        .run()
        .code(0)
        .stdout(format!("{}\n", KEYS.join(",")));
    world.mps("history --csv --json").run().code(2);
    world.mps("--json history --csv").run().code(2);
}

#[test]
fn a_write_is_one_row_that_tells_how_it_ended() {
    let world = world();
    let outcomes = |args: &str, call: &str| {
        let run = world.mps(args).run();
        let lines = run.code(0).json_lines();
        let of_call = lines.into_iter().filter(|line| line["call"] == call);
        of_call
            .map(|line| line["outcome"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        outcomes("history --json", "create"),
        ["ok", "ok", "refused"]
    );
    assert_eq!(outcomes("history --json", "accept"), ["ok", "ok"]);
    let all = outcomes("history --json --events", "create");
    assert_eq!(
        all.iter().filter(|outcome| *outcome == "intended").count(),
        3
    );
    // Why it failed stands in a pipe too.
    let run = world.mps("history --failed").run();
    run.code(0)
        .stdout_has("\trefused\t")
        .stdout_has("too many calls");
}

#[test]
fn a_table_on_a_terminal() {
    let world = world();
    let terminal = world.mps("history --limit 2").on_terminal();
    terminal.sees("OUTCOME").sees("accept");
    terminal.finish().code(0);
    // A date has a line, at every width.
    for columns in [40, 80, 120] {
        let history = world.mps("history --no-pager");
        let lines = history.on_terminal_of(columns, 24).lines_to_the_end(0);
        let has_day = |line: &&str| line.contains(" 20") || line.starts_with("20");
        let whole = |line: &str| line.contains("Z ") || line.ends_with('Z');
        let dates: Vec<bool> = lines.lines().filter(has_day).map(whole).collect();
        assert_eq!(dates, [true; 5], "{lines}");
    }
    let terminal = world.mps("history --until 1d").on_terminal();
    terminal.sees("Nothing in the journal fits.");
    terminal.finish().code(0);
}

#[test]
fn nothing_yet_and_nothing_is_made_by_looking() {
    let home = crate::support::Home::new();
    Mps::at(&home)
        .args(["history", "--log-file", "none"])
        .run()
        .code(0)
        .stdout("");
    Mps::at(&home)
        .args(["history", "--csv", "--log-file", "none"])
        .run()
        .code(0)
        .stdout(format!("{}\n", KEYS.join(",")));
    assert_eq!(home.files(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn the_host_is_where_it_was_done() {
    let world = world();
    let elsewhere = World::of(1);
    let outcome = elsewhere
        .at(&world.home, "history --events --json --limit 1")
        .run();
    outcome.code(0);
    assert_eq!(outcome.json()["host"], world.host());
}

#[test]
fn the_help_is_the_schema() {
    let help = Mps::new().args(["history", "--help"]).run();
    help.code(0);
    let fields: Vec<&str> = help
        .lines()
        .into_iter()
        .skip_while(|line| !line.starts_with("With --json"))
        .filter_map(|line| line.strip_prefix("  ")?.split_once("  "))
        .map(|(name, _)| name)
        // What lies within a field is no field of its own.
        .filter(|name| !name.contains('.'))
        .collect();
    assert_eq!(fields, KEYS);
}

/// Works on the journal's file as somebody with a database program may.
fn tamper(world: &World, sql: &str) {
    let path = world.home.state().join("journal.db");
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.execute_batch("DROP TRIGGER events_never_change; DROP TRIGGER events_never_go")
        .unwrap();
    conn.execute_batch(sql).unwrap();
}

#[test]
fn verify_counts_the_events_and_prints_the_last_hash() {
    let world = world();
    let outcome = world.mps("history verify --json").run();
    let found = outcome.code(0).json();
    for json in ["history --json verify", "--json history verify"] {
        assert_eq!(world.mps(json).run().code(0).json(), found, "{json}");
    }
    assert_eq!(
        (&found["events"], &found["last_id"]),
        (&json!(12), &json!(12))
    );
    let hash = found["last_hash"].as_str().unwrap();
    assert_eq!(hash.len(), 64);
    world
        .mps("history verify")
        .run()
        .code(0)
        .stdout(format!("12\t{hash}\n"))
        .stderr_has("The chain is unbroken");
    let terminal = world.mps("history verify").on_terminal();
    terminal
        .sees("The chain is unbroken: no event was changed, taken out, put in or moved.")
        .sees("events")
        .sees(hash);
    terminal.finish().code(0);

    // The chain can begin at a hash that was kept.
    let kept = format!("history verify --json --from {hash}");
    assert_eq!(world.mps(&kept).run().code(0).json()["events"], 1);
    // `history` alone is as ever.
    assert_eq!(
        world
            .mps("history --events --json")
            .run()
            .code(0)
            .json_lines()
            .len(),
        12
    );
}

#[test]
fn verify_names_the_first_event_that_does_not_hold() {
    for (sql, cause) in [
        (
            "UPDATE events SET operator = 'nobody' WHERE id = 4",
            "event 4 is not what was written",
        ),
        (
            "DELETE FROM events WHERE id IN (6, 7)",
            "event 6 is missing: what follows is event 8",
        ),
        (
            "DELETE FROM events WHERE id > 9",
            "event 10 is missing, and every one after it",
        ),
    ] {
        let world = world();
        tamper(&world, sql);
        let outcome = world.mps("history verify --json").run();
        outcome.code(1).stdout("");
        let error = &outcome.error();
        assert_eq!(error["kind"], "state");
        let found = error["causes"][0].as_str().unwrap();
        assert!(found.starts_with(cause), "{found}");
        assert!(
            error["hint"]
                .as_str()
                .unwrap()
                .contains("mps history --events --json")
        );
    }
}

#[test]
fn a_hash_that_was_kept_shows_a_tail_that_was_cut_off_without_a_trace() {
    let world = world();
    let found = world.mps("history verify --json").run().code(0).json();
    let kept = format!(
        "history verify --from {}",
        found["last_hash"].as_str().unwrap()
    );
    tamper(
        &world,
        "DELETE FROM events WHERE id > 9; UPDATE sqlite_sequence SET seq = 9",
    );
    world.mps("history verify").run().code(0);
    world
        .mps(&kept)
        .run()
        .code(1)
        .stdout("")
        .stderr_has("no event has the hash");
}

#[test]
fn verify_where_nothing_was_done_and_what_is_no_hash() {
    let home = crate::support::Home::new();
    let verify = |more: &[&str]| {
        let words = ["history", "verify", "--log-file", "none"];
        Mps::at(&home).args(words).args(more.iter().copied()).run()
    };
    let nothing = json!({"events": 0, "chained_late": 0, "last_id": null, "last_hash": null});
    assert_eq!(verify(&["--json"]).code(0).json(), nothing);
    verify(&["--from", &"0".repeat(64)])
        .code(1)
        .stderr_has("no event has the hash");
    verify(&["--from", "abc"])
        .code(2)
        .stderr_has("64 hexadecimal digits");
    assert_eq!(home.files(), Vec::<std::path::PathBuf>::new());
    // The filters of the list are not for the chain.
    Mps::at(&home)
        .args(["history", "--failed", "verify"])
        .run()
        .code(2);
}
