//! What is to be written, on its way to the one task that commits.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{mpsc, oneshot};

use super::{
    address::DatabaseAddress,
    commit::Write,
    error::DatabaseError,
    writer::{CommitTask, Committer},
};

/// The way to the task; its end waits for what is queued, and so must not come on the runtime of journals.
pub(super) struct WriteQueue {
    address: DatabaseAddress,
    tasks: Option<mpsc::UnboundedSender<CommitTask>>,
    /// Says when all that was queued is written.
    done: Mutex<std::sync::mpsc::Receiver<()>>,
    /// Somebody stopped waiting for a write.
    abandoned: AtomicBool,
}

/// Sets the flag unless it was told not to.
struct AbandonFlag<'a>(Option<&'a AtomicBool>);

impl Drop for AbandonFlag<'_> {
    fn drop(&mut self) {
        if let Some(abandoned) = self.0 {
            abandoned.store(true, Ordering::SeqCst);
        }
    }
}

impl Drop for WriteQueue {
    fn drop(&mut self) {
        drop(self.tasks.take());
        let done = self.done.get_mut().unwrap_or_else(PoisonError::into_inner);
        // A panic over there was already told to those who waited.
        let _ = done.recv();
    }
}

impl WriteQueue {
    /// Starts the task; on the runtime of journals only.
    pub(super) fn start(writer: Committer) -> Self {
        let (tasks, queue) = mpsc::unbounded_channel();
        let (end, done) = std::sync::mpsc::channel();
        let address = writer.address().clone();
        tokio::spawn(async move {
            writer.work(queue).await;
            drop(end);
        });
        Self {
            address,
            tasks: Some(tasks),
            done: Mutex::new(done),
            abandoned: AtomicBool::new(false),
        }
    }

    /// Whether there may be writes that nobody waits for.
    pub(super) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::SeqCst)
    }

    /// Commits; a caller that stops waiting does not stop the write.
    pub(super) async fn commit(&self, write: Write) -> Result<(), DatabaseError> {
        let (answer, arrival) = oneshot::channel();
        let task = CommitTask { write, answer };
        let sent = self
            .tasks
            .as_ref()
            .is_some_and(|queue| queue.send(task).is_ok());
        if !sent {
            return Err(DatabaseError::closed(&self.address));
        }
        let mut abandons = AbandonFlag(Some(&self.abandoned));
        let written = arrival.await;
        abandons.0 = None;
        written.unwrap_or_else(|_| Err(DatabaseError::closed(&self.address)))
    }
}
