//! One row on its own terms: what the run and the plan of `mps resume` share.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
};

use futures_util::stream;

use super::left::Left;
use crate::{
    commands::{Line, Output, rows},
    context::{Sourced, failure::Failure},
    engine::{Engine, Error, Job, Made, Messaging, Policy},
    graph::App,
    ids::AppId,
    journal::Entry,
    secret::SystemToken,
    session::{Needs, token_checker::Purpose},
    ui::emit::Rows,
};

/// What all rows of one `resume` share.
pub(super) struct Run {
    pub(super) engine: Engine,
    pub(super) has_system: bool,
    /// The apps that the user token lists.
    pub(super) listed: HashSet<AppId>,
    /// Meta refused who may send messages.
    pub(super) terms_refused: AtomicBool,
}

impl Run {
    /// One row of the journal to its own goal.
    pub(super) async fn one(&self, entry: Entry) -> (App, Result<Made, Failure>) {
        let job = job(&entry);
        let ended = self.engine(&entry).one(&job).await;
        (
            job.app,
            ended.map_err(|error| self.left(entry, error).failure()),
        )
    }

    /// What is to be said of a row that is left.
    pub(super) fn left(&self, entry: Entry, error: Error) -> Left {
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
    pub(super) fn engine(&self, entry: &Entry) -> Engine {
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
pub(super) fn job(entry: &Entry) -> Job {
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

/// What a resumed run, and its plan, need of a session; the user token comes later, for a dead one stops nothing.
pub(super) fn needs(system: Option<Sourced<SystemToken>>) -> Needs {
    Needs {
        system,
        purpose: Purpose::Onboard,
        ..Needs::default()
    }
}

/// The solutions that the rows have.
pub(super) fn known(entries: &[Entry]) -> rows::KnownSolutions {
    let known = rows::KnownSolutions::default();
    for entry in entries {
        if let Some(solution) = &entry.solution_id {
            known.learn(&entry.key.owner, solution);
        }
    }
    known
}

/// The lines of a run or a plan.
pub(super) fn rows_of(lines: stream::BoxStream<'static, Result<Line, Failure>>) -> Output {
    Output::Rows(Rows::of::<rows::ResumeRecord>(
        lines,
        "Nothing is unfinished.",
    ))
}
