//! What each call answers, and to whom.

use serde_json::{Value, json};

use super::{
    super::{
        faults::Faults,
        records::{
            OTHER_APP_ID, PARTNER_APP_ID, SYSTEM_TOKEN, TokenRequest, USER_TOKEN, owner_app,
        },
        store::ApiShape,
        wire::Request,
    },
    Bench, app, code,
};

#[test]
fn every_call_wants_its_token() {
    let granted = "EAASANDBOXgrant000000000000000000000000000002ZD";
    let own = format!("{}/whatsapp_business_solutions", app());
    let second = format!("{}/whatsapp_business_solutions", owner_app(1).id);
    let ours = format!("{PARTNER_APP_ID}/whatsapp_business_solutions");
    let odd = "EAAneverSEEN00000000000000000000000";
    for (target, token, expected) in [
        ("me/permissions", USER_TOKEN, (0, 0)),
        ("me/permissions", "", (2500, 0)),
        ("me/permissions", odd, (190, 0)),
        ("me/permissions", "hello", (190, 0)),
        (own.as_str(), "", (104, 0)),
        (&own, USER_TOKEN, (0, 0)),
        (&own, granted, (0, 0)),
        (&second, granted, (10, 0)),
        (&own, SYSTEM_TOKEN, (10, 0)),
        (&ours, SYSTEM_TOKEN, (0, 0)),
        (&ours, USER_TOKEN, (10, 0)),
        (
            "123456789012345/whatsapp_business_solutions",
            USER_TOKEN,
            (100, 33),
        ),
        ("795033096057724", SYSTEM_TOKEN, (100, 33)),
        ("me/nonsense", USER_TOKEN, (100, 0)),
        ("no/such/path", USER_TOKEN, (2500, 0)),
    ] {
        let mut bench = Bench::new(Faults::default());
        let wish = TokenRequest {
            apps: vec![app()],
            dialog: None,
        };
        assert_eq!(bench.0.grant(&wish, 0).unwrap()["access_token"], granted);
        let answer = bench.get(target, token);
        assert_eq!(code(&answer), expected, "{target} {token}: {answer}");
    }
}

#[test]
fn what_create_refuses() {
    let long = "x".repeat(76);
    for (change, one_side, expected) in [
        (json!({}), false, (0, 0)),
        (json!({}), true, (100, 0)),
        (json!({"owner_permissions": []}), true, (0, 0)),
        (
            json!({"owner_permissions": [], "partner_permissions": []}),
            false,
            (100, 0),
        ),
        (json!({"owner_permissions": ["FLY"]}), false, (100, 0)),
        (json!({"owner_permissions": "no list"}), false, (100, 0)),
        (json!({"solution_name": "x"}), false, (100, 0)),
        (json!({"solution_name": long}), false, (100, 0)),
        (json!({"solution_name": "é".repeat(75)}), false, (0, 0)),
        (json!({"solution_name": null}), false, (100, 0)),
        (json!({"partner_app_id": "1"}), false, (100, 0)),
        (json!({"partner_app_id": app()}), false, (100, 0)),
    ] {
        let mut bench = Bench::new(Faults {
            one_side_messaging: one_side,
            ..Faults::default()
        });
        let answer = bench.create(&change);
        assert_eq!(code(&answer), expected, "{change}: {answer}");
        let made = usize::from(expected.0 == 0);
        assert_eq!(bench.0.solutions.len(), made, "{change}");
    }
}

#[test]
fn two_posts_make_two_solutions() {
    let mut bench = Bench::new(Faults::default());
    assert_ne!(bench.made(), bench.made());
    assert_eq!(bench.0.report()["live"][app()], 2);
    assert_eq!(bench.0.report()["calls"]["create"], 2);
}

#[test]
fn the_moves_of_graph_api_md_7_4() {
    const ACCEPT: (&str, &str) = ("accept", SYSTEM_TOKEN);
    const REJECT: (&str, &str) = ("reject", SYSTEM_TOKEN);
    const ASK: (&str, &str) = ("send_deactivation_request", USER_TOKEN);
    const END: (&str, &str) = ("accept_deactivation_request", SYSTEM_TOKEN);
    const STAY: (&str, &str) = ("reject_deactivation_request", SYSTEM_TOKEN);
    for (moves, status, pending, last) in [
        (vec![], "INITIATED", "PENDING_ACTIVATION", 0),
        (vec![ACCEPT], "ACTIVE", "NONE", 0),
        (vec![ACCEPT, ACCEPT], "ACTIVE", "NONE", 100),
        (
            vec![("accept", USER_TOKEN)],
            "INITIATED",
            "PENDING_ACTIVATION",
            200,
        ),
        (vec![REJECT], "REJECTED", "NONE", 0),
        (vec![REJECT, ACCEPT], "REJECTED", "NONE", 100),
        (vec![ASK], "INITIATED", "PENDING_ACTIVATION", 100),
        (vec![ACCEPT, ASK], "ACTIVE", "PENDING_DEACTIVATION", 0),
        (
            vec![ACCEPT, ("send_deactivation_request", SYSTEM_TOKEN)],
            "ACTIVE",
            "NONE",
            200,
        ),
        (vec![ACCEPT, ASK, END], "DEACTIVATED", "NONE", 0),
        (vec![ACCEPT, ASK, STAY], "ACTIVE", "NONE", 0),
        (vec![ACCEPT, END], "ACTIVE", "NONE", 100),
    ] {
        let mut bench = Bench::new(Faults::default());
        let id = bench.made();
        let mut answer = json!({});
        for (edge, token) in &moves {
            answer = bench.post(&format!("{id}/{edge}"), token, &json!({}));
        }
        assert_eq!(code(&answer).0, last, "{moves:?}: {answer}");
        let node = bench.get(&id, SYSTEM_TOKEN);
        assert_eq!(node["status"], status, "{moves:?}");
        assert_eq!(node["status_for_pending_request"], pending, "{moves:?}");
    }
}

#[test]
fn both_sides_read_the_fixture_of_graph_api_md_11_6() {
    let mut bench = Bench::new(Faults::default());
    let id = bench.made();
    let fields = "name,owner_permissions,partners{partner_permissions,partner_app,status}";
    for token in [USER_TOKEN, SYSTEM_TOKEN] {
        let node = bench.get(&format!("{id}?fields={fields}"), token);
        let partner = &node["partners"]["data"][0];
        assert_eq!(partner["partner_app"]["id"], PARTNER_APP_ID, "{node}");
        assert_eq!(partner["status"], "NOTIFICATION_SENT");
        assert_eq!(node["owner_permissions"].as_array().unwrap().len(), 10);
        assert!(node["partners"]["paging"]["cursors"]["after"].is_string());
        let edge = bench.get(&format!("{id}/partners"), token);
        assert_eq!(edge["data"][0]["partner_app"]["name"], "Us");
    }
}

#[test]
fn the_openapi_file_asks_and_answers_differently() {
    let mut bench = Bench::shaped(ApiShape::OpenApi, Faults::default());
    assert_eq!(
        code(&bench.get("me/application_details", USER_TOKEN)).0,
        100
    );
    let apps = bench.get("me/assigned_applications", USER_TOKEN);
    assert_eq!(apps["data"].as_array().unwrap().len(), 3);
    let id = bench.made();
    let accept = format!("{id}/accept");
    assert_eq!(code(&bench.post(&accept, SYSTEM_TOKEN, &json!({}))).0, 100);
    let body = json!({"partner_app_id": PARTNER_APP_ID});
    let answer = bench.post(&accept, SYSTEM_TOKEN, &body);
    assert_eq!(answer["partner_status"], "ACCEPTED", "{answer}");
    let token = bench.get(
        &format!("{id}/access_token?business_id=506914307656634"),
        SYSTEM_TOKEN,
    );
    assert!(token["expires_at"].is_u64(), "{token}");
    let stranger = bench.get(&format!("{id}/access_token?business_id=77"), SYSTEM_TOKEN);
    assert_eq!(code(&stranger), (100, 0), "no token of another kind");
}

#[test]
fn each_refusal_is_answered_as_the_openapi_file_says() {
    for (status, kind, app) in [
        ("INITIATED", "PARTNERSHIP_REQUEST", json!(PARTNER_APP_ID)),
        ("ACTIVE", "DEACTIVATION_REQUEST", Value::Null),
    ] {
        let mut bench = Bench::shaped(ApiShape::OpenApi, Faults::default());
        let id = bench.made();
        let body = json!({"partner_app_id": PARTNER_APP_ID});
        if status == "ACTIVE" {
            let accepted = bench.post(&format!("{id}/accept"), SYSTEM_TOKEN, &body);
            assert_eq!(accepted["update_time"], "2026-11-22T00:00:00Z");
            let ask = format!("{id}/send_deactivation_request");
            assert_eq!(code(&bench.post(&ask, USER_TOKEN, &json!({}))), (0, 0));
        }
        let reject = json!({"request_type": kind});
        let answer = bench.post(&format!("{id}/reject"), SYSTEM_TOKEN, &reject);
        assert_eq!(answer["rejected_request_type"], kind, "{answer}");
        assert_eq!(answer["solution_id"], id, "{answer}");
        assert_eq!(answer["partner_app_id"], app, "{answer}");
        assert_eq!(answer["rejection_timestamp"], "2026-11-22T00:00:00Z");
    }
}

#[test]
fn a_bare_accept_is_all_that_some_take() {
    let mut bench = Bench::new(Faults {
        bare_accept: true,
        ..Faults::default()
    });
    let accept = format!("{}/accept", bench.made());
    let body = json!({"partner_app_id": PARTNER_APP_ID});
    assert_eq!(code(&bench.post(&accept, SYSTEM_TOKEN, &body)).0, 100);
    assert_eq!(
        bench.post(&accept, SYSTEM_TOKEN, &Value::Null),
        json!({"success": true})
    );
    let wrong = json!({"partner_app_id": OTHER_APP_ID});
    assert_eq!(code(&bench.post(&accept, SYSTEM_TOKEN, &wrong)).0, 100);
}

#[test]
fn a_version_that_there_is_not_is_no_path_whatever_stands_behind_it() {
    for (method, path, token) in [
        ("GET", "/v99.0/me", USER_TOKEN),
        ("GET", "/v99.0/me", ""),
        ("GET", "/v99.0/795033096057724", SYSTEM_TOKEN),
        ("POST", "/v99.0/795033096057724/accept", SYSTEM_TOKEN),
        ("POST", "/v31.0/795033096057724/accept", ""),
    ] {
        let mut bench = Bench::new(Faults::default());
        let mut request = Request::new(method, path, b"");
        request.bearer = Some(token.to_owned()).filter(|token| !token.is_empty());
        let answer = bench.0.answer(&request);
        assert_eq!(answer.status, 400, "{path}");
        let error = answer.value();
        assert_eq!(code(&error), (2500, 0), "{path}");
        let message = error["error"]["message"].as_str().unwrap();
        let rest = path.splitn(3, '/').nth(2).unwrap();
        assert_eq!(message, format!("Unknown path components: /{rest}"));
    }
}

#[test]
fn versions_as_graph_serves_them() {
    for (path, served, status) in [
        ("/v26.0/me", "v26.0", 200),
        ("/v25.0/me", "v25.0", 200),
        ("/v20.0/me", "v21.0", 200),
        ("/me", "v21.0", 200),
        ("/v27.0/me", "v27.0", 200),
        ("/v28.0/me", "v27.0", 200),
        ("/v99.0/me", "v27.0", 400),
    ] {
        let mut bench = Bench::new(Faults::default());
        let mut request = Request::new("GET", path, b"");
        request.bearer = Some(USER_TOKEN.to_owned());
        let answer = bench.0.answer(&request);
        assert_eq!(answer.status, status, "{path}");
        assert!(
            answer
                .headers
                .contains(&("facebook-api-version", served.to_owned())),
            "{path}"
        );
    }
}
