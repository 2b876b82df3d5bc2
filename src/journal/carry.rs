//! A journal as a file of lines, to be carried to another store.
//!
//! The one decision: a line is a row to the letter, column by column, so that the chain of hashes holds on the other side.
//! It is checked whole before it leaves and before anything of it is written, and it only goes into an empty journal.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Write},
    path::Path,
};

use rusqlite::{Connection, params_from_iter, types::ValueRef};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::chain::{self, ChainEnd, ChainFault, ChainWalk};

/// The first line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryHead {
    /// The form of the lines.
    pub(super) mps_journal: u32,
    /// How many rows there are.
    pub entries: u64,
    /// How many invitations.
    pub invitations: u64,
    /// How many events.
    pub events: u64,
    /// How many changes that webhooks told of.
    #[serde(default)]
    pub webhooks: u64,
    /// How many posts that are to be made, or were.
    #[serde(default)]
    pub(super) forwards: u64,
    /// Up to which event hashes were made afterwards.
    pub(super) late: i64,
}

/// The form of the lines that this mps writes; it reads the older one too, which knew no webhooks.
pub(super) const FORM: u32 = 2;

/// Which table a line is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CarriedTable {
    Entries,
    Invitations,
    Events,
    Webhooks,
    Forwards,
}

impl CarriedTable {
    pub(super) const ALL: [Self; 5] = [
        Self::Entries,
        Self::Invitations,
        Self::Events,
        Self::Webhooks,
        Self::Forwards,
    ];

    /// Its name in both stores.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::Invitations => "invitations",
            Self::Events => "events",
            Self::Webhooks => "webhooks",
            Self::Forwards => "forwards",
        }
    }
}

/// Any other line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct CarriedRow {
    pub(super) table: CarriedTable,
    pub(super) row: Map<String, Value>,
}

/// Why a file cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    /// It cannot be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no journal, or was cut.
    #[error("{0}")]
    NoJournal(String),
    /// Its chain of hashes does not hold.
    #[error("the chain of hashes in it does not hold")]
    Chain(ChainFault),
}

fn no_journal(what: impl Into<String>) -> CarryError {
    CarryError::NoJournal(what.into())
}

/// A file that was checked.
#[derive(Debug)]
pub struct Carried {
    path: std::path::PathBuf,
    /// What is in it.
    pub head: CarryHead,
    /// The end of its chain.
    pub end: ChainEnd,
}

impl Carried {
    /// Reads a file through and checks it.
    pub fn check(path: &Path) -> Result<Self, CarryError> {
        let (head, rows) = lines(path)?;
        let mut counts = [0_u64; 5];
        let mut walk = ChainWalk::whole(head.late);
        for row in rows {
            let CarriedRow { table, row } = row?;
            counts[table as usize] += 1;
            if table == CarriedTable::Events {
                let id = row.get("id").and_then(Value::as_i64);
                let id = id.ok_or_else(|| no_journal("an event has no number"))?;
                let columns = chain::COLUMNS.split(", ");
                let columns = columns.map(|name| row.get(name).cloned().unwrap_or_default());
                let columns: Vec<Value> = columns.collect();
                let hash = row.get("hash").and_then(Value::as_str);
                walk.step(id, &columns, hash).map_err(CarryError::Chain)?;
            }
        }
        let told = [
            head.entries,
            head.invitations,
            head.events,
            head.webhooks,
            head.forwards,
        ];
        if counts != told {
            return Err(no_journal("it is not whole: lines are missing"));
        }
        Ok(Self {
            path: path.to_owned(),
            head,
            end: walk.end(),
        })
    }

    /// Its rows.
    pub(super) fn rows(
        &self,
    ) -> Result<impl Iterator<Item = Result<CarriedRow, CarryError>> + use<>, CarryError> {
        Ok(lines(&self.path)?.1)
    }

    /// Writes it into an empty journal's file; called in a transaction.
    pub(super) fn write(&self, conn: &Connection) -> rusqlite::Result<()> {
        let wrong = |error: CarryError| rusqlite::Error::ToSqlConversionFailure(error.into());
        for row in self.rows().map_err(wrong)? {
            let CarriedRow { table, row } = row.map_err(wrong)?;
            insert(conn, table, &row)?;
        }
        if self.head.late > 0 {
            conn.execute("INSERT INTO chained_late VALUES (?)", [self.head.late])?;
        }
        Ok(())
    }
}

/// The head of a file, and its rows one at a time.
fn lines(
    path: &Path,
) -> Result<
    (
        CarryHead,
        impl Iterator<Item = Result<CarriedRow, CarryError>> + use<>,
    ),
    CarryError,
> {
    let mut lines = BufReader::new(File::open(path)?).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let head: CarryHead = serde_json::from_str(&first)
        .map_err(|_| no_journal("its first line is not that of an exported journal"))?;
    if !(1..=FORM).contains(&head.mps_journal) {
        return Err(no_journal("a newer mps wrote it"));
    }
    let rows = lines.enumerate().map(|(at, line)| {
        let mut row: CarriedRow = serde_json::from_str(&line?)
            .map_err(|error| no_journal(format!("line {} cannot be read: {error}", at + 2)))?;
        if row.table == CarriedTable::Forwards {
            // Before this column there were no others.
            row.row.entry("kind").or_insert_with(|| "webhook".into());
        }
        Ok(row)
    });
    Ok((head, rows))
}

/// One row into SQLite; columns that its table does not have are an error of the database.
fn insert(
    conn: &Connection,
    table: CarriedTable,
    row: &Map<String, Value>,
) -> rusqlite::Result<()> {
    let safe = |name: &&String| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let names: Vec<&str> = row.keys().filter(safe).map(String::as_str).collect();
    let marks = vec!["?"; names.len()].join(", ");
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({marks})",
        table.name(),
        names.join(", ")
    );
    let values = names.iter().map(|name| match &row[*name] {
        Value::String(text) if (table, *name) == (CarriedTable::Forwards, "body") => {
            rusqlite::types::Value::Blob(bytes(text))
        }
        Value::String(text) => rusqlite::types::Value::Text(text.clone()),
        Value::Number(number) => rusqlite::types::Value::Integer(number.as_i64().unwrap_or(0)),
        _ => rusqlite::types::Value::Null,
    });
    conn.prepare_cached(&sql)?
        .execute(params_from_iter(values))?;
    Ok(())
}

/// How bytes stand in a line, as PostgreSQL writes them.
fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().fold("\\x".to_owned(), |mut text, byte| {
        text += &format!("{byte:02x}");
        text
    })
}

/// The bytes of a line.
fn bytes(text: &str) -> Vec<u8> {
    let digits = text.strip_prefix("\\x").unwrap_or_default();
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).filter_map(byte).collect()
}

/// Writes a journal's file as lines, as it is at one moment.
pub(super) fn dump(conn: &Connection, to: &mut dyn Write) -> rusqlite::Result<CarryHead> {
    let wrong = |error: io::Error| rusqlite::Error::ToSqlConversionFailure(error.into());
    let _snapshot = conn.unchecked_transaction()?;
    let is_there = |table: CarriedTable| {
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?)";
        conn.query_row(sql, [table.name()], |row| row.get::<_, bool>(0))
    };
    let count = |table: CarriedTable| {
        if !is_there(table)? {
            return Ok(0);
        }
        let sql = format!("SELECT count(*) FROM {}", table.name());
        conn.query_row(&sql, [], |row| row.get::<_, i64>(0))
            .map(i64::unsigned_abs)
    };
    let head = CarryHead {
        mps_journal: FORM,
        entries: count(CarriedTable::Entries)?,
        invitations: count(CarriedTable::Invitations)?,
        events: count(CarriedTable::Events)?,
        webhooks: count(CarriedTable::Webhooks)?,
        forwards: count(CarriedTable::Forwards)?,
        late: conn.query_row(
            "SELECT coalesce(max(last_id), 0) FROM chained_late",
            [],
            |row| row.get(0),
        )?,
    };
    line(to, &head).map_err(wrong)?;
    for table in CarriedTable::ALL {
        if !is_there(table)? {
            continue;
        }
        let order = if table == CarriedTable::Entries {
            "1"
        } else {
            "id"
        };
        let sql = format!("SELECT * FROM {} ORDER BY {order}", table.name());
        let mut statement = conn.prepare(&sql)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut fields = Map::new();
            for (at, name) in names.iter().enumerate() {
                let value = match row.get_ref(at)? {
                    ValueRef::Integer(number) => Value::from(number),
                    ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text)),
                    ValueRef::Blob(bytes) => Value::from(hex_of(bytes)),
                    _ => Value::Null,
                };
                fields.insert(name.clone(), value);
            }
            line(to, &CarriedRow { table, row: fields }).map_err(wrong)?;
        }
    }
    Ok(head)
}

/// One line.
pub(super) fn line(to: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *to, value)?;
    to.write_all(b"\n")
}
