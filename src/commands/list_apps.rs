//! `mps list-apps`: the apps that the Tech Provider granted.
//!
//! The one decision: the solutions with us are shown beside each app where Meta lets us look, because
//! that is the question behind the command; where it refuses, the apps are still listed.

use std::sync::Arc;

use clap::Args;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::{
    Line, Output,
    args::{SystemTokenArg, UserTokenArg, one_reads_stdin},
};
use crate::{
    context::{Context, failure::Failure},
    engine::look::{Looked, Looker, Survey},
    exit::Kind,
    graph::App,
    session::{select, token_checker::TokenChecker},
    ui::emit::{Epilogue, Rows},
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
}

/// How a look is shared by the rows.
const AT_ONCE: usize = 4;

impl ListAppsArgs {
    /// Lists them.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
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
        };
        checker.user(&user.token, None).await?;
        let apps: Vec<App> = select::granted_to(&graph, &user.token).await?;
        if apps.is_empty() {
            return Err(Failure::new(
                Kind::State,
                "no app was ticked: the Tech Provider granted none",
            )
            .hint(
                "the Tech Provider clicks the button again and ticks the apps: mps serve-button",
            ));
        }
        let _task = ctx.ui.bars().spinner("looking at their solutions");
        let looker = Looker {
            graph: &graph,
            partner: &partner,
            user: Some(&user.token),
            system: system.as_ref().map(|system| &system.token),
        };
        let owners: Vec<_> = apps.iter().map(|app| app.id.clone()).collect();
        let survey = looker.survey(&owners).await?;
        let looks = stream::iter(apps).map(|app| with_solutions(looker, &survey, app));
        let lines: Vec<Result<Line, Failure>> = looks.buffered(AT_ONCE).map(Ok).collect().await;
        let lines = Box::pin(stream::iter(lines));
        Ok(Output::Rows(Rows {
            header: &["APP", "NAME", "LINK", "SOLUTIONS WITH US"],
            lines,
            empty: "No app.",
            epilogue: Epilogue::default(),
        }))
    }
}

async fn with_solutions(looker: Looker<'_>, survey: &Survey, app: App) -> Line {
    let looked = match survey.of(&app.id) {
        Some(looked) => Some(looked),
        None => looker.look(&app.id).await.ok(),
    };
    line(&app, looked.as_ref())
}

/// The line of one app; `None`: Meta refuses the listing.
fn line(app: &App, looked: Option<&Looked>) -> Line {
    let live = looked.map(|looked| {
        looked
            .ours
            .iter()
            .filter(|solution| solution.status.is_live())
    });
    let objects: Option<Vec<Value>> = live.clone().map(|live| {
        live.map(|solution| {
            json!({
                "solution_id": solution.id,
                "solution_name": solution.name,
                "status": solution.status.to_string(),
            })
        })
        .collect()
    });
    let words = live.map_or_else(
        || "not shown by Meta".to_owned(),
        |live| {
            live.map(|solution| format!("{} ({})", solution.id, solution.status))
                .collect::<Vec<_>>()
                .join(", ")
        },
    );
    Line {
        plain: Some(app.id.to_string()),
        json: json!({"id": app.id, "name": app.name, "link": app.link, "solutions": objects}),
        masked: None,
        cells: vec![
            app.id.as_str().into(),
            app.name.as_str().into(),
            app.link.as_deref().unwrap_or("").into(),
            words.into(),
        ],
        failed: None,
    }
}

/// Kept beside the listing so that both refuse an empty grant in the same words.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::select::Selection;

    #[test]
    fn a_refused_listing_is_null_and_an_empty_one_is_empty() {
        let app = App {
            id: "1".parse().unwrap(),
            name: "x".into(),
            link: None,
        };
        assert_eq!(line(&app, None).json["solutions"], Value::Null);
        assert_eq!(
            line(&app, Some(&Looked::default())).json["solutions"],
            json!([])
        );
        assert!(select::select(&[], &Selection::default(), &"7".parse().unwrap()).is_err());
    }
}
