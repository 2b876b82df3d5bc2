//! Exactly once, whatever the answer to a create looks like, and whatever the listings say afterwards.
//!
//! The one decision: each case says how many POSTs may reach Meta and how the run may end; that there is
//! one live solution at most is the same for all.

use serde_json::{Value, json};

use crate::once_world::{Moment, World};

/// A create whose answer is spoilt, once: `onboard` and what is there afterwards.
struct Case {
    fault: Value,
    posts: u64,
    code: i32,
}

fn case(fault: impl Into<Value>, posts: u64, code: i32) -> Case {
    Case {
        fault: fault.into(),
        posts,
        code,
    }
}

#[test]
fn an_answer_lost_after_the_commit_makes_no_second_solution() {
    for Case { fault, posts, code } in [
        case("drop", 1, 0),
        case("cut", 1, 0),
        case("unavailable", 1, 0),
        case("html", 1, 0),
        case("empty", 1, 0),
        case("not_json", 1, 0),
        case("service_unavailable_text", 1, 0),
        case(json!({"gateway": {"status": 504}}), 1, 0),
        case(json!({"gateway": {"status": 408}}), 1, 0),
        case("no_id", 1, 0),
        case("null_id", 1, 0),
        case("fractional_id", 1, 0),
        case("integer_id", 1, 0),
    ] {
        let world = World::of(1);
        world.fault("create", fault.clone());
        world.mps("onboard --all --yes --json").run().code(code);
        assert_eq!(world.calls("create"), posts, "{fault}");
        world.is_whole();
        let looked = world.calls("list") > 3;
        assert_eq!(
            looked,
            fault != "integer_id",
            "{fault}: a whole number is an id"
        );
        // And once more, which finds everything done.
        world
            .mps("onboard --all --yes")
            .run()
            .code(0)
            .stdout(format!("{}\n", world.id(0)));
        assert_eq!(world.calls("create"), posts, "{fault}");
    }
}

#[test]
fn an_answer_of_metas_that_it_failed_allows_one_more_post() {
    let error = |code: u32, status: u16| json!({"error": {"status": status, "code": code, "message": "no"}});
    for fault in [
        json!("unavailable"),
        json!("html"),
        json!({"gateway": {"status": 501}}),
        json!({"gateway": {"status": 503}}),
        json!("error_in_200"),
        error(1, 504),
        error(2, 400),
        error(131_000, 400),
        error(131_016, 502),
    ] {
        let world = World::of(1);
        let rule = json!({"call": "create", "fault": fault, "commit": false});
        world.faults(json!({"rules": [rule]}));
        world.mps("onboard --all --yes").run().code(0);
        assert_eq!(world.calls("create"), 2, "{fault}");
        world.is_whole();
    }
}

#[test]
fn without_an_answer_no_second_post_leaves_in_the_same_run() {
    let gateway = |status: u16| json!({"gateway": {"status": status}});
    for fault in [
        json!("drop"),
        json!("cut"),
        json!("empty"),
        json!("not_json"),
        json!("service_unavailable_text"),
        json!("no_id"),
        json!("success_false"),
        gateway(408),
        gateway(502),
        gateway(504),
        gateway(522),
    ] {
        let world = World::of(1);
        let rule = json!({"call": "create", "fault": fault, "commit": false});
        world.faults(json!({"rules": [rule]}));
        let outcome = world.mps("onboard --all --yes --json").run();
        outcome.code(6);
        assert_eq!(outcome.error()["hint"], "mps resume", "{fault}");
        assert_eq!(world.calls("create"), 1, "{fault}: it may still be at work");
        assert_eq!(world.row().state.as_str(), "unknown", "{fault}");
        // A later run may, when that is over.
        world.mps("resume --yes").run().code(6);
        world.age();
        world.mps("resume --yes").run().code(0);
        assert_eq!(world.calls("create"), 2, "{fault}");
        world.is_whole();
    }
}

#[test]
fn the_second_post_is_the_last_one_of_a_run() {
    let world = World::of(1);
    let rule = json!({"call": "create", "fault": "unavailable", "commit": false, "times": 0});
    world.faults(json!({"rules": [rule]}));
    let outcome = world.mps("onboard --all --yes --json").run();
    outcome.code(6);
    assert_eq!(outcome.error()["kind"], "unknown_outcome");
    assert_eq!(outcome.error()["hint"], "mps resume");
    assert_eq!(world.calls("create"), 2);
    assert_eq!(world.row().state.as_str(), "unknown");
    // Meta has answered that it failed, so the next run waits for nothing.
    world.faults(json!({}));
    world.mps("resume --yes").run().code(0);
    assert_eq!(world.calls("create"), 3);
    world.is_whole();
    // The second one did something after all: the next run finds it and sends nothing.
    let world = World::of(1);
    let lost = |nth: u64, commit: bool| json!({"call": "create", "fault": "unavailable", "nth": nth, "commit": commit});
    world.faults(json!({"rules": [lost(1, false), lost(2, true)], "listing_lag": 12}));
    world.mps("create --all").run().code(6).stdout("");
    assert_eq!(world.calls("create"), 2);
    world
        .mps("resume --yes")
        .run()
        .code(0)
        .stdout(format!("{}\n", world.id(0)));
    assert_eq!((world.calls("create"), world.solutions().len()), (2, 1));
    assert_eq!(
        world.row().state.as_str(),
        "created",
        "create ends INITIATED"
    );
}

#[test]
fn a_refusal_makes_nothing_and_is_not_sent_again() {
    for (fault, code, state) in [
        (json!({"denied": {"code": 10}}), 4, "intended"),
        (json!({"denied": {"code": 200}}), 4, "failed"),
        (json!("expired"), 4, "intended"),
        (json!({"quota": {"code": 4, "minutes": 1}}), 5, "intended"),
        (json!("not_found"), 1, "failed"),
        (json!("messaging_refused"), 1, "intended"),
        (
            json!({"error": {"status": 400, "code": 100, "message": "(#100) Param solution_name"}}),
            1,
            "failed",
        ),
        (
            json!({"error": {"status": 200, "code": 190, "subcode": 463, "message": "expired"}}),
            4,
            "intended",
        ),
    ] {
        let world = World::of(1);
        world.fault("create", fault.clone());
        world.mps("onboard --all --yes").run().code(code).stdout("");
        assert_eq!(world.calls("create"), 1, "{fault}");
        assert_eq!(world.solutions().len(), 0, "{fault}");
        assert_eq!(world.row().state.as_str(), state, "{fault}");
        let events = world.events();
        assert_eq!(events, ["create intended", "create refused"], "{fault}");
        // The same command again, when that is mended.
        world.faults(json!({}));
        world.mps("onboard --all --yes").run().code(0);
        world.is_whole();
    }
}

#[test]
fn what_surely_never_left_stays_planned() {
    let world = World::of(1);
    let look = world.gate.hold_at(1, Moment::AfterMeta, "role=OWNER");
    let run = world.mps("create --all --json").start();
    look.reached();
    world.gate.close();
    look.open();
    run.finish().code(1);
    assert_eq!(world.calls("create"), 0);
    assert_eq!(
        world.row().state.as_str(),
        "intended",
        "no need to look for it"
    );
    assert_eq!(world.events(), ["create intended", "create never_sent"]);
}

#[test]
fn listings_that_lag_are_waited_for() {
    let world = World::of(1);
    // Two listings per look; the fourth look shows it.
    world.faults(json!({"rules": [{"call": "create", "fault": "drop"}], "listing_lag": 5}));
    world.mps("onboard --all --yes").run().code(0);
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
}

#[test]
fn an_empty_or_refused_owners_listing_proves_nothing() {
    for spoilt in [json!("empty_listing"), json!({"denied": {"code": 200}})] {
        let world = World::of(1);
        let owners = json!({"call": "list", "role": "OWNER", "times": 0, "fault": spoilt});
        let ours = json!({"call": "list", "role": "PARTNER", "nth": 2, "times": 0,
            "fault": {"denied": {"code": 200}}});
        let lost = json!({"call": "create", "fault": "unavailable", "commit": false});
        // Our own side is read before the POST and refused after it.
        world.faults(json!({"rules": [owners, ours, lost]}));
        world.mps("onboard --all --yes").run().code(6);
        assert_eq!(world.calls("create"), 1, "{spoilt}");
        // Only the owner's listing is bad: our own side tells.
        let world = World::of(1);
        let owners = json!({"call": "list", "role": "OWNER", "times": 0, "fault": spoilt});
        let lost = json!({"call": "create", "fault": "drop"});
        world.faults(json!({"rules": [owners, lost]}));
        world.mps("onboard --all --yes").run().code(0);
        assert_eq!(world.calls("create"), 1, "{spoilt}");
        world.is_whole();
    }
}

#[test]
fn an_empty_owners_listing_does_not_hide_a_solution_that_exists() {
    let world = World::of(1);
    world.seed(&json!({"status": "ACTIVE"}));
    world.faults(
        json!({"rules": [{"call": "list", "role": "OWNER", "times": 0, "fault": "empty_listing"}]}),
    );
    let outcome = world.mps("onboard --all --yes --json").run();
    outcome.code(0);
    assert_eq!(outcome.json()["outcome"], "existing");
    assert_eq!(world.calls("create"), 0);
    // `resume` reads our own side too before it sends what was only planned.
    let world = World::of(1);
    world.fault("create", json!({"quota": {"code": 4, "minutes": 1}}));
    world.mps("onboard --all --yes").run().code(5);
    world.seed(&json!({"status": "INITIATED"}));
    world.faults(
        json!({"rules": [{"call": "list", "role": "OWNER", "times": 0, "fault": "empty_listing"}]}),
    );
    world.mps("resume --yes").run().code(0);
    assert_eq!(world.calls("create"), 1, "the one that was refused");
    world.is_whole();
}

#[test]
fn a_look_that_is_refused_everywhere_sends_nothing() {
    let world = World::of(1);
    world.faults(
        json!({"rules": [{"call": "list", "times": 0, "fault": {"denied": {"code": 200}}}]}),
    );
    let outcome = world.mps("create --all --json").run();
    outcome.code(4);
    let hint = outcome.error()["hint"].clone();
    assert!(hint.as_str().unwrap().contains("--no-look"), "{hint}");
    assert_eq!((world.calls("create"), world.rows().len()), (0, 0));
    // Without a look: created, but a lost answer is never followed by another POST.
    world.mps("create --all --no-look").run().code(0);
    assert_eq!(world.calls("create"), 1);
    let world = World::of(1);
    let lost = json!({"call": "create", "fault": "unavailable", "commit": false});
    world.faults(json!({"rules": [lost]}));
    world.mps("create --all --no-look").run().code(6);
    assert_eq!(world.calls("create"), 1);
    let outcome = world.mps("create --all --no-look --json").run();
    outcome.code(2);
    let hint = outcome.error()["hint"].clone();
    assert!(hint.as_str().unwrap().starts_with("mps resume"), "{hint}");
    assert_eq!(world.calls("create"), 1, "unfinished work is not passed by");
    world.age();
    world.mps("resume --yes").run().code(0);
    assert_eq!((world.calls("create"), world.solutions().len()), (2, 1));
}

#[test]
fn after_a_kill_the_post_is_young_and_only_looked_for() {
    let world = World::of(1);
    world
        .gate
        .kill_at(1, Moment::BeforeMeta, "whatsapp_business_solution ");
    let run = world.mps("onboard --all --yes").start();
    world.gate.victim(&run);
    run.finish().killed_by(9);
    world.gate.disarm();
    assert_eq!(world.row().state.as_str(), "sent");
    let soon = world
        .mps("resume --yes --json")
        .env("MPS_LOOK_PAUSES", "0.1")
        .run();
    soon.code(6);
    assert_eq!(world.calls("create"), 0, "it may still be on its way");
    assert_eq!(world.row().state.as_str(), "unknown");
    world.age();
    world
        .mps("resume --yes")
        .env("MPS_LOOK_PAUSES", "0.1")
        .run()
        .code(0);
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
}

#[test]
fn without_a_look_nothing_old_is_taken_for_what_was_sent() {
    // A dead one from before hides nothing: ours shows later, and is found.
    let world = World::of(1);
    let app = world.apps().remove(0);
    let dead = world.seed(&json!({"status": "REJECTED"}));
    world.faults(json!({"rules": [{"call": "create", "fault": "drop"}], "listing_lag": 9}));
    let create = format!("create --app-id {app} --no-look");
    let outcome = world.mps(&create).run();
    outcome.code(6).stderr_lacks(format!("solution {dead}"));
    assert_eq!(world.row().state.as_str(), "unknown");
    world
        .mps("resume --yes")
        .run()
        .code(0)
        .stdout(format!("{}\n", world.id(1)));
    assert_eq!(
        (world.calls("create"), world.row().state.as_str()),
        (1, "created")
    );
    // A live one from before may be anybody's, even under our name: its terms are looked at.
    let world = World::of(1);
    let app = world.apps().remove(0);
    let old = world.seed(&json!({"status": "INITIATED", "name": "One name"}));
    let lost = json!({"call": "create", "fault": "drop", "commit": false});
    world.faults(json!({"rules": [lost]}));
    let onboard = format!("onboard --yes --app-id {app} --no-look --messaging partner");
    let outcome = world
        .mps(&onboard)
        .args(["--json", "--name", "One name"])
        .run();
    outcome.code(1);
    let hint = outcome.error()["hint"].as_str().unwrap().to_owned();
    assert!(hint.ends_with(&format!("mps accept {old}")), "{hint}");
    assert_eq!(world.calls("accept"), 0);
}

#[test]
fn creates_that_wait_a_second_for_the_quota_go_out_on_the_look_that_was_made() {
    let world = World::of(3);
    let refused = json!({"quota": {"code": 4, "seconds": 1}});
    world.faults(json!({"rules": [{"call": "create", "times": 2, "fault": refused}]}));
    let outcome = world.mps("create --all --json --jobs 3 --wait-quota").run();
    outcome.code(0);
    assert_eq!((world.calls("create"), world.solutions().len()), (5, 3));
    // Each owner's side once, and ours once for all.
    assert_eq!(world.calls("list"), 4, "{outcome}");
}

#[test]
fn an_open_post_that_nobody_can_look_for_does_not_keep_an_accept_in_a_circle() {
    let world = World::of(1);
    world.faults(json!({"rules": [{"call": "create", "fault": {"gateway": {"status": 504}}}]}));
    world.mps("create --all").run().code(0);
    assert!(world.row().has_open_post());
    world.age();
    world
        .faults(json!({"rules": [{"call": "list", "nth": 3, "times": 0, "fault": "unavailable"}]}));
    let ended = world.mps("onboard --all --yes").run().any_code();
    assert_eq!(ended, 1, "it ends");
    world.faults(json!({}));
    world.mps("onboard --all --yes").run().code(0);
    world.is_whole();
}
