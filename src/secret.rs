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
    /// In quotes.
    #[error("it has quotes around or in it; the token alone is wanted, without them")]
    Quoted,
    /// A whole answer, or a file of settings.
    #[error("it is JSON; the value of access_token alone is wanted, without quotes")]
    Json,
    /// `access_token=…`, `MPS_USER_TOKEN=…`.
    #[error("it is NAME=VALUE; what stands behind the equals sign is wanted, and nothing else")]
    Named,
    /// An address with a token in it, or without.
    #[error("it is an address; the value of access_token in it is wanted, up to the next &")]
    Address,
    /// As it stands in an address.
    #[error("it holds a %, as in an address; the token itself is wanted, without such codes")]
    Encoded,
    /// A whole header.
    #[error("it begins with Bearer or OAuth, as a header does; the token behind it is wanted")]
    Header,
    /// Words that stand for a token.
    #[error(
        "it is what stands in a guide in place of a token ($… or <…>); the token itself is wanted"
    )]
    Placeholder,
    /// A blank, a control character or a non-ASCII one in the address of a database.
    #[error(
        "it holds a blank or a character that no address has; such a one is written with percent escapes, a blank as %20"
    )]
    OddAddress,
    /// Longer than any token.
    #[error("it is longer than {MAX_BYTES} bytes, which no token is")]
    TooLong,
}

/// What a text is that can be no token.
fn token_form(text: &str) -> Option<SecretError> {
    let word = |word: &str| {
        let head = text.get(..word.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    let is_name = |name: &str| {
        let upper = name.bytes().all(|byte| !byte.is_ascii_lowercase());
        let of_a_secret = ["token", "secret"].iter().any(|word| name.contains(word));
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && (of_a_secret || upper && name.contains('_'))
    };
    let named = text.split_once('=').is_some_and(|(name, _)| is_name(name));
    Some(if text.starts_with(['{', '[']) {
        SecretError::Json
    } else if text.starts_with("http") && text.contains("://") {
        SecretError::Address
    } else if named {
        SecretError::Named
    } else if text.contains(['"', '\'', '`']) {
        SecretError::Quoted
    } else if word("bearer ") || word("oauth ") {
        SecretError::Header
    } else if text.starts_with(['<', '$']) {
        SecretError::Placeholder
    } else if text.contains('%') {
        SecretError::Encoded
    } else {
        return None;
    })
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

    /// Reads what Meta gives out, a token or an app secret: the same, but for what none of those can be, which would
    /// be sent for nothing.
    pub fn parse_token(text: &str) -> Result<Self, SecretError> {
        match token_form(text.trim_start_matches('\u{feff}').trim()) {
            Some(error) => Err(error),
            None => Self::parse(text),
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
    fn what_can_be_no_token() {
        for (text, expected) in [
            ("EAAx", Ok(())),
            ("7|secret", Ok(())),
            ("EAAx==", Ok(())),
            ("\"EAAx\"", Err(SecretError::Quoted)),
            ("'EAAx'", Err(SecretError::Quoted)),
            ("{\"access_token\":\"EAAx\"}", Err(SecretError::Json)),
            ("access_token=EAAx", Err(SecretError::Named)),
            ("MPS_USER_TOKEN=\"EAAx\"", Err(SecretError::Named)),
            (
                "https://localhost/#access_token=EAAx",
                Err(SecretError::Address),
            ),
            ("EAA%3D", Err(SecretError::Encoded)),
            ("Bearer EAAx", Err(SecretError::Header)),
            ("<TOKEN>", Err(SecretError::Placeholder)),
            ("$MPS_USER_TOKEN", Err(SecretError::Placeholder)),
            ("EAA x", Err(SecretError::Malformed)),
            ("", Err(SecretError::Empty)),
        ] {
            let read = Secret::parse_token(text).map(|_| ());
            assert_eq!(read, expected, "{text}");
        }
    }

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
