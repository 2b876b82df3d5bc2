//! Several processes and threads on one journal. The test binary runs itself: `child` is what the
//! other process does, chosen by two variables that mps reads anyway.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::Barrier,
};

use super::*;
use crate::env::{Env, MPS_OPERATOR, MPS_STATE_DIR};

const EACH: u32 = 20;

/// This binary as another process, doing one job of [`child`].
fn command(dir: &Path, job: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "journal::tests::processes::child"])
        .args(["--ignored", "--nocapture"])
        .env(MPS_STATE_DIR.name, dir)
        .env(MPS_OPERATOR.name, job)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

/// Waits until the other process says a word.
fn said(child: &mut Child, word: &str) {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(
        lines.map_while(Result::ok).any(|line| line.contains(word)),
        "the other process never said {word:?}"
    );
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}

/// Opens often, so that openings meet writes and closings of the others.
async fn write_some(dir: &Path, number: u32) {
    for owner in 1..=EACH {
        let journal = open(dir);
        let event = attempt(EventOutcome::Ok, owner);
        let owner = number * 1000 + owner;
        journal.put(intent(owner), Some(event)).await.unwrap();
        assert!(journal.entry(&key(owner)).await.unwrap().is_some());
    }
}

fn assert_all_written(dir: &Path, writers: u32) {
    let health = Journal::open_read_only(dir).unwrap().unwrap().health();
    let health = health.unwrap();
    assert_eq!(
        (health.events, health.entries),
        (writers * EACH, (writers * EACH) as usize)
    );
}

#[test]
#[ignore = "the other process of the tests below"]
fn child() {
    let env = Env::from_process();
    let (Some(dir), Some(job)) = (env.get(MPS_STATE_DIR), env.get(MPS_OPERATOR)) else {
        return;
    };
    let dir = Path::new(dir);
    runtime().block_on(async {
        match job {
            "lock" => {
                let journal = open(dir);
                let _lock = journal.lock(&key(1), |_| ()).await.unwrap();
                say("locked");
                // Until it is killed.
                let _ = std::io::stdin().read(&mut [0]);
            }
            "fill" => fill(dir).await,
            "die" => {
                let journal = open(dir);
                journal.put(intent(1), None).await.unwrap();
                say("written");
                let _ = std::io::stdin().read(&mut [0]);
            }
            number => write_some(dir, number.parse().unwrap()).await,
        }
    });
}

/// To the parent.
fn say(word: &str) {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "\n{word}").unwrap();
}

/// Writes until a limit on the size of files ends it.
async fn fill(dir: &Path) {
    let journal = open(dir);
    for owner in 1..10_000 {
        let mut entry = intent(owner);
        entry.last_error = Some("long ".repeat(200));
        match journal.put(entry, None).await {
            Ok(()) => {}
            Err(Error::Full { .. }) => {
                assert!(journal.entry(&key(owner)).await.unwrap().is_none());
                assert!(journal.entry(&key(owner - 1)).await.unwrap().is_some());
                say("full");
                return;
            }
            Err(err) => panic!("{err:?}"),
        }
    }
}

#[test]
fn eight_threads_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for number in 1..=8 {
            let (start, dir) = (&start, dir.path());
            scope.spawn(move || {
                start.wait();
                runtime().block_on(write_some(dir, number));
            });
        }
    });
    assert_all_written(dir.path(), 8);
}

#[test]
fn eight_processes_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut children: Vec<_> = (1..=8)
        .map(|number: u32| command(dir.path(), &number.to_string()).spawn().unwrap())
        .collect();
    // Looks while they come and go.
    let all = (8 * EACH) as usize;
    let seen = || match Journal::open_read_only(dir.path()).unwrap() {
        Some(reader) => super::all(reader).len(),
        None => 0,
    };
    while children
        .iter_mut()
        .any(|child| matches!(child.try_wait(), Ok(None)))
    {
        assert!(seen() <= all);
    }
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_all_written(dir.path(), 8);
}

#[tokio::test]
async fn a_lock_ends_with_its_process() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = command(dir.path(), "lock").spawn().unwrap();
    said(&mut child, "locked");
    let journal = open(dir.path());
    let mut told = false;
    let wanted = key(1);
    let mut waiting = Box::pin(journal.lock(&wanted, |_| told = true));
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    child.kill().unwrap();
    child.wait().unwrap();
    let _lock = waiting.await.unwrap();
    assert!(told);
}

#[tokio::test]
async fn what_was_written_survives_the_writer() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = command(dir.path(), "die").spawn().unwrap();
    said(&mut child, "written");
    child.kill().unwrap();
    child.wait().unwrap();
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    assert_eq!(reader.entries(None).unwrap().len(), 1);
    assert!(open(dir.path()).entry(&key(1)).await.unwrap().is_some());
}

#[cfg(unix)]
#[test]
fn a_limit_on_the_size_of_files_is_a_full_disk() {
    let dir = tempfile::tempdir().unwrap();
    let child = command(dir.path(), "fill");
    // 256 KiB or, where the unit is 1 KiB, twice that.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 512; exec \"$@\"", "sh"])
        .arg(child.get_program())
        .args(child.get_args())
        .envs(
            child
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("full"),
        "{output:?}"
    );
    // With room again it goes on.
    runtime().block_on(async {
        let journal = open(dir.path());
        journal.put(intent(9000), None).await.unwrap();
        assert!(journal.entry(&key(1)).await.unwrap().is_some());
    });
}
