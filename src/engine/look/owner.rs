//! The owner app's side, and who the partners are where a listing leaves them out.

use std::pin::pin;

use futures_util::TryStreamExt as _;

use super::{Looker, is_refusal};
use crate::{
    engine::choose,
    graph::{self, App, Solution, SolutionRole, Token},
    ids::{AppId, SolutionId},
    secret::UserToken,
};

impl Looker<'_> {
    /// What the owner's side shows that has us as partner, and live ones of which nobody says whose partners
    /// they have.
    pub(super) async fn theirs(
        &self,
        user: &UserToken,
        owner: &AppId,
    ) -> Result<(Vec<Solution>, Vec<SolutionId>), graph::Error> {
        let token = Token::User(user);
        let (mut ours, mut unsaid) = (Vec::new(), Vec::new());
        let mut listing = pin!(self.graph.solutions(token, owner, SolutionRole::Owner));
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
                if let Some(read) = self.partners_of(token, &solution.id).await? {
                    solution.partners = Some(read);
                } else {
                    unsaid.push(solution.id);
                    continue;
                }
            }
            if solution.has_partner(self.partner) == Some(true) {
                ours.push(solution);
            }
        }
        Ok((ours, unsaid))
    }

    /// Who the partners are, by the solution itself, else by its own listing of them.
    pub(super) async fn partners_of(
        &self,
        token: Token<'_>,
        id: &SolutionId,
    ) -> Result<Option<Vec<graph::Partner>>, graph::Error> {
        match self.graph.solution(token, id).await {
            Ok(read) => {
                if let Some(sides) = read.partners.filter(|sides| !sides.is_empty()) {
                    return Ok(Some(sides));
                }
            }
            Err(error) if is_refusal(&error) => {}
            Err(error) => return Err(error),
        }
        match self.graph.partners(token, id).await {
            Ok(sides) => Ok(Some(sides).filter(|sides| !sides.is_empty())),
            Err(error) if is_refusal(&error) || error.is_odd_shape() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
