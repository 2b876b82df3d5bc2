//! Names of profiles.
//!
//! The one decision: a name is a file's name on every system, so it is checked before it meets a path.

use std::{fmt, str::FromStr};

use super::Error;

/// A name that can stand in a path: letters, digits, `.`, `_` and `-`, at most 64, the first a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileName(String);

impl ProfileName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ProfileName {
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ProfileName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let begins_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if begins_well && text.len() <= 64 && text.chars().all(inside) && !text.ends_with('.') {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::Name(text.chars().take(80).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (text, good) in [
            ("default", true),
            ("acme-prod.2", true),
            (" work ", true),
            ("", false),
            (".hidden", false),
            ("../x", false),
            ("a/b", false),
            ("a b", false),
            ("ünder", false),
            ("dot.", false),
        ] {
            assert_eq!(text.parse::<ProfileName>().is_ok(), good, "{text:?}");
        }
        assert!("a".repeat(65).parse::<ProfileName>().is_err());
    }
}
