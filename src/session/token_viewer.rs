//! Who asks Meta about a token, and what Meta says to that.
//!
//! The one decision: an answer about the one who asks says nothing about the token that was asked about.

use std::sync::Arc;

use super::token_check::TokenRole;
use crate::{
    exit::Kind,
    graph::{self, Graph, MetaError, Token, TokenInfo},
    secret::{Secret, SystemToken},
};

/// Who asks about a token.
pub(super) struct Viewer<'a> {
    pub(super) token: Token<'a>,
    pub(super) name: &'static str,
    pub(super) place: Option<&'a Arc<str>>,
}

impl<'a> Viewer<'a> {
    pub(super) fn system(token: &'a SystemToken) -> Self {
        Self {
            token: Token::System(token),
            name: TokenRole::System.name(),
            place: token.secret().place(),
        }
    }

    /// What the operator hears where Meta says that this one and the token that it asked about are not of one app.
    pub(super) fn doubts(&self, asked: TokenRole, token: &Secret, error: &MetaError) -> String {
        let from = |place: Option<&Arc<str>>| {
            place.map_or_else(String::new, |place| format!(" (from {place})"))
        };
        format!(
            "{}{} and {}{} are not of one app, says Meta: {}",
            asked.name(),
            from(token.place()),
            self.name,
            from(self.place),
            error.message
        )
    }
}

/// What Meta says of a token.
pub(super) enum DebugAnswer {
    /// All that it knows.
    Info(Box<TokenInfo>),
    /// That the one that asks is of another app.
    OtherApp(Box<MetaError>),
    /// Nothing.
    Nothing,
}

/// What Meta says of a token, asked with another or with itself.
pub(super) async fn ask(
    graph: &Graph,
    with: Token<'_>,
    token: &Secret,
) -> Result<DebugAnswer, graph::Error> {
    // Inside the answer, an error about a parameter is about who asks; one about the token is 190.
    const PARAMETER: i64 = 100;
    let cannot_tell = |error: &graph::Error| {
        matches!(
            error.kind(),
            Kind::Permission | Kind::Input | Kind::Auth | Kind::UnreadableResponse
        )
    };
    match graph.debug_token(with, token).await {
        Ok(info) if info.says_nothing() => Ok(DebugAnswer::Nothing),
        Ok(info) => Ok(match info.error {
            Some(error) if error.code == Some(PARAMETER) => DebugAnswer::OtherApp(Box::new(error)),
            _ => DebugAnswer::Info(Box::new(info)),
        }),
        Err(error) if cannot_tell(&error) => Ok(DebugAnswer::Nothing),
        Err(error) => Err(error),
    }
}
