//! The options of the page, and the page they make.
//!
//! The one decision: which mode is chosen here and nowhere else. What was typed beats a public address
//! that the environment or the profile names, so `--http`, `--cert` and `--published` always serve on this machine.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use clap::Args;
use url::Url;

use crate::{
    button::{Link, Links, ListenMode, PageConfig, PagePurpose, Sdk, link::PublicUrl},
    context::{Context, failure::Failure, settings},
    journal::LinkLabel,
    session::{
        Session,
        invitations::{self, ServedLink},
        shown,
    },
};

/// The port where none is typed.
const PORT: u16 = 8443;

/// The sandbox's SDK, and the origin of its dialog.
#[derive(Debug, Clone)]
pub struct StandIn {
    /// The script.
    pub js: String,
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
}

/// Where and how a page is served.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Page")]
pub struct DoorArgs {
    /// The port on this machine [default: 8443]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Serve http://localhost, for apps in development mode only
    #[arg(long, conflicts_with_all = ["cert", "key", "public_url"])]
    pub http: bool,
    /// A PEM file with the page's certificate
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,
    /// A PEM file with the certificate's key
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
    /// The page's public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]
    #[arg(long, value_name = "URL", conflicts_with_all = ["cert", "key"])]
    pub public_url: Option<String>,
    /// Listen on another address, with --public-url or --published only (for containers)
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<IpAddr>,
    /// Where the page is reached from outside a container: https://localhost:PORT
    #[arg(long, value_name = "URL", conflicts_with_all = ["http", "public_url"])]
    pub published: Option<Url>,
    /// Do not open a browser
    #[arg(long)]
    pub no_open: bool,
    /// A configuration of Facebook Login for Business, sent instead of the permission
    #[arg(long, value_name = "ID")]
    pub login_config_id: Option<String>,
    /// The Tech Provider's language where their browser wishes none of ours: en, es, pt-BR, fr, id or hi
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
}

/// The page of one Tech Provider, and how long it waits for them.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Page")]
pub struct PageArgs {
    /// Where and how it is served.
    #[command(flatten)]
    pub door: DoorArgs,
    /// Whom the link is for: the same link every time for this label
    #[arg(long = "for", value_name = "LABEL")]
    pub label: Option<LinkLabel>,
    /// How many days a link with --for stays the same
    #[arg(long, value_name = "DAYS", default_value_t = 7, requires = "label",
        value_parser = clap::value_parser!(u16).range(1..=365))]
    pub link_days: u16,
    /// How long to wait for the token, like 90s or 10m; `none` for ever
    #[arg(long, value_name = "SPAN", default_value = "10m")]
    pub deadline: Deadline,
}

/// `--deadline`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deadline(pub Option<Duration>);

impl std::str::FromStr for Deadline {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(None));
        }
        let span = text.parse::<jiff::SignedDuration>().ok();
        match span
            .and_then(|span| Duration::try_from(span).ok())
            .filter(|span| !span.is_zero())
        {
            Some(span) => Ok(Self(Some(span))),
            None => Err("a length of time like 90s, 10m or 2h, or none".to_owned()),
        }
    }
}

impl DoorArgs {
    /// An option that was typed and says where the page is served.
    pub(crate) fn asks_for_page(&self) -> Option<&'static str> {
        let typed = [
            (self.public_url.is_some(), "--public-url"),
            (self.port.is_some(), "--port"),
            (self.cert.is_some(), "--cert"),
            (self.http, "--http"),
            (self.published.is_some(), "--published"),
            (self.listen.is_some(), "--listen"),
        ];
        typed
            .into_iter()
            .find_map(|(typed, name)| typed.then_some(name))
    }
}

impl PageArgs {
    /// An option that was typed and says whom the page is for or where it is served: whoever types it wants the page.
    pub(crate) fn asks_for_page(&self) -> Option<&'static str> {
        let label = self.label.is_some().then_some("--for");
        label.or_else(|| self.door.asks_for_page())
    }

    /// The link of the label, the same at every start.
    pub(crate) async fn served_link(
        &self,
        ctx: &Context,
        session: &Session,
    ) -> Result<Option<ServedLink>, Failure> {
        let Some(label) = &self.label else {
            return Ok(None);
        };
        let partner = &session.app()?.id;
        let link = invitations::link_to_serve(ctx, partner, label, self.link_days).await?;
        Ok(Some(link))
    }

    /// The page of this run. `stand_in`: the sandbox's SDK and its origin.
    pub(crate) fn config(
        &self,
        ctx: &Context,
        session: &Session,
        story: PagePurpose,
        stand_in: Option<StandIn>,
        served: Option<&ServedLink>,
    ) -> Result<PageConfig, Failure> {
        let invitation = served.map(|served| &served.invitation);
        let link = invitation.map_or_else(Link::ephemeral, |invitation| {
            Link::kept(
                invitation.label.as_str(),
                invitation.path.clone(),
                invitation.expires_at,
            )
        });
        let lang = invitation.and_then(|invitation| invitation.expectation.lang.as_deref());
        let links = Links::One(link, served.map(ServedLink::book));
        self.door
            .config(ctx, session, story, stand_in, (links, lang))
    }
}

impl DoorArgs {
    /// The public address, where one is set.
    pub fn public(&self, ctx: &Context) -> Result<Option<Url>, Failure> {
        let picked = ctx
            .settings
            .parse::<PublicUrl>(settings::PUBLIC_URL, self.public_url.as_deref())?;
        Ok(picked
            .map(|picked| picked.value.0)
            .filter(|_| !self.http && self.cert.is_none() && self.published.is_none()))
    }

    /// A page at these links, in the language that the invitation of the one link says. `stand_in`: the sandbox's SDK and
    /// its origin.
    pub(crate) fn config(
        &self,
        ctx: &Context,
        session: &Session,
        story: PagePurpose,
        stand_in: Option<StandIn>,
        (links, lang): (Links, Option<&str>),
    ) -> Result<PageConfig, Failure> {
        let mode = match self.public(ctx)? {
            Some(public) => ListenMode::Behind { public },
            None if self.http => ListenMode::Http,
            None => ListenMode::Https {
                cert: self.cert.clone(),
                key: self.key.clone(),
                published: self.published.clone(),
            },
        };
        let sdk = match stand_in {
            Some(StandIn { js, origin }) => Sdk::StandIn {
                js,
                connect_origin: origin,
            },
            None => Sdk::Meta,
        };
        let app = session.app()?;
        Ok(PageConfig {
            partner_app_id: app.id.clone(),
            partner_name: shown::name_on_page(ctx, &app.name),
            api_version: session.graph.version().to_string(),
            login_config_id: self.login_config_id.clone(),
            mode,
            listen: self.listen,
            port: self.port.unwrap_or(PORT),
            state_dir: ctx.state_dir()?.to_owned(),
            links,
            sdk,
            story,
            lang: shown::lang(ctx, self.lang.as_deref(), lang)?,
            brand: shown::brand(ctx)?,
            app_secret: ctx.app_secret()?.cloned(),
            side: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines() {
        for (text, expected) in [
            ("none", Some(None)),
            ("90s", Some(Some(90))),
            ("10m", Some(Some(600))),
            ("0s", None),
            ("later", None),
        ] {
            let deadline = text
                .parse::<Deadline>()
                .ok()
                .map(|deadline| deadline.0.map(|span| span.as_secs()));
            assert_eq!(deadline, expected, "{text}");
        }
    }
}
