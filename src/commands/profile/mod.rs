//! `mps profile list|show|use|set|edit|delete`.
//!
//! The one decision: nothing here prints a secret or reads one; what is shown is where each is. Deleting
//! takes the secrets away first, so that none is left behind with nobody who knows of it.

mod edit;
mod list;
mod set;

pub use self::list::ProfileSummary;

use std::{collections::BTreeMap, sync::Arc};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Line, Output};
use crate::{
    context::{Context, failure::Failure, profile_source::no_profile},
    env::MPS_PROFILE,
    profile::{Error, Keyring, Profile, ProfileName, ProfileStore, SecretKind, SecretLocation},
    record::{Json, JsonType, record},
    session,
    ui::{Label, emit::Card, table::Cell},
};

/// List, show, change and delete profiles
///
/// A profile holds settings and says where the secrets are. `mps init` makes one; every command takes
/// `--profile NAME`.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  mps profile list\n  mps profile show work\n  mps profile use work\n  mps profile set brand_color '#0a7a5c'\n  mps profile delete work --yes"
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
    /// Use a profile from now on, where neither --profile nor MPS_PROFILE names one
    #[command(after_help = "Example:\n  mps profile use work")]
    Use {
        /// Its name
        name: ProfileName,
    },
    /// Edit the profile in use with $VISUAL or $EDITOR; what cannot be read is not kept
    #[command(after_help = "Examples:\n  mps profile edit\n  mps profile edit --profile work")]
    Edit,
    /// Set one key of the profile in use; an empty value takes it away
    #[command(
        after_help = "Examples:\n  mps profile set brand_logo ./logo.svg\n  mps profile set lang es --profile work"
    )]
    Set {
        /// The key, as in `mps profile show`
        key: String,
        /// Its value
        #[arg(allow_hyphen_values = true)]
        value: String,
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
    /// Whether nothing is changed.
    pub fn only_reads(&self) -> bool {
        matches!(self.verb, Verb::List | Verb::Show { .. })
    }

    /// Does what was asked.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        let store = ctx.profile.store()?;
        match self.verb {
            Verb::List => list::list(ctx, store),
            Verb::Show { name } => {
                let name = name.unwrap_or_else(|| ctx.profile.name().clone());
                let profile = store.read(&name)?;
                let profile = profile.ok_or_else(|| no_profile(&name, store))?;
                for warning in profile.warnings() {
                    ctx.ui.warning(warning);
                }
                Ok(show(&profile))
            }
            Verb::Use { name } => {
                if store.read(&name)?.is_none() {
                    return Err(no_profile(&name, store));
                }
                store.make_used(&name)?;
                ctx.ui.status(&format!(
                    "Where nobody names one, profile {name} is used now"
                ));
                if let Some(other) = ctx.settings.env.get(MPS_PROFILE) {
                    ctx.ui.warning(&format!(
                        "MPS_PROFILE names another, and goes before: {other}"
                    ));
                }
                Ok(Output::Nothing)
            }
            Verb::Edit => edit::edit(ctx, store),
            Verb::Set { key, value } => set::set(ctx, store, &key, &value),
            Verb::Delete {
                name,
                yes,
                keep_secrets,
            } => delete(ctx, store, &name, yes, keep_secrets).await,
        }
    }
}

record! {
    /// A profile whole, as `profile show` shows it.
    #[derive(Debug, Clone)]
    pub struct ProfileRecord {
        /// Its name
        pub profile: String,
        /// Where it is
        pub file: String,
        /// The values of its keys
        pub settings: BTreeMap<String, String>,
        /// Where each secret is
        pub secrets: SecretLocations,
    }
}

record! {
    /// Where each secret of a profile is.
    #[derive(Debug, Clone)]
    pub struct SecretLocations {
        /// `store` (`keyring`, `command` or `file`), and `command` or `file`
        pub user_token: Option<SecretRecord>,
        /// The same
        pub system_token: Option<SecretRecord>,
        /// The same
        pub app_secret: Option<SecretRecord>,
        /// The same
        pub verify_token: Option<SecretRecord>,
        /// The same
        pub notify_secret: Option<SecretRecord>,
        /// The same
        pub journal: Option<SecretRecord>,
    }
}

/// Where a secret is.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "store", rename_all = "lowercase")]
pub enum SecretRecord {
    /// In the system's keyring.
    Keyring,
    /// What a command prints.
    Command {
        /// The command; it holds no secret.
        command: String,
    },
    /// In a file.
    File {
        /// The file.
        file: String,
    },
}

impl Json for SecretRecord {
    const TYPE: JsonType = JsonType::OBJECT;
}

impl SecretRecord {
    fn of(profile: &Profile, kind: SecretKind) -> Option<Self> {
        Some(match profile.place(kind)? {
            SecretLocation::Keyring => Self::Keyring,
            SecretLocation::Command(command) => Self::Command { command },
            SecretLocation::File(path) => Self::File {
                file: path.display().to_string(),
            },
        })
    }

    /// As people read it: a command is shown whole, since it holds no secret.
    fn words(&self) -> String {
        match self {
            Self::Command { command } => format!("command: {command}"),
            Self::Keyring => "keyring".to_owned(),
            Self::File { file } => format!("file: {file}"),
        }
    }
}

impl ProfileRecord {
    fn new(profile: &Profile) -> Self {
        Self {
            profile: profile.name().to_string(),
            file: profile.path().display().to_string(),
            settings: profile.values(),
            secrets: SecretLocations {
                user_token: SecretRecord::of(profile, SecretKind::UserToken),
                system_token: SecretRecord::of(profile, SecretKind::SystemToken),
                app_secret: SecretRecord::of(profile, SecretKind::AppSecret),
                verify_token: SecretRecord::of(profile, SecretKind::VerifyToken),
                notify_secret: SecretRecord::of(profile, SecretKind::NotifySecret),
                journal: SecretRecord::of(profile, SecretKind::Journal),
            },
        }
    }

    /// The secrets, each with its key.
    fn secrets(&self) -> [(&'static str, Option<&SecretRecord>); 6] {
        let SecretLocations {
            user_token,
            system_token,
            app_secret,
            verify_token,
            notify_secret,
            journal,
        } = &self.secrets;
        [
            (SecretKind::UserToken.key(), user_token.as_ref()),
            (SecretKind::SystemToken.key(), system_token.as_ref()),
            (SecretKind::AppSecret.key(), app_secret.as_ref()),
            (SecretKind::VerifyToken.key(), verify_token.as_ref()),
            (SecretKind::NotifySecret.key(), notify_secret.as_ref()),
            (SecretKind::Journal.key(), journal.as_ref()),
        ]
    }

    fn plain(&self) -> String {
        let settings = self
            .settings
            .iter()
            .map(|(key, value)| format!("{key}\t{value}"));
        let secrets = self.secrets().into_iter();
        let secrets = secrets.filter_map(|(key, place)| Some(format!("{key}\t{}", place?.words())));
        settings.chain(secrets).collect::<Vec<_>>().join("\n")
    }

    fn fields(&self) -> Vec<(&'static str, Cell)> {
        let mut fields: Vec<(&'static str, Cell)> = vec![
            ("profile", self.profile.as_str().into()),
            ("file", self.file.as_str().into()),
        ];
        for key in crate::profile::KEYS {
            let value = self.settings.get(key);
            fields.extend(value.map(|value| (key, value.as_str().into())));
        }
        for (key, place) in self.secrets() {
            let cell = match place {
                Some(place) => place.words().into(),
                None => Cell::marked("not in this profile", Label::Dim),
            };
            fields.push((key, cell));
        }
        fields
    }
}

fn show(profile: &Profile) -> Output {
    let record = ProfileRecord::new(profile);
    Output::Card(Card {
        fields: record.fields(),
        line: Line::untabled(&record, Some(record.plain())),
    })
}

async fn delete(
    ctx: &Context,
    store: &ProfileStore,
    name: &ProfileName,
    yes: bool,
    keep_secrets: bool,
) -> Result<Output, Failure> {
    let keyring = ctx.keyring();
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
            (guessed(store, name, &keyring), question)
        }
        Err(error) => return Err(error.into()),
    };
    session::confirm(ctx, &question, yes, true).await?;
    for (kind, place) in places.iter().filter(|_| !keep_secrets) {
        let cleared = store.clear(name, *kind, place, &keyring).map_err(|error| {
            let failure = Failure::from(error);
            failure
                .hint("with --keep-secrets only the profile goes; the secrets stay where they are")
        })?;
        if cleared {
            ctx.ui
                .status(&format!("Deleted {} from {}", kind.key(), place.word()));
        }
    }
    store.delete(name)?;
    ctx.ui.status(&format!("Deleted profile {name}"));
    Ok(Output::Nothing)
}

fn places(profile: &Profile) -> Vec<(SecretKind, SecretLocation)> {
    let set = SecretKind::ALL.iter().copied();
    set.filter_map(|kind| Some((kind, profile.place(kind)?)))
        .collect()
}

/// A profile that cannot be read does not say where its secrets are: they can be wherever mps puts them.
fn guessed(
    store: &ProfileStore,
    name: &ProfileName,
    keyring: &Keyring,
) -> Vec<(SecretKind, SecretLocation)> {
    let file = |kind| (kind, SecretLocation::File(store.secret_file(name, kind)));
    let mut places: Vec<_> = SecretKind::ALL.iter().copied().map(file).collect();
    if keyring.check().is_ok() {
        let keyring = |kind: &SecretKind| (*kind, SecretLocation::Keyring);
        places.extend(SecretKind::ALL.iter().map(keyring));
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
        .map(|(kind, place)| format!("{} ({})", kind.key(), place.word()))
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
