//! The path at which Meta's webhooks come in.
//!
//! The one decision: it is answered as soon as what came is kept, and worked on after; where it cannot be kept it is
//! refused, so that Meta sends it again.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::{
    change::WebhookChange,
    handshake, reading,
    signature::{self, SignatureRefusal},
};
use crate::{
    http_server::{inner::InnerRequest, reply::Reply},
    secret::{AppSecret, VerifyToken},
};

/// Where it is.
pub const PATH: &str = "/webhooks";

/// A POST that was signed with our app's secret.
#[derive(Debug)]
pub struct SignedPost {
    /// Its changes that mps listens to.
    pub changes: Vec<WebhookChange>,
    /// As it came.
    pub body: Vec<u8>,
    /// The value of its signature's header.
    pub signature: String,
}

/// What came to the door, counted.
#[derive(Debug, Default)]
pub struct DoorCounts {
    unsigned: AtomicU64,
    badly_signed: AtomicU64,
    unreadable: AtomicU64,
    handshakes_refused: AtomicU64,
    handshakes: AtomicU64,
}

impl DoorCounts {
    /// What was counted since the last call, as a sentence each. Strangers come as often as they like, so nothing is told
    /// one by one.
    pub fn take(&self) -> Vec<String> {
        let counted = [
            (
                &self.handshakes,
                "answered Meta's question whether this address is ours",
            ),
            (
                &self.handshakes_refused,
                "refused a question with another verify token than ours",
            ),
            (&self.unsigned, "refused what was not signed"),
            (
                &self.badly_signed,
                "refused what was not signed with our app's secret: it was a stranger, or the app secret given here is \
                 not that of the app that is subscribed",
            ),
            (
                &self.unreadable,
                "passed over what was signed by Meta and is no webhook that mps can read",
            ),
        ];
        let taken = counted.map(|(count, text)| (count.swap(0, Ordering::Relaxed), text));
        let told = taken.into_iter().filter(|(count, _)| *count > 0);
        told.map(|(count, text)| match count {
            1 => format!("The webhooks' address {text}."),
            many => format!("The webhooks' address {text} ({many} times)."),
        })
        .collect()
    }
}

/// Who keeps what came; false where that failed.
type Keeper = Arc<dyn Fn(SignedPost) -> bool + Send + Sync>;

/// Answers at the path.
pub struct WebhookDoor {
    secret: AppSecret,
    token: VerifyToken,
    keep: Keeper,
    counts: Arc<DoorCounts>,
}

impl WebhookDoor {
    /// A door whose POSTs `keep` keeps.
    pub fn new(
        secret: AppSecret,
        token: VerifyToken,
        keep: impl Fn(SignedPost) -> bool + Send + Sync + 'static,
        counts: Arc<DoorCounts>,
    ) -> Self {
        Self {
            secret,
            token,
            keep: Arc::new(keep),
            counts,
        }
    }

    /// The answer to one request.
    pub(crate) fn answer(&self, request: &InnerRequest) -> Reply {
        match request.method.as_str() {
            "GET" => self.handshake(request),
            "POST" => self.post(request),
            _ => Reply {
                allow: Some("GET, POST"),
                ..Reply::text(405, "This method does not fit here.\n")
            },
        }
    }

    fn handshake(&self, request: &InnerRequest) -> Reply {
        let query = request
            .target
            .split_once('?')
            .map_or("", |(_, query)| query);
        match handshake::answer(query, &self.token) {
            Ok(challenge) => {
                count(&self.counts.handshakes);
                Reply::text(200, challenge)
            }
            Err(refusal) => {
                count(&self.counts.handshakes_refused);
                Reply::text(403, format!("The question was refused: {refusal}.\n"))
            }
        }
    }

    fn post(&self, request: &InnerRequest) -> Reply {
        let headers = request.header(signature::HEADER);
        if let Err(refusal) = signature::verify(&headers, &request.body, &self.secret) {
            count(match refusal {
                SignatureRefusal::Missing | SignatureRefusal::Form => &self.counts.unsigned,
                SignatureRefusal::Wrong => &self.counts.badly_signed,
            });
            return Reply::text(403, format!("The webhook was refused: {refusal}.\n"));
        }
        let read = reading::read(&request.body);
        if read.is_none() {
            // Meta would send the same again for days.
            count(&self.counts.unreadable);
        }
        let post = SignedPost {
            changes: read.map(|read| read.changes).unwrap_or_default(),
            body: request.body.clone(),
            signature: headers.first().copied().unwrap_or_default().to_owned(),
        };
        if (self.keep)(post) {
            Reply::text(200, "")
        } else {
            Reply::text(503, "It could not be kept; send it again.\n")
        }
    }
}

fn count(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}
