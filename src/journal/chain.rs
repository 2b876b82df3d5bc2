//! One chain of hashes through all events of a journal.
//!
//! The one decision: a hash is SHA-256 over the hash before it and the columns as they stand in the file,
//! as one JSON array, so that anybody can compute it again with the tools at hand. There is no key: who can
//! write the file can write a whole new chain, which only a hash that was kept elsewhere shows.

use std::{fmt, str::FromStr};

use ring::digest;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::Value;

use super::query::json;

/// What a hash is taken over, in this order: every column but the hash. A column that comes later stays out,
/// or older hashes would be wrong.
const COLUMNS: &str = "id, at, run_id, operator, version, profile, host, call, owner, partner, solution_id, \
     solution_name, permissions_sent, permissions_read, user_id, system_user_id, scopes, consent, fbtrace, \
     outcome, error";

/// How many of them there are.
const COUNT: usize = 21;

/// The hash of an event: 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainHash(String);

impl FromStr for ChainHash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err("a hash has 64 hexadecimal digits, as `mps history verify` prints it".to_owned())
        }
    }
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A chain, or the part of it that was asked for, in which every hash is right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChainEnd {
    /// How many events were checked.
    pub events: u64,
    /// The last one, with its hash.
    pub last: Option<(i64, String)>,
}

/// Why a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainFault {
    /// An older mps wrote the journal: there is no chain yet.
    Older,
    /// No event has the hash to begin from.
    NotThere,
    /// The hash of this event is not that of what stands in the file.
    Broken(i64),
    /// This event's hash does not follow from the event before it, and those between the two are gone.
    Gap {
        /// The first one that is gone.
        first: i64,
        /// The first one after the gap.
        next: i64,
    },
    /// The events from this one to the end were there and are gone.
    Cut(i64),
}

/// The hash of the event in this row, whose first columns are [`COLUMNS`].
fn hash_of(row: &Row<'_>, previous: &str) -> rusqlite::Result<String> {
    let mut columns = vec![Value::from(row.get::<_, i64>(0)?)];
    for column in 1..COUNT {
        columns.push(row.get::<_, Option<String>>(column)?.into());
    }
    let whole = format!("{previous}{}", json(&columns)?);
    let hash = digest::digest(&digest::SHA256, whole.as_bytes());
    Ok(hash.as_ref().iter().map(|b| format!("{b:02x}")).collect())
}

/// The hash of the event before this one; empty before the first.
fn hash_before(conn: &Connection, id: i64) -> rusqlite::Result<String> {
    const SQL: &str = "SELECT hash FROM events WHERE id < ? ORDER BY id DESC LIMIT 1";
    let hash = conn
        .prepare_cached(SQL)?
        .query_row([id], |row| row.get::<_, Option<String>>(0))
        .optional()?;
    Ok(hash.flatten().unwrap_or_default())
}

/// Gives an event that was just written its hash; it cannot change from then on.
pub(super) fn seal(conn: &Connection, id: i64) -> rusqlite::Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE id = ?");
    let previous = hash_before(conn, id)?;
    let hash = conn
        .prepare_cached(&sql)?
        .query_row([id], |row| hash_of(row, &previous))?;
    conn.prepare_cached("UPDATE events SET hash = ? WHERE id = ?")?
        .execute(params![hash, id])?;
    Ok(())
}

/// Gives the events of an older mps their hashes, one at a time.
pub(super) fn seal_older(conn: &Connection) -> rusqlite::Result<()> {
    const NEXT: &str = "SELECT id FROM events WHERE id > ? ORDER BY id LIMIT 1";
    let mut next = conn.prepare(NEXT)?;
    let mut last = i64::MIN;
    while let Some(id) = next.query_row([last], |row| row.get(0)).optional()? {
        seal(conn, id)?;
        last = id;
    }
    Ok(())
}

/// Checks the chain, or what begins with the event that has this hash, that event included.
pub(super) fn verify(
    conn: &Connection,
    from: Option<&ChainHash>,
) -> rusqlite::Result<Result<ChainEnd, ChainFault>> {
    // The events and their count are looked at in several statements.
    let _snapshot = conn.unchecked_transaction()?;
    let chained: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM pragma_table_info('events') WHERE name = 'hash')",
        [],
        |row| row.get(0),
    )?;
    if !chained {
        return Ok(Err(ChainFault::Older));
    }
    let start = match from {
        None => i64::MIN,
        Some(hash) => {
            let found = conn
                .query_row(
                    "SELECT id FROM events WHERE hash = ? ORDER BY id LIMIT 1",
                    [&hash.0],
                    |row| row.get(0),
                )
                .optional()?;
            match found {
                Some(id) => id,
                None => return Ok(Err(ChainFault::NotThere)),
            }
        }
    };
    let (mut previous, mut end) = (hash_before(conn, start)?, ChainEnd::default());
    // The first event has number 1; before a later begin nothing is known to be missing.
    let mut expected = if from.is_some() { start } else { 1 };
    let sql = format!("SELECT {COLUMNS}, hash FROM events WHERE id >= ? ORDER BY id");
    let mut events = conn.prepare(&sql)?;
    let mut rows = events.query([start])?;
    while let Some(row) = rows.next()? {
        let (id, hash) = (row.get(0)?, row.get::<_, Option<String>>(COUNT)?);
        let right = hash_of(row, &previous)?;
        if hash.as_ref() != Some(&right) {
            let fault = if id > expected {
                ChainFault::Gap {
                    first: expected,
                    next: id,
                }
            } else {
                ChainFault::Broken(id)
            };
            return Ok(Err(fault));
        }
        previous.clone_from(&right);
        expected = id.saturating_add(1);
        end.events += 1;
        end.last = Some((id, right));
    }
    // SQLite keeps the highest number that it ever gave, in the commit of the event itself.
    let given: Option<i64> = conn
        .query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'events'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    if given.is_some_and(|given| given >= expected) {
        return Ok(Err(ChainFault::Cut(expected)));
    }
    Ok(Ok(end))
}

#[cfg(test)]
mod tests {
    use super::{super::open::fresh, *};

    /// The chain of four events, before somebody works on the file: what its triggers forbid is done.
    fn chain() -> Connection {
        let conn = fresh();
        for error in 1..=4 {
            write(&conn, &format!("error {error}"));
        }
        conn.execute_batch("DROP TRIGGER events_never_change; DROP TRIGGER events_never_go")
            .unwrap();
        conn
    }

    fn write(conn: &Connection, error: &str) {
        const SQL: &str = "INSERT INTO events (at, run_id, operator, version, profile, host, call, scopes, outcome, error)
            VALUES ('2026-01-02T03:04:05.000000Z', 'r', 'ada@bridge', '0.1.0', 'default', 'h', 'create', '[]', 'ok', ?)";
        conn.execute(SQL, [error]).unwrap();
        seal(conn, conn.last_insert_rowid()).unwrap();
    }

    fn hash(conn: &Connection, id: i64) -> ChainHash {
        let sql = "SELECT hash FROM events WHERE id = ?";
        let text: String = conn.query_row(sql, [id], |row| row.get(0)).unwrap();
        text.parse().unwrap()
    }

    #[test]
    fn every_tampering_is_found_at_its_first_event() {
        use ChainFault::{Broken, Cut, Gap, NotThere};
        // What was done to the file; the whole chain, the chain from event 2, and that from event 4.
        let gap = |first, next| Err(Gap { first, next });
        for (what, whole, from_2, from_4) in [
            ("", Ok(4), Ok(3), Ok(1)),
            (
                "UPDATE events SET error = 'no' WHERE id = 3",
                Err(Broken(3)),
                Err(Broken(3)),
                Ok(1),
            ),
            (
                "UPDATE events SET error = NULL WHERE id = 2",
                Err(Broken(2)),
                Err(Broken(2)),
                Ok(1),
            ),
            (
                "UPDATE events SET hash = NULL WHERE id = 3",
                Err(Broken(3)),
                Err(Broken(3)),
                // It does not follow from the one before any more.
                Err(Broken(4)),
            ),
            (
                "DELETE FROM events WHERE id = 1",
                gap(1, 2),
                Err(Broken(2)),
                Ok(1),
            ),
            (
                "DELETE FROM events WHERE id IN (2, 3)",
                gap(2, 4),
                Err(NotThere),
                Err(Broken(4)),
            ),
            (
                "DELETE FROM events WHERE id = 4",
                Err(Cut(4)),
                Err(Cut(4)),
                Err(NotThere),
            ),
            (
                "DELETE FROM events",
                Err(Cut(1)),
                Err(NotThere),
                Err(NotThere),
            ),
            (
                // The count is put right as well: only a hash that was kept elsewhere shows it.
                "DELETE FROM events WHERE id > 3; UPDATE sqlite_sequence SET seq = 3",
                Ok(3),
                Ok(2),
                Err(NotThere),
            ),
            (
                "INSERT INTO events SELECT 5, at, run_id, operator, version, profile, host, call, owner, partner,
                    solution_id, solution_name, permissions_sent, permissions_read, user_id, system_user_id,
                    scopes, consent, fbtrace, outcome, error, hash FROM events WHERE id = 4",
                Err(Broken(5)),
                Err(Broken(5)),
                Err(Broken(5)),
            ),
            (
                "UPDATE events SET id = 9 WHERE id = 2; UPDATE events SET id = 2 WHERE id = 3;
                 UPDATE events SET id = 3 WHERE id = 9",
                Err(Broken(2)),
                Err(Broken(3)),
                Err(Broken(4)),
            ),
        ] {
            let conn = chain();
            let hashes = [hash(&conn, 2), hash(&conn, 4)];
            conn.execute_batch(what).unwrap();
            let count = |from| verify(&conn, from).unwrap().map(|end| end.events);
            assert_eq!(count(None), whole, "{what}");
            assert_eq!(count(Some(&hashes[0])), from_2, "from 2: {what}");
            assert_eq!(count(Some(&hashes[1])), from_4, "from 4: {what}");
        }
    }

    #[test]
    fn no_event_is_a_chain_and_a_write_makes_it_longer() {
        let conn = fresh();
        assert_eq!(verify(&conn, None).unwrap(), Ok(ChainEnd::default()));
        write(&conn, "one");
        let first = hash(&conn, 1);
        write(&conn, "two");
        let end = ChainEnd {
            events: 2,
            last: Some((2, hash(&conn, 2).to_string())),
        };
        assert_eq!(verify(&conn, Some(&first)).unwrap(), Ok(end));
    }

    /// So that an auditor's own script agrees for ever.
    #[test]
    fn the_hash_is_that_of_the_one_before_and_the_columns_as_json() {
        let conn = fresh();
        write(&conn, "Ünïcode \"quoted\"\n");
        write(&conn, "two");
        let array = |id, error: &str| {
            format!(
                r#"[{id},"2026-01-02T03:04:05.000000Z","r","ada@bridge","0.1.0","default","h","create",null,null,null,null,null,null,null,null,"[]",null,null,"ok",{error}]"#
            )
        };
        let sha = |text: String| {
            let hash = digest::digest(&digest::SHA256, text.as_bytes());
            let hash = hash.as_ref().iter().map(|byte| format!("{byte:02x}"));
            hash.collect::<String>()
        };
        let one = sha(array(1, r#""Ünïcode \"quoted\"\n""#));
        assert_eq!(hash(&conn, 1).to_string(), one);
        let two = sha(one + &array(2, r#""two""#));
        assert_eq!(hash(&conn, 2).to_string(), two);
    }

    #[test]
    fn a_hash_has_64_digits() {
        let digits = "0123456789ABCDEFabcdef0123456789".repeat(2);
        let hash: ChainHash = digits.parse().unwrap();
        assert_eq!(hash.to_string(), digits.to_ascii_lowercase());
        for bad in ["", "abc", &digits[1..], &digits.replace('a', "g")] {
            assert!(bad.parse::<ChainHash>().is_err(), "{bad}");
        }
    }
}
