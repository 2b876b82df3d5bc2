//! mps creates and accepts WhatsApp Multi-Partner Solutions, each exactly once.
//!
//! This is the map of the house. Lower floors know nothing of higher ones; `tests/it/floors.rs` holds

pub mod button;
pub mod env;
pub mod exit;
pub mod graph;
pub mod ids;
pub mod journal;
pub mod onboarding;
pub mod profile;
pub mod redact;
pub mod runlog;
pub mod sandbox;
pub mod secret;
pub mod ui;
