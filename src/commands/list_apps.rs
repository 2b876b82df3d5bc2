//! `mps list-apps`: the apps that the Tech Provider granted.
//!
//! The one decision: the solutions with us are shown beside each app where Meta lets us look, because
//! that is the question behind the command; where it refuses, the apps are still listed. Rows leave as they are looked at, in the order of the apps.

use std::{pin::pin, sync::Arc};

use clap::Args;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

use super::{
    Line, Output,
    args::{ScopeArg, SystemTokenArg, UserTokenArg, one_reads_stdin},
};
use crate::{
    context::{Context, failure::Failure},
    engine::look::{Looker, Survey},
    exit::Kind,
    graph::{App, Graph, Solution, Status},
    ids::{AppId, SolutionId},
    record::record,
    secret::{SystemToken, UserToken},
    session::{ahead::Ahead, token_checker::TokenChecker},
    ui::{
        emit::{Rows, TableRow},
        progress::Task,
        table::Cell,
    },
};

/// List the apps that the Tech Provider granted
///
/// Shows every app that the Tech Provider ticked in Meta's dialog, with the live solutions that it
/// already has with our app. Prints one app id per line in a pipe.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps list-apps\n  mps list-apps --user-token-file token.txt --json"
)]
pub struct ListAppsArgs {
    #[command(flatten)]
    user: UserTokenArg,
    #[command(flatten)]
    system: SystemTokenArg,
    #[command(flatten)]
    scope: ScopeArg,
}

/// How a look is shared by the rows.
const AT_ONCE: usize = 4;

/// Apps that are read before their rows are shown: two pages.
const READ_AHEAD: usize = 200;

impl ListAppsArgs {
    /// Lists them.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        self.scope.apply(ctx);
        one_reads_stdin(ctx, &[self.user.reader(), self.system.reader()], &[])?;
        let user = self.user.required(ctx)?;
        let system = self.system.read(ctx)?;
        let partner = ctx.partner()?;
        let graph = ctx.graph()?;
        let checker = TokenChecker {
            graph: &graph,
            partner: &partner,
            secret: ctx.app_secret()?,
            system: system.as_ref().map(|system| &system.token),
            any_scope: ctx.limits.takes_any_scope(),
        };
        let looks = Arc::new(Looks {
            graph: graph.clone(),
            partner: partner.clone(),
            user: user.token.clone(),
            system: system.as_ref().map(|system| system.token.clone()),
            survey: Survey::default(),
            _task: ctx.ui.bars().spinner("looking at their solutions"),
        });
        // None of the three needs another one's answer.
        let (page, mut apps) = mpsc::channel(READ_AHEAD);
        let asker = Arc::clone(&looks);
        let reading = Ahead::start(async move {
            let mut listing = pin!(asker.graph.granted_apps(&asker.user));
            while let Some(app) = listing.next().await {
                // Nobody wants more.
                if page.send(app.map_err(Failure::from)).await.is_err() {
                    break;
                }
            }
        });
        let asker = Arc::clone(&looks);
        let ours = async move { asker.looker().read_ours(&asker.survey).await };
        let ours = Ahead::start(ours);
        checker.user(&user.token, None).await?.tell(&ctx.ui);
        let Some(first) = apps.recv().await.transpose()? else {
            return Err(Failure::new(
                Kind::State,
                "no app was ticked: the Tech Provider granted none",
            )
            .hint(
                "the Tech Provider clicks the button again and ticks the apps: mps serve-button",
            ));
        };
        ours.answer().await;
        let others = stream::unfold((apps, reading), |(mut apps, reading)| async {
            let Some(next) = apps.recv().await else {
                // A panic over there must not pass for the end.
                reading.answer().await;
                return None;
            };
            Some((next, (apps, reading)))
        });
        let apps = stream::iter([Ok(first)]).chain(others);
        let lines = apps.map(move |app| {
            let looks = Arc::clone(&looks);
            async move { Ok(Line::of(&looks.with_solutions(app?).await)) }
        });
        let lines = lines.buffered(AT_ONCE);
        Ok(Output::Rows(Rows::of::<AppRecord>(lines, "No app.")))
    }
}

/// What the looks need while their rows are shown.
struct Looks {
    graph: Graph,
    partner: AppId,
    user: UserToken,
    system: Option<SystemToken>,
    survey: Survey,
    _task: Task,
}

impl Looks {
    fn looker(&self) -> Looker<'_> {
        Looker {
            graph: &self.graph,
            partner: &self.partner,
            user: Some(&self.user),
            system: self.system.as_ref(),
            turns: None,
        }
    }

    async fn with_solutions(&self, app: App) -> AppRecord {
        let listed = self.looker().listed(&self.survey, &app.id).await;
        AppRecord::new(app, listed.as_deref())
    }
}

record! {
    /// An app as `list-apps` shows it.
    #[derive(Debug, Clone)]
    pub struct AppRecord {
        /// The app
        pub id: AppId,
        /// Its name
        pub name: String,
        /// Its address
        pub link: Option<String>,
        /// The live ones with our app; null where Meta refuses the listing
        pub solutions: Option<Vec<LiveSolution>>,
    }
}

record! {
    /// A live solution of an app with ours.
    #[derive(Debug, Clone)]
    pub struct LiveSolution {
        /// The solution
        pub solution_id: SolutionId,
        /// Its name
        pub solution_name: String,
        /// Its status
        pub status: Status,
    }
}

impl AppRecord {
    /// The record of one app; `None`: Meta refuses the listing.
    fn new(app: App, listed: Option<&[Solution]>) -> Self {
        let live = |solution: &&Solution| solution.status.is_live();
        let record = |solution: &Solution| LiveSolution {
            solution_id: solution.id.clone(),
            solution_name: solution.name.clone(),
            status: solution.status.clone(),
        };
        Self {
            id: app.id,
            name: app.name,
            link: app.link,
            solutions: listed.map(|listed| listed.iter().filter(live).map(record).collect()),
        }
    }
}

impl TableRow for AppRecord {
    const HEADER: &[&str] = &["APP", "NAME", "LINK", "SOLUTIONS WITH US"];

    fn cells(&self) -> Vec<Cell> {
        let solutions = self.solutions.as_ref().map(|solutions| {
            let solutions = solutions.iter();
            let words =
                solutions.map(|solution| format!("{} ({})", solution.solution_id, solution.status));
            words.collect::<Vec<_>>().join(", ")
        });
        vec![
            self.id.as_str().into(),
            self.name.as_str().into(),
            self.link.as_deref().unwrap_or_default().into(),
            solutions
                .unwrap_or_else(|| "not shown by Meta".to_owned())
                .into(),
        ]
    }

    fn plain(&self) -> Option<String> {
        Some(self.id.to_string())
    }
}

/// Kept beside the listing so that both refuse an empty grant in the same words.
#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::record::Record as _;
    use crate::session::select::{self, Selection};

    #[test]
    fn a_refused_listing_is_null_and_an_empty_one_is_empty() {
        let app = App {
            id: "1".parse().unwrap(),
            name: "x".into(),
            link: None,
        };
        assert_eq!(
            AppRecord::new(app.clone(), None).object()["solutions"],
            Value::Null
        );
        assert_eq!(
            AppRecord::new(app, Some(&[])).object()["solutions"],
            json!([])
        );
        assert!(select::select(Vec::new(), &Selection::default(), &"7".parse().unwrap()).is_err());
    }
}
