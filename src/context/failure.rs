//! Any error becomes a kind, a message, causes, a hint and an exit code.
//!
//! The one decision: every workshop's error type has one `From` here, which asks it typed questions; a
//! command just writes `?`. Nothing is decided by the text of an error.

use serde_json::{Value, json};

use super::{run_log::RunLog, tilde::with_tilde};
use crate::{
    button, engine,
    exit::{Exit, Kind},
    graph,
    io_words::io_words,
    journal,
    journal::SharedCause,
    profile,
    record::{Record as _, record},
    ui::{Label, Ui, prompt::NoAnswer, sanitize},
};

/// An error as the operator gets it.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What sort; chooses the exit code.
    pub kind: Kind,
    /// What we were doing, and that it failed.
    pub message: String,
    /// Why, the nearest cause first.
    pub causes: Vec<String>,
    /// The next command to type, or what else mends it.
    pub hint: Option<String>,
    /// Meta's `error.code`.
    pub code: Option<i64>,
    /// Meta's `error.error_subcode`.
    pub subcode: Option<i64>,
    /// What Meta's support asks for.
    pub fbtrace_id: Option<String>,
    /// The exit code of several items, where it is not the kind's own.
    pub exit: Option<Exit>,
    /// Whether it was only not tried, after an error that concerns every item: that error is worth the words.
    pub not_tried: bool,
    /// Of which item, where there are several.
    pub item: Option<Box<FailedItem>>,
}

/// Which of several items a failure is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedItem {
    /// Its id, or what else it is called by.
    pub id: String,
    /// The same with its name, for people.
    pub name: String,
    /// What else tells its words from those of another: the id of its solution.
    pub solution: Option<String>,
    /// It was told whole before the work began.
    pub told: bool,
}

record! {
    /// An error as `--json` writes it, for an item or for the end of a run.
    #[derive(Debug, Clone)]
    pub struct ErrorRecord {
        /// See the exit codes
        pub kind: Kind,
        /// Of this error alone
        pub exit_code: u8,
        /// What mps was doing, and that it failed
        pub message: String,
        /// Why, the nearest first
        pub causes: Vec<String>,
        /// What to type next
        pub hint: Option<String>,
        /// Meta's `error.code`
        pub code: Option<i64>,
        /// Meta's `error.error_subcode`
        pub subcode: Option<i64>,
        /// What Meta's support asks for
        pub fbtrace_id: Option<String>,
        /// The run
        pub run_id: String,
        /// Its log
        pub log: Option<String>,
    }
}

impl Failure {
    /// A failure with a message only.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            causes: Vec::new(),
            hint: None,
            code: None,
            subcode: None,
            fbtrace_id: None,
            exit: None,
            not_tried: false,
            item: None,
        }
    }

    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// A token was typed where something else belongs; `wanted`: "--app-id takes an id".
    pub fn token_typed(wanted: &str) -> Self {
        let typed = "and what was typed looks like a token (not shown here)";
        Self::usage(format!("{wanted}, {typed}")).hint(
            "no token belongs on the command line, where others see it: MPS_USER_TOKEN, MPS_SYSTEM_TOKEN, or a file; \
             whoever could see this one has to be kept from using it",
        )
    }

    /// This machine failed us.
    pub fn io(message: impl Into<String>, cause: &std::io::Error) -> Self {
        Self::new(Kind::Io, message).because(io_words(cause))
    }

    /// Adds what mends it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Says of which item it is.
    #[must_use]
    pub fn of_item(self, item: FailedItem) -> Self {
        Self {
            item: Some(Box::new(item)),
            ..self
        }
    }

    /// Names `mps resume` where nothing better is known and there is something for it.
    #[must_use]
    pub fn or_resume(mut self, resumes: bool) -> Self {
        if resumes {
            self.hint.get_or_insert_with(|| "mps resume".to_owned());
        }
        self
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        self.exit.unwrap_or_else(|| self.kind.exit())
    }

    /// The object of `--json`, for an item or (with the run) for the end of a run.
    pub fn object(&self, run: &RunLog) -> Value {
        let record = ErrorRecord {
            kind: self.kind,
            exit_code: self.exit().code(),
            message: self.message.clone(),
            causes: self.causes.clone(),
            hint: self.hint.clone(),
            code: self.code,
            subcode: self.subcode,
            fbtrace_id: self.fbtrace_id.clone(),
            run_id: run.run_id().to_owned(),
            log: run.path().map(|path| path.display().to_string()),
        };
        record.object()
    }

    /// One line: the message and the nearest cause.
    pub fn line(&self) -> String {
        match self.causes.first() {
            Some(cause) => format!("{}: {cause}", self.message),
            None => self.message.clone(),
        }
    }

    /// Takes Meta's codes along.
    fn with_meta(mut self, error: Option<&graph::Error>) -> Self {
        if let Some(error) = error {
            if let Some(meta) = error.meta() {
                self.code = meta.code;
                self.subcode = meta.subcode;
            }
            self.fbtrace_id = error.trace_id().map(str::to_owned);
        }
        self
    }
}

impl From<graph::Error> for Failure {
    fn from(error: graph::Error) -> Self {
        let mut failure = Self::new(error.kind(), format!("could not {}", error.doing()));
        failure.causes = causes_of_call(&error);
        failure.hint = error.advice();
        failure.with_meta(Some(&error))
    }
}

impl From<graph::ProxyError> for Failure {
    fn from(error: graph::ProxyError) -> Self {
        Self::usage(error.to_string()).hint(error.hint())
    }
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        if let engine::Error::Graph(error) = error {
            return (*error).into();
        }
        let mut failure = Self::new(error.kind(), error.to_string());
        failure.causes = match error.graph() {
            Some(graph) => causes_of_call(graph),
            None => causes(error.inner()),
        };
        failure.hint = error.hint();
        failure.not_tried = error.is_not_tried();
        failure.with_meta(error.graph())
    }
}

impl From<journal::Error> for Failure {
    fn from(error: journal::Error) -> Self {
        let mut failure = Self::new(Kind::Io, error.to_string()).hint(error.hint());
        failure.causes = causes(&error);
        failure
    }
}

impl From<button::Error> for Failure {
    fn from(error: button::Error) -> Self {
        let kind = if error.is_usage() {
            Kind::Usage
        } else {
            Kind::Io
        };
        let mut failure = Self::new(kind, error.to_string());
        failure.hint = error.hint();
        failure.causes = causes(&error);
        failure
    }
}

impl From<profile::Error> for Failure {
    fn from(error: profile::Error) -> Self {
        let kind = match &error {
            profile::Error::Interrupted => Kind::Interrupted,
            error if error.is_usage() => Kind::Usage,
            _ => Kind::Io,
        };
        let mut failure = Self::new(kind, error.to_string());
        failure.hint = error.hint();
        failure.causes = causes(&error);
        if let profile::Error::Command { said, .. } = &error {
            failure.causes.extend(said.lines().map(str::to_owned));
        }
        failure
    }
}

impl From<NoAnswer> for Failure {
    fn from(error: NoAnswer) -> Self {
        let kind = if matches!(error, NoAnswer::Interrupted) {
            Kind::Interrupted
        } else {
            Kind::Io
        };
        let mut failure = Self::new(kind, error.to_string());
        failure.causes = causes(&error);
        failure
    }
}

/// Errors of this machine that came with their own words.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let mut failure = Self::new(Kind::Io, error.to_string());
        failure.causes = error.chain().skip(1).map(in_words).collect();
        failure
    }
}

/// What the client says of a failed call: the sentence first, then what is behind it.
fn causes_of_call(error: &graph::Error) -> Vec<String> {
    std::iter::once(error.short())
        .chain(error.causes())
        .collect()
}

fn causes(error: &dyn std::error::Error) -> Vec<String> {
    std::iter::successors(error.source(), |error| error.source())
        .map(in_words)
        .collect()
}

fn in_words(error: &(dyn std::error::Error + 'static)) -> String {
    // The journal shares its causes among those who waited for one write.
    let error = match error.downcast_ref::<SharedCause>() {
        Some(shared) => shared.as_ref(),
        None => error,
    };
    error
        .downcast_ref()
        .map_or_else(|| error.to_string(), io_words)
}

/// Writes a failure to stderr, as the last of the run.
pub fn print(ui: &Ui, failure: &Failure, run: &RunLog) {
    run.add("error", failure.object(run));
    if ui.json() {
        ui.json_talk(&json!({"error": failure.object(run)}));
        return;
    }
    let color = ui.color_err();
    let safe = |text: &str| sanitize::escape(&ui.clean(text)).into_owned();
    let mut text = format!(
        "{} {}\n",
        Label::Bad.paint("error:", color),
        safe(&failure.message)
    );
    for cause in &failure.causes {
        text += &format!(
            "  {} {}\n",
            Label::Dim.paint("because:", color),
            safe(cause)
        );
    }
    text += &meta_line(failure, color, &safe);
    if failure.kind == Kind::Usage {
        // Wrong words are no event of a run: they carry no time.
        text += &hint_line(failure, color, &safe);
        ui.raw_talk(&text);
    } else {
        let log = run
            .path()
            .map(|path| path.display().to_string())
            .map(|path| {
                // A program that reads the pipe opens it as it stands there.
                let path = if ui.streams().stderr {
                    with_tilde(&path)
                } else {
                    path
                };
                format!(", log {path}")
            })
            .unwrap_or_default();
        text += &format!(
            "  {}\n",
            Label::Dim.paint(&format!("run {}{log}", run.run_id()), color)
        );
        // What to type next is the last line.
        text += &hint_line(failure, color, &safe);
        ui.dated_talk(&text);
    }
}

/// Meta's numbers, to be quoted to Meta's support; nothing where Meta gave none.
pub(super) fn meta_line(failure: &Failure, color: bool, safe: &dyn Fn(&str) -> String) -> String {
    let Some(code) = failure.code else {
        return String::new();
    };
    let subcode = failure.subcode.map(|subcode| format!("/{subcode}"));
    let trace = failure.fbtrace_id.as_ref();
    format!(
        "  {} code {code}{}{}\n",
        Label::Dim.paint("Meta:", color),
        subcode.unwrap_or_default(),
        trace.map_or_else(String::new, |id| format!(", fbtrace_id {}", safe(id))),
    )
}

/// What to type next.
pub(super) fn hint_line(failure: &Failure, color: bool, safe: &dyn Fn(&str) -> String) -> String {
    let line = |hint: &String| format!("  {} {}\n", Label::Hint.paint("hint:", color), safe(hint));
    failure.hint.as_ref().map_or_else(String::new, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_has_every_field() {
        let object = Failure::usage("no")
            .hint("yes")
            .object(&RunLog::nowhere("r1"));
        assert_eq!(
            object.to_string(),
            r#"{"kind":"usage","exit_code":2,"message":"no","causes":[],"hint":"yes","code":null,"subcode":null,"fbtrace_id":null,"run_id":"r1","log":null}"#
        );
    }
}
