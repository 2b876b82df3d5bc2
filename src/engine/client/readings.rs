//! One solution, read by its id: with which token, and whether it is the pair's.

use crate::{
    engine::{Engine, answers::not_found, facts::Found, port::Cause},
    exit::Kind,
    graph::{Partner, Solution, Token},
    ids::SolutionId,
    journal::Key,
};

/// Reads with the token that is likeliest to be allowed: ours, else the Tech Provider's.
async fn solution(engine: &Engine, id: &SolutionId) -> Result<Solution, Cause> {
    let first = match (&engine.system, &engine.user) {
        (Some(system), _) => Token::System(system),
        (None, Some(user)) => Token::User(user),
        (None, None) => return Err(None),
    };
    let error = match engine.graph.solution(first, id).await {
        Ok(solution) => return Ok(solution),
        Err(error) => error,
    };
    let denied = error.refused_to_look() || error.kind() == Kind::Auth;
    if let (Some(_), Some(user), true) = (&engine.system, &engine.user, denied)
        && let Ok(solution) = engine.graph.solution(Token::User(user), id).await
    {
        return Ok(solution);
    }
    Err(Some(Box::new(error)))
}

/// Whether what was read is this pair's. Where it does not say who its partners are, they are asked for.
async fn is_of(
    engine: &Engine,
    key: &Key,
    id: &SolutionId,
    solution: &mut Solution,
) -> Result<bool, Cause> {
    if solution.id != *id {
        return Ok(false);
    }
    if let Some(owner) = &solution.owner_app
        && owner.id != key.owner
    {
        return Ok(false);
    }
    let says = |sides: &Option<Vec<Partner>>| sides.as_ref().is_some_and(|all| !all.is_empty());
    if !says(&solution.partners) && solution.status.is_live() {
        let token = match (&engine.system, &engine.user) {
            (Some(system), _) => Token::System(system),
            (None, Some(user)) => Token::User(user),
            (None, None) => return Err(None),
        };
        match engine.graph.partners(token, id).await {
            Ok(sides) => solution.partners = Some(sides),
            // What our listing's role proves, or a POST of ours, need not be in the item.
            Err(error)
                if error.refused_to_look()
                    || error.is_odd_shape()
                    || error.kind() == Kind::Auth =>
            {
                return Ok(true);
            }
            Err(error) => return Err(Some(Box::new(error))),
        }
    }
    Ok(solution.has_partner(&key.partner) != Some(false) || solution.status.is_over())
}

/// One solution, which must be this pair's.
pub(super) async fn found(engine: &Engine, key: &Key, id: &SolutionId) -> (Found, Cause) {
    let mut read = match solution(engine, id).await {
        Ok(solution) => solution,
        Err(cause) => return (not_found(cause.as_deref()), cause),
    };
    match is_of(engine, key, id, &mut read).await {
        Ok(true) => (Found::Seen(Box::new(read)), None),
        Ok(false) => (Found::Foreign, None),
        Err(cause) => (Found::Failed, cause),
    }
}
