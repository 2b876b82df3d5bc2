//! What is answered: does what `judge` allows.
//!
//! The one decision: requests come whole, from the gate only, and one after another; nothing here waits for anybody.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    book::{KnownLink, LinkBook, LinkStanding, SingleLink},
    channel::{NotTaken, PageChannel},
    config::Sdk,
    event::PageEvent,
    judge::{Action, Expected, NONCE_HEADER, Refusal, RequestHead, judge, path_of},
    link,
    page::{self, Pages},
    previewer,
    progress::TokenReason,
    random, received,
    ticket::{Ticket, TicketUse},
    trouble,
    visitors::VisitedLink,
};
use crate::{
    http_server::{inner::InnerRequest, reply::Reply},
    lang::Lang,
    redact::Redactor,
    secret::AppSecret,
};

/// Longest text that the page may report, in characters.
const MAX_TEXT: usize = 1000;

/// The tickets of a page with one link, on this machine.
pub(super) struct TicketDesk {
    pub(super) link: Arc<SingleLink>,
    pub(super) ticket: Mutex<Option<Ticket>>,
}

/// Answers the requests of one run.
pub(super) struct PageHandler {
    pub(super) expected: Expected,
    pub(super) pages: Pages,
    pub(super) book: Arc<dyn LinkBook>,
    /// None where no browser is started.
    pub(super) desk: Option<Arc<TicketDesk>>,
    /// Every request comes from the proxy.
    pub(super) behind_a_proxy: bool,
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

/// A request, and what the book says of its path.
struct Asked<'a> {
    request: &'a InnerRequest,
    path: &'a str,
    /// The first nonce.
    nonce: &'a str,
    link: Option<KnownLink>,
    /// The language that the browser wishes, else that of whom the link is for.
    lang: Option<Lang>,
    now: Instant,
}

impl PageHandler {
    /// The answer to one request.
    pub(super) fn answer(&self, request: &InnerRequest) -> Reply {
        let (now, at) = (Instant::now(), Timestamp::now());
        let path = path_of(&request.target);
        let nonces = request.header(NONCE_HEADER);
        let lang = request.header("Accept-Language").first().copied();
        let link = link::is_path(path)
            .then(|| self.book.find(path, at))
            .flatten();
        let asked = Asked {
            request,
            path,
            nonce: nonces.first().copied().unwrap_or_default(),
            lang: lang
                .and_then(Lang::of_browser)
                .or_else(|| link.as_ref()?.lang),
            link,
            now,
        };
        let glued = link::without_what_is_glued(path);
        let head = RequestHead {
            method: &request.method,
            target: &request.target,
            hosts: request.header("Host"),
            origins: request.header("Origin"),
            content_types: request.header("Content-Type"),
            nonces: (nonces.len(), self.channel.knows(asked.nonce)),
            body: request.body.len(),
            link: asked.link.as_ref().map(|link| link.standing),
            glued: glued.is_some_and(|path| self.book.find(path, at).is_some()),
        };
        let action = match judge(&head, &self.expected) {
            Ok(action) => action,
            Err(refusal) => return self.refuse(refusal, &asked),
        };
        let body = match action {
            Action::Token | Action::Event => serde_json::from_slice(&request.body).ok(),
            _ => Some(Value::Null),
        };
        match body {
            Some(body) => self.act(action, &asked, &body),
            None => refused(422, &TokenReason::Unreadable),
        }
    }

    /// Turns a stranger away, or somebody whose link does not lead to the page.
    fn refuse(&self, refusal: Refusal, asked: &Asked<'_>) -> Reply {
        let at_link = match refusal {
            Refusal::Expired => Some(PageEvent::LinkExpired),
            Refusal::Revoked => Some(PageEvent::LinkRevoked),
            Refusal::Unattended => Some(PageEvent::LinkUnattended),
            _ => None,
        };
        match at_link {
            Some(_) if is_previewer(asked.request) => {}
            Some(event) => {
                let label = asked.link.as_ref().and_then(|link| link.label.clone());
                self.channel.report_link(label, event, asked.now);
            }
            None => self
                .channel
                .stranger(refusal.status(), refusal.why(), asked.now),
        }
        match refusal {
            Refusal::Path => self.pages.signpost(asked.lang),
            Refusal::Expired => self.pages.expired(asked.lang),
            Refusal::Revoked => self.pages.revoked(asked.lang),
            Refusal::Unattended => self.pages.unattended(asked.lang),
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
    fn act(&self, action: Action, asked: &Asked<'_>, body: &Value) -> Reply {
        match action {
            Action::Page => self.page(asked),
            Action::Straighten => match link::without_what_is_glued(asked.path) {
                Some(path) => Reply::see_other(path),
                None => self.refuse(Refusal::Path, asked),
            },
            Action::Ticket => self.ticket(asked),
            Action::Signpost => self.pages.signpost(asked.lang),
            Action::Script => Reply::new(200, "text/javascript; charset=utf-8", page::SCRIPT),
            Action::Style => Reply::new(200, "text/css; charset=utf-8", self.pages.style()),
            Action::StandIn => match &self.sdk {
                Sdk::StandIn { js, .. } => {
                    Reply::new(200, "text/javascript; charset=utf-8", js.as_str())
                }
                Sdk::Meta => self.refuse(Refusal::Path, asked),
            },
            Action::Probe => Reply::text(200, self.probe.as_str()),
            Action::State => match self.channel.fetch(asked.nonce, asked.now) {
                Some(status) => Reply::json(200, status),
                None => self.refuse(Refusal::Nonce, asked),
            },
            Action::Event => self.event(asked, body),
            Action::Token => self.token(asked, body),
        }
    }

    /// The page, for a visitor of its own.
    fn page(&self, asked: &Asked<'_>) -> Reply {
        let label = asked.link.as_ref().and_then(|link| link.label.clone());
        if is_previewer(asked.request) {
            self.channel
                .report_link(label, PageEvent::Previewed, asked.now);
            return self.pages.preview(asked.lang);
        }
        if asked.request.method == "HEAD" {
            return self.pages.preview(asked.lang);
        }
        let Ok(nonce) = random::word() else {
            return page::no_random_numbers();
        };
        let link = VisitedLink {
            path: asked.path.into(),
            label,
        };
        if self.channel.come(&nonce, link, asked.now) {
            self.pages.page(&nonce, asked.lang)
        } else {
            self.pages.unattended(asked.lang)
        }
    }

    /// The browser that was started, or whoever saw its ticket.
    fn ticket(&self, asked: &Asked<'_>) -> Reply {
        let Some(desk) = &self.desk else {
            return self.refuse(Refusal::Path, asked);
        };
        let mut held = desk.ticket.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = match &mut *held {
            Some(ticket) => ticket.show(asked.path, asked.now),
            None => TicketUse::Unknown,
        };
        match shown {
            TicketUse::Unknown => self.refuse(Refusal::Path, asked),
            TicketUse::Good => Reply::see_other(&desk.link.path()),
            TicketUse::Late => {
                self.channel
                    .report_link(None, PageEvent::TicketLate, asked.now);
                self.pages.signpost(asked.lang)
            }
            TicketUse::Again => {
                *held = None;
                match desk.link.renew() {
                    Ok(old) => self.channel.end_link(&old),
                    Err(_) => return page::no_random_numbers(),
                }
                self.channel
                    .report_link(None, PageEvent::TicketTaken, asked.now);
                self.pages.signpost(asked.lang)
            }
        }
    }

    /// Something happened at a page.
    fn event(&self, asked: &Asked<'_>, body: &Value) -> Reply {
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
        self.channel.report(asked.nonce, event, asked.now);
        Reply::json(200, answer.to_string())
    }

    /// A token came.
    fn token(&self, asked: &Asked<'_>, body: &Value) -> Reply {
        // A link that ran out meanwhile may still bring its token; one that was taken back may not.
        let path = self.channel.path_of(asked.nonce).unwrap_or_default();
        let link = self.book.find(&path, Timestamp::now());
        if !matches!(
            link.map(|link| link.standing),
            Some(LinkStanding::Awaited | LinkStanding::Expired)
        ) {
            return refused(410, &TokenReason::Ended);
        }
        let peer = self.peer(asked.request);
        let now = Timestamp::now().as_second();
        let offered = match received::read(body, self.app_secret.as_ref(), now) {
            Ok(grant) => self.channel.offer(asked.nonce, grant, peer, asked.now),
            Err(why) => {
                self.channel
                    .bad_token(asked.nonce, why.to_string(), peer, asked.now);
                return refused(422, &why.for_them());
            }
        };
        match offered {
            Ok(()) => Reply::json(202, "{}"),
            Err(NotTaken::Accepted) => refused(410, &TokenReason::Received),
            Err(NotTaken::Ended) => refused(410, &TokenReason::Ended),
            Err(NotTaken::Crowd) => refused(429, &TokenReason::Crowd),
        }
    }

    /// Where a request comes from; None for what comes through the proxy. All of this machine is one place, which has
    /// many addresses.
    fn peer(&self, request: &InnerRequest) -> Option<IpAddr> {
        let peer = request.peer.filter(|_| !self.behind_a_proxy)?;
        Some(if peer.is_loopback() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            peer
        })
    }
}

/// A refusal that the page has words for.
fn refused(status: u16, reason: &TokenReason) -> Reply {
    Reply::json(status, json!({"refused": reason}).to_string())
}

fn is_previewer(request: &InnerRequest) -> bool {
    let purposes = ["Purpose", "Sec-Purpose"].map(|name| request.header(name));
    previewer::is_previewer(&request.header("User-Agent"), &purposes.concat())
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
        "sdk_stub" => PageEvent::SdkStub { message: text },
        "in_app" => PageEvent::InApp,
        "code" => PageEvent::Code,
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
