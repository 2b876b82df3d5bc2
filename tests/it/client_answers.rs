//! What an answer is taken for: one GET, every kind of answer, the whole error as a person and as a program get it.
//!
//! The one decision: all kinds stand in one table and one snapshot, so that they can be read side by side; the
//! snapshot holds the words, the table what scripts act on.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::support::{Home, Mps, Outcome, Reply, SYSTEM, Script};

/// One kind of answer and what is concluded from it.
struct Case {
    name: &'static str,
    reply: Reply,
    /// Requests in all.
    tries: usize,
    kind: &'static str,
    exit: i32,
    code: Value,
}

fn case(
    name: &'static str,
    reply: Reply,
    tries: usize,
    kind: &'static str,
    exit: i32,
    code: impl Into<Value>,
) -> Case {
    Case {
        name,
        reply,
        tries,
        kind,
        exit,
        code: code.into(),
    }
}

fn error(status: u16, error: Value) -> Reply {
    Reply::json(status, json!({ "error": error }))
}

const PAGE: &str = "<html><head><title>Access denied</title><style>b{}</style></head>\
                    <body><script>var t='EAASCRIPTTOKEN0123456789abcdef'</script>Ask <b>the help desk</b>.</body></html>";

fn cases() -> Vec<Case> {
    let nothing = Value::Null;
    vec![
        // Three failures that wear a 200.
        case(
            "an error in a 200",
            error(200, json!({"message": "(#10) Not allowed", "code": 10, "fbtrace_id": "TRACE"})),
            1,
            "permission",
            4,
            10,
        ),
        case(
            "success: false in a 200",
            Reply::json(200, json!({"success": false})),
            1,
            "state",
            1,
            nothing.clone(),
        ),
        case(
            "Service Unavailable in a 200",
            Reply::html(200, "<h1>Service Unavailable</h1>"),
            4,
            "transient",
            1,
            nothing.clone(),
        ),
        // What is no answer of the Graph API.
        case(
            "a proxy's page",
            Reply::html(403, PAGE),
            1,
            "unreadable_response",
            1,
            nothing.clone(),
        ),
        case(
            "a proxy's page in a 200",
            Reply::html(200, PAGE),
            1,
            "unreadable_response",
            1,
            nothing.clone(),
        ),
        case(
            "a gateway's page",
            Reply::html(502, "<h1>502 Bad Gateway</h1>"),
            4,
            "unreadable_response",
            1,
            nothing.clone(),
        ),
        case(
            "Meta's own page",
            Reply::html(500, "<title>Facebook | Error</title><p>Sorry, something went wrong.")
                .header("x-fb-request-id", "AreqID"),
            4,
            "unreadable_response",
            1,
            nothing.clone(),
        ),
        case(
            "a 407",
            Reply::html(407, PAGE),
            1,
            "unreadable_response",
            1,
            nothing.clone(),
        ),
        case(
            "half of the JSON",
            Reply::raw("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 6\r\n\r\n{\"id\":"),
            1,
            "unreadable_response",
            1,
            nothing.clone(),
        ),
        case(
            "nothing at all",
            Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
            1,
            "unreadable_response",
            1,
            nothing.clone(),
        ),
        case(
            "no HTTP",
            Reply::raw("SSH-2.0-OpenSSH_9.9\r\n"),
            4,
            "transient",
            1,
            nothing.clone(),
        ),
        case(
            "a connection that breaks off",
            Reply::cut(200, json!({"id": "795", "name": "long enough to be cut"})),
            4,
            "transient",
            1,
            nothing,
        ),
        // Codes.
        case(
            "an expired token",
            error(
                401,
                json!({"message": "Error validating access token", "type": "OAuthException", "code": 190,
                       "error_subcode": 463, "fbtrace_id": "TRACE"}),
            )
            .header("www-authenticate", "OAuth \"Facebook Platform\" \"invalid_token\" \"x\""),
            1,
            "auth",
            4,
            190,
        ),
        case(
            "a missing proof",
            error(
                400,
                json!({"message": "API calls from the server require an appsecret_proof argument",
                       "type": "GraphMethodException", "code": 100, "fbtrace_id": "TRACE"}),
            ),
            1,
            "auth",
            4,
            100,
        ),
        case(
            "not there or not visible",
            error(
                400,
                json!({"message": "Unsupported get request.", "type": "GraphMethodException", "code": 100,
                       "error_subcode": 33, "fbtrace_id": "TRACE"}),
            ),
            1,
            "input",
            1,
            100,
        ),
        case(
            "a permission",
            error(403, json!({"message": "(#200) Requires manage_app_solution", "code": 200})),
            1,
            "permission",
            4,
            200,
        ),
        case(
            "a passing fault",
            error(
                500,
                json!({"message": "An unexpected error has occurred. Please retry your request later.",
                       "is_transient": true, "code": 2, "fbtrace_id": "TRACE"}),
            ),
            4,
            "transient",
            1,
            2,
        ),
        case(
            "an unknown error, which may be ours",
            error(500, json!({"message": "An unknown error occurred", "code": 1})),
            3,
            "transient",
            1,
            1,
        ),
        case(
            "a used-up quota",
            error(403, json!({"message": "(#4) Application request limit reached", "is_transient": true, "code": 4})),
            1,
            "quota",
            5,
            4,
        ),
        // Codes that nobody has heard of, by the rule of the reference.
        case(
            "an unknown code",
            error(400, json!({"message": "Whatever", "code": 987_654, "error_user_title": "Não", "error_user_msg": "Não pode ser"})),
            1,
            "input",
            1,
            987_654,
        ),
        case(
            "an unknown code in a 5xx",
            error(503, json!({"message": "Whatever", "code": 987_654})),
            4,
            "transient",
            1,
            987_654,
        ),
        case(
            "an unknown code that Meta calls passing",
            error(400, json!({"message": "Whatever", "code": 987_654, "is_transient": true})),
            4,
            "transient",
            1,
            987_654,
        ),
        case(
            "an unknown code among the permissions",
            error(400, json!({"message": "Whatever", "code": 273})),
            1,
            "permission",
            4,
            273,
        ),
        case(
            "an error without a code",
            error(400, json!("odd")),
            1,
            "input",
            1,
            Value::Null,
        ),
        case(
            "JSON that is no answer",
            Reply::json(404, json!({"message": "no such route"})),
            1,
            "unreadable_response",
            1,
            Value::Null,
        ),
    ]
}

fn ask(case: &Case, json: bool) -> Outcome {
    let served = Script::new()
        .on("GET", "/795")
        .token(SYSTEM)
        .answer(case.reply.clone())
        .times(case.tries)
        .serve();
    let home = Home::new();
    Mps::at(&home)
        .args(["api", "GET", "795", "--quiet"])
        .args(json.then_some("--json"))
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .against(&served)
        .run()
}

#[test]
fn every_kind_of_answer() {
    let mut book = String::new();
    for case in cases() {
        let outcome = ask(&case, true);
        outcome.code(case.exit).stdout("");
        let error = outcome.error();
        let name = case.name;
        assert_eq!(error["kind"], case.kind, "{name}\n{outcome}");
        assert_eq!(error["exit_code"], case.exit, "{name}");
        assert_eq!(error["code"], case.code, "{name}");
        assert!(error["hint"].is_string(), "{name} has no hint\n{outcome}");
        assert!(
            error["run_id"].is_string() && error["log"].is_string(),
            "{name}"
        );
        let tried = error["causes"].as_array().unwrap().iter().any(|cause| {
            cause
                .as_str()
                .unwrap()
                .starts_with(&format!("tried {} times in ", case.tries))
        });
        assert_eq!(tried, case.tries > 1, "{name}\n{outcome}");
        let human = ask(&case, false);
        human.code(case.exit).stdout("");
        let _ = writeln!(book, "# {name} ({} x GET)\n{human}{outcome}", case.tries);
    }
    insta::assert_snapshot!(steady(&book));
}

/// Without what differs from run to run beyond what the kit takes out.
fn steady(book: &str) -> String {
    book.lines()
        .map(|line| {
            let line = between(line, "run ", ",", "RUN");
            let line = between(&line, "\"run_id\":\"", "\"", "RUN");
            let line = between(&line, "times in ", " s", "N");
            between(&line, "/logs/", ".ndjson", "LOG") + "\n"
        })
        .collect()
}

fn between(line: &str, before: &str, after: &str, put: &str) -> String {
    match line.split_once(before) {
        Some((head, rest)) if rest.contains(after) => {
            let (_, tail) = rest.split_once(after).unwrap();
            format!("{head}{before}{put}{after}{tail}")
        }
        _ => line.to_owned(),
    }
}
