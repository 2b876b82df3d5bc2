//! One chain of hashes through all events of a journal.
//!
//! The one decision: a hash is SHA-256 over the hash before it and the columns as they stand in the file,
//! as one JSON array, so that anybody can compute it again with the tools at hand. There is no key: who can
//! write the file can write a whole new chain, which only a hash that was kept elsewhere shows.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

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
    /// How many of them an older mps wrote: their hashes were made afterwards.
    pub late: u64,
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
    Ok(hex(hash.as_ref()))
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
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

/// Gives the events of an older mps their hashes, one at a time, and notes up to which one that was done.
pub(super) fn seal_older(conn: &Connection) -> rusqlite::Result<()> {
    const NEXT: &str = "SELECT id FROM events WHERE id > ? AND hash IS NULL ORDER BY id LIMIT 1";
    let mut next = conn.prepare(NEXT)?;
    let mut last = None;
    while let Some(id) = next
        .query_row([last.unwrap_or(i64::MIN)], |row| row.get(0))
        .optional()?
    {
        seal(conn, id)?;
        last = Some(id);
    }
    if let Some(last) = last {
        conn.execute("INSERT INTO chained_late VALUES (?)", [last])?;
    }
    Ok(())
}

/// A walk along the chain, which stops between two pages so that it keeps no writer waiting. Events are only
/// ever added, so that what is behind it stays right.
#[derive(Debug)]
pub(super) struct ChainWalk {
    /// The hash of the last event.
    previous: String,
    /// The number that the next one has to have.
    expected: i64,
    /// The lowest number that it can have: of the whole chain also one that SQLite never gives is seen.
    next: i64,
    /// Up to this number hashes were made afterwards.
    late: i64,
    end: ChainEnd,
}

impl ChainWalk {
    /// From the first event on, or from the one that has this hash.
    pub(super) fn start(
        conn: &Connection,
        from: Option<&ChainHash>,
    ) -> rusqlite::Result<Result<Self, ChainFault>> {
        const LATE: &str = "SELECT coalesce(max(last_id), 0) FROM chained_late";
        let chained: bool = conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM pragma_table_info('events') WHERE name = 'hash')",
            [],
            |row| row.get(0),
        )?;
        if !chained {
            return Ok(Err(ChainFault::Older));
        }
        let mut walk = Self {
            previous: String::new(),
            expected: 1,
            next: i64::MIN,
            late: conn.query_row(LATE, [], |row| row.get(0))?,
            end: ChainEnd::default(),
        };
        if let Some(hash) = from {
            const SQL: &str = "SELECT id FROM events WHERE hash = ? ORDER BY id LIMIT 1";
            let found = conn
                .query_row(SQL, [&hash.0], |row| row.get(0))
                .optional()?;
            let Some(id) = found else {
                return Ok(Err(ChainFault::NotThere));
            };
            walk.previous = hash_before(conn, id)?;
            walk.expected = id;
            walk.next = id;
        }
        Ok(Ok(walk))
    }

    /// Checks so many more events; whether those were the last.
    pub(super) fn page(
        &mut self,
        conn: &Connection,
        rows: usize,
    ) -> rusqlite::Result<Result<bool, ChainFault>> {
        const GIVEN: &str = "SELECT seq FROM sqlite_sequence WHERE name = 'events'";
        // One moment for the events and for their count.
        let _snapshot = conn.unchecked_transaction()?;
        let sql =
            format!("SELECT {COLUMNS}, hash FROM events WHERE id >= ? ORDER BY id LIMIT {rows}");
        let mut events = conn.prepare(&sql)?;
        let mut found = events.query([self.next])?;
        let mut full = 0;
        while let Some(row) = found.next()? {
            full += 1;
            if let Err(fault) = self.step(row)? {
                return Ok(Err(fault));
            }
        }
        if full == rows {
            return Ok(Ok(false));
        }
        // SQLite keeps the highest number that it ever gave, in the commit of the event itself.
        let given: Option<i64> = conn.query_row(GIVEN, [], |row| row.get(0)).optional()?;
        if given.is_some_and(|given| given >= self.expected) {
            return Ok(Err(ChainFault::Cut(self.expected)));
        }
        Ok(Ok(true))
    }

    fn step(&mut self, row: &Row<'_>) -> rusqlite::Result<Result<(), ChainFault>> {
        let (id, hash) = (row.get(0)?, row.get::<_, Option<String>>(COUNT)?);
        let right = hash_of(row, &self.previous)?;
        if hash.as_ref() != Some(&right) {
            return Ok(Err(if id > self.expected {
                ChainFault::Gap {
                    first: self.expected,
                    next: id,
                }
            } else {
                ChainFault::Broken(id)
            }));
        }
        self.previous.clone_from(&right);
        self.expected = id.saturating_add(1);
        self.next = self.expected;
        self.end.events += 1;
        self.end.late += u64::from(id <= self.late);
        self.end.last = Some((id, right));
        Ok(Ok(()))
    }

    /// What was walked.
    pub(super) fn end(self) -> ChainEnd {
        self.end
    }
}
