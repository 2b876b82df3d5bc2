//! The closed sets of words that stand in the journal's columns.
//!
//! The one decision: an enum and its words are declared together, so that a word in the file, in JSON
//! and in the code cannot come apart. A new word needs a new schema version: an older mps then refuses
//! the file as newer instead of meeting a word that it does not know.

/// A word in a column that is none of its set.
#[derive(Debug, thiserror::Error)]
#[error("{word:?} is no {set}")]
pub struct UnknownWord {
    word: String,
    set: &'static str,
}

impl UnknownWord {
    pub(super) fn new(word: &str, set: &'static str) -> Self {
        Self {
            word: word.to_owned(),
            set,
        }
    }
}

/// Declares an enum whose variants are words.
macro_rules! words {
    ($(#[$doc:meta])* enum $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$about])* $variant,)* }

        impl $name {
            /// The word in the file and in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = <String as serde::Deserialize>::deserialize(from)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }

        impl $crate::record::Json for $name {
            const TYPE: $crate::record::JsonType = $crate::record::JsonType::STRING;
        }

        impl std::str::FromStr for $name {
            type Err = $crate::journal::stored_enum::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::journal::stored_enum::UnknownWord::new(word, stringify!($name))),
                }
            }
        }
    };
}

pub(super) use words;
