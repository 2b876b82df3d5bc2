//! What forbids to use a token.
//!
//! The one decision: one rule for every command and for `doctor`, pure, about what Meta says of a token.

use crate::{
    context::failure::Failure,
    exit::Kind,
    graph::{self, Bearer, MetaError, TokenInfo},
    ids::AppId,
    secret::Secret,
};

/// The permission that both tokens need (Meta's page on embedded creation).
pub const PERMISSION: &str = "manage_app_solution";

/// Whose token is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The Tech Provider's.
    User,
    /// Our system user's.
    System,
}

impl Whose {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "the user token",
            Self::System => "the system token",
        }
    }

    /// What Meta calls such a token.
    fn kind(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::System => "SYSTEM_USER",
        }
    }

    fn bearer(self) -> Bearer {
        match self {
            Self::User => Bearer::User,
            Self::System => Bearer::System,
        }
    }

    fn holder(self) -> &'static str {
        match self {
            Self::User => "a person's",
            Self::System => "a system user's",
        }
    }

    /// Where another one comes from.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::User => "get a new one from the Tech Provider: mps serve-button",
            Self::System => {
                "make a new one in Business Settings, System users, with manage_app_solution"
            }
        }
    }
}

/// Why a token cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// [`Kind::Auth`] or [`Kind::Permission`].
    pub kind: Kind,
    /// What is wrong, to follow the token's name.
    pub what: String,
    /// Meta's own words.
    pub meta: Option<MetaError>,
}

impl Flaw {
    pub(super) fn auth(what: impl Into<String>) -> Self {
        Self {
            kind: Kind::Auth,
            what: what.into(),
            meta: None,
        }
    }

    pub(super) fn permission() -> Self {
        Self {
            kind: Kind::Permission,
            ..Self::auth(format!("has not the permission {PERMISSION}"))
        }
    }

    /// What mends it. Nobody has to click again because something else stood where this token should.
    pub fn remedy(&self, whose: Whose, token: &Secret) -> String {
        if self.meta.as_ref().is_some_and(MetaError::is_no_token) {
            return graph::not_a_token(whose.bearer(), token.place().map(AsRef::as_ref));
        }
        match (whose, self.kind) {
            (Whose::User, Kind::Permission) => {
                "the Tech Provider clicks the button again and leaves the permission ticked: mps serve-button"
            }
            _ => whose.remedy(),
        }
        .to_owned()
    }

    pub(super) fn failure(self, whose: Whose, token: &Secret) -> Failure {
        let hint = self.remedy(whose, token);
        let message = format!("{} {}", whose.name(), self.what);
        let mut failure = Failure::new(self.kind, message).hint(hint);
        if let Some(error) = self.meta {
            failure.causes.push(error.message);
            failure.code = error.code;
            failure.subcode = error.subcode;
        }
        if let Some(place) = token.place() {
            failure = failure.because(format!("{} came from {place}", whose.name()));
        }
        failure
    }
}

/// The one rule about tokens: what `debug_token` says that forbids to use one. Where Meta does not say for which
/// app, of which type or until when it is, nothing is held against it. `partner`: our app, where it is known;
/// `now`: seconds since 1970.
pub fn flaw(whose: Whose, info: &TokenInfo, partner: Option<&AppId>, now: i64) -> Option<Flaw> {
    if !info.is_valid || info.error.is_some() {
        return Some(Flaw {
            meta: info.error.clone(),
            ..Flaw::auth(if info.error.as_ref().is_some_and(MetaError::is_no_token) {
                "is no token, or not a whole one"
            } else {
                "is not valid any more"
            })
        });
    }
    if let (Some(app), Some(partner)) = (&info.app_id, partner)
        && app != partner
    {
        return Some(Flaw::auth(format!(
            "was made for app {app}, not for our app {partner}"
        )));
    }
    if seconds(info.expires_at).is_some_and(|at| at <= now) {
        return Some(Flaw::auth("has expired"));
    }
    if let Some(kind) = info.kind.as_deref().filter(|kind| *kind != whose.kind()) {
        return Some(Flaw::auth(format!(
            "is not {}: Meta calls it {kind}",
            whose.holder()
        )));
    }
    // Of a system user's token Meta may leave the permissions unsaid.
    let unsaid = whose == Whose::System && info.scopes.is_empty() && info.granular.is_empty();
    (!unsaid && !info.has_scope(PERMISSION)).then(Flaw::permission)
}

/// A time as Meta writes it.
pub(super) fn seconds(at: Option<jiff::Timestamp>) -> Option<i64> {
    at.map(jiff::Timestamp::as_second)
}
