//! The plan as it is shown: the facts above the table, and the tables; under `--json` one object.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Fate, Plan, PlannedApp, apps};
use crate::{
    context::{Context, failure::Failure},
    engine::{Messaging, PlannedTake, Policy, choose::Finding},
    exit::Kind,
    ids::{AppId, SolutionId},
    journal::Goal,
    session::Session,
    ui::{
        Ui,
        table::{self, Cell},
        table_names::{self, NameColumns},
    },
};

impl Plan {
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
}

/// The facts above the table of apps.
#[derive(Debug, Clone)]
struct PlanHead {
    /// The profile's name.
    profile: String,
    /// The Graph host.
    host: String,
    /// Our app's id.
    partner: AppId,
    /// Our app's name.
    partner_name: String,
    /// The tokens.
    tokens: Vec<TokenLine>,
    /// Who may send messages.
    messaging: Messaging,
    /// How far it goes.
    goal: &'static str,
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

impl PlannedApp<'_> {
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

/// Shows it on stderr.
fn show(ui: &Ui, head: &PlanHead, plan: &Plan) {
    if ui.json() {
        let head = json!({"status": "plan", "plan": object(head, plan)});
        ui.json_list(&head, plan.apps().map(app_object));
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
    fields.push(("looked at", plan.looked_at.as_str().into()));
    fields.push(("goal", head.goal.into()));
    let (width, color) = (ui.streams().width, ui.color_err());
    let head_text = table::card(&fields, width, color);
    let blocks = plan.jobs.chunks(BLOCK).zip(plan.fates.chunks(BLOCK));
    let blocks = blocks.map(|(jobs, fates)| {
        let rows: Vec<Vec<Cell>> = apps(jobs, fates).map(|app| app.row()).collect();
        table_names::render_named(HEADER, &rows, Some(NAMES), width, color)
    });
    if ui.streams().stderr {
        // The head stays on the screen while the pager has the rest, and after it.
        ui.dated_talk(&format!("\n{}\n", ui.clean(&head_text)));
        let tables: String = blocks.collect();
        ui.page_talk(&format!("{tables}\n"));
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

/// One app of the plan, for `--json`.
#[allow(
    clippy::needless_pass_by_value,
    reason = "it is what an iterator gives"
)]
fn app_object(item: PlannedApp<'_>) -> Value {
    json!({
        "app_id": item.job.app.id,
        "app_name": item.job.app.name,
        "link": item.job.app.link,
        "what": item.in_words(),
        "solution_name": item.solution_name(),
    })
}

/// The plan as an object, for `--json`, with room for its apps at the end.
fn object(head: &PlanHead, plan: &Plan) -> Value {
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
        "apps": [],
    })
}
