//! What the operator is asked, and what happens where nobody can be.

use crate::stage::{SOLUTIONS, Stage};

#[test]
fn json_on_a_terminal_does_not_pass_the_question_over() {
    let stage = Stage::of(&["INITIATED"]);
    let accept = |more: &[&str]| {
        let mps = stage.mps(["accept", "--json", SOLUTIONS[0]]).args(more);
        mps.on_terminal_of(250, 30).finish()
    };
    accept(&[]).code(2).stderr_has("add --yes");
    assert_eq!(stage.writes(), 0);
    accept(&["--no-input"]).code(0);
    accept(&["--yes"]).code(0);
    assert_eq!(stage.calls("accept"), 1);
}

#[test]
fn the_question_counts_what_will_be_new() {
    for (statuses, question) in [
        (&["ACTIVE"][..], "Create 2 solutions?"),
        (&["ACTIVE", "INITIATED"], "Create 1 solution?"),
        (
            &["ACTIVE", "INITIATED", "ACTIVE"],
            "There is nothing to create. Go on with what exists?",
        ),
    ] {
        let stage = Stage::of(statuses);
        let terminal = stage.mps(["create", "--all"]).on_terminal_of(160, 40);
        terminal.sees(question).answers("n");
        terminal.finish().code(1);
        let json = stage.mps(["create", "--all", "--json"]).on_terminal();
        json.finish().code(2).stderr_has("--yes");
        assert_eq!(stage.writes(), 0);
    }
}

#[test]
fn either_ids_or_all_is_named_where_both_are_missing() {
    for args in [&["create"][..], &["create", "--all", "--app-id", "1"]] {
        let run = Stage::new().mps(args.iter().copied()).run();
        run.code(2).stderr_has("--app-id <ID>").stderr_has("--all");
    }
}
