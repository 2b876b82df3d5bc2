//! What `doctor --probe` reads, so that Meta's answers stand in the report.
//!
//! The one decision: reads alone, one after another, each of them tried whatever became of the others. An error is an
//! answer too.

use serde_json::Value;

use super::machine::FoundSecrets;
use crate::{
    context::Context,
    graph::{ApiVersion, Graph, Method, Token},
    ids::AppId,
};

/// Asks all that reads can answer.
pub(crate) async fn ask(ctx: &Context, secrets: &FoundSecrets) {
    let (Ok(graph), Ok(partner)) = (ctx.graph(), ctx.partner()) else {
        return;
    };
    let system = secrets
        .system
        .as_ref()
        .map(|held| Token::System(&held.token));
    let user = secrets.user.as_ref().map(|held| Token::User(&held.token));
    let mut reader = ProbeReader {
        graph: &graph,
        user,
        system,
    };
    reader.all(&partner).await;
}

struct ProbeReader<'a> {
    graph: &'a Graph,
    user: Option<Token<'a>>,
    system: Option<Token<'a>>,
}

impl ProbeReader<'_> {
    async fn read(&self, token: Option<Token<'_>>, path: &str) -> Option<Value> {
        self.graph.raw(token?, Method::Get, path, &[]).await.ok()
    }

    async fn all(&mut self, partner: &AppId) {
        let apps = self
            .read(self.user, "me/application_details?limit=25")
            .await;
        let assigned = self
            .read(self.user, "me/assigned_applications?limit=25")
            .await;
        let apps = ids(apps.as_ref().or(assigned.as_ref()));
        let ours = format!("{partner}/whatsapp_business_solutions?role=PARTNER&limit=25");
        let mut seen = Vec::new();
        for token in [self.system, self.user] {
            let listed = self.read(token, &ours).await;
            seen.extend(solutions(listed.as_ref()));
        }
        if let Some(owner) = apps.first() {
            let theirs = format!("{owner}/whatsapp_business_solutions?role=OWNER&limit=25");
            for token in [self.user, self.system] {
                let listed = self.read(token, &theirs).await;
                seen.extend(solutions(listed.as_ref()));
            }
            self.newest(&theirs, self.user).await;
        }
        self.newest(&ours, self.system).await;
        if let Some((id, _)) = seen.first() {
            for token in [self.system, self.user] {
                self.read(token, id).await;
                self.read(token, &format!("{id}/partners")).await;
            }
            self.newest(id, self.system).await;
        }
        // The Tech Provider's token is no party to a solution of another owner.
        let other = seen
            .iter()
            .find(|(_, owner)| owner.as_ref().is_some_and(|owner| !apps.contains(owner)));
        if let Some((id, _)) = other {
            self.read(self.user, id).await;
        }
    }

    /// The same in the newest version that is known.
    async fn newest(&self, path: &str, token: Option<Token<'_>>) {
        let newest = ApiVersion::newest();
        if newest > *self.graph.version() {
            self.read(token, &format!("{newest}/{path}")).await;
        }
    }
}

/// The ids of a list.
fn ids(list: Option<&Value>) -> Vec<String> {
    let items = list
        .and_then(|list| list["data"].as_array())
        .into_iter()
        .flatten();
    items
        .filter_map(|item| item["id"].as_str().map(str::to_owned))
        .collect()
}

/// The solutions of a listing, each with its owner.
fn solutions(list: Option<&Value>) -> Vec<(String, Option<String>)> {
    let items = list
        .and_then(|list| list["data"].as_array())
        .into_iter()
        .flatten();
    let text = |item: &Value, at: &str| item.pointer(at).and_then(Value::as_str).map(str::to_owned);
    items
        .filter_map(|item| Some((text(item, "/id")?, text(item, "/owner_app/id"))))
        .collect()
}
