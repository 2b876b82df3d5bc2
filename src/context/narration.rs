//! Turns what happens below into words: requests into `-v` lines and the log, the engine's events into
//! status lines and progress.
//!
//! The one decision: the workshops and the engine report facts; the sentences stand here, side by side,
//! where they can be read aloud.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::run_log::RunLog;
use crate::{
    engine::{Event, Listener},
    graph::{self, ApiVersion, Direction, Observer, VersionStatus},
    ids::AppId,
    ui::{Label, Ui, progress::Task},
};

/// Hears the client.
pub struct RequestNarrator {
    ui: Ui,
    log: RunLog,
    /// The countdown of a pause, on a terminal.
    countdown: Mutex<Option<Task>>,
}

impl RequestNarrator {
    /// A watcher that speaks to this operator and writes to this log.
    pub fn new(ui: Ui, log: RunLog) -> Self {
        Self {
            ui,
            log,
            countdown: Mutex::default(),
        }
    }

    /// Shows every second of a pause where there is a terminal; elsewhere its lines are enough.
    fn count_down(&self, event: &graph::CallEvent, sentence: &str) {
        let mut countdown = self
            .countdown
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match event {
            graph::CallEvent::QuotaPause { remaining, .. } if remaining.is_zero() => {
                *countdown = None;
            }
            graph::CallEvent::QuotaPause { .. } => countdown
                .get_or_insert_with(|| self.ui.bars().spinner(""))
                .say(sentence),
            graph::CallEvent::QuotaOver { .. } => *countdown = None,
            _ => {}
        }
    }
}

impl Observer for RequestNarrator {
    fn wants_detail(&self) -> bool {
        self.ui.verbose() >= 2
    }

    fn observe(&self, event: &graph::CallEvent) {
        let narrated = request_in_words(event);
        self.count_down(event, &narrated.sentence);
        if let Some((word, fields)) = narrated.log {
            self.log.add(word, fields);
        }
        match narrated.loudness {
            Loudness::Warning => self.ui.warning(&narrated.sentence),
            Loudness::Status => self.ui.status(&narrated.sentence),
            Loudness::Verbose(level) if self.ui.verbose() >= level => {
                self.ui.verbose_line(&narrated.sentence);
            }
            Loudness::Verbose(_) => {}
        }
    }
}

/// How loud a fact about a request is.
enum Loudness {
    Warning,
    Status,
    Verbose(u8),
}

/// A fact about a request, as the operator and the log get it.
struct Narrated {
    loudness: Loudness,
    sentence: String,
    log: Option<(&'static str, Value)>,
}

#[expect(
    clippy::too_many_lines,
    reason = "a table: the sentences of all events side by side"
)]
fn request_in_words(event: &graph::CallEvent) -> Narrated {
    match event {
        graph::CallEvent::Request {
            method,
            path,
            status,
            code,
            failure,
            ms,
            tries,
            request_id,
            version_served,
            usage,
        } => {
            let failure_first = status.is_none();
            let outcome = status.map_or_else(
                || failure.clone().unwrap_or_default(),
                |status| status.to_string(),
            );
            let mut sentence = format!("{method} {path} {outcome} {ms} ms");
            let more = [
                failure.clone().filter(|_| !failure_first),
                code.map(|code| format!("code {code}")),
                (*tries > 1).then(|| format!("try {tries}")),
                request_id.as_ref().map(|id| format!("request {id}")),
                usage.map(|percent| format!("quota {percent} %")),
            ];
            more.into_iter()
                .flatten()
                .for_each(|part| sentence += &format!(", {part}"));
            let log = json!({
                "method": method, "path": path, "status": status, "code": code, "failure": failure, "ms": ms,
                "try": tries, "request_id": request_id, "version_served": version_served, "usage": usage,
            });
            Narrated {
                loudness: Loudness::Verbose(1),
                sentence,
                log: Some(("request", log)),
            }
        }
        graph::CallEvent::Detail {
            way,
            line,
            headers,
            body,
        } => {
            let arrow = if *way == Direction::Sent { ">" } else { "<" };
            let headers: Vec<String> = headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}"))
                .collect();
            let sentence = format!(
                "{arrow} {line} [{}] {}",
                headers.join("; "),
                body.as_deref().unwrap_or("")
            );
            let word = if *way == Direction::Sent {
                "sent"
            } else {
                "received"
            };
            let log = json!({"line": line, "headers": headers, "body": body});
            Narrated {
                loudness: Loudness::Verbose(2),
                sentence,
                log: Some((word, log)),
            }
        }
        graph::CallEvent::Retry {
            doing,
            why,
            tries_left,
            wait,
        } => {
            let tries = if *tries_left == 1 { "try" } else { "tries" };
            let sentence = format!(
                "Trying again to {doing} in {:.1} s ({why}; {tries_left} {tries} left).",
                wait.as_secs_f64()
            );
            Narrated {
                loudness: Loudness::Status,
                sentence,
                log: Some(("retry", json!({"doing": doing, "why": why}))),
            }
        }
        graph::CallEvent::VersionDiffers { asked, served } => Narrated {
            loudness: Loudness::Warning,
            sentence: format!("asked for {asked}, Meta served {served}"),
            log: Some((
                "version",
                json!({"asked": asked.to_string(), "served": served}),
            )),
        },
        graph::CallEvent::Spread { what, used, gap } => Narrated {
            loudness: Loudness::Status,
            sentence: format!(
                "{used} % of the quota of {what} is used; calls go out {} ms apart.",
                gap.as_millis()
            ),
            log: Some(("quota_spread", json!({"what": what, "used": used}))),
        },
        graph::CallEvent::QuotaPause {
            remaining,
            total,
            what,
        } => {
            let left = remaining.as_secs();
            let sentence = format!(
                "The quota of {what} is used up; going on in {}:{:02}.",
                left / 60,
                left % 60
            );
            // Said at the start and then once a minute: a countdown off a terminal must not fill a log.
            let spoken = remaining == total || (left > 0 && left.is_multiple_of(60));
            let log = (remaining == total).then(|| {
                (
                    "quota_pause",
                    json!({"what": what, "seconds": total.as_secs()}),
                )
            });
            Narrated {
                loudness: if spoken {
                    Loudness::Status
                } else {
                    Loudness::Verbose(2)
                },
                sentence,
                log,
            }
        }
        graph::CallEvent::QuotaOver { what } => Narrated {
            loudness: Loudness::Status,
            sentence: format!("The quota of {what} is back; going on."),
            log: Some(("quota_over", json!({"what": what}))),
        },
    }
}

/// The warning about a version at or near its end.
pub fn end_of_version(version: ApiVersion, life: VersionStatus) -> Option<String> {
    match life {
        VersionStatus::Live => None,
        VersionStatus::EndsSoon { on, days } => Some(format!(
            "Graph API {version} ends in {days} days, on {on}; newer ones are chosen with --api-version"
        )),
        VersionStatus::Expired { on, served_as } => {
            let since = on.map(|on| format!(" since {on}")).unwrap_or_default();
            Some(format!(
                "Graph API {version} has expired{since}; Meta serves {served_as} in its place"
            ))
        }
        VersionStatus::Unknown => Some(format!(
            "Graph API {version} is not known to this mps; it was never released, or is newer"
        )),
    }
}

/// Who else wants to hear the engine: the web page.
pub type EventListener = Arc<dyn Fn(&Event) + Send + Sync>;

/// A listener for the engine: status lines, the log, a bar over `apps` apps, and whoever else listens.
pub fn listener(ui: &Ui, log: &RunLog, apps: usize, also: Option<EventListener>) -> Listener {
    let bar = (apps > 1).then(|| ui.bars().bar(apps as u64, "apps"));
    let spinner = (apps == 1).then(|| ui.bars().spinner("asking Meta"));
    let (ui, log) = (ui.clone(), log.clone());
    let tasks: Mutex<(Option<Task>, Option<Task>)> = Mutex::new((bar, spinner));
    Arc::new(move |event: Event| {
        if let Some(also) = &also {
            also(&event);
        }
        let told = engine_in_words(&event);
        log.add(told.word, told.fields.clone());
        match event {
            Event::Finished(_) => {
                let tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
                tasks.0.iter().for_each(Task::step);
            }
            Event::NotWrittenDown { .. } | Event::Note(_) | Event::Surplus { .. } => {
                ui.warning(&told.sentence);
            }
            _ => ui.status_as(told.label, &told.sentence, shown(&told)),
        }
    })
}

/// The part of an event's fields that a status line of `--json` has beside its sentence.
fn shown(told: &EngineNarration) -> Value {
    let mut shown = json!({"event": told.word});
    for key in ["app_id", "solution_id"] {
        if let Some(value) = told.fields.get(key) {
            shown[key] = value.clone();
        }
    }
    shown
}

/// An engine's event, as the operator and the log get it.
struct EngineNarration {
    label: Label,
    sentence: String,
    word: &'static str,
    fields: Value,
}

#[expect(
    clippy::too_many_lines,
    reason = "a table: the sentences of all events side by side"
)]
fn engine_in_words(event: &Event) -> EngineNarration {
    let of_app = |owner: &Option<AppId>| {
        let owner = owner.as_ref().map(|id| format!(" of app {id}"));
        owner.unwrap_or_default()
    };
    let (label, sentence, word, fields) = match event {
        Event::Waiting(owner) => (
            Label::Dim,
            format!("Another mps works on app {owner}; waiting for it."),
            "waiting",
            json!({"app_id": owner}),
        ),
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
        } => (
            Label::Warning,
            format!(
                "app {owner} has more than one live solution with us; {taken} is used, nobody needs {}; in Meta's App Dashboard you can reject an INITIATED one, and the Tech Provider can ask to deactivate an ACTIVE one",
                others
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            "surplus",
            json!({"app_id": owner, "solution_id": taken, "others": others}),
        ),
        Event::Finished(owner) => (
            Label::Plain,
            String::new(),
            "finished",
            json!({"app_id": owner}),
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
    };
    EngineNarration {
        label,
        sentence,
        word,
        fields,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_last_or_before_a_stop_so_that_they_can_be_copied() {
        let told = engine_in_words(&Event::Created {
            owner: "42".parse().unwrap(),
            solution: "795".parse().unwrap(),
            existing: false,
        });
        assert_eq!(told.sentence, "Created for app 42: solution 795");
    }

    #[test]
    fn a_status_line_has_the_ids_and_the_log_has_every_field() {
        let told = engine_in_words(&Event::Looking {
            owner: "42".parse().unwrap(),
            why: "HTTP 502".into(),
        });
        assert_eq!(told.fields, json!({"app_id": "42", "why": "HTTP 502"}));
        assert_eq!(shown(&told), json!({"event": "looking", "app_id": "42"}));
    }
}
