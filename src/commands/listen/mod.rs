//! `mps listen`: takes Meta's webhooks in, and tells each change once.
//!
//! The one decision: a webhook is a hint. It is kept before Meta hears that it came, worked on after, and what is told is
//! what Meta then says of the solution.

mod deliveries;
mod hook;
mod subscribe;
mod unheard;

use std::sync::Arc;

use clap::{Args, Subcommand};

pub use self::deliveries::ListenRecord;
use self::deliveries::{Deliveries, DeliverySource};
use super::{
    Output,
    args::{MAKE_A_SYSTEM_TOKEN, SystemTokenArg, VerifyTokenArg, When, one_reads_stdin},
};
use crate::{
    context::{Context, failure::Failure},
    exit::Kind,
    session::{
        self, Needs, Session,
        inbox::{Inbox, WebhookSecrets},
        outbox::{self, Outgoing, PostUrl},
    },
    sign_in::WebhookAddressArgs,
};

/// Take Meta's webhooks about solutions and customers in, and write a line for each change
///
/// Answers at /webhooks of the public address: keeps what is signed with our app's secret, passes over doubles, reads the
/// solution again and writes one JSON line per change, in a pipe and on a terminal. What could not be delivered is
/// delivered at the next start; after a crash its last line may come once more, with the same `id`. Ctrl-C or
/// SIGTERM ends it.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  mps listen --public-url https://onboarding.example.com --subscribe\n  mps listen --public-url https://onboarding.example.com --exec 'jq -r .solution_id >> changed.txt'\n  mps listen replay --since 7d"
)]
pub struct ListenArgs {
    #[command(subcommand)]
    command: Option<ListenCommand>,
    /// Run this in the shell for each change, the change on its stdin; one that fails is tried at the next start
    #[arg(long, value_name = "CMD")]
    exec: Option<String>,
    /// Send each webhook on to this https address, body and signature unchanged, with retries over a day
    #[arg(long, value_name = "URL")]
    forward: Option<PostUrl>,
    /// Subscribe our app to these webhooks at Meta, after showing what would change
    #[arg(long)]
    subscribe: bool,
    /// Say yes to the question of --subscribe
    #[arg(short, long, requires = "subscribe")]
    yes: bool,
    #[command(flatten)]
    address: WebhookAddressArgs,
    #[command(flatten)]
    verify: VerifyTokenArg,
    #[command(flatten)]
    system: SystemTokenArg,
}

#[derive(Debug, Subcommand)]
enum ListenCommand {
    Replay(ReplayArgs),
}

/// Write the changes that came since then once more
///
/// Reads each solution again and ends. What was delivered is kept for thirty days.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps listen replay --since 2026-11-22\n  mps listen replay --since 12h"
)]
struct ReplayArgs {
    /// From when on: a day, a time, or so long ago, like 7d
    #[arg(long, value_name = "WHEN")]
    since: When,
    /// Run this in the shell for each change, the change on its stdin
    #[arg(long, value_name = "CMD")]
    exec: Option<String>,
    #[command(flatten)]
    system: SystemTokenArg,
}

impl ListenArgs {
    /// Whether it changes what Meta has of our app.
    pub fn subscribes(&self) -> bool {
        self.subscribe
    }

    /// Listens until it is stopped.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        if let Some(ListenCommand::Replay(replay)) = self.command {
            return replay.run(ctx).await;
        }
        match self.serve(ctx).await {
            // What was begun stands in the journal, and to be stopped is how it ends.
            Err(failure) if failure.kind == Kind::Interrupted && ctx.stop.is_set() => {
                Ok(Output::Nothing)
            }
            served => served,
        }
    }

    async fn serve(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        one_reads_stdin(ctx, &[self.system.reader(), self.verify.reader()], &[])?;
        let secrets = WebhookSecrets::required(ctx, self.verify.file())?;
        let verify_token = secrets.verify_token.clone();
        let session = session_of(ctx, &self.system).await?;
        let partner = session.app()?.id.clone();
        let inbox = Inbox::of(ctx, partner.clone())?;
        inbox.store.tidy().await?;
        let side = inbox.door(ctx, secrets, self.forward.is_some());
        let listener = self.address.open(ctx, &session, side).await?;
        if self.subscribe {
            let subscribed =
                subscribe::subscribe(ctx, &session, &listener, &verify_token, self.yes).await;
            if let Err(failure) = subscribed {
                listener.close().await;
                return Err(failure);
            }
        } else {
            listener.try_the_way(ctx);
        }
        let session = Arc::new(session);
        if let Some(url) = self.forward {
            let posting = outbox::post_all(Arc::clone(ctx), inbox.clone(), url, Outgoing::Webhooks);
            tokio::spawn(posting);
        }
        tokio::spawn(unheard::look_now_and_then(
            Arc::clone(ctx),
            Arc::clone(&session),
            inbox.clone(),
        ));
        let deliveries = Deliveries::new(
            Arc::clone(ctx),
            session,
            inbox,
            DeliverySource::Undelivered,
            self.exec,
        );
        Ok(Output::Pieces(deliveries.behind(listener)))
    }
}

impl ReplayArgs {
    async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        // What is wrong with it is said first.
        self.since.moment(jiff::Timestamp::now(), false)?;
        let session = session_of(ctx, &self.system).await?;
        let inbox = Inbox::of(ctx, session.app()?.id.clone())?;
        let since = self.since.moment(inbox.store.now(), false)?;
        let deliveries = Deliveries::new(
            Arc::clone(ctx),
            Arc::new(session),
            inbox,
            DeliverySource::Since(since),
            self.exec,
        );
        Ok(Output::Pieces(deliveries.lines()))
    }
}

async fn session_of(ctx: &Context, system: &SystemTokenArg) -> Result<Session, Failure> {
    ctx.partner()?;
    let needs = Needs {
        system: Some(system.required(ctx, MAKE_A_SYSTEM_TOKEN)?),
        ..Needs::default()
    };
    session::unless_stopped(ctx, Session::open(ctx, needs)).await
}
