//! The token and what came with it.

use std::fmt;

use crate::{ids::UserId, secret::UserToken};

/// What the button brought. Nothing of it is proven but [`Signed::Verified`].
#[derive(Clone, PartialEq, Eq)]
pub struct Grant {
    /// The Tech Provider's user token.
    pub token: UserToken,
    /// Whose it is, as the SDK said.
    pub user_id: Option<UserId>,
    /// Seconds the token lives; a timestamp in its place is turned into seconds, 0 ("not said") into None.
    pub expires_in: Option<u64>,
    /// When the access to data ends, in seconds since 1970.
    pub data_access_expires_at: Option<i64>,
    /// Seconds until the person must sign in anew, where Meta says so.
    pub reauthorize_required_in: Option<u64>,
    /// The permissions, as the SDK said (`return_scopes`).
    pub granted_scopes: Option<Vec<String>>,
    /// The signed request as it came.
    pub signed_request: Option<String>,
    /// What its signature says.
    pub signed: Signed,
    /// Pasted on the page rather than brought by the SDK.
    pub pasted: bool,
}

/// What the signature of a signed request says. A bad one never becomes a [`Grant`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// Signed with our app's secret.
    Verified {
        /// Whose sign-in it was.
        user_id: UserId,
        /// When, in seconds since 1970, if it says so.
        issued_at: Option<i64>,
    },
    /// No signed request came, or the app secret is not known.
    NotChecked,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("user_id", &self.user_id)
            .field("expires_in", &self.expires_in)
            .field("data_access_expires_at", &self.data_access_expires_at)
            .field("reauthorize_required_in", &self.reauthorize_required_in)
            .field("granted_scopes", &self.granted_scopes)
            .field("signed", &self.signed)
            .field("pasted", &self.pasted)
            .finish_non_exhaustive()
    }
}
