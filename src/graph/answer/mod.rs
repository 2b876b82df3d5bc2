//! What an answer means, judged by its content.
//!
//! The one decision: the body is read before the status, and the content type is not believed. A failure
//! can wear HTTP 200 (an `error` key, `success: false`, the text "Service Unavailable"), and a proxy's
//! page can wear anything.

pub(crate) mod codes;
pub(crate) mod cut;
pub(crate) mod meta;

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

use self::{
    cut::beginning,
    meta::{MetaError, says_nothing, truthy},
};
use super::{
    error::{ErrorCause, Unreadable},
    send::transport::TransportError,
};
use crate::redact::Redactor;

/// Longest answer that is taken, in bytes.
pub(crate) const CAP: usize = 8 * 1024 * 1024;

/// How much of an unreadable answer is shown, in characters.
const EXCERPT: usize = 200;

/// How much of an unreadable answer is looked at for that.
const LOOKED_AT: usize = 64 * 1024;

/// One answer as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawResponse {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the body was longer than [`CAP`] and was cut off.
    pub(crate) too_long: bool,
    /// Why the body is not whole, where it broke off.
    pub(crate) broken: Option<TransportError>,
}

impl RawResponse {
    /// The first header of this name (in lower case).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The JSON of a success, or what is wrong with the answer.
pub(crate) fn judge(
    answer: &RawResponse,
    base_host: &str,
    redactor: &Redactor,
) -> Result<Value, ErrorCause> {
    if let Some(transport) = &answer.broken {
        return Err(ErrorCause::Transport(transport.clone()));
    }
    if answer.too_long {
        return Err(unreadable(answer, Unreadable::TooLong, redactor));
    }
    if matches!(answer.status, 301..=303 | 307 | 308) {
        return Err(ErrorCause::Redirect(redirect_host(
            answer, base_host, redactor,
        )));
    }
    let body = answer
        .body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&answer.body);
    match parsed(body) {
        Some(value) => judge_json(value, answer, redactor).map(|mut value| {
            // An answer may hold a token that we asked for, and never one of ours.
            redactor.take_known(&mut value);
            value
        }),
        None => Err(unreadable(answer, why_unreadable(answer), redactor)),
    }
}

/// The JSON of a body. What is no text (a byte that is no UTF-8, half of a pair of surrogates) stands in
/// somebody's name, which was cut in the middle of a letter, and must not hide the rest.
fn parsed(body: &[u8]) -> Option<Value> {
    let mended = || serde_json::from_str(&without_halves(&String::from_utf8_lossy(body)));
    serde_json::from_slice(body).or_else(|_| mended()).ok()
}

/// JSON text with a replacement for each `\u` escape that is half of a pair.
fn without_halves(json: &str) -> String {
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok();
    let mut whole = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        whole.push_str(before);
        let (length, half) = match unit(escape) {
            Some(0xd800..=0xdbff) => match escape.get(6..).and_then(unit) {
                Some(0xdc00..=0xdfff) => (12, false),
                _ => (6, true),
            },
            Some(0xdc00..=0xdfff) => (6, true),
            // The letter behind a backslash is no beginning of another escape.
            _ => (escape.chars().take(2).map(char::len_utf8).sum(), false),
        };
        whole.push_str(if half { "\\ufffd" } else { &escape[..length] });
        rest = &escape[length..];
    }
    whole.push_str(rest);
    whole
}

fn judge_json(
    value: Value,
    answer: &RawResponse,
    redactor: &Redactor,
) -> Result<Value, ErrorCause> {
    let stands = |name: &str| value.get(name).filter(|field| !says_nothing(field));
    if let Some(error) = stands("error") {
        return Err(ErrorCause::Meta(Box::new(MetaError::read(error, redactor))));
    }
    // No form of Meta's Graph, so whose word it is is unknown, and it proves no refusal.
    if stands("error_code").is_some() && value.get("id").is_none() {
        return Err(unreadable(answer, Unreadable::OtherError, redactor));
    }
    let success = value.get("success").unwrap_or(&value);
    if success.as_bool() == Some(false) || success.as_str() == Some("false") {
        return Err(ErrorCause::NotDone);
    }
    let answers = matches!(value, Value::Object(_) | Value::Array(_)) || truthy(&value);
    if answers && answer.status < 400 {
        return Ok(value);
    }
    Err(unreadable(answer, why_unreadable(answer), redactor))
}

/// Which kind of no answer this is.
fn why_unreadable(answer: &RawResponse) -> Unreadable {
    let text = String::from_utf8_lossy(&answer.body[..answer.body.len().min(LOOKED_AT)]);
    let text = text.trim_start_matches('\u{feff}').trim();
    let from_meta = answer
        .headers
        .iter()
        .any(|(name, _)| name.starts_with("x-fb-"))
        || text.contains("<title>Facebook | Error</title>");
    if answer.status == 407 {
        Unreadable::ProxyAuth
    } else if text.is_empty() {
        Unreadable::Empty
    } else if answer.status == 200 && text.contains("Service Unavailable") {
        Unreadable::ServiceUnavailable
    } else if !text.starts_with('<') {
        Unreadable::Text
    } else if from_meta {
        Unreadable::MetaPage
    } else {
        Unreadable::ProxyPage
    }
}

fn unreadable(answer: &RawResponse, why: Unreadable, redactor: &Redactor) -> ErrorCause {
    ErrorCause::Unreadable(why, excerpt(&answer.body, redactor))
}

/// The beginning of a body as a person can read it: no tags, no scripts, no secrets, on one line.
fn excerpt(body: &[u8], redactor: &Redactor) -> String {
    let text = String::from_utf8_lossy(body);
    let (text, _) = beginning(&text, LOOKED_AT, redactor);
    let text = without_tags(&text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut short, whole) = beginning(&text, EXCERPT, redactor);
    if !whole {
        short.push('…');
    }
    short
}

/// The text between the tags, without what scripts and styles hold. Text that is no HTML stays whole.
fn without_tags(text: &str) -> String {
    if !text.trim_start().starts_with('<') {
        return text.to_owned();
    }
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        plain.push(' ');
        rest = &rest[start..];
        let lower: String = rest
            .chars()
            .take(8)
            .collect::<String>()
            .to_ascii_lowercase();
        let end = ["script", "style"]
            .iter()
            .find(|name| lower[1..].starts_with(**name))
            .and_then(|name| rest[1..].find(&format!("</{name}")).map(|at| at + 2))
            .unwrap_or(0);
        match rest[end..].find('>') {
            Some(close) => rest = &rest[end + close + 1..],
            None => return plain,
        }
    }
    plain.push_str(rest);
    plain
}

/// The host that a redirect names, for the error's text.
fn redirect_host(answer: &RawResponse, base_host: &str, redactor: &Redactor) -> String {
    let location = answer.header("location").unwrap_or_default();
    let absolute = if location.starts_with("//") {
        format!("https:{location}")
    } else {
        location.to_owned()
    };
    match url::Url::parse(&absolute) {
        Ok(url) => match url.host().map(|host| host.to_string()) {
            None => "another address".to_owned(),
            Some(host) if !is_harmless(&host, location, redactor) => "another host".to_owned(),
            Some(host) => url
                .port()
                .map_or(host.clone(), |port| format!("{host}:{port}")),
        },
        Err(_) if location.is_empty() => "nowhere".to_owned(),
        Err(_) => format!("another path of {base_host}"),
    }
}

/// Whether a host may be shown. It is parsed into small letters, in which no secret is recognised, so it is
/// looked at as it was written.
fn is_harmless(host: &str, location: &str, redactor: &Redactor) -> bool {
    let at = location.to_ascii_lowercase().find(host);
    let written = at.and_then(|at| location.get(at..at + host.len()));
    written.is_some_and(|written| matches!(redactor.clean(written), Cow::Borrowed(_)))
}

/// Reads a shape from JSON; an error names the place and never holds a secret.
pub(crate) fn decode<T: DeserializeOwned>(
    value: Value,
    redactor: &Redactor,
) -> Result<T, ErrorCause> {
    // The way to a value costs more than the value, and only an error needs it.
    if let Ok(read) = T::deserialize(&value) {
        return Ok(read);
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." {
            "at the top".to_owned()
        } else {
            format!("at {path}")
        };
        let problem = format!("{place}: {}", error.inner());
        ErrorCause::Shape(beginning(&problem, EXCERPT, redactor).0)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> RawResponse {
        RawResponse {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec(),
            ..RawResponse::default()
        }
    }

    /// A short name for each judgement.
    fn name(status: u16, headers: &[(&str, &str)], body: &str) -> String {
        let redactor = Redactor::default();
        match judge(
            &answer(status, headers, body),
            "graph.facebook.com",
            &redactor,
        ) {
            Ok(value) => format!("ok {value}"),
            Err(ErrorCause::Meta(meta)) => format!("meta {}", meta.number()),
            Err(ErrorCause::Unreadable(why, _)) => format!("{why:?}"),
            Err(ErrorCause::Redirect(host)) => format!("redirect {host}"),
            Err(other) => format!("{other:?}"),
        }
    }

    #[test]
    fn errors_that_are_none_or_not_in_metas_form() {
        for (body, expected) in [
            (r#"{"id":"1","error":[]}"#, r#"ok {"id":"1","error":[]}"#),
            (
                r#"{"id":"1","error_code":5}"#,
                r#"ok {"id":"1","error_code":5}"#,
            ),
            (r#"{"error_code":190}"#, "OtherError"),
            (r#"{"error_code":0,"x":1}"#, r#"ok {"error_code":0,"x":1}"#),
            (r#"{"error":{"odd":1}}"#, "meta no code"),
        ] {
            assert_eq!(name(200, &[], body), expected, "{body}");
        }
    }

    #[test]
    fn the_body_comes_before_the_status() {
        let html = "<html><head><title>x</title></head><body>Blocked</body></html>";
        let meta = "<html><title>Facebook | Error</title><p>Sorry, something went wrong.";
        for (status, headers, body, expected) in [
            (200, &[][..], r#"{"id":"1"}"#, r#"ok {"id":"1"}"#),
            (
                200,
                &[("content-type", "text/html")],
                r#"{"id":"1"}"#,
                r#"ok {"id":"1"}"#,
            ),
            (200, &[], "\u{feff}{}", "ok {}"),
            (200, &[], "true", "ok true"),
            (200, &[], "\"true\"", "ok \"true\""),
            (200, &[], "[]", "ok []"),
            (
                200,
                &[],
                r#"{"error":{"code":190,"error_subcode":463}}"#,
                "meta 190/463",
            ),
            (
                500,
                &[],
                r#"{"error":{"code":2,"is_transient":true}}"#,
                "meta 2",
            ),
            (403, &[], r#"{"error":{"code":4}}"#, "meta 4"),
            (400, &[], r#"{"error":"invalid_request"}"#, "meta no code"),
            (
                200,
                &[],
                r#"{"error":null,"id":"1"}"#,
                r#"ok {"error":null,"id":"1"}"#,
            ),
            (200, &[], r#"{"success":false}"#, "NotDone"),
            (200, &[], r#"{"success":"false"}"#, "NotDone"),
            (200, &[], "false", "NotDone"),
            (
                200,
                &[],
                r#"{"success":"true"}"#,
                r#"ok {"success":"true"}"#,
            ),
            (200, &[], "Service Unavailable", "ServiceUnavailable"),
            (200, &[], "\"Service Unavailable\"", "ServiceUnavailable"),
            (
                200,
                &[],
                "<h1>Service Unavailable</h1>",
                "ServiceUnavailable",
            ),
            (
                200,
                &[],
                r#"{"name":"Service Unavailable"}"#,
                r#"ok {"name":"Service Unavailable"}"#,
            ),
            (503, &[], "Service Unavailable", "Text"),
            (200, &[], "", "Empty"),
            (204, &[], "", "Empty"),
            (200, &[], "null", "Text"),
            (200, &[], "7", "Text"),
            (200, &[], "{\"id\":", "Text"),
            (500, &[], meta, "MetaPage"),
            (400, &[("x-fb-request-id", "A")], html, "MetaPage"),
            (403, &[], html, "ProxyPage"),
            (200, &[], html, "ProxyPage"),
            (407, &[], html, "ProxyAuth"),
            (407, &[], "", "ProxyAuth"),
            (404, &[], r#"{"message":"no such route"}"#, "Text"),
            (
                302,
                &[("location", "https://evil.example/x?token=1")],
                "",
                "redirect evil.example",
            ),
            (
                307,
                &[("location", "//evil.example:81/x")],
                "{}",
                "redirect evil.example:81",
            ),
            (
                301,
                &[("location", "/login")],
                "",
                "redirect another path of graph.facebook.com",
            ),
            (308, &[], "", "redirect nowhere"),
            (304, &[], "", "Empty"),
        ] {
            assert_eq!(name(status, headers, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_name_cut_in_the_middle_of_a_letter_hides_nothing() {
        for (body, expected) in [
            (
                &br#"{"id":"1","name":"Shrub \ud83c"}"#[..],
                Some("Shrub \u{fffd}"),
            ),
            (
                br#"{"id":"1","name":"\udf3f Shrub"}"#,
                Some("\u{fffd} Shrub"),
            ),
            (
                br#"{"id":"1","name":"\ud83c\ud83c\udf3f\\ud83c \n"}"#,
                Some("\u{fffd}🌿\\ud83c \n"),
            ),
            (
                b"{\"id\":\"1\",\"name\":\"Shrub \xf0\x9f\"}",
                Some("Shrub \u{fffd}"),
            ),
            (br#"{"id":"1","name":"\ud83"}"#, None),
            (br#"{"id":"1","name":"x\"#, None),
            (b"\xff\xfe", None),
        ] {
            let value = parsed(body);
            let name = value.as_ref().and_then(|value| value["name"].as_str());
            assert_eq!(name, expected, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn a_redirect_names_no_secret_in_any_case() {
        const TOKEN: &str = "EAATESTTOKEN0123456789abc";
        for (location, expected) in [
            (format!("https://{TOKEN}.evil.example/"), "another host"),
            (format!("https:x.{TOKEN}:81"), "another host"),
            (format!("https://%45{}/", &TOKEN[1..]), "another host"),
            (format!("https://Evil.Example/{TOKEN}"), "evil.example"),
        ] {
            assert_eq!(
                name(302, &[("location", &location)], ""),
                format!("redirect {expected}")
            );
        }
    }

    #[test]
    fn excerpts_are_short_and_plain() {
        let redactor = Redactor::default();
        let long = "x ".repeat(500);
        for (body, expected) in [
            (
                "<p>Hello <b>you</b></p>\n<script>var a='<p>';</script> end",
                "Hello you end",
            ),
            ("<!DOCTYPE html><STYLE>p{}</style>Sorry", "Sorry"),
            ("<unclosed", ""),
            ("plain a < b", "plain a < b"),
            ("token EAATESTTOKEN0123456789abc.", "token (redacted)."),
        ] {
            assert_eq!(excerpt(body.as_bytes(), &redactor), expected);
        }
        assert_eq!(
            excerpt(long.as_bytes(), &redactor).chars().count(),
            EXCERPT + 1
        );
        assert_eq!(excerpt(&[0xff, 0xfe, b'a'], &redactor), "\u{fffd}\u{fffd}a");
    }

    #[test]
    fn a_wrong_shape_names_its_place() {
        #[derive(Debug, serde::Deserialize)]
        struct Shape {
            #[expect(dead_code, reason = "only its type matters")]
            data: Vec<crate::ids::AppId>,
        }
        let error =
            decode::<Shape>(json!({"data": ["1", true]}), &Redactor::default()).unwrap_err();
        let ErrorCause::Shape(problem) = error else {
            panic!("{error:?}")
        };
        assert!(
            problem.starts_with("at data[1]: invalid type: boolean"),
            "{problem}"
        );
    }
}
