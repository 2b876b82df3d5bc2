//! The report of a first contact, as Markdown.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    questions::{self, Question},
    reading::{asked, header},
    shape,
};
use crate::{graph::Exchange, ids::AppId};

/// Headers of an answer that say something of quota and version, not of anybody.
const HEADERS: [&str; 5] = [
    "facebook-api-version",
    "x-app-usage",
    "x-business-use-case-usage",
    "x-ad-account-usage",
    "retry-after",
];

/// The whole report.
pub(super) fn text(kept: &[Exchange], ours: Option<&AppId>, host: &str, today: Date) -> String {
    let mut text = format!(
        "# What Meta answered to mps {}\n\nHost {}, {}. Tokens, names and ids are not in here: an id stands as its \
         length, a text as <text>.\nNothing was made or changed for this report.\n",
        env!("CARGO_PKG_VERSION"),
        host,
        today
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
