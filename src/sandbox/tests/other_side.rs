//! The other side, played by hand; clients, and how they move.

use serde_json::{Value, json};

use super::{
    super::{
        faults::Faults,
        records::{APP_SECRET, PARTNER_APP_ID, PARTNER_BUSINESS_ID, SYSTEM_TOKEN, USER_TOKEN},
        store::ApiShape,
        wire::Request,
    },
    Bench, app, code,
};

impl Bench {
    /// A request to the sandbox's own paths.
    fn own(&mut self, path: &str, body: &Value) -> Value {
        let mut request = Request::new("POST", path, body.to_string().as_bytes());
        request.now = 1_795_305_600;
        self.0
            .answer_own(&request)
            .expect("a path of its own")
            .value()
    }

    fn play(&mut self, body: &Value) -> Value {
        self.own("/sandbox/play", body)
    }

    fn moves(&self, id: &str) -> Vec<String> {
        let board = self.0.board();
        let solutions = board["solutions"].as_array().unwrap().iter();
        let mut found = solutions.filter(|solution| solution["solution_id"] == id);
        serde_json::from_value(found.next().unwrap()["moves"].clone()).unwrap()
    }

    /// An active solution, and the business token of its client for us.
    fn active(&mut self) -> String {
        let id = self.made();
        self.post(&format!("{id}/accept"), SYSTEM_TOKEN, &json!({}));
        id
    }

    fn client(&mut self, solution: &str) -> (String, String) {
        let wish = json!({"solution_id": solution, "business": "Sol"});
        let made = self.own("/sandbox/signup", &wish);
        let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
        (text("waba_id"), text("business_id"))
    }

    fn business_token(&mut self, solution: &str, business: &str, token: &str) -> String {
        let target = format!("{solution}/access_token?business_id={business}");
        let answer = self.get(&target, token);
        answer["data"][0]["access_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

#[test]
fn a_request_goes_from_the_dashboard_to_its_end() {
    let mut bench = Bench::new(Faults::default());
    let request = json!({"move": "request", "owner_app_id": app(), "name": "From a dashboard", "draft": true, "messaging": "both"});
    let id = bench.play(&request)["solution_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(bench.status(&id), "DRAFT");
    assert_eq!(bench.moves(&id), ["send"]);
    bench.play(&json!({"move": "send", "solution_id": id}));
    assert_eq!(bench.status(&id), "INITIATED");
    assert_eq!(bench.moves(&id), Vec::<String>::new(), "it is our turn");
    bench.post(&format!("{id}/accept"), SYSTEM_TOKEN, &json!({}));
    assert_eq!(bench.moves(&id), ["ask_end"]);
    bench.play(&json!({"move": "ask_end", "solution_id": id}));
    let node = bench.get(&id, SYSTEM_TOKEN);
    assert_eq!(node["status_for_pending_request"], "PENDING_DEACTIVATION");
    bench.post(
        &format!("{id}/accept_deactivation_request"),
        SYSTEM_TOKEN,
        &json!({}),
    );
    assert_eq!(bench.status(&id), "DEACTIVATED");
    assert_eq!(bench.moves(&id), Vec::<String>::new());
}

#[test]
fn what_we_sent_is_accepted_rejected_and_kept_by_them() {
    for (moves, status, pending) in [
        (&["accept"][..], "ACTIVE", "NONE"),
        (&["reject"], "REJECTED", "NONE"),
        (&["accept", "", "reject_end"], "ACTIVE", "NONE"),
        (&["accept", "", "accept_end"], "DEACTIVATED", "NONE"),
    ] {
        let mut bench = Bench::new(Faults::default());
        let body = json!({"owner_permissions": ["MESSAGING"], "partner_permissions": [],
            "partner_app_id": app(), "solution_name": "From us"});
        let target = format!("{PARTNER_APP_ID}/whatsapp_business_solution");
        let made = bench.post(&target, SYSTEM_TOKEN, &body);
        let id = made["solution_id"].as_str().unwrap().to_owned();
        for played in moves {
            if played.is_empty() {
                bench.post(
                    &format!("{id}/send_deactivation_request"),
                    SYSTEM_TOKEN,
                    &json!({}),
                );
                continue;
            }
            assert!(bench.moves(&id).contains(&(*played).to_owned()), "{played}");
            let answer = bench.play(&json!({"move": played, "solution_id": id}));
            assert_eq!(answer["solution_id"], *id, "{answer}");
        }
        let node = bench.get(&id, SYSTEM_TOKEN);
        assert_eq!(node["status"], status, "{moves:?}");
        assert_eq!(node["status_for_pending_request"], pending, "{moves:?}");
    }
}

#[test]
fn what_is_not_theirs_to_do_is_refused_as_by_the_api() {
    let mut bench = Bench::new(Faults::default());
    let id = bench.made();
    for (body, expected) in [
        (json!({"move": "accept", "solution_id": id}), 200),
        (json!({"move": "ask_end", "solution_id": id}), 100),
        (json!({"move": "send", "solution_id": id}), 100),
        (json!({"move": "accept", "solution_id": "1"}), 100),
        (json!({"move": "agree", "intent_id": "1"}), 100),
        (json!({"move": "fly"}), 100),
        (
            json!({"move": "request", "owner_app_id": PARTNER_APP_ID, "name": "Ours"}),
            100,
        ),
        (
            json!({"move": "request", "owner_app_id": app(), "name": "x"}),
            100,
        ),
        (
            json!({"move": "request", "owner_app_id": app(), "name": "xy", "messaging": "none"}),
            100,
        ),
    ] {
        assert_eq!(code(&bench.play(&body)).0, expected, "{body}");
    }
    assert_eq!(bench.0.solutions.len(), 1);
    let inactive = json!({"solution_id": id, "business": "Sol"});
    assert_eq!(code(&bench.own("/sandbox/signup", &inactive)).0, 100);
}

/// Rows 8 to 11 of graph-api.md, 7.8.
#[test]
fn an_account_moves_when_its_client_agrees() {
    let mut bench = Bench::new(Faults::default());
    let (from, to) = (bench.active(), bench.active());
    let (account, business) = bench.client(&from);
    let ours = bench.business_token(&from, &business, SYSTEM_TOKEN);
    let theirs = bench.business_token(&from, &business, USER_TOKEN);
    assert!(ours.starts_with("EAA") && theirs.starts_with("EAA") && ours != theirs);
    let ask = format!("{account}/set_solution_migration_intent");
    // We may take in only who is in no other active solution; the Tech Provider moves its own.
    let wish = json!({"solution_id": to});
    assert_eq!(code(&bench.post(&ask, &ours, &wish)).0, 2_593_085);
    assert_eq!(code(&bench.post(&ask, SYSTEM_TOKEN, &wish)).0, 10);
    let intent = bench.post(&ask, &theirs, &wish)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(code(&bench.post(&ask, &theirs, &wish)).0, 2_593_079);
    assert_eq!(bench.get(&intent, &theirs)["status"], "PENDING");
    assert_eq!(bench.0.board()["intents"][0]["id"], *intent);
    bench.play(&json!({"move": "agree", "intent_id": intent}));
    let read = bench.get(
        &format!("{intent}?fields=id,status,solution{{id}},destination_waba{{id}}"),
        &theirs,
    );
    assert_eq!(
        (&read["status"], &read["solution"]["id"]),
        (&json!("ACCEPTED"), &json!(to))
    );
    let arrived = read["destination_waba"]["id"].as_str().unwrap().to_owned();
    assert_ne!(
        arrived, account,
        "the Tech Provider's client gets a new account"
    );
    let under = |bench: &mut Bench, account: &str| {
        bench.get(&format!("{account}/solutions"), SYSTEM_TOKEN)["data"][0]["id"].clone()
    };
    assert_eq!(under(&mut bench, &arrived), *to);
    assert_eq!(under(&mut bench, &account), *from);
    // Out of all: with the app of the token, and with no other.
    let other = json!({"app_id": "1"});
    assert_eq!(code(&bench.post(&ask, &theirs, &other)).0, 2_593_085);
    let out = bench.post(&ask, &theirs, &json!({"app_id": app()}))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    bench.play(&json!({"move": "decline", "intent_id": out}));
    assert_eq!(bench.get(&out, &theirs)["status"], "DECLINED");
    assert_eq!(under(&mut bench, &account), *from);
    assert_eq!(code(&bench.get(&out, SYSTEM_TOKEN)).0, 10);
    assert_eq!(code(&bench.post(&ask, &theirs, &json!({}))).0, 100);
}

#[test]
fn an_account_without_a_solution_comes_into_ours() {
    let mut bench = Bench::new(Faults::default());
    let id = bench.active();
    let target = format!("{PARTNER_BUSINESS_ID}/client_whatsapp_business_accounts");
    let free = bench.get(&target, SYSTEM_TOKEN)["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let token = bench.business_token(&id, "506914307656634", SYSTEM_TOKEN);
    let ask = format!("{free}/set_solution_migration_intent");
    let intent = bench.post(&ask, &token, &json!({"solution_id": id}))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    bench.play(&json!({"move": "agree", "intent_id": intent}));
    let read = bench.get(&intent, &token);
    assert_eq!(read["destination_waba"]["id"], *free);
    let under = bench.get(&format!("{free}/solutions"), &token);
    assert_eq!(under["data"][0]["id"], *id);
    // A client sees no other client's account.
    let (account, _) = bench.client(&id);
    assert_eq!(
        code(&bench.get(&format!("{account}/solutions"), &token)),
        (100, 33)
    );
}

#[test]
fn a_code_of_embedded_signup_holds_once_and_not_for_long() {
    for (shape, late, expected) in [
        (ApiShape::Guide, 0, (0, 0)),
        (ApiShape::OpenApi, 60, (0, 0)),
        (ApiShape::Guide, 61, (100, 36_007)),
    ] {
        let mut bench = Bench::shaped(shape, Faults::default());
        let id = bench
            .0
            .push(&app(), PARTNER_APP_ID, "N", "ACTIVE")
            .id
            .clone();
        let made = bench.own(
            "/sandbox/signup",
            &json!({"solution_id": id, "business": "Sol"}),
        );
        let mut exchange = |secret: &str, late: u64| {
            let code = made["code"].as_str().unwrap();
            let target = format!(
                "/v26.0/oauth/access_token?client_id={PARTNER_APP_ID}&client_secret={secret}&code={code}"
            );
            let mut request = Request::new("GET", &target, b"");
            request.now = 1_795_305_600 + late;
            bench.0.answer(&request).value()
        };
        assert_eq!(code(&exchange("0", late)), (100, 0), "another secret");
        assert_eq!(code(&exchange(APP_SECRET, late)), expected);
        assert_eq!(code(&exchange(APP_SECRET, late)), (100, 36_009));
    }
}
