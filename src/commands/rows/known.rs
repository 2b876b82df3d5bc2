//! Which solutions a run knows of, by app.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    context::narration::EventListener,
    engine::Event,
    ids::{AppId, SolutionId},
};

/// The solutions that the engine reported: what failed after one was there still has its id.
#[derive(Clone, Default)]
pub struct KnownSolutions(Arc<Mutex<HashMap<AppId, SolutionId>>>);

impl KnownSolutions {
    /// A listener that remembers them, and passes each event on to another one.
    pub fn listener(&self, also: Option<EventListener>) -> EventListener {
        let known = self.clone();
        Arc::new(move |event| {
            match event {
                Event::Created {
                    owner, solution, ..
                }
                | Event::NotWrittenDown {
                    owner, solution, ..
                }
                | Event::Accepting {
                    owner: Some(owner),
                    solution,
                } => known.learn(owner, solution),
                _ => {}
            }
            if let Some(also) = &also {
                also(event);
            }
        })
    }

    /// Takes one in that is known from elsewhere.
    pub fn learn(&self, owner: &AppId, solution: &SolutionId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(owner.clone(), solution.clone());
    }

    /// Lets go of one whose line is made: a run of many apps has no more to tell of it.
    pub fn forget(&self, owner: &AppId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(owner);
    }

    pub(super) fn of(&self, owner: &AppId) -> Option<SolutionId> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(owner).cloned()
    }
}
