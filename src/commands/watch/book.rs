//! The invitations as the page asks for them.
//!
//! The one decision: the journal is asked at every request, so a link that another mps makes or takes back counts at
//! once.

use jiff::Timestamp;
use tokio::runtime::Handle;

use crate::{
    button::{KnownLink, LinkBook, LinkStanding},
    journal::{Invitations, LinkValidity},
};

/// The links of all invitations.
pub(super) struct InvitationBook {
    pub(super) invitations: Invitations,
    /// Where the journal's answer is waited for: the page asks from a thread of its own.
    pub(super) runtime: Handle,
}

impl LinkBook for InvitationBook {
    fn find(&self, path: &str, now: Timestamp) -> Option<KnownLink> {
        match self.runtime.block_on(self.invitations.find_by_path(path)) {
            Ok(found) => found.map(|invitation| KnownLink {
                label: Some(invitation.label.as_str().into()),
                standing: match invitation.validity(now) {
                    LinkValidity::Valid => LinkStanding::Awaited,
                    LinkValidity::Expired => LinkStanding::Expired,
                    LinkValidity::Revoked => LinkStanding::Revoked,
                },
            }),
            // Whoever comes while the journal cannot be read is asked to come back.
            Err(_) => Some(KnownLink {
                label: None,
                standing: LinkStanding::Unattended,
            }),
        }
    }
}
