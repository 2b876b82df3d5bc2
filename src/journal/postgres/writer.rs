//! The one task that commits.
//!
//! The one decision: while one commit is under way the next ones queue up, and go together into the one after it. Two
//! round trips make a commit however many writes are in it: first the rows, then the end of the chain with the events.

use futures_util::future::{join_all, try_join_all};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::{Client, Error, Statement};

use super::{
    super::{
        RunIdentity,
        entry::{Entry, Key},
        event::HistoryEvent,
        invitation::{self, Invitation, InvitationDraft, InvitationScope, LinkMoment},
        query::time,
    },
    address::DatabaseAddress,
    claims::Fence,
    error::{DatabaseError, Trouble},
    events, invitations,
    rows::{self, params},
    session,
};

/// Most writes in one commit: bounds what one failure takes with it.
const GROUP: usize = 128;

/// How long after a lost connection another one is tried, each time for a commit that waits.
const AGAIN: [std::time::Duration; 3] = [
    std::time::Duration::ZERO,
    std::time::Duration::from_millis(500),
    std::time::Duration::from_millis(1500),
];

/// One write.
#[derive(Debug)]
pub(super) enum Write {
    /// A row, an event, or both.
    Row {
        at: Timestamp,
        entry: Option<Box<Entry>>,
        event: Option<Box<HistoryEvent>>,
        fence: Option<Fence>,
    },
    /// What a run is going to do.
    Plan(Vec<Entry>),
    /// An intent that nothing was sent for.
    Withdraw(Key, Option<Fence>),
    /// What is said of a label.
    Invite(InvitationScope, Box<InvitationDraft>, String, Timestamp),
    /// Links that an older mps promised.
    TakeOver(InvitationScope, Vec<Invitation>),
    /// A moment of a link.
    Note(String, LinkMoment, Timestamp),
}

/// A write and who waits for it.
pub(super) struct WriterTask {
    pub(super) write: Write,
    pub(super) answer: oneshot::Sender<Result<(), DatabaseError>>,
}

/// The statements of a connection.
struct Prepared {
    client: Client,
    put: Statement,
    plan: Statement,
    withdraw: Statement,
    take_end: Statement,
    move_end: Statement,
    append: Statement,
}

impl Prepared {
    async fn of(client: Client) -> Result<Self, Error> {
        let (put, plan, withdraw, append) = (
            rows::put(),
            rows::plan(),
            rows::withdraw(),
            events::append(),
        );
        let all = [
            put.as_str(),
            &plan,
            &withdraw,
            events::TAKE_END,
            events::MOVE_END,
            &append,
        ];
        let all = try_join_all(all.map(|sql| client.prepare(sql))).await?;
        let [put, plan, withdraw, take_end, move_end, append] =
            <[Statement; 6]>::try_from(all).unwrap_or_else(|_| unreachable!("six went in"));
        Ok(Self {
            put,
            plan,
            withdraw,
            take_end,
            move_end,
            append,
            client,
        })
    }
}

/// What the task has before it.
pub(super) struct Writer {
    address: DatabaseAddress,
    who: Arc<RunIdentity>,
    prepared: Option<Prepared>,
}

const DOING: &str = "could not write the journal";

impl Writer {
    /// Takes a session over.
    pub(super) async fn new(
        address: DatabaseAddress,
        who: Arc<RunIdentity>,
        client: Client,
    ) -> Result<Self, DatabaseError> {
        let prepared = Prepared::of(client).await;
        let prepared = prepared
            .map_err(|error| DatabaseError::of(&address, "could not open the journal", error))?;
        Ok(Self {
            address,
            who,
            prepared: Some(prepared),
        })
    }

    /// Commits until nobody has anything to write any more.
    pub(super) async fn work(mut self, mut queue: mpsc::UnboundedReceiver<WriterTask>) {
        while let Some(first) = queue.recv().await {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(next) = queue.try_recv()
            {
                group.push(next);
            }
            self.flush(group).await;
        }
    }

    /// Commits the group and answers. If that fails, each is tried alone, so that a bad one takes no other with it.
    async fn flush(&mut self, group: Vec<WriterTask>) {
        let (writes, answers): (Vec<Write>, Vec<_>) = group
            .into_iter()
            .map(|task| (task.write, task.answer))
            .unzip();
        let all: Vec<&Write> = writes.iter().collect();
        let together = self.commit(&all).await;
        let outcomes = match together {
            Ok(outcomes) => outcomes,
            Err(error) if writes.len() > 1 && !error.is_gone() => {
                let mut outcomes = Vec::new();
                for write in &writes {
                    let alone = self.commit(&[write]).await;
                    outcomes.push(alone.and_then(|mut outcomes| outcomes.remove(0)));
                }
                outcomes
            }
            Err(error) => writes.iter().map(|_| Err(error.clone())).collect(),
        };
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // Nobody waits for the answer any more: it is written all the same.
            let _ = answer.send(outcome);
        }
    }

    /// Commits; where the connection went, once more over another one, unless what was written shows that the commit
    /// itself was done.
    async fn commit(
        &mut self,
        writes: &[&Write],
    ) -> Result<Vec<Result<(), DatabaseError>>, DatabaseError> {
        let mut last = None;
        for pause in AGAIN {
            if last.is_some() {
                tokio::time::sleep(pause).await;
            }
            if let Err(error) = self.connected().await {
                if !error.is_gone() {
                    return Err(error);
                }
                last = Some(error);
                continue;
            }
            let Some(prepared) = &self.prepared else {
                continue;
            };
            if last.is_some()
                && let Some(held) = self.written(prepared, writes).await
            {
                return Ok(self.judged(writes, &held).await);
            }
            match transaction(prepared, &self.who, writes).await {
                Ok(held) => return Ok(self.judged(writes, &held).await),
                Err(error) => {
                    let error = DatabaseError::of(&self.address, DOING, error);
                    if !error.is_gone() {
                        // Whatever is open there.
                        if prepared.client.batch_execute("ROLLBACK").await.is_err() {
                            self.prepared = None;
                        }
                        return Err(error);
                    }
                    self.prepared = None;
                    last = Some(error);
                }
            }
        }
        Err(last.unwrap_or_else(|| DatabaseError::new(&self.address, DOING, Trouble::Gone)))
    }

    async fn connected(&mut self) -> Result<(), DatabaseError> {
        if let Some(prepared) = &self.prepared
            && !prepared.client.is_closed()
        {
            return Ok(());
        }
        let client = session::connect(&self.address, session::Use::Writes).await?;
        let prepared = Prepared::of(client).await;
        self.prepared =
            Some(prepared.map_err(|error| DatabaseError::of(&self.address, DOING, error))?);
        Ok(())
    }

    /// Of a commit whose answer was lost: what was written, if it was done. A row shows it by its time and run; one that
    /// does not while others do had lost its fence. A commit without rows is done again.
    async fn written(&self, prepared: &Prepared, writes: &[&Write]) -> Option<Vec<bool>> {
        const SQL: &str = "SELECT 1 FROM mps.entries WHERE host = $1::text AND owner = $2::text AND partner = $3::text
            AND name = $4::text AND updated_at = $5::text AND run_id = $6::text";
        let (mut any, mut all) = (false, Vec::new());
        for write in writes {
            let Write::Row {
                entry: Some(row), ..
            } = write
            else {
                all.push(true);
                continue;
            };
            let mut values = rows::key_values(&row.key, &self.who.host);
            values.extend([Some(time(row.updated_at)), rows::text(&*row.run_id)]);
            let found = prepared.client.query_opt(SQL, &params(&values)).await;
            let found = found.ok()?.is_some();
            any |= found;
            all.push(found);
        }
        any.then_some(all)
    }

    async fn judged(&self, writes: &[&Write], held: &[bool]) -> Vec<Result<(), DatabaseError>> {
        let each = writes.iter().zip(held).map(async |(write, held)| {
            if *held {
                return Ok(());
            }
            let holder = match write {
                Write::Row {
                    entry: Some(entry), ..
                } => self.holder(&entry.key).await,
                Write::Withdraw(key, _) => self.holder(key).await,
                _ => None,
            };
            let trouble = Trouble::LostFence(holder);
            Err(DatabaseError::new(&self.address, DOING, trouble))
        });
        join_all(each).await
    }

    async fn holder(&self, key: &Key) -> Option<String> {
        const SQL: &str = "SELECT operator || ' on ' || machine FROM mps.claims WHERE host = $1::text AND owner = $2::text
            AND partner = $3::text AND name = $4::text";
        let values = rows::key_values(key, &self.who.host);
        let client = &self.prepared.as_ref()?.client;
        let row = client.query_opt(SQL, &params(&values)).await.ok()??;
        row.try_get(0).ok()
    }
}

/// The whole commit: of each write, whether its fence held.
async fn transaction(
    prepared: &Prepared,
    who: &RunIdentity,
    writes: &[&Write],
) -> Result<Vec<bool>, Error> {
    let client = &prepared.client;
    let any_event = writes
        .iter()
        .any(|write| matches!(write, Write::Row { event: Some(_), .. }));
    // What is asked for first leaves first: the begin, the rows in their order, and then the end of the chain.
    let all = writes.iter().map(|write| one(prepared, who, write));
    let end = async {
        if any_event {
            client.query_one(&prepared.take_end, &[]).await.map(Some)
        } else {
            Ok(None)
        }
    };
    let (begun, held, end) = tokio::join!(client.batch_execute("BEGIN"), join_all(all), end);
    begun?;
    let held: Vec<bool> = held.into_iter().collect::<Result<_, _>>()?;
    let Some(end) = end? else {
        client.batch_execute("COMMIT").await?;
        return Ok(held);
    };
    let mut end = events::ChainEnd {
        id: end.try_get(0)?,
        hash: end.try_get(1)?,
    };
    let mut appended = Vec::new();
    for (write, held) in writes.iter().zip(&held) {
        if let (
            Write::Row {
                at,
                event: Some(event),
                ..
            },
            true,
        ) = (write, held)
        {
            appended.push(end.next(event, who, *at));
        }
    }
    let appends = appended.iter().map(async |values| {
        let values = params(values);
        client.execute(&prepared.append, &values).await
    });
    let moved = vec![Some(end.id.to_string()), Some(end.hash.clone())];
    let moved = params(&moved);
    let (appends, moved, committed) = tokio::join!(
        join_all(appends),
        client.execute(&prepared.move_end, &moved),
        client.batch_execute("COMMIT")
    );
    for append in appends {
        append?;
    }
    moved?;
    committed?;
    Ok(held)
}

/// One write of a commit; whether its fence held.
async fn one(prepared: &Prepared, who: &RunIdentity, write: &Write) -> Result<bool, Error> {
    let client = &prepared.client;
    match write {
        Write::Row { entry: None, .. } => Ok(true),
        Write::Row {
            entry: Some(entry),
            fence,
            ..
        } => {
            let mut values = rows::values(entry, &who.host);
            values.extend(Fence::values(fence.as_ref()));
            let written = client.execute(&prepared.put, &params(&values)).await?;
            Ok(written > 0)
        }
        Write::Plan(entries) => {
            let each = entries.iter().map(async |entry| {
                let values = rows::values(entry, &who.host);
                client.execute(&prepared.plan, &params(&values)).await
            });
            for written in join_all(each).await {
                written?;
            }
            Ok(true)
        }
        Write::Withdraw(key, fence) => {
            let mut values = rows::key_values(key, &who.host);
            values.extend(Fence::values(fence.as_ref()));
            let held = client
                .query_opt(&prepared.withdraw, &params(&values))
                .await?;
            Ok(held.is_some())
        }
        Write::Invite(scope, draft, new_path, now) => {
            invitations::alone(client, scope, &draft.label).await?;
            let values = invitations::values(scope, Some(draft.label.as_str()));
            let older = client
                .query_opt(invitations::BY_LABEL, &params(&values))
                .await?;
            let older = older.and_then(|row| invitations::read(&row).ok());
            let (invitation, is_new) = invitation::drafted(older, draft, new_path, *now);
            if is_new {
                invitations::insert(client, scope, &invitation).await?;
            } else {
                invitations::update(client, &invitation).await?;
            }
            Ok(true)
        }
        Write::TakeOver(scope, promised) => {
            for it in promised {
                invitations::alone(client, scope, &it.label).await?;
                let label = invitations::values(scope, Some(it.label.as_str()));
                let path = invitations::values(scope, Some(&it.path));
                let (label, path) = (params(&label), params(&path));
                let (label, path) = tokio::join!(
                    client.query_opt(invitations::BY_LABEL, &label),
                    client.query_opt(invitations::BY_PATH, &path)
                );
                if label?.is_none() && path?.is_none() {
                    invitations::insert(client, scope, it).await?;
                }
            }
            Ok(true)
        }
        Write::Note(path, moment, now) => {
            let column = moment.column();
            let sql = format!(
                "UPDATE mps.invitations SET {column} = coalesce({column}, $1::text) WHERE path = $2::text"
            );
            let values = vec![Some(time(*now)), rows::text(&**path)];
            client.execute(&sql, &params(&values)).await?;
            Ok(true)
        }
    }
}
