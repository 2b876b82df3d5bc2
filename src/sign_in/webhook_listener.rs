//! The webhooks' door without the page: the same gate, at an address where nobody is waited for.

use std::{net::IpAddr, path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use url::Url;

use super::{args::DoorArgs, reach, watched};
use crate::{
    button::{Catcher, KnownLink, LinkBook, Links, PageConfig, PagePurpose},
    context::{Context, failure::Failure},
    http_server::routes::SidePath,
    session::Session,
    ui::Label,
    webhooks,
};

/// Where the webhooks come in.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Address")]
pub struct WebhookAddressArgs {
    /// The port on this machine [default: 8443]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// A PEM file with the certificate, where no proxy ends TLS
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// A PEM file with the certificate's key
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// The public address, https://name, behind a tunnel or reverse proxy [env: MPS_PUBLIC_URL]
    #[arg(long, value_name = "URL", conflicts_with_all = ["cert", "key"])]
    public_url: Option<String>,
    /// Listen on another address, with --public-url only (for containers)
    #[arg(long, value_name = "ADDR")]
    listen: Option<IpAddr>,
}

/// No link leads anywhere here.
struct NoLinks;

impl LinkBook for NoLinks {
    fn find(&self, _: &str, _: Timestamp) -> Option<KnownLink> {
        None
    }
}

/// The open door. Dropped, it closes by itself, a little later than with [`WebhookListener::close`].
pub struct WebhookListener {
    catcher: Catcher,
    public: Option<Url>,
}

impl WebhookAddressArgs {
    /// Opens the door, and says where it is.
    pub async fn open(
        &self,
        ctx: &Context,
        session: &Session,
        side: SidePath,
    ) -> Result<WebhookListener, Failure> {
        let door = DoorArgs {
            port: self.port,
            cert: self.cert.clone(),
            key: self.key.clone(),
            public_url: self.public_url.clone(),
            listen: self.listen,
            no_open: true,
            ..DoorArgs::default()
        };
        let public = door.public(ctx)?;
        if public.is_none() && self.cert.is_none() {
            return Err(Failure::usage(
                "where webhooks come in is not known: Meta sends them to a public https address only",
            )
            .hint("mps listen --public-url https://NAME, which a tunnel or proxy leads to this machine"));
        }
        let links = (Links::Book(Arc::new(NoLinks)), None);
        let config = door.config(ctx, session, PagePurpose::ServeButton, None, links)?;
        let config = PageConfig {
            side: Some(side),
            ..config
        };
        let catcher = Catcher::bind(config)
            .await
            .map_err(|error| watched::trouble(ctx, error, None))?;
        let url = format!("{}{}", catcher.url(), webhooks::PATH);
        ctx.ui.banner_as(
            Label::Strong,
            &format!("Webhooks come in at {url}"),
            json!({"event": "listening", "url": url}),
        );
        if public.is_some() {
            ctx.ui.status(&format!(
                "The tunnel or proxy leads from there to http://localhost:{}, with headers and bodies unchanged.",
                catcher.port()
            ));
        }
        Ok(WebhookListener { catcher, public })
    }
}

impl WebhookListener {
    /// The address to be told to Meta.
    pub fn callback(&self) -> String {
        format!("{}{}", self.catcher.url(), webhooks::PATH)
    }

    /// Whether the address is public, so that Meta can be told of it.
    pub fn is_public(&self) -> bool {
        self.public.is_some()
    }

    /// Why the public address does not lead here, if it does not.
    pub async fn unreachable(&self, ctx: &Context) -> Result<Option<String>, Failure> {
        match self.catcher.probe() {
            Some(probe) => reach::unreachable(ctx, &probe).await,
            None => Ok(None),
        }
    }

    /// Says it where the public address does not lead here yet, as soon as that is known.
    pub fn try_the_way(&self, ctx: &Arc<Context>) {
        let (ctx, Some(probe)) = (Arc::clone(ctx), self.catcher.probe()) else {
            return;
        };
        tokio::spawn(async move {
            if let Ok(Some(why)) = reach::unreachable(&ctx, &probe).await {
                ctx.ui.warning(&format!(
                    "the public address does not lead here yet: {why}. Start or mend the tunnel or proxy; mps need \
                     not be started again"
                ));
            }
        });
    }

    /// What happens at the paths beside the webhooks is a stranger's matter; it is heard so that nothing piles up.
    pub async fn pass_over(&self) {
        loop {
            let _ = self.catcher.next().await;
        }
    }

    /// Finishes what is under way and closes.
    pub async fn close(self) {
        self.catcher.close(Duration::ZERO).await;
    }
}
