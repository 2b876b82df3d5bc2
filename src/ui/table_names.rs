//! The part of solutions' names that a whole table shares is said once.
//!
//! The one decision: most names are made by one template, so the end of each is the same and its beginning is the name
//! of the app, which stands in the row already. What all rows share tells none of them apart and costs the width
//! that keeps the others on one line.

use super::{
    Label, sanitize,
    table::{Cell, render},
    wrap,
};

/// The columns of a solution's name and, where there is one, of its app's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameColumns {
    /// The solution's name.
    pub name: usize,
    /// The app's.
    pub app: usize,
}

/// The least shared end that is worth a line of its own.
const WORTH: usize = 4;

/// The table as text, each line ended; what all names share is said once, below it.
pub fn render_named(
    header: &[&str],
    rows: &[Vec<Cell>],
    names: Option<NameColumns>,
    width: u16,
    color: bool,
) -> String {
    match names.and_then(|names| fold(header, rows, names)) {
        Some(folded) => {
            let table = render(&folded.header, &folded.rows, width, color);
            let note = format!("{}\n", Label::Dim.paint(&folded.note, color));
            table + &wrap::lines(&note, width)
        }
        None => render(header, rows, width, color),
    }
}

/// A table whose shared names were taken out, and what is said of them below it.
struct Folded<'a> {
    header: Vec<&'a str>,
    rows: Vec<Vec<Cell>>,
    note: String,
}

/// Takes out what all rows share; `None`: nothing worth it.
fn fold<'a>(header: &[&'a str], rows: &[Vec<Cell>], columns: NameColumns) -> Option<Folded<'a>> {
    let NameColumns { name, app } = columns;
    let named = || {
        let of = |row: &'_ Vec<Cell>| {
            Some((
                row.get(name)?.text().to_owned(),
                row.get(app)?.text().to_owned(),
            ))
        };
        rows.iter()
            .filter_map(of)
            .filter(|(name, _)| !name.is_empty())
    };
    if named().count() < 2 {
        return None;
    }
    let title = header.get(name)?;
    let after_app = |(name, app): (String, String)| {
        let rest = name
            .strip_prefix(app.as_str())
            .filter(|_| !app.is_empty())?;
        Some(rest.to_owned())
    };
    let mut rests = named().map(after_app);
    if let Some(Some(first)) = rests.next()
        && rests.all(|rest| rest.as_ref() == Some(&first))
    {
        let note = format!(
            "{title}: {} of each, then {:?}",
            header.get(app)?,
            first.trim()
        );
        let without = |row: &Vec<Cell>| {
            let kept = row.iter().enumerate().filter(|(index, _)| *index != name);
            kept.map(|(_, cell)| cell.clone()).collect()
        };
        let kept = header
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != name);
        return Some(Folded {
            header: kept.map(|(_, title)| *title).collect(),
            rows: rows.iter().map(without).collect(),
            note: sanitize::escape(&note).into_owned(),
        });
    }
    let end = shared_end(&named().map(|(name, _)| name).collect::<Vec<_>>())?;
    let note = format!("{title}: … is {:?}", end.trim());
    let cut = |row: &Vec<Cell>| {
        let mut row = row.clone();
        if let Some(cell) = row.get_mut(name) {
            cell.cut_end(&end);
        }
        row
    };
    Some(Folded {
        header: header.to_vec(),
        rows: rows.iter().map(cut).collect(),
        note: sanitize::escape(&note).into_owned(),
    })
}

/// The end that all have, from a blank on, where something stands before it in each.
fn shared_end(names: &[String]) -> Option<String> {
    let (first, others) = names.split_first()?;
    let shared = |end: &&str| others.iter().all(|name| name.ends_with(*end));
    let ends = first.char_indices().filter(|(at, c)| *at > 0 && *c == ' ');
    let end = ends.map(|(at, _)| &first[at..]).find(shared)?;
    let whole = names.iter().any(|name| name.len() == end.len());
    (!whole && end.chars().count() >= WORTH).then(|| end.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: NameColumns = NameColumns { name: 1, app: 0 };

    fn shown(rows: &[[&str; 2]]) -> String {
        let rows: Vec<Vec<Cell>> = rows
            .iter()
            .map(|row| row.map(Cell::from).to_vec())
            .collect();
        render_named(&["NAME", "SOLUTION NAME"], &rows, Some(COLUMNS), 80, false)
    }

    #[test]
    fn what_all_share_is_said_once() {
        for (rows, expected) in [
            (
                &[
                    ["Lucky Shrub", "Lucky Shrub + us"],
                    ["Chat", "Chat + us"],
                    ["Off", ""],
                ][..],
                "NAME\nLucky Shrub\nChat\nOff\nSOLUTION NAME: NAME of each, then \"+ us\"\n",
            ),
            (
                &[["Lucky Shrub", "Shrub + us all"], ["Chat", "Chat + us all"]],
                "NAME         SOLUTION NAME\nLucky Shrub  Shrub…\nChat         Chat…\nSOLUTION NAME: … is \"+ us all\"\n",
            ),
            (
                &[["Lucky Shrub", "Lucky Shrub + us"]],
                "NAME         SOLUTION NAME\nLucky Shrub  Lucky Shrub + us\n",
            ),
            (
                &[["A", "one"], ["B", "two"]],
                "NAME  SOLUTION NAME\nA     one\nB     two\n",
            ),
        ] {
            assert_eq!(shown(rows), expected);
        }
    }
}
