//! Meta's Graph API: the one client that all commands share.
//!
//! The one decision: whatever Meta, a proxy or a hostile host answers, a caller gets a typed value or an
//! [`Error`] that says whose fault it is, whether a write may have happened, and what to type next.
//! Nothing in either holds a secret that was not asked for.
//!
//! | file | does |
//! | --- | --- |
//! | `url` `version` `pace` `call` `proof` | what is needed to ask |
//! | `client` | sends once; the only file that knows the HTTP library |
//! | `answer` `meta` `codes` `transport` `error` `words` `advice` | what an answer means |
//! | `retry` `usage` `quota` `gate` | when to ask again, and when not to |
//! | `perform` | puts these together: [`Graph`] |
//! | `page` `shapes` `states` `apps` `solutions` `tokens` `raw` | the calls |
//! | `event` `detail` `cut` | what watchers are told |
//! | `health` | what was noticed beside the calls |

mod advice;
mod answer;
mod apps;
mod call;
mod client;
mod clock;
mod codes;
mod cut;
mod detail;
mod error;
mod event;
mod gate;
mod health;
mod meta;
mod pace;
mod page;
mod perform;
mod proof;
mod quota;
mod raw;
mod retry;
mod shapes;
mod solutions;
mod states;
#[cfg(test)]
mod tests;
mod tokens;
mod transport;
mod url;
mod usage;
mod version;
mod words;

pub use self::{
    call::{Bearer, Method, Token},
    client::{fetch, no_authorities},
    codes::Class,
    error::{Error, ErrorKind, Sent},
    event::{Event, Watcher, Way},
    meta::MetaError,
    pace::{Pace, Stop},
    page::Rows,
    perform::{Config, Graph},
    shapes::{App, Partner, Role, Solution},
    solutions::{Created, NewSolution, Receipt},
    states::{Next, Pending, Status},
    tokens::{BusinessToken, Granular, Permission, TokenInfo, expiry},
    url::{BaseUrl, BaseUrlError},
    version::{ApiVersion, Life, VersionError},
};
