//! One change that Meta tells of: which solution or account, and what it says became of it.
//!
//! The one decision: it is a hint. It is kept as it came, told apart from its doubles by a hash, and what is true is read
//! from Meta afterwards.

use ring::digest;
use serde_json::{Map, Value};
use strum::{Display, EnumString, IntoStaticStr};

use crate::ids::SolutionId;

/// The fields that mps listens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ChangeField {
    /// A solution was made, or moved.
    PartnerSolutions,
    /// A customer's account was added to us or to a solution of ours, or was removed.
    AccountUpdate,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookChange {
    /// The business portfolio or account that it is about, as Meta says it.
    pub entry_id: Option<String>,
    /// When it happened, in seconds since 1970, as Meta says it.
    pub time: Option<i64>,
    /// What it is about.
    pub field: ChangeField,
    /// What Meta says of it.
    pub value: Map<String, Value>,
}

impl WebhookChange {
    /// Its event: `SOLUTION_UPDATED`, `PARTNER_ADDED`.
    pub fn event(&self) -> Option<&str> {
        self.value.get("event")?.as_str()
    }

    /// The solution that it names.
    pub fn solution_id(&self) -> Option<SolutionId> {
        id(self
            .value
            .get("solution_id")
            .or_else(|| self.waba_info()?.get("solution_id"))?)?
        .parse()
        .ok()
    }

    /// The status that it tells.
    pub fn told_status(&self) -> Option<&str> {
        self.value.get("solution_status")?.as_str()
    }

    /// The customer's account that it names.
    pub fn waba_id(&self) -> Option<String> {
        id(self.waba_info()?.get("waba_id")?)
    }

    /// The business portfolio of that customer, for `mps business-token`.
    pub fn owner_business_id(&self) -> Option<String> {
        id(self.waba_info()?.get("owner_business_id")?)
    }

    fn waba_info(&self) -> Option<&Map<String, Value>> {
        self.value.get("waba_info")?.as_object()
    }

    /// What it has in common with its doubles, and with nothing else.
    pub fn identity(&self) -> String {
        let mut bytes = Vec::new();
        let mut part = |text: &str| {
            bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        };
        part(self.entry_id.as_deref().unwrap_or_default());
        part(&self.time.map(|time| time.to_string()).unwrap_or_default());
        part(self.field.into());
        part(&in_order(&Value::Object(self.value.clone())).to_string());
        hex(digest::digest(&digest::SHA256, &bytes).as_ref())
    }
}

/// The same with the keys of every object in order.
fn in_order(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            let ordered = keys
                .into_iter()
                .map(|(key, value)| (key.clone(), in_order(value)));
            Value::Object(ordered.collect())
        }
        Value::Array(items) => items.iter().map(in_order).collect(),
        other => other.clone(),
    }
}

/// An id, which is a text here and a number there.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What a body has in common with its doubles.
pub fn identity_of_body(body: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, body).as_ref())
}

/// Bytes as text.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        text += &format!("{byte:02x}");
        text
    })
}
