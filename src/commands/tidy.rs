//! `mps tidy`: our own surplus is rejected after one yes, and what else lies about is shown with what to type.
//!
//! The one decision: only what our journal's own POSTs made, beside a solution that is ACTIVE, is rejected; all else
//! is somebody's to judge, and that it is left is no failure.

mod notes;

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
    engine::{
        Engine,
        look::{Looker, Survey},
        tidy::{self, Doer, Untidy, UntidyReason},
    },
    ids::SolutionId,
    journal::Goal,
    record::record,
    session::{
        self, AppNeed, Needs, Session, invitations,
        run::{self, RunOptions},
    },
    ui::{
        emit::{Rows, TableRow},
        table::{self, Cell},
    },
};

/// Reject our own surplus, and show what else is left over
///
/// Surplus is what a run of mps made beside a solution of the same two apps that is ACTIVE: it is rejected
/// after one yes. Twins, invitations that nobody expects, drafts and pending deactivations are shown with the
/// command to type.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  mps tidy --dry-run\n  mps tidy\n  mps tidy --yes --json")]
pub struct TidyArgs {
    /// Show what is left over and send nothing that changes anything
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
    /// A solution that is left over, and what came of it.
    #[derive(Debug, Clone)]
    pub struct TidyRecord {
        /// The solution
        pub solution_id: SolutionId,
        /// `surplus` (ours, and nobody needs it), `twin`, `unexpected`, `draft`, `pending_deactivation`
        pub why: &'static str,
        /// Who can do something about it: `us`, `tech_provider`
        pub who: &'static str,
        /// What to type about it
        pub command: Option<String>,
        /// `rejected`, `already` (REJECTED before), `left`, `failed`; with `--dry-run` `would_reject`
        pub outcome: &'static str,
    }
}

impl TableRow for TidyRecord {
    const HEADER: &[&str] = &["SOLUTION", "WHY", "WHO", "OUTCOME", "COMMAND"];
    const NOUN: &str = "solution";

    fn outcome(&self) -> Option<&'static str> {
        Some(self.outcome)
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.solution_id.as_str().into(),
            self.why.replace('_', " ").into(),
            self.who.replace('_', " ").into(),
            self.outcome.replace('_', " ").into(),
            self.command.as_deref().unwrap_or_default().into(),
        ]
    }

    fn plain(&self) -> Option<String> {
        let command = self.command.as_deref().unwrap_or_default();
        let fields = [
            self.solution_id.as_str(),
            self.why,
            self.who,
            self.outcome,
            command,
        ];
        (self.outcome != FAILED).then(|| fields.join("\t").trim_end().to_owned())
    }
}

const FAILED: &str = "failed";

impl TidyRecord {
    fn of(untidy: &Untidy, outcome: &'static str, command: Option<String>) -> Self {
        Self {
            solution_id: untidy.solution.id.clone(),
            why: match untidy.why {
                UntidyReason::Surplus => "surplus",
                UntidyReason::Twin => "twin",
                UntidyReason::Unexpected => "unexpected",
                UntidyReason::Draft => "draft",
                UntidyReason::PendingDeactivation => "pending_deactivation",
            },
            who: match untidy.who {
                Doer::Us => "us",
                Doer::TechProvider => "tech_provider",
            },
            command,
            outcome,
        }
    }

    /// One that is not ours to reject, or that nothing is done about.
    fn left(untidy: &Untidy) -> Self {
        Self::of(untidy, "left", Some(untidy.command.clone()))
    }
}

impl TidyArgs {
    /// Tidies.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        one_reads_stdin(ctx, &[self.system.reader()], &[])?;
        let needs = Needs {
            system: Some(self.system.required(ctx, MAKE_A_SYSTEM_TOKEN)?),
            app: AppNeed::Learnable,
            ..Needs::default()
        };
        let at_once = self.pace.at_once(ctx)?;
        let policy = run::policy(ctx, Goal::Initiated)?;
        self.pace.apply(ctx);
        let looking = async {
            let session = Session::open(ctx, needs).await?;
            let found = find(ctx, &session).await?;
            Ok((session, found))
        };
        let (session, found) = session::unless_stopped(ctx, looking).await?;
        for note in found.iter().filter_map(notes::note) {
            ctx.ui.status(&note);
        }
        let surplus: Vec<&Untidy> = found
            .iter()
            .filter(|it| it.why == UntidyReason::Surplus)
            .collect();
        if self.dry_run || surplus.is_empty() {
            let lines: Vec<_> = found.iter().map(|it| Ok(Line::of(&would(it)))).collect();
            return Ok(output(stream::iter(lines)));
        }
        show(ctx, &session, &surplus)?;
        let question = match surplus.as_slice() {
            [one] => format!("Reject solution {}?", one.solution.id),
            several => format!("Reject these {} solutions?", several.len()),
        };
        let question = format!("{question} This cannot be undone.");
        let consent = session::confirm(ctx, &question, self.yes, true).await?;
        let options = RunOptions {
            consent,
            link_label: None,
            apps: surplus.len(),
            listener: None,
            survey: Survey::default(),
            at_once,
        };
        let several = surplus.len() > 1;
        let engine = Arc::new(session.accepting_engine(ctx, policy, options)?);
        let ctx = Arc::clone(ctx);
        let lines = stream::iter(found)
            .map(move |untidy| {
                let (engine, ctx) = (Arc::clone(&engine), Arc::clone(&ctx));
                async move { Ok(tidied(&ctx, &engine, &untidy, several).await) }
            })
            .buffered(at_once);
        Ok(output(lines))
    }
}

fn output(
    lines: impl futures_util::Stream<Item = Result<Line, Failure>> + Send + 'static,
) -> Output {
    Output::Rows(Rows::of::<TidyRecord>(lines, "Nothing is left over."))
}

/// What is untidy, by the journal, its invitations and one listing of our side.
async fn find(ctx: &Context, session: &Session) -> Result<Vec<Untidy>, Failure> {
    let known = session::rows(ctx, session.graph.base().host_label())?;
    let partner = &session.app()?.id;
    let invited = invitations::expected_apps(ctx, partner)?;
    let looker = Looker {
        graph: &session.graph,
        partner,
        user: None,
        system: session.system.as_ref().map(|system| &system.token),
        turns: None,
    };
    let task = ctx.ui.bars().spinner("looking at our app's solutions");
    let found = tidy::find(looker, &Survey::default(), &known, &invited).await;
    drop(task);
    Ok(found?)
}

/// Without a write.
fn would(untidy: &Untidy) -> TidyRecord {
    match untidy.why {
        UntidyReason::Surplus => {
            TidyRecord::of(untidy, "would_reject", Some("mps tidy".to_owned()))
        }
        _ => TidyRecord::left(untidy),
    }
}

/// What is about to be rejected, before the question.
fn show(ctx: &Context, session: &Session, surplus: &[&Untidy]) -> Result<(), Failure> {
    let app = session.app()?;
    let source = session.system.as_ref().map(|system| system.source.as_str());
    let head = [
        ("profile", Cell::from(ctx.profile_name())),
        ("host", session.graph.base().host_label().into()),
        ("our app", format!("{} ({})", app.name, app.id).into()),
        (
            "system token",
            source
                .map_or_else(|| "none".to_owned(), |source| format!("from {source}"))
                .into(),
        ),
    ];
    let rows: Vec<Vec<Cell>> = surplus
        .iter()
        .map(|it| {
            let beside = it.beside.as_ref().map_or("", SolutionId::as_str);
            vec![
                it.solution.id.as_str().into(),
                it.solution.name.as_str().into(),
                it.owner.as_str().into(),
                beside.into(),
            ]
        })
        .collect();
    let header = &["TO REJECT", "NAME", "APP", "BESIDE THE ACTIVE"];
    let (width, color) = (ctx.ui.streams().width, ctx.ui.color_err());
    let head = table::card(&head, width, color);
    let text = format!("{head}\n{}", table::render(header, &rows, width, color));
    let ids: Vec<&SolutionId> = surplus.iter().map(|it| &it.solution.id).collect();
    let fields = serde_json::json!({"solution_ids": ids});
    ctx.ui.painted(&format!("{text}\n"), "surplus", fields);
    Ok(())
}

/// One of them, after the yes.
async fn tidied(ctx: &Context, engine: &Engine, untidy: &Untidy, several: bool) -> Line {
    if untidy.why != UntidyReason::Surplus {
        return Line::of(&TidyRecord::left(untidy));
    }
    let id = &untidy.solution.id;
    match engine.reject_surplus(untidy).await {
        Ok(Some(done)) => {
            if !done.verified {
                ctx.ui.warning(&format!(
                    "solution {id} was rejected, but Meta does not show it REJECTED yet: mps show {id}"
                ));
            }
            let outcome = if done.before { "already" } else { "rejected" };
            Line::of(&TidyRecord::of(untidy, outcome, None))
        }
        Ok(None) => {
            ctx.ui.warning(&format!(
                "solution {id} changed since it was listed, and nothing was sent; mps tidy looks again"
            ));
            let again = Some("mps tidy".to_owned());
            Line::of(&TidyRecord::of(untidy, "left", again))
        }
        Err(error) => {
            let failure = rows::of_solution(ctx, id, error.into(), several);
            let command = Some(untidy.command.clone());
            let record = TidyRecord::of(untidy, FAILED, command);
            rows::failed(ctx, Line::of(&record), failure)
        }
    }
}
