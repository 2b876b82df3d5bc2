//! The world as it is: Meta behind the client, the journal on the disk, the time on the clock.
//!
//! The one decision: calls are boxed, since many more apps are under way than calls, and each keeps a future of its own.

mod readings;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::SemaphorePermit;

use super::{
    Engine, Error, Event, RowStore,
    answers::failed,
    batch::{Batch, Went},
    facts::{Found, LookFor, Moment, Side},
    look::Looker,
    port::{Cause, Confirmed, Failed, Port, WriteAnswer, Writes},
    turn,
};
use crate::{
    exit::Kind,
    graph::{LeaveBy, NewSolution, Token, Transition},
    ids::SolutionId,
    journal::{self, Entry, Key, KeyLock},
};

/// The world of one app of a run.
pub(super) struct Client<'a> {
    engine: &'a Engine,
    /// Whether this app has sent a write.
    wrote: AtomicBool,
    /// Its place among those at work, which whoever waits for others gives up.
    place: Mutex<Option<SemaphorePermit<'a>>>,
    /// Later than this, by the run's clock, a first look leaves the owner's side to the run behind this plan.
    asks_owners_until: Duration,
}

impl<'a> Client<'a> {
    pub(super) fn new(engine: &'a Engine) -> Self {
        Self {
            engine,
            wrote: AtomicBool::new(false),
            place: Mutex::default(),
            asks_owners_until: Duration::MAX,
        }
    }

    /// One of a plan.
    pub(super) fn planning(engine: &'a Engine, asks_owners_until: Duration) -> Self {
        Self {
            asks_owners_until,
            ..Self::new(engine)
        }
    }

    /// One of many: it begins when there is a place.
    pub(super) async fn begun(engine: &'a Engine) -> Self {
        let place = engine.admission.begin().await;
        let client = Self::new(engine);
        client.takes(place);
        client
    }

    fn takes(&self, place: Option<SemaphorePermit<'a>>) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }

    /// Waits for those that go on together, and for a place among them. Says who they are.
    async fn arrives(&self, whole: bool) -> Went {
        self.takes(None);
        let went = Box::pin(self.batch().arrive(whole)).await;
        self.takes(self.engine.admission.go_on().await);
        went
    }

    /// Waits for something of its own; nobody waits for it meanwhile.
    async fn aside<T>(&self, wait: impl Future<Output = T>) -> T {
        self.takes(None);
        self.batch().aside(wait).await
    }

    fn looker(&self) -> Looker<'_> {
        self.engine.looker()
    }

    fn batch(&self) -> &Batch {
        &self.engine.batch
    }

    /// Where nobody knows our app, an event names no app.
    fn as_known(&self, event: journal::HistoryEvent) -> journal::HistoryEvent {
        if self.engine.names_partner {
            return event;
        }
        journal::HistoryEvent {
            owner: None,
            partner: None,
            ..event
        }
    }

    /// By this moment of the run's clock.
    fn leave_by(&self, by: Duration) -> Option<LeaveBy> {
        (by != Duration::MAX)
            .then(|| LeaveBy::within(by.saturating_sub(self.engine.survey.clock())))
    }
}

impl Port for Client<'_> {
    type Lock = Option<KeyLock>;

    fn clock(&self) -> Moment {
        let here = Timestamp::now();
        Moment {
            run: self.engine.survey.clock(),
            // Machines that share a journal count by its clock.
            wall: match &self.engine.store {
                RowStore::Journal(journal) => journal.now(),
                RowStore::Rows(rows) => rows.now(),
            },
            meta: self
                .engine
                .graph
                .clock_ahead()
                .and_then(|ahead| here.checked_sub(ahead).ok()),
        }
    }

    async fn pause(&self, length: Duration) -> bool {
        let pause = Box::pin(self.aside(self.engine.stop.pause(length)));
        if self.engine.policy.is_long(length) {
            Box::pin(self.engine.admission.aside(pause)).await
        } else {
            pause.await
        }
    }

    fn tokens(&self) -> (bool, bool) {
        (self.engine.user.is_some(), self.engine.system.is_some())
    }

    fn withholds(&self) -> bool {
        matches!(self.engine.store, RowStore::Rows(_))
    }

    fn may_write(&self, before: &str) -> Result<(), Error> {
        let halt = &self.engine.halt;
        if self.engine.stop.is_set() {
            return Err(Error::Interrupted(before.to_owned()));
        }
        match halt.kind() {
            Some(kind) if halt.forbids_writes() || !self.wrote.load(Ordering::SeqCst) => {
                return Err(Error::NotTried { kind });
            }
            _ => {}
        }
        self.wrote.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn lock(&self, key: &Key) -> Result<Option<KeyLock>, Error> {
        let RowStore::Journal(journal) = &self.engine.store else {
            return Ok(None);
        };
        let (tell, owner) = (Arc::clone(&self.engine.tell), key.owner.clone());
        let lock = journal.lock(key, move |holder| tell(Event::Waiting(owner, holder)));
        let taken = async {
            tokio::select! {
                biased;
                lock = lock => Ok(Some(lock?)),
                () = self.engine.stop.wait() => Err(Error::Interrupted(format!(
                    "another mps was done with app {}",
                    key.owner
                ))),
            }
        };
        self.aside(Box::pin(taken)).await
    }

    async fn rows(&self, key: &Key) -> Result<Vec<Entry>, Error> {
        match &self.engine.store {
            RowStore::Journal(journal) => {
                Ok(Box::pin(journal.entries_for(&key.owner, &key.partner)).await?)
            }
            RowStore::Rows(rows) => Ok(rows.of_pair(key).cloned().collect()),
        }
    }

    async fn put(
        &self,
        row: &Entry,
        event: Option<journal::HistoryEvent>,
    ) -> Result<(), journal::Error> {
        let event = event.map(|event| self.as_known(event));
        match &self.engine.store {
            RowStore::Journal(journal) => journal.put(row.clone(), event).await,
            RowStore::Rows(_) => Ok(()),
        }
    }

    async fn withdraw(&self, key: &Key) -> Result<(), Error> {
        match &self.engine.store {
            RowStore::Journal(journal) => Ok(Box::pin(journal.withdraw(key)).await?),
            RowStore::Rows(_) => Ok(()),
        }
    }

    fn no_more_writes(&self) {
        self.engine.halt.no_more_writes();
    }

    fn known_side(&self, key: &Key) -> Side {
        self.engine.survey.known(&key.owner)
    }

    async fn list_ours(&self, key: &Key, after: Duration, purpose: LookFor) -> (Side, Cause) {
        let after = match purpose {
            _ if self.withholds() => Duration::ZERO,
            LookFor::Accept if self.tokens().1 => {
                self.arrives(true).await;
                after
            }
            _ => after,
        };
        let looker = self.looker();
        Box::pin(looker.ours(&self.engine.survey, &key.owner, after)).await
    }

    async fn list_owner(&self, key: &Key, after: Duration, purpose: LookFor) -> (Side, Cause) {
        let looker = self.looker();
        let after = if self.withholds() {
            Duration::ZERO
        } else {
            after
        };
        let _turn = turn::any(self.engine).await;
        let late = self.engine.survey.clock() > self.asks_owners_until;
        if self.withholds()
            && purpose == LookFor::First
            && looker.leaves_owner(&self.engine.survey, &key.owner, late)
        {
            return (Side::Later, None);
        }
        Box::pin(looker.owner(&self.engine.survey, &key.owner, after)).await
    }

    async fn read(&self, key: &Key, id: &SolutionId) -> (Found, Cause) {
        let _turn = turn::any(self.engine).await;
        Box::pin(readings::found(self.engine, key, id)).await
    }

    async fn read_back(&self, key: &Key, id: &SolutionId) -> (Found, Cause) {
        let survey = &self.engine.survey;
        let after = survey.clock();
        survey.seek(id);
        let went = self.arrives(false).await;
        let seen = if went.many > survey.pages() {
            let looker = self.looker();
            if went.whole {
                let _ = Box::pin(looker.ours(survey, &key.owner, after)).await;
            }
            Box::pin(looker.sighting(survey, &key.owner, id, after)).await
        } else {
            None
        };
        survey.seek_no_more(id);
        if let Some(seen) = seen.filter(|seen| super::choose::is_accepted(&seen.status)) {
            return (Found::Seen(Box::new(seen)), None);
        }
        let _turn = turn::any(self.engine).await;
        Box::pin(readings::found(self.engine, key, id)).await
    }

    async fn create(
        &self,
        key: &Key,
        new: &NewSolution<'_>,
        leave_by: Duration,
    ) -> WriteAnswer<SolutionId> {
        let Some(user) = &self.engine.user else {
            return Err((Failed::NeverLeft { again: false }, None));
        };
        let by = self.leave_by(leave_by);
        let graph = &self.engine.graph;
        match Box::pin(graph.create_solution(user, &key.owner, new, by)).await {
            Ok(created) => Ok(Confirmed {
                value: created.id,
                fbtrace: created.fbtrace,
            }),
            Err(error) => failed(error),
        }
    }

    async fn accept(&self, id: &SolutionId, body: bool, leave_by: Duration) -> WriteAnswer<()> {
        let Some(system) = &self.engine.system else {
            return Err((Failed::NeverLeft { again: false }, None));
        };
        let partner = Some(&self.engine.partner).filter(|_| body && self.engine.names_partner);
        let by = self.leave_by(leave_by);
        match Box::pin(self.engine.graph.accept(system, id, partner, by)).await {
            Ok(receipt) => Ok(Confirmed {
                value: (),
                fbtrace: receipt.fbtrace,
            }),
            Err(error) => failed(error),
        }
    }

    async fn reject(&self, id: &SolutionId) -> WriteAnswer<()> {
        let Some(system) = &self.engine.system else {
            return Err((Failed::NeverLeft { again: false }, None));
        };
        let (token, partner) = (Token::System(system), &self.engine.partner);
        let sent = self
            .engine
            .graph
            .transition(token, id, partner, Transition::Reject);
        match Box::pin(sent).await {
            Ok(receipt) => Ok(Confirmed {
                value: (),
                fbtrace: receipt.fbtrace,
            }),
            Err(error) => failed(error),
        }
    }

    async fn turn(&self, object: &str, write: Writes, by: Duration) -> Option<impl Send + Sync> {
        turn::write(self.engine, object, write, by).await
    }

    async fn quota_let_go(&self, cause: &Cause, object: &str, creates: bool) -> bool {
        let Some(error) = cause else {
            return false;
        };
        let write = if creates {
            Writes::Create
        } else {
            Writes::Accept
        };
        let Some(token) = turn::token_of(self.engine, write) else {
            return false;
        };
        let waited = self
            .aside(Box::pin(self.engine.graph.wait_out(error, token, object)))
            .await;
        // After a stop it may be sent too: the question before each write knows the words for that.
        waited || (error.kind() == Kind::Quota && self.engine.stop.is_set())
    }

    fn tell(&self, event: Event) {
        let told = match &event {
            // The plan and the run behind it say it once.
            Event::ClockAhead(owner, _) => self.engine.survey.is_first_of(owner),
            _ => !self.withholds(),
        };
        if told {
            (self.engine.tell)(event);
        }
    }

    fn event(&self, call: journal::Call, outcome: journal::EventOutcome) -> journal::HistoryEvent {
        self.engine.actor.event(call, outcome)
    }
}
