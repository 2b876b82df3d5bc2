//! Options that two or more commands share, and how their values are read.
//!
//! The one decision: an option keeps its text until it is resolved, because the environment and the
//! profile can hold the same value and must be read by the same rule.

mod notify;
pub mod token_out;
mod when;

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use clap::Args;

pub use self::{notify::NotifyArgs, token_out::TokenOutArg};
use crate::{
    context::{
        Context, Sourced,
        failure::Failure,
        missing,
        settings::{self, Picked},
    },
    engine::{Messaging, choose::NameTemplate},
    ids::AppId,
    journal::Expectation,
    secret::{Secret, SystemToken, UserToken},
    ui::prompt,
};

pub use self::when::When;

/// Where the user token is read from.
#[derive(Debug, Clone, Default, Args)]
pub struct UserTokenArg {
    /// A file with the Tech Provider's user token, `-` for stdin [env: MPS_USER_TOKEN]
    #[arg(long, value_name = "FILE", help_heading = "Tokens")]
    pub user_token_file: Option<PathBuf>,
}

/// Where the system token is read from.
#[derive(Debug, Clone, Default, Args)]
pub struct SystemTokenArg {
    /// A file with our system user's token, `-` for stdin [env: MPS_SYSTEM_TOKEN]
    #[arg(long, value_name = "FILE", help_heading = "Tokens")]
    pub system_token_file: Option<PathBuf>,
}

/// Whether the permissions that Meta reports of a user token count.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct ScopeArg {
    /// Take a user token that lists its apps even where Meta does not report manage_app_solution of it
    #[arg(long)]
    no_scope_check: bool,
}

impl ScopeArg {
    /// Tells the checks before the first one.
    pub fn apply(self, ctx: &Context) {
        if self.no_scope_check {
            ctx.limits.take_any_scope();
        }
    }
}

impl UserTokenArg {
    /// The token, if one is set anywhere.
    pub fn read(&self, ctx: &Context) -> Result<Option<Sourced<UserToken>>, Failure> {
        ctx.user_token(self.user_token_file.as_deref())
    }

    /// The token, which the command cannot do without.
    pub fn required(&self, ctx: &Context) -> Result<Sourced<UserToken>, Failure> {
        let remedy = "it comes from the Tech Provider's click: mps serve-button";
        self.read(ctx)?
            .ok_or_else(|| missing(settings::USER_TOKEN, remedy))
    }

    /// What it is and where it is read, for [`one_reads_stdin`].
    pub fn reader(&self) -> SecretReader<'_> {
        (settings::USER_TOKEN, self.user_token_file.as_deref())
    }
}

impl SystemTokenArg {
    /// The token, if one is set anywhere.
    pub fn read(&self, ctx: &Context) -> Result<Option<Sourced<SystemToken>>, Failure> {
        ctx.system_token(self.system_token_file.as_deref())
    }

    /// The token, which the command cannot do without; `remedy`: where it comes from, or how to go on without.
    pub fn required(&self, ctx: &Context, remedy: &str) -> Result<Sourced<SystemToken>, Failure> {
        self.read(ctx)?
            .ok_or_else(|| missing(settings::SYSTEM_TOKEN, remedy))
    }

    /// What it is and where it is read, for [`one_reads_stdin`].
    pub fn reader(&self) -> SecretReader<'_> {
        (settings::SYSTEM_TOKEN, self.system_token_file.as_deref())
    }
}

/// Where the verify token of the webhooks is read from.
#[derive(Debug, Clone, Default, Args)]
pub struct VerifyTokenArg {
    /// A file with the verify token of our webhooks, `-` for stdin [env: MPS_VERIFY_TOKEN]
    #[arg(long, value_name = "FILE", help_heading = "Tokens")]
    pub verify_token_file: Option<PathBuf>,
}

impl VerifyTokenArg {
    /// The file, if one was named.
    pub fn file(&self) -> Option<&Path> {
        self.verify_token_file.as_deref()
    }

    /// What it is and where it is read, for [`one_reads_stdin`].
    pub fn reader(&self) -> SecretReader<'_> {
        (settings::VERIFY_TOKEN, self.file())
    }
}

/// Where a system token comes from.
pub const MAKE_A_SYSTEM_TOKEN: &str =
    "make one in Business Settings, System users, with manage_app_solution";

/// A secret and the file that it is read from, if one was named.
pub type SecretReader<'a> = (settings::SecretSetting, Option<&'a Path>);

/// An app by its id, or those that stdin names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppIdArg {
    /// One.
    Id(AppId),
    /// `-`.
    Stdin,
}

impl FromStr for AppIdArg {
    type Err = crate::ids::IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "-" => Ok(Self::Stdin),
            id => id.parse().map(Self::Id),
        }
    }
}

impl AppIdArg {
    /// The id that was typed.
    pub fn id(&self) -> Option<AppId> {
        match self {
            Self::Id(id) => Some(id.clone()),
            Self::Stdin => None,
        }
    }

    /// What reads stdin among these, for [`one_reads_stdin`].
    pub fn readers(given: &[Self]) -> Vec<&'static str> {
        let stdin = given.iter().filter(|arg| **arg == Self::Stdin);
        stdin.map(|_| "--app-id -").collect()
    }
}

/// A token without a page.
#[derive(Debug, Clone, Default, Args)]
pub struct PasteArg {
    /// Read a token that you have already, at a prompt or from stdin, instead of serving the page
    #[arg(long, help_heading = "Page", conflicts_with_all = ["public_url", "label", "listen"])]
    pub paste: bool,
}

impl PasteArg {
    /// Takes stdin for the token, where there is nobody to prompt; before anything else reads it.
    pub fn claim(&self, ctx: &Context) -> Result<(), Failure> {
        if self.paste && !ctx.ui.can_ask() {
            ctx.claim_stdin("--paste")?;
        }
        Ok(())
    }

    /// The token from the prompt or from the stdin that [`Self::claim`] took, if that was asked for.
    pub async fn token(&self, ctx: &Context) -> Result<Option<UserToken>, Failure> {
        if !self.paste {
            return Ok(None);
        }
        let secret = if ctx.ui.can_ask() {
            prompt::secret(&ctx.ui, "The user token (not shown)", Secret::parse_token).await?
        } else {
            let mut text = zeroize::Zeroizing::new(String::new());
            std::io::Read::read_to_string(
                &mut std::io::Read::take(std::io::stdin().lock(), 64 * 1024),
                &mut text,
            )
            .map_err(|error| Failure::io("could not read the token from stdin", &error))?;
            Secret::parse_token(&text)
        };
        let secret =
            secret.map_err(|error| Failure::usage(format!("that is no token: {error}")))?;
        ctx.redactor.know(&secret);
        Ok(Some(secret.into()))
    }
}

/// How many items at once, and what to do when the quota is used up.
#[derive(Debug, Clone, Default, Args)]
pub struct PaceArgs {
    /// How many apps or solutions are worked on at once, 64 at the most; fewer were measured to be slower [env: MPS_JOBS] [default: 64]
    #[arg(long, value_name = "N")]
    pub jobs: Option<String>,
    /// Wait when Meta's quota is used up, at most so long (like 30m), instead of ending with exit code 5
    #[arg(long, value_name = "MAX", num_args = 0..=1, require_equals = true, default_missing_value = "24h")]
    pub wait_quota: Option<Span>,
}

impl PaceArgs {
    /// How many at once: 1 to 64. The default is the most: over one HTTP/2 connection they cost no more than a few, and
    /// every round trip that calls share is saved.
    pub fn at_once(&self, ctx: &Context) -> Result<usize, Failure> {
        let picked = ctx
            .settings
            .parse::<AtOnce>(settings::JOBS, self.jobs.as_deref())?;
        let at_once = picked.map_or(64, |picked| picked.value.0);
        ctx.limits.let_at_once(at_once);
        Ok(at_once)
    }

    /// Tells the client before its first call.
    pub fn apply(&self, ctx: &Context) {
        ctx.limits
            .wait_for_quota(self.wait_quota.map(|span| span.0));
    }
}

/// What a new solution is to be.
#[derive(Debug, Clone, Default, Args)]
pub struct SolutionArgs {
    /// The name of each solution; can hold {app_name}, {app_id}, {partner_name}, {partner_app_id}, {label}, {date} [env: MPS_NAME] [default: "{app_name} + {partner_name}"]
    #[arg(long, value_name = "TEMPLATE")]
    pub name: Option<String>,
    /// Who may send messages: both, partner (us) or tech-provider (owner) [env: MPS_MESSAGING] [default: both]
    #[arg(long, value_name = "WHO")]
    pub messaging: Option<String>,
    /// Make another solution even where a live one exists; needs --name, and once per name
    #[arg(long)]
    pub allow_duplicate: bool,
    /// Do not look for existing solutions first, for accounts where Meta refuses the listing
    #[arg(long)]
    pub no_look: bool,
}

impl SolutionArgs {
    /// The terms of the options, else of the invitation. `--allow-duplicate` asks for a name that was typed.
    pub fn expecting(&self, expected: &Expectation) -> Self {
        let mut terms = self.clone();
        terms.messaging = terms.messaging.or_else(|| expected.messaging.clone());
        if !terms.allow_duplicate {
            terms.name = terms.name.or_else(|| expected.name.clone());
        }
        terms
    }

    /// The template of names.
    pub fn template(&self, ctx: &Context) -> Result<NameTemplate, Failure> {
        if self.allow_duplicate && self.name.is_none() {
            return Err(Failure::usage(
                "--allow-duplicate needs --name: the name tells the duplicates apart",
            ));
        }
        match ctx
            .settings
            .parse::<NameTemplate>(settings::NAME, self.name.as_deref())?
        {
            Some(picked) => Ok(picked.value),
            None => settings::NAME
                .default
                .parse()
                .map_err(|error| Failure::usage(format!("--name: {error}"))),
        }
    }

    /// Who may send messages.
    pub fn messaging(&self, ctx: &Context) -> Result<Messaging, Failure> {
        let picked: Option<Picked<Who>> = ctx
            .settings
            .parse(settings::MESSAGING, self.messaging.as_deref())?;
        Ok(picked.map_or_else(Messaging::default, |picked| picked.value.0))
    }
}

/// `--messaging`.
#[derive(Debug, Clone, Copy)]
struct Who(Messaging);

impl FromStr for Who {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Messaging as clap::ValueEnum>::from_str(text, true)
            .map(Self)
            .map_err(|_| format!("{text:?} is none of both, partner and tech-provider"))
    }
}

/// `--jobs`.
struct AtOnce(usize);

impl FromStr for AtOnce {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(number @ 1..=64) => Ok(Self(number)),
            _ => Err(format!("{text:?} is not a number from 1 to 64")),
        }
    }
}

/// A length of time as people write it: `90s`, `10m`, `2h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let span = text.parse::<jiff::SignedDuration>().ok();
        match span
            .and_then(|span| Duration::try_from(span).ok())
            .filter(|span| !span.is_zero())
        {
            Some(span) => Ok(Self(span)),
            None => Err("a length of time like 90s, 10m or 2h".to_owned()),
        }
    }
}

/// Refuses two readers of stdin before one of them has read anything. `ids`: what reads ids from stdin, if
/// something does; it has stdin from here on.
pub fn one_reads_stdin(
    ctx: &Context,
    tokens: &[SecretReader<'_>],
    ids: &[&str],
) -> Result<(), Failure> {
    let globals = [
        (settings::APP_SECRET, ctx.globals.app_secret_file.as_deref()),
        (settings::JOURNAL, ctx.globals.journal_file.as_deref()),
    ];
    let readers = tokens
        .iter()
        .chain(&globals)
        .filter(|(_, file)| *file == Some(Path::new("-")))
        .map(|(setting, _)| format!("--{}", setting.option))
        .chain(ids.iter().map(|what| (*what).to_owned()));
    let readers: Vec<String> = readers.collect();
    if let [first, second, ..] = readers.as_slice() {
        return Err(settings::both_from_stdin(first, second));
    }
    ids.iter().try_for_each(|what| ctx.claim_stdin(what))
}

/// Refuses our own app where the Tech Provider's belongs.
pub fn not_our_own(ids: &[AppId], partner: &AppId) -> Result<(), Failure> {
    match ids.iter().find(|id| *id == partner) {
        Some(id) => Err(crate::session::select::own_app(id)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_beats_the_invitation() {
        let text = |text: &str| Some(text.to_owned());
        let expected = Expectation {
            messaging: text("partner"),
            name: text("{app_name} for {label}"),
            ..Expectation::default()
        };
        for (typed, duplicate, messaging, name) in [
            (None, false, "partner", text("{app_name} for {label}")),
            (Some("both"), false, "both", text("both")),
            (None, true, "partner", None),
        ] {
            let options = SolutionArgs {
                messaging: typed.map(str::to_owned),
                name: typed.map(str::to_owned),
                allow_duplicate: duplicate,
                ..SolutionArgs::default()
            };
            let terms = options.expecting(&expected);
            assert_eq!(terms.messaging.as_deref(), Some(messaging));
            assert_eq!(terms.name, name);
        }
    }

    #[test]
    fn spans() {
        for (text, seconds) in [
            ("90s", Some(90)),
            ("10m", Some(600)),
            ("2h", Some(7200)),
            ("1h30m", Some(5400)),
            ("0s", None),
            ("-1m", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(
                text.parse::<Span>().ok().map(|span| span.0.as_secs()),
                seconds,
                "{text}"
            );
        }
    }

    #[test]
    fn who_may_send() {
        for (text, expected) in [
            ("both", Some(Messaging::Both)),
            ("partner", Some(Messaging::Partner)),
            ("us", Some(Messaging::Partner)),
            ("tech-provider", Some(Messaging::TechProvider)),
            ("owner", Some(Messaging::TechProvider)),
            ("Both", Some(Messaging::Both)),
            ("none", None),
        ] {
            assert_eq!(
                text.parse::<Who>().ok().map(|who| who.0),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn jobs() {
        for (text, expected) in [
            ("1", Some(1)),
            ("64", Some(64)),
            ("0", None),
            ("65", None),
            ("-1", None),
            ("x", None),
        ] {
            assert_eq!(
                text.parse::<AtOnce>().ok().map(|number| number.0),
                expected,
                "{text}"
            );
        }
    }
}
