//! What each switch does to the calls.

use serde_json::{Value, json};

use super::{
    super::{
        faults::Faults,
        records::{APP_SECRET, PARTNER_APP_ID, SYSTEM_TOKEN, TokenRequest, USER_TOKEN},
        switches::FaultSwitch,
        wire::{Delivery, Response},
    },
    Bench, app, code, merged,
};

fn with(switch: FaultSwitch) -> Bench {
    let mut faults = Faults::default();
    switch.set(&mut faults, true);
    Bench::new(faults)
}

fn header(answer: &Response, name: &str) -> Value {
    let found = answer.headers.iter().find(|(known, _)| *known == name);
    found.map_or(Value::Null, |(_, text)| serde_json::from_str(text).unwrap())
}

#[test]
fn a_full_quota_shows_in_both_headers() {
    let mut bench = with(FaultSwitch::RateLimit);
    let answer = bench.send("GET", "me", USER_TOKEN, &Value::Null);
    assert_eq!(code(&answer.value()).0, 80_008);
    assert_eq!(header(&answer, "x-app-usage")["call_count"], 100);
    let business = header(&answer, "x-business-use-case-usage");
    let usage = &business["102290129340398"][0];
    assert_eq!(
        (
            &usage["call_count"],
            &usage["estimated_time_to_regain_access"]
        ),
        (&json!(100), &json!(19))
    );
}

#[test]
fn writes_are_done_whatever_becomes_of_the_answer() {
    for (switch, delivery, status) in [
        (FaultSwitch::LostAnswers, Delivery::Dropped, 200),
        (FaultSwitch::Gateway504, Delivery::Whole, 504),
    ] {
        let mut bench = with(switch);
        let target = format!("{}/whatsapp_business_solution", app());
        let answer = bench.send("POST", &target, USER_TOKEN, &merged(&json!({})));
        assert_eq!((answer.delivery, answer.status), (delivery, status));
        let id = bench.0.solutions[0].id.clone();
        let answer = bench.send("POST", &format!("{id}/accept"), SYSTEM_TOKEN, &json!({}));
        assert_eq!((answer.delivery, answer.status), (delivery, status));
        assert_eq!(bench.status(&id), "ACTIVE");
    }
}

#[test]
fn a_lag_is_of_one_side() {
    for (switch, owner, partner) in [
        (FaultSwitch::OwnerLag, [0, 0, 0, 1], [1, 1, 1, 1]),
        (FaultSwitch::PartnerLag, [1, 1, 1, 1], [0, 0, 0, 1]),
    ] {
        let mut bench = with(switch);
        bench.made();
        let seen: Vec<(usize, usize)> = (0..4)
            .map(|_| {
                let theirs = bench.listed(&app(), "OWNER", USER_TOKEN);
                (
                    theirs,
                    bench.listed(PARTNER_APP_ID, "PARTNER", SYSTEM_TOKEN),
                )
            })
            .collect();
        let expected: Vec<(usize, usize)> = owner.into_iter().zip(partner).collect();
        assert_eq!(seen, expected, "{switch:?}");
    }
}

#[test]
fn fields_come_in_other_types() {
    let mut bench = with(FaultSwitch::OddFields);
    let id = bench.made();
    let node = bench.get(
        &format!("{id}?fields=name,owner_app,owner_permissions"),
        SYSTEM_TOKEN,
    );
    assert_eq!(node["owner_permissions"], json!({}));
    assert_eq!(
        node["owner_app"],
        json!({"id": app(), "name": [], "link": 0})
    );
    let apps = bench.get("me/application_details", USER_TOKEN);
    assert_eq!(
        (&apps["data"][0]["link"], &apps["data"][0]["name"]),
        (&json!(false), &json!("Lucky Shrub"))
    );
}

#[test]
fn tokens_end_and_permissions_have_another_name() {
    let wish = TokenRequest {
        apps: vec![app()],
        dialog: None,
    };
    let mut bench = with(FaultSwitch::ExpiringTokens);
    let granted = bench.0.grant(&wish, 1_795_305_600 - 119).unwrap();
    let token = granted["access_token"].as_str().unwrap().to_owned();
    assert_eq!(granted["expires_in"], 120);
    assert_eq!(code(&bench.get("me", &token)).0, 0);
    let debug = |bench: &mut Bench, token: &str| {
        let app_token = format!("{PARTNER_APP_ID}|{APP_SECRET}");
        bench.get(&format!("debug_token?input_token={token}"), &app_token)["data"].take()
    };
    assert_eq!(debug(&mut bench, &token)["expires_at"], 1_795_305_601);
    assert_eq!(
        debug(&mut bench, SYSTEM_TOKEN)["expires_at"],
        1_795_305_600 + 5 * 24 * 3600
    );
    let old = bench.0.grant(&wish, 1_795_305_600 - 120).unwrap();
    assert_eq!(
        code(&bench.get("me", old["access_token"].as_str().unwrap())),
        (190, 463)
    );
    let mut bench = with(FaultSwitch::OtherScopes);
    let told = debug(&mut bench, USER_TOKEN).to_string();
    assert!(!told.contains("manage_app_solution"), "{told}");
    let told = bench.get("me/permissions", USER_TOKEN).to_string();
    assert!(!told.contains("manage_app_solution"), "{told}");
    // It is there all the same.
    assert!(bench.made().starts_with("795"));
}
