//! The profile of this run, and where each secret comes from: the option's file, else the environment, else
//! the profile.
//!
//! The one decision: a profile that cannot be read ends a command that needs one before it does anything,
//! and nothing else: `init`, `profile` and `doctor` are there to mend it. Its secrets are read when they are
//! asked for, since a command or a keyring may ask a person.

use std::path::Path;

use super::{
    dirs::Dirs,
    failure::Failure,
    settings::{OverrideNotice, SecretSetting, Settings, Source},
};
use crate::{
    env::{self, Env},
    exit::Kind,
    profile::{Keyring, Profile, ProfileName, ProfileStore, SecretKind, SecretLocation},
    redact::looks_secret,
    secret::Secret,
    waiting::Waiter,
};

/// A token and where it came from.
#[derive(Debug, Clone)]
pub struct Sourced<T> {
    /// The token.
    pub token: T,
    /// Its place, for the plan.
    pub source: String,
}

/// A secret and where it came from.
#[derive(Debug, Clone)]
pub struct FoundSecret {
    /// The secret.
    pub secret: Secret,
    /// Its place in the order.
    pub source: Source,
    /// The same in words: the file, the variable, `keyring` or `command`.
    pub place: String,
}

impl<T: From<Secret>> From<FoundSecret> for Sourced<T> {
    fn from(found: FoundSecret) -> Self {
        Self {
            token: found.secret.into(),
            source: found.place,
        }
    }
}

/// The profile that was chosen for a run.
#[derive(Debug, Clone, Default)]
pub struct ProfileSource {
    name: ProfileName,
    named: bool,
    store: Option<ProfileStore>,
    profile: Option<Profile>,
    trouble: Option<Failure>,
    override_notice: OverrideNotice,
}

impl ProfileSource {
    /// Chooses and reads the profile: `--profile`, else `MPS_PROFILE`, else that of `mps profile use`, else `default`,
    /// which need not exist.
    pub fn load(option: Option<&str>, env: &Env, override_notice: OverrideNotice) -> Self {
        let option = option.filter(|name| !name.trim().is_empty());
        let wanted = option.or_else(|| env.get(env::MPS_PROFILE));
        let mut sources = Self {
            named: option.is_some(),
            override_notice,
            ..Self::default()
        };
        if let Err(failure) = sources.read(wanted, env) {
            sources.trouble = Some(failure);
        }
        sources
    }

    fn read(&mut self, wanted: Option<&str>, env: &Env) -> Result<(), Failure> {
        if let Some(wanted) = wanted {
            self.name = wanted.parse()?;
        }
        // Without a home there are no profiles, which is no trouble to those who want none.
        let dirs = match Dirs::from_env(env) {
            Ok(dirs) => dirs,
            Err(failure) => {
                return if wanted.is_some() {
                    Err(failure)
                } else {
                    Ok(())
                };
            }
        };
        let store = self.store.insert(ProfileStore::at(&dirs.config));
        let used = match wanted {
            Some(_) => None,
            None => store.used()?,
        };
        let must_exist = wanted.is_some() || used.is_some();
        if let Some(used) = used {
            self.name = used;
        }
        self.profile = store.read(&self.name)?;
        if must_exist && self.profile.is_none() {
            return Err(no_profile(&self.name, store));
        }
        Ok(())
    }

    /// The name of the profile.
    pub fn name(&self) -> &ProfileName {
        &self.name
    }

    /// The profile, if there is one.
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    /// Why the profile cannot be used.
    pub fn trouble(&self) -> Option<&Failure> {
        self.trouble.as_ref()
    }

    /// Why a profile that is there cannot be read; that there is none yet is no reason.
    pub fn unreadable(&self) -> Option<&Failure> {
        let readable = |store: &ProfileStore| store.read(&self.name).is_ok();
        let name_is_good = self.store.as_ref().is_some_and(readable);
        self.trouble.as_ref().filter(|_| !name_is_good)
    }

    /// What to type where nothing tells our app's id: another profile, where there are some.
    pub fn hint_at_app(&self) -> String {
        let set = "set MPS_PARTNER_APP_ID or --partner-app-id";
        let others = self.store.as_ref().and_then(|store| store.names().ok());
        let others: Vec<String> = others
            .unwrap_or_default()
            .iter()
            .filter(|name| **name != self.name)
            .map(ToString::to_string)
            .collect();
        match others.first() {
            Some(first) => format!(
                "there are profiles: {}; mps profile use {first} takes that one from now on, --profile {first} once; or \
                 {set}",
                others.join(", ")
            ),
            None => format!(
                "{set}, or keep it in a profile: mps init; it stands in Meta's App Dashboard, top left"
            ),
        }
    }

    /// Where profiles are kept.
    pub fn store(&self) -> Result<&ProfileStore, Failure> {
        self.store.as_ref().ok_or_else(|| {
            Failure::usage("there is no directory to keep profiles in").hint("set MPS_CONFIG_DIR")
        })
    }

    /// The places of settings, this profile's among them.
    pub fn settings(&self, env: Env) -> Settings {
        Settings {
            env,
            profile: self
                .profile
                .as_ref()
                .map(Profile::values)
                .unwrap_or_default(),
            profile_named: self.named,
            override_notice: self.override_notice.clone(),
            quote_notice: OverrideNotice::default(),
        }
    }

    /// Where the profile says that a secret is.
    pub fn place(&self, setting: SecretSetting) -> Option<SecretLocation> {
        self.profile.as_ref()?.place(setting.kind)
    }

    /// Reads a secret. `warn` and `tell` listener what the operator should know of it.
    pub fn secret(
        &self,
        setting: SecretSetting,
        env: &Env,
        file: Option<&Path>,
        listener: &SecretListener<'_>,
    ) -> Result<Option<FoundSecret>, Failure> {
        let place = self.place(setting);
        let in_env = env.has(setting.var);
        let found = match (file, &place) {
            (Some(file), _) => self.of_file(setting, file, listener)?,
            (None, Some(place)) if self.named || !in_env => {
                self.of_profile(setting, place, env, listener)?
            }
            (None, _) => match setting.of_environment(env)? {
                Some(secret) => FoundSecret {
                    secret,
                    source: Source::Environment,
                    place: setting.var.name.to_owned(),
                },
                None => return Ok(None),
            },
        };
        if let Some(place) = place.filter(|_| found.source != Source::Profile) {
            let text = format!(
                "{} comes from {}, not from profile {} ({})",
                setting.what,
                found.place,
                self.name,
                place.word()
            );
            match setting.kind {
                SecretKind::UserToken | SecretKind::SystemToken | SecretKind::AppSecret => {
                    self.override_notice.hold(setting.option, text);
                }
                SecretKind::VerifyToken | SecretKind::NotifySecret | SecretKind::Journal => {
                    self.override_notice.say(setting.option, &text);
                }
            }
        }
        let secret = found.secret.from_place(&found.place);
        Ok(Some(FoundSecret { secret, ..found }))
    }

    fn of_file(
        &self,
        setting: SecretSetting,
        file: &Path,
        listener: &SecretListener<'_>,
    ) -> Result<FoundSecret, Failure> {
        if let Some(store) = self.store.as_ref().filter(|_| file != Path::new("-"))
            && let Some(warning) = store.judge_file(file)?
        {
            (listener.warning)(&warning);
        }
        Ok(FoundSecret {
            secret: setting.of_file(file)?,
            source: Source::Option,
            place: if file == Path::new("-") {
                "stdin".to_owned()
            } else {
                file.display().to_string()
            },
        })
    }

    fn of_profile(
        &self,
        setting: SecretSetting,
        place: &SecretLocation,
        env: &Env,
        listener: &SecretListener<'_>,
    ) -> Result<FoundSecret, Failure> {
        let failed = |error| {
            let mut failure = Failure::from(error);
            if failure.kind == Kind::Interrupted {
                return failure;
            }
            failure.message = format!(
                "{} of profile {}: {}",
                setting.what, self.name, failure.message
            );
            failure
        };
        let read = self
            .store()?
            .secret(
                &self.name,
                setting.kind,
                place,
                &Keyring::new(env).waited_for(listener.waiting.clone()),
            )
            .map_err(failed)?;
        (listener.secret)(&read.secret);
        if let Some(warning) = &read.warning {
            (listener.warning)(warning);
        }
        for line in read.said.lines().filter(|line| !line.trim().is_empty()) {
            (listener.status)(&format!("{}: {line}", setting.kind.keys()[1]));
        }
        Ok(FoundSecret {
            secret: read.secret,
            source: Source::Profile,
            place: place.word(),
        })
    }
}

/// Who hears what is found on the way to a secret. The secret comes first, so that it is redacted.
pub struct SecretListener<'a> {
    /// A secret that was read.
    pub secret: &'a dyn Fn(&Secret),
    /// What must not be overlooked.
    pub warning: &'a dyn Fn(&str),
    /// What a command said.
    pub status: &'a dyn Fn(&str),
    /// How a keyring or a command is waited for.
    pub waiting: Waiter,
}

/// There is no profile of this name; those that there are, are named.
pub fn no_profile(name: &ProfileName, store: &ProfileStore) -> Failure {
    let others = store.names().unwrap_or_default();
    let others: Vec<&str> = others.iter().map(ProfileName::as_str).collect();
    if looks_secret(name.as_str()) {
        return Failure::token_typed("--profile takes a name");
    }
    let hint = if others.is_empty() {
        format!("make it: mps init --profile {name}")
    } else {
        format!(
            "there are: {}; or make it: mps init --profile {name}",
            others.join(", ")
        )
    };
    Failure::usage(format!("there is no profile {name}")).hint(hint)
}
