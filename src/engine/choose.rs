//! Which solution counts, and which permissions: decided before anything is sent.
//!
//! The one decision: everything here is pure. What Meta's listings said goes in, what will be done comes
//! out, and the same facts give the same plan on every day.

use std::fmt;

use strum::VariantArray;

use crate::{
    graph::{Solution, Status},
    ids::AppId,
};

pub use super::name_template::{NameFacts, NameTemplate};

/// Who may send messages to customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, VariantArray)]
pub enum Messaging {
    /// Both sides, as in Meta's guide to embedded creation.
    #[default]
    Both,
    /// Our side only.
    #[value(alias = "us")]
    Partner,
    /// The Tech Provider's side only.
    #[value(alias = "owner")]
    TechProvider,
}

impl Messaging {
    /// Every choice.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// `owner_permissions` and `partner_permissions` of Meta's create.
    pub fn permissions(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Both => (&["MESSAGING"], &["MESSAGING"]),
            Self::Partner => (&[], &["MESSAGING"]),
            Self::TechProvider => (&["MESSAGING"], &[]),
        }
    }

    /// The word of the option.
    pub fn word(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Partner => "partner",
            Self::TechProvider => "tech-provider",
        }
    }

    /// The choice of a word, as the journal keeps it.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|choice| choice.word() == word)
    }

    /// What the plan says about it.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Both => {
                "both sides (as in Meta's guide; Meta's API reference allows one side only)"
            }
            Self::Partner => "we alone (partner)",
            Self::TechProvider => "the Tech Provider alone (tech-provider)",
        }
    }

    /// Whether a solution's permissions are what we would have asked for. Meta adds its default
    /// permissions to both sides (graph-api.md, 7.3), so only MESSAGING is compared.
    pub fn matches(self, solution: &Solution, partner: &AppId) -> bool {
        let sends = |permissions: &[String]| {
            permissions
                .iter()
                .any(|permission| permission == "MESSAGING")
        };
        let (owner, ours) = self.permissions();
        let owner_fits = solution
            .owner_permissions
            .as_ref()
            .is_some_and(|given| sends(given) != owner.is_empty());
        let partner_side = solution
            .partners
            .iter()
            .flatten()
            .find(|side| side.app.id == *partner);
        owner_fits && partner_side.is_some_and(|side| sends(&side.permissions) != ours.is_empty())
    }
}

impl Messaging {
    /// Whether a solution may be on these terms: what a listing leaves out is held against nobody.
    pub(crate) fn may_be(self, solution: &Solution, partner: &AppId) -> bool {
        solution.owner_permissions.is_none()
            || solution.partners.is_none()
            || self.matches(solution, partner)
    }
}

impl fmt::Display for Messaging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a look says about one app.
#[derive(Debug, Clone)]
pub enum Finding {
    /// No solution with us.
    Free,
    /// A live one: the one that counts.
    Live(Box<Solution>),
    /// Only dead ones; the latest.
    Dead(Box<Solution>),
}

/// Which of an app's solutions with us counts.
pub fn find<'a>(solutions: impl IntoIterator<Item = &'a Solution>) -> Finding {
    let (dead, live): (Vec<&Solution>, Vec<&Solution>) = solutions
        .into_iter()
        .filter(|solution| solution.status != Status::Draft)
        .partition(|solution| solution.status.is_over());
    if let Some(taken) = first(live) {
        return Finding::Live(Box::new(taken.clone()));
    }
    let latest = dead.into_iter().max_by_key(|solution| &solution.id);
    latest.map_or(Finding::Free, |latest| {
        Finding::Dead(Box::new(latest.clone()))
    })
}

/// The one that is taken of several live ones, the same for every door and machine: an ACTIVE one before an
/// INITIATED one, then the smallest id. One in a state that we do not know comes last.
pub(crate) fn first<'a>(live: impl IntoIterator<Item = &'a Solution>) -> Option<&'a Solution> {
    live.into_iter().min_by_key(|solution| {
        let known = solution.status.is_live();
        (!is_accepted(&solution.status), !known, &solution.id)
    })
}

/// Not a draft, and not over: in a state that we do not know it may be live.
pub(crate) fn may_be_live(status: &Status) -> bool {
    !status.is_over() && *status != Status::Draft
}

/// Accepted by its partner, and not over.
pub fn is_accepted(status: &Status) -> bool {
    match status {
        Status::Active => true,
        // A word of Meta's webhooks: it still works (graph-api.md, 7.4).
        Status::Other(text) => text == "PENDING_DEACTIVATION",
        _ => false,
    }
}

/// Waits for its partner to accept it.
pub fn is_waiting(status: &Status) -> bool {
    status.is_live() && !is_accepted(status)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::graph::{App, Partner, Pending};

    pub(crate) fn solution(id: &str, status: Status) -> Solution {
        Solution {
            id: id.parse().unwrap(),
            name: format!("solution {id}"),
            status,
            pending: Pending::None,
            owner_app: None,
            owner_permissions: None,
            partners: None,
        }
    }

    #[test]
    fn what_a_status_means() {
        use Status::{Active, Deactivated, Draft, Initiated, Rejected};
        let other = |word: &str| Status::Other(word.to_owned());
        // Whether it may be live, is accepted, waits for its partner.
        for (status, expected) in [
            (Draft, (false, false, false)),
            (Initiated, (true, false, true)),
            (Active, (true, true, false)),
            (Rejected, (false, false, false)),
            (Deactivated, (false, false, false)),
            (other("PENDING_DEACTIVATION"), (true, true, false)),
            (other("UNKNOWN"), (true, false, false)),
        ] {
            let means = (
                may_be_live(&status),
                is_accepted(&status),
                is_waiting(&status),
            );
            assert_eq!(means, expected, "{status:?}");
        }
    }

    fn app(id: &str, name: &str) -> App {
        App {
            id: id.parse().unwrap(),
            name: name.to_owned(),
            link: None,
        }
    }

    #[test]
    fn which_solution_counts() {
        use Status::{Active, Deactivated, Draft, Initiated, Rejected};
        let other = |word: &str| Status::Other(word.to_owned());
        for (solutions, expected) in [
            (vec![], "free"),
            (vec![("5", Initiated)], "live 5"),
            (vec![("5", Initiated), ("9", Active)], "live 9"),
            (vec![("10", Initiated), ("9", Initiated)], "live 9"),
            (
                vec![("10", Active), ("9", Active), ("8", Initiated)],
                "live 9",
            ),
            (vec![("5", Rejected)], "dead 5"),
            (vec![("5", Rejected), ("6", Deactivated)], "dead 6"),
            (vec![("5", Rejected), ("6", Initiated)], "live 6"),
            (vec![("5", Draft)], "free"),
            (
                vec![("5", other("PENDING_DEACTIVATION")), ("4", Initiated)],
                "live 5",
            ),
            (vec![("5", other("PENDING")), ("6", Active)], "live 6"),
            (vec![("5", other("UNKNOWN"))], "live 5"),
            (vec![("5", other("UNKNOWN")), ("6", Initiated)], "live 6"),
        ] {
            let solutions: Vec<Solution> = solutions
                .into_iter()
                .map(|(id, status)| solution(id, status))
                .collect();
            let found = match find(&solutions) {
                Finding::Free => "free".to_owned(),
                Finding::Live(taken) => format!("live {}", taken.id),
                Finding::Dead(latest) => format!("dead {}", latest.id),
            };
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn permissions_per_choice_and_back() {
        let us: AppId = "7".parse().unwrap();
        for choice in Messaging::ALL.iter().copied() {
            assert_eq!(Messaging::from_word(choice.word()), Some(choice));
            assert_eq!(choice.to_string(), choice.word());
            assert!(choice.in_words().contains(choice.word()), "{choice}");
            let (owner, partner) = choice.permissions();
            let words = |permissions: &[&str]| {
                permissions
                    .iter()
                    .map(|word| (*word).to_owned())
                    .chain(["MANAGE".to_owned()])
                    .collect()
            };
            let mut seen = solution("1", Status::Initiated);
            seen.owner_permissions = Some(words(owner));
            seen.partners = Some(vec![Partner {
                app: app("7", ""),
                permissions: words(partner),
                status: None,
                id: None,
            }]);
            for asked in Messaging::ALL.iter().copied() {
                assert_eq!(
                    asked.matches(&seen, &us),
                    asked == choice,
                    "{asked} against {choice}"
                );
                assert_eq!(asked.may_be(&seen, &us), asked == choice);
            }
            assert!(!choice.matches(&seen, &"8".parse().unwrap()));
            let of_owner = seen.owner_permissions.take();
            assert!(!choice.matches(&seen, &us), "unknown terms are not ours");
            assert!(choice.may_be(&seen, &us), "nor are they another's");
            (seen.owner_permissions, seen.partners) = (of_owner, None);
            assert!(!choice.matches(&seen, &us), "unknown terms are not ours");
            assert!(choice.may_be(&seen, &us), "nor are they another's");
        }
    }
}
