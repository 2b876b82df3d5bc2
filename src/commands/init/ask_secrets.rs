//! The questions of `mps init` about secrets: where they are to be, and what they are.

use serde_json::json;

use super::{
    args::{InitArgs, Store},
    check::{Check, is_out_of_reach},
    draft::Draft,
};
use crate::{
    context::{Context, failure::Failure},
    env::MPS_SYSTEM_TOKEN,
    exit::Kind,
    ids::AppId,
    profile::{Profile, SecretKind, SecretLocation},
    secret::{Secret, SecretError},
    ui::{
        Label,
        prompt::{self, Enter},
    },
};

/// Where a value stands: a title and a paragraph, which the terminal breaks where it has to.
const STORES: &str = "\
Where mps gets the secrets from
  Our system token (needed to accept) and our app secret (signs calls, tells when tokens end).";
const SECRET: &str = "\
The app secret
  App Dashboard, App settings, Basic, App secret, Show.";
const TOKEN: &str = "\
The system token
  Business Settings, Users, System users: an admin system user with our app assigned; Generate token, \
    our app, with manage_app_solution and whatsapp_business_management.";
const VERIFY: &str = "\
The verify token of our webhooks
  A long random word of our own: Meta has to say it before it may send webhooks, and mps listen \
    --subscribe tells it to Meta.";
const JOURNAL: &str = "\
The address of a team's journal
  postgres://USER@HOST/DATABASE, where others run mps for the same app too. Without one the journal is \
    a file on this machine.";
/// What goes back to the question before.
pub(super) const BACK: &str = "<";

/// Says where an answer stands.
pub(super) fn explain(ctx: &Context, text: &str) {
    ctx.ui.block(&format!("\n{text}"), json!({}));
}

/// Says what is wrong with an answer.
pub(super) fn complain(ctx: &Context, failure: &Failure) {
    ctx.ui.status_as(Label::Bad, &failure.line(), json!({}));
    if let Some(hint) = &failure.hint {
        ctx.ui.status_as(Label::Hint, hint, json!({}));
    }
}

/// Where the secrets are to be; `None`: back.
pub(super) async fn store(ctx: &Context) -> Result<Option<Store>, Failure> {
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
    let items = stores.iter().map(|(_, text)| (*text).to_owned());
    let items = items.chain(["go back".to_owned()]).collect();
    let chosen = prompt::pick(&ctx.ui, "Secrets", items).await?;
    Ok(stores.get(chosen).map(|(store, _)| *store))
}

/// One secret: where it is, or what it is, until Meta agrees or the operator has none. `None`: back.
pub(super) async fn secret(
    ctx: &Context,
    args: &InitArgs,
    old: &Profile,
    check: Check<'_>,
    (kind, store): (SecretKind, Store),
    id: &AppId,
    draft: &mut Draft,
) -> Result<Option<()>, Failure> {
    explain(
        ctx,
        match kind {
            SecretKind::AppSecret => SECRET,
            SecretKind::VerifyToken => VERIFY,
            SecretKind::Journal => JOURNAL,
            SecretKind::SystemToken | SecretKind::UserToken | SecretKind::NotifySecret => TOKEN,
        },
    );
    let mut given = args.command_of(kind).cloned();
    let mut again = "";
    loop {
        let typed = match store {
            Store::Command => command(ctx, old, check, kind, given.take()).await,
            _ => hidden(ctx, old, (kind, store), draft.has(kind), again).await,
        };
        again = " once more";
        let (place, secret, is_ours) = match typed {
            Ok(Typed::Given(place, secret, is_ours)) => (place, secret, is_ours),
            Ok(Typed::Nothing) => {
                let none = !draft.has(kind)
                    && old.place(kind).is_none()
                    && !ctx.settings.env.has(MPS_SYSTEM_TOKEN);
                draft.without_token |= none && kind == SecretKind::SystemToken;
                if none && kind == SecretKind::SystemToken {
                    let again = init_again(old);
                    let means = format!(
                        "Without it mps creates solutions and accepts none. To add it later: {again}"
                    );
                    ctx.ui.status_as(Label::Warning, &means, json!({}));
                }
                return Ok(Some(()));
            }
            Ok(Typed::Back) => return Ok(None),
            Err(failure) if failure.kind == Kind::Interrupted => return Err(failure),
            Err(failure) => {
                complain(ctx, &failure);
                continue;
            }
        };
        let checked = match kind {
            SecretKind::AppSecret => {
                let name = check.secret(id, &secret).await;
                name.map(|name| name.map(|name| format!("✓ the secret of {name}")))
            }
            SecretKind::VerifyToken => Ok(None),
            SecretKind::Journal => {
                let seen = check.journal(&secret).await;
                seen.map(|seen| seen.map(|seen| format!("✓ {seen}")))
            }
            SecretKind::SystemToken | SecretKind::UserToken | SecretKind::NotifySecret => {
                let secret_of_app = draft.secret(SecretKind::AppSecret);
                let seen = check.token(id, secret_of_app, &secret).await;
                seen.map(|seen| seen.map(|seen| format!("✓ {seen}")))
            }
        };
        match checked {
            Ok(seen) => check.say(seen),
            Err(failure) => {
                complain(ctx, &failure);
                let way = "Paste it again; Enter leaves it out; < and Enter goes back, where the id is asked too.";
                if kind != SecretKind::Journal {
                    ctx.ui.status_as(Label::Hint, way, json!({}));
                }
                let keep = is_out_of_reach(&failure)
                    && prompt::confirm(&ctx.ui, "It could not be checked. Keep it?", Enter::No)
                        .await?;
                if !keep {
                    continue;
                }
            }
        }
        draft.take(kind, place, secret, is_ours);
        draft.without_token &= kind != SecretKind::SystemToken;
        return Ok(Some(()));
    }
}

/// What asks for everything again; Enter keeps what is there.
fn init_again(profile: &Profile) -> String {
    match profile.name().as_str() {
        "default" => "mps init".to_owned(),
        name => format!("mps init --profile {name}"),
    }
}

/// What was typed for a secret.
enum Typed {
    /// A secret, its place, and whether it has to be put there.
    Given(SecretLocation, Secret, bool),
    /// Nothing.
    Nothing,
    /// To go back.
    Back,
}

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
    let Some(line) = line else {
        return Ok(Typed::Nothing);
    };
    if line.trim() == BACK {
        return Ok(Typed::Back);
    }
    let place = SecretLocation::Command(line);
    let secret = check.read(old.name(), kind, &place)?;
    Ok(Typed::Given(place, secret, false))
}

async fn hidden(
    ctx: &Context,
    old: &Profile,
    (kind, store): (SecretKind, Store),
    has: bool,
    again: &str,
) -> Result<Typed, Failure> {
    let what = match kind {
        SecretKind::AppSecret => "App secret",
        SecretKind::VerifyToken => "Verify token",
        SecretKind::Journal => "The journal's address",
        SecretKind::SystemToken | SecretKind::UserToken | SecretKind::NotifySecret => {
            "System token"
        }
    };
    let nothing = if has {
        "keep what you gave"
    } else if old.place(kind).is_some() {
        "keep what is there"
    } else if kind == SecretKind::VerifyToken {
        "a new random one"
    } else {
        "none"
    };
    let question = format!("{what}{again} (not shown; Enter: {nothing})");
    let read = |text: &str| (text.trim() != BACK).then(|| kind.parse(text));
    let Some(typed) = prompt::secret(&ctx.ui, &question, read).await? else {
        return Ok(Typed::Back);
    };
    let secret = match typed {
        Ok(secret) => secret,
        Err(SecretError::Empty) if nothing == "a new random one" => random()?,
        Err(SecretError::Empty) => return Ok(Typed::Nothing),
        Err(error) if kind == SecretKind::Journal => {
            return Err(Failure::usage(format!("that is no address: {error}")));
        }
        Err(error) => return Err(Failure::usage(format!("that is no token: {error}"))),
    };
    ctx.redactor.know(&secret);
    Ok(Typed::Given(place(ctx, old, kind, store)?, secret, true))
}

/// A word that nobody guesses.
fn random() -> Result<Secret, Failure> {
    let mut bytes = [0_u8; 16];
    let drawn = getrandom::fill(&mut bytes).map_err(|error| error.to_string());
    let word = drawn.and_then(|()| {
        let word = format!("{:032x}", u128::from_be_bytes(bytes));
        Secret::parse(&word).map_err(|error| error.to_string())
    });
    word.map_err(|error| Failure::new(Kind::Io, "could not draw a random word").because(error))
}

/// Where mps puts a secret.
pub(super) fn place(
    ctx: &Context,
    old: &Profile,
    kind: SecretKind,
    store: Store,
) -> Result<SecretLocation, Failure> {
    Ok(match store {
        Store::File => SecretLocation::File(ctx.profile.store()?.secret_file(old.name(), kind)),
        _ => SecretLocation::Keyring,
    })
}
