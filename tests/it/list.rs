//! `mps list`: both roles, all pages, in a terminal, in a pipe, as JSON.
//!
//! The one decision: the service answers as graph-api.md shows it, odd solutions among them, and no row is lost.

use serde_json::{Value, json};

use crate::{
    stage::{PARTNER, SOLUTIONS, Stage, solution},
    support::{APP_SECRET, Mps, SYSTEM, Script, Served, USER},
};

const EDGE: &str = "/634974688087057/whatsapp_business_solutions";

/// One solution that we own, three that invite us.
fn both_roles() -> Served {
    let mut bare = solution("796", "43", PARTNER, "ACTIVE");
    for field in ["owner_app", "partners", "owner_permissions", "name"] {
        bare.as_object_mut().unwrap().remove(field);
    }
    let mut leaving = solution("798", "44", PARTNER, "ACTIVE");
    leaving["status_for_pending_request"] = "PENDING_DEACTIVATION".into();
    leaving["name"] = "Evil \u{1b}[31mred\nline".into();
    Script::new()
        .on("GET", EDGE)
        .token(SYSTEM)
        .query("role", "OWNER")
        .reply(
            200,
            json!({"data": [solution("790", PARTNER, "77", "SOMETHING_NEW")]}),
        )
        .on("GET", EDGE)
        .token(SYSTEM)
        .query("role", "PARTNER")
        .reply(
            200,
            json!({"data": [solution("795", "42", PARTNER, "INITIATED"), bare, leaving]}),
        )
        .serve()
}

fn list(args: &[&str]) -> Mps {
    Mps::new()
        .arg("list")
        .args(args)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
}

#[test]
fn in_a_pipe_an_id_a_line() {
    list(&[])
        .against(&both_roles())
        .run()
        .code(0)
        .stdout("790\n795\n796\n798\n");
}

#[test]
fn as_json_the_contracts_fields() {
    let outcome = list(&["--json"]).against(&both_roles()).run();
    outcome.code(0);
    let rows = outcome.json_lines();
    let host = rows[0]["host"].clone();
    assert!(host.as_str().unwrap().starts_with("127.0.0.1:"));
    assert_eq!(
        rows,
        [
            json!({"solution_id": "790", "solution_name": "Lucky Shrub + Acme", "status": "SOMETHING_NEW",
                "pending": "NONE", "role": "owner", "owner_app_id": PARTNER, "owner_app_name": "Lucky Shrub", "other_live": [], "host": host}),
            json!({"solution_id": "795", "solution_name": "Lucky Shrub + Acme", "status": "INITIATED",
                "pending": "PENDING_ACTIVATION", "role": "partner", "owner_app_id": "42", "owner_app_name": "Lucky Shrub", "other_live": [], "host": host}),
            json!({"solution_id": "796", "solution_name": "", "status": "ACTIVE",
                "pending": "NONE", "role": "partner", "owner_app_id": null, "owner_app_name": null, "other_live": [], "host": host}),
            json!({"solution_id": "798", "solution_name": "Evil \u{1b}[31mred\nline", "status": "ACTIVE",
                "pending": "PENDING_DEACTIVATION", "role": "partner", "owner_app_id": "44", "owner_app_name": "Lucky Shrub", "other_live": [], "host": host}),
        ]
    );
    let keys: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "solution_id",
            "solution_name",
            "status",
            "pending",
            "role",
            "owner_app_id",
            "owner_app_name",
            "other_live",
            "host"
        ]
    );
}

#[test]
fn on_a_terminal_a_table_with_both_words() {
    let served = both_roles();
    let outcome = list(&[]).against(&served).on_terminal_of(140, 40).finish();
    outcome.code(0);
    let screen = outcome.stdout_text().to_owned() + outcome.stderr_text();
    for word in [
        "DASHBOARD",
        "OWNER NAME",
        "INITIATED",
        "Pending",
        "Pending deactivation",
        "SOMETHING_NEW",
    ] {
        assert!(screen.contains(word), "{word}\n{screen}");
    }
    assert!(
        !screen.contains("\u{1b}[31mred"),
        "a solution's name reached the terminal\n{screen}"
    );
}

#[test]
fn roles_and_statuses_are_chosen() {
    let owner = || {
        Script::new()
            .on("GET", EDGE)
            .query("role", "OWNER")
            .reply(200, json!({"data": [solution("1", PARTNER, "7", "ACTIVE"), solution("2", PARTNER, "7", "REJECTED")]}))
            .serve()
    };
    for (args, expected) in [
        (&["--role", "owner"][..], "1\n2\n"),
        (&["--role", "owner", "--status", "rejected"], "2\n"),
        (
            &[
                "--role", "owner", "--status", "ACTIVE", "--status", "REJECTED",
            ],
            "1\n2\n",
        ),
        (&["--role", "owner", "--status", "DRAFT"], ""),
        (&["--role", "owner", "--status", "pending"], ""),
    ] {
        let served = owner();
        list(args).against(&served).run().code(0).stdout(expected);
    }
    // A typing error would show nothing, which looks like an answer.
    list(&["--status", "actve"])
        .run()
        .code(2)
        .stderr_has("--status cannot be \"actve\", only one of: DRAFT, INITIATED, ACTIVE,");
    list(&["--role", "both"]).run().code(2);
}

#[test]
fn another_app_and_the_other_token() {
    let served = Script::new()
        .on("GET", "/4242/whatsapp_business_solutions")
        .token(USER)
        .query("role", "OWNER")
        .reply(
            200,
            json!({"data": [solution("1", "4242", PARTNER, "ACTIVE")]}),
        )
        .serve();
    Mps::new()
        .args(["list", "--app-id", "4242", "--role", "owner"])
        .env("MPS_USER_TOKEN", USER)
        .against(&served)
        .run()
        .code(0)
        .stdout("1\n");
}

#[test]
fn a_user_token_is_checked_before_it_is_used() {
    for (status, code) in [("granted", 0), ("declined", 4)] {
        let served = Script::new()
            .on("GET", "/me/permissions")
            .token(USER)
            .reply(
                200,
                json!({"data": [{"permission": "manage_app_solution", "status": status}]}),
            )
            .on("GET", "/4242/whatsapp_business_solutions")
            .token(USER)
            .reply(200, json!({"data": []}))
            .times(usize::from(code == 0))
            .serve();
        Mps::new()
            .args(["list", "--app-id", "4242", "--role", "owner"])
            .args(["--partner-app-id", PARTNER])
            .env("MPS_USER_TOKEN", USER)
            .against(&served)
            .run()
            .code(code)
            .stdout("");
    }
}

#[test]
fn a_system_token_that_ends_soon_is_warned_about() {
    let ends = jiff::Timestamp::now().as_second() + 5 * 24 * 3600 + 60;
    let info = json!({"data": {"app_id": PARTNER, "is_valid": true, "expires_at": ends,
        "scopes": ["manage_app_solution"]}});
    let served = Script::new()
        .on("GET", "/debug_token")
        .reply(200, info)
        .on("GET", EDGE)
        .reply(
            200,
            json!({"data": [solution("1", "42", PARTNER, "ACTIVE")]}),
        )
        .serve();
    list(&["--role", "partner"])
        .env("MPS_APP_SECRET", APP_SECRET)
        .against(&served)
        .run()
        .code(0)
        .stdout("1\n")
        .stderr_has("warning: the system token ends in 5 days");
}

#[test]
fn what_is_missing_is_said_before_anything_is_sent() {
    let served = Script::new().serve();
    let no_token = Mps::new()
        .args(["list", "--partner-app-id", PARTNER])
        .against(&served)
        .run();
    no_token.code(4).stderr_has("MPS_SYSTEM_TOKEN");
    let no_app = Mps::new()
        .arg("list")
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .against(&served)
        .run();
    no_app.code(2).stderr_has("MPS_PARTNER_APP_ID");
}

#[test]
fn an_empty_list_is_no_failure() {
    let served = Script::new()
        .on("GET", EDGE)
        .reply(200, json!({"data": []}))
        .times(2)
        .serve();
    list(&[]).against(&served).run().code(0).stdout("");
    let served = Script::new()
        .on("GET", EDGE)
        .reply(200, json!({"data": [], "paging": {"cursors": {}}}))
        .times(2)
        .serve();
    let outcome = list(&[]).against(&served).on_terminal().finish();
    outcome.code(0).stderr_has("No solution.");
}

#[test]
fn a_row_that_cannot_be_read_names_its_place() {
    let served = Script::new()
        .on("GET", EDGE)
        .reply(
            200,
            json!({"data": [solution("1", "42", PARTNER, "ACTIVE"), {"id": "x y"}]}),
        )
        .serve();
    let outcome = list(&["--json", "--role", "partner"])
        .against(&served)
        .run();
    outcome.code(1);
    let error = outcome.error();
    let causes = error["causes"].to_string();
    assert!(causes.contains("at data[1].id: "), "{causes}");
    assert_eq!(
        error["message"],
        format!("could not list the solutions of app {PARTNER} as partner")
    );
}

#[test]
fn the_fields_that_meta_does_not_know_are_left_out_once() {
    let served = Script::new()
        .on("GET", EDGE)
        .when(|request| match request.query("fields") {
            Some(fields) if fields.contains("partners{") => Ok(()),
            fields => Err(format!("{fields:?}")),
        })
        .reply_error(
            400,
            100,
            "(#100) Tried accessing nonexisting field (partners)",
        )
        .on("GET", EDGE)
        .when(|request| match request.query("fields") {
            Some(fields) if !fields.contains("partners") => Ok(()),
            fields => Err(format!("{fields:?}")),
        })
        .reply(
            200,
            json!({"data": [solution("1", "42", PARTNER, "ACTIVE")]}),
        )
        .serve();
    list(&["--role", "partner"])
        .against(&served)
        .run()
        .code(0)
        .stdout("1\n");
}

#[test]
fn listed_ids_are_accepted_through_a_pipe() {
    let rows: Value = json!([solution("1", "42", PARTNER, "INITIATED")]);
    let served = Script::new()
        .on("GET", EDGE)
        .reply(200, json!({"data": rows}))
        .serve();
    let outcome = list(&["--role", "partner", "--status", "initiated", "--json"])
        .against(&served)
        .run();
    outcome.code(0);
    let served = Script::new()
        .on("GET", EDGE)
        .reply(
            200,
            json!({"data": [solution("1", "42", PARTNER, "INITIATED")]}),
        )
        .on("GET", "/1")
        .reply(200, solution("1", "42", PARTNER, "INITIATED"))
        .on("POST", "/1/accept")
        .reply(200, json!({"success": true}))
        .on("GET", "/1")
        .reply(200, solution("1", "42", PARTNER, "ACTIVE"))
        .serve();
    Mps::new()
        .arg("accept")
        .stdin(outcome.stdout_text())
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "us")
        .against(&served)
        .run()
        .code(0)
        .stdout("1\n");
}

#[test]
fn as_csv_and_as_a_page_of_metas() {
    let stage = Stage::of(&["ACTIVE"]);
    let run = stage.mps(["list", "--csv"]).run();
    let lines = run.code(0).lines();
    assert!(
        lines[0].starts_with("solution_id,solution_name,status,"),
        "{run}"
    );
    assert!(lines[1].starts_with(SOLUTIONS[0]), "{run}");
    stage.mps(["--json", "list", "--csv"]).run().code(2);
    let page = format!("https://developers.facebook.com/apps/{PARTNER}/\n");
    stage.mps(["list", "--web"]).run().code(0).stdout(&page);
    stage
        .mps(["show", "--web", SOLUTIONS[0]])
        .run()
        .code(0)
        .stdout(&page);
    stage
        .mps(["show", "--web", SOLUTIONS[0], SOLUTIONS[1]])
        .run()
        .code(2);
    // Where nobody would see a browser, a person gets the address.
    let terminal = stage.mps(["list", "--web"]).on_terminal();
    terminal.sees("https://developers.facebook.com/apps/");
    terminal.finish().code(0);
}
