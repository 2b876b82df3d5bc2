//! Two machines with a journal each: what is inherent there ends told, the rest does not happen.
//!
//! The one decision: one after the other there are never two ACTIVE of a pair; at once, what Meta's listings were too
//! late to show is told by the next look, and each that is live is known to one of the journals.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{
    once_dice::{known, play_games, watch},
    once_draws::{command, faults, live},
    once_world::{Dice, Moment, World},
    support::{Home, PostgresServer, needs_postgres},
};

/// What is not drawn: what gives the guard up or makes another one on purpose, and a person who sets all of an app to
/// ACTIVE, which makes two of them.
fn is_drawn(command: &str, faults: &Value) -> bool {
    let given_up = ["--no-check", "--allow-duplicate"];
    let by_a_person = faults.to_string().contains("meanwhile");
    !by_a_person && !given_up.iter().any(|option| command.contains(option))
}

/// One machine after the other, either of which may be killed.
fn in_turn(world: &World, homes: [&Home; 2], dice: &mut Dice) -> Option<String> {
    let (faults, command) = (faults(world, dice), command(world, dice));
    if !is_drawn(&command, &faults) {
        return None;
    }
    world.faults(faults.clone());
    let home = homes[dice.below(2)];
    if dice.below(4) == 0 {
        let moment = [Moment::BeforeMeta, Moment::AfterMeta][dice.below(2)];
        world.gate.kill_at(1 + dice.below(14), moment, "");
    }
    let run = world.at(home, &command).args(["--jobs", "1"]).start();
    world.gate.victim(&run);
    let outcome = run.finish();
    world.gate.disarm();
    world.gate.quiet();
    let ended = if outcome.was_killed() {
        outcome.killed_by(9);
        "killed".to_owned()
    } else {
        outcome.any_code().to_string()
    };
    Some(format!("{command}: {ended} with {faults}"))
}

/// Both machines at once. What is read by its id is fresh.
fn at_once(world: &World, homes: [&Home; 2], dice: &mut Dice) -> Option<String> {
    let mut faults = faults(world, dice);
    faults["read_lag"] = json!(0);
    let commands = [command(world, dice), command(world, dice)];
    if !commands.iter().all(|command| is_drawn(command, &faults)) {
        return None;
    }
    world.faults(faults.clone());
    let start = |n: usize| {
        world
            .at(homes[n], &commands[n])
            .env("MPS_LOOK_PAUSES", "0.1,0.2,0.3")
            .start()
    };
    let runs = [start(0), start(1)];
    let codes = runs.map(|run| run.finish().any_code());
    world.gate.quiet();
    Some(format!(
        "{commands:?} at once: codes {codes:?} with {faults}"
    ))
}

/// The pairs with more than one ACTIVE: none, unless both machines wrote at once; and then the next look tells, from
/// either machine.
fn two_active_are_told(world: &World, homes: [&Home; 2], inherent: bool, said: &[String]) {
    let solutions = world.solutions();
    let mut active: HashMap<&String, Vec<String>> = HashMap::new();
    for (n, (app, status)) in solutions.iter().enumerate() {
        if status == "ACTIVE" {
            active.entry(app).or_default().push(world.id(n));
        }
    }
    active.retain(|_, ids| ids.len() > 1);
    assert!(active.is_empty() || inherent, "two ACTIVE: {said:#?}");
    if active.is_empty() {
        return;
    }
    world.faults(json!({}));
    for home in homes {
        for look in ["list", "doctor", "onboard --all --yes"] {
            let outcome = world.at(home, look).run();
            outcome.any_code();
            let text = format!("{}{}", outcome.stderr_text(), outcome.stdout_text());
            for id in active.values().flatten() {
                assert!(
                    text.contains(id),
                    "{look} does not tell {id}: {said:#?}\n{outcome}"
                );
            }
        }
    }
}

/// Two machines with a journal each, within what Meta's listings show: one after the other, never two ACTIVE of a
/// pair; and when all is done each that is live is known to one of them.
fn play_two_homes(seed: u64) {
    let world = World::in_files(2);
    play_two(seed, &world);
}

/// Two machines with one database, at once too: nothing is inherent there, and none is left over.
fn play_one_database(seed: u64) {
    let Some(server) = PostgresServer::shared() else {
        return;
    };
    let world = World::in_database(2, server.url(&server.database()));
    play_two(seed, &world);
    let mut apps: Vec<String> = live(&world).into_iter().map(|(app, ..)| app).collect();
    apps.sort();
    let all = apps.len();
    apps.dedup();
    assert_eq!(
        apps.len(),
        all,
        "a twin of seed {seed}: {:?}",
        world.solutions()
    );
}

fn play_two(seed: u64, world: &World) {
    let mut dice = Dice(seed);
    let other = Home::new();
    let homes = [&world.home, &other];
    let watch = watch(world, &homes);
    let (mut said, mut inherent) = (vec![format!("seed {seed}")], false);
    for _ in 0..8 {
        let both = dice.below(4) == 0;
        let throw = if both { at_once } else { in_turn };
        let Some(ended) = throw(world, homes, &mut dice) else {
            continue;
        };
        inherent |= both && world.database.is_none();
        said.push(ended);
        two_active_are_told(world, homes, inherent, &said);
        let unannounced = &watch.lock().unwrap().unannounced;
        assert!(unannounced.is_empty(), "{unannounced:?}: {said:#?}");
    }
    world.faults(json!({}));
    for home in homes.into_iter().chain(homes) {
        world.age_of(home);
        world.at(home, "resume --yes").run().any_code();
        world.at(home, "onboard --all --yes").run().any_code();
    }
    two_active_are_told(world, homes, inherent, &said);
    let known = &known(world, homes[0]) | &known(world, homes[1]);
    let lied_to = said.iter().any(|line| line.contains("other_id"));
    for (_, _, id) in live(world) {
        assert!(
            known.contains(&id) || lied_to,
            "{id} is in no row: {said:#?}"
        );
    }
}

#[test]
fn two_machines_never_end_with_two_active_untold() {
    play_games(0, 12, play_two_homes);
}

#[test]
fn two_machines_with_one_database_leave_no_twin() {
    if needs_postgres() {
        play_games(0, 6, play_one_database);
    }
}
