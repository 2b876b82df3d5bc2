//! Which apps of a run have ended, so that our side need not be kept of them.
//!
//! The one decision: most of what our side shows at the end of a long run is what the run itself has made. A reading leaves out
//! the apps that have ended; should somebody ask for one all the same, no reading that began before is an answer.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

use crate::ids::AppId;

/// The apps that have ended.
#[derive(Debug, Default)]
pub(super) struct EndedApps(Mutex<EndedOnes>);

#[derive(Debug, Default)]
struct EndedOnes {
    /// All of a long run, nearly: nothing stands beside them.
    all: HashSet<AppId>,
    /// Since which reading one that had ended is in them again, since somebody asked.
    again: HashMap<AppId, u64>,
}

impl EndedApps {
    /// It has ended.
    pub(super) fn add(&self, app: &AppId) {
        self.with(|ended| {
            ended.again.remove(app);
            ended.all.insert(app.clone());
        });
    }

    /// Whether a reading leaves it out.
    pub(super) fn has(&self, app: &AppId) -> bool {
        self.with(|ended| ended.all.contains(app) && !ended.again.contains_key(app))
    }

    /// The first reading that answers for an app that is asked for, where `next` is the one that begins next.
    pub(super) fn answered_since(&self, app: &AppId, next: u64) -> u64 {
        self.with(|ended| {
            let EndedOnes { all, again } = ended;
            let of_ended = all.get(app);
            of_ended.map_or(0, |app| *again.entry(app.clone()).or_insert(next))
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut EndedOnes) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_for_again_is_in_the_next_reading_and_not_before() {
        let ended = EndedApps::default();
        let app: AppId = "42".parse().unwrap();
        assert_eq!((ended.has(&app), ended.answered_since(&app, 3)), (false, 0));
        ended.add(&app);
        assert!(ended.has(&app));
        assert_eq!(ended.answered_since(&app, 3), 3);
        assert!(!ended.has(&app), "the next reading has it");
        assert_eq!(ended.answered_since(&app, 5), 3);
        ended.add(&app);
        assert_eq!(ended.answered_since(&app, 7), 7);
    }
}
