//! What is unfinished, as the operator sees it before the question.
//!
//! The one decision: all of it comes from this machine, so that `--dry-run` needs no Meta and no token.

use crate::{
    commands::{
        Line,
        rows::{CreateRecord, ResumeRecord},
    },
    context::{Context, Sourced, failure::Failure},
    ids::AppId,
    journal::{Entry, Goal, State},
    secret::{SystemToken, UserToken},
    ui::table::{self, Cell},
};

/// Shows who is about to act, as far as it is known before Meta is asked, and what is unfinished.
pub(super) fn unfinished(
    ctx: &Context,
    partner: &AppId,
    (user, system): (&Option<Sourced<UserToken>>, &Option<Sourced<SystemToken>>),
    entries: &[Entry],
) -> Result<(), Failure> {
    let from = |source: Option<&String>| {
        source.map_or_else(|| "none".to_owned(), |source| format!("from {source}"))
    };
    let head = [
        ("profile", ctx.profile_name().into()),
        ("host", ctx.base_url()?.host_label().into()),
        ("our app", partner.as_str().into()),
        (
            "user token",
            from(user.as_ref().map(|held| &held.source)).into(),
        ),
        (
            "system token",
            from(system.as_ref().map(|held| &held.source)).into(),
        ),
    ];
    let rows: Vec<Vec<Cell>> = entries
        .iter()
        .map(|entry| {
            let last_error = entry.last_error.as_deref().unwrap_or_default();
            row(entry, [next_step(entry).0, last_error])
        })
        .collect();
    let header = &[
        "APP",
        "NAME",
        "SOLUTION",
        "SOLUTION NAME",
        "NEXT STEP",
        "LAST ERROR",
    ];
    let (width, color) = (ctx.ui.streams().width, ctx.ui.color_err());
    let head = table::card(&head, width, color);
    let text = format!("{head}\n{}", table::render(header, &rows, width, color));
    let apps: Vec<_> = entries
        .iter()
        .map(
            |entry| serde_json::json!({"app_id": entry.key.owner, "next_step": next_step(entry).0}),
        )
        .collect();
    ctx.ui.painted(
        &format!("{text}\n"),
        "unfinished",
        serde_json::json!({"apps": apps}),
    );
    Ok(())
}

/// An app and its solution, and what is to be said of them.
fn row(entry: &Entry, said: [&str; 2]) -> Vec<Cell> {
    let solution = entry.solution_id.as_ref().map_or("", |id| id.as_str());
    let names = [
        entry.key.owner.as_str(),
        &entry.owner_name,
        solution,
        &entry.solution_name,
    ];
    names.into_iter().chain(said).map(Cell::from).collect()
}

/// `--dry-run`.
pub(super) fn would(partner: &AppId, entry: &Entry) -> Line {
    let (_, outcome) = next_step(entry);
    Line::of(&ResumeRecord {
        app: CreateRecord {
            app_id: Some(entry.key.owner.clone()),
            app_name: Some(entry.owner_name.clone()),
            partner_app_id: partner.clone(),
            solution_id: entry.solution_id.clone(),
            solution_name: Some(entry.solution_name.clone()),
            status: None,
            pending: None,
            outcome,
        },
        verified: None,
        label: entry.link_label.clone(),
        surplus: Vec::new(),
        open_post: entry.has_open_post(),
    })
}

/// What a row needs, in words, and as the outcome of `--dry-run`.
fn next_step(entry: &Entry) -> (&'static str, &'static str) {
    match (entry.state, entry.goal) {
        (State::Intended, _) => ("create", "would_create"),
        (State::Sent | State::Unknown, _) => ("look for it", "would_look_for_it"),
        (State::Created, Goal::Active) => ("accept", "would_accept"),
        _ => ("nothing", "would_nothing"),
    }
}
