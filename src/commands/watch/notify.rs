//! What a watch tells is posted somewhere too.
//!
//! The one decision: it is kept in the journal before stdout has it, so that a death in between loses no post.

use futures_util::{Stream, StreamExt as _};
use serde_json::Value;

use crate::{
    commands::Line,
    context::{Context, failure::Failure},
    journal::{ForwardedPost, PostKind},
    session::inbox::Inbox,
};

/// Who keeps what is to be posted.
pub(super) struct Notifier {
    pub(super) ctx: std::sync::Arc<Context>,
    pub(super) inbox: Inbox,
}

impl Notifier {
    /// The same lines, each kept before it goes on.
    pub(super) fn keeping(
        self,
        lines: impl Stream<Item = Result<Line, Failure>> + Send,
    ) -> impl Stream<Item = Result<Line, Failure>> + Send {
        let notifier = std::sync::Arc::new(self);
        lines.then(move |line| {
            let notifier = std::sync::Arc::clone(&notifier);
            async move {
                if let Ok(line) = &line {
                    notifier.keep(line.json.clone()).await;
                }
                line
            }
        })
    }

    async fn keep(&self, mut line: Value) {
        if let (Value::Object(object), Some(host)) = (&mut line, self.ctx.foreign_host()) {
            object.insert("host".to_owned(), host.into());
        }
        let mut id = [0_u8; 16];
        let kept = match getrandom::fill(&mut id) {
            Ok(()) => {
                let post = ForwardedPost {
                    kind: PostKind::Notice,
                    identity: format!("msg_{:032x}", u128::from_be_bytes(id)),
                    body: line.to_string().into_bytes(),
                    signature: String::new(),
                };
                let taken = self.inbox.store.take(Vec::new(), Some(post)).await;
                taken.map_err(|error| error.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        match kept {
            Ok(()) => self.inbox.kept.notify_one(),
            Err(error) => self.ctx.ui.warning(&format!(
                "what became of an app could not be kept for --notify: {error}"
            )),
        }
    }
}
