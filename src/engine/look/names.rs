//! Which names are taken already.
//!
//! Two solutions may have one name, so it decides nothing; people who choose by it in Meta's dashboard would mix them up.

use std::sync::PoisonError;

use super::{Came, Survey};
use crate::{engine::choose, engine::facts::Side, ids::SolutionId};

impl Survey {
    /// What is live of what this run has seen, on whichever side, and has a name that `is_wanted`; each once.
    pub fn named(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, SolutionId)> {
        let mut named = match self.ours().map(|ours| ours.came) {
            Some(Came::Whole(whole)) => whole.side.named(&is_wanted),
            _ => Vec::new(),
        };
        let owners = self.0.owners.lock().unwrap_or_else(PoisonError::into_inner);
        for read in owners.values() {
            if let Side::Complete(listing) = &read.side {
                let live = listing
                    .items
                    .iter()
                    .filter(|item| choose::may_be_live(&item.status) && is_wanted(&item.name));
                named.extend(live.map(|item| (item.name.clone(), item.id.clone())));
            }
        }
        named.sort();
        named.dedup();
        named
    }
}
