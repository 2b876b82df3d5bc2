//! The journal as its callers see it, on real files.
//!
//! The one decision: tests may run as root, so what cannot be written is made with a file in place of
//! a directory, with limits of the database and of the kernel, never with permission bits.

#[cfg(target_os = "linux")]
#[path = "../../../tests/it/support/postgres.rs"]
mod postgres_server;

/// The same tests on both stores. Where PostgreSQL is not installed its half is skipped by name.
macro_rules! both_stores {
    ($($name:ident,)*) => {
        mod file {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::journal::tests::Home::file()).await;
            })*
        }

        #[cfg(target_os = "linux")]
        mod database {
            $(#[tokio::test]
            async fn $name() {
                if let Some(home) = $crate::journal::tests::Home::database(stringify!($name)) {
                    super::$name(home).await;
                }
            })*
        }
    };
}

mod chain;
mod damage;
mod invitations;
mod locks;
mod processes;
mod reading;
mod webhooks;

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::*;
use crate::{ids::UserId, secret::Secret};

fn who(run: &str) -> RunIdentity {
    RunIdentity {
        run_id: run.to_owned(),
        operator: "ana@desk".to_owned(),
        version: "0.1.0".to_owned(),
        profile: "default".to_owned(),
        host: "graph.facebook.com".to_owned(),
    }
}

/// Where the journal of a test is.
struct Home {
    dir: tempfile::TempDir,
    database: Option<String>,
}

impl Home {
    fn file() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            database: None,
        }
    }

    /// In a database of its own.
    #[cfg(target_os = "linux")]
    fn database(test: &str) -> Option<Self> {
        use std::io::Write as _;
        let Some(server) = postgres_server::PostgresServer::shared() else {
            let line = format!("skipped: {test} needs postgresql\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
            return None;
        };
        let database = server.url(&server.database());
        Some(Self {
            database: Some(database),
            ..Self::file()
        })
    }

    fn path(&self) -> JournalPlace {
        let address = self
            .database
            .as_ref()
            .map(|url| DatabaseAddress::parse(&Secret::parse(url).unwrap()).unwrap());
        JournalPlace::in_database(self.dir.path(), address)
    }
}

fn open(place: impl Into<JournalPlace>) -> Journal {
    Journal::open(place, who("run-1"), Redactor::default())
        .unwrap()
        .0
}

fn key(owner: u32) -> Key {
    Key::new(owner.to_string().parse().unwrap(), "900".parse().unwrap())
}

fn intent(owner: u32) -> Entry {
    Entry::new(key(owner), Goal::Active, format!("App {owner} + Us"))
}

fn attempt(outcome: EventOutcome, owner: u32) -> HistoryEvent {
    HistoryEvent {
        owner: Some(key(owner).owner),
        ..HistoryEvent::new(Call::Create, outcome)
    }
}

/// All events, newest first.
fn all(reader: Reader) -> Vec<HistoryRecord> {
    let events = reader.history(HistoryFilter::default());
    events.map(Result::unwrap).collect()
}

/// An entry with every field filled.
fn full_entry() -> Entry {
    Entry {
        key: Key::named("1".parse().unwrap(), "900".parse().unwrap(), "A + B"),
        state: State::Created,
        solution_id: Some("795033096057724".parse().unwrap()),
        messaging: "both".to_owned(),
        owner_name: "Ünïcode 'quoted'; DROP TABLE".to_owned(),
        seen: vec!["7".parse().unwrap(), "8".parse().unwrap()],
        sent_at: Some("2026-01-02T03:04:05.678901Z".parse().unwrap()),
        last_error: Some("a line\nand another".to_owned()),
        link_label: Some("acme".to_owned()),
        posts: vec![Post {
            end: PostEnd::Created,
            open: false,
            ended_at: Some("2026-01-02T03:04:06.000001Z".parse().unwrap()),
            solution_id: Some("795033096057724".parse().unwrap()),
            ..Post::leaving("A + B", "both", "2026-01-02T03:04:05Z".parse().unwrap())
        }],
        accept: Some(Accepting {
            solution_id: "795033096057724".parse().unwrap(),
            end: AcceptEnd::Unknown,
        }),
        accepted: vec!["9".parse().unwrap()],
        surplus: vec!["10".parse().unwrap()],
        rejected: vec!["11".parse().unwrap()],
        foreign: vec!["12".parse().unwrap()],
        ..Entry::new(key(1), Goal::Active, "A + B")
    }
}

/// An event with every field filled.
fn full_event() -> HistoryEvent {
    let sides = Permissions {
        owner: vec!["MESSAGING".to_owned()],
        partner: vec![],
    };
    HistoryEvent {
        owner: Some("1".parse().unwrap()),
        partner: Some("900".parse().unwrap()),
        solution_id: Some("795033096057724".parse().unwrap()),
        solution_name: Some("A + B".to_owned()),
        permissions_sent: Some(sides.clone()),
        permissions_read: Some(sides),
        user_id: Some("42".parse().unwrap()),
        system_user_id: Some("43".parse().unwrap()),
        scopes: vec!["manage_app_solution".to_owned()],
        consent: Some("--yes".to_owned()),
        fbtrace: Some("AbC".to_owned()),
        error: Some("no".to_owned()),
        ..HistoryEvent::new(Call::Create, EventOutcome::Refused)
    }
}

both_stores! {
    what_is_put_comes_back_also_after_closing,
    a_key_has_one_row,
    questions_are_about_this_host_and_partner,
    a_caller_that_stops_waiting_does_not_stop_the_write,
    events_are_in_the_order_of_the_calls,
}

async fn what_is_put_comes_back_also_after_closing(dir: Home) {
    let before = Timestamp::now();
    let journal = open(dir.path());
    journal.put(full_entry(), Some(full_event())).await.unwrap();
    drop(journal);

    let journal = open(dir.path());
    let entry = journal.entry(&full_entry().key).await.unwrap().unwrap();
    assert!(entry.updated_at.as_microsecond() >= before.as_microsecond());
    let expected = Entry {
        updated_at: entry.updated_at,
        run_id: "run-1".to_owned(),
        ..full_entry()
    };
    assert_eq!(entry, expected);
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    let history = all(reader);
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].event, full_event());
}

async fn a_key_has_one_row(dir: Home) {
    let journal = open(dir.path());
    journal.put(intent(1), None).await.unwrap();
    let found = Entry {
        state: State::Accepted,
        solution_id: Some("77".parse().unwrap()),
        ..intent(1)
    };
    journal.put(found, None).await.unwrap();
    let (owner, partner) = (key(1).owner, key(1).partner);
    let rows = journal.entries_for(&owner, &partner).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].state, State::Accepted);

    let more = Entry::new(
        Key::named(owner.clone(), partner.clone(), "Two"),
        Goal::Initiated,
        "Two",
    );
    journal.put(more.clone(), None).await.unwrap();
    journal.put(intent(2), None).await.unwrap();
    assert_eq!(
        journal.entries_for(&owner, &partner).await.unwrap().len(),
        2
    );
    let plain = journal.entry(&key(1)).await.unwrap().unwrap();
    assert_eq!(plain.state, State::Accepted);
    let named = journal.entry(&more.key).await.unwrap().unwrap();
    assert_eq!(named.solution_name, "Two");
    assert!(journal.entry(&key(3)).await.unwrap().is_none());
}

async fn questions_are_about_this_host_and_partner(dir: Home) {
    let here = open(dir.path());
    let elsewhere = RunIdentity {
        host: "http://127.0.0.1:8080".to_owned(),
        ..who("run-2")
    };
    let (there, _) = Journal::open(dir.path(), elsewhere, Redactor::default()).unwrap();
    let found = |owner, id: &str| Entry {
        state: State::Created,
        solution_id: Some(id.parse().unwrap()),
        ..intent(owner)
    };
    here.put(found(1, "71"), None).await.unwrap();
    there.put(found(1, "72"), None).await.unwrap();
    let done = Entry {
        state: State::Accepted,
        ..intent(2)
    };
    here.put(done, None).await.unwrap();

    let id = |text: &str| text.parse::<SolutionId>().unwrap();
    assert_eq!(here.knows(&id("71")).await.unwrap().unwrap().key, key(1));
    assert!(here.knows(&id("72")).await.unwrap().is_none());
    assert!(there.knows(&id("72")).await.unwrap().is_some());
    let partner = key(1).partner;
    let unfinished = here.unfinished(&partner).await.unwrap();
    assert_eq!(unfinished.len(), 1);
    assert_eq!(unfinished[0].solution_id, Some(id("71")));
    let other: AppId = "901".parse().unwrap();
    assert!(here.unfinished(&other).await.unwrap().is_empty());
}

async fn a_caller_that_stops_waiting_does_not_stop_the_write(dir: Home) {
    let journal = open(dir.path());
    let mut put = Box::pin(journal.put(intent(1), None));
    let _ = futures_util::poll!(put.as_mut());
    drop(put);
    assert!(journal.entry(&key(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_row_is_read_beside_a_write_that_waits() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    journal.put(intent(1), None).await.unwrap();
    let other = Connection::open(journal.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let put = journal.put(intent(2), None);
    let read = async {
        // The other program holds the journal until the row was read.
        let row = journal.entry(&key(1)).await.unwrap();
        other.execute_batch("ROLLBACK").unwrap();
        row
    };
    let (written, row) = tokio::join!(put, read);
    written.unwrap();
    assert!(row.is_some());
}

async fn events_are_in_the_order_of_the_calls(dir: Home) {
    let journal = open(dir.path());
    let writes = (1..=300).map(|owner| journal.record(attempt(EventOutcome::Ok, owner)));
    for outcome in futures_util::future::join_all(writes).await {
        outcome.unwrap();
    }
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    let owners: Vec<_> = all(reader)
        .into_iter()
        .map(|record| record.event.owner.unwrap())
        .collect();
    let expected: Vec<_> = (1..=300).rev().map(|owner| key(owner).owner).collect();
    assert_eq!(owners, expected);
}

#[tokio::test]
async fn the_file_refuses_to_change_an_event() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    journal.record(full_event()).await.unwrap();
    for sql in [
        "UPDATE events SET error = NULL",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events",
        "REPLACE INTO events SELECT * FROM events WHERE id = 1",
    ] {
        let refused = journal
            .file()
            .writer
            .write(Box::new(move |conn| conn.execute_batch(sql)))
            .await;
        assert!(refused.is_err(), "{sql}");
    }
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    assert_eq!(all(reader)[0].event, full_event());
}

#[tokio::test]
async fn no_secret_is_in_any_file() {
    const TOKEN: &str = "EAATESTTOKEN0123456789abc";
    const ODD: &str = "odd-but-known-secret";
    let dir = tempfile::tempdir().unwrap();
    let redactor = Redactor::default();
    redactor.know(&Secret::parse(ODD).unwrap());
    let leak = || format!("x {TOKEN} y {ODD} z");
    let spy = RunIdentity {
        run_id: leak(),
        operator: leak(),
        version: leak(),
        profile: leak(),
        host: leak(),
    };
    let (journal, _) = Journal::open(dir.path(), spy, redactor).unwrap();
    let key = Key::named("1".parse().unwrap(), "2".parse().unwrap(), leak());
    let entry = Entry {
        messaging: leak(),
        owner_name: leak(),
        last_error: Some(leak()),
        link_label: Some(leak()),
        ..Entry::new(key.clone(), Goal::Active, leak())
    };
    let sides = Permissions {
        owner: vec![leak()],
        partner: vec![leak()],
    };
    let event = HistoryEvent {
        solution_name: Some(leak()),
        permissions_sent: Some(sides.clone()),
        permissions_read: Some(sides),
        scopes: vec![leak()],
        consent: Some(leak()),
        fbtrace: Some(leak()),
        error: Some(leak()),
        user_id: Some("5".parse::<UserId>().unwrap()),
        ..full_event()
    };
    journal.put(entry, Some(event)).await.unwrap();
    let _lock = journal.lock(&key, |_| ()).await.unwrap();
    assert!(journal.entry(&key).await.unwrap().is_some());
    let search = |dir: &Path| {
        for file in fs::read_dir(dir).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                let bytes = fs::read(&path).unwrap();
                for secret in [TOKEN, ODD] {
                    let found = bytes
                        .windows(secret.len())
                        .any(|part| part == secret.as_bytes());
                    assert!(!found, "{} holds {secret}", path.display());
                    assert!(!path.to_string_lossy().contains(secret));
                }
            }
        }
    };
    search(dir.path());
    search(&dir.path().join("locks"));
    drop(journal);
    search(dir.path());
}

#[cfg(unix)]
#[tokio::test]
async fn only_we_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("a/b");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (journal, warnings) = Journal::open(&dir, who("r"), Redactor::default()).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    journal.put(intent(1), None).await.unwrap();
    let _lock = journal.lock(&key(1), |_| ()).await.unwrap();
    for folder in [&dir, &dir.join("locks")] {
        assert_eq!(mode(folder), 0o700);
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
            }
        }
    }
    drop(journal);

    let database = dir.join("journal.db");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    let (_journal, warnings) = Journal::open(&dir, who("r"), Redactor::default()).unwrap();
    assert_eq!(mode(&database), 0o600);
    let expected = Warning::OpenDirectory {
        path: dir.clone(),
        mode: 0o755,
    };
    assert_eq!(warnings, [expected]);
    assert_eq!(mode(&dir), 0o755, "the directory may not be ours alone");
}
