//! The bytes of an answer.
//!
//! The one decision: answers are written by hand, because tiny_http drops `Connection: close`
//! (facebook-login.md, 4.2) and a socket that stays open would meet the next run on the same port. The
//! headers are those that Meta's SDK was tried with (2.5): COOP `same-origin` would cut the pop-up off.

/// What every answer says.
const ALWAYS: &str = "Connection: close\r\n\
    Cache-Control: no-store\r\n\
    Cross-Origin-Opener-Policy: same-origin-allow-popups\r\n\
    Cross-Origin-Resource-Policy: same-origin\r\n\
    Referrer-Policy: strict-origin-when-cross-origin\r\n\
    X-Content-Type-Options: nosniff\r\n\
    X-Frame-Options: DENY\r\n\
    X-Robots-Tag: noindex, nofollow\r\n";

/// The policy of everything that is no page.
const NOTHING: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    /// The Content-Security-Policy of a page; None for the strictest.
    pub(crate) policy: Option<String>,
    /// The methods of a 405.
    pub(crate) allow: Option<&'static str>,
    /// Where a 302 or 303 leads; an address of ours, never one that was sent.
    pub(crate) location: Option<String>,
}

impl Reply {
    /// An answer of a kind.
    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<String>) -> Self {
        Self {
            status,
            content_type,
            body: body.into(),
            policy: None,
            allow: None,
            location: None,
        }
    }

    /// JSON.
    pub(crate) fn json(status: u16, body: impl Into<String>) -> Self {
        Self::new(status, "application/json", body)
    }

    /// A sentence.
    pub(crate) fn text(status: u16, body: impl Into<String>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", body)
    }

    /// A page with its policy.
    pub(crate) fn html(status: u16, body: impl Into<String>, policy: impl Into<String>) -> Self {
        Self {
            policy: Some(policy.into()),
            ..Self::new(status, "text/html; charset=utf-8", body)
        }
    }

    /// Where the page is, on this very server.
    pub(crate) fn see_other(path: &str) -> Self {
        Self {
            location: Some(path.to_owned()),
            ..Self::text(303, "The page is at another path.\n")
        }
    }

    /// The bytes to send; for HEAD without the body.
    pub(crate) fn bytes(&self, head_only: bool) -> Vec<u8> {
        let policy = self.policy.as_deref().unwrap_or(NOTHING);
        let allow = self
            .allow
            .map(|methods| format!("Allow: {methods}\r\n"))
            .unwrap_or_default();
        let location = self
            .location
            .as_ref()
            .map(|url| format!("Location: {url}\r\n"))
            .unwrap_or_default();
        let body = if head_only { "" } else { &self.body };
        format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{ALWAYS}\
             Content-Security-Policy: {policy}\r\n{allow}{location}\r\n{body}",
            self.status,
            reason(self.status),
            self.content_type,
            self.body.len(),
        )
        .into_bytes()
    }
}

/// The words of a status.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        302 => "Found",
        303 => "See Other",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => "Unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_the_headers() {
        for reply in [
            Reply::json(200, "{}"),
            Reply::text(404, "no"),
            Reply::html(200, "<p>", "default-src 'none'"),
        ] {
            let text = String::from_utf8(reply.bytes(false)).unwrap();
            for line in ALWAYS.split_inclusive("\r\n") {
                assert!(text.contains(line.trim_start()), "{line}");
            }
            assert_eq!(text.matches("Content-Security-Policy").count(), 1);
            for never in ["Strict-Transport-Security", "Access-Control", "Set-Cookie"] {
                assert!(!text.contains(never), "{never}");
            }
            assert!(text.ends_with(&format!("\r\n\r\n{}", reply.body)));
        }
    }

    #[test]
    fn head_has_the_length_and_no_body() {
        let text = String::from_utf8(Reply::text(200, "four").bytes(true)).unwrap();
        assert!(
            text.contains("Content-Length: 4\r\n") && text.ends_with("\r\n\r\n"),
            "{text}"
        );
    }

    #[test]
    fn allow_says_what_would_do() {
        let reply = Reply {
            allow: Some("POST"),
            ..Reply::text(405, "")
        };
        let text = String::from_utf8(reply.bytes(false)).unwrap();
        assert!(
            text.starts_with("HTTP/1.1 405 Method Not Allowed\r\n")
                && text.contains("\r\nAllow: POST\r\n")
        );
    }
}
