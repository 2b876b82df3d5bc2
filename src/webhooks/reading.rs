//! The body of a webhook, read into its changes.
//!
//! The one decision: whatever part of it cannot be read spoils that part only. Meta's own samples put `field` at three
//! places (graph-api.md, 8.5), so each of them counts, and where none has it the shape of the value tells.

use serde_json::{Map, Value};

use super::change::{ChangeField, WebhookChange, id};

/// What a body holds.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ReadBody {
    /// What mps listens to, in the order in which it stands there, each once.
    pub(super) changes: Vec<WebhookChange>,
    /// How many changes are of another field.
    pub(super) others: usize,
}

/// Reads a body whose signature was verified; `None` where it is no JSON of a webhook.
pub(super) fn read(body: &[u8]) -> Option<ReadBody> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let entries = body.get("entry")?.as_array()?;
    let mut all = ReadBody::default();
    let mut seen = std::collections::HashSet::new();
    for entry in entries {
        let changes = entry.get("changes").and_then(Value::as_array);
        for change in changes.into_iter().flatten() {
            match one(entry, change) {
                Some(change) => {
                    if seen.insert(change.identity()) {
                        all.changes.push(change);
                    }
                }
                None => all.others += 1,
            }
        }
    }
    Some(all)
}

fn one(entry: &Value, change: &Value) -> Option<WebhookChange> {
    let value = change.get("value")?.as_object()?;
    let named = [change.get("field"), entry.get("field"), value.get("field")];
    let named = named.into_iter().flatten().find_map(Value::as_str);
    let field = match named {
        Some(name) => field(name)?,
        None => by_shape(value)?,
    };
    let time = entry
        .get("time")
        .and_then(|time| time.as_i64().or_else(|| time.as_str()?.trim().parse().ok()));
    Some(WebhookChange {
        entry_id: entry.get("id").and_then(id),
        time,
        field,
        value: value.clone(),
    })
}

/// The field of a name; the guide writes one of them in the plural.
fn field(name: &str) -> Option<ChangeField> {
    match name {
        "account_updates" => Some(ChangeField::AccountUpdate),
        name => name.parse().ok(),
    }
}

fn by_shape(value: &Map<String, Value>) -> Option<ChangeField> {
    if value.contains_key("solution_status") && value.contains_key("solution_id") {
        Some(ChangeField::PartnerSolutions)
    } else if value.contains_key("waba_info") && value.contains_key("event") {
        Some(ChangeField::AccountUpdate)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::signature::tests::CREATED, *};

    fn changes(body: &Value) -> Vec<WebhookChange> {
        read(body.to_string().as_bytes()).unwrap().changes
    }

    #[test]
    fn the_sample_of_a_solution() {
        let all = read(CREATED).unwrap();
        let [change] = all.changes.as_slice() else {
            panic!("{all:?}");
        };
        assert_eq!(all.others, 0);
        assert_eq!(change.entry_id.as_deref(), Some("506914307656634"));
        assert_eq!(change.time, Some(1_739_321_024));
        assert_eq!(change.field, ChangeField::PartnerSolutions);
        assert_eq!(change.event(), Some("SOLUTION_CREATED"));
        assert_eq!(change.solution_id(), "774485461512159".parse().ok());
        assert_eq!(change.told_status(), Some("INITIATED"));
    }

    #[test]
    fn the_field_at_each_of_its_places() {
        let value = json!({"event": "PARTNER_ADDED", "waba_info": {"waba_id": "1", "owner_business_id": 2, "solution_id": "3"}});
        let mut within = value.clone();
        within["field"] = json!("account_update");
        for (entry, expected) in [
            (
                json!({"changes": [{"field": "account_update", "value": value}]}),
                1,
            ),
            (
                json!({"field": "account_update", "changes": [{"value": value}]}),
                1,
            ),
            (json!({"changes": [{"value": within}]}), 1),
            (
                json!({"changes": [{"field": "account_updates", "value": value}]}),
                1,
            ),
            (json!({"changes": [{"value": value}]}), 1),
            (
                json!({"changes": [{"field": "messages", "value": value}]}),
                0,
            ),
            (
                json!({"changes": [{"value": {"event": "PARTNER_ADDED"}}]}),
                0,
            ),
            (json!({"changes": [{"field": "account_update"}]}), 0),
            (json!({"changes": [7, null]}), 0),
            (json!({"changes": {}}), 0),
            (json!(null), 0),
        ] {
            let found = changes(&json!({"entry": [entry]}));
            assert_eq!(found.len(), expected, "{entry}");
            for change in found {
                assert_eq!(change.field, ChangeField::AccountUpdate);
                assert_eq!(change.waba_id().as_deref(), Some("1"));
                assert_eq!(change.owner_business_id().as_deref(), Some("2"));
                assert_eq!(change.solution_id(), "3".parse().ok());
            }
        }
        for body in [&b""[..], b"{", b"[]", b"7", br#"{"entry":{}}"#, b"\xff"] {
            assert_eq!(read(body), None, "{body:?}");
        }
    }

    #[test]
    fn a_double_is_the_same_and_nothing_else_is() {
        let change = |id: &str, time: Value, value: Value| json!({"id": id, "time": time, "changes": [{"field": "partner_solutions", "value": value}]});
        let value =
            json!({"event": "SOLUTION_UPDATED", "solution_id": "7", "solution_status": "ACTIVE"});
        let turned =
            json!({"solution_status": "ACTIVE", "solution_id": "7", "event": "SOLUTION_UPDATED"});
        let other =
            json!({"event": "SOLUTION_UPDATED", "solution_id": "7", "solution_status": "REJECTED"});
        let body = json!({"entry": [
            change("1", json!(5), value.clone()),
            change("1", json!("5"), turned),
            change("1", json!(6), value.clone()),
            change("2", json!(5), value.clone()),
            change("1", json!(5), other),
            change("15", json!(null), value),
        ]});
        let found = changes(&body);
        assert_eq!(found.len(), 5);
        let all = read(body.to_string().as_bytes()).unwrap();
        assert_eq!(all.others, 0);
        assert!(found.iter().all(|change| change.identity().len() == 64));
    }

    #[test]
    fn a_thousand_in_one_body() {
        let changes: Vec<_> = (0..1000)
            .map(|n| {
                json!({"field": "partner_solutions", "value": {"event": "SOLUTION_UPDATED",
                "solution_id": n.to_string(), "solution_status": "ACTIVE"}})
            })
            .collect();
        let body = json!({"entry": [{"id": "1", "time": 1, "changes": changes}]});
        assert_eq!(
            read(body.to_string().as_bytes()).unwrap().changes.len(),
            1000
        );
    }

    /// JSON in which the words of webhooks stand anywhere.
    fn near_json() -> impl proptest::strategy::Strategy<Value = Value> {
        use proptest::{prelude::*, sample::select};
        let words = || {
            select(vec![
                "entry",
                "changes",
                "field",
                "value",
                "id",
                "time",
                "event",
                "solution_id",
                "solution_status",
                "waba_info",
                "account_update",
                "account_updates",
                "partner_solutions",
                "object",
                "messages",
            ])
        };
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            words().prop_map(Value::from),
            "[0-9]{1,30}|\\PC{0,10}".prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 60, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((words(), inner), 0..6).prop_map(|fields| {
                    fields
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect::<Value>()
                }),
            ]
        })
    }

    /// How many changes a body announces.
    fn announced(body: &Value) -> usize {
        let entries = body["entry"].as_array().into_iter().flatten();
        entries
            .filter_map(|entry| entry["changes"].as_array())
            .map(Vec::len)
            .sum()
    }

    proptest::proptest! {
        #[test]
        fn fuzz_webhooks_of_any_bytes(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            read(&bytes);
        }

        #[test]
        fn fuzz_webhooks_of_any_shape(entries in proptest::collection::vec(near_json(), 0..4), whole in near_json(), is_whole in proptest::bool::ANY) {
            let body = if is_whole { whole } else { json!({"entry": entries}) };
            let Some(found) = read(body.to_string().as_bytes()) else {
                return Ok(());
            };
            proptest::prop_assert!(found.changes.len() + found.others <= announced(&body));
            for change in &found.changes {
                // All that is asked of a change later.
                let _ = (change.event(), change.solution_id(), change.told_status(), change.waba_id(), change.owner_business_id());
                proptest::prop_assert!(!change.identity().is_empty());
            }
        }

        #[test]
        fn fuzz_webhooks_each_change_is_read(
            solutions in proptest::collection::vec(("[1-9][0-9]{5,18}", "[A-Z_]{1,20}", 0_i64..i64::MAX), 1..5),
            spoilt in near_json(),
            place in 0_usize..3,
        ) {
            let mut entries: Vec<Value> = Vec::new();
            for (id, status, time) in &solutions {
                let mut value = json!({"event": "SOLUTION_UPDATED", "solution_id": id, "solution_status": status});
                let (mut change, mut entry) = (json!({}), json!({"id": "5", "time": time}));
                match place {
                    0 => change["field"] = "partner_solutions".into(),
                    1 => entry["field"] = "partner_solutions".into(),
                    _ => value["field"] = "partner_solutions".into(),
                }
                change["value"] = value;
                entry["changes"] = json!([change]);
                entries.push(entry);
            }
            entries.insert(0, spoilt);
            let found = read(json!({"entry": entries}).to_string().as_bytes()).unwrap();
            for (id, status, _) in &solutions {
                let is_there = |change: &&WebhookChange| {
                    change.solution_id().is_some_and(|known| known.as_str() == id)
                        && change.told_status() == Some(status.as_str())
                };
                proptest::prop_assert!(found.changes.iter().any(|change| is_there(&change)), "{id}");
            }
        }
    }
}
