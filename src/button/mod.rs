//! The page with Meta's button, and the catch of the token that it brings.
//!
//! The one decision: nothing that a network sends reaches the little HTTP server unchecked. `gate`
//! takes the connections (TLS, numbers, bytes, seconds) and passes on complete requests only, `judge`
//! (pure) says what a request may do, `server` does it. Whoever waits here sees only [`Happening`]s.
//!
//! | file | its one matter |
//! | --- | --- |
//! | `config` | what the caller wants |
//! | `catcher` | bind, wait, answer the page, close |
//! | `place`, `public`, `listen` | where the page is for browsers and Meta; the sockets |
//! | `gate`, `request`, `inner` | the outer door; where a request ends; the way to the inner server |
//! | `judge`, `server`, `reply` | what a request may do; doing it; the bytes of the answer |
//! | `desk`, `happening`, `progress` | where page and caller meet; what happened; what the page is told |
//! | `grant`, `received`, `signed_request` | the token and what came with it; reading it; Meta's signature |
//! | `link`, `cert`, `store`, `random` | what is kept for tomorrow: the path and the certificate |
//! | `page`, `trouble` | what the Tech Provider reads; the pop-up's error texts and their remedies |

mod catcher;
mod config;
mod desk;
mod grant;
mod happening;
mod judge;
pub mod link;
mod page;
mod place;
mod progress;
mod public;
mod random;
mod received;
mod server;
mod signed_request;
pub mod trouble;

pub use self::{
    catcher::Catcher,
    config::{Config, Door, Note, NoteKind, Probe, Sdk, Setting, Story},
    grant::{Grant, Signed},
    happening::Happening,
    link::Link,
    page::snippet,
    place::usual_dashboard,
    progress::{Progress, Row, RowState, Verdict},
};
pub use crate::http_server::{cert::kept_until, error::Error, listen::port_is_free};

#[cfg(test)]
mod tests;
