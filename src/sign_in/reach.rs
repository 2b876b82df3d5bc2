//! Whether a public address leads to this machine.
//!
//! The one decision: it is asked for a word that only the page at our port knows, so a proxy that answers by itself, or
//! leads to another machine, is not taken for us.

use std::{path::Path, sync::Arc, time::Duration};

use jiff::Timestamp;
use url::Url;

use crate::{
    button::{
        self, Catcher, KnownLink, LinkBook, LinkStanding, Links, ListenMode, PageConfig,
        PagePurpose, ReachabilityProbe, Sdk, brand::Brand,
    },
    context::{Context, failure::Failure, settings},
    exit::Kind,
    graph::{self, Route},
    lang::Lang,
    session,
};

/// How long a fetch of the page's own public address, or of a sandbox's script, may take.
pub(super) const FETCH: Duration = Duration::from_secs(10);

/// Whoever comes while the way is tried is asked to come back.
struct ComeBack;

impl LinkBook for ComeBack {
    fn find(&self, _: &str, _: Timestamp) -> Option<KnownLink> {
        Some(KnownLink {
            label: None,
            standing: LinkStanding::Unattended,
            lang: None,
        })
    }
}

/// Why the public address does not lead to this port, if it does not: a page is served there for as long as it takes to
/// ask, or the one that has the port is asked too.
pub async fn leads_elsewhere(
    ctx: &Context,
    public: &Url,
    port: u16,
) -> Result<Option<String>, Failure> {
    let config = PageConfig {
        partner_app_id: ctx.partner()?,
        partner_name: session::set_partner_name(ctx).unwrap_or_default(),
        api_version: String::new(),
        login_config_id: None,
        mode: ListenMode::Behind {
            public: public.clone(),
        },
        listen: None,
        port,
        state_dir: ctx.state_dir()?.to_owned(),
        links: Links::Book(Arc::new(ComeBack)),
        sdk: Sdk::Meta,
        story: PagePurpose::ServeButton,
        lang: Lang::default(),
        brand: Brand::default(),
        app_secret: None,
        side: None,
    };
    match Catcher::bind(config).await {
        Ok(catcher) => {
            let why = match catcher.probe() {
                Some(probe) => unreachable(ctx, &probe).await,
                None => Ok(None),
            };
            catcher.close(Duration::ZERO).await;
            why
        }
        Err(button::Error::PortTaken { .. }) => as_at_the_port(ctx, public, port).await,
        Err(error) => Err(error.into()),
    }
}

/// The same where a page has the port already, such as that of a watch.
async fn as_at_the_port(ctx: &Context, public: &Url, port: u16) -> Result<Option<String>, Failure> {
    let Ok(here) = format!("http://localhost:{port}/probe").parse() else {
        return Err(Failure::usage("the port cannot be asked"));
    };
    match graph::fetch(&here, None, FETCH, &Route::Direct).await {
        Ok((200, word)) => {
            let probe = ReachabilityProbe {
                url: format!("{}/probe", public.origin().ascii_serialization()),
                body: String::from_utf8_lossy(&word).into_owned(),
            };
            unreachable(ctx, &probe).await
        }
        Ok(_) | Err(_) => Ok(Some(format!(
            "another program has port {port}, and it serves no page of mps behind a public address"
        ))),
    }
}

/// Why the public address does not lead here, if it does not.
pub(super) async fn unreachable(
    ctx: &Context,
    probe: &ReachabilityProbe,
) -> Result<Option<String>, Failure> {
    let ca_file = ctx
        .settings
        .pick(settings::CA_FILE, ctx.globals.ca_file.as_deref())
        .map(|picked| picked.value);
    let Ok(url) = probe.url.parse() else {
        return Err(Failure::usage("the public URL cannot be fetched"));
    };
    let route = ctx.settings.proxies(&ctx.redactor)?.route(&url);
    let task = ctx.ui.bars().spinner("trying the public address");
    let fetched = tokio::select! {
        () = ctx.stop.wait() => return Err(Failure::new(Kind::Interrupted, "interrupted while the public address was tried")),
        fetched = graph::fetch(&url, ca_file.as_deref().map(Path::new), FETCH, &route) => fetched,
    };
    drop(task);
    Ok(match fetched {
        Ok((200, body)) if body == probe.body.as_bytes() => None,
        Ok((200, _)) => Some("something else answers there".to_owned()),
        Ok((status, _)) => Some(format!("it answers with HTTP {status}")),
        Err(why) => Some(why),
    })
}
