//! Whether the Tech Provider ticked the apps that are needed.
//!
//! The one decision: a sign-in without them is refused on the page, while the person is still there. After the wait
//! it could only end the run; and whoever else has the link must not end it either.

use crate::{
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
    pub(crate) reason: String,
    /// What they do next.
    pub(crate) remedy: &'static str,
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
    let ids: Vec<&str> = needed
        .iter()
        .filter(|id| apps.iter().all(|app| app.id != **id))
        .map(AppId::as_str)
        .collect();
    let (theirs, ours) = match ids[..] {
        [] if apps.is_empty() => (
            "No app was ticked".to_owned(),
            "no app was ticked".to_owned(),
        ),
        [] => return None,
        [id] => (
            format!("The app {id} was not ticked"),
            format!("app {id} was not ticked"),
        ),
        _ => {
            let list = ids.join(", ");
            (
                format!("These apps were not ticked: {list}"),
                format!("these apps were not ticked: {list}"),
            )
        }
    };
    Some(PageRefusal {
        reason: format!("{theirs}."),
        remedy: "Please try again, and tick every app that the solution is for in the Facebook window.",
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
            (&[], &[], Some("No app was ticked.")),
            (&[], &["1"], Some("The app 1 was not ticked.")),
            (&["2"], &["1", "2"], Some("The app 1 was not ticked.")),
            (
                &["3"],
                &["1", "2"],
                Some("These apps were not ticked: 1, 2."),
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
            let said = missing(&apps, &needed).map(|refused| refused.reason);
            assert_eq!(said.as_deref(), reason, "{ticked:?} {needed:?}");
        }
    }
}
