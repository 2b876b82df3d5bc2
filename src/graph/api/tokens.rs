//! Tokens: what Meta knows about one, what it may do, and the business tokens that a solution gives.
//!
//! The one decision: zero means never in Meta's expiry dates, and a number of seconds that is really a
//! date is taken for one, so that nobody downstream has to know.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lenient;
use crate::{
    graph::{
        answer::meta::{MetaError, number, says_nothing},
        error::{Error, ErrorCause, failed},
        send::{
            call::{ApiCall, OwnedToken, Token},
            perform::{CallResponse, Graph},
        },
    },
    ids::{AppId, BusinessId, SolutionId, UserId},
    secret::{Secret, SystemToken},
};

/// Seconds from which a duration is really a date: no token lives for thirty years.
const A_DATE: i64 = 1_000_000_000;

/// What Meta knows about a token (graph-api.md, 6.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenInfo {
    /// The app it was made for.
    pub app_id: Option<AppId>,
    /// `USER`, `SYSTEM_USER`, `APP`, `PAGE`, where Meta says so.
    pub kind: Option<String>,
    /// Whether it works.
    pub is_valid: bool,
    /// When it ends; none means never, or unknown.
    pub expires_at: Option<Timestamp>,
    /// When its access to data ends; none means never, or unknown.
    pub data_access_expires_at: Option<Timestamp>,
    /// When it was made.
    pub issued_at: Option<Timestamp>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// What it may do with which objects.
    pub granular: Vec<GranularScope>,
    /// Whose it is.
    pub user_id: Option<UserId>,
    /// Why it does not work.
    pub error: Option<MetaError>,
}

/// One scope, and the objects it is limited to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct GranularScope {
    pub scope: String,
    /// The ids it is limited to; none means all.
    #[serde(default, deserialize_with = "lenient::texts")]
    pub target_ids: Option<Vec<String>>,
}

impl TokenInfo {
    /// Whether it has a scope, in either list.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
            || self.granular.iter().any(|granular| granular.scope == scope)
    }

    /// Whether Meta answered without a word about the token.
    pub fn says_nothing(&self) -> bool {
        !self.is_valid && self.error.is_none() && self.app_id.is_none() && self.kind.is_none()
    }
}

/// One line of `/me/permissions`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Permission {
    /// Its name.
    pub permission: String,
    /// `granted`, `declined` or `expired`.
    pub status: String,
}

impl Permission {
    /// Whether it may be used.
    pub fn is_granted(&self) -> bool {
        self.status.eq_ignore_ascii_case("granted")
    }
}

/// The token for one client of a solution.
#[derive(Debug, Clone)]
pub struct BusinessToken {
    pub token: Secret,
    /// When it ends; none means never, or unknown.
    pub expires_at: Option<Timestamp>,
}

impl Graph {
    /// What Meta knows about `input`. `with` is another token of the same app. A bad `input` is no error
    /// of this call: see [`TokenInfo::error`].
    pub async fn debug_token(&self, with: Token<'_>, input: &Secret) -> Result<TokenInfo, Error> {
        self.redactor().know(input);
        let call =
            ApiCall::get("check a token", &["debug_token"]).param("input_token", input.expose());
        let done = self.perform(&OwnedToken::from(with), &call).await?;
        let data = done.value.get("data").filter(|data| data.is_object());
        match data {
            Some(data) => Ok(token_info(data, |error| {
                MetaError::read(error, self.redactor())
            })),
            None => Err(failed(
                done.facts,
                ErrorCause::Shape("at the top: no data".to_owned()),
            )),
        }
    }

    /// What this token's user granted and declined.
    pub async fn permissions(&self, token: Token<'_>) -> Result<Vec<Permission>, Error> {
        let call = ApiCall::get("read the token's permissions", &["me", "permissions"]);
        self.all(OwnedToken::from(token), call).await
    }

    /// The token for a client's business that has shared an account with a solution.
    pub async fn business_token(
        &self,
        system: &SystemToken,
        id: &SolutionId,
        business: &BusinessId,
    ) -> Result<BusinessToken, Error> {
        let doing = format!("get the business token of {business} from solution {id}");
        let call = ApiCall::get(doing, &[id.as_str(), "access_token"])
            .param("business_id", business.as_str())
            .on_solution()
            .secret_answer();
        let CallResponse { value, facts, .. } = self
            .perform(&OwnedToken::from(Token::System(system)), &call)
            .await?;
        let now = Timestamp::now();
        match business_token(&value, now) {
            Ok(token) => {
                self.redactor().know(&token.token);
                Ok(token)
            }
            Err(cause) => Err(failed(facts, cause)),
        }
    }
}

fn token_info(data: &Value, read_error: impl Fn(&Value) -> MetaError) -> TokenInfo {
    let shape = |name: &str| data.get(name).cloned().unwrap_or_default();
    let moment_of = |name: &str| data.get(name).and_then(number).and_then(moment);
    TokenInfo {
        app_id: serde_json::from_value(shape("app_id")).ok(),
        kind: data.get("type").and_then(Value::as_str).map(str::to_owned),
        is_valid: data
            .get("is_valid")
            .is_some_and(crate::graph::answer::meta::truthy),
        expires_at: moment_of("expires_at"),
        data_access_expires_at: moment_of("data_access_expires_at"),
        issued_at: moment_of("issued_at"),
        scopes: lenient::entries(&shape("scopes")).unwrap_or_default(),
        granular: lenient::entries(&shape("granular_scopes")).unwrap_or_default(),
        user_id: serde_json::from_value(shape("user_id")).ok(),
        error: data
            .get("error")
            .filter(|error| !says_nothing(error))
            .map(read_error),
    }
}

/// Reads both shapes: `data[0].access_token`, and `access_token` with its expiry.
fn business_token(value: &Value, now: Timestamp) -> Result<BusinessToken, ErrorCause> {
    let holder = match value.get("data").and_then(Value::as_array) {
        Some(list) => match list.first() {
            Some(first) => first,
            None => return Err(ErrorCause::NothingShared),
        },
        None => value,
    };
    let token = holder.get("access_token").and_then(Value::as_str);
    // What cannot be read is not quoted: the whole answer is a secret.
    let token = token
        .and_then(|token| Secret::parse(token).ok())
        .ok_or_else(|| ErrorCause::Shape("no readable access_token".to_owned()))?;
    let at = holder.get("expires_at").and_then(number);
    let within = holder.get("expires_in").and_then(number);
    Ok(BusinessToken {
        token,
        expires_at: at
            .and_then(moment)
            .or_else(|| within.and_then(|seconds| expiry(seconds, now))),
    })
}

/// A date in Unix seconds; zero means never.
fn moment(seconds: i64) -> Option<Timestamp> {
    (seconds > 0)
        .then(|| Timestamp::from_second(seconds).ok())
        .flatten()
}

/// When something ends that lives for so many seconds. Meta's pages call the number a time stamp, its
/// code a duration; both are understood. Zero means never.
pub fn expiry(expires_in: i64, now: Timestamp) -> Option<Timestamp> {
    if expires_in >= A_DATE {
        moment(expires_in)
    } else if expires_in > 0 {
        moment(now.as_second().saturating_add(expires_in))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::redact::Redactor;

    fn info(data: &Value) -> TokenInfo {
        token_info(data, |error| MetaError::read(error, &Redactor::default()))
    }

    #[test]
    fn the_sample_of_graph_api_md() {
        let info = info(&json!({
            "app_id": "634974688087057", "type": "SYSTEM_USER", "data_access_expires_at": 0, "expires_at": 0,
            "is_valid": true, "issued_at": 1_712_099_387, "scopes": ["whatsapp_business_management"],
            "granular_scopes": [{"scope": "whatsapp_business_management"},
                {"scope": "manage_app_solution", "target_ids": ["1", "2"]}],
            "user_id": "104169029247128"}));
        assert_eq!(
            info.app_id.as_ref().map(AppId::as_str),
            Some("634974688087057")
        );
        assert_eq!((info.expires_at, info.data_access_expires_at), (None, None));
        assert!(info.is_valid && info.error.is_none());
        assert!(info.has_scope("manage_app_solution") && !info.has_scope("x"));
    }

    #[test]
    fn a_bad_token_and_odd_fields() {
        let bad = info(&json!({"is_valid": false, "scopes": [],
            "error": {"code": 190, "subcode": 463, "message": "expired"}}));
        assert!(!bad.is_valid);
        assert_eq!(
            bad.error.map(|error| error.number()),
            Some("190/463".to_owned())
        );
        let odd = info(
            &json!({"is_valid": true, "error": [], "scopes": ["a", 5, null, "b"],
            "granular_scopes": [{"scope": "c", "target_ids": {}}, {"scope": 1}, 7, {"scope": "d"}]}),
        );
        assert!(
            odd.error.is_none()
                && ["a", "b", "c", "d"]
                    .iter()
                    .all(|scope| odd.has_scope(scope))
        );
        let odd = info(&json!({"app_id": true, "expires_at": "1795305600", "scopes": 5}));
        assert_eq!(odd.app_id, None);
        assert_eq!(
            odd.expires_at.map(Timestamp::as_second),
            Some(1_795_305_600)
        );
    }

    #[test]
    fn expiry_in_both_senses() {
        let now = Timestamp::from_second(1_795_305_600).unwrap();
        for (expires_in, expected) in [
            (0, None),
            (-1, None),
            (6543, Some(1_795_312_143)),
            (5_183_944, Some(1_800_489_544)),
            (1_795_312_143, Some(1_795_312_143)),
            (i64::MAX, None),
        ] {
            assert_eq!(expiry(expires_in, now).map(Timestamp::as_second), expected);
        }
    }

    #[test]
    fn business_tokens_in_both_shapes() {
        let now = Timestamp::from_second(1000).unwrap();
        for (value, expected) in [
            (
                json!({"data": [{"access_token": "EAAx"}]}),
                Ok(("EAAx", None)),
            ),
            (
                json!({"access_token": "EAAx", "expires_at": 2000}),
                Ok(("EAAx", Some(2000))),
            ),
            (
                json!({"access_token": "EAAx", "expires_at": 0}),
                Ok(("EAAx", None)),
            ),
            (
                json!({"access_token": "EAAx", "expires_in": 500}),
                Ok(("EAAx", Some(1500))),
            ),
            (json!({"data": []}), Err(ErrorCause::NothingShared)),
            (
                json!({"access_token": ""}),
                Err(ErrorCause::Shape("no readable access_token".to_owned())),
            ),
            (
                json!({"data": [{}]}),
                Err(ErrorCause::Shape("no readable access_token".to_owned())),
            ),
        ] {
            let seen = business_token(&value, now);
            let seen = seen
                .as_ref()
                .map(|token| {
                    (
                        token.token.expose(),
                        token.expires_at.map(Timestamp::as_second),
                    )
                })
                .map_err(Clone::clone);
            assert_eq!(seen, expected, "{value}");
        }
    }
}
