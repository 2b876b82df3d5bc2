//! The invitations as the page asks for them.
//!
//! The one decision: the journal is asked at every request, so a link that another mps makes or takes back counts at
//! once.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::runtime::Handle;

use crate::{
    button::{KnownLink, LinkBook, LinkStanding},
    journal::{Invitations, LinkValidity},
    lang::Lang,
};

/// The links of all invitations.
pub struct InvitationBook {
    invitations: Invitations,
    /// Where the journal's answer is waited for: the page asks from a thread of its own.
    runtime: Handle,
    /// In place of that of each invitation.
    lang: Option<Lang>,
}

impl InvitationBook {
    /// The book, made in the runtime of the run. `lang`: in place of the language of each invitation.
    pub fn shared(invitations: Invitations, lang: Option<Lang>) -> Arc<dyn LinkBook> {
        Arc::new(Self {
            invitations,
            runtime: Handle::current(),
            lang,
        })
    }
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
                lang: self.lang.or_else(|| {
                    let tag = invitation.expectation.lang.as_deref();
                    tag.and_then(|tag| tag.parse().ok())
                }),
            }),
            // Whoever comes while the journal cannot be read is asked to come back.
            Err(_) => Some(KnownLink {
                label: None,
                standing: LinkStanding::Unattended,
                lang: None,
            }),
        }
    }
}
