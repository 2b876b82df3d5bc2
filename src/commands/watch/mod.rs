//! `mps watch`: one address for every link, for days.
//!
//! The one decision: whoever comes is worked for alone. A visitor has their own token, terms, progress and rows; what is
//! shared is the server, the system token, the journal and the calls that may be under way at once.

mod accepting;
mod board;
mod dashboards;
mod ear;
mod hall;
mod notify;
mod stay;
mod visit;
mod waiting;
mod webhooks;

use std::{collections::HashSet, sync::Arc};

use clap::Args;
use futures_util::StreamExt as _;
use tokio::sync::mpsc;

use self::{ear::Ear, hall::Hall, notify::Notifier};
use super::{
    Output,
    args::{
        MAKE_A_SYSTEM_TOKEN, NotifyArgs, PaceArgs, SolutionArgs, SystemTokenArg, VerifyTokenArg,
        one_reads_stdin,
    },
    rows::{self, WatchRecord},
};
use crate::{
    context::{Context, Sourced, failure::Failure},
    engine::{Policy, look::Survey},
    exit::Kind,
    journal::Goal,
    secret::SystemToken,
    session::{
        self, Consent, Needs, Session,
        inbox::{Inbox, WebhookSecrets},
        invitation_book::InvitationBook,
        invitations,
        outbox::{self, Outgoing, PostUrl},
        run::{self, RunOptions},
        shown,
        token_checker::Purpose,
    },
    sign_in::{DoorArgs, Reception},
    ui::emit::Rows,
    webhooks::NoticeKey,
};

/// Stay up and onboard whoever comes, for all valid links at one address
///
/// Serves the page for every link of `mps invite`, each visitor with their own progress. The apps that the
/// invitation expects become ACTIVE; one that it does not expect is created and left INITIATED, for `mps accept`.
/// What an expected Tech Provider asks for in their own dashboard is accepted too: with an app secret and a verify token
/// Meta's webhooks come in at /webhooks of the same address, else a look at our side every few minutes finds it. What an earlier run left is taken up at the start. Ctrl-C or SIGTERM ends it: what is under way is
/// finished.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps watch --public-url https://onboarding.example.com\n  mps watch --public-url https://onboarding.example.com --yes --json >> onboarded.ndjson\n  mps watch --public-url https://onboarding.example.com --yes --notify https://crm.example.com/mps"
)]
pub struct WatchArgs {
    /// Begin with nobody at a terminal; what waits is then for `mps accept`
    #[arg(short, long)]
    yes: bool,
    /// Accept the apps that the invitation does not expect, too
    #[arg(long)]
    accept_anyone: bool,
    #[command(flatten)]
    pace: PaceArgs,
    #[command(flatten)]
    door: DoorArgs,
    #[command(flatten)]
    system: SystemTokenArg,
    #[command(flatten)]
    verify: VerifyTokenArg,
    #[command(flatten)]
    notify: NotifyArgs,
}

impl WatchArgs {
    /// Watches until it is stopped.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        ctx.partner()?;
        let readers = [
            self.system.reader(),
            self.verify.reader(),
            self.notify.reader(),
        ];
        one_reads_stdin(ctx, &readers, &[])?;
        let system = self.system.required(ctx, MAKE_A_SYSTEM_TOKEN)?;
        self.check_options(ctx)?;
        let notify = self.notify.read(ctx)?;
        match self.open(ctx, system, notify).await {
            // Nothing was begun, and to be stopped is how it ends.
            Err(failure) if failure.kind == Kind::Interrupted && ctx.stop.is_set() => {
                Ok(Output::Nothing)
            }
            opened => opened,
        }
    }

    /// All that can be wrong or missing.
    fn check_options(&self, ctx: &Context) -> Result<(), Failure> {
        if self.door.public(ctx)?.is_none() && self.door.published.is_none() {
            return Err(Failure::usage(
                "watch serves people elsewhere, and nobody said at which address they reach it",
            )
            .hint("add --public-url https://NAME (or set MPS_PUBLIC_URL), or --published https://localhost:PORT"));
        }
        if !self.yes && !ctx.ui.can_ask() {
            return Err(Failure::usage(
                "watch creates and accepts for whoever comes, and there is nobody to ask",
            )
            .hint(
                "add --yes: expected apps become ACTIVE, what is not expected waits for mps accept",
            ));
        }
        let terms = SolutionArgs::default();
        terms.messaging(ctx)?;
        terms.template(ctx)?;
        ctx.journal()?;
        Ok(())
    }

    async fn open(
        &self,
        ctx: &Arc<Context>,
        system: Sourced<SystemToken>,
        notify: Option<(PostUrl, NoticeKey)>,
    ) -> Result<Output, Failure> {
        let at_once = self.pace.at_once(ctx)?;
        self.pace.apply(ctx);
        let needs = Needs {
            system: Some(system),
            purpose: Purpose::Onboard,
            ..Needs::default()
        };
        let session = session::unless_stopped(ctx, Session::open(ctx, needs)).await?;
        let partner = session.app()?.clone();
        let store = invitations::open(ctx, &partner.id).await?;
        let policy = Policy {
            rejects_surplus: true,
            ..run::policy(ctx, Goal::Active)?
        };
        let options = RunOptions {
            consent: if self.yes {
                Consent::Yes
            } else {
                Consent::Arguments
            },
            link_label: None,
            apps: 0,
            listener: None,
            survey: Survey::default(),
            at_once,
        };
        let engine = session.engine(ctx, policy, options)?;
        let lang = match &self.door.lang {
            Some(typed) => Some(shown::lang(ctx, Some(typed), None)?),
            None => None,
        };
        let book = InvitationBook::shared(store.clone(), lang);
        let inbox = Inbox::of(ctx, partner.id.clone())?;
        inbox.store.tidy().await?;
        let secrets = WebhookSecrets::if_set(ctx, self.verify.file())?;
        let side = secrets.map(|secrets| inbox.door(ctx, secrets, false));
        let ear = Ear::of(inbox.clone(), side.is_some()).await?;
        let reception = Reception::open(ctx, &session, &self.door, book, side).await?;
        ear.announce(ctx, &reception);
        let (lines, received) = mpsc::unbounded_channel();
        let hall = Hall {
            ctx: Arc::clone(ctx),
            session,
            partner,
            engine,
            invitations: store,
            reception,
            ear,
            accept_anyone: self.accept_anyone,
            asks: !self.yes,
            lines,
            under_way: std::sync::Mutex::default(),
            told: std::sync::Mutex::new(HashSet::new()),
            waiting: std::sync::Mutex::default(),
            board: std::sync::Mutex::default(),
            question: tokio::sync::Mutex::default(),
        };
        let task = tokio::spawn(hall.stay());
        let lines = rows::to_the_end(received, task).boxed();
        let lines = match notify {
            Some((url, key)) => {
                let outgoing = Outgoing::Notices(key);
                tokio::spawn(outbox::post_all(
                    Arc::clone(ctx),
                    inbox.clone(),
                    url,
                    outgoing,
                ));
                let ctx = Arc::clone(ctx);
                Notifier { ctx, inbox }.keeping(lines).boxed()
            }
            None => lines,
        };
        Ok(Output::Rows(Rows::of::<WatchRecord>(
            lines,
            "Nobody was onboarded.",
        )))
    }
}
