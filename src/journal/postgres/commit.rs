//! One commit: what is written, and the statements for it in their order.
//!
//! The one decision: two round trips make a commit however many writes are in it: first the rows, then the end of the
//! chain with the events. One is enough as long as nobody else appends: the end is then where this process left it, so
//! all leaves together, and what does not hold fails the whole, which is done again the other way.

use futures_util::future::{join_all, try_join_all};
use jiff::Timestamp;
use tokio_postgres::{Client, Error, Statement, error::SqlState};

use super::{
    super::{
        RunIdentity,
        entry::{Entry, Key},
        event::HistoryEvent,
        invitation::{self, Invitation, InvitationDraft, InvitationScope, LinkMoment},
        query::time,
    },
    claims::Fence,
    events::{self, ChainTail},
    invitations,
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
    put_or_fail: Statement,
    move_end_or_fail: Statement,
    /// Where this process left the end of the chain; somebody else may have moved it since.
    tail: Option<ChainTail>,
    /// How often in a row somebody else had moved it, and so many commits more are not tried at once.
    misses: u32,
    not_at_once: u32,
}

/// Most commits that are not tried in one round trip after others moved the end.
const MOST_NOT_AT_ONCE: u32 = 64;

impl PreparedWrites {
    /// Prepares them.
    pub(super) async fn of(client: Client) -> Result<Self, Error> {
        let (put, plan, withdraw, append, put_or_fail) = (
            rows::put(),
            rows::plan(),
            rows::withdraw(),
            events::append(),
            rows::put_or_fail(),
        );
        let all = [
            put.as_str(),
            &plan,
            &withdraw,
            events::TAKE_END,
            events::MOVE_END,
            &append,
            &put_or_fail,
            events::MOVE_END_OR_FAIL,
        ];
        let all = try_join_all(all.map(|sql| client.prepare(sql))).await?;
        let [
            put,
            plan,
            withdraw,
            take_end,
            move_end,
            append,
            put_or_fail,
            move_end_or_fail,
        ] = <[Statement; 8]>::try_from(all).unwrap_or_else(|_| unreachable!("eight went in"));
        Ok(Self {
            client,
            put,
            plan,
            withdraw,
            take_end,
            move_end,
            append,
            put_or_fail,
            move_end_or_fail,
            tail: None,
            misses: 0,
            not_at_once: 0,
        })
    }
}

/// The whole commit: of each write, whether its fence held; and the end of the chain, if it was moved.
pub(super) async fn transaction(
    prepared: &mut PreparedWrites,
    who: &RunIdentity,
    writes: &[&Write],
) -> Result<(Vec<bool>, Option<ChainTail>), Error> {
    let only_rows = writes
        .iter()
        .all(|write| matches!(write, Write::Row { .. }));
    if prepared.not_at_once > 0 {
        prepared.not_at_once -= 1;
    } else if only_rows && let Some(tail) = prepared.tail.clone() {
        if let Some(tail) = at_once(prepared, who, writes, tail).await? {
            (prepared.tail, prepared.misses) = (Some(tail.clone()), 0);
            return Ok((vec![true; writes.len()], Some(tail)));
        }
        prepared.misses = prepared.misses.saturating_add(1);
        prepared.not_at_once = 1_u32
            .checked_shl(prepared.misses)
            .map_or(MOST_NOT_AT_ONCE, |many| many.min(MOST_NOT_AT_ONCE));
    }
    let (held, tail) = in_two_trips(prepared, who, writes).await?;
    prepared.tail = tail.clone().or(prepared.tail.take());
    Ok((held, tail))
}

/// The commit in one round trip; the new end of the chain, none where it does not hold and nothing was written.
async fn at_once(
    prepared: &PreparedWrites,
    who: &RunIdentity,
    writes: &[&Write],
    tail: ChainTail,
) -> Result<Option<ChainTail>, Error> {
    let client = &prepared.client;
    let mut end = tail.clone();
    let (mut puts, mut appended) = (Vec::new(), Vec::new());
    for write in writes {
        let Write::Row {
            at,
            entry,
            event,
            fence,
        } = write
        else {
            return Ok(None);
        };
        if let Some(entry) = entry {
            let mut values = rows::values(entry, &who.host);
            values.extend(Fence::values(fence.as_ref()));
            puts.push(values);
        }
        appended.extend(event.as_ref().map(|event| end.next(event, who, *at)));
    }
    let execute = async |statement, values: &[Option<String>]| {
        client.execute(statement, &params(values)).await
    };
    let puts = puts
        .iter()
        .map(|values| execute(&prepared.put_or_fail, values));
    let ends = [&end, &tail].map(|end| [Some(end.id.to_string()), Some(end.hash.clone())]);
    let moved = execute(&prepared.move_end_or_fail, ends.as_flattened());
    let appends = appended
        .iter()
        .map(|values| execute(&prepared.append, values));
    let (begun, puts, moved, appends, committed) = tokio::join!(
        client.batch_execute("BEGIN"),
        join_all(puts),
        moved,
        join_all(appends),
        client.batch_execute("COMMIT")
    );
    begun?;
    // The first that failed says why; after it the server refuses the others, and the commit writes nothing.
    let failed = puts
        .into_iter()
        .chain([moved])
        .chain(appends)
        .find_map(Result::err);
    committed?;
    match failed {
        None => Ok(Some(end)),
        Some(error) if error.code() == Some(&SqlState::DIVISION_BY_ZERO) => Ok(None),
        Some(error) => Err(error),
    }
}

/// The commit in two round trips: of each write, whether its fence held; and the end of the chain, if it was moved.
async fn in_two_trips(
    prepared: &PreparedWrites,
    who: &RunIdentity,
    writes: &[&Write],
) -> Result<(Vec<bool>, Option<ChainTail>), Error> {
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
        return Ok((held, None));
    };
    let mut end = ChainTail {
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
    Ok((held, Some(end)))
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
