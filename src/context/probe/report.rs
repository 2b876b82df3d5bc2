//! The report of a first contact, as Markdown.

use std::collections::BTreeMap;

use super::{
    questions::{self, Question},
    shape,
};
use crate::{context::Context, graph::Exchange, ids::AppId};

/// Headers of an answer that say something of quota and version, not of anybody.
const HEADERS: [&str; 5] = [
    "facebook-api-version",
    "x-app-usage",
    "x-business-use-case-usage",
    "x-ad-account-usage",
    "retry-after",
];

/// What the report begins with.
#[derive(Debug)]
pub(super) struct Circumstances {
    version: String,
    host: String,
    day: String,
}

impl Circumstances {
    pub(super) fn of(ctx: &Context) -> Self {
        let now = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC);
        let host = ctx.base_url();
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            host: host.map_or_else(|_| "?".to_owned(), |base| base.host_label().to_owned()),
            day: now.date().to_string(),
        }
    }
}

/// The whole report.
pub(super) fn text(kept: &[Exchange], ours: Option<&AppId>, at: &Circumstances) -> String {
    let mut text = format!(
        "# What Meta answered to mps {}\n\nHost {}, {}. Tokens, names and ids are not in here: an id stands as its \
         length, a text as <text>.\nNothing was made or changed for this report.\n",
        at.version, at.host, at.day
    );
    for Question {
        number,
        title,
        seen,
        means,
    } in questions::answers(kept, ours)
    {
        text.push_str(&format!("\n## {number}. {title}\n\n"));
        for line in &seen {
            text.push_str(&format!("- {line}\n"));
        }
        if seen.is_empty() {
            text.push_str("- not asked in this run\n");
        }
        text.push_str(&format!("\n{means}\n"));
    }
    text.push_str("\n## All that was asked\n");
    for (asked, times) in distinct(kept, ours) {
        text.push_str(&format!("\n{asked}\n"));
        if times > 1 {
            text.push_str(&format!("({times} times alike)\n"));
        }
    }
    text
}

/// Each exchange in its shape, and how often it came.
fn distinct(kept: &[Exchange], ours: Option<&AppId>) -> Vec<(String, usize)> {
    let mut order = Vec::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for exchange in kept {
        let shown = shown(exchange, ours);
        let count = times.entry(shown.clone()).or_default();
        if *count == 0 {
            order.push(shown);
        }
        *count += 1;
    }
    let count = |shown: String| {
        let count = times[&shown];
        (shown, count)
    };
    order.into_iter().map(count).collect()
}

fn shown(exchange: &Exchange, ours: Option<&AppId>) -> String {
    let mut text = format!("    {}\n", asked(exchange, ours));
    if let Some(sent) = &exchange.sent {
        text.push_str(&format!("    > {}\n", shape::shape(sent)));
    }
    text.push_str(&format!("    < HTTP {}\n", exchange.status));
    for (name, value) in &exchange.headers {
        if HEADERS.contains(&name.as_str()) {
            text.push_str(&format!("    < {name}: {}\n", header(value)));
        }
    }
    match &exchange.body {
        Some(body) => text.push_str(&format!("    < {}", brief(&shape::shape(body)))),
        None => text.push_str("    < no JSON, or a secret"),
    }
    text
}

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
    match serde_json::from_str::<serde_json::Value>(value) {
        Ok(json) => shape::shape(&json).to_string(),
        Err(_) if value.len() <= 12 => value.to_owned(),
        Err(_) => "<text>".to_owned(),
    }
}

/// Of a long list only what begins it.
fn brief(body: &serde_json::Value) -> String {
    let mut body = body.clone();
    if let Some(items) = body
        .get_mut("data")
        .and_then(serde_json::Value::as_array_mut)
        && items.len() > 2
    {
        let more = items.len() - 2;
        items.truncate(2);
        items.push(serde_json::Value::String(format!("… and {more} more")));
    }
    body.to_string()
}
