//! Meta's error envelope, read from whatever stands under `error`.
//!
//! The one decision: reading it cannot fail. An error must not be lost because one of its fields has an
//! odd type, so every field is optional and numbers may come as text. All texts are redacted here, since
//! Meta repeats malformed tokens in its messages.

use serde::Serialize;
use serde_json::Value;

use super::{codes, cut::beginning};
use crate::{graph::error::advice::Advice, redact::Redactor};

/// Longest text kept of any field, in characters.
const LONGEST: usize = 1000;

/// What Meta says about a failure.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct MetaError {
    /// The number that decides what it means; absent in a few old answers.
    pub code: Option<i64>,
    /// A finer number.
    pub subcode: Option<i64>,
    /// `OAuthException` nearly always; means nothing.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// For developers, usually English.
    pub message: String,
    /// For people, in their language.
    pub user_title: Option<String>,
    /// For people, in their language.
    pub user_msg: Option<String>,
    /// Which field was wrong, or what else Meta put into `error_data`.
    pub details: Option<String>,
    /// Whether Meta calls it passing. Also set on throttles.
    pub is_transient: bool,
    /// What Meta's support asks for; it is forgotten after some days.
    pub fbtrace_id: Option<String>,
}

impl MetaError {
    /// Reads what stands under the key `error` of a body, or under `data.error` of `debug_token`. Where no field says
    /// anything, what came is the message.
    pub(crate) fn read(error: &Value, redactor: &Redactor) -> Self {
        let text = |value: Option<&Value>| {
            let (clean, _) = beginning(value?.as_str()?.trim(), LONGEST, redactor);
            (!clean.is_empty()).then_some(clean)
        };
        let field = |name: &str| text(error.get(name));
        let unnamed = |error: &Value| {
            let code = error.get("code").is_some_and(|code| number(code).is_some());
            let odd = !code && !says_nothing(error);
            odd.then(|| text(Some(&Value::String(error.to_string()))))
                .flatten()
        };
        Self {
            code: error.get("code").and_then(number),
            subcode: error
                .get("error_subcode")
                .or_else(|| error.get("subcode"))
                .and_then(number),
            kind: field("type"),
            message: field("message")
                .or_else(|| text(Some(error)))
                .or_else(|| unnamed(error))
                .unwrap_or_else(|| "Meta gave no message".to_owned()),
            user_title: field("error_user_title"),
            user_msg: field("error_user_msg"),
            details: error
                .get("error_data")
                .and_then(details)
                .and_then(|details| text(Some(&Value::String(details)))),
            is_transient: error.get("is_transient").is_some_and(truthy),
            fbtrace_id: field("fbtrace_id"),
        }
    }

    /// The best text for a person: title and message in their language, else Meta's own message.
    pub fn headline(&self) -> String {
        match (&self.user_title, &self.user_msg) {
            (Some(title), Some(message)) => format!("{title}: {message}"),
            (Some(text), None) | (None, Some(text)) => text.clone(),
            (None, None) => self.message.clone(),
        }
    }

    /// Its row in the table of codes.
    pub(crate) fn row(&self) -> Option<&'static codes::CodeRow> {
        codes::find(self.code?, self.subcode, &self.message)
    }

    /// Whether Meta could not even read the token: it is none, or a part of one.
    pub fn is_no_token(&self) -> bool {
        self.row()
            .is_some_and(|row| row.advice == Advice::NotAToken)
    }

    /// `190/463`, `100`, or `no code`.
    #[cfg(test)]
    pub fn number(&self) -> String {
        match (self.code, self.subcode) {
            (Some(code), Some(subcode)) => format!("{code}/{subcode}"),
            (Some(code), None) => code.to_string(),
            (None, _) => "no code".to_owned(),
        }
    }
}

/// A whole number, also one in quotes.
pub(crate) fn number(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// `true`, also in quotes.
pub(crate) fn truthy(value: &Value) -> bool {
    value.as_bool() == Some(true) || value.as_str() == Some("true")
}

/// Whether a field holds what Meta puts where there is nothing.
pub(crate) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

/// What `error_data` tells a person. It may be an object, or a string with JSON in it.
fn details(data: &Value) -> Option<String> {
    let parsed;
    let data = match data.as_str() {
        Some(text) => match serde_json::from_str(text) {
            Ok(value) => {
                parsed = value;
                &parsed
            }
            Err(_) => data,
        },
        None => data,
    };
    if let Some(text) = data.get("details").unwrap_or(data).as_str() {
        return Some(text.to_owned());
    }
    let mut fields = Vec::new();
    strings(data.get("blame_field_specs")?, 0, &mut fields);
    (!fields.is_empty()).then(|| format!("wrong field: {}", fields.join(", ")))
}

/// All strings in nested arrays.
fn strings(value: &Value, depth: usize, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) if depth < 4 => {
            for item in items {
                strings(item, depth + 1, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> MetaError {
        MetaError::read(value, &Redactor::default())
    }

    #[test]
    fn the_whole_envelope() {
        let error = read(&json!({
            "message": "(#100) Invalid parameter", "type": "OAuthException", "code": 100,
            "error_subcode": 33, "is_transient": false, "error_user_title": "Wrong name",
            "error_user_msg": "Use 2 to 75 characters.", "fbtrace_id": "AXsgnV2Cm3ZMGF3dF_cfYIn",
            "error_data": {"blame_field_specs": [["solution_name"]]},
        }));
        assert_eq!(error.number(), "100/33");
        assert_eq!(error.headline(), "Wrong name: Use 2 to 75 characters.");
        assert_eq!(error.details.as_deref(), Some("wrong field: solution_name"));
        assert_eq!(error.fbtrace_id.as_deref(), Some("AXsgnV2Cm3ZMGF3dF_cfYIn"));
        assert!(!error.is_transient);
    }

    #[test]
    fn odd_types_lose_nothing_else() {
        for (value, code, message, details) in [
            (json!({"code": "190", "message": "x"}), Some(190), "x", None),
            (
                json!({"code": 1.5, "message": ["x"]}),
                None,
                r#"{"code":1.5,"message":["x"]}"#,
                None,
            ),
            (
                json!({"code": 5, "message": ["x"]}),
                Some(5),
                "Meta gave no message",
                None,
            ),
            (json!({}), None, "Meta gave no message", None),
            (json!("invalid_request"), None, "invalid_request", None),
            (json!(null), None, "Meta gave no message", None),
            (
                json!({"message": "m", "error_data": "plain"}),
                None,
                "m",
                Some("plain"),
            ),
            (
                json!({"message": "m", "error_data": "{\"details\":\"too long\"}"}),
                None,
                "m",
                Some("too long"),
            ),
            (
                json!({"message": "m", "error_data": "{\"blame_field_specs\":[\"a\",[\"b\"]]}"}),
                None,
                "m",
                Some("wrong field: a, b"),
            ),
        ] {
            let error = read(&value);
            assert_eq!(
                (error.code, error.message.as_str(), error.details.as_deref()),
                (code, message, details),
                "{value}"
            );
        }
    }

    #[test]
    fn an_echoed_token_is_gone() {
        let error = read(&json!({"message": "Malformed access token EAATESTTOKEN0123456789abc"}));
        assert_eq!(error.message, "Malformed access token (redacted)");
    }
}
