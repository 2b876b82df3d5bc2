//! Several calls in one request (graph-api.md, 4), for the peers that send them; mps sends none.
//!
//! The one decision: every item is a call like any other, with its own count and its own faults; only the wire is shared.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    error::{Error, Result},
    route::major,
    store::SandboxState,
    wire::{Delivery, Request, Response},
};

/// The most that one request may hold.
const MOST: usize = 50;

/// One call of a batch.
#[derive(Debug, Deserialize)]
struct BatchItem {
    method: String,
    relative_url: String,
    #[serde(default)]
    body: String,
}

impl SandboxState {
    /// The answer to a batch; `None` for any other request.
    pub(super) fn answer_batch(&mut self, request: &Request) -> Option<Response> {
        let parts = request.parts();
        let version = match parts.as_slice() {
            [] => "",
            [version] if major(version).is_some() => version,
            _ => return None,
        };
        if request.method != "POST" {
            return None;
        }
        let batch = request.param("batch")?;
        let trace = self.trace();
        let (served, _) = self.version(request);
        let mut response = match items_of(&batch) {
            Ok(items) => self.answer_items(&items, version, request),
            Err(error) => error.response(&trace),
        };
        self.sign(&mut response, served, trace);
        Some(response)
    }

    fn answer_items(&mut self, items: &[BatchItem], version: &str, request: &Request) -> Response {
        let mut delay = std::time::Duration::ZERO;
        let answers: Vec<Value> = items
            .iter()
            .map(|item| {
                let target = format!("/{version}/{}", item.relative_url.trim_start_matches('/'));
                let mut call = Request::new(&item.method, &target, item.body.as_bytes());
                // The item's own token comes first, as its parameter; this one is the fallback.
                if call.param("access_token").is_none() {
                    call.bearer = request.token();
                }
                call.now = request.now;
                call.base.clone_from(&request.base);
                let answer = self.answer(&call);
                delay = delay.max(answer.delay);
                shown(&answer)
            })
            .collect();
        let mut response = Response::json(200, &Value::Array(answers));
        response.delay = delay;
        response
    }
}

/// The calls of a batch, if they are calls and not too many.
fn items_of(batch: &str) -> Result<Vec<BatchItem>> {
    let items: Vec<BatchItem> =
        serde_json::from_str(batch).map_err(|odd| Error::parameter(format!("(#100) {odd}")))?;
    if items.len() > MOST {
        return Err(Error::parameter(format!(
            "(#100) Too many requests in batch message. Maximum batch size is {MOST}, not {}",
            items.len()
        )));
    }
    Ok(items)
}

/// An answer within the answer. One that would not have arrived is null.
fn shown(answer: &Response) -> Value {
    if answer.delivery != Delivery::Whole {
        return Value::Null;
    }
    let headers: Vec<Value> = answer
        .headers
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    json!({
        "code": answer.status,
        "headers": headers,
        "body": String::from_utf8_lossy(&answer.body),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{
        faults::{Fault, Faults, Operation, Rule},
        records::{self, SYSTEM_TOKEN, USER_TOKEN},
        store::ApiShape,
    };

    const CREATE: &str = "partner_app_id=634974688087057&solution_name=A+name\
                          &owner_permissions=%5B%22MESSAGING%22%5D&partner_permissions=%5B%22MESSAGING%22%5D";

    fn send(state: &mut SandboxState, path: &str, items: &Value) -> Option<Value> {
        let body = json!({"access_token": USER_TOKEN, "batch": items});
        let request = Request::new("POST", path, body.to_string().as_bytes());
        state.answer_batch(&request).map(|answer| answer.value())
    }

    #[test]
    fn each_item_is_a_call() {
        let rules = vec![Rule {
            nth: 2,
            ..Rule::new(Operation::Create, Fault::Drop)
        }];
        let faults = Faults {
            rules,
            ..Faults::default()
        };
        let mut state = SandboxState::new(2, "Us", ApiShape::Guide, faults);
        let [one, other] = [0, 1].map(|n| records::owner_app(n).id);
        let create = |app: &str| json!({"method": "POST", "relative_url": format!("{app}/whatsapp_business_solution"), "body": CREATE});
        let accept = format!("795033096057724/accept?access_token={SYSTEM_TOKEN}");
        let items = json!([
            create(&one), create(&other),
            {"method": "POST", "relative_url": accept}, {"method": "GET", "relative_url": "nothing"},
        ]);
        for path in ["/v26.0/", "/"] {
            let answers = send(&mut state, path, &items).unwrap();
            let codes: Vec<_> = answers
                .as_array()
                .unwrap()
                .iter()
                .map(|answer| &answer["code"])
                .collect();
            if path == "/" {
                assert_eq!(answers[1]["code"], 200, "the fault is over");
                continue;
            }
            assert_eq!(codes, [&json!(200), &Value::Null, &json!(200), &json!(400)]);
            assert_eq!(answers[0]["body"], "{\"solution_id\":\"795033096057724\"}");
            assert_eq!(state.solutions.len(), 2, "what was dropped was done");
            assert_eq!(state.solutions[0].now.status, "ACTIVE");
        }
    }

    #[test]
    fn the_whole_answer_says_which_request_it_was() {
        let mut state = SandboxState::new(1, "Us", ApiShape::Guide, Faults::default());
        let request = Request::new("POST", "/v26.0", b"batch=[]");
        let answer = state.answer_batch(&request).unwrap();
        for (name, text) in [
            ("facebook-api-version", "v26.0"),
            ("x-fb-trace-id", "ASandbox000000000000001"),
        ] {
            assert!(
                answer.headers.contains(&(name, text.to_owned())),
                "{answer:?}"
            );
        }
    }

    #[test]
    fn what_is_no_batch() {
        let mut state = SandboxState::new(1, "Us", ApiShape::Guide, Faults::default());
        assert_eq!(send(&mut state, "/v26.0/me", &json!([])), None);
        let item = json!({"method": "GET", "relative_url": "me"});
        let many = send(&mut state, "/", &json!(vec![item; 51])).unwrap();
        assert_eq!(many["error"]["code"], 100);
        assert_eq!(many["error"]["fbtrace_id"], "ASandbox000000000000001");
        assert_eq!(
            send(&mut state, "/", &json!({"a": 1})).unwrap()["error"]["code"],
            100
        );
    }
}
