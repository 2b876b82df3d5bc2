//! One row per write to Meta: what was sent, by whom, with whose consent, and what came of it.
//!
//! The one decision: events are for auditors, so nothing in the program ever reads one to decide
//! anything, and the file itself refuses to change or delete one.

use jiff::Timestamp;
use rusqlite::{Connection, Row, named_params, params_from_iter};
use serde::{Deserialize, Serializer};

use super::{
    RunIdentity, chain,
    query::{Query, from_json, json, maybe, parsed, time},
    stored_enum::words,
};
use crate::{
    ids::{AppId, SolutionId, UserId},
    record::record,
    redact::Redactor,
};

words! {
    /// What was asked of Meta.
    enum Call {
        /// `POST /<OWNER_APP>/whatsapp_business_solution`.
        Create = "create",
        /// `POST /<SOLUTION>/accept`.
        Accept = "accept",
        /// `POST /<SOLUTION>/reject`.
        Reject = "reject",
        /// A request for deactivation.
        RequestDeactivation = "request_deactivation",
        /// Yes to the other side's request for deactivation.
        AcceptDeactivation = "accept_deactivation",
        /// No to the other side's request for deactivation.
        RejectDeactivation = "reject_deactivation",
        /// No write: a live solution was found and taken for ours.
        Adopt = "adopt",
        /// No write: a look that settled, or did not settle, an unknown outcome.
        Look = "look",
        /// No write: the operator's word that a lost create made nothing.
        NotMade = "not_made",
        /// A client's business token was asked for.
        BusinessToken = "business_token",
        /// A webhook subscription.
        Subscribe = "subscribe",
        /// `mps api` with a method that writes.
        Api = "api",
    }
}

words! {
    /// What came of it.
    enum EventOutcome {
        /// Written down before it leaves.
        Intended = "intended",
        /// It left.
        Sent = "sent",
        /// Meta did it.
        Ok = "ok",
        /// Meta answered with an error.
        Refused = "refused",
        /// The answer was lost.
        Unknown = "unknown",
        /// It surely did not leave.
        NeverSent = "never_sent",
    }
}

impl EventOutcome {
    /// Those that `mps history --failed` shows.
    pub const FAILED: [Self; 3] = [Self::Refused, Self::Unknown, Self::NeverSent];
}

record! {
    /// What each side may do on the other's behalf, in Meta's words (`MESSAGING`).
    #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
    pub struct Permissions {
        /// For the Tech Provider
        pub owner: Vec<String>,
        /// For us
        pub partner: Vec<String>,
    }
}

record! {
    /// One event, as the caller knows it; the journal adds time, run and operator ([`HistoryRecord`]).
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct HistoryEvent {
        /// `create`, `accept` or `api`; no writes are `adopt` (a live solution was found and taken), `look` (what a reading told) and `not_made` (the operator says that a lost create made nothing)
        pub call: Call,
        /// The Tech Provider's app
        #[serde(rename = "app_id")]
        pub owner: Option<AppId>,
        /// Our app
        #[serde(rename = "partner_app_id")]
        pub partner: Option<AppId>,
        /// The solution, once its id is known
        pub solution_id: Option<SolutionId>,
        /// The solution's name
        pub solution_name: Option<String>,
        /// What a create asked for
        pub permissions_sent: Option<Permissions>,
        /// The same, as Meta showed it
        pub permissions_read: Option<Permissions>,
        /// The person behind the user token
        pub user_id: Option<UserId>,
        /// The system user behind the system token
        pub system_user_id: Option<UserId>,
        /// What the user token was granted
        pub scopes: Vec<String>,
        /// How it was given: `arguments`, `stdin`, `prompt`, `--yes`
        pub consent: Option<String>,
        /// Meta's name for the request
        #[serde(rename = "fbtrace_id")]
        pub fbtrace: Option<String>,
        /// `intended` (written down before it leaves), then `ok`, `refused`, `never_sent` or `unknown`
        pub outcome: EventOutcome,
        /// What went wrong, in words
        pub error: Option<String>,
    }
}

impl HistoryEvent {
    /// An event with nothing but its two words; the other fields by struct update.
    pub fn new(call: Call, outcome: EventOutcome) -> Self {
        Self {
            call,
            owner: None,
            partner: None,
            solution_id: None,
            solution_name: None,
            permissions_sent: None,
            permissions_read: None,
            user_id: None,
            system_user_id: None,
            scopes: Vec::new(),
            consent: None,
            fbtrace: None,
            outcome,
            error: None,
        }
    }

    /// Takes secrets out of every text.
    pub(super) fn clean(&mut self, redactor: &Redactor) {
        let options = [
            &mut self.solution_name,
            &mut self.consent,
            &mut self.fbtrace,
            &mut self.error,
        ];
        let permissions = [&mut self.permissions_sent, &mut self.permissions_read];
        let listed = permissions
            .into_iter()
            .flatten()
            .flat_map(|sides| sides.owner.iter_mut().chain(&mut sides.partner));
        for text in options
            .into_iter()
            .flatten()
            .chain(&mut self.scopes)
            .chain(listed)
        {
            *text = redactor.clean(text).into_owned();
        }
    }

    /// Appends the row, and its hash to the chain: in a transaction, or another process comes between.
    pub(super) fn append(
        &self,
        conn: &Connection,
        who: &RunIdentity,
        at: Timestamp,
    ) -> rusqlite::Result<()> {
        const SQL: &str = "
            INSERT INTO events VALUES (NULL, :at, :run_id, :operator, :version, :profile, :host, :call,
                :owner, :partner, :solution_id, :solution_name, :permissions_sent, :permissions_read,
                :user_id, :system_user_id, :scopes, :consent, :fbtrace, :outcome, :error, NULL)";
        conn.prepare_cached(SQL)?.execute(named_params! {
            ":at": time(at),
            ":run_id": who.run_id,
            ":operator": who.operator,
            ":version": who.version,
            ":profile": who.profile,
            ":host": who.host,
            ":call": self.call.as_str(),
            ":owner": self.owner.as_ref().map(AppId::as_str),
            ":partner": self.partner.as_ref().map(AppId::as_str),
            ":solution_id": self.solution_id.as_ref().map(SolutionId::as_str),
            ":solution_name": self.solution_name,
            ":permissions_sent": self.permissions_sent.as_ref().map(json).transpose()?,
            ":permissions_read": self.permissions_read.as_ref().map(json).transpose()?,
            ":user_id": self.user_id.as_ref().map(UserId::as_str),
            ":system_user_id": self.system_user_id.as_ref().map(UserId::as_str),
            ":scopes": json(&self.scopes)?,
            ":consent": self.consent,
            ":fbtrace": self.fbtrace,
            ":outcome": self.outcome.as_str(),
            ":error": self.error,
        })?;
        chain::seal(conn, conn.last_insert_rowid())
    }
}

record! {
    /// One line of `mps history`; [`HistoryEvent`] tells what was done.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct HistoryRecord {
        /// Grows by one with every event of this journal
        pub id: i64,
        /// When it was written down: UTC, RFC 3339
        #[serde(serialize_with = "as_time")]
        pub at: Timestamp,
        /// The run of mps, which names its log too
        pub run_id: String,
        /// Who acted: MPS_OPERATOR, else user@host
        pub operator: String,
        /// Of mps
        pub version: String,
        /// The profile's name
        pub profile: String,
        /// Where the Graph API was
        pub host: String,
        /// What was done
        #[serde(flatten)]
        pub event: HistoryEvent,
        /// The label of the app's link, as the journal knows it now
        #[serde(rename = "ref")]
        pub label: Option<String>,
    }
}

fn as_time<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time(*at))
}

impl HistoryRecord {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            at: parsed(row, "at")?,
            run_id: row.get("run_id")?,
            operator: row.get("operator")?,
            version: row.get("version")?,
            profile: row.get("profile")?,
            host: row.get("host")?,
            event: HistoryEvent {
                call: parsed(row, "call")?,
                owner: maybe(row, "owner")?,
                partner: maybe(row, "partner")?,
                solution_id: maybe(row, "solution_id")?,
                solution_name: row.get("solution_name")?,
                permissions_sent: from_json(row, "permissions_sent")?,
                permissions_read: from_json(row, "permissions_read")?,
                user_id: maybe(row, "user_id")?,
                system_user_id: maybe(row, "system_user_id")?,
                scopes: from_json(row, "scopes")?,
                consent: row.get("consent")?,
                fbtrace: row.get("fbtrace")?,
                outcome: parsed(row, "outcome")?,
                error: row.get("error")?,
            },
            label: row.get("ref")?,
        })
    }
}

/// Which events to show; the default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Not before this moment.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// One event per write, that which tells how it ended.
    pub writes: bool,
    /// Only what did not work ([`EventOutcome::FAILED`]).
    pub failed: bool,
    /// Only this Tech Provider's app.
    pub app_id: Option<AppId>,
    /// Only these apps of theirs.
    pub apps: Option<Vec<AppId>>,
    /// Only this solution.
    pub solution_id: Option<SolutionId>,
    /// At most so many, the newest.
    pub limit: Option<u32>,
}

/// What `--failed` asks, word for word as the index has it: SQLite takes it for nothing else.
fn failed() -> String {
    let words = EventOutcome::FAILED.map(|outcome| format!("'{outcome}'"));
    format!("outcome IN ({})", words.join(", "))
}

/// The indexes behind `--failed` and behind the story of one solution: few events fail, few are of one solution, and a
/// journal may have millions of others. Other words of [`EventOutcome::FAILED`] need another name.
pub(super) fn index() -> String {
    format!(
        "CREATE INDEX IF NOT EXISTS events_failed ON events (id) WHERE {};
         CREATE INDEX IF NOT EXISTS events_of_solution ON events (solution_id, id) WHERE solution_id IS NOT NULL",
        failed()
    )
}

/// The newest events that fit, newest first: those older than `before`, at most so many.
pub(super) fn page(
    conn: &Connection,
    filter: &HistoryFilter,
    before: i64,
    rows: usize,
) -> rusqlite::Result<Vec<HistoryRecord>> {
    let query = question(filter, before, rows)?;
    conn.prepare(&query.sql)?
        .query_map(params_from_iter(query.values), HistoryRecord::from_row)?
        .collect()
}

fn question(filter: &HistoryFilter, before: i64, rows: usize) -> rusqlite::Result<Query> {
    let failed = if filter.failed {
        format!(" AND {}", failed())
    } else {
        String::new()
    };
    let ended = if filter.writes {
        ended("events")
    } else {
        String::new()
    };
    let apps = filter.apps.as_ref().map(json).transpose()?;
    let query = Query {
        sql: WITH_LABEL.to_owned(),
        values: Vec::new(),
    };
    Ok(query
        .and("at >= ?", filter.since.map(time))
        .and("at < ?", filter.until.map(time))
        .and("owner = ?", filter.app_id.as_ref().map(AppId::as_str))
        .and("owner IN (SELECT value FROM json_each(?))", apps)
        .and(
            "solution_id = ?",
            filter.solution_id.as_ref().map(SolutionId::as_str),
        )
        .then(&format!(
            "{failed}{ended} AND id < {before} ORDER BY id DESC LIMIT {rows}"
        )))
}

/// Leaves out what was written down before a write of which a later event tells the end, and a reading that only shows
/// what the write before it said. Both are near: what many runs wrote between the two is not gone through for each.
pub(super) fn ended(events: &str) -> String {
    format!(
        " AND NOT (call = 'look' AND outcome = 'ok' AND EXISTS (
            SELECT 1 FROM {events} AS earlier WHERE earlier.id < events.id AND earlier.id > events.id - 10000
                AND earlier.run_id = events.run_id AND earlier.host = events.host AND earlier.outcome = 'ok'
                AND earlier.call <> 'look' AND earlier.solution_id = events.solution_id))
        AND NOT (outcome IN ('intended', 'sent') AND EXISTS (
            SELECT 1 FROM {events} AS later WHERE later.id > events.id AND later.id < events.id + 10000
                AND later.run_id = events.run_id AND later.call = events.call AND later.host = events.host
                AND later.owner IS NOT DISTINCT FROM events.owner
                AND (events.solution_id IS NULL OR later.solution_id IS NOT DISTINCT FROM events.solution_id)))"
    )
}

/// The label stands in the row of the app, since an event is sealed when it is written and a label may come later.
const WITH_LABEL: &str = "
    SELECT *, (SELECT link_label FROM entries WHERE entries.host = events.host AND entries.owner = events.owner
        AND entries.partner = events.partner AND link_label IS NOT NULL LIMIT 1) AS ref
    FROM events WHERE true";

/// The solutions that a run made, adopted or accepted.
pub(super) fn solutions_of_run(
    conn: &Connection,
    host: &str,
    run_id: &str,
) -> rusqlite::Result<Vec<SolutionId>> {
    const SQL: &str = "
        SELECT solution_id FROM events WHERE run_id = ?1 AND host = ?2 AND outcome = 'ok'
            AND call IN ('create', 'adopt', 'accept') AND solution_id IS NOT NULL
        GROUP BY solution_id ORDER BY min(id)";
    conn.prepare(SQL)?
        .query_map([run_id, host], |row| parsed(row, "solution_id"))?
        .collect()
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    /// A journal of so many events, the first ten of which failed.
    fn filled(events: i64) -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(include_str!("schema.sql")).unwrap();
        conn.execute_batch(&index()).unwrap();
        let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
            INSERT INTO events SELECT i, '2026-01-02T03:04:05.000000Z', '', '', '', '', '', 'create',
                NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '[]', NULL, NULL,
                CASE WHEN i <= 10 THEN 'refused' ELSE 'ok' END, NULL FROM n";
        conn.execute(sql, [events]).unwrap();
        conn
    }

    /// Steps of SQLite's machine for all pages of a question, and how many events they have.
    fn work(conn: &Connection, filter: &HistoryFilter) -> (i32, usize) {
        let (mut steps, mut events, mut before) = (0, 0, i64::MAX);
        loop {
            let query = question(filter, before, 100).unwrap();
            let mut statement = conn.prepare(&query.sql).unwrap();
            let ids: Vec<i64> = statement
                .query_map(params_from_iter(query.values), |row| row.get("id"))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            steps += statement.get_status(StatementStatus::VmStep);
            events += ids.len();
            match ids.last() {
                Some(last) => before = *last,
                None => return (steps, events),
            }
        }
    }

    #[test]
    fn four_times_the_events_are_four_times_the_work_and_none_for_what_failed() {
        let (small, large) = (filled(1_000), filled(4_000));
        let all = HistoryFilter::default();
        let ((once, few), (more, many)) = (work(&small, &all), work(&large, &all));
        assert_eq!((few, many), (1_000, 4_000));
        assert!(more <= once * 4 + once / 10, "{once} steps, then {more}");
        let failed = HistoryFilter {
            failed: true,
            ..HistoryFilter::default()
        };
        assert_eq!(work(&small, &failed).1, 10);
        assert_eq!(work(&small, &failed), work(&large, &failed));
    }
}
