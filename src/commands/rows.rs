//! The rows of `create`, `accept`, `onboard` and `resume`.
//!
//! What an app or a solution came to is told in one shape, made in one place, so that a script that reads one of these
//! commands reads them all.

pub mod csv;
mod known;
mod places;
mod records;
mod solution;
mod to_the_end;
pub mod web;

pub use self::{
    known::KnownSolutions,
    places::Places,
    records::{CreateRecord, OnboardRecord, ResumeRecord, WatchRecord, status_cell},
    solution::{AcceptRecord, of_solution, solution_failed, solution_line},
    to_the_end::{broke_off, to_the_end},
};

use self::records::FAILED;
use super::Line;
use crate::{
    context::{
        Context,
        failure::{FailedItem, Failure},
        item_talk, narration,
    },
    engine::{Made, Outcome},
    exit::Kind,
    graph::{App, Solution},
    ids::{AppId, SolutionId},
    session::plan::PlannedApp,
    ui::Label,
};

/// Whose row an app's is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppRow {
    /// Of `create`, which verifies nothing.
    Create,
    /// Of `resume`, with the label of the Tech Provider.
    Resume(Option<String>),
    /// Of `onboard`.
    Onboard(RowOrigin),
    /// Of `watch`, with the label of the Tech Provider.
    Watch(Option<String>),
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
            Self::Watch(label) => Line::of(&WatchRecord::now(further(app, label))),
            Self::Onboard(origin) => Line::of(&OnboardRecord {
                app: further(app, &origin.label),
                line: origin.line,
            }),
        }
    }
}

/// Other live ones, and whether an earlier create may still appear.
type Beside = (Vec<SolutionId>, bool);

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
            tell_ended(
                ctx,
                &name_of(app),
                word(made.outcome),
                record.solution_id.as_ref(),
            );
            let beside = (made.surplus, made.open_until.is_some());
            row.line(record, Some(made.verified), beside)
        }
        Err(failure) => {
            let name = name_of(app);
            match row {
                // A watch has no end that would tell it.
                AppRow::Watch(_) => {
                    item_talk::print_item_whole(&ctx.ui, &name, &failure, &ctx.log);
                }
                _ if several => item_talk::print_item(&ctx.ui, &name, &failure, &ctx.log),
                _ => {}
            }
            let record = CreateRecord {
                solution_id: known.of(&app.id),
                ..app_record(partner, app, None, FAILED)
            };
            let failure = failure.of_item(FailedItem {
                id: app.id.to_string(),
                name,
                solution: record.solution_id.as_ref().map(ToString::to_string),
                told: false,
            });
            failed(
                ctx,
                row.line(record, Some(false), Beside::default()),
                failure,
            )
        }
    }
}

fn name_of(app: &App) -> String {
    if app.name.is_empty() {
        format!("app {}", app.id)
    } else {
        format!("{} ({})", app.name, app.id)
    }
}

/// The line of an app as it ends, where there are too many for a line of each of their steps and no bar tells how far
/// the run is.
fn tell_ended(ctx: &Context, name: &str, outcome: &str, solution: Option<&SolutionId>) {
    if ctx.ui.work().is_crowd() && (ctx.ui.json() || !ctx.ui.streams().stderr) {
        let solution = solution.map_or_else(String::new, |id| format!(": solution {id}"));
        let fields = serde_json::json!({"event": "app_ended", "outcome": outcome});
        ctx.ui.status_as(
            Label::Plain,
            &format!("{name}: {outcome}{solution}"),
            fields,
        );
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
    item_talk::print_item_whole(&ctx.ui, what, &failure, &ctx.log);
    let failure = failure.of_item(FailedItem {
        id: what.to_owned(),
        name: what.to_owned(),
        solution: None,
        told: true,
    });
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
    use crate::session::plan::{Fate, PlannedFailure};
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
        Fate::Fail(failure) if failure.error.kind() == Kind::UnknownOutcome => {
            ("would_look_for_it", None, (Vec::new(), true))
        }
        Fate::Fail(planned) => {
            let PlannedFailure { error, solution } = planned.as_ref();
            let record = CreateRecord {
                solution_id: solution.clone(),
                ..app_record(partner, app, None, FAILED)
            };
            let failure = Failure {
                hint: error.hint(),
                ..Failure::new(error.kind(), error.to_string())
            };
            let failure = failure.of_item(FailedItem {
                id: app.id.to_string(),
                name: name_of(app),
                solution: solution.as_ref().map(ToString::to_string),
                told: true,
            });
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
    let mut error = failure.object(&ctx.log);
    // What was typed where the name of a file belongs may be the secret itself.
    ctx.redactor.clean_json(&mut error);
    line.failed_by(failure, error)
}
