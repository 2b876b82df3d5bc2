//! Bind, wait, answer the page, close.
//!
//! The one decision: the caller holds the clock. [`Catcher::next`] only waits and can be dropped at any
//! time; deadline, Ctrl-C and every word to the operator are the caller's.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::time::timeout;

use super::{
    address::{LinkLife, PageAddress},
    book::{LinkBook, SingleLink},
    channel::PageChannel,
    config::{
        DashboardField, Links, ListenMode, NoteKind, PageConfig, PageNote, ReachabilityProbe, Sdk,
    },
    event::Happening,
    handler::{PageHandler, TicketDesk},
    judge::Expected,
    page::Pages,
    progress::{Progress, Verdict},
    random,
    ticket::Ticket,
    visitors::VisitorId,
};
use crate::http_server::{
    cert,
    error::Error,
    gate::{Gate, GateProtocol},
    inner::{self, InnerAddress, InnerServer},
    limits::Limits,
    listen::{self, OtherLoopback},
    routes::{Routes, SidePath},
    store,
};

/// The page, being served. Dropped, it closes by itself, a little later than with [`Catcher::close`].
pub struct Catcher {
    place: PageAddress,
    /// Its link, where it has one only.
    link: Option<Arc<SingleLink>>,
    desk: Option<Arc<TicketDesk>>,
    /// When the link ends, if it does.
    until: Option<Timestamp>,
    /// Meta is not asked, so nothing of its dashboard matters.
    stand_in: bool,
    probe: String,
    channel: Arc<PageChannel>,
    other_loopback: OtherLoopback,
    gate: Gate,
    server: InnerServer,
    /// That of another path.
    side: Option<InnerServer>,
}

/// A visitor's page, to be told how far they are. Cheap to clone.
#[derive(Clone)]
pub struct VisitorPage {
    channel: Arc<PageChannel>,
    visitor: VisitorId,
}

impl VisitorPage {
    /// Tells the page how far the onboarding is.
    pub fn show(&self, progress: Progress) {
        self.channel.show(self.visitor, progress);
    }
}

impl std::fmt::Debug for Catcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catcher")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// Where requests go, and the server of the path beside the page, where there is one.
fn routes_of(
    way: InnerAddress,
    side: Option<SidePath>,
    directory: &Path,
) -> Result<(Routes, Option<InnerServer>), Error> {
    let routes = Routes::from(way);
    let Some(side) = side else {
        return Ok((routes, None));
    };
    let name = random::short_word()?;
    let (routes, server) = routes
        .with_side(side, directory, &name)
        .map_err(Error::Inner)?;
    Ok((routes, Some(server)))
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
            matches!(
                config.mode,
                ListenMode::Behind { .. }
                    | ListenMode::Https {
                        published: Some(_),
                        ..
                    }
            ),
        )?;
        let directory = store::directory(&config.state_dir)?;
        let (listeners, port) = listen::listen(&addresses, config.port).await?;
        let place = PageAddress::new(&config.mode, config.listen, port)?;
        let other_loopback = if place.is_here() {
            listen::hold_other_loopback(&addresses, port)
        } else {
            OtherLoopback::Ours
        };
        let (mut single, mut until) = (None, None);
        let book: Arc<dyn LinkBook> = match &config.links {
            Links::One(link, others) => {
                let path;
                (path, until) = link.path()?;
                let link = Arc::new(SingleLink::new(
                    path,
                    link.label().map(Arc::from),
                    until,
                    others.clone(),
                ));
                single = Some(Arc::clone(&link));
                link
            }
            Links::Book(book) => Arc::clone(book),
        };
        let desk = single.as_ref().filter(|_| place.is_here()).map(|link| {
            Arc::new(TicketDesk {
                link: Arc::clone(link),
                ticket: Mutex::new(None),
            })
        });
        let channel = Arc::new(PageChannel::new(config.story, Instant::now()));
        let speaks = match &config.mode {
            ListenMode::Http | ListenMode::Behind { .. } => GateProtocol::Http {
                on_tls: {
                    let channel = Arc::clone(&channel);
                    Arc::new(move || channel.tls_came(Instant::now()))
                },
            },
            ListenMode::Https { cert, key, .. } => GateProtocol::Https {
                tls: match cert {
                    Some(cert) => cert::own(cert, key.as_deref())?,
                    None => cert::kept(&directory, now)?,
                },
                origin: place.origin(),
            },
        };
        let (way, listening) =
            inner::open(&directory, &random::short_word()?).map_err(Error::Inner)?;
        let probe = random::word()?;
        let stand_in = matches!(config.sdk, Sdk::StandIn { .. });
        let handler = PageHandler {
            pages: Pages::new(&config),
            expected: Expected {
                hosts: place.hosts(),
                origins: place.origins(),
                stand_in,
            },
            book,
            desk: desk.clone(),
            behind_a_proxy: place.is_public(),
            sdk: config.sdk,
            probe: probe.clone(),
            app_secret: config.app_secret,
            channel: Arc::clone(&channel),
        };
        let server = InnerServer::start("button", listening, way.clone(), move |request| {
            handler.answer(request)
        })
        .map_err(Error::Inner)?;
        let (routes, side) = routes_of(way, config.side, &directory)?;
        let gate = Gate::open(listeners, speaks, routes, limits).map_err(Error::Inner)?;
        Ok(Self {
            place,
            link: single,
            desk,
            until,
            stand_in,
            probe,
            channel,
            other_loopback,
            gate,
            server,
            side,
        })
    }

    /// The page's address, to be printed; with a book that of its origin, behind which each link's path belongs.
    pub fn url(&self) -> String {
        let path = self.link.as_ref().map(|link| link.path());
        format!("{}{}", self.place.origin(), path.unwrap_or_default())
    }

    /// The path of its one link.
    pub fn path(&self) -> Option<String> {
        self.link.as_ref().map(|link| link.path())
    }

    /// Whether it has one link, and not a book of them.
    pub fn has_one_link(&self) -> bool {
        self.link.is_some()
    }

    /// The address that a browser on this machine is to be started with: a new ticket, good once and for half a minute.
    /// None where such a browser would not come here.
    pub fn ticket_url(&self) -> Result<Option<String>, Error> {
        let Some(desk) = &self.desk else {
            return Ok(None);
        };
        let ticket = Ticket::new(Instant::now())?;
        let url = format!("{}{}", self.place.origin(), ticket.path());
        *desk.ticket.lock().unwrap_or_else(PoisonError::into_inner) = Some(ticket);
        Ok(Some(url))
    }

    /// How long its link holds. Those of a book each have their own.
    fn life(&self) -> LinkLife {
        match (&self.link, self.until) {
            (None, _) => LinkLife::Each,
            (Some(_), None) => LinkLife::ThisRun,
            (Some(_), Some(until)) => LinkLife::Until(until),
        }
    }

    /// Sentences for the operator about this address, to be printed beside it.
    pub fn notes(&self) -> Vec<PageNote> {
        let mut notes = self.place.notes(self.stand_in, self.life());
        if let OtherLoopback::Taken(addr) = &self.other_loopback {
            notes.push(PageNote {
                kind: NoteKind::Warning,
                text: format!(
                    "Another program has {addr}, and a browser that means localhost may ask that one first: end it, \
                     or choose another --port."
                ),
            });
        }
        notes
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
    pub fn port(&self) -> u16 {
        self.place.port()
    }

    /// The command that brings the page to another machine over SSH; `HOST` is to be filled in.
    pub fn ssh_line(&self) -> String {
        let port = self.place.port();
        format!("ssh -L {port}:localhost:{port} HOST")
    }

    /// The next thing that happens. Cancel-safe; deadline and Ctrl-C are the caller's. Tokens of other links come while
    /// one is being checked; of the same link and peer the next one comes when the last has its answer.
    pub async fn next(&self) -> Happening {
        self.channel.next().await
    }

    /// The requests of strangers that were counted and not told yet, for the end.
    pub fn strangers_so_far(&self) -> Option<Happening> {
        self.channel.strangers_so_far()
    }

    /// Tells a visitor's page what became of their last [`super::PageEvent::Grant`].
    pub fn judged(&self, visitor: VisitorId, verdict: Verdict) {
        self.channel.judged(visitor, verdict, Instant::now());
    }

    /// A visitor's page, to be told how far they are.
    pub fn page_of(&self, visitor: VisitorId) -> VisitorPage {
        VisitorPage {
            channel: Arc::clone(&self.channel),
            visitor,
        }
    }

    /// Lets the page fetch the last state, `grace` at most, then closes every socket: a second bind on the
    /// same port works at once.
    pub async fn close(self, grace: Duration) {
        let Self {
            channel,
            gate,
            server,
            side,
            ..
        } = self;
        let _ = timeout(grace, channel.end()).await;
        gate.close().await;
        // Only now: the gate finishes what is under way.
        drop((server, side));
    }
}
