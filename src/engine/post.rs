//! The POST that creates, and what is written down around it.
//!
//! The one decision: the intent is durable before the request leaves, the answer before anybody is told. So
//! there is no moment at which a death would leave a solution that the journal knows nothing of.

use jiff::Timestamp;

use super::{
    Engine, Error, Event, OurApp, choose,
    job::{Found, Job, Origin, no_user},
    settle::{Then, unknown},
};
use crate::{
    exit::Kind,
    graph::{self, NewSolution, Pending, Sent, Solution, Status, Token},
    ids::SolutionId,
    journal::{self, Call, Entry, EventOutcome, State},
    secret::UserToken,
};

/// How often a write that surely never left is tried in all.
const TRIES_TO_CONNECT: usize = 3;

impl Engine {
    /// Steps 2 and 3: the intent is on disk before the POST leaves, the answer before anybody is told.
    pub(crate) async fn post(
        &self,
        entry: &mut Entry,
        job: &Job,
        then: Then,
    ) -> Result<Found, Error> {
        let Some(user) = &self.user else {
            return Err(no_user(job));
        };
        let mut tries = 0;
        let error = loop {
            self.may_write(|| format!("a solution for app {} was created", job.app.id))?;
            tries += 1;
            entry.state = State::Sent;
            entry.sent_at = Some(Timestamp::now());
            let event = self.event(entry, Call::Create, EventOutcome::Intended);
            self.journal.put(entry.clone(), Some(event)).await?;
            self.tell(Event::Creating(job.app.id.clone()));
            let error = match self.send(user, entry).await {
                Ok(created) => return self.answered(entry, created).await,
                Err(error) => error,
            };
            match error.sent() {
                Sent::Unknown => break error,
                Sent::Never if is_worth_another_try(&error, tries) => {
                    self.journal
                        .record(self.failed_event(entry, &error))
                        .await?;
                }
                Sent::Never | Sent::Refused => {
                    let ended = self.not_made(entry, error.clone()).await?;
                    // What an earlier POST may have made can show up meanwhile, so only a first one waits.
                    let (token, object) = (Token::User(user), job.app.id.as_str());
                    if then != Then::PostOnce || !self.quota_let_go(&error, token, object).await {
                        return Err(ended);
                    }
                    if let Some(found) = self.look_anew(entry, job).await? {
                        return Ok(found);
                    }
                }
            }
        };
        entry.state = State::Unknown;
        entry.last_error = Some(error.to_string());
        let event = self.failed_event(entry, &error);
        if self.journal.put(entry.clone(), Some(event)).await.is_err() {
            // On disk it stands as sent, so the next run looks for it; this one stops here.
            self.halt.no_more_writes();
            let why = "no clear answer came, and the journal could not be written";
            return Err(unknown(entry, why, Some(error)));
        }
        Box::pin(self.settle(entry, job, Some(error), then)).await
    }

    /// One POST.
    async fn send(&self, user: &UserToken, entry: &Entry) -> Result<graph::Created, graph::Error> {
        let (owner_permissions, partner_permissions) = self.terms_of(entry).permissions();
        let new = NewSolution {
            name: &entry.solution_name,
            partner: &self.partner,
            owner_permissions,
            partner_permissions,
        };
        self.graph
            .create_solution(user, &entry.key.owner, &new)
            .await
    }

    /// Meta said yes.
    async fn answered(&self, entry: &mut Entry, created: graph::Created) -> Result<Found, Error> {
        entry.state = State::Created;
        entry.solution_id = Some(created.id.clone());
        entry.last_error = None;
        let event = journal::HistoryEvent {
            fbtrace: created.fbtrace,
            ..self.event(entry, Call::Create, EventOutcome::Ok)
        };
        self.write_answer(entry, &created.id, event).await?;
        self.tell(Event::Created {
            owner: entry.key.owner.clone(),
            solution: created.id.clone(),
            existing: false,
        });
        let solution = Solution {
            id: created.id,
            name: entry.solution_name.clone(),
            status: Status::Initiated,
            pending: Pending::Activation,
            owner_app: None,
            owner_permissions: None,
            partners: None,
        };
        Ok(Found {
            solution,
            origin: Origin::Answered,
            surplus: Vec::new(),
        })
    }

    /// Writes an answer down; where that fails the id is told at once and no new write starts.
    pub(crate) async fn write_answer(
        &self,
        entry: &Entry,
        id: &SolutionId,
        event: journal::HistoryEvent,
    ) -> Result<(), Error> {
        let Err(error) = self.journal.put(entry.clone(), Some(event)).await else {
            return Ok(());
        };
        self.halt.no_more_writes();
        self.tell(Event::NotWrittenDown {
            owner: entry.key.owner.clone(),
            solution: id.clone(),
            why: error.to_string(),
        });
        Err(Error::NotWrittenDown {
            what: format!("solution {id} was created for app {}", entry.key.owner),
            error: Box::new(error),
        })
    }

    /// Surely nothing was made. What concerns only this app is a failure; what another token, another day,
    /// other terms or another connection would mend stays intended.
    async fn not_made(&self, entry: &mut Entry, error: graph::Error) -> Result<Error, Error> {
        let for_good = matches!(error.kind(), Kind::Input | Kind::Permission | Kind::State)
            && !error.whole_run();
        entry.state = if for_good {
            State::Failed
        } else {
            State::Intended
        };
        entry.last_error = Some(error.to_string());
        let event = self.failed_event(entry, &error);
        self.journal.put(entry.clone(), Some(event)).await?;
        Ok(error.into())
    }

    /// Who may send messages, as the row was written.
    fn terms_of(&self, entry: &Entry) -> choose::Messaging {
        choose::Messaging::from_word(&entry.messaging).unwrap_or(self.policy.messaging)
    }

    /// The event of a POST that came to nothing, or to nothing known.
    fn failed_event(&self, entry: &Entry, error: &graph::Error) -> journal::HistoryEvent {
        journal::HistoryEvent {
            fbtrace: error.trace_id().map(str::to_owned),
            error: Some(error.to_string()),
            ..self.event(entry, Call::Create, outcome_of(error))
        }
    }

    /// An event about an entry, as far as this run knows.
    pub(crate) fn event(
        &self,
        entry: &Entry,
        call: Call,
        outcome: EventOutcome,
    ) -> journal::HistoryEvent {
        let (owner, partner) = self.terms_of(entry).permissions();
        journal::HistoryEvent {
            owner: Some(entry.key.owner.clone()),
            partner: Some(self.partner.clone()),
            solution_id: entry.solution_id.clone(),
            solution_name: Some(entry.solution_name.clone()),
            permissions_sent: (call == Call::Create).then(|| terms(owner, partner)),
            ..self.actor.event(call, outcome)
        }
    }
}

impl<P: OurApp> Engine<P> {
    /// Whether a write that the quota stopped may be sent now, after the wait that was asked for. After a
    /// stop it may too: the question before each write knows the words for that.
    pub(crate) async fn quota_let_go(
        &self,
        error: &graph::Error,
        token: Token<'_>,
        object: &str,
    ) -> bool {
        self.graph.wait_out(error, token, object).await
            || (error.kind() == Kind::Quota && self.stop.is_set())
    }
}

/// Whether a write that never left is sent again at once: only where a connection could not be made, and
/// the next try may make one.
pub(crate) fn is_worth_another_try(error: &graph::Error, tries: usize) -> bool {
    error.sent() == Sent::Never
        && tries < TRIES_TO_CONNECT
        && matches!(error.kind(), Kind::Transient | Kind::Timeout)
        && !error.whole_run()
}

/// What the journal says of a write that failed so.
pub(crate) fn outcome_of(error: &graph::Error) -> EventOutcome {
    match error.sent() {
        Sent::Never => EventOutcome::NeverSent,
        Sent::Refused => EventOutcome::Refused,
        Sent::Unknown => EventOutcome::Unknown,
    }
}

/// Both sides' permissions for the journal.
pub(crate) fn terms<T: AsRef<str>>(owner: &[T], partner: &[T]) -> journal::Permissions {
    let words = |side: &[T]| side.iter().map(|word| word.as_ref().to_owned()).collect();
    journal::Permissions {
        owner: words(owner),
        partner: words(partner),
    }
}
