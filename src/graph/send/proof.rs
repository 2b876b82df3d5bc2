//! The proof that a caller who holds a token also holds the app's secret (`appsecret_proof`).
//!
//! The one decision: the plain form, which never expires. The time-stamped one is valid for five minutes
//! by Meta's clock and would fail on machines whose clock is off.

use std::fmt::Write as _;

use ring::hmac;

use crate::secret::{AppSecret, Secret};

/// `hex(HMAC-SHA256(key = app secret, message = token))`, in lower case (graph-api.md, 6.2).
pub(crate) fn plain(app_secret: &AppSecret, token: &Secret) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, app_secret.secret().expose().as_bytes());
    let tag = hmac::sign(&key, token.expose().as_bytes());
    tag.as_ref()
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_graph_api_md() {
        let secret = AppSecret::parse("0123456789abcdef0123456789abcdef").unwrap();
        let token = Secret::parse("EAATESTTOKEN0123456789").unwrap();
        assert_eq!(
            plain(&secret, &token),
            "9acf14e068724933d0d1982a01b2acc6a9382af0965546b0528f6355d3f9d8dd"
        );
    }
}
