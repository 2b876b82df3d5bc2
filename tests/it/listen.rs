//! `mps listen`: what Meta sends is kept before it is answered, told once, and lost by no death.
//!
//! The one decision: a raw client plays Meta, and signs with a signature of its own, so that mps is checked by another
//! reading of the documents.

use std::net::SocketAddr;

use ring::hmac;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    button::free_port,
    once_world::{Moment, World, read_of},
    support::{Mps, Outcome, Running, Script, http},
};

pub(crate) const VERIFY: &str = "a-verify-token-of-ours-0123456789";

/// A listener's address.
pub(crate) struct Hooks {
    pub(crate) port: String,
}

fn sha256(secret: &str, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, body.as_bytes());
    let hex: String = tag
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256={hex}")
}

/// A webhook about a solution.
pub(crate) fn updated(solution: &str, time: i64) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "506914307656634", "time": time, "changes": [
        {"field": "partner_solutions",
         "value": {"event": "SOLUTION_UPDATED", "solution_id": solution, "solution_status": "ACTIVE"}}]}]})
}

impl Hooks {
    pub(crate) fn free() -> Self {
        Self { port: free_port() }
    }

    pub(crate) fn public(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port.parse().unwrap()).into()
    }

    /// The command that listens here.
    pub(crate) fn command(&self, world: &World, more: &str) -> Mps {
        let command = format!(
            "listen --port {} --public-url {}{more}",
            self.port,
            self.public()
        );
        secrets(world, world.mps(&command))
    }

    pub(crate) fn listen(&self, world: &World, more: &str) -> Running {
        let run = self.command(world, more).start();
        run.wait_for_line("Webhooks come in at");
        run
    }

    fn asks(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> http::Answer {
        let host = format!("localhost:{}", self.port);
        let mut all = vec![("Host", host.as_str())];
        all.extend(headers);
        http::request(self.address(), method, path, &all, body)
    }

    /// Meta sends this, signed with this secret.
    fn sends_signed(&self, body: &str, secret: &str) -> u16 {
        let signature = sha256(secret, body);
        let headers = [("X-Hub-Signature-256", signature.as_str())];
        self.asks("POST", "/webhooks", &headers, body).status
    }

    /// Meta sends this.
    pub(crate) fn sends(&self, world: &World, body: &Value) -> u16 {
        self.sends_signed(&body.to_string(), secret(world))
    }
}

fn secret(world: &World) -> &str {
    world.sandbox.app_secret().secret().expose()
}

pub(crate) fn secrets(world: &World, mps: Mps) -> Mps {
    mps.env("MPS_APP_SECRET", secret(world))
        .env("MPS_VERIFY_TOKEN", VERIFY)
}

pub(crate) fn ends(run: Running) -> Outcome {
    run.signal(Signal::TERM);
    let outcome = run.finish();
    outcome.code(0);
    outcome
}

fn stops(run: Running) {
    let _ = ends(run);
}

pub(crate) fn active(world: &World) -> String {
    world.seed(&json!({"owner_app_id": world.apps()[0], "name": "A name", "status": "ACTIVE"}))
}

/// A listener that told one change of each field, for `tests/it/json.rs`.
pub(crate) fn one_of_each() -> [Outcome; 2] {
    let world = World::of(1);
    let (hooks, id) = (Hooks::free(), active(&world));
    let run = hooks.listen(&world, " --json");
    let added = json!({"entry": [{"id": "7", "time": 8, "changes": [{"field": "account_update", "value":
        {"event": "PARTNER_ADDED", "waba_info": {"waba_id": "9", "owner_business_id": "10"}}}]}]});
    assert_eq!(hooks.sends(&world, &added), 200);
    run.wait_for_stdout_line("PARTNER_ADDED");
    assert_eq!(hooks.sends(&world, &updated(&id, 1)), 200);
    run.wait_for_stdout_line(&id);
    let again = secrets(&world, world.mps("listen replay --json --since 1h")).run();
    again.code(0);
    [ends(run), again]
}

#[test]
fn a_change_is_told_once_with_what_is_true_of_its_solution() {
    let world = World::of(1);
    let (hooks, id) = (Hooks::free(), active(&world));
    let run = hooks.listen(&world, "");
    for _ in 0..3 {
        assert_eq!(hooks.sends(&world, &updated(&id, 1)), 200);
    }
    assert_eq!(hooks.sends(&world, &updated(&id, 2)), 200);
    run.wait_for_stdout_line("\"time\":2");
    let lines = ends(run).json_lines();
    assert_eq!(lines.len(), 2);
    let told = &lines[0];
    assert_eq!(told["solution_id"], id);
    assert_eq!(
        (&told["status"], &told["verified"]),
        (&json!("ACTIVE"), &json!(true))
    );
    assert_eq!(told["owner_app_id"], world.apps()[0]);
    // A double is known after a restart too.
    let run = hooks.listen(&world, "");
    assert_eq!(hooks.sends(&world, &updated(&id, 2)), 200);
    assert_eq!(hooks.sends(&world, &updated(&id, 3)), 200);
    run.wait_for_stdout_line("\"time\":3");
    assert_eq!(ends(run).json_lines().len(), 1);
    let again = secrets(&world, world.mps("listen replay --since 1h")).run();
    assert_eq!(again.code(0).json_lines().len(), 3);
}

#[test]
fn who_is_not_meta_is_refused_and_leaves_no_trace() {
    let world = World::of(1);
    let (hooks, id) = (Hooks::free(), active(&world));
    let run = hooks.listen(&world, "");
    let body = updated(&id, 1).to_string();
    assert_eq!(
        hooks.sends_signed(&body, "00000000000000000000000000000000"),
        403
    );
    assert_eq!(hooks.asks("POST", "/webhooks", &[], &body).status, 403);
    let ask = |token: &str| {
        let path = format!(
            "/webhooks?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}"
        );
        let answer = hooks.asks("GET", &path, &[], "");
        (answer.status, answer.text())
    };
    assert_eq!(ask(VERIFY), (200, "1158201444".to_owned()));
    assert_eq!(ask("another").0, 403);
    assert_eq!(hooks.asks("PUT", "/webhooks", &[], "").status, 405);
    // There is no page here.
    assert_eq!(hooks.asks("POST", "/token", &[], "{}").status / 100, 4);
    ends(run)
        .stdout("")
        .stderr_has("was not signed with our app's secret");
}

#[test]
fn three_megabytes_with_a_thousand_changes_come_in_signed_and_nothing_large_unsigned() {
    let world = World::of(1);
    let hooks = Hooks::free();
    let run = hooks.listen(&world, "");
    let changes: Vec<Value> = (0..1000)
        .map(|n| json!({"field": "account_update", "value": {"event": "ACCOUNT_DELETED", "n": n, "waba_info": {"waba_id": n.to_string()}, "filling": "x".repeat(2_900)}}))
        .collect();
    let body = json!({"entry": [{"id": "1", "time": 1, "changes": changes}]}).to_string();
    assert!((2_900_000..3 << 20).contains(&body.len()), "{}", body.len());
    let host = format!("localhost:{}", hooks.port);
    for (header, path) in [("X-None", "/webhooks"), ("X-Hub-Signature-256", "/token")] {
        let signature = sha256(secret(&world), &body);
        // Only the head: the body would not be waited for.
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\n{header}: {signature}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let answer = http::exchange(http::connect(hooks.address()), head.as_bytes()).unwrap();
        assert_eq!(answer.status, 413, "{header} {path}");
    }
    assert_eq!(hooks.sends_signed(&body, secret(&world)), 200);
    run.wait_for_stdout_line("\"n\":999,");
    assert_eq!(ends(run).json_lines().len(), 1000);
}

#[test]
fn what_was_taken_and_not_told_is_told_after_a_kill() {
    let world = World::of(1);
    let (hooks, id) = (Hooks::free(), active(&world));
    let run = hooks.listen(&world, "");
    let read = world.gate.hold_at(1, Moment::BeforeMeta, &read_of(&id));
    assert_eq!(hooks.sends(&world, &updated(&id, 1)), 200);
    read.reached();
    run.kill().killed_by(9).stdout("");
    read.open();
    let run = hooks.listen(&world, "");
    let line = run.wait_for_stdout_line(&id);
    assert!(line.contains("\"verified\":true"), "{line}");
    assert_eq!(ends(run).json_lines().len(), 1);
}

#[test]
fn the_command_gets_the_change_and_no_secret_and_is_tried_again_where_it_fails() {
    let world = World::of(1);
    let (hooks, id) = (Hooks::free(), active(&world));
    let out = world.home.path().join("out");
    let script = world.home.path().join("hook.sh");
    let may = world.home.path().join("may");
    std::fs::write(
        &script,
        format!(
            "cat >> {out}\nenv | grep '^MPS_.*\\(TOKEN\\|SECRET\\)' >> {out}\ntest -e {may}\n",
            out = out.display(),
            may = may.display()
        ),
    )
    .unwrap();
    let listen = || {
        let run = hooks
            .command(&world, "")
            .args(["--exec", &format!("sh {}", script.display())])
            .start();
        run.wait_for_line("Webhooks come in at");
        run
    };
    let run = listen();
    assert_eq!(hooks.sends(&world, &updated(&id, 1)), 200);
    run.wait_for_line("the command of --exec failed");
    ends(run).stdout("");
    std::fs::write(&may, "").unwrap();
    let run = listen();
    run.wait_for_stdout_line(&id);
    stops(run);
    let got = std::fs::read_to_string(&out).unwrap();
    assert_eq!(got.lines().count(), 2, "{got}");
    let change: Value = serde_json::from_str(got.lines().next().unwrap()).unwrap();
    assert_eq!(change["solution_id"], id);
}

#[test]
fn a_webhook_is_sent_on_as_it_came() {
    let world = World::of(1);
    let hooks = Hooks::free();
    let body = r#"{"object":"whatsapp_business_account","entry":[{"id":"1","time":1,"changes":[{"field":"messages","value":{"text":"caf\u00e9 \/"}}]}]}"#;
    let there = Script::new()
        .on("POST", "/in")
        .reply(200, json!({}))
        .serve();
    let run = hooks.listen(&world, &format!(" --forward {}/in", there.url()));
    assert_eq!(hooks.sends_signed(body, secret(&world)), 200);
    there.wait_for("POST", "/in");
    ends(run).stdout("");
    let sent = there.requests();
    assert_eq!(sent[0].text(), body);
    let signature = sha256(secret(&world), body);
    assert_eq!(
        sent[0].header("x-hub-signature-256"),
        Some(signature.as_str())
    );
}

#[test]
fn our_app_is_subscribed_after_a_yes_and_hears_what_becomes_of_a_solution() {
    let world = World::of(1);
    let hooks = Hooks::free();
    hooks
        .command(&world, " --subscribe")
        .run()
        .code(2)
        .stderr_has("Meta sends our app's webhooks nowhere")
        .stderr_has("--yes");
    let run = hooks.listen(&world, " --subscribe --yes");
    run.wait_for_line("Our app is subscribed");
    world.faults(json!({"webhooks": {"doubled": true}}));
    let id = active(&world);
    let told = run.wait_for_stdout_line(&id);
    assert!(told.contains("SOLUTION_CREATED"), "{told}");
    stops(run);
    // Nothing changes, so nothing is asked.
    let run = hooks.listen(&world, " --subscribe");
    run.wait_for_line("Our app is subscribed");
    world.faults(json!({"webhooks": {"badly_signed": true}}));
    world.seed(&json!({"solution_id": id, "status": "REJECTED"}));
    world.faults(json!({"webhooks": {"late_ms": 1}}));
    world.seed(&json!({"solution_id": id, "status": "DEACTIVATED"}));
    run.wait_for_stdout_line("\"told_status\":\"DEACTIVATED\"");
    ends(run).stdout_lacks("REJECTED");
    // Another address: what moves is said.
    let other = Hooks::free();
    let moved = other.listen(&world, " --subscribe --yes");
    moved.wait_for_line("all of them move to");
    moved.wait_for_line("Our app is subscribed");
    stops(moved);
}

#[test]
fn what_it_needs_is_said_before_it_listens() {
    let world = World::of(1);
    let hooks = Hooks::free();
    for (name, code, said) in [
        ("MPS_APP_SECRET", 4, "MPS_APP_SECRET"),
        ("MPS_VERIFY_TOKEN", 4, "MPS_VERIFY_TOKEN"),
        ("MPS_SYSTEM_TOKEN", 4, "MPS_SYSTEM_TOKEN"),
    ] {
        hooks
            .command(&world, "")
            .env(name, "")
            .run()
            .code(code)
            .stderr_has(said);
    }
    secrets(&world, world.mps("listen"))
        .run()
        .code(2)
        .stderr_has("mps listen --public-url");
}

#[test]
fn a_watch_takes_up_a_request_that_a_webhook_tells_of() {
    let world = World::of(1);
    let apps = world.apps();
    let door = crate::watch::Door::free();
    door.invites(&world, "lucky", &[&apps[0]]);
    let command = format!(
        "watch --yes --json --no-open --port {} --public-url {}",
        door.port,
        door.public()
    );
    let run = secrets(&world, world.mps(&command)).start();
    run.wait_for_line("page_ready");
    run.wait_for_line("Webhooks come in at");
    let hooks = Hooks {
        port: door.port.clone(),
    };
    // The look at the start is over when it has listed our side.
    let listed = || world.calls("list") > 0;
    std::iter::repeat_with(listed).find(|listed| *listed);
    let id = world
        .seed(&json!({"owner_app_id": apps[0], "name": "From a dashboard", "status": "INITIATED"}));
    assert_eq!(hooks.sends(&world, &updated(&id, 1)), 200);
    let line = run.wait_for_stdout_line(&id);
    assert!(
        line.contains("\"done\"") && line.contains("\"lucky\""),
        "{line}"
    );
    stops(run);
    assert_eq!(world.solutions(), [(apps[0].clone(), "ACTIVE".to_owned())]);
}
