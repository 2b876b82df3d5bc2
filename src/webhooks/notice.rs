//! What a watch posts by itself is signed as Standard Webhooks wants it, so that any of its libraries verifies it.
//!
//! The one decision: the signature is made when a try leaves, since its time is part of it; the id stays over all tries.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;

use crate::secret::Secret;

/// What stands before the base64 of a secret.
const PREFIX: &str = "whsec_";

/// The key that notices are signed with.
#[derive(Clone)]
pub struct NoticeKey(hmac::Key);

impl NoticeKey {
    /// Reads a secret as Standard Webhooks writes it: `whsec_` and the base64 of 24 to 64 bytes.
    pub fn of(secret: &Secret) -> Option<Self> {
        let text = secret.expose();
        let bytes = STANDARD
            .decode(text.strip_prefix(PREFIX).unwrap_or(text))
            .ok()?;
        let fits = (24..=64).contains(&bytes.len());
        fits.then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The headers of a notice that leaves at this second.
    pub fn headers(&self, id: &str, at: i64, body: &[u8]) -> [(&'static str, String); 3] {
        let mut signed = hmac::Context::with_key(&self.0);
        signed.update(format!("{id}.{at}.").as_bytes());
        signed.update(body);
        let signature = STANDARD.encode(signed.sign());
        [
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", at.to_string()),
            ("webhook-signature", format!("v1,{signature}")),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_standard_webhooks() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let key = NoticeKey::of(&secret).unwrap();
        let headers = key.headers(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        let [id, at, signature] = headers.map(|(_, value)| value);
        assert_eq!(id, "msg_p5jXN8AQM9LWM0D4loKWxJek");
        assert_eq!(at, "1614265330");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn what_is_no_secret() {
        for (text, is_one) in [
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZI", false),
            ("whsec_", false),
            ("a-word-of-our-own-choice-0123456", false),
        ] {
            let secret = Secret::parse(text).unwrap();
            assert_eq!(NoticeKey::of(&secret).is_some(), is_one, "{text}");
        }
    }
}
