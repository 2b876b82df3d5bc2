//! What Tech Providers read, in their language.
//!
//! The one decision: a language is one file with every sentence of the page and of the messages. Elsewhere stand codes and
//! values; which words they have is said here only.

mod en;
mod es;
mod fr;
mod hi;
mod id;
mod pt_br;
mod sentences;

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use strum::VariantArray as _;

pub use self::{
    en::EN,
    sentences::{DateSentences, HandoffSentences, InviteSentences, Sentences, TroubleSentences},
};

/// A language that a Tech Provider can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::VariantArray)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
    /// Brazilian Portuguese.
    PtBr,
    /// French.
    Fr,
    /// Indonesian.
    Id,
    /// Hindi.
    Hi,
}

impl Lang {
    /// All of them.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its tag, as HTML and mail say it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::PtBr => "pt-BR",
            Self::Fr => "fr",
            Self::Id => "id",
            Self::Hi => "hi",
        }
    }

    /// Meta's name for it, as in the address of the SDK.
    pub fn meta_locale(self) -> &'static str {
        match self {
            Self::En => "en_US",
            Self::Es => "es_LA",
            Self::PtBr => "pt_BR",
            Self::Fr => "fr_FR",
            Self::Id => "id_ID",
            Self::Hi => "hi_IN",
        }
    }

    /// Its sentences.
    pub fn sentences(self) -> &'static Sentences {
        match self {
            Self::En => &EN,
            Self::Es => &es::ES,
            Self::PtBr => &pt_br::PT_BR,
            Self::Fr => &fr::FR,
            Self::Id => &id::ID,
            Self::Hi => &hi::HI,
        }
    }

    /// The language of a tag: of `es-MX` Spanish, of any Portuguese Brazil's.
    fn of_tag(tag: &str) -> Option<Self> {
        let language = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "es" => Some(Self::Es),
            "pt" => Some(Self::PtBr),
            "fr" => Some(Self::Fr),
            // Java and old browsers say `in`.
            "id" | "in" => Some(Self::Id),
            "hi" => Some(Self::Hi),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` that is known here; of equal weights the one that stands first.
    pub fn of_browser(accept: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for wish in accept.split(',') {
            let (tag, parameters) = wish.split_once(';').unwrap_or((wish, ""));
            let weight = match parameters.trim().split_once('=') {
                Some((name, weight)) if name.trim() == "q" => weight.trim().parse().unwrap_or(0.0),
                _ => 1.0,
            };
            if let Some(language) = Self::of_tag(tag)
                && weight > best.map_or(0.0, |(_, best)| best)
            {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language)
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Lang {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::of_tag(text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|lang| lang.tag()).collect();
            format!("{text:?} is none of the languages {}", known.join(", "))
        })
    }
}

/// Fills `{name}` in one pass, so that a value is never looked at again.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    fill_between(sentence, ["{", "}"], |name| {
        let value = values.iter().find(|(known, _)| *known == name);
        value.map(|(_, value)| (*value).to_owned())
    })
}

/// Fills what stands between two marks in one pass; what has no value goes.
pub fn fill_between(
    template: &str,
    [open, close]: [&str; 2],
    value: impl Fn(&str) -> Option<String>,
) -> String {
    let mut filled = String::with_capacity(template.len() + 256);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once(open) {
        let (name, after) = after.split_once(close).unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(&value(name).unwrap_or_default());
        rest = after;
    }
    filled.push_str(rest);
    filled
}

impl DateSentences {
    /// A moment as it stands in a sentence.
    pub fn of(&self, moment: Timestamp) -> String {
        let months = [
            self.january,
            self.february,
            self.march,
            self.april,
            self.may,
            self.june,
            self.july,
            self.august,
            self.september,
            self.october,
            self.november,
            self.december,
        ];
        let date = jiff::tz::Offset::UTC.to_datetime(moment);
        let month = usize::try_from(date.month()).unwrap_or(1);
        let values = [
            ("day", &*date.day().to_string()),
            ("month", months[month - 1]),
            ("year", &*date.year().to_string()),
            ("time", &*date.strftime("%H:%M").to_string()),
        ];
        fill(self.moment, &values)
    }
}

impl TroubleSentences {
    /// The pop-up's text of an id.
    pub fn text(&self, id: &str) -> Option<&'static str> {
        Some(match id {
            "insecure" => self.insecure,
            "sdk-host" => self.sdk_host,
            "sdk-off" => self.sdk_off,
            "domain" => self.domain,
            "redirect" => self.redirect,
            "permission" => self.permission,
            "unavailable" => self.unavailable,
            "development" => self.development,
            "scope" => self.scope,
            "feed" => self.feed,
            _ => return None,
        })
    }

    /// What the person can do about it; None: it is ours to mend.
    pub fn for_them(&self, id: &str) -> Option<&'static str> {
        (id == "feed").then_some(self.feed_for_them)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// Every sentence with its place.
    fn leaves(value: &Value, place: &str, found: &mut Vec<(String, String)>) {
        match value {
            Value::String(text) => found.push((place.to_owned(), text.clone())),
            Value::Object(fields) => {
                for (name, value) in fields {
                    leaves(value, &format!("{place}/{name}"), found);
                }
            }
            Value::Array(items) => {
                for (at, value) in items.iter().enumerate() {
                    leaves(value, &format!("{place}/{at}"), found);
                }
            }
            _ => panic!("{place}: {value}"),
        }
    }

    fn sentences(lang: Lang) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let value = serde_json::to_value(lang.sentences()).unwrap();
        leaves(&value, "", &mut found);
        found
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .map(|rest| rest.split('}').next().unwrap())
            .collect()
    }

    #[test]
    fn no_language_lacks_a_sentence_or_a_placeholder() {
        let english = sentences(Lang::En);
        assert!(english.len() > 150);
        for lang in Lang::ALL {
            for ((place, text), (_, theirs)) in english.iter().zip(sentences(*lang)) {
                assert!(
                    !theirs.trim().is_empty() && theirs.trim() == theirs,
                    "{lang} {place}: {theirs:?}"
                );
                assert_eq!(
                    placeholders(text),
                    placeholders(&theirs),
                    "{lang} {place}: {theirs}"
                );
                // What a program reads stays as it is.
                for word in ["extras.setup.solutionID", "manage_app_solution", "ACTIVE"] {
                    assert_eq!(
                        text.contains(word),
                        theirs.contains(word),
                        "{lang} {place}: {word}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_sentence_was_left_in_english() {
        // Names, and words that both languages share.
        let shared = |text: &str| text.chars().filter(char::is_ascii_alphabetic).count() < 12;
        for lang in &Lang::ALL[1..] {
            for ((place, text), (_, theirs)) in sentences(Lang::En).iter().zip(sentences(*lang)) {
                assert!(
                    shared(text) || *text != theirs || place.ends_with("moment"),
                    "{lang} {place}: {theirs}"
                );
            }
        }
    }

    #[test]
    fn the_browsers_wish() {
        for (accept, expected) in [
            ("es-MX,es;q=0.9,en;q=0.8", Some(Lang::Es)),
            ("de-DE,de;q=0.9,pt;q=0.5,en;q=0.4", Some(Lang::PtBr)),
            ("en;q=0.3, fr;q=0.7", Some(Lang::Fr)),
            ("hi", Some(Lang::Hi)),
            ("in-ID", Some(Lang::Id)),
            ("FR_ca", Some(Lang::Fr)),
            ("id;q=0, en", Some(Lang::En)),
            ("de, *", None),
            ("", None),
            (";;q=,=", None),
            ("fr;q=many", None),
        ] {
            assert_eq!(Lang::of_browser(accept), expected, "{accept}");
        }
    }

    #[test]
    fn tags() {
        for lang in Lang::ALL {
            assert_eq!(lang.tag().parse::<Lang>().as_ref(), Ok(lang));
            assert_eq!(lang.meta_locale().parse::<Lang>().as_ref(), Ok(lang));
        }
        assert_eq!(
            "de".parse::<Lang>().unwrap_err(),
            "\"de\" is none of the languages en, es, pt-BR, fr, id, hi"
        );
    }

    #[test]
    fn moments() {
        let moment = "2026-11-29T12:05:00Z".parse().unwrap();
        for (lang, expected) in [
            (Lang::En, "29 November 2026, 12:05 UTC"),
            (Lang::Es, "29 de noviembre de 2026, 12:05 UTC"),
            (Lang::Hi, "29 नवंबर 2026, 12:05 UTC"),
        ] {
            assert_eq!(lang.sentences().date.of(moment), expected);
        }
    }

    #[test]
    fn a_value_is_not_filled_again() {
        let filled = fill("{a} and {b} {c}", &[("a", "{b}"), ("b", "2")]);
        assert_eq!(filled, "{b} and 2 ");
    }
}
