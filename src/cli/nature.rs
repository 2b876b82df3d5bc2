//! What commands are like, and what may be known of the command line without its commands.

use std::ffi::OsString;

/// What a command does, which says how it may be left and what is said around it; from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nature {
    /// It talks to nobody and changes nothing: no log is kept of it.
    Offline,
    /// It only reads, so that it can be left at any moment.
    Reads,
    /// What it changes is on this machine, or it waits for somebody; a stop ends it in its own way.
    Local,
    /// It changes something at Meta, so that a stop waits for the write under way.
    Writes,
}

impl Nature {
    /// Its word in `mps help --json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Reads => "reads",
            Self::Local => "local",
            Self::Writes => "writes",
        }
    }

    /// Whether `mps resume` can have something to take up, and a stop is the command's own to obey.
    pub fn ends_itself(self) -> bool {
        self != Self::Reads
    }
}

/// What the run of a command is prepared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandTraits {
    /// What it does.
    pub nature: Nature,
    /// It is about what is at a Graph host, so that another one than Meta's is said.
    pub host: bool,
    /// A profile that cannot be read ends it.
    pub profile: bool,
}

/// The command line for those who speak about it: the tree, and what a line would do.
pub(super) struct Grammar {
    /// The commands and options.
    pub tree: clap::Command,
    /// What a whole line does, the program's name first; `None` where it cannot be read.
    pub nature: fn(&[OsString]) -> Option<Nature>,
}
