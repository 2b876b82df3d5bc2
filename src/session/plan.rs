//! The plan: what a run is going to do, shown before it does it.
//!
//! The one decision: the plan is made of facts that were read, not of intentions. It says for each app what
//! exists with us already, so that the operator sees an adoption or a surplus before anything is sent.

use std::{collections::BTreeMap, fmt::Write as _};

use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

use crate::{
    context::failure::Failure,
    engine::{
        self, Messaging,
        choose::{Finding, find},
        create::Job,
        look::{LookError, Looked, Looker, Survey},
    },
    exit::Kind,
    graph::{self, App, Graph, Status, Token},
    ids::{AppId, SolutionId},
    journal::Goal,
    secret::{SystemToken, UserToken},
    ui::{
        Ui,
        table::{self, Cell},
    },
};

/// Looks per app that may be under way at once while planning.
const LOOKS_AT_ONCE: usize = 4;

/// Which apps the operator asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// By id.
    pub ids: Vec<AppId>,
    /// `--all`.
    pub all: bool,
}

/// What will be done with one app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A solution will be created.
    Create,
    /// The live solution that is there is taken.
    Take(SolutionId, Status),
    /// The app is passed over: its latest solution with us is dead.
    Skip(SolutionId, Status),
}

/// One app of the plan.
#[derive(Debug, Clone)]
pub struct Item {
    /// The app and the name that its solution is to have.
    pub job: Job,
    /// What the look found.
    pub found: Finding,
    /// What will be done.
    pub fate: Fate,
}

/// The facts above the table of apps.
#[derive(Debug, Clone)]
pub struct Head {
    /// The profile's name.
    pub profile: String,
    /// The Graph host.
    pub host: String,
    /// Our app's id.
    pub partner: AppId,
    /// Our app's name.
    pub partner_name: String,
    /// Each token: what it is, where it came from, whose it is.
    pub tokens: Vec<(String, String)>,
    /// Who may send messages.
    pub messaging: Messaging,
    /// Which listings could be read.
    pub reads: &'static str,
    /// How far it goes.
    pub goal: &'static str,
}

/// The apps that the Tech Provider granted, all pages.
pub async fn granted(graph: &Graph, user: &UserToken) -> Result<Vec<App>, Failure> {
    Ok(graph.granted_apps(user).try_collect().await?)
}

/// The apps that were asked for, in the order they were asked for, each once.
pub fn select(granted: &[App], wanted: &Wanted, partner: &AppId) -> Result<Vec<App>, Failure> {
    if granted.is_empty() {
        return Err(Failure::new(
            Kind::State,
            "the Tech Provider granted no app: no app was ticked",
        )
        .hint("the Tech Provider clicks the button again and ticks the apps: mps serve-button"));
    }
    if wanted.all {
        return Ok(granted
            .iter()
            .filter(|app| app.id != *partner)
            .cloned()
            .collect());
    }
    let mut chosen: Vec<App> = Vec::new();
    for id in &wanted.ids {
        if id == partner {
            return Err(own_app(id));
        }
        let app = granted
            .iter()
            .find(|app| app.id == *id)
            .ok_or_else(|| not_granted(granted, id))?;
        if !chosen.iter().any(|known| known.id == *id) {
            chosen.push(app.clone());
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

/// Our name: the setting, else our app's name read from Meta, else our app's id.
pub async fn partner_name(
    set: Option<String>,
    graph: &Graph,
    partner: &AppId,
    system: Option<&SystemToken>,
    user: Option<&UserToken>,
) -> String {
    if let Some(name) = set {
        return name;
    }
    let tokens = system
        .map(Token::System)
        .into_iter()
        .chain(user.map(Token::User));
    for token in tokens {
        if let Ok(app) = graph.app(token, partner).await
            && !app.name.trim().is_empty()
        {
            return app.name;
        }
    }
    partner.to_string()
}

/// The look over all jobs.
pub struct Surveyed {
    /// Each with what was found.
    pub items: Vec<Item>,
    /// What the engine need not read again.
    pub survey: Survey,
    /// Which listings could be read, in words.
    pub reads: &'static str,
}

/// What the operator asked of the look.
#[derive(Debug, Clone, Copy)]
pub struct LookWishes {
    /// Off with `--no-look`.
    pub look: bool,
    /// `--allow-duplicate`.
    pub allow_duplicate: bool,
    /// `--all`: dead ones are passed over.
    pub pass_over_dead: bool,
}

/// Looks for what exists: our side once where that is cheaper, else each app's side.
pub async fn survey(
    looker: Looker<'_>,
    jobs: Vec<Job>,
    wishes: LookWishes,
) -> Result<Surveyed, Failure> {
    if !wishes.look {
        let items = jobs.into_iter().map(|job| Item {
            job,
            found: Finding::Free,
            fate: Fate::Create,
        });
        return Ok(Surveyed {
            items: items.collect(),
            survey: Survey::default(),
            reads: "none (--no-look)",
        });
    }
    let owners: Vec<AppId> = jobs.iter().map(|job| job.app.id.clone()).collect();
    let survey = looker.survey(&owners).await?;
    let read = &survey;
    let looks =
        futures_util::stream::iter(jobs.into_iter().map(|job| one(looker, read, job, wishes)));
    let items: Vec<Item> = looks.buffered(LOOKS_AT_ONCE).try_collect().await?;
    let reads = if survey.is_read() {
        "our app's side"
    } else {
        "the Tech Provider's side"
    };
    Ok(Surveyed {
        items,
        survey,
        reads,
    })
}

async fn one<'a>(
    looker: Looker<'a>,
    survey: &'a Survey,
    job: Job,
    wishes: LookWishes,
) -> Result<Item, Failure> {
    let looked: Looked = match survey.of(&job.app.id) {
        Some(looked) => looked,
        None => looker
            .look(&job.app.id)
            .await
            .map_err(|error| match error {
                LookError::Refused(error) => refused(&job, Some(error)),
                LookError::Unshown => refused(&job, None),
                LookError::Failed(error) => (*error).into(),
            })?,
    };
    let found = find(&looked.ours);
    let fate = fate(&found, wishes);
    Ok(Item { job, found, fate })
}

fn refused(job: &Job, error: Option<Box<graph::Error>>) -> Failure {
    engine::Error::LookRefused {
        owner: job.app.id.clone(),
        error,
    }
    .into()
}

/// What will be done with what was found.
fn fate(found: &Finding, wishes: LookWishes) -> Fate {
    match found {
        _ if wishes.allow_duplicate => Fate::Create,
        Finding::Live { taken, .. } => Fate::Take(taken.id.clone(), taken.status.clone()),
        Finding::Dead(latest) if wishes.pass_over_dead => {
            Fate::Skip(latest.id.clone(), latest.status.clone())
        }
        Finding::Dead(_) | Finding::Free => Fate::Create,
    }
}

impl Item {
    /// What the plan says about the app.
    fn in_words(&self) -> String {
        let existing = match &self.found {
            Finding::Free => String::new(),
            Finding::Live { taken, .. } => format!("has {} ({})", taken.id, taken.status),
            Finding::Dead(latest) => format!("had {} ({})", latest.id, latest.status),
        };
        match &self.fate {
            Fate::Create if existing.is_empty() => "create".to_owned(),
            Fate::Create => format!("create; {existing}"),
            Fate::Take(id, status) => format!("take {id} ({status})"),
            Fate::Skip(id, status) => format!("pass over: {id} is {status}"),
        }
    }

    /// The name shown: that of the existing solution where it is taken.
    pub fn solution_name(&self) -> &str {
        match (&self.fate, &self.found) {
            (Fate::Take(..), Finding::Live { taken, .. }) => &taken.name,
            _ => &self.job.name,
        }
    }
}

/// The question below the plan: what is still to be done, in numbers.
pub fn question(items: &[Item], goal: Goal) -> String {
    let count = |fits: fn(&Fate) -> bool| items.iter().filter(|item| fits(&item.fate)).count();
    let new = count(|fate| *fate == Fate::Create);
    let waiting = count(|fate| matches!(fate, Fate::Take(_, Status::Initiated)));
    let solutions = |count| match count {
        1 => "1 solution".to_owned(),
        count => format!("{count} solutions"),
    };
    match (new, goal, waiting) {
        (0, Goal::Initiated, _) => "There is nothing to create. Go on with what exists?".to_owned(),
        (new, Goal::Initiated, _) => format!("Create {}?", solutions(new)),
        (0, Goal::Active, 0) => {
            "There is nothing to create or accept. Go on with what exists?".to_owned()
        }
        (0, Goal::Active, waiting) => {
            format!("Accept {}? Accepting cannot be undone.", solutions(waiting))
        }
        (new, Goal::Active, waiting) => format!(
            "Create {}, and accept {}? Accepting cannot be undone.",
            solutions(new),
            new + waiting
        ),
    }
}

/// Shows the plan on stderr; `--quiet` keeps it away unless a person is asked about it.
pub fn show(ui: &Ui, head: &Head, items: &[Item], asked: bool) {
    if ui.quiet() && !asked {
        return;
    }
    let mut fields: Vec<(&str, Cell)> = vec![
        ("profile", head.profile.as_str().into()),
        ("host", head.host.as_str().into()),
        (
            "our app",
            format!("{} ({})", head.partner_name, head.partner).into(),
        ),
    ];
    fields.extend(
        head.tokens
            .iter()
            .map(|(what, whose)| (what.as_str(), Cell::from(whose.as_str()))),
    );
    fields.push(("messages", head.messaging.in_words().into()));
    fields.push(("looked at", head.reads.into()));
    fields.push(("goal", head.goal.into()));
    let rows: Vec<Vec<Cell>> = items
        .iter()
        .map(|item| {
            let link = item.job.app.link.as_deref().unwrap_or_default();
            // Shown without what every link has, so that a table of five columns fits a terminal.
            let link = link.trim_start_matches("https://").trim_end_matches('/');
            vec![
                item.job.app.id.as_str().into(),
                item.job.app.name.as_str().into(),
                link.into(),
                item.in_words().into(),
                item.solution_name().into(),
            ]
        })
        .collect();
    let (width, color) = (ui.streams().width, ui.color_err());
    let mut text = String::from("\n");
    let _ = write!(
        text,
        "{}\n{}\n",
        table::card(&fields, width, color),
        table::render(HEADER, &rows, width, color)
    );
    ui.painted(&text, "plan", json!({"plan": object(head, items)}));
}

const HEADER: &[&str] = &["APP", "NAME", "LINK", "WHAT", "SOLUTION NAME"];

/// The plan as an object, for `--json`.
fn object(head: &Head, items: &[Item]) -> Value {
    let apps: Vec<Value> = items
        .iter()
        .map(|item| {
            json!({
                "app_id": item.job.app.id,
                "app_name": item.job.app.name,
                "link": item.job.app.link,
                "what": item.in_words(),
                "solution_name": item.solution_name(),
            })
        })
        .collect();
    json!({
        "profile": head.profile,
        "host": head.host,
        "partner_app_id": head.partner,
        "partner_name": head.partner_name,
        "messaging": head.messaging.word(),
        "tokens": head.tokens.iter().cloned().collect::<BTreeMap<_, _>>(),
        "looked_at": head.reads,
        "goal": head.goal,
        "apps": apps,
    })
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
        let wanted = Wanted {
            ids: ids.iter().map(|id| id.parse().unwrap()).collect(),
            all,
        };
        select(granted, &wanted, &"7".parse().unwrap())
            .map(|apps| apps.iter().map(|app| app.id.to_string()).collect())
            .map_err(|failure| failure.exit().code())
    }

    #[test]
    fn the_question_counts() {
        let item = |fate: &Fate| Item {
            job: Job {
                app: app("1"),
                name: "x".into(),
            },
            found: Finding::Free,
            fate: fate.clone(),
        };
        let id: SolutionId = "795".parse().unwrap();
        let new = Fate::Create;
        let waiting = Fate::Take(id.clone(), Status::Initiated);
        let active = Fate::Take(id.clone(), Status::Active);
        let over = Fate::Skip(id, Status::Rejected);
        for (fates, create, onboard) in [
            (
                &[&new][..],
                "Create 1 solution?",
                "Create 1 solution, and accept 1? Accepting cannot be undone.",
            ),
            (
                &[&new, &new, &waiting, &active],
                "Create 2 solutions?",
                "Create 2 solutions, and accept 3? Accepting cannot be undone.",
            ),
            (
                &[&waiting, &active],
                "There is nothing to create. Go on with what exists?",
                "Accept 1 solution? Accepting cannot be undone.",
            ),
            (
                &[&active, &over],
                "There is nothing to create. Go on with what exists?",
                "There is nothing to create or accept. Go on with what exists?",
            ),
        ] {
            let items: Vec<Item> = fates.iter().map(|fate| item(fate)).collect();
            assert_eq!(question(&items, Goal::Initiated), create);
            assert_eq!(question(&items, Goal::Active), onboard);
        }
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
