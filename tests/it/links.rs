//! A label's link: taken by a stranger, taken back by the operator, asked for where another's is served.
//!
//! The one decision: what a link says is asked as a browser asks it, while the run that serves it goes on.

use std::fs;

use crate::{
    button::{Serving, Stage, at, grant, interrupted, nonce},
    once_world::World,
    watch::Door,
};

#[test]
fn a_labels_link_that_a_stranger_took_is_over_for_good() {
    let stage = Stage::new();
    stage
        .home
        .program("bin/xdg-open", "echo \"$1\" > \"$HOME/opened\"");
    let path = format!("{}/bin:/usr/bin:/bin", stage.home.path().display());
    let serve = |env: &[(&str, &str)]| {
        let args = ["serve-button", "--http", "--port", "0", "--for", "acme"];
        let mps = stage.mps().args(args).env("PATH", &path);
        Serving::start(mps.envs(env.iter().map(|(name, value)| (*name, (*value).to_owned()))))
    };
    let serving = serve(&[("DISPLAY", ":0")]);
    let told = loop {
        match fs::read_to_string(stage.home.path().join("opened")) {
            Ok(text) if text.ends_with('\n') => break text,
            _ => std::thread::yield_now(),
        }
    };
    let ticket = told.trim().split_once("/open/").expect("a ticket").1;
    let ticket = format!("/open/{ticket}");
    assert_eq!(at(&serving, "GET", &ticket, &[], "").status, 303);
    assert_eq!(at(&serving, "GET", &ticket, &[], "").status, 404);
    serving.run.wait_for_line("Somebody else");
    let taken = serving.path().to_owned();
    let said = interrupted(serving.run);
    let kept = said.lines().rfind(|line| line.contains("Open this page"));
    let kept = kept.expect("the new address").to_owned();
    assert!(
        said.contains("interrupted before a token came; nothing was created"),
        "{said}"
    );
    let again = "  hint: to begin again: mps serve-button --http --port 0 --for acme\n";
    assert!(said.ends_with(again), "{said}");
    // The next run has the one that took its place; whoever took the first is told that it is over.
    let next = serve(&[]);
    assert_ne!(next.path(), taken);
    assert!(kept.ends_with(next.path()), "{kept} {}", next.path());
    assert_eq!(at(&next, "GET", &taken, &[], "").status, 410);
    interrupted(next.run);
}

#[test]
fn a_link_that_is_taken_back_while_it_is_served_is_over_and_anothers_is_told_to_come_later() {
    let stage = Stage::new();
    let other = stage.serve(&["--for", "brio"]);
    let others = other.path().to_owned();
    interrupted(other.run);
    let serving = stage.serve(&["--for", "acme"]);
    assert_eq!(at(&serving, "GET", serving.path(), &[], "").status, 200);
    let nonce = nonce(&serving);
    assert_eq!(at(&serving, "GET", &others, &[], "").status, 503);
    stage.mps().args(["invite", "revoke", "acme"]).run().code(0);
    assert_eq!(at(&serving, "GET", serving.path(), &[], "").status, 410);
    serving.run.wait_for_line("taken back");
    let origin = format!("http://localhost:{}", serving.port());
    let headers = [
        ("Origin", origin.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", nonce.as_str()),
    ];
    let token = grant(&stage);
    let late = at(&serving, "POST", "/token", &headers, &token);
    assert_eq!(late.status, 410);
    interrupted(serving.run);
}

#[test]
fn whoever_finds_its_port_taken_is_told_by_whom() {
    let world = World::of(1);
    let door = Door::free();
    let watch = door.watch(&world, "");
    let public = door.public();
    world
        .mps(&format!(
            "onboard --for lucky --accept-anyone --yes --port {} --public-url {public}",
            door.port
        ))
        .env("MPS_USER_TOKEN", "")
        .run()
        .code(1)
        .stderr_has("mps watch has this address")
        .stderr_has("mps invite --for lucky");
    watch.stops();
}
