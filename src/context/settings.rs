//! Where each setting comes from: the option, else the environment, else the profile, else the default.
//!
//! The one decision: one table names every setting's four places, and one pure function walks it. An
//! explicit `--profile NAME` puts the profile before the environment (as with aws).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    io::{self, Read},
    path::Path,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use super::failure::Failure;
use crate::{
    env::{self, Env, Var},
    graph::{Proxies, default_version},
    profile::SecretKind,
    redact::{Redactor, looks_secret},
    secret::{Secret, SecretError},
    ui::Ui,
};

/// One setting and the places it can come from.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The long option, without dashes; empty for what only a profile holds.
    pub option: &'static str,
    /// The variable, where there is one.
    pub var: Option<Var>,
    /// The key in a profile.
    pub key: Option<&'static str>,
    /// The default, as the reference words it.
    pub default: &'static str,
}

macro_rules! settings {
    ($($name:ident: $option:literal, $var:expr, $key:expr, $default:expr;)*) => {
        $(
            #[doc = concat!("The setting `", stringify!($name), "`")]
            pub const $name: Setting = Setting { option: $option, var: $var, key: $key, default: $default };
        )*
        /// The table, in the order of the reference.
        pub const ALL: &[Setting] = &[$($name),*];
    };
}

settings! {
    PARTNER_APP_ID: "partner-app-id", Some(env::MPS_PARTNER_APP_ID), Some("partner_app_id"), "";
    PARTNER_NAME: "partner-name", Some(env::MPS_PARTNER_NAME), Some("partner_name"), "our app's name read from Meta, else our app id";
    NAME: "name", Some(env::MPS_NAME), Some("name"), "{app_name} + {partner_name}";
    MESSAGING: "messaging", Some(env::MPS_MESSAGING), Some("messaging"), "both";
    JOBS: "jobs", Some(env::MPS_JOBS), Some("jobs"), "64";
    PUBLIC_URL: "public-url", Some(env::MPS_PUBLIC_URL), Some("public_url"), "";
    API_VERSION: "api-version", Some(env::MPS_API_VERSION), Some("api_version"), default_version!();
    GRAPH_URL: "graph-url", Some(env::MPS_GRAPH_URL), Some("graph_url"), "`https://graph.facebook.com`";
    CA_FILE: "ca-file", Some(env::MPS_CA_FILE), Some("ca_file"), "the system's trust store";
    LANG: "lang", None, Some("lang"), "their browser's on the page, `en` in messages";
    BRAND_NAME: "", None, Some("brand_name"), "our name";
    BRAND_LOGO: "", None, Some("brand_logo"), "none; the whole path of a PNG, SVG, JPEG or WebP of at most 100 KiB";
    BRAND_COLOR: "", None, Some("brand_color"), "green; one that can be read on white, like `#0a7a5c`";
    PRIVACY_URL: "", None, Some("privacy_url"), "none; an https address";
    LOG_FILE: "log-file", Some(env::MPS_LOG_FILE), None, "a file per run in the state directory";
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Option,
    /// The environment.
    Environment,
    /// The profile.
    Profile,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Option => "option",
            Self::Environment => "environment",
            Self::Profile => "profile",
        })
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub source: Source,
}

/// What values are picked from.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The environment.
    pub env: Env,
    /// The profile's values, by key.
    pub profile: BTreeMap<String, String>,
    /// The profile was named with `--profile`, so it comes before the environment.
    pub profile_named: bool,
    /// Who says that a value overrides the profile's.
    pub override_notice: OverrideNotice,
    /// Who warns of quotes around a value.
    pub quote_notice: OverrideNotice,
}

/// Hears that a value overrides the profile's.
type NoticeFn = Arc<dyn Fn(&str) + Send + Sync>;

/// Says once per setting that the profile is overridden.
#[derive(Clone, Default)]
pub struct OverrideNotice {
    tell: Option<NoticeFn>,
    said: Arc<Mutex<BTreeSet<&'static str>>>,
    held: Arc<Mutex<Vec<String>>>,
}

impl OverrideNotice {
    /// One who tells it with `tell`.
    pub fn new(tell: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self {
            tell: Some(Arc::new(tell)),
            said: Arc::default(),
            held: Arc::default(),
        }
    }

    /// Says `text`, unless something was said of `option` before.
    pub fn say(&self, option: &'static str, text: &str) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tell) = self.tell.as_ref().filter(|_| said.insert(option)) {
            tell(text);
        }
    }

    /// Says `text` likewise, but not before [`Self::release`]: many commands read a secret that they then do not need.
    pub fn hold(&self, option: &'static str, text: String) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.insert(option) {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.push(text);
        }
    }

    /// Says what was held, as soon as something is asked with the secrets that it is about.
    pub fn release(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = std::mem::take(&mut *held);
        self.tell
            .iter()
            .for_each(|tell| held.iter().for_each(|text| tell(text)));
    }
}

impl fmt::Debug for OverrideNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OverrideNotice")
    }
}

impl Settings {
    /// The same, with a warning where quotes are left around a value.
    #[must_use]
    pub fn warning_of_quotes(self, ui: &Ui) -> Self {
        let ui = ui.clone();
        Self {
            quote_notice: OverrideNotice::new(move |text| ui.warning(text)),
            ..self
        }
    }

    /// The environment's proxies; their passwords are shown by no text from now on.
    ///
    /// # Errors
    /// A variable that names none.
    pub fn proxies(&self, redactor: &Redactor) -> Result<Proxies, Failure> {
        let proxies = Proxies::read(&self.env)?;
        for password in proxies.passwords() {
            redactor.know(&password);
        }
        Ok(proxies)
    }

    /// Picks a setting's value; `None` where nobody set it.
    pub fn pick(&self, setting: Setting, option: Option<&str>) -> Option<Picked<String>> {
        let option = option
            .filter(|text| !text.trim().is_empty())
            .map(|text| (text, Source::Option));
        let env = setting
            .var
            .and_then(|var| self.env.get(var))
            .map(|text| (text, Source::Environment));
        let profile = setting
            .key
            .and_then(|key| self.profile.get(key))
            .map(|text| (text.as_str(), Source::Profile));
        let picked = if self.profile_named {
            option.or(profile).or(env)
        } else {
            option.or(env).or(profile)
        };
        let picked = picked.map(|(value, source)| Picked {
            value: value.trim().to_owned(),
            source,
        })?;
        if let Some(key) = setting.key.filter(|_| is_quoted(&picked.value)) {
            let place = name_of(setting, picked.source);
            let text = format!(
                "{place}: the quotes belong to the value {}; if the shell was to take them, leave them out",
                picked.value
            );
            self.quote_notice.say(key, &text);
        }
        if let Some((own, _)) = profile.filter(|(own, _)| own.trim() != picked.value) {
            let by = name_of(setting, picked.source);
            let key = setting.key.unwrap_or_default();
            let text = format!(
                "{by} {:?} overrides {key} {:?} of the profile",
                picked.value,
                own.trim()
            );
            self.override_notice.say(setting.option, &text);
        }
        Some(picked)
    }

    /// Picks and reads it; a value that cannot be read is wrong usage, named by its place.
    pub fn parse<T>(
        &self,
        setting: Setting,
        option: Option<&str>,
    ) -> Result<Option<Picked<T>>, Failure>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let Some(picked) = self.pick(setting, option) else {
            return Ok(None);
        };
        let source = picked.source;
        match picked.value.parse() {
            Ok(value) => Ok(Some(Picked { value, source })),
            Err(error) => Err(Failure::usage(format!(
                "{}: {error}",
                name_of(setting, source)
            ))),
        }
    }
}

/// Whether quotes that a shell or a file of settings should have taken away are left around a value.
fn is_quoted(value: &str) -> bool {
    let quoted =
        |quote: char| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    quoted('"') || quoted('\'')
}

/// What the operator calls a setting at its place.
pub fn name_of(setting: Setting, source: Source) -> String {
    match (source, setting.key) {
        (Source::Environment, _) if let Some(var) = setting.var => var.name.to_owned(),
        (Source::Profile, Some(key)) => format!("{key} in the profile"),
        _ => format!("--{}", setting.option),
    }
}

/// One secret and the places it can come from. A secret is never a value on the command line.
#[derive(Debug, Clone, Copy)]
pub struct SecretSetting {
    /// The long option that names a file.
    pub option: &'static str,
    /// The variable.
    pub var: Var,
    /// What it is, in words.
    pub what: &'static str,
    /// What it is in a profile.
    pub kind: SecretKind,
}

/// The Tech Provider's user token.
pub const USER_TOKEN: SecretSetting = SecretSetting {
    option: "user-token-file",
    var: env::MPS_USER_TOKEN,
    what: "the user token",
    kind: SecretKind::UserToken,
};
/// Our system user's token.
pub const SYSTEM_TOKEN: SecretSetting = SecretSetting {
    option: "system-token-file",
    var: env::MPS_SYSTEM_TOKEN,
    what: "the system token",
    kind: SecretKind::SystemToken,
};
/// Our app's secret.
pub const APP_SECRET: SecretSetting = SecretSetting {
    option: "app-secret-file",
    var: env::MPS_APP_SECRET,
    what: "the app secret",
    kind: SecretKind::AppSecret,
};
/// The verify token of our webhooks.
pub const VERIFY_TOKEN: SecretSetting = SecretSetting {
    option: "verify-token-file",
    var: env::MPS_VERIFY_TOKEN,
    what: "the verify token",
    kind: SecretKind::VerifyToken,
};
/// What the posts of `--notify` are signed with.
pub const NOTIFY_SECRET: SecretSetting = SecretSetting {
    option: "notify-secret-file",
    var: env::MPS_NOTIFY_SECRET,
    what: "the signing secret of --notify",
    kind: SecretKind::NotifySecret,
};
/// The address of a team's journal.
pub const JOURNAL: SecretSetting = SecretSetting {
    option: "journal-file",
    var: env::MPS_JOURNAL,
    what: "the journal's address",
    kind: SecretKind::Journal,
};

impl SecretSetting {
    /// Reads the secret from the environment, if it is there.
    pub fn of_environment(&self, env: &Env) -> Result<Option<Secret>, Failure> {
        let secret = env.get(self.var).map(|text| self.kind.parse(text));
        secret
            .transpose()
            .map_err(|error| self.no_secret(self.var.name, error))
    }

    /// Reads the secret from a file, `-` being stdin.
    pub fn of_file(&self, file: &Path) -> Result<Secret, Failure> {
        let mut bytes = zeroize::Zeroizing::new(Vec::new());
        let read = if file == Path::new("-") {
            io::stdin()
                .lock()
                .take(LONGEST_FILE)
                .read_to_end(&mut bytes)
        } else {
            std::fs::File::open(file)
                .and_then(|file| file.take(LONGEST_FILE).read_to_end(&mut bytes))
        };
        let place = shown(file);
        if read.is_err() && looks_secret(&place) {
            return Err(Failure::token_typed(&format!(
                "--{} takes a file",
                self.option
            )));
        }
        read.map_err(|error| {
            Failure::io(format!("could not read {} from {place}", self.what), &error).hint(format!(
                "see that the file is there and that you may read it, or set {} instead",
                self.var.name
            ))
        })?;
        let secret = std::str::from_utf8(&bytes)
            .map_err(|_| SecretError::Malformed)
            .and_then(|text| self.kind.parse(text));
        secret.map_err(|error| self.no_secret(&place, error))
    }

    fn no_secret(&self, place: &str, error: SecretError) -> Failure {
        let hint = if place == self.var.name {
            format!(
                "set {place} to it alone, or name a file: --{} FILE",
                self.option
            )
        } else {
            "put it there alone, on one line".to_owned()
        };
        Failure::usage(format!("{} from {place} is none: {error}", self.what)).hint(hint)
    }
}

/// Two things want stdin, which can be read once.
pub fn both_from_stdin(first: &str, second: &str) -> Failure {
    Failure::usage(format!(
        "{first} and {second} cannot both be read from stdin"
    ))
    .hint("name a file for one of them")
}

/// Longest file read for a secret, in bytes.
const LONGEST_FILE: u64 = 64 * 1024;

fn shown(file: &Path) -> String {
    if file == Path::new("-") {
        "stdin".to_owned()
    } else {
        file.display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks the table: every setting, every combination of its places.
    #[test]
    fn precedence() {
        for setting in ALL {
            for combination in 0..16_u8 {
                let has = |bit: u8| combination & (1 << bit) != 0;
                let (option, in_env, in_profile, named) = (
                    has(0),
                    has(1) && setting.var.is_some(),
                    has(2) && setting.key.is_some(),
                    has(3),
                );
                let pairs: Vec<_> = setting
                    .var
                    .map(|var| (var.name, if in_env { "env" } else { "" }))
                    .into_iter()
                    .collect();
                let profile = if in_profile {
                    [(setting.key.unwrap().to_owned(), "profile".to_owned())].into()
                } else {
                    BTreeMap::new()
                };
                let places = Settings {
                    env: Env::from_pairs(&pairs),
                    profile,
                    profile_named: named,
                    ..Settings::default()
                };
                let picked = places.pick(*setting, option.then_some("option"));
                let expected = match (option, in_env, in_profile, named) {
                    (true, ..) => Some(("option", Source::Option)),
                    (_, true, true, true) | (_, false, true, _) => {
                        Some(("profile", Source::Profile))
                    }
                    (_, true, ..) => Some(("env", Source::Environment)),
                    (false, false, false, _) => None,
                };
                let picked = picked.map(|picked| (picked.value, picked.source));
                assert_eq!(
                    picked,
                    expected.map(|(value, source)| (value.to_owned(), source)),
                    "{} {combination}",
                    setting.option
                );
            }
        }
    }

    #[test]
    fn a_bad_value_is_named_by_its_place() {
        let places = Settings {
            env: Env::from_pairs(&[("MPS_JOBS", "many")]),
            ..Settings::default()
        };
        let failure = places.parse::<usize>(JOBS, None).unwrap_err();
        assert!(
            failure.message.starts_with("MPS_JOBS: "),
            "{}",
            failure.message
        );
        let failure = places.parse::<usize>(JOBS, Some("x")).unwrap_err();
        assert!(
            failure.message.starts_with("--jobs: "),
            "{}",
            failure.message
        );
    }

    #[test]
    fn what_overrides_the_profile_is_said_once() {
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let places = Settings {
            env: Env::from_pairs(&[("MPS_JOBS", "4"), ("MPS_NAME", "x")]),
            profile: [("jobs", "8"), ("name", "x")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            override_notice: OverrideNotice::new(move |text| {
                heard.lock().unwrap().push(text.to_owned());
            }),
            ..Settings::default()
        };
        for _ in 0..2 {
            places.pick(JOBS, None);
            places.pick(NAME, None);
            places.pick(MESSAGING, Some("both"));
        }
        assert_eq!(
            *said.lock().unwrap(),
            ["MPS_JOBS \"4\" overrides jobs \"8\" of the profile"]
        );
    }

    #[test]
    fn a_profile_can_hold_what_the_table_says() {
        let keys: Vec<_> = ALL.iter().filter_map(|setting| setting.key).collect();
        assert_eq!(keys, crate::profile::KEYS);
    }

    #[test]
    fn secrets_are_read_leniently_and_never_shown() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        std::fs::write(&file, "\u{feff}EAAfile\r\n").unwrap();
        let env = Env::from_pairs(&[("MPS_USER_TOKEN", "EAAenv")]);
        assert_eq!(USER_TOKEN.of_file(&file).unwrap().expose(), "EAAfile");
        let found = USER_TOKEN.of_environment(&env).unwrap();
        assert_eq!(found.unwrap().expose(), "EAAenv");
        assert!(
            USER_TOKEN
                .of_environment(&Env::default())
                .unwrap()
                .is_none()
        );
        std::fs::write(&file, "two words").unwrap();
        let failure = USER_TOKEN.of_file(&file).unwrap_err();
        assert!(
            !failure.message.contains("two words"),
            "{}",
            failure.message
        );
        assert!(USER_TOKEN.of_file(&dir.path().join("none")).is_err());
    }
}
