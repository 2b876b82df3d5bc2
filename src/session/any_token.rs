//! A token of which only the call knows whose it is.

use crate::{
    graph::Token,
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
