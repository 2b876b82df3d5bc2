//! One row per link that a Tech Provider was given: for whom, until when, what is expected, how far it came.
//!
//! The one decision: how far a Tech Provider is stands in the journal's rows of their apps, so the row of a link keeps
//! only what no other row knows, and the state is worked out where it is asked for.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::{
    entry::{Entry, State},
    query::{from_json, json, maybe, parsed, time},
    stored_enum::words,
};
use crate::{
    ids::{AppId, SolutionId},
    redact::Redactor,
};

/// Longest label, in characters.
const LONGEST: usize = 100;

/// Whom a link is for, in the operator's words. One line of text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkLabel(String);

impl LinkLabel {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LinkLabel {
    type Err = LabelError;

    /// Blanks around it do not count: a spreadsheet leaves some.
    fn from_str(text: &str) -> Result<Self, LabelError> {
        let text = text.trim();
        if text.is_empty() {
            Err(LabelError::Empty)
        } else if text.chars().any(char::is_control) {
            Err(LabelError::Control)
        } else if text.chars().count() > LONGEST {
            Err(LabelError::Long)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl fmt::Display for LinkLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for LinkLabel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl crate::record::Json for LinkLabel {
    const TYPE: crate::record::JsonType = crate::record::JsonType::STRING;
}

/// Why no link can be made for a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// There is nothing in it.
    #[error("a label is empty: it says whom the link is for")]
    Empty,
    /// A line feed, a tab.
    #[error("a label is one line of text, without control characters")]
    Control,
    /// It is no name any more.
    #[error("a label has at most {LONGEST} characters")]
    Long,
}

/// What a Tech Provider is expected to bring, and on which terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Their apps; none: whichever they choose.
    pub app_ids: Vec<AppId>,
    /// Who may send messages: `both`, `partner` or `tech-provider`.
    pub messaging: Option<String>,
    /// The template of the solutions' names.
    pub name: Option<String>,
    /// The Tech Provider's language.
    pub lang: Option<String>,
}

/// What becomes of a value of a known label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays.
    #[default]
    Keep,
    /// This takes its place.
    Set(T),
}

impl<T> Change<T> {
    /// A value that was given takes the place of the one before.
    pub fn of(given: Option<T>) -> Self {
        given.map_or(Self::Keep, Self::Set)
    }

    fn apply(self, value: &mut T) {
        if let Self::Set(new) = self {
            *value = new;
        }
    }
}

/// What is said of a label: all of it for a new one, of a known one what changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationDraft {
    /// Whom it is for.
    pub label: LinkLabel,
    /// How many days the link holds, from when it was made. Fewer than before take nothing back.
    pub days: u16,
    /// See [`Expectation`].
    pub app_ids: Change<Vec<AppId>>,
    /// Likewise.
    pub messaging: Change<Option<String>>,
    /// Likewise.
    pub name: Change<Option<String>>,
    /// Likewise.
    pub lang: Change<Option<String>>,
}

impl InvitationDraft {
    /// A label of which nothing is said.
    pub fn new(label: LinkLabel, days: u16) -> Self {
        Self {
            label,
            days,
            app_ids: Change::Keep,
            messaging: Change::Keep,
            name: Change::Keep,
            lang: Change::Keep,
        }
    }

    /// Takes secrets out of every text but the label, which the caller has checked.
    pub(super) fn clean(&mut self, redactor: &Redactor) {
        for text in [&mut self.messaging, &mut self.name, &mut self.lang] {
            if let Change::Set(Some(text)) = text {
                *text = redactor.clean(text).into_owned();
            }
        }
    }

    fn apply(&self, expectation: &mut Expectation) {
        self.app_ids.clone().apply(&mut expectation.app_ids);
        self.messaging.clone().apply(&mut expectation.messaging);
        self.name.clone().apply(&mut expectation.name);
        self.lang.clone().apply(&mut expectation.lang);
    }
}

/// A link and what it is for.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Whom it is for.
    pub label: LinkLabel,
    /// The unguessable path, `/` first.
    pub path: String,
    /// When the link was made.
    pub made_at: Timestamp,
    /// From then on it is over.
    pub expires_at: Timestamp,
    /// When the operator took it back.
    pub revoked_at: Option<Timestamp>,
    /// When the page was opened first.
    pub opened_at: Option<Timestamp>,
    /// When a token came first that passed its check.
    pub signed_in_at: Option<Timestamp>,
    /// What is expected.
    pub expectation: Expectation,
}

impl fmt::Debug for Invitation {
    /// Without the path: whoever knows it may use it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invitation")
            .field("label", &self.label)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Whether a link may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkValidity {
    /// It may.
    Valid,
    /// Its days are over.
    Expired,
    /// The operator took it back.
    Revoked,
}

words! {
    /// How far the Tech Provider of a link is.
    enum LinkState {
        /// Nobody has opened the page.
        Unopened = "unopened",
        /// Somebody has.
        Opened = "opened",
        /// A token came; no solution is known yet.
        SignedIn = "signed_in",
        /// A solution waits to be accepted.
        Initiated = "INITIATED",
        /// All are active.
        Active = "ACTIVE",
        /// One came to nothing.
        Failed = "failed",
        /// The link's days were over before a solution was there.
        Expired = "expired",
        /// The link was taken back before a solution was there.
        Revoked = "revoked",
    }
}

/// An invitation and what came of it.
#[derive(Debug, Clone)]
pub struct InvitationStatus {
    /// It.
    pub invitation: Invitation,
    /// How far the app is that is least far.
    pub state: LinkState,
    /// The Tech Provider's apps: those expected, and those journaled for the label.
    pub app_ids: Vec<AppId>,
    /// Their solutions.
    pub solution_ids: Vec<SolutionId>,
}

/// Whose invitations: of a profile, at a host, for one app of ours.
#[derive(Debug, Clone)]
pub(super) struct InvitationScope {
    pub(super) profile: String,
    pub(super) host: String,
    pub(super) partner: AppId,
}

impl Invitation {
    /// Whether the link may be used at this time. One that was made later than now was made by a wrong clock.
    pub fn validity(&self, now: Timestamp) -> LinkValidity {
        if self.revoked_at.is_some() {
            LinkValidity::Revoked
        } else if self.made_at <= now && now < self.expires_at {
            LinkValidity::Valid
        } else {
            LinkValidity::Expired
        }
    }

    /// How far it is, by the journal's rows of this host and partner app.
    pub fn status(self, rows: &[Entry], now: Timestamp) -> InvitationStatus {
        let mut app_ids = self.expectation.app_ids.clone();
        let concerns = |row: &&Entry| {
            row.link_label.as_deref() == Some(self.label.as_str())
                || (row.link_label.is_none() && self.expectation.app_ids.contains(&row.key.owner))
        };
        let rows: Vec<&Entry> = rows.iter().filter(concerns).collect();
        for row in &rows {
            if !app_ids.contains(&row.key.owner) {
                app_ids.push(row.key.owner.clone());
            }
        }
        let progress = app_ids.iter().flat_map(|app| {
            let mut of_app = rows.iter().filter(|row| row.key.owner == *app).peekable();
            let none = of_app.peek().is_none().then(|| self.before_any_row(now));
            none.into_iter().chain(of_app.map(|row| row_state(row)))
        });
        let least = progress.min_by_key(|state| how_far(*state));
        InvitationStatus {
            state: least.unwrap_or_else(|| self.before_any_row(now)),
            solution_ids: rows
                .iter()
                .filter_map(|row| row.solution_id.clone())
                .collect(),
            app_ids,
            invitation: self,
        }
    }

    /// The state of an app of which no row is known.
    fn before_any_row(&self, now: Timestamp) -> LinkState {
        match self.validity(now) {
            LinkValidity::Revoked => LinkState::Revoked,
            LinkValidity::Expired => LinkState::Expired,
            LinkValidity::Valid if self.signed_in_at.is_some() => LinkState::SignedIn,
            LinkValidity::Valid if self.opened_at.is_some() => LinkState::Opened,
            LinkValidity::Valid => LinkState::Unopened,
        }
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            label: parsed(row, "label")?,
            path: row.get("path")?,
            made_at: parsed(row, "made_at")?,
            expires_at: parsed(row, "expires_at")?,
            revoked_at: maybe(row, "revoked_at")?,
            opened_at: maybe(row, "opened_at")?,
            signed_in_at: maybe(row, "signed_in_at")?,
            expectation: Expectation {
                app_ids: from_json(row, "app_ids")?,
                messaging: row.get("messaging")?,
                name: row.get("name")?,
                lang: row.get("lang")?,
            },
        })
    }

    fn insert(&self, conn: &Connection, scope: &InvitationScope) -> rusqlite::Result<()> {
        const SQL: &str = "
            INSERT INTO invitations VALUES (NULL, :profile, :host, :partner, :label, :path, :made_at, :expires_at,
                :revoked_at, :opened_at, :signed_in_at, :app_ids, :messaging, :name, :lang)";
        conn.prepare_cached(SQL)?.execute(named_params! {
            ":profile": scope.profile,
            ":host": scope.host,
            ":partner": scope.partner.as_str(),
            ":label": self.label.as_str(),
            ":path": self.path,
            ":made_at": time(self.made_at),
            ":expires_at": time(self.expires_at),
            ":revoked_at": self.revoked_at.map(time),
            ":opened_at": self.opened_at.map(time),
            ":signed_in_at": self.signed_in_at.map(time),
            ":app_ids": json(&self.expectation.app_ids)?,
            ":messaging": self.expectation.messaging,
            ":name": self.expectation.name,
            ":lang": self.expectation.lang,
        })?;
        Ok(())
    }
}

/// How far the app of a row is.
fn row_state(row: &Entry) -> LinkState {
    match row.state {
        State::Intended | State::Sent | State::Unknown => LinkState::SignedIn,
        State::Created => LinkState::Initiated,
        // It left and was not seen to work yet.
        State::Accepted if row.accept.is_some() => LinkState::Initiated,
        State::Accepted => LinkState::Active,
        State::Failed => LinkState::Failed,
    }
}

/// What needs somebody most comes first.
fn how_far(state: LinkState) -> u8 {
    match state {
        LinkState::Failed => 0,
        LinkState::Revoked => 1,
        LinkState::Expired => 2,
        LinkState::Unopened => 3,
        LinkState::Opened => 4,
        LinkState::SignedIn => 5,
        LinkState::Initiated => 6,
        LinkState::Active => 7,
    }
}

/// When a link that was made then ends.
pub(super) fn expiry(made_at: Timestamp, days: u16) -> Timestamp {
    made_at
        .checked_add(SignedDuration::from_hours(24 * i64::from(days)))
        .unwrap_or(Timestamp::MAX)
}

/// Writes what is said of a label. A link that holds stays and takes the new values; else the label gets this new
/// path, with what the older invitation said and the draft does not.
pub(super) fn put(
    conn: &Connection,
    scope: &InvitationScope,
    draft: &InvitationDraft,
    new_path: &str,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let older = by_label(conn, scope, &draft.label)?;
    let mut expectation = older
        .as_ref()
        .map(|older| older.expectation.clone())
        .unwrap_or_default();
    draft.apply(&mut expectation);
    let kept = older.map(|older| Invitation {
        expires_at: older.expires_at.max(expiry(older.made_at, draft.days)),
        ..older
    });
    let Some(kept) = kept.filter(|kept| kept.validity(now) == LinkValidity::Valid) else {
        let new = Invitation {
            label: draft.label.clone(),
            path: new_path.to_owned(),
            made_at: now,
            expires_at: expiry(now, draft.days),
            revoked_at: None,
            opened_at: None,
            signed_in_at: None,
            expectation,
        };
        return new.insert(conn, scope);
    };
    const SQL: &str = "
        UPDATE invitations SET expires_at = :expires_at, app_ids = :app_ids, messaging = :messaging, name = :name,
            lang = :lang WHERE path = :path";
    conn.prepare_cached(SQL)?.execute(named_params! {
        ":expires_at": time(kept.expires_at),
        ":app_ids": json(&expectation.app_ids)?,
        ":messaging": expectation.messaging,
        ":name": expectation.name,
        ":lang": expectation.lang,
        ":path": kept.path,
    })?;
    Ok(())
}

/// A link that an older mps promised: it becomes the label's, unless the label has one that was made later.
pub(super) fn take_over(
    conn: &Connection,
    scope: &InvitationScope,
    promised: &Invitation,
) -> rusqlite::Result<()> {
    if by_label(conn, scope, &promised.label)?.is_some()
        || by_path(conn, scope, &promised.path)?.is_some()
    {
        return Ok(());
    }
    promised.insert(conn, scope)
}

/// Which moment of a link is noted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    Revoked,
    Opened,
    SignedIn,
}

/// Notes it, the first time only.
pub(super) fn note(
    conn: &Connection,
    path: &str,
    moment: Moment,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let column = match moment {
        Moment::Revoked => "revoked_at",
        Moment::Opened => "opened_at",
        Moment::SignedIn => "signed_in_at",
    };
    let sql = format!("UPDATE invitations SET {column} = coalesce({column}, ?) WHERE path = ?");
    conn.prepare_cached(&sql)?
        .execute([time(now).as_str(), path])?;
    Ok(())
}

/// Of the scope.
const OF_SCOPE: &str = "profile = :profile AND host = :host AND partner = :partner";

/// The invitation of a label: that of its newest link.
pub(super) fn by_label(
    conn: &Connection,
    scope: &InvitationScope,
    label: &LinkLabel,
) -> rusqlite::Result<Option<Invitation>> {
    let which = format!("{OF_SCOPE} AND label = :it ORDER BY id DESC LIMIT 1");
    one(conn, scope, &which, label.as_str())
}

/// The invitation whose link has this path, be it over or not.
pub(super) fn by_path(
    conn: &Connection,
    scope: &InvitationScope,
    path: &str,
) -> rusqlite::Result<Option<Invitation>> {
    one(conn, scope, &format!("{OF_SCOPE} AND path = :it"), path)
}

fn one(
    conn: &Connection,
    scope: &InvitationScope,
    which: &str,
    it: &str,
) -> rusqlite::Result<Option<Invitation>> {
    let sql = format!("SELECT * FROM invitations WHERE {which}");
    let values = named_params! {
        ":profile": scope.profile, ":host": scope.host, ":partner": scope.partner.as_str(), ":it": it,
    };
    conn.prepare_cached(&sql)?
        .query_row(values, Invitation::from_row)
        .optional()
}

/// The newest invitation of every label, in the order in which their links were made. None in an older journal.
pub(super) fn all(conn: &Connection, scope: &InvitationScope) -> rusqlite::Result<Vec<Invitation>> {
    if !is_there(conn)? {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT * FROM invitations WHERE id IN (SELECT max(id) FROM invitations WHERE {OF_SCOPE} GROUP BY label)
            ORDER BY id"
    );
    let values = named_params! {
        ":profile": scope.profile, ":host": scope.host, ":partner": scope.partner.as_str(),
    };
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_map(values, Invitation::from_row)?.collect()
}

/// Whether the journal is as new as its invitations.
fn is_there(conn: &Connection) -> rusqlite::Result<bool> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'invitations')";
    conn.query_row(SQL, [], |row| row.get(0))
}

/// The apps that the invitations of a label expect, whoever's they are.
pub(super) fn expected(conn: &Connection, label: &LinkLabel) -> rusqlite::Result<Vec<AppId>> {
    const SQL: &str = "
        SELECT DISTINCT app.value AS app_id FROM invitations, json_each(invitations.app_ids) AS app
            WHERE label = ? ORDER BY invitations.id, app.key";
    if !is_there(conn)? {
        return Ok(Vec::new());
    }
    conn.prepare(SQL)?
        .query_map([label.as_str()], |row| parsed(row, "app_id"))?
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Goal, Key};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn labels() {
        let longest = "é".repeat(LONGEST);
        for good in ["acme", "Chat Ltd / Köln", " acme ", longest.as_str()] {
            assert_eq!(good.parse::<LinkLabel>().unwrap().as_str(), good.trim());
        }
        let long = format!("{longest}x");
        for bad in ["", "  ", "a\nb", "a\u{1b}[2J", long.as_str()] {
            assert!(bad.parse::<LinkLabel>().is_err(), "{bad:?}");
        }
    }

    /// What a link is without any row, and what rows make of it.
    #[test]
    fn the_state_is_that_of_the_app_that_is_least_far() {
        use LinkState::{Active, Expired, Failed, Initiated, Revoked, SignedIn, Unopened};
        let (before, after) = (at("2026-11-25T00:00:00Z"), at("2026-12-25T00:00:00Z"));
        for (now, revoked, rows, expected) in [
            (before, false, &[][..], Unopened),
            (after, false, &[], Expired),
            (before, true, &[], Revoked),
            (before, false, &[(1, State::Intended)], SignedIn),
            (before, false, &[(1, State::Unknown)], SignedIn),
            (before, false, &[(1, State::Created)], Initiated),
            (before, false, &[(1, State::Accepted)], Active),
            (before, false, &[(1, State::Failed)], Failed),
            (
                before,
                false,
                &[(1, State::Accepted), (2, State::Created)],
                Initiated,
            ),
            (
                before,
                false,
                &[(1, State::Accepted), (2, State::Failed)],
                Failed,
            ),
            // The link was for what is there by now.
            (after, true, &[(1, State::Accepted)], Active),
            (after, false, &[(1, State::Created)], Initiated),
        ] {
            let invitation = Invitation {
                label: "acme".parse().unwrap(),
                path: "/x".to_owned(),
                made_at: at("2026-11-24T00:00:00Z"),
                expires_at: at("2026-12-01T00:00:00Z"),
                revoked_at: revoked.then_some(before),
                opened_at: None,
                signed_in_at: None,
                expectation: Expectation::default(),
            };
            let row = |(owner, state): &(u32, State)| {
                let owner = owner.to_string().parse().unwrap();
                let key = Key::new(owner, "900".parse().unwrap());
                Entry {
                    state: *state,
                    link_label: Some("acme".to_owned()),
                    ..Entry::new(key, Goal::Active, "x")
                }
            };
            let rows: Vec<Entry> = rows.iter().map(row).collect();
            assert_eq!(invitation.status(&rows, now).state, expected, "{rows:?}");
        }
    }
}
