//! `mps resume`: takes up everything unfinished, to the goal that was written down and no further.

mod left;
mod not_made;
mod shown;

use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::Args;
use futures_util::{StreamExt, stream};

use self::left::Left;
use super::{
    Line, Output,
    args::{PaceArgs, SystemTokenArg, UserTokenArg},
    rows::{self, AppRow},
};
use crate::{
    context::{Context, Sourced, failure::Failure},
    engine::{Engine, Error, Job, Made, Messaging, Policy, look::Survey},
    exit::Kind,
    graph::App,
    ids::AppId,
    journal::{Entry, Journal},
    secret::UserToken,
    session::{
        self, Needs, Session,
        run::{self, RunOptions},
        select,
        token_checker::Purpose,
    },
    ui::emit::Rows,
};

/// Take up everything unfinished in the journal
///
/// Looks for the solutions of writes whose answer was lost, creates what was planned and never sent, and
/// accepts what `onboard` made; what `create` made stays INITIATED. A user token is used only for the apps
/// that it lists; without one mps does what the system token can do and says which apps are left.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps resume --dry-run\n  mps resume --yes\n  mps resume --app-id 212022489970390 --user-token-file token.txt\n  mps resume --app-id 212022489970390 --not-made"
)]
pub struct ResumeArgs {
    /// Only this app of a Tech Provider (can be repeated)
    #[arg(long = "app-id", value_name = "ID")]
    app_ids: Vec<AppId>,
    /// Close the row of this app: a create without an answer made nothing at Meta (looks first, then asks)
    #[arg(long, requires = "app_ids", conflicts_with = "dry_run")]
    not_made: bool,
    /// With --not-made: the name of what `--allow-duplicate` sent
    #[arg(long, value_name = "NAME", requires = "not_made")]
    name: Option<String>,
    /// Wait until what had no answer is ten minutes old, and so can be decided on
    #[arg(long, conflicts_with_all = ["dry_run", "not_made"])]
    wait: bool,
    /// Show what is unfinished and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Say yes to the list
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    pace: PaceArgs,
    #[command(flatten)]
    user: UserTokenArg,
    #[command(flatten)]
    system: SystemTokenArg,
}

impl ResumeArgs {
    /// Resumes.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        if self.not_made {
            return not_made::close(self, ctx).await;
        }
        let partner = ctx.partner()?;
        let at_once = self.pace.at_once(ctx)?;
        let user = self.user.read(ctx)?;
        let system = self.system.read(ctx)?;
        ctx.announce_host()?;
        let entries = self.unfinished(ctx, &partner)?;
        if entries.is_empty() {
            ctx.ui.status("Nothing is unfinished.");
            return Ok(Output::Nothing);
        }
        shown::unfinished(ctx, &partner, (&user, &system), &entries)?;
        if self.dry_run {
            let would = entries.iter().map(|entry| shown::would(&partner, entry));
            let lines: Vec<_> = would.map(Ok).collect();
            return Ok(rows_of(stream::iter(lines).boxed()));
        }
        let consent = session::confirm(ctx, "Take these up?", self.yes, true).await?;

        // Every row is written in it, so one that cannot be written is one failure and not one of each row.
        ctx.journal()?;
        self.pace.apply(ctx);
        let needs = Needs {
            system,
            purpose: Purpose::Onboard,
            ..Needs::default()
        };
        let looking = look(ctx, needs, user);
        let (session, listed) = session::unless_stopped(ctx, looking).await?;
        let known = rows::KnownSolutions::default();
        for entry in &entries {
            if let Some(solution) = &entry.solution_id {
                known.learn(&entry.key.owner, solution);
            }
        }
        let options = RunOptions {
            consent,
            link_label: None,
            apps: 0,
            listener: Some(known.listener(None)),
            survey: Survey::default(),
            at_once,
        };
        let policy = Policy {
            waits: self.wait,
            ..run::policy(ctx, crate::journal::Goal::Active)?
        };
        let run = Arc::new(Run {
            engine: session.engine(ctx, policy, options)?,
            has_system: session.system.is_some(),
            listed,
            terms_refused: AtomicBool::new(false),
        });
        let several = entries.len() > 1;
        let work = stream::iter(entries).map(move |entry| {
            let run = Arc::clone(&run);
            async move { run.one(entry).await }
        });
        let ctx = Arc::clone(ctx);
        let lines = work.buffer_unordered(ROWS).map(move |(app, ended)| {
            Ok(rows::app_line(
                &ctx,
                &known,
                &partner,
                &app,
                ended,
                AppRow::Onboard,
                several,
            ))
        });
        Ok(rows_of(lines.boxed()))
    }

    /// What is unfinished on this host, read without making a journal.
    fn unfinished(&self, ctx: &Context, partner: &AppId) -> Result<Vec<Entry>, Failure> {
        let Some(reader) = Journal::open_read_only(ctx.state_dir()?)? else {
            return Ok(Vec::new());
        };
        let host = ctx.base_url()?.host_label().to_owned();
        let entries = reader.unfinished(Some(&host))?;
        let entries = entries.into_iter().map(|(_, entry)| entry);
        let wanted =
            |entry: &Entry| self.app_ids.is_empty() || self.app_ids.contains(&entry.key.owner);
        let (entries, others): (Vec<Entry>, Vec<Entry>) = entries
            .filter(wanted)
            .partition(|entry| entry.key.partner == *partner);
        for (other, count) in per_partner(&others) {
            ctx.ui.status(&format!(
                "Another app of ours has {count} unfinished here: mps resume --partner-app-id {other}"
            ));
        }
        Ok(entries)
    }
}

/// Who is who, which apps the user token lists, and what is on our side now.
async fn look(
    ctx: &Context,
    needs: Needs,
    user: Option<Sourced<UserToken>>,
) -> Result<(Session, HashSet<AppId>), Failure> {
    let mut session = Session::open(ctx, needs).await?;
    let listed = match user {
        Some(user) => add_user(ctx, &mut session, user).await?,
        None => HashSet::new(),
    };
    Ok((session, listed))
}

/// Takes the user token in, and gives the apps that it lists. A dead one is no reason to stop: the system token may
/// do much.
async fn add_user(
    ctx: &Context,
    session: &mut Session,
    user: Sourced<UserToken>,
) -> Result<HashSet<AppId>, Failure> {
    let granted = match session.add_user(ctx, user).await {
        Ok(()) => select::granted(session).await,
        Err(failure) => Err(failure),
    };
    match granted {
        Ok(apps) => Ok(apps.into_iter().map(|app| app.id).collect()),
        Err(failure) if matches!(failure.kind, Kind::Auth | Kind::Permission) => {
            let why = failure.line();
            ctx.ui
                .warning(&format!("going on without the user token: {why}"));
            session.user = None;
            Ok(HashSet::new())
        }
        Err(failure) => Err(failure),
    }
}

/// Most rows that are taken up at once; calls are bounded by `--jobs`.
const ROWS: usize = 400;

/// What all rows of one `resume` share.
struct Run {
    engine: Engine,
    has_system: bool,
    /// The apps that the user token lists.
    listed: HashSet<AppId>,
    /// Meta refused who may send messages.
    terms_refused: AtomicBool,
}

impl Run {
    /// One row of the journal to its own goal.
    async fn one(&self, entry: Entry) -> (App, Result<Made, Failure>) {
        let app = App {
            id: entry.key.owner.clone(),
            name: entry.owner_name.clone(),
            link: None,
        };
        let name = entry.key.name.as_ref().unwrap_or(&entry.solution_name);
        let job = Job {
            app: app.clone(),
            name: name.clone(),
        };
        let ended = self.engine(&entry).one(&job).await;
        (
            app,
            ended.map_err(|error| self.left(entry, error).failure()),
        )
    }

    /// What is to be said of a row that is left.
    fn left(&self, entry: Entry, error: Error) -> Left {
        if let Error::Graph(error) = &error
            && error.messaging_refused()
        {
            self.terms_refused.store(true, Ordering::SeqCst);
        }
        let has_user = self.listed.contains(&entry.key.owner);
        Left {
            can_look: has_user || self.has_system,
            terms_refused: self.terms_refused.load(Ordering::SeqCst),
            entry,
            error,
        }
    }

    /// The engine on the terms of the row, not on those of today's options.
    fn engine(&self, entry: &Entry) -> Engine {
        let mut engine = self.engine.clone();
        engine.policy = Policy {
            goal: entry.goal,
            messaging: Messaging::from_word(&entry.messaging).unwrap_or_default(),
            allow_duplicate: entry.key.name.is_some(),
            resuming: true,
            rejects_surplus: true,
            ..engine.policy
        };
        engine.actor.link_label.clone_from(&entry.link_label);
        if !self.listed.contains(&entry.key.owner) {
            engine.user = None;
            engine.actor.user_id = None;
            engine.actor.scopes.clear();
        }
        engine
    }
}

/// How many rows each of our other apps has.
fn per_partner(entries: &[Entry]) -> BTreeMap<&AppId, usize> {
    let mut counts = BTreeMap::new();
    for entry in entries {
        *counts.entry(&entry.key.partner).or_default() += 1;
    }
    counts
}

fn rows_of(lines: stream::BoxStream<'static, Result<Line, Failure>>) -> Output {
    Output::Rows(Rows::of::<rows::OnboardRecord>(
        lines,
        "Nothing is unfinished.",
    ))
}
