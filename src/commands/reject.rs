//! `mps reject`: invitations that wait for us are declined. It cannot be undone.

use std::sync::Arc;

use clap::Args;
use futures_util::{StreamExt, stream};

use super::{
    Line, Output,
    args::{MAKE_A_SYSTEM_TOKEN, PaceArgs, SystemTokenArg, one_reads_stdin},
    rows,
};
use crate::{
    context::{Context, failure::Failure},
    engine::{Engine, look::Survey},
    graph::{Pending, Status},
    ids::SolutionId,
    journal::Goal,
    record::record,
    session::{
        self, AppNeed, Needs, Session,
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
/// rejected.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps reject --yes 795033096057724\n  mps list --status initiated"
)]
pub struct RejectArgs {
    /// The solutions
    #[arg(value_name = "SOLUTION_ID", required = true)]
    ids: Vec<SolutionId>,
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
    pub struct RejectRecord {
        /// The solution
        pub solution_id: SolutionId,
        /// Its name
        pub solution_name: Option<String>,
        /// The status that was seen
        pub status: Option<Status>,
        /// What is under way, NONE if nothing
        pub pending: Option<Pending>,
        /// `rejected`, `already` (REJECTED before), `failed`
        pub outcome: &'static str,
        /// Whether Meta showed it REJECTED afterwards
        pub verified: bool,
    }
}

impl TableRow for RejectRecord {
    const HEADER: &[&str] = &["SOLUTION", "SOLUTION NAME", "STATUS", "OUTCOME"];
    const NOUN: &str = "solution";

    fn outcome(&self) -> Option<&'static str> {
        Some(self.outcome)
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.solution_id.as_str().into(),
            self.solution_name.as_deref().unwrap_or_default().into(),
            self.status
                .as_ref()
                .map_or_else(|| "".into(), rows::status_cell),
            self.outcome.into(),
        ]
    }

    fn plain(&self) -> Option<String> {
        (self.outcome != "failed").then(|| self.solution_id.to_string())
    }
}

impl RejectArgs {
    /// Rejects them.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        one_reads_stdin(ctx, &[self.system.reader()], &[])?;
        let needs = Needs {
            system: Some(self.system.required(ctx, MAKE_A_SYSTEM_TOKEN)?),
            app: AppNeed::Learnable,
            ..Needs::default()
        };
        let at_once = self.pace.at_once(ctx)?;
        let what = if self.ids.len() == 1 {
            format!("solution {}", self.ids[0])
        } else {
            format!("these {} solutions", self.ids.len())
        };
        let question = format!("Reject {what}? This cannot be undone.");
        let consent = session::confirm(ctx, &question, self.yes, true).await?;
        self.pace.apply(ctx);
        let session = session::unless_stopped(ctx, Session::open(ctx, needs)).await?;
        let options = RunOptions {
            consent,
            link_label: None,
            apps: self.ids.len(),
            listener: None,
            survey: Survey::default(),
            at_once,
        };
        let policy = run::policy(ctx, Goal::Initiated)?;
        let engine = Arc::new(session.accepting_engine(ctx, policy, options)?);
        let (rest, several) = (Arc::clone(ctx), self.ids.len() > 1);
        let lines = stream::iter(self.ids.into_iter().zip(1..))
            .map(move |(id, place)| {
                let (engine, rest) = (Arc::clone(&engine), Arc::clone(&rest));
                async move { Ok(reject_one(&rest, &engine, &id, several).await.at(place)) }
            })
            .buffer_unordered(at_once);
        Ok(Output::Rows(Rows::of::<RejectRecord>(
            lines.boxed(),
            "Nothing to reject.",
        )))
    }
}

async fn reject_one(ctx: &Context, engine: &Engine, id: &SolutionId, several: bool) -> Line {
    match engine.reject_id(id).await {
        Ok(done) => Line::of(&RejectRecord {
            solution_id: id.clone(),
            solution_name: Some(done.solution.name).filter(|name| !name.is_empty()),
            status: Some(done.solution.status),
            pending: Some(done.solution.pending),
            outcome: if done.before { "already" } else { "rejected" },
            verified: done.verified,
        }),
        Err(error) => {
            let failure = rows::of_solution(ctx, id, error.into(), several);
            let record = RejectRecord {
                solution_id: id.clone(),
                solution_name: None,
                status: None,
                pending: None,
                outcome: "failed",
                verified: false,
            };
            rows::failed(ctx, Line::of(&record), failure)
        }
    }
}
