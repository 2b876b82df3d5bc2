//! `mps watch --notify`: what stdout has is posted too, signed as Standard Webhooks wants it, and lost by no death.
//!
//! The one decision: the signature is made here by another reading of that page.

use std::collections::HashSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;
use serde_json::{Value, json};

use crate::{
    once_world::World,
    support::{Latch, Request, Script},
    watch::Door,
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Fails where the post is not signed with our secret; its id and its body.
#[track_caller]
fn verified(post: &Request) -> (String, Value) {
    let header = |name: &str| {
        post.header(name)
            .unwrap_or_else(|| panic!("no {name}"))
            .to_owned()
    };
    let (id, at) = (header("webhook-id"), header("webhook-timestamp"));
    let age = jiff::Timestamp::now().as_second() - at.parse::<i64>().unwrap();
    assert!((0..60).contains(&age), "{age} seconds old");
    let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signed = format!("{id}.{at}.{}", post.text());
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    let expected = format!("v1,{}", STANDARD.encode(tag));
    assert_eq!(header("webhook-signature"), expected);
    (id, serde_json::from_slice(&post.body).unwrap())
}

fn command(door: &Door, url: &str) -> String {
    let (port, public) = (&door.port, door.public());
    format!("watch --yes --json --no-open --port {port} --public-url {public} --notify {url}/in")
}

#[test]
fn each_line_is_posted_signed_and_kept_over_a_kill() {
    let world = World::of(2);
    let apps = world.apps();
    let door = Door::free();
    door.invites(&world, "lucky", &[&apps[0], &apps[1]]);
    let id = world
        .seed(&json!({"owner_app_id": apps[0], "name": "From a dashboard", "status": "INITIATED"}));
    let never = Latch::new();
    let silent = Script::new()
        .on("POST", "/in")
        .reply(200, json!({}))
        .after(&never)
        .serve();
    let watch = |url: &str| {
        let mps = world.mps(&command(&door, url));
        let run = mps.env("MPS_NOTIFY_SECRET", SECRET).start();
        run.wait_for_line("page_ready");
        run
    };
    let run = watch(&silent.url());
    let line: Value = serde_json::from_str(&run.wait_for_stdout_line(&id)).unwrap();
    let (first, body) = verified(&silent.wait_for("POST", "/in"));
    assert_eq!(body, line);
    assert_eq!(
        (&body["event"], &body["ref"]),
        (&json!("done"), &json!("lucky"))
    );
    run.kill().killed_by(9);
    never.open();
    // Nobody said that it came, so it comes again: the same one.
    let there = Script::new()
        .on("POST", "/in")
        .reply(200, json!({}))
        .any_times()
        .serve();
    let run = watch(&there.url());
    let (again, same) = verified(&there.wait_for("POST", "/in"));
    assert_eq!((again, same), (first, body));
    run.signal(rustix::process::Signal::TERM);
    run.finish().code(0);
    // Each has an id of its own.
    let other =
        world.seed(&json!({"owner_app_id": apps[1], "name": "Another", "status": "INITIATED"}));
    let run = watch(&there.url());
    run.wait_for_stdout_line(&other);
    let is_there = |all: &Vec<Request>| {
        all.iter()
            .any(|post| verified(post).1["solution_id"] == other)
    };
    let all = std::iter::repeat_with(|| there.requests()).find(is_there);
    let ids: HashSet<String> = all.iter().flatten().map(|post| verified(post).0).collect();
    assert_eq!(ids.len(), 2);
    run.signal(rustix::process::Signal::TERM);
    run.finish().code(0);
}

#[test]
fn what_notify_needs_is_said_before_anything_is_served() {
    let world = World::of(1);
    let door = Door::free();
    let url = "http://127.0.0.1:1";
    let of = |url: &str| world.mps(&command(&door, url));
    of(url)
        .run()
        .code(4)
        .stderr_has("MPS_NOTIFY_SECRET")
        .stderr_has("openssl rand -base64 32");
    of(url)
        .env("MPS_NOTIFY_SECRET", "whsec_tooshort")
        .run()
        .code(2)
        .stderr_has("MPS_NOTIFY_SECRET is none")
        .stderr_lacks("tooshort");
    of("http://crm.example.com")
        .env("MPS_NOTIFY_SECRET", SECRET)
        .run()
        .code(2)
        .stderr_has("http is for this machine only");
}
