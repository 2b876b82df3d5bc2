//! From the store to stdout: a line per change, after the solution was read again.
//!
//! The one decision: a change is delivered when its line was taken by stdout and its command has ended well, and that is
//! written down before the next one begins. So a death in between repeats one line at the most, and loses none.

use std::{
    collections::{HashMap, VecDeque},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use futures_util::{Stream, StreamExt as _, stream};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::hook;
use crate::{
    context::{Context, failure::Failure},
    graph::{Pending, Solution, Status},
    ids::{AppId, SolutionId},
    journal::{KeptChange, Webhooks},
    record::{Record as _, record},
    session::{
        Session,
        inbox::{self, Inbox, JournalAway},
        unless_stopped,
    },
    sign_in::WebhookListener,
    webhooks::WebhookChange,
};

/// Most changes that are read from the store at once, and so share what is read of their solutions.
const AT_ONCE: u32 = 64;
/// Solutions that are read at once.
const READS: usize = 8;
/// How long nothing new is waited for: what another process took is seen no later.
const LOOK: Duration = Duration::from_secs(1);
/// How long a command may go on after a stop.
const GRACE: Duration = Duration::from_secs(10);
/// Between two times that strangers are told of.
const STRANGERS: Duration = Duration::from_secs(60);

record! {
    /// A change that Meta told of, and what is true of its solution now.
    #[derive(Debug, Clone)]
    pub struct ListenRecord {
        /// What a change has in common with its doubles and with nothing else
        pub id: String,
        /// When it came
        pub at: String,
        /// `partner_solutions` or `account_update`
        pub field: String,
        /// Meta's word for what happened
        pub event: Option<String>,
        /// When it happened, as Meta says
        pub time: Option<i64>,
        /// The solution that it names
        pub solution_id: Option<SolutionId>,
        /// Its name
        pub solution_name: Option<String>,
        /// Its status as it was read afterwards
        pub status: Option<Status>,
        /// What is under way, NONE if nothing
        pub pending: Option<Pending>,
        /// The status that Meta told of; by now it may be another
        pub told_status: Option<String>,
        /// The Tech Provider's app
        pub owner_app_id: Option<AppId>,
        /// The customer's account that it names
        pub waba_id: Option<String>,
        /// The customer's business portfolio, for `mps business-token`
        pub owner_business_id: Option<String>,
        /// Whether the solution was read again; without one there is nothing to read
        pub verified: bool,
        /// What Meta said, as it came
        pub value: Map<String, Value>,
    }
}

impl ListenRecord {
    fn new(kept: &KeptChange, change: WebhookChange, solution: Option<&Solution>) -> Self {
        Self {
            id: kept.heard.identity.clone(),
            at: format!("{:.6}", kept.came_at),
            field: change.field.to_string(),
            event: change.event().map(str::to_owned),
            time: change.time,
            solution_id: kept.heard.solution_id.clone(),
            solution_name: solution.map(|read| read.name.clone()),
            status: solution.map(|read| read.status.clone()),
            pending: solution.map(|read| read.pending.clone()),
            told_status: change.told_status().map(str::to_owned),
            owner_app_id: solution.and_then(|read| Some(read.owner_app.as_ref()?.id.clone())),
            waba_id: change.waba_id(),
            owner_business_id: change.owner_business_id(),
            verified: solution.is_some(),
            value: change.value,
        }
    }
}

/// Which changes are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DeliverySource {
    /// Those that were not yet, and whatever comes.
    Undelivered,
    /// Those since then, once more.
    Since(Timestamp),
}

/// A line, and the change that it is of.
type ReadLine = (i64, String);

/// The lines of a pipe.
type Pieces = Pin<Box<dyn Stream<Item = Result<String, Failure>> + Send>>;

/// What is still to be delivered.
pub(super) struct Deliveries {
    ctx: Arc<Context>,
    session: Arc<Session>,
    inbox: Inbox,
    source: DeliverySource,
    exec: Option<String>,
    /// The greatest number that was begun.
    after: i64,
    ready: VecDeque<ReadLine>,
    /// The one whose line is at stdout.
    written: Option<i64>,
    strangers: tokio::time::Instant,
    away: JournalAway,
}

impl Deliveries {
    pub(super) fn new(
        ctx: Arc<Context>,
        session: Arc<Session>,
        inbox: Inbox,
        source: DeliverySource,
        exec: Option<String>,
    ) -> Self {
        Self {
            ctx,
            session,
            inbox,
            source,
            exec,
            after: 0,
            ready: VecDeque::new(),
            written: None,
            strangers: tokio::time::Instant::now(),
            away: JournalAway::default(),
        }
    }

    /// The lines, until the end of a replay.
    pub(super) fn lines(self) -> Pieces {
        Box::pin(stream::unfold(self, |mut deliveries| async move {
            let line = deliveries.next().await?;
            Some((line, deliveries))
        }))
    }

    /// The lines, until a stop, behind an open door, which is closed then.
    pub(super) fn behind(self, listener: WebhookListener) -> Pieces {
        let state = Some((self, listener));
        Box::pin(stream::unfold(
            state,
            |state: Option<(Self, WebhookListener)>| async move {
                let (mut deliveries, listener) = state?;
                let line = tokio::select! {
                    line = deliveries.next() => line,
                    () = listener.pass_over() => None,
                };
                if let Some(line) = line {
                    return Some((line, Some((deliveries, listener))));
                }
                listener.close().await;
                deliveries.tell_strangers();
                None
            },
        ))
    }

    async fn next(&mut self) -> Option<Result<String, Failure>> {
        // Whoever asks for the next one has written it; where that failed nobody asks.
        while let Some(id) = self.written {
            match self.inbox.store.delivered(id).await {
                Ok(()) => self.written = None,
                Err(_) if self.ctx.stop.is_set() => return None,
                Err(error) => {
                    if let Err(failure) = self.away.wait(&self.ctx, error).await {
                        return Some(Err(failure));
                    }
                }
            }
        }
        loop {
            if self.ctx.stop.is_set() {
                return None;
            }
            if let Some((id, line)) = self.ready.pop_front() {
                if !self.executed(&line).await {
                    continue;
                }
                self.written = Some(id).filter(|_| self.source == DeliverySource::Undelivered);
                return Some(Ok(line));
            }
            match self.refill().await {
                Ok(true) => {}
                Ok(false) if matches!(self.source, DeliverySource::Since(_)) => return None,
                Ok(false) => {
                    if self.strangers.elapsed() >= STRANGERS {
                        self.tell_strangers();
                    }
                    tokio::select! {
                        () = self.ctx.stop.wait() => return None,
                        () = self.inbox.news.notified() => {}
                        () = tokio::time::sleep(LOOK) => {}
                    }
                }
                // It is still there at the next start.
                Err(_) if self.ctx.stop.is_set() => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// Reads the next ones and their solutions; false where there are none.
    async fn refill(&mut self) -> Result<bool, Failure> {
        let store: &Webhooks = &self.inbox.store;
        let kept = match self.source {
            DeliverySource::Undelivered => match store.undelivered(self.after, AT_ONCE).await {
                Ok(kept) => kept,
                Err(error) => {
                    self.away.wait(&self.ctx, error).await?;
                    return Ok(true);
                }
            },
            DeliverySource::Since(since) => store.since(since, self.after, AT_ONCE).await?,
        };
        self.away.is_over(&self.ctx);
        let Some(last) = kept.last() else {
            return Ok(false);
        };
        let last = last.id;
        let read = self.read(&kept).await?;
        let host = self.ctx.foreign_host();
        for kept in kept {
            // What is in the store was written by us; what cannot be read is of a newer mps.
            let Some(change) = inbox::change_of(&kept) else {
                continue;
            };
            let solution = kept.heard.solution_id.as_ref().and_then(|id| read.get(id));
            let mut object = ListenRecord::new(&kept, change, solution).object();
            if let (Value::Object(object), Some(host)) = (&mut object, &host) {
                object.insert("host".to_owned(), host.as_str().into());
            }
            self.ready.push_back((kept.id, format!("{object}\n")));
        }
        self.after = last;
        Ok(true)
    }

    /// The solutions of these changes, each read once; what could not be read is said and left out.
    async fn read(&self, kept: &[KeptChange]) -> Result<HashMap<SolutionId, Solution>, Failure> {
        let session = &self.session;
        let reading = stream::iter(inbox::solutions_of(kept))
            .map(|id| async move { (session.read(&id).await, id) })
            .buffer_unordered(READS)
            .collect::<Vec<_>>();
        let all = unless_stopped(&self.ctx, async { Ok(reading.await) }).await;
        let mut read = HashMap::new();
        // A stop leaves them for the next start.
        for (solution, id) in all? {
            match solution {
                Ok(solution) => {
                    read.insert(id, solution);
                }
                Err(failure) => self.ctx.ui.warning(&format!(
                    "solution {id}, which a webhook told of, could not be read: {}",
                    failure.message
                )),
            }
        }
        Ok(read)
    }

    async fn executed(&self, line: &str) -> bool {
        let Some(command) = &self.exec else {
            return true;
        };
        let stopped = async {
            self.ctx.stop.wait().await;
            tokio::time::sleep(GRACE).await;
        };
        let ended = tokio::select! {
            ended = hook::run(command, line) => ended,
            () = stopped => Err(format!("had not ended {} seconds after the stop", GRACE.as_secs())),
        };
        match ended {
            Ok(()) => true,
            Err(why) => {
                self.ctx.ui.warning(&format!(
                    "the command of --exec {why}; the change is kept, and tried again when mps listen starts"
                ));
                false
            }
        }
    }

    fn tell_strangers(&mut self) {
        self.strangers = tokio::time::Instant::now();
        for text in self.inbox.counts.take() {
            self.ctx.ui.status(&text);
        }
    }
}
