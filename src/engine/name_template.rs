//! The names of solutions: a template, filled for each app.
//!
//! The one decision: a name is for people and never an identity, so it may be cut and tidied until Meta
//! takes it; what is cut is the end of the Tech Provider's app name, never what the operator wrote.

use crate::{graph::App, ids::AppId};

/// Shortest and longest name of a solution, in Unicode scalar values (Meta's page: 2 to 75 characters).
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 2..=75;

/// A template of solution names, checked when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameTemplate {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(Field),
}

/// What a template can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    AppName,
    AppId,
    PartnerName,
    PartnerAppId,
    Label,
    Date,
}

/// What fills a template for one app.
#[derive(Debug, Clone, Copy)]
pub struct NameFacts<'a> {
    /// The Tech Provider's app.
    pub app: &'a App,
    /// Our name.
    pub partner_name: &'a str,
    /// Our app.
    pub partner: &'a AppId,
    /// The label of the link, or nothing.
    pub label: &'a str,
    /// Today, `YYYY-MM-DD`, UTC.
    pub date: &'a str,
}

/// StopReason a name cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// `{…}` with a word that is none of ours.
    #[error(
        "{{{0}}} is not known; a name can hold {{app_name}}, {{app_id}}, {{partner_name}}, {{partner_app_id}}, {{label}} and {{date}}"
    )]
    UnknownField(String),
    /// A brace without its twin.
    #[error("a brace is not closed")]
    OpenBrace,
    /// Too short, even filled.
    #[error("the name {0:?} is shorter than 2 characters")]
    TooShort(String),
    /// Too long without the app's name already.
    #[error("without the app's name it has {0} characters already, and Meta takes 75")]
    TooLong(usize),
}

impl std::str::FromStr for NameTemplate {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (before, after) = (&rest[..open], &rest[open + 1..]);
            let close = after.find('}').ok_or(NameError::OpenBrace)?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Field(match &after[..close] {
                "app_name" => Field::AppName,
                "app_id" => Field::AppId,
                "partner_name" => Field::PartnerName,
                "partner_app_id" => Field::PartnerAppId,
                "label" => Field::Label,
                "date" => Field::Date,
                other => return Err(NameError::UnknownField(other.to_owned())),
            }));
            rest = &after[close + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }
}

impl NameTemplate {
    /// The name for one app: control characters go, blanks collapse, an empty app name becomes the app
    /// id, and what is too long loses the end of `{app_name}`, never the rest.
    pub fn fill(&self, facts: NameFacts<'_>) -> Result<String, NameError> {
        let app_name = tidy(&facts.app.name);
        let app_name = if app_name.is_empty() {
            facts.app.id.to_string()
        } else {
            app_name
        };
        let whole = self.filled_with(&app_name, facts);
        let length = whole.chars().count();
        if length < *NAME_LENGTH.start() {
            return Err(NameError::TooShort(whole));
        }
        if length <= *NAME_LENGTH.end() {
            return Ok(whole);
        }
        let uses = self
            .parts
            .iter()
            .filter(|part| **part == Part::Field(Field::AppName))
            .count();
        let mut keep = app_name.chars().count();
        while uses > 0 && keep > 0 {
            keep -= 1;
            let shorter: String = app_name.chars().take(keep).collect();
            let name = self.filled_with(shorter.trim_end(), facts);
            if name.chars().count() <= *NAME_LENGTH.end() && keep > 0 {
                return Ok(name);
            }
        }
        Err(NameError::TooLong(
            self.filled_with("", facts).chars().count(),
        ))
    }

    /// Whether the app's id stands in it, which no other app has.
    pub fn has_app_id(&self) -> bool {
        self.parts.contains(&Part::Field(Field::AppId))
    }

    /// Whether our name stands in it.
    pub fn has_partner_name(&self) -> bool {
        self.parts.contains(&Part::Field(Field::PartnerName))
    }

    fn filled_with(&self, app_name: &str, facts: NameFacts<'_>) -> String {
        let text: String = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.as_str(),
                Part::Field(Field::AppName) => app_name,
                Part::Field(Field::AppId) => facts.app.id.as_str(),
                Part::Field(Field::PartnerName) => facts.partner_name,
                Part::Field(Field::PartnerAppId) => facts.partner.as_str(),
                Part::Field(Field::Label) => facts.label,
                Part::Field(Field::Date) => facts.date,
            })
            .collect();
        tidy(&text)
    }
}

/// Control characters go, runs of blanks become one, none at the ends.
fn tidy(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| c.is_whitespace() || !c.is_control())
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(id: &str, name: &str) -> App {
        App {
            id: id.parse().unwrap(),
            name: name.to_owned(),
            link: None,
        }
    }

    fn fill(template: &str, name: &str) -> Result<String, NameError> {
        let app = app("42", name);
        let facts = NameFacts {
            app: &app,
            partner_name: "Acme",
            partner: &"7".parse().unwrap(),
            label: "lucky",
            date: "2026-11-22",
        };
        template.parse::<NameTemplate>()?.fill(facts)
    }

    #[test]
    fn names() {
        let long = "x".repeat(100);
        let cut = format!("{} + Acme", "x".repeat(68));
        for (template, name, expected) in [
            (
                "{app_name} + {partner_name}",
                "Lucky Shrub",
                Ok("Lucky Shrub + Acme"),
            ),
            ("{app_name} + {partner_name}", "", Ok("42 + Acme")),
            ("{app_name} + {partner_name}", " \u{7}\n", Ok("42 + Acme")),
            (
                "{app_name} + {partner_name}",
                "Lucky\n  Shrub\u{0}",
                Ok("Lucky Shrub + Acme"),
            ),
            ("{app_name} + {partner_name}", &long, Ok(cut.as_str())),
            (
                "{app_id}/{partner_app_id} {label} {date}",
                "x",
                Ok("42/7 lucky 2026-11-22"),
            ),
            ("fixed", "x", Ok("fixed")),
            ("a", "x", Err(NameError::TooShort("a".into()))),
            ("{nope}", "x", Err(NameError::UnknownField("nope".into()))),
            ("{app_name", "x", Err(NameError::OpenBrace)),
        ] {
            assert_eq!(
                fill(template, name),
                expected.map(str::to_owned),
                "{template} {name}"
            );
        }
        assert_eq!(fill(&long, "x"), Err(NameError::TooLong(100)));
        assert_eq!(
            fill("{app_name}", &"花".repeat(80))
                .unwrap()
                .chars()
                .count(),
            75
        );
    }

    proptest::proptest! {
        #[test]
        fn a_filled_name_is_always_one_that_meta_takes(name in "\\PC{0,120}|.{0,120}") {
            let name = fill("{app_name} + {partner_name}", &name).unwrap();
            proptest::prop_assert!(NAME_LENGTH.contains(&name.chars().count()));
            proptest::prop_assert!(name.ends_with("+ Acme") && !name.chars().any(char::is_control));
        }
    }
}
