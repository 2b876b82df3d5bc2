//! One commit: what is written, and the statements for it in their order.
//!
//! The one decision: two round trips make a commit however many writes are in it: first the rows, then the end of the
//! chain with the events.

use futures_util::future::{join_all, try_join_all};
use jiff::Timestamp;
use tokio_postgres::{Client, Error, Statement};

use super::{
    super::{
        RunIdentity,
        entry::{Entry, Key},
        event::HistoryEvent,
        invitation::{self, Invitation, InvitationDraft, InvitationScope, LinkMoment},
        query::time,
    },
    claims::Fence,
    events, invitations,
    rows::{self, params},
};

/// A statement and its values.
pub(super) type BoundStatement = (&'static str, Vec<Option<String>>);

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
    /// What became of webhooks; done twice it is the same.
    Webhooks(Vec<BoundStatement>),
}

/// The statements of a connection.
pub(super) struct PreparedWrites {
    pub(super) client: Client,
    put: Statement,
    plan: Statement,
    withdraw: Statement,
    take_end: Statement,
    move_end: Statement,
    append: Statement,
}

impl PreparedWrites {
    /// Prepares them.
    pub(super) async fn of(client: Client) -> Result<Self, Error> {
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
            client,
            put,
            plan,
            withdraw,
            take_end,
            move_end,
            append,
        })
    }
}

/// The whole commit: of each write, whether its fence held.
pub(super) async fn transaction(
    prepared: &PreparedWrites,
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
    let mut end = events::ChainTail {
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
async fn one(prepared: &PreparedWrites, who: &RunIdentity, write: &Write) -> Result<bool, Error> {
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
        Write::Webhooks(statements) => {
            for (sql, values) in statements {
                client.execute(*sql, &params(values)).await?;
            }
            Ok(true)
        }
    }
}
