//! Which of the granted apps a command works on, and under which names.
//!
//! The one decision: all of it is found before the first write, so that the last of two hundred apps cannot fail
//! for its name or because it was not granted.

use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt as _;

use super::{PartnerApp, Session, UserSession};
use crate::{
    context::failure::Failure,
    engine::{
        Job,
        choose::{NameFacts, NameTemplate},
        used_up,
    },
    exit::Kind,
    graph::{App, Graph},
    ids::AppId,
    secret::UserToken,
};

/// Which apps the operator asked for.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// By id.
    pub ids: Vec<AppId>,
    /// `--all`.
    pub all: bool,
}

/// The apps that the Tech Provider granted: as they were read when the token was caught, for the first who asks, or now.
pub async fn granted(session: &mut Session) -> Result<Vec<App>, Failure> {
    match &mut session.user {
        Some(UserSession {
            apps: apps @ Some(_),
            ..
        }) => Ok(apps.take().unwrap_or_default()),
        Some(user) => granted_to(&session.graph, &user.token).await,
        None => Ok(Vec::new()),
    }
}

/// The apps that a user token lists, all pages.
pub async fn granted_to(graph: &Graph, user: &UserToken) -> Result<Vec<App>, Failure> {
    Ok(graph.granted_apps(user).try_collect().await?)
}

/// The apps that were asked for, in the order they were asked for, each once.
pub fn select(granted: Vec<App>, wanted: &Selection, partner: &AppId) -> Result<Vec<App>, Failure> {
    if granted.is_empty() {
        return Err(Failure::new(
            Kind::State,
            "the Tech Provider granted no app: no app was ticked",
        )
        .hint("the Tech Provider clicks the button again and ticks the apps: mps serve-button"));
    }
    if wanted.all {
        let ours = |app: &App| app.id == *partner;
        return Ok(granted.into_iter().filter(|app| !ours(app)).collect());
    }
    let by_id: HashMap<&AppId, &App> = granted.iter().rev().map(|app| (&app.id, app)).collect();
    let (mut chosen, mut seen) = (Vec::new(), HashSet::new());
    for id in &wanted.ids {
        if id == partner {
            return Err(own_app(id));
        }
        let app = by_id.get(id).ok_or_else(|| not_granted(&granted, id))?;
        if seen.insert(id) {
            chosen.push(App::clone(app));
        }
    }
    Ok(chosen)
}

/// `--app-id` is the Tech Provider's app, never ours.
pub fn own_app(id: &AppId) -> Failure {
    Failure::usage(format!(
        "{id} is our own app; --app-id is the Tech Provider's"
    ))
    .hint("the granted apps are shown by: mps list-apps")
}

fn not_granted(granted: &[App], id: &AppId) -> Failure {
    let ids: Vec<&str> = granted.iter().map(|app| app.id.as_str()).collect();
    Failure::new(
        Kind::State,
        format!("app {id} was not granted; nothing was created"),
    )
    .because(format!("the user token covers {}", ids.join(", ")))
    .hint("the Tech Provider clicks the button again and ticks that app: mps serve-button")
}

/// The jobs for these apps: each with its filled name.
pub fn jobs(
    apps: Vec<App>,
    template: &NameTemplate,
    facts: &NameBase<'_>,
) -> Result<Vec<Job>, Failure> {
    let mut jobs = Vec::with_capacity(apps.len());
    for app in used_up(apps) {
        let name = template.fill(NameFacts {
            app: &app,
            partner_name: &facts.partner.name,
            partner: &facts.partner.id,
            label: facts.label,
            date: &facts.date,
        });
        match name {
            Ok(name) => jobs.push(Job { app, name }),
            Err(error) => {
                let id = app.id;
                return Err(Failure::usage(format!("--name for app {id}: {error}")));
            }
        }
    }
    Ok(jobs)
}

/// What fills a name template, but for the app.
#[derive(Debug, Clone)]
pub struct NameBase<'a> {
    /// Our app.
    pub partner: &'a PartnerApp,
    /// The label of the link.
    pub label: &'a str,
    /// The day, UTC.
    pub date: String,
}

impl<'a> NameBase<'a> {
    /// For a run that begins now.
    pub fn today(partner: &'a PartnerApp, label: &'a str) -> Self {
        Self {
            partner,
            label,
            date: jiff::Timestamp::now().strftime("%F").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(id: &str) -> App {
        App {
            id: id.parse().unwrap(),
            name: format!("app {id}"),
            link: None,
        }
    }

    fn pick(granted: &[App], ids: &[&str], all: bool) -> Result<Vec<String>, u8> {
        let wanted = Selection {
            ids: ids.iter().map(|id| id.parse().unwrap()).collect(),
            all,
        };
        select(granted.to_vec(), &wanted, &"7".parse().unwrap())
            .map(|apps| apps.iter().map(|app| app.id.to_string()).collect())
            .map_err(|failure| failure.exit().code())
    }

    #[test]
    fn selection() {
        let granted = [app("1"), app("2"), app("7")];
        assert_eq!(
            pick(&granted, &[], true),
            Ok(vec!["1".into(), "2".into()]),
            "never our own app"
        );
        assert_eq!(
            pick(&granted, &["2", "1", "2"], false),
            Ok(vec!["2".into(), "1".into()])
        );
        assert_eq!(pick(&granted, &["3"], false), Err(1));
        assert_eq!(pick(&granted, &["7"], false), Err(2));
        assert_eq!(pick(&[], &[], true), Err(1));
    }
}
