//! Where a profile's secrets are.
//!
//! The one decision: a place is what the profile says (`system_token_store = "keyring"`,
//! `system_token_command = "…"`, `system_token_file = "…"`), one of three per secret, and reading one gives
//! the secret together with what the operator should hear of it.

use std::path::PathBuf;

use strum::VariantArray;

use crate::secret::{Secret, SecretError};

/// Which secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum SecretKind {
    /// The Tech Provider's token.
    UserToken,
    /// Our system user's token.
    SystemToken,
    /// Our app's secret.
    AppSecret,
    /// The verify token of our webhooks.
    VerifyToken,
    /// What the posts of `--notify` are signed with.
    NotifySecret,
    /// The address of a team's journal.
    Journal,
}

impl SecretKind {
    /// Every kind, in the order of the reference.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in a profile, in the keyring and in names of files.
    pub fn key(self) -> &'static str {
        match self {
            Self::UserToken => "user_token",
            Self::SystemToken => "system_token",
            Self::AppSecret => "app_secret",
            Self::VerifyToken => "verify_token",
            Self::NotifySecret => "notify_secret",
            Self::Journal => "journal",
        }
    }

    /// Reads one as people store it. An address may hold what no token can.
    pub fn parse(self, text: &str) -> Result<Secret, SecretError> {
        match self {
            Self::Journal => Secret::parse(text).map_err(|error| match error {
                SecretError::Malformed => SecretError::OddAddress,
                error => error,
            }),
            _ => Secret::parse_token(text),
        }
    }

    /// The keys of a profile that say where it is: store, command, file.
    pub fn keys(self) -> [&'static str; 3] {
        match self {
            Self::UserToken => ["user_token_store", "user_token_command", "user_token_file"],
            Self::SystemToken => [
                "system_token_store",
                "system_token_command",
                "system_token_file",
            ],
            Self::AppSecret => ["app_secret_store", "app_secret_command", "app_secret_file"],
            Self::VerifyToken => [
                "verify_token_store",
                "verify_token_command",
                "verify_token_file",
            ],
            Self::NotifySecret => [
                "notify_secret_store",
                "notify_secret_command",
                "notify_secret_file",
            ],
            Self::Journal => ["journal_store", "journal_command", "journal_file"],
        }
    }
}

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretLocation {
    /// In the system's keyring.
    Keyring,
    /// This command prints it.
    Command(String),
    /// In this file.
    File(PathBuf),
}

impl SecretLocation {
    /// The word for the plan: `keyring`, `command`, or the file.
    pub fn word(&self) -> String {
        match self {
            Self::Keyring => "keyring".to_owned(),
            Self::Command(_) => "command".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

/// A secret and what should be said about how it was read.
#[derive(Debug)]
pub struct LoadedSecret {
    pub secret: Secret,
    /// A file of somebody else that others can read.
    pub warning: Option<String>,
    /// What the command said on stderr; may hold anything.
    pub said: String,
}

impl LoadedSecret {
    pub(super) fn silent(secret: Secret) -> Self {
        Self {
            secret,
            warning: None,
            said: String::new(),
        }
    }
}
