//! `mps reject` and `mps deactivate`: each move from each side, with its answer lost, refused, already done.
//!
//! The one decision: where a solution is in the end is asked of the stand-in for Meta; how often a move was sent too.

use serde_json::{Value, json};

use crate::once_world::World;

fn state(world: &World, id: &str) -> (String, String) {
    let state = world.sandbox.state();
    let all = state["solutions"].as_array().unwrap();
    let found = all
        .iter()
        .find(|solution| solution["solution_id"] == id)
        .unwrap();
    let word = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    (word("status"), word("pending"))
}

/// One ACTIVE solution of the Tech Provider's app with ours, made by mps.
fn active() -> (World, String) {
    let world = World::of(1);
    world.mps("onboard --all --yes").run().code(0);
    let id = world.id(0);
    (world, id)
}

fn ending() -> (World, String) {
    let (world, id) = active();
    world
        .mps(&format!("deactivate request --yes {id}"))
        .run()
        .code(0);
    (world, id)
}

#[test]
fn a_solution_is_asked_to_end_kept_asked_again_and_ended() {
    let (world, id) = active();
    for (line, outcome, status, pending) in [
        (
            "deactivate request",
            "requested",
            "ACTIVE",
            "PENDING_DEACTIVATION",
        ),
        ("deactivate reject", "kept", "ACTIVE", "NONE"),
        (
            "deactivate request",
            "requested",
            "ACTIVE",
            "PENDING_DEACTIVATION",
        ),
        ("deactivate accept", "deactivated", "DEACTIVATED", "NONE"),
    ] {
        let run = world.mps(&format!("{line} --yes --json {id}")).run();
        run.code(0);
        assert_eq!(
            run.json(),
            json!({"solution_id": id, "solution_name": run.json()["solution_name"], "status": status, "pending": pending,
                "outcome": outcome, "verified": true, "host": world.host()}),
            "{line}"
        );
        assert_eq!(state(&world, &id).0, status);
        // Typed once more there is nothing to do, and nothing is asked.
        let again = world.mps(&format!("{line} --json {id}")).run();
        again.code(0);
        assert_eq!(again.json()["outcome"], "already", "{line}");
    }
    let events = world.events();
    let moves = [
        "request_deactivation",
        "reject_deactivation",
        "request_deactivation",
        "accept_deactivation",
    ];
    let expected: Vec<String> = moves
        .iter()
        .flat_map(|call| [format!("{call} intended"), format!("{call} ok")])
        .collect();
    assert!(events.ends_with(&expected), "{events:?}");
    // What is over makes room for another.
    world.mps("create --all").run().code(0).stdout("");
    assert_eq!(world.calls("create"), 1);
}

#[test]
fn the_plan_says_what_it_means_and_a_dry_run_sends_nothing() {
    let (world, id) = ending();
    for (line, would, means) in [
        (
            "deactivate accept",
            "would_deactivate",
            "Embedded Signup with it stops working",
        ),
        ("deactivate reject", "would_keep", "it stays ACTIVE"),
    ] {
        let dry = world.mps(&format!("{line} --dry-run --json {id}")).run();
        dry.code(0);
        assert_eq!(dry.json()["outcome"], would);
        // Nobody can be asked.
        world
            .mps(&format!("{line} {id}"))
            .run()
            .code(2)
            .stdout("")
            .stderr_has("--yes")
            .stderr_has(&id);
        let terminal = world.mps(&format!("{line} {id}")).on_terminal_of(120, 40);
        terminal.sees(means).sees("[y/N]").answers("n");
        terminal.finish().code(1);
    }
    assert_eq!(
        state(&world, &id),
        ("ACTIVE".to_owned(), "PENDING_DEACTIVATION".to_owned())
    );
}

#[test]
fn a_state_from_which_it_cannot_be_reached_is_told_before_anything_is_sent() {
    let world = World::of(1);
    let id = world.seed(&json!({"status": "INITIATED"}));
    for (line, says) in [
        (
            "deactivate request",
            "only an ACTIVE one can be deactivated",
        ),
        ("deactivate accept", "nobody has asked for its deactivation"),
        ("deactivate reject", "nobody has asked for its deactivation"),
    ] {
        let run = world.mps(&format!("{line} --yes {id}")).run();
        run.code(1)
            .stdout("")
            .stderr_has(says)
            .stderr_has(format!("mps show {id}"));
    }
    assert_eq!(state(&world, &id).0, "INITIATED");
}

/// The invited partner cannot ask: said before Meta says it, and not forbidden.
#[test]
fn who_may_ask_is_said_before_meta_refuses() {
    let (world, id) = active();
    let run = world
        .mps(&format!("deactivate request --yes {id}"))
        .env("MPS_USER_TOKEN", "")
        .run();
    run.code(4)
        .stdout("")
        .stderr_has("the Tech Provider owns solution")
        .stderr_has("--user-token-file");
    assert_eq!(state(&world, &id).1, "NONE");
    let theirs = world.mps(&format!("deactivate request --yes {id}")).run();
    assert!(!theirs.stderr_text().contains("warning"), "{theirs}");
    theirs.code(0).stdout(format!("{id}\n"));
}

#[test]
fn an_answer_that_is_lost_is_read_and_never_answered_by_sending_again() {
    for (line, call, end) in [
        ("reject", "reject", "REJECTED"),
        ("deactivate request", "send_deactivation_request", "ACTIVE"),
        (
            "deactivate accept",
            "accept_deactivation_request",
            "DEACTIVATED",
        ),
        ("deactivate reject", "reject_deactivation_request", "ACTIVE"),
    ] {
        for commit in [true, false] {
            let (world, id) = match line {
                "reject" => {
                    let world = World::of(1);
                    let id = world.seed(&json!({"status": "INITIATED"}));
                    (world, id)
                }
                "deactivate request" => active(),
                _ => ending(),
            };
            let before = world.calls(call);
            world.faults(
                json!({"rules": [{"call": call, "fault": "unavailable", "commit": commit}]}),
            );
            let run = world.mps(&format!("{line} --yes --json {id}")).run();
            if commit {
                run.code(0);
                assert_eq!(run.json()["verified"], true, "{line}");
                assert_eq!(state(&world, &id).0, end, "{line}");
            } else {
                run.code(6);
                let error: Value = run.json()["error"].clone();
                assert_eq!(error["kind"], "unknown_outcome", "{line}");
                assert!(
                    error["hint"]
                        .as_str()
                        .unwrap()
                        .starts_with(&format!("mps show {id}")),
                    "{error}"
                );
            }
            assert_eq!(world.calls(call) - before, 1, "{line}");
        }
    }
}

#[test]
fn one_of_several_that_fails_stops_no_other() {
    let (world, id) = ending();
    let run = world
        .mps(&format!("deactivate accept --yes --json 99 {id}"))
        .run();
    run.code(3);
    let mut outcomes: Vec<_> = run
        .json_lines()
        .iter()
        .map(|line| line["outcome"].clone())
        .collect();
    outcomes.sort_by_key(ToString::to_string);
    assert_eq!(outcomes, ["deactivated", "failed"]);
}

/// A move: the line, the call, and a world in which it can be made.
type MoveCase = (&'static str, &'static str, fn() -> (World, String));

/// The five moves.
fn each_move() -> [MoveCase; 5] {
    let invited = || {
        let world = World::of(1);
        let id = world.seed(&json!({"status": "INITIATED"}));
        (world, id)
    };
    [
        ("accept", "accept", invited),
        ("reject", "reject", invited),
        ("deactivate request", "send_deactivation_request", active),
        ("deactivate accept", "accept_deactivation_request", ending),
        ("deactivate reject", "reject_deactivation_request", ending),
    ]
}

#[test]
fn what_meta_refuses_stays_as_it_was_and_is_on_record() {
    for (line, call, world) in each_move() {
        let (world, id) = world();
        let before = (state(&world, &id), world.calls(call));
        world.faults(
            json!({"rules": [{"call": call, "times": 0, "fault": {"denied": {"code": 200}}}]}),
        );
        let run = world.mps(&format!("{line} --yes --json {id}")).run();
        run.code(4);
        let row = run.json();
        assert_eq!(row["outcome"], "failed", "{line}");
        assert_eq!(
            (&row["error"]["kind"], &row["error"]["code"]),
            (&json!("permission"), &json!(200)),
            "{line}"
        );
        assert_eq!(state(&world, &id), before.0, "{line}");
        assert_eq!(world.calls(call) - before.1, 1, "{line}: sent once");
        let events = world.events();
        assert!(
            events.last().unwrap().ends_with("refused"),
            "{line}: {events:?}"
        );
    }
}

#[test]
fn what_somebody_else_has_done_meanwhile_is_no_failure() {
    for (line, call, world) in each_move() {
        let (world, id) = world();
        // Between our look and our call; Meta then refuses, since there is nothing to do any more.
        let status = match line {
            "accept" | "deactivate reject" => "ACTIVE",
            "reject" => "REJECTED",
            "deactivate accept" => "DEACTIVATED",
            // Nobody else can ask in our place.
            _ => continue,
        };
        world
            .faults(json!({"rules": [{"call": call, "fault": {"meanwhile": {"status": status}}}]}));
        let run = world.mps(&format!("{line} --yes --json {id}")).run();
        run.code(0);
        assert_eq!(run.json()["status"], status, "{line}");
        // Typed once more there is nothing to do, and nothing is sent.
        let sent = world.calls(call);
        let again = world.mps(&format!("{line} --yes --json {id}")).run();
        again.code(0);
        let already = if line == "accept" {
            "already_active"
        } else {
            "already"
        };
        assert_eq!(again.json()["outcome"], already, "{line}");
        assert_eq!(world.calls(call), sent, "{line}");
    }
}

/// A solution in which we are the owner and the Tech Provider is invited.
fn ours(status: &str, pending: bool) -> (World, String) {
    let world = World::of(1);
    let seed = json!({"owner_app_id": "634974688087057", "partner_app_id": "212022489970390", "status": status});
    let id = world.seed(&seed);
    if pending {
        let asked = world
            .mps(&format!("deactivate request --yes {id}"))
            .env("MPS_USER_TOKEN", "");
        asked.run().code(0);
    }
    (world, id)
}

#[test]
fn the_wrong_role_is_said_and_changes_nothing() {
    for (line, call, status, pending, exit) in [
        ("accept", "accept", "INITIATED", false, 1),
        ("reject", "reject", "INITIATED", false, 4),
        (
            "deactivate accept",
            "accept_deactivation_request",
            "ACTIVE",
            true,
            4,
        ),
        (
            "deactivate reject",
            "reject_deactivation_request",
            "ACTIVE",
            true,
            4,
        ),
    ] {
        let (world, id) = ours(status, pending);
        let before = state(&world, &id);
        let run = world
            .mps(&format!("{line} --yes --json {id}"))
            .env("MPS_USER_TOKEN", "")
            .run();
        run.code(exit);
        assert_eq!(run.json()["outcome"], "failed", "{line}");
        assert_eq!(state(&world, &id), before, "{line}");
        assert!(world.calls(call) <= 1, "{line}");
        let said = run.stderr_text().to_owned() + run.stdout_text();
        assert!(said.contains("partner"), "{line}: {said}");
    }
}
