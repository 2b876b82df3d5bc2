//! One row per link that a Tech Provider was given: for whom, until when, what is expected, how far it came.
//!
//! The one decision: how far a Tech Provider is stands in the journal's rows of their apps, so the row of a link keeps
//! only what no other row knows, and the state is worked out where it is asked for.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::link_label::LinkLabel;
use super::query::{from_json, json, maybe, parsed, time};
use crate::{ids::AppId, redact::Redactor};

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
    const SQL: &str = "
        UPDATE invitations SET expires_at = :expires_at, app_ids = :app_ids, messaging = :messaging, name = :name,
            lang = :lang WHERE path = :path";
    let older = by_label(conn, scope, &draft.label)?;
    let (invitation, is_new) = drafted(older, draft, new_path, now);
    if is_new {
        return invitation.insert(conn, scope);
    }
    conn.prepare_cached(SQL)?.execute(named_params! {
        ":expires_at": time(invitation.expires_at),
        ":app_ids": json(&invitation.expectation.app_ids)?,
        ":messaging": invitation.expectation.messaging,
        ":name": invitation.expectation.name,
        ":lang": invitation.expectation.lang,
        ":path": invitation.path,
    })?;
    Ok(())
}

/// What a draft makes of the label's older invitation: that one with the new values where its link holds, else (`true`)
/// a new one with this path.
pub(super) fn drafted(
    older: Option<Invitation>,
    draft: &InvitationDraft,
    new_path: &str,
    now: Timestamp,
) -> (Invitation, bool) {
    let mut expectation = older
        .as_ref()
        .map(|older| older.expectation.clone())
        .unwrap_or_default();
    draft.apply(&mut expectation);
    let kept = older.map(|older| Invitation {
        expires_at: older.expires_at.max(expiry(older.made_at, draft.days)),
        ..older
    });
    match kept.filter(|kept| kept.validity(now) == LinkValidity::Valid) {
        Some(kept) => (
            Invitation {
                expectation,
                ..kept
            },
            false,
        ),
        None => (
            Invitation {
                label: draft.label.clone(),
                path: new_path.to_owned(),
                made_at: now,
                expires_at: expiry(now, draft.days),
                revoked_at: None,
                opened_at: None,
                signed_in_at: None,
                expectation,
            },
            true,
        ),
    }
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
pub(super) enum LinkMoment {
    Revoked,
    Opened,
    SignedIn,
}

impl LinkMoment {
    /// Where it stands.
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::Revoked => "revoked_at",
            Self::Opened => "opened_at",
            Self::SignedIn => "signed_in_at",
        }
    }
}

/// Notes it, the first time only.
pub(super) fn note(
    conn: &Connection,
    path: &str,
    moment: LinkMoment,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let column = moment.column();
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
