//! The page with Meta's button, and the catch of the token that it brings.
//!
//! The one decision: requests come whole, from the gate of `http_server`; `judge` (pure) says what one may do, `handler`
//! does it. Whoever waits here sees only [`PageEvent`]s.
//!
//! | file | holds |
//! | --- | --- |
//! | `config` | what the caller wants |
//! | `catcher` | bind, wait, answer the page, close |
//! | `address`, `public` | where the page is for browsers and Meta |
//! | `book`, `ticket`, `previewer` | which paths lead to the page; a browser's ticket; who is no person |
//! | `judge`, `handler` | what a request may do; doing it |
//! | `channel`, `event`, `progress` | where pages and caller meet; what happened; what a page shows |
//! | `visitors`, `lanes`, `strangers` | who has the page open; whose token is next; who is only counted |
//! | `grant`, `received`, `signed_request` | the token and what came with it; reading it; Meta's signature |
//! | `link`, `random` | the path that is kept for tomorrow |
//! | `page`, `markup`, `brand`, `trouble` | the page, in each language; text as HTML; what it shows of us; the pop-up's errors and their remedies |
//! | `signup` | the same page as Embedded Signup for clients |

mod address;
mod book;
pub mod brand;
mod catcher;
mod channel;
mod config;
mod event;
mod grant;
mod handler;
mod judge;
mod lanes;
pub mod link;
mod markup;
mod page;
mod policy;
mod previewer;
mod progress;
mod public;
mod random;
mod received;
mod signed_request;
mod signup;
mod strangers;
mod ticket;
pub mod trouble;
mod visitors;

pub use self::{
    address::usual_dashboard,
    book::{KnownLink, LinkBook, LinkStanding},
    catcher::{Catcher, VisitorPage},
    config::{
        DashboardField, Links, ListenMode, NoteKind, PageConfig, PagePurpose, ReachabilityProbe,
        Sdk,
    },
    event::{Happening, PageEvent},
    grant::{Grant, Signed},
    link::Link,
    page::{PageText, snippet},
    progress::{LastWord, Progress, ProgressRow, RowNote, RowState, TokenReason, Verdict},
    signup::SignupText,
    strangers::StrayRequests,
    visitors::VisitorId,
};
pub use crate::http_server::{cert::kept_until, error::Error, listen::port_is_free};

#[cfg(test)]
mod tests;
