//! Answers that are not as Meta's pages have them: one odd field spoils that field and nothing beside it.

use serde_json::{Value, json};

use crate::{
    stage::{PARTNER, granted, solution},
    support::{Mps, SYSTEM, Script, USER},
};

/// What stands where there is nothing, and what is of another type.
fn odd() -> [Value; 6] {
    [
        json!([]),
        json!({}),
        json!(false),
        json!(0),
        json!(null),
        json!({"x": [1]}),
    ]
}

#[test]
fn an_app_with_an_odd_name_or_link_is_listed_with_the_others() {
    for odd in odd() {
        let apps = json!([{"id": "1", "name": odd, "link": odd}, {"id": "2", "name": 2024}]);
        let mut live = solution("795", "1", PARTNER, "ACTIVE");
        for field in ["name", "owner_permissions", "status_for_pending_request"] {
            live[field] = odd.clone();
        }
        let served = granted(USER, &apps)
            .on("GET", "/1/whatsapp_business_solutions")
            .reply(200, json!({"data": [live]}))
            .on("GET", "/2/whatsapp_business_solutions")
            .reply(200, json!({"data": []}))
            .serve();
        let run = Mps::new()
            .args(["list-apps", "--json", "--partner-app-id", PARTNER])
            .env("MPS_USER_TOKEN", USER)
            .against(&served)
            .run();
        run.code(0);
        let lines = run.json_lines();
        assert_eq!(lines[0]["link"], Value::Null, "{odd}");
        assert_eq!(lines[0]["solutions"][0]["solution_id"], "795", "{odd}");
        assert_eq!(lines[1]["name"], "2024", "{odd}");
    }
}

#[test]
fn a_solution_with_odd_fields_stands_in_the_list_beside_the_others() {
    for odd in odd() {
        let mut bad = solution("795", "1", PARTNER, "ACTIVE");
        for field in ["name", "status", "owner_app", "owner_permissions"] {
            bad[field] = odd.clone();
        }
        let good = solution("796", "2", PARTNER, "ACTIVE");
        let served = Script::new()
            .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
            .token(SYSTEM)
            .query("role", "PARTNER")
            .reply(200, json!({"data": [bad, good]}))
            .serve();
        let run = Mps::new()
            .args(["list", "--role", "partner", "--partner-app-id", PARTNER])
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .against(&served)
            .run();
        run.code(0).stdout("795\n796\n");
    }
}

#[test]
fn an_error_in_another_form_is_shown_as_it_came() {
    for (answer, shown) in [
        (
            json!({"error_code": 190, "error_msg": "who are you"}),
            "who are you",
        ),
        (json!({"error": {"reason": "maintenance"}}), "maintenance"),
        (json!({"error": "maintenance"}), "maintenance"),
    ] {
        let served = granted(USER, &json!([{"id": "1", "name": "Lucky Shrub"}]))
            .on("GET", "/1/whatsapp_business_solutions")
            .reply(200, answer)
            .any_times()
            .serve();
        let run = Mps::new()
            .args(["create", "--all", "--partner-app-id", PARTNER])
            .env("MPS_USER_TOKEN", USER)
            .env("MPS_PARTNER_NAME", "Acme")
            .against(&served)
            .run();
        run.code(1)
            .stdout("")
            .stderr_has(shown)
            .stderr_lacks("refuses the listing")
            .stderr_lacks("--no-look");
    }
}

#[test]
fn meta_is_said_to_refuse_only_where_it_does() {
    let page = "<html><title>Bad gateway</title></html>";
    for (status, answer, refuses) in [
        (403, json!({"error": {"code": 200, "message": "no"}}), true),
        (502, json!(page), false),
        (404, json!(page), false),
        (200, json!({"data": {}}), false),
        (400, json!({"error": {"message": "x"}}), false),
    ] {
        let served = granted(USER, &json!([{"id": "1", "name": "Lucky Shrub"}]))
            .on("GET", "/1/whatsapp_business_solutions")
            .reply(status, answer.clone())
            .any_times()
            .serve();
        let run = Mps::new()
            .args(["create", "--all", "--partner-app-id", PARTNER])
            .env("MPS_USER_TOKEN", USER)
            .env("MPS_PARTNER_NAME", "Acme")
            .against(&served)
            .run();
        let said = run.stderr_text().contains("refuses the listing");
        assert_eq!(said, refuses, "{status} {answer}\n{run}");
        run.code(if refuses { 4 } else { 1 });
    }
}

#[test]
fn an_odd_answer_to_accept_is_read_back() {
    for odd in odd() {
        let id = "795033096057724";
        let served = Script::new()
            .on("GET", &format!("/{id}"))
            .reply(200, solution(id, "1", PARTNER, "INITIATED"))
            .on("GET", &format!("/{PARTNER}/whatsapp_business_solutions"))
            .reply(
                200,
                json!({"data": [solution(id, "1", PARTNER, "INITIATED")]}),
            )
            .any_times()
            .on("POST", &format!("/{id}/accept"))
            .reply(
                200,
                json!({"success": true, "message": odd, "error": odd_or_none(&odd)}),
            )
            .on("GET", &format!("/{id}"))
            .reply(200, solution(id, "1", PARTNER, "ACTIVE"))
            .any_times()
            .serve();
        let run = Mps::new()
            .args(["accept", id, "--partner-app-id", PARTNER])
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("MPS_PARTNER_NAME", "Acme")
            .against(&served)
            .run();
        run.code(0).stdout(format!("{id}\n"));
    }
}

/// What says nothing; an object with something in it is an error.
fn odd_or_none(odd: &Value) -> Value {
    match odd {
        Value::Object(fields) if !fields.is_empty() => Value::Null,
        other => other.clone(),
    }
}
