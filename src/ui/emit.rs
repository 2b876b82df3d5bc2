//! The one place that writes results to stdout.
//!
//! The one decision: a command returns lines, and the shape of the output follows from the stream, not
//! from the command. A terminal gets one table at the end or a card, a pipe gets plain lines, `--json`
//! gets an object a line; the latter two leave as soon as they are known.

use std::io;

use futures_util::{Stream, StreamExt};
use serde_json::Value;

pub use super::output::{
    Card, Cards, RenderedLine, RenderedOutput, Rows, TableRow, Tally, Written,
};
use super::{Ui, output::Counts, sanitize, table, table::Cell, table_names};

/// Rows of one table on a terminal; a longer list is shown as several, so that it needs no more memory.
const TABLE_AT_ONCE: usize = 1000;

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
        RenderedOutput::Text {
            text,
            prose,
            json,
            tally,
        } => {
            let shown = match json.filter(|_| ui.json()) {
                Some(json) => ui.data(&object_line(ui, json, host)),
                None if prose && ui.for_people() => ui.prose(&sanitize::escape_lines(&text)),
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

/// Writes the rows so far as a table, in their places.
fn show<E>(ui: &Ui, rows: &Rows<E>, table: &mut Vec<(usize, Vec<Cell>)>) -> io::Result<()> {
    table.sort_by_key(|(place, _)| *place);
    let cells: Vec<Vec<Cell>> = table.drain(..).map(|(_, cells)| cells).collect();
    let (width, color) = (ui.streams().width, ui.color_out());
    ui.page_out(&table_names::render_named(
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
        super::{Streams, UiOptions, epilogue::Epilogue},
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
