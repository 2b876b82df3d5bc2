//! Where an app's row stands: in the order of the plan.

use std::collections::HashMap;

use crate::{engine::Job, ids::AppId};

/// The places of a plan's apps; what comes before the plan has the place 0.
#[derive(Debug, Clone, Default)]
pub struct Places(HashMap<AppId, usize>);

impl Places {
    /// Of the apps in this order.
    pub fn of<'a>(apps: impl IntoIterator<Item = &'a AppId>) -> Self {
        let numbered = apps.into_iter().zip(1..);
        Self(numbered.map(|(app, place)| (app.clone(), place)).collect())
    }

    /// Of the jobs in this order.
    pub fn of_jobs(jobs: &[Job]) -> Self {
        Self::of(jobs.iter().map(|job| &job.app.id))
    }

    /// The place of an app.
    pub fn at(&self, app: &AppId) -> usize {
        self.0.get(app).copied().unwrap_or(0)
    }
}
