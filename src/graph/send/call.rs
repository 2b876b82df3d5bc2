//! One call, before it is sent: what it is for, where it goes, what it carries.
//!
//! The one decision: a token travels in the header alone, so a call has no place for one. Parameters go
//! into the query of a read and into the JSON body of a write; the only secret that ever stands in a
//! query is the token that `debug_token` asks about.

use std::time::{Duration, Instant, SystemTime};

use serde_json::{Map, Value};
use url::Url;

use super::{url::BaseUrl, version::ApiVersion};
use crate::{
    ids::AppId,
    secret::{AppSecret, Secret, SystemToken, UserToken},
};

/// The token of a call, by its role.
#[derive(Debug, Clone, Copy)]
pub enum Token<'a> {
    /// The Tech Provider's.
    User(&'a UserToken),
    /// Our system user's.
    System(&'a SystemToken),
    /// Our app's own, made of its id and secret.
    App(&'a AppId, &'a AppSecret),
}

/// Whose token a call used; what is left of [`Token`] when the token itself is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bearer {
    /// The Tech Provider's.
    User,
    /// Our system user's.
    System,
    /// Our app's.
    App,
}

impl Bearer {
    /// In words, for "the quota of …".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::User => "the Tech Provider's token",
            Self::System => "our system token",
            Self::App => "our app",
        }
    }
}

/// A token taken along by a stream of pages or a call.
#[derive(Debug, Clone)]
pub(crate) struct OwnedToken {
    pub(crate) bearer: Bearer,
    pub(crate) secret: Secret,
}

impl From<Token<'_>> for OwnedToken {
    fn from(token: Token<'_>) -> Self {
        let (bearer, secret) = match token {
            Token::User(token) => (Bearer::User, token.secret().clone()),
            Token::System(token) => (Bearer::System, token.secret().clone()),
            Token::App(id, secret) => (Bearer::App, app_token(id, secret)),
        };
        Self { bearer, secret }
    }
}

/// `APP_ID|APP_SECRET`.
fn app_token(id: &AppId, secret: &AppSecret) -> Secret {
    let joined = zeroize::Zeroizing::new(format!("{id}|{}", secret.secret().expose()));
    // Digits, a bar and a secret make a secret, unless they are too long together; then Meta refuses it.
    Secret::parse(&joined).unwrap_or_else(|_| secret.secret().clone())
}

/// What is done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads; may be repeated.
    Get,
    /// Writes; never repeated here.
    Post,
    /// Writes; never repeated here.
    Delete,
}

impl Method {
    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it can change anything.
    pub fn writes(self) -> bool {
        self != Self::Get
    }
}

/// One call.
#[derive(Debug, Clone)]
pub(crate) struct ApiCall {
    /// What we are doing, to follow "could not": `accept solution 1234`.
    pub(crate) doing: String,
    pub(crate) method: Method,
    /// Asked instead of the client's version.
    pub(crate) version: Option<ApiVersion>,
    pub(crate) segments: Vec<String>,
    pub(crate) params: Vec<(String, String)>,
    /// The JSON body of a write; none means no body at all.
    pub(crate) body: Option<Map<String, Value>>,
    /// Whether the object of the call is a solution.
    pub(crate) solution: bool,
    /// Whether the answer is a secret as a whole.
    pub(crate) secret_answer: bool,
    /// Not sent any more after this.
    pub(crate) leave_by: Option<LeaveBy>,
}

/// A moment by which a call must leave. Two clocks count, since one stands still while the machine sleeps and the
/// other can be set: whichever says so first, it is too late.
#[derive(Debug, Clone, Copy)]
pub struct LeaveBy(Instant, SystemTime);

impl LeaveBy {
    /// So long from now.
    pub fn within(length: Duration) -> Self {
        Self(Instant::now() + length, SystemTime::now() + length)
    }

    pub(crate) fn is_past(self) -> bool {
        Instant::now() > self.0 || SystemTime::now() > self.1
    }
}

impl ApiCall {
    pub(crate) fn new(method: Method, doing: impl Into<String>, segments: &[&str]) -> Self {
        Self {
            doing: doing.into(),
            method,
            version: None,
            segments: segments.iter().map(|&segment| segment.to_owned()).collect(),
            params: Vec::new(),
            body: None,
            solution: false,
            secret_answer: false,
            leave_by: None,
        }
    }

    pub(crate) fn get(doing: impl Into<String>, segments: &[&str]) -> Self {
        Self::new(Method::Get, doing, segments)
    }

    pub(crate) fn post(doing: impl Into<String>, segments: &[&str]) -> Self {
        Self::new(Method::Post, doing, segments)
    }

    pub(crate) fn param(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.push((name.to_owned(), value.into()));
        self
    }

    /// Sets a parameter in place of one of the same name.
    pub(crate) fn set_param(&mut self, name: &str, value: &str) {
        self.params.retain(|(key, _)| key != name);
        self.params.push((name.to_owned(), value.to_owned()));
    }

    /// Whether a parameter has this value.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.params
            .iter()
            .any(|(key, held)| key == name && held == value)
    }

    pub(crate) fn body(mut self, body: Map<String, Value>) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) fn on_solution(mut self) -> Self {
        self.solution = true;
        self
    }

    pub(crate) fn secret_answer(mut self) -> Self {
        self.secret_answer = true;
        self
    }

    /// The object of the call, where it is a number.
    pub(crate) fn id(&self) -> Option<&str> {
        self.segments
            .first()
            .map(String::as_str)
            .filter(|first| first.parse::<AppId>().is_ok())
    }

    /// The whole URL. The proof goes into the query of a read, and of a write that Meta's guide wants
    /// without a body.
    pub(crate) fn url(&self, base: &BaseUrl, version: ApiVersion, proof: Option<&str>) -> Url {
        let version = self.version.unwrap_or(version).to_string();
        let segments = self.segments.iter().map(String::as_str);
        let mut url = base.join(std::iter::once(version.as_str()).chain(segments));
        let proof = proof.filter(|_| self.body.is_none());
        if !self.params.is_empty() || proof.is_some() {
            let mut query = url.query_pairs_mut();
            for (name, value) in &self.params {
                query.append_pair(name, value);
            }
            if let Some(proof) = proof {
                query.append_pair("appsecret_proof", proof);
            }
        }
        url
    }

    /// The body's bytes, the proof among its fields.
    pub(crate) fn body_bytes(&self, proof: Option<&str>) -> Option<Vec<u8>> {
        let mut body = self.body.clone()?;
        if let Some(proof) = proof {
            body.insert("appsecret_proof".to_owned(), proof.into());
        }
        Some(Value::Object(body).to_string().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_of_a_read() {
        let call = ApiCall::get("x", &["1234", "partners"])
            .param("fields", "id,partners{status}")
            .param("limit", "100");
        assert_eq!(
            call.url(&BaseUrl::default(), "v26.0".parse().unwrap(), Some("ab"))
                .as_str(),
            "https://graph.facebook.com/v26.0/1234/partners?fields=id%2Cpartners%7Bstatus%7D&limit=100\
             &appsecret_proof=ab"
        );
        assert_eq!(call.id(), Some("1234"));
        assert_eq!(ApiCall::get("x", &["me"]).id(), None);
    }

    #[test]
    fn an_app_token_is_made_of_both() {
        let held = OwnedToken::from(Token::App(
            &"1234".parse().unwrap(),
            &AppSecret::parse("shhh").unwrap(),
        ));
        assert_eq!(held.secret.expose(), "1234|shhh");
    }
}
