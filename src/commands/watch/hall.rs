//! What all who come to a watch share, and how it is told what became of them.
//!
//! The one decision: what fails for one is told and fails nothing else, so a row that failed is no failure of the run.

use std::{
    collections::HashSet,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::mpsc;

use super::ear::Ear;
use crate::{
    button::VisitorPage,
    commands::{
        Line,
        rows::{self, AppRow},
    },
    context::{
        Context,
        failure::Failure,
        item_talk,
        narration::{self, EventListener},
    },
    engine::{Actor, Engine, Listener, Made, ReadRows},
    exit::Kind,
    graph::App,
    ids::{AppId, SolutionId},
    journal::{self, Invitation, Invitations, LinkLabel, LinkValidity},
    session::{self, PartnerApp, Session, progress_page::ProgressPage},
    sign_in::Reception,
    ui::progress::Task,
};

/// What all who come share.
pub(super) struct Hall {
    pub(super) ctx: Arc<Context>,
    pub(super) session: Session,
    pub(super) partner: PartnerApp,
    /// Nobody's own: each gets one beside it.
    pub(super) engine: Engine,
    pub(super) invitations: Invitations,
    pub(super) reception: Reception,
    /// What webhooks tell.
    pub(super) ear: Ear,
    pub(super) accept_anyone: bool,
    /// A person at the terminal is asked about what waits.
    pub(super) asks: bool,
    pub(super) lines: mpsc::UnboundedSender<Result<Line, Failure>>,
    /// The apps that somebody works on here, each as often as it is.
    pub(super) under_way: Mutex<Vec<AppId>>,
    /// What a look found and was told, so that it is told once.
    pub(super) told: Mutex<HashSet<SolutionId>>,
    /// Whose pages show an app that waits for a person.
    pub(super) waiting: Mutex<Vec<WaitingApp>>,
    /// The table on a terminal, while it is drawn.
    pub(super) board: Mutex<Option<Task>>,
    /// The journal's rows are read for one after the other, each read having a thread and a connection.
    pub(super) rows: tokio::sync::Mutex<()>,
    /// One question at a time.
    pub(super) question: tokio::sync::Mutex<()>,
}

/// An app that waits for a person, and the page that shows it.
pub(super) struct WaitingApp {
    pub(super) app: AppId,
    pub(super) solution: SolutionId,
    pub(super) progress: ProgressPage,
    pub(super) page: VisitorPage,
}

/// Apps that are worked on here, as long as it lives.
pub(super) struct AppsAtWork<'a>(&'a Hall, Vec<AppId>);

impl Drop for AppsAtWork<'_> {
    fn drop(&mut self) {
        let mut under_way = locked(&self.0.under_way);
        for app in &self.1 {
            if let Some(at) = under_way.iter().position(|other| other == app) {
                under_way.swap_remove(at);
            }
        }
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hall {
    /// The valid invitation of a label.
    pub(super) async fn invitation(&self, label: Option<&str>) -> Option<Invitation> {
        let label: LinkLabel = label?.parse().ok()?;
        match self.invitations.find_by_label(&label).await {
            Ok(found) => found.filter(|invitation| {
                invitation.validity(jiff::Timestamp::now()) == LinkValidity::Valid
            }),
            Err(error) => {
                self.failed(label.as_str(), &error.into());
                None
            }
        }
    }

    pub(super) fn noted(&self, written: Result<(), journal::Error>) {
        if let Err(error) = written {
            let text = format!("how far a link is could not be noted: {error}");
            self.ctx.ui.warning(&text);
        }
    }

    /// An actor of this watch, for one label.
    pub(super) fn actor(&self, label: Option<&str>) -> Actor {
        Actor {
            link_label: label.map(str::to_owned),
            ..self.engine.actor.clone()
        }
    }

    /// Who hears one engine: the terminal, the log, and `also`.
    pub(super) fn listener(&self, label: Option<&str>, also: EventListener) -> Listener {
        let ctx = &self.ctx;
        narration::listener(&ctx.ui, &ctx.log, 0, label, Some(also))
    }

    /// These apps are worked on here.
    pub(super) fn at_work(&self, apps: impl Iterator<Item = AppId>) -> AppsAtWork<'_> {
        let apps: Vec<AppId> = apps.collect();
        locked(&self.under_way).extend(apps.iter().cloned());
        AppsAtWork(self, apps)
    }

    /// The journal's rows as they are now, read where nobody's call waits for it.
    pub(super) async fn read_rows(&self) -> Result<ReadRows, Failure> {
        let ctx = Arc::clone(&self.ctx);
        let host = self.session.graph.base().host_label().to_owned();
        let _one = self.rows.lock().await;
        let reading = tokio::task::spawn_blocking(move || session::read_rows(&ctx, &host));
        reading.await.unwrap_or_else(|error| {
            let error = io::Error::other(error);
            Err(Failure::io("could not read the journal", &error))
        })
    }

    /// Tells how an app ended: a row, and what to type where it waits.
    pub(super) fn tell(
        &self,
        known: &rows::KnownSolutions,
        app: &App,
        ended: Result<Made, Failure>,
        label: Option<&str>,
    ) {
        if let Err(failure) = &ended
            && failure.kind == Kind::Interrupted
        {
            // Nothing failed: it is in the journal, and the next start takes it up.
            return;
        }
        let row = AppRow::Watch(label.map(str::to_owned));
        let mut line = rows::app_line(&self.ctx, known, &self.partner.id, app, ended, &row, true);
        // One visitor's failure is no failure of the watch.
        line.failed = None;
        // Whoever reads stdout is gone only when the run is over.
        let _ = self.lines.send(Ok(line));
    }

    /// Says that something of a label came to nothing.
    pub(super) fn failed(&self, what: &str, failure: &Failure) {
        if failure.kind != Kind::Interrupted {
            item_talk::print_item_whole(&self.ctx.ui, what, failure, &self.ctx.log);
        }
    }
}
