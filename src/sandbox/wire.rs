//! What goes in and out of the pure part: a request already read, an answer not yet sent.
//!
//! The one decision: even a broken answer is a value. "Drop the connection" and "cut the body" are
//! [`Delivery`], so the state decides about them and tests read them without a socket.

use std::{fmt::Write as _, time::Duration};

use ring::hmac;
use serde_json::{Map, Value};

/// A request, read to its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    /// `GET` or `POST`.
    pub(super) method: String,
    /// The path, without the query.
    pub(super) path: String,
    /// The query, decoded, in order.
    pub(super) query: Vec<(String, String)>,
    /// What stood behind `Authorization: Bearer`.
    pub(super) bearer: Option<String>,
    /// The body's parameters: JSON or a form, as Graph takes both.
    pub(super) body: Map<String, Value>,
    /// The address in it has sent our challenge back.
    pub(super) callback_verified: bool,
    /// Unix seconds.
    pub(super) now: u64,
    /// `http://127.0.0.1:PORT`, for the addresses in answers.
    pub(super) base: String,
}

impl Request {
    /// A request for `target` (path and query); `body` is JSON or a form.
    pub(super) fn new(method: &str, target: &str, body: &[u8]) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            body: body_params(body),
            ..Self::default()
        }
    }

    /// The parts of the path: `/v26.0/me` is `["v26.0", "me"]`.
    pub(super) fn parts(&self) -> Vec<&str> {
        self.path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// A parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A parameter as text, of the query or of the body.
    pub(super) fn param(&self, name: &str) -> Option<String> {
        self.query(name)
            .map(str::to_owned)
            .or_else(|| match self.body.get(name)? {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            })
    }

    /// The access token, wherever Graph would look for it. An empty one is none.
    pub(super) fn token(&self) -> Option<String> {
        let token = self.bearer.clone().or_else(|| self.param("access_token"));
        token.filter(|text| !text.is_empty())
    }
}

/// The parameters of a body. What is neither JSON nor a form has none, as with Graph.
fn body_params(body: &[u8]) -> Map<String, Value> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => map,
        Ok(_) => Map::new(),
        Err(_) => url::form_urlencoded::parse(body)
            .into_owned()
            .map(|(key, value)| (key, Value::String(value)))
            .collect(),
    }
}

/// How an answer leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Delivery {
    /// Whole.
    #[default]
    Whole,
    /// Headers that promise the whole body, half of the body, then the end of the connection.
    Cut,
    /// No byte, then the end of the connection.
    Dropped,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Response {
    /// The HTTP status.
    pub(super) status: u16,
    /// The media type of the body.
    pub(super) media: &'static str,
    /// Further headers.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    /// How it leaves.
    pub(super) delivery: Delivery,
    /// How long it is held back.
    pub(super) delay: Duration,
}

impl Response {
    /// An answer of any type.
    pub(super) fn new(status: u16, media: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            media,
            headers: Vec::new(),
            body: body.into(),
            delivery: Delivery::Whole,
            delay: Duration::ZERO,
        }
    }

    /// An answer in JSON.
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=UTF-8", body.to_string())
    }

    /// The body as JSON, null if it is none.
    pub(super) fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// HMAC-SHA256, as Meta signs with the app secret.
pub(super) fn hmac_sha256(secret: &str, message: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_from_everywhere() {
        let request = Request::new("POST", "/v26.0//1/accept?a=1%2B1", b"{\"b\":2,\"c\":null}");
        assert_eq!(request.parts(), ["v26.0", "1", "accept"]);
        assert_eq!(request.param("a").as_deref(), Some("1+1"));
        assert_eq!(request.param("b").as_deref(), Some("2"));
        assert_eq!(request.param("c"), None);
        let form = Request::new("POST", "/", b"partner_app_id=12&x=a+b");
        assert_eq!(form.param("x").as_deref(), Some("a b"));
    }

    #[test]
    fn an_empty_token_is_none() {
        for (target, expected) in [
            ("/me?access_token=EAA", Some("EAA")),
            ("/me?access_token=", None),
            ("/me", None),
        ] {
            let token = Request::new("GET", target, b"").token();
            assert_eq!(token.as_deref(), expected, "{target}");
        }
    }

    #[test]
    fn the_vector_of_graph_api_md_6_2() {
        assert_eq!(
            hex(&hmac_sha256(
                "0123456789abcdef0123456789abcdef",
                "EAATESTTOKEN0123456789"
            )),
            "9acf14e068724933d0d1982a01b2acc6a9382af0965546b0528f6355d3f9d8dd"
        );
    }
}
