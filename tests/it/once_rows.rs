//! What a row of the journal is worth to a later run: other terms, other names, another goal, duplicates.
//!
//! The one decision: names, templates and days are no identity, so nothing that an operator changes between
//! two runs makes a second solution, except the one option that says so.

use serde_json::json;

use crate::once_world::{Moment, World, read_of};

#[test]
fn five_times_in_a_row() {
    let world = World::of(3);
    for round in 0..5 {
        let outcome = world.mps("onboard --all --yes --json").run();
        outcome.code(0);
        let lines = outcome.json_lines();
        assert_eq!(lines.len(), 3);
        let expected = if round == 0 { "onboarded" } else { "existing" };
        for line in lines {
            assert_eq!(line["outcome"], expected, "round {round}");
            assert_eq!(
                (&line["status"], &line["verified"]),
                (&json!("ACTIVE"), &json!(true))
            );
        }
        world.is_whole();
    }
    assert_eq!((world.calls("create"), world.calls("accept")), (3, 3));
}

#[test]
fn another_name_or_template_makes_no_second_solution() {
    let world = World::of(1);
    world.mps("create --all").run().code(0);
    for more in [
        " --name other",
        " --name {app_id}",
        " --messaging partner",
        "",
    ] {
        let outcome = world.mps(&format!("create --all --json{more}")).run();
        outcome.code(0);
        let line = outcome.json();
        assert_eq!(
            (&line["outcome"], &line["status"]),
            (&json!("existing"), &json!("INITIATED"))
        );
    }
    // `onboard` raises the goal of what `create` made.
    let outcome = world.mps("onboard --all --yes --json").run();
    outcome.code(0);
    assert_eq!(outcome.json()["outcome"], "onboarded");
    assert_eq!((world.calls("create"), world.solutions().len()), (1, 1));
}

#[test]
fn duplicates_are_made_on_purpose_once_per_name() {
    let world = World::of(1);
    world.mps("onboard --all --yes").run().code(0);
    for name in ["two", "two", "three"] {
        let command = format!("onboard --all --yes --allow-duplicate --name {name}");
        world.mps(&command).run().code(0);
    }
    assert_eq!(world.solutions().len(), 3);
    assert_eq!(world.rows().len(), 3);
    // What was made on purpose is no surplus.
    let outcome = world.mps("onboard --all --yes").run();
    outcome.code(0).stderr_lacks("nobody needs");
    // A lost answer is found by its name, and not taken for another's.
    let lost = json!({"call": "create", "fault": "drop"});
    world.faults(json!({"rules": [lost]}));
    world
        .mps("create --all --allow-duplicate --name four")
        .run()
        .code(0);
    assert_eq!((world.calls("create"), world.solutions().len()), (4, 4));
    world.mps("create --all --allow-duplicate").run().code(2);
}

#[test]
fn a_lost_answer_is_not_taken_for_a_duplicate_made_meanwhile() {
    let world = World::of(1);
    world
        .gate
        .kill_at(1, Moment::AfterMeta, "whatsapp_business_solution ");
    let run = world.mps("onboard --all --yes").start();
    world.gate.victim(&run);
    run.finish().killed_by(9);
    world.gate.disarm();
    let lost = world.id(0);
    world
        .mps("create --all --allow-duplicate --name another")
        .run()
        .code(0);
    let outcome = world.mps("resume --yes --json").run();
    outcome.code(0).stderr_lacks("nobody needs");
    assert_eq!(outcome.json()["solution_id"], lost);
    assert_eq!(world.solutions().len(), 2);
}

#[test]
fn refused_permissions_stop_the_run_and_leave_rows_for_other_terms() {
    let world = World::of(3);
    world.faults(json!({"one_side_messaging": true}));
    let outcome = world.mps("onboard --all --yes --jobs 1 --json").run();
    outcome.code(1).stdout_has("--messaging partner");
    assert_eq!(world.calls("create"), 1, "the others would be refused too");
    let states: Vec<_> = world
        .rows()
        .iter()
        .map(|row| row.state.to_string())
        .collect();
    assert_eq!(states, ["intended"; 3]);
    world
        .mps("onboard --all --yes --messaging partner")
        .run()
        .code(0);
    world.is_whole();
    assert!(world.rows().iter().all(|row| row.messaging == "partner"));
    assert_eq!(world.calls("create"), 4);
}

#[test]
fn quota_and_dead_tokens_stop_the_run_after_the_first() {
    for (fault, code) in [
        (json!({"quota": {"code": 4, "minutes": 5}}), 5),
        (json!("expired"), 4),
    ] {
        let world = World::of(4);
        world.fault("create", fault);
        let outcome = world.mps("create --all --yes --jobs 1 --json").run();
        outcome.code(code);
        assert_eq!(world.calls("create"), 1);
        assert_eq!(outcome.json_lines().len(), 4, "each app has its line");
        world.faults(json!({}));
        world.mps("resume --yes").run().code(0);
        let solutions = world.solutions();
        assert!(solutions.iter().all(|(_, status)| status == "INITIATED"));
        assert_eq!(solutions.len(), 4);
    }
}

#[test]
fn a_journaled_id_that_meta_does_not_show_forbids_a_new_one() {
    let world = World::of(1);
    world.mps("create --all").run().code(0);
    let reads = world.calls("solution");
    world.faults(
        json!({"rules": [{"call": "solution", "times": 0, "fault": "not_found"},
        {"call": "list", "times": 0, "fault": "empty_listing"}]}),
    );
    let outcome = world.mps("create --all --json").run();
    outcome.code(1);
    let error = outcome.error();
    assert_eq!(error["kind"], "state");
    let message = error["message"].as_str().unwrap().to_owned();
    assert!(message.contains("nothing was created"), "{message}");
    assert_eq!(world.calls("create"), 1);
    // Our token and the Tech Provider's, before and after each of three pauses.
    // And once each for the plan.
    assert_eq!(world.calls("solution") - reads, 10);
}

#[test]
fn dead_ones_are_passed_over_or_replaced() {
    for status in ["REJECTED", "DEACTIVATED"] {
        let world = World::of(2);
        let app = world.apps().remove(0);
        let dead = world.seed(&json!({"owner_app_id": app, "status": status}));
        let outcome = world.mps("create --all --yes --json").run();
        outcome.code(0);
        let lines = outcome.json_lines();
        let of = |app: &str| lines.iter().find(|line| line["app_id"] == app).unwrap();
        assert_eq!(of(&app)["outcome"], "skipped");
        assert_eq!(of(&app)["solution_id"], dead);
        assert_eq!(
            world.rows().len(),
            1,
            "what is passed over is nobody's plan"
        );
        let outcome = world.mps(&format!("create --json --app-id {app}")).run();
        outcome.code(0);
        assert_eq!(outcome.json()["outcome"], "created");
        assert_eq!(world.calls("create"), 2);
    }
}

#[test]
fn a_plan_for_all_that_died_does_not_replace_a_dead_one() {
    let world = World::of(1);
    world.seed(&json!({"status": "REJECTED"}));
    // The plan is on disk, and the run dies with its first request after that.
    world.mps("onboard --all --yes").run().code(0).stdout("");
    world.mps("create --all --yes").run().code(0);
    assert_eq!((world.rows().len(), world.calls("create")), (0, 0));
    world.seed(&json!({"status": "INITIATED"}));
    world.gate.kill_at(1, Moment::BeforeMeta, "/accept ");
    let run = world.mps("onboard --all --yes").start();
    world.gate.victim(&run);
    run.finish().killed_by(9);
    world.gate.disarm();
    world.seed(&json!({"solution_id": world.id(1), "status": "REJECTED"}));
    let outcome = world.mps("resume --yes --json").run();
    outcome.code(1).stderr_has("REJECTED meanwhile");
    assert_eq!(
        (world.row().state.as_str(), world.calls("create")),
        ("failed", 0)
    );
}

#[test]
fn a_run_that_dies_early_leaves_its_whole_plan() {
    // Rows that failed, and rows that had come to a lower goal, are part of the plan like new ones.
    let refused = json!({"error": {"status": 400, "code": 100, "message": "(#100) no"}});
    let rule = json!({"call": "create", "times": 0, "fault": refused});
    for (faults, code, die_at) in [
        (json!({"rules": [rule]}), 1, "whatsapp_business_solution "),
        (json!({}), 0, "/accept "),
    ] {
        let world = World::of(2);
        world.faults(faults);
        world.mps("create --all --yes").run().code(code);
        world.faults(json!({}));
        world.gate.kill_at(1, Moment::BeforeMeta, die_at);
        let run = world.mps("onboard --all --yes --jobs 1").start();
        world.gate.victim(&run);
        run.finish().killed_by(9);
        world.gate.disarm();
        world.age();
        world.mps("resume --yes").run().code(0);
        world.is_whole();
    }
}

#[test]
fn a_replacement_that_was_interrupted_is_taken_up() {
    let world = World::of(1);
    let app = world.apps().remove(0);
    let create = format!("create --app-id {app}");
    world.mps(&create).run().code(0);
    world.seed(&json!({"solution_id": world.id(0), "status": "REJECTED"}));
    // No listing shows it, so only the journal can tell.
    world.faults(json!({"rules": [{"call": "list", "times": 0, "fault": "empty_listing"}]}));
    // The plan reads it too.
    let read = world.gate.hold_at(2, Moment::AfterMeta, &read_of("7950"));
    let run = world.mps(&create).start();
    read.reached();
    run.signal(rustix::process::Signal::INT);
    run.wait_for_line("Stopping");
    read.open();
    run.finish().code(130).stderr_has("mps resume");
    assert_eq!(world.calls("create"), 1);
    world
        .mps("resume --yes")
        .run()
        .code(0)
        .stdout(format!("{}\n", world.id(1)));
    assert_eq!(world.calls("create"), 2);
}

#[test]
fn a_plan_knows_which_dead_ones_it_replaces_and_which_it_passes_over() {
    for (all, left) in [(true, 0), (false, 1)] {
        let world = World::of(2);
        world.mps("create --all --yes --jobs 1").run().code(0);
        // The second app's is dead, and the journal knows it.
        world.seed(&json!({"solution_id": world.id(1), "status": "REJECTED"}));
        world.mps("create --all --yes").run().code(0);
        let apps = world.apps();
        let which = if all {
            "--all".to_owned()
        } else {
            format!("--app-id {} --app-id {}", apps[0], apps[1])
        };
        // The run dies before it has come to the second app.
        world.gate.kill_at(1, Moment::BeforeMeta, "/accept ");
        let run = world
            .mps(&format!("onboard --yes --jobs 1 {which}"))
            .start();
        world.gate.victim(&run);
        run.finish().killed_by(9);
        world.gate.disarm();
        world.gate.quiet();
        world.mps("resume --yes").run().code(0);
        let live = world
            .solutions()
            .into_iter()
            .filter(|(_, status)| status == "ACTIVE");
        assert_eq!(live.count(), 1 + left, "{which}");
        assert_eq!(world.calls("create"), 2 + left as u64, "{which}");
    }
}

#[test]
fn what_another_row_waits_for_is_not_taken_for_a_duplicate() {
    let world = World::of(1);
    // Made, and neither answered nor listed yet.
    world.faults(json!({"listing_lag": 1}));
    world
        .gate
        .kill_at(1, Moment::AfterMeta, "whatsapp_business_solution ");
    let run = world.mps("create --all").start();
    world.gate.victim(&run);
    run.finish().killed_by(9);
    world.gate.disarm();
    let first = world.id(0);
    // It shows while the second one, which was never made, is looked for.
    let lost = json!({"call": "create", "fault": "drop", "commit": false});
    world.faults(json!({"rules": [lost]}));
    let outcome = world
        .mps("create --all --json --allow-duplicate --name another")
        .run();
    outcome.code(6);
    world.age();
    let outcome = world.mps("resume --yes --json").run();
    outcome.code(0);
    let taken = outcome
        .json_lines()
        .into_iter()
        .map(|line| line["solution_id"].clone());
    assert_eq!(taken.filter(|id| *id == first).count(), 1);
    let mut ids: Vec<_> = world
        .rows()
        .into_iter()
        .map(|row| row.solution_id.unwrap().to_string())
        .collect();
    ids.sort();
    assert_eq!(ids, [first, world.id(1)]);
}

#[test]
fn all_passes_over_a_dead_one_that_no_listing_shows() {
    let world = World::of(1);
    world.mps("create --all").run().code(0);
    world.seed(&json!({"solution_id": world.id(0), "status": "DEACTIVATED"}));
    world.faults(json!({"rules": [{"call": "list", "times": 0, "fault": "empty_listing"}]}));
    for more in ["", " --no-look"] {
        let outcome = world.mps(&format!("create --all --json{more}")).run();
        outcome.code(0);
        let line = outcome.json();
        assert_eq!(
            (&line["outcome"], &line["status"]),
            (&json!("skipped"), &json!("DEACTIVATED"))
        );
    }
    assert_eq!(world.calls("create"), 1);
}

#[test]
fn a_line_that_fails_after_its_solution_was_made_has_the_id() {
    let world = World::of(1);
    world.faults(json!({"rules": [
        {"call": "accept", "fault": {"denied": {"code": 200}}, "times": 0}
    ]}));
    for command in ["onboard --all --yes --json", "resume --yes --json"] {
        let outcome = world.mps(command).run();
        outcome.code(4);
        let line = outcome.json();
        assert_eq!(line["outcome"], "failed");
        assert_eq!(line["solution_id"], world.id(0), "{command}");
    }
    // It passes no plain line on, and a person sees it in its column.
    let plain = world.mps("onboard --all --yes").run();
    plain.code(4).stdout("");
    let table = world
        .mps("onboard --all --yes")
        .env("TERM", "dumb")
        .on_terminal_of(160, 40)
        .finish();
    let row = |line: &&str| line.ends_with("failed") && line.contains(&world.id(0));
    table.code(4);
    assert!(
        table.stderr_text().lines().any(|line| row(&line)),
        "{table}"
    );
    assert_eq!(world.calls("create"), 1);
}
