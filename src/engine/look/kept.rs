//! Our side as a run keeps it: what decides, of every solution of ours.
//!
//! The one decision: a run holds this as long as it lives, and twice while it reads it anew, for tens of thousands of
//! solutions. What all of them say alike (who may do what, who the partners are) is held once, and names of apps and ids
//! of invitations, which decide nothing, not at all.

use std::{collections::HashSet, sync::Arc};

use crate::{
    engine::choose,
    graph::{App, Partner, Pending, Solution, Status},
    ids::{AppId, SolutionId},
};

/// Solutions by owner app.
#[derive(Debug, Default)]
pub(super) struct KeptSide {
    /// In the order of their owners once they are all there; each owner's in the order of the listing.
    kept: Vec<KeptSolution>,
    terms: HashSet<Arc<KeptTerms>>,
}

#[derive(Debug)]
struct KeptSolution {
    owner: AppId,
    id: SolutionId,
    name: Box<str>,
    status: Status,
    pending: Pending,
    terms: Arc<KeptTerms>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct KeptTerms {
    owner: Option<Vec<String>>,
    partners: Option<Vec<(AppId, Vec<String>)>>,
}

impl KeptTerms {
    fn of(owner: Option<Vec<String>>, partners: Option<Vec<Partner>>) -> Self {
        let side = |partner: Partner| (partner.app.id, partner.permissions);
        Self {
            owner,
            partners: partners.map(|all| all.into_iter().map(side).collect()),
        }
    }
}

impl KeptSide {
    /// Takes one in.
    pub(super) fn push(&mut self, owner: AppId, solution: Solution) {
        let terms = KeptTerms::of(solution.owner_permissions, solution.partners);
        let terms = if let Some(known) = self.terms.get(&terms) {
            Arc::clone(known)
        } else {
            let new = Arc::new(terms);
            self.terms.insert(Arc::clone(&new));
            new
        };
        self.kept.push(KeptSolution {
            owner,
            id: solution.id,
            name: solution.name.into_boxed_str(),
            status: solution.status,
            pending: solution.pending,
            terms,
        });
    }

    /// All are there.
    pub(super) fn finish(&mut self) {
        self.kept.sort_by(|one, other| one.owner.cmp(&other.owner));
        self.kept.shrink_to_fit();
    }

    /// Live ones whose name `is_wanted`.
    pub(super) fn named(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, SolutionId)> {
        let is_one =
            |kept: &&KeptSolution| choose::may_be_live(&kept.status) && is_wanted(&kept.name);
        let named = |kept: &KeptSolution| (kept.name.to_string(), kept.id.clone());
        self.kept.iter().filter(is_one).map(named).collect()
    }

    /// Those of an owner app.
    pub(super) fn of(&self, owner: &AppId) -> Vec<Solution> {
        let first = self.kept.partition_point(|kept| kept.owner < *owner);
        let here = &self.kept[first..];
        // Counted before: an app under way keeps its own until it ends, and room for four would be a kilobyte of each.
        let many = here.partition_point(|kept| kept.owner == *owner);
        here[..many].iter().map(KeptSolution::solution).collect()
    }
}

impl KeptSolution {
    fn solution(&self) -> Solution {
        let app = |id: &AppId| App {
            id: id.clone(),
            name: String::new(),
            link: None,
        };
        let partner = |(id, permissions): &(AppId, Vec<String>)| Partner {
            app: app(id),
            permissions: permissions.clone(),
            status: None,
            id: None,
        };
        let partners = self.terms.partners.as_ref();
        Solution {
            id: self.id.clone(),
            name: self.name.to_string(),
            status: self.status.clone(),
            pending: self.pending.clone(),
            owner_app: Some(app(&self.owner)),
            owner_permissions: self.terms.owner.clone(),
            partners: partners.map(|all| all.iter().map(partner).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solution(id: u64, owner: u64, permissions: &[&str]) -> Solution {
        let texts = || permissions.iter().map(|text| (*text).to_owned()).collect();
        let app = |id: u64| App {
            id: id.to_string().parse().unwrap(),
            name: String::new(),
            link: None,
        };
        Solution {
            id: id.to_string().parse().unwrap(),
            name: format!("name {id}"),
            status: Status::Active,
            pending: Pending::None,
            owner_app: Some(app(owner)),
            owner_permissions: Some(texts()),
            partners: Some(vec![Partner {
                app: app(9),
                permissions: texts(),
                status: None,
                id: None,
            }]),
        }
    }

    #[test]
    fn what_was_kept_comes_back_by_its_owner_and_what_is_alike_is_held_once() {
        let all: Vec<Solution> = (1..=100_u64)
            .map(|id| solution(id, 1000 + id % 40, if id % 2 == 0 { &["M"] } else { &[] }))
            .collect();
        let mut side = KeptSide::default();
        for solution in &all {
            let owner = solution.owner_app.as_ref().unwrap().id.clone();
            side.push(owner, solution.clone());
        }
        side.finish();
        assert_eq!(side.terms.len(), 2);
        for owner in 999..=1041_u64 {
            let owner: AppId = owner.to_string().parse().unwrap();
            let fits = |one: &&Solution| one.owner_app.as_ref().is_some_and(|app| app.id == owner);
            let expected: Vec<Solution> = all.iter().filter(fits).cloned().collect();
            assert_eq!(side.of(&owner), expected);
        }
    }
}
