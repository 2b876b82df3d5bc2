//! The owner app's side, and who the partners are where a listing leaves them out.

use std::pin::pin;

use futures_util::TryStreamExt as _;

use crate::{
    engine::choose,
    exit::Kind,
    graph::{self, App, Graph, Solution, SolutionRole, Token},
    ids::{AppId, SolutionId},
    secret::UserToken,
};

/// Whether an error means that this token may not read this listing, so that another side may be tried.
pub(super) fn is_refusal(error: &graph::Error) -> bool {
    matches!(error.kind(), Kind::Permission | Kind::Input | Kind::Auth)
        && error.code().is_some()
        && !error.is_unknown_version()
}

/// What the owner's side shows that has us as partner, and live ones of which nobody says whose partners
/// they have.
pub(super) async fn theirs(
    graph: &Graph,
    partner: &AppId,
    user: &UserToken,
    owner: &AppId,
) -> Result<(Vec<Solution>, Vec<SolutionId>), graph::Error> {
    let token = Token::User(user);
    let (mut ours, mut unsaid) = (Vec::new(), Vec::new());
    let mut listing = pin!(graph.solutions(token, owner, SolutionRole::Owner));
    while let Some(mut solution) = listing.try_next().await? {
        // The role proves the owner.
        solution.owner_app.get_or_insert_with(|| App {
            id: owner.clone(),
            name: String::new(),
            link: None,
        });
        let says = solution
            .partners
            .as_ref()
            .is_some_and(|sides| !sides.is_empty());
        if !says && choose::may_be_live(&solution.status) {
            if let Some(read) = partners_of(graph, token, &solution.id).await? {
                solution.partners = Some(read);
            } else {
                unsaid.push(solution.id);
                continue;
            }
        }
        if solution.has_partner(partner) == Some(true) {
            ours.push(solution);
        }
    }
    Ok((ours, unsaid))
}

/// Who the partners are, by the solution itself, else by its own listing of them.
pub(super) async fn partners_of(
    graph: &Graph,
    token: Token<'_>,
    id: &SolutionId,
) -> Result<Option<Vec<graph::Partner>>, graph::Error> {
    match graph.solution(token, id).await {
        Ok(read) => {
            if let Some(sides) = read.partners.filter(|sides| !sides.is_empty()) {
                return Ok(Some(sides));
            }
        }
        Err(error) if is_refusal(&error) => {}
        Err(error) => return Err(error),
    }
    match graph.partners(token, id).await {
        Ok(sides) => Ok(Some(sides).filter(|sides| !sides.is_empty())),
        Err(error) if is_refusal(&error) || error.is_odd_shape() => Ok(None),
        Err(error) => Err(error),
    }
}
