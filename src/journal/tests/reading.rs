//! Those who only look.

use std::fs;

use super::*;

both_stores! {
    solutions_by_the_beginning_of_their_ids,
    a_reader_sees_what_was_written_after_it_was_made,
    filters,
    one_row_for_each_write,
    the_shape_of_a_record,
}

/// The files of a directory with their sizes.
fn listing(dir: &Path) -> Vec<(PathBuf, u64)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let bytes = path.metadata().unwrap().len();
            (path, bytes)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn where_there_is_none_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    assert!(Journal::open_read_only(&state).unwrap().is_none());
    assert!(Journal::open_read_only(dir.path()).unwrap().is_none());
    assert_eq!(listing(dir.path()), []);
}

async fn solutions_by_the_beginning_of_their_ids(dir: Home) {
    for (host, ids) in [("a", [795, 81]), ("b", [7, 796])] {
        let who = RunIdentity {
            host: host.to_owned(),
            ..who("run-1")
        };
        let (journal, _) = Journal::open(dir.path(), who, Redactor::default()).unwrap();
        for id in ids {
            let entry = Entry {
                solution_id: Some(id.to_string().parse().unwrap()),
                ..intent(id)
            };
            journal.put(entry, None).await.unwrap();
        }
        journal.put(intent(1), None).await.unwrap();
    }
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    for (beginning, expected) in [
        ("", &["7", "795", "796", "81"][..]),
        ("79", &["795", "796"]),
        ("81", &["81"]),
        ("9", &[]),
        ("79'", &[]),
    ] {
        let found = reader.solutions(beginning).unwrap();
        let ids: Vec<_> = found.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, expected, "{beginning:?}");
    }
    let named = reader.solutions("81").unwrap();
    assert_eq!(named[0].1, "App 81 + Us");
}

#[test]
fn an_empty_file_is_no_journal_yet() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("journal.db"), "").unwrap();
    assert!(Journal::open_read_only(dir.path()).unwrap().is_none());
    drop(open(dir.path()));
    assert!(Journal::open_read_only(dir.path()).unwrap().is_some());
}

#[tokio::test]
async fn a_look_leaves_no_trace() {
    // Characters that mean something in an URI are part of ordinary names too.
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("50% of #1?mode=memory");
    let journal = open(&dir);
    journal.put(intent(1), Some(full_event())).await.unwrap();
    let look = || {
        let reader = Journal::open_read_only(&dir).unwrap().unwrap();
        let health = reader.health().unwrap();
        assert_eq!(
            (health.entries, health.unfinished, health.events),
            (1, 1, 1)
        );
        assert_eq!(reader.unfinished(None).unwrap().len(), 1);
        assert!(reader.unfinished(Some("other")).unwrap().is_empty());
    };
    let files = listing(&dir);
    look();
    assert_eq!(listing(&dir), files, "while it is open elsewhere");
    drop(journal);
    let files = listing(&dir);
    assert_eq!(
        files.len(),
        4,
        "database, how far it has come, gate, locks: {files:?}"
    );
    look();
    assert_eq!(listing(&dir), files, "while nobody has it open");
}

async fn a_reader_sees_what_was_written_after_it_was_made(dir: Home) {
    let journal = open(dir.path());
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    assert!(reader.entries(None).unwrap().is_empty());
    journal.put(intent(1), None).await.unwrap();
    assert_eq!(reader.entries(None).unwrap().len(), 1);
    drop(journal);
    assert_eq!(reader.entries(None).unwrap().len(), 1);
    open(dir.path()).put(intent(2), None).await.unwrap();
    assert_eq!(reader.entries(None).unwrap().len(), 2);
}

async fn filters(dir: Home) {
    use EventOutcome::{Intended, NeverSent, Ok as Done, Refused, Unknown};
    let journal = open(dir.path());
    for (owner, outcome) in [
        (1, Intended),
        (1, Done),
        (2, Refused),
        (2, Unknown),
        (3, NeverSent),
    ] {
        journal.record(attempt(outcome, owner)).await.unwrap();
    }
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    let ids = |filter: &HistoryFilter| -> Vec<i64> {
        let records = reader.clone().history(filter.clone());
        records.map(|record| record.unwrap().id).collect()
    };
    let all = HistoryFilter::default();
    let third = reader
        .clone()
        .history(all.clone())
        .nth(2)
        .unwrap()
        .unwrap()
        .at;
    let rest = |edge: fn(Timestamp) -> HistoryFilter| ids(&edge(third));
    assert_eq!(ids(&all), [5, 4, 3, 2, 1]);
    for (filter, expected) in [
        (
            HistoryFilter {
                limit: Some(2),
                ..all.clone()
            },
            vec![5, 4],
        ),
        (
            HistoryFilter {
                limit: Some(0),
                ..all.clone()
            },
            vec![],
        ),
        (
            HistoryFilter {
                failed: true,
                ..all.clone()
            },
            vec![5, 4, 3],
        ),
        (
            HistoryFilter {
                app_id: Some(key(2).owner),
                ..all.clone()
            },
            vec![4, 3],
        ),
        (
            HistoryFilter {
                app_id: Some(key(2).owner),
                failed: true,
                limit: Some(1),
                ..all.clone()
            },
            vec![4],
        ),
        (
            HistoryFilter {
                until: Some(Timestamp::UNIX_EPOCH),
                ..all.clone()
            },
            vec![],
        ),
        (
            HistoryFilter {
                since: Some(Timestamp::MAX),
                ..all.clone()
            },
            vec![],
        ),
    ] {
        assert_eq!(ids(&filter), expected, "{filter:?}");
    }
    let since = rest(|at| HistoryFilter {
        since: Some(at),
        ..HistoryFilter::default()
    });
    let until = rest(|at| HistoryFilter {
        until: Some(at),
        ..HistoryFilter::default()
    });
    assert!(
        since.contains(&3) && !until.contains(&3),
        "the edge is in since"
    );
    assert_eq!(since.len() + until.len(), 5, "every event is on one side");
}

async fn one_row_for_each_write(dir: Home) {
    use EventOutcome::{Intended, Ok, Unknown};
    let journal = open(dir.path());
    let of = |solution: &str| solution.parse().ok();
    for (call, outcome, solution) in [
        // Written down and answered; what was read afterwards says the same.
        (Call::Create, Intended, None),
        (Call::Create, Ok, of("1")),
        (Call::Accept, Intended, of("1")),
        (Call::Accept, Ok, of("1")),
        (Call::Look, Ok, of("1")),
        // Nobody knows what came of this one but the reading.
        (Call::Accept, Intended, of("2")),
        (Call::Accept, Unknown, of("2")),
        (Call::Look, Ok, of("2")),
        // The end of this one is not known yet.
        (Call::Accept, Intended, of("3")),
    ] {
        let event = HistoryEvent {
            solution_id: solution,
            ..HistoryEvent::new(call, outcome)
        };
        journal.record(event).await.unwrap();
    }
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    let shown = |writes| -> Vec<i64> {
        let filter = HistoryFilter {
            writes,
            ..HistoryFilter::default()
        };
        let records = reader.clone().history(filter);
        records.map(|record| record.unwrap().id).collect()
    };
    assert_eq!(shown(true), [9, 8, 7, 4, 2]);
    assert_eq!(shown(false), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
}

async fn the_shape_of_a_record(dir: Home) {
    let journal = open(dir.path());
    journal.record(full_event()).await.unwrap();
    let bare = HistoryEvent::new(Call::Look, EventOutcome::Ok);
    journal.record(bare).await.unwrap();
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    let mut records = all(reader);
    for record in &mut records {
        record.at = "2026-01-02T03:04:05Z".parse().unwrap();
    }
    assert_eq!(
        serde_json::to_string(&records[1]).unwrap(),
        r#"{"id":1,"at":"2026-01-02T03:04:05.000000Z","run_id":"run-1","operator":"ana@desk","version":"0.1.0","profile":"default","host":"graph.facebook.com","call":"create","app_id":"1","partner_app_id":"900","solution_id":"795033096057724","solution_name":"A + B","permissions_sent":{"owner":["MESSAGING"],"partner":[]},"permissions_read":{"owner":["MESSAGING"],"partner":[]},"user_id":"42","system_user_id":"43","scopes":["manage_app_solution"],"consent":"--yes","fbtrace_id":"AbC","outcome":"refused","error":"no","ref":null}"#
    );
    assert_eq!(
        serde_json::to_string(&records[0]).unwrap(),
        r#"{"id":2,"at":"2026-01-02T03:04:05.000000Z","run_id":"run-1","operator":"ana@desk","version":"0.1.0","profile":"default","host":"graph.facebook.com","call":"look","app_id":null,"partner_app_id":null,"solution_id":null,"solution_name":null,"permissions_sent":null,"permissions_read":null,"user_id":null,"system_user_id":null,"scopes":[],"consent":null,"fbtrace_id":null,"outcome":"ok","error":null,"ref":null}"#
    );
}

#[tokio::test]
async fn a_long_history_comes_page_by_page_and_keeps_no_writer_waiting() {
    const LONG: i64 = 600;
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    for _ in 0..LONG {
        let event = attempt(EventOutcome::Ok, 1);
        let write = move |conn: &Connection| event.append(conn, &who("r"), Timestamp::UNIX_EPOCH);
        journal.file().writer.write(Box::new(write)).await.unwrap();
    }
    drop(journal);
    let filtered = |limit| HistoryFilter {
        limit,
        ..HistoryFilter::default()
    };
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    for (limit, expected) in [(None, LONG), (Some(300), 300), (Some(256), 256)] {
        let ids = reader.clone().history(filtered(limit));
        let ids: Vec<i64> = ids.map(|record| record.unwrap().id).collect();
        let wanted: Vec<i64> = (1..=LONG)
            .rev()
            .take(usize::try_from(expected).unwrap())
            .collect();
        assert_eq!(ids, wanted);
    }
    // Nobody has it open, so it is read as a file that does not change; a writer comes in between two pages.
    let mut slow = reader.history(filtered(None));
    assert_eq!(slow.next().unwrap().unwrap().id, LONG);
    let journal = open(dir.path());
    journal.record(attempt(EventOutcome::Ok, 2)).await.unwrap();
    drop(journal);
    let rest: Vec<i64> = slow.map(|record| record.unwrap().id).collect();
    assert_eq!(rest, (1..LONG).rev().collect::<Vec<_>>());
}
