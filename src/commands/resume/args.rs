//! The options of `mps resume`.

use clap::Args;

use crate::{
    commands::args::{PaceArgs, SystemTokenArg, UserTokenArg},
    ids::AppId,
};

/// Take up everything unfinished in the journal
///
/// Looks for the solutions of writes whose answer was lost, creates what was planned and never sent, and
/// accepts what `onboard` made; what `create` made stays INITIATED. A user token is used only for the apps
/// that it lists; without one mps does what the system token can do and says which apps are left.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps resume --dry-run\n  mps resume --yes\n  mps resume --app-id 212022489970390 --user-token-file token.txt"
)]
pub struct ResumeArgs {
    /// Only this app of a Tech Provider (can be repeated)
    #[arg(long = "app-id", value_name = "ID")]
    pub(super) app_ids: Vec<AppId>,
    /// Close the row of this app: a create without an answer made nothing at Meta (looks first, then asks)
    #[arg(long, requires = "app_ids", conflicts_with = "dry_run")]
    pub(super) not_made: bool,
    /// With --not-made: the name of what `--allow-duplicate` sent
    #[arg(long, value_name = "NAME", requires = "not_made")]
    pub(super) name: Option<String>,
    /// Wait until what had no answer is ten minutes old, and so can be decided on
    ///
    /// An app that waits stays locked, so that another mps waits for it; the other apps go on meanwhile.
    #[arg(long, conflicts_with_all = ["dry_run", "not_made"])]
    pub(super) wait: bool,
    /// Show what is unfinished and send nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Say yes to the list
    #[arg(short, long)]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) pace: PaceArgs,
    #[command(flatten)]
    pub(super) user: UserTokenArg,
    #[command(flatten)]
    pub(super) system: SystemTokenArg,
}
