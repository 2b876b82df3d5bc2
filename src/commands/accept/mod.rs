//! `mps accept`: INITIATED solutions become ACTIVE. It cannot be undone.

use std::{collections::HashSet, sync::Arc};

use clap::Args;
use futures_util::{Stream, StreamExt, stream, stream::BoxStream};

use super::{
    Line, Output,
    args::{MAKE_A_SYSTEM_TOKEN, PaceArgs, SystemTokenArg, one_reads_stdin},
    input::{self, StdinItem},
    rows::{self, AcceptRecord},
};
use crate::{
    context::{Context, failure::Failure},
    engine::{Engine, Error, Policy, accept::check_partner, look::Survey},
    graph::{Solution, Status},
    ids::{AppId, SolutionId},
    journal::Goal,
    session::{
        self, AppNeed, Consent, Needs, Session,
        run::{self, RunOptions},
    },
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
        one_reads_stdin(ctx, &[self.system.reader()], from_stdin)?;
        let needs = Needs {
            system: Some(self.system.required(ctx, MAKE_A_SYSTEM_TOKEN)?),
            app: if self.no_check {
                AppNeed::Optional
            } else {
                AppNeed::Learnable
            },
            ..Needs::default()
        };
        let policy = Policy {
            check: !self.no_check,
            attended: true,
            ..run::policy(ctx, Goal::Active)?
        };
        ctx.partner_if_known()?;
        let at_once = self.pace.at_once(ctx)?;
        ctx.app_secret()?;
        let (items, consent) = self.items(ctx).await?;
        self.pace.apply(ctx);
        let session = session::unless_stopped(ctx, Session::open(ctx, needs)).await?;
        if self.dry_run {
            let several = self.ids.len() > 1;
            return Ok(self.would(ctx, session, items, several));
        }
        let options = RunOptions {
            consent: self.ask(ctx, &session).await?.unwrap_or(consent),
            link_label: None,
            apps: self.ids.len().max(1),
            listener: None,
            survey: Survey::default(),
        };
        let engine = Arc::new(session.accepting_engine(ctx, policy, options)?);
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
    async fn ask(&self, ctx: &Context, session: &Session) -> Result<Option<Consent>, Failure> {
        if self.ids.is_empty() || self.yes {
            return Ok(self.yes.then_some(Consent::Yes));
        }
        if !self.no_check && ctx.ui.can_ask() {
            session::unless_stopped(ctx, self.show_all(ctx, session)).await?;
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
    async fn show_all(&self, ctx: &Context, session: &Session) -> Result<(), Failure> {
        for id in &self.ids {
            match session.read(id).await {
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
    fn would(&self, ctx: &Arc<Context>, session: Session, items: Items, several: bool) -> Output {
        let (rest, session) = (Arc::clone(ctx), Arc::new(session));
        let check = !self.no_check;
        let lines = items.then(move |item| {
            let (rest, session) = (Arc::clone(&rest), Arc::clone(&session));
            async move {
                match item? {
                    StdinItem::Id(id) => Ok(would_one(&rest, &session, &id, check, several).await),
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
    session: &Session,
    id: &SolutionId,
    check: bool,
    several: bool,
) -> Line {
    let checked = async {
        let solution = session.read(id).await?;
        if let (true, Some(partner)) = (check, session.app_id()) {
            let system = session.system.as_ref().map(|system| &system.token);
            check_partner(&session.graph, system, partner, &solution).await?;
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
