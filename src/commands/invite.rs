//! `mps invite`: the link for one Tech Provider, and the message that goes with it.
//!
//! The one decision: the message can be sent as it is. It says what will be granted and that the click
//! creates nothing, so that nobody has to be called first; and the link is the one that `onboard --for`
//! and `serve-button --for` answer at, today and after a restart.

mod from;
mod list;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use url::Url;

use super::{
    Output,
    args::{not_our_own, one_reads_stdin},
};
use crate::{
    button::link,
    context::{Context, failure::Failure},
    engine::{Messaging, choose::NameTemplate},
    graph::Token,
    ids::AppId,
    journal::{Change, Invitation, InvitationDraft, LinkLabel},
    record::{Record as _, record},
    session::{
        self,
        invitations::{self, shell_word},
    },
    sign_in::PageArgs,
    ui::{
        emit::{TableRow, Tally},
        table::Cell,
    },
};

pub use self::list::InvitationRecord;

const EXAMPLES: &str = "Examples:
  mps invite --for lucky-shrub --public-url https://onboarding.example.com
  mps invite --for lucky-shrub --app-id 212022489970390 --format markdown > message.md
  mps invite --for lucky-shrub --json | jq -r .link
  mps invite --from tech-providers.csv
  mps invite list
  mps invite revoke lucky-shrub

The file of --from is CSV with a line of headings, or a JSON object a line:
  ref,app_ids,messaging,name,lang
  lucky-shrub,212022489970390 212035860378507,both,,en";

/// Write the link for a Tech Provider elsewhere, and the message to send with it
///
/// Needs a public address that leads to this machine. The link is the same every time for this label, as
/// long as it holds; it works while `mps onboard --for LABEL` or `mps serve-button --for LABEL` runs. What is
/// expected of the Tech Provider (`--app-id`, `--messaging`, `--name`) counts in `mps onboard --for LABEL`, too.
#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub struct InviteArgs {
    #[command(subcommand)]
    verb: Option<InviteVerb>,
    /// Whom the link is for: the same link every time for this label
    #[arg(long = "for", value_name = "LABEL", required_unless_present = "from")]
    label: Option<LinkLabel>,
    /// A file with a line per Tech Provider, CSV or JSON; `-` for stdin. A link per line comes out
    #[arg(long, value_name = "FILE", conflicts_with_all = ["label", "format", "app_ids", "messaging", "name"])]
    from: Option<PathBuf>,
    /// The Tech Provider's app that is expected (can be repeated)
    #[arg(long = "app-id", value_name = "ID")]
    app_ids: Vec<AppId>,
    /// Who may send messages in their solutions
    #[arg(long, value_name = "WHO", ignore_case = true)]
    messaging: Option<Messaging>,
    /// The name of their solutions, a template as in `mps onboard --name`
    #[arg(long, value_name = "TEMPLATE", value_parser = template)]
    name: Option<String>,
    /// How many days the link stays the same, counted from its first use
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=365))]
    link_days: u16,
    /// The page's public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The form of the message
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: InviteFormat,
}

#[derive(Debug, Subcommand)]
enum InviteVerb {
    /// Show every invitation and how far each Tech Provider is
    ///
    /// Reads the journal of this machine, and nothing else: what Meta shows stands in `mps list --for LABEL`.
    #[command(
        after_help = "Examples:\n  mps invite list\n  mps invite list --json | jq -r 'select(.state == \"unopened\").ref'"
    )]
    List {
        /// The page's public address, so that the links can be shown [env: MPS_PUBLIC_URL]
        #[arg(long, value_name = "URL")]
        public_url: Option<String>,
    },
    /// Take the link of a Tech Provider back
    ///
    /// Whoever opens it is told that it is over. What was created stays as it is. `mps invite --for LABEL` makes a
    /// new link.
    #[command(after_help = "Examples:\n  mps invite revoke lucky-shrub")]
    Revoke {
        /// Whom the link was for
        #[arg(value_name = "LABEL")]
        label: LinkLabel,
        /// The page's public address, so that the link can be shown [env: MPS_PUBLIC_URL]
        #[arg(long, value_name = "URL")]
        public_url: Option<String>,
    },
}

/// The form of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum InviteFormat {
    /// Plain text, for a mail or a chat.
    Text,
    /// Markdown.
    Markdown,
}

/// A template of names, as it was typed.
fn template(text: &str) -> Result<String, String> {
    let parsed = text.parse::<NameTemplate>();
    parsed
        .map(|_| text.to_owned())
        .map_err(|error| error.to_string())
}

/// The public address, where one is set.
fn public_address(ctx: &Context, given: Option<&String>) -> Result<Option<Url>, Failure> {
    let page = PageArgs {
        public_url: given.cloned(),
        ..PageArgs::default()
    };
    page.public(ctx)
}

impl InviteArgs {
    /// Writes it.
    pub async fn run(self, ctx: &Arc<Context>) -> Result<Output, Failure> {
        match self.verb {
            Some(InviteVerb::List { public_url }) => {
                let public = public_address(ctx, public_url.as_ref())?;
                return list::list(ctx, public.as_ref());
            }
            Some(InviteVerb::Revoke { label, public_url }) => {
                let public = public_address(ctx, public_url.as_ref())?;
                return list::revoke(ctx, public.as_ref(), &label).await;
            }
            None => {}
        }
        let given = self.public_url.as_ref();
        let public = public_address(ctx, given)?.ok_or_else(|| {
            Failure::usage("an invitation needs a public address: nobody else can open localhost").hint(
                "set --public-url or MPS_PUBLIC_URL to the https address of your tunnel or reverse proxy",
            )
        })?;
        link::public_url(&public, "/")?;
        let partner = ctx.partner()?;
        if self.from.as_deref() == Some(Path::new("-")) {
            one_reads_stdin(ctx, &[], &["--from -"])?;
        }
        match (&self.label, &self.from) {
            (Some(label), _) => self.one(ctx, &public, &partner, label).await,
            (None, Some(file)) => from::all(ctx, &public, &partner, file, self.link_days).await,
            (None, None) => Err(Failure::usage("--for LABEL says whom the link is for")),
        }
    }

    /// The link of one label, and its message.
    async fn one(
        &self,
        ctx: &Arc<Context>,
        public: &Url,
        partner: &AppId,
        label: &LinkLabel,
    ) -> Result<Output, Failure> {
        not_our_own(&self.app_ids, partner)?;
        invitations::no_secret(ctx, label)?;
        let our_name = session::unless_stopped(ctx, partner_name(ctx)).await?;
        let draft = InvitationDraft {
            app_ids: Change::of(Some(self.app_ids.clone()).filter(|ids| !ids.is_empty())),
            messaging: Change::of(self.messaging.map(|who| Some(who.word().to_owned()))),
            name: Change::of(self.name.clone().map(Some)),
            ..InvitationDraft::new(label.clone(), self.link_days)
        };
        let store = invitations::open(ctx, partner).await?;
        let put = invitations::put(ctx, &store, draft).await?;
        let record = InviteRecord::of(public, &put, None, &our_name, self.format)?;
        let address = match &self.public_url {
            Some(url) => format!(" --public-url {}", shell_word(url)),
            None => String::new(),
        };
        ctx.ui.status(&format!(
            "The link works while this runs: mps onboard --for {}{address} --deadline none",
            shell_word(label.as_str())
        ));
        Ok(Output::Text {
            json: Some(record.object()),
            text: record.message.unwrap_or_default(),
            tally: Tally::default(),
        })
    }
}

record! {
    /// The link and the message that goes with it.
    #[derive(Debug, Clone)]
    pub struct InviteRecord {
        /// The label of `--for`, or of the line
        #[serde(rename = "ref")]
        pub label: Option<String>,
        /// The number of the line in the file of `--from`
        pub line: Option<u64>,
        /// What the Tech Provider opens
        pub link: Option<String>,
        /// Until when it holds
        pub expires_at: Option<i64>,
        /// The Tech Provider's apps that are expected
        pub app_ids: Vec<AppId>,
        /// The text to send
        pub message: Option<String>,
        /// `new` (the link was made now), `known` (it was there before), `failed`
        pub outcome: &'static str,
    }
}

impl InviteRecord {
    fn of(
        public: &Url,
        (invitation, is_new): &(Invitation, bool),
        line: Option<u64>,
        our_name: &str,
        format: InviteFormat,
    ) -> Result<Self, Failure> {
        let link = link::public_url(public, &invitation.path)?;
        let message = InviteMessage {
            partner: our_name,
            link: &link,
            until: invitation.expires_at,
        };
        let message = match format {
            InviteFormat::Text => message.text(),
            InviteFormat::Markdown => message.markdown(),
        };
        Ok(Self {
            label: Some(invitation.label.to_string()),
            line,
            link: Some(link),
            expires_at: Some(invitation.expires_at.as_second()),
            app_ids: invitation.expectation.app_ids.clone(),
            message: Some(message),
            outcome: if *is_new { "new" } else { "known" },
        })
    }
}

impl TableRow for InviteRecord {
    const HEADER: &[&str] = &["REF", "LINK", "OUTCOME"];

    fn cells(&self) -> Vec<Cell> {
        let text = |text: &Option<String>| Cell::from(text.clone().unwrap_or_default());
        vec![text(&self.label), text(&self.link), self.outcome.into()]
    }

    fn plain(&self) -> Option<String> {
        self.link.clone()
    }
}

/// Our name for a person of another company: as it was set, else as Meta knows it.
async fn partner_name(ctx: &Context) -> Result<String, Failure> {
    if let Some(name) = session::set_partner_name(ctx) {
        return Ok(name);
    }
    let partner = ctx.partner()?;
    let name = match ctx.system_token(None)? {
        Some(system) => {
            session::app_name(&ctx.graph()?, Token::System(&system.token), &partner).await
        }
        None => None,
    };
    Ok(name.unwrap_or_else(|| {
        ctx.ui.warning(
            "our name is not known, so the message has our app's id; --partner-name sets it",
        );
        partner.to_string()
    }))
}

/// What the message is made of.
struct InviteMessage<'a> {
    partner: &'a str,
    link: &'a str,
    until: Timestamp,
}

impl InviteMessage<'_> {
    fn text(&self) -> String {
        self.fill(
            self.partner,
            self.link,
            "\"Continue with Facebook\"",
            "manage_app_solution",
        )
    }

    fn markdown(&self) -> String {
        self.fill(
            &escaped(self.partner),
            &format!("<{}>", self.link),
            "**Continue with Facebook**",
            "`manage_app_solution`",
        )
    }

    /// The message; a numbered list is the same in text and Markdown.
    fn fill(&self, partner: &str, link: &str, button: &str, permission: &str) -> String {
        let until = link::in_words(self.until);
        format!(
            "Hello,\n\
             \n\
             {partner} would like to set up a WhatsApp Multi-Partner Solution together with your app, and \
             needs your permission for it. It takes two minutes:\n\
             \n\
             1. Open this link in a browser on a computer: {link}\n\
             2. Press {button}, and sign in with the account that manages your app.\n\
             3. Choose the apps that the solution is for, and confirm.\n\
             \n\
             What you grant: creating and managing solutions ({permission}) for the apps that you choose.\n\
             \n\
             The click itself creates nothing. {partner} creates the solution afterwards and tells you its \
             id, which you need for Embedded Signup.\n\
             \n\
             The link is meant for you alone, and holds until {until}. If the page does not open, \
             {partner} is not at the other end at that moment; please say when it suits you.\n"
        )
    }
}

/// A name that Markdown does not read as markup.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        if "\\`*_[]<>&#|~".contains(character) {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(partner: &str) -> InviteMessage<'_> {
        InviteMessage {
            partner,
            link: "https://name.example/abc",
            until: "2026-11-29T12:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn the_message_says_what_must_be_said() {
        for message in [invitation("Acme").text(), invitation("Acme").markdown()] {
            for words in [
                "https://name.example/abc",
                "Continue with Facebook",
                "manage_app_solution",
                "The click itself creates nothing",
                "tells you its id",
                "29 November 2026, 12:00 UTC",
            ] {
                assert!(message.contains(words), "{words}\n{message}");
            }
        }
    }

    #[test]
    fn a_name_is_no_markup() {
        let message = invitation("A*B* <Ltd>").markdown();
        assert!(
            message.contains("A\\*B\\* \\<Ltd\\> would like"),
            "{message}"
        );
        assert!(invitation("A*B*").text().contains("A*B* would like"));
    }
}
