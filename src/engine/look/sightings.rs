//! What was seen of solutions that were accepted a moment ago.
//!
//! The one decision: whoever reads back wants its own solution and no whole listing. One reading serves all who wait, and it ends as
//! soon as each of them was seen: where Meta lists the newest first, after a few pages of hundreds.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::kept::KeptSide;
use crate::{
    graph::Solution,
    ids::{AppId, SolutionId},
};

/// Those who wait, and what the last reading for such as these showed.
#[derive(Debug, Default)]
pub(super) struct Sightings(Mutex<SightingsState>);

#[derive(Debug, Default)]
struct SightingsState {
    waiting: HashSet<SolutionId>,
    last: LastSightings,
}

/// What a reading showed of those that it was made for.
#[derive(Debug, Default)]
struct LastSightings {
    begun: Duration,
    sought: HashSet<SolutionId>,
    seen: KeptSide,
}

/// A reading for those who wait.
#[derive(Debug)]
pub(super) struct SightingsReading {
    last: LastSightings,
    left: HashSet<SolutionId>,
}

impl SightingsReading {
    /// Takes in what is listed, if it is one of them. `false`: each was seen.
    pub(super) fn takes(&mut self, solution: Solution) -> bool {
        if self.left.remove(&solution.id)
            && let Some(owner) = solution.owner_app.as_ref().map(|app| app.id.clone())
        {
            self.last.seen.push(owner, solution);
        }
        !self.left.is_empty()
    }
}

impl Sightings {
    /// It is waited for from now on.
    pub(super) fn seek(&self, id: &SolutionId) {
        self.with(|state| state.waiting.insert(id.clone()));
    }

    /// It is not waited for any more.
    pub(super) fn leave(&self, id: &SolutionId) {
        self.with(|state| state.waiting.remove(id));
    }

    /// Begins a reading for all who wait.
    pub(super) fn begin(&self, begun: Duration) -> SightingsReading {
        let sought = self.with(|state| std::mem::take(&mut state.waiting));
        SightingsReading {
            left: sought.clone(),
            last: LastSightings {
                begun,
                sought,
                seen: KeptSide::default(),
            },
        }
    }

    /// Keeps what a reading showed.
    pub(super) fn end(&self, mut reading: SightingsReading) {
        reading.last.seen.finish();
        self.with(|state| state.last = reading.last);
    }

    /// What a reading since `after` that was made for this solution showed of its owner app's; `None`: there was none.
    pub(super) fn of(
        &self,
        owner: &AppId,
        id: &SolutionId,
        after: Duration,
    ) -> Option<Vec<Solution>> {
        self.with(|state| {
            let last = &state.last;
            let answers = last.begun >= after && last.sought.contains(id);
            answers.then(|| last.seen.of(owner))
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut SightingsState) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{App, Pending, Status};

    fn solution(id: &SolutionId, owner: Option<&AppId>) -> Solution {
        Solution {
            id: id.clone(),
            name: String::new(),
            status: Status::Active,
            pending: Pending::None,
            owner_app: owner.map(|id| App {
                id: id.clone(),
                name: String::new(),
                link: None,
            }),
            owner_permissions: None,
            partners: None,
        }
    }

    #[test]
    fn a_reading_ends_when_each_that_waited_was_seen_and_answers_for_them_alone() {
        let owner: AppId = "42".parse().unwrap();
        let [one, two, bare, other]: [SolutionId; 4] =
            ["1", "2", "3", "4"].map(|id| id.parse().unwrap());
        let sightings = Sightings::default();
        let [early, begun, late] = [1, 2, 3].map(Duration::from_secs);
        for id in [&one, &two, &bare, &other] {
            sightings.seek(id);
        }
        sightings.leave(&other);
        let mut reading = sightings.begin(begun);
        sightings.seek(&other);
        assert!(reading.takes(solution(&other, Some(&owner))));
        assert!(reading.takes(solution(&two, Some(&owner))));
        assert!(reading.takes(solution(&bare, None)));
        assert!(!reading.takes(solution(&one, Some(&owner))), "the last one");
        sightings.end(reading);
        let of = |id, after| {
            let seen = sightings.of(&owner, id, after)?;
            Some(seen.into_iter().map(|seen| seen.id).collect::<Vec<_>>())
        };
        let both = Some(vec![two, one.clone()]);
        assert_eq!(of(&one, early), both);
        assert_eq!(of(&bare, begun), both, "it does not say whose it is");
        assert_eq!(of(&one, late), None, "it is older");
        assert_eq!(of(&other, early), None, "it came later");
    }
}
