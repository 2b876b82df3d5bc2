//! What is unfinished, as the operator sees it before the question.
//!
//! The one decision: all of it comes from this machine, so that an operator sees what is to be taken up before Meta is
//! asked; what would come of it is the engine's word, under `--dry-run`.

use crate::{
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
            row(entry, [next_step(entry), last_error])
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
        .map(|entry| serde_json::json!({"app_id": entry.key.owner, "next_step": next_step(entry)}))
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

/// What a row needs as the journal has it. What Meta shows may be further.
fn next_step(entry: &Entry) -> &'static str {
    match (entry.state, entry.goal) {
        (State::Intended, _) => "look, then create",
        (State::Sent | State::Unknown, _) => "look for it",
        (State::Created, Goal::Active) => "look, then accept",
        _ => "look",
    }
}
