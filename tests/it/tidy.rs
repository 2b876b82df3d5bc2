//! `mps tidy`: our own surplus goes after one yes, all else is shown with what to type; `list` and `doctor` tell of it.
//!
//! The one decision: what was rejected is asked of the stand-in for Meta, and each command that is named is typed.

use serde_json::{Value, json};

use crate::{
    once_world::{Moment, World},
    resume::killed_at,
};

pub(crate) fn statuses(world: &World) -> Vec<String> {
    let all = world.solutions().into_iter();
    all.map(|(_, status)| status).collect()
}

/// Ours waits, and somebody else's of the same two apps is ACTIVE.
fn surplus() -> World {
    let world = World::of(1);
    world.mps("create --all").run().code(0);
    world.seed(&json!({"status": "ACTIVE"}));
    world
}

#[test]
fn our_own_surplus_is_rejected_after_a_yes() {
    let world = surplus();
    let (ours, other) = (world.id(0), world.id(1));
    let dry = world.mps("tidy --dry-run --json").run();
    dry.code(0);
    assert_eq!(
        dry.json_lines(),
        [
            json!({"solution_id": ours, "why": "surplus", "who": "us", "command": "mps tidy",
            "outcome": "would_reject", "host": world.host()})
        ]
    );
    // Nobody can be asked: the plan is shown, and nothing is sent.
    let asked = world.mps("tidy").run();
    asked
        .code(2)
        .stdout("")
        .stderr_has("--yes")
        .stderr_has(&ours)
        .stderr_has(&other);
    let terminal = world.mps("tidy").on_terminal_of(120, 40);
    terminal.sees("This cannot be undone. [y/N]").answers("n");
    terminal.finish().code(1);
    assert_eq!(world.calls("reject"), 0);
    let run = world.mps("tidy --yes --json").run();
    run.code(0);
    assert_eq!(
        run.json_lines(),
        [
            json!({"solution_id": ours, "why": "surplus", "who": "us", "command": null,
            "outcome": "rejected", "host": world.host()})
        ]
    );
    assert_eq!(statuses(&world), ["REJECTED", "ACTIVE"]);
    // The row goes on with the one that is ACTIVE, and all of it is in history.
    let row = world.row();
    assert_eq!(row.solution_id.unwrap().to_string(), other);
    assert_eq!(row.rejected[0].to_string(), ours);
    let events = world.events();
    assert!(
        events.ends_with(&["adopt ok", "reject intended", "reject ok"].map(str::to_owned)),
        "{events:?}"
    );
    let last = world.records().pop().unwrap().event;
    assert_eq!(last.consent.as_deref(), Some("--yes"));
    // Nothing is left over, and nothing is asked.
    world.mps("tidy").run().code(0).stdout("");
    world.mps("resume").run().code(0);
    let again = world.mps("create --all --json").run();
    again.code(0);
    assert_eq!(again.json()["solution_id"], other);
    assert_eq!((world.calls("create"), world.calls("reject")), (1, 1));
}

#[test]
fn in_a_pipe_fields_stand_between_tabs() {
    let world = surplus();
    world.mps("tidy --dry-run").run().code(0).stdout(format!(
        "{}\tsurplus\tus\twould_reject\tmps tidy\n",
        world.id(0)
    ));
}

#[test]
fn what_is_not_ours_to_reject_is_left_with_what_to_type() {
    let world = World::of(1);
    let taken = world.seed(&json!({"status": "ACTIVE"}));
    let twin = world.seed(&json!({"status": "INITIATED"}));
    let second = world.seed(&json!({"status": "ACTIVE"}));
    let draft = world.seed(&json!({"status": "DRAFT"}));
    let run = world.mps("tidy --json").run();
    run.code(0);
    let lines = run.json_lines();
    let told: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!([
                line["solution_id"],
                line["why"],
                line["who"],
                line["command"],
                line["outcome"]
            ])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!([twin, "twin", "us", format!("mps reject {twin}"), "left"]),
            json!([
                second,
                "twin",
                "tech_provider",
                format!("mps deactivate request {second}"),
                "left"
            ]),
            json!([
                draft,
                "draft",
                "tech_provider",
                format!("mps show {draft}"),
                "left"
            ]),
        ]
    );
    assert!(!run.stdout_text().contains(&taken));
    for line in &lines {
        let command = line["command"].as_str().unwrap();
        let yes = if command.contains("reject") || command.contains("deactivate") {
            " --yes"
        } else {
            ""
        };
        let typed = command.strip_prefix("mps ").unwrap().to_owned() + yes;
        world.mps(&typed).run().code(0);
    }
    assert_eq!(statuses(&world), ["ACTIVE", "REJECTED", "ACTIVE", "DRAFT"]);
}

#[test]
fn invitations_that_nobody_expects_and_endings_are_told() {
    let world = World::of(2);
    world
        .mps(&format!("create --app-id {}", world.apps()[0]))
        .run()
        .code(0);
    let person = world.seed(&json!({"owner_app_id": world.apps()[1], "status": "INITIATED"}));
    let run = world.mps("tidy --json").run();
    run.code(0);
    let line = run.json();
    assert_eq!(
        (&line["solution_id"], &line["why"], &line["command"]),
        (
            &json!(person),
            &json!("unexpected"),
            &json!(format!("mps show {person}"))
        )
    );
    world.mps("tidy").run().code(0);
    world
        .mps("tidy")
        .on_terminal()
        .finish()
        .code(0)
        .stderr_lacks("[y/N]");
}

#[test]
fn what_was_made_on_purpose_stays() {
    let world = World::of(1);
    world.mps("onboard --all --yes").run().code(0);
    let command = format!(
        "create --app-id {} --allow-duplicate --name Two",
        world.apps()[0]
    );
    world.mps(&command).run().code(0);
    world.mps("tidy --yes").run().code(0).stdout("");
    assert_eq!(statuses(&world), ["ACTIVE", "INITIATED"]);
    assert_eq!(twins(&world)["result"], "ok");
}

#[test]
fn a_rejection_that_meta_refuses_is_a_failure_and_can_be_typed_again() {
    let world = surplus();
    world.faults(json!({"rules": [{"call": "reject", "fault": {"denied": {"code": 200}}}]}));
    let run = world.mps("tidy --yes --json").run();
    run.code(4);
    let line = run.json();
    assert_eq!(
        (&line["outcome"], &line["error"]["code"]),
        (&json!("failed"), &json!(200))
    );
    assert_eq!(statuses(&world), ["INITIATED", "ACTIVE"]);
    // Adopted by now; it is surplus of the row.
    assert_eq!(world.row().surplus[0].to_string(), world.id(0));
    world.mps("tidy --yes").run().code(0);
    assert_eq!(statuses(&world), ["REJECTED", "ACTIVE"]);
    assert!(world.row().surplus.is_empty());
}

#[test]
fn an_answer_that_is_lost_is_read_back() {
    let world = surplus();
    world.faults(json!({"rules": [{"call": "reject", "fault": "unavailable", "commit": true}]}));
    let run = world.mps("tidy --yes --json").run();
    run.code(0);
    assert_eq!(run.json()["outcome"], "rejected");
    assert_eq!(world.calls("reject"), 1);
    assert_eq!(statuses(&world), ["REJECTED", "ACTIVE"]);
}

#[test]
fn under_the_lock_it_is_looked_at_once_more() {
    let world = surplus();
    let terminal = world.mps("tidy").on_terminal_of(120, 40);
    terminal.sees("[y/N]");
    // Meanwhile the other one is over, so that ours is what the Tech Provider has.
    world.seed(&json!({"solution_id": world.id(1), "status": "DEACTIVATED"}));
    terminal.answers("y");
    terminal
        .finish()
        .code(0)
        .stderr_has("changed since it was listed");
    assert_eq!(world.calls("reject"), 0);
    assert_eq!(statuses(&world)[0], "INITIATED");
}

#[test]
fn killed_while_it_rejects_the_next_one_ends_it() {
    let world = surplus();
    world.gate.kill_at(1, Moment::AfterMeta, "/reject ");
    let run = world.mps("tidy --yes").start();
    world.gate.victim(&run);
    run.finish().killed_by(9);
    world.gate.disarm();
    assert_eq!(statuses(&world), ["REJECTED", "ACTIVE"]);
    assert!(world.events().contains(&"reject intended".to_owned()));
    world.mps("tidy --yes").run().code(0).stdout("");
    assert_eq!(world.calls("reject"), 1);
}

#[test]
fn without_a_system_token_it_says_which_is_missing() {
    let world = World::of(1);
    world
        .mps("tidy")
        .env("MPS_SYSTEM_TOKEN", "")
        .run()
        .code(4)
        .stderr_has("MPS_SYSTEM_TOKEN");
}

#[test]
fn the_list_tells_of_two_live_ones() {
    let world = World::of(2);
    let first = world.seed(&json!({"status": "ACTIVE"}));
    let second = world.seed(&json!({"status": "INITIATED"}));
    let alone = world.seed(&json!({"owner_app_id": world.apps()[1], "status": "ACTIVE"}));
    world.seed(&json!({"status": "REJECTED"}));
    let run = world.mps("list --role partner --json").run();
    run.code(0);
    let lines = run.json_lines();
    let of = |id: &str| {
        let line = lines.iter().find(|line| line["solution_id"] == id);
        line.expect("a line")["other_live"].clone()
    };
    // Those on earlier lines, in whatever order Meta lists them.
    let both = [of(&first), of(&second)];
    assert!(
        both == [json!([]), json!([first])] || both == [json!([second]), json!([])],
        "{both:?}"
    );
    assert_eq!(of(&alone), json!([]));
    let warned = |run: &crate::support::Outcome| {
        let said = run
            .stderr_text()
            .lines()
            .filter(|line| line.contains("2 live solutions"));
        said.map(str::to_owned).collect::<Vec<_>>()
    };
    let said = warned(&run);
    assert_eq!(said.len(), 1, "{run}");
    for word in [&first, &second, &world.apps()[0], "mps tidy"] {
        assert!(said[0].contains(word), "{word} {said:?}");
    }
    // What `--status` leaves out is live all the same.
    let run = world.mps("list --role partner --status initiated").run();
    run.code(0).stdout(format!("{second}\n"));
    assert_eq!(warned(&run).len(), 1, "{run}");
}

/// A row of the check-up.
fn check(world: &World, name: &str) -> Value {
    let run = world.mps("doctor --json --port 0").run();
    run.any_code();
    let rows = run.json_lines().into_iter();
    let row = rows.into_iter().find(|row| row["check"] == name);
    row.unwrap_or_else(|| panic!("no row {name}\n{run}"))
}

fn twins(world: &World) -> Value {
    check(world, "twins")
}

#[test]
fn the_check_up_tells_of_twins() {
    let world = surplus();
    let row = twins(&world);
    assert_eq!(row["result"], "warning");
    let (ours, other) = (world.id(0), world.id(1));
    assert_eq!(
        row["details"]["pairs"],
        json!([{"app_id": world.apps()[0], "solution_ids": [ours, other]}])
    );
    assert!(
        row["remedy"].as_str().unwrap().contains("mps tidy"),
        "{row}"
    );
    world.mps("tidy --yes").run().code(0);
    assert_eq!(twins(&world)["result"], "ok");
}

#[test]
fn the_check_up_tells_of_surplus_that_it_cannot_list() {
    let world = surplus();
    world.faults(json!({"rules": [{"call": "reject", "fault": {"denied": {"code": 200}}}]}));
    world.mps("tidy --yes").run().code(4);
    world.faults(
        json!({"rules": [{"call": "list", "times": 0, "fault": {"denied": {"code": 200}}}]}),
    );
    let row = twins(&world);
    assert_eq!(row["result"], "warning");
    assert_eq!(row["details"]["surplus"], json!([world.id(0)]));
}

#[test]
fn the_check_up_tells_of_creates_without_an_answer() {
    let world = killed_at(1, "create --all --yes", 1, Moment::BeforeMeta);
    let row = check(&world, "open_creates");
    assert_eq!(row["result"], "warning");
    let (seen, remedy) = (
        row["seen"].as_str().unwrap(),
        row["remedy"].as_str().unwrap(),
    );
    assert!(
        seen.contains(&format!("app {} since 20", world.apps()[0])),
        "{row}"
    );
    assert!(remedy.starts_with("mps resume, after 20"), "{row}");
    world.age();
    assert_eq!(check(&world, "open_creates")["remedy"], "mps resume");
    world.mps("resume --yes").run().code(0);
    assert_eq!(check(&world, "open_creates")["result"], "ok");
}

#[test]
fn whom_an_invitation_expects_is_not_unexpected_until_it_is_taken_back() {
    let world = World::of(1);
    let waiting = world.seed(&json!({"status": "INITIATED"}));
    let told = |expected: &[&str]| {
        let run = world.mps("tidy --json").run();
        let lines = run.code(0).json_lines();
        let why: Vec<_> = lines.iter().map(|line| line["why"].clone()).collect();
        assert_eq!(why, expected);
    };
    told(&["unexpected"]);
    let app = &world.apps()[0];
    let address = "--public-url https://mps.example.com";
    for label in ["other --app-id 4711".to_owned(), "acme".to_owned()] {
        let invite = format!("invite --for {label} {address}");
        world.mps(&invite).run().code(0);
        told(&["unexpected"]);
    }
    let invite = format!("invite --for acme --app-id {app} {address}");
    world.mps(&invite).run().code(0);
    told(&[]);
    world.mps("invite revoke acme").run().code(0);
    told(&["unexpected"]);
    assert_eq!(statuses(&world), ["INITIATED"], "{waiting}");
}
