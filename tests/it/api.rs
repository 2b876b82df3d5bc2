//! `mps api`: any call, under the rules of all calls.
//!
//! The one decision: what the service received is compared whole (path, query, body, token), since a raw call is
//! trusted to send what was typed.

use serde_json::json;

use crate::support::{Mps, SYSTEM, Script, Served, USER};

fn api(served: &Served, args: &[&str]) -> Mps {
    Mps::new()
        .arg("api")
        .args(args)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_USER_TOKEN", USER)
        .against(served)
}

#[test]
fn fields_go_into_the_query_of_a_get() {
    let served = Script::new()
        .on("GET", "/me/permissions")
        .token(USER)
        .query("a", "b c")
        .query("x", "1=2")
        .no_body()
        .reply(200, json!({"b": 1, "a": {"z": null}}))
        .serve();
    api(
        &served,
        &[
            "get",
            "me/permissions?a=b%20c",
            "-f",
            "x=1=2",
            "--token",
            "user",
        ],
    )
    .run()
    .code(0)
    .stdout("{\n  \"b\": 1,\n  \"a\": {\n    \"z\": null\n  }\n}\n");
}

#[test]
fn fields_go_into_the_body_of_a_post() {
    let served = Script::new()
        .on("POST", "/v25.0/795/accept")
        .token(SYSTEM)
        .body(json!({"partner_app_id": "42"}))
        .with_header("content-type", "application/json")
        .reply(200, json!({"success": "true"}))
        .serve();
    let outcome = api(
        &served,
        &[
            "POST",
            "/v25.0/795/accept",
            "-f",
            "partner_app_id=42",
            "--json",
        ],
    )
    .run();
    outcome.code(0);
    let line = outcome.json();
    assert_eq!(line["success"], "true");
    assert!(line["host"].as_str().unwrap().starts_with("127.0.0.1:"));
    assert_eq!(outcome.lines().len(), 1);
}

#[test]
fn a_post_without_fields_has_no_body_and_a_delete_has_a_query() {
    let served = Script::new()
        .on("POST", "/795/accept")
        .no_body()
        .reply(200, json!(true))
        .on("DELETE", "/795")
        .query("a", "b")
        .no_body()
        .reply(200, json!({"success": true}))
        .serve();
    api(&served, &["POST", "795/accept"])
        .run()
        .code(0)
        .stdout("true\n");
    api(&served, &["DELETE", "795", "-f", "a=b"]).run().code(0);
}

#[test]
fn a_write_stands_in_the_journal_before_and_after() {
    let served = Script::new()
        .on("POST", "/795/x")
        .reply_error(400, 100, "(#100) no")
        .on("POST", "/795/y")
        .reply(200, json!({"success": true}))
        .serve();
    let first = api(&served, &["POST", "795/x?a=secretless"]).run();
    first.code(1);
    let home = first.home().clone();
    let again = Mps::at(&home)
        .args(["api", "POST", "795/y"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .against(&served)
        .run();
    again.code(0);
    let history = Mps::at(&home)
        .args(["history", "--events", "--json"])
        .against(&served)
        .run();
    history.code(0);
    let text = history.stdout_text();
    assert!(
        text.contains("mps api POST 795/x") && text.contains("mps api POST 795/y"),
        "{text}"
    );
    assert!(!text.contains("secretless"), "{text}");
}

#[test]
fn a_token_that_comes_as_an_answer_is_data_in_a_pipe_and_masked_on_a_terminal() {
    let token = "EAABUSINESSTOKEN0123456789abcdef";
    let serve = || {
        Script::new()
            .on("GET", "/795/access_token")
            .reply(200, json!({"data": [{"access_token": token}]}))
            .serve()
    };
    let served = serve();
    api(&served, &["GET", "795/access_token"])
        .run()
        .code(0)
        .stdout_has(token);
    let served = serve();
    api(&served, &["GET", "795/access_token", "-vv"])
        .run()
        .code(0)
        .stderr_lacks(token);
    for more in [
        &[][..],
        &["--json"],
        &["--paginate"],
        &["--paginate", "--json"],
    ] {
        let served = serve();
        let outcome = api(&served, &["GET", "795/access_token"])
            .args(more)
            .on_terminal()
            .finish();
        outcome.code(0).stderr_lacks(token).stdout_lacks(token);
    }
}

#[test]
fn what_cannot_be_asked_is_wrong_usage() {
    let served = Script::new().serve();
    for args in [
        &["GET", "https://graph.facebook.com/me"][..],
        &["GET", "me/../../x"],
        &["GET", "me#x"],
        &["GET", "/"],
        &["GET", "v26.0"],
        &["GET", "me?access_token=EAAinPATH"],
        &["GET", "me", "-f", "access_token=EAAinPATH"],
        &["POST", "me", "-f", "appsecret_proof=EAAinPATH"],
        &["GET", "me", "-f", "no-equals"],
        &["POST", "me", "--paginate"],
        &["PUT", "me"],
        &["GET"],
    ] {
        api(&served, args)
            .run()
            .code(2)
            .stdout("")
            .stderr_lacks("EAAinPATH");
    }
}

#[test]
fn the_token_is_missing() {
    let served = Script::new().serve();
    for (role, variable) in [("user", "MPS_USER_TOKEN"), ("system", "MPS_SYSTEM_TOKEN")] {
        Mps::new()
            .args(["api", "GET", "me", "--token", role])
            .against(&served)
            .run()
            .code(4)
            .stderr_has(variable);
    }
}
