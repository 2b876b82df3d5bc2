//! What the Tech Provider's page shows of the run: each app, how far it is, and at the end the ids.
//!
//! The one decision: the page gets whole states, not steps; whichever it fetches last is the truth.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use crate::{
    button::{Progress, Row, RowState},
    ids::{AppId, SolutionId},
    onboarding::{Error, Event, Made, create::Job},
    report::Failure,
    telling::Also,
};

/// The page's state, shared with the engine's listener.
#[derive(Debug, Clone)]
pub struct Following(Arc<Mutex<Progress>>);

impl Following {
    /// Every app waiting.
    pub fn new(jobs: &[Job]) -> Self {
        let rows = jobs.iter().map(|job| Row {
            app_id: job.app.id.clone(),
            app_name: job.app.name.clone(),
            state: RowState::Waiting,
            solution_id: None,
            note: None,
        });
        Self(Arc::new(Mutex::new(Progress {
            rows: rows.collect(),
            message: None,
            finished: false,
        })))
    }

    /// The state as it is.
    pub fn progress(&self) -> Progress {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The state when nothing will change any more.
    pub fn finished(&self) -> Progress {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .finished = true;
        self.progress()
    }

    /// The state of a run that ended before its work began.
    pub fn ended(failure: &Failure, partner_name: &str) -> Progress {
        let message = match failure.kind {
            crate::exit::Kind::Declined => format!("{partner_name} decided not to go on."),
            _ => format!("{partner_name} could not go on, knows why, and will come back to you."),
        };
        Progress {
            rows: Vec::new(),
            message: Some(message),
            finished: true,
        }
    }

    /// The state of a run that only showed its plan.
    pub fn rehearsed(partner_name: &str) -> Progress {
        let message = format!(
            "This was a rehearsal: {partner_name} has received your permission and saw what would be done."
        );
        Progress {
            rows: Vec::new(),
            message: Some(message),
            finished: true,
        }
    }

    /// A listener that brings the page up to date.
    pub fn hear(&self, news: UnboundedSender<Progress>) -> Also {
        let following = self.clone();
        Arc::new(move |event: &Event| {
            following.note(event);
            let _ = news.send(following.progress());
        })
    }

    fn note(&self, event: &Event) {
        match event {
            Event::Creating(owner) => self.set(owner, RowState::Creating, None, None),
            Event::Created {
                owner, solution, ..
            } => self.set(owner, RowState::Created, Some(solution), None),
            Event::Accepting {
                owner: Some(owner),
                solution,
            } => {
                self.set(owner, RowState::Accepting, Some(solution), None);
            }
            Event::Active {
                owner: Some(owner),
                solution,
            } => self.set(owner, RowState::Active, Some(solution), None),
            _ => {}
        }
    }

    /// How an app ended.
    pub fn ended_app(&self, owner: &AppId, result: &Result<Made, Error>) {
        if result.is_err() {
            let note = "This one did not work; the other side knows why and will come back to you.";
            self.set(owner, RowState::Failed, None, Some(note));
        }
    }

    fn set(
        &self,
        owner: &AppId,
        state: RowState,
        solution: Option<&SolutionId>,
        note: Option<&str>,
    ) {
        let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = progress.rows.iter_mut().find(|row| row.app_id == *owner) {
            row.state = state;
            row.solution_id = solution.cloned().or(row.solution_id.take());
            row.note = note.map(str::to_owned);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::App;

    #[test]
    fn states_follow_the_events_and_ids_stay() {
        let owner: AppId = "42".parse().unwrap();
        let solution: SolutionId = "795".parse().unwrap();
        let app = App {
            id: owner.clone(),
            name: "x".into(),
            link: None,
        };
        let following = Following::new(&[Job {
            app,
            name: "x + us".into(),
        }]);
        let state = |following: &Following| {
            let row = following.progress().rows[0].clone();
            (row.state, row.solution_id.map(|id| id.to_string()))
        };
        assert_eq!(state(&following), (RowState::Waiting, None));
        following.note(&Event::Creating(owner.clone()));
        assert_eq!(state(&following), (RowState::Creating, None));
        following.note(&Event::Created {
            owner: owner.clone(),
            solution: solution.clone(),
            existing: false,
        });
        assert_eq!(state(&following), (RowState::Created, Some("795".into())));
        following.ended_app(&owner, &Err(Error::Interrupted("x".into())));
        assert_eq!(state(&following), (RowState::Failed, Some("795".into())));
        assert!(following.finished().finished);
    }
}
