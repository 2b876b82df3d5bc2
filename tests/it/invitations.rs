//! Many invitations: from a file, listed, taken back, and what the page and the journal make of them.

use serde_json::{Value, json};

use crate::{
    button::{self, Serving},
    stage::{APPS, SOLUTIONS, Stage},
    support::{Home, Mps, http},
};

const ADDRESS: &str = "https://onboarding.example.com";

/// mps behind a public address.
fn public(home: &Home, args: &[&str]) -> Mps {
    Mps::at(home).args(args).envs([
        ("MPS_GRAPH_URL", "http://127.0.0.1:9".to_owned()),
        ("MPS_PARTNER_APP_ID", "7".to_owned()),
        ("MPS_PARTNER_NAME", "Acme".to_owned()),
        ("MPS_PUBLIC_URL", ADDRESS.to_owned()),
    ])
}

/// The states by label.
fn states(home: &Home) -> Vec<(String, String)> {
    let list = public(home, &["invite", "list", "--json"]).run();
    list.code(0);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = list.json_lines();
    lines
        .iter()
        .map(|line| (text(&line["ref"]), text(&line["state"])))
        .collect()
}

#[test]
fn a_link_per_line_and_every_bad_line_is_named() {
    let home = Home::new();
    let file = home.file(
        "partners.csv",
        "\u{feff}ref;app_ids;messaging;name;lang;notes\r\n\
         acme;42 43;both;;es;a note\r\n\
         \r\n\
         ;44;;;;no label\r\n\
         \"b; c\";45;partner;{app_name} for {label};;\r\n\
         x;not-an-id;;;;\r\n\
         y;7;;;;our own\r\n\
         z;46;everybody;;;\r\n\
         acme;47;;;;again\r\n\
         q;48;;{nothing};;\r\n\
         last;;;;;\r\n",
    );
    let file = file.to_str().unwrap();
    let run = public(&home, &["invite", "--from", file]).run();
    run.code(3);
    assert_eq!(run.lines().len(), 3, "{run}");
    assert!(run.lines().iter().all(|line| line.starts_with(ADDRESS)));
    for (line, why) in [
        (4, "a label is empty"),
        (6, "is not an id"),
        (7, "is our own app"),
        (8, "none of both, partner and tech-provider"),
        (9, "acme stands in line 2 already"),
        (10, "nothing"),
    ] {
        let said = run
            .stderr_text()
            .lines()
            .find(|said| said.contains(&format!("line {line}: ")));
        assert!(said.is_some_and(|said| said.contains(why)), "{line}: {run}");
    }
    run.stderr_has("what stands under notes is passed over");

    // A known label keeps its link and takes the new values; NDJSON says the same.
    let lines = "{\"ref\":\"acme\",\"app_ids\":[\"42\"]}\n\n{\"ref\":\"b; c\",\"name\":null}\n{\n";
    let again = public(&home, &["invite", "--from", "-", "--json"])
        .stdin(lines)
        .run();
    again.code(3);
    let objects = again.json_lines();
    assert_eq!(objects.len(), 3);
    assert_eq!(objects[0]["link"], run.lines()[0]);
    assert_eq!(
        (
            &objects[0]["ref"],
            &objects[0]["line"],
            &objects[0]["outcome"]
        ),
        (&json!("acme"), &json!(1), &json!("known"))
    );
    assert!(
        objects[0]["message"]
            .as_str()
            .unwrap()
            .contains(run.lines()[0])
    );
    assert_eq!(
        (&objects[2]["line"], &objects[2]["outcome"]),
        (&json!(4), &json!("failed"))
    );
    assert_eq!(objects[2]["error"]["exit_code"], 2);

    let list = public(&home, &["invite", "list", "--json"]).run();
    let listed = list.code(0).json_lines();
    let mut first = listed[0].clone();
    assert!(first["expires_at"].take().is_i64());
    assert_eq!(
        first,
        json!({"ref": "acme", "link": run.lines()[0], "expires_at": null, "state": "unopened",
            "app_ids": ["42"], "solution_ids": [], "host": "127.0.0.1:9"})
    );
    assert_eq!(
        listed[1]["app_ids"],
        json!(["45"]),
        "a column that is not there changes nothing"
    );
    let table = public(&home, &["invite", "list"]).on_terminal();
    table.sees("STATE").sees("unopened");
    table.finish().code(0);
}

#[test]
fn what_is_wrong_with_the_whole_file_makes_no_link() {
    let home = Home::new();
    for (text, why) in [
        (&b"label,app_ids\nacme,42\n"[..], "has no column ref"),
        (b"", "holds no line"),
        (b"ref\nM\xfcller\n", "is not UTF-8"),
    ] {
        let file = home.file("bad.csv", text);
        let run = public(&home, &["invite", "--from", file.to_str().unwrap()]).run();
        run.code(2)
            .stdout("")
            .stderr_has(why)
            .stderr_has("ref, name, app_ids");
    }
    public(&home, &["invite", "--from", "nothing.csv"])
        .run()
        .code(1)
        .stderr_has("nothing.csv");
    let all_bad = home.file("bad.csv", "ref,app_ids\n,1\nx,y\n");
    public(&home, &["invite", "--from", all_bad.to_str().unwrap()])
        .run()
        .code(2)
        .stdout("");
    for label in ["", " ", "two\nlines"] {
        public(&home, &["invite", "--for", label])
            .run()
            .code(2)
            .stdout("");
        public(&home, &["onboard", "--for", label])
            .run()
            .code(2)
            .stdout("");
    }
    assert_eq!(states(&home), []);
    public(&home, &["invite", "--from", "x", "--for", "y"])
        .run()
        .code(2);
}

#[test]
fn a_link_that_was_taken_back_is_over() {
    let home = Home::new();
    let link = || {
        let run = public(&home, &["invite", "--for", "acme", "--json"]).run();
        run.code(0).json()["link"].as_str().unwrap().to_owned()
    };
    let first = link();
    let revoke = public(&home, &["invite", "revoke", "acme"]).run();
    revoke.code(0).stdout(format!("acme\trevoked\t{first}\n"));
    public(&home, &["invite", "revoke", "acme"]).run().code(0);
    assert_eq!(states(&home), [("acme".to_owned(), "revoked".to_owned())]);
    let serve = public(&home, &["serve-button", "--for", "acme", "--port", "0"]).run();
    serve
        .code(1)
        .stderr_has("was taken back")
        .stderr_has("mps invite --for acme");
    let second = link();
    assert_ne!(first, second);
    assert_eq!(states(&home), [("acme".to_owned(), "unopened".to_owned())]);
    public(&home, &["invite", "revoke", "nobody"])
        .run()
        .code(1)
        .stderr_has("mps invite list");
}

/// What an mps before this one left in the state directory.
#[test]
fn a_link_that_an_older_mps_promised_holds() {
    let home = Home::new();
    let now = jiff::Timestamp::now().as_second();
    let kept = |label: &str, path: &str| json!({"profile": "default", "label": label, "path": path, "made_at": now - 60, "until": now + 86_400});
    for (name, label, path) in [
        ("a", "acme", "/AAAAAAAAAAAAAAAAAAAAAA"),
        ("b", "other", "/BBBBBBBBBBBBBBBBBBBBBB"),
    ] {
        home.file(
            &format!("state/button/links/{name}.json"),
            kept(label, path).to_string(),
        );
    }
    let run = public(&home, &["invite", "--for", "acme", "--json"]).run();
    let link = format!("{ADDRESS}/AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(run.code(0).json()["link"], link);
    let list = public(&home, &["invite", "list"]).run();
    let other = format!("other\tunopened\t{ADDRESS}/BBBBBBBBBBBBBBBBBBBBBB");
    assert!(list.code(0).lines().contains(&other.as_str()), "{list}");
}

#[test]
fn what_is_expected_counts_and_how_far_they_are_is_one_command() {
    let stage = Stage::new();
    let with = |args: &[&str]| {
        stage
            .mps_without(&["MPS_USER_TOKEN"], args.iter().copied())
            .env("MPS_PUBLIC_URL", ADDRESS)
    };
    let nobody = ["onboard", "--for", "acme", "--yes"];
    with(&nobody)
        .run()
        .code(2)
        .stderr_has("nobody said whose apps are meant");
    with(&[
        "invite",
        "--for",
        "acme",
        "--app-id",
        APPS[1],
        "--messaging",
        "us",
        "--name",
        "{app_name} for {label}",
    ])
    .run()
    .code(0);
    // With a token that is there already, as from the page.
    let token = stage.sandbox.user_token().secret().expose();
    let token = stage.home.file("user-token.txt", token);
    let onboard = stage
        .mps(["onboard", "--for", "acme", "--yes", "--json"])
        .args(["--user-token-file", token.to_str().unwrap()])
        .run();
    let row = onboard.code(0).json();
    assert_eq!(
        (
            &row["app_id"],
            &row["ref"],
            &row["line"],
            &row["solution_name"]
        ),
        (
            &json!(APPS[1]),
            &json!("acme"),
            &Value::Null,
            &json!("Jasper's Market for acme")
        )
    );
    let state = stage.sandbox.state();
    assert_eq!(
        state["solutions"][0]["owner_permissions"],
        json!([]),
        "{state}"
    );

    stage
        .mps(["onboard", "--yes", "--app-id", APPS[0]])
        .run()
        .code(0);
    let list = stage.mps(["list", "--for", "acme"]).run();
    list.code(0)
        .stdout(format!("{}\n", SOLUTIONS[0]))
        .stderr_has("acme is ACTIVE");
    stage
        .mps(["list", "--for", "nobody"])
        .run()
        .code(0)
        .stdout("")
        .stderr_has("mps invite list");
    let history = stage.mps(["history", "--for", "acme", "--json"]).run();
    let lines = history.code(0).json_lines();
    assert!(!lines.is_empty());
    assert!(
        lines
            .iter()
            .all(|line| line["app_id"] == APPS[1] && line["ref"] == "acme"),
        "{history}"
    );
    let run_id = lines[0]["run_id"].as_str().unwrap();
    for which in [["--for", "acme"], ["--run", run_id]] {
        let handoff = stage.mps(["handoff"]).args(which).run();
        handoff
            .code(0)
            .stdout_has(SOLUTIONS[0])
            .stdout_lacks(SOLUTIONS[1]);
    }
    for which in [["--for", "nobody"], ["--run", "nothing"]] {
        stage
            .mps(["handoff"])
            .args(which)
            .run()
            .code(1)
            .stdout("")
            .stderr_has("mps invite list");
    }
    stage
        .mps(["handoff", "--for", "acme", SOLUTIONS[0]])
        .run()
        .code(2);
    let far = stage.mps(["invite", "list", "--json"]).run();
    let far = far.code(0).json();
    assert_eq!(
        (&far["state"], &far["solution_ids"], &far["link"]),
        (&json!("ACTIVE"), &json!([SOLUTIONS[0]]), &Value::Null)
    );
}

#[test]
fn the_page_notes_who_came() {
    let stage = button::Stage::new();
    let port = button::free_port();
    let address = format!("http://localhost:{port}");
    let mps = || stage.mps().env("MPS_PUBLIC_URL", &address);
    let state = || {
        let list = mps().args(["invite", "list", "--json"]).run();
        list.code(0).json()["state"].as_str().unwrap().to_owned()
    };
    mps().args(["invite", "--for", "acme"]).run().code(0);
    assert_eq!(state(), "unopened");
    let serve = ["serve-button", "--for", "acme", "--port", &port];
    let serving = Serving::start(mps().args(serve).stdout_may_hold_token());
    let path = serving.url.strip_prefix(&address).unwrap();
    let door = format!("127.0.0.1:{port}").parse().unwrap();
    let host = format!("localhost:{port}");
    let visit = |method, path: &str, nonce: &str, body: &str| {
        let headers = [
            ("Host", host.as_str()),
            ("Origin", address.as_str()),
            ("Content-Type", "application/json"),
            ("X-Mps-Nonce", nonce),
        ];
        http::request(door, method, path, &headers, body)
    };
    let page = http::request(door, "GET", path, &[("Host", host.as_str())], "");
    let page = page.text();
    let (_, nonce) = page.split_once("\"nonce\":\"").expect("a nonce");
    let nonce = nonce.split('"').next().unwrap();
    let body = json!({"kind": "opened", "text": ""}).to_string();
    assert_eq!(visit("POST", "/event", nonce, &body).status, 200);
    serving.run.wait_for_line("The page was opened");
    assert_eq!(state(), "opened");
    assert_eq!(
        visit("POST", "/token", nonce, &button::grant(&stage)).status,
        202
    );
    serving.run.finish().code(0);
    assert_eq!(state(), "signed_in");
}

#[test]
fn the_page_speaks_the_invitations_language_unless_another_is_typed() {
    let stage = button::Stage::new();
    let port = button::free_port();
    let address = format!("http://localhost:{port}");
    let mps = || stage.mps().env("MPS_PUBLIC_URL", &address);
    let invite = ["invite", "--for", "acme", "--lang", "es"];
    mps().args(invite).run().code(0);
    let door = format!("127.0.0.1:{port}").parse().unwrap();
    let host = format!("localhost:{port}");
    for (typed, browser, language) in [
        (&[][..], "de", "es"),
        (&["--lang", "fr"], "de", "fr"),
        (&[], "hi", "hi"),
    ] {
        let serve = ["serve-button", "--for", "acme", "--port", &port];
        let serving = Serving::start(mps().args(serve).args(typed));
        let path = serving.url.strip_prefix(&address).unwrap().to_owned();
        let headers = [("Host", host.as_str()), ("Accept-Language", browser)];
        let page = http::request(door, "GET", &path, &headers, "").text();
        let is = format!("lang=\"{language}\"");
        assert!(page.contains(&is), "{language}: {page}");
        button::interrupted(serving.run);
    }
}
