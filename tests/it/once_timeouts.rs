//! A time-out is no answer like the others: the write may still be at work at Meta's.
//!
//! The one decision: the program's own time-out is a minute, which no test waits for; so these few tests
//! build the engine itself, with a shorter one, against the same sandbox.

use std::{sync::Arc, time::Duration};

use mps::{
    engine::{
        Actor, Engine, Error, Made, Messaging, Outcome, Pauses, Policy, create::Job, look::Survey,
        stop,
    },
    exit::Kind,
    graph::{App, ClientConfig, Graph, Pace, Proxies},
    journal::{Goal, Journal, RunIdentity},
    redact::Redactor,
};
use serde_json::json;

use crate::once_world::World;

struct Deaf;

impl mps::graph::Observer for Deaf {
    fn observe(&self, _: &mps::graph::CallEvent) {}
}

/// One run over the first app, whose requests may take so long.
fn onboard(world: &World, request: Duration, pauses: Pauses) -> Result<Made, Error> {
    let redactor = Redactor::default();
    let graph = Graph::new(ClientConfig {
        stop: None,
        base: world.sandbox.url().parse().unwrap(),
        version: mps::graph::ApiVersion::default(),
        ca_file: None,
        proxies: Proxies::default(),
        app_secret: None,
        redactor: redactor.clone(),
        wait_quota: None,
        observer: Arc::new(Deaf),
        pace: Pace {
            request,
            ..Pace::default()
        },
    });
    let who = RunIdentity {
        run_id: "run".into(),
        operator: "tester".into(),
        version: "0".into(),
        profile: "default".into(),
        host: "sandbox".into(),
    };
    let (journal, _) = Journal::open(&world.home.state(), who, redactor).unwrap();
    let (_stopper, stop) = stop::pair();
    let engine = Engine {
        graph: graph.unwrap(),
        journal,
        partner: world.sandbox.partner_app_id().clone(),
        user: Some(world.sandbox.user_token().clone()),
        system: Some(world.sandbox.system_token().clone()),
        policy: Policy {
            goal: Goal::Active,
            messaging: Messaging::Both,
            look: true,
            check: true,
            allow_duplicate: false,
            pass_over_dead: false,
            attended: false,
            resuming: false,
            pauses,
        },
        actor: Actor::default(),
        stop,
        halt: Arc::default(),
        tell: Arc::new(|_| {}),
        survey: Survey::default(),
    };
    let job = Job {
        app: App {
            id: world.apps()[0].parse().unwrap(),
            name: "Lucky Shrub".into(),
            link: None,
        },
        name: "Lucky Shrub + us".into(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(engine.one(&job))
}

/// Longer than any request here may take.
const LATE: u64 = 600_000;

const SHORT: Duration = Duration::from_millis(400);
const LONG: Duration = Duration::from_secs(30);

fn no_pauses() -> Pauses {
    Pauses::with_looks(vec![Duration::ZERO; 3])
}

#[test]
fn an_answer_that_came_too_late_is_found_by_looking() {
    let world = World::of(1);
    world.fault("create", json!({"delay": {"ms": LATE}}));
    let made = onboard(&world, SHORT, no_pauses()).unwrap();
    assert_eq!((made.outcome, made.verified), (Outcome::Onboarded, true));
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
}

#[test]
fn after_a_time_out_no_second_post_leaves_in_this_run() {
    let world = World::of(1);
    let rule = json!({"call": "create", "commit": false, "fault": {"delay": {"ms": LATE}}});
    world.faults(json!({"rules": [rule]}));
    let error = onboard(&world, SHORT, no_pauses()).unwrap_err();
    assert_eq!(error.kind(), Kind::UnknownOutcome, "{error}");
    assert_eq!(world.calls("create"), 1, "though nothing is listed");
    // Nor in the next one, while it is young.
    let patient = Pauses {
        after_time_out: Duration::from_secs(600),
        ..no_pauses()
    };
    let error = onboard(&world, LONG, patient).unwrap_err();
    assert_eq!(error.kind(), Kind::UnknownOutcome, "{error}");
    assert_eq!(world.calls("create"), 1);
    // Later it is sent again.
    onboard(&world, LONG, no_pauses()).unwrap();
    assert_eq!(world.calls("create"), 2);
    world.is_whole();
}

#[test]
fn an_accept_that_timed_out_is_settled_by_reading() {
    let world = World::of(1);
    world.fault("accept", json!({"delay": {"ms": LATE}}));
    let made = onboard(&world, SHORT, no_pauses()).unwrap();
    assert_eq!((made.outcome, made.verified), (Outcome::Onboarded, true));
    assert_eq!(world.calls("accept"), 1);
    world.is_whole();
}
