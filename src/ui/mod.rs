//! Everything a person sees: stdout is data, stderr is talk.
//!
//! The one decision: a [`Ui`] is a value that is made once from plain facts about the streams and passed
//! along. It alone writes to the two streams; commands return what they have to say. Whatever goes to
//! stderr has its secrets taken out and its control characters escaped here, so no caller can forget.

pub mod browser;
mod choice;
pub mod emit;
pub mod epilogue;
mod label;
pub mod man_page;
mod output;
mod pager;
pub mod progress;
pub mod prompt;
pub mod sanitize;
mod sink;
mod streams;
pub mod table;
pub mod table_names;
mod terminal_modes;
mod work;
mod wrap;

pub use self::{
    label::Label,
    streams::{ColorChoice, Streams, UiOptions},
    work::WorkSize,
};

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{env::Env, redact::Redactor};
#[cfg(test)]
pub use sink::Memory;

use pager::Pager;
use sink::Sink;
use streams::use_color;

/// The two streams, and how to speak on them.
#[derive(Debug, Clone)]
pub struct Ui {
    streams: Streams,
    wishes: UiOptions,
    color_out: bool,
    color_err: bool,
    out: Sink,
    err: Sink,
    redactor: Redactor,
    bars: progress::Bars,
    spoke: Arc<AtomicBool>,
    hushed: Arc<AtomicBool>,
    asking: Arc<AtomicBool>,
    pager: Option<Pager>,
    work: WorkSize,
    stop: Option<watch::Receiver<bool>>,
}

impl Ui {
    /// The process's own streams.
    pub fn new(env: &Env, wishes: UiOptions, redactor: Redactor) -> Self {
        let streams = Streams::of_process(env);
        let color = |terminal| use_color(wishes.color, terminal, streams.dumb, env);
        Self {
            streams,
            wishes,
            color_out: color(streams.stdout),
            color_err: color(streams.stderr),
            out: Sink::Out,
            err: Sink::Err,
            redactor,
            bars: progress::Bars::new(
                streams.stderr && !streams.dumb && !wishes.quiet && !wishes.json,
            ),
            spoke: Arc::default(),
            hushed: Arc::default(),
            asking: Arc::default(),
            pager: Pager::of(env, streams, wishes),
            work: WorkSize::default(),
            stop: None,
        }
    }

    /// A twin that writes to memory; the two buffers are stdout and stderr.
    #[cfg(test)]
    pub fn in_memory(streams: Streams, wishes: UiOptions) -> (Self, Memory, Memory) {
        let (out, err) = (Arc::default(), Arc::default());
        let ui = Self {
            streams,
            wishes,
            color_out: false,
            color_err: false,
            out: Sink::Memory(Arc::clone(&out)),
            err: Sink::Memory(Arc::clone(&err)),
            redactor: Redactor::default(),
            bars: progress::Bars::new(false),
            spoke: Arc::default(),
            hushed: Arc::default(),
            asking: Arc::default(),
            pager: None,
            work: WorkSize::default(),
            stop: None,
        };
        (ui, out, err)
    }

    /// The same, whose questions end as soon as a stop is asked for.
    #[must_use]
    pub fn stopped_by(self, stop: watch::Receiver<bool>) -> Self {
        Self {
            stop: Some(stop),
            ..self
        }
    }

    /// What is known of the streams.
    pub fn streams(&self) -> Streams {
        self.streams
    }

    /// Whether `--json` was given.
    pub fn json(&self) -> bool {
        self.wishes.json
    }

    /// Whether `--quiet` was given.
    pub fn quiet(&self) -> bool {
        self.wishes.quiet
    }

    /// How often `--verbose` was given.
    pub fn verbose(&self) -> u8 {
        self.wishes.verbose
    }

    /// Whether stdout is for a person: a terminal, and no `--json`.
    pub fn for_people(&self) -> bool {
        self.streams.stdout && !self.wishes.json
    }

    /// Whether a question can be asked: a person at both ends, no `--no-input`, and no `--json`
    /// (whose stderr is objects only).
    pub fn can_ask(&self) -> bool {
        self.streams.stdin && self.streams.stderr && !self.wishes.no_input && !self.wishes.json
    }

    /// Whether a person is there who would be asked, were it not for `--json`.
    pub fn json_hides_the_question(&self) -> bool {
        self.streams.stdin && self.streams.stderr && !self.wishes.no_input && self.wishes.json
    }

    /// Sets a table apart from the talk above it, where both are on one terminal.
    pub fn set_apart(&self) {
        if self.streams.stdout && self.streams.stderr && self.spoke.swap(false, Ordering::Relaxed) {
            let _ = self.bars.suspend(|| self.err.write("\n"));
        }
    }

    /// Whether colours go to stdout.
    pub fn color_out(&self) -> bool {
        self.color_out
    }

    /// Whether colours go to stderr.
    pub fn color_err(&self) -> bool {
        self.color_err
    }

    /// The bars of this run.
    pub fn bars(&self) -> &progress::Bars {
        &self.bars
    }

    /// Data, to stdout, as it is. The error is the stream's, a closed pipe among them.
    pub fn data(&self, text: &str) -> io::Result<()> {
        self.bars.suspend(|| self.out.write(text))
    }

    /// Text for people to stdout: on a terminal no word of it is cut.
    pub fn prose(&self, text: &str) -> io::Result<()> {
        if self.streams.stdout {
            self.data(&wrap::lines(text, self.streams.width))
        } else {
            self.data(text)
        }
    }

    /// A table for stdout: through the pager where it is longer than the screen.
    pub fn page_out(&self, text: &str) -> io::Result<()> {
        let Some(pager) = self.pager_for(text, self.streams.stdout) else {
            return self.data(text);
        };
        if self.bars.suspend(|| pager.show(text, pager::Onto::Stdout)) {
            return Ok(());
        }
        self.data(text)
    }

    /// A table for stderr, likewise; its outside text is escaped already.
    pub fn page_talk(&self, text: &str) {
        let text = self.redactor.clean(text);
        let shown = self
            .pager_for(&text, self.streams.stderr)
            .is_some_and(|pager| self.bars.suspend(|| pager.show(&text, pager::Onto::Stderr)));
        if !shown {
            self.raw_talk(&text);
        }
    }

    fn pager_for(&self, text: &str, terminal: bool) -> Option<&Pager> {
        let long = text.lines().count() >= usize::from(self.streams.height);
        self.pager.as_ref().filter(|_| terminal && long)
    }

    /// How much work the run has.
    pub fn work(&self) -> &WorkSize {
        &self.work
    }

    /// What is being done: a line on stderr; nothing under `--quiet`.
    pub fn status(&self, text: &str) {
        self.status_as(Label::Plain, text, json!({}));
    }

    /// A status with a label and, under `--json`, with more fields.
    pub fn status_as(&self, label: Label, text: &str, fields: Value) {
        if !self.wishes.quiet {
            self.talk("status", label, "", text, fields);
        }
    }

    /// What must not be overlooked and is no warning (which host this is); `--quiet` does not silence it.
    pub fn banner(&self, text: &str) {
        self.banner_as(Label::Warning, text, json!({}));
    }

    /// The same with a label of its own and, under `--json`, with more fields.
    pub fn banner_as(&self, label: Label, text: &str, fields: Value) {
        self.talk("status", label, "", text, fields);
    }

    /// Text without the secrets that this run knows.
    pub fn clean(&self, text: &str) -> String {
        self.redactor.clean(text).into_owned()
    }

    /// A warning; `--quiet` does not silence it.
    pub fn warning(&self, text: &str) {
        self.talk("warning", Label::Warning, "warning: ", text, json!({}));
    }

    /// A line of `-v` and above.
    pub fn verbose_line(&self, text: &str) {
        self.talk("verbose", Label::Dim, "", text, json!({}));
    }

    /// A block of talk of ours in several lines (a message); under `--json` one object.
    pub fn block(&self, text: &str, fields: Value) {
        if self.wishes.json {
            self.talk("status", Label::Plain, "", text.trim(), fields);
        } else {
            let text = sanitize::escape_lines(&self.redactor.clean(text)).into_owned();
            self.dated_talk(&format!("{}\n", text.trim_end_matches('\n')));
        }
    }

    /// A block with colours of ours in it, whose outside text is escaped already; under `--json` one
    /// object with `name` as its status.
    pub fn painted(&self, text: &str, name: &str, fields: Value) {
        if self.wishes.json {
            self.talk("status", Label::Plain, "", name, fields);
        } else {
            let lead = if self.streams.stderr || text.starts_with(name) {
                String::new()
            } else {
                format!("The {name}:\n")
            };
            let text = self.redactor.clean(text);
            let text = if lead.is_empty() {
                &text
            } else {
                text.trim_start()
            };
            self.dated_talk(&format!("{lead}{text}"));
        }
    }

    /// Words with colours in them, and off a terminal the time before the first.
    pub fn dated_talk(&self, text: &str) {
        if self.streams.stderr {
            self.raw_talk(text);
        } else {
            self.raw_talk(&format!("{} {}", utc_now(), text.trim_start_matches('\n')));
        }
    }

    /// Objects of `--json` on stderr; what a terminal would obey is escaped.
    pub fn json_talk(&self, object: &Value) {
        self.raw_talk(&format!("{}\n", self.json_text(object.clone())));
    }

    /// One such object whose last list, which is empty in `head`, gets these items, each when it is written: a plan of tens of
    /// thousands is not held as text and as a value too.
    pub fn json_list(&self, head: &Value, items: impl Iterator<Item = Value>) {
        let head = self.json_text(head.clone());
        let Some((lead, tail)) = head.rsplit_once("[]") else {
            return self.raw_talk(&format!("{head}\n"));
        };
        let items = items.map(|item| self.json_text(item)).enumerate();
        let items = items.map(|(n, item)| if n == 0 { item } else { format!(",{item}") });
        let lead = std::iter::once(format!("{lead}["));
        let pieces = lead.chain(items).chain([format!("]{tail}\n")]);
        self.spoke.store(true, Ordering::Relaxed);
        // A closed stderr leaves nobody to be told.
        let _ = self.bars.suspend(|| self.err.write_pieces(pieces));
    }

    fn json_text(&self, mut object: Value) -> String {
        self.redactor.clean_fields(&mut object);
        sanitize::escape_json(&object.to_string()).into_owned()
    }

    /// Nobody reads stdout any more: what is only not begun is not worth a word.
    pub fn hush(&self) {
        self.hushed.store(true, Ordering::Relaxed);
    }

    /// Whether [`Ui::hush`] was said.
    pub fn hushed(&self) -> bool {
        self.hushed.load(Ordering::Relaxed)
    }

    /// Words that came with colours already; for reports and for tables on stderr.
    pub fn raw_talk(&self, text: &str) {
        self.spoke.store(true, Ordering::Relaxed);
        // The cursor of an open question stands behind its words.
        let lead = if self.asking.swap(false, Ordering::Relaxed) {
            "\n"
        } else {
            ""
        };
        let text = if self.streams.stderr && !self.wishes.json {
            wrap::lines(text, self.streams.width)
        } else {
            text.to_owned()
        };
        // A closed stderr leaves nobody to be told.
        let _ = self
            .bars
            .suspend(|| self.err.write(&format!("{lead}{text}")));
    }

    fn talk(&self, kind: &str, label: Label, lead: &str, text: &str, fields: Value) {
        if self.wishes.json {
            let mut object = json!({ kind: text });
            if let (Value::Object(object), Value::Object(fields)) = (&mut object, fields) {
                object.extend(fields);
            }
            self.json_talk(&object);
            return;
        }
        let time = if self.streams.stderr {
            String::new()
        } else {
            format!("{} ", utc_now())
        };
        let text = sanitize::escape(&self.redactor.clean(text)).into_owned();
        let line = if lead.is_empty() {
            label.paint(&text, self.color_err)
        } else {
            format!("{}{text}", label.paint(lead, self.color_err))
        };
        self.raw_talk(&format!("{time}{line}\n"));
    }
}

/// The time that talk carries off a terminal: UTC, to the second.
pub fn utc_now() -> String {
    format!("{:.0}", jiff::Timestamp::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talk_cuts_no_word_on_a_terminal_and_is_one_line_off_it() {
        let narrow = Streams {
            width: 30,
            ..TERMINAL
        };
        for (streams, json, expected) in [
            (
                narrow,
                false,
                "warning: the solution\n  795033096057724 waits\n",
            ),
            (
                narrow,
                true,
                "{\"warning\":\"the solution 795033096057724 waits\"}\n",
            ),
        ] {
            let wishes = UiOptions {
                json,
                ..UiOptions::default()
            };
            let (ui, _, err) = Ui::in_memory(streams, wishes);
            ui.warning("the solution 795033096057724 waits");
            assert_eq!(text(&err), expected);
        }
        let (ui, _, err) = Ui::in_memory(PIPE, UiOptions::default());
        ui.warning(&"795033096057724 ".repeat(20));
        assert_eq!(text(&err).lines().count(), 1);
    }

    const PIPE: Streams = Streams {
        stdin: false,
        stdout: false,
        stderr: false,
        width: 80,
        height: 24,
        dumb: false,
    };
    const TERMINAL: Streams = Streams {
        stdin: true,
        stdout: true,
        stderr: true,
        width: 80,
        height: 24,
        dumb: false,
    };

    fn text(bytes: &Memory) -> String {
        String::from_utf8(bytes.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn who_can_be_asked() {
        let ask = |streams, wishes| Ui::in_memory(streams, wishes).0.can_ask();
        assert!(ask(TERMINAL, UiOptions::default()));
        assert!(!ask(
            TERMINAL,
            UiOptions {
                no_input: true,
                ..UiOptions::default()
            }
        ));
        assert!(!ask(
            TERMINAL,
            UiOptions {
                json: true,
                ..UiOptions::default()
            }
        ));
        assert!(!ask(
            Streams {
                stdin: false,
                ..TERMINAL
            },
            UiOptions::default()
        ));
        assert!(!ask(
            Streams {
                stderr: false,
                ..TERMINAL
            },
            UiOptions::default()
        ));
        assert!(ask(
            Streams {
                stdout: false,
                ..TERMINAL
            },
            UiOptions::default()
        ));
    }

    #[test]
    fn talk_is_escaped_redacted_and_quiet_on_request() {
        let (ui, out, err) = Ui::in_memory(TERMINAL, UiOptions::default());
        ui.status("app \u{1b}[2J has access_token=abc");
        ui.warning("mind the gap");
        assert_eq!(
            text(&err),
            "app \\u{1b}[2J has access_token=(redacted)\nwarning: mind the gap\n"
        );
        assert_eq!(text(&out), "");
        let (ui, _, err) = Ui::in_memory(
            TERMINAL,
            UiOptions {
                quiet: true,
                ..UiOptions::default()
            },
        );
        ui.status("not said");
        ui.warning("said");
        assert_eq!(text(&err), "warning: said\n");
    }

    #[test]
    fn off_a_terminal_talk_carries_the_time_and_json_is_one_object_a_line() {
        let (ui, _, err) = Ui::in_memory(PIPE, UiOptions::default());
        ui.status("x");
        let line = text(&err);
        assert!(line.ends_with("Z x\n") && line.starts_with("20"), "{line}");
        let (ui, _, err) = Ui::in_memory(
            PIPE,
            UiOptions {
                json: true,
                ..UiOptions::default()
            },
        );
        ui.status_as(Label::Good, "done", json!({"app_id": "1"}));
        ui.warning("w\n");
        ui.block("two\nlines", json!({}));
        assert_eq!(
            text(&err),
            "{\"status\":\"done\",\"app_id\":\"1\"}\n{\"warning\":\"w\\n\"}\n{\"status\":\"two\\nlines\"}\n"
        );
    }
}
