//! One profile as TOML.
//!
//! The one decision: the operator's file is theirs. It is edited, never written anew, so that comments and
//! order stay; what mps does not know is a warning and stays too, since a newer mps may know it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use toml_edit::{Document, DocumentMut, Item, value};

use super::{Error, ProfileName, SecretKind, SecretLocation};

/// The settings that a profile can hold, in the order of the reference.
pub const KEYS: [&str; 14] = [
    "partner_app_id",
    "partner_name",
    "name",
    "messaging",
    "jobs",
    "public_url",
    "api_version",
    "graph_url",
    "ca_file",
    "lang",
    "brand_name",
    "brand_logo",
    "brand_color",
    "privacy_url",
];

/// From which likeness (0 to 1) a key is taken for a slip of another.
const LIKE: f64 = 0.8;

/// One profile.
#[derive(Debug, Clone)]
pub struct Profile {
    name: ProfileName,
    path: PathBuf,
    document: DocumentMut,
    warnings: Vec<String>,
}

impl Profile {
    /// A new one, empty.
    pub(super) fn new(name: ProfileName, path: PathBuf) -> Self {
        Self {
            name,
            path,
            document: DocumentMut::new(),
            warnings: Vec::new(),
        }
    }

    /// Reads the text of a profile.
    pub(super) fn parse(name: ProfileName, path: PathBuf, text: &str) -> Result<Self, Error> {
        let malformed = |at: Option<usize>, message: String| Error::Malformed {
            path: path.clone(),
            line: line_of(text, at),
            message,
        };
        let document = Document::parse(text).map_err(|error| {
            malformed(
                error.span().map(|span| span.start),
                error.message().to_owned(),
            )
        })?;
        let mut warnings = Vec::new();
        for (key, item) in document.iter() {
            let at = item.span().map(|span| span.start);
            match fits(key, item) {
                Ok(true) => {}
                Ok(false) => warnings.push(unknown(&path, line_of(text, at), key)),
                Err(message) => return Err(malformed(at, message)),
            }
        }
        for kind in SecretKind::ALL.iter().copied() {
            let keys = kind.keys();
            let mut set = keys
                .iter()
                .filter_map(|key| Some((key, document.get(key)?)));
            if let (Some((first, _)), Some((second, item))) = (set.next(), set.next()) {
                let at = item.span().map(|span| span.start);
                return Err(malformed(
                    at,
                    format!("{second} beside {first}: one place per secret"),
                ));
            }
        }
        Ok(Self {
            name,
            path,
            document: document.into_mut(),
            warnings,
        })
    }

    /// Its name.
    pub fn name(&self) -> &ProfileName {
        &self.name
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the operator should hear of it.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The settings it holds, by key. A blank one counts as unset.
    pub fn values(&self) -> BTreeMap<String, String> {
        let set = KEYS
            .iter()
            .filter_map(|key| Some((*key, text_of(self.document.get(key)?)?)));
        set.filter(|(_, text)| !text.trim().is_empty())
            .map(|(key, text)| (key.to_owned(), text))
            .collect()
    }

    /// Where a secret is, if it says so. A relative file is meant from the profile's directory.
    pub fn place(&self, kind: SecretKind) -> Option<SecretLocation> {
        let [store, command, file] = kind.keys();
        let text = |key: &str| self.document.get(key).and_then(text_of);
        if text(store).is_some() {
            return Some(SecretLocation::Keyring);
        }
        text(command).map(SecretLocation::Command).or_else(|| {
            let dir = self.path.parent().unwrap_or(Path::new(""));
            text(file).map(|path| SecretLocation::File(dir.join(path)))
        })
    }

    /// Sets one of [`KEYS`], or takes it away. A comment behind the value stays.
    pub fn set(&mut self, key: &'static str, text: Option<&str>) {
        self.put(key, text);
    }

    /// Says where a secret is, or that it is nowhere.
    pub fn set_place(&mut self, kind: SecretKind, place: Option<&SecretLocation>) {
        let [store, command, file] = kind.keys();
        let path = match place {
            Some(SecretLocation::File(path)) => Some(path.display().to_string()),
            _ => None,
        };
        self.put(
            store,
            matches!(place, Some(SecretLocation::Keyring)).then_some("keyring"),
        );
        self.put(
            command,
            match place {
                Some(SecretLocation::Command(line)) => Some(line),
                _ => None,
            },
        );
        self.put(file, path.as_deref());
    }

    fn put(&mut self, key: &'static str, text: Option<&str>) {
        let Some(text) = text else {
            self.document.remove(key);
            return;
        };
        let number = (key == "jobs").then(|| text.parse::<i64>().ok()).flatten();
        let mut new = number.map_or_else(|| value(text), value);
        if let (Some(old), Some(new)) = (
            self.document.get(key).and_then(Item::as_value),
            new.as_value_mut(),
        ) {
            *new.decor_mut() = old.decor().clone();
        }
        match self.document.get_mut(key) {
            Some(item) => *item = new,
            None => {
                self.document.insert(key, new);
            }
        }
    }

    /// The text of the file.
    pub(super) fn text(&self) -> String {
        self.document.to_string()
    }
}

fn text_of(item: &Item) -> Option<String> {
    item.as_str()
        .map(str::to_owned)
        .or_else(|| item.as_integer().map(|number| number.to_string()))
}

/// Whether a key is known and its value of the right kind; the error says what is wrong.
fn fits(key: &str, item: &Item) -> Result<bool, String> {
    if let Some(kind) = SecretKind::ALL
        .iter()
        .copied()
        .find(|kind| kind.key() == key)
    {
        let [store, command, file] = kind.keys();
        return Err(format!(
            "{key}: a profile holds no secrets; say where it is with {store} = \"keyring\", {command} or {file}"
        ));
    }
    let mut kinds = SecretKind::ALL.iter().copied();
    let store = kinds.clone().any(|kind| kind.keys()[0] == key);
    if !KEYS.contains(&key) && !kinds.any(|kind| kind.keys().contains(&key)) {
        return Ok(false);
    }
    match (item.as_str(), item.as_integer()) {
        (Some("keyring"), _) if store => Ok(true),
        (Some(other), _) if store => Err(format!(
            "{key}: {other:?} is no store; the one there is, is \"keyring\""
        )),
        (Some(_), _) => Ok(true),
        (None, Some(_)) if key == "jobs" => Ok(true),
        // An id without quotes is a slip that does no harm.
        (None, Some(id)) if key == "partner_app_id" && id > 0 => Ok(true),
        _ => Err(format!(
            "{key}: a text in quotes is expected, not {}",
            article(item.type_name())
        )),
    }
}

fn article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {kind}")
}

/// The warning about a key that mps does not know.
fn unknown(path: &Path, line: usize, key: &str) -> String {
    let places = SecretKind::ALL.iter().flat_map(|kind| kind.keys());
    let known = KEYS.iter().copied().chain(places);
    let likeness = |known: &str| strsim::jaro_winkler(&key.replace('-', "_"), known);
    let near = known
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let question = near.map_or_else(String::new, |(_, known)| format!("; did you mean {known}?"));
    format!(
        "{}, line {line}: {key} is no setting{question}",
        path.display()
    )
}

/// The line of a byte, counted from 1.
fn line_of(text: &str, at: Option<usize>) -> usize {
    let before = at.and_then(|at| text.get(..at)).unwrap_or("");
    1 + before.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Profile, Error> {
        Profile::parse(
            ProfileName::default(),
            "/c/profiles/default.toml".into(),
            text,
        )
    }

    #[test]
    fn settings_and_places() {
        let profile = parse(
            "# ours\npartner_app_id = \"7\"\njobs = 4\nname = \"\"\nsystem_token_command = \"op read x\"\n\
             app_secret_store = \"keyring\"\nuser_token_file = \"/run/secrets/user\"\n",
        )
        .unwrap();
        let values: Vec<_> = profile.values().into_iter().collect();
        assert_eq!(
            values,
            [
                ("jobs".into(), "4".into()),
                ("partner_app_id".into(), "7".into())
            ]
        );
        assert_eq!(
            profile.place(SecretKind::SystemToken),
            Some(SecretLocation::Command("op read x".into()))
        );
        assert_eq!(
            profile.place(SecretKind::AppSecret),
            Some(SecretLocation::Keyring)
        );
        assert_eq!(
            profile.place(SecretKind::UserToken),
            Some(SecretLocation::File("/run/secrets/user".into()))
        );
        assert!(profile.warnings().is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, line, word) in [
            ("jobs = \n", 1, ""),
            (
                "name = \"x\"\npartner_name = [1]\n",
                2,
                "partner_name: a text in quotes",
            ),
            ("name = \"x\"\nname = \"y\"\n", 2, "duplicate"),
            ("\nsystem_token = \"EAAsecret\"\n", 2, "holds no secrets"),
            (
                "system_token_store = \"vault\"\n",
                1,
                "\"vault\" is no store",
            ),
            (
                "system_token_store = \"keyring\"\nsystem_token_command = \"x\"\n",
                2,
                "one place per secret",
            ),
        ] {
            let error = parse(text).unwrap_err();
            let Error::Malformed {
                line: found,
                message,
                ..
            } = &error
            else {
                panic!("{error:?}")
            };
            assert_eq!(*found, line, "{text}");
            assert!(
                message.contains(word) && !message.contains("EAA"),
                "{message}"
            );
        }
    }

    #[test]
    fn unknown_keys_are_warned_about() {
        for (key, near) in [
            ("partner_app", Some("partner_app_id")),
            ("partner-name", Some("partner_name")),
            ("job", Some("jobs")),
            ("graph_uri", Some("graph_url")),
            ("system_token_cmd", Some("system_token_command")),
            ("colour", None),
        ] {
            let profile = parse(&format!("\n{key} = \"x\"\n")).unwrap();
            let warning = &profile.warnings()[0];
            assert!(
                warning.contains(&format!("line 2: {key} is no setting")),
                "{warning}"
            );
            match near {
                Some(near) => assert!(warning.ends_with(&format!("mean {near}?")), "{warning}"),
                None => assert!(warning.ends_with("setting"), "{warning}"),
            }
        }
    }

    #[test]
    fn comments_stay() {
        let mut profile = parse(
            "# Ours, ask Ada.\npartner_app_id = \"7\" # the live one\n\n# speed\njobs = 4\nnewer = true\n",
        )
        .unwrap();
        profile.set("partner_app_id", Some("8"));
        profile.set("jobs", Some("2"));
        profile.set("messaging", Some("both"));
        profile.set_place(SecretKind::SystemToken, Some(&SecretLocation::Keyring));
        profile.set_place(
            SecretKind::SystemToken,
            Some(&SecretLocation::Command("op \"x\"".into())),
        );
        assert_eq!(
            profile.text(),
            "# Ours, ask Ada.\npartner_app_id = \"8\" # the live one\n\n# speed\njobs = 2\nnewer = true\n\
             messaging = \"both\"\nsystem_token_command = 'op \"x\"'\n"
        );
        profile.set("messaging", None);
        assert!(!profile.text().contains("messaging"));
    }

    proptest::proptest! {
        #[test]
        fn fuzz_toml_of_any_text(text in "\\PC{0,60}|[a-z_]{1,20} = [\"'0-9a-z\\[\\]{}=.\n#-]{0,40}|(partner_app_id|jobs|name|system_token_(store|command|file)) = (\"[^\"\\\\]{0,20}\"|[0-9]{1,20}|true|\\[\\])\n?") {
            if let Ok(profile) = parse(&text) {
                // What is written is what was read, and reads the same.
                let again = parse(&profile.text()).unwrap();
                proptest::prop_assert_eq!(again.values(), profile.values());
                for kind in SecretKind::ALL {
                    proptest::prop_assert_eq!(again.place(*kind), profile.place(*kind));
                }
            }
        }

        #[test]
        fn fuzz_toml_keeps_what_is_set(value in "\\PC{1,30}|.{1,30}", other in "# \\PC{0,20}\n") {
            let mut profile = parse(&other).unwrap();
            profile.set("partner_name", Some(&value));
            let again = parse(&profile.text()).unwrap();
            let kept = again.values().get("partner_name").cloned().unwrap_or_default();
            proptest::prop_assert_eq!(kept.trim(), value.trim());
            proptest::prop_assert!(profile.text().contains(other.trim_end()));
        }
    }
}
