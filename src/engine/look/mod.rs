//! The look: which solutions with our app an owner app already has.
//!
//! The one decision: two sides can be asked, and they are not worth the same. Our own app's side (system token,
//! `role=PARTNER`) holds every solution that has us as partner; it is read once for all apps of a run, to its end.
//! The owner app's side (user token) is a call per app, may be refused or silently short (graph-api.md, 7.2), and
//! can find what ours hides. An item that does not say whose it is is read by its id before anything is decided.

mod ended;
mod kept;
mod names;
mod owner;
mod owners;
mod shared;
mod sightings;
mod survey;

use std::{collections::HashMap, pin::pin, sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt, TryStreamExt, stream};

pub use self::survey::Survey;
use self::{
    kept::KeptSide,
    owners::OwnerSide,
    shared::{Came, Whole},
    survey::OurSide,
};
use super::{
    choose,
    facts::{Listing, Side},
    policy::PLAN_ASKS_MOST,
    turns::{Turn, Turns},
};
use crate::{
    graph::{self, Graph, Solution, SolutionRole, Token},
    ids::{AppId, SolutionId},
    secret::{SystemToken, UserToken},
};

/// Readings by id that may be under way at once for a listing that does not say whose its items are.
const READS_AT_ONCE: usize = 8;

/// Who can look.
#[derive(Clone, Copy)]
pub struct Looker<'a> {
    /// The client.
    pub graph: &'a Graph,
    /// Our app.
    pub partner: &'a AppId,
    /// Reads the owner app's side.
    pub user: Option<&'a UserToken>,
    /// Reads our own side.
    pub system: Option<&'a SystemToken>,
    /// Where a reading of our side waits for its turn, where calls have one. Whoever waits for another's keeps none.
    pub turns: Option<&'a Turns>,
}

impl Looker<'_> {
    /// Our side, not older than `after`: read once for all who want it.
    pub(crate) async fn ours(
        &self,
        survey: &Survey,
        owner: &AppId,
        after: Duration,
    ) -> (Side, Option<Box<graph::Error>>) {
        let Some(system) = self.system else {
            return (Side::NoToken, None);
        };
        let young = |ours: &OurSide| ours.begun >= after;
        if let Some(ours) = survey.ours_for(owner).filter(young) {
            return ours.of(owner);
        }
        let _one = survey.0.ours.reading.lock().await;
        if let Some(ours) = survey.ours_for(owner).filter(young) {
            return ours.of(owner);
        }
        let _turn = self.turn().await;
        let reading = async {
            match self.whole(system, survey).await {
                Ok(whole) => Came::Whole(Arc::new(whole)),
                Err(error) if owner::is_refusal(&error) => Came::Refused(Some(Box::new(error))),
                Err(error) => Came::Failed(Box::new(error)),
            }
        };
        let read = survey.0.ours.read(survey.0.taker, reading).await;
        survey.dated(read).of(owner)
    }

    /// A solution that was accepted a moment ago, as a listing of our side that began after `after` shows it; none where it shows
    /// nothing of it, or broke off. To be waited for by those who seek theirs, whom one reading serves.
    pub(crate) async fn sighting(
        &self,
        survey: &Survey,
        owner: &AppId,
        id: &SolutionId,
        after: Duration,
    ) -> Option<Solution> {
        let system = self.system?;
        let own = |items: Vec<Solution>| items.into_iter().find(|item| item.id == *id);
        let known = || {
            let ours = survey.ours_for(owner).filter(|ours| ours.begun >= after);
            match ours.map(|ours| ours.of(owner).0) {
                Some(Side::Complete(listing)) => Some(listing.items),
                _ => survey.0.sightings.of(owner, id, after),
            }
        };
        if let Some(known) = known() {
            return own(known);
        }
        let _one = survey.0.ours.reading.lock().await;
        if let Some(known) = known() {
            return own(known);
        }
        let _turn = self.turn().await;
        // It may have been sought by a reading that another one has followed since.
        survey.seek(id);
        let mut reading = survey.0.sightings.begin(survey.clock());
        let mut listing = pin!(self.listing(system));
        // Of one that breaks off what it showed is as good; the others are read by their ids.
        while let Ok(Some(solution)) = listing.try_next().await {
            if !reading.takes(solution) {
                break;
            }
        }
        survey.0.sightings.end(reading);
        known().and_then(own)
    }

    /// Our whole side, by owner app; what nobody attributes is not in it.
    pub async fn our_side(
        &self,
        survey: &Survey,
    ) -> Result<Vec<(AppId, Vec<Solution>)>, graph::Error> {
        let Some(system) = self.system else {
            return Ok(Vec::new());
        };
        let _one = survey.0.ours.reading.lock().await;
        let _turn = self.turn().await;
        let mut by_owner: HashMap<AppId, Vec<Solution>> = HashMap::new();
        let keep = |owner, solution| by_owner.entry(owner).or_default().push(solution);
        self.read_side(system, keep).await?;
        Ok(by_owner.into_iter().collect())
    }

    /// The turn of a reading, to be taken by who holds [`shared::SharedSide::reading`] and never before: whoever waited for that
    /// with a turn in hand would keep it from the one who reads.
    async fn turn(&self) -> Option<Turn> {
        match self.turns {
            Some(turns) => Some(turns.take().await),
            None => None,
        }
    }

    /// Reads our side for those who will want it.
    pub(crate) async fn read_ours(&self, survey: &Survey) {
        self.ours(survey, self.partner, Duration::ZERO).await;
    }

    /// Reads an owner's side for those who will want it.
    pub(crate) async fn read_owner(&self, survey: &Survey, owner: &AppId) {
        self.owner(survey, owner, Duration::ZERO).await;
    }

    /// What an app has with us, on the side that answers; none where Meta refuses both.
    pub async fn listed(&self, survey: &Survey, owner: &AppId) -> Option<Vec<Solution>> {
        if let (Side::Complete(listing), _) = self.ours(survey, owner, Duration::ZERO).await {
            return Some(listing.items);
        }
        match self.owner(survey, owner, Duration::ZERO).await {
            (Side::Complete(listing), _) => Some(listing.items),
            _ => None,
        }
    }

    /// Reads our side for the run.
    async fn whole(&self, system: &SystemToken, survey: &Survey) -> Result<Whole, graph::Error> {
        let mut side = KeptSide::default();
        let keep = |owner, solution| {
            if !survey.leaves_out(&owner) {
                side.push(owner, solution);
            }
        };
        let (count, unattributed) = self.read_side(system, keep).await?;
        side.finish();
        Ok(Whole {
            side,
            unattributed,
            count,
        })
    }

    /// What Meta lists on our side, a page when it is needed.
    fn listing(
        &self,
        system: &SystemToken,
    ) -> impl Stream<Item = Result<Solution, graph::Error>> + use<> {
        let token = Token::System(system);
        self.graph
            .solutions(token, self.partner, SolutionRole::Partner)
    }

    /// Reads our side to its end, however long: how many there are, and live ones of which nobody says whose they are.
    async fn read_side(
        &self,
        system: &SystemToken,
        mut keep: impl FnMut(AppId, Solution),
    ) -> Result<(usize, Vec<SolutionId>), graph::Error> {
        let token = Token::System(system);
        let (mut count, mut unsaid) = (0, Vec::new());
        let mut unattributed = Vec::new();
        let mut listing = pin!(self.listing(system));
        while let Some(solution) = listing.try_next().await? {
            count += 1;
            match &solution.owner_app {
                Some(owner) => keep(owner.id.clone(), solution),
                None => unsaid.push(solution),
            }
        }
        let reads = stream::iter(unsaid).map(|listed| async move {
            let read = self.graph.solution(token, &listed.id).await;
            (listed, read)
        });
        let mut reads = pin!(reads.buffered(READS_AT_ONCE));
        while let Some((listed, read)) = reads.next().await {
            match read {
                Ok(read) if read.id == listed.id && read.owner_app.is_some() => {
                    let owner = read.owner_app.as_ref().map(|app| app.id.clone());
                    if let Some(owner) = owner {
                        keep(owner, read);
                    }
                }
                Ok(_) => unattributed.extend(unsaid_live(listed)),
                Err(error) if error.refused_to_look() || owner::is_refusal(&error) => {
                    unattributed.extend(unsaid_live(listed));
                }
                Err(error) => return Err(error),
            }
        }
        Ok((count, unattributed))
    }

    /// Whether a plan leaves an owner's side that was not read yet to its run, since our side says what there is: it is `late`, or
    /// has asked enough of them. It is counted.
    pub(crate) fn leaves_owner(&self, survey: &Survey, owner: &AppId, late: bool) -> bool {
        let leaves = self.user.is_some()
            && (late || survey.0.owners.kept() >= PLAN_ASKS_MOST)
            && survey.known(owner).complete().is_some()
            && survey.0.owners.get(owner).is_none();
        if leaves {
            survey.0.owners.leave();
        }
        leaves
    }

    /// The owner's side, not older than `after`: only what has us as partner.
    pub(crate) async fn owner(
        &self,
        survey: &Survey,
        owner: &AppId,
        after: Duration,
    ) -> (Side, Option<Box<graph::Error>>) {
        let Some(user) = self.user else {
            return (Side::NoToken, None);
        };
        // Who takes a look of any age takes one that failed, too: it was tried as often as is worth it.
        if let Some(read) = survey.0.owners.get(owner)
            && read.begun >= after
            && (read.side.is_settled() || after.is_zero())
        {
            return (read.side, read.error);
        }
        let begun = survey.clock();
        let (side, error) = match owner::theirs(self.graph, self.partner, user, owner).await {
            Ok((mut items, unattributed)) => {
                items.shrink_to_fit();
                let listing = Listing {
                    begun,
                    answered: survey.clock(),
                    items,
                    unattributed,
                };
                (Side::Complete(listing), None)
            }
            Err(error) if owner::is_refusal(&error) => (Side::Refused, Some(Box::new(error))),
            Err(error) => (Side::Failed, Some(Box::new(error))),
        };
        let read = OwnerSide {
            begun,
            side: side.clone(),
            error: error.clone(),
        };
        survey.0.owners.keep(owner.clone(), read);
        (side, error)
    }
}

/// One of which nobody says whose it is; only a live one matters.
fn unsaid_live(listed: Solution) -> Option<SolutionId> {
    choose::may_be_live(&listed.status).then_some(listed.id)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::poll;

    use super::*;
    use crate::{
        graph::{ApiVersion, BaseUrl, ClientConfig, Pace, Proxies},
        redact::Redactor,
    };

    #[tokio::test]
    async fn whoever_waits_for_a_reading_keeps_no_turn_from_the_one_who_reads() {
        let graph = Graph::new(ClientConfig {
            base: BaseUrl::default(),
            version: ApiVersion::default(),
            ca_file: None,
            proxies: Proxies::default(),
            app_secret: None,
            redactor: Redactor::default(),
            wait_quota: None,
            observer: Arc::new(()),
            pace: Pace::default(),
            stop: None,
        })
        .unwrap();
        let system = SystemToken::parse("EAASYSTEMsystem0123456789").unwrap();
        let (partner, turns, survey) = ("1".parse().unwrap(), Turns::new(1), Survey::default());
        let looker = Looker {
            graph: &graph,
            partner: &partner,
            user: None,
            system: Some(&system),
            turns: Some(&turns),
        };
        let _reads = survey.0.ours.reading.lock().await;
        let mut whole = pin!(looker.our_side(&survey));
        let mut one = pin!(looker.ours(&survey, &partner, Duration::ZERO));
        assert!(poll!(whole.as_mut()).is_pending() && poll!(one.as_mut()).is_pending());
        assert!(poll!(pin!(turns.take())).is_ready(), "the turn is free");
    }
}
