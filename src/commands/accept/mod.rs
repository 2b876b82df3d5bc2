//! `mps accept`: INITIATED solutions become ACTIVE. It cannot be undone.

mod means;

use std::{collections::HashSet, sync::Arc};

use clap::Args;
use futures_util::{Stream, StreamExt, stream, stream::BoxStream};

use self::means::Means;
use super::{
    Line, Output,
    args::{PaceArgs, SystemTokenArg, one_reads_stdin},
    input::{self, StdinItem},
    rows::{self, AcceptRecord},
};
use crate::{
    context::{Context, failure::Failure, missing, settings},
    engine::{Engine, Error, Messaging, look::Survey},
    graph::{Solution, Status},
    ids::{AppId, SolutionId},
    journal::Goal,
    session::{self, Asked, Consent, RunFacts},
    ui::{
        emit::Rows,
        table::{self, Cell},
    },
};

/// Accept solutions, so that they become ACTIVE
///
/// Reads each solution first: our app must be its partner and its status INITIATED. What is accepted
/// stays accepted; Meta has no way back. Without ids they are read from stdin, one per line or as JSON
/// lines with `solution_id`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps accept 795033096057724\n  mps create --all --yes --json | mps accept\n  mps accept --dry-run 795033096057724"
)]
pub struct AcceptArgs {
    /// The solutions; none: read from stdin
    #[arg(value_name = "SOLUTION_ID")]
    ids: Vec<SolutionId>,
    /// Show what would be accepted and send nothing that changes anything
    #[arg(long)]
    dry_run: bool,
    /// Do not read the solutions before and after, for accounts where Meta refuses the reading
    #[arg(long)]
    no_check: bool,
    /// Nothing on stdin is no error
    #[arg(long)]
    allow_empty: bool,
    /// Say yes to the question
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    pace: PaceArgs,
    #[command(flatten)]
    system: SystemTokenArg,
}

type Items = BoxStream<'static, Result<StdinItem<SolutionId>, Failure>>;

impl AcceptArgs {
    /// Accepts them.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let from_stdin: &[&str] = if self.ids.is_empty() {
            &["solution ids"]
        } else {
            &[]
        };
        let token = (
            settings::SYSTEM_TOKEN,
            self.system.system_token_file.as_deref(),
        );
        one_reads_stdin(ctx, &[token], from_stdin)?;
        let system = ctx
            .system_token(self.system.system_token_file.as_deref())?
            .ok_or_else(|| {
                missing(
                    settings::SYSTEM_TOKEN,
                    "make one in Business Settings, System users, with manage_app_solution",
                )
            })?;
        ctx.partner_if_known()?;
        let at_once = self.pace.at_once(ctx)?;
        ctx.app_secret()?;
        let (items, consent) = self.items(ctx).await?;
        self.pace.apply(ctx);
        let means = session::unless_stopped(ctx, Means::gather(ctx, system)).await?;
        let asked = Asked {
            goal: Goal::Active,
            messaging: Messaging::default(),
            look: true,
            allow_duplicate: false,
            pass_over_dead: false,
            check: !self.no_check,
        };
        let run = RunFacts {
            consent,
            link_label: None,
            apps: self.ids.len().max(1),
            also: None,
            survey: Survey::default(),
        };
        if self.dry_run {
            let several = self.ids.len() > 1;
            return Ok(self.would(ctx, means, items, several));
        }
        let consent = self.ask(ctx, &means).await?.unwrap_or(consent);
        let mut engine = means.engine(ctx, asked, RunFacts { consent, ..run })?;
        engine.policy.attended = true;
        let engine = Arc::new(engine);
        let (rest, several) = (Arc::clone(ctx), self.ids.len() != 1);
        let lines = items
            .map(move |item| {
                let (engine, rest) = (Arc::clone(&engine), Arc::clone(&rest));
                async move {
                    match item? {
                        StdinItem::Id(id) => Ok(accept_one(&rest, &engine, &id, several).await),
                        StdinItem::FailedUpstream(reason) => Ok(rows::solution_failed(
                            &rest,
                            None,
                            input::failed_upstream(&reason),
                            several,
                        )),
                    }
                }
            })
            .buffer_unordered(at_once);
        Ok(rows_of(lines.boxed()))
    }

    /// The ids, from the arguments or from stdin.
    async fn items(&self, ctx: &Context) -> Result<(Items, Consent), Failure> {
        if !self.ids.is_empty() {
            let ids: Vec<_> = self
                .ids
                .iter()
                .cloned()
                .map(|id| Ok(StdinItem::Id(id)))
                .collect();
            return Ok((each_once(stream::iter(ids)).boxed(), Consent::Arguments));
        }
        let items = input::stdin::<SolutionId>(ctx, &["solution_id", "id"]);
        let mut items = Box::pin(each_once(items));
        let Some(first) = items.next().await else {
            if self.allow_empty {
                return Ok((stream::empty().boxed(), Consent::Stdin));
            }
            return Err(Failure::usage("stdin held no solution id")
                .hint("with --allow-empty that is no error"));
        };
        Ok((stream::iter([first]).chain(items).boxed(), Consent::Stdin))
    }

    /// On a terminal, for ids that were typed: shows what they are and asks.
    async fn ask(&self, ctx: &Context, means: &Means) -> Result<Option<Consent>, Failure> {
        if self.ids.is_empty() || self.yes {
            return Ok(self.yes.then_some(Consent::Yes));
        }
        if !self.no_check && ctx.ui.can_ask() {
            session::unless_stopped(ctx, self.show_all(ctx, means)).await?;
        }
        let what = if self.ids.len() == 1 {
            "it".to_owned()
        } else {
            format!("these {}", self.ids.len())
        };
        session::confirm(
            ctx,
            &format!("Accept {what}? This cannot be undone."),
            false,
            false,
        )
        .await
        .map(Some)
    }

    /// What is about to be accepted, as far as it can be read.
    async fn show_all(&self, ctx: &Context, means: &Means) -> Result<(), Failure> {
        for id in &self.ids {
            match means.read(id).await {
                Ok(solution) => show(ctx, &solution),
                Err(error) => ctx.ui.warning(&format!(
                    "solution {id} could not be read: {}",
                    error.line()
                )),
            }
        }
        Ok(())
    }

    /// `--dry-run`: the checks, and what would follow.
    fn would(&self, ctx: &Arc<Context>, means: Means, items: Items, several: bool) -> Output {
        let (rest, means) = (Arc::clone(ctx), Arc::new(means));
        let check = !self.no_check;
        let lines = items.then(move |item| {
            let (rest, means) = (Arc::clone(&rest), Arc::clone(&means));
            async move {
                match item? {
                    StdinItem::Id(id) => Ok(would_one(&rest, &means, &id, check, several).await),
                    StdinItem::FailedUpstream(reason) => Ok(rows::solution_failed(
                        &rest,
                        None,
                        input::failed_upstream(&reason),
                        several,
                    )),
                }
            }
        });
        rows_of(lines.boxed())
    }
}

/// The same items, an id only the first time that it comes.
fn each_once(
    items: impl Stream<Item = Result<StdinItem<SolutionId>, Failure>> + Send + 'static,
) -> impl Stream<Item = Result<StdinItem<SolutionId>, Failure>> + Send + 'static {
    let mut seen = HashSet::new();
    items.filter(move |item| {
        let new = match item {
            Ok(StdinItem::Id(id)) => seen.insert(id.clone()),
            _ => true,
        };
        std::future::ready(new)
    })
}

async fn accept_one(
    ctx: &Context,
    engine: &Engine<Option<AppId>>,
    id: &SolutionId,
    several: bool,
) -> Line {
    match engine.accept_id(id).await {
        Ok(made) => {
            // With the check, the engine has said what Meta shows instead.
            if !made.verified && !engine.policy.check {
                ctx.ui.warning(&format!(
                    "solution {id} was accepted, but not read, as --no-check asked"
                ));
            }
            rows::solution_line(
                &made.solution,
                rows::word(made.outcome),
                made.verified,
                made.seen,
            )
        }
        Err(error) => rows::solution_failed(ctx, Some(id), error.into(), several),
    }
}

async fn would_one(
    ctx: &Context,
    means: &Means,
    id: &SolutionId,
    check: bool,
    several: bool,
) -> Line {
    let checked = async {
        let solution = means.read(id).await?;
        if check {
            means.check_partner(&solution).await?;
        }
        Ok::<Solution, Failure>(solution)
    };
    match checked.await {
        Ok(solution) if solution.status == Status::Initiated => {
            rows::solution_line(&solution, "would_accept", false, true)
        }
        Ok(solution) if solution.status.is_live() => {
            rows::solution_line(&solution, "already_active", true, true)
        }
        Ok(solution) => {
            let error = Error::NotInitiated {
                solution: id.clone(),
                status: solution.status.to_string(),
            };
            rows::solution_failed(ctx, Some(id), error.into(), several)
        }
        Err(failure) => rows::solution_failed(ctx, Some(id), failure, several),
    }
}

/// What is about to be accepted, as a card on stderr.
fn show(ctx: &Context, solution: &Solution) {
    let words = |permissions: &[String]| {
        if permissions.is_empty() {
            "none".to_owned()
        } else {
            permissions.join(", ")
        }
    };
    let owner = solution.owner_app.as_ref().map_or_else(
        || "not shown by Meta".to_owned(),
        |app| format!("{} ({})", app.name, app.id),
    );
    let mut fields: Vec<(&str, Cell)> = vec![
        (
            "solution",
            format!("{} ({})", solution.name, solution.id).into(),
        ),
        ("status", rows::status_cell(&solution.status)),
        ("owner app", owner.into()),
        (
            "owner may",
            solution
                .owner_permissions
                .as_deref()
                .map_or_else(|| "not shown by Meta".to_owned(), words)
                .into(),
        ),
    ];
    for side in solution.partners.iter().flatten() {
        fields.push((
            "partner app",
            format!("{} ({})", side.app.name, side.app.id).into(),
        ));
        fields.push(("partner may", words(&side.permissions).into()));
    }
    let text = table::card(&fields, ctx.ui.streams().width, ctx.ui.color_err());
    ctx.ui.painted(
        &format!("{text}\n"),
        "solution",
        serde_json::json!({"solution_id": solution.id}),
    );
}

fn rows_of(lines: BoxStream<'static, Result<Line, Failure>>) -> Output {
    Output::Rows(Rows::of::<AcceptRecord>(lines, "Nothing to accept."))
}
