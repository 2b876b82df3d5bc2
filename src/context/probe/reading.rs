//! What one answer of Meta's says, in a few words.

use std::collections::BTreeSet;

use serde_json::Value;

use super::shape;
use crate::{graph::Exchange, ids::AppId};

/// A request on one line.
pub(super) fn asked(exchange: &Exchange, ours: Option<&AppId>) -> String {
    let path = shape::path(&exchange.path, ours.map(AppId::as_str));
    let query = exchange.query.iter();
    let query: Vec<String> = query
        .map(|(name, value)| format!("{name}={}", parameter(name, value)))
        .collect();
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{}", query.join("&"))
    };
    let (method, with) = (exchange.method, exchange.with.words());
    format!("{method} {path}{query}, with {with}")
}

/// A parameter of ours: what it asks for stays, where it goes on does not.
fn parameter(name: &str, value: &str) -> String {
    match name {
        "limit" | "role" | "fields" => value.to_owned(),
        name => shape::text(value, name),
    }
}

/// A usage header is JSON with ids in it; the others are short.
pub(super) fn header(value: &str) -> String {
    match serde_json::from_str::<Value>(value) {
        Ok(json) => shape::shape(&json).to_string(),
        Err(_) if value.len() <= 12 => value.to_owned(),
        Err(_) => "<text>".to_owned(),
    }
}

pub(super) fn is_well(exchange: &Exchange) -> bool {
    (200..300).contains(&exchange.status)
        && exchange
            .body
            .as_ref()
            .is_none_or(|body| body.get("error").is_none())
}

pub(super) fn role_of(exchange: &Exchange) -> &str {
    let mut query = exchange.query.iter();
    query
        .find(|(name, _)| name == "role")
        .map_or("", |(_, value)| value)
}

pub(super) fn items(exchange: &Exchange) -> impl Iterator<Item = &Value> {
    let data = exchange.body.as_ref().and_then(|body| body.get("data"));
    data.and_then(Value::as_array).into_iter().flatten()
}

pub(super) fn code(exchange: &Exchange) -> Option<i64> {
    exchange.body.as_ref()?.pointer("/error/code")?.as_i64()
}

/// What came, in a few words.
pub(super) fn came(exchange: &Exchange) -> String {
    if let Some(code) = code(exchange) {
        let body = exchange.body.as_ref();
        let subcode = body.and_then(|body| body.pointer("/error/error_subcode")?.as_i64());
        let subcode = subcode.map_or_else(String::new, |subcode| format!(", subcode {subcode}"));
        return format!("HTTP {}, code {code}{subcode}", exchange.status);
    }
    let data = exchange.body.as_ref().and_then(|body| body.get("data"));
    match data.and_then(Value::as_array) {
        Some(items) => {
            let body = exchange.body.as_ref();
            let more = body.is_some_and(|body| body.pointer("/paging/next").is_some());
            let more = if more { ", and there are more" } else { "" };
            match items.len() {
                1 => format!("HTTP {}, 1 item{more}", exchange.status),
                many => format!("HTTP {}, {many} items{more}", exchange.status),
            }
        }
        None => format!("HTTP {}", exchange.status),
    }
}

/// Whether MESSAGING stands on both sides of what was sent or listed.
pub(super) fn both_in(solution: &Value) -> bool {
    let has = |side: &Value| {
        side.as_array()
            .is_some_and(|words| words.iter().any(|word| word == "MESSAGING"))
    };
    let partners = solution.pointer("/partners/data").and_then(Value::as_array);
    let partner = partners.and_then(|all| all.first()).unwrap_or(solution);
    has(&solution["owner_permissions"]) && has(&partner["partner_permissions"])
}

/// A path's version and what follows it.
pub(super) fn versioned(path: &str) -> Option<((u32, u32), &str)> {
    let (version, rest) = path.strip_prefix("/v")?.split_once('/')?;
    let (major, minor) = version.split_once('.')?;
    Some(((major.parse().ok()?, minor.parse().ok()?), rest))
}

/// The names of all fields, wherever they stand.
pub(super) fn keys(value: Option<&Value>) -> BTreeSet<String> {
    fn gather(value: &Value, at: &str, all: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let here = format!("{at}/{name}");
                    gather(value, &here, all);
                    all.insert(here);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| gather(item, at, all)),
            _ => {}
        }
    }
    let mut all = BTreeSet::new();
    if let Some(value) = value {
        gather(value, "", &mut all);
    }
    // Of each request anew.
    all.retain(|name| !name.contains("fbtrace_id"));
    all
}

/// A usage header: its fields and kinds, not how much of it is used.
pub(super) fn fields_of(value: &str) -> String {
    let Ok(json) = serde_json::from_str::<Value>(value) else {
        return header(value);
    };
    let mut kinds: Vec<String> = keys(Some(&json))
        .into_iter()
        .filter_map(|name| name.rsplit('/').next().map(str::to_owned))
        .filter(|name| !name.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    kinds.sort();
    kinds.dedup();
    let types = json.as_object().into_iter().flatten();
    let types = types.filter_map(|(_, of)| of.pointer("/0/type")?.as_str());
    kinds.extend(types.map(|kind| format!("type={kind}")));
    kinds.join(", ")
}
