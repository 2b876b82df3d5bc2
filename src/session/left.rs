//! What is left when a row could not be brought to its goal, and what to type about it.
//!
//! The one decision: the hint fits the row. It names the app, the link that its Tech Provider had, and the
//! command that leads to the goal which was written down and no further.

use crate::{
    context::{failure::Failure, missing, settings},
    engine::{
        Error, Messaging,
        error::{Needed, name_option},
    },
    journal::{Entry, Goal},
    shell,
};

/// Why a row is left.
#[derive(Debug)]
pub struct Left {
    /// The row, as it was when the run began.
    pub entry: Entry,
    /// What went wrong.
    pub error: Error,
    /// A token at hand can look for this app's solutions.
    pub can_look: bool,
    /// Meta refused who may send messages, for this app or for one before it.
    pub terms_refused: bool,
}

impl Left {
    /// Whether it only waits for the Tech Provider's token.
    pub fn waits_for_them(&self) -> bool {
        matches!(
            self.error,
            Error::NoToken {
                token: Needed::User,
                ..
            }
        )
    }

    /// The failure with the hint that fits the row.
    pub fn failure(self) -> Failure {
        let hint = self.hint();
        let failure = Failure::from(self.error);
        Failure {
            hint: hint.or(failure.hint),
            ..failure
        }
    }

    fn hint(&self) -> Option<String> {
        let entry = &self.entry;
        match &self.error {
            Error::NoToken {
                token: Needed::User,
                ..
            } => Some(click_again(entry)),
            Error::NoToken {
                token: Needed::System,
                ..
            } => missing(settings::SYSTEM_TOKEN, "then: mps resume").hint,
            Error::Unknown { .. } if !self.can_look => {
                let system = missing(settings::SYSTEM_TOKEN, "then: mps resume").hint?;
                Some(format!("{system}; or {}", click_again(entry)))
            }
            Error::LookRefused { owner, .. } => Some(format!(
                "see in Meta's App Dashboard that app {owner} has no solution with our app, then: {} --no-look",
                again(entry)
            )),
            Error::Graph(_) | Error::NotTried { .. } if self.terms_refused => {
                Some(other_terms(entry))
            }
            _ => None,
        }
    }
}

/// The command that begins this app again, to the row's own goal.
fn again(entry: &Entry) -> String {
    let command = match entry.goal {
        Goal::Active => "onboard",
        Goal::Initiated => "create",
    };
    let another = match entry.key.name {
        Some(_) => " --allow-duplicate",
        None => "",
    };
    format!(
        "mps {command} --app-id {}{another}{}",
        entry.key.owner,
        name_option(&entry.key)
    )
}

/// Which link to send again, and what to run beside it.
fn click_again(entry: &Entry) -> String {
    let no_accept = match entry.goal {
        Goal::Active => "",
        Goal::Initiated => " --no-accept",
    };
    entry.link_label.as_ref().map_or_else(
        || format!("the Tech Provider clicks the button again: mps onboard{no_accept}"),
        |label| {
            let label = shell::word(label);
            format!(
                "send the Tech Provider the same link again (mps invite --for {label}), then: mps onboard --for {label}{no_accept}"
            )
        },
    )
}

/// The same app on other terms: `resume` would ask for the old ones again.
fn other_terms(entry: &Entry) -> String {
    let asked = Messaging::from_word(&entry.messaging).unwrap_or_default();
    let mut others = Messaging::ALL
        .iter()
        .copied()
        .filter(|other| *other != asked);
    // `both` is what Meta is likeliest to refuse, so it comes last.
    let (one, other) = match (others.next(), others.next()) {
        (Some(Messaging::Both), Some(other)) => (other, Messaging::Both),
        (one, other) => (one.unwrap_or_default(), other.unwrap_or_default()),
    };
    format!(
        "Meta refuses `--messaging {asked}`, which is what was written down; choose: {} --messaging {one} (or {other})",
        again(entry)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Key;

    fn row(goal: Goal, label: Option<&str>, name: Option<&str>) -> Entry {
        let key = Key {
            owner: "42".parse().unwrap(),
            partner: "7".parse().unwrap(),
            name: name.map(str::to_owned),
        };
        Entry {
            link_label: label.map(str::to_owned),
            messaging: "both".to_owned(),
            ..Entry::new(key, goal, "A + B")
        }
    }

    fn no_token(token: Needed) -> Error {
        let owner = "app 42".to_owned();
        Error::NoToken { owner, token }
    }

    fn not_tried() -> Error {
        let kind = crate::exit::Kind::Input;
        Error::NotTried { kind }
    }

    fn unknown() -> Error {
        Error::Unknown {
            doing: "creating".to_owned(),
            why: "no answer".to_owned(),
            error: None,
        }
    }

    #[test]
    fn the_hint_fits_the_row() {
        let refused = || Error::LookRefused {
            owner: "42".parse().unwrap(),
            ours: false,
            error: None,
        };
        let [active, initiated] = [Goal::Active, Goal::Initiated];
        for (entry, error, can_look, terms_refused, said) in [
            (
                row(active, Some("lucky"), None),
                no_token(Needed::User),
                true,
                false,
                "(mps invite --for lucky), then: mps onboard --for lucky",
            ),
            (
                row(initiated, Some("lucky"), None),
                no_token(Needed::User),
                true,
                false,
                "then: mps onboard --for lucky --no-accept",
            ),
            (
                row(active, None, None),
                no_token(Needed::User),
                true,
                false,
                "the Tech Provider clicks the button again: mps onboard",
            ),
            (
                row(active, Some("lucky"), None),
                no_token(Needed::System),
                true,
                false,
                "set MPS_SYSTEM_TOKEN or --system-token-file, or keep it in a profile: mps init; then: mps resume",
            ),
            (
                row(active, Some("lucky"), None),
                unknown(),
                false,
                false,
                "then: mps resume; or send the Tech Provider the same link again (mps invite --for lucky), then: mps onboard --for lucky",
            ),
            (
                row(active, None, None),
                unknown(),
                true,
                false,
                "mps resume",
            ),
            (
                row(active, None, None),
                refused(),
                true,
                false,
                "then: mps onboard --app-id 42 --no-look",
            ),
            (
                row(initiated, None, Some("it's")),
                refused(),
                true,
                false,
                r"then: mps create --app-id 42 --allow-duplicate --name 'it'\''s' --no-look",
            ),
            (
                row(active, None, None),
                not_tried(),
                true,
                true,
                "choose: mps onboard --app-id 42 --messaging partner (or tech-provider)",
            ),
            (
                row(active, None, None),
                not_tried(),
                true,
                false,
                "the same command goes on here",
            ),
        ] {
            let left = Left {
                entry,
                error,
                can_look,
                terms_refused,
            };
            let hint = left.failure().hint.unwrap();
            assert!(hint.ends_with(said), "{hint}");
        }
    }

    #[test]
    fn the_other_two_choices_are_named() {
        for (asked, named) in [
            ("both", "--messaging partner (or tech-provider)"),
            ("partner", "--messaging tech-provider (or both)"),
            ("tech-provider", "--messaging partner (or both)"),
        ] {
            let messaging = asked.to_owned();
            let entry = Entry {
                messaging,
                ..row(Goal::Active, None, None)
            };
            let said = other_terms(&entry);
            assert!(said.ends_with(named) && said.contains(asked), "{said}");
        }
    }
}
