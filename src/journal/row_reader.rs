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
use tokio::sync::{Mutex, Semaphore, oneshot};

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
    /// Held by whoever gets the next answer.
    next: Mutex<()>,
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
            next: Mutex::default(),
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
        // Whoever asked first goes on first, also where the answer of a later one is there before anybody looks.
        let in_turn = self.next.lock().await;
        let arrived = arrival.await;
        drop(in_turn);
        match arrived {
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

#[cfg(test)]
mod tests {
    use std::{pin::pin, task::Poll};

    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn whoever_asked_first_goes_on_first() {
        let conn = Connection::open_in_memory().unwrap();
        let reader = RowReader::start(Path::new("rows"), conn).unwrap();
        let (open, gate) = mpsc::channel::<()>();
        let (say, done) = mpsc::channel::<()>();
        let mut first = pin!(reader.read(move |_| {
            gate.recv().unwrap();
            Ok(1)
        }));
        let mut second = pin!(reader.read(|_| Ok(2)));
        let mut third = pin!(reader.read(move |_| {
            say.send(()).unwrap();
            Ok(3)
        }));
        assert!(poll!(first.as_mut()).is_pending());
        assert!(poll!(second.as_mut()).is_pending());
        assert!(poll!(third.as_mut()).is_pending());
        open.send(()).unwrap();
        done.recv().unwrap();
        assert!(poll!(second.as_mut()).is_pending(), "its answer is there");
        assert!(matches!(poll!(first), Poll::Ready(Ok(1))));
        assert!(matches!(poll!(second), Poll::Ready(Ok(2))));
        assert!(matches!(third.await, Ok(3)));
    }
}
