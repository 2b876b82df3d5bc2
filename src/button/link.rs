//! The path of the page, so that a link survives the day.
//!
//! The one decision: a Tech Provider in another company clicks tomorrow, after we were restarted, so an unguessable
//! path is kept per label. The journal keeps it; here is its form, and what an mps before that kept in files.

use std::{fs, path::Path};

use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::{public, random};
use crate::http_server::{error::Error, store};

/// Letters of a path, behind the `/`.
const LENGTH: usize = 22;

/// Which path the page has.
#[derive(Clone, PartialEq, Eq)]
pub enum Link {
    /// For this run.
    Ephemeral,
    /// The same after a restart.
    Kept {
        /// Whom it is for.
        label: String,
        /// The path, `/` first.
        path: String,
        /// From then on it is over.
        expires_at: Timestamp,
    },
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ephemeral => f.write_str("Ephemeral"),
            Self::Kept { expires_at, .. } => f
                .debug_struct("Kept")
                .field("expires_at", expires_at)
                .finish_non_exhaustive(),
        }
    }
}

/// A public address as it is typed.
#[derive(Debug, Clone)]
pub struct PublicUrl(pub Url);

impl std::str::FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| {
            format!("{text:?} is not an address; it looks like https://onboarding.example.com")
        })
    }
}

impl Link {
    /// A path for this run.
    pub fn ephemeral() -> Self {
        Self::Ephemeral
    }

    /// A path that survives restarts.
    pub fn kept(label: impl Into<String>, path: impl Into<String>, expires_at: Timestamp) -> Self {
        Self::Kept {
            label: label.into(),
            path: path.into(),
            expires_at,
        }
    }

    /// Whom it is for.
    pub(super) fn label(&self) -> Option<&str> {
        match self {
            Self::Ephemeral => None,
            Self::Kept { label, .. } => Some(label),
        }
    }

    /// The path of this run, `/` first, and when it ends. Nobody can guess it, on this machine too: its other users
    /// are strangers.
    pub(super) fn path(&self) -> Result<(String, Option<Timestamp>), Error> {
        match self {
            Self::Ephemeral => new_path().map(|path| (path, None)),
            Self::Kept {
                path, expires_at, ..
            } => Ok((path.clone(), Some(*expires_at))),
        }
    }
}

/// The address to send: the public origin with the path. An error if browsers or Meta would not take it.
pub fn public_url(address: &Url, path: &str) -> Result<String, Error> {
    let origin = public::checked(address)?.origin();
    Ok(format!("{}{path}", origin.ascii_serialization()))
}

/// A path that nobody can guess.
pub fn new_path() -> Result<String, Error> {
    Ok(format!("/{}", random::short_word()?))
}

/// A link that an older mps kept in a file.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct LinkFile {
    profile: String,
    /// Whom it is for.
    pub label: String,
    /// Its path.
    pub path: String,
    /// In seconds since 1970.
    pub made_at: i64,
    /// Until when somebody was told that it holds, likewise.
    #[serde(default)]
    pub until: i64,
}

/// The links of a profile that are kept in files; what is damaged is no link.
pub fn in_files(state_dir: &Path, profile: &str) -> Vec<LinkFile> {
    let Ok(files) = fs::read_dir(state_dir.join("button").join("links")) else {
        return Vec::new();
    };
    let texts = files.filter_map(|file| store::read(&file.ok()?.path()).ok()?);
    texts
        .filter_map(|text| serde_json::from_str::<LinkFile>(&text).ok())
        .filter(|link| link.profile == profile && is_path(&link.path))
        .collect()
}

/// The path that begins a longer one: messengers take a full stop, a bracket or a slash for a part of the link.
pub(super) fn without_what_is_glued(path: &str) -> Option<&str> {
    let (link, _) = path.split_at_checked(1 + LENGTH)?;
    (is_path(link) && path != link).then_some(link)
}

/// Whether a path is one of [`new_path`]'s.
pub(super) fn is_path(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|word| {
        word.len() == LENGTH
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_in_files_are_read_as_far_as_they_are_whole() {
        let dir = tempfile::tempdir().unwrap();
        assert!(in_files(dir.path(), "p").is_empty());
        let links = dir.path().join("button/links");
        fs::create_dir_all(&links).unwrap();
        let path = new_path().unwrap();
        let link = |profile: &str, path: &str| {
            format!(
                r#"{{"profile":"{profile}","label":"l","path":"{path}","made_at":1,"until":2}}"#
            )
        };
        for (name, text) in [
            ("a", link("p", &path)),
            ("b", link("other", &path)),
            ("c", link("p", "//evil")),
            ("d", "{".to_owned()),
            ("e", link("p", &path).replace(",\"until\":2", "")),
        ] {
            fs::write(links.join(name), text).unwrap();
        }
        let mut found = in_files(dir.path(), "p");
        found.sort_by_key(|link| link.until);
        let times: Vec<_> = found
            .iter()
            .map(|link| (link.made_at, link.until))
            .collect();
        assert_eq!(times, [(1, 0), (1, 2)]);
        assert!(
            found
                .iter()
                .all(|link| link.path == path && link.label == "l")
        );
    }

    #[test]
    fn which_path_for_which_link() {
        let path = |link: &Link| link.path().unwrap().0;
        assert!(is_path(&path(&Link::ephemeral())));
        assert_ne!(path(&Link::ephemeral()), path(&Link::ephemeral()));
        let kept = Link::kept("l", "/secret-path", Timestamp::MAX);
        assert_eq!(path(&kept), "/secret-path");
        assert!(!format!("{kept:?}").contains("secret"));
    }

    #[test]
    fn what_is_glued_to_a_link() {
        let path = new_path().unwrap();
        for glued in [".", ")", "/", "%29", "_", "/index.html", "x"] {
            let found = format!("{path}{glued}");
            assert_eq!(
                without_what_is_glued(&found),
                Some(path.as_str()),
                "{glued}"
            );
        }
        let short = &path[..path.len() - 1];
        for other in [
            path.as_str(),
            short,
            "/",
            "",
            "/page.js",
            &format!("{short}ä"),
        ] {
            assert_eq!(without_what_is_glued(other), None, "{other}");
        }
    }

    #[test]
    fn the_address_to_send() {
        for (public, expected) in [
            ("https://Name.example", "https://name.example/x"),
            ("https://name.example:443/", "https://name.example/x"),
            ("https://name.example:8443/", "https://name.example:8443/x"),
        ] {
            assert_eq!(
                public_url(&public.parse().unwrap(), "/x").unwrap(),
                expected
            );
        }
        assert!(public_url(&"http://name.example".parse().unwrap(), "/x").is_err());
    }
}
