//! What is said of one of several items that failed.
//!
//! The one decision: a run of many says which ones failed while it goes on, and why at its end, where equal reasons stand
//! together (`ending.rs`).

use serde_json::json;

use super::{
    failure::{Failure, hint_line, meta_line},
    run_log::RunLog,
};
use crate::{
    exit::Kind,
    ui::{Label, Ui, sanitize},
};

/// Says that one of several items failed, while the others go on; why, and what to do, is told once at the end of the
/// run, where equal reasons stand together.
pub fn print_item(ui: &Ui, what: &str, failure: &Failure, run: &RunLog) {
    log_item(what, failure, run);
    let hushed = ui.hushed() && failure.kind == Kind::Interrupted;
    let bar = ui.work().is_crowd() && ui.streams().stderr;
    if ui.json() || hushed || bar || failure.not_tried || failure.kind == Kind::Interrupted {
        return;
    }
    let what = sanitize::escape(&ui.clean(what)).into_owned();
    let failed = Label::Bad.paint("failed:", ui.color_err());
    ui.dated_talk(&format!("{failed} {what}\n"));
}

/// Says whole why an item failed: where the run has no end that tells it, or the work has not begun.
pub fn print_item_whole(ui: &Ui, what: &str, failure: &Failure, run: &RunLog) {
    log_item(what, failure, run);
    let hushed = ui.hushed() && failure.kind == Kind::Interrupted;
    if !ui.json() && !hushed && !failure.not_tried {
        ui.dated_talk(&item_in_words(ui, what, failure, None));
    }
}

fn log_item(what: &str, failure: &Failure, run: &RunLog) {
    run.add(
        "item_failed",
        json!({"item": what, "error": failure.object(run)}),
    );
}

/// Why an item failed, and what to do; `others`: which ones failed so too.
pub(super) fn item_in_words(
    ui: &Ui,
    what: &str,
    failure: &Failure,
    others: Option<&str>,
) -> String {
    let color = ui.color_err();
    let safe = |text: &str| sanitize::escape(&ui.clean(text)).into_owned();
    let mut text = format!(
        "{} {}: {}\n",
        Label::Bad.paint("failed:", color),
        safe(what),
        safe(&failure.line())
    );
    if let Some(others) = others {
        text += &format!("  {}\n", safe(others));
    }
    for cause in failure.causes.iter().skip(1) {
        text += &format!(
            "  {} {}\n",
            Label::Dim.paint("because:", color),
            safe(cause)
        );
    }
    text += &meta_line(failure, color, &safe);
    text += &hint_line(failure, color, &safe);
    text
}
