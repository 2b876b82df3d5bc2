//! What an app came to, as `create`, `resume`, `onboard` and `watch` write it: each has what the one before has.

use crate::{
    graph::{Pending, Status},
    ids::{AppId, SolutionId},
    record::record,
    ui::{Label, emit::TableRow, table::Cell, table_names::NameColumns},
};

record! {
    /// What an app came to, for `create`.
    #[derive(Debug, Clone)]
    pub struct CreateRecord {
        /// The Tech Provider's app
        pub app_id: Option<AppId>,
        /// Its name
        pub app_name: Option<String>,
        /// Our app
        pub partner_app_id: AppId,
        /// The solution
        pub solution_id: Option<SolutionId>,
        /// Its name
        pub solution_name: Option<String>,
        /// INITIATED, ACTIVE, REJECTED, DEACTIVATED
        pub status: Option<Status>,
        /// What is under way, NONE if nothing
        pub pending: Option<Pending>,
        /// `created` (and not accepted), `existing` (was there before), `onboarded`, `skipped`, `failed`; of a dry run `would_…`
        pub outcome: &'static str,
    }
}

record! {
    /// What an app came to, for `resume`.
    #[derive(Debug, Clone)]
    pub struct ResumeRecord {
        /// As `create` has it
        #[serde(flatten)]
        pub app: CreateRecord,
        /// Whether Meta showed the status afterwards
        pub verified: Option<bool>,
        /// The label of the Tech Provider
        #[serde(rename = "ref")]
        pub label: Option<String>,
        /// Other live ones of the same two apps, and our own that were rejected
        pub surplus: Vec<SolutionId>,
        /// Whether an earlier create may still appear; `mps resume` can tell after the time that is told
        pub open_post: bool,
    }
}

record! {
    /// What an app came to, for `onboard`.
    #[derive(Debug, Clone)]
    pub struct OnboardRecord {
        /// As `resume` has it
        #[serde(flatten)]
        pub app: ResumeRecord,
        /// The number of the line in the file of `--from`
        pub line: Option<u64>,
    }
}

/// The outcome of an item that failed.
pub(super) const FAILED: &str = "failed";

impl TableRow for CreateRecord {
    const HEADER: &[&str] = &[
        "APP",
        "NAME",
        "SOLUTION",
        "SOLUTION NAME",
        "STATUS",
        "OUTCOME",
    ];
    const NOUN: &str = "app";
    const NAMES: Option<NameColumns> = Some(NameColumns { name: 3, app: 1 });

    fn outcome(&self) -> Option<&'static str> {
        Some(self.outcome)
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            text(self.app_id.as_ref().map(AppId::as_str)),
            text(self.app_name.as_deref()),
            text(self.solution_id.as_ref().map(SolutionId::as_str)),
            text(self.solution_name.as_deref()),
            self.status.as_ref().map_or_else(|| "".into(), status_cell),
            outcome_cell(self.outcome),
        ]
    }

    fn plain(&self) -> Option<String> {
        let id = self.solution_id.as_ref();
        let id = id.filter(|_| !["skipped", FAILED].contains(&self.outcome));
        id.map(ToString::to_string)
    }
}

impl TableRow for ResumeRecord {
    const HEADER: &[&str] = CreateRecord::HEADER;
    const NOUN: &str = CreateRecord::NOUN;
    const NAMES: Option<NameColumns> = CreateRecord::NAMES;

    fn outcome(&self) -> Option<&'static str> {
        self.app.outcome()
    }

    fn cells(&self) -> Vec<Cell> {
        self.app.cells()
    }

    fn plain(&self) -> Option<String> {
        self.app.plain()
    }
}

impl TableRow for OnboardRecord {
    const HEADER: &[&str] = CreateRecord::HEADER;
    const NOUN: &str = CreateRecord::NOUN;
    const NAMES: Option<NameColumns> = CreateRecord::NAMES;

    fn outcome(&self) -> Option<&'static str> {
        self.app.outcome()
    }

    fn cells(&self) -> Vec<Cell> {
        if self.app.app.app_id.is_none() {
            // A line of a file that came to no app; what is wrong with it was said.
            return Vec::new();
        }
        self.app.cells()
    }

    fn plain(&self) -> Option<String> {
        self.app.plain()
    }
}

pub(super) fn text(text: Option<&str>) -> Cell {
    text.unwrap_or_default().into()
}

pub(super) fn outcome_cell(outcome: &'static str) -> Cell {
    if outcome == FAILED {
        Cell::marked(outcome, Label::Bad)
    } else {
        outcome.into()
    }
}

/// A status in its colour.
pub fn status_cell(status: &Status) -> Cell {
    let label = match status {
        Status::Active => Label::Good,
        Status::Initiated => Label::Warning,
        Status::Rejected | Status::Deactivated => Label::Bad,
        Status::Draft | Status::Other(_) => Label::Plain,
    };
    Cell::marked(status.to_string(), label)
}

record! {
    /// What an app came to, for `watch`.
    #[derive(Debug, Clone)]
    pub struct WatchRecord {
        /// As `onboard` has it, but for the line of a file
        #[serde(flatten)]
        pub app: ResumeRecord,
        /// `done`, `waiting` (for `mps accept`), `failed`
        pub event: &'static str,
        /// When
        pub at: String,
    }
}

/// The word of what waits for a person.
const WAITING: &str = "waiting";

impl WatchRecord {
    /// The row of an app that ended now.
    pub fn now(app: ResumeRecord) -> Self {
        let waits = app.app.status == Some(Status::Initiated);
        let event = match app.app.outcome {
            FAILED => FAILED,
            "created" => WAITING,
            "existing" if waits => WAITING,
            _ => "done",
        };
        Self {
            app,
            event,
            at: jiff::Timestamp::now().to_string(),
        }
    }
}

impl TableRow for WatchRecord {
    const HEADER: &[&str] = &[
        "REF",
        "APP",
        "NAME",
        "SOLUTION",
        "SOLUTION NAME",
        "STATUS",
        "OUTCOME",
    ];
    const NOUN: &str = ResumeRecord::NOUN;
    const NAMES: Option<NameColumns> = Some(NameColumns { name: 4, app: 2 });

    fn outcome(&self) -> Option<&'static str> {
        self.app.outcome()
    }

    fn cells(&self) -> Vec<Cell> {
        let label = text(self.app.label.as_deref());
        std::iter::once(label).chain(self.app.cells()).collect()
    }

    fn plain(&self) -> Option<String> {
        self.app.plain().filter(|_| self.event == "done")
    }
}
