//! The parts of an error's sentence that depend on what is known.

use std::fmt;

use crate::ids::{AppId, SolutionId};

/// The token that the next step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// The Tech Provider's, which only a click can bring.
    User,
    /// Our system user's.
    System,
}

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "a new user token of the Tech Provider",
            Self::System => "the system token",
        })
    }
}

/// Which listing is refused.
pub(super) fn refusing(ours: bool, refused: bool) -> &'static str {
    match (ours, refused) {
        (true, true) => "Meta refuses the listing of our own app's solutions",
        (false, true) => "Meta refuses the listing",
        (_, false) => "the listing does not say who the partners are",
    }
}

/// Ids in a row.
pub(super) fn listed(ids: &[SolutionId]) -> String {
    let ids: Vec<&str> = ids.iter().map(SolutionId::as_str).collect();
    ids.join(", ")
}

/// What stands beside it, or nothing.
pub(super) fn beside(ours: Option<&SolutionId>) -> String {
    ours.map_or_else(String::new, |ours| {
        format!("; it comes before {ours}, which is ours, so neither was accepted")
    })
}

/// `: its partner is app 1`, or nothing.
pub(super) fn named(partners: &[AppId]) -> String {
    let ids: Vec<&str> = partners.iter().map(AppId::as_str).collect();
    if ids.is_empty() {
        String::new()
    } else {
        format!(" (its partner is app {})", ids.join(", "))
    }
}
