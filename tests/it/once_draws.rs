//! What the dice may draw: what goes wrong at Meta, and what an operator types next.

use serde_json::{Value, json};

use crate::once_world::{Dice, World};

/// Faults that spoil the answer, whether the call was carried out or not.
const SPOILT: [&str; 6] = ["drop", "cut", "unavailable", "html", "empty", "not_json"];

/// What goes wrong with one kind of call.
fn rule(world: &World, dice: &mut Dice) -> Value {
    let call = dice.one(&["create", "create", "accept", "list", "solution"]);
    let writes = call == "create" || call == "accept";
    let (fault, may_commit) = match dice.below(18) {
        0 => (json!({"quota": {"code": 4, "minutes": 5}}), false),
        1 => (json!({"denied": {"code": 10}}), false),
        2 => (json!({"denied": {"code": 200}}), false),
        3 => (json!("expired"), false),
        4 => (json!("error_in_200"), false),
        5 if writes => {
            let status = dice.one(&["ACTIVE", "REJECTED", "DEACTIVATED"]);
            (json!({"meanwhile": {"status": status}}), false)
        }
        6 if writes => {
            let no = json!({"status": 400, "code": 100, "message": "(#100) no"});
            (json!({ "error": no }), false)
        }
        7 if call == "create" => (json!("messaging_refused"), false),
        8 if call == "create" => (json!("null_id"), true),
        9 if call == "list" => {
            let odd = ["empty_page", "no_owner_app", "empty_partners"];
            (json!(dice.one(&odd)), false)
        }
        10 if call == "solution" => (json!("not_found"), false),
        11 if call == "create" => return wrong_id(world, dice),
        12..=14 => {
            let status = [502, 504, 408, 522][dice.below(4)];
            (json!({"gateway": {"status": status}}), true)
        }
        _ => (json!(dice.one(&SPOILT)), true),
    };
    let mut rule =
        json!({"call": call, "fault": fault, "nth": 1 + dice.below(3), "times": dice.below(4)});
    if may_commit && dice.below(2) == 0 {
        rule["commit"] = (dice.below(2) == 0).into();
    }
    if call == "list" && dice.below(2) == 0 {
        rule["role"] = dice.one(&["OWNER", "PARTNER"]).into();
    }
    rule
}

/// Create's answer names a solution of the other app, or one that is not there.
fn wrong_id(world: &World, dice: &mut Dice) -> Value {
    let app = dice.below(2);
    let apps = world.apps();
    let others = live(world);
    let other = others.into_iter().find(|(owner, ..)| *owner != apps[app]);
    let id = match other.filter(|_| dice.below(2) == 0) {
        Some((_, _, id)) => id,
        None => "999999999999999".to_owned(),
    };
    json!({"call": "create", "app_id": apps[app], "fault": {"other_id": {"id": id}}, "commit": dice.below(2) == 0})
}

pub(crate) fn faults(world: &World, dice: &mut Dice) -> Value {
    let rules: Vec<Value> = (0..dice.below(3)).map(|_| rule(world, dice)).collect();
    json!({"rules": rules, "listing_lag": dice.below(5), "read_lag": dice.below(4)})
}

/// What an operator may type next.
pub(crate) fn command(world: &World, dice: &mut Dice) -> String {
    let apps = world.apps();
    let app = &apps[dice.below(apps.len())];
    let solutions = world.solutions().len();
    match dice.below(12) {
        0 => "create --all --yes".to_owned(),
        1 => format!("create --app-id {app}"),
        2 => format!("onboard --yes --app-id {app} --no-accept"),
        3 => format!("onboard --yes --app-id {app} --no-check"),
        4 => format!("onboard --yes --app-id {app} --allow-duplicate --name two"),
        5 => format!("create --app-id {app} --allow-duplicate --name three"),
        6 => "onboard --all --yes --messaging partner".to_owned(),
        7 | 8 => "resume --yes".to_owned(),
        9 if solutions > 0 => format!("accept {}", world.id(dice.below(solutions))),
        _ => "onboard --all --yes".to_owned(),
    }
}

/// The live solutions as (owner app, name, id).
pub(crate) fn live(world: &World) -> Vec<(String, String, String)> {
    let state = world.sandbox.state();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = state["solutions"].as_array().unwrap().iter();
    all.filter(|solution| ["INITIATED", "ACTIVE"].contains(&&*text(&solution["status"])))
        .map(|solution| {
            let [owner, name, id] =
                ["owner_app_id", "solution_name", "solution_id"].map(|key| text(&solution[key]));
            (owner, name, id)
        })
        .collect()
}
