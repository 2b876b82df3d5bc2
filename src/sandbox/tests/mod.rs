//! Tables over the pure part: a request in, an answer out.

mod calls;
mod faults;
mod other_side;
mod switched;
mod tokens;

use serde_json::{Value, json};

use super::{
    faults::{Faults, Rule},
    records::{PARTNER_APP_ID, SYSTEM_TOKEN, USER_TOKEN, owner_app},
    store::{ApiShape, SandboxState},
    wire::{Request, Response},
};

/// A sandbox with three apps, and ways to ask it.
pub(super) struct Bench(pub(super) SandboxState);

impl Bench {
    pub(super) fn new(faults: Faults) -> Self {
        Self::shaped(ApiShape::Guide, faults)
    }

    pub(super) fn shaped(shape: ApiShape, faults: Faults) -> Self {
        Self(SandboxState::new(3, "Us", shape, faults))
    }

    pub(super) fn with(rule: Rule) -> Self {
        Self::new(Faults {
            rules: vec![rule],
            ..Faults::default()
        })
    }

    pub(super) fn send(
        &mut self,
        method: &str,
        target: &str,
        token: &str,
        body: &Value,
    ) -> Response {
        let mut request = Request::new(method, &format!("/v26.0/{target}"), &bytes(body));
        request.bearer = Some(token.to_owned()).filter(|token| !token.is_empty());
        request.now = 1_795_305_600;
        request.base = "http://h".to_owned();
        self.0.answer(&request)
    }

    pub(super) fn get(&mut self, target: &str, token: &str) -> Value {
        self.send("GET", target, token, &Value::Null).value()
    }

    pub(super) fn post(&mut self, target: &str, token: &str, body: &Value) -> Value {
        self.send("POST", target, token, body).value()
    }

    pub(super) fn create(&mut self, change: &Value) -> Value {
        let target = format!("{}/whatsapp_business_solution", app());
        self.post(&target, USER_TOKEN, &merged(change))
    }

    pub(super) fn made(&mut self) -> String {
        self.create(&json!({}))["solution_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(super) fn status(&mut self, id: &str) -> Value {
        self.get(id, SYSTEM_TOKEN)["status"].clone()
    }

    pub(super) fn listed(&mut self, app: &str, role: &str, token: &str) -> usize {
        let list = self.get(
            &format!("{app}/whatsapp_business_solutions?role={role}"),
            token,
        );
        list["data"].as_array().unwrap_or(&vec![]).len()
    }
}

pub(super) fn bytes(body: &Value) -> Vec<u8> {
    if body.is_null() {
        Vec::new()
    } else {
        body.to_string().into_bytes()
    }
}

pub(super) fn app() -> String {
    owner_app(0).id
}

/// The guide's body with some of it changed.
pub(super) fn merged(change: &Value) -> Value {
    let mut body = json!({
        "owner_permissions": ["MESSAGING"], "partner_permissions": ["MESSAGING"],
        "partner_app_id": PARTNER_APP_ID, "solution_name": "Lucky Shrub + Us",
    });
    for (key, value) in change.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

pub(super) fn code(answer: &Value) -> (u64, u64) {
    let number = |key| answer["error"][key].as_u64().unwrap_or(0);
    (number("code"), number("error_subcode"))
}
