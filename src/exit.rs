//! How a run can end: the kinds of failure and the exit codes, as the tables of the reference have them.
//!
//! The one decision: a failure has a kind, and the kind alone chooses the code. Scripts act on both.

use serde::{Serialize, Serializer};

/// What sort of failure it was. The names are part of the interface (`error.kind` in JSON).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The command was typed wrong, or an answer was needed and nobody could be asked.
    Usage,
    /// A token is missing, expired or of the wrong app.
    Auth,
    /// The token lacks a permission.
    Permission,
    /// Meta's quota is used up.
    Quota,
    /// Meta or the way there had a passing fault.
    Transient,
    /// No answer in time.
    Timeout,
    /// Meta did not like what was sent.
    Input,
    /// A thing is not in the state that the action needs.
    State,
    /// A write may or may not have happened.
    UnknownOutcome,
    /// An answer that is no answer of the Graph API.
    UnreadableResponse,
    /// This machine: a file, a port, a disk.
    Io,
    /// A person said no.
    Declined,
    /// Ctrl-C or SIGTERM.
    Interrupted,
    /// Some of several items failed.
    Partial,
}

impl Kind {
    /// All kinds, for tests and for the reference.
    pub const ALL: [Self; 14] = [
        Self::Usage,
        Self::Auth,
        Self::Permission,
        Self::Quota,
        Self::Transient,
        Self::Timeout,
        Self::Input,
        Self::State,
        Self::UnknownOutcome,
        Self::UnreadableResponse,
        Self::Io,
        Self::Declined,
        Self::Interrupted,
        Self::Partial,
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::Quota => "quota",
            Self::Transient => "transient",
            Self::Timeout => "timeout",
            Self::Input => "input",
            Self::State => "state",
            Self::UnknownOutcome => "unknown_outcome",
            Self::UnreadableResponse => "unreadable_response",
            Self::Io => "io",
            Self::Declined => "declined",
            Self::Interrupted => "interrupted",
            Self::Partial => "partial",
        }
    }

    /// The kind of a name in JSON.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The code that a run with this one failure ends with.
    pub fn exit(self) -> Exit {
        match self {
            Self::Usage => Exit::Usage,
            Self::Auth | Self::Permission => Exit::SignIn,
            Self::Quota => Exit::Quota,
            Self::UnknownOutcome => Exit::Unknown,
            Self::Partial => Exit::Partial,
            Self::Interrupted => Exit::Interrupted,
            Self::Transient
            | Self::Timeout
            | Self::Input
            | Self::State
            | Self::UnreadableResponse
            | Self::Io
            | Self::Declined => Exit::Failed,
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, or nothing to do.
    Done,
    /// 1: it failed, the message says why.
    Failed,
    /// 2: wrong usage.
    Usage,
    /// 3: some of several items failed; those that worked are on stdout.
    Partial,
    /// 4: sign-in or permission.
    SignIn,
    /// 5: Meta's quota is used up.
    Quota,
    /// 6: a write may or may not have happened.
    Unknown,
    /// 130: interrupted.
    Interrupted,
}

impl Exit {
    /// All codes, in the order of the reference.
    pub const ALL: [Self; 8] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Partial,
        Self::SignIn,
        Self::Quota,
        Self::Unknown,
        Self::Interrupted,
    ];

    /// What it means, in the words of the reference.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done, or nothing to do",
            Self::Failed => "it failed, the message says why",
            Self::Usage => "wrong usage",
            Self::Partial => "some of several items failed; those that worked are on stdout",
            Self::SignIn => {
                "sign-in or permission: token missing, expired, of the wrong app, or without the permission"
            }
            Self::Quota => "Meta's quota is used up; the message says for how many minutes",
            Self::Unknown => "a write may or may not have happened; `mps resume` finds out",
            Self::Interrupted => "interrupted (Ctrl-C); what was done is in the journal",
        }
    }

    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Partial => 3,
            Self::SignIn => 4,
            Self::Quota => 5,
            Self::Unknown => 6,
            Self::Interrupted => 130,
        }
    }

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
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
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
