//! Webhooks: who is subscribed, what they are to be told, and how that goes wrong (graph-api.md, 8).
//!
//! The one decision: what changed is found by comparing, after each request, so that every way to change a solution tells
//! of it, a test's seeds too. What is to be sent is a value; the wire is in `webhook_wire`.

use ring::hmac;
use serde_json::{Value, json};

use super::{
    error::{Error, Result},
    records::{BUSINESS_ID, OutgoingWebhook, PARTNER_APP_ID, StoredSubscription},
    store::SandboxState,
    tokens::Caller,
    wire::Request,
};

/// The object of the webhooks that are sent here.
const OBJECT: &str = "whatsapp_business_account";

/// The question whether an address wants our webhooks, which is asked before a subscription is made.
pub(super) fn handshake_of(request: &Request) -> Option<(String, String)> {
    let is_ours = request.method == "POST" && request.parts().last() == Some(&"subscriptions");
    let param = |name: &str| request.param(name).unwrap_or_default();
    is_ours.then(|| (param("callback_url"), param("verify_token")))
}

/// The names of a list, which Graph takes as `a,b` and as `["a","b"]` (which is what Meta's SDK for Python sends).
fn names_in(list: &str) -> Vec<String> {
    serde_json::from_str(list).unwrap_or_else(|_| {
        let names = list.split(',').map(str::trim);
        names.map(str::to_owned).collect()
    })
}

impl SandboxState {
    /// `POST`, `GET` and `DELETE /<APP_ID>/subscriptions`
    pub(super) fn subscriptions(&mut self, request: &Request, app: &str) -> Result<Value> {
        if !matches!(self.who(request)?, Caller::App) {
            return Err(Error::new(
                15,
                "(#15) This method must be called with an app access_token.",
            ));
        }
        if app != PARTNER_APP_ID {
            return Err(Error::not_found(&request.method, app));
        }
        match request.method.as_str() {
            "POST" => self.subscribe(request),
            "DELETE" => {
                self.subscription = None;
                Ok(json!({"success": true}))
            }
            _ => {
                let all = self.subscription.iter().map(|subscription| {
                    let field = |name: &String| json!({"name": name, "version": "v26.0"});
                    let fields: Vec<_> = subscription.fields.iter().map(field).collect();
                    json!({"object": OBJECT, "callback_url": subscription.callback, "active": true, "fields": fields})
                });
                Ok(json!({"data": all.collect::<Vec<_>>()}))
            }
        }
    }

    fn subscribe(&mut self, request: &Request) -> Result<Value> {
        let needed = |name: &str| {
            request
                .param(name)
                .ok_or_else(|| Error::parameter(format!("(#100) The parameter {name} is required")))
        };
        if needed("object")? != OBJECT {
            return Err(Error::parameter("(#100) Param object is not known here"));
        }
        let (callback, fields) = (needed("callback_url")?, needed("fields")?);
        needed("verify_token")?;
        if !request.callback_verified {
            return Err(Error::new(
                2200,
                "(#2200) Callback verification failed with the following errors: HTTP Status Code is not 200, \
                 or the challenge did not come back",
            ));
        }
        self.subscription = Some(StoredSubscription {
            callback,
            fields: names_in(&fields),
        });
        // What was there before is no news.
        self.told = self.standings();
        Ok(json!({"success": true}))
    }

    pub(super) fn standings(&self) -> Vec<String> {
        self.solutions
            .iter()
            .map(|solution| match solution.now.pending.as_str() {
                "PENDING_DEACTIVATION" => "PENDING_DEACTIVATION".to_owned(),
                _ => solution.now.status.clone(),
            })
            .collect()
    }

    /// What is to be told since the last call, in the order in which it is sent.
    pub(super) fn news(&mut self, now: u64) -> Vec<OutgoingWebhook> {
        let Some(subscription) = &self.subscription else {
            return Vec::new();
        };
        if !subscription
            .fields
            .iter()
            .any(|name| name == "partner_solutions")
        {
            return Vec::new();
        }
        let callback = subscription.callback.clone();
        let standings = self.standings();
        let mut news = Vec::new();
        for (place, status) in standings.iter().enumerate() {
            let before = self.told.get(place);
            if before == Some(status) {
                continue;
            }
            let event = if before.is_some() {
                "SOLUTION_UPDATED"
            } else {
                "SOLUTION_CREATED"
            };
            let value = json!({"event": event, "solution_id": self.solutions[place].id, "solution_status": status});
            let body = json!({"entry": [{"id": BUSINESS_ID, "time": now,
                "changes": [{"field": "partner_solutions", "value": value}]}], "object": OBJECT});
            news.push(self.outgoing(&callback, body.to_string()));
        }
        self.told = standings;
        let wrongs = self.faults.webhooks;
        if wrongs.doubled {
            news = news
                .into_iter()
                .flat_map(|one| [one.clone(), one])
                .collect();
        }
        if !wrongs.out_of_order {
            news.extend(std::mem::take(&mut self.held));
        } else if news.len() == 1 && self.held.is_empty() {
            self.held = std::mem::take(&mut news);
        } else if !news.is_empty() {
            news.reverse();
            news.extend(std::mem::take(&mut self.held));
        }
        news
    }

    fn outgoing(&self, callback: &str, body: String) -> OutgoingWebhook {
        let wrongs = self.faults.webhooks;
        let secret = if wrongs.badly_signed {
            "00000000000000000000000000000000".to_owned()
        } else {
            Self::secret_of(PARTNER_APP_ID)
        };
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, body.as_bytes());
        let hex = tag.as_ref().iter().fold(String::new(), |mut text, byte| {
            text += &format!("{byte:02x}");
            text
        });
        OutgoingWebhook {
            callback: callback.to_owned(),
            body,
            signature: format!("sha256={hex}"),
            late: wrongs.late_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_fields_comes_in_two_forms() {
        for list in ["a,b", "a, b", "[\"a\",\"b\"]", "[\"a\", \"b\"]"] {
            assert_eq!(names_in(list), ["a", "b"], "{list}");
        }
    }
}
