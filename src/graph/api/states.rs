//! The states of a solution, in the API's words and in the dashboard's, and who must act next.
//!
//! The one decision: the lists are open. Meta's pages name different states, so an unknown one is kept as
//! it came and shown as it is.

use std::fmt;

use serde::{Serialize, Serializer};

/// Makes an open list of states: known words, and any other.
macro_rules! states {
    ($(#[$doc:meta])* enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A word that this program does not know, as it came.
            Other(String),
        }

        impl $name {
            /// The API's words that this program knows.
            #[allow(dead_code, reason = "not each list is shown")]
            pub const KNOWN: &[&str] = &[$($text),*];

            /// The API's word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::from(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::record::Json for $name {
            const TYPE: $crate::record::JsonType = $crate::record::JsonType::STRING;
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

states! {
    /// The state of a solution (graph-api.md, 7.4).
    enum Status {
        /// Saved, not sent.
        Draft = "DRAFT",
        /// Sent to the partner.
        Initiated = "INITIATED",
        /// Accepted by the partner.
        Active = "ACTIVE",
        /// Declined by the partner.
        Rejected = "REJECTED",
        /// Ended by both.
        Deactivated = "DEACTIVATED",
    }
}

states! {
    /// What a solution waits for.
    enum Pending {
        /// Nothing.
        None = "NONE",
        /// The partner's answer to the invitation.
        Activation = "PENDING_ACTIVATION",
        /// The answer to a request to end it.
        Deactivation = "PENDING_DEACTIVATION",
    }
}

/// Who has to act next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// The owner has to send the draft.
    OwnerSends,
    /// The partner has to accept or reject the invitation.
    PartnerAnswers,
    /// The side that did not ask has to accept or reject the end.
    DeactivationAnswer,
    /// Nobody: the solution works.
    Nobody,
    /// Nobody can: a new solution is needed.
    NewSolution,
    /// This program does not know the state.
    Unknown,
}

impl NextStep {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::OwnerSends => "the owner sends it, in Meta's dashboard",
            Self::PartnerAnswers => "the partner accepts or rejects it",
            Self::DeactivationAnswer => {
                "it still works; the side that did not ask accepts or rejects the deactivation"
            }
            Self::Nobody => "nobody: it works",
            Self::NewSolution => "nobody can: it is over, a new solution is needed",
            Self::Unknown => "unknown: see Meta's dashboard",
        }
    }
}

impl Status {
    /// Words of Meta's webhooks, which an answer may use as well.
    pub const OF_WEBHOOKS: &[&str] = &["PENDING", "PENDING_DEACTIVATION"];

    /// Whether it counts as live: a second one with the same partner would be one too many.
    pub fn is_live(&self) -> bool {
        match self {
            Self::Initiated | Self::Active => true,
            Self::Other(text) => Self::OF_WEBHOOKS.contains(&text.as_str()),
            Self::Draft | Self::Rejected | Self::Deactivated => false,
        }
    }

    /// Whether it is over for good.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Rejected | Self::Deactivated)
    }

    /// The word of Meta's dashboard.
    pub fn dashboard(&self, pending: &Pending) -> &str {
        match (self, pending) {
            (Self::Draft, _) => "Draft",
            (Self::Initiated, _) => "Pending",
            (Self::Active, Pending::Deactivation) => "Pending deactivation",
            (Self::Active, _) => "Active",
            (Self::Rejected, _) => "Inactive",
            (Self::Deactivated, _) => "Deactivated",
            (Self::Other(text), _) => match text.as_str() {
                "PENDING_DEACTIVATION" => "Pending deactivation",
                "PENDING" => "Pending",
                other => other,
            },
        }
    }

    /// Who has to act next.
    pub fn next(&self, pending: &Pending) -> NextStep {
        match (self, pending) {
            (Self::Draft, _) => NextStep::OwnerSends,
            (Self::Initiated, _) => NextStep::PartnerAnswers,
            (Self::Active, Pending::Deactivation) => NextStep::DeactivationAnswer,
            (Self::Active, Pending::Other(_)) => NextStep::Unknown,
            (Self::Active, _) => NextStep::Nobody,
            (Self::Rejected | Self::Deactivated, _) => NextStep::NewSolution,
            (Self::Other(text), _) => match text.as_str() {
                "PENDING_DEACTIVATION" => NextStep::DeactivationAnswer,
                "PENDING" => NextStep::PartnerAnswers,
                _ => NextStep::Unknown,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_graph_api_md_7_4() {
        for (status, pending, dashboard, next, live) in [
            ("DRAFT", "NONE", "Draft", NextStep::OwnerSends, false),
            (
                "INITIATED",
                "PENDING_ACTIVATION",
                "Pending",
                NextStep::PartnerAnswers,
                true,
            ),
            ("ACTIVE", "NONE", "Active", NextStep::Nobody, true),
            (
                "ACTIVE",
                "PENDING_DEACTIVATION",
                "Pending deactivation",
                NextStep::DeactivationAnswer,
                true,
            ),
            (
                "ACTIVE",
                "PENDING_SOMETHING",
                "Active",
                NextStep::Unknown,
                true,
            ),
            ("REJECTED", "NONE", "Inactive", NextStep::NewSolution, false),
            (
                "DEACTIVATED",
                "NONE",
                "Deactivated",
                NextStep::NewSolution,
                false,
            ),
            (
                "PENDING_DEACTIVATION",
                "NONE",
                "Pending deactivation",
                NextStep::DeactivationAnswer,
                true,
            ),
            ("PENDING", "NONE", "Pending", NextStep::PartnerAnswers, true),
            ("PAUSED", "NONE", "PAUSED", NextStep::Unknown, false),
        ] {
            let (status, pending) = (Status::from(status), Pending::from(pending));
            assert_eq!(
                (
                    status.dashboard(&pending),
                    status.next(&pending),
                    status.is_live()
                ),
                (dashboard, next, live),
                "{status} {pending}"
            );
            assert_eq!(serde_json::to_value(&status).unwrap(), status.as_str());
        }
    }
}
