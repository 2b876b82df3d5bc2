//! Every solution, the oldest first.
//!
//! The one decision: an app's solutions are found without a walk over everybody's, since a listing is asked for each of tens of
//! thousands of apps.

use std::{
    collections::HashMap,
    ops::{Deref, DerefMut},
};

use super::records::StoredSolution;

/// The solutions, and whose they are.
#[derive(Debug, Default)]
pub(super) struct StoredSolutions {
    all: Vec<StoredSolution>,
    /// Where the solutions of an app stand, whichever its side is.
    by_app: HashMap<String, Vec<usize>>,
}

impl StoredSolutions {
    /// Puts one at the end.
    pub(super) fn push(&mut self, solution: StoredSolution) {
        for app in [&solution.owner, &solution.partner] {
            let places = self.by_app.entry(app.clone()).or_default();
            places.push(self.all.len());
        }
        self.all.push(solution);
    }

    /// Where the solutions of an app stand, the oldest first.
    pub(super) fn places_of(&self, app: &str) -> &[usize] {
        self.by_app.get(app).map_or(&[], Vec::as_slice)
    }
}

impl From<Vec<StoredSolution>> for StoredSolutions {
    fn from(all: Vec<StoredSolution>) -> Self {
        let mut solutions = Self::default();
        for one in all {
            solutions.push(one);
        }
        solutions
    }
}

impl Deref for StoredSolutions {
    type Target = [StoredSolution];

    fn deref(&self) -> &[StoredSolution] {
        &self.all
    }
}

impl DerefMut for StoredSolutions {
    fn deref_mut(&mut self) -> &mut [StoredSolution] {
        &mut self.all
    }
}
