//! What `mps tidy` says beside its rows: whom to ask, and which answers there are.
//!
//! The one decision: a command that is named is typed, and the stand-in for Meta is asked what came of it.

use serde_json::json;

use crate::{once_world::World, tidy::statuses};

/// Whoever reads the row knows who is to be asked, and the two answers there are.
#[test]
fn whom_to_ask_and_how_to_answer_is_said_beside_the_rows() {
    let world = World::of(1);
    let first = world.seed(&json!({"status": "ACTIVE"}));
    let second = world.seed(&json!({"status": "ACTIVE"}));
    world.seed(&json!({"status": "DRAFT"}));
    let run = world.mps("tidy").run();
    run.code(0)
        .stderr_has(format!("Solution {second} is a second ACTIVE one"))
        .stderr_has(format!("Lucky Shrub (app {})", world.apps()[0]))
        .stderr_has(format!("mps deactivate accept {second}"))
        .stderr_has("is a draft");
    let ask = format!("deactivate request --yes {second}");
    world.mps(&ask).run().code(0);
    let run = world.mps("tidy --json").run();
    run.code(0);
    let line = run.json_lines().remove(0);
    let command = format!("mps deactivate accept {second}");
    assert_eq!(
        (&line["solution_id"], &line["why"], &line["command"]),
        (
            &json!(second),
            &json!("pending_deactivation"),
            &json!(command)
        )
    );
    run.stderr_has(format!("mps deactivate reject {second}"));
    let typed = command.strip_prefix("mps ").unwrap().to_owned() + " --yes";
    world.mps(&typed).run().code(0);
    assert_eq!(statuses(&world), ["ACTIVE", "DEACTIVATED", "DRAFT"]);
    let run = world.mps("tidy --json").run();
    run.code(0).stdout_lacks(&first);
}
