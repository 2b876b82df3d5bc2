//! Reads what the page sent into a [`Grant`].
//!
//! The one decision: the token must be one, everything beside it may be missing or odd. Meta's documents
//! and its SDK disagree about the fields (facebook-login.md, 2.3), so numbers may come as text, and a
//! field that makes no sense counts as not sent.

use serde_json::Value;

use crate::{
    button::{
        grant::{Grant, Signed},
        progress::TokenReason,
        signed_request,
    },
    secret::{AppSecret, SecretError, UserToken},
};

/// Seconds beyond which a life time must be a point in time: ten years. Tokens live sixty days.
const TIMESTAMP_FROM: u64 = 10 * 365 * 24 * 60 * 60;

/// Why what came is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum GrantError {
    #[error("there was no token in it")]
    NoToken,
    #[error("it is no token: {0}")]
    Token(#[from] SecretError),
    #[error("{0}")]
    Signature(#[from] signed_request::SignedRequestError),
    #[error("it names another person than its signed request")]
    OtherPerson,
}

impl GrantError {
    /// The same for the Tech Provider.
    pub(super) fn for_them(&self) -> TokenReason {
        match self {
            Self::NoToken | Self::Token(_) => TokenReason::NotAToken,
            Self::Signature(_) => TokenReason::NotSigned,
            Self::OtherPerson => TokenReason::TwoPeople,
        }
    }
}

/// Reads the body of `POST /token`: the SDK's authResponse, and `pasted`. `now` in seconds since 1970.
pub(super) fn read(
    body: &Value,
    secret: Option<&AppSecret>,
    now: i64,
) -> Result<Grant, GrantError> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::trim);
    let token = UserToken::parse(text("accessToken").ok_or(GrantError::NoToken)?)?;
    let signed_request = text("signedRequest").filter(|text| !text.is_empty());
    let user_id = text("userID").and_then(|id| id.parse().ok());
    let signed = match (signed_request, secret) {
        (Some(signed_request), Some(secret)) => {
            let vouched = signed_request::verify(signed_request, secret, now)?;
            if user_id.as_ref().is_some_and(|id| *id != vouched.user_id) {
                return Err(GrantError::OtherPerson);
            }
            Signed::Verified {
                user_id: vouched.user_id,
                issued_at: vouched.issued_at,
            }
        }
        _ => Signed::NotChecked,
    };
    Ok(Grant {
        token,
        user_id,
        expires_in: number(body, "expiresIn").and_then(|number| seconds_left(number, now)),
        data_access_expires_at: number(body, "data_access_expiration_time")
            .and_then(|number| i64::try_from(number).ok()),
        reauthorize_required_in: number(body, "reauthorize_required_in")
            .and_then(|number| seconds_left(number, now)),
        granted_scopes: text("grantedScopes").map(scopes),
        signed_request: signed_request.map(str::to_owned),
        signed,
        pasted: body.get("pasted") == Some(&Value::Bool(true)),
    })
}

/// A whole number that says something: Meta writes 0 for "not known".
fn number(body: &Value, name: &str) -> Option<u64> {
    let value = body.get(name)?;
    value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
        .filter(|number| *number > 0)
}

/// A life time in seconds; Meta's documents call it a timestamp, and where it is one it is turned round.
fn seconds_left(number: u64, now: i64) -> Option<u64> {
    if number < TIMESTAMP_FROM {
        return Some(number);
    }
    let left = i64::try_from(number).ok()?.checked_sub(now)?;
    u64::try_from(left)
        .ok()
        .filter(|left| *left < TIMESTAMP_FROM)
}

/// The permissions of a list with commas.
fn scopes(list: &str) -> Vec<String> {
    list.split(',')
        .map(str::trim)
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::button::signed_request::tests::{SECRET, VECTOR};

    const NOW: i64 = 1_795_331_104;

    fn read_now(body: &Value) -> Result<Grant, GrantError> {
        read(body, Some(&AppSecret::parse(SECRET).unwrap()), NOW)
    }

    #[test]
    fn all_that_meta_sends() {
        let grant = read_now(&json!({
            "accessToken": "EAATESTTOKEN0123456789", "userID": "998877", "expiresIn": 6543,
            "data_access_expiration_time": 1_800_000_000, "reauthorize_required_in": 7_776_000,
            "grantedScopes": "manage_app_solution,public_profile", "signedRequest": VECTOR,
            "graphDomain": "facebook",
        }))
        .unwrap();
        assert_eq!(
            grant,
            Grant {
                token: UserToken::parse("EAATESTTOKEN0123456789").unwrap(),
                user_id: "998877".parse().ok(),
                expires_in: Some(6543),
                data_access_expires_at: Some(1_800_000_000),
                reauthorize_required_in: Some(7_776_000),
                granted_scopes: Some(vec!["manage_app_solution".into(), "public_profile".into()]),
                signed_request: Some(VECTOR.into()),
                signed: Signed::Verified {
                    user_id: "998877".parse().unwrap(),
                    issued_at: Some(NOW),
                },
                pasted: false,
            }
        );
        assert!(!format!("{grant:?}").contains("EAATEST"), "{grant:?}");
        assert!(!format!("{grant:?}").contains(VECTOR), "{grant:?}");
    }

    #[test]
    fn a_bare_token_is_enough() {
        let grant = read_now(&json!({"accessToken": " EAAB\n", "pasted": true})).unwrap();
        assert_eq!(
            (grant.user_id, grant.expires_in, grant.signed, grant.pasted),
            (None, None, Signed::NotChecked, true)
        );
    }

    #[test]
    fn without_the_secret_nothing_is_checked() {
        let grant = read(
            &json!({"accessToken": "EAAB", "signedRequest": "damaged"}),
            None,
            NOW,
        )
        .unwrap();
        assert_eq!(grant.signed, Signed::NotChecked);
    }

    #[test]
    fn what_is_not_taken() {
        for (body, expected) in [
            (json!(null), GrantError::NoToken),
            (json!([1]), GrantError::NoToken),
            (json!({"accessToken": 7}), GrantError::NoToken),
            (
                json!({"accessToken": " "}),
                GrantError::Token(SecretError::Empty),
            ),
            (
                json!({"accessToken": "EAA B"}),
                GrantError::Token(SecretError::Malformed),
            ),
            (
                json!({"accessToken": "EAAB", "signedRequest": "damaged"}),
                GrantError::Signature(signed_request::SignedRequestError::Form),
            ),
            (
                json!({"accessToken": "EAAB", "signedRequest": VECTOR, "userID": "1"}),
                GrantError::OtherPerson,
            ),
        ] {
            assert_eq!(read_now(&body), Err(expected), "{body}");
        }
    }

    #[test]
    fn life_times_in_every_form() {
        for (value, expected) in [
            (json!(6543), Some(6543)),
            (json!("6543"), Some(6543)),
            (json!(0), None),
            (json!(-5), None),
            (json!(1.5), None),
            (json!("soon"), None),
            (json!(null), None),
            (json!(NOW + 100), Some(100)),
            (json!(NOW - 100), None),
            (json!((NOW + 100) * 1000), None),
            (json!(u64::MAX), None),
        ] {
            let grant = read_now(&json!({"accessToken": "EAAB", "expiresIn": value})).unwrap();
            assert_eq!(grant.expires_in, expected, "{value}");
        }
    }
}
