//! `mps business-token`: the token with which we work on a client's accounts, onboarded through a solution.
//!
//! The one decision: that somebody got a client's token is for auditors as a write is, so it stands in the journal before
//! Meta is asked; the token itself stands in none of our files but the one that was named.

use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;

use super::{
    Line, Output,
    args::{MAKE_A_SYSTEM_TOKEN, SystemTokenArg, TokenOutArg, one_reads_stdin},
};
use crate::{
    context::{Context, failure::Failure},
    engine::answers::event_outcome,
    exit::Kind,
    graph::{BusinessToken, NOTHING_SHARED, Solution, Status},
    ids::{BusinessId, SolutionId},
    journal::{Call, EventOutcome, HistoryEvent},
    record::{Record as _, record},
    secret::SystemToken,
    session::{self, AppNeed, Needs, Session},
    ui::{emit::Card, table::Cell},
};

const EXAMPLES: &str = "Examples:
  mps business-token 795033096057724 --business-id 506914307656634 --token-out client.txt
  mps business-token 795033096057724 --business-id 506914307656634 | wc -c";

/// Get the business token of a client who was onboarded with a solution
///
/// Gives the token for the WhatsApp Business accounts that the client shared with us in Embedded Signup. Prints it bare
/// in a pipe; on a terminal it is masked. The client's business is `owner_business_id` of the webhook
/// account_update. That it was asked for, and by whom, stands in the journal; the token does not.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct BusinessTokenArgs {
    /// The solution
    #[arg(value_name = "SOLUTION_ID")]
    id: SolutionId,
    /// The client's business portfolio
    #[arg(long, value_name = "ID")]
    business_id: BusinessId,
    #[command(flatten)]
    token_out: TokenOutArg,
    #[command(flatten)]
    system: SystemTokenArg,
}

record! {
    /// A client's business token, and how long it lives.
    #[derive(Clone)]
    pub struct BusinessTokenRecord {
        /// The solution
        pub solution_id: SolutionId,
        /// The client's business portfolio
        pub business_id: BusinessId,
        /// The token; masked on a terminal
        pub access_token: String,
        /// When it ends; null where Meta does not say, or never
        pub expires_at: Option<i64>,
    }
}

/// Whether Meta may give tokens: a pending deactivation has more than one word.
fn may_give(status: &Status) -> bool {
    matches!(status, Status::Active | Status::Other(_))
}

impl BusinessTokenArgs {
    /// Gets it.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        one_reads_stdin(ctx, &[self.system.reader()], &[])?;
        self.token_out.writable()?;
        let system = self.system.required(ctx, MAKE_A_SYSTEM_TOKEN)?;
        let token = system.token.clone();
        let needs = Needs {
            system: Some(system),
            app: AppNeed::Learnable,
            ..Needs::default()
        };
        let got = session::unless_stopped(ctx, async {
            let session = Session::open(ctx, needs).await?;
            let solution = session.read(&self.id).await?;
            if may_give(&solution.status) {
                return self.get(ctx, &session, &token, solution).await;
            }
            ctx.ui.warning(&format!(
                "solution {} is {}: only an ACTIVE one gives business tokens",
                self.id, solution.status
            ));
            let asked = self.get(ctx, &session, &token, solution).await;
            let next = format!("who must act next: mps show {}", self.id);
            asked.map_err(|failure| failure.hint(next))
        });
        let got = got.await?;
        self.token_out.write(ctx, &got.token)?;
        Ok(Output::Card(self.card(&got)))
    }

    /// Asks Meta: in the journal before it leaves and after.
    async fn get(
        &self,
        ctx: &Context,
        session: &Session,
        system: &SystemToken,
        solution: Solution,
    ) -> Result<BusinessToken, Failure> {
        let journal = ctx.journal()?;
        let user = session.system.as_ref();
        let event = |outcome| HistoryEvent {
            owner: solution.owner_app.as_ref().map(|app| app.id.clone()),
            partner: session.app_id().cloned(),
            solution_id: Some(self.id.clone()),
            solution_name: Some(solution.name.clone()),
            system_user_id: user.and_then(|system| system.user_id.clone()),
            consent: Some(format!(
                "mps business-token {} --business-id {}",
                self.id, self.business_id
            )),
            ..HistoryEvent::new(Call::BusinessToken, outcome)
        };
        journal.record(event(EventOutcome::Intended)).await?;
        let answer = session
            .graph
            .business_token(system, &self.id, &self.business_id)
            .await;
        let ended = match &answer {
            Ok(_) => event(EventOutcome::Ok),
            Err(error) => HistoryEvent {
                fbtrace: error.trace_id().map(str::to_owned),
                error: Some(error.to_string()),
                ..event(event_outcome(error))
            },
        };
        // A token that nobody can account for is not handed out.
        journal.record(ended).await?;
        answer.map_err(|error| {
            // The solution was read just now, so what does not fit is the business; Meta's documents say so in two ways.
            let about_the_business = error.kind() == Kind::Input;
            let failure = Failure::from(error);
            if about_the_business {
                failure.hint(NOTHING_SHARED)
            } else {
                failure
            }
        })
    }

    fn card(&self, got: &BusinessToken) -> Card<Failure> {
        let record = |token: String| BusinessTokenRecord {
            solution_id: self.id.clone(),
            business_id: self.business_id.clone(),
            access_token: token,
            expires_at: got.expires_at.map(Timestamp::as_second),
        };
        let whole = record(got.token.expose().to_owned());
        let masked = record(got.token.masked());
        let until = got
            .expires_at
            .map_or_else(|| "not said by Meta".to_owned(), |at| at.to_string());
        let fields: Vec<(&'static str, Cell)> = vec![
            ("token", masked.access_token.as_str().into()),
            (
                "whole",
                self.token_out
                    .whole("in a pipe, or with --token-out FILE")
                    .into(),
            ),
            ("business", self.business_id.as_str().into()),
            ("solution", self.id.as_str().into()),
            ("until", until.into()),
        ];
        Card {
            fields,
            line: Line {
                masked: Some(masked.object()),
                ..Line::untabled(&whole, Some(whole.access_token.clone()))
            },
        }
    }
}
