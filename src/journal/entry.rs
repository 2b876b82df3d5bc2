//! One row per key: how far the one solution of this owner app and this partner app has come.
//!
//! The one decision: a key has no solution name in it (Tech Providers rename apps, templates carry
//! dates), unless `--allow-duplicate` asked for another solution on purpose.

use jiff::Timestamp;
use rusqlite::{Connection, Row, named_params, params_from_iter};

use super::{
    post::{Accepting, Post},
    query::{Query, from_json, json, maybe, parsed, time},
    stored_enum::words,
};
use crate::{
    ids::{AppId, SolutionId},
    redact::Redactor,
};

/// What at most one live solution exists for. The host is the journal's own, see [`super::RunIdentity`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The Tech Provider's app.
    pub owner: AppId,
    /// Our app.
    pub partner: AppId,
    /// The solution's name, with `--allow-duplicate` only. An empty name counts as none.
    pub name: Option<String>,
}

impl Key {
    /// The ordinary key: no name in it.
    pub fn new(owner: AppId, partner: AppId) -> Self {
        Self {
            owner,
            partner,
            name: None,
        }
    }

    /// The key of one more solution, made on purpose (`--allow-duplicate`).
    pub fn named(owner: AppId, partner: AppId, name: impl Into<String>) -> Self {
        Self {
            owner,
            partner,
            name: Some(name.into()),
        }
    }

    /// The name's column: empty for none.
    pub(super) fn name_column(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }
}

words! {
    /// How far a key has come.
    enum State {
        /// Written down, not sent. Found so by a later run, it may have left all the same.
        Intended = "intended",
        /// On its way, without an answer yet.
        Sent = "sent",
        /// The answer was lost: Meta may or may not have made a solution.
        Unknown = "unknown",
        /// There is a solution and its id is known.
        Created = "created",
        /// We accepted it.
        Accepted = "accepted",
        /// It surely came to nothing.
        Failed = "failed",
    }
}

words! {
    /// How far a key is to come, and no further.
    enum Goal {
        /// `mps create`, `mps onboard --no-accept`: the solution waits for its partner.
        Initiated = "initiated",
        /// `mps onboard`: accepted by us.
        Active = "active",
    }
}

/// One row of the journal's promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is about.
    pub key: Key,
    /// How far it has come.
    pub state: State,
    /// How far it is to come.
    pub goal: Goal,
    /// The solution, once known.
    pub solution_id: Option<SolutionId>,
    /// The name that was sent, or that an adopted solution has.
    pub solution_name: String,
    /// Who may send messages: `both`, `partner` or `tech-provider`.
    pub messaging: String,
    /// The owner app's name, for people.
    pub owner_name: String,
    /// The ids that the look before the POST saw: a new one beside them is ours.
    pub seen: Vec<SolutionId>,
    /// Whether somebody looked before the POST, so that `seen` is all there was.
    pub looked: bool,
    /// When the last POST left; to the microsecond once it was in the file.
    pub sent_at: Option<Timestamp>,
    /// Every POST of this row, the last one last.
    pub posts: Vec<Post>,
    /// An accept that left and was not seen to work yet.
    pub accept: Option<Accepting>,
    /// What we have accepted, or seen ACTIVE.
    pub accepted: Vec<SolutionId>,
    /// Live ones of ours that nobody needs.
    pub surplus: Vec<SolutionId>,
    /// Our own surplus that we rejected.
    pub rejected: Vec<SolutionId>,
    /// Ids that this row had and that are not its two apps'.
    pub foreign: Vec<SolutionId>,
    /// What went wrong last, for people.
    pub last_error: Option<String>,
    /// When the row was written. [`super::Journal::put`] sets it.
    pub updated_at: Timestamp,
    /// The run that wrote the row. [`super::Journal::put`] sets it.
    pub run_id: String,
    /// The label of the link that the Tech Provider clicked, so that it can be sent again.
    pub link_label: Option<String>,
}

impl Entry {
    /// An intent with nothing known yet; the other fields by struct update.
    pub fn new(key: Key, goal: Goal, solution_name: impl Into<String>) -> Self {
        Self {
            key,
            state: State::Intended,
            goal,
            solution_id: None,
            solution_name: solution_name.into(),
            messaging: String::new(),
            owner_name: String::new(),
            seen: Vec::new(),
            looked: false,
            sent_at: None,
            posts: Vec::new(),
            accept: None,
            accepted: Vec::new(),
            surplus: Vec::new(),
            rejected: Vec::new(),
            foreign: Vec::new(),
            last_error: None,
            updated_at: Timestamp::UNIX_EPOCH,
            run_id: String::new(),
            link_label: None,
        }
    }

    /// Whether `mps resume` has something to do here.
    pub fn is_unfinished(&self) -> bool {
        let waits = self.accept.is_some() || self.has_open_post();
        match self.state {
            State::Intended | State::Sent | State::Unknown => true,
            State::Created => waits || self.goal == Goal::Active,
            State::Accepted => waits,
            State::Failed => self.has_open_post(),
        }
    }

    /// Whether a POST may still make a solution that nobody knows of.
    pub fn has_open_post(&self) -> bool {
        self.posts.iter().any(|post| post.open)
    }

    /// Whether a POST of this row made this solution, by its answer or by what was found for it.
    pub fn made(&self, id: &SolutionId) -> bool {
        self.posts
            .iter()
            .any(|post| post.solution_id.as_ref() == Some(id))
    }

    /// The ids that came in an answer to a POST of this row.
    pub fn answered(&self) -> impl Iterator<Item = &SolutionId> {
        self.posts.iter().filter_map(Post::answered)
    }

    /// Takes secrets out of every text.
    pub(super) fn clean(&mut self, redactor: &Redactor) {
        let texts = [
            &mut self.solution_name,
            &mut self.messaging,
            &mut self.owner_name,
            &mut self.run_id,
        ];
        let options = [
            &mut self.key.name,
            &mut self.last_error,
            &mut self.link_label,
        ];
        for text in texts.into_iter().chain(options.into_iter().flatten()) {
            *text = redactor.clean(text).into_owned();
        }
        for post in &mut self.posts {
            post.clean(redactor);
        }
    }

    /// Writes the row, over an older one of the same key. Its goal is only ever raised, until it is closed:
    /// another process may have asked for more meanwhile.
    pub(super) fn write(&self, conn: &Connection, host: &str) -> rusqlite::Result<()> {
        self.execute(
            conn,
            host,
            "ON CONFLICT (host, owner, partner, name) DO UPDATE SET
                state = excluded.state, solution_id = excluded.solution_id,
                goal = CASE WHEN state <> 'failed' AND goal = 'active' THEN goal ELSE excluded.goal END,
                solution_name = excluded.solution_name, messaging = excluded.messaging,
                owner_name = excluded.owner_name, seen = excluded.seen, sent_at = excluded.sent_at,
                last_error = excluded.last_error, updated_at = excluded.updated_at,
                run_id = excluded.run_id, link_label = excluded.link_label, looked = excluded.looked,
                posts = excluded.posts, accept = excluded.accept, accepted = excluded.accepted,
                surplus = excluded.surplus, rejected = excluded.rejected, foreign_ids = excluded.foreign_ids",
        )
    }

    /// Writes the row as a plan, whose `seen` are the dead ones that it replaces. Where its key has a row on
    /// which nothing is under way (planned only, failed, or one whose solution is among the dead), the newer
    /// plan counts; of any other row only the goal is raised, as it is of one that was planned only.
    pub(super) fn write_plan(&self, conn: &Connection, host: &str) -> rusqlite::Result<()> {
        // NULL, where there is no solution, counts as no.
        const REPLACED: &str = "(state IN ('intended', 'created', 'accepted', 'failed')
            AND solution_id IN (SELECT value FROM json_each(excluded.seen)))";
        let idle = format!("(state IN ('intended', 'failed') OR {REPLACED})");
        let conflict = format!(
            "ON CONFLICT (host, owner, partner, name) DO UPDATE SET
                state = CASE WHEN {idle} THEN 'intended' ELSE state END,
                goal = CASE WHEN excluded.goal = 'active' OR (state <> 'intended' AND {idle})
                    THEN excluded.goal ELSE goal END,
                solution_name = CASE WHEN {idle} THEN excluded.solution_name ELSE solution_name END,
                messaging = CASE WHEN {idle} THEN excluded.messaging ELSE messaging END,
                seen = CASE WHEN {idle} THEN (SELECT json_group_array(value) FROM (
                        SELECT value FROM json_each(entries.seen)
                        UNION SELECT value FROM json_each(excluded.seen))) ELSE seen END,
                solution_id = CASE WHEN {REPLACED} THEN NULL ELSE solution_id END,
                owner_name = excluded.owner_name, updated_at = excluded.updated_at,
                run_id = excluded.run_id, link_label = coalesce(excluded.link_label, link_label)"
        );
        self.execute(conn, host, &conflict)
    }

    fn execute(&self, conn: &Connection, host: &str, conflict: &str) -> rusqlite::Result<()> {
        let sql = format!(
            "INSERT INTO entries VALUES (:host, :owner, :partner, :name, :state, :goal, :solution_id,
                :solution_name, :messaging, :owner_name, :seen, :sent_at, :last_error, :updated_at,
                :run_id, :link_label, :looked, :posts, :accept, :accepted, :surplus, :rejected,
                :foreign_ids) {conflict}"
        );
        conn.prepare_cached(&sql)?.execute(named_params! {
            ":host": host,
            ":owner": self.key.owner.as_str(),
            ":partner": self.key.partner.as_str(),
            ":name": self.key.name_column(),
            ":state": self.state.as_str(),
            ":goal": self.goal.as_str(),
            ":solution_id": self.solution_id.as_ref().map(SolutionId::as_str),
            ":solution_name": self.solution_name,
            ":messaging": self.messaging,
            ":owner_name": self.owner_name,
            ":seen": json(&self.seen)?,
            ":sent_at": self.sent_at.map(time),
            ":last_error": self.last_error,
            ":updated_at": time(self.updated_at),
            ":run_id": self.run_id,
            ":link_label": self.link_label,
            ":looked": self.looked,
            ":posts": json(&self.posts)?,
            ":accept": self.accept.as_ref().map(json).transpose()?,
            ":accepted": json(&self.accepted)?,
            ":surplus": json(&self.surplus)?,
            ":rejected": json(&self.rejected)?,
            ":foreign_ids": json(&self.foreign)?,
        })?;
        Ok(())
    }

    /// Takes an intent back that nothing was sent for.
    pub(super) fn withdraw(key: &Key, conn: &Connection, host: &str) -> rusqlite::Result<()> {
        const SQL: &str = "
            DELETE FROM entries WHERE host = :host AND owner = :owner AND partner = :partner
                AND name = :name AND state = 'intended' AND posts NOT LIKE '%\"open\":true%'";
        conn.prepare_cached(SQL)?.execute(named_params! {
            ":host": host,
            ":owner": key.owner.as_str(),
            ":partner": key.partner.as_str(),
            ":name": key.name_column(),
        })?;
        Ok(())
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let name: String = row.get("name")?;
        // A journal that only looking commands have seen may still be of an older version.
        let has = |column: &str| row.as_ref().column_index(column).is_ok();
        let mut entry = Self {
            key: Key {
                owner: parsed(row, "owner")?,
                partner: parsed(row, "partner")?,
                name: (!name.is_empty()).then_some(name),
            },
            state: parsed(row, "state")?,
            goal: parsed(row, "goal")?,
            solution_id: maybe(row, "solution_id")?,
            solution_name: row.get("solution_name")?,
            messaging: row.get("messaging")?,
            owner_name: row.get("owner_name")?,
            seen: from_json(row, "seen")?,
            sent_at: maybe(row, "sent_at")?,
            last_error: row.get("last_error")?,
            updated_at: parsed(row, "updated_at")?,
            run_id: row.get("run_id")?,
            link_label: row.get("link_label")?,
            looked: if has("looked") {
                row.get("looked")?
            } else {
                true
            },
            posts: Vec::new(),
            accept: None,
            accepted: Vec::new(),
            surplus: Vec::new(),
            rejected: Vec::new(),
            foreign: Vec::new(),
        };
        if has("posts") {
            entry.posts = from_json(row, "posts")?;
            entry.accept = from_json(row, "accept")?;
            entry.accepted = from_json(row, "accepted")?;
            entry.surplus = from_json(row, "surplus")?;
            entry.rejected = from_json(row, "rejected")?;
            entry.foreign = from_json(row, "foreign_ids")?;
        }
        Ok(entry)
    }
}

/// Which rows to read; the default is all of them.
#[derive(Debug, Clone, Default)]
pub(super) struct EntryFilter {
    pub(super) host: Option<String>,
    pub(super) owner: Option<AppId>,
    pub(super) partner: Option<AppId>,
    /// `Some("")` is the row without a name.
    pub(super) name: Option<String>,
    pub(super) solution: Option<SolutionId>,
    pub(super) unfinished: bool,
}

/// The rows that fit, each with its host; the one that was written last comes first.
pub(super) fn select(
    conn: &Connection,
    which: &EntryFilter,
) -> rusqlite::Result<Vec<(String, Entry)>> {
    let query = Query::all_of("entries")
        .and("host = ?", which.host.as_deref())
        .and("owner = ?", which.owner.as_ref().map(AppId::as_str))
        .and("partner = ?", which.partner.as_ref().map(AppId::as_str))
        .and("name = ?", which.name.as_deref())
        .and(
            "solution_id = ?",
            which.solution.as_ref().map(SolutionId::as_str),
        )
        .then(" ORDER BY updated_at DESC, owner, partner, name");
    let mut statement = conn.prepare_cached(&query.sql)?;
    let mut rows = statement.query(params_from_iter(query.values))?;
    // Most ask for a row that there is once.
    let mut found = Vec::with_capacity(1);
    while let Some(row) = rows.next()? {
        let entry = Entry::from_row(row)?;
        if !which.unfinished || entry.is_unfinished() {
            found.push((row.get("host")?, entry));
        }
    }
    Ok(found)
}

/// The apps that have a row by the link of this label.
pub(super) fn owners_labelled(conn: &Connection, label: &str) -> rusqlite::Result<Vec<AppId>> {
    conn.prepare("SELECT DISTINCT owner FROM entries WHERE link_label = ? ORDER BY owner")?
        .query_map([label], |row| parsed(row, "owner"))?
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_resume_takes_up() {
        use Goal::{Active, Initiated};
        let entry = Entry::new(
            Key::new("1".parse().unwrap(), "2".parse().unwrap()),
            Initiated,
            "A + B",
        );
        for (state, goal, unfinished) in [
            (State::Intended, Initiated, true),
            (State::Sent, Initiated, true),
            (State::Unknown, Active, true),
            (State::Created, Initiated, false),
            (State::Created, Active, true),
            (State::Accepted, Active, false),
            (State::Failed, Active, false),
        ] {
            let entry = Entry {
                state,
                goal,
                ..entry.clone()
            };
            assert_eq!(entry.is_unfinished(), unfinished, "{state} {goal}");
        }
    }
}
