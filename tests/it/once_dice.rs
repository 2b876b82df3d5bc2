//! Exactly once, whatever comes in whatever order: runs, faults, lags and deaths, thrown by seeded dice.
//!
//! The one decision: the dice choose what Meta, the network, the power and the operator may do within the
//! promise (what is new hides from the listings for no longer than all looks take), one request after the
//! other; what must hold is the same after every throw.

use std::{collections::HashSet, thread};

use serde_json::{Value, json};

use crate::{
    once_world::{Dice, Moment, World},
    support::Home,
};

/// Faults that spoil the answer, whether the call was carried out or not.
const SPOILT: [&str; 6] = ["drop", "cut", "unavailable", "html", "empty", "not_json"];

/// What goes wrong with one kind of call.
fn rule(dice: &mut Dice) -> Value {
    let call = dice.one(&["create", "create", "accept", "list", "solution"]);
    let writes = call == "create" || call == "accept";
    let (fault, may_commit) = match dice.below(14) {
        0 => (json!({"quota": {"code": 4, "minutes": 5}}), false),
        1 => (json!({"denied": {"code": 10}}), false),
        2 => (json!({"denied": {"code": 200}}), false),
        3 => (json!("expired"), false),
        4 => (json!("error_in_200"), false),
        5 if writes => {
            let status = dice.one(&["ACTIVE", "REJECTED", "DEACTIVATED"]);
            (json!({"meanwhile": {"status": status}}), false)
        }
        6 if writes => {
            let no = json!({"status": 400, "code": 100, "message": "(#100) no"});
            (json!({ "error": no }), false)
        }
        7 if call == "create" => (json!("messaging_refused"), false),
        8 if call == "create" => (json!("null_id"), true),
        9 if call == "list" => (json!("empty_page"), false),
        10 if call == "solution" => (json!("not_found"), false),
        _ => (json!(dice.one(&SPOILT)), true),
    };
    let mut rule =
        json!({"call": call, "fault": fault, "nth": 1 + dice.below(3), "times": dice.below(4)});
    if may_commit && dice.below(2) == 0 {
        rule["commit"] = (dice.below(2) == 0).into();
    }
    if call == "list" && dice.below(2) == 0 {
        rule["role"] = dice.one(&["OWNER", "PARTNER"]).into();
    }
    rule
}

fn faults(dice: &mut Dice) -> Value {
    let rules: Vec<Value> = (0..dice.below(3)).map(|_| rule(dice)).collect();
    json!({"rules": rules, "listing_lag": dice.below(5), "read_lag": dice.below(4)})
}

/// What an operator may type next.
fn command(world: &World, dice: &mut Dice) -> String {
    let apps = world.apps();
    let app = &apps[dice.below(apps.len())];
    let solutions = world.solutions().len();
    match dice.below(12) {
        0 => "create --all --yes".to_owned(),
        1 => format!("create --app-id {app}"),
        2 => format!("onboard --yes --app-id {app} --no-accept"),
        3 => format!("onboard --yes --app-id {app} --no-check"),
        4 => format!("onboard --yes --app-id {app} --allow-duplicate --name two"),
        5 => format!("create --app-id {app} --allow-duplicate --name three"),
        6 => "onboard --all --yes --messaging partner".to_owned(),
        7 | 8 => "resume --yes".to_owned(),
        9 if solutions > 0 => format!("accept {}", world.id(dice.below(solutions))),
        _ => "onboard --all --yes".to_owned(),
    }
}

/// The live solutions as (owner app, name, id).
fn live(world: &World) -> Vec<(String, String, String)> {
    let state = world.sandbox.state();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = state["solutions"].as_array().unwrap().iter();
    all.filter(|solution| ["INITIATED", "ACTIVE"].contains(&&*text(&solution["status"])))
        .map(|solution| {
            let [owner, name, id] =
                ["owner_app_id", "solution_name", "solution_id"].map(|key| text(&solution[key]));
            (owner, name, id)
        })
        .collect()
}

/// What is done beside the runs: our clock jumps, time passes, a person makes one or answers one.
fn beside(world: &World, dice: &mut Dice) -> &'static str {
    match dice.below(8) {
        0 => {
            world.clock_was_ahead();
            "our clock was ahead; "
        }
        1 => {
            world.age();
            "time passes; "
        }
        _ => "",
    }
}

/// Two runs at once over the same journal.
fn throw_two(world: &World, dice: &mut Dice) -> String {
    let commands = [command(world, dice), command(world, dice)];
    let faults = faults(dice);
    world.faults(faults.clone());
    let runs = commands
        .each_ref()
        .map(|command| world.mps(command).start());
    let codes = runs.map(|run| run.finish().any_code());
    world.gate.quiet();
    format!("{commands:?} at once: codes {codes:?} with {faults}")
}

/// Whether what was asked is true of each app, where a run ended 0.
fn is_true(world: &World, command: &str) -> bool {
    let asked = |app: &String| command.contains("--all") || command.contains(app.as_str());
    let gives_up = ["--no-accept", "--no-check", "--allow-duplicate"];
    if !command.starts_with("onboard") || gives_up.iter().any(|option| command.contains(option)) {
        return true;
    }
    let solutions = world.solutions();
    let is = |app: &String, statuses: &[&str]| {
        let mut of = solutions.iter().filter(|(owner, _)| owner == app);
        of.any(|(_, status)| statuses.contains(&status.as_str()))
    };
    let over = ["REJECTED", "DEACTIVATED"];
    let passed_over = |app: &String| command.contains("--all") && is(app, &over);
    world
        .apps()
        .iter()
        .filter(|app| asked(app))
        .all(|app| is(app, &["ACTIVE"]) || passed_over(app))
}

/// One run, which may be killed at any request.
fn throw(world: &World, dice: &mut Dice) -> String {
    if dice.below(5) == 0 {
        return throw_two(world, dice);
    }
    let before = beside(world, dice);
    let (faults, command) = (faults(dice), command(world, dice));
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
        assert!(code != 0 || is_true(world, &command), "not true: {told}");
        let unknown = || {
            let mut rows = world.rows().into_iter();
            rows.any(|row| row.is_unfinished() || row.has_open_post())
        };
        assert!(code != 6 || unknown(), "nothing is unknown: {told}");
        format!("code {code}")
    };
    format!("{before}{command}: {ended} with {faults}")
}

/// One solution per name, and an event before every write.
fn holds(world: &World, said: &[String]) {
    let mut seen = HashSet::new();
    for (owner, name, id) in live(world) {
        assert!(
            seen.insert((owner, name)),
            "{id} is one too many: {said:#?}"
        );
    }
    let events = world.events();
    for call in ["create", "accept"] {
        let intended = events
            .iter()
            .filter(|event| **event == format!("{call} intended"));
        assert!(
            world.calls(call) <= intended.count() as u64,
            "{call}: {said:#?}"
        );
    }
}

fn play(seed: u64) {
    let (world, mut dice) = (World::of(2), Dice(seed));
    let mut said = vec![format!("seed {seed}")];
    for _ in 0..8 {
        said.push(throw(&world, &mut dice));
        holds(&world, &said);
    }
    // When all is mended, everything comes to its end.
    world.faults(json!({}));
    world.age();
    world.mps("resume --yes").run().any_code();
    let apps = world.apps();
    let named = format!("onboard --yes --app-id {} --app-id {}", apps[0], apps[1]);
    let outcome = world.mps(&named).run();
    assert_eq!(outcome.any_code(), 0, "{said:#?}\n{outcome}");
    world.age();
    world.mps("resume --yes").run().any_code();
    let outcome = world.mps("resume --yes").run();
    let done = outcome.stderr_text().contains("Nothing is unfinished.");
    assert!(outcome.any_code() == 0 && done, "{said:#?}\n{outcome}");
    holds(&world, &said);
    for app in apps {
        let active = (app, "ACTIVE".to_owned());
        assert!(world.solutions().contains(&active), "{said:#?}");
    }
    let known: HashSet<String> = world
        .rows()
        .into_iter()
        .flat_map(|row| {
            row.solution_id
                .into_iter()
                .chain(row.surplus)
                .chain(row.accepted)
        })
        .map(|id| id.to_string())
        .collect();
    for (_, _, id) in live(&world) {
        assert!(known.contains(&id), "{id} is in no row: {said:#?}");
    }
}

/// How many games: a few in the suite, as many as it is told by `tests/long`.
#[expect(
    clippy::disallowed_methods,
    reason = "a variable of the tests, not of mps"
)]
fn games_wanted() -> u64 {
    let wanted = std::env::var("MPS_TESTS_GAMES").ok();
    wanted.map_or(12, |games| games.parse().expect("a number of games"))
}

#[test]
fn whatever_comes_there_is_one_and_none_is_lost() {
    let last = 110 + games_wanted();
    let games: Vec<_> = (0..3)
        .map(|first| {
            thread::spawn(move || {
                // 121 has found a fault before.
                for seed in (110 + first..last).step_by(3) {
                    play(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed + 1) | 1);
                }
            })
        })
        .collect();
    for game in games {
        game.join().expect("a game that holds");
    }
}

/// Two machines with a journal each, one after the other, within what Meta's listings show: never two ACTIVE of a pair,
/// and each that is live is known to one of them.
fn play_two_homes(seed: u64) {
    let (world, mut dice) = (World::of(2), Dice(seed));
    let other = Home::new();
    let mut said = vec![format!("seed {seed}")];
    for _ in 0..8 {
        let (faults, command) = (faults(&mut dice), command(&world, &mut dice));
        // What gives the guard up is not drawn, and what is called otherwise is another solution.
        if command.contains("--no-check") || command.contains("--allow-duplicate") {
            continue;
        }
        world.faults(faults.clone());
        let home = [&world.home, &other][dice.below(2)];
        let mps = world.at(home, &command).args(["--jobs", "1"]);
        let code = mps.run().any_code();
        said.push(format!("{command}: {code} with {faults}"));
        let mut active = world.solutions();
        active.retain(|(_, status)| status == "ACTIVE");
        let apps: HashSet<_> = active.iter().map(|(app, _)| app).collect();
        assert_eq!(apps.len(), active.len(), "two ACTIVE: {said:#?}");
    }
}

#[test]
fn two_machines_never_end_with_two_active() {
    for seed in 0..games_wanted() {
        play_two_homes(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed + 1) | 1);
    }
}
