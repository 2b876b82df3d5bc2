//! What goes wrong, and what has happened all the same.

use serde_json::{Value, json};

use super::{
    super::{
        faults::{Fault, Faults, Operation, Rule, TokenKind},
        records::{PARTNER_APP_ID, SYSTEM_TOKEN, USER_TOKEN},
        wire::Delivery,
    },
    Bench, app, code, merged,
};

#[test]
fn lags_count_listings_and_reads() {
    let mut bench = Bench::new(Faults {
        listing_lag: 2,
        read_lag: 1,
        ..Faults::default()
    });
    let id = bench.made();
    let seen: Vec<usize> = (0..4)
        .map(|_| bench.listed(PARTNER_APP_ID, "PARTNER", SYSTEM_TOKEN))
        .collect();
    assert_eq!(seen, [0, 0, 1, 1]);
    assert_eq!(code(&bench.get(&id, SYSTEM_TOKEN)), (100, 33));
    assert_eq!(bench.status(&id), "INITIATED");
    bench.post(&format!("{id}/accept"), SYSTEM_TOKEN, &json!({}));
    assert_eq!(bench.status(&id), "INITIATED");
    assert_eq!(bench.status(&id), "ACTIVE");
}

#[test]
fn a_gateways_page_and_another_id_stand_in_for_the_answer() {
    for (fault, status, body) in [
        (Fault::Gateway { status: 504 }, 504, "<h1>504</h1>"),
        (
            Fault::OtherId { id: "9".into() },
            200,
            r#"{"solution_id":"9"}"#,
        ),
    ] {
        let mut bench = Bench::with(Rule::new(Operation::Create, fault));
        let target = format!("{}/whatsapp_business_solution", app());
        let answer = bench.send("POST", &target, USER_TOKEN, &merged(&json!({})));
        assert_eq!(answer.status, status);
        assert!(String::from_utf8(answer.body).unwrap().contains(body));
        assert_eq!(bench.listed(PARTNER_APP_ID, "PARTNER", SYSTEM_TOKEN), 1);
    }
}

#[test]
fn each_fault_of_create() {
    let any = |fault| (fault, 1, Delivery::Whole);
    for ((fault, made, delivery), status, body) in [
        ((Fault::Drop, 1, Delivery::Dropped), 200, None),
        ((Fault::Cut, 1, Delivery::Cut), 200, None),
        (any(Fault::Unavailable), 500, Some("\"is_transient\":true")),
        (
            any(Fault::Html),
            500,
            Some("<title>Facebook | Error</title>"),
        ),
        (any(Fault::Empty), 200, Some("")),
        (any(Fault::NotJson), 200, Some("{\"solution_id\": \"79503")),
        (
            any(Fault::ServiceUnavailableText),
            200,
            Some("Service Unavailable"),
        ),
        (any(Fault::NoId), 200, Some("{}")),
        (any(Fault::NullId), 200, Some("{\"solution_id\":null}")),
        (
            any(Fault::FractionalId),
            200,
            Some("{\"solution_id\":795033096057724.5}"),
        ),
        (
            any(Fault::IntegerId),
            200,
            Some("{\"solution_id\":795033096057724}"),
        ),
        (
            (Fault::ErrorIn200, 0, Delivery::Whole),
            200,
            Some("\"code\":1"),
        ),
        (
            (Fault::SuccessFalse, 0, Delivery::Whole),
            200,
            Some("{\"success\":false}"),
        ),
        (
            (Fault::Denied { code: 10 }, 0, Delivery::Whole),
            403,
            Some("\"code\":10"),
        ),
        (
            (Fault::Denied { code: 200 }, 0, Delivery::Whole),
            403,
            Some("\"code\":200"),
        ),
        (
            (
                Fault::Quota {
                    code: 4,
                    minutes: 0,
                    seconds: None,
                },
                0,
                Delivery::Whole,
            ),
            403,
            Some("\"code\":4"),
        ),
        (
            (Fault::Expired, 0, Delivery::Whole),
            401,
            Some("\"error_subcode\":463"),
        ),
        (
            (Fault::NotFound, 0, Delivery::Whole),
            400,
            Some("\"error_subcode\":33"),
        ),
        (
            (Fault::MessagingRefused, 0, Delivery::Whole),
            400,
            Some("either of the partners"),
        ),
    ] {
        let mut bench = Bench::with(Rule::new(Operation::Create, fault.clone()));
        let target = format!("{}/whatsapp_business_solution", app());
        let answer = bench.send("POST", &target, USER_TOKEN, &merged(&json!({})));
        assert_eq!(
            (answer.status, answer.delivery),
            (status, delivery),
            "{fault:?}"
        );
        let text = String::from_utf8(answer.body).unwrap();
        assert!(
            body.is_none_or(|body| text.contains(body)),
            "{fault:?}: {text}"
        );
        assert_eq!(bench.0.solutions.len(), made, "{fault:?}");
        // The rule is used up; the next call is answered as ever, unless the token is dead.
        bench.0.tokens[0].killed = false;
        assert!(
            bench.create(&json!({}))["solution_id"].is_string(),
            "{fault:?}"
        );
    }
}

#[test]
fn quota_says_when_it_comes_back() {
    let fault = Fault::Quota {
        code: 80008,
        minutes: 19,
        seconds: None,
    };
    let mut bench = Bench::with(Rule::new(Operation::Any, fault));
    let answer = bench.send("GET", "me/permissions", USER_TOKEN, &Value::Null);
    let header = answer
        .headers
        .iter()
        .find(|(name, _)| *name == "x-business-use-case-usage");
    assert!(
        header
            .unwrap()
            .1
            .contains("\"estimated_time_to_regain_access\":19")
    );
    assert_eq!(answer.status, 400);
}

#[test]
fn a_rule_is_for_whom_it_names() {
    let mut bench = Bench::with(Rule {
        role: Some("OWNER".to_owned()),
        times: 0,
        ..Rule::new(Operation::List, Fault::EmptyListing)
    });
    bench.made();
    assert_eq!(bench.listed(&app(), "OWNER", USER_TOKEN), 0);
    assert_eq!(bench.listed(PARTNER_APP_ID, "PARTNER", SYSTEM_TOKEN), 1);
    let mut bench = Bench::with(Rule {
        token: Some(TokenKind::User),
        nth: 2,
        ..Rule::new(Operation::Any, Fault::Expired)
    });
    assert_eq!(code(&bench.get("me", SYSTEM_TOKEN)), (0, 0));
    assert_eq!(code(&bench.get("me", USER_TOKEN)), (0, 0));
    assert_eq!(code(&bench.get("me", USER_TOKEN)), (190, 463));
    assert_eq!(code(&bench.get("me", USER_TOKEN)), (190, 463));
    assert_eq!(code(&bench.get("me", SYSTEM_TOKEN)), (0, 0));
}

#[test]
fn somebody_else_may_be_faster() {
    for (status, expected) in [("ACTIVE", "ACTIVE"), ("REJECTED", "REJECTED")] {
        let fault = Fault::Meanwhile {
            status: status.to_owned(),
        };
        let mut bench = Bench::with(Rule::new(Operation::Accept, fault));
        let id = bench.made();
        let answer = bench.post(&format!("{id}/accept"), SYSTEM_TOKEN, &json!({}));
        assert_eq!(code(&answer).0, 100);
        assert_eq!(bench.status(&id), expected);
    }
}

#[test]
fn an_empty_page_goes_on_where_it_was() {
    let mut bench = Bench::with(Rule::new(Operation::List, Fault::EmptyPage));
    bench.made();
    let target = format!("{PARTNER_APP_ID}/whatsapp_business_solutions?role=PARTNER");
    let first = bench.get(&target, SYSTEM_TOKEN);
    assert_eq!(first["data"], json!([]));
    assert!(first["paging"]["next"].is_string());
    let after = first["paging"]["cursors"]["after"].as_str().unwrap();
    let second = bench.get(&format!("{target}&after={after}"), SYSTEM_TOKEN);
    assert_eq!(second["data"].as_array().unwrap().len(), 1, "{second}");
}
