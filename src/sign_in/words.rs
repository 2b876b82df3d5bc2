//! What the operator is told about the page: where it is, what Meta's App Dashboard must say, and what
//! happens at it.
//!
//! The one decision: the same words go to the terminal, to a log and into `--json`; there each has an
//! `event` that never changes, and the facts in fields of their own.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::ticked::PageRefusal;
use crate::{
    button::{self, DashboardField, PageEvent, StrayRequests, TokenReason, trouble},
    context::narration::{at, with_label},
    session::{
        token_check::{RefusalReason, TokenRole},
        token_checker::CheckError,
    },
    ui::{Label, Ui},
};

/// Columns of the help.
const HELP_WIDTH: usize = 98;

/// What is said of a happening: the line, its label, what to do about it, and the fields for JSON.
pub struct Announcement {
    /// How it is marked.
    pub label: Label,
    /// The line.
    pub sentence: String,
    /// What to do, on a line of its own.
    pub remedy: Option<String>,
    /// For `--json`.
    pub fields: Value,
}

impl Announcement {
    /// A happening in words.
    pub fn of(happening: &PageEvent) -> Self {
        let mut fields = json!({"event": happening.kind()});
        let mut add = |name: &str, value: Value| fields[name] = value;
        let label = match happening {
            PageEvent::Opened | PageEvent::Left | PageEvent::Clicked => Label::Plain,
            PageEvent::Strangers(strangers) => {
                add("counts", counts(strangers));
                Label::Dim
            }
            PageEvent::Previewed => Label::Dim,
            PageEvent::SdkStub { message } => {
                add("message", json!(message));
                Label::Warning
            }
            PageEvent::Closed { message } => {
                add("message", json!(message));
                Label::Warning
            }
            PageEvent::ErrorReported { text, remedy } => {
                add("text", json!(text));
                add("remedy", json!(remedy));
                Label::Warning
            }
            PageEvent::BadToken { why } => {
                add("reason", json!(why));
                Label::Warning
            }
            PageEvent::PopupBlocked
            | PageEvent::SdkBlocked
            | PageEvent::Severed
            | PageEvent::LinkExpired
            | PageEvent::LinkRevoked
            | PageEvent::LinkUnattended
            | PageEvent::InApp
            | PageEvent::Code
            | PageEvent::TlsAtHttp
            | PageEvent::TicketTaken
            | PageEvent::TicketLate
            | PageEvent::Grant(_) => Label::Warning,
        };
        Self {
            label,
            sentence: happening.sentence(),
            remedy: happening.remedy().map(str::to_owned),
            fields,
        }
    }

    /// The same at the link of a label, where there are many.
    #[must_use]
    pub fn at(self, label: Option<&str>) -> Self {
        Self {
            sentence: at(label, &self.sentence),
            fields: with_label(label, self.fields),
            ..self
        }
    }

    /// Says it.
    pub fn say(self, ui: &Ui) {
        ui.status_as(self.label, &self.sentence, self.fields);
        if let Some(remedy) = self.remedy.filter(|_| !ui.json()) {
            ui.status_as(Label::Hint, &format!("  {remedy}"), json!({}));
        }
    }
}

/// Strangers as JSON.
pub(super) fn counts(counts: &[StrayRequests]) -> Value {
    let kinds = counts
        .iter()
        .map(|kind| json!({"count": kind.count, "http_status": kind.status, "reason": kind.why}));
    kinds.collect()
}

/// A token that failed its check, as the page refuses it.
pub(crate) fn refusal(error: CheckError) -> PageRefusal {
    PageRefusal {
        reason: for_them(&error),
        failure: error.into(),
    }
}

/// Why a token was refused, for the Tech Provider. What is wrong on our side is none of their business.
fn for_them(error: &CheckError) -> TokenReason {
    let refusal = match error {
        CheckError::Refused(refusal) if refusal.token == TokenRole::User => refusal,
        CheckError::Refused(_) | CheckError::Failed(_) | CheckError::Unproven(_) => {
            return TokenReason::NotChecked;
        }
    };
    match &refusal.reason {
        RefusalReason::NoPermission => TokenReason::NotGranted,
        RefusalReason::OtherType(meta_type) => TokenReason::OtherType {
            meta_type: meta_type.clone(),
        },
        RefusalReason::OtherApp { made_for, ours } => TokenReason::OtherApp {
            made_for: made_for.clone(),
            ours: ours.clone(),
        },
        RefusalReason::Invalid(Some(error)) if error.is_no_token() => TokenReason::NoToken,
        // Another try brings a new one, whatever was wrong with this.
        RefusalReason::Invalid(_) | RefusalReason::SameAsUser => TokenReason::Invalid,
        RefusalReason::Expired | RefusalReason::DataAccessOver(_) => TokenReason::Expired,
        RefusalReason::OtherPerson => TokenReason::OtherPerson,
    }
}

/// Shows what must stand in the App Dashboard for this run.
pub fn show_dashboard(ui: &Ui, settings: &[DashboardField]) {
    if settings.is_empty() || ui.quiet() {
        return;
    }
    let head = "Meta's App Dashboard must say, for this page:";
    let fields: Vec<Value> = settings
        .iter()
        .map(|setting| json!({"field": setting.field, "value": setting.value}))
        .collect();
    let text = format!("{head}\n{}", lined_up(settings));
    ui.painted(
        &text,
        head,
        json!({"event": "dashboard", "settings": fields}),
    );
}

/// The settings in two columns.
fn lined_up(settings: &[DashboardField]) -> String {
    let width = settings
        .iter()
        .map(|setting| setting.field.chars().count())
        .max()
        .unwrap_or(0);
    settings.iter().fold(String::new(), |mut text, setting| {
        let _ = writeln!(text, "  {:width$}  {}", setting.field, setting.value);
        text
    })
}

/// The end of `--help`: examples, the dashboard, and the window's error texts.
pub fn long_help(examples: &str) -> String {
    let mut help = format!(
        "{examples}\n\nMeta's App Dashboard must say (each run shows the values for its own address):\n{}\n\
         What Facebook's window may say instead of asking, and what to do about it:\n",
        lined_up(&button::usual_dashboard())
    );
    for known in trouble::ALL {
        help += &wrapped(known.text, 2);
        help += &wrapped(known.remedy, 6);
    }
    help.trim_end().to_owned()
}

/// A text in lines of the help's width, each with a margin.
fn wrapped(text: &str, margin: usize) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && margin + line.chars().count() + 1 + word.chars().count() > HELP_WIDTH
        {
            let _ = writeln!(lines, "{:margin$}{line}", "");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    let _ = writeln!(lines, "{:margin$}{line}", "");
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::AppId, session::token_check::TokenRefusal};

    #[test]
    fn a_remedy_has_a_line_and_a_field_of_its_own() {
        let announcement = Announcement::of(&PageEvent::ErrorReported {
            text: "x".into(),
            remedy: Some("do y"),
        });
        assert_eq!(
            announcement.sentence,
            "The visitor reports an error in the Facebook window, in their own words: x"
        );
        assert_eq!(announcement.remedy.as_deref(), Some("do y"));
        assert_eq!(
            announcement.fields,
            json!({"event": "error_reported", "text": "x", "remedy": "do y"})
        );
        let strangers = [(12, 404), (1, 412)].map(|(count, status)| StrayRequests {
            count,
            status,
            why: "w",
        });
        let announcement = Announcement::of(&PageEvent::Strangers(strangers.to_vec()));
        assert_eq!(
            announcement.fields,
            json!({"event": "strangers_refused", "counts": [
                {"count": 12, "http_status": 404, "reason": "w"}, {"count": 1, "http_status": 412, "reason": "w"},
            ]})
        );
        assert_eq!(
            announcement.sentence,
            "13 stray requests were refused within a minute: 12 times w (404); once w (412)."
        );
    }

    #[test]
    fn a_refusal_by_its_code() {
        let refused = |token, reason| CheckError::Refused(TokenRefusal::new(token, reason));
        let user = |reason| refused(TokenRole::User, reason);
        let [made_for, ours]: [AppId; 2] = ["8", "7"].map(|id| id.parse().unwrap());
        for (error, reason) in [
            (user(RefusalReason::NoPermission), TokenReason::NotGranted),
            (user(RefusalReason::Expired), TokenReason::Expired),
            (user(RefusalReason::Invalid(None)), TokenReason::Invalid),
            (user(RefusalReason::OtherPerson), TokenReason::OtherPerson),
            (
                user(RefusalReason::OtherApp {
                    made_for: made_for.clone(),
                    ours: ours.clone(),
                }),
                TokenReason::OtherApp { made_for, ours },
            ),
            (
                user(RefusalReason::OtherType("SYSTEM_USER".into())),
                TokenReason::OtherType {
                    meta_type: "SYSTEM_USER".into(),
                },
            ),
            // Ours is none of their business.
            (
                refused(TokenRole::System, RefusalReason::Expired),
                TokenReason::NotChecked,
            ),
        ] {
            assert_eq!(for_them(&error), reason);
        }
    }

    #[test]
    fn the_help_holds_every_text_and_fits() {
        let help = long_help("Examples:\n  x");
        let flat = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for known in trouble::ALL {
            assert!(flat.contains(known.text) && flat.contains(known.remedy));
        }
        assert!(help.contains("https://localhost:8443/"));
        assert!(help.lines().all(|line| line.chars().count() <= HELP_WIDTH));
    }
}
