//! The invitations of our app: opened, written, looked up.
//!
//! The one decision: whoever needs a link comes here, so that `invite`, the page and a watch agree on it, and what an
//! older mps promised in files is taken over before anybody asks.

use std::sync::Arc;

use jiff::Timestamp;

use super::invitation_book::InvitationBook;
use crate::{
    button::{LinkBook, link},
    context::{Context, failure::Failure},
    exit::Kind,
    ids::{AppId, SolutionId},
    journal::{
        Invitation, InvitationDraft, InvitationStatus, Invitations, LinkLabel, PromisedLink, Reader,
    },
    shell,
};

/// The invitations of our app, for writing.
pub async fn open(ctx: &Context, partner: &AppId) -> Result<Invitations, Failure> {
    let store = Invitations::of(ctx.journal()?, partner.clone());
    let promised: Vec<PromisedLink> = link::in_files(ctx.state_dir()?, &ctx.profile_name())
        .into_iter()
        .filter_map(|file| {
            Some(PromisedLink {
                label: file.label.parse().ok()?,
                path: file.path,
                made_at: Timestamp::from_second(file.made_at).ok()?,
                until: Timestamp::from_second(file.until).ok()?,
            })
        })
        .collect();
    if !promised.is_empty() {
        store.take_over(promised).await?;
    }
    Ok(store)
}

/// Writes what is said of a label, and gives its link; whether that was made now.
pub async fn put(
    ctx: &Context,
    store: &Invitations,
    draft: InvitationDraft,
) -> Result<(Invitation, bool), Failure> {
    no_secret(ctx, &draft.label)?;
    let new_path = link::new_path()?;
    let invitation = store.put(draft, new_path.clone()).await?;
    let is_new = invitation.path == new_path;
    Ok((invitation, is_new))
}

/// A label stands in the journal and in messages.
pub fn no_secret(ctx: &Context, label: &LinkLabel) -> Result<(), Failure> {
    if ctx.redactor.clean(label.as_str()) == label.as_str() {
        return Ok(());
    }
    Err(
        Failure::usage("that label looks like a token or holds one, and a label is written down")
            .hint("choose a name for the Tech Provider, such as --for lucky-shrub"),
    )
}

/// The link of a label for a page that is about to be served: the one that it has, or a new one. One that was taken
/// back stays so.
pub async fn link_to_serve(
    ctx: &Context,
    partner: &AppId,
    label: &LinkLabel,
    days: u16,
) -> Result<ServedLink, Failure> {
    let store = open(ctx, partner).await?;
    if let Some(known) = store.find_by_label(label).await?
        && known.revoked_at.is_some()
    {
        return Err(Failure::new(
            Kind::State,
            format!("the link for {label} was taken back, and nothing is served at it"),
        )
        .hint(format!(
            "a new link for them: mps invite --for {}",
            shell::word(label.as_str())
        )));
    }
    let draft = InvitationDraft::new(label.clone(), days);
    let (invitation, _) = put(ctx, &store, draft).await?;
    Ok(ServedLink {
        store,
        invitation,
        days,
    })
}

/// A link at which a page is served.
pub struct ServedLink {
    store: Invitations,
    /// It.
    pub invitation: Invitation,
    days: u16,
}

impl ServedLink {
    /// Notes that the page was opened.
    pub async fn opened(&self, ctx: &Context) {
        noted(ctx, self.store.note_opened(&self.invitation.path).await);
    }

    /// The links, as the page asks for them.
    pub fn book(&self) -> Arc<dyn LinkBook> {
        InvitationBook::shared(self.store.clone(), None)
    }

    /// A stranger had the link: it is taken back, and from now on the label's is this one.
    pub async fn moves_to(&mut self, ctx: &Context, path: String) {
        let label = self.invitation.label.clone();
        let moved = async {
            self.store.revoke(&label).await?;
            let draft = InvitationDraft::new(label.clone(), self.days);
            self.store.put(draft, path).await
        };
        match moved.await {
            Ok(invitation) => self.invitation = invitation,
            Err(error) => ctx.ui.warning(&format!(
                "the link that somebody took is still that of {label}: {error}. Take it back: mps invite revoke {}",
                shell::word(label.as_str())
            )),
        }
    }

    /// Notes that a token passed its check.
    pub async fn signed_in(&self, ctx: &Context) {
        noted(ctx, self.store.note_signed_in(&self.invitation.path).await);
    }
}

/// How far a link is shows in lists only, which is no reason to turn a visitor away.
fn noted(ctx: &Context, written: Result<(), crate::journal::Error>) {
    if let Err(error) = written {
        ctx.ui
            .warning(&format!("how far the link is could not be noted: {error}"));
    }
}

/// The invitation of a label, read without making a journal.
pub fn find(
    ctx: &Context,
    partner: &AppId,
    label: &LinkLabel,
) -> Result<Option<InvitationStatus>, Failure> {
    let mut all = all(ctx, partner)?.into_iter();
    Ok(all.find(|status| status.invitation.label == *label))
}

/// Every invitation of our app, read likewise.
pub fn all(ctx: &Context, partner: &AppId) -> Result<Vec<InvitationStatus>, Failure> {
    let Some(reader) = reader(ctx)? else {
        return Ok(Vec::new());
    };
    let host = ctx.base_url()?;
    Ok(reader.invitations(&ctx.profile_name(), host.host_label(), partner)?)
}

/// The apps that invitations expect which were not taken back, likewise.
pub fn expected_apps(ctx: &Context, partner: &AppId) -> Result<Vec<AppId>, Failure> {
    let all = all(ctx, partner)?.into_iter();
    let invitations = all.map(|status| status.invitation);
    Ok(invitations
        .filter(|invitation| invitation.revoked_at.is_none())
        .flat_map(|invitation| invitation.expectation.app_ids)
        .collect())
}

/// The Tech Provider's apps of a label, likewise.
pub fn apps_of(ctx: &Context, label: &LinkLabel) -> Result<Vec<AppId>, Failure> {
    match reader(ctx)? {
        Some(reader) => Ok(reader.apps_of(label)?),
        None => Ok(Vec::new()),
    }
}

/// The solutions of a label that the journal knows, those of apps that its invitation expects among them, likewise.
pub fn solutions_of(
    ctx: &Context,
    partner: &AppId,
    label: &LinkLabel,
) -> Result<Vec<SolutionId>, Failure> {
    if let Some(status) = find(ctx, partner, label)? {
        return Ok(status.solution_ids);
    }
    let Some(reader) = reader(ctx)? else {
        return Ok(Vec::new());
    };
    let rows = reader.labelled(ctx.base_url()?.host_label(), partner, label)?;
    Ok(rows.into_iter().filter_map(|row| row.solution_id).collect())
}

fn reader(ctx: &Context) -> Result<Option<Reader>, Failure> {
    ctx.journal_reader()
}
