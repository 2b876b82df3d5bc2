//! `fields=name,partners.limit(5){partner_app,status}`: read, and applied to a node.
//!
//! The one decision: a node knows its fields by a table, so an unknown field gets Graph's own error
//! instead of silence, and an edge inside a node pages like any other.

use serde_json::{Map, Value, json};

use super::error::{Error, Result};

/// A kind of node: its fields, the kind behind each, and what is shown unasked.
pub(super) struct NodeKind {
    name: &'static str,
    fields: &'static [(&'static str, Option<&'static NodeKind>)],
    shown: &'static [&'static str],
}

/// An app.
pub(super) static APP: NodeKind = NodeKind {
    name: "Application",
    fields: &[
        ("id", None),
        ("name", None),
        ("link", None),
        ("category", None),
    ],
    shown: &["link", "name", "id"],
};

/// A client's WhatsApp Business account.
pub(super) static ACCOUNT: NodeKind = NodeKind {
    name: "WhatsAppBusinessAccount",
    fields: &[
        ("id", None),
        ("name", None),
        ("timezone_id", None),
        ("business_type", None),
        ("message_template_namespace", None),
    ],
    shown: &[
        "id",
        "name",
        "timezone_id",
        "business_type",
        "message_template_namespace",
    ],
};

/// What a client is asked: to move into another solution.
pub(super) static INTENT: NodeKind = NodeKind {
    name: "WhatsAppBusinessAccountSolutionMigrationIntent",
    fields: &[
        ("id", None),
        ("status", None),
        ("solution", Some(&SOLUTION)),
        ("destination_waba", Some(&ACCOUNT)),
    ],
    shown: &["id", "status", "solution", "destination_waba"],
};

/// The partner's side of a solution.
pub(super) static PARTNER: NodeKind = NodeKind {
    name: "WhatsAppBusinessSolutionPartner",
    fields: &[
        ("id", None),
        ("partner_app", Some(&APP)),
        ("partner_permissions", None),
        ("status", None),
    ],
    shown: &["partner_app", "status", "id"],
};

/// A solution.
pub(super) static SOLUTION: NodeKind = NodeKind {
    name: "WhatsAppBusinessSolution",
    fields: &[
        ("id", None),
        ("name", None),
        ("status", None),
        ("status_for_pending_request", None),
        ("owner_app", Some(&APP)),
        ("owner_permissions", None),
        ("partners", Some(&PARTNER)),
    ],
    shown: &["id", "name", "status", "status_for_pending_request"],
};

/// One field that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct RequestedField {
    name: String,
    inner: Vec<RequestedField>,
}

impl RequestedField {
    /// Whether this is the field of that name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

/// Reads a list of fields; modifiers like `.limit(5)` are passed over.
pub(super) fn parse(text: &str) -> Result<Vec<RequestedField>> {
    let mut rest = text;
    let fields = list(&mut rest, 0)?;
    if rest.is_empty() {
        Ok(fields)
    } else {
        Err(syntax(rest))
    }
}

fn syntax(rest: &str) -> Error {
    let near: String = rest.chars().take(12).collect();
    Error::new(
        2500,
        format!("Syntax error \"Expected end of string instead of \"{near}\".\""),
    )
}

/// Reads fields up to a closing brace or the end.
fn list(rest: &mut &str, depth: u8) -> Result<Vec<RequestedField>> {
    if depth > 8 {
        return Err(syntax(rest));
    }
    let mut fields = Vec::new();
    loop {
        let end = rest.find([',', '{', '}', '.', '(']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        *rest = after;
        let mut field = RequestedField {
            name: name.trim().to_owned(),
            inner: Vec::new(),
        };
        while rest.starts_with(['.', '(']) {
            let close = rest.find(')').ok_or_else(|| syntax(rest))?;
            *rest = &rest[close + 1..];
        }
        if let Some(inner) = rest.strip_prefix('{') {
            *rest = inner;
            field.inner = list(rest, depth + 1)?;
            *rest = rest.strip_prefix('}').ok_or_else(|| syntax(rest))?;
        }
        if !field.name.is_empty() {
            fields.push(field);
        }
        match rest.strip_prefix(',') {
            Some(next) => *rest = next,
            None => return Ok(fields),
        }
    }
}

/// The node with the fields that were asked for; none means those that are shown unasked. `id` is always there.
pub(super) fn select(kind: &NodeKind, node: &Value, asked: &[RequestedField]) -> Result<Value> {
    let unasked: Vec<RequestedField>;
    let asked = if asked.is_empty() {
        unasked = kind
            .shown
            .iter()
            .map(|name| RequestedField {
                name: (*name).to_owned(),
                inner: Vec::new(),
            })
            .collect();
        &unasked
    } else {
        asked
    };
    let mut shown = Map::new();
    for field in asked {
        let Some((name, inner)) = kind.fields.iter().find(|(name, _)| field.is(name)) else {
            return Err(Error::parameter(format!(
                "(#100) Tried accessing nonexisting field ({}) on node type ({})",
                field.name, kind.name
            )));
        };
        let value = match (inner, &node[*name]) {
            (_, Value::Null) => continue,
            (Some(inner), edge) if edge["data"].is_array() => {
                let mut page = edge.clone();
                page["data"] = edge["data"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|item| select(inner, item, &field.inner))
                    .collect::<Result<_>>()?;
                page
            }
            (Some(inner), one) => select(inner, one, &field.inner)?,
            (None, plain) => plain.clone(),
        };
        shown.insert((*name).to_owned(), value);
    }
    shown.insert("id".to_owned(), json!(node["id"]));
    Ok(Value::Object(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> Value {
        json!({"id": "1", "name": "N", "status": "ACTIVE", "status_for_pending_request": "NONE",
               "owner_app": {"id": "2", "name": "O", "link": "l", "category": "c"},
               "partners": {"data": [{"id": "3", "status": "ACCEPTED", "partner_permissions": ["MANAGE"],
                                      "partner_app": {"id": "4", "name": "P", "link": "m"}}],
                            "paging": {}}})
    }

    #[test]
    fn what_is_asked_for_is_shown() {
        for (fields, expected) in [
            (
                "",
                json!({"id": "1", "name": "N", "status": "ACTIVE", "status_for_pending_request": "NONE"}),
            ),
            ("name", json!({"id": "1", "name": "N"})),
            (
                " name , status ",
                json!({"id": "1", "name": "N", "status": "ACTIVE"}),
            ),
            (
                "owner_app{name}",
                json!({"id": "1", "owner_app": {"id": "2", "name": "O"}}),
            ),
            (
                "owner_app",
                json!({"id": "1", "owner_app": {"id": "2", "name": "O", "link": "l"}}),
            ),
            (
                "partners.limit(5){partner_app{name},status}",
                json!({"id": "1", "partners": {"paging": {},
                       "data": [{"id": "3", "status": "ACCEPTED", "partner_app": {"id": "4", "name": "P"}}]}}),
            ),
        ] {
            let asked = parse(fields).unwrap();
            assert_eq!(
                select(&SOLUTION, &node(), &asked).unwrap(),
                expected,
                "{fields}"
            );
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for wrong in ["partners{status", "name}", "a.limit(1", "{{{{{{{{{{{{"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        let asked = parse("color").unwrap();
        let error = select(&SOLUTION, &node(), &asked).unwrap_err().body("T");
        assert_eq!(error["error"]["code"], 100);
    }
}
