//! Whom a link is for, in the operator's words: what `--for` takes and a spreadsheet's column `ref` holds.

use std::{fmt, str::FromStr};

/// Longest label, in characters.
const LONGEST: usize = 100;

/// Whom a link is for, in the operator's words. One line of text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkLabel(String);

impl LinkLabel {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LinkLabel {
    type Err = LabelError;

    /// Blanks around it do not count: a spreadsheet leaves some.
    fn from_str(text: &str) -> Result<Self, LabelError> {
        let text = text.trim();
        if text.is_empty() {
            Err(LabelError::Empty)
        } else if text.chars().any(char::is_control) {
            Err(LabelError::Control)
        } else if text.chars().count() > LONGEST {
            Err(LabelError::Long)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl fmt::Display for LinkLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for LinkLabel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl crate::record::Json for LinkLabel {
    const TYPE: crate::record::JsonType = crate::record::JsonType::STRING;
}

/// Why no link can be made for a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// There is nothing in it.
    #[error("a label is empty: it says whom the link is for")]
    Empty,
    /// A line feed, a tab.
    #[error("a label is one line of text, without control characters")]
    Control,
    /// It is no name any more.
    #[error("a label has at most {LONGEST} characters")]
    Long,
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn labels() {
        let longest = "é".repeat(LONGEST);
        for good in ["acme", "Chat Ltd / Köln", " acme ", longest.as_str()] {
            assert_eq!(good.parse::<LinkLabel>().unwrap().as_str(), good.trim());
        }
        let long = format!("{longest}x");
        for bad in ["", "  ", "a\nb", "a\u{1b}[2J", long.as_str()] {
            assert!(bad.parse::<LinkLabel>().is_err(), "{bad:?}");
        }
    }
}
