//! `mps show`: one solution whole, in both vocabularies, and who must act next.

use std::sync::{Arc, OnceLock};

use clap::Args;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::{
    Line, Output,
    args::{SystemTokenArg, UserTokenArg},
    rows,
};
use crate::{
    context::{Context, failure::Failure, missing, settings},
    engine,
    exit::Kind,
    graph::{App, NextStep, Partner, Solution},
    ids::{AppId, SolutionId},
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
                    Ok(solution) => Ok(card(&partner, &solution)),
                    Err(failure) => Ok(Card {
                        fields: Vec::new(),
                        line: rows::solution_failed(&ctx, id.as_str(), failure, several),
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

fn card(partner: &AppId, solution: &Solution) -> Card<Failure> {
    let role = role(partner, solution);
    let next = whose_turn(role, solution);
    let plain = Some(format!(
        "{}\t{}\t{}",
        solution.id,
        solution.status,
        solution.name.replace(['\t', '\n'], " ")
    ));
    Card {
        fields: fields(solution, role, &next),
        line: Line {
            plain,
            json: object(solution, role, &next),
            masked: None,
            cells: Vec::new(),
            failed: None,
        },
    }
}

/// The fields of a terminal's card.
fn fields(
    solution: &Solution,
    role: Option<&'static str>,
    next: &str,
) -> Vec<(&'static str, Cell)> {
    const UNSHOWN: &str = "not shown by Meta";
    let app = |app: &App| format!("{} ({})", app.name, app.id);
    let or_unshown = |text: Option<String>| text.unwrap_or_else(|| UNSHOWN.to_owned()).into();
    let owner_may = solution.owner_permissions.as_deref().map(words);
    let mut fields: Vec<(&str, Cell)> = vec![
        ("solution", solution.id.as_str().into()),
        ("name", solution.name.as_str().into()),
        ("status", rows::status_cell(&solution.status)),
        (
            "dashboard",
            solution.status.dashboard(&solution.pending).into(),
        ),
        ("pending", solution.pending.as_str().into()),
        ("our role", role.unwrap_or(UNSHOWN).into()),
        (
            "owner app",
            or_unshown(solution.owner_app.as_ref().map(app)),
        ),
        ("owner may", or_unshown(owner_may)),
    ];
    for side in solution.partners.iter().flatten() {
        fields.push(("partner app", app(&side.app).into()));
        fields.push(("partner may", words(&side.permissions).into()));
        fields.push(("partner is", or_unshown(side.status.clone())));
    }
    if solution.partners.is_none() {
        fields.push(("partner app", UNSHOWN.into()));
    }
    fields.push(("next", next.into()));
    fields
}

/// The object of `--json`.
fn object(solution: &Solution, role: Option<&'static str>, next: &str) -> Value {
    let owner = solution.owner_app.as_ref();
    let partners = solution.partners.as_ref().map(|sides| {
        let side = |side: &Partner| {
            json!({
                "app_id": side.app.id,
                "app_name": side.app.name,
                "permissions": side.permissions,
                "status": side.status,
            })
        };
        sides.iter().map(side).collect::<Vec<_>>()
    });
    json!({
        "solution_id": solution.id,
        "solution_name": solution.name,
        "status": solution.status.as_str(),
        "pending": solution.pending.as_str(),
        "dashboard": solution.status.dashboard(&solution.pending),
        "role": role,
        "owner_app_id": owner.map(|app| &app.id),
        "owner_app_name": owner.map(|app| &app.name),
        "owner_permissions": solution.owner_permissions,
        "partners": partners,
        "next": next,
    })
}
