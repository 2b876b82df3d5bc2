//! What `--json` writes is what the reference says: every field, its type, and nothing beside it.
//!
//! The one decision: real runs are held against `src/cli/reference.rs` in both directions. A field that no run shows, or
//! that a run shows and the reference does not know, fails; so does one that is missing from a single object.

mod differences;

use std::collections::BTreeMap;

use mps::testing::{
    cli::{
        self,
        reference::{ERROR, JsonOutput, OUTPUTS, WITHOUT},
    },
    sandbox::{ApiShape, Fault, Operation, Rule, SandboxConfig},
};
use serde_json::{Value, json};

use self::differences::differences;
use crate::{
    button, listen, postgres,
    profile::profile,
    sandbox::end_sandbox,
    stage::{APPS, SOLUTIONS, Stage},
    support::{Mps, Outcome},
    watch,
};

/// The objects that runs of each command wrote.
#[derive(Default)]
struct Seen(BTreeMap<String, Vec<Value>>);

impl Seen {
    fn add(&mut self, command: &str, run: &Outcome) {
        self.put(command, run.json_lines());
        let said = run.stderr_json_lines();
        let errors = said.iter().filter_map(|line| line.get("error").cloned());
        self.put("error", errors);
    }

    fn put(&mut self, command: &str, objects: impl IntoIterator<Item = Value>) {
        self.0
            .entry(command.to_owned())
            .or_default()
            .extend(objects);
    }
}

fn work(seen: &mut Seen) {
    let stage = Stage::new();
    let json = |args: &[&str]| stage.mps(["--json"]).args(args).run();
    let mut run = |command: &str, args: &[&str], code: i32| {
        let run = json(args);
        run.code(code);
        seen.add(command, &run);
    };
    run("create", &["create", "--all", "--dry-run"], 0);
    run("create", &["create", "--app-id", APPS[0]], 0);
    run("accept", &["accept", SOLUTIONS[0], "--dry-run"], 0);
    run("accept", &["accept", SOLUTIONS[0], "99"], 3);
    run("onboard", &["onboard", "--all", "--dry-run"], 0);
    run("onboard", &["onboard", "--all", "--yes"], 0);
    run("list-apps", &["list-apps"], 0);
    run("reject", &["reject", "--yes", "99"], 1);
    for (command, word) in [
        ("deactivate request", "request"),
        ("deactivate reject", "reject"),
        ("deactivate request", "request"),
        ("deactivate accept", "accept"),
    ] {
        run(
            command,
            &["deactivate", word, "--yes", "99", SOLUTIONS[0]],
            3,
        );
    }
    run("list", &["list"], 0);
    stage.seed_status(0, "INITIATED");
    run("tidy", &["tidy", "--yes"], 0);
    run("show", &["show", SOLUTIONS[0]], 0);
    run("wait", &["wait", SOLUTIONS[0], "--until", "deactivated"], 0);
    run("history", &["history"], 0);
    run("history verify", &["history", "verify"], 0);
    let kept = stage.home.path().join("journal.ndjson");
    run(
        "history export",
        &["history", "export", kept.to_str().unwrap()],
        0,
    );
    run("journal status", &["journal", "status"], 0);
    run("handoff", &["handoff", SOLUTIONS[0]], 0);
    run("doctor", &["doctor", "--port", "0"], 0);
    let address = "--public-url=https://mps.example.com";
    run(
        "invite",
        &["invite", "--for", "acme", "--app-id", APPS[0], address],
        0,
    );
    let token = stage.sandbox.user_token().secret().expose();
    let line = json!({"ref": "acme", "user_token_file": stage.home.file("token", token)});
    let file = stage.home.file("from", line.to_string());
    let file = file.to_str().unwrap();
    run("onboard", &["onboard", "--yes", "--from", file], 0);
    run("history", &["history"], 0);
    run("invite", &["invite", "--from", file, address], 0);
    run("invite list", &["invite", "list", address], 0);
    run("invite revoke", &["invite", "revoke", "acme", address], 0);
    let import = ["--json", "history", "import", kept.to_str().unwrap()];
    let import = Mps::new().args(import).run();
    import.code(0);
    seen.add("history import", &import);
}

/// A client's token in both shapes, and the clients.
fn clients(seen: &mut Seen) {
    let stage = Stage::of(&["ACTIVE"]);
    let business = "--business-id=506914307656634";
    let client = ["--json", "business-token", SOLUTIONS[0], business];
    let client = stage.mps(client).stdout_may_hold_token().run();
    client.code(0);
    seen.add("business-token", &client);
    let open = Stage::with(SandboxConfig {
        shape: ApiShape::OpenApi,
        ..SandboxConfig::default()
    });
    open.seed_status(0, "ACTIVE");
    let ends = ["--json", "business-token", SOLUTIONS[0], business];
    let ends = open.mps(ends).stdout_may_hold_token().run();
    ends.code(0);
    seen.add("business-token", &ends);
    let ours = "--business=104996122399160";
    let clients = stage.mps(["--json", "clients", ours]).run();
    clients.code(0);
    seen.add("clients", &clients);
}

/// Who holds what in a team's database, and the end of it.
fn team(seen: &mut Seen) {
    for (command, run) in postgres::held_and_unlocked() {
        seen.add(command, &run);
    }
    for command in ["journal status", "journal unlock"] {
        // Where there is no database, the reference's own word has to do.
        if !crate::support::needs_postgres() {
            let example = JsonOutput::by(command).unwrap().example;
            seen.put(command, [serde_json::from_str(example).unwrap()]);
        }
    }
}

fn what_fails(seen: &mut Seen) {
    let stage = Stage::new();
    let lost = Rule {
        commit: Some(false),
        times: 0,
        ..Rule::new(Operation::Create, Fault::Unavailable)
    };
    stage.rules([lost]);
    let token = stage.sandbox.user_token().secret().expose();
    let token = stage.home.file("user-token.txt", token);
    let run = stage
        .mps([
            "--json", "onboard", "--yes", "--for", "a", "--app-id", APPS[0],
        ])
        .args(["--user-token-file", token.to_str().unwrap()])
        .run();
    run.code(6);
    assert_eq!(run.json_lines()[0]["verified"], false, "{run}");
    seen.add("onboard", &run);
    let run = stage.mps(["--json", "history"]).run();
    run.code(0);
    seen.add("history", &run);
    let run = stage.mps(["--json", "resume", "--dry-run"]).run();
    run.code(0);
    seen.add("resume", &run);
    stage.rules([]);
    let run = stage.mps(["--json", "resume", "--yes"]).run();
    run.any_code();
    seen.add("resume", &run);
    let waiting = Stage::of(&["INITIATED"]);
    let run = waiting
        .mps(["--json", "reject", "--yes", SOLUTIONS[0]])
        .run();
    run.code(0);
    assert_eq!(waiting.statuses(), ["REJECTED"]);
    seen.add("reject", &run);
    // An error with both of Meta's codes.
    let refused = Fault::Error {
        status: 400,
        code: 100,
        subcode: Some(33),
        message: "No".to_owned(),
    };
    stage.rules([Rule::new(Operation::Create, refused)]);
    let run = stage.mps(["--json", "create", "--app-id", APPS[1]]).run();
    run.code(1);
    seen.add("create", &run);
}

fn tools(seen: &mut Seen) {
    let stage = Stage::new();
    let run = stage.mps(["--json", "help"]).run();
    run.code(0);
    seen.add("help", &run);
    let init = [
        "--json",
        "init",
        "--no-input",
        "--no-check",
        "--profile",
        "work",
        "--system-token-command",
        "echo x",
    ];
    let run = stage.mps(init).run();
    run.code(0);
    seen.add("init", &run);
    let secrets = "user_token_command = \"true\"\napp_secret_file = \"x\"\nsystem_token_store = \"keyring\"\n\
        verify_token_file = \"y\"\nnotify_secret_file = \"z\"\njournal_command = \"echo\"\n";
    profile(&stage.home, "full", secrets);
    profile(&stage.home, "broken", "=\n");
    let run = stage.mps(["--json", "profile", "list"]).run();
    run.code(0);
    seen.add("profile list", &run);
    for name in ["work", "full"] {
        let run = stage.mps(["--json", "profile", "show", name]).run();
        run.code(0);
        seen.add("profile show", &run);
    }
    let run = stage
        .mps(["--json", "sandbox", "--shell", "--port", "0"])
        .stdout_may_hold_token()
        .run();
    run.code(0);
    end_sandbox(&run);
    seen.put("sandbox", run.json_lines());
}

/// A token caught by the page, with all that Meta's SDK may say beside it.
fn caught(seen: &mut Seen) {
    let stage = button::Stage::new();
    // Without our app's secret nobody can check what is signed, so it is handed on as it is.
    let mps = stage.mps().env("MPS_APP_SECRET", "");
    let args = ["--json", "serve-button", "--http", "--port", "0"];
    let serving = button::Serving::start(mps.args(args).stdout_may_hold_token());
    let nonce = button::nonce(&serving);
    let ours = format!("http://localhost:{}", serving.port());
    let headers = [
        ("Origin", ours.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", nonce.as_str()),
    ];
    let grant: Value = serde_json::from_str(&button::grant(&stage)).unwrap();
    let mut grant = grant.as_object().unwrap().clone();
    grant.remove("pasted");
    grant.extend([
        ("userID".to_owned(), json!("10229876543210987")),
        ("expiresIn".to_owned(), json!(3600)),
        (
            "data_access_expiration_time".to_owned(),
            json!(1_900_000_000),
        ),
        ("reauthorize_required_in".to_owned(), json!(7200)),
        ("signedRequest".to_owned(), json!("c2ln.e30")),
        ("grantedScopes".to_owned(), json!("manage_app_solution")),
    ]);
    let answer = button::at(
        &serving,
        "POST",
        "/token",
        &headers,
        &Value::from(grant).to_string(),
    );
    assert_eq!(answer.status, 202, "{}", answer.text());
    let run = serving.run.finish();
    run.code(0);
    seen.put("serve-button", run.json_lines());
}

#[test]
fn every_command_writes_what_the_reference_says() {
    let mut seen = Seen::default();
    work(&mut seen);
    what_fails(&mut seen);
    tools(&mut seen);
    caught(&mut seen);
    team(&mut seen);
    clients(&mut seen);
    seen.add("watch", &watch::done_waiting_and_failed());
    let [listened, again] = listen::one_of_each();
    seen.add("listen", &listened);
    seen.add("listen replay", &again);
    for output in OUTPUTS {
        for command in output.commands {
            let objects = seen.0.remove(*command).unwrap_or_default();
            assert!(!objects.is_empty(), "no run of {command}");
            assert!(output.lines || *command == "error" || objects.iter().all(Value::is_object));
            assert_eq!(differences(output, &objects), [""; 0], "{command}");
        }
    }
    assert_eq!(
        seen.0.keys().collect::<Vec<_>>(),
        [""; 0],
        "written, and not in the reference"
    );
}

#[test]
fn the_examples_are_such_objects() {
    for output in OUTPUTS {
        let example: Value = serde_json::from_str(output.example).unwrap();
        let mut wrong = differences(output, &[example]);
        // One example cannot show every field with something in it.
        wrong.retain(|line| !line.starts_with("no run shows"));
        assert_eq!(wrong, [""; 0], "{:?}", output.commands);
    }
}

#[test]
fn the_fields_are_those_that_scripts_know() {
    let mut found = String::new();
    for output in OUTPUTS {
        found += &format!("{}\n", output.commands.join(", "));
        for field in output.fields() {
            let missing = if field.optional { " or missing" } else { "" };
            found += &format!("  {} {}{missing}\n", field.path, field.kind);
        }
    }
    assert_eq!(
        found,
        include_str!("json_fields.txt"),
        "scripts read these fields: a change that is meant is typed into tests/it/json_fields.txt and the changelog"
    );
}

#[test]
fn every_command_has_its_record_or_none() {
    let mut root = cli::tree();
    root.build();
    let mut left: Vec<(String, clap::Command)> = vec![(String::new(), root)];
    while let Some((path, command)) = left.pop() {
        let visible = |below: &&clap::Command| !below.is_hide_set() && below.get_name() != "help";
        let below: Vec<_> = command.get_subcommands().filter(visible).cloned().collect();
        if below.is_empty() {
            let known = JsonOutput::by(&path).is_some() || WITHOUT.contains(&path.as_str());
            assert!(
                known,
                "src/cli/reference.rs does not say what `mps {path} --json` writes"
            );
            let help = command.get_after_long_help().map(ToString::to_string);
            let told = |output: &JsonOutput| {
                help.as_ref()
                    .is_some_and(|help| help.contains(&output.help()))
            };
            assert!(
                JsonOutput::by(&path).is_none_or(told),
                "`mps {path} --help` does not have the fields"
            );
        }
        let name = |below: &clap::Command| format!("{path} {}", below.get_name()).trim().to_owned();
        left.extend(below.iter().map(|below| (name(below), below.clone())));
    }
}

#[test]
fn what_differs_is_named() {
    let sound = json!({"kind": "io", "exit_code": 1, "message": "m", "causes": [], "hint": "h", "code": 1, "subcode": 2,
        "fbtrace_id": "f", "run_id": "r", "log": "l"});
    assert_eq!(differences(&ERROR, std::slice::from_ref(&sound)), [""; 0]);
    let with = |name: &str, value: Value| {
        let mut object = sound.clone();
        object[name] = value;
        differences(&ERROR, &[object]).join(", ")
    };
    assert!(with("new", json!(1)).contains("new is not in the reference"));
    assert!(with("exit_code", json!("1")).contains("exit_code is Some(\"string\"), not integer"));
    assert!(with("message", json!(null)).contains("message is Some(\"null\")"));
    assert!(with("hint", json!(null)).contains("no run shows a string? in hint"));
    let mut object = sound.clone();
    object.as_object_mut().unwrap().remove("hint");
    assert!(
        differences(&ERROR, &[sound, object])
            .join(", ")
            .contains("hint is None, not string?")
    );
    let output = JsonOutput::by("show").unwrap();
    let partners = json!({"partners": [{"app_id": 7, "odd": 1}]});
    let found = differences(output, &[partners]).join(", ");
    assert!(
        found.contains("partners.odd is not")
            && found.contains("partners[].app_id is Some(\"integer\")"),
        "{found}"
    );
}
