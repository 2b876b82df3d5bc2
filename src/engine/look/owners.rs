//! Owners' sides as a run keeps them.
//!
//! The one decision: a plan reads them all before the first app begins, and nearly all of them show nothing; so one that shows
//! nothing is two moments, and one whose app has ended is let go.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{
    engine::facts::{Listing, Side},
    graph::{self, Solution},
    ids::AppId,
};

/// What reading an owner's side came to.
#[derive(Debug, Clone)]
pub(super) struct OwnerSide {
    pub(super) begun: Duration,
    pub(super) side: Side,
    pub(super) error: Option<Box<graph::Error>>,
}

/// The latest reading of each owner's side.
#[derive(Debug, Default)]
pub(super) struct OwnerSides(Mutex<KeptOwners>);

#[derive(Debug, Default)]
struct KeptOwners {
    read: HashMap<AppId, KeptOwner>,
    were: OwnersRead,
}

/// What came of asking owners' sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct OwnersRead {
    /// Some could be read.
    pub(super) complete: bool,
    /// Some were refused.
    pub(super) refused: bool,
    /// So many were left to the run.
    pub(super) left: usize,
}

#[derive(Debug)]
enum KeptOwner {
    /// To its end, and nothing was there.
    Nothing { begun: Duration, answered: Duration },
    /// Anything else.
    Read(Box<OwnerSide>),
}

impl OwnerSides {
    /// The latest reading.
    pub(super) fn get(&self, owner: &AppId) -> Option<OwnerSide> {
        self.with(|kept| match kept.read.get(owner)? {
            &KeptOwner::Nothing { begun, answered } => {
                let listing = Listing {
                    begun,
                    answered,
                    ..Listing::default()
                };
                Some(OwnerSide {
                    begun,
                    side: Side::Complete(listing),
                    error: None,
                })
            }
            KeptOwner::Read(read) => Some((**read).clone()),
        })
    }

    /// Keeps a reading.
    pub(super) fn keep(&self, owner: AppId, read: OwnerSide) {
        self.with(|kept| {
            kept.were.complete |= matches!(read.side, Side::Complete(_));
            kept.were.refused |= matches!(read.side, Side::Refused);
            let listed = read.side.complete();
            let empty = listed
                .filter(|listed| listed.items.is_empty() && listed.unattributed.is_empty())
                .map(|listed| KeptOwner::Nothing {
                    begun: listed.begun,
                    answered: listed.answered,
                });
            let read = empty.unwrap_or_else(|| KeptOwner::Read(Box::new(read)));
            kept.read.insert(owner, read);
        });
    }

    /// Shows all that any of them listed.
    pub(super) fn each_item(&self, mut show: impl FnMut(&Solution)) {
        self.with(|kept| {
            for read in kept.read.values() {
                if let KeptOwner::Read(read) = read
                    && let Some(listed) = read.side.complete()
                {
                    listed.items.iter().for_each(&mut show);
                }
            }
        });
    }

    /// Lets go of a reading that nobody asks for any more; whoever does reads anew.
    pub(super) fn forget(&self, owner: &AppId) {
        self.with(|kept| kept.read.remove(owner));
    }

    /// How many are kept.
    pub(super) fn kept(&self) -> usize {
        self.with(|kept| kept.read.len())
    }

    /// One is left to the run.
    pub(super) fn leave(&self) {
        self.with(|kept| kept.were.left += 1);
    }

    /// What came of asking them, over all.
    pub(super) fn were_read(&self) -> OwnersRead {
        self.with(|kept| kept.were)
    }

    fn with<T>(&self, work: impl FnOnce(&mut KeptOwners) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_until_it_is_let_go() {
        let sides = OwnerSides::default();
        let [begun, answered] = [3, 4].map(Duration::from_secs);
        let read = |side, error| OwnerSide { begun, side, error };
        let listing = |unattributed: &[&str]| Listing {
            begun,
            answered,
            items: Vec::new(),
            unattributed: unattributed.iter().map(|id| id.parse().unwrap()).collect(),
        };
        let table = [
            ("1", Side::Complete(listing(&[]))),
            ("2", Side::Complete(listing(&["795"]))),
            ("3", Side::Refused),
        ];
        assert_eq!(sides.were_read(), OwnersRead::default());
        for (owner, side) in table {
            let owner: AppId = owner.parse().unwrap();
            sides.keep(owner.clone(), read(side.clone(), None));
            let kept = sides.get(&owner).unwrap();
            assert_eq!(format!("{:?}", kept.side), format!("{side:?}"));
            assert_eq!((kept.begun, kept.error.is_none()), (begun, true));
            sides.forget(&owner);
            assert!(sides.get(&owner).is_none());
        }
        let were = OwnersRead {
            complete: true,
            refused: true,
            left: 0,
        };
        assert_eq!(sides.were_read(), were, "that it was read stays known");
    }
}
