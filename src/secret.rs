//! Secrets, one type per role, so that the wrong one does not compile and none can be printed.
//!
//! The one decision: a secret has no `Display`, and the only way to its text is [`Secret::expose`],
//! a word that a reviewer can search for. Our copies are wiped when they go; copies that a library
//! makes (a header in the HTTP client, a line in the keyring) are not, and nothing here claims so.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

/// Longest secret accepted, in bytes. Meta's tokens have some 200 today.
const MAX_BYTES: usize = 4096;

/// Why a text is no secret. It never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Nothing but blanks.
    #[error("it is empty")]
    Empty,
    /// A blank, a control character or a non-ASCII one inside.
    #[error(
        "it holds a blank or a character that no token has (is it one token, and the whole file?)"
    )]
    Malformed,
    /// Longer than any token.
    #[error("it is longer than {MAX_BYTES} bytes, which no token is")]
    TooLong,
}

/// A text that must not be seen.
#[derive(Clone)]
pub struct Secret {
    text: Zeroizing<String>,
    place: Option<Arc<str>>,
}

impl Secret {
    /// Reads a secret as people store them: a byte-order mark, CRLF and blanks around it are passed over.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            Err(SecretError::Empty)
        } else if text.len() > MAX_BYTES {
            Err(SecretError::TooLong)
        } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Err(SecretError::Malformed)
        } else {
            Ok(Self {
                text: Zeroizing::new(text.to_owned()),
                place: None,
            })
        }
    }

    /// The text itself. Everything that calls this is a border to be looked at.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The same with where it came from, for those who have to say which one was meant.
    #[must_use]
    pub fn from_place(mut self, place: &str) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Where it came from: a variable, a file, the keyring; none where nobody said so.
    pub fn place(&self) -> Option<&Arc<str>> {
        self.place.as_ref()
    }

    /// What a terminal may show: the first four characters, for telling two tokens apart.
    pub fn masked(&self) -> String {
        let shown = if self.text.len() >= 20 {
            &self.text[..4]
        } else {
            ""
        };
        format!("{shown}…")
    }
}

/// Two places may hold the same secret.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// Makes one role of secret.
macro_rules! role {
    ($(#[$doc:meta])* struct $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(Secret);

        impl $name {
            /// Reads it as people store it, see [`Secret::parse`].
            #[allow(dead_code, reason = "a role of which no constant is read has it for its tests")]
            pub fn parse(text: &str) -> Result<Self, SecretError> {
                Secret::parse(text).map(Self)
            }

            /// The secret, for the header, the proof or the file it is meant for.
            pub fn secret(&self) -> &Secret {
                &self.0
            }
        }

        impl From<Secret> for $name {
            fn from(secret: Secret) -> Self {
                Self(secret)
            }
        }
    };
}

role! {
    /// The Tech Provider's user access token: lists the apps they granted and creates solutions in their name.
    struct UserToken
}
role! {
    /// Our system user's token with `manage_app_solution`: accepts and reads solutions.
    struct SystemToken
}
role! {
    /// The secret of our app: signs calls (appsecret_proof) and verifies signed requests.
    struct AppSecret
}
role! {
    /// What Meta has to say before it may send webhooks; a word of our own choice.
    struct VerifyToken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsing_is_lenient_around_and_strict_inside() {
        for (text, expected) in [
            ("EAAB", Ok("EAAB")),
            ("\u{feff}EAAB\r\n", Ok("EAAB")),
            ("  EAAB \n\n", Ok("EAAB")),
            ("123|abc-_", Ok("123|abc-_")),
            ("", Err(SecretError::Empty)),
            (" \r\n", Err(SecretError::Empty)),
            ("EAAB EAAC", Err(SecretError::Malformed)),
            ("EAAB\nEAAC", Err(SecretError::Malformed)),
            ("EAÄB", Err(SecretError::Malformed)),
            ("EA\u{7}", Err(SecretError::Malformed)),
        ] {
            assert_eq!(
                Secret::parse(text)
                    .as_ref()
                    .map(Secret::expose)
                    .map_err(|error| *error),
                expected,
                "{text:?}"
            );
        }
        assert_eq!(
            Secret::parse(&"a".repeat(MAX_BYTES + 1)),
            Err(SecretError::TooLong)
        );
    }

    #[test]
    fn no_form_of_printing_shows_it() {
        let token = UserToken::parse("EAATESTTOKEN0123456789").unwrap();
        assert_eq!(format!("{token:?}"), "UserToken((secret))");
        assert_eq!(token.secret().masked(), "EAAT…");
        assert_eq!(Secret::parse("short").unwrap().masked(), "…");
    }
}
