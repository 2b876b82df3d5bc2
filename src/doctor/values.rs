//! Whether a value of a setting is one that the commands could use.
//!
//! The one decision: pure, and by the very readers of the commands, so that `init` keeps nothing that
//! `doctor` would refuse, and `doctor` nothing that a run would.

use std::{fmt::Display, path::Path, str::FromStr};

use clap::ValueEnum as _;

use crate::{
    button::{
        brand::{self, BrandColor},
        link::{self, PublicUrl},
    },
    engine::{Messaging, choose::NameTemplate},
    graph::{self, ApiVersion, BaseUrl},
    ids::AppId,
    lang::Lang,
};

/// Why a value is none for the setting of this profile key.
pub fn why_not(key: &str, value: &str) -> Option<String> {
    fn unread<T: FromStr<Err: Display>>(value: &str) -> Option<String> {
        value.parse::<T>().err().map(|error| error.to_string())
    }
    match key {
        "partner_app_id" => unread::<AppId>(value),
        "name" => unread::<NameTemplate>(value),
        "messaging" => Messaging::from_str(value, true)
            .is_err()
            .then(|| format!("{value:?} is none of both, partner and tech-provider")),
        "jobs" => (!matches!(value.parse(), Ok(1..=64)))
            .then(|| format!("{value:?} is not a number from 1 to 64")),
        "public_url" => public_url(value),
        "api_version" => unread::<ApiVersion>(value),
        "graph_url" => unread::<BaseUrl>(value),
        "ca_file" => graph::no_authorities(Path::new(value)),
        "lang" => unread::<Lang>(value),
        "brand_logo" => brand::logo(Path::new(value)).err(),
        "brand_color" => unread::<BrandColor>(value),
        "privacy_url" => brand::privacy_url(value).err(),
        _ => None,
    }
}

fn public_url(value: &str) -> Option<String> {
    match value.parse::<PublicUrl>() {
        Ok(url) => link::public_url(&url.0, "/")
            .err()
            .map(|error| error.to_string()),
        Err(why) => Some(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (key, value, wrong) in [
            ("partner_app_id", "7", None),
            ("partner_app_id", "seven", Some("is not an id")),
            ("name", "{app_name} + us", None),
            ("name", "{nope}", Some("{nope} is not known")),
            ("jobs", "64", None),
            ("jobs", "0", Some("from 1 to 64")),
            ("messaging", "us", None),
            ("messaging", "nobody", Some("none of both")),
            ("public_url", "https://mps.example.com", None),
            ("public_url", "mps.example.com", Some("is not an address")),
            ("public_url", "http://mps.example.com", Some("is not https")),
            (
                "public_url",
                "https://x.example/y",
                Some("behind the host name"),
            ),
            ("api_version", "v26.0", None),
            ("api_version", "26", Some("they look like v26.0")),
            ("partner_name", "anything", None),
            ("lang", "pt-BR", None),
            ("lang", "de", Some("none of the languages")),
            ("brand_name", "Acme Messaging", None),
            ("brand_color", "#0a7a5c", None),
            ("brand_color", "#ffcc00", Some("too light")),
            ("brand_logo", "logo.png", Some("whole path")),
            ("privacy_url", "https://acme.example/privacy", None),
            ("privacy_url", "http://acme.example/privacy", Some("https")),
        ] {
            let why = why_not(key, value);
            let as_expected = match (wrong, &why) {
                (None, None) => true,
                (Some(wrong), Some(why)) => why.contains(wrong),
                _ => false,
            };
            assert!(as_expected, "{key} {value}: {why:?}");
        }
    }
}
