//! Between the text of a column and a checked value, and the WHERE that both tables share.
//!
//! The one decision: a column that does not parse is an error of the database library, so that it
//! travels with all the others and comes out as "corrupt" at the one place that judges them.

use std::{error::Error, str::FromStr};

use jiff::Timestamp;
use rusqlite::{
    Row,
    types::{Type, Value},
};
use serde::{Serialize, de::DeserializeOwned};

/// A question to one table that grows a condition at a time.
pub(super) struct Query {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

impl Query {
    /// All rows of a table.
    pub(super) fn all_of(table: &str) -> Self {
        Self {
            sql: format!("SELECT * FROM {table} WHERE true"),
            values: Vec::new(),
        }
    }

    /// A condition with one `?`, if there is a value for it.
    pub(super) fn and(mut self, condition: &str, value: Option<impl Into<String>>) -> Self {
        if let Some(value) = value {
            self.sql.extend([" AND ", condition]);
            self.values.push(Value::Text(value.into()));
        }
        self
    }

    /// What comes after the conditions.
    pub(super) fn then(mut self, rest: &str) -> Self {
        self.sql.push_str(rest);
        self
    }
}

/// What a time looks like in the file: six decimals always, so that text order is time order.
pub(super) fn time(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// A list or an object as JSON.
pub(super) fn json<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|err| rusqlite::Error::ToSqlConversionFailure(err.into()))
}

/// A column that must be there and parse.
pub(super) fn parsed<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|err| unreadable(row, column, err))
}

/// A column that may be NULL.
pub(super) fn maybe<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|err| unreadable(row, column, err)))
        .transpose()
}

/// A column of JSON; NULL reads as JSON's null.
pub(super) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: Option<String> = row.get(column)?;
    serde_json::from_str(text.as_deref().unwrap_or("null"))
        .map_err(|err| unreadable(row, column, err))
}

fn unreadable(
    row: &Row<'_>,
    column: &str,
    err: impl Error + Send + Sync + 'static,
) -> rusqlite::Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(err))
}
