//! What of the journal was made, each at its first call.

use std::sync::OnceLock;

use super::failure::Failure;
use crate::journal::{Journal, JournalPlace};

/// The journal, as far as this run came to it.
#[derive(Default)]
pub(super) struct JournalTools {
    /// Open for writing.
    pub(super) opened: OnceLock<Journal>,
    /// Where it is.
    pub(super) place: OnceLock<JournalPlace>,
    /// Why a database could not be read.
    pub(super) away: OnceLock<Failure>,
}
