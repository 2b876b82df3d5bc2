//! A disk that fills: nothing leaves that could not be written down, and no id is lost.
//!
//! The one decision: the limit is the shell's (`ulimit -f`, its signal ignored), since tests may run as
//! root, whom no permission bit stops; and it is moved block by block over a whole run, so that the disk is
//! full before each of its writes once.

use mps::testing::journal::State;

use crate::{
    once_world::World,
    support::{Mps, Outcome},
};

/// `mps` that can make no file longer than so many blocks of 512 bytes.
fn limited(world: &World, blocks: usize, command: &str) -> Outcome {
    let mps = env!("CARGO_BIN_EXE_mps");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {mps} \"$@\"");
    let shell = Mps::program(&world.home, "/bin/sh").args(["-c", &script, "mps"]);
    world.told(shell).args(command.split(' ')).run()
}

#[test]
fn nothing_is_sent_that_could_not_be_written_down() {
    let (mut not_begun, mut told, mut whole) = (0, 0, 0);
    for blocks in (0..4000).step_by(16) {
        let world = World::in_files(2);
        let outcome = limited(
            &world,
            blocks,
            "onboard --all --yes --jobs 1 --log-file none",
        );
        let code = outcome.any_code();
        let rows = world.rows();
        let state = world.sandbox.state();
        for solution in state["solutions"].as_array().unwrap() {
            let id = solution["solution_id"].as_str().unwrap();
            let owner = solution["owner_app_id"].as_str().unwrap();
            let row = rows.iter().find(|row| row.key.owner.as_str() == owner);
            let row = row.unwrap_or_else(|| panic!("{blocks}: {id} is in no row\n{outcome}"));
            let known = row
                .solution_id
                .as_ref()
                .is_some_and(|known| known.as_str() == id);
            if !known {
                assert_eq!(row.state, State::Sent, "{blocks}\n{outcome}");
                outcome.stderr_has(format!("Note this id now: {id}"));
                assert_eq!(code, 6, "{blocks}\n{outcome}");
                told += 1;
            }
        }
        match code {
            0 => whole += 1,
            6 => {}
            _ if world.solutions().is_empty() => not_begun += 1,
            1 | 3 => {}
            _ => panic!("{blocks}: code {code}\n{outcome}"),
        }
        // With room again everything is completed.
        world.mps("onboard --all --yes").run().code(0);
        world.is_whole();
        if whole > 0 {
            break;
        }
    }
    assert!(
        not_begun > 0 && told > 0 && whole > 0,
        "{not_begun} {told} {whole}"
    );
}

#[test]
fn no_room_at_all_is_said_before_anything_is_sent() {
    let world = World::in_files(1);
    let outcome = limited(&world, 0, "onboard --all --yes");
    outcome.code(1).stderr_has("journal.db");
    // Nothing was written down, so there is nothing that could be taken up.
    outcome
        .stderr_has("type the same command again")
        .stderr_lacks("mps resume");
    assert_eq!((world.calls("create"), world.solutions().len()), (0, 0));
    // What only looks needs no journal.
    limited(&world, 0, "onboard --all --dry-run").code(0);
}

/// Runs this command about one solution with ever more room, until it ends with 0; whether anything was sent
/// must fit the code of each run. Gives how many runs sent something and could not write down what came.
fn ever_more_room(faults: &serde_json::Value, command: &str, whole: i32) -> usize {
    let mut unwritten = 0;
    for blocks in (0..4000).step_by(8) {
        let world = World::in_files(1);
        let id = world.seed(&serde_json::json!({"status": "INITIATED"}));
        world.faults(faults.clone());
        let command = format!("{} --log-file none", command.replace("ID", &id));
        let outcome = limited(&world, blocks, &command);
        let code = outcome.any_code();
        let expected = match (world.calls("accept"), code == whole) {
            (0, _) => 1,
            (_, true) if whole != 6 => return unwritten,
            _ => 6,
        };
        assert_eq!(code, expected, "{blocks}\n{outcome}");
        unwritten += usize::from(code == 6);
        if whole == 6 && world.records().len() == 2 {
            return unwritten;
        }
    }
    panic!("never whole");
}

#[test]
fn an_accept_that_could_not_be_written_down_is_not_told_as_done() {
    let nothing = serde_json::json!({});
    assert!(ever_more_room(&nothing, "accept ID", 0) > 0);
    // Whatever becomes of the note, an answer that was lost is not told as a full disk.
    let lost = serde_json::json!({"rules": [{"call": "accept", "fault": "drop"}]});
    assert!(ever_more_room(&lost, "api POST /ID/accept", 6) > 1);
}

#[test]
fn a_journal_that_cannot_be_opened_is_known_before_anybody_is_asked_to_click() {
    let world = World::in_files(1);
    let database = world.home.state().join("journal.db");
    std::fs::create_dir_all(&database).unwrap();
    let outcome = world
        .mps("onboard --all --yes --accept-anyone --http --port 0 --no-open --deadline 1s")
        .env("MPS_USER_TOKEN", "")
        .run();
    outcome
        .code(1)
        .stderr_has("journal.db")
        .stderr_lacks("Open this page");
}

#[test]
fn a_journal_that_lost_all_it_had_is_not_taken_for_a_new_one() {
    for witness in ["logs", "locks"] {
        let world = World::in_files(1);
        world.mps("onboard --all --yes").run().code(0);
        let state = world.home.state();
        let journal = state.join("journal.db");
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(state.join(format!("journal.db{end}")));
        }
        std::fs::write(&journal, "").unwrap();
        if witness == "locks" {
            std::fs::remove_dir_all(state.join("logs")).unwrap();
            std::fs::write(state.join("locks/1-2-x.lock"), "").unwrap();
        }
        for command in ["onboard --all --yes", "resume --yes", "history"] {
            let run = world.mps(command).run();
            run.code(1)
                .stdout("")
                .stderr_has("it is empty, and")
                .stderr_has(witness)
                .stderr_has("move every file whose name begins with");
        }
        assert_eq!((world.calls("create"), world.calls("accept")), (1, 1));
        // What the hint says works.
        std::fs::rename(&journal, state.join("aside.db")).unwrap();
        world.mps("onboard --all --yes").run().code(0);
        assert_eq!((world.calls("create"), world.calls("accept")), (1, 1));
    }
}
