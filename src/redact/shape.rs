//! The second net: what only looks like a secret (graph-api.md, 6.7: Meta echoes malformed tokens in
//! `error.message`).
//!
//! The one decision: the search goes from sign to sign (`=`, `:`, `|`, `EAA`), which are rare, and looks back from
//! there; letters in between are passed over by the machine's widest steps.

use std::sync::LazyLock;

use memchr::{memchr3, memmem::Finder};

use super::spans::{MARK, apart};

/// Names whose value is a secret, in JSON, in a query or in a header.
pub(super) const KEYS: [&str; 11] = [
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

/// The shortest text that this net finds anything in: the shortest of [`KEYS`], a sign and a letter.
const SHORTEST: usize = "accesstoken=x".len();

/// The byte ranges of `text` that look like secrets, in order and apart.
pub(super) fn spans(text: &str) -> Vec<(usize, usize)> {
    if text.len() < SHORTEST {
        return Vec::new();
    }
    let mut spans = at_signs(text);
    spans.extend(tokens(text.as_bytes()));
    apart(spans)
}

/// Values of [`KEYS`], and app tokens.
fn at_signs(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    // What is before it is decided.
    let mut at = 0;
    while let Some(step) = memchr3(b'=', b':', b'|', &bytes[at..]) {
        let sign = at + step;
        let found = match bytes[sign] {
            b'|' => app_token(bytes, at, sign),
            _ if behind_key(&bytes[at..sign]) => value(text, sign + 1),
            _ => None,
        };
        at = match found {
            Some((start, end)) if end > start => {
                if !text[start..].starts_with(MARK) {
                    spans.push((start, end));
                }
                end
            }
            _ => sign + 1,
        };
    }
    spans
}

/// Tokens by their beginning: `EAA…`.
fn tokens(bytes: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    static BEGINNING: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"EAA"));
    let starts = BEGINNING.find_iter(bytes);
    starts.filter_map(|at| {
        if !at_word_start(bytes, at) {
            return None;
        }
        let end = run(bytes, at, |byte| byte.is_ascii_alphanumeric());
        (end - at >= 23).then_some((at, end))
    })
}

/// `digits|secret` around a `|`, not before `from`.
fn app_token(bytes: &[u8], from: usize, sign: usize) -> Option<(usize, usize)> {
    let digits = bytes[from..sign].iter().rev();
    let digits = digits.take_while(|byte| byte.is_ascii_digit()).count();
    // The first digits may belong to an escape: `\u001b`.
    let starts = sign - digits..(sign + 1).saturating_sub(5);
    let start = starts.take(6).find(|at| at_word_start(bytes, *at))?;
    let end = run(bytes, sign + 1, |byte| {
        byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
    });
    (end - sign > 20).then_some((start, end))
}

/// Where a run of such bytes ends.
fn run(bytes: &[u8], from: usize, accept: impl Fn(u8) -> bool) -> usize {
    from + bytes[from..]
        .iter()
        .take_while(|byte| accept(**byte))
        .count()
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

/// What may stand between a name and its sign, and between the sign and the value.
fn is_padding(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | b'\'' | b' ')
}

/// Whether a text ends with one of [`KEYS`]: `key`, `"key"`, `\"key\"`, `key `.
fn behind_key(text: &[u8]) -> bool {
    let padding = text.iter().rev().take_while(|byte| is_padding(**byte));
    let text = &text[..text.len() - padding.count()];
    KEYS.iter().any(|key| {
        let tail = text.len().checked_sub(key.len());
        tail.is_some_and(|from| text[from..].eq_ignore_ascii_case(key.as_bytes()))
    })
}

/// The value that begins behind a sign: `value`, `"value"`, `\"value\"`, ` Bearer value`.
fn value(text: &str, sign_end: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut start = run(bytes, sign_end, is_padding);
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
    let end = run(bytes, start, |byte| !ends(byte));
    // JSON's words for nothing hide nothing, and stay JSON.
    (!matches!(&text[start..end], "null" | "true" | "false")).then_some((start, end))
}
