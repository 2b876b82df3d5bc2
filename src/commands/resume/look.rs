//! What a resumed run asks of Meta before it acts.

use std::collections::HashSet;

use crate::{
    context::{Context, Sourced, failure::Failure},
    exit::Kind,
    ids::AppId,
    secret::UserToken,
    session::{Needs, Session, select},
};

/// Who is who, which apps the user token lists, and what is on our side now.
pub(super) async fn look(
    ctx: &Context,
    needs: Needs,
    user: Option<Sourced<UserToken>>,
) -> Result<(Session, HashSet<AppId>), Failure> {
    let mut session = Session::open(ctx, needs).await?;
    let listed = match user {
        Some(user) => add_user(ctx, &mut session, user).await?,
        None => HashSet::new(),
    };
    Ok((session, listed))
}

/// Takes the user token in, and gives the apps that it lists. A dead one is no reason to stop: the system token may
/// do much.
async fn add_user(
    ctx: &Context,
    session: &mut Session,
    user: Sourced<UserToken>,
) -> Result<HashSet<AppId>, Failure> {
    let granted = match session.add_user(ctx, user).await {
        Ok(()) => select::granted(session).await,
        Err(failure) => Err(failure),
    };
    match granted {
        Ok(apps) => Ok(apps.into_iter().map(|app| app.id).collect()),
        Err(failure) if matches!(failure.kind, Kind::Auth | Kind::Permission) => {
            let why = failure.line();
            ctx.ui
                .warning(&format!("going on without the user token: {why}"));
            session.user = None;
            Ok(HashSet::new())
        }
        Err(failure) => Err(failure),
    }
}
