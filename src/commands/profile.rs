//! `mps profile list|show|delete`.
//!
//! The one decision: nothing here prints a secret or reads one; what is shown is where each is. Deleting
//! takes the secrets away first, so that none is left behind with nobody who knows of it.

use std::sync::Arc;

use clap::{Args, Subcommand};
use futures_util::stream;
use serde_json::{Map, Value, json};

use super::{Line, Output};
use crate::{
    context::{Context, failure::Failure, profile_source::no_profile},
    profile::{Error, Keyring, Profile, ProfileName, ProfileStore, SecretKind, SecretLocation},
    session,
    ui::{
        Label,
        emit::{Card, Epilogue, Rows},
        table::Cell,
    },
};

/// List, show and delete profiles
///
/// A profile holds settings and says where the secrets are. `mps init` makes one; every command takes
/// `--profile NAME`.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  mps profile list\n  mps profile show work\n  mps profile delete work --yes"
)]
pub struct ProfileArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the profiles
    #[command(after_help = "Example:\n  mps profile list --json")]
    List,
    /// Show a profile: its settings, and where its secrets are
    #[command(after_help = "Example:\n  mps profile show work")]
    Show {
        /// Its name; none: the profile in use
        name: Option<ProfileName>,
    },
    /// Delete a profile, with its secrets in the keyring and in files that mps wrote
    #[command(after_help = "Example:\n  mps profile delete work --yes")]
    Delete {
        /// Its name
        name: ProfileName,
        /// Do not ask
        #[arg(short, long)]
        yes: bool,
        /// Leave the secrets where they are
        #[arg(long)]
        keep_secrets: bool,
    },
}

impl ProfileArgs {
    /// Does what was asked.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let store = ctx.profile.store()?;
        match self.verb {
            Verb::List => list(ctx, store),
            Verb::Show { name } => {
                let name = name.unwrap_or_else(|| ctx.profile.name().clone());
                let profile = store.read(&name)?;
                let profile = profile.ok_or_else(|| no_profile(&name, store))?;
                for warning in profile.warnings() {
                    ctx.ui.warning(warning);
                }
                Ok(show(&profile))
            }
            Verb::Delete {
                name,
                yes,
                keep_secrets,
            } => delete(ctx, store, &name, yes, keep_secrets).await,
        }
    }
}

fn list(ctx: &Context, store: &ProfileStore) -> Result<Output, Failure> {
    let lines: Vec<Result<Line, Failure>> = store
        .names()?
        .iter()
        .map(|name| Ok(listed(store, name, name == ctx.profile.name())))
        .collect();
    Ok(Output::Rows(Rows {
        header: &["PROFILE", "PARTNER APP", "IN USE", "FILE"],
        lines: Box::pin(stream::iter(lines)),
        empty: "No profile yet; make one: mps init",
        epilogue: Epilogue::default(),
    }))
}

fn listed(store: &ProfileStore, name: &ProfileName, in_use: bool) -> Line {
    let (app, problem) = match store.read(name) {
        Ok(profile) => {
            let mut values = profile.map(|profile| profile.values()).unwrap_or_default();
            (values.remove("partner_app_id"), None)
        }
        Err(error) => (None, Some(error.to_string())),
    };
    let path = store.path(name).display().to_string();
    let shown = match (&app, &problem) {
        (_, Some(problem)) => Cell::marked(problem, Label::Bad),
        (Some(app), None) => app.as_str().into(),
        (None, None) => "".into(),
    };
    Line {
        plain: Some(name.to_string()),
        json: json!({
            "profile": name.as_str(), "partner_app_id": app, "in_use": in_use, "file": path,
            "problem": problem,
        }),
        masked: None,
        cells: vec![
            name.as_str().into(),
            shown,
            if in_use { "yes" } else { "" }.into(),
            path.into(),
        ],
        failed: None,
    }
}

/// Where a secret is, as people read it: a command is shown whole, since it holds none.
fn words(place: &SecretLocation) -> String {
    match place {
        SecretLocation::Command(line) => format!("command: {line}"),
        SecretLocation::Keyring => "keyring".to_owned(),
        SecretLocation::File(path) => format!("file: {}", path.display()),
    }
}

fn show(profile: &Profile) -> Output {
    let values = profile.values();
    let places: Vec<(SecretKind, Option<SecretLocation>)> = SecretKind::ALL
        .map(|role| (role, profile.place(role)))
        .into();
    let mut fields: Vec<(&'static str, Cell)> = vec![
        ("profile", profile.name().as_str().into()),
        ("file", profile.path().display().to_string().into()),
    ];
    for key in crate::profile::KEYS {
        fields.extend(values.get(key).map(|value| (key, value.as_str().into())));
    }
    for (role, place) in &places {
        let cell = match place {
            Some(place) => words(place).into(),
            None => Cell::marked("not in this profile", Label::Dim),
        };
        fields.push((role.key(), cell));
    }
    let secrets: Map<String, Value> = places
        .iter()
        .map(|(role, place)| {
            (
                role.key().to_owned(),
                place.as_ref().map_or(Value::Null, object),
            )
        })
        .collect();
    let plain: Vec<String> = values
        .iter()
        .map(|(key, value)| format!("{key}\t{value}"))
        .chain(places.iter().filter_map(|(role, place)| {
            Some(format!("{}\t{}", role.key(), words(place.as_ref()?)))
        }))
        .collect();
    Output::Card(Card {
        fields,
        line: Line {
            plain: Some(plain.join("\n")),
            json: json!({
                "profile": profile.name().as_str(),
                "file": profile.path().display().to_string(),
                "settings": values,
                "secrets": secrets,
            }),
            masked: None,
            cells: Vec::new(),
            failed: None,
        },
    })
}

fn object(place: &SecretLocation) -> Value {
    match place {
        SecretLocation::Keyring => json!({"store": "keyring"}),
        SecretLocation::Command(line) => json!({"store": "command", "command": line}),
        SecretLocation::File(path) => json!({"store": "file", "file": path.display().to_string()}),
    }
}

async fn delete(
    ctx: &Context,
    store: &ProfileStore,
    name: &ProfileName,
    yes: bool,
    keep_secrets: bool,
) -> Result<Output, Failure> {
    let keyring = Keyring::new(&ctx.settings.env);
    let (places, question) = match store.read(name) {
        Ok(None) => return Err(no_profile(name, store)),
        Ok(Some(profile)) => {
            let places = places(&profile);
            let question = question(store, name, &places, keep_secrets);
            (places, question)
        }
        Err(Error::Malformed { .. } | Error::Writable { .. } | Error::Foreign { .. }) => {
            let rest = if keep_secrets {
                ""
            } else {
                ", and what mps kept for it"
            };
            let question = format!("Delete profile {name}, which cannot be read{rest}?");
            (guessed(store, name, keyring), question)
        }
        Err(error) => return Err(error.into()),
    };
    session::confirm(ctx, &question, yes, true).await?;
    for (role, place) in places.iter().filter(|_| !keep_secrets) {
        let cleared = store.clear(name, *role, place, keyring).map_err(|error| {
            let failure = Failure::from(error);
            failure
                .hint("with --keep-secrets only the profile goes; the secrets stay where they are")
        })?;
        if cleared {
            ctx.ui
                .status(&format!("Deleted {} from {}", role.key(), place.word()));
        }
    }
    store.delete(name)?;
    ctx.ui.status(&format!("Deleted profile {name}"));
    Ok(Output::Nothing)
}

fn places(profile: &Profile) -> Vec<(SecretKind, SecretLocation)> {
    let set = SecretKind::ALL.into_iter();
    set.filter_map(|role| Some((role, profile.place(role)?)))
        .collect()
}

/// A profile that cannot be read does not say where its secrets are: they can be wherever mps puts them.
fn guessed(
    store: &ProfileStore,
    name: &ProfileName,
    keyring: Keyring,
) -> Vec<(SecretKind, SecretLocation)> {
    let file = |role| (role, SecretLocation::File(store.secret_file(name, role)));
    let mut places: Vec<_> = SecretKind::ALL.map(file).into();
    if keyring.check().is_ok() {
        places.extend(SecretKind::ALL.map(|role| (role, SecretLocation::Keyring)));
    }
    places
}

fn question(
    store: &ProfileStore,
    name: &ProfileName,
    places: &[(SecretKind, SecretLocation)],
    keep_secrets: bool,
) -> String {
    let goes = |place: &SecretLocation| match place {
        SecretLocation::Keyring => true,
        SecretLocation::File(path) => store.wrote(path),
        SecretLocation::Command(_) => false,
    };
    let ours = places
        .iter()
        .filter(|(_, place)| !keep_secrets && goes(place))
        .map(|(role, place)| format!("{} ({})", role.key(), place.word()))
        .collect::<Vec<_>>();
    if ours.is_empty() {
        format!("Delete profile {name}?")
    } else {
        format!(
            "Delete profile {name} and its secrets: {}?",
            ours.join(", ")
        )
    }
}
