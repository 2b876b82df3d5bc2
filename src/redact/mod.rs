//! Takes secrets out of text that goes to a person, a log or a file.
//!
//! The one decision: two nets. What a run knows (its own tokens, added with [`Redactor::know`]) is taken
//! out to the letter, in whatever encoding it comes back ([`known`], [`forms`], [`escapes`]); what only looks like a
//! secret is taken out by its form ([`shape`]). A redactor is cheap to clone and shares what it knows.

mod escapes;
mod forms;
mod known;
mod shape;
mod spans;

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use serde_json::Value;

use self::{
    shape::KEYS,
    spans::{MARK, without},
};
use crate::secret::Secret;

/// Shortest known secret that is searched for; anything shorter would black out ordinary words.
const MIN_KNOWN: usize = known::PIECE;

/// Knows the secrets of this run and the forms of secrets in general.
#[derive(Clone, Default)]
pub struct Redactor {
    known: Arc<RwLock<KnownSecrets>>,
}

/// The secrets of this run, and the index that finds them, which may not have the last of them yet.
#[derive(Default)]
struct KnownSecrets {
    secrets: Vec<Secret>,
    index: known::Index,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

impl Redactor {
    /// Remembers a secret, so that it is taken out of every text from now on, and every part of it that is long
    /// enough to be of use: as it is, backwards, in JSON, HTML, a query, hex, base64, and base64 twice.
    pub fn know(&self, secret: &Secret) {
        let is_known = |known: &KnownSecrets| known.secrets.contains(secret);
        // Every call says its secrets again.
        if secret.expose().len() < MIN_KNOWN
            || is_known(&self.known.read().unwrap_or_else(PoisonError::into_inner))
        {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if !is_known(&known) {
            known.secrets.push(secret.clone());
        }
    }

    /// The text without the secrets that this run knows; what only looks like one stays. For data, whose
    /// tokens are what was asked for.
    pub fn without_known<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let spans = if text.len() < MIN_KNOWN {
            Vec::new()
        } else {
            self.known_spans(text.as_bytes())
        };
        without(Cow::Borrowed(text), &spans)
    }

    /// Where known secrets stand. The index is built here, so that a run that writes nothing builds none.
    fn known_spans(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if known.index.secrets() == known.secrets.len() {
            return known.index.spans(text);
        }
        drop(known);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let KnownSecrets { secrets, index } = &mut *known;
        // Another thread may have been first.
        index.learn(&secrets[index.secrets()..]);
        index.spans(text)
    }

    /// Takes the secrets that this run knows out of every text in a JSON value, names of fields among them.
    pub fn take_known(&self, value: &mut Value) {
        texts(value, &|text| self.without_known(text));
    }

    /// Takes all secrets out of a JSON value, which stays one: the values of names that say so, and what
    /// looks like a secret anywhere.
    pub fn clean_json(&self, value: &mut Value) {
        named(value);
        texts(value, &|text| self.clean(text));
    }

    /// The same for what we wrote ourselves: the names at the top are ours and stay.
    pub fn clean_fields(&self, fields: &mut Value) {
        named(fields);
        if let Value::Object(fields) = fields {
            fields
                .values_mut()
                .for_each(|field| texts(field, &|text| self.clean(text)));
        }
    }

    /// The text without secrets; borrowed when there were none.
    pub fn clean<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let text = self.without_known(text);
        let spans = shape::spans(&text);
        without(text, &spans)
    }
}

/// Whether anything in a text looks like a secret, known or not.
pub fn looks_secret(text: &str) -> bool {
    !shape::spans(text).is_empty()
}

/// Puts every text of a value through `clean`.
fn texts(value: &mut Value, clean: &dyn Fn(&str) -> Cow<'_, str>) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(clean) = clean(text) {
                *text = clean;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| texts(item, clean)),
        Value::Object(fields) => {
            if fields
                .keys()
                .any(|name| matches!(clean(name), Cow::Owned(_)))
            {
                *fields = std::mem::take(fields)
                    .into_iter()
                    .map(|(name, field)| (clean(&name).into_owned(), field))
                    .collect();
            }
            fields.values_mut().for_each(|field| texts(field, clean));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Blacks out what stands under one of [`KEYS`]. An absent value hides nothing.
fn named(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(named),
        Value::Object(fields) => {
            for (name, field) in fields {
                let secret = KEYS.iter().any(|key| name.eq_ignore_ascii_case(key));
                if secret && !matches!(field, Value::Null | Value::Bool(_)) {
                    *field = MARK.into();
                } else {
                    named(field);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use base64::{
        Engine as _,
        engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
    };

    use super::*;

    const TOKEN: &str = "EAATESTTOKEN0123456789abc";

    #[test]
    fn forms_of_graph_api_md_6_7() {
        let redactor = Redactor::default();
        for (text, expected) in [
            (
                "nothing to hide, EAA is a prefix",
                "nothing to hide, EAA is a prefix",
            ),
            (
                "Malformed access token EAATESTTOKEN0123456789abc!",
                "Malformed access token (redacted)!",
            ),
            (
                "Authorization: Bearer abc.def",
                "Authorization: Bearer (redacted)",
            ),
            ("authorization: OAuth x", "authorization: OAuth (redacted)"),
            (
                "?access_token=abc&limit=1",
                "?access_token=(redacted)&limit=1",
            ),
            (
                r#"{"access_token":"abc","id":"1"}"#,
                r#"{"access_token":"(redacted)","id":"1"}"#,
            ),
            (
                r#"{\"access_token\": \"abc\"}"#,
                r#"{\"access_token\": \"(redacted)\"}"#,
            ),
            (
                r#"{"accessToken":"abc"}"#,
                r#"{"accessToken":"(redacted)"}"#,
            ),
            ("input_token=abc", "input_token=(redacted)"),
            (
                r#"{"a":"x\nEAATESTTOKEN0123456789abc\u001bEAATESTTOKEN0123456789abc"}"#,
                r#"{"a":"x\n(redacted)\u001b(redacted)"}"#,
            ),
            ("/%20EAATESTTOKEN0123456789abc", "/%20(redacted)"),
            (
                "fb_exchange_token=abc client_secret=def",
                "fb_exchange_token=(redacted) client_secret=(redacted)",
            ),
            ("hub.verify_token=abc", "hub.verify_token=(redacted)"),
            ("appsecret_proof=9acf14", "appsecret_proof=(redacted)"),
            (
                "app 634974688087057|abcdefghijklmnopqrstu ends",
                "app (redacted) ends",
            ),
            ("an appsecret_proof argument", "an appsecret_proof argument"),
            (r#"{"access_token":null}"#, r#"{"access_token":null}"#),
            ("access_token=(redacted)", "access_token=(redacted)"),
        ] {
            assert_eq!(redactor.clean(text), expected);
        }
    }

    #[test]
    fn what_the_run_knows_goes_wherever_it_stands() {
        let redactor = Redactor::default();
        redactor.know(&Secret::parse("my-odd-token").unwrap());
        redactor.know(&Secret::parse("tiny").unwrap());
        assert_eq!(
            redactor.clone().clean("xmy-odd-tokenx tiny"),
            "x(redacted)x tiny"
        );
    }

    #[test]
    fn what_the_run_knows_goes_in_every_spelling() {
        let redactor = Redactor::default();
        let odd = r#"odd"to\ken/+=|1"#;
        redactor.know(&Secret::parse("odd-token").unwrap());
        redactor.know(&Secret::parse("odd-token-that-is-longer").unwrap());
        redactor.know(&Secret::parse(odd).unwrap());
        for text in [
            odd,
            &Value::from(odd).to_string(),
            &Value::from(odd).to_string().replace('/', "\\/"),
            &url::form_urlencoded::byte_serialize(odd.as_bytes()).collect::<String>(),
            &url::form_urlencoded::byte_serialize(odd.as_bytes())
                .collect::<String>()
                .replace("%2F", "%2f")
                .replace("%7C", "%7c")
                .replace("%5C", "%5c")
                .replace("%2B", "%2b")
                .replace("%3D", "%3d"),
            "odd-token-that-is-longer",
        ] {
            let clean = redactor.clean(text).replace('"', "");
            assert_eq!(clean, MARK, "{text}");
        }
    }

    #[test]
    fn what_the_run_knows_goes_in_base64_too() {
        let redactor = Redactor::default();
        let odd = "odd?token>with~letters";
        redactor.know(&Secret::parse(odd).unwrap());
        for before in ["", "a", "ab", "abc", "Bearer "] {
            for after in ["", ":", "::", ":::"] {
                let text = format!("{before}{odd}{after}");
                for encoded in [STANDARD_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                    let clean = redactor.clean(&encoded);
                    let left = clean.len() - MARK.len();
                    assert!(
                        clean.contains(MARK)
                            && left <= 4 * (before.len() + after.len()).div_ceil(3) + 2,
                        "{text} {encoded}: {clean}"
                    );
                }
            }
        }
    }

    #[test]
    fn json_stays_json() {
        let redactor = Redactor::default();
        redactor.know(&Secret::parse("my-odd-token").unwrap());
        let mut value = serde_json::json!({
            "access_token": ["a", {"b": "c"}], "Authorization": 5, "input_token": null, "verify_token": true,
            "x": [{"my-odd-token": "my-odd-token", "client_secret": "a\"b"}], "n": 7, "t": TOKEN,
        });
        redactor.clean_json(&mut value);
        assert_eq!(
            value.to_string(),
            r#"{"access_token":"(redacted)","Authorization":"(redacted)","input_token":null,"verify_token":true,"x":[{"(redacted)":"(redacted)","client_secret":"(redacted)"}],"n":7,"t":"(redacted)"}"#
        );
        let mut data =
            serde_json::json!({"my-odd-token": [TOKEN], "access_token": "x my-odd-token"});
        redactor.take_known(&mut data);
        assert_eq!(
            data,
            serde_json::json!({"(redacted)": [TOKEN], "access_token": "x (redacted)"})
        );
    }

    #[test]
    fn clean_text_is_not_copied() {
        assert!(matches!(
            Redactor::default().clean("a plain line"),
            Cow::Borrowed(_)
        ));
        assert!(matches!(Redactor::default().clean(TOKEN), Cow::Owned(_)));
    }

    /// Every byte through `write`.
    fn each(text: &str, write: impl Fn(u8) -> String) -> String {
        text.bytes().map(write).collect()
    }

    type Spelling = (&'static str, fn(&str) -> String);

    /// What echoes of a token look like: by name, and how one is made.
    const SPELLINGS: &[Spelling] = &[
        ("as it is", str::to_owned),
        ("reversed", |text| text.chars().rev().collect()),
        ("hex", |text| each(text, |byte| format!("{byte:02x}"))),
        ("hex in capitals", |text| {
            each(text, |byte| format!("{byte:02X}"))
        }),
        ("percent of every byte", |text| {
            each(text, |byte| format!("%{byte:02x}"))
        }),
        ("percent in capitals", |text| {
            each(text, |byte| format!("%{byte:02X}"))
        }),
        ("percent twice", |text| {
            each(text, |byte| format!("%25{byte:02X}"))
        }),
        ("in a query", |text| {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        }),
        ("HTML, named", |text| {
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;")
                .replace('|', "&vert;")
                .replace('+', "&plus;")
        }),
        ("HTML, decimal", |text| {
            each(text, |byte| format!("&#{byte};"))
        }),
        ("HTML, hex", |text| {
            each(text, |byte| format!("&#x{byte:x};"))
        }),
        ("HTML, hex in capitals, padded", |text| {
            each(text, |byte| format!("&#X{byte:04X};"))
        }),
        ("JSON", |text| Value::from(text).to_string()),
        ("JSON with slashes escaped", |text| {
            Value::from(text).to_string().replace('/', "\\/")
        }),
        ("JSON in JSON", |text| {
            Value::from(Value::from(text).to_string()).to_string()
        }),
        ("JSON, every letter", |text| {
            each(text, |byte| format!("\\u{byte:04x}"))
        }),
        ("JSON in JSON, every letter", |text| {
            each(text, |byte| format!("\\\\u{byte:04X}"))
        }),
        ("base64", |text| STANDARD_NO_PAD.encode(text)),
        ("base64 of a URL", |text| URL_SAFE_NO_PAD.encode(text)),
        ("base64 in a longer text", |text| {
            STANDARD_NO_PAD.encode(format!("Bearer: {text} x"))
        }),
        ("base64 in a query", |text| {
            url::form_urlencoded::byte_serialize(STANDARD_NO_PAD.encode(text).as_bytes()).collect()
        }),
        ("base64 twice", |text| {
            STANDARD_NO_PAD.encode(STANDARD_NO_PAD.encode(text))
        }),
        ("base64 twice, of a URL", |text| {
            URL_SAFE_NO_PAD.encode(URL_SAFE_NO_PAD.encode(text))
        }),
        ("base64 twice in longer texts", |text| {
            let inner = STANDARD_NO_PAD.encode(format!("a{text}b"));
            URL_SAFE_NO_PAD.encode(format!("xy{inner}z"))
        }),
    ];

    /// How many letters of a spelling, in one piece, a cleaned text still has.
    fn left_over(clean: &str, spelled: &str) -> usize {
        let (clean, spelled) = (clean.as_bytes(), spelled.as_bytes());
        let mut longest = 0;
        for from in 0..spelled.len() {
            while from + longest < spelled.len()
                && memchr::memmem::find(clean, &spelled[from..=from + longest]).is_some()
            {
                longest += 1;
            }
        }
        longest
    }

    #[test]
    fn what_the_run_knows_goes_in_every_encoding() {
        let redactor = Redactor::default();
        let odd = r#"od"d<t>ok\en/+=|1&~*%41"#;
        let long = "EAAodd0123456789".repeat(12);
        for secret in [odd, "my-odd-token", "12345678", &long] {
            redactor.know(&Secret::parse(secret).unwrap());
        }
        for secret in [odd, "my-odd-token", "12345678", &long] {
            for (name, spell) in SPELLINGS {
                let spelled = spell(secret);
                let clean = redactor.without_known(&spelled).into_owned();
                // The text around it in base64, and quotes, stay.
                let left = clean.replace(MARK, "").len();
                assert!(
                    clean.contains(MARK) && left <= 24,
                    "{name} of {secret}: {spelled}: {clean}"
                );
            }
        }
    }

    #[test]
    fn parts_of_what_the_run_knows_go_too() {
        let redactor = Redactor::default();
        let secret: String = (0..200_u32)
            .map(|at| char::from(b'!' + u8::try_from(at * at * 7 % 89).unwrap()))
            .collect();
        redactor.know(&Secret::parse(&secret).unwrap());
        for from in [0, 1, 5, 23, 100, 150, 176] {
            for length in [24, 30, 50] {
                let part = &secret[from..(from + length).min(secret.len())];
                for (name, spell) in SPELLINGS {
                    let clean = redactor.without_known(&spell(part)).into_owned();
                    let left = clean.replace(MARK, "").len();
                    assert!(
                        clean.contains(MARK) && left <= 24,
                        "{name} of {part}: {clean}"
                    );
                }
            }
            let few = &secret[from..from + 20];
            assert_eq!(
                redactor.without_known(few),
                few,
                "too short to be told from a word"
            );
        }
    }

    #[test]
    fn a_secret_learnt_later_goes_too() {
        let redactor = Redactor::default();
        assert_eq!(
            redactor.clean("first-token second-token"),
            "first-token second-token"
        );
        redactor.know(&Secret::parse("first-token").unwrap());
        assert_eq!(
            redactor.clean("first-token second-token"),
            "(redacted) second-token"
        );
        redactor
            .clone()
            .know(&Secret::parse("second-token").unwrap());
        assert_eq!(
            redactor.clean("first-token second-token"),
            "(redacted) (redacted)"
        );
        assert!(!format!("{redactor:?}").contains("token"));
    }

    #[test]
    fn what_stands_beside_a_secret_stays() {
        let redactor = Redactor::default();
        redactor.know(&Secret::parse("my-odd-token").unwrap());
        for (text, expected) in [
            ("é%C3%A9my-odd-tokené", "é%C3%A9(redacted)é"),
            ("a&amp;my%2Dodd-token&lt;", "a&amp;(redacted)&lt;"),
            (r"\u00e9my\u002dodd-token\n", r"\u00e9(redacted)\n"),
            ("my-odd-tokenmy-odd-token", "(redacted)(redacted)"),
            ("my-odd-toke n 100% & \\", "my-odd-toke n 100% & \\"),
        ] {
            assert_eq!(redactor.clean(text), expected);
        }
    }

    #[test]
    fn our_own_names_stay() {
        let redactor = Redactor::default();
        redactor.know(&Secret::parse("request_id").unwrap());
        let mut fields = serde_json::json!({
            "request_id": "request_id", "access_token": "x", "body": {"request_id": 1},
        });
        redactor.clean_fields(&mut fields);
        assert_eq!(
            fields,
            serde_json::json!({"request_id": "(redacted)", "access_token": "(redacted)", "body": {"(redacted)": 1}})
        );
    }

    /// To be counted with callgrind; it prints only how much there was.
    #[test]
    #[ignore = "a measurement"]
    fn a_run_log_of_some_thousand_lines() {
        let redactor = Redactor::default();
        for secret in ["EAAuser", "EAAsystem", "appsecret"] {
            redactor.know(&Secret::parse(&secret.repeat(25)).unwrap());
        }
        let mut bytes = 0;
        for at in 0..5000 {
            let mut line = serde_json::json!({
                "at": "2026-01-02T03:04:05.678901Z", "run": "abcdefghij", "event": "request", "method": "POST",
                "path": format!("/v24.0/{at}/whatsapp_business_solution"), "status": 200, "code": null,
                "failure": null, "ms": at % 97, "try": 1, "request_id": "AbCdEfGhIjKlMnOpQrStUvW",
                "version_served": "v24.0", "usage": at % 100,
            });
            redactor.clean_fields(&mut line);
            bytes += line.to_string().len();
        }
        assert!(bytes > 1_000_000);
    }

    proptest::proptest! {
        #[test]
        fn a_token_never_survives(before in "\\PC{0,40}", after in "[^A-Za-z0-9]\\PC{0,40}") {
            let text = format!("{before} {TOKEN}{after}");
            proptest::prop_assert!(!Redactor::default().clean(&text).contains(TOKEN));
        }

        #[test]
        fn a_known_secret_never_passes(
            secret in "[!-~]{8,80}",
            other in "[!-~]{8,80}",
            before in "\\PC{0,40}",
            after in "\\PC{0,40}",
            which in 0..SPELLINGS.len(),
        ) {
            let redactor = Redactor::default();
            for secret in [&other, &secret] {
                redactor.know(&Secret::parse(secret).unwrap());
            }
            let (name, spell) = SPELLINGS[which];
            let spelled = spell(&secret);
            let text = format!("{before} {spelled} {after}");
            let clean = redactor.without_known(&text);
            // Quotes, and what stands beside the secret in its base64.
            let left = left_over(&clean, &spelled);
            proptest::prop_assert!(
                left <= 12.min(spelled.len() - 1),
                "{name} of {secret}: {left} letters of {spelled} in {clean}"
            );
        }
    }
}
