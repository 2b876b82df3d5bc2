//! Between what the reference says and what was written.

use std::collections::BTreeSet;

use mps::testing::cli::reference::JsonOutput;
use serde_json::Value;

/// The type of a value, in the words of the reference.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The values at a path: `a`, `a.b`, or `a[].b`; none where something on the way is null or empty.
fn at<'a>(object: &'a Value, path: &str) -> Vec<Option<&'a Value>> {
    match path.rsplit_once('.') {
        None => vec![object.get(path)],
        Some((above, name)) => {
            let inner = |found: &'a Value| match above.strip_suffix("[]") {
                Some(_) => found.as_array().into_iter().flatten().collect(),
                None => Some(found)
                    .filter(|found| found.is_object())
                    .into_iter()
                    .collect::<Vec<_>>(),
            };
            let above = at(object, above.trim_end_matches("[]"));
            let within = above.into_iter().flatten().flat_map(inner);
            within.map(|found| found.get(name)).collect()
        }
    }
}

/// What is wrong between what the reference says and the objects that a command wrote.
pub(super) fn differences(output: &JsonOutput, objects: &[Value]) -> Vec<String> {
    let mut wrong = BTreeSet::new();
    let fields = output.fields();
    let nested: Vec<&str> = fields
        .iter()
        .filter_map(|field| field.path.split_once(['.', '[']))
        .map(|(above, _)| above)
        .collect();
    for object in objects {
        let failed = object["outcome"] == "failed";
        let order = |name: &str| fields.iter().position(|field| field.path == name);
        let names = object.as_object().into_iter().flatten();
        let places = names.filter_map(|(name, _)| order(name));
        if !places.is_sorted() {
            wrong.insert("the fields are in another order".to_owned());
        }
        for (name, value) in object.as_object().into_iter().flatten() {
            let known = fields.iter().any(|field| field.path == *name);
            let everywhere = name == "host" || name == "error" && failed;
            if !known && !everywhere {
                wrong.insert(format!("{name} is not in the reference"));
            }
            for inner in below(value).filter(|_| nested.contains(&name.as_str())) {
                for key in inner.keys() {
                    let paths = [format!("{name}.{key}"), format!("{name}[].{key}")];
                    if !fields.iter().any(|field| paths.contains(&field.path)) {
                        wrong.insert(format!("{} is not in the reference", paths[0]));
                    }
                }
            }
        }
        for field in &fields {
            let allowed = field.kind.trim_end_matches('?');
            for found in at(object, &field.path) {
                let found = found.map(kind);
                let fits = found == Some(allowed)
                    || found == Some("null") && (failed || field.kind.ends_with('?'))
                    || found.is_none() && (failed || field.optional);
                if !fits {
                    wrong.insert(format!("{} is {found:?}, not {}", field.path, field.kind));
                }
            }
        }
    }
    for field in &fields {
        let allowed = field.kind.trim_end_matches('?');
        let shown = objects.iter().flat_map(|object| at(object, &field.path));
        if !shown.flatten().any(|value| kind(value) == allowed) {
            wrong.insert(format!("no run shows a {} in {}", field.kind, field.path));
        }
    }
    wrong.into_iter().collect()
}

/// The objects that a value is, or holds.
fn below(value: &Value) -> impl Iterator<Item = &serde_json::Map<String, Value>> {
    let items = value.as_array().into_iter().flatten();
    items.chain([value]).filter_map(Value::as_object)
}
