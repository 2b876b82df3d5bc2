//! The options that every command takes.
//!
//! The one decision: they keep their text until they are resolved, see `settings`; only what shapes the
//! output is read here, since even an error about another option must come in the wished form.

use std::path::PathBuf;

use clap::Args;

use crate::{
    graph::default_version,
    ui::{ColorChoice, UiOptions},
};

/// Options that every command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct GlobalArgs {
    /// Write JSON: one object per line for things that come in numbers, one object otherwise
    #[arg(long, global = true, help_heading = "Output")]
    pub json: bool,
    /// Say less: no status lines, no progress; warnings and errors stay
    #[arg(short, long, global = true, help_heading = "Output")]
    pub quiet: bool,
    /// Say more: -v a line per request, -vv headers and bodies, redacted (can be repeated)
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
    /// Never ask, as if nobody were there; what then needs --yes ends with exit code 2
    #[arg(long, global = true, help_heading = "Output")]
    pub no_input: bool,
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub color: ColorChoice,
    /// Show a table that is longer than the screen without $PAGER
    #[arg(long, global = true, help_heading = "Output", hide_short_help = true)]
    pub no_pager: bool,
    /// Write the run's log to this file instead of the state directory; `none` for no log [env: MPS_LOG_FILE]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Output",
        hide_short_help = true
    )]
    pub log_file: Option<String>,
    /// The profile with the settings [env: MPS_PROFILE] [default: default]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Settings")]
    pub profile: Option<String>,
    /// Our app's id [env: MPS_PARTNER_APP_ID]
    #[arg(
        long,
        global = true,
        value_name = "ID",
        help_heading = "Settings",
        hide_short_help = true
    )]
    pub partner_app_id: Option<String>,
    /// Our name in names of solutions and messages [env: MPS_PARTNER_NAME] [default: our app's name]
    #[arg(
        long,
        global = true,
        value_name = "TEXT",
        help_heading = "Settings",
        hide_short_help = true
    )]
    pub partner_name: Option<String>,
    // A doc comment could not name the constant.
    #[arg(
        long,
        help = concat!("The version of the Graph API [env: MPS_API_VERSION] [default: ", default_version!(), "]"),
        global = true,
        value_name = "vNN.N",
        help_heading = "Settings",
        hide_short_help = true
    )]
    pub api_version: Option<String>,
    /// Another Graph host; plain http for loopback hosts only [env: MPS_GRAPH_URL]
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help_heading = "Settings",
        hide_short_help = true
    )]
    pub graph_url: Option<String>,
    /// Certificate authorities to trust, a PEM file [env: MPS_CA_FILE] [default: the system's]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Settings",
        hide_short_help = true
    )]
    pub ca_file: Option<String>,
    /// A file with our app's secret, `-` for stdin; signs the calls [env: MPS_APP_SECRET]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Settings",
        hide_short_help = true
    )]
    pub app_secret_file: Option<PathBuf>,
    /// A file with the address of a team's journal, `-` for stdin [env: MPS_JOURNAL]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Settings",
        hide_short_help = true
    )]
    pub journal_file: Option<PathBuf>,
}

impl GlobalArgs {
    /// What they wish of the output.
    pub fn wishes(&self) -> UiOptions {
        UiOptions {
            json: self.json,
            quiet: self.quiet,
            verbose: self.verbose,
            no_input: self.no_input,
            no_pager: self.no_pager,
            color: self.color,
        }
    }
}
