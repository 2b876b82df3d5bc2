//! Apps: those that a Tech Provider granted, and single ones.
//!
//! The one decision: Meta's guide and its reference name two edges for the granted apps, so the guide's is
//! asked first and the other only where Meta does not know the first.

use super::{
    models::App,
    page::{FallbackCall, LIMIT, RowStream},
};
use crate::{
    graph::{
        error::Error,
        send::{
            call::{ApiCall, OwnedToken, Token},
            perform::Graph,
        },
    },
    ids::AppId,
    secret::UserToken,
};

/// Whether Meta does not know the edge that was asked.
fn unknown_path(error: &Error) -> bool {
    matches!(error.code(), Some(100 | 2500)) && !error.is_about_proof()
        || error.status() == Some(404)
}

impl Graph {
    /// The apps that the Tech Provider granted, all pages.
    pub fn granted_apps(&self, user: &UserToken) -> RowStream<App> {
        let edge =
            |edge| ApiCall::get("list the granted apps", &["me", edge]).param("limit", LIMIT);
        self.rows(
            OwnedToken::from(Token::User(user)),
            edge("application_details"),
            Some(FallbackCall {
                when: unknown_path,
                call: edge("assigned_applications"),
            }),
        )
    }

    /// One app.
    pub async fn app(&self, token: Token<'_>, id: &AppId) -> Result<App, Error> {
        let call =
            ApiCall::get(format!("read app {id}"), &[id.as_str()]).param("fields", "id,name,link");
        let done = self.perform(&OwnedToken::from(token), &call).await?;
        self.decode(done).map(|(app, _)| app)
    }
}
