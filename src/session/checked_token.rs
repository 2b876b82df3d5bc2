//! What is known of a token that passed its check.

use jiff::Timestamp;

use super::{
    token_check::{TokenRole, ends_soon},
    token_proof::{CheckedBy, TokenProof},
};
use crate::{
    graph::{App, TokenInfo},
    ids::UserId,
    secret::{SystemToken, UserToken},
    ui::Ui,
};

/// A user token that may be used.
#[derive(Debug, Clone)]
pub struct CheckedUser {
    /// Whose it is, where Meta said so.
    pub user_id: Option<UserId>,
    /// What it was granted.
    pub scopes: Vec<String>,
    /// When it ends, seconds since 1970; `None`: never, or not said.
    pub expires_at: Option<i64>,
    /// When the access to data ends, likewise.
    pub data_access_expires_at: Option<i64>,
    /// The way.
    pub by: CheckedBy,
    /// What speaks against the token and proves nothing: the operator has to hear it.
    pub doubt: Option<String>,
    /// It was taken without [`PERMISSION`](super::token_check::PERMISSION), since it lists its apps.
    pub unscoped: bool,
    /// What is proven of it.
    pub proof: TokenProof,
}

impl CheckedUser {
    /// Tells what speaks against it.
    pub fn tell(&self, ui: &Ui) {
        if let Some(doubt) = &self.doubt {
            ui.warning(doubt);
        }
    }
}

/// What is known of our system token, which may be used.
#[derive(Debug, Clone, Default)]
pub struct CheckedSystem {
    /// What Meta said of it, where it did.
    pub info: Option<TokenInfo>,
    /// How it was asked.
    pub by: Option<CheckedBy>,
    /// A read with it succeeded, where Meta said nothing of it.
    pub read: bool,
    /// Our app's name, where that was read to prove the token.
    pub app_name: Option<String>,
    /// What speaks against the token and proves nothing.
    pub doubt: Option<String>,
}

impl CheckedSystem {
    /// Who the system user is, where Meta said so.
    pub fn user_id(&self) -> Option<&UserId> {
        self.info.as_ref()?.user_id.as_ref()
    }

    /// What is proven of it.
    pub fn proof(&self) -> TokenProof {
        match (&self.info, self.by) {
            (Some(info), Some(by)) => TokenProof::debugged(TokenRole::System, info, by),
            _ if self.read => TokenProof::read(),
            _ => TokenProof::default(),
        }
        .doubted(self.doubt.clone())
    }

    /// What the operator has to hear of it.
    pub fn warning(&self) -> Option<String> {
        if self.doubt.is_some() {
            return self.doubt.clone();
        }
        let days = ends_soon(self.info.as_ref()?, Timestamp::now())?;
        let remedy = TokenRole::System.remedy();
        Some(format!("the system token ends in {days} days; {remedy}"))
    }
}

/// The Tech Provider's token, which passed its check.
#[derive(Debug, Clone)]
pub struct UserSession {
    /// The token.
    pub token: UserToken,
    /// Where it came from, for the plan.
    pub source: String,
    /// What Meta said of it.
    pub checked: CheckedUser,
    /// The apps that it lists, where that was asked already.
    pub apps: Option<Vec<App>>,
}

/// Our system token, which passed its check.
#[derive(Debug, Clone)]
pub struct SystemSession {
    /// The token.
    pub token: SystemToken,
    /// Where it came from, for the plan.
    pub source: String,
    /// Who the system user is, where Meta said so.
    pub user_id: Option<UserId>,
    /// What is proven of it.
    pub proof: TokenProof,
}
