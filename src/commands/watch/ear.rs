//! Who hears webhooks for a watch, and what was heard.

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    context::{Context, failure::Failure},
    ids::SolutionId,
    session::inbox::Inbox,
    sign_in::Reception,
    webhooks,
};

/// What hears webhooks.
pub(super) struct Ear {
    pub(super) inbox: Inbox,
    /// What came before is of no concern: the first look sees it.
    pub(super) begun: i64,
    /// This watch takes them in itself, so they are to be expected.
    has_door: bool,
    heard: Mutex<HashSet<SolutionId>>,
    said: AtomicBool,
}

impl Ear {
    pub(super) async fn of(inbox: Inbox, has_door: bool) -> Result<Self, Failure> {
        Ok(Self {
            begun: inbox.store.newest().await?,
            inbox,
            has_door,
            heard: Mutex::default(),
            said: AtomicBool::new(false),
        })
    }

    /// These were told of.
    pub(super) fn note(&self, solutions: &[SolutionId]) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.extend(solutions.iter().cloned());
    }

    fn has_heard_of(&self, solution: &SolutionId) -> bool {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.contains(solution)
    }

    /// Says where they come in.
    pub(super) fn announce(&self, ctx: &Context, reception: &Reception) {
        if self.has_door {
            ctx.ui.status(&format!(
                "Webhooks come in at {}{}",
                reception.url(),
                webhooks::PATH
            ));
        }
    }

    /// A look found this request: says it, once, if webhooks should have told of it.
    pub(super) fn say_if_unheard(&self, ctx: &Context, solution: &SolutionId) {
        if self.has_door && !self.has_heard_of(solution) && !self.said.swap(true, Ordering::Relaxed)
        {
            ctx.ui.warning(&format!(
                "no webhook told of solution {solution}, which a look at our side found: see what Meta is told to send \
                 here with mps listen --subscribe; an app in development mode gets few webhooks"
            ));
        }
    }
}
