//! The command line: the options, the list of commands, and the flat match.

pub mod completions;
pub(crate) mod man;
pub(crate) mod parse_error;
pub(crate) mod signals;

use std::{ffi::OsString, sync::Arc};

use clap::{CommandFactory, FromArgMatches as _, Parser, Subcommand};

use crate::commands::reference::Shape;
use crate::{
    commands::{
        Output, accept::AcceptArgs, api::ApiArgs, complete_words::CompleteWordsArgs,
        completions::CompletionsArgs, create::CreateArgs, doctor::DoctorArgs, handoff::HandoffArgs,
        history::HistoryArgs, init::InitArgs, invite::InviteArgs, list::ListArgs,
        list_apps::ListAppsArgs, man::ManArgs, onboard::OnboardArgs, profile::ProfileArgs,
        resume::ResumeArgs, sandbox::SandboxArgs, serve_button::ServeButtonArgs, show::ShowArgs,
        snippet::SnippetArgs,
    },
    context::{Context, failure::Failure, global_args::GlobalArgs},
};

/// Create and accept WhatsApp Multi-Partner Solutions, each exactly once
///
/// For operators at Solution Partners: mps catches the Tech Provider's token with Meta's button, creates
/// a solution for each of their apps, accepts it with your system token, and writes the message that tells
/// them the ids. Whatever fails in between, running it again makes nothing twice.
#[derive(Debug, Parser)]
#[command(
    name = "mps",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    max_term_width = 100,
    after_help = "Begin without a Meta account, then with your own app:\n  mps onboard --sandbox\n  mps init\n  mps doctor\n  mps onboard"
)]
pub struct Cli {
    #[command(flatten)]
    /// The options of every command.
    pub globals: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    Onboard(Box<OnboardArgs>),
    ServeButton(Box<ServeButtonArgs>),
    Invite(InviteArgs),
    Snippet(SnippetArgs),
    ListApps(ListAppsArgs),
    Create(CreateArgs),
    Accept(AcceptArgs),
    List(ListArgs),
    Show(ShowArgs),
    Resume(ResumeArgs),
    History(HistoryArgs),
    Handoff(HandoffArgs),
    Api(ApiArgs),
    Init(Box<InitArgs>),
    Doctor(DoctorArgs),
    Profile(ProfileArgs),
    Sandbox(SandboxArgs),
    Completions(CompletionsArgs),
    #[command(hide = true)]
    CompleteWords(CompleteWordsArgs),
    Man(ManArgs),
}

impl Cli {
    /// The tree with the fields of `--json` at the end of each command's long help.
    pub fn tree() -> clap::Command {
        with_fields(Self::command(), "")
    }

    /// Reads a command line.
    pub fn read(args: &[OsString]) -> Result<Self, clap::Error> {
        let matches = Self::tree().try_get_matches_from(args)?;
        Self::from_arg_matches(&matches)
    }
}

fn with_fields(command: clap::Command, path: &str) -> clap::Command {
    let command = command.mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        with_fields(below, path.trim_start())
    });
    let Some(shape) = Shape::of(path) else {
        return command;
    };
    let after = command.get_after_long_help().or(command.get_after_help());
    let after = after.map(ToString::to_string).unwrap_or_default();
    let after = format!("{after}\n\n{}", shape.help());
    command.after_long_help(after)
}

impl Command {
    /// Whether it neither talks to anybody nor changes anything: no log is kept of it.
    pub fn is_offline(&self) -> bool {
        matches!(
            self,
            Self::Completions(_) | Self::CompleteWords(_) | Self::Man(_) | Self::Snippet(_)
        )
    }

    /// Whether it is about what is at a Graph host, so that another one than Meta's is said.
    pub fn has_a_host(&self) -> bool {
        match self {
            Self::Onboard(args) => !args.is_sandbox(),
            Self::Profile(_) | Self::Sandbox(_) => false,
            _ => !self.is_offline(),
        }
    }

    /// Whether a profile that cannot be read ends it.
    pub fn reads_profile(&self) -> bool {
        match self {
            Self::Onboard(args) => !args.is_sandbox(),
            Self::Init(_)
            | Self::Doctor(_)
            | Self::Profile(_)
            | Self::Sandbox(_)
            | Self::Completions(_)
            | Self::CompleteWords(_)
            | Self::Man(_)
            | Self::History(_) => false,
            _ => true,
        }
    }

    /// Whether it only reads, so that it can be left at any moment.
    pub fn only_reads(&self) -> bool {
        match self {
            Self::List(_)
            | Self::Show(_)
            | Self::ListApps(_)
            | Self::History(_)
            | Self::Handoff(_)
            | Self::Doctor(_) => true,
            Self::Api(args) => args.only_reads(),
            _ => false,
        }
    }

    /// Whether it changes something at Meta, so that a stop waits for the write under way.
    pub fn writes(&self) -> bool {
        match self {
            Self::Onboard(_) | Self::Create(_) | Self::Accept(_) | Self::Resume(_) => true,
            Self::Api(args) => !args.only_reads(),
            _ => false,
        }
    }

    /// Runs the command.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        match self {
            Self::Onboard(args) => args.run(ctx).await,
            Self::ServeButton(args) => args.run(ctx).await,
            Self::Invite(args) => args.run(ctx).await,
            Self::Snippet(args) => args.run(ctx),
            Self::ListApps(args) => args.run(ctx).await,
            Self::Create(args) => args.run(ctx).await,
            Self::Accept(args) => args.run(ctx).await,
            Self::List(args) => args.run(ctx).await,
            Self::Show(args) => args.run(ctx).await,
            Self::Resume(args) => args.run(ctx).await,
            Self::History(args) => args.run(ctx),
            Self::Handoff(args) => args.run(ctx).await,
            Self::Api(args) => args.run(ctx).await,
            Self::Init(args) => args.run(ctx).await,
            Self::Doctor(args) => args.run(ctx).await,
            Self::Profile(args) => args.run(ctx).await,
            Self::Sandbox(args) => args.run(ctx).await,
            Self::Completions(args) => args.run(
                |shell| completions::script(Cli::command(), shell),
                |shell, program| completions::dynamic_script(Cli::command(), shell, program),
            ),
            Self::CompleteWords(args) => args.run(ctx),
            Self::Man(args) => args.run(ctx, completions::man_pages(Cli::command())),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_tree_is_sound() {
        super::Cli::command().debug_assert();
    }
}
