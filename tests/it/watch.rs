//! `mps watch`: several Tech Providers at one address, each with their own link, rows and end.
//!
//! The one decision: a raw client plays the browsers and a gate holds Meta's answers, so that two are at it at the same
//! moment because the test says so and not because somebody is quick.

use std::net::SocketAddr;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    button::free_port,
    once_world::{Moment, World},
    support::{Outcome, Running, http},
};

pub(crate) const CREATE: &str = "whatsapp_business_solution ";

/// A watch, and the world that it stands in.
pub(crate) struct Watch {
    pub(crate) run: Running,
}

/// Where it is reached.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) port: String,
}

/// A browser at a link.
pub(crate) struct Visitor {
    door: Door,
    nonce: String,
}

impl Door {
    pub(crate) fn free() -> Self {
        Self { port: free_port() }
    }

    pub(crate) fn public(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port.parse().unwrap()).into()
    }

    pub(crate) fn watch(&self, world: &World, more: &str) -> Watch {
        let public = self.public();
        let command = format!(
            "watch --yes --json --no-open --port {} --public-url {public}{more}",
            self.port
        );
        let run = world.mps(&command).start();
        run.wait_for_line("page_ready");
        Watch { run }
    }

    /// The path of a new link.
    pub(crate) fn invites(&self, world: &World, label: &str, apps: &[&str]) -> String {
        let mut command = format!("invite --json --for {label} --public-url {}", self.public());
        for app in apps {
            command += &format!(" --app-id {app}");
        }
        let invited = world.mps(&command).run();
        invited.code(0);
        let link = invited.json()["link"].clone();
        let link = link.as_str().expect("a link").to_owned();
        link.trim_start_matches(&self.public()).to_owned()
    }

    pub(crate) fn asks(&self, method: &str, path: &str, nonce: &str, body: &str) -> http::Answer {
        let (host, origin) = (format!("localhost:{}", self.port), self.public());
        let headers = [
            ("Host", host.as_str()),
            ("Origin", origin.as_str()),
            ("Content-Type", "application/json"),
            ("X-Mps-Nonce", nonce),
        ];
        http::request(self.address(), method, path, &headers, body)
    }

    /// Somebody opens a link.
    pub(crate) fn opens(&self, path: &str) -> Visitor {
        let page = http::request(
            self.address(),
            "GET",
            path,
            &[("Host", &format!("localhost:{}", self.port))],
            "",
        );
        assert_eq!(page.status, 200, "{}", page.text());
        let text = page.text();
        let after = text.split_once("\"nonce\":\"").expect("a nonce").1;
        let nonce = after.split('"').next().unwrap_or_default().to_owned();
        let door = self.clone();
        Visitor { door, nonce }
    }
}

impl Visitor {
    pub(crate) fn brings(&self, token: &str) -> &Self {
        let body = json!({ "accessToken": token }).to_string();
        let answer = self.door.asks("POST", "/token", &self.nonce, &body);
        assert_eq!(answer.status, 202, "{}", answer.text());
        self
    }

    /// Their page says that this happened.
    pub(crate) fn tells(&self, kind: &str) {
        let body = json!({"kind": kind}).to_string();
        let answer = self.door.asks("POST", "/event", &self.nonce, &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    pub(crate) fn state(&self) -> Value {
        self.door.asks("GET", "/state", &self.nonce, "").json()
    }

    /// What their page shows when this is so.
    pub(crate) fn sees(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut states = std::iter::repeat_with(|| self.state());
        states.find(is_so).expect("states without end")
    }

    /// The apps and states that their page shows when nothing is under way any more.
    pub(crate) fn ends(&self) -> Vec<(String, String)> {
        let last = self.sees(|state| state["progress"]["finished"] == true);
        let rows = last["progress"]["rows"].as_array().expect("rows");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        rows.iter()
            .map(|row| (text(&row["app_id"]), text(&row["state"])))
            .collect()
    }
}

impl Watch {
    /// The row of an app, as soon as it is there.
    pub(crate) fn row(&self, app: &str) -> Value {
        let line = self
            .run
            .wait_for_stdout_line(&format!("\"app_id\":\"{app}\""));
        serde_json::from_str(&line).unwrap()
    }

    pub(crate) fn stops(self) {
        self.ends().code(0);
    }

    pub(crate) fn ends(self) -> Outcome {
        self.run.signal(Signal::TERM);
        let outcome = self.run.finish();
        outcome.code(0);
        outcome
    }
}

pub(crate) fn done(app: &str) -> Vec<(String, String)> {
    vec![(app.to_owned(), "active".to_owned())]
}

/// A watch whose visitor brings an app that is expected, one that is not, and one that Meta refuses.
pub(crate) fn done_waiting_and_failed() -> Outcome {
    let world = World::of(3);
    let apps = world.apps();
    let door = Door::free();
    let lucky = door.invites(&world, "lucky", &[&apps[0], &apps[2]]);
    let watch = door.watch(&world, "");
    let visitor = door.opens(&lucky);
    visitor.brings(&world.grant(&[&apps[0], &apps[1]]));
    visitor.ends();
    let refused = json!({"error": {"status": 400, "code": 100, "subcode": 33, "message": "No"}});
    world.fault("create", refused);
    let visitor = door.opens(&lucky);
    visitor.brings(&world.grant(&[&apps[2]]));
    assert_eq!(visitor.ends()[0].1, "failed");
    assert_eq!(watch.row(&apps[2])["event"], "failed");
    watch.ends()
}

#[test]
fn two_at_once_see_their_own_and_nobody_waits_for_the_other() {
    let world = World::of(2);
    let apps = world.apps();
    let door = Door::free();
    let lucky = door.invites(&world, "lucky", &[&apps[0]]);
    let watch = door.watch(&world, "");
    // Made while it runs.
    let other = door.invites(&world, "other", &[&apps[1]]);
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let slow = door.opens(&lucky);
    slow.brings(&world.grant(&[&apps[0]]));
    created.reached();
    let quick = door.opens(&other);
    quick.brings(&world.grant(&[&apps[1]]));
    assert_eq!(quick.ends(), done(&apps[1]));
    assert_ne!(slow.state()["last"], true);
    created.open();
    assert_eq!(slow.ends(), done(&apps[0]));
    let row = watch.row(&apps[0]);
    assert_eq!(
        (&row["event"], &row["ref"], &row["status"]),
        (&json!("done"), &json!("lucky"), &json!("ACTIVE"))
    );
    assert_eq!(watch.row(&apps[1])["ref"], "other");
    watch.stops();
    world.is_whole();
}

#[test]
fn who_is_refused_ends_nothing_and_a_link_that_was_taken_back_leads_nowhere() {
    let world = World::of(2);
    let apps = world.apps();
    let door = Door::free();
    let lucky = door.invites(&world, "lucky", &[&apps[0]]);
    let watch = door.watch(&world, "");
    let visitor = door.opens(&lucky);
    visitor.brings("EAANOTOKENOFTHISSANDBOX0123456789");
    let refused = visitor.sees(|state| state["phase"] == "refused");
    assert!(refused["refused"]["code"].is_string(), "{refused}");
    let line = watch.run.wait_for_line("token_refused");
    assert!(line.contains("lucky: "), "{line}");
    visitor.brings(&world.grant(&[&apps[0]]));
    assert_eq!(visitor.ends(), done(&apps[0]));
    world.mps("invite revoke lucky").run().code(0);
    let gone = door.asks("GET", &lucky, "", "");
    assert_eq!(gone.status, 410);
    watch.run.wait_for_line("taken back");
    watch.ends().code(0);
}

#[test]
fn an_app_that_nobody_expects_is_created_and_waits() {
    for (more, event, status) in [
        ("", "waiting", "INITIATED"),
        (" --accept-anyone", "done", "ACTIVE"),
    ] {
        let world = World::of(2);
        let apps = world.apps();
        let door = Door::free();
        let lucky = door.invites(&world, "lucky", &[&apps[0]]);
        let watch = door.watch(&world, more);
        let visitor = door.opens(&lucky);
        visitor.brings(&world.grant(&[&apps[0], &apps[1]]));
        visitor.ends();
        assert_eq!(watch.row(&apps[0])["event"], "done");
        let row = watch.row(&apps[1]);
        assert_eq!(
            (&row["event"], &row["status"]),
            (&json!(event), &json!(status))
        );
        let id = row["solution_id"].as_str().unwrap();
        if event == "waiting" {
            watch.run.wait_for_line(&format!("mps accept {id}"));
        }
        watch.stops();
        world.mps(&format!("accept {id}")).run().code(0);
        let active: Vec<_> = world
            .solutions()
            .into_iter()
            .map(|(_, status)| status)
            .collect();
        assert_eq!(active, ["ACTIVE", "ACTIVE"]);
    }
}

#[test]
fn a_request_from_the_dashboard_of_an_expected_app_is_accepted() {
    let world = World::of(2);
    let apps = world.apps();
    for app in &apps {
        world
            .seed(&json!({"owner_app_id": app, "name": "From a dashboard", "status": "INITIATED"}));
    }
    let door = Door::free();
    door.invites(&world, "lucky", &[&apps[0]]);
    let watch = door.watch(&world, "");
    let row = watch.row(&apps[0]);
    assert_eq!(
        (&row["event"], &row["ref"], &row["outcome"]),
        (&json!("done"), &json!("lucky"), &json!("accepted"))
    );
    watch.ends().stdout_lacks(&apps[1]);
    let expected = [
        (apps[0].clone(), "ACTIVE".to_owned()),
        (apps[1].clone(), "INITIATED".to_owned()),
    ];
    assert_eq!(world.solutions(), expected);
}

#[test]
fn what_a_killed_watch_left_is_taken_up_at_the_next_start() {
    let world = World::of(2);
    let apps = world.apps();
    let door = Door::free();
    let lucky = door.invites(&world, "lucky", &[&apps[0]]);
    let watch = door.watch(&world, "");
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    door.opens(&lucky).brings(&world.grant(&[&apps[0]]));
    created.reached();
    watch.run.kill().killed_by(9);
    created.open();
    let watch = door.watch(&world, "");
    let row = watch.row(&apps[0]);
    assert_eq!(
        (&row["event"], &row["ref"]),
        (&json!("done"), &json!("lucky"))
    );
    watch.stops();
    assert_eq!(world.solutions(), [(apps[0].clone(), "ACTIVE".to_owned())]);
}

#[test]
fn a_stop_lets_what_is_under_way_end_and_begins_nothing_new() {
    let world = World::of(3);
    let apps = world.apps();
    let door = Door::free();
    let all: Vec<&str> = apps.iter().map(String::as_str).collect();
    let lucky = door.invites(&world, "lucky", &all);
    let watch = door.watch(&world, " --jobs 1");
    let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
    let visitor = door.opens(&lucky);
    visitor.brings(&world.grant(&all));
    created.reached();
    watch.run.signal(Signal::TERM);
    watch.run.wait_for_line("Stopping");
    created.open();
    visitor.ends();
    watch.run.finish().code(0);
    assert_eq!((world.calls("create"), world.calls("accept")), (1, 0));
    // The next one takes up what waits for no click.
    let watch = door.watch(&world, "");
    let accepted = watch.run.wait_for_stdout_line("\"done\"");
    assert!(accepted.contains("\"ref\":\"lucky\""), "{accepted}");
    watch.run.wait_for_line("waits_for_click");
    watch.stops();
}

#[test]
fn a_person_at_the_terminal_is_asked_about_what_waits_and_a_no_ends_nothing() {
    for (answer, status) in [("n", "INITIATED"), ("y", "ACTIVE")] {
        let world = World::of(2);
        let apps = world.apps();
        let door = Door::free();
        let lucky = door.invites(&world, "lucky", &[&apps[0]]);
        let public = door.public();
        let watch = format!("watch --no-open --port {} --public-url {public}", door.port);
        let terminal = world.mps(&watch).on_terminal();
        terminal.sees("Every link leads here");
        let visitor = door.opens(&lucky);
        visitor.brings(&world.grant(&[&apps[1]]));
        terminal.sees("This cannot be undone.");
        visitor.tells("left");
        terminal.answers(answer);
        if answer == "y" {
            terminal.sees("is accepted");
        }
        // It goes on.
        let next = door.opens(&lucky);
        next.brings(&world.grant(&[&apps[0]]));
        assert_eq!(next.ends(), done(&apps[0]));
        terminal.signal(Signal::INT);
        terminal.finish().code(0);
        let found = world.solutions().into_iter();
        let of_app: Vec<_> = found.filter(|(app, _)| *app == apps[1]).collect();
        assert_eq!(of_app, [(apps[1].clone(), status.to_owned())]);
    }
}

#[test]
fn what_it_needs_is_said_before_it_serves() {
    let world = World::of(1);
    for (command, said) in [
        ("watch --yes", "--public-url"),
        ("watch --public-url https://mps.example.com", "--yes"),
    ] {
        world
            .mps(command)
            .run()
            .code(2)
            .stderr_has(said)
            .stderr_lacks("page_ready");
    }
    world
        .mps("watch --yes --public-url https://mps.example.com")
        .env("MPS_SYSTEM_TOKEN", "")
        .run()
        .code(4)
        .stderr_has("MPS_SYSTEM_TOKEN");
}
