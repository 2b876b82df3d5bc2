//! One row of the journal on its own terms: how `resume` and a watch take up what is open.
//!
//! The one decision: a row is brought to the goal that was written down, with the terms that were, and no further.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
};

use super::left::Left;
use crate::{
    engine::{Engine, Error, Job, Made, Messaging, Policy},
    graph::App,
    ids::AppId,
    journal::Entry,
};

/// What all rows that are taken up share.
pub struct RowRun {
    /// The engine, on whose terms no row is worked on.
    pub engine: Engine,
    /// A system token is at hand.
    pub has_system: bool,
    /// The apps that the user token lists.
    pub listed: HashSet<AppId>,
    /// Meta refused who may send messages.
    pub terms_refused: AtomicBool,
}

impl RowRun {
    /// One row of the journal to its own goal.
    pub async fn one(&self, entry: Entry) -> (App, Result<Made, Left>) {
        let job = job(&entry);
        let ended = self.engine(&entry).one(&job).await;
        (job.app, ended.map_err(|error| self.left(entry, error)))
    }

    /// What is to be said of a row that is left.
    pub fn left(&self, entry: Entry, error: Error) -> Left {
        if let Error::Graph(error) = &error
            && error.messaging_refused()
        {
            self.terms_refused.store(true, Ordering::SeqCst);
        }
        let has_user = self.listed.contains(&entry.key.owner);
        Left {
            can_look: has_user || self.has_system,
            terms_refused: self.terms_refused.load(Ordering::SeqCst),
            entry,
            error,
        }
    }

    /// The engine on the terms of the row, not on those of today's options.
    pub fn engine(&self, entry: &Entry) -> Engine {
        let mut engine = self.engine.clone();
        engine.policy = Policy {
            goal: entry.goal,
            messaging: Messaging::from_word(&entry.messaging).unwrap_or_default(),
            allow_duplicate: entry.key.name.is_some(),
            resuming: true,
            rejects_surplus: true,
            ..engine.policy
        };
        engine.actor.link_label.clone_from(&entry.link_label);
        if !self.listed.contains(&entry.key.owner) {
            engine.user = None;
            engine.actor.user_id = None;
            engine.actor.scopes.clear();
        }
        engine
    }
}

/// What a row is about.
pub fn job(entry: &Entry) -> Job {
    let name = entry.key.name.as_ref().unwrap_or(&entry.solution_name);
    Job {
        app: App {
            id: entry.key.owner.clone(),
            name: entry.owner_name.clone(),
            link: None,
        },
        name: name.clone(),
    }
}
