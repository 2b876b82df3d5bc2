//! What nobody brings to the page: requests from dashboards, and what an earlier run left.
//!
//! The one decision: a request is accepted unasked only where an invitation names its app and its terms are those that
//! the invitation expects; all else is told once and left.

use std::{
    collections::{HashMap, HashSet},
    sync::atomic::AtomicBool,
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use serde_json::json;

use super::hall::{Hall, locked};
use crate::{
    commands::{args::SolutionArgs, rows},
    context::failure::Failure,
    engine::{Made, Messaging, Outcome, RowStore, choose},
    graph::{Solution, Status},
    ids::{AppId, SolutionId},
    journal::LinkValidity,
    session::{left::Left, row_run::RowRun, unless_stopped},
    ui::Label,
};

/// Between two looks at our side.
const LOOK_EVERY: Duration = Duration::from_secs(5 * 60);
/// At most, after looks that failed.
const LOOK_SELDOM: Duration = Duration::from_secs(60 * 60);
/// Most rows that are taken up at once; calls are bounded by `--jobs`.
const ROWS: usize = 400;

/// Whose app it is, and on which terms they are expected.
struct ExpectedApp {
    label: String,
    messaging: Messaging,
}

impl Hall {
    /// Takes up what is open in the journal; what needs a user token waits for its visitor.
    pub(super) async fn take_up(&self) {
        let left = match &self.engine.store {
            RowStore::Journal(journal) => journal.unfinished(&self.partner.id).await,
            RowStore::Rows(_) => Ok(Vec::new()),
        };
        let left = match left {
            Ok(left) => left,
            Err(error) => return self.failed("what an earlier run left", &error.into()),
        };
        if left.is_empty() {
            return;
        }
        let text = format!("Taking up {} that an earlier run left.", left.len());
        let fields = json!({"event": "taking_up", "count": left.len()});
        self.ctx.ui.status_as(Label::Plain, &text, fields);
        let known = rows::KnownSolutions::default();
        for entry in &left {
            if let Some(solution) = &entry.solution_id {
                known.learn(&entry.key.owner, solution);
            }
        }
        let run = RowRun {
            engine: self.alone(None, &known),
            has_system: true,
            listed: HashSet::new(),
            terms_refused: AtomicBool::new(false),
        };
        let _at_work = self.at_work(left.iter().map(|entry| entry.key.owner.clone()));
        let run = &run;
        let mut ended = stream::iter(left)
            .map(|entry| async move {
                let label = entry.link_label.clone();
                (label, run.one(entry).await)
            })
            .buffer_unordered(ROWS);
        while let Some((label, (app, ended))) = ended.next().await {
            let label = label.as_deref();
            match ended {
                Err(left) if left.waits_for_them() => {
                    let who = label.unwrap_or("its Tech Provider");
                    let text = format!("App {} waits until {who} clicks the button again.", app.id);
                    let fields =
                        json!({"event": "waits_for_click", "ref": label, "app_id": app.id});
                    self.ctx.ui.status_as(Label::Plain, &text, fields);
                }
                Ok(made) if made.solution.is_none() => {}
                ended => self.tell(&known, &app, ended.map_err(Left::failure), label),
            }
        }
    }

    /// Looks at our side now, and every few minutes until the end.
    pub(super) async fn look_now_and_then(&self) {
        let mut pause = LOOK_EVERY;
        let mut first = true;
        while !self.ctx.stop.is_set() {
            pause = match unless_stopped(&self.ctx, self.requests()).await {
                Ok(requests) => {
                    for (expected, solution) in requests {
                        if !first {
                            self.ear.say_if_unheard(&self.ctx, &solution.id);
                        }
                        self.by_dashboard(&expected, &solution.id).await;
                    }
                    first = false;
                    LOOK_EVERY
                }
                Err(failure) => {
                    self.failed("the look for requests from dashboards", &failure);
                    (pause * 2).min(LOOK_SELDOM)
                }
            };
            self.ctx.stop.pause(pause).await;
        }
    }

    /// The requests that wait for us, of apps that an invitation expects and that nobody works on here.
    async fn requests(&self) -> Result<Vec<(ExpectedApp, Solution)>, Failure> {
        let mut expected = self.expected().await?;
        if expected.is_empty() {
            return Ok(Vec::new());
        }
        let known = rows::KnownSolutions::default();
        let side = self.alone(None, &known).our_side().await?;
        let under_way = locked(&self.under_way).clone();
        let requests = side.into_iter().filter_map(|(owner, solutions)| {
            let expected = expected.remove(&owner)?;
            let live = solutions
                .iter()
                .filter(|solution| choose::may_be_live(&solution.status));
            let first = choose::first(live)?;
            let waits = first.status == Status::Initiated && !under_way.contains(&owner);
            waits.then(|| (expected, first.clone()))
        });
        Ok(requests.collect())
    }

    /// The apps that valid invitations expect.
    async fn expected(&self) -> Result<HashMap<AppId, ExpectedApp>, Failure> {
        let now = jiff::Timestamp::now();
        let mut apps = HashMap::new();
        for status in self.invitations.list().await? {
            let invitation = status.invitation;
            if invitation.validity(now) != LinkValidity::Valid {
                continue;
            }
            let terms = SolutionArgs::default().expecting(&invitation.expectation);
            let messaging = terms.messaging(&self.ctx)?;
            for app in invitation.expectation.app_ids {
                let label = invitation.label.to_string();
                apps.insert(app, ExpectedApp { label, messaging });
            }
        }
        Ok(apps)
    }

    /// A request of an expected app: accepted where its terms are those expected, else told once.
    async fn by_dashboard(&self, expected: &ExpectedApp, listed: &SolutionId) {
        match self.read(listed).await {
            Ok(read) => self.answer(expected, &read).await,
            Err(failure) => self.failed(&expected.label, &failure),
        }
    }

    async fn read(&self, id: &SolutionId) -> Result<Solution, Failure> {
        let reading = self.engine.in_turn(self.session.read(id));
        unless_stopped(&self.ctx, reading).await
    }

    /// What webhooks told of: a request of an expected app that nobody works on here is answered, and all else left.
    pub(super) async fn by_webhook(&self, solutions: &[SolutionId]) -> Result<(), Failure> {
        let expected = self.expected().await?;
        if expected.is_empty() {
            return Ok(());
        }
        for solution in solutions {
            let read = self.read(solution).await?;
            let owner = read.owner_app.as_ref().map(|app| &app.id);
            let under_way = owner.is_some_and(|owner| locked(&self.under_way).contains(owner));
            if let Some(expected) = owner.and_then(|owner| expected.get(owner))
                && !under_way
            {
                self.answer(expected, &read).await;
            }
        }
        Ok(())
    }

    async fn answer(&self, expected: &ExpectedApp, read: &Solution) {
        let label = expected.label.as_str();
        let (Some(app), Status::Initiated) = (&read.owner_app, &read.status) else {
            return;
        };
        if expected.messaging.matches(read, &self.partner.id) {
            return self.accept(read, label).await;
        }
        if locked(&self.told).insert(read.id.clone()) {
            let made = Made {
                app: app.clone(),
                solution: Some(read.clone()),
                outcome: Outcome::Existing,
                verified: true,
                surplus: Vec::new(),
                open_until: None,
            };
            self.tell(&rows::KnownSolutions::default(), app, Ok(made), Some(label));
            let why = format!("it is not on the terms expected, {}", expected.messaging);
            self.waits(read, app, label, &why).await;
        }
    }
}
