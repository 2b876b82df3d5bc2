//! Which look serves which write: the run's own listing for a first POST, nothing that is older than the lock for the rest.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::model::{Command, Go, NAME, Process, Shared, Want, World, key};
use crate::{
    engine::{
        facts::{Listing, LookFor},
        fresh::after_a_wait,
        port::Failed,
    },
    journal::{Entry, Goal, State},
};

const LISTED: Duration = Duration::from_secs(10);
const NOW: Duration = Duration::from_secs(40);

/// What an `onboard` does up to its first write, whose run listed our side half a minute before. The row of the journal
/// was written at this second.
fn acts(row: Entry, written: u64) -> Vec<Want> {
    let mut process = run(row, written, None);
    let mut acts = Vec::new();
    while let Some(want) = process.want() {
        let writes = matches!(want, Want::SendPost | Want::SendAccept(_));
        acts.push(want);
        if writes {
            break;
        }
        process.go(Go::On);
    }
    acts
}

/// That `onboard`, and the wait for a quota that is before it.
fn run(row: Entry, written: u64, quota: Option<(Duration, bool)>) -> Process {
    run_in(row, written, quota).1
}

/// The same with its world.
fn run_in(row: Entry, written: u64, quota: Option<(Duration, bool)>) -> (Shared, Process) {
    let mut world = World::default();
    world.quota = quota;
    world.now = NOW;
    if let Some(id) = &row.solution_id {
        world.make(id, NAME, true, true);
    }
    let begins: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    world.listed_by_the_run = Some(Listing {
        begun: LISTED,
        answered: LISTED,
        items: world.made.iter().map(super::model::solution).collect(),
        unattributed: Vec::new(),
    });
    let row = Entry {
        run_id: "1".to_owned(),
        updated_at: begins + Duration::from_secs(written),
        ..row
    };
    world.journals.insert(1, vec![row]);
    let command = Command {
        word: "onboard".to_owned(),
        id: None,
        named: false,
        on_purpose: false,
        goal: None,
        without: Vec::new(),
    };
    let world = Arc::new(Mutex::new(world));
    let process = Process::start(&world, "M1/onboard(0)", 1, 1, command);
    (world, process)
}

fn row(state: State) -> Entry {
    Entry {
        state,
        messaging: "both".to_owned(),
        ..Entry::new(key(), Goal::Active, NAME)
    }
}

#[test]
fn an_accept_is_decided_by_a_look_inside_the_lock() {
    let made = Entry {
        solution_id: Some("5".parse().unwrap()),
        ..row(State::Created)
    };
    let acts = acts(made, 1);
    assert_eq!(
        acts,
        [
            Want::Lock(key()),
            Want::Look(LookFor::Accept),
            Want::SendAccept("5".parse().unwrap())
        ]
    );
}

#[test]
fn a_row_that_changed_since_the_runs_listing_is_looked_at_anew() {
    let sent = || Entry {
        sent_at: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        ..row(State::Failed)
    };
    let looks = |written| {
        let acts = acts(sent(), written);
        assert_eq!(acts.last(), Some(&Want::SendPost));
        let looks = acts.iter().filter(|want| matches!(want, Want::Look(_)));
        looks.count()
    };
    assert_eq!(looks(5), 1, "the owner's side alone");
    assert_eq!(looks(20), 2, "both sides");
}

#[test]
fn an_app_is_written_down_five_times() {
    let (world, mut process) = run_in(row(State::Intended), 1, None);
    while process.want().is_some() {
        process.go(Go::On);
    }
    let world = world.lock().unwrap();
    let row = &world.journals[&1][0];
    assert_eq!(row.state, State::Accepted);
    assert!(row.accept.is_none(), "settled: {row:?}");
    assert_eq!(world.puts, 5, "before and after each write, and the end");
}

/// What follows a first create that Meta refuses, after a wait for the quota of so many seconds.
fn after_a_refusal(waits: u64, somebody: bool) -> Vec<Want> {
    let mut process = run(
        row(State::Intended),
        1,
        Some((Duration::from_secs(waits), somebody)),
    );
    let mut acts = Vec::new();
    let mut refused = false;
    while let Some(want) = process.want() {
        let writes = matches!(want, Want::SendPost | Want::SendAccept(_));
        let answer = if want == Want::PostAnswer {
            Go::Fails(Failed::Refused)
        } else {
            Go::On
        };
        if refused {
            acts.push(want.clone());
            if writes {
                break;
            }
        }
        refused |= want == Want::PostAnswer;
        process.go(answer);
    }
    acts
}

#[test]
fn a_create_that_was_refused_for_moments_goes_out_on_the_runs_look() {
    let acts = after_a_refusal(5, false);
    assert_eq!(
        acts,
        [Want::Look(LookFor::First), Want::SendPost],
        "the owner's side alone, which the client remembers too"
    );
}

#[test]
fn what_came_while_the_quota_was_waited_for_is_taken() {
    let look = || Want::Look(LookFor::First);
    assert_eq!(
        after_a_refusal(60, false),
        [look(), look(), Want::SendPost],
        "both sides"
    );
    let acts = after_a_refusal(60, true);
    let accept = Want::SendAccept("77".parse().unwrap());
    assert_eq!(
        (acts.first(), acts.last()),
        (Some(&look()), Some(&accept)),
        "{acts:?}"
    );
}

#[test]
fn one_look_serves_all_that_were_refused_together() {
    let refused = Some(Duration::from_secs(100));
    let look = |begun| after_a_wait(Duration::from_secs(begun), refused);
    assert!(look(100) <= Duration::from_secs(100));
    assert!(
        look(103) <= Duration::from_secs(100),
        "the first one's look serves the last"
    );
    assert!(look(400) > Duration::from_secs(103), "but not for ever");
}
