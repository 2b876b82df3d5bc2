//! What each call asks for, and the shapes of answers it takes.

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use super::server::{Server, TOKEN, ok, status, system, user};
use crate::{
    graph::{Graph, Method, NewSolution, SolutionRole, Status, Token, Transition},
    ids::{AppId, SolutionId},
    secret::{AppSecret, Secret},
};

const LONG: &str = "fields=id%2Cname%2Cstatus%2Cstatus_for_pending_request%2Cowner_app%2Cowner_permissions\
                    %2Cpartners%7Bpartner_app%2Cpartner_permissions%2Cstatus%7D";
const SHORT: &str =
    "fields=id%2Cname%2Cstatus%2Cstatus_for_pending_request%2Cowner_app%2Cowner_permissions";

fn app() -> AppId {
    "1234".parse().unwrap()
}

fn solution() -> SolutionId {
    "795".parse().unwrap()
}

#[tokio::test]
async fn create_sends_the_guides_fields() {
    let server = Server::start([ok(r#"{"solution_id":"795"}"#)]).await;
    let new = NewSolution {
        name: "Lucky Shrub + Us",
        partner: &"99".parse().unwrap(),
        owner_permissions: &["MESSAGING"],
        partner_permissions: &[],
    };
    server
        .graph()
        .create_solution(&user(), &app(), &new, None)
        .await
        .unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /v26.0/1234/whatsapp_business_solution");
    assert_eq!(
        seen.body,
        r#"{"owner_permissions":["MESSAGING"],"partner_app_id":"99","partner_permissions":[],"solution_name":"Lucky Shrub + Us"}"#
    );
    let head = seen.head.to_lowercase();
    let agent = format!("user-agent: mps/{}", env!("CARGO_PKG_VERSION"));
    for header in [
        "content-type: application/json",
        "accept: application/json",
        &agent,
    ] {
        assert!(head.contains(header), "{head}");
    }
    assert!(seen.head.contains(&format!("Bearer {TOKEN}")));
}

#[tokio::test]
async fn the_actions() {
    let success = || ok(r#"{"success":true}"#);
    let server = Server::start([
        ok(r#"{"success":"true"}"#),
        ok("true"),
        ok(r#"{"solution_id":"795","partner_status":"ACCEPTED"}"#),
        success(),
        success(),
        success(),
    ])
    .await;
    let (graph, system, id, us) = (server.graph(), system(), solution(), app());
    graph.accept(&system, &id, Some(&us), None).await.unwrap();
    graph.accept(&system, &id, None, None).await.unwrap();
    for what in Transition::ALL {
        let token = Token::System(&system);
        graph.transition(token, &id, &us, what).await.unwrap();
    }
    let seen: Vec<(String, Value)> = server
        .seen()
        .into_iter()
        .map(|seen| {
            let body = serde_json::from_str(&seen.body).unwrap_or_default();
            (seen.line.replace("POST /v26.0/795/", ""), body)
        })
        .collect();
    let expected = [
        ("accept", json!({"partner_app_id": "1234"})),
        ("accept", Value::Null),
        (
            "reject",
            json!({"request_type": "PARTNERSHIP_REQUEST", "partner_app_id": "1234"}),
        ),
        ("send_deactivation_request", json!({})),
        ("accept_deactivation_request", json!({})),
        (
            "reject_deactivation_request",
            json!({"reject_deactivation_request": true}),
        ),
    ];
    assert_eq!(seen, expected.map(|(edge, body)| (edge.to_owned(), body)));
}

#[tokio::test]
async fn the_proof_goes_along_when_the_secret_is_known() {
    let server = Server::start([ok(r#"{"id":"1"}"#), ok("true"), ok("true")]).await;
    let mut config = server.config();
    config.app_secret = Some(AppSecret::parse("0123456789abcdef0123456789abcdef").unwrap());
    let graph = Graph::new(config).unwrap();
    graph.app(Token::User(&user()), &app()).await.unwrap();
    graph
        .accept(&system(), &solution(), Some(&app()), None)
        .await
        .unwrap();
    graph
        .accept(&system(), &solution(), None, None)
        .await
        .unwrap();
    let seen = server.seen();
    let proof = seen[0].line.split("appsecret_proof=").nth(1).unwrap();
    assert_eq!(proof.len(), 64);
    assert_eq!(
        seen[1].body,
        json!({"partner_app_id": "1234", "appsecret_proof": proof}).to_string()
    );
    assert_eq!(
        (seen[2].body.as_str(), seen[2].line.ends_with(proof)),
        ("", true)
    );
}

#[tokio::test]
async fn granted_apps_over_pages() {
    let server = Server::start([
        ok(r#"{"data":[{"id":"1","name":"A","link":"x.example"}],"paging":{"cursors":{"after":"c1"},"next":"https://evil.example/?after=zz"}}"#),
        ok(r#"{"data":[],"paging":{"cursors":{"after":"c2"},"next":"y"}}"#),
        ok(r#"{"data":[{"id":2}],"paging":{"cursors":{"after":"c3"}}}"#),
    ])
    .await;
    let apps: Vec<_> = server
        .graph()
        .granted_apps(&user())
        .try_collect()
        .await
        .unwrap();
    let ids: Vec<_> = apps.iter().map(|app| app.id.as_str()).collect();
    assert_eq!(
        (ids, apps[0].link.as_deref()),
        (vec!["1", "2"], Some("https://x.example"))
    );
    assert_eq!(
        server.lines(),
        [
            "GET /v26.0/me/application_details?limit=100",
            "GET /v26.0/me/application_details?limit=100&after=c1",
            "GET /v26.0/me/application_details?limit=100&after=c2",
        ]
    );
}

#[tokio::test]
async fn granted_apps_where_meta_does_not_know_the_guides_edge() {
    for refusal in [
        status(
            400,
            r#"{"error":{"code":100,"message":"Tried accessing nonexisting field"}}"#,
        ),
        status(
            400,
            r#"{"error":{"code":2500,"message":"Unknown path components"}}"#,
        ),
        status(404, "<html>x</html>"),
    ] {
        let server = Server::start([refusal, ok(r#"{"data":[{"id":"1"}]}"#)]).await;
        let apps: Vec<_> = server
            .graph()
            .granted_apps(&user())
            .try_collect()
            .await
            .unwrap();
        assert_eq!(apps.len(), 1);
        assert!(server.lines()[1].starts_with("GET /v26.0/me/assigned_applications"));
    }
    for refusal in [
        r#"{"error":{"code":190}}"#,
        r#"{"error":{"code":100,"message":"Invalid appsecret_proof provided in the API argument"}}"#,
    ] {
        let server = Server::start([status(400, refusal)]).await;
        let result: Result<Vec<_>, _> = server.graph().granted_apps(&user()).try_collect().await;
        assert!(result.is_err() && server.seen().len() == 1);
    }
}

#[tokio::test]
async fn solutions_with_fewer_fields_where_meta_refuses_ours() {
    let refusal = r#"{"error":{"code":100,"message":"nonexisting field (partners)"}}"#;
    let row = r#"{"id":"795","name":"S","status":"ACTIVE","owner_app":{"id":"5"}}"#;
    let page = format!(r#"{{"data":[{row}],"paging":{{"cursors":{{"after":"c"}},"next":"x"}}}}"#);
    let server = Server::start([status(400, refusal), ok(&page), ok(r#"{"data":[]}"#)]).await;
    let rows = server
        .graph()
        .solutions(Token::System(&system()), &app(), SolutionRole::Partner);
    let solutions: Vec<_> = rows.try_collect().await.unwrap();
    assert_eq!((solutions.len(), &solutions[0].partners), (1, &None));
    assert_eq!(solutions[0].status, Status::Active);
    let path = "GET /v26.0/1234/whatsapp_business_solutions?role=PARTNER&limit=100";
    assert_eq!(
        server.lines(),
        [
            format!("{path}&{LONG}"),
            format!("{path}&{SHORT}"),
            format!("{path}&{SHORT}&after=c"),
        ]
    );
    let server = Server::start([status(400, refusal), ok(row)]).await;
    let token = system();
    server
        .graph()
        .solution(Token::System(&token), &solution())
        .await
        .unwrap();
    assert_eq!(
        server.lines(),
        [
            format!("GET /v26.0/795?{LONG}"),
            format!("GET /v26.0/795?{SHORT}")
        ]
    );
}

#[tokio::test]
async fn a_solution_that_is_not_visible_is_asked_for_once() {
    let server = Server::start([status(400, r#"{"error":{"code":100,"error_subcode":33}}"#)]).await;
    let token = system();
    let error = server
        .graph()
        .solution(Token::System(&token), &solution())
        .await
        .unwrap_err();
    assert!(error.is_not_visible() && error.refused_to_look());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn partners_that_go_on_elsewhere() {
    let row =
        r#"{"id":"795","partners":{"data":[{"partner_app":{"id":"5"}}],"paging":{"next":"x"}}}"#;
    let all = r#"{"data":[{"partner_app":{"id":"5"}},{"partner_app":{"id":"6"}}]}"#;
    let server = Server::start([
        ok(&format!(r#"{{"data":[{row}]}}"#)),
        ok(all),
        ok(row),
        status(403, r#"{"error":{"code":10}}"#),
    ])
    .await;
    let (graph, token) = (server.graph(), system());
    let rows = graph.solutions(Token::System(&token), &app(), SolutionRole::Owner);
    let solutions: Vec<_> = rows.try_collect().await.unwrap();
    assert_eq!(solutions[0].has_partner(&"6".parse().unwrap()), Some(true));
    let alone = graph
        .solution(Token::System(&token), &solution())
        .await
        .unwrap();
    assert_eq!(alone.has_partner(&"5".parse().unwrap()), None);
    assert!(server.lines()[1].starts_with("GET /v26.0/795/partners?"));
}

#[tokio::test]
async fn pages_that_are_too_much_for_meta_are_asked_for_in_smaller_ones() {
    let reduce = || {
        status(
            500,
            r#"{"error":{"code":1,"message":"Please reduce the amount of data"}}"#,
        )
    };
    let more = r#"{"data":[{"id":"1"}],"paging":{"cursors":{"after":"c"},"next":"x"}}"#;
    let last = r#"{"data":[{"id":"2"}]}"#;
    let server = Server::start([reduce(), reduce(), reduce(), ok(more), ok(last)]).await;
    let apps: Vec<_> = server
        .graph()
        .granted_apps(&user())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(apps.len(), 2);
    assert_eq!(
        server.lines()[3..],
        [
            "GET /v26.0/me/application_details?limit=25",
            "GET /v26.0/me/application_details?limit=25&after=c",
        ]
    );
}

#[tokio::test]
async fn lists_that_do_not_end() {
    let turn = r#"{"data":[{"id":"1"}],"paging":{"cursors":{"after":"c"},"next":"x"}}"#;
    let server = Server::start([ok(turn), ok(turn), ok(turn)]).await;
    let result: Result<Vec<_>, _> = server.graph().granted_apps(&user()).try_collect().await;
    let error = result.unwrap_err().to_string();
    assert!(error.contains("in a circle"), "{error}");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn debug_token_asks_with_another_token() {
    let server = Server::start([ok(
        r#"{"data":{"app_id":"1234","is_valid":false,"error":{"code":190,"message":"expired"}}}"#,
    )])
    .await;
    let secret = AppSecret::parse("0123456789abcdef").unwrap();
    let input = Secret::parse("EAAother").unwrap();
    let info = server
        .graph()
        .debug_token(Token::App(&app(), &secret), &input)
        .await
        .unwrap();
    assert_eq!(info.error.and_then(|error| error.code), Some(190));
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "GET /v26.0/debug_token?input_token=EAAother");
    assert!(seen.head.contains("Bearer 1234|0123456789abcdef"));
    assert!(!format!("{:?}", server.events()).contains("EAAother"));
}

#[tokio::test]
async fn raw_calls() {
    let page = |next: &str| {
        ok(&format!(
            r#"{{"data":[1],"paging":{{"cursors":{{"after":"{next}"}},"next":"https://x/?t={TOKEN}"}}}}"#
        ))
    };
    let server = Server::start([page("a"), page("b"), ok(r#"{"data":[2]}"#), page("z")]).await;
    let (graph, token) = (server.graph(), user());
    let rows = graph
        .raw_pages(Token::User(&token), "me/accounts?limit=1", &[])
        .unwrap();
    let pages: Vec<_> = rows.try_collect().await.unwrap();
    assert_eq!(pages.len(), 3);
    let one = graph
        .raw(Token::User(&token), Method::Get, "/v25.0/me/accounts", &[])
        .await
        .unwrap();
    assert!(!format!("{pages:?}{one}").contains(TOKEN));
    assert_eq!(
        server.lines(),
        [
            "GET /v26.0/me/accounts?limit=1",
            "GET /v26.0/me/accounts?limit=1&after=a",
            "GET /v26.0/me/accounts?limit=1&after=b",
            "GET /v25.0/me/accounts",
        ]
    );
    let error = graph
        .raw(
            Token::User(&token),
            Method::Get,
            "https://evil.example/me",
            &[],
        )
        .await
        .unwrap_err();
    assert_eq!(error.kind().name(), "usage");
    assert_eq!(server.seen().len(), 4);
}
