//! Where an app's row stands: in the order of the plan.

use crate::{engine::Job, ids::AppId};

/// The places of a plan's apps, in the order of the ids; what comes before the plan has the place 0.
#[derive(Debug, Clone, Default)]
pub struct Places(Vec<(AppId, u32)>);

impl Places {
    /// Of the apps in this order.
    pub fn of<'a>(apps: impl IntoIterator<Item = &'a AppId>) -> Self {
        let mut places: Vec<_> = apps.into_iter().cloned().zip(1..).collect();
        places.sort_unstable();
        Self(places)
    }

    /// Of the jobs in this order.
    pub fn of_jobs(jobs: &[Job]) -> Self {
        Self::of(jobs.iter().map(|job| &job.app.id))
    }

    /// The place of an app.
    pub fn at(&self, app: &AppId) -> usize {
        let found = self.0.binary_search_by(|(one, _)| one.cmp(app));
        found.map_or(0, |at| self.0[at].1 as usize)
    }
}
