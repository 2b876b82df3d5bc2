//! The rows that a plan was read from, by what they are asked for.
//!
//! The one decision: a plan of many apps over a journal of many rows costs their sum, not their product.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    ids::{AppId, SolutionId},
    journal::{Entry, Key},
};

/// All rows of a host, in the order of the journal.
#[derive(Debug, Default)]
pub struct ReadRows {
    rows: Vec<Entry>,
    by_owner: HashMap<AppId, Vec<usize>>,
    by_solution: HashMap<SolutionId, usize>,
    /// How far the journal's clock is ahead of ours.
    ahead: SignedDuration,
}

impl ReadRows {
    /// Of rows in the order of the journal.
    pub fn of(rows: Vec<Entry>) -> Self {
        let mut read = Self::default();
        for (at, row) in rows.iter().enumerate() {
            let owner = row.key.owner.clone();
            read.by_owner.entry(owner).or_default().push(at);
            if let Some(id) = &row.solution_id {
                read.by_solution.entry(id.clone()).or_insert(at);
            }
        }
        Self { rows, ..read }
    }

    /// The same, where the journal's clock says that it is `now`.
    #[must_use]
    pub fn read_at(self, now: Timestamp) -> Self {
        let ahead = now.duration_since(Timestamp::now());
        Self { ahead, ..self }
    }

    /// What time it is by the journal.
    pub(super) fn now(&self) -> Timestamp {
        let here = Timestamp::now();
        here.checked_add(self.ahead).unwrap_or(here)
    }

    /// The rows of the key's two apps.
    pub(super) fn of_pair(&self, key: &Key) -> impl Iterator<Item = &Entry> {
        let places = self.by_owner.get(&key.owner);
        let rows = places.into_iter().flatten().map(|at| &self.rows[*at]);
        rows.filter(|row| row.key.partner == key.partner)
    }

    /// The row that has this solution; the one written last, where several have.
    pub(super) fn with(&self, id: &SolutionId) -> Option<&Entry> {
        self.by_solution.get(id).map(|at| &self.rows[*at])
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Entry] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Goal;

    fn row(owner: usize, partner: u32, solution: Option<&str>) -> Entry {
        let key = Key::new(
            owner.to_string().parse().unwrap(),
            partner.to_string().parse().unwrap(),
        );
        Entry {
            solution_id: solution.map(|id| id.parse().unwrap()),
            ..Entry::new(key, Goal::Active, "A + B")
        }
    }

    #[test]
    fn rows_are_found_by_their_pair_and_by_their_solution() {
        let named = Entry {
            key: Key::named("1".parse().unwrap(), "9".parse().unwrap(), "C"),
            ..row(1, 9, Some("70"))
        };
        let rows = ReadRows::of(vec![
            named,
            row(1, 9, Some("71")),
            row(1, 8, Some("70")),
            row(2, 9, None),
        ]);
        let names = |owner, partner| {
            let key = row(owner, partner, None).key;
            rows.of_pair(&key)
                .map(|row| row.solution_id.as_ref().map(ToString::to_string))
                .collect::<Vec<_>>()
        };
        let id = |text: &str| Some(text.to_owned());
        assert_eq!(names(1, 9), [id("70"), id("71")], "in their order");
        assert_eq!(names(1, 8), [id("70")]);
        assert_eq!(names(2, 9), [None]);
        assert_eq!(names(3, 9), []);
        let found = rows.with(&"70".parse().unwrap()).unwrap();
        assert!(found.key.name.is_some(), "the first one");
        assert!(rows.with(&"72".parse().unwrap()).is_none());
    }
}
