//! The last line of an error is the next thing to do, and it works.
//!
//! The one decision: each hint is read as an operator reads it; nobody is sent to another company for what is wrong
//! here, and `mps resume` is named only where it has something to take up.

use serde_json::json;

use crate::{
    once_world::World,
    stage::{APPS, PARTNER, app, granted},
    support::{Mps, Outcome, SYSTEM, Script, USER},
};

fn hint(run: &Outcome) -> String {
    run.error()["hint"].as_str().unwrap_or_default().to_owned()
}

fn causes(run: &Outcome) -> String {
    run.error()["causes"].to_string()
}

/// No other company can mend it.
fn sends_nobody_away(run: &Outcome) {
    let hint = hint(run);
    for word in ["serve-button", "click", "new token", "onboard"] {
        assert!(!hint.contains(word), "{hint}");
    }
}

#[test]
fn a_version_that_meta_does_not_know_is_named() {
    let served = Script::new()
        .on("GET", "/v99.0/me/permissions")
        .reply_error(400, 2500, "Unknown path components: /permissions")
        .beside_the_checks(&[
            "/v99.0/me/application_details",
            "/v99.0/me/assigned_applications",
        ])
        .serve();
    let run = Mps::new()
        .args(["list-apps", "--partner-app-id", "1", "--json"])
        .args(["--api-version", "v99.0"])
        .env("MPS_USER_TOKEN", USER)
        .against(&served)
        .run();
    run.code(1);
    assert_eq!(run.error()["kind"], "input");
    let hint = hint(&run);
    assert!(
        hint.contains("v99.0") && hint.contains("`--api-version v26.0`"),
        "{hint}"
    );
    sends_nobody_away(&run);
}

#[test]
fn a_version_that_meta_does_not_know_ends_an_accept_without_no_check() {
    let unknown = "Unknown path components: /partners";
    let served = Script::new()
        .on("GET", "/v99.0/795")
        .token(SYSTEM)
        .reply_error(400, 2500, unknown)
        .repeat()
        .on("GET", "/v99.0/795/partners")
        .reply_error(400, 2500, unknown)
        .any_times()
        .serve();
    let run = Mps::new()
        .args(["accept", "795", "--partner-app-id", "1", "--json"])
        .args(["--api-version", "v99.0"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_PARTNER_NAME", "Acme")
        .against(&served)
        .run();
    run.code(1).stdout_has("\"outcome\":\"failed\"");
    let hint = hint(&run);
    assert!(hint.contains("`--api-version v26.0`"), "{hint}");
    assert!(!hint.contains("--no-check"), "{hint}");
}

#[test]
fn an_edge_that_meta_does_not_know_is_not_a_matter_of_tokens() {
    let unknown = "Unknown path components: /whatever";
    let served = Script::new()
        .on("GET", "/795/whatever")
        .token(SYSTEM)
        .reply_error(400, 2500, unknown)
        .on("GET", "/795")
        .token(SYSTEM)
        .reply_error(400, 2500, unknown)
        .repeat()
        .on("GET", "/795/partners")
        .reply_error(400, 2500, unknown)
        .any_times()
        .serve();
    let mps = |args: &[&str]| {
        Mps::new()
            .args(args)
            .arg("--json")
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("MPS_PARTNER_NAME", "Acme")
            .against(&served)
            .run()
    };
    let run = mps(&["api", "GET", "795/whatever"]);
    run.code(1);
    let said = hint(&run);
    assert!(
        said.contains("check the path") && said.contains("`--api-version v25.0`"),
        "{said}"
    );
    sends_nobody_away(&run);
    // Accepting can do without the reading, and says how.
    let run = mps(&["accept", "795", "--partner-app-id", "1"]);
    run.code(4).stdout_has("\"outcome\":\"failed\"");
    let said = hint(&run);
    assert!(said.ends_with("mps accept --no-check 795"), "{said}");
}

#[test]
fn what_is_no_token_is_named_with_its_place() {
    for message in [
        "Malformed access token EAATESTuserTOKEN0123456789abcdef",
        "Invalid OAuth access token - Cannot parse access token",
    ] {
        // The Tech Provider's, asked about itself.
        let served = Script::new()
            .on("GET", "/me/permissions")
            .token(USER)
            .reply_error(400, 190, message)
            .beside_the_checks(&[
                "/me/application_details",
                "/me/assigned_applications",
                "/1/whatsapp_business_solutions",
            ])
            .serve();
        let run = Mps::new()
            .args(["list-apps", "--partner-app-id", "1", "--json"])
            .env("MPS_USER_TOKEN", USER)
            .against(&served)
            .run();
        run.code(4);
        let said = hint(&run);
        assert!(
            said.starts_with("see that MPS_USER_TOKEN holds the Tech Provider's token"),
            "{said}"
        );
        assert!(causes(&run).contains("came from MPS_USER_TOKEN"));
        sends_nobody_away(&run);
        // The same, looked at with our system token.
        let dead = json!({"data": {"is_valid": false, "scopes": [],
            "error": {"code": 190, "message": message}}});
        let served = Script::new()
            .on("GET", "/debug_token")
            .token(SYSTEM)
            .query("input_token", USER)
            .reply(200, dead)
            .any_times()
            .beside_the_checks(&[
                "/me/application_details",
                "/1/whatsapp_business_solutions",
                "/2/whatsapp_business_solutions",
            ])
            .beside_the_checks(&[
                "/me/application_details",
                "/me/assigned_applications",
                "/1/whatsapp_business_solutions",
            ])
            .serve();
        let run = Mps::new()
            .args(["create", "--app-id", "2", "--partner-app-id", "1", "--json"])
            .args(["--user-token-file", "-"])
            .stdin(USER)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("MPS_PARTNER_NAME", "Acme")
            .against(&served)
            .run();
        run.code(4);
        assert!(hint(&run).starts_with("see that stdin holds"), "{run}");
        sends_nobody_away(&run);
        // Ours.
        let served = Script::new()
            .on("GET", "/795")
            .token(SYSTEM)
            .reply_error(400, 190, message)
            .repeat()
            .beside_the_checks(&[
                "/me/application_details",
                "/me/assigned_applications",
                "/1/whatsapp_business_solutions",
            ])
            .serve();
        let run = Mps::new()
            .args(["accept", "795", "--partner-app-id", "1", "--json"])
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .env("MPS_PARTNER_NAME", "Acme")
            .against(&served)
            .run();
        run.code(4).stdout_has("\"outcome\":\"failed\"");
        let said = hint(&run);
        assert!(
            said.starts_with("see that MPS_SYSTEM_TOKEN holds our system user's token"),
            "{said}"
        );
        assert!(causes(&run).contains("our system token came from MPS_SYSTEM_TOKEN"));
        sends_nobody_away(&run);
    }
}

#[test]
fn a_token_that_is_over_is_still_the_tech_providers_to_renew() {
    let served = Script::new()
        .on("GET", "/me/permissions")
        .reply(
            400,
            json!({"error": {"code": 190, "error_subcode": 463, "message": "Session has expired"}}),
        )
        .beside_the_checks(&["/me/application_details", "/me/assigned_applications"])
        .serve();
    let run = Mps::new()
        .args(["list-apps", "--partner-app-id", "1", "--json"])
        .env("MPS_USER_TOKEN", USER)
        .against(&served)
        .run();
    run.code(4);
    assert!(hint(&run).contains("mps serve-button"), "{run}");
    assert!(causes(&run).contains("came from MPS_USER_TOKEN"));
}

#[test]
fn resume_is_not_named_where_it_has_nothing() {
    // Two solutions of other people: nothing of it is ours to take up.
    let world = World::of(1);
    let run = world.mps("accept 111 222 --json").run();
    run.code(1).stdout_has("\"outcome\":\"failed\"");
    let said = hint(&run);
    assert!(!said.contains("mps resume"), "{said}");
    assert_eq!(said, "when they are mended: mps accept 111 222 --json");
    world
        .mps("resume")
        .run()
        .code(0)
        .stderr_has("Nothing is unfinished");
    // Refused for good: Meta said no before anything was there.
    let refused = |id: &str, script: Script| {
        script
            .on("GET", &format!("/{id}/whatsapp_business_solutions"))
            .token(USER)
            .reply(200, json!({"data": []}))
            .repeat()
            .on("POST", &format!("/{id}/whatsapp_business_solution"))
            .token(USER)
            .reply_error(400, 100, "(#100) Invalid parameter")
    };
    let apps = json!([app(APPS[0], "Lucky Shrub"), app(APPS[1], "Mild Fern")]);
    let served = refused(APPS[1], refused(APPS[0], granted(USER, &apps))).serve();
    let mps = Mps::new()
        .args(["create", "--all", "--yes", "--json"])
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "Acme")
        .against(&served);
    let home = mps.home().clone();
    let run = mps.run();
    run.code(1).stdout_has("\"outcome\":\"failed\"");
    let said = hint(&run);
    let left = Mps::at(&home)
        .args(["resume", "--dry-run"])
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .against(&served)
        .run();
    left.code(0);
    let has_some = !left.stderr_text().contains("Nothing is unfinished");
    assert_eq!(said.contains("mps resume"), has_some, "{said}\n{left}");
}

#[test]
fn resume_is_named_where_it_has_something() {
    let world = World::of(2);
    let lost = json!({"call": "create", "fault": "drop", "commit": false, "times": 0});
    world.faults(json!({"rules": [lost]}));
    let run = world.mps("create --all --yes --json").run();
    run.code(6).stdout_has("\"outcome\":\"failed\"");
    for line in run.json_lines() {
        assert_eq!(line["error"]["hint"], "mps resume");
    }
    assert!(hint(&run).ends_with("mps resume"), "{run}");
    world.faults(json!({}));
    world.age();
    let taken = world.mps("resume --yes").run();
    taken.code(0);
    assert_eq!(taken.lines().len(), 2);
}

#[test]
fn an_app_that_was_not_begun_and_not_written_down_is_begun_by_the_same_command() {
    let world = World::of(2);
    let apps = world.apps();
    world.seed(&json!({"owner_app_id": apps[1], "status": "REJECTED"}));
    let dead = json!({"call": "create", "fault": "expired", "times": 0});
    world.faults(json!({"rules": [dead]}));
    let run = world.mps("create --all --yes --json --jobs 1").run();
    run.code(4);
    let lines = run.json_lines();
    let of = |app: &str| {
        let line = lines.iter().find(|line| line["app_id"] == app).unwrap();
        line["error"]["hint"].as_str().unwrap().to_owned()
    };
    // This one is passed over, so it was never planned.
    assert_eq!(
        of(&apps[1]),
        "when that is mended, type the same command again"
    );
}
