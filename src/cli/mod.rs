//! The command line: the options, the list of commands, and the flat match.

mod complaint;
pub mod completions;
mod help;
pub(crate) mod man;
mod nature;
mod other_tools;
pub(crate) mod parse_error;
pub mod reference;
pub(crate) mod signals;

use std::{
    ffi::{OsStr, OsString},
    sync::Arc,
};

use clap::{
    ArgMatches, CommandFactory, FromArgMatches as _, Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};

pub use self::nature::{CommandTraits, Nature};
use self::{nature::Grammar, reference::JsonOutput};
use crate::{
    commands::{
        Output,
        accept::AcceptArgs,
        api::ApiArgs,
        business_token::BusinessTokenArgs,
        clients::ClientsArgs,
        complete_words::CompleteWordsArgs,
        completions::CompletionsArgs,
        create::CreateArgs,
        doctor::DoctorArgs,
        handoff::HandoffArgs,
        help::{HelpArgs, HelpBook},
        history::HistoryArgs,
        init::InitArgs,
        invite::InviteArgs,
        journal::JournalArgs,
        list::ListArgs,
        list_apps::ListAppsArgs,
        listen::ListenArgs,
        man::ManArgs,
        moves::{DeactivateArgs, RejectArgs},
        onboard::OnboardArgs,
        profile::ProfileArgs,
        resume::ResumeArgs,
        sandbox::SandboxArgs,
        serve_button::ServeButtonArgs,
        show::ShowArgs,
        skill::SkillArgs,
        snippet::SnippetArgs,
        tidy::TidyArgs,
        wait::WaitArgs,
        watch::WatchArgs,
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
    long_version = env!("MPS_LONG_VERSION"),
    arg_required_else_help = true,
    disable_help_subcommand = true,
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
    Watch(Box<WatchArgs>),
    Listen(Box<ListenArgs>),
    Invite(InviteArgs),
    Snippet(SnippetArgs),
    ListApps(ListAppsArgs),
    Create(CreateArgs),
    Accept(AcceptArgs),
    Reject(RejectArgs),
    Deactivate(DeactivateArgs),
    Tidy(TidyArgs),
    BusinessToken(BusinessTokenArgs),
    Clients(ClientsArgs),
    List(ListArgs),
    Show(ShowArgs),
    Wait(WaitArgs),
    Resume(ResumeArgs),
    History(HistoryArgs),
    Journal(JournalArgs),
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
    Skill(SkillArgs),
    Help(HelpArgs),
}

impl Cli {
    /// The tree with the help as it is shown: a command's own options, its examples, then what all commands share (on one
    /// line in the short help), and at the end of the long help the fields of `--json`.
    pub fn tree() -> clap::Command {
        let shared = help::shared_options(&Self::command());
        let root = Self::command().mut_args(|arg| arg.hide(true));
        as_shown(root, "", &shared)
    }

    fn grammar() -> Grammar {
        Grammar {
            tree: Self::command(),
            nature: |words| Some(Self::read(words).ok()?.command.traits().nature),
        }
    }

    /// Reads a command line.
    ///
    /// The help of every command is more than half of what a start costs, so it is put together only for one whose line
    /// is not simply taken.
    pub fn read(args: &[OsString]) -> Result<Self, clap::Error> {
        let mut tree = Self::command();
        match tree.try_get_matches_from_mut(args) {
            Ok(matches) if empty_option(&tree, &matches).is_none() => {
                Self::from_arg_matches(&matches)
            }
            Err(version) if version.kind() == ErrorKind::DisplayVersion => Err(version),
            _ => Self::read_with_help(args),
        }
    }

    fn read_with_help(args: &[OsString]) -> Result<Self, clap::Error> {
        let mut tree = Self::tree();
        let matches = tree.try_get_matches_from_mut(args)?;
        match empty_option(&tree, &matches) {
            Some(option) => {
                let mut error = clap::Error::new(ErrorKind::InvalidValue).with_cmd(&tree);
                error.insert(ContextKind::InvalidArg, ContextValue::String(option));
                Err(error)
            }
            None => Self::from_arg_matches(&matches),
        }
    }
}

/// The help of the command that was typed, for who used it wrongly.
pub(crate) fn help_of(typed: &[OsString]) -> String {
    let words: Vec<&str> = typed.iter().filter_map(|word| word.to_str()).collect();
    complaint::help(&Cli::grammar(), &words)
}

/// An option that was given nothing: of `--name "$NAME"` the shell left nothing over, and a name stays for ever.
fn empty_option(command: &clap::Command, matches: &ArgMatches) -> Option<String> {
    let is_empty = |arg: &&clap::Arg| {
        let id = arg.get_id().as_str();
        let values = matches.try_get_raw(id).ok().flatten();
        matches.value_source(id) == Some(ValueSource::CommandLine)
            && values.is_some_and(|mut values| values.any(OsStr::is_empty))
    };
    let here = command.get_opts().find(is_empty);
    let here = here
        .and_then(|arg| arg.get_long())
        .map(|long| format!("--{long}"));
    here.or_else(|| {
        let (name, below) = matches.subcommand()?;
        empty_option(command.find_subcommand(name)?, below)
    })
}

fn as_shown(command: clap::Command, path: &str, shared: &str) -> clap::Command {
    let command = command.mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        as_shown(below, path.trim_start(), shared)
    });
    // What is wrong with `--jobs -1` is the number.
    let command = command.mut_args(|arg| {
        let takes = arg.get_action().takes_values();
        arg.allow_negative_numbers(takes)
    });
    let examples = command.get_after_help().map(ToString::to_string);
    let examples = examples.unwrap_or_default();
    let short = format!("{examples}\n\nOptions that all commands share: mps help options");
    // A command whose long help says more has its examples in there.
    let own = command.get_after_long_help().map(ToString::to_string);
    let own = own.unwrap_or_else(|| examples.clone());
    let mut long = format!("{own}\n\n{}", shared.trim_end());
    if let Some(output) = JsonOutput::by(path) {
        long += &format!("\n\n{}", output.help());
    }
    command.after_help(short).after_long_help(long)
}

impl Command {
    /// What it is like.
    pub fn traits(&self) -> CommandTraits {
        use Nature::{Local, Offline, Reads, Writes};
        let (nature, host, profile) = match self {
            Self::Onboard(args) => (Writes, !args.is_sandbox(), !args.is_sandbox()),
            Self::Invite(args) if args.only_reads() => (Reads, true, true),
            Self::ServeButton(_) | Self::Invite(_) | Self::Journal(_) | Self::BusinessToken(_) => {
                (Local, true, true)
            }
            Self::Snippet(args) if args.asks_meta() => (Reads, true, true),
            Self::Snippet(_) => (Offline, false, true),
            Self::ListApps(_)
            | Self::List(_)
            | Self::Show(_)
            | Self::Wait(_)
            | Self::Handoff(_)
            | Self::Clients(_) => (Reads, true, true),
            Self::Listen(args) => {
                let nature = if args.subscribes() { Writes } else { Local };
                (nature, true, true)
            }
            Self::Create(_)
            | Self::Accept(_)
            | Self::Reject(_)
            | Self::Deactivate(_)
            | Self::Tidy(_)
            | Self::Resume(_)
            | Self::Watch(_) => (Writes, true, true),
            Self::History(_) | Self::Doctor(_) => (Reads, true, false),
            Self::Api(args) => {
                let nature = if args.only_reads() { Reads } else { Writes };
                (nature, true, true)
            }
            Self::Init(_) => (Local, true, false),
            Self::Profile(args) if args.only_reads() => (Reads, false, false),
            Self::Profile(_) | Self::Sandbox(_) => (Local, false, false),
            Self::Completions(_)
            | Self::CompleteWords(_)
            | Self::Man(_)
            | Self::Skill(_)
            | Self::Help(_) => (Offline, false, false),
        };
        CommandTraits {
            nature,
            host,
            profile,
        }
    }

    /// Runs the command.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        match self {
            Self::Onboard(args) => args.run(ctx).await,
            Self::ServeButton(args) => args.run(ctx).await,
            Self::Watch(args) => args.run(ctx).await,
            Self::Listen(args) => args.run(ctx).await,
            Self::Invite(args) => args.run(ctx).await,
            Self::Snippet(args) => args.run(ctx).await,
            Self::ListApps(args) => args.run(ctx).await,
            Self::Create(args) => args.run(ctx).await,
            Self::Accept(args) => args.run(ctx).await,
            Self::Reject(args) => args.run(ctx).await,
            Self::Deactivate(args) => args.run(ctx).await,
            Self::Tidy(args) => args.run(ctx).await,
            Self::BusinessToken(args) => args.run(ctx).await,
            Self::Clients(args) => args.run(ctx).await,
            Self::List(args) => args.run(ctx).await,
            Self::Show(args) => args.run(ctx).await,
            Self::Wait(args) => args.run(ctx).await,
            Self::Resume(args) => args.run(ctx).await,
            Self::History(args) => args.run(ctx).await,
            Self::Journal(args) => args.run(ctx).await,
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
            Self::Skill(SkillArgs {}) => Ok(SkillArgs::run(help::skill(&Cli::grammar()))),
            Self::Help(args) => args.run(
                ctx.ui.json(),
                HelpBook {
                    page: |words: &[String]| help::page(Cli::tree(), &Cli::grammar(), words),
                    tree: || help::tree(&Cli::grammar()),
                },
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    /// One of each sort, with what follows from it.
    #[test]
    fn what_commands_are_like() {
        use super::Nature::{Local, Offline, Reads, Writes};
        for (words, nature, host, profile) in [
            (&["onboard"][..], Writes, true, true),
            (&["onboard", "--sandbox"], Writes, false, false),
            (&["serve-button"], Local, true, true),
            (&["snippet", "button"], Offline, false, true),
            (
                &[
                    "snippet",
                    "signup",
                    "--solution-id",
                    "1",
                    "--signup-config-id",
                    "2",
                ],
                Reads,
                true,
                true,
            ),
            (&["list"], Reads, true, true),
            (&["accept", "1"], Writes, true, true),
            (&["history"], Reads, true, false),
            (&["history", "verify"], Reads, true, false),
            (&["api", "GET", "me"], Reads, true, true),
            (&["api", "POST", "me"], Writes, true, true),
            (&["profile", "list"], Reads, false, false),
            (&["profile", "use", "x"], Local, false, false),
            (&["invite", "list"], Reads, true, true),
            (&["invite", "revoke", "x"], Local, true, true),
            (&["man"], Offline, false, false),
        ] {
            let args = std::iter::once(&"mps").chain(words).map(Into::into);
            let cli = super::Cli::read(&args.collect::<Vec<_>>());
            let cli = cli.unwrap_or_else(|error| panic!("{words:?}: {error}"));
            let expected = super::CommandTraits {
                nature,
                host,
                profile,
            };
            assert_eq!(cli.command.traits(), expected, "{words:?}");
        }
    }

    #[test]
    fn the_tree_is_sound() {
        super::Cli::command().debug_assert();
    }
}
