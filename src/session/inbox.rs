//! Webhooks on their way from the door into the journal's store.
//!
//! The one decision: Meta hears that something was taken when it is durable, and not before; whoever works on it reads it
//! from the store, in this process or in another.

use std::{sync::Arc, time::Duration};

use serde_json::{Map, Value, json};
use tokio::{runtime::Handle, sync::Notify};

use crate::{
    context::{Context, failure::Failure, missing, settings},
    http_server::routes::SidePath,
    ids::{AppId, SolutionId},
    journal::{self, ForwardedPost, HeardChange, KeptChange, PostKind, Webhooks},
    secret::{AppSecret, VerifyToken},
    webhooks::{self, ChangeField, DoorCounts, SignedPost, WebhookChange, WebhookDoor},
};

/// What webhooks are known by.
pub struct WebhookSecrets {
    /// What they are signed with.
    pub app_secret: AppSecret,
    /// What Meta has to say before it may send any.
    pub verify_token: VerifyToken,
}

impl WebhookSecrets {
    /// Both, where they are set. `file`: that of the verify token.
    pub fn if_set(ctx: &Context, file: Option<&std::path::Path>) -> Result<Option<Self>, Failure> {
        let Some(found) = ctx.secret(settings::VERIFY_TOKEN, file)? else {
            return Ok(None);
        };
        Ok(ctx.app_secret()?.cloned().map(|app_secret| Self {
            app_secret,
            verify_token: found.secret.into(),
        }))
    }

    /// Both, which the command cannot do without.
    pub fn required(ctx: &Context, file: Option<&std::path::Path>) -> Result<Self, Failure> {
        if ctx.app_secret()?.is_none() {
            let remedy =
                "Meta signs webhooks with it; it stands in Meta's App Dashboard, Settings, Basic";
            return Err(missing(settings::APP_SECRET, remedy));
        }
        Self::if_set(ctx, file)?.ok_or_else(|| {
            let remedy = "choose a long random word, and give Meta the same one";
            missing(settings::VERIFY_TOKEN, remedy)
        })
    }
}

/// What is said of a journal that is away while webhooks are worked on: once, until it is there again.
#[derive(Debug, Default)]
pub struct JournalAway {
    said: bool,
}

impl JournalAway {
    /// Says it and lets a while pass; fails where no time mends it.
    pub async fn wait(&mut self, ctx: &Context, error: journal::Error) -> Result<(), Failure> {
        const PAUSE: Duration = Duration::from_secs(2);
        if !error.may_pass() {
            return Err(error.into());
        }
        if !self.said {
            self.said = true;
            ctx.ui.warning(&format!(
                "{error}; what comes in is refused, so that Meta sends it again, until the journal is there"
            ));
        }
        ctx.stop.pause(PAUSE).await;
        Ok(())
    }

    /// It is there.
    pub fn is_over(&mut self, ctx: &Context) {
        if std::mem::take(&mut self.said) {
            ctx.ui.status("The journal is there again.");
        }
    }
}

/// The inbox of one app of ours. Cheap to clone.
#[derive(Clone)]
pub struct Inbox {
    /// What is kept.
    pub store: Webhooks,
    /// What was counted at the door.
    pub counts: Arc<DoorCounts>,
    /// Told whenever changes are kept.
    pub news: Arc<Notify>,
    /// Told whenever a whole webhook is kept, to be sent on.
    pub kept: Arc<Notify>,
}

impl Inbox {
    /// The inbox of our app, without a door.
    pub fn of(ctx: &Context, partner: AppId) -> Result<Self, Failure> {
        Ok(Self {
            store: Webhooks::of(ctx.journal()?, partner),
            counts: Arc::default(),
            news: Arc::default(),
            kept: Arc::default(),
        })
    }

    /// Its door. `sends_on`: whole webhooks are kept too, to be sent on. Must be called in a tokio runtime.
    pub fn door(&self, ctx: &Context, secrets: WebhookSecrets, sends_on: bool) -> SidePath {
        let (inbox, runtime, ui) = (self.clone(), Handle::current(), ctx.ui.clone());
        let keep = move |post: SignedPost| {
            let (changes, forward) = kept(post, sends_on);
            if changes.is_empty() && forward.is_none() {
                return true;
            }
            match runtime.block_on(inbox.store.take(changes, forward)) {
                Ok(()) => {
                    inbox.news.notify_one();
                    inbox.kept.notify_one();
                    true
                }
                Err(error) => {
                    ui.warning(&format!(
                        "a webhook could not be kept, and Meta was asked to send it again: {error}"
                    ));
                    false
                }
            }
        };
        let counts = Arc::clone(&self.counts);
        let WebhookSecrets {
            app_secret,
            verify_token,
        } = secrets;
        let door = WebhookDoor::new(app_secret, verify_token, keep, counts);
        SidePath {
            path: webhooks::PATH,
            answer: Arc::new(move |request| door.answer(request)),
        }
    }
}

/// What is kept of a webhook.
fn kept(post: SignedPost, sends_on: bool) -> (Vec<HeardChange>, Option<ForwardedPost>) {
    let changes = post.changes.iter().map(|change| HeardChange {
        identity: change.identity(),
        change: written(change),
        solution_id: change.solution_id(),
    });
    let changes = changes.collect();
    let forward = sends_on.then(|| ForwardedPost {
        kind: PostKind::Webhook,
        identity: webhooks::identity_of_body(&post.body),
        body: post.body,
        signature: post.signature,
    });
    (changes, forward)
}

fn written(change: &WebhookChange) -> String {
    json!({"entry_id": change.entry_id, "time": change.time, "field": change.field.to_string(), "value": change.value})
        .to_string()
}

/// A change as it is read back; `None` where what stands in the store is none.
pub fn change_of(kept: &KeptChange) -> Option<WebhookChange> {
    let mut read: Map<String, Value> = serde_json::from_str(&kept.heard.change).ok()?;
    let field: ChangeField = read.get("field")?.as_str()?.parse().ok()?;
    let Some(Value::Object(value)) = read.remove("value") else {
        return None;
    };
    Some(WebhookChange {
        entry_id: read
            .get("entry_id")
            .and_then(Value::as_str)
            .map(str::to_owned),
        time: read.get("time").and_then(Value::as_i64),
        field,
        value,
    })
}

/// The solutions of changes, each once.
pub fn solutions_of(changes: &[KeptChange]) -> Vec<SolutionId> {
    let mut solutions: Vec<SolutionId> = Vec::new();
    for solution in changes
        .iter()
        .filter_map(|kept| kept.heard.solution_id.as_ref())
    {
        if !solutions.contains(solution) {
            solutions.push(solution.clone());
        }
    }
    solutions
}
