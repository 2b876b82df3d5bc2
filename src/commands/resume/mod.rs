//! `mps resume`: takes up everything unfinished, to the goal that was written down and no further.

mod left;
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
    rows,
};
use crate::{
    context::{Context, Held, failure::Failure},
    engine::{Engine, Error, Messaging, create::Job, halt::Halt, look::Survey},
    exit::Kind,
    graph::App,
    ids::AppId,
    journal::{Entry, Journal},
    secret::{SystemToken, UserToken},
    session::{self, Asked, Consent, Hands, RunFacts, plan, token_check::Purpose},
    ui::emit::Rows,
};

/// Take up everything unfinished in the journal
///
/// Looks for the solutions of writes whose answer was lost, creates what was planned and never sent, and
/// accepts what `onboard` made; what `create` made stays INITIATED. A user token is used only for the apps
/// that it lists; without one mps does what the system token can do and says which apps are left.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps resume --dry-run\n  mps resume --yes\n  mps resume --app-id 212022489970390 --user-token-file token.txt"
)]
pub struct ResumeArgs {
    /// Only this app of a Tech Provider (can be repeated)
    #[arg(long = "app-id", value_name = "ID")]
    app_ids: Vec<AppId>,
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
        let partner = ctx.partner()?;
        let at_once = self.pace.at_once(ctx)?;
        let user = ctx.user_token(self.user.user_token_file.as_deref())?;
        let system = ctx.system_token(self.system.system_token_file.as_deref())?;
        ctx.announce_host()?;
        let entries = self.unfinished(ctx, &partner)?;
        if entries.is_empty() {
            ctx.ui.status("Nothing is unfinished.");
            return Ok(Output::Nothing);
        }
        shown::unfinished(ctx, &partner, (&user, &system), &entries)?;
        if self.dry_run {
            let lines: Vec<_> = entries
                .iter()
                .map(|entry| Ok(shown::would(&partner, entry)))
                .collect();
            return Ok(rows_of(stream::iter(lines).boxed()));
        }
        let consent = session::confirm(ctx, "Take these up?", self.yes, true).await?;
        self.pace.apply(ctx);
        let gathering = self.gather(ctx, (user, system), &entries);
        let (hands, listed, survey) = session::unless_stopped(ctx, gathering).await?;
        let known = rows::KnownSolutions::default();
        for entry in &entries {
            if let Some(solution) = &entry.solution_id {
                known.learn(&entry.key.owner, solution);
            }
        }
        let run = Arc::new(Run {
            ctx: Arc::clone(ctx),
            known: known.clone(),
            survey,
            hands,
            listed,
            consent,
            halt: Arc::default(),
            terms_refused: AtomicBool::new(false),
        });
        let several = entries.len() > 1;
        let work = stream::iter(entries).map(move |entry| {
            let run = Arc::clone(&run);
            async move { run.one(entry).await }
        });
        let rest = Arc::clone(ctx);
        let lines = work.buffer_unordered(at_once).map(move |(app, ended)| {
            let ended = ended.map_err(|left| left.failure());
            Ok(rows::app_line(
                &rest, &known, &partner, &app, ended, true, several,
            ))
        });
        Ok(rows_of(lines.boxed()))
    }

    /// Who is who, which apps the user token lists, and what is on our side now.
    async fn gather(
        &self,
        ctx: &Context,
        (user, system): (Option<Held<UserToken>>, Option<Held<SystemToken>>),
        entries: &[Entry],
    ) -> Result<(Hands, HashSet<AppId>, Survey), Failure> {
        let mut hands = Hands::gather(ctx, system, Purpose::Onboard).await?;
        let listed = match user {
            Some(user) => self.listed(ctx, &mut hands, user).await?,
            None => HashSet::new(),
        };
        let owners: Vec<AppId> = entries
            .iter()
            .map(|entry| entry.key.owner.clone())
            .collect();
        let survey = hands.looker().survey(&owners).await?;
        Ok((hands, listed, survey))
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

    /// The apps that the user token lists. A dead token is no reason to stop: the system token may do much.
    async fn listed(
        &self,
        ctx: &Context,
        hands: &mut Hands,
        user: Held<UserToken>,
    ) -> Result<HashSet<AppId>, Failure> {
        let token = user.token.clone();
        let granted = match hands.take_user(ctx, user).await {
            Ok(()) => plan::granted(&hands.graph, &token).await,
            Err(failure) => Err(failure),
        };
        match granted {
            Ok(apps) => Ok(apps.into_iter().map(|app| app.id).collect()),
            Err(failure) if matches!(failure.kind, Kind::Auth | Kind::Permission) => {
                ctx.ui.warning(&format!(
                    "going on without the user token: {}",
                    failure.line()
                ));
                hands.user = None;
                Ok(HashSet::new())
            }
            Err(failure) => Err(failure),
        }
    }
}

type Resumed = (App, Result<crate::engine::Made, Box<Left>>);

/// What all rows of one `resume` share.
struct Run {
    ctx: Arc<Context>,
    known: rows::KnownSolutions,
    hands: Hands,
    /// The apps that the user token lists.
    listed: HashSet<AppId>,
    consent: Consent,
    survey: Survey,
    halt: Arc<Halt>,
    /// Meta refused who may send messages.
    terms_refused: AtomicBool,
}

impl Run {
    /// One row of the journal to its own goal.
    async fn one(&self, entry: Entry) -> Resumed {
        let app = App {
            id: entry.key.owner.clone(),
            name: entry.owner_name.clone(),
            link: None,
        };
        let job = Job {
            app: app.clone(),
            name: entry
                .key
                .name
                .clone()
                .unwrap_or_else(|| entry.solution_name.clone()),
        };
        let ended = match self.engine(&entry) {
            Ok(engine) => engine.one(&job).await,
            Err(failure) => Err(Error::Setup(failure.line())),
        };
        (
            app,
            ended.map_err(|error| Box::new(self.left(entry, error))),
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
            can_look: has_user || self.hands.system.is_some(),
            terms_refused: self.terms_refused.load(Ordering::SeqCst),
            entry,
            error,
        }
    }

    /// An engine on the terms of the row, not on those of today's options.
    fn engine(&self, entry: &Entry) -> Result<Engine, Failure> {
        let asked = Asked {
            goal: entry.goal,
            messaging: Messaging::from_word(&entry.messaging).unwrap_or_default(),
            look: true,
            allow_duplicate: entry.key.name.is_some(),
            pass_over_dead: false,
            check: true,
        };
        let facts = RunFacts {
            consent: self.consent,
            link_label: entry.link_label.clone(),
            apps: 0,
            also: Some(self.known.hear(None)),
            survey: self.survey.clone(),
        };
        let mut engine = self.hands.engine(&self.ctx, &asked, facts)?;
        engine.policy.resuming = true;
        engine.halt = Arc::clone(&self.halt);
        if !self.listed.contains(&entry.key.owner) {
            engine.user = None;
            engine.actor.user_id = None;
            engine.actor.scopes.clear();
        }
        Ok(engine)
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
