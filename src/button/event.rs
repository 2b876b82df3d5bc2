//! What happens at the page, for the operator on the phone with the Tech Provider.

use std::sync::Arc;

use crate::button::{grant::Grant, strangers::StrayRequests, trouble, visitors::VisitorId};

/// One thing that happened, and whose link and page it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Whom the link is for, where a link with a label is concerned.
    pub label: Option<Arc<str>>,
    /// Whose page it is, where it is somebody's.
    pub visitor: Option<VisitorId>,
    /// What happened.
    pub event: PageEvent,
}

impl Happening {
    /// A minute's strangers.
    pub(super) fn strangers(counts: Vec<StrayRequests>) -> Self {
        Self {
            label: None,
            visitor: None,
            event: PageEvent::Strangers(counts),
        }
    }
}

/// One thing that happened at the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageEvent {
    /// The page runs in a browser.
    Opened,
    /// The page was closed, or left for another.
    Left,
    /// The button was clicked.
    Clicked,
    /// The browser did not let the pop-up open.
    PopupBlocked,
    /// Meta's SDK did not arrive: an ad blocker, or no network.
    SdkBlocked,
    /// The pop-up went away without a token. Cancelled, refused or closed: Meta does not tell them apart.
    Closed {
        /// What the SDK's auth.denied or auth.error said, if anything.
        message: Option<String>,
    },
    /// The browser cut the tie between page and pop-up (a privacy extension).
    Severed,
    /// The Tech Provider saw an error in the pop-up and passed it on.
    ErrorReported {
        /// Its text, as chosen or pasted.
        text: String,
        /// What the operator can do, if the text is known.
        remedy: Option<&'static str>,
    },
    /// A token that the button itself refused: not a token, or its signed request was not signed by our app.
    BadToken {
        /// Why, without the token.
        why: String,
    },
    /// The link was opened after its days were over.
    LinkExpired,
    /// The link was opened after it was taken back.
    LinkRevoked,
    /// The link was opened while nobody waits for whom it is for.
    LinkUnattended,
    /// A program fetched the link, as a messenger does for its preview.
    Previewed,
    /// A blocker's stub came in place of Meta's SDK.
    SdkStub {
        /// What it said.
        message: String,
    },
    /// The page is open in the browser of another app, where Meta's window often cannot open.
    InApp,
    /// Meta answered with a code and not with a token.
    Code,
    /// https was spoken at the http door.
    TlsAtHttp,
    /// The browser's ticket was used twice: the link has another path now.
    TicketTaken,
    /// The browser came with its ticket too late, and got nothing.
    TicketLate,
    /// Requests that were none of ours, a minute of them. They got their 4xx and disturbed nothing.
    Strangers(Vec<StrayRequests>),
    /// The token. Answer with [`super::Catcher::judged`].
    Grant(Box<Grant>),
}

impl PageEvent {
    /// A stable word for machines (`--json`).
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Opened => "page_opened",
            Self::Left => "page_closed",
            Self::Clicked => "button_clicked",
            Self::PopupBlocked => "popup_blocked",
            Self::SdkBlocked => "sdk_blocked",
            Self::Closed { .. } => "closed_without_token",
            Self::Severed => "popup_severed",
            Self::ErrorReported { .. } => "error_reported",
            Self::BadToken { .. } => "token_refused",
            Self::LinkExpired => "link_expired",
            Self::LinkRevoked => "link_revoked",
            Self::LinkUnattended => "link_unattended",
            Self::Previewed => "link_previewed",
            Self::SdkStub { .. } => "sdk_stub",
            Self::InApp => "in_app_browser",
            Self::Code => "code_received",
            Self::TlsAtHttp => "https_at_http",
            Self::TicketTaken => "ticket_taken",
            Self::TicketLate => "ticket_late",
            Self::Strangers(_) => "strangers_refused",
            Self::Grant(_) => "token_received",
        }
    }

    /// A sentence for the terminal. Text from outside in it is not escaped yet.
    pub fn sentence(&self) -> String {
        match self {
            Self::Opened => "The page was opened.".into(),
            Self::Left => "The page was closed or reloaded.".into(),
            Self::Clicked => "The button was clicked; a Facebook window should be open.".into(),
            Self::PopupBlocked => {
                "The browser blocked the pop-up. The page says how to allow it.".into()
            }
            Self::SdkBlocked => {
                "Meta's script did not load: an ad blocker, a strict privacy mode or no \
                 network. The page says what to try."
                    .into()
            }
            Self::Closed { message: None } => {
                "The Facebook window closed without a token: cancelled, closed, or an error in it. \
                 Ask what was on it."
                    .into()
            }
            Self::Closed {
                message: Some(message),
            } => format!("The Facebook window closed without a token; Meta said: {message}"),
            Self::Severed => {
                "The browser cut the Facebook window off from the page, so the token was lost: \
                 a privacy extension or a container tab. Another browser profile helps."
                    .into()
            }
            Self::ErrorReported { text, .. } => {
                format!("The visitor reports an error in the Facebook window, in their own words: {text}")
            }
            Self::BadToken { why } => {
                format!("A token was refused: {why}. The page says so; waiting on.")
            }
            Self::LinkExpired => {
                "The link was opened after its days were over; the page said so. Start this again for a new \
                 link, and send it."
                    .into()
            }
            Self::LinkRevoked => {
                "The link was opened after it was taken back; the page said so.".into()
            }
            Self::LinkUnattended => {
                "The link was opened while nobody waits for it; the page asked to come back later.".into()
            }
            Self::Previewed => {
                "A program fetched the link, as messengers do for a preview; nobody has opened it by that.".into()
            }
            Self::SdkStub { .. } => {
                "A blocker put a stub in the place of Meta's script. The page says what to try.".into()
            }
            Self::InApp => {
                "The page is open in the browser of another app, where Facebook's window often cannot open. The page \
                 says to open the link in a browser."
                    .into()
            }
            Self::Code => {
                "Facebook answered with a code, not with a token: the sign-in's configuration asks for codes. The \
                 page says that it is not their fault."
                    .into()
            }
            Self::TlsAtHttp => {
                "Somebody spoke https to this port, which speaks plain http: the address begins with http://, and a \
                 proxy must pass on to http://."
                    .into()
            }
            Self::TicketTaken => {
                "Somebody else on this machine took the link that was meant for your browser. It leads nowhere any \
                 more, and what they opened has ended."
                    .into()
            }
            Self::TicketLate => {
                "The browser took too long to start. Open the address above yourself.".into()
            }
            Self::Strangers(counts) => {
                let all: u64 = counts.iter().map(|kind| kind.count).sum();
                let kinds: Vec<_> = counts.iter().take(3).map(|kind| {
                    let times = match kind.count {
                        1 => "once".to_owned(),
                        count => format!("{count} times"),
                    };
                    format!("{times} {} ({})", kind.why, kind.status)
                }).collect();
                let requests = if all == 1 { "request was" } else { "requests were" };
                format!("{all} stray {requests} refused within a minute: {}.", kinds.join("; "))
            }
            Self::Grant(_) => "A token came.".into(),
        }
    }

    /// What the operator can do about it, where that is known.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::ErrorReported { remedy, .. } => Some(
                remedy.unwrap_or(
                    "mps does not know this text. The visitor typed it; ask for a picture of the window.",
                ),
            ),
            Self::Code => Some(
                "Give --login-config-id a configuration whose token type is a user access token, or leave it out.",
            ),
            Self::SdkStub { .. } => Some(
                "A private window without extensions, or another browser, gets Meta's own script.",
            ),
            Self::Closed {
                message: Some(message),
            } => match trouble::find(message) {
                Some(known) => Some(known.remedy),
                // Meta's words for access_denied.
                None if message.starts_with("Permissions error") => {
                    Some("Meta says that when somebody cancels, or declines the permission.")
                }
                None => None,
            },
            _ => None,
        }
    }
}
