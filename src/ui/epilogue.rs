//! Words below the rows that are known only when the last one is.

use std::sync::{Arc, Mutex, PoisonError};

/// A place for words that are known only when the last row is.
#[derive(Debug, Clone, Default)]
pub struct Epilogue(Arc<Mutex<Option<String>>>);

impl Epilogue {
    /// Leaves the words.
    pub fn leave(&self, text: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
    }

    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
