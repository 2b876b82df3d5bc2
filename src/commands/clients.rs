//! `mps clients`: which client's account was onboarded with which solution.
//!
//! The one decision: a row is an account under a solution, so that a spreadsheet can count by either; an account without a
//! solution has a row too, since it can be asked to move into one.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use clap::Args;
use futures_util::{StreamExt, stream};

use super::{
    Line, Output,
    args::{MAKE_A_SYSTEM_TOKEN, SystemTokenArg, one_reads_stdin},
    rows,
};
use crate::{
    context::{Context, failure::Failure},
    graph::{ClientAccount, Graph, Pending, Solution, Status, Token},
    ids::{AccountId, BusinessId, SolutionId},
    record::{Record as _, record},
    secret::SystemToken,
    session::{AppNeed, Needs, Session},
    ui::{
        emit::{Rows, TableRow},
        table::Cell,
    },
};

const EXAMPLES: &str = "Examples:
  mps clients --business 104996122399160
  mps clients --business 104996122399160 --csv > clients.csv";

const MORE: &str = "Examples:
  mps clients --business 104996122399160
  mps clients --business 104996122399160 --csv > clients.csv

How many: with a solution a Tech Provider can onboard 200 new clients in seven days; only clients who are new to \
WhatsApp Business count.

An account moves into an ACTIVE solution by a request of ours, with the client's business token, and the client's yes \
(or 90 days without an answer). mps only says how:
  mps business-token SOLUTION_ID --business-id ID --token-out client.txt
  mps api POST WABA_ID/set_solution_migration_intent -f solution_id=SOLUTION_ID --system-token-file client.txt
and how far it is, by the id that this answers (ACCEPTED: go on):
  mps api GET INTENT_ID -f fields=id,status --system-token-file client.txt
A Tech Provider moves their client's account into another solution in the same way, with their own token, or out of \
all with -f app_id=THEIR_APP_ID; only APPROVED templates of GREEN quality go along.";

/// How many accounts' solutions are asked for at once.
const AT_ONCE: usize = 4;

/// List the clients' accounts, and the solution with which each was onboarded
///
/// Shows the WhatsApp Business accounts that clients share with our business portfolio, a line for each solution that
/// an account is under. Prints the account and the solution in a pipe.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, after_long_help = MORE)]
pub struct ClientsArgs {
    /// Our business portfolio
    #[arg(long, value_name = "ID")]
    business: BusinessId,
    /// Only accounts that came through solutions with this company's business portfolio
    #[arg(long, value_name = "ID")]
    through: Option<BusinessId>,
    /// Write CSV with a line of headings
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    system: SystemTokenArg,
}

record! {
    /// A client's account under a solution.
    #[derive(Debug, Clone)]
    pub struct ClientRecord {
        /// The client's WhatsApp Business account
        pub account_id: AccountId,
        /// Its name
        pub account_name: Option<String>,
        /// The solution; null where the account is under none, or Meta does not show it
        pub solution_id: Option<SolutionId>,
        /// Its name
        pub solution_name: Option<String>,
        /// Its status
        pub status: Option<Status>,
        /// What is under way, NONE if nothing
        pub pending: Option<Pending>,
        /// Whether Meta showed the account's solutions
        pub shown: bool,
    }
}

impl ClientRecord {
    fn new(account: &ClientAccount, solution: Option<Solution>, shown: bool) -> Self {
        let mut record = Self {
            account_id: account.id.clone(),
            account_name: account.name.clone(),
            solution_id: None,
            solution_name: None,
            status: None,
            pending: None,
            shown,
        };
        if let Some(solution) = solution {
            record.solution_id = Some(solution.id);
            record.solution_name = Some(solution.name).filter(|name| !name.is_empty());
            record.status = Some(solution.status);
            record.pending = Some(solution.pending);
        }
        record
    }
}

impl TableRow for ClientRecord {
    const HEADER: &[&str] = &["ACCOUNT", "NAME", "SOLUTION", "SOLUTION NAME", "STATUS"];
    const NOUN: &str = "account";

    fn cells(&self) -> Vec<Cell> {
        let without = if self.shown {
            "none"
        } else {
            "not shown by Meta"
        };
        vec![
            self.account_id.as_str().into(),
            self.account_name.as_deref().unwrap_or_default().into(),
            self.solution_id
                .as_ref()
                .map_or(without, SolutionId::as_str)
                .into(),
            self.solution_name.as_deref().unwrap_or_default().into(),
            self.status
                .as_ref()
                .map_or_else(|| "".into(), rows::status_cell),
        ]
    }

    fn plain(&self) -> Option<String> {
        let solution = self.solution_id.as_ref().map_or("", SolutionId::as_str);
        let fields = [self.account_id.as_str(), solution];
        Some(fields.join("\t").trim_end().to_owned())
    }
}

impl ClientsArgs {
    /// Lists them.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        if self.csv && ctx.ui.json() {
            // clap does not see a conflict with an option that stands before the command.
            return Err(Failure::usage("--csv and --json both want stdout"));
        }
        one_reads_stdin(ctx, &[self.system.reader()], &[])?;
        let system = self.system.required(ctx, MAKE_A_SYSTEM_TOKEN)?;
        let token = system.token.clone();
        let needs = Needs {
            system: Some(system),
            app: AppNeed::Learnable,
            ..Needs::default()
        };
        let graph = Session::open(ctx, needs).await?.graph;
        let accounts = graph.client_accounts(&token, &self.business, self.through.as_ref());
        let (ctx, without) = (Arc::clone(ctx), Arc::new(AtomicUsize::new(0)));
        let (ui, alone) = (ctx.ui.clone(), Arc::clone(&without));
        let lines = accounts
            .map(move |account| {
                let (ctx, graph, token) = (Arc::clone(&ctx), graph.clone(), token.clone());
                async move { under(&ctx, &graph, &token, account?).await }
            })
            .buffered(AT_ONCE)
            .flat_map(move |records| {
                let lines: Vec<_> = match records {
                    Ok(records) => records.into_iter().map(Ok).collect(),
                    Err(failure) => vec![Err(failure)],
                };
                for record in lines.iter().flatten() {
                    if record.shown && record.solution_id.is_none() {
                        alone.fetch_add(1, Ordering::Relaxed);
                    }
                }
                stream::iter(lines)
            });
        let lines = lines.map(|record| record.map(|record| Line::of(&record)));
        let lines = lines.chain(
            stream::once(async move {
                let alone = without.load(Ordering::Relaxed);
                if alone > 0 {
                    let accounts = if alone == 1 { "account is" } else { "accounts are" };
                    ui.status(&format!(
                        "{alone} {accounts} under no solution; how one moves into a solution: mps clients --help"
                    ));
                }
            })
            .filter_map(|()| async { None }),
        );
        if self.csv {
            let objects = lines.map(|line| line.map(|line| line.json));
            return Ok(Output::Pieces(Box::pin(rows::csv::pieces(
                ClientRecord::FIELDS,
                objects,
            ))));
        }
        Ok(Output::Rows(Rows::of::<ClientRecord>(lines, "No client.")))
    }
}

/// An account's rows. That Meta does not show one account's solutions hides no other account.
async fn under(
    ctx: &Context,
    graph: &Graph,
    token: &SystemToken,
    account: ClientAccount,
) -> Result<Vec<ClientRecord>, Failure> {
    let listing = graph.solutions_of_account(Token::System(token), &account.id);
    let listed: Vec<_> = listing.collect().await;
    let listed: Result<Vec<Solution>, _> = listed.into_iter().collect();
    match listed {
        Ok(solutions) if solutions.is_empty() => Ok(vec![ClientRecord::new(&account, None, true)]),
        Ok(solutions) => Ok(solutions
            .into_iter()
            .map(|solution| ClientRecord::new(&account, Some(solution), true))
            .collect()),
        Err(error) if error.refused_to_look() || error.is_not_visible() => {
            ctx.ui.warning(&format!(
                "Meta does not show the solutions of account {}: {}",
                account.id,
                error.short()
            ));
            Ok(vec![ClientRecord::new(&account, None, false)])
        }
        Err(error) => Err(error.into()),
    }
}
