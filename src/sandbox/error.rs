//! Graph's error bodies, with the statuses that Graph really uses (graph-api.md, 2.2).
//!
//! The one decision: an error is made from its code; status, type and `WWW-Authenticate` follow from it,
//! so no answer can contradict another.

use serde_json::{Value, json};

use super::wire::Response;

/// An error, ready to become an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Error {
    code: u32,
    subcode: Option<u32>,
    message: String,
    user: Option<(&'static str, String)>,
    status: u16,
}

/// What a call comes to.
pub(super) type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with the status that its code usually has.
    pub(super) fn new(code: u32, message: impl Into<String>) -> Self {
        let status = match code {
            190 => 401,
            4 | 10 | 200..=299 | 368 => 403,
            1 | 2 => 500,
            803 => 404,
            _ => 400,
        };
        Self {
            code,
            subcode: None,
            message: message.into(),
            user: None,
            status,
        }
    }

    /// The same with a subcode.
    pub(super) fn sub(mut self, subcode: u32) -> Self {
        self.subcode = Some(subcode);
        self
    }

    /// The same with another status.
    pub(super) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same with the texts that are meant for a person.
    pub(super) fn user(mut self, title: &'static str, message: impl Into<String>) -> Self {
        self.user = Some((title, message.into()));
        self
    }

    /// Code 100, a parameter that does not do.
    pub(super) fn parameter(message: impl Into<String>) -> Self {
        Self::new(100, message)
    }

    /// The refusal of the MESSAGING rule (graph-api.md, 7.3).
    pub(super) fn messaging_refused() -> Self {
        Self::parameter("Invalid Permissions for either of the partners")
    }

    /// 100/33: gone, never there, not yours, or the wrong edge. Meta does not say which.
    pub(super) fn not_found(method: &str, id: &str) -> Self {
        let method = method.to_ascii_lowercase();
        Self::new(
            100,
            format!(
                "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to \
                 missing permissions, or does not support this operation. Please read the Graph API \
                 documentation at https://developers.facebook.com/docs/graph-api"
            ),
        )
        .sub(33)
    }

    /// 190/463.
    pub(super) fn expired() -> Self {
        Self::new(
            190,
            "Error validating access token: Session has expired on Sunday, 22-Nov-26 10:00:00 PST. \
             The current time is Sunday, 22-Nov-26 12:00:00 PST.",
        )
        .sub(463)
    }

    /// Code 4 or 80008.
    pub(super) fn quota(code: u32) -> Self {
        Self::new(
            code,
            match code {
                4 => "(#4) Application request limit reached",
                _ => {
                    "(#80008) There have been too many calls to this WhatsApp Business account. \
                     Wait a bit and try again."
                }
            },
        )
    }

    /// Code 2, the one that says "please retry".
    pub(super) fn unavailable() -> Self {
        Self::new(
            2,
            "An unexpected error has occurred. Please retry your request later.",
        )
    }

    /// The body.
    pub(super) fn body(&self, trace: &str) -> Value {
        let ours = self.subcode == Some(33) || self.message.contains("appsecret_proof");
        let kind = if ours {
            "GraphMethodException"
        } else {
            "OAuthException"
        };
        let mut error = json!({"message": self.message, "type": kind, "code": self.code});
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if matches!(self.code, 2 | 4) {
            error["is_transient"] = json!(true);
        }
        if let Some((title, message)) = &self.user {
            error["error_user_title"] = json!(title);
            error["error_user_msg"] = json!(message);
        }
        error["fbtrace_id"] = json!(trace);
        json!({ "error": error })
    }

    /// The whole answer.
    pub(super) fn response(&self, trace: &str) -> Response {
        let mut response = Response::json(self.status, &self.body(trace));
        let word = match self.code {
            190 | 102 => Some("invalid_token"),
            4 | 10 | 200..=299 => Some("invalid_request"),
            _ => None,
        };
        if let Some(word) = word {
            let text = self.message.replace('"', "'");
            response.headers.push((
                "WWW-Authenticate",
                format!("OAuth \"Facebook Platform\" \"{word}\" \"{text}\""),
            ));
        }
        response
    }

    /// What `debug_token` shows inside its data for a token that is no good.
    pub(super) fn inner(&self) -> Value {
        let mut error = json!({"code": self.code, "message": self.message});
        if let Some(subcode) = self.subcode {
            error["subcode"] = json!(subcode);
        }
        error
    }
}
