//! Meta's signature over who signed in: `base64url(HMAC-SHA256(app secret, P)) . P`.
//!
//! The one decision: the signature is over P as it was sent (facebook-login.md, 2.9), so it is checked
//! before P is decoded. It proves the person and the app, not the token.

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use ring::hmac;
use serde::Deserialize;

use crate::{ids::UserId, secret::AppSecret};

/// Meta sends no padding; copies by other tools may have it.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a good signature vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VerifiedRequest {
    /// Whose sign-in it was.
    pub(super) user_id: UserId,
    /// When, in seconds since 1970, if it says so.
    pub(super) issued_at: Option<i64>,
}

/// Why a signed request is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SignedRequestError {
    #[error("its signed request is damaged")]
    Form,
    #[error("its signed request is signed in a way that mps does not know")]
    Algorithm,
    #[error(
        "its signed request was not signed with our app's secret: it belongs to another app, or the app secret that mps was given is wrong"
    )]
    Signature,
    #[error(
        "its signed request was signed more than a day ago, or is of a day to come: it was kept, or this machine's clock is wrong"
    )]
    Age,
}

/// How far from now a signed request may be, in seconds. A token of the button lives an hour or two, so that one from
/// another day is not of this sign-in; clocks are less wrong than that.
const MOST_AGE: u64 = 24 * 60 * 60;

/// What is signed, as far as it matters.
#[derive(Deserialize)]
struct SignedPayload {
    algorithm: String,
    user_id: UserId,
    issued_at: Option<i64>,
}

/// Verifies a signed request with the secret of our app. `now` in seconds since 1970.
pub(super) fn verify(
    signed_request: &str,
    secret: &AppSecret,
    now: i64,
) -> Result<VerifiedRequest, SignedRequestError> {
    let (signature, payload) = signed_request
        .split_once('.')
        .ok_or(SignedRequestError::Form)?;
    let signature = BASE64URL
        .decode(signature)
        .map_err(|_| SignedRequestError::Form)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.secret().expose().as_bytes());
    hmac::verify(&key, payload.as_bytes(), &signature)
        .map_err(|_| SignedRequestError::Signature)?;
    let payload = BASE64URL
        .decode(payload)
        .map_err(|_| SignedRequestError::Form)?;
    let payload: SignedPayload =
        serde_json::from_slice(&payload).map_err(|_| SignedRequestError::Form)?;
    if !payload.algorithm.eq_ignore_ascii_case("HMAC-SHA256") {
        return Err(SignedRequestError::Algorithm);
    }
    if payload
        .issued_at
        .is_some_and(|issued_at| issued_at.abs_diff(now) > MOST_AGE)
    {
        return Err(SignedRequestError::Age);
    }
    Ok(VerifiedRequest {
        user_id: payload.user_id,
        issued_at: payload.issued_at,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";
    /// The vector of facebook-login.md, 2.9.
    pub(crate) const VECTOR: &str = "Q3WKOSH1zc-fijeadaanyCai8dWhsjPVetOYnYdH-ss.eyJ1c2VyX2lkIjoiOTk4ODc3IiwiYWxnb3JpdGhtIjoiSE1BQy1TSEEyNTYiLCJpc3N1ZWRfYXQiOjE3OTUzMzExMDR9";

    const NOW: i64 = 1_795_331_104;

    fn secret() -> AppSecret {
        AppSecret::parse(SECRET).unwrap()
    }

    /// Signs a payload as Meta does.
    fn signed(payload: &str) -> String {
        let payload = BASE64URL.encode(payload);
        let payload = payload.trim_end_matches('=');
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let tag = hmac::sign(&key, payload.as_bytes());
        format!("{}.{payload}", BASE64URL.encode(tag).trim_end_matches('='))
    }

    fn vouched(user_id: &str, issued_at: i64) -> VerifiedRequest {
        VerifiedRequest {
            user_id: user_id.parse().unwrap(),
            issued_at: Some(issued_at),
        }
    }

    #[test]
    fn the_vector_holds() {
        assert_eq!(
            verify(VECTOR, &secret(), NOW),
            Ok(vouched("998877", 1_795_331_104))
        );
    }

    #[test]
    fn what_is_believed_and_what_not() {
        for (signed_request, expected) in [
            (
                signed(r#"{"algorithm":"hmac-sha256","user_id":"1","issued_at":1795331102}"#),
                Ok(vouched("1", NOW - 2)),
            ),
            (
                signed(
                    r#"{"algorithm":"HMAC-SHA256","user_id":1,"issued_at":1795417504,"code":"x"}"#,
                ),
                Ok(vouched("1", NOW + 86_400)),
            ),
            (
                signed(r#"{"algorithm":"HMAC-SHA256","user_id":"1"}"#),
                Ok(VerifiedRequest {
                    issued_at: None,
                    ..vouched("1", 0)
                }),
            ),
            (
                signed(r#"{"algorithm":"HMAC-SHA256","user_id":"1","issued_at":1795244703}"#),
                Err(SignedRequestError::Age),
            ),
            (
                signed(r#"{"algorithm":"HMAC-SHA256","user_id":"1","issued_at":1795417505}"#),
                Err(SignedRequestError::Age),
            ),
            (
                signed(
                    r#"{"algorithm":"HMAC-SHA256","user_id":"1","issued_at":-9223372036854775808}"#,
                ),
                Err(SignedRequestError::Age),
            ),
            (
                signed(r#"{"algorithm":"none","user_id":"1","issued_at":2}"#),
                Err(SignedRequestError::Algorithm),
            ),
            (
                signed(r#"{"algorithm":"HMAC-SHA256","issued_at":2}"#),
                Err(SignedRequestError::Form),
            ),
            (signed("[]"), Err(SignedRequestError::Form)),
            (
                VECTOR.replace("OTk4", "OTk5"),
                Err(SignedRequestError::Signature),
            ),
            (
                VECTOR.replacen("Q3W", "Q3X", 1),
                Err(SignedRequestError::Signature),
            ),
            (
                VECTOR.replace('.', "=."),
                Ok(vouched("998877", 1_795_331_104)),
            ),
            (VECTOR.replace('.', ""), Err(SignedRequestError::Form)),
            (
                format!(".{}", VECTOR.split('.').nth(1).unwrap()),
                Err(SignedRequestError::Signature),
            ),
            ("§.§".into(), Err(SignedRequestError::Form)),
            (".".into(), Err(SignedRequestError::Signature)),
            (String::new(), Err(SignedRequestError::Form)),
        ] {
            assert_eq!(
                verify(&signed_request, &secret(), NOW),
                expected,
                "{signed_request}"
            );
        }
        let other = AppSecret::parse("f123456789abcdef0123456789abcdef").unwrap();
        assert_eq!(
            verify(VECTOR, &other, NOW),
            Err(SignedRequestError::Signature)
        );
    }

    proptest::proptest! {
        #[test]
        fn fuzz_signed_request_with_one_other_character(at in 0..VECTOR.len(), with in "[A-Za-z0-9_.-]") {
            let mut changed = VECTOR.to_owned();
            changed.replace_range(at..=at, &with);
            proptest::prop_assert_eq!(verify(&changed, &secret(), NOW).is_ok(), changed == VECTOR);
        }

        #[test]
        fn fuzz_signed_request_of_any_text(text in "\\PC{0,80}") {
            proptest::prop_assert!(verify(&text, &secret(), NOW).is_err());
        }

        #[test]
        fn fuzz_signed_request_of_any_payload(
            algorithm in "HMAC-SHA256|hmac-sha256|none|\\PC{0,8}",
            user in "[0-9]{1,20}|\\PC{0,8}",
            issued_at in proptest::num::i64::ANY,
            near in -200_000_i64..200_000,
            is_near in proptest::bool::ANY,
            extra in "\\PC{0,8}",
        ) {
            let issued_at = if is_near { NOW + near } else { issued_at };
            let payload = serde_json::json!({
                "algorithm": algorithm, "user_id": user, "issued_at": issued_at, "x": extra,
            });
            let signed_request = signed(&payload.to_string());
            let said = verify(&signed_request, &secret(), NOW);
            let right = algorithm.eq_ignore_ascii_case("HMAC-SHA256")
                && user.parse::<UserId>().is_ok()
                && issued_at.abs_diff(NOW) <= MOST_AGE;
            proptest::prop_assert_eq!(said.is_ok(), right, "{} {:?}", payload, said);
            let other = AppSecret::parse("f123456789abcdef0123456789abcdef").unwrap();
            proptest::prop_assert_eq!(verify(&signed_request, &other, NOW), Err(SignedRequestError::Signature));
        }
    }
}
