//! Bind, wait, answer the page, close.
//!
//! The one decision: the caller holds the clock. [`Catcher::next`] only waits and can be dropped at any
//! time; deadline, Ctrl-C and every word to the operator are the caller's.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::time::timeout;

use super::{
    address::PageAddress,
    channel::{Inbox, PageChannel},
    config::{DashboardField, ListenMode, PageConfig, PageNote, ReachabilityProbe, Sdk},
    event::PageEvent,
    handler::PageHandler,
    judge::Expected,
    page::Pages,
    progress::{Progress, Verdict},
    random,
};
use crate::http_server::{
    cert,
    error::Error,
    gate::{Gate, GateProtocol, Limits},
    inner::{self, InnerServer},
    listen, store,
};

/// The page, being served. Dropped, it closes by itself, a little later than with [`Catcher::close`].
pub struct Catcher {
    url: String,
    place: PageAddress,
    /// When the link ends, if it does.
    until: Option<Timestamp>,
    /// Meta is not asked, so nothing of its dashboard matters.
    stand_in: bool,
    probe: String,
    channel: Arc<PageChannel>,
    inbox: Inbox,
    gate: Gate,
    server: InnerServer,
}

impl std::fmt::Debug for Catcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catcher")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl Catcher {
    /// Opens the listener. Must be called in a tokio runtime.
    pub async fn bind(config: PageConfig) -> Result<Self, Error> {
        Self::bind_with(config, Limits::USUAL, Timestamp::now()).await
    }

    /// The same with the gate's numbers and the time given.
    pub(super) async fn bind_with(
        config: PageConfig,
        limits: Limits,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let addresses = listen::addresses(
            config.listen,
            matches!(config.mode, ListenMode::Behind { .. }),
        )?;
        let directory = store::directory(&config.state_dir)?;
        let (listeners, port) = listen::listen(&addresses, config.port).await?;
        let place = PageAddress::new(&config.mode, config.listen, port)?;
        let (path, until) = config
            .link
            .path(&config.state_dir, place.is_public(), now)?;
        let url = format!("{}{path}", place.origin());
        let speaks = match &config.mode {
            ListenMode::Http | ListenMode::Behind { .. } => GateProtocol::Http,
            ListenMode::Https { cert, key } => GateProtocol::Https {
                tls: match cert {
                    Some(cert) => cert::own(cert, key.as_deref())?,
                    None => cert::kept(&directory, now)?,
                },
                url: format!("{}/", place.origin()),
            },
        };
        let (channel, inbox) = PageChannel::new(config.story);
        let channel = Arc::new(channel);
        let (way, listening) =
            inner::open(&directory, &random::short_word()?).map_err(Error::Inner)?;
        let (nonce, probe) = (random::word()?, random::word()?);
        let stand_in = matches!(config.sdk, Sdk::StandIn { .. });
        let handler = PageHandler {
            pages: Pages::new(&config, &nonce, &random::short_word()?),
            expected: Expected {
                hosts: place.hosts(),
                origins: place.origins(),
                path,
                until,
                nonce,
                stand_in,
            },
            sdk: config.sdk,
            probe: probe.clone(),
            app_secret: config.app_secret,
            channel: Arc::clone(&channel),
        };
        let server = InnerServer::start("button", listening, way.clone(), move |request| {
            handler.answer(request)
        })
        .map_err(Error::Inner)?;
        let gate = Gate::open(listeners, speaks, way, limits);
        Ok(Self {
            url,
            place,
            until,
            stand_in,
            probe,
            channel,
            inbox,
            gate,
            server,
        })
    }

    /// The page's address, to be printed and opened.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sentences for the operator about this address, to be printed beside it.
    pub fn notes(&self) -> Vec<PageNote> {
        self.place.notes(self.stand_in, self.until)
    }

    /// What must stand in Meta's App Dashboard for this very run; nothing with a stand-in of the SDK.
    pub fn dashboard(&self) -> Vec<DashboardField> {
        if self.stand_in {
            Vec::new()
        } else {
            self.place.dashboard()
        }
    }

    /// How to find out whether the public address leads here; None on an address of this machine.
    pub fn probe(&self) -> Option<ReachabilityProbe> {
        self.place.is_public().then(|| ReachabilityProbe {
            url: format!("{}/probe", self.place.origin()),
            body: self.probe.clone(),
        })
    }

    /// The port that is listened on.
    #[cfg(test)]
    pub fn port(&self) -> u16 {
        self.place.port()
    }

    /// The command that brings the page to another machine over SSH; `HOST` is to be filled in.
    pub fn ssh_line(&self) -> String {
        let port = self.place.port();
        format!("ssh -L {port}:localhost:{port} HOST")
    }

    /// The next thing that happens. Cancel-safe; deadline and Ctrl-C are the caller's.
    pub async fn next(&mut self) -> PageEvent {
        match self.inbox.recv().await {
            Some(event) => event,
            // The channel holds the other end as long as we live.
            None => std::future::pending().await,
        }
    }

    /// Tells the page what became of the last [`PageEvent::Grant`].
    pub fn judged(&self, verdict: Verdict) {
        self.channel.judged(verdict);
    }

    /// Tells the page how far the onboarding is.
    pub fn show(&self, progress: Progress) {
        self.channel.show(progress);
    }

    /// Lets the page fetch the last state, `grace` at most, then closes every socket: a second bind on the
    /// same port works at once.
    pub async fn close(self, grace: Duration) {
        let Self {
            channel,
            gate,
            server,
            ..
        } = self;
        let _ = timeout(grace, channel.end()).await;
        gate.close().await;
        // Only now: the gate finishes what is under way.
        drop(server);
    }
}
