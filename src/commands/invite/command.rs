//! The command line of `mps invite`, and which of its three doings is meant.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, Subcommand};
use url::Url;

use super::{InviteFormat, InviteRecord, from, list, partner_name, template};
use crate::{
    button::link,
    commands::{
        Output,
        args::{not_our_own, one_reads_stdin},
    },
    context::{Context, failure::Failure},
    engine::Messaging,
    ids::AppId,
    journal::{Change, InvitationDraft, LinkLabel},
    record::Record as _,
    session::{self, invitations, shown},
    shell,
    sign_in::DoorArgs,
    ui::emit::Tally,
};

const EXAMPLES: &str = "Examples:
  mps invite --for lucky-shrub --public-url https://onboarding.example.com
  mps invite --for lucky-shrub --app-id 212022489970390 --format markdown > message.md
  mps invite --for lucky-shrub --lang es --format eml > message.eml
  mps invite --for lucky-shrub --json | jq -r .link
  mps invite --from tech-providers.csv
  mps invite list
  mps invite revoke lucky-shrub";

/// Write the link for a Tech Provider elsewhere, and the message to send with it
///
/// Needs a public address that leads to this machine. The link is the same every time for this label, as
/// long as it holds. `mps watch` serves every link at once, for days; `mps onboard --for LABEL` and `mps serve-button --for
/// LABEL` serve this one. What is
/// expected of the Tech Provider (`--app-id`, `--messaging`, `--name`, `--lang`) counts in `mps onboard --for LABEL`, too.
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
    /// A file with a line per Tech Provider, CSV or JSON, with `ref` (the label) and, if wanted, `app_ids` (between blanks), `messaging`, `name` and `lang`; `-` for stdin
    #[arg(long, value_name = "FILE", conflicts_with_all = ["label", "format", "app_ids", "messaging", "name", "lang"])]
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
    /// The Tech Provider's language, for the message and the page: en, es, pt-BR, fr, id or hi
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
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

/// The public address, where one is set.
fn public_address(ctx: &Context, given: Option<&String>) -> Result<Option<Url>, Failure> {
    let door = DoorArgs {
        public_url: given.cloned(),
        ..DoorArgs::default()
    };
    door.public(ctx)
}

impl InviteArgs {
    /// Whether nothing is changed.
    pub fn only_reads(&self) -> bool {
        matches!(self.verb, Some(InviteVerb::List { .. }))
    }

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
            (None, Some(file)) => {
                let served_by = format!("The links work {}", self.served_by());
                from::all(ctx, &public, &partner, file, (self.link_days, served_by)).await
            }
            (None, None) => Err(Failure::usage("--for LABEL says whom the link is for")),
        }
    }

    /// What serves the links, as it is typed.
    fn served_by(&self) -> String {
        let address = match &self.public_url {
            Some(url) => format!(" --public-url {}", shell::word(url)),
            None => String::new(),
        };
        format!("while this runs, which serves every link: mps watch{address}")
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
        let lang = match &self.lang {
            Some(_) => Some(
                shown::lang(ctx, self.lang.as_deref(), None)?
                    .tag()
                    .to_owned(),
            ),
            None => None,
        };
        invitations::no_secret(ctx, label)?;
        let our_name = session::unless_stopped(ctx, partner_name(ctx)).await?;
        let draft = InvitationDraft {
            app_ids: Change::of(Some(self.app_ids.clone()).filter(|ids| !ids.is_empty())),
            messaging: Change::of(self.messaging.map(|who| Some(who.word().to_owned()))),
            name: Change::of(self.name.clone().map(Some)),
            lang: Change::of(lang.map(Some)),
            ..InvitationDraft::new(label.clone(), self.link_days)
        };
        let store = invitations::open(ctx, partner).await?;
        let put = invitations::put(ctx, &store, draft).await?;
        let record = InviteRecord::of(ctx, public, &put, None, &our_name, self.format)?;
        ctx.ui
            .status(&format!("The link works {}", self.served_by()));
        Ok(Output::Text {
            json: Some(record.object()),
            text: record.message.unwrap_or_default(),
            prose: matches!(self.format, InviteFormat::Text),
            tally: Tally::default(),
        })
    }
}
