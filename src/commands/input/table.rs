//! A file with a line per Tech Provider: CSV from a spreadsheet, or a JSON object a line.
//!
//! The one decision: a file that people typed has some bad lines, so each line is judged alone and keeps its number,
//! and only what makes all of it unreadable ends the command.

use std::{
    collections::HashMap,
    io::{self, Read as _},
    path::Path,
};

use serde_json::Value;

use crate::{
    context::{Context, failure::Failure},
    ids::AppId,
};

/// Largest file: some hundred thousand lines.
const LARGEST: u64 = 32 << 20;

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLine {
    /// Its number, as an editor counts.
    pub number: u64,
    /// What stands in it, or why that cannot be told.
    pub cells: Result<TableCells, String>,
}

/// The cells of a line by their column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableCells(HashMap<String, String>);

impl TableCells {
    /// The text of a cell, without blanks around it; `None` where the file has no such column.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(String::as_str)
    }

    /// The same, an empty cell counting as none.
    pub fn filled(&self, column: &str) -> Option<&str> {
        self.get(column).filter(|text| !text.is_empty())
    }
}

/// Reads the file, `-` being stdin, which the caller has claimed. `columns`: those that are known, the first of which must be there.
pub fn read(ctx: &Context, file: &Path, columns: &[&str]) -> Result<Vec<TableLine>, Failure> {
    let shown = if file == Path::new("-") {
        "stdin".to_owned()
    } else {
        file.display().to_string()
    };
    let bytes = bytes(file)
        .map_err(|error| Failure::io(format!("--from: could not read {shown}"), &error))?;
    let wrong = |why: String| {
        Failure::usage(format!("--from: {shown} {why}")).hint(format!(
            "a CSV file with a line of headings ({}), or a JSON object with these keys a line",
            columns.join(", ")
        ))
    };
    if bytes.len() as u64 > LARGEST {
        return Err(wrong(format!("is larger than {} MB", LARGEST >> 20)));
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(wrong(
            "is not UTF-8 (a spreadsheet saves it as \"CSV UTF-8\")".to_owned(),
        ));
    };
    let table = parse(&text, columns).map_err(wrong)?;
    if !table.passed_over.is_empty() {
        ctx.ui.warning(&format!(
            "--from: what stands under {} is passed over; known are {}",
            table.passed_over.join(", "),
            columns.join(", ")
        ));
    }
    Ok(table.lines)
}

fn bytes(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin()
            .lock()
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)?;
    } else {
        let file = std::fs::File::open(file)?;
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// The ids of the column `app_ids`, which stand between blanks.
pub fn app_ids(text: &str) -> Result<Vec<AppId>, Failure> {
    let ids = text.split_whitespace().map(|id| {
        id.parse()
            .map_err(|error| Failure::usage(format!("app_ids: {error}")))
    });
    ids.collect()
}

/// What a file holds.
#[derive(Debug, Default)]
struct Table {
    lines: Vec<TableLine>,
    /// Columns that nobody knows.
    passed_over: Vec<String>,
}

/// Parses the whole text; an error says what is wrong with all of it.
fn parse(text: &str, columns: &[&str]) -> Result<Table, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let table = if text.trim_start().starts_with('{') {
        objects(text, columns)
    } else {
        cells(text, columns)?
    };
    if table.lines.is_empty() {
        return Err("holds no line".to_owned());
    }
    Ok(table)
}

/// A JSON object a line.
fn objects(text: &str, columns: &[&str]) -> Table {
    let mut table = Table::default();
    for (number, line) in (1_u64..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let cells = object(line.trim());
        for column in cells.iter().flat_map(|cells| cells.0.keys()) {
            pass_over(column, columns, &mut table.passed_over);
        }
        table.lines.push(TableLine { number, cells });
    }
    table
}

fn object(line: &str) -> Result<TableCells, String> {
    let value: Value =
        serde_json::from_str(line).map_err(|error| format!("it is no JSON object: {error}"))?;
    let Value::Object(object) = value else {
        return Err("it is no JSON object".to_owned());
    };
    let cells = object.into_iter().map(|(key, value)| {
        let text = match value {
            Value::Array(items) => {
                let items: Result<Vec<String>, String> =
                    items.into_iter().map(|item| scalar(&key, item)).collect();
                items?.join(" ")
            }
            value => scalar(&key, value)?,
        };
        Ok((column(&key), text.trim().to_owned()))
    });
    cells.collect::<Result<_, String>>().map(TableCells)
}

fn scalar(key: &str, value: Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(format!("{key} is neither a text nor a list of texts"))
        }
    }
}

/// CSV under a line of headings.
fn cells(text: &str, columns: &[&str]) -> Result<Table, String> {
    // What some spreadsheets write to say how they separate.
    let said = text.get(..5).and_then(|first| {
        first
            .to_ascii_lowercase()
            .strip_prefix("sep=")?
            .chars()
            .next()
    });
    let skipped = if said.is_some() {
        text.find('\n').map_or(text.len(), |end| end + 1)
    } else {
        0
    };
    let body = &text[skipped..];
    let delimiter = match said.and_then(|said| u8::try_from(said).ok()) {
        Some(said) => said,
        None => delimiter(body),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut headings: Option<Vec<String>> = None;
    let mut table = Table::default();
    for record in reader.records() {
        let record = record.map_err(|error| format!("is no CSV: {error}"))?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let Some(headings) = &headings else {
            let found: Vec<String> = record.iter().map(column).collect();
            let first = columns.first().copied().unwrap_or_default();
            if !found.iter().any(|heading| heading == first) {
                return Err(format!("has no column {first} in its first line"));
            }
            for heading in &found {
                pass_over(heading, columns, &mut table.passed_over);
            }
            headings = Some(found);
            continue;
        };
        let at = record.position().map_or(0, csv::Position::byte);
        let at = skipped + usize::try_from(at).unwrap_or_default();
        table.lines.push(TableLine {
            number: line_of(text, at),
            cells: row(&record, headings, columns),
        });
    }
    Ok(table)
}

fn row(
    record: &csv::StringRecord,
    headings: &[String],
    columns: &[&str],
) -> Result<TableCells, String> {
    let more = record.iter().skip(headings.len());
    if more.into_iter().any(|cell| !cell.trim().is_empty()) {
        return Err(format!(
            "it has {} cells, and there are {} headings (a cell with a separator in it needs quotes)",
            record.len(),
            headings.len()
        ));
    }
    let mut cells = HashMap::new();
    for (index, heading) in headings.iter().enumerate() {
        let text = record.get(index).unwrap_or_default().trim();
        if columns.contains(&heading.as_str()) && text.contains(['\n', '\r']) {
            return Err(format!(
                "{heading} has a line break in it (a quote that nobody closed?)"
            ));
        }
        cells.insert(heading.clone(), text.to_owned());
    }
    Ok(TableCells(cells))
}

/// A heading or key as it is compared.
fn column(text: &str) -> String {
    text.trim().to_ascii_lowercase()
}

fn pass_over(column: &str, known: &[&str], passed_over: &mut Vec<String>) {
    let is_new = !column.is_empty()
        && !known.contains(&column)
        && !passed_over.iter().any(|there| there == column);
    if is_new {
        passed_over.push(column.to_owned());
    }
}

/// What stands between the headings: spreadsheets write semicolons where the comma is in numbers.
fn delimiter(text: &str) -> u8 {
    let headings = text.lines().find(|line| !line.trim().is_empty());
    let headings = headings.unwrap_or_default();
    let count = |delimiter: u8| headings.bytes().filter(|byte| *byte == delimiter).count();
    // Of equal ones the last counts, so the usual one comes last.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b',')
}

/// The number of the line that a record begins in: blank lines before it are not its own.
fn line_of(text: &str, at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start().len();
    let before = text.get(..at + blank).unwrap_or(text).as_bytes();
    let ends = before.iter().enumerate().filter(|(index, byte)| {
        **byte == b'\n' || (**byte == b'\r' && before.get(index + 1) != Some(&b'\n'))
    });
    ends.count() as u64 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[&str] = &["ref", "name", "app_ids"];

    type Cells = Result<[Option<String>; 3], String>;

    /// Each line's number, and its cells or what is wrong.
    fn lines(text: &str) -> Vec<(u64, Cells)> {
        let lines = parse(text, COLUMNS).unwrap().lines.into_iter();
        let of = |cells: TableCells| {
            ["ref", "name", "app_ids"].map(|column| cells.get(column).map(str::to_owned))
        };
        lines
            .map(|line| (line.number, line.cells.map(of)))
            .collect()
    }

    #[test]
    fn what_spreadsheets_write() {
        let acme = |number| {
            let cells = [Some("acme"), Some("A, B"), Some("1 2")];
            (number, Ok(cells.map(|cell| cell.map(str::to_owned))))
        };
        for (text, number) in [
            ("ref,name,app_ids\nacme,\"A, B\",1 2\n", 2),
            ("\u{feff}ref,name,app_ids\r\nacme,\"A, B\",1 2\r\n", 2),
            ("ref;name;app_ids\r\nacme;A, B;1 2", 2),
            ("sep=;\r\nref;name;app_ids\r\nacme;A, B;1 2", 3),
            ("ref\tname\tapp_ids\nacme\tA, B\t1 2\n", 2),
            (
                "\n\n REF , Name,APP_IDS\n\n,,\n\nacme , \"A, B\",1 2\n\n",
                7,
            ),
            ("name,app_ids,ref\n\"A, B\",1 2,acme\n", 2),
            (
                "ref,name,app_ids,notes\nacme,\"A, B\",1 2,\"of\ntwo lines\"\n",
                2,
            ),
            (r#"{"ref":"acme","name":"A, B","app_ids":"1 2"}"#, 1),
            (
                "\u{feff}\r\n{\"ref\":\"acme\",\"name\":\"A, B\",\"app_ids\":[\"1\",2]}\r\n\r\n",
                2,
            ),
        ] {
            let found = lines(text);
            // Written with a blank before its quote, a cell is not quoted.
            if text.starts_with("\n\n") {
                assert_eq!((found.len(), found[0].0), (1, number), "{text:?}");
            } else {
                assert_eq!(found, [acme(number)], "{text:?}");
            }
        }
    }

    #[test]
    fn a_column_that_is_missing_is_no_empty_cell() {
        let found = lines("ref,app_ids\nacme,\n");
        let cells = [Some("acme".to_owned()), None, Some(String::new())];
        assert_eq!(found, [(2, Ok(cells))]);
        let found = lines("{\"ref\":\"acme\",\"app_ids\":null}");
        let cells = [Some("acme".to_owned()), None, Some(String::new())];
        assert_eq!(found, [(1, Ok(cells))]);
    }

    #[test]
    fn each_bad_line_is_judged_alone() {
        for (text, bad) in [
            ("ref,name\nok,1\nx,1,2\nok,3\n", 3),
            ("ref,name\nok,1\nok,3\n\n\"x,y\nz,1\n", 5),
            ("{\"ref\":\"ok\"}\n{\n{\"ref\":\"ok\"}\n", 2),
            ("{\"ref\":\"ok\"}\n{\"ref\":{}}\n{\"ref\":\"ok\"}\n", 2),
            ("{\"ref\":\"ok\"}\n[1]\n{\"ref\":\"ok\"}\n", 2),
        ] {
            let found = lines(text);
            assert_eq!(found.len(), 3, "{text:?}");
            for (number, cells) in found {
                assert_eq!(cells.is_err(), number == bad, "{number} of {text:?}");
            }
        }
    }

    #[test]
    fn what_makes_all_of_it_unreadable() {
        for (text, why) in [
            ("", "holds no line"),
            ("\n \n", "holds no line"),
            ("ref,name\n", "holds no line"),
            (
                "label,name\nacme,x\n",
                "has no column ref in its first line",
            ),
        ] {
            assert_eq!(parse(text, COLUMNS).unwrap_err(), why, "{text:?}");
        }
        let table = parse("ref,notes,,notes\na,b,c,d\n", COLUMNS).unwrap();
        assert_eq!(table.passed_over, ["notes"]);
    }

    /// A cell as CSV and as JSON hold it.
    fn quoted(text: &str) -> String {
        format!("\"{}\"", text.replace('"', "\"\""))
    }

    proptest::proptest! {
        #[test]
        fn fuzz_csv_and_ndjson_of_any_text(text in "(sep=.\n)?\\PC{0,20}|(ref[,;\t]name(\r?\n)?)?[a-z0-9,;\t\"'\r\n {}\\[\\]:\u{feff}]{0,80}") {
            if let Ok(table) = parse(&text, COLUMNS) {
                let most = text.matches(['\n', '\r']).count() as u64 + 1;
                let mut before = 0;
                for line in table.lines {
                    proptest::prop_assert!(line.number > before && line.number <= most, "{:?}", text);
                    before = line.number;
                }
            }
        }

        #[test]
        fn fuzz_csv_holds_what_was_written(
            rows in proptest::collection::vec(("[a-z]{1,6}", "\\PC{0,12}", "[0-9 ]{0,12}"), 1..6),
            delimiter in proptest::sample::select(vec![",", ";", "\t"]),
            end in proptest::sample::select(vec!["\n", "\r\n"]),
            mark in proptest::sample::select(vec!["", "\u{feff}"]),
        ) {
            let mut text = format!("{mark}ref{delimiter}name{delimiter}app_ids{end}");
            for (label, name, ids) in &rows {
                text += &[quoted(label), quoted(name), quoted(ids)].join(delimiter);
                text += end;
            }
            let read = parse(&text, COLUMNS).unwrap().lines;
            proptest::prop_assert_eq!(read.len(), rows.len(), "{:?}", text);
            for (line, (label, name, ids)) in read.iter().zip(&rows) {
                let cells = line.cells.as_ref().unwrap();
                let expected = [label, name, ids].map(|cell| Some(cell.trim()));
                proptest::prop_assert_eq!(COLUMNS.iter().map(|column| cells.get(column)).collect::<Vec<_>>(), expected, "{:?}", text);
            }
        }

        #[test]
        fn fuzz_ndjson_holds_what_was_written(
            rows in proptest::collection::vec(("[a-z]{1,6}", "\\PC{0,12}|.{0,12}", proptest::collection::vec("[0-9]{1,9}", 0..4)), 1..6),
            bad in proptest::option::of("\\{\\PC{0,20}"),
        ) {
            let mut text = String::new();
            for (label, name, ids) in &rows {
                text += &format!("{}\n", serde_json::json!({"ref": label, "name": name, "app_ids": ids}));
            }
            // A line that cannot be read spoils no other.
            let bad = bad.filter(|bad| serde_json::from_str::<Value>(bad).is_err());
            text += bad.as_deref().unwrap_or_default();
            let read = parse(&text, COLUMNS).unwrap().lines;
            proptest::prop_assert!(read.len() >= rows.len());
            for (line, (label, name, ids)) in read.iter().zip(&rows) {
                let cells = line.cells.as_ref().unwrap();
                proptest::prop_assert_eq!(cells.get("ref"), Some(label.as_str()));
                proptest::prop_assert_eq!(cells.get("name"), Some(name.trim()));
                let joined = ids.join(" ");
                proptest::prop_assert_eq!(cells.get("app_ids"), Some(joined.as_str()));
            }
        }
    }
}
