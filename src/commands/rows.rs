//! The rows of `create`, `accept`, `onboard` and `resume`.
//!
//! What an app or a solution came to is told in one shape, made in one place, so that a script that reads one of these
//! commands reads them all.

mod known;
mod solution;

pub use self::{
    known::KnownSolutions,
    solution::{AcceptRecord, solution_failed, solution_line},
};

use super::Line;
use crate::{
    context::{
        Context,
        failure::{self, Failure},
        narration,
    },
    engine::{Made, Outcome},
    exit::Kind,
    graph::{App, Pending, Solution, Status},
    ids::{AppId, SolutionId},
    record::record,
    session::plan::PlannedApp,
    ui::{Label, emit::TableRow, table::Cell},
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

/// Whose row an app's is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppRow {
    /// Of `create`, which verifies nothing.
    Create,
    /// Of `resume`, with the label of the Tech Provider.
    Resume(Option<String>),
    /// Of `onboard`.
    Onboard(RowOrigin),
}

/// Where an app of `onboard` comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowOrigin {
    /// The label of the Tech Provider.
    pub label: Option<String>,
    /// The line of the file.
    pub line: Option<u64>,
}

impl RowOrigin {
    /// The Tech Provider of this label, if there is one.
    pub fn of(label: Option<String>) -> Self {
        Self { label, line: None }
    }
}

impl AppRow {
    fn line(&self, app: CreateRecord, verified: Option<bool>, beside: Beside) -> Line {
        let (surplus, open_post) = beside;
        let further = |app, label: &Option<String>| ResumeRecord {
            app,
            verified,
            label: label.clone(),
            surplus,
            open_post,
        };
        match self {
            Self::Create => Line::of(&app),
            Self::Resume(label) => Line::of(&further(app, label)),
            Self::Onboard(origin) => Line::of(&OnboardRecord {
                app: further(app, &origin.label),
                line: origin.line,
            }),
        }
    }
}

/// Other live ones, and whether an earlier create may still appear.
type Beside = (Vec<SolutionId>, bool);

/// The outcome of an item that failed.
const FAILED: &str = "failed";

impl TableRow for CreateRecord {
    const HEADER: &[&str] = &[
        "APP",
        "NAME",
        "SOLUTION",
        "SOLUTION NAME",
        "STATUS",
        "OUTCOME",
    ];

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

    fn cells(&self) -> Vec<Cell> {
        self.app.cells()
    }

    fn plain(&self) -> Option<String> {
        self.app.plain()
    }
}

impl TableRow for OnboardRecord {
    const HEADER: &[&str] = CreateRecord::HEADER;

    fn cells(&self) -> Vec<Cell> {
        self.app.cells()
    }

    fn plain(&self) -> Option<String> {
        self.app.plain()
    }
}

fn text(text: Option<&str>) -> Cell {
    text.unwrap_or_default().into()
}

fn outcome_cell(outcome: &'static str) -> Cell {
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

/// The word of an outcome, as in JSON.
pub fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Existing => "existing",
        Outcome::Skipped => "skipped",
        Outcome::Onboarded => "onboarded",
        Outcome::Accepted => "accepted",
        Outcome::AlreadyActive => "already_active",
    }
}

/// What one app came to, for `create`, `onboard` and `resume`.
pub fn app_line(
    ctx: &Context,
    known: &KnownSolutions,
    partner: &AppId,
    app: &App,
    ended: Result<Made, Failure>,
    row: &AppRow,
    several: bool,
) -> Line {
    match ended {
        Ok(made) => {
            if let Some(until) = made.open_until {
                ctx.ui.status(&narration::may_appear(&app.id, until));
            }
            let record = app_record(
                partner,
                &made.app,
                made.solution.as_ref(),
                word(made.outcome),
            );
            let beside = (made.surplus, made.open_until.is_some());
            row.line(record, Some(made.verified), beside)
        }
        Err(failure) => {
            let name = if app.name.is_empty() {
                format!("app {}", app.id)
            } else {
                format!("{} ({})", app.name, app.id)
            };
            if several {
                failure::print_item(&ctx.ui, &name, &failure, &ctx.log);
            }
            let record = CreateRecord {
                solution_id: known.of(&app.id),
                ..app_record(partner, app, None, FAILED)
            };
            failed(
                ctx,
                row.line(record, Some(false), Beside::default()),
                failure,
            )
        }
    }
}

/// An item of which no app is known: it came broken from the command before, or its line is wrong.
pub fn item_failed(
    ctx: &Context,
    partner: &AppId,
    what: &str,
    failure: Failure,
    row: &AppRow,
) -> Line {
    failure::print_item(&ctx.ui, what, &failure, &ctx.log);
    let record = CreateRecord {
        app_id: None,
        app_name: None,
        partner_app_id: partner.clone(),
        solution_id: None,
        solution_name: None,
        status: None,
        pending: None,
        outcome: FAILED,
    };
    failed(
        ctx,
        row.line(record, Some(false), Beside::default()),
        failure,
    )
}

/// `--dry-run` of `create`, `onboard` and `resume`: what would be done.
pub fn would_line(ctx: &Context, partner: &AppId, planned: &PlannedApp, row: &AppRow) -> Line {
    use crate::session::plan::Fate;
    let app = &planned.job.app;
    let (what, solution, beside) = match &planned.fate {
        Fate::Create => ("would_create", None, Beside::default()),
        Fate::Take(taken) => {
            let beside = (taken.surplus.clone(), taken.open_post);
            let what = match taken.outcome {
                Outcome::Accepted => "would_accept",
                outcome => word(outcome),
            };
            (what, Some(&taken.solution), beside)
        }
        Fate::Skip(solution) => ("skipped", Some(solution.as_ref()), Beside::default()),
        Fate::Nothing => ("skipped", None, Beside::default()),
        Fate::Fail(error, _) if error.kind() == Kind::UnknownOutcome => {
            ("would_look_for_it", None, (Vec::new(), true))
        }
        Fate::Fail(error, solution) => {
            let record = CreateRecord {
                solution_id: solution.clone(),
                ..app_record(partner, app, None, FAILED)
            };
            let failure = Failure {
                hint: error.hint(),
                ..Failure::new(error.kind(), error.to_string())
            };
            let line = row.line(record, Some(false), Beside::default());
            return failed(ctx, line, failure);
        }
    };
    let mut record = app_record(partner, app, solution, what);
    record
        .solution_name
        .get_or_insert_with(|| planned.job.name.clone());
    row.line(record, None, beside)
}

fn app_record(
    partner: &AppId,
    app: &App,
    solution: Option<&Solution>,
    outcome: &'static str,
) -> CreateRecord {
    CreateRecord {
        app_id: Some(app.id.clone()),
        app_name: Some(app.name.clone()),
        partner_app_id: partner.clone(),
        solution_id: solution.map(|solution| solution.id.clone()),
        solution_name: solution.map(|solution| solution.name.clone()),
        status: solution.map(|solution| solution.status.clone()),
        pending: solution.map(|solution| solution.pending.clone()),
        outcome,
    }
}

/// The line with why it failed.
pub fn failed(ctx: &Context, line: Line, failure: Failure) -> Line {
    let error = failure.object(&ctx.log);
    line.failed_by(failure, error)
}
