//! What is asked before its turn: calls of the prelude that need no answer of another one leave together.
//!
//! The one decision: asking early changes no order of words. Each answer is taken where it was asked for before, so
//! the first check that fails is the one that is told, and what was asked beside it is forgotten with it.

use std::panic;

use tokio::task::JoinHandle;

/// A call that is under way; it ends with whoever wanted its answer.
#[derive(Debug)]
pub(crate) struct Ahead<T>(JoinHandle<T>);

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Send + 'static> Ahead<T> {
    /// Begins now.
    pub(crate) fn start(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }

    /// The answer, when it is there.
    pub(crate) async fn answer(mut self) -> T {
        match (&mut self.0).await {
            Ok(answer) => answer,
            Err(error) => match error.try_into_panic() {
                Ok(panicked) => panic::resume_unwind(panicked),
                // Only its own drop aborts it, or the end of the runtime, where nobody waits.
                Err(_) => std::future::pending().await,
            },
        }
    }
}
