//! Exactly once, whatever comes in whatever order: runs, faults, lags and deaths, thrown by seeded dice.
//!
//! The one decision: the dice choose what Meta, the network, the power and the operator may do within the
//! promise (what is new hides from the listings for no longer than all looks take), one request after the
//! other; what must hold is the same after every throw.

use std::{
    collections::{HashMap, HashSet},
    panic,
    sync::{Arc, Mutex},
    thread,
};

use mps::testing::journal;
use serde_json::{Value, json};

use crate::{
    once_draws::{command, faults, live},
    once_operator::by_the_hints,
    once_world::{Dice, Moment, World},
    support::Home,
};

/// What persons made in the dashboard.
type ByHand = Arc<Mutex<HashSet<String>>>;

/// What is done beside the runs: our clock jumps, time passes, a person makes one in the dashboard, before a run or
/// while it is under way.
fn beside(world: &World, dice: &mut Dice, by_hand: &ByHand) -> &'static str {
    match dice.below(12) {
        0 => {
            world.clock_was_ahead();
            "our clock was ahead; "
        }
        1 => {
            world.clock_is_ahead();
            "our clock is ahead; "
        }
        2 => {
            world.age();
            "time passes; "
        }
        3 => {
            let id = person(world, dice)();
            by_hand.lock().unwrap().insert(id);
            "a person made one; "
        }
        4 | 5 => {
            let (makes, by_hand) = (person(world, dice), Arc::clone(by_hand));
            world.gate.beside(1 + dice.below(14), move || {
                by_hand.lock().unwrap().insert(makes());
            });
            "a person makes one meanwhile; "
        }
        _ => "",
    }
}

/// A person makes one in the dashboard, under a name that is ours or another, on our terms or others; gives its id.
fn person(world: &World, dice: &mut Dice) -> impl FnOnce() -> String + Send + 'static {
    let owner = dice.below(2);
    let mut names = vec![
        "By hand".to_owned(),
        "two".to_owned(),
        world.default_name(owner),
    ];
    let owner = &world.apps()[owner];
    let made = live(world).into_iter().filter(|(app, ..)| app == owner);
    names.extend(made.map(|(_, name, _)| name));
    let name = &names[dice.below(names.len())];
    world.seeding(json!({"owner_app_id": owner, "name": name, "status": "INITIATED"}))
}

/// Watches that every write was in a journal before it left.
#[derive(Default)]
pub(crate) struct Watch {
    sent: HashMap<(&'static str, String), usize>,
    pub(crate) unannounced: Vec<String>,
}

pub(crate) fn watch(world: &World, homes: &[&Home]) -> Arc<Mutex<Watch>> {
    let mut places: Vec<_> = homes.iter().map(|home| world.place(home)).collect();
    // One database is read once.
    places.dedup_by_key(|place| place.to_string());
    let watch = Arc::<Mutex<Watch>>::default();
    let own = Arc::clone(&watch);
    world.gate.witnessed(move |line| {
        let path = line.split(' ').nth(1).unwrap_or_default();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let (call, id) = match parts[..] {
            [_, id, "whatsapp_business_solution"] => ("create", id),
            [_, id, "accept"] => ("accept", id),
            _ => return,
        };
        let records = places
            .iter()
            .flat_map(|place| journal::records(place.clone()).unwrap_or_default());
        let intended = records
            .map(|record| record.event)
            .filter(|event| {
                let of = if call == "create" {
                    event.owner.as_ref().map(ToString::to_string)
                } else {
                    event.solution_id.as_ref().map(ToString::to_string)
                };
                format!("{} {}", event.call, event.outcome) == format!("{call} intended")
                    && of.as_deref() == Some(id)
            })
            .count();
        let mut watch = own.lock().unwrap();
        let sent = watch.sent.entry((call, id.to_owned())).or_default();
        *sent += 1;
        if *sent > intended {
            let said = format!("{call} of {id} left before it was written down");
            watch.unannounced.push(said);
        }
    });
    watch
}

/// Two runs at once over the same journal.
fn throw_two(world: &World, dice: &mut Dice) -> String {
    let commands = [command(world, dice), command(world, dice)];
    let faults = faults(world, dice);
    world.faults(faults.clone());
    let runs = commands
        .each_ref()
        .map(|command| world.mps(command).start());
    let codes = runs.map(|run| run.finish().any_code());
    world.gate.quiet();
    format!("{commands:?} at once: codes {codes:?} with {faults}")
}

/// Whether what was asked is true of each app, where a run ended 0.
fn is_true(world: &World, command: &str, faults: &Value) -> bool {
    let solutions = world.solutions();
    if let Some(id) = command.strip_prefix("accept ") {
        let mut all = (0..solutions.len()).map(|n| (world.id(n), &solutions[n].1));
        return all.any(|(of, status)| of == id && status == "ACTIVE");
    }
    let creates = command.starts_with("create");
    // `create` takes Meta's word for the id.
    let lied_to = creates && faults.to_string().contains("other_id");
    let gives_up = ["--no-accept", "--no-check"];
    let onboards = command.starts_with("onboard");
    if lied_to || !(creates || onboards) || gives_up.iter().any(|option| command.contains(option)) {
        return true;
    }
    let name = command.split_once("--name ").map(|(_, name)| name);
    let named = |app: &String, name: &str| {
        let mut live = live(world).into_iter();
        live.any(|(owner, of, _)| owner == *app && of == name)
    };
    let asked = |app: &String| command.contains("--all ") || command.contains(app.as_str());
    let is = |app: &String, statuses: &[&str]| {
        let mut of = solutions.iter().filter(|(owner, _)| owner == app);
        of.any(|(_, status)| statuses.contains(&status.as_str()))
    };
    let over = ["REJECTED", "DEACTIVATED"];
    let passed_over = |app: &String| command.contains("--all ") && is(app, &over);
    let wanted: &[&str] = if creates {
        &["INITIATED", "ACTIVE"]
    } else {
        &["ACTIVE"]
    };
    let reached = |app: &String| match name {
        Some(name) => named(app, name),
        None => is(app, wanted) || passed_over(app),
    };
    world.apps().iter().filter(|app| asked(app)).all(reached)
}

/// One run, which may be killed at any request.
fn throw(world: &World, dice: &mut Dice, by_hand: &ByHand) -> String {
    if dice.below(5) == 0 {
        return throw_two(world, dice);
    }
    let before = beside(world, dice, by_hand);
    let (faults, command) = (faults(world, dice), command(world, dice));
    world.faults(faults.clone());
    let mut mps = world.mps(&command).args(["--jobs", "1"]);
    if command.starts_with("resume") && dice.below(3) == 0 {
        mps = mps.env("MPS_USER_TOKEN", "");
    }
    let at = (dice.below(4) == 0).then(|| 1 + dice.below(14));
    if let Some(at) = at {
        let moment = [Moment::BeforeMeta, Moment::AfterMeta][dice.below(2)];
        world.gate.kill_at(at, moment, "");
    }
    let run = mps.start();
    world.gate.victim(&run);
    let outcome = run.finish();
    world.gate.disarm();
    world.gate.quiet();
    let ended = if outcome.was_killed() {
        outcome.killed_by(9);
        format!("killed at request {}", at.unwrap_or_default())
    } else {
        let code = outcome.any_code();
        let told = format!("{before}{command}: code {code} with {faults}\n{outcome}");
        assert!(
            code != 0 || is_true(world, &command, &faults),
            "not true: {told}"
        );
        let unknown = || {
            let mut rows = world.rows().into_iter();
            rows.any(|row| row.is_unfinished() || row.has_open_post())
        };
        assert!(code != 6 || unknown(), "nothing is unknown: {told}");
        format!("code {code}")
    };
    format!("{before}{command}: {ended} with {faults}")
}

/// One solution per name beside those that a person made, and an event before every write.
fn holds(world: &World, said: &[String], by_hand: &ByHand, watch: &Mutex<Watch>) {
    let by_hand = by_hand.lock().unwrap();
    let mut seen = HashSet::new();
    let made = live(world).into_iter();
    for (owner, name, id) in made.filter(|(.., id)| !by_hand.contains(id)) {
        assert!(
            seen.insert((owner, name)),
            "{id} is one too many: {said:#?}"
        );
    }
    let unannounced = &watch.lock().unwrap().unannounced;
    assert!(unannounced.is_empty(), "{unannounced:?}: {said:#?}");
}

/// The ids that a journal knows.
pub(crate) fn known(world: &World, home: &Home) -> HashSet<String> {
    let rows = world.rows_of(home).into_iter();
    rows.flat_map(|row| {
        row.solution_id
            .into_iter()
            .chain(row.surplus)
            .chain(row.accepted)
    })
    .map(|id| id.to_string())
    .collect()
}

fn play(seed: u64) {
    let (world, mut dice) = (World::of(2), Dice(seed));
    let by_hand = ByHand::default();
    let watch = watch(&world, &[&world.home]);
    let mut said = vec![format!("seed {seed}")];
    for _ in 0..8 {
        said.push(throw(&world, &mut dice, &by_hand));
        holds(&world, &said, &by_hand, &watch);
    }
    // When all is mended, everything comes to its end.
    world.faults(json!({}));
    world.age();
    world.mps("resume --yes").run().any_code();
    let apps = world.apps();
    let named = format!("onboard --yes --app-id {} --app-id {}", apps[0], apps[1]);
    // Without a person and with the truth from Meta, it ends well at once.
    let by_hints =
        !by_hand.lock().unwrap().is_empty() || said.iter().any(|line| line.contains("other_id"));
    let outcome = if by_hints {
        by_the_hints(&world, &world.home, &named, &mut said)
    } else {
        world.mps(&named).run()
    };
    assert_eq!(outcome.any_code(), 0, "{said:#?}\n{outcome}");
    world.age();
    world.mps("resume --yes").run().any_code();
    let outcome = if by_hints {
        by_the_hints(&world, &world.home, "resume --yes", &mut said)
    } else {
        world.mps("resume --yes").run()
    };
    let done = outcome.stderr_text().contains("Nothing is unfinished.");
    assert!(outcome.any_code() == 0 && done, "{said:#?}\n{outcome}");
    holds(&world, &said, &by_hand, &watch);
    for app in apps {
        let active = (app, "ACTIVE".to_owned());
        assert!(world.solutions().contains(&active), "{said:#?}");
    }
    let (known, by_hand) = (known(&world, &world.home), by_hand.lock().unwrap());
    for (_, _, id) in live(&world) {
        // Of one whose create was answered with another's id, only the listings know.
        let lied_to = said.iter().any(|line| line.contains("other_id"));
        let told = known.contains(&id) || by_hand.contains(&id) || lied_to;
        assert!(told, "{id} is in no row: {said:#?}");
    }
}

/// A number that the long runs are told.
#[expect(
    clippy::disallowed_methods,
    reason = "a variable of the tests, not of mps"
)]
fn told(name: &str) -> Option<u64> {
    let told = std::env::var(name).ok()?;
    Some(
        told.parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
    )
}

/// Plays games, a few in the suite, as many as it is told by `tests/long`; names all that do not hold.
pub(crate) fn play_games(usually_first: u64, few: u64, play: fn(u64)) {
    let first = told("MPS_TESTS_FIRST_GAME").unwrap_or(usually_first);
    let last = first + told("MPS_TESTS_GAMES").unwrap_or(few);
    let broken = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for at in 0..3 {
            let broken = &broken;
            scope.spawn(move || {
                for game in (first + at..last).step_by(3) {
                    let seed = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(game + 1) | 1;
                    if panic::catch_unwind(|| play(seed)).is_err() {
                        broken.lock().unwrap().push(game);
                    }
                }
            });
        }
    });
    let broken = broken.into_inner().unwrap();
    assert!(broken.is_empty(), "games that do not hold: {broken:?}");
}

#[test]
fn whatever_comes_there_is_one_and_none_is_lost() {
    // 121 has found a fault before.
    play_games(110, 12, play);
}
