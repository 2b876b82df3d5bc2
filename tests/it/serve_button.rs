//! `mps serve-button` as the operator sees it: every line, every end, and what leaves on stdout.
//!
//! The one decision: a raw client plays the page where only the operator's side matters; the page itself is in `page.rs`.

use std::{
    fs,
    io::{Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    time::{Duration, Instant},
};

use mps::testing::button::trouble;
use serde_json::json;

use crate::{
    button::{Serving, Stage, at, grant, interrupted, nonce},
    support::{Mps, http},
};

#[test]
fn the_deadline_ends_the_wait() {
    let stage = Stage::new();
    let outcome = stage
        .mps()
        .args(["serve-button", "--http", "--port", "0", "--deadline", "1ms"])
        .run();
    outcome
        .code(1)
        .stdout("")
        .stderr_has("no token came within")
        .stderr_has("--deadline");
    for wrong in ["0s", "soon", "-1m"] {
        let wrong = format!("--deadline={wrong}");
        stage.mps().args(["serve-button", &wrong]).run().code(2);
    }
}

#[test]
fn every_happening_is_a_line_and_an_event() {
    let stage = Stage::new();
    let serving = stage.serve(&["--json"]);
    let nonce = nonce(&serving);
    let ours = format!("http://localhost:{}", serving.port());
    let headers = [
        ("Origin", ours.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", nonce.as_str()),
    ];
    let kinds = [
        ("opened", "", "page_opened"),
        ("clicked", "", "button_clicked"),
        ("left", "", "page_closed"),
        ("popup_blocked", "", "popup_blocked"),
        ("sdk_blocked", "", "sdk_blocked"),
        ("closed", "Permissions error", "closed_without_token"),
        ("severed", "", "popup_severed"),
        ("error", "sdk-off", "error_reported"),
    ];
    for (kind, text, _) in kinds {
        let body = json!({"kind": kind, "text": text}).to_string();
        assert_eq!(at(&serving, "POST", "/event", &headers, &body).status, 200);
    }
    assert_eq!(
        at(
            &serving,
            "POST",
            "/event",
            &headers,
            "{\"kind\":\"exploded\"}"
        )
        .status,
        422
    );
    assert_eq!(
        at(&serving, "POST", "/token", &headers, &grant(&stage)).status,
        202
    );
    let outcome = serving.run.finish();
    outcome.code(0);
    let lines = outcome.stderr_json_lines();
    let events: Vec<_> = lines
        .iter()
        .filter_map(|line| line["event"].as_str())
        .collect();
    let mut expected = vec!["page_ready"];
    expected.extend(kinds.map(|(_, _, event)| event));
    expected.push("token_accepted");
    assert_eq!(events, expected);
    let reported = lines
        .iter()
        .find(|line| line["event"] == "error_reported")
        .unwrap();
    assert_eq!(reported["text"], "JSSDK Option is Not Toggled");
    assert_eq!(reported["remedy"], trouble::find("sdk-off").unwrap().remedy);
    assert!(
        lines
            .iter()
            .all(|line| line["status"].is_string() || line["warning"].is_string())
    );
    let card = outcome.json();
    assert_eq!(
        card["access_token"],
        stage.sandbox.user_token().secret().expose()
    );
    assert_eq!(card["checked_by"], "debug_token_app");
}

#[test]
fn a_system_users_token_is_called_what_it_is_and_no_retry_is_promised() {
    let stage = Stage::new();
    let serving = stage.serve(&["--json"]);
    let nonce = nonce(&serving);
    let ours = format!("http://localhost:{}", serving.port());
    let headers = [
        ("Origin", ours.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", nonce.as_str()),
    ];
    let system = stage.sandbox.system_token().secret().expose();
    let body = json!({"accessToken": system, "pasted": true}).to_string();
    assert_eq!(at(&serving, "POST", "/token", &headers, &body).status, 202);
    let line = serving.run.wait_for_line("token_refused");
    assert!(line.contains("\"kind\":\"auth\""), "{line}");
    let said = "user token is not a person's: Meta calls it SYSTEM_USER";
    assert!(line.contains(said), "{line}");
    let state = at(&serving, "GET", "/state", &headers, "").json();
    assert_eq!(state["phase"], "refused");
    assert_eq!(
        state["refused"],
        json!({"code": "other_type", "type": "SYSTEM_USER"})
    );
    interrupted(serving.run);
}

#[test]
fn a_token_from_elsewhere_is_pasted() {
    let stage = Stage::new();
    let token = stage.sandbox.user_token().secret().expose().to_owned();
    let file = stage.home.path().join("token.txt");
    let outcome = stage
        .mps()
        .args(["serve-button", "--paste", "--token-out", "token.txt"])
        .stdin(format!("\u{feff}{token}\r\n"))
        .stdout_may_hold_token()
        .run();
    outcome
        .code(0)
        .stdout(format!("{token}\n"))
        .stderr_has("The token is in token.txt")
        .stderr_lacks("Open this page");
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{token}\n"));
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    // On a terminal it is masked, in every form.
    for more in [&[][..], &["--json"]] {
        let terminal = stage
            .mps()
            .args(["serve-button", "--paste"])
            .args(more)
            .stdin(&token);
        let outcome = terminal.on_terminal().finish();
        outcome.code(0).stderr_has("EAAS");
    }
    // One of another app is refused, with the same exit code as everywhere.
    let system = stage.sandbox.system_token().secret().expose();
    stage
        .mps()
        .args(["serve-button", "--paste"])
        .stdin(system)
        .run()
        .code(4);
    stage
        .mps()
        .args(["serve-button", "--paste"])
        .stdin("no token at all\n")
        .run()
        .code(2);
    let nowhere = [
        "serve-button",
        "--paste",
        "--token-out",
        "no/such/folder/token",
    ];
    stage
        .mps()
        .args(nowhere)
        .stdin(&token)
        .run()
        .code(1)
        .stderr_has("--token-out");
}

#[test]
fn a_token_goes_to_a_new_or_a_regular_file() {
    use rustix::fs::{CWD, Mode, mkfifoat};
    let stage = Stage::new();
    let token = stage.sandbox.user_token().secret().expose().to_owned();
    let at = |name: &str| stage.home.path().join(name);
    mkfifoat(CWD, at("pipe"), Mode::RUSR | Mode::WUSR).unwrap();
    std::os::unix::fs::symlink("/dev/null", at("device")).unwrap();
    fs::create_dir(at("folder")).unwrap();
    stage.home.file("file", "older");
    let paste = |file: &str| {
        let args = ["serve-button", "--paste", "--token-out", file];
        let mps = stage.mps().args(args).stdin(&token);
        mps.secret(&token).stdout_may_hold_token().run()
    };
    for file in ["pipe", "device", "folder"] {
        let before = fs::symlink_metadata(at(file)).unwrap().file_type();
        paste(file)
            .code(2)
            .stdout("")
            .stderr_has("--token-out")
            .stderr_has(file);
        let after = fs::symlink_metadata(at(file)).unwrap().file_type();
        assert_eq!(before, after, "{file}");
    }
    assert_eq!(stage.sandbox.state()["requests"], 0, "before anything else");
    paste("file").code(0);
    assert_eq!(stage.home.read("file").trim(), token);
}

#[test]
fn a_browser_is_opened_after_the_line_and_only_where_it_can_be_seen() {
    let stage = Stage::new();
    // A launcher that says what it was given, and whether it could read a secret.
    stage.home.program(
        "bin/xdg-open",
        "echo \"$1 ${MPS_APP_SECRET-none} ${MPS_SYSTEM_TOKEN-none}\" > \"$HOME/opened\"",
    );
    let path = format!("{}/bin:/usr/bin:/bin", stage.home.path().display());
    let serve = |more: &[&str], env: &[(&str, &str)]| {
        let mps = stage
            .mps()
            .args(["serve-button", "--http", "--port", "0"])
            .args(more)
            .env("PATH", &path);
        Serving::start(mps.envs(env.iter().map(|(name, value)| (*name, (*value).to_owned()))))
    };
    let opened = stage.home.path().join("opened");
    for (more, env, line) in [
        (&["--no-open"][..], &[("DISPLAY", ":0")][..], ""),
        (&[], &[], ""),
        (
            &[],
            &[("DISPLAY", ":0"), ("SSH_CONNECTION", "1 2 3 4")],
            "ssh -L ",
        ),
    ] {
        let serving = serve(more, env);
        serving.run.wait_for_line(line);
        assert_eq!(at(&serving, "GET", serving.path(), &[], "").status, 200);
        interrupted(serving.run);
        assert!(!opened.exists(), "{more:?} {env:?}");
    }
    let serving = serve(&[], &[("DISPLAY", ":0")]);
    let told = loop {
        match fs::read_to_string(&opened) {
            Ok(text) if text.ends_with('\n') => break text,
            _ => std::thread::yield_now(),
        }
    };
    // A ticket and no link: every user of this machine sees what a process was started with.
    let begin = format!("http://localhost:{}/open/", serving.port());
    let ticket = told.strip_prefix(&begin).expect("a ticket");
    let ticket = ticket.strip_suffix(" none none\n").expect("no secrets");
    assert!(!told.contains(serving.path()));
    let ticket = format!("/open/{ticket}");
    let led = at(&serving, "GET", &ticket, &[], "");
    assert_eq!(led.status, 303);
    assert_eq!(led.header("location"), Some(serving.path()));
    // Whoever comes second shows that one of the two was somebody else.
    assert_eq!(at(&serving, "GET", &ticket, &[], "").status, 404);
    serving
        .run
        .wait_for_line("Somebody else on this machine took the link");
    let line = serving.run.wait_for_line("Open this page: ");
    assert!(line.contains(&begin[..begin.len() - 5]), "{line}");
    assert_eq!(at(&serving, "GET", serving.path(), &[], "").status, 404);
    interrupted(serving.run);
}

#[test]
fn what_meta_must_be_told_is_shown_for_this_run() {
    // No sandbox behind: the page would load Meta's own SDK, so the dashboard matters.
    let serving = Serving::start(
        Mps::new()
            .args(["serve-button", "--port", "0", "--no-open"])
            .envs([
                ("MPS_GRAPH_URL", "http://127.0.0.1:9".to_owned()),
                ("MPS_PARTNER_APP_ID", "7".to_owned()),
                ("MPS_PARTNER_NAME", "Acme".to_owned()),
            ]),
    );
    serving.run.wait_for_line("Meta's App Dashboard must say");
    for field in [
        "Allowed Domains for the JavaScript SDK",
        "Valid OAuth Redirect URIs",
    ] {
        let line = serving.run.wait_for_line(field);
        let origin = format!("https://localhost:{}/", serving.port());
        assert!(line.ends_with(&origin), "{line}");
    }
    interrupted(serving.run);
    let help = Mps::new().args(["serve-button", "--help"]).run();
    help.code(0)
        .stdout_has("Insecure Login Blocked")
        .stdout_has("Advanced access");
    let short = Mps::new().args(["serve-button", "-h"]).run();
    short
        .code(0)
        .stdout_has("Examples:")
        .stdout_lacks("Insecure Login Blocked");
}

#[test]
fn nobody_guesses_the_page_on_this_machine_and_a_label_keeps_its_link() {
    let stage = Stage::new();
    let first = stage.serve(&["--for", "Lucky Shrub"]);
    let path = first.path().to_owned();
    assert_eq!(path.len(), 23, "{path}");
    first.run.wait_for_line("until --public-url says");
    assert_eq!(at(&first, "GET", "/", &[], "").status, 404);
    interrupted(first.run);
    let second = stage.serve(&["--for", "Lucky Shrub"]);
    assert_eq!(second.path(), path);
    interrupted(second.run);
    let other = stage.serve(&[]);
    assert_ne!(other.path(), path);
    interrupted(other.run);
}

#[test]
fn real_life_is_called_what_it_is() {
    let stage = Stage::new();
    let serving = stage.serve(&["--json"]);
    let nonce = nonce(&serving);
    let ours = format!("http://localhost:{}", serving.port());
    let headers = [
        ("Origin", ours.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", nonce.as_str()),
    ];
    for (kind, event) in [
        ("code", "code_received"),
        ("sdk_stub", "sdk_stub"),
        ("in_app", "in_app_browser"),
    ] {
        let body = json!({"kind": kind, "text": "x"}).to_string();
        assert_eq!(at(&serving, "POST", "/event", &headers, &body).status, 200);
        serving.run.wait_for_line(event);
    }
    let preview = [("User-Agent", "facebookexternalhit/1.1")];
    assert_eq!(
        at(&serving, "GET", serving.path(), &preview, "").status,
        200
    );
    serving.run.wait_for_line("link_previewed");
    let glued = format!("{}).", serving.path());
    let led = at(&serving, "GET", &glued, &[], "");
    assert_eq!(led.header("location"), Some(serving.path()));
    // https at the http door, twice, is said once.
    for _ in 0..2 {
        let mut stream = http::connect(serving.address());
        stream.write_all(b"\x16\x03\x01\x00\x05hello").unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    }
    serving.run.wait_for_line("https_at_http");
    let said = interrupted(serving.run);
    assert_eq!(said.matches("https_at_http").count(), 1, "{said}");
    assert_eq!(said.matches("page_opened").count(), 0, "{said}");
}

#[test]
fn a_flood_of_tokens_costs_next_to_nothing() {
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let nonce = nonce(&serving);
    let ours = format!("http://localhost:{}", serving.port());
    let headers = [
        ("Origin", ours.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", nonce.as_str()),
    ];
    let (begin, mut sent, mut turned_away) = (Instant::now(), 0, 0);
    while begin.elapsed() < Duration::from_secs(5) {
        sent += 1;
        let body = json!({"accessToken": format!("EAAFLOOD{sent:08}")}).to_string();
        let answer = at(&serving, "POST", "/token", &headers, &body);
        turned_away += usize::from(answer.status == 429);
    }
    assert!(turned_away > 0, "{sent}");
    let checks = stage.sandbox.state()["calls"]["debug_token"].clone();
    assert!(checks.as_u64().unwrap_or(0) <= 10, "{checks} of {sent}");
    let said = interrupted(serving.run);
    assert!(said.lines().count() <= 25, "{said}");
    assert!(said.matches("was refused").count() <= 10, "{said}");
}
