//! `mps invite list` and `mps invite revoke`: what became of the invitations.

use futures_util::stream;
use url::Url;

use crate::{
    button::link,
    commands::{Line, Output},
    context::{Context, failure::Failure},
    exit::Kind,
    ids::{AppId, SolutionId},
    journal::{InvitationStatus, LinkLabel, LinkState},
    lang::EN,
    record::record,
    session::invitations,
    ui::{
        Label,
        emit::{Rows, TableRow},
        table::Cell,
    },
};

record! {
    /// An invitation and how far its Tech Provider is.
    #[derive(Debug, Clone)]
    pub struct InvitationRecord {
        /// The label
        #[serde(rename = "ref")]
        pub label: String,
        /// What the Tech Provider opens; null where no public address is set
        pub link: Option<String>,
        /// Until when the link holds
        pub expires_at: i64,
        /// `unopened`, `opened`, `signed_in`, `INITIATED`, `ACTIVE`, `failed`, `expired`, `revoked`: that of the app that is least far
        pub state: LinkState,
        /// Their apps: those that are expected, and those that came
        pub app_ids: Vec<AppId>,
        /// Their solutions
        pub solution_ids: Vec<SolutionId>,
    }
}

impl InvitationRecord {
    fn of(public: Option<&Url>, status: InvitationStatus) -> Result<Self, Failure> {
        let invitation = status.invitation;
        let link = public.map(|public| link::public_url(public, &invitation.path));
        Ok(Self {
            label: invitation.label.to_string(),
            link: link.transpose()?,
            expires_at: invitation.expires_at.as_second(),
            state: status.state,
            app_ids: status.app_ids,
            solution_ids: status.solution_ids,
        })
    }
}

impl TableRow for InvitationRecord {
    const HEADER: &[&str] = &["REF", "STATE", "EXPIRES", "APPS", "SOLUTIONS", "LINK"];

    fn cells(&self) -> Vec<Cell> {
        let label = match self.state {
            LinkState::Active => Label::Good,
            LinkState::Failed | LinkState::Expired | LinkState::Revoked => Label::Bad,
            LinkState::Initiated => Label::Warning,
            LinkState::Unopened | LinkState::Opened | LinkState::SignedIn => Label::Plain,
        };
        let apps: Vec<&str> = self.app_ids.iter().map(AppId::as_str).collect();
        let solutions: Vec<&str> = self.solution_ids.iter().map(SolutionId::as_str).collect();
        let until = jiff::Timestamp::from_second(self.expires_at);
        vec![
            self.label.as_str().into(),
            Cell::marked(self.state.to_string(), label),
            until
                .map_or_else(|_| String::new(), |until| EN.date.of(until))
                .into(),
            apps.join(" ").into(),
            solutions.join(" ").into(),
            self.link.clone().unwrap_or_default().into(),
        ]
    }

    fn plain(&self) -> Option<String> {
        let link = self.link.as_deref().unwrap_or_default();
        Some(format!("{}\t{}\t{link}", self.label, self.state))
    }
}

/// Every invitation.
pub(super) fn list(ctx: &Context, public: Option<&Url>) -> Result<Output, Failure> {
    let all = invitations::all(ctx, &ctx.partner()?)?;
    if public.is_none() && !all.is_empty() && ctx.ui.for_people() {
        ctx.ui
            .status("The links are shown where the public address is known: --public-url or MPS_PUBLIC_URL.");
    }
    let public = public.cloned();
    let lines = all
        .into_iter()
        .map(move |status| Ok(Line::of(&InvitationRecord::of(public.as_ref(), status)?)));
    Ok(Output::Rows(Rows::of::<InvitationRecord>(
        stream::iter(lines),
        "Nobody is invited.",
    )))
}

/// Takes a link back, and shows what is left of it.
pub(super) async fn revoke(
    ctx: &Context,
    public: Option<&Url>,
    label: &LinkLabel,
) -> Result<Output, Failure> {
    let partner = ctx.partner()?;
    let store = invitations::open(ctx, &partner).await?;
    if store.revoke(label).await?.is_none() {
        return Err(
            Failure::new(Kind::State, format!("nobody is invited as {label}"))
                .hint("the labels that are known: mps invite list"),
        );
    }
    ctx.ui.status(&format!(
        "The link for {label} is over; whoever opens it is told so."
    ));
    let status = invitations::find(ctx, &partner, label)?;
    let lines: Vec<_> = status
        .into_iter()
        .map(|status| Ok(Line::of(&InvitationRecord::of(public, status)?)))
        .collect();
    Ok(Output::Rows(Rows::of::<InvitationRecord>(
        stream::iter(lines),
        "",
    )))
}
