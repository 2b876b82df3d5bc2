//! The invitations of one app of ours, for those who write: invite, the page, the watch.
//!
//! The one decision: it is a view of the journal's one store, so that a link, its state and the rows of its apps are
//! durable together and no second file can disagree.

use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    Error, Journal, JournalStore,
    invitation::{self, Invitation, InvitationDraft, InvitationScope, LinkMoment, expiry},
    invitation_status::{InvitationStatus, statuses},
    link_label::LinkLabel,
};
use crate::ids::AppId;

/// The invitations of one profile, at one host, for one app of ours. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Invitations {
    journal: Journal,
    scope: InvitationScope,
}

/// A link that an older mps kept in a file of its own.
#[derive(Debug, Clone)]
pub struct PromisedLink {
    /// Whom it is for.
    pub label: LinkLabel,
    /// Its path.
    pub path: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when somebody was told that it holds.
    pub until: Timestamp,
}

impl Invitations {
    /// Those of the journal's own profile and host.
    pub fn of(journal: Journal, partner: AppId) -> Self {
        let who = &journal.inner.who;
        let scope = InvitationScope {
            profile: who.profile.clone(),
            host: who.host.clone(),
            partner,
        };
        Self { journal, scope }
    }

    fn store(&self) -> &JournalStore {
        &self.journal.inner.store
    }

    /// Writes what is said of a label; durable when it returns. A link that holds stays and takes the new values; a
    /// new label, and one whose link is over, gets `new_path`.
    pub async fn put(
        &self,
        mut draft: InvitationDraft,
        new_path: String,
    ) -> Result<Invitation, Error> {
        draft.clean(&self.journal.inner.redactor);
        let (label, scope) = (draft.label.clone(), self.scope.clone());
        match self.store() {
            JournalStore::File(file) => {
                let now = Timestamp::now();
                let write =
                    move |conn: &Connection| invitation::put(conn, &scope, &draft, &new_path, now);
                file.writer.write(Box::new(write)).await?;
            }
            JournalStore::Database(database) => database.invite(scope, draft, new_path).await?,
        }
        let written = self.find_by_label(&label).await?;
        written.ok_or_else(|| Error::Closed {
            path: match self.store() {
                JournalStore::File(file) => file.places.database.clone(),
                JournalStore::Database(database) => database.place().into(),
            },
        })
    }

    /// Takes over what an older mps promised; a label that has an invitation keeps it.
    pub async fn take_over(&self, promised: Vec<PromisedLink>) -> Result<(), Error> {
        let scope = self.scope.clone();
        let rows: Vec<Invitation> = promised
            .into_iter()
            .map(|link| Invitation {
                label: link.label,
                path: link.path,
                made_at: link.made_at,
                // Before a promise was written down, it was for seven days.
                expires_at: link.until.max(expiry(link.made_at, 7)),
                revoked_at: None,
                opened_at: None,
                signed_in_at: None,
                expectation: invitation::Expectation::default(),
            })
            .collect();
        match self.store() {
            JournalStore::File(file) => {
                let write = move |conn: &Connection| {
                    rows.iter()
                        .try_for_each(|row| invitation::take_over(conn, &scope, row))
                };
                file.writer.write(Box::new(write)).await
            }
            JournalStore::Database(database) => Ok(database.take_over(scope, rows).await?),
        }
    }

    /// The invitation of a label: that of its newest link, be it over or not.
    pub async fn find_by_label(&self, label: &LinkLabel) -> Result<Option<Invitation>, Error> {
        let (scope, label) = (self.scope.clone(), label.clone());
        match self.store() {
            JournalStore::File(file) => {
                let read = move |conn: &Connection| invitation::by_label(conn, &scope, &label);
                file.read(read).await
            }
            JournalStore::Database(database) => Ok(database.by_label(scope, label).await?),
        }
    }

    /// The invitation whose link has this path; [`Invitation::validity`] says whether it may be used.
    pub async fn find_by_path(&self, path: &str) -> Result<Option<Invitation>, Error> {
        let (scope, path) = (self.scope.clone(), path.to_owned());
        match self.store() {
            JournalStore::File(file) => {
                let read = move |conn: &Connection| invitation::by_path(conn, &scope, &path);
                file.read(read).await
            }
            JournalStore::Database(database) => Ok(database.by_path(scope, path).await?),
        }
    }

    /// Takes the link of a label back. None where there is no such label.
    pub async fn revoke(&self, label: &LinkLabel) -> Result<Option<Invitation>, Error> {
        let Some(found) = self.find_by_label(label).await? else {
            return Ok(None);
        };
        self.note(&found.path, LinkMoment::Revoked).await?;
        self.find_by_label(label).await
    }

    /// Notes that the page of a link was opened, the first time.
    pub async fn note_opened(&self, path: &str) -> Result<(), Error> {
        self.note(path, LinkMoment::Opened).await
    }

    /// Notes that a token came by a link and passed its check, the first time.
    pub async fn note_signed_in(&self, path: &str) -> Result<(), Error> {
        self.note(path, LinkMoment::SignedIn).await
    }

    /// The newest invitation of every label and how far each is, in the order in which the links were made.
    pub async fn list(&self) -> Result<Vec<InvitationStatus>, Error> {
        let scope = self.scope.clone();
        match self.store() {
            JournalStore::File(file) => {
                let read = move |conn: &Connection| statuses(conn, &scope);
                file.read(read).await
            }
            JournalStore::Database(database) => Ok(database.statuses(scope).await?),
        }
    }

    async fn note(&self, path: &str, moment: LinkMoment) -> Result<(), Error> {
        let (path, now) = (path.to_owned(), Timestamp::now());
        match self.store() {
            JournalStore::File(file) => {
                let write = move |conn: &Connection| invitation::note(conn, &path, moment, now);
                file.writer.write(Box::new(write)).await
            }
            JournalStore::Database(database) => Ok(database.note(path, moment).await?),
        }
    }
}
