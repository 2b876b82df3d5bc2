//! The page of every link at once, for a watch.
//!
//! The one decision: nobody's token ends anything: it is checked and answered, and whoever else is at the page goes on.

use std::{sync::Arc, time::Duration};

use super::{
    announce,
    args::DoorArgs,
    stand_in_of_host, wait,
    watched::{self, WatchedPort},
    words::Announcement,
};
use crate::{
    button::{
        Catcher, Grant, Happening, LinkBook, Links, PageConfig, PageEvent, PagePurpose,
        TokenReason, Verdict, VisitorId, VisitorPage,
    },
    context::{Context, failure::Failure},
    http_server::routes::SidePath,
    session::{Session, UserSession},
};

/// Said at the first look of a link whose days are over.
const NEW_LINK: &str = "A new link for them: mps invite --for";

/// The page of every link.
pub struct Reception {
    catcher: Catcher,
    _port: WatchedPort,
}

impl Reception {
    /// Opens it, and says where it is. `side`: who answers at another path of its address.
    pub async fn open(
        ctx: &Context,
        session: &Session,
        door: &DoorArgs,
        book: Arc<dyn LinkBook>,
        side: Option<SidePath>,
    ) -> Result<Self, Failure> {
        let stand_in = stand_in_of_host(ctx).await?;
        let links = (Links::Book(book), None);
        let config = door.config(ctx, session, PagePurpose::Onboard, stand_in, links)?;
        let config = PageConfig { side, ..config };
        let catcher = Catcher::bind(config)
            .await
            .map_err(|error| watched::trouble(ctx, error, None))?;
        let port = WatchedPort::hold(ctx.state_dir()?, catcher.port());
        announce::announce(ctx, &catcher, door).await?;
        Ok(Self {
            catcher,
            _port: port,
        })
    }

    /// Where it is.
    pub fn url(&self) -> String {
        self.catcher.url()
    }

    /// The next thing that happens, which is in the run's log by then. Cancel-safe.
    pub async fn next(&self, ctx: &Context) -> Happening {
        let happening = self.catcher.next().await;
        wait::log(ctx, &happening);
        happening
    }

    /// Says what happened, and at whose link.
    pub fn say(ctx: &Context, happening: &Happening) {
        let mut said = Announcement::of(&happening.event);
        if let (PageEvent::LinkExpired, Some(label)) = (&happening.event, &happening.label) {
            said.sentence =
                "The link was opened after its days were over; the page said so.".into();
            let label = crate::shell::word(label);
            said.remedy = Some(format!("{NEW_LINK} {label}"));
        }
        said.at(happening.label.as_deref()).say(&ctx.ui);
    }

    /// Checks a visitor's token and answers it on both sides.
    pub async fn check(
        &self,
        ctx: &Context,
        session: &Session,
        visitor: VisitorId,
        (grant, label): (&Grant, &str),
    ) -> Result<Option<UserSession>, Failure> {
        match wait::check(ctx, session, grant, Some(&[])).await? {
            Ok(user) => {
                wait::accept(ctx, &self.catcher, visitor, Some(label));
                Ok(Some(user))
            }
            Err(refusal) => {
                wait::refuse(ctx, &self.catcher, visitor, refusal, Some(label));
                Ok(None)
            }
        }
    }

    /// Nobody waits at this link any more.
    pub fn turn_away(&self, visitor: VisitorId) {
        let verdict = Verdict::Refused(TokenReason::Ended);
        self.catcher.judged(visitor, verdict);
    }

    /// A visitor's page, to be told how far they are.
    pub fn page_of(&self, visitor: VisitorId) -> VisitorPage {
        self.catcher.page_of(visitor)
    }

    /// Lets the pages fetch their last state, then closes.
    pub async fn close(self, ctx: &Context, grace: Duration) {
        if let Some(strangers) = self.catcher.strangers_so_far() {
            wait::log(ctx, &strangers);
            Self::say(ctx, &strangers);
        }
        self.catcher.close(grace).await;
    }
}
