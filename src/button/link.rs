//! The path of the page, so that a link survives the day.
//!
//! The one decision: a Tech Provider in another company clicks tomorrow, after we were restarted, so the
//! unguessable path is kept per profile and label until it is some days old. The file's name is a digest:
//! a label may hold anything, and listings of the directory tell nothing.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use ring::digest;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{public, random};
use crate::http_server::{error::Error, store};

/// Which path the page has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// For this run: `/` on this machine, an unguessable path behind a public URL.
    Ephemeral,
    /// Behind a public URL the same unguessable path after a restart, see [`kept`]; on this machine `/`.
    Kept {
        /// The profile it belongs to.
        profile: String,
        /// Whom it is for (`--for LABEL`).
        label: String,
        /// How many days it holds (`--link-days`).
        days: u16,
    },
}

impl Link {
    /// A path for this run.
    pub fn ephemeral() -> Self {
        Self::Ephemeral
    }

    /// A path that survives restarts.
    pub fn kept(profile: impl Into<String>, label: impl Into<String>, days: u16) -> Self {
        Self::Kept {
            profile: profile.into(),
            label: label.into(),
            days,
        }
    }

    /// The path of this run, `/` first, and when it ends.
    pub(super) fn path(
        &self,
        state_dir: &Path,
        public: bool,
        now: Timestamp,
    ) -> Result<(String, Option<Timestamp>), Error> {
        match self {
            // On this machine the Host check keeps strangers out, and `https://localhost:8443/` can be
            // said on the phone; nobody is sent a link there, so a label only names.
            _ if !public => Ok(("/".into(), None)),
            Self::Ephemeral => new_path().map(|path| (path, None)),
            Self::Kept {
                profile,
                label,
                days,
            } => kept(state_dir, profile, label, *days, now)
                .map(|link| (link.path, Some(link.expires_at))),
        }
    }
}

/// A path that is the same in every run until it expires.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptLink {
    /// The unguessable path, `/` first.
    pub path: String,
    /// From then on another path takes its place.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for KeptLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptLink")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The file of one link.
#[derive(Serialize, Deserialize)]
struct LinkFile {
    profile: String,
    label: String,
    path: String,
    /// In seconds since 1970.
    made_at: i64,
    /// Until when somebody was told that it holds, likewise.
    #[serde(default)]
    until: i64,
}

/// The kept path of this profile and label; a new one when there is none, its days are over, or its file is
/// damaged. More days than before make it hold longer; fewer do not take back what an invitation says.
pub fn kept(
    state_dir: &Path,
    profile: &str,
    label: &str,
    days: u16,
    now: Timestamp,
) -> Result<KeptLink, Error> {
    let links = store::subdirectory(&store::directory(state_dir)?, "links")?;
    let file = links.join(file_name(profile, label));
    let found = store::read(&file)?
        .and_then(|text| serde_json::from_str::<LinkFile>(&text).ok())
        .and_then(|kept| still_holds(&kept, days, now).map(|link| (kept, link)));
    let (kept, link) = match found {
        Some((kept, link)) if kept.until == link.expires_at.as_second() => return Ok(link),
        Some(found) => found,
        None => {
            let path = new_path()?;
            let kept = LinkFile {
                profile: profile.to_owned(),
                label: label.to_owned(),
                path: path.clone(),
                made_at: now.as_second(),
                until: 0,
            };
            let expires_at = expiry(now, days);
            (kept, KeptLink { path, expires_at })
        }
    };
    let promised = LinkFile {
        until: link.expires_at.as_second(),
        ..kept
    };
    let text = serde_json::to_string(&promised).unwrap_or_default();
    store::write(&file, &text)?;
    Ok(link)
}

/// The address to send: the public origin with the path. An error if browsers or Meta would not take it.
pub fn public_url(address: &Url, path: &str) -> Result<String, Error> {
    let origin = public::checked(address)?.origin();
    Ok(format!("{}{path}", origin.ascii_serialization()))
}

/// The link of a file, if it still holds. One from the future was made by a wrong clock.
fn still_holds(file: &LinkFile, days: u16, now: Timestamp) -> Option<KeptLink> {
    let made_at = Timestamp::from_second(file.made_at).ok()?;
    let promised = Timestamp::from_second(file.until).ok()?;
    let expires_at = expiry(made_at, days).max(promised);
    let holds = made_at <= now && now < expires_at && is_path(&file.path);
    holds.then(|| KeptLink {
        path: file.path.clone(),
        expires_at,
    })
}

/// When a link made then ends.
fn expiry(made_at: Timestamp, days: u16) -> Timestamp {
    made_at
        .checked_add(SignedDuration::from_hours(24 * i64::from(days)))
        .unwrap_or(Timestamp::MAX)
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

/// A path that nobody can guess.
fn new_path() -> Result<String, Error> {
    Ok(format!("/{}", random::short_word()?))
}

/// The name of a link's file.
fn file_name(profile: &str, label: &str) -> String {
    use std::fmt::Write as _;
    // The length in front keeps ("a", "bc") and ("ab", "c") apart.
    let key = format!("{}:{profile}{label}", profile.len());
    let digest = digest::digest(&digest::SHA256, key.as_bytes());
    let mut name = String::with_capacity(37);
    for byte in &digest.as_ref()[..16] {
        let _ = write!(name, "{byte:02x}");
    }
    name + ".json"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_link_survives_the_day_and_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let link = |profile: &str, label: &str, days, now: &str| {
            kept(dir.path(), profile, label, days, at(now)).unwrap()
        };
        let first = link("default", "Chat Ltd / Köln", 7, "2026-11-22T12:00:00Z");
        assert!(is_path(&first.path));
        assert_eq!(first.expires_at, at("2026-11-29T12:00:00Z"));
        assert_eq!(
            link("default", "Chat Ltd / Köln", 7, "2026-11-29T11:59:59Z"),
            first
        );
        for other in [
            link("default", "Other", 7, "2026-11-22T12:00:00Z"),
            link("defaultC", "hat Ltd / Köln", 7, "2026-11-22T12:00:00Z"),
        ] {
            assert_ne!(other.path, first.path);
        }
        let second = link("default", "Chat Ltd / Köln", 7, "2026-11-29T12:00:00Z");
        assert_ne!(second.path, first.path);
        assert_ne!(
            link("default", "Chat Ltd / Köln", 7, "2026-11-29T11:00:00Z").path,
            second.path,
            "made by a wrong clock"
        );
        assert!(!format!("{second:?}").contains(&second.path));
    }

    #[test]
    fn what_an_invitation_promised_holds() {
        let dir = tempfile::tempdir().unwrap();
        let link = |days, now: &str| kept(dir.path(), "p", "l", days, at(now)).unwrap();
        let invited = link(14, "2026-11-01T12:00:00Z");
        assert_eq!(
            link(7, "2026-11-15T11:59:59Z"),
            invited,
            "fewer days take nothing back"
        );
        let longer = link(30, "2026-11-15T11:59:59Z");
        assert_eq!(longer.path, invited.path);
        assert_eq!(longer.expires_at, at("2026-12-01T12:00:00Z"));
        assert_eq!(link(7, "2026-11-30T12:00:00Z"), longer);
        assert_ne!(link(7, "2026-12-01T12:00:00Z").path, invited.path);
    }

    #[test]
    fn a_file_without_a_promise_holds_its_days() {
        let dir = tempfile::tempdir().unwrap();
        let now = at("2026-11-22T12:00:00Z");
        let first = kept(dir.path(), "p", "l", 7, now).unwrap();
        let file = dir.path().join("button/links").join(file_name("p", "l"));
        let text = store::read(&file).unwrap().unwrap();
        let (before, _) = text.split_once(",\"until\"").unwrap();
        store::write(&file, &format!("{before}}}")).unwrap();
        assert_eq!(kept(dir.path(), "p", "l", 7, now).unwrap(), first);
    }

    #[test]
    fn a_damaged_file_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let now = at("2026-11-22T12:00:00Z");
        let first = kept(dir.path(), "p", "l", 7, now).unwrap();
        let file = dir.path().join("button/links").join(file_name("p", "l"));
        for text in [
            "",
            "{",
            &store::read(&file)
                .unwrap()
                .unwrap()
                .replace(&first.path, "//evil"),
        ] {
            store::write(&file, text).unwrap();
            assert!(is_path(&kept(dir.path(), "p", "l", 7, now).unwrap().path));
        }
    }

    #[test]
    fn which_path_for_which_mode() {
        let dir = tempfile::tempdir().unwrap();
        let now = at("2026-11-22T12:00:00Z");
        let path = |link: &Link, public| link.path(dir.path(), public, now).unwrap().0;
        assert_eq!(path(&Link::ephemeral(), false), "/");
        assert!(is_path(&path(&Link::ephemeral(), true)));
        assert_ne!(
            path(&Link::ephemeral(), true),
            path(&Link::ephemeral(), true)
        );
        let kept = Link::kept("p", "l", 7);
        assert_eq!(path(&kept, true), path(&kept, true));
        assert_eq!(path(&kept, false), "/");
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
