//! Turns what the client of the Graph API does into words: `-v` lines, warnings, the countdown of a quota, the log.

use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::{run_log::RunLog, settings::OverrideNotice};
use crate::{
    graph::{ApiVersion, CallEvent, Direction, Observer, VersionStatus},
    ui::{Ui, progress::Task},
};

/// Hears the client.
pub struct RequestNarrator {
    ui: Ui,
    log: RunLog,
    /// What overrides the profile, told when it is used.
    overrides: OverrideNotice,
    /// The countdown of a pause, on a terminal.
    countdown: Mutex<Option<Task>>,
}

impl RequestNarrator {
    /// A watcher that speaks to this operator and writes to this log.
    pub fn new(ui: Ui, log: RunLog, overrides: OverrideNotice) -> Self {
        Self {
            ui,
            log,
            overrides,
            countdown: Mutex::default(),
        }
    }

    /// Shows every second of a pause where there is a terminal; elsewhere its lines are enough.
    fn count_down(&self, event: &CallEvent, sentence: &str) {
        let countdown = self.countdown.lock();
        let mut countdown = countdown.unwrap_or_else(PoisonError::into_inner);
        match event {
            CallEvent::QuotaPause { remaining, .. } if remaining.is_zero() => *countdown = None,
            CallEvent::QuotaPause { .. } => countdown
                .get_or_insert_with(|| self.ui.bars().spinner(""))
                .say(sentence),
            CallEvent::QuotaOver { .. } => *countdown = None,
            _ => {}
        }
    }
}

impl Observer for RequestNarrator {
    fn wants_detail(&self) -> bool {
        self.ui.verbose() >= 2
    }

    fn observe(&self, event: &CallEvent) {
        if let CallEvent::Request { .. } = event {
            self.overrides.release();
        }
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
fn request_in_words(event: &CallEvent) -> Narrated {
    match event {
        CallEvent::Request {
            method,
            path,
            status,
            code,
            failure,
            detail,
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
                "method": method, "path": path, "status": status, "code": code, "failure": failure, "detail": detail,
                "ms": ms, "try": tries, "request_id": request_id, "version_served": version_served, "usage": usage,
            });
            Narrated {
                loudness: Loudness::Verbose(1),
                sentence,
                log: Some(("request", log)),
            }
        }
        CallEvent::Detail {
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
        CallEvent::Retry {
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
                log: Some((
                    "retry",
                    json!({"doing": doing, "why": why, "tries_left": tries_left, "wait_ms": wait.as_millis()}),
                )),
            }
        }
        CallEvent::VersionDiffers { asked, served } => Narrated {
            loudness: Loudness::Warning,
            sentence: format!("asked for {asked}, Meta served {served}"),
            log: Some((
                "version",
                json!({"asked": asked.to_string(), "served": served}),
            )),
        },
        CallEvent::Spread { what, used, gap } => Narrated {
            loudness: Loudness::Status,
            sentence: format!(
                "{used} % of the quota of {what} is used; calls go out {} ms apart.",
                gap.as_millis()
            ),
            log: Some((
                "quota_spread",
                json!({"what": what, "used": used, "gap_ms": gap.as_millis()}),
            )),
        },
        CallEvent::QuotaPause {
            remaining,
            total,
            what,
        } => {
            // A second that has begun is still to pass.
            let left = remaining.as_millis().div_ceil(1000);
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
        CallEvent::QuotaOver { what } => Narrated {
            loudness: Loudness::Status,
            sentence: format!("The quota of {what} is back; going on."),
            log: Some(("quota_over", json!({"what": what}))),
        },
    }
}

/// The note about a version that this program cannot know.
pub fn unchecked_version(version: ApiVersion, life: VersionStatus) -> Option<String> {
    (life == VersionStatus::Newer).then(|| {
        format!("Graph API {version} is newer than this mps, which was not checked with it")
    })
}

/// The warning about a version at or near its end.
pub fn end_of_version(version: ApiVersion, life: VersionStatus) -> Option<String> {
    match life {
        VersionStatus::Live | VersionStatus::Newer => None,
        VersionStatus::EndsSoon { on, days } => Some(format!(
            "Graph API {version} ends in {days} days, on {on}; newer ones are chosen with --api-version"
        )),
        VersionStatus::Expired { on, served_as } => {
            let since = on.map(|on| format!(" since {on}")).unwrap_or_default();
            Some(format!(
                "Graph API {version} has expired{since}; Meta serves {served_as} in its place"
            ))
        }
        VersionStatus::Unreleased => Some(format!(
            "Graph API {version} is not known to this mps; it was never released"
        )),
    }
}
