//! Fields that Meta may leave out, read from whatever stands there.
//!
//! The one decision: an optional field of an odd type (`[]`, `{}`, `false`, `0` where there is nothing) is an unknown
//! field, and never an unreadable object: one app's odd link must not hide all other apps (graph-api.md, 7.8).

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// The field's value, or `None` where it is absent or of another shape.
pub(crate) fn field<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

/// The field's text; a number is taken for its digits, but for the zero that stands for nothing.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(words(&Value::deserialize(deserializer)?))
}

/// The texts of the field's list; an entry that is none is passed over.
pub(crate) fn texts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<String>>, D::Error> {
    Ok(entries(&Value::deserialize(deserializer)?))
}

/// The entries of a list that can be read; `None`: it is no list.
pub(crate) fn entries<T: DeserializeOwned>(value: &Value) -> Option<Vec<T>> {
    let entries = value.as_array()?.iter();
    let read = |entry: &Value| T::deserialize(entry).ok();
    Some(entries.filter_map(read).collect())
}

/// A text, or a number's digits.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.as_f64() != Some(0.0) => Some(number.to_string()),
        _ => None,
    }
}
