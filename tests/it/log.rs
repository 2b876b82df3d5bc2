//! The log of a run: where it is, who may read it, what is in it, how long it stays.
//!
//! The one decision: a log is read back here as its reader would read it, a JSON object a line.

use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};

use crate::{
    stage::PARTNER,
    support::{API_VERSION, APP_SECRET, Home, Mps, Reply, SYSTEM, Script, Served},
};

fn refused() -> Served {
    Script::new()
        .on("GET", "/795")
        .reply_error(400, 100, "(#100) no")
        .header("x-fb-request-id", "AreqID")
        .header("facebook-api-version", API_VERSION)
        .header("x-app-usage", r#"{"call_count":7}"#)
        .serve()
}

fn api(home: &Home, served: &Served) -> Mps {
    Mps::at(home)
        .args(["api", "GET", "795?fields=id"])
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_APP_SECRET", APP_SECRET)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .against(served)
}

fn read(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn logs(home: &Home) -> Vec<String> {
    let files = home.files().into_iter();
    let names = files.filter(|path| path.starts_with("state/logs"));
    names
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn every_run_has_a_log_of_its_own_that_only_its_owner_reads() {
    let (home, served) = (Home::new(), refused());
    let outcome = api(&home, &served).arg("--json").run();
    outcome.code(1);
    let error = outcome.error();
    let path = Path::new(error["log"].as_str().unwrap());
    assert!(path.starts_with(home.state().join("logs")));
    assert_eq!((mode(path), mode(path.parent().unwrap())), (0o600, 0o700));
    let lines = read(path);
    for line in &lines {
        assert_eq!(line["run"], error["run_id"], "{line}");
        assert!(line["at"].as_str().unwrap().ends_with('Z'), "{line}");
    }
    let events: Vec<&str> = lines
        .iter()
        .map(|line| line["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["run", "request", "error", "end"]);
    let request = &lines[1];
    assert_eq!(
        [
            &request["method"],
            &request["path"],
            &request["status"],
            &request["code"],
            &request["try"],
            &request["request_id"],
            &request["version_served"],
            &request["usage"],
        ],
        [
            &json!("GET"),
            &json!(format!("/{API_VERSION}/795")),
            &json!(400),
            &json!(100),
            &json!(1),
            &json!("AreqID"),
            &json!(API_VERSION),
            &json!(7)
        ]
    );
    assert!(request["ms"].is_u64());
    assert_eq!(lines[2]["message"], "could not GET 795");
    assert_eq!(lines[3]["exit_code"], 1);
}

#[test]
fn an_error_ends_with_the_log_and_the_run() {
    let (home, served) = (Home::new(), refused());
    let outcome = api(&home, &served).run();
    outcome.code(1);
    let mut lines = outcome.stderr_text().lines().rev();
    // What to type next is the last line.
    assert!(lines.next().unwrap().starts_with("  hint: "));
    let last = lines.next().unwrap().to_owned();
    let name = logs(&home).remove(0);
    let run = name
        .trim_end_matches(".ndjson")
        .rsplit('-')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(
        last,
        format!(
            "  run {run}, log {}",
            home.state().join("logs").join(name).display()
        )
    );
    outcome.stderr_has("\n  hint: ");
}

#[test]
fn a_named_file_gets_the_lines_of_every_run() {
    let home = Home::new();
    let file = home.path().join("mine.ndjson");
    for by_option in [true, false] {
        let served = refused();
        let mps = api(&home, &served);
        let mps = if by_option {
            mps.args(["--log-file", file.to_str().unwrap()])
        } else {
            mps.env("MPS_LOG_FILE", &file)
        };
        mps.run()
            .code(1)
            .stderr_has(format!("log {}", file.display()));
    }
    assert_eq!(mode(&file), 0o600);
    assert_eq!(read(&file).len(), 8);
    assert_eq!(logs(&home), Vec::<String>::new());
}

#[test]
fn a_named_file_that_others_could_read_is_theirs_no_more() {
    let home = Home::new();
    let file = home.file("mine.ndjson", "");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let served = refused();
    api(&home, &served)
        .arg("--log-file")
        .arg(&file)
        .run()
        .code(1);
    assert_eq!((mode(&file), read(&file).len()), (0o600, 4));
}

#[test]
fn none_means_none() {
    let (home, served) = (Home::new(), refused());
    let outcome = api(&home, &served).args(["--log-file", "none"]).run();
    outcome.code(1).stderr_lacks(", log ").stderr_has("  run ");
    assert_eq!(logs(&home), Vec::<String>::new());
    assert!(!home.path().join("none").exists());
}

#[test]
fn a_log_that_cannot_be_written_is_a_warning() {
    let home = Home::new();
    let blocked = home.file("a-file", "").join("log.ndjson");
    let served = Script::new()
        .on("GET", "/795")
        .reply(200, json!({"id": "795"}))
        .serve();
    let outcome = api(&home, &served).arg("--log-file").arg(&blocked).run();
    outcome
        .code(0)
        .stdout("{\n  \"id\": \"795\"\n}\n")
        .stderr_has("warning: no log is written: ");
}

#[test]
fn logs_stay_14_days() {
    let home = Home::new();
    let age = |name: &str, days: u64| {
        let path = home.file(&format!("state/logs/{name}"), "{}\n");
        let then = SystemTime::now() - Duration::from_secs(days * 24 * 3600 + 60);
        File::options()
            .append(true)
            .open(path)
            .unwrap()
            .set_modified(then)
            .unwrap();
    };
    age("20261101T000000Z-old.ndjson", 14);
    age("20261101T000000Z-young.ndjson", 13);
    age("notes.txt", 400);
    let served = refused();
    api(&home, &served).run().code(1);
    let left = logs(&home);
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(!left.iter().any(|name| name.contains("old")), "{left:?}");
}

#[test]
fn commands_that_talk_to_nobody_leave_no_log() {
    let home = Home::new();
    Mps::at(&home).args(["completions", "bash"]).run().code(0);
    assert_eq!(logs(&home), Vec::<String>::new());
}

#[test]
fn an_answer_that_broke_off_is_told_with_its_headers() {
    let served = Script::new()
        .on("POST", "/795")
        .answer(
            Reply::cut(200, json!({"id": "795", "name": "long enough to be cut"}))
                .header("x-fb-request-id", "AreqID"),
        )
        .serve();
    let mps = Mps::new().args(["api", "POST", "795", "-v"]);
    let outcome = mps.env("MPS_SYSTEM_TOKEN", SYSTEM).against(&served).run();
    outcome
        .code(6)
        .stderr_has("because: HTTP 200, request AreqID");
    let said = outcome.stderr_text();
    let line = said
        .lines()
        .find(|line| line.contains(&format!("POST /{API_VERSION}/795 200 ")))
        .unwrap();
    assert!(
        line.contains("lost before the answer was complete, request AreqID"),
        "{line}"
    );
}

#[test]
fn verbose_is_a_line_per_request_and_twice_verbose_headers_and_bodies() {
    let served = refused();
    let outcome = api(&Home::new(), &served).arg("-v").run();
    outcome
        .code(1)
        .stderr_lacks("fields=id")
        .stderr_lacks("authorization");
    let line = outcome
        .stderr_text()
        .lines()
        .find(|line| line.contains(&format!("GET /{API_VERSION}/795")))
        .unwrap();
    let (_, said) = line.split_once(" GET ").unwrap();
    let (head, tail) = said.split_once(" ms").unwrap();
    assert!(
        head.starts_with(&format!("/{API_VERSION}/795 400 ")),
        "{line}"
    );
    assert_eq!(tail, ", code 100, request AreqID, quota 7 %");

    let (home, served) = (Home::new(), refused());
    let outcome = api(&home, &served).args(["-vv", "--json"]).run();
    outcome.code(1);
    let lines = outcome.stderr_json_lines();
    let said: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["verbose"].as_str())
        .collect();
    assert_eq!(said.len(), 3, "{outcome}");
    assert!(
        said[0].starts_with("> GET http://127.0.0.1:"),
        "{}",
        said[0]
    );
    assert!(
        said[0].contains(&format!(
            "/{API_VERSION}/795?fields=id&appsecret_proof=(redacted)"
        )),
        "{}",
        said[0]
    );
    assert!(said[0].contains("authorization: (redacted)"), "{}", said[0]);
    assert!(
        said[1].starts_with("< HTTP 400 [") && said[1].contains("(#100) no"),
        "{}",
        said[1]
    );
    // What was said of the exchange stands in the log as well.
    let log = read(Path::new(outcome.error()["log"].as_str().unwrap()));
    let of = |event: &str| {
        log.iter()
            .find(|line| line["event"] == event)
            .cloned()
            .unwrap()
    };
    assert!(of("sent")["line"].as_str().unwrap().starts_with("GET http"));
    assert!(
        of("received")["body"]
            .as_str()
            .unwrap()
            .contains("(#100) no")
    );
}

#[test]
fn a_log_behind_a_link_stays_readable_to_whom_it_was() {
    let (home, served) = (Home::new(), refused());
    let target = home.file("shared.ndjson", "");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o664)).unwrap();
    std::os::unix::fs::symlink(&target, home.path().join("log")).unwrap();
    api(&home, &served)
        .args(["--log-file", "log"])
        .run()
        .code(1);
    assert!(!read(&target).is_empty());
    assert_eq!(mode(&target), 0o664);
}
