//! No token leaves in what mps says, writes or names.
//!
//! The one decision: the tokens are odd (no `EAA` in front, letters that JSON and queries escape) and the service
//! repeats them wherever it can, so that only what mps knows of its own run can take them out again. Everything that a
//! run leaves behind is searched, in every spelling.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use memchr::memmem;
use ring::hmac;
use serde_json::{Value, json};

use crate::{
    stage::{PARTNER, app, solution},
    support::{Home, Mps, Outcome, Reply, Request, Script, Served},
};

/// Tokens and a secret of odd forms.
const USER: &str = r#"u"s\er/tok+en=|ÖÖ"#;
const ODD_USER: &str = r"9us\er/tok+en=|.~<>&(41);:,@#?!*^{}[]$-_";
/// One with letters that no token of Meta's has; it was a token once, so it is hidden all the same.
const REFUSED: &str = r#"9u"s\er/tok+en=|.~'<>&%41"#;
const ODD_SYSTEM: &str = "sys.tem-token_~without!any?form";
/// One that has the form of Meta's and that no run was given: only its form gives it away.
const STRANGER: &str = "EAASTRANGER0123456789abcdefghij";
const ODD_SECRET: &str = "secret/with+base64==letters";

/// A text as it is, as JSON writes it (with and without an escaped slash), and as a query does.
fn spellings(secret: &str) -> Vec<String> {
    let quoted = Value::from(secret).to_string();
    let quoted = quoted.trim_matches('"').to_owned();
    vec![
        secret.to_owned(),
        quoted.replace('/', "\\/"),
        quoted,
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
    ]
}

/// The proof that goes along with a token.
fn proof(token: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, ODD_SECRET.as_bytes());
    let tag = hmac::sign(&key, token.as_bytes());
    tag.as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What is no secret of its own form, so that only the run can know it: proofs, and secrets in base64.
fn derived() -> Vec<String> {
    let app_token = format!("{PARTNER}|{ODD_SECRET}");
    let proofs = [ODD_USER, ODD_SYSTEM, &app_token].map(proof);
    let encoded = [ODD_USER, ODD_SYSTEM, ODD_SECRET].map(|secret| STANDARD.encode(secret));
    proofs.into_iter().chain(encoded).collect()
}

fn forbidden() -> Vec<String> {
    // The last letters of a base64 text stand for what follows as well.
    let derived = derived()
        .into_iter()
        .map(|text| text[..text.len() - 4].to_owned());
    [ODD_USER, ODD_SYSTEM, ODD_SECRET, STRANGER, REFUSED]
        .into_iter()
        .flat_map(spellings)
        .chain(derived)
        .collect()
}

/// Repeats all tokens in a body, as Meta does with a malformed one.
fn echo(request: &Request) -> Value {
    let derived = request
        .query("appsecret_proof")
        .unwrap_or("none")
        .to_owned()
        + &STANDARD.encode(request.token().unwrap_or("none"));
    let all = format!("{ODD_USER} {ODD_SYSTEM} {ODD_SECRET}\n{STRANGER} {derived}");
    json!({"error": {
        "message": format!("Malformed access token {} ({all})", request.token().unwrap_or("none")),
        "error_user_title": all, "error_user_msg": all, "fbtrace_id": ODD_SYSTEM,
        "error_data": {"blame_field_specs": [[ODD_USER]]}, "code": 190,
    }})
}

fn with_headers(reply: Reply) -> Reply {
    reply
        .header(
            "www-authenticate",
            &format!("OAuth \"Facebook Platform\" \"{ODD_USER}\" \"{ODD_SYSTEM}\""),
        )
        .header("x-fb-request-id", ODD_SYSTEM)
        .header("x-debug", ODD_SECRET)
        .header("set-cookie", &format!("t={ODD_USER}"))
        .header("facebook-api-version", ODD_SYSTEM)
}

/// What the service answers to everything.
fn answers() -> Vec<(&'static str, Reply)> {
    let all = || format!("{ODD_USER} {ODD_SYSTEM} {ODD_SECRET}");
    vec![
        (
            "an error",
            with_headers(Reply::with(|request| Reply::json(400, echo(request)))),
        ),
        (
            "an error in a 500",
            with_headers(Reply::with(|request| {
                Reply::json(500, {
                    let mut body = echo(request);
                    body["error"]["code"] = 2.into();
                    body
                })
            })),
        ),
        (
            "a page",
            with_headers(Reply::html(502, &format!("<p>{}</p>", all()))),
        ),
        (
            "an escaped text",
            Reply::html(400, &format!("{}", Value::from(all())).replace('/', "\\/")),
        ),
        (
            "another shape",
            Reply::json(
                200,
                json!({"id": all(), "data": all(), "solution_id": all()}),
            ),
        ),
        (
            "a redirect",
            Reply::json(302, json!({})).header(
                "location",
                &format!("https://x.example/{}", spellings(ODD_USER)[3]),
            ),
        ),
        ("half an answer", Reply::cut(200, json!({"id": all()}))),
    ]
}

/// Every command that asks Meta, with what it needs.
fn commands() -> Vec<Vec<&'static str>> {
    vec![
        vec!["list"],
        vec!["list-apps"],
        vec!["show", "795"],
        vec!["handoff", "795"],
        vec!["api", "GET", "795/x"],
        vec!["api", "GET", "795/x", "--paginate"],
        vec!["api", "POST", "795/x", "-f", "a=b"],
        vec!["api", "GET", "795/x", "--token", "user"],
        vec!["accept", "795"],
        vec!["accept", "795", "--no-check"],
        vec!["create", "--app-id", "42"],
        vec!["create", "--all", "--no-look", "--yes"],
        vec!["onboard", "--all", "--yes"],
        vec!["resume", "--yes"],
        vec!["doctor"],
        vec!["history"],
    ]
}

fn serve(reply: &Reply) -> Served {
    let mut script = Script::new();
    let edges = [
        "me",
        "me/permissions",
        "me/application_details",
        "me/assigned_applications",
        "me/accounts",
        "debug_token",
        "795",
        "795/x",
        "795/partners",
        "795/accept",
        "42",
        "42/whatsapp_business_solutions",
        "42/whatsapp_business_solution",
        "634974688087057",
        "634974688087057/whatsapp_business_solutions",
        "634974688087057/subscriptions",
    ];
    for edge in edges {
        for method in ["GET", "POST"] {
            script = script
                .on(method, &format!("/{edge}"))
                .answer(reply.clone())
                .any_times();
        }
    }
    script.serve()
}

fn mps(home: &Home, served: &Served) -> Mps {
    Mps::at(home)
        .env("MPS_USER_TOKEN", ODD_USER)
        .env("MPS_SYSTEM_TOKEN", ODD_SYSTEM)
        .env("MPS_APP_SECRET", ODD_SECRET)
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .against(served)
}

/// Searches all that a run left.
fn search(what: &str, outcome: &Outcome, home: &Home) {
    let forbidden = forbidden();
    let clean = |place: &str, bytes: &[u8]| {
        for secret in &forbidden {
            let found = memmem::find(bytes, secret.as_bytes());
            assert!(found.is_none(), "{what}: {secret} in {place}\n{outcome}");
        }
    };
    clean("stdout", outcome.stdout_text().as_bytes());
    clean("stderr", outcome.stderr_text().as_bytes());
    for file in home.files() {
        let name = file.display().to_string();
        clean("a file's name", name.as_bytes());
        clean(
            &name,
            &fs::read(home.path().join(&file)).unwrap_or_default(),
        );
    }
}

#[test]
fn no_failing_command_leaves_a_token_anywhere() {
    for (kind, reply) in answers() {
        let home = Home::new();
        for command in commands() {
            for form in [
                &["-vv"][..],
                &["--json", "-vv", "--log-file", "named.ndjson"],
            ] {
                let served = serve(&reply);
                let run = mps(&home, &served).args(&command).args(form).run();
                let code = run.ended();
                assert!(
                    code.is_some_and(|code| code <= 6),
                    "{kind}: {command:?}\n{run}"
                );
                search(&format!("{kind}: {command:?}"), &run, &home);
            }
        }
    }
}

#[test]
fn no_command_that_works_leaves_a_token_anywhere() {
    let home = Home::new();
    let permission = json!({"data": [{"permission": "manage_app_solution", "status": "granted"}]});
    let debug = |request: &Request| {
        let kind = if request.query("input_token") == Some(ODD_USER) {
            "USER"
        } else {
            "SYSTEM_USER"
        };
        Reply::json(
            200,
            json!({"data": {"app_id": PARTNER, "type": kind, "is_valid": true, "expires_at": 0,
            "user_id": "99", "scopes": ["manage_app_solution"]}}),
        )
    };
    let served = Script::new()
        .on("GET", "/debug_token")
        .answer(with_headers(Reply::with(debug)))
        .any_times()
        .on("GET", "/me/permissions")
        .reply(200, permission)
        .any_times()
        .on("GET", "/me/application_details")
        .reply(200, json!({"data": [app("42", "Lucky Shrub")]}))
        .any_times()
        .on("GET", "/634974688087057")
        .reply(200, app(PARTNER, "Acme"))
        .any_times()
        .on("GET", "/634974688087057/whatsapp_business_solutions")
        .reply(200, json!({"data": [solution("795", "42", PARTNER, "ACTIVE")],
            "paging": {"cursors": {"after": "x"}, "previous": format!("https://x.example/?access_token={ODD_SYSTEM}")}}))
        .any_times()
        .on("GET", "/42/whatsapp_business_solutions")
        .reply(200, json!({"data": [solution("795", "42", PARTNER, "ACTIVE")]}))
        .any_times()
        .on("GET", "/795")
        .answer(with_headers(Reply::json(200, solution("795", "42", PARTNER, "ACTIVE"))))
        .any_times()
        .serve();
    for command in [
        &["list"][..],
        &["list-apps"],
        &["show", "795"],
        &["handoff", "795"],
        &["api", "GET", "795"],
        &["accept", "795"],
        &["create", "--all"],
        &["onboard", "--all", "--yes"],
        &["history"],
    ] {
        for form in [&["-vv"][..], &["--json", "-vv"]] {
            let run = mps(&home, &served).args(command).args(form).run();
            run.code(0);
            search(&format!("{command:?}"), &run, &home);
        }
    }
}

/// What was taken for a token once, and can be none.
#[test]
fn no_command_shows_the_odd_token_that_it_refuses() {
    let home = Home::new();
    let echo =
        json!({"error": {"code": 190, "message": format!("Malformed access token {REFUSED}")}});
    let served = serve(&Reply::json(400, echo));
    for command in commands() {
        for name in ["MPS_USER_TOKEN", "MPS_SYSTEM_TOKEN", "MPS_APP_SECRET"] {
            for form in [&["-vv"][..], &["--json", "-vv"]] {
                let run = mps(&home, &served)
                    .env(name, REFUSED)
                    .args(&command)
                    .args(form)
                    .run();
                assert!(run.ended().is_some_and(|code| code <= 6), "{run}");
                search(&format!("{name}: {command:?}"), &run, &home);
            }
        }
    }
}

#[test]
fn a_token_that_is_none_is_refused_without_being_shown() {
    let served = Script::new().serve();
    for token in [USER, "two tokens-in-one-file", "\u{7f}control-character"] {
        let run = Mps::new()
            .args(["list", "--partner-app-id", PARTNER, "-vv", "--json"])
            .env("MPS_SYSTEM_TOKEN", token)
            .against(&served)
            .run();
        run.code(2);
        let said = run.stderr_text();
        assert!(
            !["er/", "two ", "character\""]
                .iter()
                .any(|part| said.contains(part)),
            "{run}"
        );
    }
}
