//! What the operator decided, before it is written.
//!
//! The one decision: pure. A draft knows which keys of a profile it would change, so that nothing is
//! overwritten without a word.

use crate::{
    context::failure::Failure,
    doctor::why_not,
    profile::{Profile, SecretKind, SecretLocation},
    secret::Secret,
};

/// A secret and where it is, or is to be.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) kind: SecretKind,
    pub(super) place: SecretLocation,
    pub(super) secret: Secret,
    /// Whether it has to be put there.
    pub(super) store: bool,
}

/// The settings and secrets of a profile to be.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// By key; none takes the key away.
    pub(super) settings: Vec<(&'static str, Option<String>)>,
    pub(super) secrets: Vec<Kept>,
    /// Somebody saw the changes and said yes.
    pub(super) agreed: bool,
    /// Asked for the system token, the operator gave none.
    pub(super) without_token: bool,
}

impl Draft {
    pub(super) fn set(&mut self, key: &'static str, value: &str) {
        self.put(key, Some(value.to_owned()));
    }

    pub(super) fn put(&mut self, key: &'static str, value: Option<String>) {
        self.settings.retain(|(other, _)| *other != key);
        self.settings.push((key, value));
    }

    pub(super) fn take(
        &mut self,
        kind: SecretKind,
        place: SecretLocation,
        secret: Secret,
        store: bool,
    ) {
        self.secrets.retain(|kept| kept.kind != kind);
        self.secrets.push(Kept {
            kind,
            place,
            secret,
            store,
        });
    }

    pub(super) fn has(&self, kind: SecretKind) -> bool {
        self.secrets.iter().any(|kept| kept.kind == kind)
    }

    pub(super) fn secret(&self, kind: SecretKind) -> Option<&Secret> {
        self.secrets
            .iter()
            .find(|kept| kept.kind == kind)
            .map(|kept| &kept.secret)
    }

    /// Refuses values that no command could read.
    pub(super) fn judge(&self) -> Result<(), Failure> {
        let wrong = |(key, value): &(&'static str, Option<String>)| {
            let why = why_not(key, value.as_deref()?)?;
            Some(Failure::usage(format!("{key}: {why}")))
        };
        self.settings.iter().find_map(wrong).map_or(Ok(()), Err)
    }

    /// The keys of a profile that would be different.
    pub(super) fn changes(&self, profile: &Profile) -> Vec<&'static str> {
        let values = profile.values();
        let settings = self
            .settings
            .iter()
            .filter(|(key, value)| values.get(*key) != value.as_ref());
        let secrets = self
            .secrets
            .iter()
            .filter(|kept| kept.store || profile.place(kept.kind).as_ref() != Some(&kept.place));
        settings
            .map(|(key, _)| *key)
            .chain(secrets.map(|kept| kept.kind.key()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{ProfileName, ProfileStore};

    #[test]
    fn changes_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let mut profile = ProfileStore::at(dir.path())
            .read_or_new(&ProfileName::default())
            .unwrap();
        profile.set("partner_app_id", Some("7"));
        profile.set_place(SecretKind::AppSecret, Some(&SecretLocation::Keyring));
        let secret = || Secret::parse("x").unwrap();
        let mut draft = Draft::default();
        draft.set("partner_app_id", "7");
        draft.take(
            SecretKind::AppSecret,
            SecretLocation::Keyring,
            secret(),
            false,
        );
        assert!(
            draft.changes(&profile).is_empty(),
            "the same again changes nothing"
        );
        draft.set("jobs", "4");
        draft.put("messaging", None);
        draft.take(
            SecretKind::SystemToken,
            SecretLocation::Keyring,
            secret(),
            true,
        );
        assert_eq!(draft.changes(&profile), ["jobs", "system_token"]);
    }

    #[test]
    fn bad_values_are_refused() {
        let mut draft = Draft::default();
        draft.set("jobs", "64");
        assert!(draft.judge().is_ok());
        draft.set("jobs", "0");
        assert!(draft.judge().unwrap_err().message.starts_with("jobs: "));
    }
}
