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

mod answer;
mod api;
mod error;
mod observe;
mod quota;
mod send;
#[cfg(test)]
mod tests;

pub use self::{
    answer::{codes::Class, meta::MetaError},
    api::{
        page::Rows,
        shapes::{App, Partner, Role, Solution},
        solutions::{Created, NewSolution, Receipt},
        states::{Next, Pending, Status},
        tokens::{BusinessToken, Granular, Permission, TokenInfo, expiry},
    },
    error::{Error, ErrorKind, Sent},
    observe::event::{Event, Watcher, Way},
    send::{
        call::{Bearer, LeaveBy, Method, Token},
        client::{fetch, no_authorities},
        pace::{Pace, Stop},
        perform::{Config, Graph},
        url::{BaseUrl, BaseUrlError},
        version::{ApiVersion, Life, VersionError},
    },
};
