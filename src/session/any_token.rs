//! A token of which only the call knows whose it is.

use futures_util::StreamExt as _;

use super::token_checker::{Purpose, TokenChecker};
use crate::{
    context::{Context, Sourced, failure::Failure, missing, settings},
    exit::Kind,
    graph::{Graph, SolutionRole, Token},
    ids::AppId,
    secret::{SystemToken, UserToken},
};

/// Whichever token is used.
pub enum AnyToken {
    /// Ours.
    System(SystemToken),
    /// The Tech Provider's.
    User(UserToken),
}

impl AnyToken {
    /// For a call.
    pub fn as_token(&self) -> Token<'_> {
        match self {
            Self::System(token) => Token::System(token),
            Self::User(token) => Token::User(token),
        }
    }
}

/// A list of an app's solutions.
#[derive(Clone, Copy)]
pub struct SolutionListing<'a> {
    /// The app.
    pub app: &'a AppId,
    /// Its role.
    pub role: SolutionRole,
}

/// The token that may read a list: ours, for our app; for another one the Tech Provider's, whose app it is, and ours
/// where theirs may not.
pub async fn that_may_list(
    ctx: &Context,
    graph: &Graph,
    (system, user): (Option<Sourced<SystemToken>>, Option<Sourced<UserToken>>),
    listing: SolutionListing<'_>,
) -> Result<AnyToken, Failure> {
    let partner = ctx.partner_if_known()?;
    let is_ours = partner.as_ref().is_none_or(|ours| ours == listing.app);
    let system = system.map(|system| AnyToken::System(system.token));
    let user = user.map(|user| AnyToken::User(user.token));
    let (first, second) = match (system, user) {
        (Some(system), Some(user)) if !is_ours => (user, system),
        (Some(token), _) | (None, Some(token)) => {
            check(ctx, graph, &token, partner.as_ref()).await?;
            return Ok(token);
        }
        (None, None) => {
            let remedy = "it reads the solutions of our app";
            return Err(missing(settings::SYSTEM_TOKEN, remedy));
        }
    };
    let Err(of_theirs) = may_list(ctx, graph, &first, partner.as_ref(), listing).await else {
        return Ok(first);
    };
    match may_list(ctx, graph, &second, partner.as_ref(), listing).await {
        Ok(()) => {
            let why = of_theirs.line();
            ctx.ui.status(&format!(
                "The system token is used, since the user token may not: {why}"
            ));
            Ok(second)
        }
        Err(of_ours) => {
            Err(of_theirs.because(format!("with the system token: {}", of_ours.line())))
        }
    }
}

/// Whether Meta shows the list to this token. What is not about the token is told by the list itself.
async fn may_list(
    ctx: &Context,
    graph: &Graph,
    token: &AnyToken,
    partner: Option<&AppId>,
    listing: SolutionListing<'_>,
) -> Result<(), Failure> {
    check(ctx, graph, token, partner).await?;
    let mut rows = graph.solutions(token.as_token(), listing.app, listing.role);
    match rows.next().await {
        Some(Err(error)) if error.refused_to_look() || error.kind() == Kind::Auth => {
            Err(error.into())
        }
        _ => Ok(()),
    }
}

/// Checks the token before it is used, as far as our app is known.
async fn check(
    ctx: &Context,
    graph: &Graph,
    token: &AnyToken,
    partner: Option<&AppId>,
) -> Result<(), Failure> {
    let Some(partner) = partner else {
        return Ok(());
    };
    let checker = TokenChecker {
        graph,
        partner,
        secret: ctx.app_secret()?,
        system: None,
        any_scope: false,
    };
    match token {
        AnyToken::System(token) => {
            let checked = checker.system(token, Purpose::Step, &mut None).await?;
            if let Some(warning) = checked.warning() {
                ctx.ui.warning(&warning);
            }
        }
        AnyToken::User(token) => checker.user(token, None).await?.tell(&ctx.ui),
    }
    Ok(())
}
