//! The environment, read once and in one place.
//!
//! The one decision: an empty value counts as unset (`MPS_JOBS= mps …` is how a shell takes one away;
//! clap's own `env` would call it invalid), so nothing else may ask `std::env`. Every variable that mps
//! looks at is a documented constant here; tests build an [`Env`] from pairs.

use std::{collections::BTreeMap, ffi::OsString};

use crate::secret::Secret;

/// One variable of the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Var {
    pub name: &'static str,
    /// What it sets, in the operator's words.
    pub what: &'static str,
    /// Whether its value is a secret: never shown, and taken from the environment of every child process.
    pub secret: bool,
    /// Its other spelling, read where the name itself is not set.
    pub lower: Option<&'static str>,
}

/// Declares the constants and the list of them all.
macro_rules! vars {
    ($($name:ident $(| $lower:literal)?: $what:literal $($secret:ident)?;)*) => {
        $(
            #[doc = $what]
            pub const $name: Var = Var {
                name: stringify!($name),
                what: $what,
                secret: vars!(@ $($secret)?),
                lower: vars!(lower $($lower)?),
            };
        )*
        /// Every variable that mps reads, in the order of the reference.
        pub const ALL: &[Var] = &[$($name),*];
    };
    (@ secret) => { true };
    (@) => { false };
    (lower $lower:literal) => { Some($lower) };
    (lower) => { None };
}

vars! {
    MPS_PROFILE: "the profile to use";
    MPS_PARTNER_APP_ID: "our app's id";
    MPS_PARTNER_NAME: "our name in the names of solutions";
    MPS_NAME: "the template of solution names";
    MPS_MESSAGING: "who may send messages: both, partner or tech-provider";
    MPS_JOBS: "how many apps are worked on at once";
    MPS_PUBLIC_URL: "the public address of the button's page";
    MPS_API_VERSION: "the version of the Graph API";
    MPS_GRAPH_URL: "another Graph host, on the loopback only";
    MPS_CA_FILE: "certificate authorities to trust, a PEM file";
    MPS_LOG_FILE: "where the run's log goes, `none` for nowhere";
    MPS_STATE_DIR: "where the journal, the logs and the certificate live";
    MPS_CONFIG_DIR: "where the profiles live";
    MPS_OPERATOR: "who the journal says acted, instead of user@host";
    MPS_LOOK_PAUSES: "seconds between looks for an unknown outcome, on the loopback only (for tests)";
    MPS_USER_TOKEN: "the Tech Provider's user token" secret;
    MPS_SYSTEM_TOKEN: "our system user's token" secret;
    MPS_APP_SECRET: "our app's secret" secret;
    MPS_VERIFY_TOKEN: "the verify token of our webhooks" secret;
    MPS_NOTIFY_SECRET: "what the posts of `mps watch --notify` are signed with" secret;
    MPS_JOURNAL: "the database of a team's journal (`postgres://USER@HOST/DATABASE`), instead of a file in the state directory" secret;
    NO_COLOR: "no colours";
    CLICOLOR_FORCE: "colours even off a terminal";
    TERM: "the kind of terminal; `dumb` means no colours and no progress";
    PAGER: "the program that a table longer than the screen is shown with; `cat` for none";
    LESS: "the options of `less`, where mps would choose some";
    COLUMNS: "the width of the terminal, where it cannot be asked";
    SSH_CONNECTION: "set in a session over SSH: no browser is opened";
    SSH_TTY: "set in a session over SSH: no browser is opened";
    DISPLAY: "an X display, where a browser can open";
    WAYLAND_DISPLAY: "a Wayland display, where a browser can open";
    WSL_DISTRO_NAME: "set in WSL, where the browser of Windows opens";
    DBUS_SESSION_BUS_ADDRESS: "the session bus, where the keyring of Linux answers";
    XDG_RUNTIME_DIR: "where the session bus is, when nothing else says so";
    HTTPS_PROXY | "https_proxy": "the proxy on the way to Meta: http, https, socks5 or socks5h; also as https_proxy";
    ALL_PROXY | "all_proxy": "the same, where HTTPS_PROXY is not set; also as all_proxy";
    HTTP_PROXY | "http_proxy": "the proxy to hosts without TLS, which Meta is not; also as http_proxy";
    NO_PROXY | "no_proxy": "hosts that are reached without the proxy; also as no_proxy";
    VISUAL: "the editor of `mps profile edit`";
    EDITOR: "the same, where VISUAL is not set";
    GITHUB_ACTOR: "who the operator is, in a run of GitHub's CI";
    GITLAB_USER_LOGIN: "the same in GitLab's";
    BUILDKITE_BUILD_CREATOR: "the same in Buildkite's";
    CIRCLE_USERNAME: "the same in CircleCI's";
    USER: "who the operator is, where none of these says; else the system's user database does";
    USERNAME: "the same on Windows";
}

/// What the environment said when the program began.
#[derive(Clone, Default)]
pub struct Env {
    values: BTreeMap<&'static str, (&'static str, String)>,
    not_unicode: Vec<&'static str>,
}

impl Env {
    /// Reads the variables of [`ALL`] from the process.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the environment"
    )]
    pub fn from_process() -> Self {
        Self::from_lookup(|name| std::env::var_os(name))
    }

    /// The environment a test wants.
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Self {
        Self::from_lookup(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).into())
        })
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let mut env = Self::default();
        for var in ALL {
            for name in std::iter::once(var.name).chain(var.lower) {
                match lookup(name).map(OsString::into_string) {
                    Some(Ok(value)) if !value.trim().is_empty() => {
                        env.values.insert(var.name, (name, value));
                        break;
                    }
                    Some(Err(_)) => env.not_unicode.push(name),
                    Some(Ok(_)) | None => {}
                }
            }
        }
        env
    }

    /// The value of a variable; empty or blank counts as unset.
    pub fn get(&self, var: Var) -> Option<&str> {
        self.spelled(var).map(|(_, value)| value)
    }

    /// The same with the name that it was set under, for those that have two.
    pub fn spelled(&self, var: Var) -> Option<(&'static str, &str)> {
        let (name, value) = self.values.get(var.name)?;
        Some((name, value))
    }

    /// Whether a variable has a value.
    pub fn has(&self, var: Var) -> bool {
        self.get(var).is_some()
    }

    /// The same without what the operator set for mps, except where it writes and how it waits: what a run
    /// against the built-in stand-in may see.
    #[must_use]
    pub fn for_sandbox(&self) -> Self {
        let kept = [
            MPS_OPERATOR,
            MPS_LOOK_PAUSES,
            MPS_NAME,
            MPS_MESSAGING,
            MPS_JOBS,
        ];
        let keep =
            |name: &str| !name.starts_with("MPS_") || kept.iter().any(|var| var.name == name);
        let values = self.values.iter().filter(|(name, _)| keep(name));
        Self {
            values: values.map(|(name, value)| (*name, value.clone())).collect(),
            not_unicode: Vec::new(),
        }
    }

    /// Names of variables that could not be read because they are not Unicode.
    pub fn unreadable(&self) -> &[&'static str] {
        &self.not_unicode
    }
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

/// The variables to take from the environment of every child process.
pub fn secret_names() -> impl Iterator<Item = &'static str> {
    ALL.iter().filter(|var| var.secret).map(|var| var.name)
}

/// The secrets of the environment, as far as they are well formed.
pub fn secrets(env: &Env) -> Vec<Secret> {
    let set = ALL
        .iter()
        .filter(|var| var.secret)
        .filter_map(|var| env.get(*var));
    set.filter_map(|text| Secret::parse(text).ok()).collect()
}

/// The arguments of the program, its name first.
pub fn args() -> impl Iterator<Item = OsString> {
    std::env::args_os()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_counts_as_unset() {
        let env = Env::from_pairs(&[("MPS_PROFILE", ""), ("MPS_JOBS", "  "), ("MPS_NAME", "x")]);
        assert_eq!(
            (env.get(MPS_PROFILE), env.get(MPS_JOBS), env.get(MPS_NAME)),
            (None, None, Some("x"))
        );
    }

    #[test]
    fn the_lower_case_counts_where_the_name_is_not_set() {
        for (pairs, read) in [
            (&[("https_proxy", "low")][..], Some(("https_proxy", "low"))),
            (
                &[("https_proxy", "low"), ("HTTPS_PROXY", "high")],
                Some(("HTTPS_PROXY", "high")),
            ),
            (
                &[("https_proxy", "low"), ("HTTPS_PROXY", " ")],
                Some(("https_proxy", "low")),
            ),
            (&[("mps_jobs", "8")], None),
        ] {
            let env = Env::from_pairs(pairs);
            assert_eq!(env.spelled(HTTPS_PROXY).or(env.spelled(MPS_JOBS)), read);
        }
    }

    #[test]
    fn debug_shows_names_only() {
        let env = Env::from_pairs(&[("MPS_USER_TOKEN", "EAAsecret")]);
        assert_eq!(format!("{env:?}"), r#"{"MPS_USER_TOKEN"}"#);
    }

    #[test]
    fn secrets_are_marked() {
        assert_eq!(
            secret_names().collect::<Vec<_>>(),
            [
                "MPS_USER_TOKEN",
                "MPS_SYSTEM_TOKEN",
                "MPS_APP_SECRET",
                "MPS_VERIFY_TOKEN",
                "MPS_NOTIFY_SECRET",
                "MPS_JOURNAL"
            ]
        );
    }
}
