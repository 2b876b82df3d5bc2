//! The thread that reads rows for those who write.
//!
//! The one decision: it has a connection of its own, since SQLite's WAL lets one read beside the writer: whoever asks
//! for a row waits for nobody's fsync. Who has waited for a write sees it.

use std::{
    path::{Path, PathBuf},
    sync::mpsc,
    thread::JoinHandle,
};

use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use super::Error;

/// How many are read at once: what a thousand apps ask at the same moment is not held a thousand times.
const AT_ONCE: usize = 64;

type Question = Box<dyn FnOnce(&Connection) + Send>;

/// The handle of the thread; it ends when this is dropped. To be dropped before the writer: the last one to close a
/// journal puts it in order, which takes one who may write.
#[derive(Debug)]
pub(super) struct RowReader {
    path: PathBuf,
    places: Semaphore,
    questions: Option<mpsc::Sender<Question>>,
    thread: Option<JoinHandle<()>>,
}

impl RowReader {
    /// Gives the connection to a new thread.
    pub(super) fn start(path: &Path, conn: Connection) -> Result<Self, Error> {
        let (questions, queue) = mpsc::channel::<Question>();
        let answer = move || queue.into_iter().for_each(|question| question(&conn));
        let thread = std::thread::Builder::new()
            .name("journal-rows".to_owned())
            .spawn(answer)
            .map_err(|err| Error::from_io(path, err))?;
        Ok(Self {
            path: path.to_owned(),
            places: Semaphore::new(AT_ONCE),
            questions: Some(questions),
            thread: Some(thread),
        })
    }

    /// Reads what is committed.
    pub(super) async fn read<T, F>(&self, read: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let _place = self.places.acquire().await;
        let (answer, arrival) = oneshot::channel();
        let question = move |conn: &Connection| {
            // Nobody waits for the answer any more: nothing is lost.
            let _ = answer.send(read(conn));
        };
        let closed = || Error::Closed {
            path: self.path.clone(),
        };
        let questions = self.questions.as_ref().ok_or_else(closed)?;
        questions.send(Box::new(question)).map_err(|_| closed())?;
        match arrival.await {
            Ok(found) => found.map_err(|err| Error::from_sqlite(&self.path, err)),
            Err(_) => Err(closed()),
        }
    }
}

impl Drop for RowReader {
    fn drop(&mut self) {
        drop(self.questions.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there was already told to those who waited.
            let _ = thread.join();
        }
    }
}
