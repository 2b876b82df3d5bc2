//! One check and what came of it.
//!
//! The one decision: four marks, and a failed check has the kind of the failure it would cause, so that the
//! exit code of `mps doctor` is the one that the real command would end with.

use serde_json::{Value, json};

use crate::{
    context::failure::Failure,
    exit::{Exit, Kind},
};

/// Where the failure itself names no remedy.
const AGAIN: &str = "mend what is said here, then: mps doctor";

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// As it should be.
    Good,
    /// It works, or may not matter; look at it.
    Warning,
    /// A command will fail by it, so.
    Bad(Kind),
    /// It could not be looked at.
    Skipped,
}

impl Mark {
    /// The sign for people.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Warning => "!",
            Self::Bad(_) => "✗",
            Self::Skipped => "–",
        }
    }

    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Warning => "warning",
            Self::Bad(_) => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// One line of the check-up.
#[derive(Debug, Clone)]
pub struct CheckRow {
    /// What was checked.
    pub check: &'static str,
    /// How it went.
    pub mark: Mark,
    /// What was seen.
    pub seen: String,
    /// What mends it.
    pub remedy: Option<String>,
    /// More for programs; an object or null.
    pub details: Value,
}

impl CheckRow {
    pub(crate) fn new(check: &'static str, mark: Mark, seen: impl Into<String>) -> Self {
        Self {
            check,
            mark,
            seen: seen.into(),
            remedy: None,
            details: Value::Null,
        }
    }

    pub(crate) fn good(check: &'static str, seen: impl Into<String>) -> Self {
        Self::new(check, Mark::Good, seen)
    }

    pub(crate) fn warning(check: &'static str, seen: impl Into<String>) -> Self {
        Self::new(check, Mark::Warning, seen)
    }

    pub(crate) fn bad(check: &'static str, kind: Kind, seen: impl Into<String>) -> Self {
        Self::new(check, Mark::Bad(kind), seen)
    }

    pub(crate) fn skipped(check: &'static str, why: impl Into<String>) -> Self {
        Self::new(check, Mark::Skipped, why)
    }

    /// Whether it is a setting that has to be mended before anybody can be asked.
    pub(crate) fn closes_the_way(&self) -> bool {
        let of_the_way = ["api_version", "graph_url", "ca_file"].contains(&self.check);
        of_the_way && matches!(self.mark, Mark::Bad(_))
    }

    /// A failure as a row.
    pub(crate) fn failed(check: &'static str, failure: Failure) -> Self {
        let seen = std::iter::once(failure.message)
            .chain(failure.causes)
            .collect::<Vec<_>>()
            .join("; ");
        let details = json!({"code": failure.code, "subcode": failure.subcode, "fbtrace_id": failure.fbtrace_id});
        Self {
            remedy: failure.hint.or_else(|| Some(AGAIN.to_owned())),
            details: if failure.code.is_some() {
                details
            } else {
                Value::Null
            },
            ..Self::bad(check, failure.kind, seen)
        }
    }

    #[must_use]
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    #[must_use]
    pub(crate) fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// How the whole check-up went: nothing to report, or the worst of what failed.
pub fn verdict(rows: &[CheckRow]) -> Option<Failure> {
    let kinds = rows.iter().filter_map(|row| match row.mark {
        Mark::Bad(kind) => Some(kind),
        _ => None,
    });
    let bad = kinds.clone().count();
    let worst = kinds.max_by_key(|kind| severity(kind.exit()))?;
    let first = rows.iter().find(|row| matches!(row.mark, Mark::Bad(_)));
    let first = first.map_or("", |row| row.check).replace('_', " ");
    let (message, hint) = if bad == 1 {
        (
            "1 check failed".to_owned(),
            format!("when {first} is mended: mps doctor"),
        )
    } else {
        (
            format!("{bad} checks failed"),
            format!("mend {first} first, the others may follow from it; then: mps doctor"),
        )
    };
    let mut failure = Failure::new(worst, message).hint(hint);
    failure.exit = Some(worst.exit());
    Some(failure)
}

/// The codes of the reference, the one that asks for the most last.
fn severity(exit: Exit) -> u8 {
    exit.code()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_counts() {
        let bad = |kind| CheckRow::bad("x", kind, "");
        let code = |rows: &[CheckRow]| verdict(rows).map(|failure| failure.exit().code());
        assert_eq!(code(&[]), None);
        assert_eq!(
            code(&[
                CheckRow::good("x", ""),
                CheckRow::warning("x", ""),
                CheckRow::skipped("x", "")
            ]),
            None
        );
        assert_eq!(code(&[bad(Kind::Io)]), Some(1));
        assert_eq!(code(&[bad(Kind::Auth), bad(Kind::Io)]), Some(4));
        assert_eq!(code(&[bad(Kind::Usage), bad(Kind::Permission)]), Some(4));
        assert_eq!(code(&[bad(Kind::Quota), bad(Kind::Auth)]), Some(5));
    }
}
