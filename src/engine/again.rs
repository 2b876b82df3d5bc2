//! Whether an error names `mps resume`, and what it names where that has nothing to take up.

use super::{Error, error::Needed};
use crate::{env, exit::Kind};

impl Error {
    /// Whether its hint is `mps resume`, which helps only where the journal has something unfinished.
    pub(super) fn names_resume(&self) -> bool {
        match self {
            Self::NotTried { kind } => *kind != Kind::Input,
            Self::Journal(_)
            | Self::NotWrittenDown { .. }
            | Self::NoToken { .. }
            | Self::Unknown { .. }
            | Self::Setup(_)
            | Self::Interrupted(_) => true,
            _ => false,
        }
    }

    /// The same where the journal has nothing for `resume`: then the command itself is repeated.
    pub(super) fn again(self) -> Self {
        const SAME: &str = "type the same command again";
        let hint = match &self {
            Self::Journal(error) | Self::NotWrittenDown { error, .. } => error.hint(),
            Self::NoToken {
                token: Needed::User,
                ..
            } => format!("get {} and {SAME}", Needed::User),
            Self::NoToken {
                token: Needed::System,
                ..
            } => format!("set {} and {SAME}", env::MPS_SYSTEM_TOKEN.name),
            Self::NotTried { .. } => format!("when that is mended, {SAME}"),
            _ => SAME.to_owned(),
        };
        let error = Box::new(self);
        Self::Again { hint, error }
    }

    /// The error itself, without what was said about `resume`.
    pub fn inner(&self) -> &Self {
        match self {
            Self::Again { error, .. } => error.inner(),
            _ => self,
        }
    }
}
