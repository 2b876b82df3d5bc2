//! The handshake: before Meta sends anything, it asks whether the address is ours (graph-api.md, 8.1).
//!
//! The one decision: the challenge is echoed only to whoever has the verify token, and only if it is plain text.

use ring::hmac;

use crate::secret::VerifyToken;

/// Longest challenge that is echoed; Meta's have some ten digits.
const LONGEST: usize = 256;

/// Why the question is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum HandshakeRefusal {
    #[error("it asks for no subscription")]
    Mode,
    #[error("its verify token is not ours")]
    Token,
    #[error("it holds no challenge that can be echoed")]
    Challenge,
}

/// The challenge to echo, of a query such as `hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=…`.
pub(super) fn answer(query: &str, ours: &VerifyToken) -> Result<String, HandshakeRefusal> {
    let only = |wanted: &str| {
        let mut found = url::form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned());
        found.next().filter(|_| found.next().is_none())
    };
    if only("hub.mode").as_deref() != Some("subscribe") {
        return Err(HandshakeRefusal::Mode);
    }
    if !only("hub.verify_token").is_some_and(|theirs| is_ours(&theirs, ours)) {
        return Err(HandshakeRefusal::Token);
    }
    only("hub.challenge")
        .filter(|text| !text.is_empty() && text.len() <= LONGEST)
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic()))
        .ok_or(HandshakeRefusal::Challenge)
}

/// In a time that says nothing of how much of it fits: the tags that both make are compared, of one length always.
fn is_ours(theirs: &str, ours: &VerifyToken) -> bool {
    let key = |text: &str| hmac::Key::new(hmac::HMAC_SHA256, text.as_bytes());
    let tag = hmac::sign(&key(theirs), b"verify_token");
    hmac::verify(&key(ours.secret().expose()), b"verify_token", tag.as_ref()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_answered() {
        use HandshakeRefusal::{Challenge, Mode, Token};
        let ours = VerifyToken::parse("a-token+of-ours").unwrap();
        for (query, expected) in [
            (
                "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=a-token%2Bof-ours",
                Ok("1158201444"),
            ),
            (
                "hub.verify_token=a-token%2Bof-ours&hub.challenge=x&hub.mode=subscribe",
                Ok("x"),
            ),
            ("", Err(Mode)),
            (
                "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=a-token%2Bof-ours",
                Err(Mode),
            ),
            ("hub.mode=subscribe&hub.challenge=1", Err(Token)),
            (
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
                Err(Token),
            ),
            (
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=a-token",
                Err(Token),
            ),
            // A plus is a blank in a query.
            (
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=a-token+of-ours",
                Err(Token),
            ),
            (
                "hub.mode=subscribe&hub.challenge=1&hub.verify_token=x&hub.verify_token=a-token%2Bof-ours",
                Err(Token),
            ),
            (
                "hub.mode=subscribe&hub.verify_token=a-token%2Bof-ours",
                Err(Challenge),
            ),
            (
                "hub.mode=subscribe&hub.challenge=&hub.verify_token=a-token%2Bof-ours",
                Err(Challenge),
            ),
            (
                "hub.mode=subscribe&hub.challenge=a%0d%0ab&hub.verify_token=a-token%2Bof-ours",
                Err(Challenge),
            ),
        ] {
            assert_eq!(
                answer(query, &ours).as_deref().map_err(|why| *why),
                expected,
                "{query}"
            );
        }
        let long = format!(
            "hub.mode=subscribe&hub.verify_token=a-token%2Bof-ours&hub.challenge={}",
            "1".repeat(LONGEST + 1)
        );
        assert_eq!(answer(&long, &ours), Err(Challenge));
    }
}
