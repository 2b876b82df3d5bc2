//! Turns the engine's events into words: status lines, progress, the log.
//!
//! The engine reports facts; the sentences stand here, side by side, where they can be read aloud. Those about requests
//! stand in `request_narration.rs`.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::run_log::RunLog;
use crate::{
    engine::{Event, Listener},
    ids::{AppId, SolutionId},
    journal::Holder,
    ui::{Label, Ui, progress::Task},
};

/// Another listener to the engine's events: the web page, the rows.
pub type EventListener = Arc<dyn Fn(&Event) + Send + Sync>;

/// A line about the link of a label.
pub fn at(label: Option<&str>, sentence: &str) -> String {
    match label {
        Some(label) => format!("{label}: {sentence}"),
        None => sentence.to_owned(),
    }
}

/// The fields of such a line.
pub fn with_label(label: Option<&str>, mut fields: Value) -> Value {
    if let Some(label) = label {
        fields["ref"] = json!(label);
    }
    fields
}

/// A listener for the engine: status lines, the log, a bar over `apps` apps, and whoever else listens. `whose`: the label
/// of their link, where there are many.
pub fn listener(
    ui: &Ui,
    log: &RunLog,
    apps: usize,
    whose: Option<&str>,
    also: Option<EventListener>,
) -> Listener {
    let whose = whose.map(str::to_owned);
    if apps > 0 {
        ui.work().begins(apps);
    }
    let tasks = Mutex::new(RunProgress {
        bar: (apps > 1).then(|| ui.bars().bar(apps as u64, "apps")),
        spinner: (apps == 1).then(|| ui.bars().spinner("asking Meta")),
        done: 0,
        failed: 0,
    });
    let (ui, log) = (ui.clone(), log.clone());
    Arc::new(move |event: Event| {
        if let Some(also) = &also {
            also(&event);
        }
        let (label, sentence, word, fields) = engine_in_words(&event);
        let whose = whose.as_deref();
        let sentence = at(whose, &sentence);
        let shown = with_label(whose, shown(word, &fields));
        log.add(word, with_label(whose, fields));
        match event {
            Event::Finished { failed, .. } => {
                let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
                tasks.step(failed);
            }
            Event::NotWrittenDown { .. }
            | Event::Note(_)
            | Event::ClockAhead(..)
            | Event::Surplus { .. } => {
                ui.warning(&sentence);
            }
            // Beyond a few the bar tells enough, and off a terminal a line per app as it ends.
            _ if !ui.work().is_crowd() || ui.verbose() > 0 => ui.status_as(label, &sentence, shown),
            _ => {}
        }
    })
}

/// How far the run is, as far as a terminal shows it.
struct RunProgress {
    bar: Option<Task>,
    spinner: Option<Task>,
    done: usize,
    failed: usize,
}

impl RunProgress {
    /// One more is done.
    fn step(&mut self, failed: bool) {
        self.done += 1;
        self.failed += usize::from(failed);
        if let Some(bar) = &self.bar {
            if failed {
                bar.say(format!("apps, {} failed", self.failed));
            }
            bar.step();
        }
        // Where nobody knows how many there will be.
        if let Some(spinner) = &self.spinner {
            let failed = match self.failed {
                0 => String::new(),
                failed => format!(", {failed} failed"),
            };
            spinner.say(format!("asking Meta; {} done{failed}", self.done));
        }
    }
}

/// The part of an event's fields that a status line of `--json` has beside its sentence.
fn shown(word: &str, fields: &Value) -> Value {
    let mut shown = json!({"event": word});
    for key in ["app_id", "solution_id"] {
        if let Some(value) = fields.get(key) {
            shown[key] = value.clone();
        }
    }
    shown
}

fn listed(ids: &[SolutionId]) -> String {
    let ids: Vec<&str> = ids.iter().map(SolutionId::as_str).collect();
    ids.join(", ")
}

/// Somebody else works on an app.
fn waiting(owner: &AppId, holder: Option<&Holder>) -> (Label, String, &'static str, Value) {
    let text = match holder {
        Some(holder) => format!("{holder} works on app {owner}; waiting for them."),
        None => format!("Another mps works on app {owner}; waiting for it."),
    };
    let holder = holder.map(ToString::to_string);
    (
        Label::Dim,
        text,
        "waiting",
        json!({"app_id": owner, "holder": holder}),
    )
}

fn surplus(
    owner: &AppId,
    taken: &SolutionId,
    others: &[SolutionId],
) -> (Label, String, &'static str, Value) {
    let text = format!(
        "app {owner} has more than one live solution with us; {taken} is used, nobody needs {}; mps tidy says what to do \
         about it",
        listed(others)
    );
    (
        Label::Warning,
        text,
        "surplus",
        json!({"app_id": owner, "solution_id": taken, "others": others}),
    )
}

/// An engine's event as a sentence for the operator, and as a word and its fields for the log.
fn engine_in_words(event: &Event) -> (Label, String, &'static str, Value) {
    let of_app = |owner: &Option<AppId>| {
        let owner = owner.as_ref().map(|id| format!(" of app {id}"));
        owner.unwrap_or_default()
    };
    match event {
        Event::Waiting(owner, holder) => waiting(owner, holder.as_ref()),
        Event::Creating(owner) => (
            Label::Dim,
            format!("Creating a solution for app {owner}."),
            "creating",
            json!({"app_id": owner}),
        ),
        Event::Looking { owner, why } => (
            Label::Warning,
            format!(
                "No clear answer for app {owner} ({why}); looking whether the solution was made."
            ),
            "looking",
            json!({"app_id": owner, "why": why}),
        ),
        Event::Created {
            owner,
            solution,
            existing: true,
        } => (
            Label::Plain,
            format!("App {owner} has a solution with us already: {solution}"),
            "existing",
            json!({"app_id": owner, "solution_id": solution}),
        ),
        Event::Created {
            owner, solution, ..
        } => (
            Label::Plain,
            format!("Created for app {owner}: solution {solution}"),
            "created",
            json!({"app_id": owner, "solution_id": solution}),
        ),
        Event::Accepting { owner, solution } => (
            Label::Dim,
            format!("Accepting solution {solution}{}.", of_app(owner)),
            "accepting",
            json!({"app_id": owner, "solution_id": solution}),
        ),
        Event::Active {
            owner,
            solution,
            before: true,
        } => (
            Label::Good,
            format!("Solution {solution}{} is ACTIVE already.", of_app(owner)),
            "already_active",
            json!({"app_id": owner, "solution_id": solution}),
        ),
        Event::Active {
            owner, solution, ..
        } => (
            Label::Good,
            format!("Solution {solution}{} is accepted.", of_app(owner)),
            "accepted",
            json!({"app_id": owner, "solution_id": solution}),
        ),
        Event::Surplus {
            owner,
            taken,
            others,
        } => surplus(owner, taken, others),
        Event::Finished {
            owner, solution, ..
        } => (
            Label::Plain,
            String::new(),
            "finished",
            match solution {
                Some(solution) => json!({"solution_id": solution}),
                None => json!({"app_id": owner}),
            },
        ),
        Event::ClockAhead(owner, text) => (
            Label::Warning,
            text.clone(),
            "clock_ahead",
            json!({"app_id": owner, "text": text}),
        ),
        Event::Note(text) => (Label::Warning, text.clone(), "note", json!({"text": text})),
        Event::NotWrittenDown {
            owner,
            solution,
            why,
        } => (
            Label::Bad,
            format!(
                "Meta made solution {solution} for app {owner}, but the journal could not be written ({why}). Note this id now: {solution}"
            ),
            "not_written_down",
            json!({"app_id": owner, "solution_id": solution, "why": why}),
        ),
    }
}

/// When an earlier create, which had no answer, can be looked for the last time.
pub fn may_appear(owner: &AppId, until: jiff::Timestamp) -> String {
    // The minute that is told is over then.
    let after = until
        .checked_add(jiff::SignedDuration::from_secs(59))
        .unwrap_or(until);
    format!(
        "An earlier create for app {owner} had no answer and may still appear: mps resume, after {}.",
        after.strftime("%H:%M UTC")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_last_or_before_a_stop_so_that_they_can_be_copied() {
        let (_, sentence, ..) = engine_in_words(&Event::Created {
            owner: "42".parse().unwrap(),
            solution: "795".parse().unwrap(),
            existing: false,
        });
        assert_eq!(sentence, "Created for app 42: solution 795");
    }

    #[test]
    fn a_status_line_has_the_ids_and_the_log_has_every_field() {
        let (.., word, fields) = engine_in_words(&Event::Looking {
            owner: "42".parse().unwrap(),
            why: "HTTP 502".into(),
        });
        assert_eq!(fields, json!({"app_id": "42", "why": "HTTP 502"}));
        assert_eq!(
            shown(word, &fields),
            json!({"event": "looking", "app_id": "42"})
        );
    }
}
