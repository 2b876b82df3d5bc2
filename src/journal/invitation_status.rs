//! How far each invitation is.
//!
//! The one decision: it is worked out from the rows of the Tech Provider's apps each time somebody asks, so that it
//! cannot fall behind what was done.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    entry::{Entry, EntryFilter, State},
    invitation::{self, Invitation, InvitationScope, LinkValidity},
    older,
    stored_enum::words,
};
use crate::ids::{AppId, SolutionId};

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

impl LinkState {
    /// The same for a sentence.
    pub fn in_words(self) -> String {
        self.to_string().replace('_', " ")
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

impl InvitationStatus {
    /// How far it is, by the journal's rows of this host and partner app.
    fn of(invitation: Invitation, rows: &[Entry], now: Timestamp) -> Self {
        let mut app_ids = invitation.expectation.app_ids.clone();
        let concerns = |row: &&Entry| {
            row.link_label.as_deref() == Some(invitation.label.as_str())
                || (row.link_label.is_none()
                    && invitation.expectation.app_ids.contains(&row.key.owner))
        };
        let rows: Vec<&Entry> = rows.iter().filter(concerns).collect();
        for row in &rows {
            if !app_ids.contains(&row.key.owner) {
                app_ids.push(row.key.owner.clone());
            }
        }
        let progress = app_ids.iter().flat_map(|app| {
            let mut of_app = rows.iter().filter(|row| row.key.owner == *app).peekable();
            let none = of_app
                .peek()
                .is_none()
                .then(|| before_any_row(&invitation, now));
            none.into_iter().chain(of_app.map(|row| row_state(row)))
        });
        let least = progress.min_by_key(|state| how_far(*state));
        Self {
            state: least.unwrap_or_else(|| before_any_row(&invitation, now)),
            solution_ids: rows
                .iter()
                .filter_map(|row| row.solution_id.clone())
                .collect(),
            app_ids,
            invitation,
        }
    }
}

/// The state of an app of which no row is known.
fn before_any_row(invitation: &Invitation, now: Timestamp) -> LinkState {
    match invitation.validity(now) {
        LinkValidity::Revoked => LinkState::Revoked,
        LinkValidity::Expired => LinkState::Expired,
        LinkValidity::Valid if invitation.signed_in_at.is_some() => LinkState::SignedIn,
        LinkValidity::Valid if invitation.opened_at.is_some() => LinkState::Opened,
        LinkValidity::Valid => LinkState::Unopened,
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

/// Every invitation with what the rows of the same host and partner app say of it.
pub(super) fn statuses(
    conn: &Connection,
    scope: &InvitationScope,
) -> rusqlite::Result<Vec<InvitationStatus>> {
    let invitations = invitation::all(conn, scope)?;
    if invitations.is_empty() {
        return Ok(Vec::new());
    }
    let which = EntryFilter {
        host: Some(scope.host.clone()),
        partner: Some(scope.partner.clone()),
        ..EntryFilter::default()
    };
    let rows = older::select(conn, &which)?;
    let rows = rows.into_iter().map(|(_, row)| row);
    Ok(judged(invitations, rows, Timestamp::now()))
}

/// Every invitation with what these rows say of it.
pub(super) fn judged(
    invitations: Vec<Invitation>,
    rows: impl Iterator<Item = Entry>,
    now: Timestamp,
) -> Vec<InvitationStatus> {
    // By label and by app: a list of a few thousand labels would else be gone through with each of as many rows.
    let mut labelled = HashMap::<String, Vec<Entry>>::new();
    let mut unlabelled = HashMap::<AppId, Vec<Entry>>::new();
    for row in rows {
        match row.link_label.clone() {
            Some(label) => labelled.entry(label).or_default().push(row),
            None => unlabelled
                .entry(row.key.owner.clone())
                .or_default()
                .push(row),
        }
    }
    let status = |invitation: Invitation| {
        let own = labelled.get(invitation.label.as_str());
        let expected = invitation.expectation.app_ids.iter();
        let expected = expected.filter_map(|app| unlabelled.get(app));
        let rows: Vec<Entry> = own.into_iter().chain(expected).flatten().cloned().collect();
        InvitationStatus::of(invitation, &rows, now)
    };
    invitations.into_iter().map(status).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Goal, Key, invitation::Expectation};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
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
            assert_eq!(
                InvitationStatus::of(invitation, &rows, now).state,
                expected,
                "{rows:?}"
            );
        }
    }
}
