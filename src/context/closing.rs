//! What still has to close when a run is over: others look at it, and must see its last state.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;

/// The tasks that close something. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Closing(Arc<Mutex<Vec<JoinHandle<()>>>>);

impl Closing {
    /// The run is not over before this task is.
    pub fn add(&self, task: JoinHandle<()>) {
        self.lock().push(task);
    }

    /// Waits until everything has closed.
    pub async fn wait(&self) {
        let tasks = std::mem::take(&mut *self.lock());
        for task in tasks {
            let _ = task.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
