//! Names that two solutions would have: told in the plan, before a name is given that stays for ever.

use crate::stage::{APPS, SOLUTIONS, Stage};

#[test]
fn new_solutions_of_one_name_are_told_with_the_way_out() {
    let stage = Stage::new();
    let dry = |name: &str| {
        let mps = stage.mps(["create", "--all", "--dry-run", "--name", name]);
        mps.run()
    };
    dry("{app_id} with Acme").code(0).stderr_lacks("same name");
    dry("With Acme")
        .code(0)
        .stderr_has("several new solutions would have the same name: \"With Acme\" (apps ")
        .stderr_has("--name with {app_id} in it tells them apart");
    // As a warning of its own for programs, and with nobody to ask it stops nothing.
    let run = stage
        .mps(["onboard", "--all", "--yes", "--json", "--name", "With Acme"])
        .run();
    run.code(0)
        .stderr_has("{\"warning\":\"several new solutions would have the same name");
}

#[test]
fn the_name_of_a_live_solution_is_told() {
    let stage = Stage::new();
    let create = |app: &'static str| {
        let mps = stage.mps(["create", "--name", "With Acme", "--app-id"]);
        mps.args([app])
    };
    create(APPS[0])
        .run()
        .code(0)
        .stderr_lacks("name of a new one");
    create(APPS[1]).run().code(0).stderr_has(format!(
        "a live solution has the name of a new one already: \"With Acme\" (solution {})",
        SOLUTIONS[0]
    ));
    // What is over is in nobody's way, and what exists gets no new name.
    create(APPS[1])
        .run()
        .code(0)
        .stderr_lacks("name of a new one");
}
