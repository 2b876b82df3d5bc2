//! The parts of an error's sentence that depend on what is known.

use std::fmt;

use crate::{
    ids::{AppId, SolutionId},
    journal::{Entry, Key},
    shell,
};

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

/// What a person sees where no token may list.
pub(super) fn look_by_hand(owner: &AppId, ours: bool) -> String {
    let lacks = if ours {
        "the system token needs manage_app_solution and our app; else "
    } else {
        ""
    };
    format!(
        "{lacks}see in Meta's App Dashboard that app {owner} has no solution with our app, then add --no-look"
    )
}

/// What Meta leaves out of an item of our own side, or of the owner's.
pub(super) fn unsaid(ours: bool) -> &'static str {
    if ours {
        "whose these are"
    } else {
        "with whom these are"
    }
}

/// What a person sees where Meta leaves it out.
pub(super) fn see_whose(owner: &AppId, ours: bool) -> String {
    let whose = if ours {
        format!("of app {owner}")
    } else {
        "with our app".to_owned()
    };
    format!("see in Meta's App Dashboard that none of them is {whose}, then add --no-look")
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

/// The option that names a row in a command to type, a blank before it; nothing for a row without a name.
pub fn name_option(key: &Key) -> String {
    key.name
        .as_ref()
        .map_or_else(String::new, |name| format!(" --name {}", shell::word(name)))
}

/// The way out where Meta shows to nobody what its answer named: what was made bears the name that was sent.
pub(super) fn none_shown(row: &Entry) -> String {
    let (owner, sent) = (&row.key.owner, &row.solution_name);
    let name = name_option(&row.key);
    format!(
        "see whether Meta's App Dashboard shows a solution \"{sent}\" of app {owner} with ours; where it shows none: mps \
         resume --app-id {owner}{name} --not-made"
    )
}
