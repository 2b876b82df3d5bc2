//! `mps show`: one solution whole, in both vocabularies, what was done to it, and who must act next.

mod story;

use std::sync::{Arc, OnceLock};

use clap::Args;
use futures_util::{StreamExt, stream};

use self::story::{Story, StoryEvent};
use super::{
    Line, Output,
    args::{SystemTokenArg, UserTokenArg},
    rows::{self, web},
};
use crate::{
    context::{Context, failure::Failure, missing, settings},
    engine,
    exit::Kind,
    graph::{NextStep, Partner, Pending, Solution, Status},
    ids::{AppId, SolutionId},
    journal::{HistoryFilter, Reader},
    record::record,
    session::{Needs, Session},
    ui::{
        emit::{Card, Cards},
        table::Cell,
    },
};

/// Show solutions whole: both sides, their permissions, our role, what was done, who must act next
///
/// Reads each solution from Meta, and beside it what the journal has of it: what was done and by whom, how we left it, and
/// whether somebody else has changed it since.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  mps show 795033096057724\n  mps show --json 795033096057724")]
pub struct ShowArgs {
    /// The solutions
    #[arg(value_name = "SOLUTION_ID", required = true)]
    ids: Vec<SolutionId>,
    /// Open the app in Meta's App Dashboard where we see it; where no browser would be seen, write its address
    #[arg(long)]
    web: bool,
    #[command(flatten)]
    system: SystemTokenArg,
    #[command(flatten)]
    user: UserTokenArg,
}

impl ShowArgs {
    /// Shows them.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let needs = Needs {
            system: self.system.read(ctx)?,
            user: self.user.read(ctx)?,
            ..Needs::default()
        };
        if needs.system.is_none() && needs.user.is_none() {
            let remedy = "it reads the solutions of our app";
            return Err(missing(settings::SYSTEM_TOKEN, remedy));
        }
        let session = Session::open(ctx, needs).await?;
        let partner = session.app()?.id.clone();
        if self.web {
            let [id] = self.ids.as_slice() else {
                return Err(Failure::usage("--web opens one solution")
                    .hint("name one of them: mps show --web SOLUTION_ID"));
            };
            // Each company sees the solution in its own app: ours, unless ours is not in it.
            let solution = session.read(id).await?;
            let ours = role(&partner, &solution) != Some("none");
            let owner = solution.owner_app.map(|app| app.id);
            return Ok(web::page(ctx, &owner.filter(|_| !ours).unwrap_or(partner)));
        }
        let (ctx, session) = (Arc::clone(ctx), Arc::new(session));
        let several = self.ids.len() > 1;
        // What is wrong with the token is wrong for every solution.
        let dead = Arc::new(OnceLock::new());
        let journal = Arc::new(OnceLock::new());
        let cards = stream::iter(self.ids).then(move |id| {
            let (ctx, session, dead) = (Arc::clone(&ctx), Arc::clone(&session), Arc::clone(&dead));
            let journal = Arc::clone(&journal);
            let partner = partner.clone();
            async move {
                let read = match dead.get() {
                    Some(kind) => Err(not_tried(*kind)),
                    None => session.read(&id).await,
                };
                if let Err(Failure {
                    kind: kind @ Kind::Auth,
                    ..
                }) = &read
                {
                    dead.get_or_init(|| *kind);
                }
                match read {
                    Ok(solution) => {
                        let told = journal.get_or_init(|| readable(&ctx));
                        let story = story(&ctx, told, &solution);
                        Ok(ShowRecord::new(&partner, &solution, story).card())
                    }
                    Err(failure) => Ok(Card {
                        fields: Vec::new(),
                        line: rows::solution_failed(&ctx, Some(&id), failure, several),
                    }),
                }
            }
        });
        Ok(Output::Cards(Cards {
            cards: cards.boxed(),
        }))
    }
}

/// The journal to look into.
#[derive(Clone)]
enum ToldBy {
    Journal(Reader),
    /// There is none yet.
    Nobody,
    /// It cannot be read, which was said and hides nothing of what Meta shows.
    Unreadable,
}

/// The journal, made once for all solutions.
fn readable(ctx: &Context) -> ToldBy {
    match ctx.journal_reader() {
        Ok(Some(reader)) => ToldBy::Journal(reader),
        Ok(None) => ToldBy::Nobody,
        Err(failure) => {
            not_told(ctx, &failure);
            ToldBy::Unreadable
        }
    }
}

fn not_told(ctx: &Context, failure: &Failure) {
    ctx.ui.warning(&format!(
        "what was done to the solution is not told: {}",
        failure.message
    ));
}

/// What the journal has of a solution at this host; `None` where it could not be read.
fn story(ctx: &Context, told: &ToldBy, solution: &Solution) -> Option<Story> {
    let reader = match told {
        ToldBy::Journal(reader) => reader.clone(),
        ToldBy::Nobody => return Some(Story::default()),
        ToldBy::Unreadable => return None,
    };
    let filter = HistoryFilter {
        solution_id: Some(solution.id.clone()),
        limit: Some(MOST_EVENTS),
        ..HistoryFilter::default()
    };
    let host = ctx.base_url().ok()?;
    let records = reader.history(filter);
    let records = records.map(|record| record.map_err(Failure::from));
    let records: Result<Vec<_>, Failure> = records.collect();
    match records {
        Ok(mut records) => {
            records.retain(|record| record.host == host.host_label());
            Some(Story::of(records))
        }
        Err(failure) => {
            not_told(ctx, &failure);
            None
        }
    }
}

/// The most events that are told of one solution, the newest.
const MOST_EVENTS: u32 = 200;

/// A solution behind one that could not be read for a reason that concerns all.
fn not_tried(kind: Kind) -> Failure {
    Failure::from(engine::Error::NotTried { kind })
        .hint("when that is mended, type the same command again")
}

/// Our role in a solution; `None` where Meta does not say.
fn role(partner: &AppId, solution: &Solution) -> Option<&'static str> {
    if solution
        .owner_app
        .as_ref()
        .is_some_and(|app| app.id == *partner)
    {
        return Some("owner");
    }
    match solution.has_partner(partner) {
        Some(true) => Some("partner"),
        Some(false) => Some("none"),
        None => None,
    }
}

/// Who must act next, and how, where that is us.
fn whose_turn(role: Option<&str>, solution: &Solution) -> String {
    let next = solution.status.next(&solution.pending);
    match (next, role) {
        (NextStep::PartnerAnswers, Some("partner")) => format!(
            "we do, as the partner; to accept it: mps accept {}",
            solution.id
        ),
        (NextStep::PartnerAnswers, Some("owner")) => {
            "the partner accepts or rejects it; we wait".to_owned()
        }
        (NextStep::DeactivationAnswer, Some("partner")) => format!(
            "it still works; we do, as the partner: mps deactivate accept {id}, or mps deactivate reject {id}",
            id = solution.id
        ),
        (NextStep::DeactivationAnswer, Some("owner")) => {
            "it still works; the partner accepts or rejects the deactivation, and we wait"
                .to_owned()
        }
        _ => next.words().to_owned(),
    }
}

fn words(permissions: &[String]) -> String {
    if permissions.is_empty() {
        "nothing".to_owned()
    } else {
        permissions.join(", ")
    }
}

record! {
    /// A solution whole, as `show` shows it.
    #[derive(Debug, Clone)]
    pub struct ShowRecord {
        /// The solution
        pub solution_id: SolutionId,
        /// Its name
        pub solution_name: String,
        /// The API's word
        pub status: Status,
        /// What is under way, NONE if nothing
        pub pending: Pending,
        /// The dashboard's word for both
        pub dashboard: String,
        /// Our app's: `owner`, `partner` or `none`
        pub role: Option<&'static str>,
        /// The Tech Provider's app
        pub owner_app_id: Option<AppId>,
        /// Its name
        pub owner_app_name: Option<String>,
        /// What it may do; null where Meta does not show it
        pub owner_permissions: Option<Vec<String>>,
        /// The other side; null where Meta does not show it
        pub partners: Option<Vec<PartnerRecord>>,
        /// What the journal has of it, the oldest first; null where it cannot be read
        pub events: Option<Vec<StoryEvent>>,
        /// The status in which our last write left it; null where there was none, or where its end is not known
        pub left_status: Option<Status>,
        /// The same of what was under way
        pub left_pending: Option<Pending>,
        /// Whether somebody else has changed it since; null where the journal cannot tell
        pub changed_since: Option<bool>,
        /// The same in words
        pub story: Option<String>,
        /// Who must act, in words
        pub next: String,
    }
}

record! {
    /// The invited side of a solution.
    #[derive(Debug, Clone)]
    pub struct PartnerRecord {
        /// The app
        pub app_id: AppId,
        /// Its name
        pub app_name: String,
        /// What it may do
        pub permissions: Vec<String>,
        /// How far its consent is
        pub status: Option<String>,
    }
}

impl ShowRecord {
    fn new(partner: &AppId, solution: &Solution, story: Option<Story>) -> Self {
        let role = role(partner, solution);
        let owner = solution.owner_app.as_ref();
        let side = |side: &Partner| PartnerRecord {
            app_id: side.app.id.clone(),
            app_name: side.app.name.clone(),
            permissions: side.permissions.clone(),
            status: side.status.clone(),
        };
        let partners = solution.partners.as_ref();
        let changed_since = story
            .as_ref()
            .and_then(|story| story.changed_since(solution));
        let last_word = story.as_ref().map(|story| story.last_word(solution));
        let left = story.as_ref().and_then(|story| story.left.clone());
        let (left_status, left_pending) = left.unzip();
        Self {
            solution_id: solution.id.clone(),
            solution_name: solution.name.clone(),
            status: solution.status.clone(),
            pending: solution.pending.clone(),
            dashboard: solution.status.dashboard(&solution.pending).to_string(),
            role,
            owner_app_id: owner.map(|app| app.id.clone()),
            owner_app_name: owner.map(|app| app.name.clone()),
            owner_permissions: solution.owner_permissions.clone(),
            partners: partners.map(|sides| sides.iter().map(side).collect()),
            events: story.map(|story| story.events),
            left_status,
            left_pending,
            changed_since,
            story: last_word,
            next: whose_turn(role, solution),
        }
    }

    fn plain(&self) -> String {
        format!(
            "{}\t{}\t{}",
            self.solution_id,
            self.status,
            self.solution_name.replace(['\t', '\n'], " ")
        )
    }

    /// The fields of a terminal's card.
    fn fields(&self) -> Vec<(&'static str, Cell)> {
        const UNSHOWN: &str = "not shown by Meta";
        let or_unshown = |text: Option<String>| text.unwrap_or_else(|| UNSHOWN.to_owned()).into();
        let app = |name: &str, id: &AppId| format!("{name} ({id})");
        let owner = self.owner_app_name.as_ref().zip(self.owner_app_id.as_ref());
        let mut fields: Vec<(&str, Cell)> = vec![
            ("solution", self.solution_id.as_str().into()),
            ("name", self.solution_name.as_str().into()),
            ("status", rows::status_cell(&self.status)),
            ("dashboard", self.dashboard.as_str().into()),
            ("pending", self.pending.as_str().into()),
            ("our role", self.role.unwrap_or(UNSHOWN).into()),
            (
                "owner app",
                or_unshown(owner.map(|(name, id)| app(name, id))),
            ),
            (
                "owner may",
                or_unshown(self.owner_permissions.as_deref().map(words)),
            ),
        ];
        for side in self.partners.iter().flatten() {
            fields.push(("partner app", app(&side.app_name, &side.app_id).into()));
            fields.push(("partner may", words(&side.permissions).into()));
            fields.push(("partner is", or_unshown(side.status.clone())));
        }
        if self.partners.is_none() {
            fields.push(("partner app", UNSHOWN.into()));
        }
        for event in self.events.iter().flatten() {
            fields.push(("journal", event.line().into()));
        }
        if let Some(story) = &self.story {
            fields.push(("journal", story.as_str().into()));
        }
        fields.push(("next", self.next.as_str().into()));
        fields
    }

    fn card(&self) -> Card<Failure> {
        Card {
            fields: self.fields(),
            line: Line::untabled(self, Some(self.plain())),
        }
    }
}
