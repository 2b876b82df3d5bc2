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

/// What a hash is taken over, in this order: every column but the hash. A column that comes later stays out,
/// or older hashes would be wrong.
pub(super) const COLUMNS: &str = "id, at, run_id, operator, version, profile, host, call, owner, partner, solution_id, \
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

/// The columns of the event in this row, whose first ones are [`COLUMNS`].
fn columns_of(row: &Row<'_>) -> rusqlite::Result<Vec<Value>> {
    let mut columns = vec![Value::from(row.get::<_, i64>(0)?)];
    for column in 1..COUNT {
        columns.push(row.get::<_, Option<String>>(column)?.into());
    }
    Ok(columns)
}

/// The hash of an event with these columns, after the event that has this one.
pub(super) fn hash_of(columns: &[Value], previous: &str) -> String {
    let columns = serde_json::to_string(columns).unwrap_or_default();
    let whole = format!("{previous}{columns}");
    hex(digest::digest(&digest::SHA256, whole.as_bytes()).as_ref())
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
        .query_row([id], |row| Ok(hash_of(&columns_of(row)?, &previous)))?;
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
        let mut walk = Self::whole(conn.query_row(LATE, [], |row| row.get(0))?);
        if let Some(hash) = from {
            const SQL: &str = "SELECT id FROM events WHERE hash = ? ORDER BY id LIMIT 1";
            let found = conn
                .query_row(SQL, [&hash.0], |row| row.get(0))
                .optional()?;
            let Some(id) = found else {
                return Ok(Err(ChainFault::NotThere));
            };
            walk = walk.from(id, hash_before(conn, id)?);
        }
        Ok(Ok(walk))
    }

    /// Of the whole chain, up to this number of which hashes were made afterwards.
    pub(super) fn whole(late: i64) -> Self {
        Self {
            previous: String::new(),
            expected: 1,
            next: i64::MIN,
            late,
            end: ChainEnd::default(),
        }
    }

    /// The same from this event on, whose hash follows from this one.
    pub(super) fn from(self, id: i64, previous: String) -> Self {
        Self {
            previous,
            expected: id,
            next: id,
            ..self
        }
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
            let hash: Option<String> = row.get(COUNT)?;
            if let Err(fault) = self.step(row.get(0)?, &columns_of(row)?, hash.as_deref()) {
                return Ok(Err(fault));
            }
        }
        if full == rows {
            return Ok(Ok(false));
        }
        // SQLite keeps the highest number that it ever gave, in the commit of the event itself.
        let given: Option<i64> = conn.query_row(GIVEN, [], |row| row.get(0)).optional()?;
        Ok(self.is_all(given.unwrap_or_default()).map(|()| true))
    }

    /// The lowest number that the next event can have.
    pub(super) fn next(&self) -> i64 {
        self.next
    }

    /// After the last event: whether it was the last one that was ever given a number.
    pub(super) fn is_all(&self, given: i64) -> Result<(), ChainFault> {
        if given >= self.expected {
            return Err(ChainFault::Cut(self.expected));
        }
        Ok(())
    }

    /// One more event: its number, what its hash is taken over, and its hash.
    pub(super) fn step(
        &mut self,
        id: i64,
        columns: &[Value],
        hash: Option<&str>,
    ) -> Result<(), ChainFault> {
        let right = hash_of(columns, &self.previous);
        if hash != Some(right.as_str()) {
            return Err(if id > self.expected {
                ChainFault::Gap {
                    first: self.expected,
                    next: id,
                }
            } else {
                ChainFault::Broken(id)
            });
        }
        self.previous.clone_from(&right);
        self.expected = id.saturating_add(1);
        self.next = self.expected;
        self.end.events += 1;
        self.end.late += u64::from(id <= self.late);
        self.end.last = Some((id, right));
        Ok(())
    }

    /// What was walked.
    pub(super) fn end(self) -> ChainEnd {
        self.end
    }
}
