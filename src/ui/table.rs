//! Tables and cards for people.
//!
//! The one decision: no borders, headings in capitals, columns as wide as they need and the text wrapped
//! where the terminal ends, but never within an id, a status or a date: they are copied and searched for.
//! Where a table cannot keep them whole, each row becomes a card. Colours mark what a word already says.

use comfy_table::{Cell as TableCell, ColumnConstraint, ContentArrangement, Table, Width, presets};
use unicode_width::UnicodeWidthStr as _;

use super::{Label, sanitize};

/// Words up to this width stay whole; a date with a comma is as wide as that, an id is shorter.
const WHOLE: usize = 22;

/// The least room for what may be broken (paths, addresses, words that nobody types).
const BREAKABLE: usize = 8;

/// One cell: text from anywhere (escaped here) and how it is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    label: Label,
    below: Option<(String, Label)>,
}

impl Cell {
    /// A cell with a label.
    pub fn marked(text: impl Into<String>, label: Label) -> Self {
        Self {
            text: text.into(),
            label,
            below: None,
        }
    }

    /// The cell with a second text on a line of its own.
    #[must_use]
    pub fn below(mut self, text: impl Into<String>, label: Label) -> Self {
        self.below = Some((text.into(), label));
        self
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// With a sign in place of its end.
    pub(super) fn cut_end(&mut self, end: &str) {
        if let Some(text) = self.text.strip_suffix(end) {
            self.text = format!("{text}…");
        }
    }

    fn parts(&self) -> impl Iterator<Item = (&str, Label)> {
        let below = self.below.as_ref();
        let below = below.map(|(text, label)| (text.as_str(), *label));
        std::iter::once((self.text.as_str(), self.label)).chain(below)
    }

    fn paint(&self, color: bool) -> String {
        let parts = self.parts();
        let parts = parts.map(|(text, label)| label.paint(&sanitize::escape(text), color));
        parts.collect::<Vec<_>>().join("\n")
    }

    fn is_empty(&self) -> bool {
        self.parts().all(|(text, _)| text.is_empty())
    }

    /// The least width that breaks nothing which has to stay whole.
    fn least(&self) -> usize {
        let parts = self.parts();
        parts.map(|(text, _)| least(text)).max().unwrap_or(0)
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::marked(text, Label::Plain)
    }
}

fn least(text: &str) -> usize {
    let words = sanitize::escape(text);
    let words = words.split_whitespace().map(|word| {
        let may_break = word.width() > WHOLE || word.contains(['/', '@', '.', '\\']);
        word.width().min(if may_break { BREAKABLE } else { WHOLE })
    });
    words.max().unwrap_or(0)
}

/// The table as text, each line ended.
pub fn render(header: &[&str], rows: &[Vec<Cell>], width: u16, color: bool) -> String {
    let needed = needed(header, rows);
    let between = needed.len().saturating_sub(1);
    let room = usize::from(width).saturating_sub(needed.iter().sum());
    let gap = match room.checked_div(between) {
        None | Some(2..) => 2,
        Some(1) => 1,
        Some(0) => return cards(header, rows, width, color),
    };
    let mut table = bare(width);
    table.set_header(
        header
            .iter()
            .map(|title| TableCell::new(Label::Dim.paint(title, color))),
    );
    for row in rows {
        table.add_row(row.iter().map(|cell| TableCell::new(cell.paint(color))));
    }
    lines(&mut table, gap, &needed)
}

/// The least width of each column.
fn needed(header: &[&str], rows: &[Vec<Cell>]) -> Vec<usize> {
    let mut needed: Vec<usize> = header.iter().map(|title| least(title)).collect();
    for row in rows {
        needed.resize(needed.len().max(row.len()), 0);
        for (column, cell) in needed.iter_mut().zip(row) {
            *column = cell.least().max(*column);
        }
    }
    needed
}

/// A card for each row, of the cells that say something.
fn cards(header: &[&str], rows: &[Vec<Cell>], width: u16, color: bool) -> String {
    let cards: Vec<String> = rows
        .iter()
        .map(|row| {
            let fields = header.iter().copied().zip(row.iter().cloned());
            let fields: Vec<_> = fields.filter(|(_, cell)| !cell.is_empty()).collect();
            card(&fields, width, color)
        })
        .collect();
    cards.join("\n")
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
    lines(&mut table, 2, &[])
}

fn bare(width: u16) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width);
    table
}

fn lines(table: &mut Table, gap: u16, needed: &[usize]) -> String {
    let last = table.column_count().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        let gap = if index == last { 0 } else { gap };
        column.set_padding((0, gap));
        if let Some(&least) = needed.get(index) {
            let least = u16::try_from(least).unwrap_or(u16::MAX);
            let least = Width::Fixed(least.saturating_add(gap));
            column.set_constraint(ColumnConstraint::LowerBoundary(least));
        }
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

    /// A list as `mps list` shows it, with names from everywhere.
    fn listed() -> (Vec<&'static str>, Vec<Vec<Cell>>) {
        let header = vec!["SOLUTION", "NAME", "STATUS", "ROLE", "OWNER APP", "LINK"];
        let row = |id: &str, name: &str, status: &str| {
            vec![
                id.into(),
                name.into(),
                Cell::marked(status, Label::Good),
                "partner".into(),
                "212022489970390".into(),
                "https://a-very-long-name.example/".into(),
            ]
        };
        let rows = vec![
            row(
                "795033096057724",
                "Lucky Shrub + Brightline Messaging",
                "INITIATED",
            ),
            row(
                "795033096058733",
                "花屋さんと花屋さんと花屋さん",
                "DEACTIVATED",
            ),
            row(
                "795033096059742",
                "Cafe\u{301} a\u{308}o\u{308}u\u{308} 👩‍🌾",
                "ACTIVE",
            ),
        ];
        (header, rows)
    }

    #[test]
    fn what_is_copied_stays_whole_at_every_width() {
        let (header, rows) = listed();
        for width in [40, 60, 70, 80, 100, 200] {
            for color in [false, true] {
                let text = render(&header, &rows, width, color);
                let text = console::strip_ansi_codes(&text);
                for word in [
                    "795033096057724",
                    "212022489970390",
                    "INITIATED",
                    "DEACTIVATED",
                ] {
                    assert!(text.contains(word), "{width}: {word}\n{text}");
                }
                for line in text.lines() {
                    assert!(line.width() <= usize::from(width), "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn a_row_becomes_a_card_where_a_table_has_no_room() {
        let (header, rows) = listed();
        let text = render(&header, &rows[..2], 40, false);
        assert_eq!(
            text,
            "\
SOLUTION   795033096057724
NAME       Lucky Shrub + Brightline
           Messaging
STATUS     INITIATED
ROLE       partner
OWNER APP  212022489970390
LINK       https://a-very-long-name.exam
           ple/

SOLUTION   795033096058733
NAME       花屋さんと花屋さんと花屋さん
STATUS     DEACTIVATED
ROLE       partner
OWNER APP  212022489970390
LINK       https://a-very-long-name.exam
           ple/
"
        );
        let table = render(&header, &rows, 200, false);
        assert_eq!(table.lines().count(), 4, "{table}");
    }

    #[test]
    fn a_second_text_stands_below() {
        let rows = vec![vec![
            "x".into(),
            Cell::from("seen").below("type this", Label::Hint),
        ]];
        let text = render(&["", "SEEN"], &rows, 40, false);
        assert_eq!(text, "   SEEN\nx  seen\n   type this\n");
    }

    #[test]
    fn cards_have_a_field_a_line() {
        assert_eq!(
            card(&[("app", "x".into()), ("status", "y".into())], 80, false),
            "app     x\nstatus  y\n"
        );
    }
}
