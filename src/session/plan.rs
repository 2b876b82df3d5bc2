//! The plan: what a run is going to do, shown before it does it.
//!
//! The one decision: the plan is made of facts that were read, not of intentions. It says for each app what
//! exists with us already, so that the operator sees an adoption or a surplus before anything is sent.

use std::{collections::BTreeMap, pin::pin};

use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

use super::Session;
use crate::{
    context::{Context, failure::Failure},
    engine::{
        self, Engine, Job, Messaging, Planned, PlannedTake, Policy,
        choose::{Finding, find},
        look::Survey,
        used_up,
    },
    exit::Kind,
    graph::{App, Solution, Status},
    ids::{AppId, SolutionId},
    journal::Goal,
    ui::{
        Ui,
        emit::RenderedLine,
        table::{self, Cell},
        table_names::{self, NameColumns},
    },
};

/// What will be done with one app.
#[derive(Debug)]
pub enum Fate {
    /// A solution will be created.
    Create,
    /// The live solution that is there is taken.
    Take(Box<PlannedTake>),
    /// The app is passed over: its latest solution with us is dead.
    Skip(Box<Solution>),
    /// Nothing is left to do.
    Nothing,
    /// It will fail.
    Fail(Box<PlannedFailure>),
}

/// Why an app will fail.
#[derive(Debug)]
pub struct PlannedFailure {
    /// The error.
    pub error: engine::Error,
    /// The solution, where there is one.
    pub solution: Option<SolutionId>,
}

/// One app of the plan.
#[derive(Debug)]
pub struct PlannedApp {
    /// The app and the name that its solution is to have.
    pub job: Job,
    /// What was seen of its solutions with us.
    pub found: Finding,
    /// What will be done.
    pub fate: Fate,
}

/// The facts above the table of apps.
#[derive(Debug, Clone)]
struct PlanHead {
    /// The profile's name.
    pub profile: String,
    /// The Graph host.
    pub host: String,
    /// Our app's id.
    pub partner: AppId,
    /// Our app's name.
    pub partner_name: String,
    /// The tokens.
    pub tokens: Vec<TokenLine>,
    /// Who may send messages.
    pub messaging: Messaging,
    /// How far it goes.
    pub goal: &'static str,
}

/// What the plan says of a token.
#[derive(Debug, Clone)]
struct TokenLine {
    name: &'static str,
    /// Where it came from, whose it is.
    whose: String,
    /// What Meta confirmed of it, and what nobody did.
    proven: String,
}

impl PlanHead {
    fn of(ctx: &Context, session: &Session, policy: &Policy) -> Result<Self, Failure> {
        let app = session.app()?;
        let user = session.user.as_ref().map(|user| {
            let who = user.checked.user_id.as_ref().map_or_else(
                || "somebody (Meta does not say who)".to_owned(),
                |id| format!("user {id}"),
            );
            let unscoped = if user.checked.unscoped {
                ", without manage_app_solution in Meta's answer (--no-scope-check)"
            } else {
                ""
            };
            let whose = format!("from {}, {who}{unscoped}", user.source);
            TokenLine {
                name: "user token",
                whose,
                proven: user.checked.proof.in_words(),
            }
        });
        let system = session.system.as_ref().map(|system| {
            let who = system.user_id.as_ref().map_or_else(
                || "a system user".to_owned(),
                |id| format!("system user {id}"),
            );
            let whose = format!("from {}, {who}", system.source);
            TokenLine {
                name: "system token",
                whose,
                proven: system.proof.in_words(),
            }
        });
        Ok(Self {
            profile: ctx.profile_name(),
            host: session.graph.base().host_label().to_owned(),
            partner: app.id.clone(),
            partner_name: app.name.clone(),
            tokens: user.into_iter().chain(system).collect(),
            messaging: policy.messaging,
            goal: match policy.goal {
                Goal::Active => "created and accepted (ACTIVE)",
                Goal::Initiated => "created, not accepted (INITIATED)",
            },
        })
    }
}

/// What a run is going to do, app by app.
pub struct Plan {
    /// The apps, in the order in which they were asked for.
    pub apps: Vec<PlannedApp>,
    /// What the engine need not read again.
    pub survey: Survey,
    /// Which listings could be read, in words.
    pub looked_at: &'static str,
}

impl Plan {
    /// Asks the engine what it would do with each app.
    pub async fn make(engine: &Engine, jobs: Vec<Job>) -> Result<Self, Failure> {
        engine.look_for_all(&jobs).await;
        let mut apps = Vec::with_capacity(jobs.len());
        let planned = futures_util::stream::iter(used_up(jobs).map(|job| one(engine, job)));
        let mut planned = pin!(planned.buffered(engine.at_once()));
        while let Some(app) = planned.try_next().await? {
            apps.push(app);
        }
        Ok(Self {
            apps,
            survey: engine.survey.clone(),
            looked_at: if engine.policy.look {
                engine.survey.in_words()
            } else {
                "none (--no-look)"
            },
        })
    }

    /// The question below the plan: what is still to be done, in numbers.
    pub fn question(&self, goal: Goal) -> String {
        question(&self.apps, goal)
    }

    /// Whether anything would be sent that changes something; where not, there is nothing to ask.
    pub fn writes(&self) -> bool {
        self.apps.iter().any(|app| app.fate.writes())
    }

    /// Shows the plan on stderr; `--quiet` keeps it away unless a person is asked about it.
    pub fn show(
        &self,
        ctx: &Context,
        session: &Session,
        policy: &Policy,
        asked: bool,
    ) -> Result<(), Failure> {
        if !ctx.ui.quiet() || asked {
            show(&ctx.ui, &PlanHead::of(ctx, session, policy)?, self);
        }
        Ok(())
    }

    /// What the engine is to do. The apps' links, which only the plan shows, stay behind.
    pub fn into_jobs(self) -> Vec<Job> {
        let mut jobs = Vec::with_capacity(self.apps.len());
        jobs.extend(used_up(self.apps).map(|planned| Job {
            app: App {
                link: None,
                ..planned.job.app
            },
            name: planned.job.name,
        }));
        jobs
    }
}

/// A row of a dry run; without a table where the plan, which tells more, stands on the same terminal.
pub fn row_below<E>(ctx: &Context, mut line: RenderedLine<E>) -> RenderedLine<E> {
    let streams = ctx.ui.streams();
    if streams.stdout && streams.stderr && !ctx.ui.quiet() {
        line.cells.clear();
    }
    line
}

async fn one(engine: &Engine, job: Job) -> Result<PlannedApp, Failure> {
    let fate = Fate::from(engine.plan(&job).await?);
    let found = find(&engine.seen(&job.app.id));
    Ok(PlannedApp { job, found, fate })
}

impl From<Planned> for Fate {
    fn from(planned: Planned) -> Self {
        match planned {
            Planned::Create => Self::Create,
            Planned::Take(take) => Self::Take(take),
            Planned::Skip(solution) => Self::Skip(Box::new(solution)),
            Planned::Nothing => Self::Nothing,
            Planned::Stops { solution, error } => {
                Self::Fail(Box::new(PlannedFailure { error, solution }))
            }
        }
    }
}

impl Fate {
    /// Whether something would be sent. What had no answer is looked for, and sent anew where nothing was made.
    fn writes(&self) -> bool {
        match self {
            Self::Create => true,
            Self::Take(taken) => taken.writes,
            Self::Skip(_) | Self::Nothing => false,
            Self::Fail(failure) => failure.error.kind() == Kind::UnknownOutcome,
        }
    }
}

impl PlannedApp {
    /// Its row of the table.
    fn row(&self) -> Vec<Cell> {
        let link = self.job.app.link.as_deref().unwrap_or_default();
        // Shown without what every link has, so that a table of five columns fits a terminal.
        let link = link.trim_start_matches("https://").trim_end_matches('/');
        vec![
            self.job.app.id.as_str().into(),
            self.job.app.name.as_str().into(),
            link.into(),
            self.in_words().into(),
            self.solution_name().into(),
        ]
    }

    /// What the plan says about the app.
    fn in_words(&self) -> String {
        let existing = match &self.found {
            Finding::Free => String::new(),
            Finding::Live(taken) => format!("has {} ({})", taken.id, taken.status),
            Finding::Dead(latest) => format!("had {} ({})", latest.id, latest.status),
        };
        match &self.fate {
            Fate::Create if existing.is_empty() => "create".to_owned(),
            Fate::Create => format!("create; {existing}"),
            Fate::Take(taken) => {
                let PlannedTake {
                    solution, surplus, ..
                } = taken.as_ref();
                let take = format!("take {} {}", solution.status, solution.id);
                if surplus.is_empty() {
                    take
                } else {
                    let others: Vec<&str> = surplus.iter().map(SolutionId::as_str).collect();
                    format!("{take}; nobody needs {}", others.join(", "))
                }
            }
            Fate::Skip(solution) => format!("pass over: {} is {}", solution.id, solution.status),
            Fate::Nothing => "nothing".to_owned(),
            Fate::Fail(failure) if failure.error.kind() == Kind::UnknownOutcome => {
                "look for what an earlier create made".to_owned()
            }
            Fate::Fail(failure) => format!("will fail: {}", failure.error),
        }
    }

    /// The name shown: that of the existing solution where it is taken.
    pub fn solution_name(&self) -> &str {
        match &self.fate {
            Fate::Take(taken) if !taken.solution.name.is_empty() => &taken.solution.name,
            _ => &self.job.name,
        }
    }
}

fn question(apps: &[PlannedApp], goal: Goal) -> String {
    let count = |fits: fn(&Fate) -> bool| apps.iter().filter(|app| fits(&app.fate)).count();
    let new = count(|fate| matches!(fate, Fate::Create));
    let waiting = count(
        |fate| matches!(fate, Fate::Take(taken) if taken.solution.status == Status::Initiated),
    );
    let solutions = |count| match count {
        1 => "1 solution".to_owned(),
        count => format!("{count} solutions"),
    };
    let unknown = count(|fate| matches!(fate, Fate::Fail(..)) && fate.writes());
    match (new, goal, waiting) {
        (0, Goal::Initiated, _) | (0, Goal::Active, 0) if unknown > 0 => {
            "Look for what earlier creates made, and go on?".to_owned()
        }
        (0, Goal::Initiated, _) | (0, Goal::Active, 0) => {
            "Reject what nobody needs beside what exists?".to_owned()
        }
        (new, Goal::Initiated, _) => format!("Create {}?", solutions(new)),
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

fn show(ui: &Ui, head: &PlanHead, plan: &Plan) {
    if ui.json() {
        ui.painted("", "plan", json!({"plan": object(head, plan)}));
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
    for token in &head.tokens {
        fields.push((token.name, token.whose.as_str().into()));
        fields.push(("  proven", token.proven.as_str().into()));
    }
    fields.push(("messages", head.messaging.in_words().into()));
    fields.push(("looked at", plan.looked_at.into()));
    fields.push(("goal", head.goal.into()));
    let (width, color) = (ui.streams().width, ui.color_err());
    let head_text = table::card(&fields, width, color);
    let blocks = plan.apps.chunks(BLOCK).map(|apps| {
        let rows: Vec<Vec<Cell>> = apps.iter().map(PlannedApp::row).collect();
        table_names::render_named(HEADER, &rows, Some(NAMES), width, color)
    });
    if ui.streams().stderr {
        // The head stays on the screen while the pager has the rest, and after it.
        ui.dated_talk(&format!("\n{}\n", ui.clean(&head_text)));
        let apps: String = blocks.collect();
        ui.page_talk(&format!("{apps}\n"));
    } else {
        ui.painted(&format!("\n{head_text}\n"), "plan", Value::Null);
        blocks.for_each(|block| ui.raw_talk(&ui.clean(&block)));
        ui.raw_talk("\n");
    }
}

/// Apps of one table. The cells of a long plan would take many times what the plan takes itself, and the headings come back
/// for whoever has scrolled them away.
const BLOCK: usize = 500;

const HEADER: &[&str] = &["APP", "NAME", "LINK", "WHAT", "SOLUTION NAME"];

/// Where the names stand in it.
const NAMES: NameColumns = NameColumns { name: 4, app: 1 };

/// The plan as an object, for `--json`.
fn object(head: &PlanHead, plan: &Plan) -> Value {
    let apps: Vec<Value> = plan
        .apps
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
    let of_tokens = |said: fn(&TokenLine) -> &String| -> BTreeMap<_, _> {
        let lines = head.tokens.iter();
        lines
            .map(|token| (token.name, said(token).clone()))
            .collect()
    };
    json!({
        "profile": head.profile,
        "host": head.host,
        "partner_app_id": head.partner,
        "partner_name": head.partner_name,
        "messaging": head.messaging.word(),
        "tokens": of_tokens(|token| &token.whose),
        "proven": of_tokens(|token| &token.proven),
        "looked_at": plan.looked_at,
        "goal": head.goal,
        "apps": apps,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::App;

    fn app(id: &str) -> App {
        App {
            id: id.parse().unwrap(),
            name: format!("app {id}"),
            link: None,
        }
    }

    #[test]
    #[allow(clippy::items_after_statements)]
    fn the_question_counts() {
        let item = |fate: &fn() -> Fate| PlannedApp {
            job: Job {
                app: app("1"),
                name: "x".into(),
            },
            found: Finding::Free,
            fate: fate(),
        };
        fn there(status: Status) -> Box<Solution> {
            Box::new(Solution {
                id: "795".parse().unwrap(),
                name: String::new(),
                status,
                pending: crate::graph::Pending::None,
                owner_app: None,
                owner_permissions: None,
                partners: None,
            })
        }
        fn take(status: Status) -> Fate {
            Fate::Take(Box::new(PlannedTake {
                writes: status == Status::Initiated,
                solution: *there(status),
                outcome: engine::Outcome::Accepted,
                surplus: Vec::new(),
                open_post: false,
            }))
        }
        let new: fn() -> Fate = || Fate::Create;
        let waiting: fn() -> Fate = || take(Status::Initiated);
        let active: fn() -> Fate = || take(Status::Active);
        let over: fn() -> Fate = || Fate::Skip(there(Status::Rejected));
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
                "Reject what nobody needs beside what exists?",
                "Accept 1 solution? Accepting cannot be undone.",
            ),
        ] {
            let items: Vec<PlannedApp> = fates.iter().map(|fate| item(fate)).collect();
            assert_eq!(question(&items, Goal::Initiated), create);
            assert_eq!(question(&items, Goal::Active), onboard);
            assert!(items.iter().any(|item| item.fate.writes()));
        }
        assert!(!active().writes() && !over().writes() && !Fate::Nothing.writes());
    }
}
