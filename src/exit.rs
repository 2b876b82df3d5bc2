//! How a run can end: the kinds of failure and the exit codes, as the tables of the reference have them.
//!
//! The one decision: a failure has a kind, and the kind alone chooses the code. Scripts act on both.

use serde::{Serialize, Serializer};

/// The table of the kinds: name in JSON, and the code that a run with this one failure ends with.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal => $exit:ident,)*) => {
        /// What sort of failure it was. The names are part of the interface (`error.kind` in JSON).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        impl Kind {
            /// In the order of the reference.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// The name in JSON.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// The code that a run with this one failure ends with.
            pub fn exit(self) -> Exit {
                match self { $(Self::$kind => Exit::$exit,)* }
            }
        }
    };
}

/// The table of the exit codes: the number that the shell sees, and what it means in the words of the reference.
macro_rules! exits {
    ($($exit:ident = $code:literal, $meaning:literal;)*) => {
        /// The exit codes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Exit { $(#[doc = $meaning] $exit,)* }

        impl Exit {
            /// In the order of the reference.
            pub const ALL: &[Self] = &[$(Self::$exit),*];

            /// What it means, in the words of the reference.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$exit => $meaning,)* }
            }

            /// The number that the shell sees.
            pub fn code(self) -> u8 {
                match self { $(Self::$exit => $code,)* }
            }
        }
    };
}

kinds! {
    /// The command was typed wrong, or an answer was needed and nobody could be asked.
    Usage = "usage" => Usage,
    /// A token is missing, expired or of the wrong app.
    Auth = "auth" => SignIn,
    /// The token lacks a permission.
    Permission = "permission" => SignIn,
    /// Meta's quota is used up.
    Quota = "quota" => Quota,
    /// Meta or the way there had a passing fault.
    Transient = "transient" => Failed,
    /// No answer in time.
    Timeout = "timeout" => Failed,
    /// Meta did not like what was sent.
    Input = "input" => Failed,
    /// A thing is not in the state that the action needs.
    State = "state" => Failed,
    /// A write may or may not have happened.
    UnknownOutcome = "unknown_outcome" => Unknown,
    /// An answer that is no answer of the Graph API.
    UnreadableResponse = "unreadable_response" => Failed,
    /// This machine: a file, a port, a disk.
    Io = "io" => Failed,
    /// A person said no.
    Declined = "declined" => Failed,
    /// Ctrl-C or SIGTERM.
    Interrupted = "interrupted" => Interrupted,
    /// Some of several items failed.
    Partial = "partial" => Partial,
}

exits! {
    Done = 0, "done, or nothing to do";
    Failed = 1, "it failed, the message says why";
    Usage = 2, "wrong usage";
    Partial = 3, "some of several items failed; those that worked are on stdout";
    SignIn = 4, "sign-in or permission: token missing, expired, of the wrong app, or without the permission";
    Quota = 5, "Meta's quota is used up; the message says for how many minutes";
    Unknown = 6, "a write may or may not have happened; `mps resume` finds out";
    Interrupted = 130, "interrupted (Ctrl-C); what was done is in the journal";
}

impl Kind {
    /// The kind of a name in JSON.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut kinds = Self::ALL.iter().copied();
        kinds.find(|kind| kind.name() == name)
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Exit {
    /// The code of several items: 130, else 6, else 5 if any item ended so; else 3 if some worked;
    /// else the code they have in common, or 1.
    pub fn of_several(items: &[Self]) -> Self {
        for worst in [Self::Interrupted, Self::Unknown, Self::Quota] {
            if items.contains(&worst) {
                return worst;
            }
        }
        let worked = items.iter().filter(|item| **item == Self::Done).count();
        match items.split_first() {
            None => Self::Done,
            Some(_) if worked == items.len() => Self::Done,
            Some(_) if worked > 0 => Self::Partial,
            Some((first, rest)) if rest.iter().all(|item| item == first) => *first,
            Some(_) => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_code() {
        let codes: Vec<(&str, u8)> = Kind::ALL
            .iter()
            .map(|kind| (kind.name(), kind.exit().code()))
            .collect();
        assert_eq!(
            codes,
            [
                ("usage", 2),
                ("auth", 4),
                ("permission", 4),
                ("quota", 5),
                ("transient", 1),
                ("timeout", 1),
                ("input", 1),
                ("state", 1),
                ("unknown_outcome", 6),
                ("unreadable_response", 1),
                ("io", 1),
                ("declined", 1),
                ("interrupted", 130),
                ("partial", 3),
            ]
        );
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(*kind));
        }
    }

    #[test]
    fn several_items() {
        use Exit::{Done, Failed, Interrupted, Partial, Quota, SignIn, Unknown, Usage};
        for (items, expected) in [
            (&[][..], Done),
            (&[Done], Done),
            (&[Done, Done], Done),
            (&[Done, Failed], Partial),
            (&[Done, SignIn], Partial),
            (&[SignIn], SignIn),
            (&[SignIn, SignIn], SignIn),
            (&[SignIn, Failed], Failed),
            (&[Failed, Failed], Failed),
            (&[Usage], Usage),
            (&[Done, Quota], Quota),
            (&[Done, Quota, Unknown], Unknown),
            (&[Unknown, Interrupted, Done], Interrupted),
            (&[Done, Partial], Partial),
        ] {
            assert_eq!(Exit::of_several(items), expected, "{items:?}");
        }
    }
}
