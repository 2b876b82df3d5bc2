//! Takes secrets out of text that goes to a person, a log or a file.
//!
//! The one decision: two nets. What a run knows (its own tokens, added with [`Redactor::know`]) is taken
//! out to the letter; what only looks like a secret (graph-api.md, 6.7: Meta echoes malformed tokens in
//! `error.message`) is taken out by its form. A redactor is cheap to clone and shares what it knows.

use std::{
    borrow::Cow,
    cmp::Reverse,
    fmt::Write as _,
    sync::{Arc, PoisonError, RwLock},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// What stands where a secret stood.
const MARK: &str = "(redacted)";

/// Shortest known secret that is searched for; anything shorter would black out ordinary words.
const MIN_KNOWN: usize = 8;

/// Names whose value is a secret, in JSON, in a query or in a header.
const KEYS: [&str; 11] = [
    "access_token",
    "input_token",
    "fb_exchange_token",
    "client_secret",
    "appsecret_proof",
    "hub.verify_token",
    "verify_token",
    "signed_request",
    "signedrequest",
    "accesstoken",
    "authorization",
];

/// Knows the secrets of this run and the forms of secrets in general.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    known: Arc<RwLock<Vec<Secret>>>,
}

impl Redactor {
    /// Remembers a secret, so that it is taken out of every text from now on, also as it stands in JSON,
    /// in a query and in base64.
    pub fn know(&self, secret: &Secret) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if secret.expose().len() < MIN_KNOWN || known.contains(secret) {
            return;
        }
        for form in forms(secret) {
            if !known.contains(&form) {
                known.push(form);
            }
        }
        // A secret that begins with another one must not leave its end behind.
        known.sort_by_key(|secret| Reverse(secret.expose().len()));
    }

    /// The text without the secrets that this run knows; what only looks like one stays. For data, whose
    /// tokens are what was asked for.
    pub fn without_known<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for secret in self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            if text.contains(secret.expose()) {
                text = Cow::Owned(text.replace(secret.expose(), MARK));
            }
        }
        text
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

    /// The text without secrets; borrowed when there were none.
    pub fn clean<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let text = self.without_known(text);
        let spans = secret_spans(&text);
        if spans.is_empty() {
            return text;
        }
        let mut clean = String::with_capacity(text.len());
        let mut from = 0;
        for (start, end) in spans {
            clean.push_str(&text[from..start]);
            clean.push_str(MARK);
            from = end;
        }
        clean.push_str(&text[from..]);
        Cow::Owned(clean)
    }
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

/// A secret as it is, and as texts write it: in JSON (Meta escapes the slash too), in a query, in base64.
fn forms(secret: &Secret) -> Vec<Secret> {
    let text = secret.expose();
    let escaped = |marks: &[char]| -> Zeroizing<String> {
        let marked = |letter| marks.contains(&letter).then_some('\\');
        let letters = text.chars();
        Zeroizing::new(
            letters
                .flat_map(|letter| marked(letter).into_iter().chain([letter]))
                .collect(),
        )
    };
    let in_query = |capitals: bool| {
        let mut query = Zeroizing::new(String::with_capacity(3 * text.len()));
        for byte in text.bytes() {
            // Writing to a string does not fail.
            let _ = match byte {
                byte if byte.is_ascii_alphanumeric() || b"*-._".contains(&byte) => {
                    query.write_char(char::from(byte))
                }
                byte if capitals => write!(query, "%{byte:02X}"),
                byte => write!(query, "%{byte:02x}"),
            };
        }
        query
    };
    let written = [
        escaped(&['"', '\\']),
        escaped(&['"', '\\', '/']),
        in_query(true),
        in_query(false),
    ];
    let encoded = (0..3).flat_map(|before| in_base64(text, before));
    let written = written.into_iter().chain(encoded);
    let written = written.filter_map(|form| Secret::parse(&form).ok());
    std::iter::once(secret.clone()).chain(written).collect()
}

/// The letters that stand for a secret in the base64 of a longer text, with `before` bytes in front of it
/// (modulo three). Letters that it shares with its neighbours are left out.
fn in_base64(text: &str, before: usize) -> [Zeroizing<String>; 2] {
    let whole = Zeroizing::new([&"\0".repeat(before), text].concat());
    let (from, to) = ((8 * before).div_ceil(6), 8 * whole.len() / 6);
    [STANDARD_NO_PAD, URL_SAFE_NO_PAD].map(|engine| {
        let encoded = Zeroizing::new(engine.encode(whole.as_bytes()));
        Zeroizing::new(encoded[from..to].to_owned())
    })
}

/// The byte ranges of `text` that look like secrets, in order and apart.
fn secret_spans(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let found = after_key(text, at).or_else(|| {
            at_word_start(bytes, at)
                .then(|| by_form(bytes, at))
                .flatten()
        });
        match found {
            Some((start, end)) if end > start => {
                if !text[start..].starts_with(MARK) {
                    spans.push((start, end));
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    spans
}

/// Whether a word begins at `at`: also right after a letter that belongs to an escape of JSON (`\n`,
/// `\u001b`) or of a URL (`%20`).
fn at_word_start(bytes: &[u8], at: usize) -> bool {
    let before = |count: usize| at.checked_sub(count).map(|at| bytes[at]);
    match before(1) {
        None => true,
        Some(last) if !last.is_ascii_alphanumeric() => true,
        Some(last) => {
            (b"bfnrt".contains(&last) && before(2) == Some(b'\\'))
                || before(3) == Some(b'%')
                || (before(6) == Some(b'\\') && before(5) == Some(b'u'))
        }
    }
}

/// A secret by its form: `EAA…`, or `digits|secret` of an app token.
fn by_form(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let run = |from: usize, accept: fn(u8) -> bool| {
        from + bytes[from..]
            .iter()
            .take_while(|byte| accept(**byte))
            .count()
    };
    if bytes[at..].starts_with(b"EAA") {
        let end = run(at, |byte| byte.is_ascii_alphanumeric());
        return (end - at >= 23).then_some((at, end));
    }
    let digits = run(at, |byte| byte.is_ascii_digit());
    if digits - at >= 5 && bytes.get(digits) == Some(&b'|') {
        let end = run(digits + 1, |byte| {
            byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
        });
        return (end - digits > 20).then_some((at, end));
    }
    None
}

/// The value behind one of [`KEYS`] at `at`: `key=value`, `"key":"value"`, `\"key\":\"value\"`, `key: value`.
fn after_key(text: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let key = KEYS.iter().find(|key| {
        bytes.len() >= at + key.len()
            && bytes[at..at + key.len()].eq_ignore_ascii_case(key.as_bytes())
    })?;
    let mut start = at + key.len();
    let quotes = |byte: u8| byte == b'"' || byte == b'\\' || byte == b'\'';
    start += bytes[start..]
        .iter()
        .take_while(|byte| quotes(**byte) || **byte == b' ')
        .count();
    if !matches!(bytes.get(start), Some(b'=' | b':')) {
        return None;
    }
    start += 1;
    start += bytes[start..]
        .iter()
        .take_while(|byte| quotes(**byte) || **byte == b' ')
        .count();
    for scheme in ["Bearer ", "OAuth "] {
        if text[start..]
            .get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
        {
            start += scheme.len();
        }
    }
    let ends = |byte: u8| {
        byte.is_ascii_whitespace()
            || matches!(
                byte,
                b'"' | b'\\' | b'\'' | b'&' | b',' | b'}' | b')' | b'<'
            )
    };
    let end = start
        + bytes[start..]
            .iter()
            .take_while(|byte| !ends(**byte))
            .count();
    // JSON's words for nothing hide nothing, and stay JSON.
    (!matches!(&text[start..end], "null" | "true" | "false")).then_some((start, end))
}

#[cfg(test)]
mod tests {
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

    proptest::proptest! {
        #[test]
        fn a_token_never_survives(before in "\\PC{0,40}", after in "[^A-Za-z0-9]\\PC{0,40}") {
            let text = format!("{before} {TOKEN}{after}");
            proptest::prop_assert!(!Redactor::default().clean(&text).contains(TOKEN));
        }
    }
}
