//! The pages whose apps wait for a person, until somebody said yes.
//!
//! The one decision: whoever accepts, here or with `mps accept`, it stands in the journal, and that is where this looks.

use super::hall::{Hall, WaitingApp, locked};
use crate::{
    engine::RowStore,
    ids::SolutionId,
    journal::{Entry, State},
};

/// Most pages that are kept; the oldest gives way.
const MOST: usize = 1_000;

impl Hall {
    /// These wait, and their page goes on asking.
    pub(super) fn keep_waiting(&self, apps: Vec<WaitingApp>) {
        let mut waiting = locked(&self.waiting);
        waiting.extend(apps);
        let too_many = waiting.len().saturating_sub(MOST);
        waiting.drain(..too_many);
    }

    /// Shows on their pages which of those were accepted meanwhile.
    pub(super) async fn show_accepted(&self) {
        let asked: Vec<SolutionId> = locked(&self.waiting)
            .iter()
            .map(|waiting| waiting.solution.clone())
            .collect();
        let RowStore::Journal(journal) = &self.engine.store else {
            return;
        };
        for solution in asked {
            // What cannot be read now is looked up again.
            let row = journal.knows(&solution).await.ok().flatten();
            let accepted = |row: &Entry| {
                row.state == State::Accepted && row.solution_id.as_ref() == Some(&solution)
            };
            if row.is_some_and(|row| accepted(&row)) {
                self.show_one(&solution);
            }
        }
    }

    fn show_one(&self, solution: &SolutionId) {
        let mut waiting = locked(&self.waiting);
        while let Some(at) = waiting.iter().position(|one| one.solution == *solution) {
            let one = waiting.remove(at);
            let others = waiting.iter().any(|other| other.progress.is(&one.progress));
            let shown = one.progress.accepted(&one.app, solution, others);
            one.page.show(shown);
        }
    }
}
