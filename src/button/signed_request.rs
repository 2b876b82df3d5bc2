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
    /// When, in seconds since 1970.
    pub(super) issued_at: i64,
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
}

/// What is signed, as far as it matters.
#[derive(Deserialize)]
struct SignedPayload {
    algorithm: String,
    user_id: UserId,
    issued_at: i64,
}

/// Verifies a signed request with the secret of our app.
pub(super) fn verify(
    signed_request: &str,
    secret: &AppSecret,
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
            issued_at,
        }
    }

    #[test]
    fn the_vector_holds() {
        assert_eq!(
            verify(VECTOR, &secret()),
            Ok(vouched("998877", 1_795_331_104))
        );
    }

    #[test]
    fn what_is_believed_and_what_not() {
        for (signed_request, expected) in [
            (
                signed(r#"{"algorithm":"hmac-sha256","user_id":"1","issued_at":2}"#),
                Ok(vouched("1", 2)),
            ),
            (
                signed(r#"{"algorithm":"HMAC-SHA256","user_id":1,"issued_at":2,"code":"x"}"#),
                Ok(vouched("1", 2)),
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
                verify(&signed_request, &secret()),
                expected,
                "{signed_request}"
            );
        }
        let other = AppSecret::parse("f123456789abcdef0123456789abcdef").unwrap();
        assert_eq!(verify(VECTOR, &other), Err(SignedRequestError::Signature));
    }

    proptest::proptest! {
        #[test]
        fn one_other_character_and_it_is_not_believed(at in 0..VECTOR.len(), with in "[A-Za-z0-9_.-]") {
            let mut changed = VECTOR.to_owned();
            changed.replace_range(at..=at, &with);
            proptest::prop_assert_eq!(verify(&changed, &secret()).is_ok(), changed == VECTOR);
        }

        #[test]
        fn no_text_brings_it_down(text in "\\PC{0,80}") {
            proptest::prop_assert!(verify(&text, &secret()).is_err());
        }
    }
}
