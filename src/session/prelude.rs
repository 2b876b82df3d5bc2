//! The calls that come before a plan: each leaves at once that needs no answer of another one.
//!
//! The one decision: what is asked early is what the run would ask in any case. Our side costs a call per page of it, so
//! for one app it is read early only where the journal does not name its solution, which one small call reads.

use std::sync::{Mutex, PoisonError};

use futures_util::TryStreamExt as _;
use jiff::Timestamp;

use super::{
    ahead::Ahead,
    checked_token::CheckedUser,
    token_checker::{CheckError, TokenChecker},
};
use crate::{
    context::{Context, failure::Failure},
    engine::{
        Policy, ReadRows,
        look::{Looker, Survey},
    },
    graph::{self, App, Graph, Token},
    ids::AppId,
    journal::{Entry, State},
    secret::{AppSecret, SystemToken, UserToken},
};

/// Which listings a command is going to need, so that they are read beside the checks.
#[derive(Debug, Clone, Default)]
pub struct Listings {
    /// The apps that the user token lists.
    pub apps: bool,
    /// Our side.
    pub ours: bool,
    /// The sides of these owner apps.
    pub owners: Vec<AppId>,
}

impl Listings {
    /// Those that the plan for apps needs; `named` are the apps, where they were named.
    pub fn of(
        ctx: &Context,
        policy: &Policy,
        partner: &AppId,
        named: &[AppId],
    ) -> Result<Self, Failure> {
        let mut listings = Self {
            apps: true,
            ours: policy.look,
            owners: Vec::new(),
        };
        if let ([one], true) = (named, policy.look) {
            // A journal that cannot be read is told by whoever needs it.
            let rows = rows(ctx, ctx.base_url()?.host_label()).unwrap_or_default();
            let mut known = rows
                .iter()
                .filter(|row| row.key.owner == *one && row.key.partner == *partner);
            listings.ours = known.all(|row| {
                row.solution_id.is_none() && !matches!(row.state, State::Sent | State::Unknown)
            });
            listings.owners = named.iter().filter(|_| listings.ours).cloned().collect();
        }
        Ok(listings)
    }
}

/// What the journal has on this host, read without making one.
pub fn rows(ctx: &Context, host: &str) -> Result<Vec<Entry>, Failure> {
    Ok(rows_and_clock(ctx, host)?.0)
}

/// The same, and what time it is by the journal.
pub fn rows_and_clock(ctx: &Context, host: &str) -> Result<(Vec<Entry>, Timestamp), Failure> {
    let Some(reader) = ctx.journal_reader()? else {
        return Ok((Vec::new(), Timestamp::now()));
    };
    let rows = reader.entries(Some(host))?;
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    Ok((rows, reader.now()))
}

/// The same for an engine that only plans.
pub fn read_rows(ctx: &Context, host: &str) -> Result<ReadRows, Failure> {
    let (rows, now) = rows_and_clock(ctx, host)?;
    Ok(ReadRows::of(rows).read_at(now))
}

/// The reading of listings that is under way; what is read stands in the session's [`Survey`].
#[derive(Debug, Default)]
pub(super) struct ListingReads(Mutex<Vec<Ahead<()>>>);

/// Who asks.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) graph: Graph,
    pub(super) partner: AppId,
    pub(super) secret: Option<AppSecret>,
    pub(super) user: Option<UserToken>,
    pub(super) system: Option<SystemToken>,
    pub(super) any_scope: bool,
}

/// The apps of a user token, on their way.
pub(super) type AppsAhead = Ahead<Result<Vec<App>, graph::Error>>;

/// Our app, on its way.
pub(super) type NameAhead = Ahead<Result<App, graph::Error>>;

impl Asker {
    /// Our app, with the token that is likeliest to be allowed.
    pub(super) fn our_app(self) -> Option<NameAhead> {
        if self.user.is_none() && self.system.is_none() {
            return None;
        }
        Some(Ahead::start(async move {
            let token = match (&self.system, &self.user) {
                (Some(system), _) => Token::System(system),
                (None, Some(user)) => Token::User(user),
                (None, None) => std::future::pending().await,
            };
            self.graph.app(token, &self.partner).await
        }))
    }

    /// The check of the user token.
    pub(super) fn check(self) -> Option<Ahead<Result<CheckedUser, CheckError>>> {
        let token = self.user.clone()?;
        Some(Ahead::start(async move {
            let checker = TokenChecker {
                graph: &self.graph,
                partner: &self.partner,
                secret: self.secret.as_ref(),
                system: self.system.as_ref(),
                any_scope: self.any_scope,
            };
            checker.user(&token, None).await
        }))
    }

    /// The apps that the user token lists.
    pub(super) fn apps(self) -> Option<AppsAhead> {
        let token = self.user?;
        Some(Ahead::start(async move {
            self.graph.granted_apps(&token).try_collect().await
        }))
    }

    /// Both sides, as far as they are wanted.
    pub(super) fn sides(&self, wanted: &Listings, survey: &Survey) -> ListingReads {
        let mut under_way = Vec::new();
        if wanted.ours && self.system.is_some() {
            let (asker, survey) = (self.clone(), survey.clone());
            under_way.push(Ahead::start(async move {
                asker.looker().read_ours(&survey).await;
            }));
        }
        for owner in wanted.owners.iter().filter(|_| self.user.is_some()) {
            let (asker, survey, owner) = (self.clone(), survey.clone(), owner.clone());
            under_way.push(Ahead::start(async move {
                asker.looker().read_owner(&survey, &owner).await;
            }));
        }
        ListingReads(Mutex::new(under_way))
    }

    fn looker(&self) -> Looker<'_> {
        Looker {
            graph: &self.graph,
            partner: &self.partner,
            user: self.user.as_ref(),
            system: self.system.as_ref(),
            turns: None,
        }
    }
}

impl ListingReads {
    /// Waits until all of it is there.
    pub(super) async fn done(&self) {
        let under_way = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for ahead in under_way {
            ahead.answer().await;
        }
    }
}
