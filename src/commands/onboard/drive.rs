//! The run itself, on a task of its own, so that rows leave as they come while the page follows.
//!
//! The one decision: where Meta refuses who may send messages, nothing was created, so a person who is
//! there may choose otherwise and the same apps are begun again; nobody else decides that for them.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::played::Played;
use crate::{
    commands::{
        Line, Output,
        rows::{self, AppRow, RowOrigin},
    },
    context::{Context, failure::Failure, narration::EventListener},
    engine::{
        Error, Job, Made, Messaging, Policy,
        handoff::{Handoff, HandoffFormat, HandoffSolution},
        look::Survey,
    },
    graph::App,
    ids::AppId,
    io_words::io_words,
    lang::Lang,
    session::{
        Consent, PartnerApp, Session,
        plan::Plan,
        progress_page::ProgressPage,
        run::{self, RunOptions},
    },
    sign_in::ServedPage,
    ui::{
        emit::{Rows, Tally},
        epilogue::Epilogue,
        prompt,
    },
};

/// The run itself, on a task of its own, so that rows leave as they come while the page follows.
pub(super) struct Drive {
    pub(super) ctx: Arc<Context>,
    pub(super) session: Session,
    pub(super) partner: PartnerApp,
    pub(super) policy: Policy,
    pub(super) consent: Consent,
    pub(super) label: Option<String>,
    pub(super) lang: Lang,
    pub(super) at_once: usize,
    pub(super) handoff: Option<PathBuf>,
    pub(super) no_accept: bool,
    pub(super) broken: Vec<Line>,
    pub(super) epilogue: Epilogue,
    pub(super) played: Option<Played>,
}

/// Where the rows go.
type Lines = mpsc::UnboundedSender<Result<Line, Failure>>;

/// What grows while the apps are worked on.
struct Round {
    page: ProgressPage,
    several: bool,
    known: rows::KnownSolutions,
    places: rows::Places,
    solutions: Vec<(usize, HandoffSolution)>,
    lines: Lines,
}

impl Round {
    /// Remembers a live solution for the message to the Tech Provider; where that is `by_command`, one is enough.
    fn tell(&mut self, app: &App, result: &Result<Made, Error>, by_command: bool) {
        let Ok(made) = result else { return };
        let live = made.solution.as_ref();
        if let Some(solution) = live.filter(|solution| solution.status.is_live())
            && (!by_command || self.solutions.is_empty())
        {
            let told = HandoffSolution::of(app.name_or_id(), solution);
            self.solutions.push((self.places.at(&app.id), told));
        }
    }
}

impl Drive {
    pub(super) async fn output(mut self, plan: Plan, page: Option<ServedPage>) -> Output {
        let to_stdout = self.handoff.as_deref() == Some(Path::new("-"));
        let epilogue = self.epilogue.clone();
        let (lines, mut received) = mpsc::unbounded_channel();
        for line in self.broken.drain(..) {
            let _ = lines.send(Ok(line));
        }
        let task = tokio::spawn(self.all(plan, page, lines));
        if !to_stdout {
            return rows_of(rows::to_the_end(received, task).boxed(), epilogue);
        }
        let mut tally = Tally::default();
        while let Some(line) = received.recv().await {
            match line {
                Ok(Line {
                    failed: Some(failure),
                    ..
                })
                | Err(failure) => tally.failed.push(failure),
                Ok(_) => tally.done += 1,
            }
        }
        let message = task.await.unwrap_or_else(|_| {
            tally.failed.push(rows::broke_off());
            None
        });
        let text = message.unwrap_or_default();
        Output::Text {
            text,
            prose: true,
            json: None,
            tally,
        }
    }

    /// Every app, and again with another choice where Meta refuses the permissions and a person can choose.
    /// Returns the hand-off message.
    async fn all(mut self, plan: Plan, page: Option<ServedPage>, lines: Lines) -> Option<String> {
        let survey = plan.survey.clone();
        let jobs = plan.into_jobs();
        let shown = if page.is_some() { &jobs[..] } else { &[] };
        let mut round = Round {
            page: ProgressPage::new(shown),
            several: jobs.len() > 1,
            known: rows::KnownSolutions::default(),
            places: rows::Places::of_jobs(&jobs),
            solutions: Vec::new(),
            lines,
        };
        if let Some(page) = &page {
            page.show(round.page.progress());
        }
        let mut left = Some((jobs, survey));
        while let Some((jobs, survey)) = left.take() {
            let also = page.as_ref().map(|page| round.page.listener(page.news()));
            let next = match self.once(jobs, survey, also, &mut round).await {
                Ok(refused) if refused.is_empty() => None,
                Ok(refused) => Some(self.other_messaging().await.map(|choice| (refused, choice))),
                Err(failure) => Some(Err(failure)),
            };
            match next.transpose() {
                Ok(Some((refused, messaging))) => {
                    self.policy.messaging = messaging;
                    left = Some((refused, Survey::default()));
                }
                Ok(None) => {}
                Err(failure) => drop(round.lines.send(Err(failure))),
            }
        }
        round.solutions.sort_by_key(|(place, _)| *place);
        let solutions = std::mem::take(&mut round.solutions);
        let solutions: Vec<_> = solutions.into_iter().map(|(_, told)| told).collect();
        let message = self.hand_over(&solutions);
        let last_words = round.page.finished();
        drop(round);
        if let Some(mut page) = page {
            page.ends_with(last_words);
        }
        self.ctx.closing.wait().await;
        if let Some(played) = &self.played {
            played.sandbox.stop();
        }
        message
    }

    /// All of these jobs once. Returns those whose permissions Meta refused, where a person can choose others.
    async fn once(
        &self,
        jobs: Vec<Job>,
        survey: Survey,
        also: Option<EventListener>,
        round: &mut Round,
    ) -> Result<Vec<Job>, Failure> {
        let options = RunOptions {
            consent: self.consent,
            link_label: self.label.clone(),
            apps: jobs.len(),
            listener: Some(round.known.listener(also)),
            survey,
            at_once: self.at_once,
        };
        let engine = self
            .session
            .engine(&self.ctx, self.policy.clone(), options)?;
        // Only a person chooses again, and nobody else's jobs are kept.
        let names: HashMap<AppId, Job> = if self.ctx.ui.can_ask() {
            jobs.iter()
                .map(|job| (job.app.id.clone(), job.clone()))
                .collect()
        } else {
            HashMap::new()
        };
        let mut ended = run::start(engine, jobs).await?;
        let mut refused = Vec::new();
        while let Some((app, result)) = ended.next().await {
            let other_choice =
                matches!(&result, Err(error) if is_messaging(error, !refused.is_empty()));
            if other_choice && self.ctx.ui.can_ask() {
                refused.extend(names.get(&app.id).cloned());
                continue;
            }
            round.page.ended_app(&app.id, &result);
            round.tell(&app, &result, !self.tells_solutions());
            let result = result.map_err(Failure::from);
            let line = rows::app_line(
                &self.ctx,
                &round.known,
                &self.partner.id,
                &app,
                result,
                &AppRow::Onboard(RowOrigin::of(self.label.clone())),
                round.several,
            );
            round.known.forget(&app.id);
            let _ = round.lines.send(Ok(line.at(round.places.at(&app.id))));
        }
        Ok(refused)
    }

    /// Whether a command stands below the table in place of the message, which in a crowd of apps would be as long as the list
    /// itself, and push the counts off the screen.
    fn message_by_command(&self) -> bool {
        self.ctx.ui.work().is_crowd() && self.played.is_none()
    }

    /// Whether the end tells each solution: in the message, or as one that a colleague accepts.
    fn tells_solutions(&self) -> bool {
        self.handoff.is_some() || self.no_accept || !self.message_by_command()
    }

    /// The message: to its file, to stdout (returned), or below the table.
    fn hand_over(&self, solutions: &[HandoffSolution]) -> Option<String> {
        if solutions.is_empty() {
            return None;
        }
        let run = self.ctx.log.run_id();
        let command = format!("\nThe message to the Tech Provider:\n  mps handoff --run {run}\n");
        if !self.tells_solutions() {
            self.epilogue.leave(command);
            return None;
        }
        let message = Handoff {
            solutions,
            partner_name: &self.partner.name,
            lang: self.lang,
        };
        let message = message.message(HandoffFormat::Text, Timestamp::now());
        let below = match self.handoff.as_deref() {
            Some(file) if file == Path::new("-") => false,
            Some(file) => !self.write_to(file, &message),
            None => !self.no_accept,
        };
        let mut words = String::new();
        if below && self.message_by_command() {
            words = command;
        } else if below {
            words = format!("\nThe message to the Tech Provider:\n\n{message}");
        }
        let open = solutions.iter().filter(|solution| !solution.is_active());
        let ids: Vec<&str> = open.map(|solution| solution.solution_id.as_str()).collect();
        if self.no_accept && !ids.is_empty() {
            words += &format!(
                "\nA colleague with the system token accepts {} with:\n  mps accept {}",
                if ids.len() == 1 { "it" } else { "them" },
                ids.join(" ")
            );
        }
        let to_stdout = self.handoff.as_deref() == Some(Path::new("-"));
        if to_stdout && !words.is_empty() && !self.ctx.ui.quiet() {
            self.ctx.ui.block(&words, serde_json::json!({}));
        } else if !words.is_empty() {
            self.epilogue.leave(words);
        }
        Some(message)
    }

    /// Writes the message to its file; `false` and a warning where that fails.
    fn write_to(&self, file: &Path, message: &str) -> bool {
        match std::fs::write(file, message) {
            Ok(()) => {
                let said = format!("The message to the Tech Provider is in {}", file.display());
                self.ctx.ui.status(&said);
                true
            }
            Err(error) => {
                self.ctx.ui.warning(&format!(
                    "the message could not be written to {}: {}",
                    file.display(),
                    io_words(&error)
                ));
                false
            }
        }
    }

    /// Meta took neither side: the operator chooses one of the other two.
    async fn other_messaging(&self) -> Result<Messaging, Failure> {
        let others: Vec<Messaging> = Messaging::ALL
            .iter()
            .copied()
            .filter(|choice| *choice != self.policy.messaging)
            .collect();
        self.ctx.ui.warning(&format!(
            "Meta refuses --messaging {}; nothing was created",
            self.policy.messaging
        ));
        let shown: Vec<String> = others
            .iter()
            .map(|choice| choice.in_words().to_owned())
            .collect();
        let chosen = prompt::pick(&self.ctx.ui, "Who may send messages?", shown).await?;
        others
            .get(chosen)
            .copied()
            .ok_or_else(|| Failure::usage("no choice was made"))
    }
}

/// Refused for its permissions, or not tried because another app was.
fn is_messaging(error: &Error, others_were: bool) -> bool {
    match error {
        Error::Graph(error) => error.messaging_refused(),
        Error::NotTried { .. } => others_were,
        _ => false,
    }
}

/// Rows of apps.
pub(super) fn rows_of(
    lines: stream::BoxStream<'static, Result<Line, Failure>>,
    epilogue: Epilogue,
) -> Output {
    Output::Rows(Rows {
        epilogue,
        ..Rows::of::<rows::OnboardRecord>(lines, "Nothing to do.")
    })
}
