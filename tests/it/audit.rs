//! What an auditor finds in the events: which app, which solution, what was sent, by whose tokens.

use serde_json::{Value, json};

use crate::{
    once_world::{Moment, World},
    resume::killed_at,
};

/// The events of one call, the oldest first.
#[track_caller]
fn events(world: &World, call: &str) -> Vec<Value> {
    let history = world.mps("history --events --json").run();
    history.code(0);
    let mut lines = history.json_lines();
    lines.retain(|line| line["call"] == call);
    lines.reverse();
    assert!(!lines.is_empty(), "{call}");
    lines
}

fn with_secret(world: &World, command: &str) -> crate::support::Mps {
    let secret = world.sandbox.app_secret().secret().expose().to_owned();
    world.mps(command).env("MPS_APP_SECRET", &secret)
}

/// What every event of a write says, whoever made the solution.
#[track_caller]
fn is_whole(world: &World, event: &Value) {
    assert_eq!(event["app_id"], world.apps()[0], "{event}");
    let partner = world.sandbox.partner_app_id();
    assert_eq!(event["partner_app_id"], partner.as_str(), "{event}");
    assert!(event["system_user_id"].is_string(), "{event}");
    assert!(event["consent"].is_string(), "{event}");
}

#[test]
fn an_accept_and_a_rejection_of_what_somebody_else_made() {
    for call in ["accept", "reject"] {
        let world = World::of(1);
        let id = world.seed(&json!({"name": "By hand"}));
        with_secret(&world, &format!("{call} --yes {id}"))
            .run()
            .code(0);
        let events = events(&world, call);
        let outcomes: Vec<_> = events.iter().map(|event| &event["outcome"]).collect();
        assert_eq!(outcomes, ["intended", "ok"]);
        for event in &events {
            is_whole(&world, event);
            assert_eq!(event["solution_id"], id, "{event}");
            assert_eq!(event["solution_name"], "By hand");
            assert!(event["permissions_read"]["partner"].is_array(), "{event}");
        }
    }
}

#[test]
fn the_operators_word_that_nothing_was_made() {
    let world = killed_at(1, "create --all --yes", 1, Moment::BeforeMeta);
    world.age();
    let app = world.apps().remove(0);
    with_secret(&world, &format!("resume --not-made --yes --app-id {app}"))
        .run()
        .code(0);
    let events = events(&world, "not_made");
    is_whole(&world, &events[0]);
    assert!(events[0]["solution_name"].is_string(), "{}", events[0]);
    assert!(events[0]["user_id"].is_string(), "{}", events[0]);
}

#[test]
fn a_write_of_mps_api_says_what_it_is_about_and_whose_token() {
    let world = World::of(1);
    let app = world.apps().remove(0);
    let partner = world.sandbox.partner_app_id().as_str().to_owned();
    let create = [
        "api",
        "POST",
        &format!("{app}/whatsapp_business_solution"),
        "--token",
        "user",
        "-f",
        &format!("partner_app_id={partner}"),
        "-f",
        "solution_name=By hand",
        "-f",
        "owner_permissions=[\"MESSAGING\"]",
        "-f",
        "partner_permissions=[\"MESSAGING\"]",
    ]
    .map(str::to_owned);
    world
        .told(crate::support::Mps::at(&world.home))
        .args(create.iter().map(String::as_str))
        .run()
        .code(0);
    let id = world.id(0);
    world
        .mps(&format!(
            "api POST {id}/accept -f partner_app_id={partner} -f pin=123456"
        ))
        .run()
        .code(0);
    let events = events(&world, "api");
    let [intended, made, accepting, accepted] = events.as_slice() else {
        panic!("{events:#?}");
    };
    for event in [intended, made] {
        assert_eq!(event["app_id"], app, "{event}");
        assert_eq!(event["solution_name"], "By hand");
        assert_eq!(
            event["consent"],
            format!(
                "mps api POST {app}/whatsapp_business_solution --token user -f partner_app_id=… \
                 -f solution_name=… -f owner_permissions=… -f partner_permissions=…"
            )
        );
    }
    for event in [made, accepting, accepted] {
        assert_eq!(event["solution_id"], id, "{event}");
    }
    for event in &events {
        assert_eq!(event["partner_app_id"], partner, "{event}");
        // Without the app secret nobody may ask whose a token is.
        assert_eq!(event["system_user_id"], Value::Null, "{event}");
    }
    // A value that is no name and no id may be a secret.
    let said = accepting["consent"].as_str().unwrap();
    assert!(
        said.ends_with("--token system -f partner_app_id=… -f pin=…"),
        "{said}"
    );
}

#[test]
fn a_write_of_mps_api_names_whose_token_it_was_where_meta_tells() {
    for (role, has, lacks) in [
        ("user", "user_id", "system_user_id"),
        ("system", "system_user_id", "user_id"),
    ] {
        let world = World::of(1);
        let id = world.seed(&json!({"status": "INITIATED"}));
        let accept = format!("api POST {id}/accept --token {role}");
        with_secret(&world, &accept).run().any_code();
        for event in events(&world, "api") {
            assert!(event[has].is_string(), "{event}");
            assert_eq!(event[lacks], Value::Null, "{event}");
        }
    }
}

#[test]
fn a_create_that_was_sent_in_the_future_is_told() {
    let world = killed_at(1, "create --all --yes", 1, Moment::BeforeMeta);
    let path = world.home.state().join("journal.db");
    let conn = rusqlite::Connection::open(path).unwrap();
    // The clock was a day ahead then, and Meta had not told the time.
    let tomorrow = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24)).to_string();
    conn.execute(
        "UPDATE entries SET posts = json_set(posts, '$[0].sent_at', ?1, '$[0].sent_at_meta', NULL)",
        [&tomorrow],
    )
    .unwrap();
    drop(conn);
    // Before anything is done it is said, and by the run again.
    for command in [
        "resume --dry-run",
        "create --all --dry-run",
        "onboard --all --yes --dry-run",
        "resume --yes",
    ] {
        let outcome = world.mps(command).run();
        let told = outcome.stderr_text().matches("is in the future").count();
        assert_eq!(told, 1, "{command}\n{outcome}");
        outcome.any_code();
        outcome.stderr_has("does not count as old until");
    }
    // A plan that goes on with the run says it once.
    let outcome = world.mps("create --all --yes").run();
    outcome.code(6);
    let told = outcome.stderr_text().matches("is in the future").count();
    assert_eq!(told, 1, "{outcome}");
    assert_eq!(world.calls("create"), 0, "nothing is posted on a guess");
}
