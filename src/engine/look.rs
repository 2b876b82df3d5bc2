//! The look: which solutions with our app an owner app already has.
//!
//! The one decision: two sides can be asked, and they are not worth the same. Our own app's side (system
//! token, `role=PARTNER`) holds every solution that has us as partner; what is complete there proves
//! absence. The owner app's side (user token) may be refused or silently short (graph-api.md, 7.2), so it
//! can find a solution but its emptiness proves nothing about an unknown outcome.

use std::{
    collections::HashMap,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::TryStreamExt;

use crate::{
    exit::Kind,
    graph::{self, Graph, Solution, SolutionRole, Token},
    ids::AppId,
    secret::{SystemToken, UserToken},
};

/// Solutions per page of a listing, Meta's maximum; for guessing what a listing costs.
const PAGE: usize = 100;

/// Pages of our own side that are always worth reading instead of one call per app.
const CHEAP_PAGES: usize = 20;

/// How long what was read at the start of a run is as good as a look: longer than an app takes, shorter than
/// a quota is waited for.
const FRESH: Duration = Duration::from_secs(120);

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
}

/// What both sides said about one owner app.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// The solutions with us, dead ones too, each once.
    pub ours: Vec<Solution>,
    /// Our own app's side was listed to its end.
    pub our_side: bool,
    /// The owner app's side was listed to its end.
    pub owner_side: bool,
    /// A read that failed for a passing reason: absence is not proven.
    pub failure: Option<Box<graph::Error>>,
}

impl Looked {
    /// Whether what is not here is not there: every side that answers was listed completely, and one of
    /// them is our own.
    pub fn proves_absence(&self) -> bool {
        self.our_side && self.failure.is_none()
    }

    fn add(&mut self, solutions: Vec<Solution>) {
        for solution in solutions {
            if !self.ours.iter().any(|known| known.id == solution.id) {
                self.ours.push(solution);
            }
        }
    }
}

/// Why a look failed.
#[derive(Debug)]
pub enum LookError {
    /// Meta refuses the listing with every token at hand.
    Refused(Box<graph::Error>),
    /// The listings do not say who the partners are.
    Unshown,
    /// Something else went wrong.
    Failed(Box<graph::Error>),
}

/// Our own side, read once at the start of a run, where that is the cheaper way. A clone is cheap.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    by_owner: Option<Read>,
    too_long: bool,
}

/// What was read, and when.
#[derive(Debug, Clone)]
struct Read {
    solutions: Arc<HashMap<AppId, Vec<Solution>>>,
    at: Instant,
}

/// What reading our own side came to.
enum OurSide {
    /// Read to its end.
    Whole(HashMap<AppId, Vec<Solution>>),
    /// More solutions than it was worth.
    TooLong,
    /// Meta does not say who owns them.
    Unshown,
}

impl Survey {
    /// Whether our side was read.
    pub fn is_read(&self) -> bool {
        self.by_owner.is_some()
    }

    /// Whether our side is so long that asking per app costs fewer calls.
    pub fn is_too_long(&self) -> bool {
        self.too_long
    }

    /// What it says about an app; `None` where our side was not read, or too long ago.
    pub fn of(&self, owner: &AppId) -> Option<Looked> {
        self.of_at(owner, Instant::now())
    }

    fn of_at(&self, owner: &AppId, now: Instant) -> Option<Looked> {
        let read = self.by_owner.as_ref()?;
        if now.duration_since(read.at) > FRESH {
            return None;
        }
        let ours = read.solutions.get(owner).cloned().unwrap_or_default();
        Some(Looked {
            ours,
            our_side: true,
            ..Looked::default()
        })
    }
}

/// Whether an error means that this token may not read this listing, so that another side may be tried.
fn is_refusal(error: &graph::Error) -> bool {
    matches!(error.kind(), Kind::Permission | Kind::Input | Kind::Auth)
        && !error.is_unknown_version()
}

impl Looker<'_> {
    /// Reads our own side for these apps, unless it is so long that asking per app costs fewer calls.
    pub async fn survey(&self, owners: &[AppId]) -> Result<Survey, graph::Error> {
        let Some(system) = self.system else {
            return Ok(Survey::default());
        };
        let budget = PAGE
            * if self.user.is_some() {
                owners.len().max(CHEAP_PAGES)
            } else {
                usize::MAX / PAGE
            };
        match self.our_side(system, owners, budget).await {
            Ok(OurSide::Whole(by_owner)) => Ok(Survey {
                by_owner: Some(Read {
                    solutions: Arc::new(by_owner),
                    at: Instant::now(),
                }),
                too_long: false,
            }),
            Ok(OurSide::TooLong) => Ok(Survey {
                by_owner: None,
                too_long: true,
            }),
            Ok(OurSide::Unshown) => Ok(Survey::default()),
            Err(error) if is_refusal(&error) => Ok(Survey::default()),
            Err(error) => Err(error),
        }
    }

    /// Our side's solutions of these owners, unless there are more than `budget` solutions in all.
    async fn our_side(
        &self,
        system: &SystemToken,
        owners: &[AppId],
        budget: usize,
    ) -> Result<OurSide, graph::Error> {
        let mut by_owner: HashMap<AppId, Vec<Solution>> = HashMap::new();
        let mut seen = 0;
        let mut listing = pin!(self.graph.solutions(
            Token::System(system),
            self.partner,
            SolutionRole::Partner
        ));
        while let Some(solution) = listing.try_next().await? {
            seen += 1;
            let Some(owner) = &solution.owner_app else {
                return Ok(OurSide::Unshown);
            };
            if seen > budget {
                return Ok(OurSide::TooLong);
            }
            if owners.contains(&owner.id) {
                by_owner.entry(owner.id.clone()).or_default().push(solution);
            }
        }
        Ok(OurSide::Whole(by_owner))
    }

    /// The owner's side: only what has us as partner. `None` where Meta does not say who the partners are.
    async fn owner_side(
        &self,
        user: &UserToken,
        owner: &AppId,
    ) -> Result<Option<Vec<Solution>>, graph::Error> {
        let token = Token::User(user);
        let mut ours = Vec::new();
        let mut listing = pin!(self.graph.solutions(token, owner, SolutionRole::Owner));
        while let Some(mut solution) = listing.try_next().await? {
            if solution.partners.is_none() {
                match self.graph.partners(token, &solution.id).await {
                    Ok(partners) => solution.partners = Some(partners),
                    Err(error) if is_refusal(&error) => return Ok(None),
                    Err(error) => return Err(error),
                }
            }
            if solution
                .partners
                .iter()
                .flatten()
                .any(|side| side.app.id == *self.partner)
            {
                ours.push(solution);
            }
        }
        Ok(Some(ours))
    }

    /// One app, on the cheapest side that answers: the owner's, else ours.
    pub async fn look(&self, owner: &AppId) -> Result<Looked, LookError> {
        self.ask(owner, false).await
    }

    /// One app, on every side there is; for unknown outcomes and for what is looked at before accepting.
    pub async fn look_everywhere(&self, owner: &AppId) -> Result<Looked, LookError> {
        self.ask(owner, true).await
    }

    async fn ask(&self, owner: &AppId, everywhere: bool) -> Result<Looked, LookError> {
        let mut looked = Looked::default();
        let mut refusal = None;
        let mut failure = None;
        if let Some(user) = self.user {
            match self.owner_side(user, owner).await {
                Ok(Some(ours)) => {
                    looked.add(ours);
                    looked.owner_side = true;
                }
                Ok(None) => {}
                Err(error) if is_refusal(&error) => refusal = Some(error),
                Err(error) => failure = Some(error),
            }
        }
        if let Some(system) = self.system.filter(|_| everywhere || !looked.owner_side) {
            match self
                .our_side(system, std::slice::from_ref(owner), usize::MAX)
                .await
            {
                Ok(OurSide::Whole(mut by_owner)) => {
                    looked.add(by_owner.remove(owner).unwrap_or_default());
                    looked.our_side = true;
                }
                Ok(OurSide::TooLong | OurSide::Unshown) => {}
                Err(error) if is_refusal(&error) => refusal = refusal.or(Some(error)),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        let answered = looked.our_side || looked.owner_side;
        let enough = looked.our_side || (answered && (everywhere || failure.is_none()));
        match (enough, failure, refusal) {
            (true, failure, _) => {
                looked.failure = failure.map(Box::new);
                Ok(looked)
            }
            (false, Some(error), _) => Err(LookError::Failed(Box::new(error))),
            (false, None, Some(error)) => Err(LookError::Refused(Box::new(error))),
            (false, None, None) => Err(LookError::Unshown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_long_ago_is_no_look() {
        let owner: AppId = "1".parse().unwrap();
        let at = Instant::now();
        let survey = Survey {
            by_owner: Some(Read {
                solutions: Arc::default(),
                at,
            }),
            too_long: false,
        };
        assert!(
            survey
                .of_at(&owner, at)
                .is_some_and(|looked| looked.our_side)
        );
        assert!(survey.of_at(&owner, at + FRESH).is_some());
        assert!(survey.of_at(&owner, at + FRESH * 2).is_none());
        assert!(survey.is_read(), "so that nobody calls it too long");
    }
}
