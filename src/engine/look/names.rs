//! Which names are taken already.
//!
//! Two solutions may have one name, so it decides nothing; people who choose by it in Meta's dashboard would mix them up.

use super::{shared::Came, survey::Survey};
use crate::{engine::choose, ids::SolutionId};

impl Survey {
    /// What is live of what this run has seen, on whichever side, and has a name that `is_wanted`; each once.
    pub fn named(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, SolutionId)> {
        let mut named = match self.ours().map(|ours| ours.came) {
            Some(Came::Whole(whole)) => whole.side.named(&is_wanted),
            _ => Vec::new(),
        };
        self.0.owners.each_item(|item| {
            if choose::may_be_live(&item.status) && is_wanted(&item.name) {
                named.push((item.name.clone(), item.id.clone()));
            }
        });
        named.sort();
        named.dedup();
        named
    }
}
