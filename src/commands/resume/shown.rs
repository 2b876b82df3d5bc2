//! What is unfinished, as the operator sees it before the question.
//!
//! The one decision: all of it comes from this machine, so that `--dry-run` needs no Meta and no token.

use crate::{
    commands::Line,
    context::{Context, Held},
    ids::AppId,
    journal::{Entry, Goal, State},
    report::Failure,
    secret::{SystemToken, UserToken},
    ui::table::{self, Cell},
};

/// Shows who is about to act, as far as it is known before Meta is asked, and what is unfinished.
pub(super) fn unfinished(
    ctx: &Context,
    partner: &AppId,
    (user, system): (&Option<Held<UserToken>>, &Option<Held<SystemToken>>),
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
            vec![
                entry.key.owner.as_str().into(),
                entry.owner_name.as_str().into(),
                entry
                    .solution_id
                    .as_ref()
                    .map_or("", |id| id.as_str())
                    .into(),
                entry.solution_name.as_str().into(),
                next_step(entry).into(),
                entry.last_error.clone().unwrap_or_default().into(),
            ]
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

/// `--dry-run`.
pub(super) fn would(partner: &AppId, entry: &Entry) -> Line {
    let word = format!("would_{}", next_step(entry).replace(' ', "_"));
    let json = serde_json::json!({
        "app_id": entry.key.owner,
        "app_name": entry.owner_name,
        "partner_app_id": partner,
        "solution_id": entry.solution_id,
        "solution_name": entry.solution_name,
        "status": null,
        "pending": null,
        "outcome": word,
        "verified": null,
    });
    let cells = vec![
        entry.key.owner.as_str().into(),
        entry.owner_name.as_str().into(),
        entry
            .solution_id
            .as_ref()
            .map_or("", |id| id.as_str())
            .into(),
        entry.solution_name.as_str().into(),
        "".into(),
        word.into(),
    ];
    Line {
        plain: entry.solution_id.as_ref().map(ToString::to_string),
        json,
        masked: None,
        cells,
        failed: None,
    }
}

/// What a row needs, in words.
fn next_step(entry: &Entry) -> &'static str {
    match (entry.state, entry.goal) {
        (State::Intended, _) => "create",
        (State::Sent | State::Unknown, _) => "look for it",
        (State::Created, Goal::Active) => "accept",
        _ => "nothing",
    }
}
