//! What happens at the page, for the operator on the phone with the Tech Provider.

use crate::button::{grant::Grant, trouble};

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
    /// A request that was none of ours. It got its 4xx and disturbed nothing; for `-v`.
    Stranger {
        /// Why it was refused.
        why: &'static str,
        /// The status it got.
        status: u16,
    },
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
            Self::Stranger { .. } => "stranger_refused",
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
                format!("The Tech Provider saw an error in the Facebook window: {text}")
            }
            Self::BadToken { why } => {
                format!("A token was refused: {why}. The page says so; waiting on.")
            }
            Self::LinkExpired => {
                "The link was opened after its days were over; the page said so. Start this again for a new \
                 link, and send it."
                    .into()
            }
            Self::Stranger { why, status } => {
                format!("A stray request was refused ({status}): {why}.")
            }
            Self::Grant(_) => "A token came.".into(),
        }
    }

    /// What the operator can do about it, where that is known.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::ErrorReported { remedy, .. } => Some(
                remedy.unwrap_or("mps does not know this text; it is Meta's own, word for word."),
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
