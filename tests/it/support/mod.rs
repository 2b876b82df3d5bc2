//! The test kit: what the tests of every command stand on.
//!
//! The one decision: a test reads as a sentence, and what should always hold (no token on stderr, no panic, no request
//! that was not announced, none missing, no child left behind) is checked by the kit, not by each test.
//!
//! | file | gives |
//! | --- | --- |
//! | `run.rs` | [`Mps`], the sentence that runs the binary |
//! | `running.rs` | [`Running`], a child under way |
//! | `outcome.rs`, `judge.rs` | [`Outcome`], what a run left behind, the questions to it, and what always holds |
//! | `terminal.rs` | [`MpsTerminal`], the binary on a pseudo-terminal |
//! | `script.rs`, `served.rs` | [`Script`], [`Served`]: the service as the test tells it |
//! | `http.rs` | [`Request`], [`Reply`], and a small client ([`http::get`]) |
//! | `home.rs` | [`Home`]: a fresh home directory, shared by the runs that need the same one |
//! | `latch.rs` | [`Latch`]: holds an answer back until the test says so |
//! | `browser.rs`, `devtools.rs` | [`browser::Browser`]: a headless Chromium and its pages |
//! | `needs.rs` | [`needs`]: skips a test by name where a command is missing |
//! | `postgres.rs` | [`PostgresServer`]: a server of the tests' own, that can be stopped, killed and failed over |
//! | `heard.rs`, `watched.rs` | a stream and a child process that can be waited for, with a limit |
//! | `arrows.rs`, `paths.rs`, `items.rs` | which source file names or calls which other, and what it defines |

#![allow(
    dead_code,
    unused_imports,
    reason = "a kit offers more than the tests of one day need"
)]

pub(crate) mod arrows;
pub(crate) mod browser;
mod devtools;
mod heard;
mod home;
pub(crate) mod http;
mod items;
mod judge;
mod latch;
mod needs;
mod outcome;
mod paths;
pub(crate) mod postgres;
mod run;
mod running;
mod script;
mod served;
mod terminal;
pub(crate) mod watched;

pub(crate) use home::Home;
pub(crate) use http::{Reply, Request};
pub(crate) use latch::Latch;
pub(crate) use needs::{is_root, needs, needs_judge, needs_postgres, openapi};
pub(crate) use outcome::Outcome;
pub(crate) use postgres::PostgresServer;
pub(crate) use run::Mps;
pub(crate) use running::Running;
pub(crate) use script::{Script, graph_error};
pub(crate) use served::Served;
pub(crate) use terminal::{Key, MpsTerminal};

use std::{any::Any, time::Duration};

pub(crate) use mps::testing::API_VERSION;

/// A Tech Provider's user token, by its form.
pub(crate) const USER: &str = "EAATESTuserTOKEN0123456789abcdef";
/// Our system user's token.
pub(crate) const SYSTEM: &str = "EAATESTsystemTOKEN0123456789abcdef";
/// Our app's secret.
pub(crate) const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";

/// How long anything may take before its test fails; generous, since nothing waits for it when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What a panic said; for tests of the kit itself.
pub(crate) fn complaint(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_default()
}

/// Runs `act`, which must panic, and gives what the panic said.
pub(crate) fn must_fail<T>(act: impl FnOnce() -> T) -> String {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)) {
        Ok(_) => panic!("this should have failed the test"),
        Err(panic) => complaint(&*panic),
    }
}
