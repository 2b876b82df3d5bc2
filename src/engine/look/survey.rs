//! What a run has read so far, for all its apps.
//!
//! The one decision: nobody asks Meta here. What is kept answers for an app as long as nothing speaks against it, and is let go when
//! the app has ended.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{
    ended::EndedApps,
    owners::{OwnerSides, OwnersRead},
    shared::{Came, SharedSide, SideReading, Taker},
    sightings::Sightings,
};
use crate::{
    engine::{
        facts::{Listing, Side},
        time::RunClock,
    },
    graph::{self, Solution},
    ids::{AppId, SolutionId},
};

/// Solutions per page of a listing, Meta's maximum.
const PAGE: usize = 100;

/// What was read in this run, for all its apps. A clone is the same one.
#[derive(Debug, Clone, Default)]
pub struct Survey(pub(super) Arc<SurveyShared>);

#[derive(Debug, Default)]
pub(super) struct SurveyShared {
    pub(super) clock: RunClock,
    pub(super) ours: Arc<SharedSide>,
    pub(super) taker: Taker,
    pub(super) owners: OwnerSides,
    pub(super) sightings: Sightings,
    ended: EndedApps,
    /// Apps of which the operator was told that a clock was set.
    clock_told: Mutex<HashSet<AppId>>,
}

/// What reading our own side came to.
#[derive(Debug, Clone)]
pub(super) struct OurSide {
    pub(super) begun: Duration,
    answered: Duration,
    pub(super) came: Came,
}

impl Survey {
    /// One for somebody who begins now, beside this one: what it knows is its own, and our side is read for both at
    /// once, where the reading begins later than now.
    pub(crate) fn beside(&self) -> Self {
        let ours = Arc::clone(&self.0.ours);
        Self(Arc::new(SurveyShared {
            taker: ours.taker(),
            ours,
            ..SurveyShared::default()
        }))
    }

    /// The clock that its times are of.
    pub(crate) fn clock(&self) -> Duration {
        self.0.clock.now()
    }

    /// Whether the operator has not been told yet that a clock was set when this app's create was sent.
    pub(crate) fn is_first_of(&self, owner: &AppId) -> bool {
        let mut told = self
            .0
            .clock_told
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        told.insert(owner.clone())
    }

    /// How many calls it takes to read our side.
    pub(crate) fn pages(&self) -> usize {
        match self.ours() {
            Some(OurSide {
                came: Came::Whole(whole),
                ..
            }) => whole.count / PAGE + 1,
            _ => 1,
        }
    }

    pub(super) fn ours(&self) -> Option<OurSide> {
        Some(self.dated(self.0.ours.last(self.0.taker)?))
    }

    /// The last reading of our side, where it answers for this app.
    pub(super) fn ours_for(&self, owner: &AppId) -> Option<OurSide> {
        let since = self.0.ended.answered_since(owner, self.0.ours.next());
        let last = self.0.ours.last(self.0.taker)?;
        last.is_since(since).then(|| self.dated(last))
    }

    /// A reading, by the clock of this one.
    pub(super) fn dated(&self, read: SideReading) -> OurSide {
        OurSide {
            begun: self.0.clock.at(&read.begun),
            answered: self.0.clock.at(&read.answered),
            came: read.came,
        }
    }

    /// What the last listing of our side shows of an app.
    pub(crate) fn known(&self, owner: &AppId) -> Side {
        let ours = self.ours_for(owner);
        ours.map_or(Side::NotAsked, |ours| ours.of(owner).0)
    }

    /// What this run has seen of an app, on both sides.
    pub(crate) fn seen(&self, owner: &AppId) -> Vec<Solution> {
        let theirs = self.0.owners.get(owner).map(|read| read.side);
        let mut seen: Vec<Solution> = Vec::new();
        for side in [Some(self.known(owner)), theirs].into_iter().flatten() {
            if let Side::Complete(listing) = side {
                seen.extend(listing.items);
            }
        }
        seen
    }

    /// A solution was accepted, and is to be read back by the next listing.
    pub(crate) fn seek(&self, id: &SolutionId) {
        self.0.sightings.seek(id);
    }

    /// It is read in another way.
    pub(crate) fn seek_no_more(&self, id: &SolutionId) {
        self.0.sightings.leave(id);
    }

    /// An app has ended: what was read for it is let go, and our side is not kept of it.
    pub(crate) fn ended(&self, owner: &AppId) {
        self.0.owners.forget(owner);
        self.0.ended.add(owner);
    }

    /// Whether a reading of our side leaves an app out: it has ended, and nobody else takes what is read.
    pub(super) fn leaves_out(&self, owner: &AppId) -> bool {
        self.0.ours.is_for_one() && self.0.ended.has(owner)
    }

    /// Which listings could be read, in words.
    pub fn in_words(&self) -> String {
        let OwnersRead {
            complete: theirs,
            refused,
            left,
        } = self.0.owners.were_read();
        let ours = matches!(
            self.ours(),
            Some(OurSide {
                came: Came::Whole(_),
                ..
            })
        );
        let words = match (ours, theirs, refused) {
            (true, true, _) => "our app's side and the Tech Provider's side",
            (true, false, true) => "our app's side (Meta refuses the Tech Provider's token theirs)",
            (true, false, false) => "our app's side",
            (false, _, _) => "the Tech Provider's side alone, whose emptiness proves nothing",
        };
        match left {
            0 => words.to_owned(),
            left => format!("{words}; for {left} apps theirs is read when it is their turn"),
        }
    }
}

impl OurSide {
    /// What it shows of an app, and why it shows nothing.
    pub(super) fn of(&self, owner: &AppId) -> (Side, Option<Box<graph::Error>>) {
        match &self.came {
            Came::Whole(whole) => {
                let listing = Listing {
                    begun: self.begun,
                    answered: self.answered,
                    items: whole.side.of(owner),
                    unattributed: whole.unattributed.clone(),
                };
                (Side::Complete(listing), None)
            }
            Came::Refused(error) => (Side::Refused, error.clone()),
            Came::Failed(error) => (Side::Failed, Some(error.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reading_says_nothing_of_an_app_that_ended_before_it() {
        let survey = Survey::default();
        let owner: AppId = "42".parse().unwrap();
        let reads = async || {
            let whole = Came::Whole(Arc::default());
            survey.0.ours.read(survey.0.taker, async { whole }).await;
        };
        let is_known = || survey.known(&owner).complete().is_some();
        reads().await;
        assert!(is_known() && !survey.leaves_out(&owner));
        survey.ended(&owner);
        assert!(survey.leaves_out(&owner));
        reads().await;
        assert!(!is_known(), "that reading left it out");
        assert!(!survey.leaves_out(&owner), "the next one does not");
        reads().await;
        assert!(is_known());
        survey.ended(&owner);
        let _another = survey.beside();
        assert!(!survey.leaves_out(&owner), "another run takes it too");
    }
}
