//! The one place that writes results to stdout.
//!
//! The one decision: a command returns lines, and the shape of the output follows from the stream, not
//! from the command. A terminal gets one table at the end or a card, a pipe gets plain lines, `--json`
//! gets an object a line; the latter two leave as soon as they are known.

use std::{collections::BTreeMap, io, pin::Pin};

use futures_util::{Stream, StreamExt};
use serde_json::Value;

use super::{
    Ui,
    epilogue::Epilogue,
    sanitize,
    table::{self, Cell, NameColumns},
};
use crate::record::Record;

/// Rows of one table on a terminal; a longer list is shown as several, so that it needs no more memory.
const TABLE_AT_ONCE: usize = 1000;

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
    /// Text that is the same everywhere (a script, a message, a page). With `--json` an object.
    Text {
        /// The text, its last line ended.
        text: String,
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
    fn count(&mut self, failed: Option<E>) {
        match failed {
            Some(error) => self.failed.push(error),
            None => self.done += 1,
        }
    }
}

/// Writes an output. `host`: the name of the Graph host when it is not Meta's own, put into each object.
/// `unheard` is called when stdout takes no more, and says whether to wait for what is under way: a write
/// whose future is dropped would be lost, a reading is not worth the wait.
pub async fn emit<E>(
    ui: &Ui,
    host: Option<&str>,
    output: RenderedOutput<E>,
    unheard: impl Fn() -> bool,
) -> Written<E> {
    let written = match output {
        RenderedOutput::Nothing => Ok(Written::All(Tally::default())),
        RenderedOutput::Rows(rows) => return emit_rows(ui, host, rows, unheard).await,
        RenderedOutput::Card(card) => {
            let mut tally = Tally::default();
            emit_card(ui, host, card, &mut tally).map(|()| Written::All(tally))
        }
        RenderedOutput::Cards(cards) => emit_cards(ui, host, cards).await,
        RenderedOutput::Pieces(pieces) => emit_pieces(ui, pieces).await,
        RenderedOutput::Text { text, json, tally } => {
            let shown = match json.filter(|_| ui.json()) {
                Some(json) => ui.data(&object_line(ui, json, host)),
                None => text_out(ui, &text),
            };
            return match shown {
                Ok(()) => Written::All(tally),
                // What tells of work that was done is lost with it: that is no reading command's quiet end.
                Err(error) if tally.done > 0 => Written::Broken(tally, error),
                Err(error) => stopped(tally, error),
            };
        }
    };
    match written {
        Ok(written) => written,
        Err(error) => stopped(Tally::default(), error),
    }
}

/// What an error of stdout means.
fn stopped<E>(tally: Tally<E>, error: io::Error) -> Written<E> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Written::Closed(tally)
    } else {
        Written::Broken(tally, error)
    }
}

async fn emit_rows<E>(
    ui: &Ui,
    host: Option<&str>,
    mut rows: Rows<E>,
    unheard: impl Fn() -> bool,
) -> Written<E> {
    let mut counts = Counts::default();
    let mut table = Vec::new();
    let (mut cut, mut broken) = (None, None);
    while let Some(line) = rows.lines.next().await {
        let line = match line {
            Ok(line) => line,
            // The first error counts; what was under way beside it still comes.
            Err(error) => {
                cut.get_or_insert(error);
                continue;
            }
        };
        counts.outcome(line.outcome.filter(|_| line.failed.is_none()));
        let written = if broken.is_some() {
            Ok(())
        } else if ui.for_people() {
            let shown = match table.len() {
                // Rows that have a place are of a plan, which is there whole.
                TABLE_AT_ONCE if line.place == 0 => show(ui, &rows, &mut table),
                _ => Ok(()),
            };
            table.extend(Some((line.place, line.cells)).filter(|(_, cells)| !cells.is_empty()));
            shown
        } else {
            write_line(ui, host, line.plain, line.json, line.masked)
        };
        if let Err(error) = written {
            if !unheard() {
                return stopped(counts.tally(&rows), error);
            }
            broken = Some(error);
        }
        counts.item(line.place, line.failed);
    }
    if let Some(error) = broken {
        return stopped(counts.tally(&rows), error);
    }
    if ui.for_people() && !table.is_empty() {
        ui.set_apart();
        if let Err(error) = show(ui, &rows, &mut table) {
            return stopped(counts.tally(&rows), error);
        }
    } else if ui.for_people() && cut.is_none() && counts.is_empty() {
        ui.status(rows.empty);
    }
    let mut tally = counts.tally(&rows);
    tally.epilogue = rows.epilogue.take();
    match cut {
        Some(error) => Written::Cut(tally, error),
        None => Written::All(tally),
    }
}

/// Items as they come, counted.
struct Counts<E> {
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
    fn outcome(&mut self, outcome: Option<&'static str>) {
        if let Some(outcome) = outcome {
            *self.outcomes.entry(outcome).or_default() += 1;
        }
    }

    fn item(&mut self, place: usize, failed: Option<E>) {
        match failed {
            Some(error) => self.failed.push((place, error)),
            None => self.done += 1,
        }
    }

    fn is_empty(&self) -> bool {
        self.done + self.failed.len() == 0
    }

    fn tally(mut self, rows: &Rows<E>) -> Tally<E> {
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

/// Writes the rows so far as a table, in their places.
fn show<E>(ui: &Ui, rows: &Rows<E>, table: &mut Vec<(usize, Vec<Cell>)>) -> io::Result<()> {
    table.sort_by_key(|(place, _)| *place);
    let cells: Vec<Vec<Cell>> = table.drain(..).map(|(_, cells)| cells).collect();
    let (width, color) = (ui.streams().width, ui.color_out());
    ui.page_out(&table::render_named(
        rows.header,
        &cells,
        rows.names,
        width,
        color,
    ))
}

async fn emit_cards<E>(ui: &Ui, host: Option<&str>, mut cards: Cards<E>) -> io::Result<Written<E>> {
    let mut tally = Tally::default();
    let mut shown = 0;
    while let Some(card) = cards.cards.next().await {
        match card {
            Ok(card) => {
                if ui.for_people() && shown > 0 && !card.fields.is_empty() {
                    ui.data("\n")?;
                }
                shown += 1;
                emit_card(ui, host, card, &mut tally)?;
            }
            Err(error) => return Ok(Written::Cut(tally, error)),
        }
    }
    Ok(Written::All(tally))
}

async fn emit_pieces<E>(
    ui: &Ui,
    mut pieces: impl Stream<Item = Result<String, E>> + Unpin,
) -> io::Result<Written<E>> {
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(text) => text_out(ui, &text)?,
            Err(error) => return Ok(Written::Cut(Tally::default(), error)),
        }
    }
    Ok(Written::All(Tally::default()))
}

/// Writes text as it is, but for what a terminal would obey.
fn text_out(ui: &Ui, text: &str) -> io::Result<()> {
    if ui.streams().stdout {
        ui.data(&sanitize::escape_lines(text))
    } else {
        ui.data(text)
    }
}

fn emit_card<E>(
    ui: &Ui,
    host: Option<&str>,
    card: Card<E>,
    tally: &mut Tally<E>,
) -> io::Result<()> {
    if ui.for_people() {
        if !card.fields.is_empty() {
            let text = table::card(&card.fields, ui.streams().width, ui.color_out());
            ui.data(&text)?;
        }
        tally.count(card.line.failed);
    } else {
        let RenderedLine {
            plain,
            json,
            masked,
            failed,
            ..
        } = card.line;
        write_line(ui, host, plain, json, masked)?;
        tally.count(failed);
    }
    Ok(())
}

fn write_line(
    ui: &Ui,
    host: Option<&str>,
    plain: Option<String>,
    json: Value,
    masked: Option<Value>,
) -> io::Result<()> {
    if ui.json() {
        let masked = masked.filter(|_| ui.streams().stdout);
        ui.data(&object_line(ui, masked.unwrap_or(json), host))
    } else {
        plain.map_or(Ok(()), |plain| ui.data(&format!("{plain}\n")))
    }
}

fn object_line(ui: &Ui, mut value: Value, host: Option<&str>) -> String {
    if let (Value::Object(object), Some(host)) = (&mut value, host) {
        // A line of `history` says itself where it was done.
        object.entry("host").or_insert_with(|| host.into());
    }
    let text = value.to_string();
    if ui.streams().stdout {
        format!("{}\n", sanitize::escape_json(&text))
    } else {
        format!("{text}\n")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::json;

    use super::{
        super::{Streams, UiOptions},
        *,
    };

    fn streams(stdout: bool) -> Streams {
        Streams {
            stdin: stdout,
            stdout,
            stderr: stdout,
            width: 80,
            height: 24,
            dumb: false,
        }
    }

    fn line(id: &str, failed: Option<&'static str>) -> RenderedLine<&'static str> {
        RenderedLine {
            plain: failed.is_none().then(|| id.to_owned()),
            json: json!({"id": id}),
            masked: None,
            cells: vec![id.into()],
            failed,
            outcome: None,
            place: 0,
        }
    }

    async fn shown(
        stdout: bool,
        json: bool,
        host: Option<&str>,
    ) -> (String, Written<&'static str>) {
        let (ui, out, _) = Ui::in_memory(
            streams(stdout),
            UiOptions {
                json,
                ..UiOptions::default()
            },
        );
        let lines = vec![Ok(line("1", None)), Ok(line("2", Some("no"))), Err("cut")];
        let lines = Box::pin(futures_util::stream::iter(lines));
        let written = emit(
            &ui,
            host,
            RenderedOutput::Rows(Rows {
                header: &["ID"],
                lines,
                empty: "none",
                epilogue: Epilogue::default(),
                noun: "item",
                names: None,
            }),
            || true,
        )
        .await;
        (read(&out), written)
    }

    fn read(bytes: &Arc<Mutex<Vec<u8>>>) -> String {
        String::from_utf8(bytes.lock().unwrap().clone()).unwrap()
    }

    #[tokio::test]
    async fn the_stream_chooses_the_shape() {
        for (stdout, json, host, expected) in [
            (true, false, None, "ID\n1\n2\n"),
            (false, false, None, "1\n"),
            (false, true, None, "{\"id\":\"1\"}\n{\"id\":\"2\"}\n"),
            (
                true,
                true,
                Some("127.0.0.1:1"),
                "{\"id\":\"1\",\"host\":\"127.0.0.1:1\"}\n{\"id\":\"2\",\"host\":\"127.0.0.1:1\"}\n",
            ),
        ] {
            let (text, written) = shown(stdout, json, host).await;
            assert_eq!(text, expected);
            assert!(
                matches!(written, Written::Cut(tally, "cut") if tally.done == 1 && tally.failed == ["no"])
            );
        }
    }

    #[tokio::test]
    async fn a_token_is_masked_on_a_terminal_even_in_json() {
        for (stdout, expected) in [
            (true, "{\"t\":\"EAA…\"}\n"),
            (false, "{\"t\":\"EAAwhole\"}\n"),
        ] {
            let (ui, out, _) = Ui::in_memory(
                streams(stdout),
                UiOptions {
                    json: true,
                    ..UiOptions::default()
                },
            );
            let line = RenderedLine {
                plain: Some("EAAwhole".into()),
                json: json!({"t": "EAAwhole"}),
                masked: Some(json!({"t": "EAA…"})),
                cells: Vec::new(),
                failed: None,
                outcome: None,
                place: 0,
            };
            let _: Written<()> = emit(
                &ui,
                None,
                RenderedOutput::Card(Card {
                    fields: vec![],
                    line,
                }),
                || true,
            )
            .await;
            assert_eq!(read(&out), expected);
        }
    }
}
