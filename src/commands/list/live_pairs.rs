//! Which pairs of apps have more than one live solution, as far as they were listed.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher as _, RandomState},
};

use crate::{
    graph::{Solution, SolutionRole},
    ids::{AppId, SolutionId},
};

/// The live solutions of each pair of apps, as far as they were listed.
#[derive(Default)]
pub(super) struct LivePairs {
    hasher: RandomState,
    /// The only one of a pair so far: a hash of the pair, and an id that fits. With 64 random bits two pairs of one
    /// list are taken for one less than once in a billion lists, and then a warning is too many.
    first: HashMap<u64, u64>,
    /// The others.
    more: BTreeMap<u64, LivePair>,
}

/// One pair of apps that has more than one, or one whose id is too long for the compact place.
struct LivePair {
    role: SolutionRole,
    owner: AppId,
    partner: AppId,
    ids: Vec<SolutionId>,
}

impl LivePairs {
    /// Notes a solution that is listed, and gives the live ones of its pair that were listed before.
    pub(super) fn add(
        &mut self,
        role: SolutionRole,
        app: &AppId,
        solution: &Solution,
    ) -> Vec<SolutionId> {
        if !solution.status.is_live() {
            return Vec::new();
        }
        // The role says who one of the two is.
        let pair = match role {
            SolutionRole::Partner => solution.owner_app.as_ref().map(|owner| (&owner.id, app)),
            SolutionRole::Owner => {
                let side = solution.partners.iter().flatten().next();
                side.map(|side| (app, &side.app.id))
            }
        };
        let Some((owner, partner)) = pair else {
            return Vec::new();
        };
        let id = &solution.id;
        let key = self.hasher.hash_one((owner.as_str(), partner.as_str()));
        if let Some(pair) = self.more.get_mut(&key) {
            let before = pair.ids.clone();
            if !before.contains(id) {
                pair.ids.push(id.clone());
            }
            return before.into_iter().filter(|other| other != id).collect();
        }
        let number = id.as_str().parse::<u64>().ok();
        let first = self.first.remove(&key);
        let before: Vec<SolutionId> = first
            .filter(|first| number != Some(*first))
            .and_then(|first| first.to_string().parse().ok())
            .into_iter()
            .collect();
        match number {
            Some(number) if before.is_empty() => {
                self.first.insert(key, number);
            }
            _ => {
                let pair = LivePair {
                    role,
                    owner: owner.clone(),
                    partner: partner.clone(),
                    ids: before.iter().chain([id]).cloned().collect(),
                };
                self.more.insert(key, pair);
            }
        }
        before
    }

    /// One for each pair that has more than one. `is_ours`: the list is of our own app.
    pub(super) fn warnings(&self, is_ours: bool) -> impl Iterator<Item = String> {
        let several = self.more.values().filter(|pair| pair.ids.len() > 1);
        several.map(move |pair| {
            let ids: Vec<&str> = pair.ids.iter().map(SolutionId::as_str).collect();
            let LivePair { owner, partner, .. } = pair;
            let command = if is_ours && matches!(pair.role, SolutionRole::Partner) {
                "; mps tidy says what to do about it"
            } else {
                ""
            };
            format!(
                "app {owner} has {} live solutions with app {partner}: {}{command}",
                ids.len(),
                ids.join(", ")
            )
        })
    }
}
