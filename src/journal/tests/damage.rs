//! Files and disks that do not do what they should.

use std::fs;

use super::*;

/// The error of opening; it must name the file and tell a way out.
fn refused(dir: &Path) -> Error {
    let err = Journal::open(dir, who("r"), Redactor::default()).unwrap_err();
    let place = err.path().display().to_string();
    assert!(err.to_string().contains(&place), "{err}");
    assert!(err.hint().contains(&place), "{}", err.hint());
    err
}

/// A journal with enough rows to fill many pages.
async fn filled(dir: &Path) -> PathBuf {
    let journal = open(dir);
    for owner in 1..=20 {
        let mut entry = intent(owner);
        entry.last_error = Some("long ".repeat(500));
        journal.put(entry, None).await.unwrap();
    }
    journal.path().to_owned()
}

#[test]
fn a_file_in_place_of_the_directory() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state");
    fs::write(&file, "").unwrap();
    for place in [file.clone(), file.join("below")] {
        let err = refused(&place);
        assert!(matches!(err, Error::Unwritable { .. }), "{err:?}");
        assert!(Journal::open_read_only(&place).unwrap().is_none());
    }
}

#[test]
fn a_directory_in_place_of_a_file() {
    for name in ["journal.db", "journal.lock"] {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(name)).unwrap();
        let err = refused(dir.path());
        assert!(matches!(err, Error::Unwritable { .. }), "{err:?}");
    }
}

#[tokio::test]
async fn damaged_files() {
    type Harm = fn(&mut Vec<u8>);
    let harms: [(&str, Harm); 4] = [
        ("garbage", |bytes| *bytes = b"no database\n".repeat(1000)),
        ("half of it", |bytes| bytes.truncate(bytes.len() / 2)),
        ("zeros in the middle", |bytes| bytes[5000..30000].fill(0)),
        ("noise at the end", |bytes| {
            let from = bytes.len() - 9000;
            bytes[from..].fill(0xA5);
        }),
    ];
    for (name, harm) in harms {
        let dir = tempfile::tempdir().unwrap();
        let database = filled(dir.path()).await;
        let mut bytes = fs::read(&database).unwrap();
        harm(&mut bytes);
        fs::write(&database, &bytes).unwrap();
        let err = refused(dir.path());
        assert!(matches!(err, Error::Corrupt { .. }), "{name}: {err:?}");
        let health =
            Journal::open_read_only(dir.path()).and_then(|reader| reader.unwrap().health());
        assert!(
            matches!(health, Err(Error::Corrupt { .. })),
            "{name}: {health:?}"
        );
        assert_eq!(fs::read(&database).unwrap(), bytes, "{name}: not touched");

        fs::rename(&database, dir.path().join("aside.db")).unwrap();
        assert!(open(dir.path()).entry(&key(1)).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_column_that_makes_no_sense() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    journal.put(intent(1), None).await.unwrap();
    let spoil = |conn: &Connection| conn.execute_batch("UPDATE entries SET state = 'odd'");
    journal.file().writer.write(Box::new(spoil)).await.unwrap();
    let err = journal.entry(&key(1)).await.unwrap_err();
    assert!(
        matches!(&err, Error::Corrupt { what, .. } if what.contains("odd")),
        "{err:?}"
    );
}

#[tokio::test]
async fn newer_files_and_those_of_others() {
    for (sql, newer) in [
        ("PRAGMA user_version = 99", true),
        ("PRAGMA application_id = 7", false),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let database = filled(dir.path()).await;
        Connection::open(&database)
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        let bytes = fs::read(&database).unwrap();
        let is_it = |err: &Error| match err {
            Error::Newer { found, known, .. } => newer && (*found, *known) == (99, 7),
            Error::Corrupt { what, .. } => !newer && what.contains("another program"),
            _ => false,
        };
        let err = refused(dir.path());
        assert!(is_it(&err), "{err:?}");
        let err = Journal::open_read_only(dir.path()).unwrap_err();
        assert!(is_it(&err), "{err:?}");
        assert_eq!(fs::read(&database).unwrap(), bytes, "not touched");
    }
}

#[tokio::test]
async fn a_full_disk_is_known_at_once_and_passes() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    journal.put(intent(1), None).await.unwrap();
    let limit = |pages: u32| {
        journal.file().writer.read(move |conn| {
            conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
        })
    };
    limit(1).await.unwrap(); // SQLite takes the present size for it
    let big = |owner| {
        let mut entry = intent(owner);
        entry.last_error = Some("long ".repeat(10_000));
        entry
    };
    let event = Some(attempt(EventOutcome::Intended, 2));
    let err = journal.put(big(2), event).await.unwrap_err();
    assert!(matches!(err, Error::Full { .. }), "{err:?}");
    assert!(err.hint().contains("journal.db"));

    // Together with one that fits: that one is written all the same, the big one leaves nothing behind.
    let small = Entry {
        state: State::Accepted,
        ..intent(1)
    };
    let (big_one, small_one) = tokio::join!(journal.put(big(3), None), journal.put(small, None));
    assert!(matches!(big_one, Err(Error::Full { .. })), "{big_one:?}");
    small_one.unwrap();
    for owner in [2, 3] {
        assert!(journal.entry(&key(owner)).await.unwrap().is_none());
    }
    let reader = Journal::open_read_only(dir.path()).unwrap().unwrap();
    assert!(all(reader).is_empty());

    limit(1_000_000).await.unwrap();
    journal.put(big(2), None).await.unwrap();
    assert!(journal.entry(&key(2)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_disk_that_lost_a_write_is_not_trusted_again() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    let fsync_failed = |_: &Connection| {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_FSYNC);
        Err(rusqlite::Error::SqliteFailure(code, None))
    };
    let write = journal.file().writer.write(Box::new(fsync_failed)).await;
    assert!(matches!(write, Err(Error::Io { .. })), "{write:?}");
    let next = journal.put(intent(1), None).await;
    assert!(matches!(next, Err(Error::Io { .. })), "{next:?}");
    assert!(journal.entry(&key(1)).await.unwrap().is_none());
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_moved_or_deleted_under_us() {
    type Harm = fn(&Path);
    let harms: [Harm; 3] = [
        |file| fs::remove_file(file).unwrap(),
        |file| fs::rename(file, file.with_extension("old")).unwrap(),
        |file| {
            let copy = file.with_extension("copy");
            fs::copy(file, &copy).unwrap();
            fs::rename(copy, file).unwrap();
        },
    ];
    for harm in harms {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(dir.path());
        journal.put(intent(1), None).await.unwrap();
        harm(journal.path());
        let next = journal.put(intent(2), None).await;
        assert!(matches!(next, Err(Error::Moved { .. })), "{next:?}");
    }
}

#[tokio::test]
async fn of_a_large_file_only_what_was_promised_is_read_at_each_opening() {
    let dir = tempfile::tempdir().unwrap();
    let database = filled(dir.path()).await;
    let journal = open(dir.path());
    let event = HistoryEvent {
        error: Some("long ".repeat(4 << 20)),
        ..attempt(EventOutcome::Refused, 1)
    };
    journal.record(event).await.unwrap();
    journal.record(attempt(EventOutcome::Ok, 1)).await.unwrap();
    drop(journal);
    let whole = fs::read(&database).unwrap();
    let last = whole.len() / 4096 * 4096;
    // The pointer from a page of the long event to its next one.
    let mut bytes = whole.clone();
    bytes[last - 4096 * 100..][..4].fill(0xA5);
    fs::write(&database, &bytes).unwrap();
    let journal = open(dir.path());
    assert!(journal.entry(&key(1)).await.unwrap().is_some());
    drop(journal);
    let health = Journal::open_read_only(dir.path()).and_then(|reader| reader.unwrap().health());
    assert!(matches!(health, Err(Error::Corrupt { .. })), "{health:?}");

    let mut bytes = whole;
    bytes[5000..30000].fill(0);
    fs::write(&database, &bytes).unwrap();
    let err = refused(dir.path());
    assert!(matches!(err, Error::Corrupt { .. }), "{err:?}");
}
