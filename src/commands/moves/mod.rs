//! `mps reject`, `mps deactivate request|accept|reject`: what can become of a solution after its birth.
//!
//! The one decision: they are one command with another move; each solution is read and told first, with what the move means
//! for customers, and where all of them are there already nothing is asked.

mod words;

use std::sync::Arc;

use clap::{Args, Subcommand};
use futures_util::{StreamExt, stream};

use self::words::{tell, words};
use super::{
    Line, Output,
    args::{
        MAKE_A_SYSTEM_TOKEN, PaceArgs, SecretReader, SystemTokenArg, UserTokenArg, one_reads_stdin,
    },
    rows,
};
use crate::{
    context::{Context, Sourced, failure::Failure},
    engine::{Engine, look::Survey, moves::MovePlan},
    graph::{Pending, Solution, Status, Transition},
    ids::SolutionId,
    journal::Goal,
    record::record,
    secret::UserToken,
    session::{
        self, AppNeed, Consent, Needs, Session,
        run::{self, RunOptions},
    },
    ui::{
        emit::{Rows, TableRow},
        table::Cell,
    },
};

/// Reject solutions that wait for us, so that they end REJECTED
///
/// We, the invited partner, decline; the Tech Provider may send another invitation. What is ACTIVE cannot be
/// rejected: see `mps deactivate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps reject --dry-run 795033096057724\n  mps reject --yes 795033096057724"
)]
pub struct RejectArgs {
    #[command(flatten)]
    moves: MoveArgs,
}

/// Ask for the end of an active solution, or answer such a request
///
/// The side that owns a solution asks, the other one agrees or declines; until then it works on. In the flow of `mps
/// onboard` the Tech Provider owns, so that the request is theirs (Meta's App Dashboard, or their user token here) and the
/// answer is ours. DEACTIVATED is final.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps deactivate accept --dry-run 795033096057724\n  mps deactivate reject --yes 795033096057724"
)]
pub struct DeactivateArgs {
    #[command(subcommand)]
    what: DeactivateCommand,
}

#[derive(Debug, Subcommand)]
enum DeactivateCommand {
    Request(RequestArgs),
    Accept(AnswerArgs),
    Reject(KeepArgs),
}

/// Ask the other side to end active solutions
///
/// Only the owner can: for a solution of the Tech Provider's, give their user token. It works on until the other side
/// agrees.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps deactivate request --user-token-file token.txt --dry-run 795033096057724"
)]
struct RequestArgs {
    #[command(flatten)]
    moves: MoveArgs,
    #[command(flatten)]
    user: UserTokenArg,
}

/// Agree to the end of solutions, so that they end DEACTIVATED
///
/// It cannot be undone: Embedded Signup with such a solution stops working.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  mps deactivate accept --yes 795033096057724")]
struct AnswerArgs {
    #[command(flatten)]
    moves: MoveArgs,
}

/// Decline the end of solutions, so that they stay ACTIVE
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  mps deactivate reject --yes 795033096057724")]
struct KeepArgs {
    #[command(flatten)]
    moves: MoveArgs,
}

#[derive(Debug, Args)]
struct MoveArgs {
    /// The solutions
    #[arg(value_name = "SOLUTION_ID", required = true)]
    ids: Vec<SolutionId>,
    /// Show what would be done and send nothing that changes anything
    #[arg(long)]
    dry_run: bool,
    /// Say yes to the question
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    pace: PaceArgs,
    #[command(flatten)]
    system: SystemTokenArg,
}

record! {
    /// What a solution came to.
    #[derive(Debug, Clone)]
    pub struct MoveRecord {
        /// The solution
        pub solution_id: SolutionId,
        /// Its name
        pub solution_name: Option<String>,
        /// The status that was seen
        pub status: Option<Status>,
        /// What is under way, NONE if nothing
        pub pending: Option<Pending>,
        /// `rejected`, `requested`, `deactivated`, `kept`, `already` (there before), `failed`; with `--dry-run` `would_reject`, `would_request`, `would_deactivate`, `would_keep`
        pub outcome: &'static str,
        /// Whether Meta showed it so afterwards
        pub verified: bool,
    }
}

impl TableRow for MoveRecord {
    const HEADER: &[&str] = &["SOLUTION", "SOLUTION NAME", "STATUS", "PENDING", "OUTCOME"];
    const NOUN: &str = "solution";

    fn outcome(&self) -> Option<&'static str> {
        Some(self.outcome)
    }

    fn cells(&self) -> Vec<Cell> {
        let pending = self
            .pending
            .as_ref()
            .filter(|pending| **pending != Pending::None);
        vec![
            self.solution_id.as_str().into(),
            self.solution_name.as_deref().unwrap_or_default().into(),
            self.status
                .as_ref()
                .map_or_else(|| "".into(), rows::status_cell),
            pending.map(ToString::to_string).unwrap_or_default().into(),
            self.outcome.into(),
        ]
    }

    fn plain(&self) -> Option<String> {
        (self.outcome != "failed").then(|| self.solution_id.to_string())
    }
}

impl MoveRecord {
    fn of(solution: Solution, outcome: &'static str, verified: bool) -> Self {
        Self {
            solution_id: solution.id,
            solution_name: Some(solution.name).filter(|name| !name.is_empty()),
            status: Some(solution.status),
            pending: Some(solution.pending),
            outcome,
            verified,
        }
    }
}

impl RejectArgs {
    /// Rejects them.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        self.moves.run(ctx, Transition::Reject, None).await
    }
}

impl DeactivateArgs {
    /// Asks, agrees or declines.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        match self.what {
            DeactivateCommand::Request(args) => {
                let user = Some(&args.user);
                args.moves
                    .run(ctx, Transition::RequestDeactivation, user)
                    .await
            }
            DeactivateCommand::Accept(args) => {
                args.moves
                    .run(ctx, Transition::AcceptDeactivation, None)
                    .await
            }
            DeactivateCommand::Reject(args) => {
                args.moves
                    .run(ctx, Transition::RejectDeactivation, None)
                    .await
            }
        }
    }
}

impl MoveArgs {
    async fn run(
        self,
        ctx: &Arc<Context>,
        what: Transition,
        user: Option<&UserTokenArg>,
    ) -> Result<Output, Failure> {
        let readers: Vec<SecretReader<'_>> = std::iter::once(self.system.reader())
            .chain(user.map(UserTokenArg::reader))
            .collect();
        one_reads_stdin(ctx, &readers, &[])?;
        let user: Option<Sourced<UserToken>> = match user {
            Some(user) => user.read(ctx)?,
            None => None,
        };
        let needs = Needs {
            user,
            system: Some(self.system.required(ctx, MAKE_A_SYSTEM_TOKEN)?),
            app: AppNeed::Learnable,
            ..Needs::default()
        };
        let at_once = self.pace.at_once(ctx)?;
        self.pace.apply(ctx);
        let session = session::unless_stopped(ctx, Session::open(ctx, needs)).await?;
        let policy = run::policy(ctx, Goal::Initiated)?;
        let planner = session.planning_engine(ctx, policy.clone())?;
        let planning = plans(ctx, &planner, &self.ids, what, at_once);
        let planned = session::unless_stopped(ctx, async { Ok(planning.await) }).await?;
        let to_send = planned
            .iter()
            .filter(|(_, plan)| plan.as_ref().is_ok_and(|plan| !plan.already));
        let to_send = to_send.count();
        if self.dry_run || to_send == 0 {
            let would = words(what).would;
            let several = planned.len() > 1;
            let lines = planned.into_iter().map(|(id, plan)| match plan {
                Ok(plan) if plan.already => {
                    Ok(Line::of(&MoveRecord::of(plan.solution, "already", true)))
                }
                Ok(plan) => Ok(Line::of(&MoveRecord::of(plan.solution, would, false))),
                Err(failure) => Ok(failed(ctx, &id, failure, several)),
            });
            let lines: Vec<_> = lines.collect();
            return Ok(output(stream::iter(lines).boxed()));
        }
        let consent = self.ask(ctx, what, to_send).await?;
        let options = RunOptions {
            consent,
            link_label: None,
            apps: self.ids.len(),
            listener: None,
            survey: Survey::default(),
            at_once,
        };
        let engine = Arc::new(session.accepting_engine(ctx, policy, options)?);
        let (rest, several) = (Arc::clone(ctx), self.ids.len() > 1);
        let lines = stream::iter(self.ids.into_iter().zip(1..))
            .map(move |(id, place)| {
                let (engine, rest) = (Arc::clone(&engine), Arc::clone(&rest));
                async move {
                    let line = move_one(&rest, &engine, &id, what, several).await;
                    Ok(line.at(place))
                }
            })
            .buffer_unordered(at_once);
        Ok(output(lines.boxed()))
    }

    async fn ask(
        &self,
        ctx: &Context,
        what: Transition,
        to_send: usize,
    ) -> Result<Consent, Failure> {
        let words = words(what);
        let object = match &self.ids[..] {
            [id] => format!("solution {id}"),
            _ => format!("these {to_send} solutions"),
        };
        let question = format!("{} {object}? {}", words.verb, words.means);
        session::confirm(ctx, &question, self.yes, true).await
    }
}

fn output(lines: stream::BoxStream<'static, Result<Line, Failure>>) -> Output {
    Output::Rows(Rows::of::<MoveRecord>(lines, "Nothing to do."))
}

/// What would be done, each told as soon as it is known, in the order in which they were named.
async fn plans(
    ctx: &Context,
    planner: &Engine,
    ids: &[SolutionId],
    what: Transition,
    at_once: usize,
) -> Vec<(SolutionId, Result<MovePlan, Failure>)> {
    let planned = stream::iter(ids).map(|id| async move {
        let plan = planner.plan_move(id, what).await.map_err(Failure::from);
        (id.clone(), plan)
    });
    let mut planned = planned.buffered(at_once);
    let mut all = Vec::new();
    while let Some((id, plan)) = planned.next().await {
        if let Ok(plan) = &plan
            && !plan.already
        {
            tell(ctx, what, plan);
        }
        all.push((id, plan));
    }
    all
}

async fn move_one(
    ctx: &Context,
    engine: &Engine,
    id: &SolutionId,
    what: Transition,
    several: bool,
) -> Line {
    match engine.move_id(id, what).await {
        Ok(moved) => {
            let outcome = if moved.before {
                "already"
            } else {
                words(what).done
            };
            Line::of(&MoveRecord::of(moved.solution, outcome, moved.verified))
        }
        Err(error) => failed(ctx, id, Failure::from(error), several),
    }
}

fn failed(ctx: &Context, id: &SolutionId, failure: Failure, several: bool) -> Line {
    let failure = rows::of_solution(ctx, id, failure, several);
    let record = MoveRecord {
        solution_id: id.clone(),
        solution_name: None,
        status: None,
        pending: None,
        outcome: "failed",
        verified: false,
    };
    rows::failed(ctx, Line::of(&record), failure)
}
