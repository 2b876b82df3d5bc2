//! From a directory to a connection: made, locked, switched, migrated and checked.
//!
//! The one decision: all of it happens under one lock file, because SQLite's busy time-out covers
//! neither the switch to WAL nor the check that a file is new. The database file itself is never
//! opened but by SQLite once it exists: closing any other handle to it would drop SQLite's own locks
//! (POSIX advisory locks belong to the process).

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};

use super::{
    Error, Warning, chain, emptied, event,
    files::{self, JournalFiles, locked, make_dir, make_file, wide_open},
    lock, mark,
    network::is_network,
};

/// The steps from nothing to the newest schema; the version is their number. Released steps never change.
const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    // Whether a look preceded the POST: before this column there was no row of one without.
    "ALTER TABLE entries ADD COLUMN looked INTEGER NOT NULL DEFAULT 1",
    // What was written, how each write ended, and what came of it. JSON, as `seen` is.
    "ALTER TABLE entries ADD COLUMN posts TEXT NOT NULL DEFAULT '[]';
     ALTER TABLE entries ADD COLUMN accept TEXT;
     ALTER TABLE entries ADD COLUMN accepted TEXT NOT NULL DEFAULT '[]';
     ALTER TABLE entries ADD COLUMN surplus TEXT NOT NULL DEFAULT '[]';
     ALTER TABLE entries ADD COLUMN rejected TEXT NOT NULL DEFAULT '[]';
     ALTER TABLE entries ADD COLUMN foreign_ids TEXT NOT NULL DEFAULT '[]'",
    // The chain of hashes (chain.rs), and up to which event it was made afterwards. Until an event has its hash, in
    // the commit that it comes in, it can change.
    "ALTER TABLE events ADD COLUMN hash TEXT;
     CREATE TABLE chained_late (last_id INTEGER NOT NULL) STRICT;
     DROP TRIGGER events_never_change;
     CREATE TRIGGER events_never_change BEFORE UPDATE ON events WHEN OLD.hash IS NOT NULL
     BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    include_str!("invitations.sql"),
    include_str!("webhooks.sql"),
    // Whose posts: webhooks that are sent on, or what a watch tells by itself.
    "ALTER TABLE forwards ADD COLUMN kind TEXT NOT NULL DEFAULT 'webhook'",
];

/// "mpsJ", so that another program's database is not taken for a journal.
const APPLICATION_ID: i64 = 0x6d70_734a;

/// Up to this size the whole file is read at each opening, in some ten milliseconds.
const READ_WHOLE: u64 = 16 << 20;

/// How long a write waits for other processes' writes, each of which takes milliseconds.
const BUSY: Duration = Duration::from_secs(30);

/// A journal that is open.
#[derive(Debug)]
pub(super) struct Opened {
    /// For whoever writes.
    pub(super) writer: Connection,
    /// For whoever reads beside the writer; none where they would lock each other out.
    pub(super) rows: Option<Connection>,
    pub(super) warnings: Vec<Warning>,
}

/// Opens the journal for writing; makes what is missing.
pub(super) fn open(places: &JournalFiles) -> Result<Opened, Error> {
    make_dir(&places.dir)?;
    make_dir(&places.locks)?;
    files::takes_posix_locks(&places.locks)?;
    let network = is_network(&places.dir);
    let (writer, warnings) = open_on(places, network)?;
    let rows = (!network)
        .then(|| connect_to_read(&places.database))
        .transpose()
        .map_err(|err| Error::from_sqlite(&places.database, err))?;
    // Afterwards: what killed runs left tells of a journal that was there.
    lock::sweep(&places.locks);
    Ok(Opened {
        writer,
        rows,
        warnings,
    })
}

/// The same in a directory that exists, on a file system of this kind.
fn open_on(places: &JournalFiles, network: bool) -> Result<(Connection, Vec<Warning>), Error> {
    let mut warnings = Vec::new();
    warnings.extend(wide_open(&places.dir));
    if network {
        warnings.push(Warning::NetworkFileSystem {
            path: places.dir.clone(),
        });
    }
    let _gate = locked(&places.gate)?;
    if emptied::is_emptied(places) {
        return Err(emptied::error(places));
    }
    make_file(&places.database)?;
    let conn = connect(&places.database, network)
        .map_err(|err| Error::from_sqlite(&places.database, err))?;
    check_identity(&places.database, &conn)?;
    let conn = prepare(&places.database, conn, network)?;
    warnings.extend(
        mark::forgotten(&places.database, &conn).map(|forgotten| Warning::Restored {
            path: places.database.clone(),
            forgotten,
        }),
    );
    // Said once: from here on this is the journal.
    mark::keep(&places.database, &conn);
    Ok((conn, warnings))
}

/// Connects, with what every connection has to be set to.
fn connect(database: &Path, network: bool) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(
        database,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.busy_timeout(BUSY)?;
    // Only macOS makes a difference here: its fsync leaves data in the drive's cache.
    conn.pragma_update(None, "fullfsync", true)?;
    conn.pragma_update(None, "checkpoint_fullfsync", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    frugal(&conn)?;
    conn.pragma_update(None, "synchronous", if network { "EXTRA" } else { "FULL" })?;
    Ok(conn)
}

/// Connects beside a writer of this process.
fn connect_to_read(database: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(database, flags)?;
    conn.busy_timeout(BUSY)?;
    frugal(&conn)?;
    Ok(conn)
}

/// A few pages in memory; the system keeps the others anyway. And a plan of a query that holds for all its values: SQLite would make
/// it anew for every row that is asked for.
fn frugal(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "cache_size", -512)
}

/// Switches the journal mode, brings the schema up to date, and looks the whole file over.
fn prepare(database: &Path, mut conn: Connection, network: bool) -> Result<Connection, Error> {
    let wrong = |err| Error::from_sqlite(database, err);
    let wanted = if network { "truncate" } else { "wal" };
    let mode: String = conn
        .pragma_update_and_check(None, "journal_mode", wanted, |row| row.get(0))
        .map_err(wrong)?;
    if mode != wanted {
        // Another process still has it open in the other mode.
        return Err(Error::Busy {
            path: database.to_owned(),
        });
    }
    migrate(&mut conn, MIGRATIONS, chain::seal_older).map_err(wrong)?;
    // No step of its own: it changes nothing that an older mps reads or writes.
    conn.execute_batch(&event::index()).map_err(wrong)?;
    check_before_work(database, &conn)?;
    Ok(conn)
}

/// Damage is to be known before anything is sent, not in the middle of it. Of a large file only what was
/// promised is read: all else is events, which nobody reads to decide anything; the end of theirs is
/// touched by what is written before a request leaves.
fn check_before_work(database: &Path, conn: &Connection) -> Result<(), Error> {
    let large = database
        .metadata()
        .is_ok_and(|meta| meta.len() > READ_WHOLE);
    quick_check(database, conn, if large { "entries" } else { "1" })
}

/// Refuses what is not ours or not yet known.
pub(super) fn check_identity(database: &Path, conn: &Connection) -> Result<i64, Error> {
    let wrong = |err| Error::from_sqlite(database, err);
    let ask = |pragma: &str| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let application = ask("application_id").map_err(wrong)?;
    let found = ask("user_version").map_err(wrong)?;
    let tables: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(wrong)?;
    let fresh = application == 0 && found == 0 && tables == 0;
    if !fresh && application != APPLICATION_ID {
        return Err(Error::Corrupt {
            path: database.to_owned(),
            what: "it is the database of another program".to_owned(),
        });
    }
    let known = known_version(MIGRATIONS);
    if found > known {
        return Err(Error::Newer {
            path: database.to_owned(),
            found,
            known,
        });
    }
    Ok(found)
}

/// Reads every page.
pub(super) fn check_integrity(database: &Path, conn: &Connection) -> Result<(), Error> {
    quick_check(database, conn, "1")
}

/// `what`: a table, or how many problems of the whole file are enough.
fn quick_check(database: &Path, conn: &Connection, what: &str) -> Result<(), Error> {
    let verdict: String = conn
        .query_row(&format!("PRAGMA quick_check({what})"), [], |row| row.get(0))
        .map_err(|err| Error::from_sqlite(database, err))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Error::Corrupt {
            path: database.to_owned(),
            what: verdict,
        })
    }
}

fn known_version(steps: &[&str]) -> i64 {
    i64::try_from(steps.len()).unwrap_or(i64::MAX)
}

/// Takes the steps that the file has not seen, and then what SQL cannot do, all in one transaction.
fn migrate(
    conn: &mut Connection,
    steps: &[&str],
    finish: fn(&Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let missing = steps
        .iter()
        .skip(usize::try_from(found).unwrap_or_default());
    for step in missing {
        tx.execute_batch(step)?;
    }
    if found < known_version(steps) {
        finish(&tx)?;
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", known_version(steps))?;
    }
    tx.commit()
}

/// A journal with the newest schema, in memory.
#[cfg(test)]
pub(super) fn fresh() -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    migrate(&mut conn, MIGRATIONS, chain::seal_older).unwrap();
    conn
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::journal::entry::{self, EntryFilter};

    fn ask<T: rusqlite::types::FromSql>(conn: &Connection, sql: &str) -> T {
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn from_nothing_and_from_every_older_version() {
        const STEPS: [&str; 3] = [
            "CREATE TABLE a (x) STRICT",
            "ALTER TABLE a ADD COLUMN y",
            "UPDATE a SET y = x",
        ];
        let steps = STEPS.map(|step| {
            step.replace("(x)", "(x ANY)")
                .replace("COLUMN y", "COLUMN y ANY")
        });
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        for older in 0..=steps.len() {
            let mut conn = Connection::open_in_memory().unwrap();
            migrate(&mut conn, &steps[..older], |_| Ok(())).unwrap();
            if older > 0 {
                conn.execute("INSERT INTO a (x) VALUES (1)", []).unwrap();
            }
            migrate(&mut conn, &steps, |_| Ok(())).unwrap();
            migrate(&mut conn, &steps, |_| Ok(())).unwrap();
            assert_eq!(ask::<i64>(&conn, "PRAGMA user_version"), 3);
            assert_eq!(ask::<i64>(&conn, "PRAGMA application_id"), APPLICATION_ID);
            let copied = matches!(older, 1 | 2);
            assert_eq!(
                ask::<i64>(&conn, "SELECT count(*) FROM a WHERE y = 1"),
                i64::from(copied),
                "from version {older}"
            );
        }
    }

    #[test]
    fn a_query_is_planned_once_for_all_its_values() {
        const ROWS_OF_PAIR: &str = "SELECT * FROM entries WHERE true AND host = ? AND owner = ? AND partner = ? \
            ORDER BY updated_at DESC, owner, partner, name";
        let dir = tempfile::tempdir().unwrap();
        let places = JournalFiles::of(dir.path());
        make_dir(&places.locks).unwrap();
        drop(open_on(&places, false).unwrap());
        for conn in [
            connect(&places.database, false).unwrap(),
            connect_to_read(&places.database).unwrap(),
        ] {
            for owner in ["1", "2", "3"] {
                let which = EntryFilter {
                    host: Some("host".into()),
                    owner: owner.parse().ok(),
                    partner: "9".parse().ok(),
                    ..EntryFilter::default()
                };
                assert!(entry::select(&conn, &which).unwrap().is_empty());
            }
            let asked = conn.prepare_cached(ROWS_OF_PAIR).unwrap();
            assert_eq!(asked.get_status(StatementStatus::Run), 3);
            assert_eq!(asked.get_status(StatementStatus::RePrepare), 0);
        }
    }

    #[test]
    fn a_journal_of_version_1_is_read_as_it_is_and_brought_up() {
        const ROW: &str =
            "INSERT INTO entries VALUES ('h', '1', '2', '', 'sent', 'active', NULL, 'n',
            'both', '', '[]', NULL, NULL, '2026-01-02T03:04:05.000000Z', 'r', NULL)";
        const EVENT: &str = "INSERT INTO events (at, run_id, operator, version, profile, host, call, scopes, outcome)
            VALUES ('2026-01-02T03:04:05.000000Z', 'r', 'o', '0', 'p', 'h', 'create', '[]', 'ok')";
        let dir = tempfile::tempdir().unwrap();
        let places = JournalFiles::of(dir.path());
        make_dir(&places.locks).unwrap();
        let mut conn = Connection::open(&places.database).unwrap();
        migrate(&mut conn, &MIGRATIONS[..1], |_| Ok(())).unwrap();
        conn.execute(ROW, []).unwrap();
        for _ in 0..2 {
            conn.execute(EVENT, []).unwrap();
        }
        drop(conn);
        let verified = || {
            let reader = super::super::Journal::open_read_only(dir.path()).unwrap();
            let end = reader.unwrap().verify(None).unwrap();
            end.map(|end| (end.events, end.late))
        };
        assert_eq!(verified(), Err(chain::ChainFault::Older));
        let looked = || {
            let reader = super::super::Journal::open_read_only(dir.path()).unwrap();
            let rows = reader.unwrap().entries(None).unwrap();
            rows.iter().map(|(_, row)| row.looked).collect::<Vec<_>>()
        };
        assert_eq!(looked(), [true], "read as it is");
        open_on(&places, false).unwrap();
        assert_eq!(looked(), [true], "and brought up to date");
        assert_eq!(verified(), Ok((2, 2)), "and its events are chained");
    }

    #[test]
    fn a_chain_that_is_there_goes_on_through_a_later_step() {
        const EVENT: &str = "INSERT INTO events (at, run_id, operator, version, profile, host, call, scopes, outcome)
            VALUES ('2026-01-02T03:04:05.000000Z', 'r', 'o', '0', 'p', 'h', 'create', '[]', 'ok')";
        let dir = tempfile::tempdir().unwrap();
        let places = JournalFiles::of(dir.path());
        make_dir(&places.locks).unwrap();
        let mut conn = Connection::open(&places.database).unwrap();
        migrate(&mut conn, &MIGRATIONS[..4], chain::seal_older).unwrap();
        for _ in 0..2 {
            conn.execute(EVENT, []).unwrap();
            chain::seal(&conn, conn.last_insert_rowid()).unwrap();
        }
        drop(conn);
        open_on(&places, false).unwrap();
        let reader = super::super::Journal::open_read_only(dir.path()).unwrap();
        let end = reader.unwrap().verify(None).unwrap().unwrap();
        assert_eq!(
            (end.events, end.late),
            (2, 0),
            "nothing was made afterwards"
        );
    }

    #[test]
    fn a_step_that_fails_leaves_the_older_version_whole() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, &["CREATE TABLE a (x)"], |_| Ok(())).unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x)", "nonsense"];
        assert!(migrate(&mut conn, &steps, |_| Ok(())).is_err());
        assert_eq!(ask::<i64>(&conn, "PRAGMA user_version"), 1);
        assert_eq!(ask::<i64>(&conn, "SELECT count(*) FROM sqlite_schema"), 1);
    }

    #[test]
    fn the_mode_follows_the_file_system_both_ways() {
        let dir = tempfile::tempdir().unwrap();
        let places = JournalFiles::of(dir.path());
        let warning = Warning::NetworkFileSystem {
            path: dir.path().to_owned(),
        };
        for (network, mode, synchronous) in
            [(false, "wal", 2), (true, "truncate", 3), (false, "wal", 2)]
        {
            let (conn, warnings) = open_on(&places, network).unwrap();
            assert_eq!(warnings.contains(&warning), network);
            assert_eq!(ask::<String>(&conn, "PRAGMA journal_mode"), mode);
            assert_eq!(ask::<i64>(&conn, "PRAGMA synchronous"), synchronous);
        }
    }

    #[test]
    fn many_at_once_on_a_network_file_system() {
        const WRITE: &str = "INSERT INTO entries SELECT 'h', count(*), '2', '', 'sent', 'active',
            NULL, 'n', '', '', '[]', NULL, NULL, '', '', NULL, 1, '[]', NULL, '[]', '[]', '[]', '[]' FROM entries";
        let dir = tempfile::tempdir().unwrap();
        let places = JournalFiles::of(dir.path());
        let work = || {
            for _ in 0..10 {
                let (mut conn, _) = open_on(&places, true).unwrap();
                let tx = conn
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .unwrap();
                tx.execute(WRITE, []).unwrap();
                tx.commit().unwrap();
                assert!(ask::<i64>(&conn, "SELECT count(*) FROM entries") > 0);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(work);
            }
        });
        let (conn, _) = open_on(&places, true).unwrap();
        assert_eq!(ask::<i64>(&conn, "SELECT count(*) FROM entries"), 40);
    }
}
