//! Meta's Graph API: the one client that all commands share.
//!
//! The one decision: whatever Meta, a proxy or a hostile host answers, a caller gets a typed value or an
//! [`Error`] that says whose fault it is, whether a write may have happened, and what to type next.
//! Nothing in either holds a secret that was not asked for.
//!
//! | folder | does |
//! | --- | --- |
//! | `send` | a call on its way: what it carries, the client, when it is tried again |
//! | `answer` | what came back, read and sorted by Meta's codes |
//! | `error` | what went wrong, in types, in words, and what to do about it |
//! | `quota` | when to ask again, and when not to |
//! | `api` | the calls, and what Meta's objects look like |
//! | `observe` | what observers get |

mod answer;
mod api;
mod error;
mod observe;
mod quota;
mod send;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub use self::api::tokens::GranularScope;
pub(crate) use self::send::version::{default_version, table_is_old};
pub use self::{
    answer::meta::MetaError,
    api::{
        clients::ClientAccount,
        models::{App, Partner, Solution, SolutionRole},
        raw::in_a_query,
        solutions::NewSolution,
        states::{NextStep, Pending, Status},
        tokens::{BusinessToken, Permission, TokenInfo},
        transitions::Transition,
    },
    error::{Error, Sent, advice::not_a_token, message::NOTHING_SHARED},
    observe::event::{CallEvent, Direction, Exchange, Observer},
    send::{
        call::{Bearer, LeaveBy, Method, Token},
        client::{fetch, no_authorities, post},
        config::ClientConfig,
        pace::Pace,
        perform::{Graph, Place},
        proxy::{Proxies, ProxyError, Route},
        url::BaseUrl,
        version::{ApiVersion, VersionStatus},
    },
};
