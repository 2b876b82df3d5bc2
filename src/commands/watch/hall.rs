//! What all who come to a watch share, and how it is told what became of them.
//!
//! The one decision: what fails for one is told and fails nothing else, so a row that failed is no failure of the run.

use std::{
    collections::HashSet,
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
    engine::{self, Actor, Engine, Job, Listener, Made, ReadRows, RowStore},
    exit::Kind,
    graph::App,
    ids::{AppId, SolutionId},
    journal::{self, Invitation, Invitations, LinkLabel, LinkValidity},
    session::{PartnerApp, Session, progress_page::ProgressPage},
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

    /// The journal's rows of these apps as they are now: a watch has many, and a visitor few.
    pub(super) async fn rows_of(&self, jobs: &[Job]) -> Result<ReadRows, Failure> {
        let RowStore::Journal(journal) = &self.engine.store else {
            return Ok(ReadRows::default());
        };
        let mut rows = Vec::new();
        for job in jobs {
            let pair = journal.entries_for(&job.app.id, &self.partner.id);
            rows.extend(pair.await.map_err(engine::Error::from)?);
        }
        Ok(ReadRows::of(rows).read_at(journal.now()))
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
