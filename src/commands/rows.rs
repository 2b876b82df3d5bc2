//! The rows of `create`, `accept`, `onboard` and `resume`.
//!
//! The one decision: what an app came to is told in one shape, written in one place, so that a script that
//! reads one of these commands reads them all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::{Value, json};

use super::Line;
use crate::{
    context::{
        Context,
        failure::{self, Failure},
        narration::EventListener,
    },
    engine::{Event, Made, Outcome},
    graph::{App, Solution, Status},
    ids::{AppId, SolutionId},
    ui::{Label, table::Cell},
};

/// The columns of [`app_line`].
pub const APP_HEADER: &[&str] = &[
    "APP",
    "NAME",
    "SOLUTION",
    "SOLUTION NAME",
    "STATUS",
    "OUTCOME",
];

/// The columns of [`solution_line`].
pub const SOLUTION_HEADER: &[&str] = &["SOLUTION", "SOLUTION NAME", "STATUS", "OUTCOME"];

/// The solutions that the engine told of: what failed after one was there still has its id.
#[derive(Clone, Default)]
pub struct Known(Arc<Mutex<HashMap<AppId, SolutionId>>>);

impl Known {
    /// Hears the engine, and lets another listener hear it too.
    pub fn listener(&self, also: Option<EventListener>) -> EventListener {
        let known = self.clone();
        Arc::new(move |event| {
            match event {
                Event::Created {
                    owner, solution, ..
                }
                | Event::NotWrittenDown {
                    owner, solution, ..
                }
                | Event::Accepting {
                    owner: Some(owner),
                    solution,
                } => known.learn(owner, solution),
                _ => {}
            }
            if let Some(also) = &also {
                also(event);
            }
        })
    }

    /// Takes one in that is known from elsewhere.
    pub fn learn(&self, owner: &AppId, solution: &SolutionId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(owner.clone(), solution.clone());
    }

    fn of(&self, owner: &AppId) -> Option<SolutionId> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(owner).cloned()
    }
}

/// A status in its colour, with the dashboard's word.
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

/// What one app came to, for `create`, `onboard` and `resume`. `verified`: whether the line says so.
pub fn app_line(
    ctx: &Context,
    known: &Known,
    partner: &AppId,
    app: &App,
    ended: Result<Made, Failure>,
    verified: bool,
    several: bool,
) -> Line {
    match ended {
        Ok(made) => made_line(partner, &made, word(made.outcome), verified),
        Err(failure) => {
            let name = if app.name.is_empty() {
                format!("app {}", app.id)
            } else {
                format!("{} ({})", app.name, app.id)
            };
            if several {
                failure::print_item(&ctx.ui, &name, &failure, &ctx.log);
            }
            let mut json = app_object(partner, app, None, "failed");
            if verified {
                json["verified"] = false.into();
            }
            let solution = known.of(&app.id);
            json["solution_id"] = json!(solution);
            let solution = solution.as_ref().map_or("", SolutionId::as_str);
            failed_line(ctx, json, [app.id.as_str(), &app.name, solution], failure)
        }
    }
}

/// An app that came broken from the command before; which one it was, nobody knows.
pub fn item_failed(ctx: &Context, partner: &AppId, failure: Failure, verified: bool) -> Line {
    failure::print_item(&ctx.ui, "an item", &failure, &ctx.log);
    let mut json = json!({
        "app_id": null,
        "app_name": null,
        "partner_app_id": partner,
        "solution_id": null,
        "solution_name": null,
        "status": null,
        "pending": null,
        "outcome": "failed",
    });
    if verified {
        json["verified"] = false.into();
    }
    failed_line(ctx, json, [""; 3], failure)
}

/// A row of apps that failed, and why. `known`: the app, its name, the solution.
fn failed_line(ctx: &Context, mut json: Value, known: [&str; 3], failure: Failure) -> Line {
    json["error"] = failure.object(&ctx.log);
    let mut cells: Vec<Cell> = known.into_iter().map(Cell::from).collect();
    cells.resize(APP_HEADER.len() - 1, "".into());
    cells.push(Cell::marked("failed", Label::Bad));
    Line {
        plain: None,
        json,
        masked: None,
        cells,
        failed: Some(failure),
    }
}

/// A line for an app with this word for its outcome.
pub fn made_line(partner: &AppId, made: &Made, word: &str, verified: bool) -> Line {
    let solution = made.solution.as_ref();
    let mut json = app_object(partner, &made.app, solution, word);
    if verified {
        json["verified"] = made.verified.into();
    }
    let cells = vec![
        made.app.id.as_str().into(),
        made.app.name.as_str().into(),
        solution.map_or("", |solution| solution.id.as_str()).into(),
        solution
            .map_or("", |solution| solution.name.as_str())
            .into(),
        solution.map_or_else(|| "".into(), |solution| status_cell(&solution.status)),
        word.into(),
    ];
    let skipped = made.outcome == Outcome::Skipped;
    let plain = solution
        .filter(|_| !skipped)
        .map(|solution| solution.id.to_string());
    Line {
        plain,
        json,
        masked: None,
        cells,
        failed: None,
    }
}

/// `create --dry-run`: what would be made.
pub fn would_line(partner: &AppId, item: &crate::session::plan::PlannedApp) -> Line {
    use crate::{engine::choose::Finding, session::plan::Fate};
    let (word, solution) = match (&item.fate, &item.found) {
        (Fate::Create, _) => ("would_create", None),
        (Fate::Take(..), Finding::Live { taken, .. }) => ("existing", Some(taken.as_ref())),
        (Fate::Skip(..), Finding::Dead(latest)) => ("skipped", Some(latest.as_ref())),
        (Fate::Take(..) | Fate::Skip(..), _) => ("existing", None),
    };
    let app = &item.job.app;
    let mut json = app_object(partner, app, solution, word);
    if solution.is_none() {
        json["solution_name"] = item.job.name.clone().into();
    }
    let cells = vec![
        app.id.as_str().into(),
        app.name.as_str().into(),
        solution.map_or("", |solution| solution.id.as_str()).into(),
        item.solution_name().into(),
        solution.map_or_else(|| "".into(), |solution| status_cell(&solution.status)),
        word.into(),
    ];
    let plain = solution
        .filter(|_| word == "existing")
        .map(|solution| solution.id.to_string());
    Line {
        plain,
        json,
        masked: None,
        cells,
        failed: None,
    }
}

fn app_object(partner: &AppId, app: &App, solution: Option<&Solution>, word: &str) -> Value {
    json!({
        "app_id": app.id,
        "app_name": app.name,
        "partner_app_id": partner,
        "solution_id": solution.map(|solution| &solution.id),
        "solution_name": solution.map(|solution| &solution.name),
        "status": solution.map(|solution| solution.status.to_string()),
        "pending": solution.map(|solution| solution.pending.to_string()),
        "outcome": word,
    })
}

/// What one solution came to, for `accept`. `seen`: whether Meta showed its status after the write, or
/// before one that was not made.
pub fn solution_line(solution: &Solution, word: &str, verified: bool, seen: bool) -> Line {
    let json = json!({
        "solution_id": solution.id,
        "solution_name": Some(&solution.name).filter(|name| !name.is_empty()),
        "status": seen.then(|| solution.status.to_string()),
        "outcome": word,
        "verified": verified,
    });
    let cells = vec![
        solution.id.as_str().into(),
        solution.name.as_str().into(),
        if seen {
            status_cell(&solution.status)
        } else {
            "not shown by Meta".into()
        },
        word.into(),
    ];
    Line {
        plain: Some(solution.id.to_string()),
        json,
        masked: None,
        cells,
        failed: None,
    }
}

/// A solution that failed; `id` is empty for an item that came broken from upstream.
pub fn solution_failed(ctx: &Context, id: &str, failure: Failure, several: bool) -> Line {
    let what = if id.is_empty() {
        "an item".to_owned()
    } else {
        format!("solution {id}")
    };
    if several {
        failure::print_item(&ctx.ui, &what, &failure, &ctx.log);
    }
    let json = json!({
        "solution_id": Some(id).filter(|id| !id.is_empty()),
        "solution_name": null,
        "status": null,
        "outcome": "failed",
        "verified": false,
        "error": failure.object(&ctx.log),
    });
    let cells = vec![
        id.into(),
        "".into(),
        "".into(),
        Cell::marked("failed", Label::Bad),
    ];
    Line {
        plain: None,
        json,
        masked: None,
        cells,
        failed: Some(failure),
    }
}
