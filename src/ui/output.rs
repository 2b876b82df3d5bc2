//! What a command hands to stdout: rows, cards, text, and how the items behind them ended.
//!
//! The one decision: a line carries every form that it may need, since the stream chooses among them and not the command.

use std::{collections::BTreeMap, io, pin::Pin};

use futures_util::Stream;
use serde_json::Value;

use super::{epilogue::Epilogue, table::Cell, table_names::NameColumns};
use crate::record::Record;

/// One thing that a command has to say on stdout, in every form it may need.
#[derive(Debug, Clone)]
pub struct RenderedLine<E> {
    /// The line in a pipe; `None` for an item that failed.
    pub plain: Option<String>,
    /// The object of `--json`.
    pub json: Value,
    /// The same with secrets masked, for `--json` on a terminal, where there are secrets.
    pub masked: Option<Value>,
    /// The row of the table; empty for an item that has no row.
    pub cells: Vec<Cell>,
    /// Why this item failed, if it did.
    pub failed: Option<E>,
    /// What came of the item, in a word, for the counts of a run that acts.
    pub outcome: Option<&'static str>,
    /// Where it stands in a table: in the order of the plan, which rows seldom come in. Equal places keep theirs.
    pub place: usize,
}

/// A record that comes in numbers: its columns, and its line in a pipe.
pub trait TableRow: Record {
    /// The headings of the columns.
    const HEADER: &'static [&'static str];

    /// What one of them is called, where a run of many is counted.
    const NOUN: &'static str = "item";

    /// The columns of a solution's name and of its app's, which it mostly begins with.
    const NAMES: Option<NameColumns> = None;

    /// The row of the table, a cell per heading; empty for an item that has no row.
    fn cells(&self) -> Vec<Cell>;

    /// The line in a pipe; `None` for an item that failed.
    fn plain(&self) -> Option<String>;

    /// What came of it, in a word, where something was to come of it.
    fn outcome(&self) -> Option<&'static str> {
        None
    }
}

impl<E> RenderedLine<E> {
    /// The line of a record, in every form.
    pub fn of(row: &impl TableRow) -> Self {
        Self {
            cells: row.cells(),
            outcome: row.outcome(),
            ..Self::untabled(row, row.plain())
        }
    }

    /// The line of a record that stands in no table.
    pub fn untabled(record: &impl Record, plain: Option<String>) -> Self {
        Self {
            plain,
            json: record.object(),
            masked: None,
            cells: Vec::new(),
            failed: None,
            outcome: None,
            place: 0,
        }
    }

    /// The line at its place in the table.
    #[must_use]
    pub fn at(self, place: usize) -> Self {
        Self { place, ..self }
    }

    /// The line of an item that failed. `object`: the error for `--json`.
    #[must_use]
    pub fn failed_by(mut self, error: E, object: Value) -> Self {
        self.plain = None;
        self.json["error"] = object;
        self.failed = Some(error);
        self
    }
}

/// What a command returns.
pub enum RenderedOutput<E> {
    /// Nothing for stdout.
    Nothing,
    /// Things that come in numbers.
    Rows(Rows<E>),
    /// One thing: a card on a terminal.
    Card(Card<E>),
    /// Several things with their fields, a card each.
    Cards(Cards<E>),
    /// Text that is the same everywhere and comes piece by piece, lines whole. An error ends it.
    Pieces(Pin<Box<dyn Stream<Item = Result<String, E>> + Send>>),
    /// Text that is the same everywhere (a script, a page of data). With `--json` an object.
    Text {
        /// The text, its last line ended.
        text: String,
        /// Whether it is for people (a message, a page of help): no word of it is cut where a terminal is narrow.
        prose: bool,
        /// The object of `--json`; `None`: the text is the data there too.
        json: Option<Value>,
        /// How the items behind it ended.
        tally: Tally<E>,
    },
}

/// Rows and what stands above and below them on a terminal.
pub struct Rows<E> {
    /// The headings of the table.
    pub header: &'static [&'static str],
    /// The rows as they come. An error ends them.
    pub lines: Pin<Box<dyn Stream<Item = Result<RenderedLine<E>, E>> + Send>>,
    /// What a terminal shows in place of an empty table.
    pub empty: &'static str,
    /// What is said on stderr below the table, where somebody left it here by then.
    pub epilogue: Epilogue,
    /// What one of them is called.
    pub noun: &'static str,
    /// The columns of names.
    pub names: Option<NameColumns>,
}

impl<E> Rows<E> {
    /// A table of these records. `empty`: what a terminal shows in place of an empty one.
    pub fn of<R: TableRow>(
        lines: impl Stream<Item = Result<RenderedLine<E>, E>> + Send + 'static,
        empty: &'static str,
    ) -> Self {
        Self {
            header: R::HEADER,
            lines: Box::pin(lines),
            empty,
            epilogue: Epilogue::default(),
            noun: R::NOUN,
            names: R::NAMES,
        }
    }
}

/// One thing with its fields.
pub struct Card<E> {
    /// The fields for a terminal.
    pub fields: Vec<(&'static str, Cell)>,
    /// The plain, JSON and masked forms.
    pub line: RenderedLine<E>,
}

/// Cards as they come.
pub struct Cards<E> {
    /// The cards. An error ends them; one without fields is not shown on a terminal.
    pub cards: Pin<Box<dyn Stream<Item = Result<Card<E>, E>> + Send>>,
}

/// How writing went.
#[derive(Debug)]
pub enum Written<E> {
    /// All is written.
    All(Tally<E>),
    /// The reader of stdout went away: no error, the run ends quietly. What was under way is in here.
    Closed(Tally<E>),
    /// The stream of rows ended with an error, after these items.
    Cut(Tally<E>, E),
    /// stdout cannot be written; what was under way is in here.
    Broken(Tally<E>, io::Error),
}

/// How the items ended.
#[derive(Debug)]
pub struct Tally<E> {
    /// How many worked.
    pub done: usize,
    /// Why the others did not, in the order of the table.
    pub failed: Vec<E>,
    /// How often each outcome came, where the items have one.
    pub outcomes: BTreeMap<&'static str, usize>,
    /// What one item is called.
    pub noun: &'static str,
    /// What is to be said on stderr when all else is said.
    pub epilogue: Option<String>,
}

impl<E> Default for Tally<E> {
    fn default() -> Self {
        Self {
            done: 0,
            failed: Vec::new(),
            outcomes: BTreeMap::new(),
            noun: "item",
            epilogue: None,
        }
    }
}

impl<E> Tally<E> {
    pub(super) fn count(&mut self, failed: Option<E>) {
        match failed {
            Some(error) => self.failed.push(error),
            None => self.done += 1,
        }
    }
}

/// Items as they come, counted.
pub(super) struct Counts<E> {
    done: usize,
    failed: Vec<(usize, E)>,
    outcomes: BTreeMap<&'static str, usize>,
}

impl<E> Default for Counts<E> {
    fn default() -> Self {
        Self {
            done: 0,
            failed: Vec::new(),
            outcomes: BTreeMap::new(),
        }
    }
}

impl<E> Counts<E> {
    pub(super) fn outcome(&mut self, outcome: Option<&'static str>) {
        if let Some(outcome) = outcome {
            *self.outcomes.entry(outcome).or_default() += 1;
        }
    }

    pub(super) fn item(&mut self, place: usize, failed: Option<E>) {
        match failed {
            Some(error) => self.failed.push((place, error)),
            None => self.done += 1,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.done + self.failed.len() == 0
    }

    pub(super) fn tally(mut self, rows: &Rows<E>) -> Tally<E> {
        self.failed.sort_by_key(|(place, _)| *place);
        Tally {
            done: self.done,
            failed: self.failed.into_iter().map(|(_, error)| error).collect(),
            outcomes: self.outcomes,
            noun: rows.noun,
            epilogue: None,
        }
    }
}
