//! Whether the Tech Provider ticked the apps that are needed.
//!
//! The one decision: a sign-in without them is refused on the page, while the person is still there. After the wait
//! it could only end the run; and whoever else has the link must not end it either.

use crate::{
    button::TokenReason,
    context::failure::Failure,
    exit::Kind,
    graph::{App, Graph},
    ids::AppId,
    secret::UserToken,
    session::select,
};

/// A token that the page refuses.
pub(crate) struct PageRefusal {
    /// Why, for the Tech Provider.
    pub(crate) reason: TokenReason,
    /// Why, for the operator.
    pub(crate) failure: Failure,
}

/// The apps of a token, or why they are not those that are `needed` (none named: any app will do). Where Meta does
/// not list them now, whoever needs them next asks again and says why.
pub(crate) async fn apps(
    graph: &Graph,
    token: &UserToken,
    needed: &[AppId],
) -> Result<Option<Vec<App>>, PageRefusal> {
    let Ok(apps) = select::granted_to(graph, token).await else {
        return Ok(None);
    };
    match missing(&apps, needed) {
        None => Ok(Some(apps)),
        Some(refused) => Err(refused),
    }
}

fn missing(apps: &[App], needed: &[AppId]) -> Option<PageRefusal> {
    let ids: Vec<&AppId> = needed
        .iter()
        .filter(|id| apps.iter().all(|app| app.id != **id))
        .collect();
    let (reason, ours) = match ids[..] {
        [] if apps.is_empty() => (TokenReason::NoAppTicked, "no app was ticked".to_owned()),
        [] => return None,
        [id] => (
            TokenReason::AppNotTicked { ids: id.clone() },
            format!("app {id} was not ticked"),
        ),
        _ => {
            let list: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
            let ids = list.join(", ");
            let ours = format!("these apps were not ticked: {ids}");
            (TokenReason::AppsNotTicked { ids }, ours)
        }
    };
    Some(PageRefusal {
        reason,
        failure: Failure::new(Kind::State, ours),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing() {
        for (ticked, needed, reason) in [
            (&["1", "2"][..], &[][..], None),
            (&["1", "2"], &["2"], None),
            (&[], &[], Some("no app was ticked")),
            (&[], &["1"], Some("app 1 was not ticked")),
            (&["2"], &["1", "2"], Some("app 1 was not ticked")),
            (
                &["3"],
                &["1", "2"],
                Some("these apps were not ticked: 1, 2"),
            ),
        ] {
            let apps: Vec<App> = ticked
                .iter()
                .map(|id| App {
                    id: id.parse().unwrap(),
                    name: String::new(),
                    link: None,
                })
                .collect();
            let needed: Vec<AppId> = needed.iter().map(|id| id.parse().unwrap()).collect();
            let said = missing(&apps, &needed).map(|refused| refused.failure.message);
            assert_eq!(said.as_deref(), reason, "{ticked:?} {needed:?}");
        }
    }
}
