//! A standby that takes its primary's place in the middle of a run, with all of its commits or without the last.
//!
//! The one decision: the standby confirms every commit until it is cut off, so that what it has is no matter of chance.

use std::fs;

use serde_json::json;

use crate::{
    once_world::{Moment, World},
    support::{Outcome, PostgresServer, needs_postgres},
};

const CREATE: &str = "whatsapp_business_solution ";
const LOOK: &str = "role=PARTNER";

/// A primary and its standby, and a world whose address names both.
struct Pair {
    world: World,
    primary: PostgresServer,
    standby: PostgresServer,
    database: String,
}

impl Pair {
    fn of(apps: usize) -> Option<Self> {
        if !needs_postgres() {
            return None;
        }
        let primary = PostgresServer::start()?;
        let database = primary.database();
        let standby = primary.standby()?;
        let hosts = [&primary, &standby].map(|server| server.dir().display().to_string());
        let url = format!("postgres://admin@/{database}?host={}", hosts.join(","));
        Some(Self {
            world: World::in_database(apps, url),
            primary,
            standby,
            database,
        })
    }

    fn fails_over(&self) {
        self.primary.tell("kill");
        self.standby.tell("promote");
    }

    /// The journal is made.
    fn begins(&self) {
        let invite = "invite --for acme --public-url https://mps.example.com";
        self.world.mps(invite).run().code(0);
    }

    /// Runs, and at this request of it lets the standby take over, without anything that the run has committed.
    fn forgets(&self, command: &str, moment: Moment, only: &str) -> Outcome {
        let gate = &self.world.gate;
        self.standby.cut_off(&self.primary);
        let reached = gate.hold_at(1, moment, only);
        let run = self.world.mps(command).start();
        reached.reached();
        gate.disarm();
        self.fails_over();
        reached.open();
        run.finish()
    }

    /// What is kept in the state directory.
    fn kept(&self) -> Vec<String> {
        let dir = fs::read_dir(self.world.home.state().join("unwritten"));
        let files = dir.into_iter().flatten();
        files
            .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
            .collect()
    }
}

/// Without faults a run brings all to their goal, after so many creates in all.
fn ends_whole(world: &World, creates: u64) {
    world.faults(json!({}));
    world.mps("onboard --all --yes").run().code(0);
    assert_eq!(world.calls("create"), creates);
    world.is_whole();
}

#[test]
fn a_standby_that_has_all_goes_on_where_its_primary_stood() {
    for (moment, only) in [
        // Before the intent, between it and Meta's answer, between that and the commit.
        (Moment::AfterMeta, LOOK),
        (Moment::BeforeMeta, CREATE),
        (Moment::AfterMeta, CREATE),
    ] {
        let Some(pair) = Pair::of(1) else { return };
        let world = &pair.world;
        let reached = world.gate.hold_at(1, moment, only);
        let run = world.mps("onboard --all --yes").start();
        reached.reached();
        world.gate.disarm();
        pair.fails_over();
        reached.open();
        run.finish().code(0);
        assert_eq!((world.calls("create"), world.calls("accept")), (1, 1));
        world.is_whole();
        assert_eq!(pair.kept(), [""; 0]);
        world.mps("history verify").run().code(0);
        let again = || world.mps("onboard --all --yes").run();
        again().code(0).stderr_has("another server");
        again().code(0).stderr_lacks("another server");
        assert_eq!(world.calls("create"), 1);
    }
}

#[test]
fn an_answer_to_what_the_standby_lacks_is_kept_and_nothing_more_is_sent() {
    let Some(mut pair) = Pair::of(2) else { return };
    let command = "onboard --all --yes --jobs 1";
    pair.begins();
    let ended = pair.forgets(command, Moment::AfterMeta, CREATE);
    let id = pair.world.id(0);
    ended
        .code(6)
        .stderr_has(&id)
        .stderr_has("the database has forgotten what it confirmed to this run: it ends with event")
        .stderr_has("synchronous_commit")
        .stderr_has("what was sent is kept in");
    let world = &pair.world;
    assert_eq!((world.calls("create"), world.calls("accept")), (1, 0));
    let kept = pair.kept();
    assert!(
        kept.iter().all(|text| text.contains(&world.apps()[0])),
        "{kept:?}"
    );
    for token in [
        world.sandbox.user_token().secret().expose(),
        world.sandbox.system_token().secret().expose(),
    ] {
        assert!(
            !kept.iter().any(|text| text.contains(token)),
            "a token is kept"
        );
    }
    // The address names the new primary alone: it is the same journal.
    pair.world.database = Some(pair.standby.url(&pair.database));
    let world = &pair.world;
    world.faults(json!({"rules": [{"call": "list", "fault": "empty_listing", "times": 0}]}));
    world
        .mps("create --app-id")
        .args([&*world.apps()[0]])
        .run()
        .any_code();
    assert_eq!(
        world.calls("create"),
        1,
        "it is known, though nothing is listed"
    );
    assert_eq!(pair.kept(), [""; 0]);
    ends_whole(world, 2);
    world.mps("history verify").run().code(0);
}

#[test]
fn what_was_sent_without_an_answer_is_not_forgotten_with_the_database() {
    let Some(pair) = Pair::of(1) else { return };
    let world = &pair.world;
    world.faults(json!({"rules": [{"call": "create", "fault": "drop"}]}));
    // The standby has not even the tables.
    let ended = pair.forgets("create --all", Moment::BeforeMeta, CREATE);
    ended.code(6).stderr_has("the database has forgotten");
    assert_eq!((world.calls("create"), pair.kept().len()), (1, 1));
    // Nothing shows it, and nothing is sent again.
    world.faults(json!({"rules": [{"call": "list", "fault": "empty_listing", "times": 0}]}));
    world.mps("create --all").run().code(6);
    assert_eq!((world.calls("create"), pair.kept().len()), (1, 0));
    ends_whole(world, 1);
    world.mps("history verify").run().code(0);
}

#[test]
fn what_the_last_minute_sent_is_kept_while_nobody_knows_what_the_standby_has() {
    let Some(pair) = Pair::of(1) else { return };
    let world = &pair.world;
    world.faults(json!({"rules": [{"call": "create", "fault": "drop"}]}));
    pair.begins();
    pair.standby.cut_off(&pair.primary);
    let sent = world.gate.hold_at(1, Moment::BeforeMeta, CREATE);
    let run = world.mps("create --all").start();
    sent.reached();
    world.gate.disarm();
    pair.primary.tell("kill");
    sent.open();
    // The standby is not promoted as long as the run is patient; it may be read meanwhile.
    run.finish()
        .code(6)
        .stderr_has("the database takes no writes");
    assert_eq!(pair.kept().len(), 1);
    world
        .mps("create --all")
        .run()
        .code(1)
        .stderr_has("the database takes no writes");
    world.mps("history").run().code(0);
    pair.standby.tell("promote");
    world.faults(json!({"rules": [{"call": "list", "fault": "empty_listing", "times": 0}]}));
    world.mps("create --all").run().code(6);
    assert_eq!((world.calls("create"), pair.kept().len()), (1, 0));
    ends_whole(world, 1);
}
