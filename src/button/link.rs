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

/// Which path the page has.
#[derive(Clone, PartialEq, Eq)]
pub enum Link {
    /// For this run: `/` on this machine, an unguessable path behind a public URL.
    Ephemeral,
    /// Behind a public URL the same unguessable path after a restart; on this machine `/`.
    Kept {
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

impl Link {
    /// A path for this run.
    pub fn ephemeral() -> Self {
        Self::Ephemeral
    }

    /// A path that survives restarts.
    pub fn kept(path: impl Into<String>, expires_at: Timestamp) -> Self {
        Self::Kept {
            path: path.into(),
            expires_at,
        }
    }

    /// The path of this run, `/` first, and when it ends.
    pub(super) fn path(&self, public: bool) -> Result<(String, Option<Timestamp>), Error> {
        match self {
            // On this machine the Host check keeps strangers out, and `https://localhost:8443/` can be
            // said on the phone; nobody is sent a link there, so a label only names.
            _ if !public => Ok(("/".into(), None)),
            Self::Ephemeral => new_path().map(|path| (path, None)),
            Self::Kept { path, expires_at } => Ok((path.clone(), Some(*expires_at))),
        }
    }
}

/// A moment as it stands in a sentence.
pub fn in_words(moment: Timestamp) -> String {
    moment.strftime("%-d %B %Y, %H:%M UTC").to_string()
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

/// Whether a path is one of [`new_path`]'s.
fn is_path(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|word| {
        word.len() == 22
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
    fn which_path_for_which_mode() {
        let path = |link: &Link, public| link.path(public).unwrap().0;
        assert_eq!(path(&Link::ephemeral(), false), "/");
        assert!(is_path(&path(&Link::ephemeral(), true)));
        assert_ne!(
            path(&Link::ephemeral(), true),
            path(&Link::ephemeral(), true)
        );
        let kept = Link::kept("/secret-path", Timestamp::MAX);
        assert_eq!(path(&kept, true), "/secret-path");
        assert_eq!(path(&kept, false), "/");
        assert!(!format!("{kept:?}").contains("secret"));
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
