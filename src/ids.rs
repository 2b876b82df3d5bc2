//! The numbers Meta gives to things, checked once and kept as text.
//!
//! The one decision: an id is a string of digits from the moment it is read. JSON numbers lose digits
//! above 2^53 in most tools, so an id is written as a string everywhere and read from either form. Its digits lie in
//! place: a run of many apps holds several ids for each of them.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Longest id accepted, in digits. Meta's ids have 15 to 17 today; 32 leaves room and stops nonsense.
const MAX_DIGITS: usize = 32;

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError(NoId);

/// What stood in the place of an id.
#[derive(Debug, Clone, PartialEq, Eq)]
enum NoId {
    /// A token, or anything as long, which nobody shows.
    Token,
    Empty,
    /// An id in quotes, with them.
    Quoted(String),
    /// Ids between blanks or commas.
    Several(String),
    Other(String),
}

impl NoId {
    fn of(text: &str) -> Self {
        if text.is_empty() {
            Self::Empty
        } else if parts(text).count() > 1 && parts(text).all(is_id) {
            Self::Several(text.to_owned())
        } else if is_id(text.trim_matches(QUOTES)) {
            Self::Quoted(text.to_owned())
        } else if text.starts_with("EAA") || text.chars().count() > MAX_DIGITS {
            // A pasted token must not come back in an error, not even its beginning.
            Self::Token
        } else {
            Self::Other(text.to_owned())
        }
    }
}

/// What stands between blanks or commas.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
    parts.filter(|part| !part.is_empty())
}

/// Those of a shell, and those that a letter or a spreadsheet makes of them.
const QUOTES: [char; 7] = ['"', '\'', '`', '“', '”', '‘', '’'];

impl IdError {
    /// Whether a token stood there, so that whoever tells of it does not show it either.
    pub fn is_of_token(&self) -> bool {
        self.0 == NoId::Token
    }

    /// The ids, where several stood in the place of one.
    pub fn several(&self) -> Option<Vec<&str>> {
        match &self.0 {
            NoId::Several(text) => Some(parts(text).collect()),
            _ => None,
        }
    }
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            NoId::Quoted(text) => {
                return write!(
                    f,
                    "{text} has quotes around it; the digits alone are wanted"
                );
            }
            NoId::Several(text) => {
                return write!(f, "{text:?} is several ids, where one is wanted");
            }
            NoId::Empty => {
                return f.write_str("\"\" is not an id; is a variable empty?");
            }
            NoId::Token => f.write_str("what looks like a token (not shown here) is not an id")?,
            NoId::Other(text) => write!(f, "{text:?} is not an id")?,
        }
        write!(
            f,
            ": Meta's ids are 1 to {MAX_DIGITS} digits, the first not a zero"
        )
    }
}

impl std::error::Error for IdError {}

/// The digits of an id.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Digits {
    length: u8,
    /// Zeros behind the digits.
    ascii: [u8; MAX_DIGITS],
}

impl Digits {
    fn as_str(&self) -> &str {
        // Digits are UTF-8.
        std::str::from_utf8(&self.ascii[..usize::from(self.length)]).unwrap_or_default()
    }
}

/// The form of an id: digits only, no leading zero, at most [`MAX_DIGITS`] of them.
fn is_id(text: &str) -> bool {
    (1..=MAX_DIGITS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.starts_with('0')
}

/// Checks the form of an id, and packs it.
fn digits(text: &str) -> Result<Digits, IdError> {
    if let (true, Ok(length)) = (is_id(text), u8::try_from(text.len())) {
        let mut ascii = [0; MAX_DIGITS];
        ascii[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Digits { length, ascii })
    } else {
        Err(IdError(NoId::of(text)))
    }
}

/// Reads an id from JSON: a string of digits, or a whole number.
fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digits, D::Error> {
    struct Visitor;
    impl de::Visitor<'_> for Visitor {
        type Value = Digits;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an id: a string of digits or a whole number")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Digits, E> {
            digits(text).map_err(E::custom)
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<Digits, E> {
            self.visit_str(&number.to_string())
        }
    }
    deserializer.deserialize_any(Visitor)
}

/// Makes one id type: the same form, but types that cannot be taken for one another.
macro_rules! id {
    ($(#[$doc:meta])* struct $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(Digits);

        impl $name {
            /// The digits.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.as_str()).finish()
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                digits(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                from_json(deserializer).map(Self)
            }
        }

        impl Ord for $name {
            /// By value, so that "the smallest id" is the oldest one and not the shortest text.
            fn cmp(&self, other: &Self) -> Ordering {
                (self.0.length, &self.0.ascii).cmp(&(other.0.length, &other.0.ascii))
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
    };
}

id! {
    /// The id of a Meta app: ours (partner) or the Tech Provider's (owner).
    struct AppId
}
id! {
    /// The id of a Multi-Partner Solution.
    struct SolutionId
}
id! {
    /// The id of a business portfolio.
    struct BusinessId
}
id! {
    /// The id of a WhatsApp Business account.
    struct AccountId
}
id! {
    /// The id of a person or of a system user, as seen by one app.
    struct UserId
}
id! {
    /// The id of a configuration of Facebook Login for Business.
    struct ConfigId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms() {
        let longest = "1".repeat(MAX_DIGITS);
        let too_long = "1".repeat(MAX_DIGITS + 1);
        for good in ["1", "795033096057724", longest.as_str()] {
            assert_eq!(good.parse::<AppId>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "0",
            "0123",
            "12a",
            " 12",
            "12 ",
            "-1",
            "1.5",
            "１２",
            too_long.as_str(),
        ] {
            assert!(bad.parse::<AppId>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn json_forms() {
        for (json, expected) in [
            ("\"795033096057724\"", Some("795033096057724")),
            ("795033096057724", Some("795033096057724")),
            ("18446744073709551615", Some("18446744073709551615")),
            ("1.5", None),
            ("1e15", None),
            ("-5", None),
            ("0", None),
            ("null", None),
            ("true", None),
            ("\"\"", None),
            ("[1]", None),
        ] {
            let id = serde_json::from_str::<SolutionId>(json).ok();
            assert_eq!(id.as_ref().map(SolutionId::as_str), expected, "{json}");
        }
        let id: SolutionId = "42".parse().unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"42\"");
    }

    #[test]
    fn order_is_by_value() {
        let mut ids: Vec<SolutionId> = ["100", "99", "1000"].map(|id| id.parse().unwrap()).into();
        ids.sort();
        assert_eq!(
            ids.iter().map(SolutionId::as_str).collect::<Vec<_>>(),
            ["99", "100", "1000"]
        );
    }

    #[test]
    fn what_an_operator_gives_in_the_place_of_an_id_is_called_what_it_is() {
        for (text, said) in [
            ("", "\"\" is not an id; is a variable empty?"),
            (
                "\"795\"",
                "\"795\" has quotes around it; the digits alone are wanted",
            ),
            (
                "“795”",
                "“795” has quotes around it; the digits alone are wanted",
            ),
            (
                "795,212; 7",
                "\"795,212; 7\" is several ids, where one is wanted",
            ),
            (
                "acme",
                "\"acme\" is not an id: Meta's ids are 1 to 32 digits, the first not a zero",
            ),
        ] {
            let error = text.parse::<AppId>().unwrap_err();
            assert_eq!(error.to_string(), said);
        }
        // As long as a token, and none.
        let three = ["795033096057724"; 3].join(",");
        let error = three.parse::<AppId>().unwrap_err();
        assert!(!error.is_of_token(), "{error}");
        assert_eq!(error.several().map(|ids| ids.len()), Some(3));
    }

    #[test]
    fn a_pasted_token_is_not_repeated_whole() {
        let error = "EAATESTTOKEN0123456789"
            .parse::<AppId>()
            .unwrap_err()
            .to_string();
        assert!(!error.contains("EAATESTTOKEN0123456789"), "{error}");
    }
}
