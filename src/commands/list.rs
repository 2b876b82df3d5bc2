//! `mps list`: the solutions of an app, both roles, all pages.
//!
//! The one decision: rows are handed on as pages arrive, so a list of 100,000 needs no more memory than one of 100,
//! but for two numbers per live pair of apps, which tell a second live solution from a first.

mod live_pairs;

use std::sync::{Arc, Mutex, PoisonError};

use clap::{Args, ValueEnum, builder::PossibleValuesParser};
use futures_util::{StreamExt, stream, stream::BoxStream};
use jiff::Timestamp;

use self::live_pairs::LivePairs;
use super::{
    Line, Output,
    args::{SystemTokenArg, UserTokenArg},
    rows::{self, web},
};
use crate::{
    context::{Context, failure::Failure, missing, settings},
    graph::{Graph, Pending, Solution, SolutionRole, Status},
    ids::{AccountId, AppId, SolutionId},
    journal::{InvitationStatus, LinkLabel, LinkValidity},
    lang::EN,
    record::{Record as _, record},
    session::{
        AnyToken,
        any_token::{self, SolutionListing},
        invitations,
    },
    ui::{
        emit::{Rows, TableRow},
        table::Cell,
        table_names::NameColumns,
    },
};

/// List the solutions of our app, in both roles
///
/// Shows every solution that our app owns or is the partner of, with the API's status and the dashboard's
/// word for it. Prints one solution id per line in a pipe.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps list\n  mps list --role partner --status INITIATED\n  mps list --status initiated | mps accept\n  mps list --for lucky-shrub\n  mps list --csv > solutions.csv"
)]
pub struct ListArgs {
    /// Only those where the app has this role
    #[arg(long, value_name = "ROLE")]
    role: Option<RoleArg>,
    /// Only those with this status, in Meta's words (can be repeated)
    #[arg(long, value_name = "STATUS", ignore_case = true, value_parser = status_words(), hide_possible_values = true)]
    status: Vec<String>,
    /// Only the apps of this label (`mps invite --for LABEL`)
    #[arg(long = "for", value_name = "LABEL")]
    label: Option<LinkLabel>,
    /// Another app than ours
    #[arg(long, value_name = "ID")]
    app_id: Option<AppId>,
    /// Only those with which this client's WhatsApp Business account was onboarded
    #[arg(long, value_name = "ID", conflicts_with_all = ["role", "app_id", "web"])]
    waba: Option<AccountId>,
    /// Write CSV with a line of headings
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Open our app in Meta's App Dashboard; where no browser would be seen, write its address
    #[arg(long, conflicts_with = "csv")]
    web: bool,
    #[command(flatten)]
    system: SystemTokenArg,
    #[command(flatten)]
    user: UserTokenArg,
}

/// `--role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleArg {
    /// The app made the solution.
    Owner,
    /// The app was invited.
    Partner,
}

impl ListArgs {
    /// Lists them.
    pub async fn run(self, ctx: &Context) -> Result<Output, Failure> {
        let app = match &self.app_id {
            Some(app) => app.clone(),
            None => ctx.partner()?,
        };
        if self.web {
            return Ok(web::page(ctx, &app));
        }
        if self.csv && ctx.ui.json() {
            // clap does not see a conflict with an option that stands before the command.
            return Err(Failure::usage("--csv and --json both want stdout"));
        }
        let system = self.system.read(ctx)?;
        let user = self.user.read(ctx)?;
        if system.is_none() && user.is_none() {
            let remedy = "it reads the solutions of our app";
            return Err(missing(settings::SYSTEM_TOKEN, remedy));
        }
        let roles = match self.role {
            Some(RoleArg::Owner) => vec![SolutionRole::Owner],
            Some(RoleArg::Partner) => vec![SolutionRole::Partner],
            None => vec![SolutionRole::Owner, SolutionRole::Partner],
        };
        let wanted: Vec<String> = self
            .status
            .iter()
            .map(|status| status.to_ascii_uppercase())
            .collect();
        let owners = self.label.as_ref().map(|label| owners(ctx, label));
        let owners = owners.transpose()?;
        let graph = ctx.graph()?;
        let tokens = (system, user);
        let first = roles.first().copied().unwrap_or(SolutionRole::Owner);
        let listing = SolutionListing {
            app: &app,
            role: first,
        };
        let token = any_token::that_may_list(ctx, &graph, tokens, listing).await?;
        let is_ours = ctx.partner_if_known()?.is_some_and(|ours| ours == app);
        let pairs = Arc::new(Mutex::new(LivePairs::default()));
        let (of_lines, ui, ours) = (Arc::clone(&pairs), ctx.ui.clone(), app.clone());
        let listed = match &self.waba {
            Some(account) => of_account(&graph, &token, &app, account),
            None => listed(graph, token, app, roles),
        };
        let lines = listed.filter_map(move |listed| {
            let line = match listed {
                Ok((_, solution)) if !is_of(owners.as_deref(), &solution) => None,
                Ok((role, solution)) => {
                    let mut pairs = of_lines.lock().unwrap_or_else(PoisonError::into_inner);
                    let add = |role| pairs.add(role, &ours, &solution);
                    let other_live = role.map(add).unwrap_or_default();
                    shows(&wanted, &solution)
                        .then(|| Ok(Line::of(&ListRecord::new(role, solution, other_live))))
                }
                Err(failure) => Some(Err(failure)),
            };
            async move { line }
        });
        let lines = lines.chain(
            stream::once(async move {
                let pairs = pairs.lock().unwrap_or_else(PoisonError::into_inner);
                pairs.warnings(is_ours).for_each(|text| ui.warning(&text));
            })
            .filter_map(|()| async { None }),
        );
        if self.csv {
            let objects = lines.map(|line| line.map(|line| line.json));
            return Ok(Output::Pieces(Box::pin(rows::csv::pieces(
                ListRecord::FIELDS,
                objects,
            ))));
        }
        Ok(Output::Rows(Rows::of::<ListRecord>(lines, "No solution.")))
    }
}

/// Solutions with our app's role in each, where it is known.
type RoleListing = BoxStream<'static, Result<(Option<SolutionRole>, Solution), Failure>>;

/// The solutions with which an account was onboarded. Meta's listing has no roles, and may have no partners.
fn of_account(graph: &Graph, token: &AnyToken, app: &AppId, account: &AccountId) -> RoleListing {
    let app = app.clone();
    let listing = graph.solutions_of_account(token.as_token(), account);
    let listing = listing.map(move |solution| {
        let solution = solution?;
        let owner = solution.owner_app.as_ref().map(|owner| &owner.id);
        let role = match (owner == Some(&app), solution.has_partner(&app)) {
            (true, _) => Some(SolutionRole::Owner),
            (false, Some(true)) => Some(SolutionRole::Partner),
            (false, _) => None,
        };
        Ok((role, solution))
    });
    listing.boxed()
}

/// The solutions of both roles, one listing after the other.
fn listed(graph: Graph, token: AnyToken, app: AppId, roles: Vec<SolutionRole>) -> RoleListing {
    let listings = roles.into_iter().map(move |role| {
        graph
            .solutions(token.as_token(), &app, role)
            .map(move |solution| {
                solution
                    .map(|solution| (Some(role), solution))
                    .map_err(Failure::from)
            })
            .boxed()
    });
    stream::iter(listings.collect::<Vec<_>>()).flatten().boxed()
}

/// The words of Meta's pages: one that stands in none of them is a typing error, and would show nothing.
fn status_words() -> PossibleValuesParser {
    PossibleValuesParser::new(Status::KNOWN.iter().chain(Status::OF_WEBHOOKS))
}

/// The apps of a label. What its invitation says of it is told beside the solutions: where there are none, that is all
/// there is to say.
fn owners(ctx: &Context, label: &LinkLabel) -> Result<Vec<AppId>, Failure> {
    let owners = invitations::apps_of(ctx, label)?;
    let invited = match ctx.partner_if_known()? {
        Some(partner) => invitations::find(ctx, &partner, label)?,
        None => None,
    };
    match invited {
        Some(InvitationStatus {
            state, invitation, ..
        }) => {
            let until = EN.date.of(invitation.expires_at);
            let link = match invitation.validity(Timestamp::now()) {
                LinkValidity::Valid => format!("their link holds until {until}"),
                LinkValidity::Expired => format!("their link was over on {until}"),
                LinkValidity::Revoked => "their link was taken back".to_owned(),
            };
            ctx.ui
                .status(&format!("{label} is {}; {link}.", state.in_words()));
        }
        None if owners.is_empty() => ctx.ui.warning(&format!(
            "nobody is known as {label} on this machine; the labels that are known: mps invite list"
        )),
        None => {}
    }
    Ok(owners)
}

fn is_of(owners: Option<&[AppId]>, solution: &Solution) -> bool {
    let Some(owners) = owners else { return true };
    let owner = solution.owner_app.as_ref();
    owner.is_some_and(|owner| owners.contains(&owner.id))
}

fn shows(wanted: &[String], solution: &Solution) -> bool {
    wanted.is_empty()
        || wanted
            .iter()
            .any(|status| status == solution.status.as_str())
}

record! {
    /// A solution as `list` shows it.
    #[derive(Debug, Clone)]
    pub struct ListRecord {
        /// The solution
        pub solution_id: SolutionId,
        /// Its name
        pub solution_name: String,
        /// INITIATED, ACTIVE, REJECTED, DEACTIVATED
        pub status: Status,
        /// What is under way, NONE if nothing
        pub pending: Pending,
        /// Our app's: `owner` or `partner`; null where Meta does not show it
        pub role: Option<&'static str>,
        /// Whose solution it is
        pub owner_app_id: Option<AppId>,
        /// Its name
        pub owner_app_name: Option<String>,
        /// Where it is live: the live ones of the same two apps that were listed before it
        pub other_live: Vec<SolutionId>,
    }
}

impl ListRecord {
    fn new(role: Option<SolutionRole>, solution: Solution, other_live: Vec<SolutionId>) -> Self {
        let (owner_app_id, owner_app_name) = match solution.owner_app {
            Some(app) => (Some(app.id), Some(app.name)),
            None => (None, None),
        };
        Self {
            solution_id: solution.id,
            solution_name: solution.name,
            status: solution.status,
            pending: solution.pending,
            role: role.map(SolutionRole::as_str),
            owner_app_id,
            owner_app_name,
            other_live,
        }
    }
}

impl TableRow for ListRecord {
    const HEADER: &[&str] = &[
        "SOLUTION",
        "NAME",
        "STATUS",
        "DASHBOARD",
        "ROLE",
        "OWNER APP",
        "OWNER NAME",
    ];

    const NAMES: Option<NameColumns> = Some(NameColumns { name: 1, app: 6 });

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.solution_id.as_str().into(),
            self.solution_name.as_str().into(),
            rows::status_cell(&self.status),
            self.status.dashboard(&self.pending).into(),
            self.role.unwrap_or("not shown").into(),
            self.owner_app_id.as_ref().map_or("", AppId::as_str).into(),
            self.owner_app_name.as_deref().unwrap_or_default().into(),
        ]
    }

    fn plain(&self) -> Option<String> {
        Some(self.solution_id.to_string())
    }
}
