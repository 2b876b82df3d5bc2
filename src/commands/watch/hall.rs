//! The one loop of a watch, and what all who come share.
//!
//! The one decision: the loop only hears; whatever takes time is a task of its own, and after a stop no new one begins
//! and those under way are waited for.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::json;
use tokio::{
    sync::mpsc,
    task::{JoinError, JoinSet},
};

use crate::{
    button::{Happening, PageEvent},
    commands::{
        Line,
        rows::{self, AppRow},
    },
    context::{Context, failure::Failure, narration::EventListener},
    engine::{Actor, Engine, Made},
    exit::Kind,
    graph::{App, Solution},
    ids::{AppId, SolutionId},
    journal::{Invitation, Invitations, LinkLabel, LinkValidity},
    session::{PartnerApp, Session},
    sign_in::Reception,
    ui::{Label, prompt},
};

/// How long pages may fetch their last state when the watch ends.
const GRACE: Duration = Duration::from_secs(10);

/// What all who come share.
pub(super) struct Hall {
    pub(super) ctx: Arc<Context>,
    pub(super) session: Session,
    pub(super) partner: PartnerApp,
    /// Nobody's own: each gets one beside it.
    pub(super) engine: Engine,
    pub(super) invitations: Invitations,
    pub(super) reception: Reception,
    pub(super) accept_anyone: bool,
    /// A person at the terminal is asked about what waits.
    pub(super) asks: bool,
    pub(super) lines: mpsc::UnboundedSender<Result<Line, Failure>>,
    /// The apps that somebody works on here, each as often as it is.
    pub(super) under_way: Mutex<Vec<AppId>>,
    /// What a look found and was told, so that it is told once.
    pub(super) told: Mutex<HashSet<SolutionId>>,
    /// One question at a time.
    pub(super) question: tokio::sync::Mutex<()>,
}

/// Apps that are worked on here, as long as it lives.
pub(super) struct AtWork<'a>(&'a Hall, Vec<AppId>);

impl Drop for AtWork<'_> {
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
    /// Stays until it is stopped.
    pub(super) async fn stay(self) {
        let hall = Arc::new(self);
        let mut tasks = JoinSet::new();
        let background = Arc::clone(&hall);
        tasks.spawn(async move {
            background.take_up().await;
            background.look_now_and_then().await;
        });
        loop {
            let happening = tokio::select! {
                biased;
                () = hall.ctx.stop.wait() => break,
                Some(ended) = tasks.join_next(), if !tasks.is_empty() => {
                    broke_off(&hall.ctx, &ended);
                    continue;
                }
                happening = hall.reception.next(&hall.ctx) => happening,
            };
            hall.hear(happening, &mut tasks).await;
        }
        while let Some(ended) = tasks.join_next().await {
            broke_off(&hall.ctx, &ended);
        }
        if let Some(Hall { reception, ctx, .. }) = Arc::into_inner(hall) {
            reception.close(&ctx, GRACE).await;
        }
    }

    async fn hear(self: &Arc<Self>, happening: Happening, tasks: &mut JoinSet<()>) {
        let Happening {
            label,
            visitor,
            event,
        } = happening;
        match (event, visitor) {
            (PageEvent::Grant(grant), Some(visitor)) => {
                let hall = Arc::clone(self);
                tasks.spawn(async move { hall.visit(visitor, label, *grant).await });
            }
            (event, visitor) => {
                if event == PageEvent::Opened {
                    self.came(label.as_deref()).await;
                }
                let happening = Happening {
                    label,
                    visitor,
                    event,
                };
                Reception::say(&self.ctx, &happening);
            }
        }
    }

    /// Somebody opened a page: a bell, and the link's row says so.
    async fn came(&self, label: Option<&str>) {
        let ui = &self.ctx.ui;
        if ui.streams().stderr && !ui.json() && !ui.quiet() {
            ui.raw_talk("\u{7}");
        }
        if let Some(invitation) = self.invitation(label).await {
            self.noted(self.invitations.note_opened(&invitation.path).await);
        }
    }

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

    pub(super) fn noted(&self, written: Result<(), crate::journal::Error>) {
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
    pub(super) fn listener(&self, also: EventListener) -> crate::engine::Listener {
        let ctx = &self.ctx;
        crate::context::narration::listener(&ctx.ui, &ctx.log, 0, Some(also))
    }

    /// These apps are worked on here.
    pub(super) fn at_work(&self, apps: impl Iterator<Item = AppId>) -> AtWork<'_> {
        let apps: Vec<AppId> = apps.collect();
        locked(&self.under_way).extend(apps.iter().cloned());
        AtWork(self, apps)
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
        let mut line = rows::app_line(
            &self.ctx,
            known,
            &self.partner.id,
            app,
            ended,
            &row,
            true,
        );
        // One visitor's failure is no failure of the watch.
        line.failed = None;
        // Whoever reads stdout is gone only when the run is over.
        let _ = self.lines.send(Ok(line));
    }

    /// Says that something of a label came to nothing.
    pub(super) fn failed(&self, what: &str, failure: &Failure) {
        if failure.kind != Kind::Interrupted {
            crate::context::failure::print_item(&self.ctx.ui, what, failure, &self.ctx.log);
        }
    }

    /// Says that a solution waits and why, and asks where a person is there to answer.
    pub(super) async fn waits(&self, solution: &Solution, app: &App, label: &str, why: &str) {
        let (id, ui) = (&solution.id, &self.ctx.ui);
        let text = format!("{label}: solution {id} of app {} waits ({why}): mps accept {id}", app.id);
        let fields = json!({"event": "waiting", "ref": label, "app_id": app.id, "solution_id": id,
            "command": format!("mps accept {id}")});
        ui.status_as(Label::Warning, &text, fields);
        if !self.asks || !ui.can_ask() {
            return;
        }
        let _one = self.question.lock().await;
        let question = format!(
            "Accept solution {id} ({}) of app {} ({}), which came by the link of {label}? This cannot be undone.",
            solution.name, app.id, app.name
        );
        if let Ok(true) = prompt::confirm(ui, &question, prompt::Enter::No).await {
            self.accept(solution, label).await;
        }
    }
}

/// A defect of ours, told by the panic itself; the others go on.
fn broke_off(ctx: &Context, ended: &Result<(), JoinError>) {
    if ended.is_err() {
        ctx.ui.warning("what was done for one visitor broke off; the others go on");
    }
}
