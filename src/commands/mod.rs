//! One file per command: its arguments (their doc comments are the help) and `run`, which returns a value.
//!
//! The one decision: a command never prints its result and never calls another command. What two of them
//! share is in the engine, the context or the session, or one of `args`, `input` and `rows`.

pub mod accept;
pub mod api;
pub mod args;
pub mod business_token;
pub mod clients;
pub mod complete_words;
pub mod completions;
pub mod create;
pub mod doctor;
pub mod handoff;
pub mod help;
pub mod history;
pub mod init;
pub mod input;
pub mod invite;
pub mod journal;
pub mod list;
pub mod list_apps;
pub mod listen;
pub mod man;
pub mod moves;
pub mod onboard;
pub mod profile;
pub mod resume;
pub mod rows;
pub mod sandbox;
pub mod serve_button;
pub mod show;
pub mod skill;
pub mod snippet;
pub mod tidy;
pub mod wait;
pub mod watch;

use crate::{context::failure::Failure, ui::emit};

/// What a command returns for stdout.
pub type Output = emit::RenderedOutput<Failure>;

/// One item of it.
pub type Line = emit::RenderedLine<Failure>;
