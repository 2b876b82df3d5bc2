//! All black-box tests in one binary: one link, one start.
//!
//! The one decision: a test talks to mps as an operator does, over arguments, streams, signals and a network that the
//! test plays. `floors.rs` fails when a file of this folder is missing from the list below.

#![cfg(unix)]
#![allow(
    clippy::format_collect,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    reason = "a test is a table or a tale; its length and its helpers' signatures serve the reader of the cases"
)]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod accept;
mod accept_stdin;
mod accept_unknown_app;
mod api;
mod app_review;
mod audit;
mod business_token;
mod button;
mod client;
mod client_answers;
mod client_proxy;
mod client_tls;
mod client_whole_run;
mod clients;
mod completions;
mod create;
mod crowd;
mod dead_ends;
mod doctor;
mod doctor_troubles;
mod documents;
mod endings;
mod errors;
mod examples;
mod floors;
mod from_stdin;
mod generated;
mod handoff;
mod hints;
mod history;
mod init;
mod init_stores;
mod invitations;
mod invite;
mod journal_places;
mod journals_older;
mod json;
mod judges;
mod links;
mod list;
mod list_apps;
mod listen;
mod listen_odd;
mod log;
mod moves;
mod names;
mod network;
mod nginx;
mod odd_answers;
mod onboard;
mod onboard_from;
mod onboard_page;
mod once_accept;
mod once_accept_other;
mod once_answers;
mod once_dice;
mod once_disk;
mod once_draws;
mod once_gate;
mod once_homes;
mod once_kills;
mod once_looks;
mod once_named;
mod once_odd;
mod once_operator;
mod once_pipes;
mod once_rows;
mod once_signals;
mod once_timeouts;
mod once_together;
mod once_world;
mod other_user;
mod packaging;
mod page;
mod page_crowd;
mod page_languages;
mod page_sandbox;
mod page_signup;
mod page_troubles;
mod pages;
mod plan_names;
mod postgres;
mod postgres_doors;
mod postgres_gone;
mod postgres_holders;
mod probe;
mod profile;
mod profile_set;
mod questions;
mod quota;
mod resume;
mod resume_not_made;
mod resume_plan;
mod round_trips;
mod sandbox;
mod secrets;
mod secrets_out;
mod serve_button;
mod serve_button_door;
mod settings;
mod show;
mod stage;
mod support;
mod system_token;
mod tidy;
mod tidy_words;
mod tree;
mod user_token;
mod version;
mod wait;
mod watch;
mod watch_notify;
mod watch_terminal;
mod wrong_values;
