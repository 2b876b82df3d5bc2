//! One row per write to Meta: what was sent, by whom, with whose consent, and what came of it.
//!
//! The one decision: events are for auditors, so nothing in the program ever reads one to decide
//! anything, and the file itself refuses to change or delete one.

use jiff::Timestamp;
use rusqlite::{Connection, Row, named_params, params_from_iter};
use serde::{Deserialize, Serializer};

use super::{
    RunIdentity,
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

    /// Appends the row.
    pub(super) fn append(
        &self,
        conn: &Connection,
        who: &RunIdentity,
        at: Timestamp,
    ) -> rusqlite::Result<()> {
        const SQL: &str = "
            INSERT INTO events VALUES (NULL, :at, :run_id, :operator, :version, :profile, :host, :call,
                :owner, :partner, :solution_id, :solution_name, :permissions_sent, :permissions_read,
                :user_id, :system_user_id, :scopes, :consent, :fbtrace, :outcome, :error)";
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
        Ok(())
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
    /// Only what did not work ([`EventOutcome::FAILED`]).
    pub failed: bool,
    /// Only this Tech Provider's app.
    pub app_id: Option<AppId>,
    /// At most so many, the newest.
    pub limit: Option<u32>,
}

/// The events that fit, newest first.
pub(super) fn select(
    conn: &Connection,
    filter: &HistoryFilter,
) -> rusqlite::Result<Vec<HistoryRecord>> {
    let failed = json(&EventOutcome::FAILED)?;
    let limit = filter.limit.map_or(-1, i64::from);
    let query = Query::all_of("events")
        .and("at >= ?", filter.since.map(time))
        .and("at < ?", filter.until.map(time))
        .and("owner = ?", filter.app_id.as_ref().map(AppId::as_str))
        .and(
            "outcome IN (SELECT value FROM json_each(?))",
            filter.failed.then_some(failed),
        )
        .then(&format!(" ORDER BY id DESC LIMIT {limit}"));
    conn.prepare(&query.sql)?
        .query_map(params_from_iter(query.values), HistoryRecord::from_row)?
        .collect()
}
