//! What is answered: does what `judge` allows.
//!
//! The one decision: requests come whole, from the gate only, and one after another; nothing here waits for anybody.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    channel::{PageChannel, PagePhase},
    config::Sdk,
    event::PageEvent,
    judge::{Action, Expected, NONCE_HEADER, Refusal, RequestHead, judge},
    page::{self, Pages},
    progress::TokenReason,
    received, trouble,
};
use crate::{
    http_server::{inner::InnerRequest, reply::Reply},
    lang::Lang,
    redact::Redactor,
    secret::AppSecret,
};

/// Longest text that the page may report, in characters.
const MAX_TEXT: usize = 1000;

/// Answers the requests of one run.
pub(super) struct PageHandler {
    pub(super) expected: Expected,
    pub(super) pages: Pages,
    pub(super) sdk: Sdk,
    pub(super) probe: String,
    pub(super) app_secret: Option<AppSecret>,
    pub(super) channel: Arc<PageChannel>,
}

/// What the page reports with `POST /event`.
#[derive(Deserialize)]
struct ReportedEvent {
    kind: String,
    #[serde(default)]
    text: String,
}

impl PageHandler {
    /// The answer to one request.
    pub(super) fn answer(&self, request: &InnerRequest) -> Reply {
        let lang = request.header("Accept-Language").first().copied();
        let lang = lang.and_then(Lang::of_browser);
        let action = match judge(&head(request), &self.expected) {
            Ok(action) => action,
            Err(refusal) => return self.refuse(refusal, lang),
        };
        let body = match action {
            Action::Token | Action::Event => serde_json::from_slice(&request.body).ok(),
            _ => Some(Value::Null),
        };
        match body {
            Some(body) => self.act(action, &body, lang),
            None => refused(422, &TokenReason::Unreadable),
        }
    }

    /// Turns a stranger away.
    fn refuse(&self, refusal: Refusal, lang: Option<Lang>) -> Reply {
        self.channel.report(match refusal {
            Refusal::Expired => PageEvent::LinkExpired,
            _ => PageEvent::Stranger {
                why: refusal.why(),
                status: refusal.status(),
            },
        });
        match refusal {
            Refusal::Path => self.pages.signpost(lang),
            Refusal::Expired => self.pages.expired(lang),
            Refusal::Method(allow) => Reply {
                allow: Some(allow),
                ..Reply::text(405, "This method does not fit here.\n")
            },
            _ => Reply::text(
                refusal.status(),
                format!("The request was refused: {}.\n", refusal.why()),
            ),
        }
    }

    /// Does what is allowed.
    fn act(&self, action: Action, body: &Value, lang: Option<Lang>) -> Reply {
        match action {
            Action::Page => self.pages.page(lang),
            Action::Signpost => self.pages.signpost(lang),
            Action::Script => Reply::new(200, "text/javascript; charset=utf-8", page::SCRIPT),
            Action::Style => Reply::new(200, "text/css; charset=utf-8", self.pages.style()),
            Action::StandIn => match &self.sdk {
                Sdk::StandIn { js, .. } => {
                    Reply::new(200, "text/javascript; charset=utf-8", js.as_str())
                }
                Sdk::Meta => self.refuse(Refusal::Path, lang),
            },
            Action::Probe => Reply::text(200, self.probe.as_str()),
            Action::State => Reply::json(200, self.channel.fetch()),
            Action::Event => self.event(body),
            Action::Token => self.token(body),
        }
    }

    /// Something happened at the page.
    fn event(&self, body: &Value) -> Reply {
        let reported = ReportedEvent::deserialize(body).ok();
        let Some(event) = reported.and_then(|reported| page_event(&reported)) else {
            return refused(422, &TokenReason::Unreadable);
        };
        let answer = match &event {
            PageEvent::ErrorReported { text, .. } => {
                json!({"known": trouble::find(text).map(|known| known.id)})
            }
            _ => json!({}),
        };
        if event == PageEvent::Left {
            self.channel.left();
        }
        self.channel.report(event);
        Reply::json(200, answer.to_string())
    }

    /// A token came.
    fn token(&self, body: &Value) -> Reply {
        let now = Timestamp::now().as_second();
        let offered = match received::read(body, self.app_secret.as_ref(), now) {
            Ok(grant) => self.channel.offer(grant),
            Err(why) => {
                self.channel.report(PageEvent::BadToken {
                    why: why.to_string(),
                });
                return refused(422, &why.for_them());
            }
        };
        match offered {
            Ok(()) => Reply::json(202, "{}"),
            Err(PagePhase::Checking) => refused(409, &TokenReason::Checking),
            Err(PagePhase::Accepted) => refused(410, &TokenReason::Received),
            Err(_) => refused(410, &TokenReason::Ended),
        }
    }
}

/// A refusal that the page has words for.
fn refused(status: u16, reason: &TokenReason) -> Reply {
    Reply::json(status, json!({"refused": reason}).to_string())
}

/// What happened, from the page's word for it.
fn page_event(reported: &ReportedEvent) -> Option<PageEvent> {
    let text = clean(&reported.text);
    Some(match reported.kind.as_str() {
        "opened" => PageEvent::Opened,
        "left" => PageEvent::Left,
        "clicked" => PageEvent::Clicked,
        "popup_blocked" => PageEvent::PopupBlocked,
        "sdk_blocked" => PageEvent::SdkBlocked,
        "closed" => PageEvent::Closed {
            message: (!text.is_empty()).then_some(text),
        },
        "severed" => PageEvent::Severed,
        "error" if !text.is_empty() => {
            let known = trouble::find(&text);
            PageEvent::ErrorReported {
                // A chosen one comes by its id.
                text: known
                    .filter(|trouble| trouble.id == text)
                    .map_or(text, |trouble| trouble.text.to_owned()),
                remedy: known.map(|trouble| trouble.remedy),
            }
        }
        _ => return None,
    })
}

/// A text from outside: on one line, not too long, without what looks like a token.
fn clean(text: &str) -> String {
    let short: String = text.chars().take(MAX_TEXT).collect();
    let line = short.split_whitespace().collect::<Vec<_>>().join(" ");
    Redactor::default().clean(&line).into_owned()
}

/// What a request says about itself.
fn head(request: &InnerRequest) -> RequestHead<'_> {
    RequestHead {
        method: &request.method,
        target: &request.target,
        hosts: request.header("Host"),
        origins: request.header("Origin"),
        content_types: request.header("Content-Type"),
        nonces: request.header(NONCE_HEADER),
        body: request.body.len(),
        at: Timestamp::now(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(kind: &str, text: &str) -> Option<PageEvent> {
        page_event(&ReportedEvent {
            kind: kind.into(),
            text: text.into(),
        })
    }

    #[test]
    fn what_the_page_reports() {
        let error = |text: &str, id: &str| {
            Some(PageEvent::ErrorReported {
                text: text.into(),
                remedy: trouble::find(id).map(|trouble| trouble.remedy),
            })
        };
        for (kind, text, expected) in [
            ("opened", "", Some(PageEvent::Opened)),
            ("left", "", Some(PageEvent::Left)),
            ("closed", "", Some(PageEvent::Closed { message: None })),
            (
                "closed",
                " Permissions\r\nerror \u{1b}",
                Some(PageEvent::Closed {
                    message: Some("Permissions error \u{1b}".into()),
                }),
            ),
            (
                "error",
                "sdk-off",
                error("JSSDK Option is Not Toggled", "sdk-off"),
            ),
            (
                "error",
                "It says: URL blocked",
                error("It says: URL blocked", "redirect"),
            ),
            ("error", "???", error("???", "")),
            ("error", " ", None),
            ("exploded", "", None),
        ] {
            assert_eq!(reported(kind, text), expected, "{kind} {text}");
        }
    }

    #[test]
    fn a_text_from_outside_is_short_and_holds_no_token() {
        let text = clean(&format!(
            "I got EAATESTTOKEN0123456789abc {}",
            "x".repeat(5000)
        ));
        assert!(
            !text.contains("EAATEST") && text.len() <= MAX_TEXT,
            "{text}"
        );
    }
}
