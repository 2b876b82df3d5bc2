//! The options of `mps init`.
//!
//! The one decision: every question has its option, so that what a person can answer a script can too.

use clap::{Args, ValueEnum};

use crate::{
    commands::args::{SystemTokenArg, VerifyTokenArg},
    profile::SecretKind,
};

/// Make a profile: ask for settings and secrets, check them, keep them
///
/// Explains where in Meta's dashboards each value stands, checks it against Meta as it is typed, and writes
/// a profile that only you can read. Secrets go where you say: into the system's keyring, into a file, or
/// nowhere, with a command that prints them. Run again, it proposes what the profile holds.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps init\n  mps init --profile work\n  mps init --no-input --partner-app-id 634974688087057 --system-token-command ./token.sh --no-check"
)]
pub struct InitArgs {
    /// Where the secrets are kept
    #[arg(long, value_enum, value_name = "WHERE", help_heading = "Secrets")]
    pub(super) secret_store: Option<Store>,
    #[command(flatten)]
    pub(super) system: SystemTokenArg,
    /// A command that prints the system token
    #[arg(long, value_name = "COMMAND", help_heading = "Secrets")]
    pub(super) system_token_command: Option<String>,
    /// A command that prints the app secret
    #[arg(long, value_name = "COMMAND", help_heading = "Secrets")]
    pub(super) app_secret_command: Option<String>,
    #[command(flatten)]
    pub(super) verify: VerifyTokenArg,
    /// A command that prints the verify token of our webhooks
    #[arg(long, value_name = "COMMAND", help_heading = "Secrets")]
    pub(super) verify_token_command: Option<String>,
    /// A command that prints the address of a team's journal
    #[arg(long, value_name = "COMMAND", help_heading = "Secrets")]
    pub(super) journal_command: Option<String>,
    /// The name of each solution, a template [env: MPS_NAME]
    #[arg(long, value_name = "TEMPLATE")]
    pub(super) name: Option<String>,
    /// Who may send messages: both, partner (us) or tech-provider (owner) [env: MPS_MESSAGING]
    #[arg(long, value_name = "WHO")]
    pub(super) messaging: Option<String>,
    /// How many apps or solutions are worked on at once [env: MPS_JOBS]
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<String>,
    /// The public address of the button's page [env: MPS_PUBLIC_URL]
    #[arg(long, value_name = "URL")]
    pub(super) public_url: Option<String>,
    /// The Tech Providers' language: en, es, pt-BR, fr, id or hi
    #[arg(long, value_name = "TAG")]
    pub(super) lang: Option<String>,
    /// Our name on the page
    #[arg(long, value_name = "TEXT")]
    pub(super) brand_name: Option<String>,
    /// Our logo on the page: a PNG, SVG, JPEG or WebP of at most 100 KiB
    #[arg(long, value_name = "FILE")]
    pub(super) brand_logo: Option<String>,
    /// Our colour on the page, dark enough to be read on white, like '#0a7a5c'
    #[arg(long, value_name = "COLOR")]
    pub(super) brand_color: Option<String>,
    /// Our privacy page, which the page leads to
    #[arg(long, value_name = "URL")]
    pub(super) privacy_url: Option<String>,
    /// Change what a profile holds without asking
    #[arg(long)]
    pub(super) overwrite: bool,
    /// Do not ask Meta whether the values are right
    #[arg(long)]
    pub(super) no_check: bool,
}

impl InitArgs {
    /// The command that prints a secret, if one was named.
    pub(super) fn command_of(&self, kind: SecretKind) -> Option<&String> {
        match kind {
            SecretKind::SystemToken => self.system_token_command.as_ref(),
            SecretKind::AppSecret => self.app_secret_command.as_ref(),
            SecretKind::VerifyToken => self.verify_token_command.as_ref(),
            SecretKind::Journal => self.journal_command.as_ref(),
            SecretKind::UserToken | SecretKind::NotifySecret => None,
        }
    }
}

/// `--secret-store`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Store {
    /// The system's keyring
    Keyring,
    /// Nowhere: a command prints them
    Command,
    /// A file that only you can read
    File,
    /// Nowhere: they come from options or the environment
    None,
}
