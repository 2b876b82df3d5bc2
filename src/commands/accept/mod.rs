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
    engine::{AcceptedId, Engine, Error, Policy, look::Survey},
    graph::Solution,
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
    /// With --no-check and one solution: the Tech Provider's app whose unanswered create it settles
    #[arg(long, value_name = "ID", requires = "no_check")]
    app_id: Option<AppId>,
    /// Accept it also beside another live solution of the same two apps
    #[arg(long)]
    allow_duplicate: bool,
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

/// Most solutions that are worked on at once.
const ACCEPTS: usize = 400;

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
            allow_duplicate: self.allow_duplicate,
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
            let engine = session.planning_engine(ctx, policy)?;
            return Ok(self.would(ctx, engine, items, several));
        }
        if self.shows_first(ctx) {
            let engine = session.planning_engine(ctx, policy.clone())?;
            let shown = self.show_all(ctx, &session, &engine);
            if !session::unless_stopped(ctx, shown).await? {
                // Nothing would be accepted, so nothing is asked.
                return Ok(self.would(ctx, engine, items, self.ids.len() > 1));
            }
        }
        let options = RunOptions {
            consent: self.ask(ctx).await?.unwrap_or(consent),
            link_label: None,
            apps: self.ids.len().max(1),
            listener: None,
            survey: Survey::default(),
            at_once,
        };
        let engine = Arc::new(session.accepting_engine(ctx, policy, options)?);
        let (rest, several) = (Arc::clone(ctx), self.ids.len() != 1);
        let owner = self.app_id.clone();
        let lines = items
            .zip(stream::iter(1..))
            .map(move |(item, place)| {
                let (engine, rest, owner) = (Arc::clone(&engine), Arc::clone(&rest), owner.clone());
                // Nobody knows beforehand how many will come through a pipe.
                rest.ui.work().grows(place);
                async move {
                    let line = match item? {
                        StdinItem::Id(id) => {
                            accept_one(&rest, &engine, &id, owner.as_ref(), several).await
                        }
                        StdinItem::FailedUpstream(failed) => rows::solution_failed(
                            &rest,
                            None,
                            input::failed_upstream(&failed),
                            several,
                        ),
                    };
                    Ok(line.at(place))
                }
            })
            // Accepts share a listing, so they wait for each other; calls are bounded by `--jobs`.
            .buffer_unordered(ACCEPTS);
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
                .hint("see what the command before the pipe said; where it may have nothing to say, add --allow-empty"));
        };
        Ok((stream::iter([first]).chain(items).boxed(), Consent::Stdin))
    }

    /// On a terminal, what was typed is shown before the question.
    fn shows_first(&self, ctx: &Context) -> bool {
        !self.ids.is_empty() && !self.yes && !self.no_check && ctx.ui.can_ask()
    }

    /// For ids that were typed: asks.
    async fn ask(&self, ctx: &Context) -> Result<Option<Consent>, Failure> {
        if self.ids.is_empty() || self.yes {
            return Ok(self.yes.then_some(Consent::Yes));
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

    /// What is about to be accepted, as far as it can be read, and whether anything may be.
    async fn show_all(
        &self,
        ctx: &Context,
        session: &Session,
        engine: &Engine,
    ) -> Result<bool, Failure> {
        let mut any = false;
        for id in &self.ids {
            match session.read(id).await {
                Ok(solution) => show(ctx, &solution),
                Err(error) => {
                    ctx.ui.warning(&format!(
                        "solution {id} could not be read: {}",
                        error.line()
                    ));
                    any = true;
                    continue;
                }
            }
            // What else is live is said before the question; what is wrong besides is said by the run.
            match engine.accept_id(id, self.app_id.as_ref()).await {
                Ok(would) => {
                    any = true;
                    beside(ctx, &would);
                }
                Err(error @ Error::SecondLive { .. }) => ctx.ui.warning(&error.to_string()),
                Err(_) => any = true,
            }
        }
        Ok(any)
    }

    /// `--dry-run`: the checks, and what would follow.
    fn would(&self, ctx: &Arc<Context>, engine: Engine, items: Items, several: bool) -> Output {
        let (rest, engine) = (Arc::clone(ctx), Arc::new(engine));
        let owner = self.app_id.clone();
        let lines = items.then(move |item| {
            let (rest, engine, owner) = (Arc::clone(&rest), Arc::clone(&engine), owner.clone());
            async move {
                match item? {
                    StdinItem::Id(id) => {
                        Ok(would_one(&rest, &engine, &id, owner.as_ref(), several).await)
                    }
                    StdinItem::FailedUpstream(failed) => Ok(rows::solution_failed(
                        &rest,
                        None,
                        input::failed_upstream(&failed),
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
    engine: &Engine,
    id: &SolutionId,
    owner: Option<&AppId>,
    several: bool,
) -> Line {
    match engine.accept_id(id, owner).await {
        Ok(made) => {
            // With the check, the engine has said what Meta shows instead.
            if !made.verified && !engine.policy.check {
                ctx.ui.warning(&format!(
                    "solution {id} was accepted, but not read, as --no-check asked"
                ));
            }
            rows::solution_line(
                ctx,
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
    engine: &Engine,
    id: &SolutionId,
    owner: Option<&AppId>,
    several: bool,
) -> Line {
    match engine.accept_id(id, owner).await {
        Ok(would) => {
            beside(ctx, &would);
            let word = if would.would {
                "would_accept"
            } else {
                "already_active"
            };
            rows::solution_line(ctx, &would.solution, word, !would.would, true)
        }
        Err(error) => rows::solution_failed(ctx, Some(id), error.into(), several),
    }
}

/// What else is live of the same two apps.
fn beside(ctx: &Context, would: &AcceptedId) {
    if !would.others.is_empty() {
        let others: Vec<&str> = would.others.iter().map(SolutionId::as_str).collect();
        ctx.ui.warning(&format!(
            "beside solution {} its two apps have {}",
            would.solution.id,
            others.join(", ")
        ));
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
