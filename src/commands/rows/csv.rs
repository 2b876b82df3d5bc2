//! Records as CSV, under a line of headings.
//!
//! The one decision: the columns are the fields of `--json`, in their order. Lists are joined by a blank, and a cell that a
//! spreadsheet would run as a formula gets an apostrophe before it.

use futures_util::{Stream, StreamExt as _, stream};
use serde_json::Value;

use crate::{
    context::failure::Failure,
    record::{RecordField, field_docs},
};

/// The headings, then a line for each object.
pub fn pieces(
    fields: &'static [RecordField],
    objects: impl Stream<Item = Result<Value, Failure>> + Send + 'static,
) -> impl Stream<Item = Result<String, Failure>> + Send + 'static {
    let columns: Vec<String> = field_docs(fields)
        .into_iter()
        .map(|field| field.path)
        .filter(|path| !path.contains('.'))
        .collect();
    let headings = line(columns.iter().cloned());
    let lines = objects.map(move |object| {
        let object = object?;
        line(columns.iter().map(|column| cell(&object[column])))
    });
    stream::once(std::future::ready(headings)).chain(lines)
}

fn line(cells: impl Iterator<Item = String>) -> Result<String, Failure> {
    let wrong = |error: std::io::Error| Failure::io("could not write CSV", &error);
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(cells)
        .map_err(|error| wrong(error.into()))?;
    let bytes = out
        .into_inner()
        .map_err(|error| wrong(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (value, expected) in [
            ("=1+1", "'=1+1"),
            ("@x", "'@x"),
            ("plain", "plain"),
            ("-1", "'-1"),
        ] {
            assert_eq!(cell(&value.into()), expected);
        }
        assert_eq!(cell(&serde_json::json!(["a", "b"])), "a b");
    }
}
