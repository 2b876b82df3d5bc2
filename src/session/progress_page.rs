//! What the Tech Provider's page shows of the run: each app, how far it is, and at the end the ids.
//!
//! The one decision: the page gets whole states, not steps; whichever it fetches last is the truth. What is said beside them
//! are codes, which the page has words for in the Tech Provider's language.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    button::{LastWord, Progress, ProgressRow, RowNote, RowState, VisitorPage},
    context::narration::EventListener,
    engine::{Error, Event, Job, Made, Outcome, choose},
    exit::Kind,
    from_outside::on_one_line,
    ids::{AppId, SolutionId},
};

/// The page's state, shared with the engine's listener.
#[derive(Debug, Clone)]
pub struct ProgressPage {
    progress: Arc<Mutex<Progress>>,
    places: Arc<HashMap<AppId, usize>>,
}

impl ProgressPage {
    /// Every app waiting.
    pub fn new(jobs: &[Job]) -> Self {
        let rows = jobs.iter().map(|job| ProgressRow {
            app_id: job.app.id.clone(),
            app_name: on_one_line(&job.app.name),
            state: RowState::Waiting,
            solution_id: None,
            solution_name: None,
            note: None,
        });
        // From the end, so that of two rows of one app the first counts.
        let places = jobs.iter().enumerate().rev();
        let places = places.map(|(place, job)| (job.app.id.clone(), place));
        Self {
            places: Arc::new(places.collect()),
            progress: Arc::new(Mutex::new(Progress {
                rows: rows.collect(),
                ..Progress::default()
            })),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this is that one.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.progress, &other.progress)
    }

    /// The state as it is.
    pub fn progress(&self) -> Progress {
        self.lock().clone()
    }

    /// The state when nothing will change any more: no row is left as if something were still coming.
    pub fn finished(&self) -> Progress {
        let mut progress = self.lock();
        progress.finished = true;
        for row in &mut progress.rows {
            let (state, note) = match row.state {
                RowState::Waiting => (RowState::Failed, RowNote::NotBegun),
                RowState::Creating | RowState::Accepting => (RowState::Unclear, RowNote::Unclear),
                RowState::Created | RowState::Active | RowState::Failed | RowState::Unclear => {
                    continue;
                }
            };
            row.state = state;
            row.note = Some(note);
        }
        progress.clone()
    }

    /// The finished state of which apps may still be accepted, as they wait for a person.
    pub fn waits(&self) -> Progress {
        self.lock().may_change = true;
        self.finished()
    }

    /// One of those was accepted, and whether others still wait.
    pub fn accepted(&self, owner: &AppId, solution: &SolutionId, others: bool) -> Progress {
        self.set(owner, RowState::Active, Some(solution), None);
        self.lock().may_change = others;
        self.finished()
    }

    /// The state of a run that ended as this says, without a row.
    pub fn without_rows(last: LastWord) -> Progress {
        Progress {
            rows: Vec::new(),
            message: Some(last),
            finished: true,
            may_change: false,
        }
    }

    /// A listener that brings the visitor's page up to date.
    pub fn listener(&self, visitor: VisitorPage) -> EventListener {
        let page = self.clone();
        Arc::new(move |event: &Event| {
            page.note(event);
            visitor.show(page.progress());
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
                ..
            } => self.set(owner, RowState::Active, Some(solution), None),
            _ => {}
        }
    }

    /// How an app ended. What was made is taken from here and not from the events: the solution that was
    /// found at last may be another one than was heard of first.
    pub fn ended_app(&self, owner: &AppId, result: &Result<Made, Error>) {
        match result {
            Ok(made) => {
                let Some(solution) = &made.solution else {
                    return;
                };
                let active =
                    made.outcome == Outcome::Onboarded || choose::is_accepted(&solution.status);
                let state = if active {
                    RowState::Active
                } else {
                    RowState::Created
                };
                self.set(owner, state, Some(&solution.id), None);
                self.name(owner, &solution.name);
            }
            Err(error) if error.kind() == Kind::UnknownOutcome => {
                self.set(owner, RowState::Unclear, None, Some(RowNote::Unclear));
            }
            Err(_) => self.set(owner, RowState::Failed, None, Some(RowNote::Failed)),
        }
    }

    fn set(
        &self,
        owner: &AppId,
        state: RowState,
        solution: Option<&SolutionId>,
        note: Option<RowNote>,
    ) {
        self.change(owner, |row| {
            row.state = state;
            row.solution_id = solution.cloned().or(row.solution_id.take());
            row.note = note;
        });
    }

    fn change(&self, owner: &AppId, change: impl FnOnce(&mut ProgressRow)) {
        if let Some(place) = self.places.get(owner)
            && let Some(row) = self.lock().rows.get_mut(*place)
        {
            change(row);
        }
    }

    fn name(&self, owner: &AppId, name: &str) {
        self.change(owner, |row| row.solution_name = Some(on_one_line(name)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{App, Pending, Solution, Status};

    fn job(id: &str) -> Job {
        let app = App {
            id: id.parse().unwrap(),
            name: "x".into(),
            link: None,
        };
        Job {
            app,
            name: "x + us".into(),
        }
    }

    fn made(id: &str, status: Status, outcome: Outcome) -> Made {
        Made {
            app: job("42").app,
            solution: Some(Solution {
                id: id.parse().unwrap(),
                name: "x + us".into(),
                status,
                pending: Pending::None,
                owner_app: None,
                owner_permissions: None,
                partners: None,
            }),
            outcome,
            verified: true,
            surplus: Vec::new(),
            open_until: None,
        }
    }

    fn unknown() -> Error {
        Error::Unknown {
            doing: "creating".into(),
            why: "no answer".into(),
            error: None,
        }
    }

    fn shown(progress: &Progress) -> (RowState, Option<String>) {
        let row = progress.rows[0].clone();
        (row.state, row.solution_id.map(|id| id.to_string()))
    }

    #[test]
    fn states_follow_the_events_and_ids_stay() {
        let owner: AppId = "42".parse().unwrap();
        let solution: SolutionId = "795".parse().unwrap();
        let page = ProgressPage::new(&[job("42")]);
        let state = |page: &ProgressPage| shown(&page.progress());
        assert_eq!(state(&page), (RowState::Waiting, None));
        page.note(&Event::Creating(owner.clone()));
        assert_eq!(state(&page), (RowState::Creating, None));
        page.note(&Event::Created {
            owner: owner.clone(),
            solution: solution.clone(),
            existing: false,
        });
        assert_eq!(state(&page), (RowState::Created, Some("795".into())));
        page.ended_app(&owner, &Err(Error::Interrupted("x".into())));
        assert_eq!(state(&page), (RowState::Failed, Some("795".into())));
        assert!(page.finished().finished);
    }

    #[test]
    fn how_an_app_ended() {
        let seven = Some("7".to_owned());
        for (result, expected) in [
            (
                Ok(made("7", Status::Active, Outcome::Onboarded)),
                (RowState::Active, seven.clone()),
            ),
            (
                // Accepted, but Meta still shows it as it was.
                Ok(made("7", Status::Initiated, Outcome::Onboarded)),
                (RowState::Active, seven.clone()),
            ),
            (
                Ok(made("7", Status::Active, Outcome::Existing)),
                (RowState::Active, seven.clone()),
            ),
            (
                Ok(made("7", Status::Initiated, Outcome::Created)),
                (RowState::Created, seven),
            ),
            (Err(unknown()), (RowState::Unclear, Some("795".into()))),
            (
                Err(Error::Interrupted("x".into())),
                (RowState::Failed, Some("795".into())),
            ),
        ] {
            let page = ProgressPage::new(&[job("42")]);
            let owner: AppId = "42".parse().unwrap();
            // What was heard of first need not be what was found at last.
            page.note(&Event::Created {
                owner: owner.clone(),
                solution: "795".parse().unwrap(),
                existing: true,
            });
            page.ended_app(&owner, &result);
            assert_eq!(shown(&page.finished()), expected, "{result:?}");
            let name = page.finished().rows[0].solution_name.clone();
            assert_eq!(name.is_some(), result.is_ok(), "{result:?}");
        }
    }

    #[test]
    fn at_the_end_nothing_looks_as_if_it_were_coming() {
        for (event, expected) in [
            (None, RowState::Failed),
            (
                Some(Event::Creating("42".parse().unwrap())),
                RowState::Unclear,
            ),
        ] {
            let page = ProgressPage::new(&[job("42")]);
            if let Some(event) = &event {
                page.note(event);
            }
            let row = page.finished().rows.remove(0);
            assert_eq!(row.state, expected);
            let note = match expected {
                RowState::Failed => RowNote::NotBegun,
                _ => RowNote::Unclear,
            };
            assert_eq!(row.note, Some(note));
        }
    }
}
