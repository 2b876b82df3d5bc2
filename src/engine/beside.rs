//! Work for several at the same time.
//!
//! The one decision: the calls that may be under way are bounded together, and our side is read once for all who wait for
//! it; what was read before, who acts and what has ended a run is each one's own, for a watch lives for days and its
//! visitors know nothing of each other.

use std::sync::Arc;

use super::{Actor, Engine, Listener, Policy, admission::AppLimit, batch::Batch, turn};
use crate::{
    graph::{self, Solution},
    ids::AppId,
    secret::UserToken,
};

impl Engine {
    /// The tools for somebody else at the same time: calls are bounded together and go round, all else is their own.
    #[must_use]
    pub fn beside(
        &self,
        user: Option<UserToken>,
        actor: Actor,
        policy: Policy,
        tell: Listener,
    ) -> Self {
        let turns = self.turns.another();
        Self {
            user,
            actor,
            policy,
            tell,
            halt: Arc::default(),
            survey: self.survey.beside(),
            admission: Arc::new(AppLimit::new(turns.at_once())),
            turns,
            batch: Batch::default(),
            ..self.clone()
        }
    }

    /// Does this as one of the calls that may be under way at once; no reading of our side, which takes its own turn.
    pub async fn in_turn<T>(&self, work: impl Future<Output = T>) -> T {
        let _turn = turn::any(self).await;
        work.await
    }

    /// Our whole side as it is now, by owner app.
    pub async fn our_side(&self) -> Result<Vec<(AppId, Vec<Solution>)>, graph::Error> {
        self.looker().our_side(&self.survey).await
    }
}
