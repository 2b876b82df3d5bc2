//! Meta's signature over a webhook: HMAC-SHA256 with our app's secret over the bytes as they came (graph-api.md, 8.2).
//!
//! The one decision: nothing is parsed before it is verified, and one header means one signature.

use ring::hmac;

use crate::{http_server::large, secret::AppSecret};

/// The header.
pub(super) const HEADER: &str = large::SIGNATURE_HEADER;

/// Why a body is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SignatureRefusal {
    #[error("it is not signed")]
    Missing,
    #[error("its signature is none of SHA-256")]
    Form,
    #[error("it was not signed with our app's secret")]
    Wrong,
}

/// Verifies a body, in a time that says nothing of the right signature. `headers`: every value of [`HEADER`].
pub(super) fn verify(
    headers: &[&str],
    body: &[u8],
    secret: &AppSecret,
) -> Result<(), SignatureRefusal> {
    let header = match headers {
        [] => return Err(SignatureRefusal::Missing),
        [one] => one,
        _ => return Err(SignatureRefusal::Form),
    };
    let signature = large::signature(header).ok_or(SignatureRefusal::Form)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.secret().expose().as_bytes());
    hmac::verify(&key, body, &signature).map_err(|_| SignatureRefusal::Wrong)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";
    /// graph-api.md, 11.4.
    pub(crate) const CREATED: &[u8] = br#"{"entry":[{"id":"506914307656634","time":1739321024,"changes":[{"field":"partner_solutions","value":{"event":"SOLUTION_CREATED","solution_id":"774485461512159","solution_status":"INITIATED"}}]}],"object":"whatsapp_business_account"}"#;
    pub(crate) const OF_CREATED: &str =
        "sha256=e7a0dfa22b8c1319c95b54a8acf32dee074dfa5da0cc83609f3ed952a7fd6d95";
    const ESCAPED: &[u8] =
        br#"{"object":"whatsapp_business_account","name":"caf\u00e9 \/ \u003Cx\u003E"}"#;
    const OF_ESCAPED: &str =
        "sha256=85c53a96c02497adc27779548aefcc1cf8d92558024980ea655941466914be4f";

    #[test]
    fn the_vectors_and_what_is_near_them() {
        use SignatureRefusal::{Form, Missing, Wrong};
        assert_eq!((CREATED.len(), ESCAPED.len()), (232, 74));
        let secret = AppSecret::parse(SECRET).unwrap();
        let upper = OF_CREATED.to_uppercase().replace("SHA256", "sha256");
        let plain = br#"{"object":"whatsapp_business_account","name":"caf\u00e9 / <x>"}"#;
        for (headers, body, expected) in [
            (&[OF_CREATED][..], CREATED, Ok(())),
            (&[OF_ESCAPED], ESCAPED, Ok(())),
            (&[upper.as_str()], CREATED, Ok(())),
            (&[OF_ESCAPED], plain, Err(Wrong)),
            (&[OF_ESCAPED], CREATED, Err(Wrong)),
            (&[OF_CREATED], &CREATED[1..], Err(Wrong)),
            (&[OF_CREATED], b"", Err(Wrong)),
            (&[], CREATED, Err(Missing)),
            (&[OF_CREATED, OF_CREATED], CREATED, Err(Form)),
            (&[&OF_CREATED[..70]], CREATED, Err(Form)),
            (
                &["sha1=0123456789012345678901234567890123456789"],
                CREATED,
                Err(Form),
            ),
            (&[""], CREATED, Err(Form)),
        ] {
            assert_eq!(verify(headers, body, &secret), expected, "{headers:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn fuzz_webhooks_with_any_signature(
            header in "(sha256=)?[0-9a-fA-F]{60,66}|\\PC{0,80}",
            body in proptest::collection::vec(proptest::num::u8::ANY, 0..80),
        ) {
            let secret = AppSecret::parse(SECRET).unwrap();
            proptest::prop_assert!(verify(&[header.as_str()], &body, &secret).is_err());
        }
    }
}
