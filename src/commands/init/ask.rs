//! `mps init` on a terminal: one question after the other.
//!
//! The one decision: before each question stands where in Meta's dashboards its answer is, and after each
//! answer what Meta says of it. A wrong answer is asked for again; Ctrl-C leaves everything as it was.

use serde_json::json;

use super::{
    args::{InitArgs, Store},
    check::{Check, is_out_of_reach},
    draft::Draft,
};
use crate::{
    context::{Context, failure::Failure},
    doctor::why_not,
    exit::Kind,
    ids::AppId,
    profile::{Profile, SecretKind, SecretLocation},
    secret::Secret,
    ui::{
        Label,
        prompt::{self, Enter},
    },
};

/// Where a value stands; in lines that a terminal of 80 columns does not break.
const APP_ID: &str = "\
Our app's id
  Meta for Developers, My Apps, your app: the number at the top left of its
  dashboard.";
const STORES: &str = "\
Where mps gets the secrets from
  Our system token (needed to accept) and our app secret (signs calls, tells
  when tokens end).";
const SECRET: &str = "\
The app secret
  App Dashboard, App settings, Basic, App secret, Show.";
const TOKEN: &str = "\
The system token
  Business Settings, Users, System users: an admin system user with our app
  assigned; Generate token, our app, with manage_app_solution and
  whatsapp_business_management.";
const NAME: &str = "\
Our name
  It stands in the names of solutions and in messages.";
const MESSAGING: &str = "\
Who may send messages
  Both, as in Meta's guide, unless you agreed otherwise with your Tech
  Providers.";

/// Asks for everything.
pub(super) async fn draft(
    ctx: &Context,
    args: &InitArgs,
    old: &Profile,
    check: Check<'_>,
) -> Result<Draft, Failure> {
    let mut draft = Draft::default();
    let name = old.name();
    let begin = if old.path().exists() {
        format!("Profile {name} is there; Enter keeps what it holds.")
    } else {
        format!("A new profile, {name}. Ctrl-C leaves everything as it is.")
    };
    ctx.ui.block(&begin, json!({}));
    let id = app_id(ctx, old).await?;
    draft.set("partner_app_id", id.as_str());
    for (key, value) in args.settings(ctx) {
        draft.set(key, &value);
    }
    draft.judge()?;
    let store = store(ctx, args).await?;
    secret(
        ctx,
        args,
        old,
        check,
        (SecretKind::AppSecret, store),
        &id,
        &mut draft,
    )
    .await?;
    secret(
        ctx,
        args,
        old,
        check,
        (SecretKind::SystemToken, store),
        &id,
        &mut draft,
    )
    .await?;
    let app_name = check.app_name(&id, &draft).await;
    our_name(ctx, old, app_name, &mut draft).await?;
    messaging(ctx, old, &mut draft).await?;
    agree(ctx, old, &mut draft).await?;
    Ok(draft)
}

fn explain(ctx: &Context, text: &str) {
    ctx.ui.block(&format!("\n{text}"), json!({}));
}

fn complain(ctx: &Context, failure: &Failure) {
    ctx.ui.status_as(Label::Bad, &failure.line(), json!({}));
    if let Some(hint) = &failure.hint {
        ctx.ui.status_as(Label::Hint, hint, json!({}));
    }
}

async fn app_id(ctx: &Context, old: &Profile) -> Result<AppId, Failure> {
    explain(ctx, APP_ID);
    let known = ctx.partner_if_known().ok().flatten();
    let known = known
        .map(|id| id.to_string())
        .or_else(|| old.values().remove("partner_app_id"));
    loop {
        let text = prompt::line(&ctx.ui, "App id", known.clone()).await?;
        match text.trim().parse::<AppId>() {
            Ok(id) => return Ok(id),
            Err(error) => complain(ctx, &Failure::usage(error.to_string())),
        }
    }
}

/// Where the secrets are to be; the option answers too.
async fn store(ctx: &Context, args: &InitArgs) -> Result<Store, Failure> {
    if let Some(store) = args.secret_store {
        return Ok(store);
    }
    explain(ctx, STORES);
    let keyring = ctx.keyring().check();
    let mut stores = vec![
        (
            Store::Command,
            "a command that prints them, of a password manager",
        ),
        (
            Store::None,
            "not kept: options or the environment, each time",
        ),
        (Store::File, "a file that only you can read"),
    ];
    match keyring {
        Ok(()) => stores.insert(0, (Store::Keyring, "the keyring of this system")),
        Err(error) => {
            let cause = Failure::from(error).line();
            ctx.ui
                .status_as(Label::Dim, &format!("No keyring here: {cause}"), json!({}));
        }
    }
    let items = stores.iter().map(|(_, text)| (*text).to_owned()).collect();
    let chosen = prompt::pick(&ctx.ui, "Secrets", items).await?;
    Ok(stores.get(chosen).map_or(Store::None, |(store, _)| *store))
}

/// One secret: where it is, or what it is, until Meta agrees or the operator has none.
async fn secret(
    ctx: &Context,
    args: &InitArgs,
    old: &Profile,
    check: Check<'_>,
    (kind, store): (SecretKind, Store),
    id: &AppId,
    draft: &mut Draft,
) -> Result<(), Failure> {
    if store == Store::None {
        return Ok(());
    }
    explain(
        ctx,
        if kind == SecretKind::AppSecret {
            SECRET
        } else {
            TOKEN
        },
    );
    let mut given = match kind {
        SecretKind::AppSecret => args.app_secret_command.clone(),
        _ => args.system_token_command.clone(),
    };
    let mut again = "";
    loop {
        let typed = match store {
            Store::Command => command(ctx, old, check, kind, given.take()).await,
            _ => hidden(ctx, old, kind, store, again).await,
        };
        again = " once more";
        let (place, secret, store) = match typed {
            Ok(Some(typed)) => typed,
            Ok(None) => return Ok(()),
            Err(failure) if failure.kind == Kind::Interrupted => return Err(failure),
            Err(failure) => {
                complain(ctx, &failure);
                continue;
            }
        };
        let checked = if kind == SecretKind::AppSecret {
            let name = check.secret(id, &secret).await;
            name.map(|name| name.map(|name| format!("✓ the secret of {name}")))
        } else {
            let seen = check
                .token(id, draft.secret(SecretKind::AppSecret), &secret)
                .await;
            seen.map(|seen| seen.map(|seen| format!("✓ {seen}")))
        };
        match checked {
            Ok(seen) => check.say(seen),
            Err(failure) => {
                complain(ctx, &failure);
                let keep = is_out_of_reach(&failure)
                    && prompt::confirm(&ctx.ui, "It could not be checked. Keep it?", Enter::No)
                        .await?;
                if !keep {
                    continue;
                }
            }
        }
        draft.take(kind, place, secret, store);
        return Ok(());
    }
}

/// A secret, its place, and whether it has to be put there.
type Typed = Option<(SecretLocation, Secret, bool)>;

async fn command(
    ctx: &Context,
    old: &Profile,
    check: Check<'_>,
    kind: SecretKind,
    given: Option<String>,
) -> Result<Typed, Failure> {
    let line = match (given, old.place(kind)) {
        (Some(line), _) => Some(line),
        (None, Some(SecretLocation::Command(line))) => {
            Some(prompt::line(&ctx.ui, "Command", Some(line)).await?)
        }
        (None, _) => prompt::line_or_nothing(&ctx.ui, "Command (Enter: none)").await?,
    };
    let Some(line) = line else { return Ok(None) };
    let place = SecretLocation::Command(line);
    let secret = check.read(old.name(), kind, &place)?;
    Ok(Some((place, secret, false)))
}

async fn hidden(
    ctx: &Context,
    old: &Profile,
    kind: SecretKind,
    store: Store,
    again: &str,
) -> Result<Typed, Failure> {
    let what = if kind == SecretKind::AppSecret {
        "App secret"
    } else {
        "System token"
    };
    let nothing = if old.place(kind).is_some() {
        "keep what is there"
    } else {
        "none"
    };
    let question = format!("{what}{again} (not shown; Enter: {nothing})");
    let secret = match prompt::secret(&ctx.ui, &question).await? {
        Ok(secret) => secret,
        Err(crate::secret::SecretError::Empty) => return Ok(None),
        Err(error) => return Err(Failure::usage(format!("that is no token: {error}"))),
    };
    ctx.redactor.know(&secret);
    let place = match store {
        Store::File => SecretLocation::File(ctx.profile.store()?.secret_file(old.name(), kind)),
        _ => SecretLocation::Keyring,
    };
    Ok(Some((place, secret, true)))
}

async fn our_name(
    ctx: &Context,
    old: &Profile,
    app_name: Option<String>,
    draft: &mut Draft,
) -> Result<(), Failure> {
    if draft.settings.iter().any(|(key, _)| *key == "partner_name") {
        return Ok(());
    }
    explain(ctx, NAME);
    let known = old.values().remove("partner_name").or(app_name);
    let name = match known {
        Some(known) => Some(prompt::line(&ctx.ui, "Name", Some(known)).await?),
        None => prompt::line_or_nothing(&ctx.ui, "Name (Enter: our app's name)").await?,
    };
    if let Some(name) = name {
        draft.set("partner_name", name.trim());
    }
    Ok(())
}

async fn messaging(ctx: &Context, old: &Profile, draft: &mut Draft) -> Result<(), Failure> {
    if draft.settings.iter().any(|(key, _)| *key == "messaging") {
        return Ok(());
    }
    explain(ctx, MESSAGING);
    let known = old.values().remove("messaging");
    let known = known.unwrap_or_else(|| "both".to_owned());
    loop {
        let text = prompt::line(
            &ctx.ui,
            "both, partner or tech-provider",
            Some(known.clone()),
        )
        .await?;
        match why_not("messaging", text.trim()) {
            None => {
                draft.set("messaging", text.trim());
                return Ok(());
            }
            Some(why) => complain(ctx, &Failure::usage(why)),
        }
    }
}

/// Shows what would be written, and asks.
async fn agree(ctx: &Context, old: &Profile, draft: &mut Draft) -> Result<(), Failure> {
    let changes = draft.changes(old);
    let mut text = format!("\n{}", old.path().display());
    for (key, value) in &draft.settings {
        let mark = if changes.contains(key) {
            ""
        } else {
            " (as it is)"
        };
        text += &format!("\n  {key} = {:?}{mark}", value.as_deref().unwrap_or(""));
    }
    for kept in &draft.secrets {
        text += &format!("\n  {}: {}", kept.kind.key(), kept.place.word());
    }
    ctx.ui.block(&text, json!({}));
    if prompt::confirm(&ctx.ui, "Write this?", Enter::Yes).await? {
        draft.agreed = true;
        return Ok(());
    }
    Err(Failure::new(
        Kind::Declined,
        "you said no; nothing was written",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_terminal_breaks_no_line() {
        for text in [APP_ID, STORES, SECRET, TOKEN, NAME, MESSAGING] {
            assert!(text.lines().all(|line| line.len() < 80), "{text}");
        }
    }
}
