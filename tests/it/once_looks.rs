//! What a look must have shown before anything is created or accepted: listings that leave something out or are
//! refused, and an answer that names another app's solution.
//!
//! The one decision: a POST that the test does not announce fails it, so "nothing is sent" needs no further word.

use serde_json::{Value, json};

use crate::{
    once_world::World,
    stage::{APPS, PARTNER, app, granted, solution},
    support::{Mps, SYSTEM, Script, Served, USER},
};

/// One granted app, our own side and the owner's as they are told here.
fn meta(ours: &Value, owners: &Value) -> Script {
    let listing = |app: &str| format!("/{app}/whatsapp_business_solutions");
    granted(USER, &json!([app(APPS[0], "Lucky Shrub")]))
        .on("GET", "/debug_token")
        .reply_error(400, 100, "no")
        .any_times()
        .on("GET", &format!("/{PARTNER}"))
        .reply(200, app(PARTNER, "Acme"))
        .any_times()
        .on("GET", &listing(PARTNER))
        .token(SYSTEM)
        .query("role", "PARTNER")
        .reply(200, json!({ "data": ours }))
        .any_times()
        .on("GET", &listing(APPS[0]))
        .token(USER)
        .query("role", "OWNER")
        .reply(200, json!({ "data": owners }))
        .any_times()
}

/// Meta also shows this under a path.
fn shows(script: Script, path: &str, shown: &Value) -> Script {
    let script = script.on("GET", path);
    script.reply(200, shown.clone()).any_times()
}

/// A create may come, once.
fn creates(script: Script) -> Script {
    let path = format!("/{}/whatsapp_business_solution", APPS[0]);
    script
        .on("POST", &path)
        .reply(200, json!({"solution_id": "900"}))
}

fn mps(served: &Served, command: &str) -> Mps {
    Mps::new()
        .args([command, "--app-id", APPS[0], "--json"])
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .env("MPS_PARTNER_NAME", "Acme")
        .env("MPS_LOOK_PAUSES", "0,0,0")
        .against(served)
}

/// With the token that reads our own side.
fn with_both(served: &Served, command: &str) -> Mps {
    mps(served, command).env("MPS_SYSTEM_TOKEN", SYSTEM)
}

/// A solution of the app, without these fields.
fn without(fields: &[&str], status: &str) -> Value {
    let mut solution = solution("795", APPS[0], PARTNER, status);
    for field in fields {
        solution.as_object_mut().unwrap().remove(*field);
    }
    solution
}

#[test]
fn a_live_solution_of_nobody_is_not_passed_over() {
    let nobodys = without(&["owner_app"], "ACTIVE");
    for command in ["create", "onboard"] {
        let script = meta(&json!([nobodys]), &json!([]));
        let served = shows(script, "/795", &nobodys).serve();
        let run = with_both(&served, command)
            .args(["--yes"].iter().filter(|_| command == "onboard"))
            .run();
        run.code(4).stdout("");
        let error = run.error();
        let text = |key: &str| error[key].as_str().unwrap().to_owned();
        assert!(text("message").contains("795"), "{run}");
        assert!(text("hint").contains("--no-look"), "{run}");
        assert!(!served.lines().iter().any(|line| line.starts_with("POST")));
    }
    // A refusal to read it says no more.
    let served = meta(&json!([nobodys]), &json!([]))
        .on("GET", "/795")
        .reply_error(403, 10, "no")
        .any_times()
        .serve();
    with_both(&served, "create").run().code(4).stderr_has("795");
    // A person may have looked.
    let served = creates(meta(&json!([nobodys]), &json!([]))).serve();
    let run = with_both(&served, "create").arg("--no-look").run();
    run.code(0);
}

#[test]
fn whose_a_solution_is_its_own_reading_says() {
    let listed = without(&["owner_app"], "ACTIVE");
    let read = solution("795", APPS[0], PARTNER, "ACTIVE");
    let served = shows(meta(&json!([listed]), &json!([])), "/795", &read).serve();
    let run = with_both(&served, "create").run();
    run.code(0);
    let line = run.json();
    assert_eq!(
        (&line["outcome"], &line["solution_id"]),
        (&json!("existing"), &json!("795"))
    );
    // Another app's, or one that is over, is no reason.
    let another = solution("795", "42", PARTNER, "ACTIVE");
    let over = without(&["owner_app"], "REJECTED");
    for (listed, read) in [(&listed, &another), (&over, &over)] {
        let script = meta(&json!([listed]), &json!([]));
        let served = creates(shows(script, "/795", read)).serve();
        let run = with_both(&served, "create").run();
        run.code(0);
        assert_eq!(run.json()["solution_id"], "900");
    }
    // The app's own side says it too.
    let served = shows(meta(&json!([listed]), &json!([read])), "/795", &listed).serve();
    let run = with_both(&served, "create").run();
    run.code(0);
    assert_eq!(run.json()["outcome"], "existing");
}

#[test]
fn an_owners_solution_without_partners_is_asked_for_them() {
    let ours = json!({"data": [{"partner_app": app(PARTNER, "Acme"), "partner_permissions": ["MESSAGING"]}]});
    let others = json!({"data": [{"partner_app": app("77", "Others"), "partner_permissions": []}]});
    for partners in [json!({"data": []}), json!([]), Value::Null] {
        let mut listed = without(&[], "ACTIVE");
        listed["partners"] = partners;
        let look = |edge: &Value| {
            let script = meta(&json!([]), &json!([listed]));
            shows(shows(script, "/795", &listed), "/795/partners", edge)
        };
        let served = look(&ours).serve();
        let run = mps(&served, "create").run();
        run.code(0);
        assert_eq!(run.json()["outcome"], "existing", "{listed}");
        let served = creates(look(&others)).serve();
        mps(&served, "create").run().code(0);
        // Still nobody: it may be ours.
        let served = look(&json!({"data": []})).serve();
        let run = mps(&served, "create").run();
        run.code(4).stderr_has("--no-look");
        // That our own side does not show it proves nothing.
        let served = look(&json!({"data": []})).serve();
        with_both(&served, "create").run().code(4);
    }
}

#[test]
fn what_an_owners_side_leaves_out_concerns_that_app_only() {
    let mut listed = without(&[], "ACTIVE");
    listed["partners"] = json!([]);
    let apps = json!([app(APPS[0], "Lucky Shrub"), app(APPS[1], "Wind & Wool")]);
    let listing = |app: &str| format!("/{app}/whatsapp_business_solutions");
    let script = granted(USER, &apps)
        .on("GET", &listing(APPS[0]))
        .reply(200, json!({ "data": [listed] }))
        .any_times()
        .on("GET", &listing(APPS[1]))
        .reply(200, json!({ "data": [] }))
        .any_times()
        .on("POST", &format!("/{}/whatsapp_business_solution", APPS[1]))
        .reply(200, json!({"solution_id": "900"}));
    let script = shows(script, "/795/partners", &json!({"data": []}));
    let served = shows(script, "/795", &listed).serve();
    let run = mps(&served, "create").args(["--app-id", APPS[1]]).run();
    run.code(3);
    let line = |app: &str| {
        let lines = run.json_lines();
        let is_it = |line: &Value| line["app_id"] == app;
        lines.into_iter().find(is_it).unwrap()
    };
    assert_eq!(line(APPS[1])["solution_id"], "900");
    let error = &line(APPS[0])["error"];
    assert_eq!(error["kind"], "permission", "{run}");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("with our app, then add --no-look"), "{hint}");
}

#[test]
fn an_empty_owners_side_is_not_enough_where_our_own_is_refused() {
    let denied = |code: u32| json!({"denied": {"code": code}});
    for (refusal, lacks) in [
        (denied(10), "manage_app_solution"),
        (denied(200), "manage_app_solution"),
        (json!("not_found"), "our app"),
    ] {
        for command in ["create --all --yes", "onboard --all --yes"] {
            let world = World::of(1);
            world.seed(&json!({"status": "ACTIVE"}));
            let ours =
                json!({"call": "list", "role": "PARTNER", "times": 0, "fault": refusal.clone()});
            let owners =
                json!({"call": "list", "role": "OWNER", "times": 0, "fault": "empty_listing"});
            world.faults(json!({"rules": [ours, owners]}));
            let run = world.mps(command).arg("--json").run();
            run.code(4).stdout("");
            let hint = run.error()["hint"].as_str().unwrap().to_owned();
            assert!(hint.contains(lacks) && hint.contains("--no-look"), "{hint}");
            assert_eq!((world.calls("create"), world.calls("accept")), (0, 0));
            // What the owner's side shows is enough to say that there is one.
            world.faults(json!({ "rules": [ours] }));
            let run = world.mps(command).arg("--json").run();
            run.code(0);
            assert_eq!(run.json()["outcome"], "existing");
            assert_eq!(world.calls("create"), 0);
        }
    }
}

/// Two apps; a solution of the second one waits for us, and create's answer for the first one names it.
fn answered_with_anothers(commit: bool, more: Value) -> (World, String, String) {
    let world = World::of(2);
    let apps = world.apps();
    let foreign = world.seed(&json!({"owner_app_id": apps[1], "status": "INITIATED"}));
    let mut faults = more;
    faults["rules"] =
        json!([{"call": "create", "commit": commit, "fault": {"other_id": {"id": foreign}}}]);
    world.faults(faults);
    (world, apps[0].clone(), foreign)
}

/// Whether the foreign one, which was there first, still waits.
fn foreign_waits(world: &World) {
    let (_, status) = &world.solutions()[0];
    assert_eq!(status, "INITIATED", "it is another app's");
}

#[test]
fn an_answer_that_names_another_apps_solution_accepts_nothing_of_it() {
    for more in ["", " --no-look", " --allow-duplicate --name another"] {
        for faults in [json!({}), json!({"listing_lag": 2}), json!({"read_lag": 2})] {
            // Made, under an id that nobody told: it is found.
            let (world, app, foreign) = answered_with_anothers(true, faults);
            let onboard = format!("onboard --yes --json --app-id {app}{more}");
            let run = world.mps(&onboard).run();
            run.stderr_has(&foreign);
            run.code(0);
            assert_eq!(run.json()["solution_id"], json!(world.id(1)), "{more}");
            foreign_waits(&world);
            assert_eq!(world.calls("create"), 1, "{more}");
            assert_eq!(world.solutions()[1], (app, "ACTIVE".to_owned()));
        }
    }
    // Not made: nobody knows, and nothing more is sent.
    let (world, app, foreign) = answered_with_anothers(false, json!({}));
    let onboard = format!("onboard --yes --json --app-id {app}");
    let run = world.mps(&onboard).run();
    run.code(6).stderr_has(&foreign);
    assert_eq!(run.error()["hint"], "mps resume");
    assert_eq!((world.calls("create"), world.calls("accept")), (1, 0));
    foreign_waits(&world);
    world.mps("resume --yes").run().code(6);
    world.age();
    world.mps("resume --yes").run().code(0);
    foreign_waits(&world);
    assert_eq!(world.solutions()[1], (app, "ACTIVE".to_owned()));
}

#[test]
fn an_answer_that_names_nothing_is_no_dead_end() {
    let rows = [("", ""), (" --allow-duplicate --name two", " --name two")];
    for (commit, (more, name)) in [true, false]
        .into_iter()
        .flat_map(|c| rows.map(|row| (c, row)))
    {
        let world = World::of(1);
        let app = world.apps().remove(0);
        let nothing = json!({"other_id": {"id": "999999999999999"}});
        world.faults(json!({"rules": [{"call": "create", "commit": commit, "fault": nothing}]}));
        let onboard = format!("onboard --yes --app-id {app}{more}");
        world.mps(&onboard).run().code(1);
        world.faults(json!({}));
        let run = world.mps("resume --yes --json").run();
        if commit {
            // Made, under an id that nobody told: it is found by its name and terms.
            run.code(0);
            assert_eq!(run.json()["solution_id"], json!(world.id(0)));
        } else {
            run.code(1);
            let hint = run.json()["error"]["hint"].as_str().unwrap().to_owned();
            let (_, typed) = hint.split_once("none: mps ").expect("a command");
            let typed = typed.replace('\'', "");
            world.mps(&format!("{typed} --yes")).run().code(0);
            world.mps(&onboard).run().code(0);
        }
        assert_eq!(world.solutions(), [(app, "ACTIVE".to_owned())]);
        assert_eq!(world.calls("create"), if commit { 1 } else { 2 });
        // What Meta shows is not closed by a word.
        let close = format!("resume --app-id {}{name} --not-made --yes", world.apps()[0]);
        world.mps(&close).run().code(1);
    }
}

#[test]
fn an_id_in_the_journal_that_is_another_apps_is_forgotten() {
    for next in ["accept FOREIGN", "onboard --yes --app-id APP"] {
        let (world, app, foreign) = answered_with_anothers(true, json!({}));
        world
            .mps(&format!("create --app-id {app}"))
            .run()
            .code(0)
            .stdout(format!("{foreign}\n"));
        let next = next.replace("FOREIGN", &foreign).replace("APP", &app);
        let run = world.mps(&next).run();
        run.stderr_has(&foreign);
        if next.starts_with("accept") {
            run.code(1).stdout("");
            assert_eq!(world.calls("accept"), 0);
        } else {
            run.code(0);
        }
        foreign_waits(&world);
        let onboard = format!("onboard --yes --app-id {app}");
        let run = world.mps(&onboard).run();
        run.code(0).stdout(format!("{}\n", world.id(1)));
        foreign_waits(&world);
        assert_eq!(world.calls("create"), 1);
    }
}
