//! `mps show`: one solution whole, in both vocabularies, and who must act next.

use std::sync::{Arc, OnceLock};

use clap::Args;
use futures_util::{StreamExt, stream};

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
    record::record,
    session::{Needs, Session},
    ui::{
        emit::{Card, Cards},
        table::Cell,
    },
};

/// Show solutions whole: both sides, their permissions, our role, who must act next
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
        let cards = stream::iter(self.ids).then(move |id| {
            let (ctx, session, dead) = (Arc::clone(&ctx), Arc::clone(&session), Arc::clone(&dead));
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
                    Ok(solution) => Ok(ShowRecord::new(&partner, &solution).card()),
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
    fn new(partner: &AppId, solution: &Solution) -> Self {
        let role = role(partner, solution);
        let owner = solution.owner_app.as_ref();
        let side = |side: &Partner| PartnerRecord {
            app_id: side.app.id.clone(),
            app_name: side.app.name.clone(),
            permissions: side.permissions.clone(),
            status: side.status.clone(),
        };
        let partners = solution.partners.as_ref();
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
