//! `mps resume --not-made`: a row that waits for a lost answer is closed by the operator's word.
//!
//! The one decision: a word counts only where no look contradicts it and nothing is on its way any more, and the
//! look that counts is made under the lock that the row is closed under.

use jiff::Timestamp;

use super::{
    Engine, Error,
    case::{Case, age, left},
    choose,
    client::Client,
    facts::{Claims, Facts, Found, LookFor, Side},
    note,
    port::{Cause, Port as _},
    work::event,
    write,
};
use crate::{
    graph::{Solution, Status},
    ids::SolutionId,
    journal::{Call, Entry, EventOutcome, Key, PostEnd, State},
};

/// What the operator's word meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotMade {
    /// Nothing of this row waits for an answer.
    NothingWaits,
    /// Meta shows what was sent, or what `resume` takes in its place.
    Shown(SolutionId),
    /// Meta shows another live one, which is taken by its id only.
    Another(SolutionId),
    /// What had no answer may still be on its way, until then.
    UnderWay(Timestamp),
    /// Nothing contradicts it.
    Holds,
}

impl Engine {
    /// What a look says to it; nothing is changed.
    pub async fn weigh_not_made(&self, key: &Key) -> Result<NotMade, Error> {
        let client = Client::new(self);
        Ok(self.weigh(&client, key).await?.0)
    }

    /// Looks once more under the lock, and closes the row where the word still holds.
    pub async fn close_not_made(&self, key: &Key) -> Result<NotMade, Error> {
        let client = Client::new(self);
        let _lock = client.lock(key).await?;
        let mut row = match self.weigh(&client, key).await? {
            (NotMade::Holds, Some(row)) => row,
            (contradicted, _) => return Ok(contradicted),
        };
        let now = client.clock();
        let old = self.policy.pauses.without_answer;
        note::not_made(&mut row, |post| age(post, now) >= old);
        let said = event(&client, &row, &self.policy, Call::NotMade, EventOutcome::Ok);
        client.put(&row, Some(said)).await?;
        Ok(NotMade::Holds)
    }

    async fn weigh(
        &self,
        client: &Client<'_>,
        key: &Key,
    ) -> Result<(NotMade, Option<Entry>), Error> {
        let rows = client.rows(key).await?;
        let row = rows.iter().find(|row| row.key == *key);
        let Some(row) = row.filter(|row| waits(row)) else {
            return Ok((NotMade::NothingWaits, None));
        };
        // An id that came in an answer, and that Meta shows to nobody, is no solution.
        if let Some(id) = &row.solution_id {
            match client.read(key, id).await {
                (Found::Hidden, _) => {}
                (Found::Seen(_), _) => return Ok((NotMade::Shown(id.clone()), None)),
                (_, cause) => {
                    return Err(write::graph_error(cause, "the solution could not be read"));
                }
            }
        }
        let after = client.clock().run;
        let ours = client.list_ours(key, after, LookFor::Lost).await;
        let owner = client.list_owner(key, after, LookFor::Lost).await;
        let facts = Facts {
            tokens: client.tokens(),
            claims: Claims::of(row, &rows),
            ours: told(ours)?,
            owner: told(owner)?,
            ..Facts::default()
        };
        let case = Case {
            row,
            facts: &facts,
            policy: &self.policy,
            now: client.clock(),
        };
        let weighed = shown(&case)
            .or_else(|| until(&case).map(NotMade::UnderWay))
            .unwrap_or(NotMade::Holds);
        Ok((weighed, Some(row.clone())))
    }
}

/// Whether a row has a POST of which nobody knows what it made, or whose answer named a solution that has yet to be
/// seen.
pub fn waits(row: &Entry) -> bool {
    match &row.solution_id {
        None => matches!(row.state, State::Sent | State::Unknown) || row.has_open_post(),
        Some(id) => row.state == State::Created && row.made(id),
    }
}

/// A listing that is refused is no contradiction; one that broke off has not been made.
fn told((side, cause): (Side, Cause)) -> Result<Side, Error> {
    match side {
        Side::Failed => Err(write::graph_error(cause, "the look broke off")),
        side => Ok(side),
    }
}

/// What the lost POST may have made, or what there is in its place.
fn shown(case: &Case<'_>) -> Option<NotMade> {
    let of_a_post = |item: &Solution| case.row.posts.iter().any(|post| case.is_of(post, item));
    let new = case.new_ones();
    let live = new
        .iter()
        .copied()
        .filter(|item| choose::may_be_live(&item.status));
    // A named row takes what was sent only.
    let live = live.filter(|item| !case.is_named_row() || of_a_post(item));
    let first = choose::first(live).or_else(|| {
        let mut rest = new.iter().copied();
        rest.find(|item| {
            let over = item.status.is_over() && case.row.looked;
            (item.status == Status::Draft || over) && of_a_post(item)
        })
    });
    first.map(|item| {
        let sought = case.id().is_none() || of_a_post(item);
        let id = item.id.clone();
        if sought {
            NotMade::Shown(id)
        } else {
            NotMade::Another(id)
        }
    })
}

/// When the last POST without an answer is over.
fn until(case: &Case<'_>) -> Option<Timestamp> {
    let unanswered = case
        .row
        .posts
        .iter()
        .filter(|post| post.open && post.end != PostEnd::Trouble);
    let left = unanswered.filter_map(|post| {
        let old = case.policy.pauses.without_answer;
        let left = left(post, case.now, old);
        (!left.is_zero()).then_some(left)
    });
    left.max()
        .and_then(|left| case.now.wall.checked_add(left).ok())
}
