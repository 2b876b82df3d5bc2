//! A request and its answer as a whole, for whoever wants to say later what Meta does.
//!
//! The one decision: what is a secret is out already; names and ids are for whoever keeps it to take out.

use serde_json::Value;
use url::Url;

use super::{detail, event::Exchange};
use crate::{
    graph::{
        answer::RawResponse,
        send::call::{ApiCall, Bearer},
    },
    redact::Redactor,
};

/// Parameters that hold a secret.
const SECRETS: [&str; 3] = ["access_token", "appsecret_proof", "input_token"];

/// Puts the two sides together.
pub(crate) fn exchange(
    with: Bearer,
    call: &ApiCall,
    url: &Url,
    sent: Option<&[u8]>,
    answer: &RawResponse,
    redactor: &Redactor,
) -> Exchange {
    let clean = |text: &str| redactor.clean(text).into_owned();
    let json = |bytes: &[u8]| {
        let mut value: Value = serde_json::from_slice(bytes).ok()?;
        without_secrets(&mut value);
        detail::without_next(&mut value);
        redactor.clean_json(&mut value);
        Some(value)
    };
    let query = url.query_pairs();
    let query = query.filter(|(name, _)| !SECRETS.contains(&name.as_ref()));
    Exchange {
        with,
        method: call.method.as_str(),
        path: clean(url.path()),
        query: query
            .map(|(name, value)| (clean(&name), clean(&value)))
            .collect(),
        sent: sent.and_then(json),
        status: answer.status,
        headers: answer
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), clean(value)))
            .collect(),
        body: (!call.secret_answer).then(|| json(&answer.body)).flatten(),
    }
}

fn without_secrets(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.retain(|name, _| !SECRETS.contains(&name.as_str()));
    }
}
