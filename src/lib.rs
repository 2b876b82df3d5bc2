//! mps creates and accepts WhatsApp Multi-Partner Solutions, each exactly once.
//!
//! This is the map of the house. Lower floors know nothing of higher ones; `tests/it/floors.rs` holds
//! the arrows (CONTRIBUTING.md tells why).
//!
//! | floor | rooms |
//! | --- | --- |
//! | 0 words | [`ids`], [`secret`], [`redact`], [`env`] |

pub mod env;
pub mod ids;
pub mod redact;
pub mod secret;
