//! The one thread that writes.
//!
//! The one decision: whoever waits for the disk makes the others wait with it anyway, so all writes
//! that have queued up meanwhile go into one transaction and share its fsync. Where several keys are
//! worked on, their writes come in waves, so a group waits until the wave is over. An answer is sent
//! after the commit, so what was answered is durable.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::{Error, files::identity, mark};

/// Most writes in one transaction: bounds what one failure takes with it.
const GROUP: usize = 128;

/// How a group waits for what is on its way.
#[derive(Debug, Clone, Copy)]
struct Wave {
    /// It is over when nothing has come for so long.
    quiet: Duration,
    /// Nobody waits longer.
    most: Duration,
}

/// Together a fraction of one round trip to Meta.
const WAVE: Wave = Wave {
    quiet: Duration::from_millis(2),
    most: Duration::from_millis(5),
};

/// How many may write at about the same time: each key that is worked on has one who does, but not more than calls may
/// be under way. A clone is the same.
#[derive(Debug, Clone)]
pub(super) struct Crowd(Arc<CrowdShared>);

#[derive(Debug)]
struct CrowdShared {
    keys: AtomicUsize,
    at_once: AtomicUsize,
}

impl Default for Crowd {
    fn default() -> Self {
        Self(Arc::new(CrowdShared {
            keys: AtomicUsize::new(0),
            at_once: AtomicUsize::new(usize::MAX),
        }))
    }
}

/// One of the crowd, as long as it lives.
#[derive(Debug)]
pub(super) struct OneOfCrowd(Crowd);

impl Crowd {
    /// One more.
    pub(super) fn enter(&self) -> OneOfCrowd {
        self.0.keys.fetch_add(1, Ordering::SeqCst);
        OneOfCrowd(self.clone())
    }

    /// Whether a group of so many writes may wait for another one. One that only reads waits for nobody.
    fn has_more(&self, writes: usize) -> bool {
        let at_once = self.0.at_once.load(Ordering::SeqCst);
        writes > 0 && writes < at_once.min(self.0.keys.load(Ordering::SeqCst))
    }

    /// So many calls may be under way at once.
    pub(super) fn at_once(&self, calls: usize) {
        self.0.at_once.store(calls, Ordering::SeqCst);
    }
}

impl Drop for OneOfCrowd {
    fn drop(&mut self) {
        self.0.0.keys.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A write; it is called again, alone, if the group that it was in failed.
pub(super) type WriteFn = Box<dyn Fn(&Connection) -> rusqlite::Result<()> + Send>;

enum WriterTask {
    Write(WriteFn, oneshot::Sender<Result<(), Error>>),
    Read(Box<dyn FnOnce(&Connection) + Send>),
}

/// The handle of the thread; it ends when this is dropped, after what is queued.
#[derive(Debug)]
pub(super) struct Writer {
    path: PathBuf,
    jobs: Option<mpsc::Sender<WriterTask>>,
    thread: Option<JoinHandle<()>>,
    /// Somebody stopped waiting for a write.
    abandoned: AtomicBool,
}

/// Sets the flag unless it was told not to.
struct Abandons<'a>(Option<&'a AtomicBool>);

impl Drop for Abandons<'_> {
    fn drop(&mut self) {
        if let Some(abandoned) = self.0 {
            abandoned.store(true, Ordering::SeqCst);
        }
    }
}

impl std::fmt::Debug for WriterTask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Write(..) => "Write",
            Self::Read(_) => "Read",
        })
    }
}

impl Writer {
    /// Gives the connection to a new thread.
    pub(super) fn start(path: &Path, conn: Connection, crowd: Crowd) -> Result<Self, Error> {
        Self::start_with(path, conn, crowd, WAVE)
    }

    fn start_with(path: &Path, conn: Connection, crowd: Crowd, wave: Wave) -> Result<Self, Error> {
        let (jobs, queue) = mpsc::channel();
        let bench = WriterThread {
            path: path.to_owned(),
            identity: identity(path),
            conn,
            crowd,
            wave,
            broken: None,
            wrote: false,
        };
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || bench.work(&queue))
            .map_err(|err| Error::from_io(path, err))?;
        Ok(Self {
            path: path.to_owned(),
            jobs: Some(jobs),
            thread: Some(thread),
            abandoned: AtomicBool::new(false),
        })
    }

    /// Writes; durable when it returns. A caller that stops waiting does not stop the write.
    pub(super) async fn write(&self, write: WriteFn) -> Result<(), Error> {
        let (answer, arrival) = oneshot::channel();
        self.send(WriterTask::Write(write, answer))?;
        let mut abandons = Abandons(Some(&self.abandoned));
        let written = arrival.await;
        abandons.0 = None;
        written.unwrap_or_else(|_| Err(self.closed()))
    }

    /// Whether there may be writes that nobody waits for, so that only [`Writer::read`] surely sees them.
    pub(super) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::SeqCst)
    }

    /// Reads what is committed, this thread's earlier writes among it.
    pub(super) async fn read<T, F>(&self, read: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (answer, arrival) = oneshot::channel();
        self.send(WriterTask::Read(Box::new(move |conn| {
            // Nobody waits for the answer any more: nothing is lost.
            let _ = answer.send(read(conn));
        })))?;
        match arrival.await {
            Ok(found) => found.map_err(|err| Error::from_sqlite(&self.path, err)),
            Err(_) => Err(self.closed()),
        }
    }

    fn send(&self, job: WriterTask) -> Result<(), Error> {
        let jobs = self.jobs.as_ref().ok_or_else(|| self.closed())?;
        jobs.send(job).map_err(|_| self.closed())
    }

    fn closed(&self) -> Error {
        Error::Closed {
            path: self.path.clone(),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there was already told to those who waited.
            let _ = thread.join();
        }
    }
}

/// What the thread has before it.
struct WriterThread {
    path: PathBuf,
    conn: Connection,
    /// Which file it was when it was opened.
    identity: Option<(u64, u64)>,
    crowd: Crowd,
    wave: Wave,
    /// Set once the disk cannot be trusted: every later write fails the same way.
    broken: Option<Error>,
    /// Whether anything was committed.
    wrote: bool,
}

impl WriterThread {
    fn work(mut self, queue: &mpsc::Receiver<WriterTask>) {
        while let Ok(first) = queue.recv() {
            let (mut group, mut reads) = (Vec::new(), Vec::new());
            let begun = Instant::now();
            let mut next = Some(first);
            while let Some(job) = next {
                match job {
                    WriterTask::Write(write, answer) => group.push((write, answer)),
                    // It sees what was before it in the queue, committed, and cuts no group in two.
                    WriterTask::Read(read) => reads.push(read),
                }
                next = (group.len() < GROUP)
                    .then(|| self.next(queue, group.len(), begun))
                    .flatten();
            }
            self.flush(group);
            for read in reads {
                read(&self.conn);
            }
        }
        if self.wrote && identity(&self.path) == self.identity {
            mark::keep(&self.path, &self.conn);
        }
    }

    /// What has queued up, and what is still to come of this wave: not more than there are who write.
    fn next(
        &self,
        queue: &mpsc::Receiver<WriterTask>,
        writes: usize,
        begun: Instant,
    ) -> Option<WriterTask> {
        if let Ok(job) = queue.try_recv() {
            return Some(job);
        }
        if !self.crowd.has_more(writes) {
            return None;
        }
        let left = self.wave.most.saturating_sub(begun.elapsed());
        queue.recv_timeout(left.min(self.wave.quiet)).ok()
    }

    /// Commits the group and answers. If that fails, each is tried alone, so that a bad one takes no
    /// other with it; but not where all have waited in vain for another program already.
    fn flush(&mut self, group: Vec<(WriteFn, oneshot::Sender<Result<(), Error>>)>) {
        if group.is_empty() {
            return;
        }
        let together = self.commit(group.iter().map(|(write, _)| write));
        let alone = group.len() > 1 && !matches!(together, Ok(()) | Err(Error::Busy { .. }));
        for (write, answer) in group {
            let outcome = if alone {
                self.commit(std::iter::once(&write))
            } else {
                together.clone()
            };
            drop(write);
            // Nobody waits for the answer any more: it is written all the same.
            let _ = answer.send(outcome);
        }
    }

    fn commit<'a>(&mut self, writes: impl Iterator<Item = &'a WriteFn>) -> Result<(), Error> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        if identity(&self.path) != self.identity {
            return Err(Error::Moved {
                path: self.path.clone(),
            });
        }
        let written = transaction(&mut self.conn, writes);
        self.wrote |= written.is_ok();
        written.map_err(|err| {
            let is_final = Error::is_final(&err);
            let err = Error::from_sqlite(&self.path, err);
            if is_final {
                self.broken = Some(err.clone());
            }
            err
        })
    }
}

fn transaction<'a>(
    conn: &mut Connection,
    writes: impl Iterator<Item = &'a WriteFn>,
) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for write in writes {
        write(&tx)?;
    }
    tx.commit()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A writer that is kept busy until the sender goes, on a table `t`.
    fn held_up(path: &Path) -> (Writer, mpsc::Sender<()>) {
        let conn = Connection::open(path).unwrap();
        conn.pragma_update(None, "journal_mode", "wal").unwrap();
        conn.execute_batch("CREATE TABLE t (x INTEGER PRIMARY KEY)")
            .unwrap();
        let writer = Writer::start(path, conn, Crowd::default()).unwrap();
        let (release, gate) = mpsc::channel::<()>();
        let hold = move |_: &Connection| {
            let _ = gate.recv();
        };
        writer.send(WriterTask::Read(Box::new(hold))).unwrap();
        (writer, release)
    }

    /// Inserts a number and notes how many others could see then.
    fn insert(path: &Path, number: i64, seen: &Arc<Mutex<Vec<(i64, i64)>>>) -> WriteFn {
        let (path, seen) = (path.to_owned(), Arc::clone(seen));
        Box::new(move |conn| {
            conn.execute("INSERT INTO t VALUES (?)", [number])?;
            let others = count(&Connection::open(&path)?)?;
            seen.lock().unwrap().push((number, others));
            Ok(())
        })
    }

    fn count(conn: &Connection) -> rusqlite::Result<i64> {
        conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0))
    }

    #[tokio::test]
    async fn what_queues_up_is_one_transaction_in_order_and_no_read_cuts_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.db");
        let (writer, release) = held_up(&path);
        let seen = Arc::default();
        let (one, two) = (insert(&path, 1, &seen), insert(&path, 2, &seen));
        let (three, four) = (insert(&path, 3, &seen), insert(&path, 4, &seen));
        let all = async {
            tokio::join!(
                writer.write(one),
                writer.write(two),
                writer.read(count),
                writer.write(three),
                writer.write(four),
                async { drop(release) },
            )
        };
        let (one, two, between, three, four, ()) = all.await;
        for outcome in [one, two, three, four] {
            outcome.unwrap();
        }
        assert!(
            between.unwrap() >= 2,
            "a read sees what was before it, committed"
        );
        let expected = [(1, 0), (2, 0), (3, 0), (4, 0)];
        assert_eq!(*seen.lock().unwrap(), expected, "one group");
    }

    #[test]
    fn a_group_waits_for_those_who_may_still_write_and_for_nobody_else() {
        let crowd = Crowd::default();
        assert!(!crowd.has_more(1), "whoever writes without a lock");
        let _one = crowd.enter();
        assert!(!crowd.has_more(1), "the only one");
        let other = crowd.enter();
        assert!(crowd.has_more(1));
        assert!(!crowd.has_more(0), "a read alone");
        assert!(!crowd.has_more(2), "all have come");
        crowd.at_once(1);
        assert!(!crowd.has_more(1), "one call at a time");
        crowd.at_once(16);
        assert!(crowd.has_more(1));
        drop(other);
        assert!(!crowd.has_more(1));
    }

    #[tokio::test]
    async fn a_wave_is_one_transaction_and_nobody_waits_when_all_have_come() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.db");
        let conn = Connection::open(&path).unwrap();
        conn.pragma_update(None, "journal_mode", "wal").unwrap();
        conn.execute_batch("CREATE TABLE t (x INTEGER PRIMARY KEY)")
            .unwrap();
        let crowd = Crowd::default();
        let forever = Duration::from_secs(3600);
        let wave = Wave {
            quiet: forever,
            most: forever,
        };
        let writer = Writer::start_with(&path, conn, crowd.clone(), wave).unwrap();
        let seen = Arc::default();
        let _all: Vec<OneOfCrowd> = (0..3).map(|_| crowd.enter()).collect();
        let one = writer.write(insert(&path, 1, &seen));
        let others = async {
            tokio::task::yield_now().await;
            tokio::join!(
                writer.write(insert(&path, 2, &seen)),
                writer.write(insert(&path, 3, &seen)),
            )
        };
        let (one, (two, three)) = tokio::join!(one, others);
        for outcome in [one, two, three] {
            outcome.unwrap();
        }
        let expected = [(1, 0), (2, 0), (3, 0)];
        assert_eq!(*seen.lock().unwrap(), expected, "one group of three");
    }

    #[tokio::test]
    async fn a_bad_write_takes_no_other_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.db");
        let (writer, release) = held_up(&path);
        let seen = Arc::default();
        let (good, more) = (insert(&path, 1, &seen), insert(&path, 2, &seen));
        let bad: WriteFn = Box::new(|conn| conn.execute_batch("INSERT INTO t VALUES (3), (3)"));
        let (good, bad, more, ()) = tokio::join!(
            writer.write(good),
            writer.write(bad),
            writer.write(more),
            async { drop(release) },
        );
        assert!(good.is_ok() && bad.is_err() && more.is_ok());
        assert_eq!(writer.read(count).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn a_thread_that_died_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let (writer, release) = held_up(&dir.path().join("t.db"));
        drop(release);
        let panics = |_: &Connection| -> rusqlite::Result<()> { panic!("on purpose") };
        let gone = writer.read(panics).await;
        assert!(matches!(gone, Err(Error::Closed { .. })), "{gone:?}");
        let later = writer.write(Box::new(|_| Ok(()))).await;
        assert!(matches!(later, Err(Error::Closed { .. })), "{later:?}");
    }
}
