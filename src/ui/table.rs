//! Tables and cards for people.
//!
//! The one decision: no borders, headings in capitals, columns as wide as they need and the text wrapped
//! where the terminal ends, but never within a word: ids, links and paths are copied and searched for. Where a table
//! cannot keep them whole, first dates and persons get shorter, then each row becomes a card. Colours mark what a word
//! already says.

use unicode_width::UnicodeWidthStr as _;

use super::{Label, sanitize, wrap};

/// The least room for the last column: its words may overflow it, since nothing stands behind them.
const LAST_COLUMN: usize = 18;

/// One cell: text from anywhere (escaped here) and how it is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    label: Label,
    below: Option<(String, Label)>,
    /// What says it where there is no room for the whole; with one, the text is never broken.
    short: Option<String>,
}

impl Cell {
    /// A cell with a label.
    pub fn marked(text: impl Into<String>, label: Label) -> Self {
        Self {
            text: text.into(),
            label,
            below: None,
            short: None,
        }
    }

    /// A text that is not broken over lines; where a table has no room for it, `short` stands there.
    pub fn or_short(text: impl Into<String>, short: impl Into<String>) -> Self {
        Self {
            short: Some(short.into()),
            ..Self::from(text.into())
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

    fn shortened(&self) -> Self {
        match &self.short {
            Some(short) => Self::or_short(short, short),
            None => self.clone(),
        }
    }

    fn parts(&self) -> impl Iterator<Item = (&str, Label)> {
        let below = self.below.as_ref();
        let below = below.map(|(text, label)| (text.as_str(), *label));
        std::iter::once((self.text.as_str(), self.label)).chain(below)
    }

    fn is_empty(&self) -> bool {
        self.parts().all(|(text, _)| text.is_empty())
    }

    /// The widest word, or the whole of what is not broken.
    fn least(&self) -> usize {
        if self.short.is_some() {
            return self.natural();
        }
        let parts = self.parts();
        parts.map(|(text, _)| least(text)).max().unwrap_or(0)
    }

    /// The width that needs no second line.
    fn natural(&self) -> usize {
        let parts = self.parts();
        let widths = parts.map(|(text, _)| sanitize::escape(text).width());
        widths.max().unwrap_or(0)
    }

    /// Its lines at most so wide, but for words that are wider.
    fn lines(&self, width: usize, color: bool) -> Vec<CellLine> {
        let parts = self.parts().flat_map(|(text, label)| {
            let lines = wrap::words(&sanitize::escape(text), width).into_iter();
            lines.map(move |line| CellLine {
                width: line.width(),
                text: label.paint(&line, color),
            })
        });
        parts.collect()
    }
}

/// A line of a cell, and how wide it is without its colours.
#[derive(Debug, Clone, Default)]
struct CellLine {
    width: usize,
    text: String,
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::marked(text, Label::Plain)
    }
}

fn least(text: &str) -> usize {
    wrap::widest_word(&sanitize::escape(text))
}

/// The table as text, each line ended.
pub fn render(header: &[&str], rows: &[Vec<Cell>], width: u16, color: bool) -> String {
    let titles: Vec<Cell> = header
        .iter()
        .map(|title| Cell::marked(*title, Label::Dim))
        .collect();
    let short: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| row.iter().map(Cell::shortened).collect())
        .collect();
    table(&titles, rows, width, color)
        .or_else(|| table(&titles, &short, width, color))
        .unwrap_or_else(|| cards(header, rows, width, color))
}

/// The table; `None`: it has no room.
fn table(titles: &Vec<Cell>, rows: &[Vec<Cell>], width: u16, color: bool) -> Option<String> {
    let all = || std::iter::once(titles).chain(rows);
    let count = all().map(Vec::len).max().unwrap_or(0);
    let of_column = |column: usize, of: fn(&Cell) -> usize| {
        let cells = all().filter_map(|row| row.get(column));
        cells.map(of).max().unwrap_or(0)
    };
    let columns: Vec<ColumnNeeds> = (0..count)
        .map(|column| ColumnNeeds {
            least: of_column(column, Cell::least),
            natural: of_column(column, Cell::natural),
        })
        .collect();
    let (widths, gap) = fit(&columns, width.into())?;
    let lines = all().map(|row| line(row, &widths, gap, width.into(), color));
    Some(lines.collect())
}

/// What a column needs.
#[derive(Debug, Clone, Copy)]
struct ColumnNeeds {
    /// Its widest word.
    least: usize,
    /// Its widest cell on one line.
    natural: usize,
}

/// How wide each column is, and the gap between two; `None`: no table fits.
fn fit(columns: &[ColumnNeeds], width: usize) -> Option<(Vec<usize>, usize)> {
    let between = columns.len().saturating_sub(1);
    // A word that is wider than the last column has a line of its own.
    let least = |at: usize, room: &ColumnNeeds| {
        let most = if at == between {
            LAST_COLUMN
        } else {
            usize::MAX
        };
        room.least.min(most)
    };
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, room)| least(at, room))
        .collect();
    let needed: usize = widths.iter().sum();
    let gap = [2, 1]
        .into_iter()
        .find(|gap| needed + between * gap <= width)?;
    let mut spare = width - needed - between * gap;
    // Whoever wants the least is served first: the others share what is left.
    let mut wanting: Vec<usize> = (0..columns.len()).collect();
    let wants = |at: &usize| {
        columns[*at]
            .natural
            .saturating_sub(least(*at, &columns[*at]))
    };
    wanting.sort_by_key(wants);
    for (served, at) in wanting.iter().enumerate() {
        let share = spare / (wanting.len() - served);
        let given = wants(at).min(share);
        widths[*at] += given;
        spare -= given;
    }
    Some((widths, gap))
}

/// A row, its cells beside each other.
fn line(row: &[Cell], widths: &[usize], gap: usize, width: usize, color: bool) -> String {
    let cells = row.iter().zip(widths);
    let cells: Vec<Vec<CellLine>> = cells
        .map(|(cell, width)| cell.lines(*width, color))
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let mut text = String::new();
    for at in 0..height {
        let (mut line, mut used) = (String::new(), 0);
        let mut column_start = 0;
        for (cell, column) in cells.iter().zip(widths) {
            if let Some(part) = cell.get(at).filter(|part| part.width > 0) {
                // A word that is wider than the last column begins before it, else on a line of its own.
                let start = if part.width > *column {
                    column_start.min(width.saturating_sub(part.width))
                } else {
                    column_start
                };
                if used > 0 && start < used + gap {
                    text += &format!("{line}\n");
                    (line, used) = (String::new(), 0);
                }
                line += &" ".repeat(start.saturating_sub(used));
                line += &part.text;
                used = start + part.width;
            }
            column_start += column + gap;
        }
        text += &format!("{line}\n");
    }
    text
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
    let names = fields.iter().map(|(name, _)| name.width());
    let names = names.max().unwrap_or(0);
    let width = usize::from(width);
    let widths = [names, width.saturating_sub(names + 2).max(LAST_COLUMN)];
    let lines = fields.iter().map(|(name, cell)| {
        let row = [Cell::marked(*name, Label::Dim), cell.clone()];
        line(&row, &widths, 2, width, color)
    });
    lines.collect()
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
LINK   https://a-very-long-name.example/

SOLUTION   795033096058733
NAME       花屋さんと花屋さんと花屋さん
STATUS     DEACTIVATED
ROLE       partner
OWNER APP  212022489970390
LINK   https://a-very-long-name.example/
"
        );
        let table = render(&header, &rows, 200, false);
        assert_eq!(table.lines().count(), 4, "{table}");
    }

    #[test]
    fn a_date_is_never_broken_and_gets_shorter_before_a_row_becomes_a_card() {
        let rows = vec![vec![
            Cell::or_short("2026-11-26 15:40:57Z", "2026-11-26 15:40Z"),
            "212022489970390".into(),
            "ok".into(),
        ]];
        let shown = |width| render(&["AT", "APP", "OUTCOME"], &rows, width, false);
        let whole = "AT                    APP              OUTCOME
2026-11-26 15:40:57Z  212022489970390  ok
";
        let short = "AT                 APP              OUTCOME
2026-11-26 15:40Z  212022489970390  ok
";
        let card = "AT       2026-11-26 15:40:57Z
APP      212022489970390
OUTCOME  ok
";
        for (width, expected) in [(80, whole), (46, whole), (43, short), (39, card)] {
            assert_eq!(shown(width), expected, "{width}");
        }
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
