//! Tables and cards for people.
//!
//! The one decision: no borders, headings in capitals, columns as wide as they need and the text wrapped
//! where the terminal ends; colours mark what a word already says.

use comfy_table::{Cell as TableCell, ContentArrangement, Table, presets};

use super::{Label, sanitize};

/// One cell: text from anywhere (escaped here) and how it is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    label: Label,
}

impl Cell {
    /// A cell with a label.
    pub fn marked(text: impl Into<String>, label: Label) -> Self {
        Self {
            text: text.into(),
            label,
        }
    }

    fn paint(&self, color: bool) -> String {
        self.label.paint(&sanitize::escape(&self.text), color)
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::marked(text, Label::Plain)
    }
}

/// The table as text, each line ended.
pub fn render(header: &[&str], rows: &[Vec<Cell>], width: u16, color: bool) -> String {
    let mut table = bare(width);
    table.set_header(
        header
            .iter()
            .map(|title| TableCell::new(Label::Dim.paint(title, color))),
    );
    for row in rows {
        table.add_row(row.iter().map(|cell| TableCell::new(cell.paint(color))));
    }
    lines(&mut table)
}

/// A card: one `name  value` a line.
pub fn card(fields: &[(&str, Cell)], width: u16, color: bool) -> String {
    let mut table = bare(width);
    for (name, cell) in fields {
        table.add_row([
            TableCell::new(Label::Dim.paint(name, color)),
            TableCell::new(cell.paint(color)),
        ]);
    }
    lines(&mut table)
}

fn bare(width: u16) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width);
    table
}

fn lines(table: &mut Table) -> String {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let text = table.to_string();
    text.lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_outside_text_is_escaped() {
        let rows = vec![
            vec![
                "1".into(),
                "Lucky Shrub".into(),
                Cell::marked("ACTIVE", Label::Good),
            ],
            vec!["22".into(), "花屋\u{1b}[2J".into(), "INITIATED".into()],
        ];
        assert_eq!(
            render(&["ID", "NAME", "STATUS"], &rows, 80, false),
            "ID  NAME           STATUS\n1   Lucky Shrub    ACTIVE\n22  花屋\\u{1b}[2J  INITIATED\n"
        );
        assert!(render(&["ID"], &rows, 80, true).contains("\u{1b}["));
    }

    #[test]
    fn a_narrow_terminal_wraps() {
        let rows = vec![vec![
            "1234567890".into(),
            "a long name that does not fit".into(),
        ]];
        let text = render(&["ID", "NAME"], &rows, 30, false);
        assert!(
            text.lines().all(|line| line.chars().count() <= 30),
            "{text}"
        );
    }

    #[test]
    fn cards() {
        assert_eq!(
            card(&[("app", "x".into()), ("status", "y".into())], 80, false),
            "app     x\nstatus  y\n"
        );
    }
}
