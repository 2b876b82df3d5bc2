//! `mps resume --not-made` and `--wait`: what had no answer, closed by the operator's word or waited for.

use rustix::process::Signal;
use serde_json::json;

use crate::{
    once_world::{Moment, World},
    resume::killed_at,
};

/// A yes to what the operator knows from the dashboard.
fn not_made(world: &World) -> String {
    format!("resume --not-made --app-id {}", world.apps()[0])
}

#[test]
fn what_meta_never_made_is_closed_by_the_operators_word() {
    let world = killed_at(1, "create --all --yes", 1, Moment::BeforeMeta);
    let command = not_made(&world);
    // What had no answer may still be made.
    world
        .mps(&format!("{command} --yes"))
        .run()
        .code(1)
        .stderr_has("may still be made until");
    world.age();
    world.mps(&command).run().code(2).stderr_has("--yes");
    assert_eq!(world.row().state.to_string(), "sent");
    // Where Meta lets nobody list, the word is all there is.
    world.faults(
        json!({"rules": [{"call": "list", "times": 0, "fault": {"denied": {"code": 200}}}]}),
    );
    let terminal = world.mps(&command).on_terminal();
    terminal.sees("Meta has no solution of it?").answers("n");
    terminal.finish().code(1);
    assert_eq!(world.row().state.to_string(), "sent");
    let outcome = world.mps(&format!("{command} --yes")).run();
    outcome.code(0).stdout("").stderr_has("Closed");
    world.faults(json!({}));
    assert_eq!(world.row().state.to_string(), "failed");
    let history = world.mps("history --events --json").run();
    history.code(0);
    let lines = history.json_lines();
    let word = lines.iter().find(|line| line["call"] == "not_made");
    let word = word.expect("in history");
    assert_eq!(word["app_id"], world.apps()[0]);
    assert_eq!(
        (&word["outcome"], &word["consent"]),
        (&json!("ok"), &json!("--yes"))
    );
    assert!(!word["operator"].as_str().unwrap().is_empty());
    // Nothing is left, and the next create posts anew.
    world
        .mps("resume")
        .run()
        .code(0)
        .stderr_has("Nothing is unfinished.");
    world
        .mps(&format!("{command} --yes"))
        .run()
        .code(1)
        .stderr_has("waits for an answer");
    assert_eq!(world.calls("create"), 0);
    world.mps("create --all").run().code(0);
    assert_eq!((world.calls("create"), world.solutions().len()), (1, 1));
}

#[test]
fn what_meta_shows_is_not_closed() {
    let world = killed_at(1, "create --all --yes", 1, Moment::AfterMeta);
    let command = not_made(&world);
    world.age();
    let outcome = world.mps(&format!("{command} --yes")).run();
    outcome.code(1).stderr_has(world.id(0));
    assert_eq!(world.row().state.to_string(), "sent");
    // And a look that broke off is none.
    world.faults(json!({"rules": [{"call": "list", "times": 0, "fault": "unavailable"}]}));
    let outcome = world.mps(&format!("{command} --yes")).run();
    outcome.code(1).stderr_lacks("Closed");
    assert_eq!(world.row().state.to_string(), "sent");
}

#[test]
fn trouble_that_meta_answered_stays_open_until_it_is_old() {
    let world = World::of(1);
    let rule = json!({"call": "create", "fault": "unavailable", "commit": false, "times": 0});
    world.faults(json!({"rules": [rule]}));
    world.mps("create --all --yes").run().code(6);
    world.faults(json!({}));
    let command = not_made(&world);
    world.mps(&format!("{command} --yes")).run().code(0);
    let open = |world: &World| world.rows()[0].has_open_post();
    assert_eq!(world.row().state.to_string(), "failed");
    assert!(open(&world));
    world.age();
    world.mps(&format!("{command} --yes")).run().code(0);
    assert!(!open(&world));
    // It is for one app, and a name is a duplicate's.
    world.mps("resume --not-made").run().code(2);
    world.mps("resume --name two").run().code(2);
    world
        .mps(&format!("{command} --name two --yes"))
        .run()
        .code(1);
}

#[test]
fn what_may_still_appear_is_told_with_its_time() {
    let world = killed_at(1, "create --all --yes", 1, Moment::BeforeMeta);
    world.seed(&json!({"status": "INITIATED"}));
    // A person's is taken, and our own may still come.
    let told = "had no answer and may still appear: mps resume, after ";
    world
        .mps("create --all --yes")
        .run()
        .code(0)
        .stderr_has(told);
    world.age();
    world.mps("resume --yes").run().code(0).stderr_lacks(told);
    world
        .mps("create --all --yes")
        .run()
        .code(0)
        .stderr_lacks(told);
}

#[test]
fn it_waits_where_it_is_told_to() {
    let world = killed_at(1, "onboard --all --yes", 1, Moment::BeforeMeta);
    let run = world.mps("resume --yes --wait").start();
    run.wait_for_line("until what was sent for app");
    run.signal(Signal::INT);
    run.finish().code(130);
    assert_eq!(world.calls("create"), 0);
    // What is old needs no wait.
    world.age();
    world.mps("resume --yes --wait").run().code(0);
    world.is_whole();
}
