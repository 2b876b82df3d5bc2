//! `mps resume`: takes up everything unfinished, to the goal that was written down and no further.

mod args;
mod left;
mod look;
mod not_made;
mod shown;

pub use self::args::ResumeArgs;

use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::{StreamExt, stream};

use self::{left::Left, look::look};
use super::{
    Line, Output,
    rows::{self, AppRow},
};
use crate::{
    context::{Context, failure::Failure},
    engine::{Engine, Error, Job, Made, Messaging, Policy, look::Survey},
    graph::App,
    ids::AppId,
    journal::{Entry, Journal},
    session::{
        self, Needs,
        run::{self, RunOptions},
        token_checker::Purpose,
    },
    ui::emit::Rows,
};

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
