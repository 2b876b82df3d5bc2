//! What leaves, how often, and what is said when no good answer comes back.

use std::time::Duration;

use futures_util::TryStreamExt as _;

use super::server::{Reply, Server, TOKEN, ok, status, system, user};
use crate::{
    graph::{
        CallEvent, Graph, NewSolution, Pace, Sent, Token,
        error::{Error, ErrorKind},
    },
    ids::{AppId, SolutionId},
};

fn id(text: &str) -> SolutionId {
    text.parse().unwrap()
}

fn app() -> AppId {
    "1234".parse().unwrap()
}

async fn create(graph: &Graph) -> Result<String, Error> {
    let new = NewSolution {
        name: "A + B",
        partner: &"99".parse().unwrap(),
        owner_permissions: &["MESSAGING"],
        partner_permissions: &[],
    };
    let created = graph.create_solution(&user(), &app(), &new, None).await?;
    Ok(created.id.to_string())
}

const TRANSIENT: &str = r#"{"error":{"message":"An unexpected error has occurred. Please retry your request later.","type":"OAuthException","is_transient":true,"code":2,"fbtrace_id":"A"}}"#;

/// The error of a create that is answered in this way; it reaches the server once.
async fn failed_create(reply: Reply) -> Error {
    let server = Server::start([reply]).await;
    let error = create(&server.graph()).await.unwrap_err();
    assert_eq!(server.seen().len(), 1, "a write was sent twice: {error}");
    assert!(!error.timed_out() && error.tries() == 1);
    error
}

#[tokio::test]
async fn creates_that_may_have_happened() {
    let page = "<html><title>Facebook | Error</title>Sorry, something went wrong.</html>";
    for (reply, kind) in [
        (Reply::Close, "transient"),
        (Reply::Cut, "transient"),
        (status(500, TRANSIENT), "transient"),
        (status(400, TRANSIENT), "transient"),
        (ok(r#"{"error":{"code":1}}"#), "transient"),
        (ok("Service Unavailable"), "transient"),
        (status(500, page), "unreadable_response"),
        (status(502, ""), "unreadable_response"),
        (ok(""), "unreadable_response"),
        (ok("{}"), "unreadable_response"),
        (ok("true"), "unreadable_response"),
        (ok(r#"{"success":false}"#), "unreadable_response"),
        (ok(r#"{"success":true}"#), "unreadable_response"),
        (ok(r#"{"solution_id":null}"#), "unreadable_response"),
        (ok(r#"{"solution_id":12.5}"#), "unreadable_response"),
        (ok(r#"{"solution_id":"#), "unreadable_response"),
        (status(500, r#"{"error":{"code":100}}"#), "input"),
        (status(400, r#"{"error":{"message":"x"}}"#), "input"),
        (
            status(400, r#"{"error":{"code":987654,"is_transient":true}}"#),
            "transient",
        ),
    ] {
        let error = failed_create(reply).await;
        assert_eq!(
            (error.sent(), error.kind().name()),
            (Sent::Unknown, kind),
            "{error}"
        );
    }
}

#[tokio::test]
async fn creates_that_meta_refused() {
    for (reply, kind) in [
        (status(400, r#"{"error":{"code":100}}"#), "input"),
        (ok(r#"{"error":{"code":100}}"#), "input"),
        (status(400, r#"{"error":{"code":987654}}"#), "input"),
        (status(400, r#"{"error":{"code":190}}"#), "auth"),
        (status(500, r#"{"error":{"code":3}}"#), "permission"),
        (
            status(403, r#"{"error":{"code":4,"is_transient":true}}"#),
            "quota",
        ),
    ] {
        let error = failed_create(reply).await;
        assert_eq!(
            (error.sent(), error.kind().name()),
            (Sent::Refused, kind),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_concerns_the_whole_run() {
    let messaging =
        r#"{"error":{"code":100,"message":"Invalid Permissions for either of the partners"}}"#;
    for (reply, whole, messaging_refused) in [
        (status(400, messaging), true, true),
        (
            status(401, r#"{"error":{"code":190,"error_subcode":463}}"#),
            true,
            false,
        ),
        (status(403, r#"{"error":{"code":10}}"#), true, false),
        (status(403, r#"{"error":{"code":200}}"#), false, false),
        (status(400, r#"{"error":{"code":100}}"#), false, false),
        (status(500, TRANSIENT), false, false),
        (
            status(403, "<html>Blocked by your firewall</html>"),
            true,
            false,
        ),
        (status(407, ""), true, false),
        (Reply::Close, false, false),
    ] {
        let error = failed_create(reply).await;
        assert_eq!(
            (error.whole_run(), error.messaging_refused()),
            (whole, messaging_refused),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_create_that_worked() {
    for body in [
        r#"{"solution_id":"795033096057724"}"#,
        r#"{"solution_id":795033096057724}"#,
    ] {
        let server = Server::start([ok(body)]).await;
        assert_eq!(create(&server.graph()).await.unwrap(), "795033096057724");
    }
}

#[tokio::test]
async fn a_write_on_a_kept_connection_that_closes_is_not_sent_again() {
    let server = Server::start([ok(r#"{"id":"1234"}"#), Reply::Close, ok("{}")]).await;
    let graph = server.graph();
    graph.app(Token::User(&user()), &app()).await.unwrap();
    let error = create(&graph).await.unwrap_err();
    assert_eq!(error.sent(), Sent::Unknown);
    assert_eq!((server.seen().len(), server.connections()), (2, 1));
}

#[tokio::test]
async fn a_write_that_found_nobody_never_left() {
    let server = Server::start([]).await;
    let mut config = server.config();
    // A port that was just closed again: nothing listens there.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    config.base = format!("http://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    drop(listener);
    let graph = Graph::new(config).unwrap();
    let error = create(&graph).await.unwrap_err();
    assert_eq!(
        (error.sent(), error.kind()),
        (Sent::Never, ErrorKind::Transient)
    );
    assert!(error.whole_run() && error.advice().unwrap().contains("mps sandbox"));
    let error = graph.app(Token::User(&user()), &app()).await.unwrap_err();
    assert_eq!(error.tries(), 1, "nothing will listen there a second later");
}

#[tokio::test]
async fn a_time_out_says_so() {
    let server = Server::start([Reply::Hang]).await;
    let mut config = server.config();
    config.pace = Pace {
        request: Duration::from_millis(50),
        ..Pace::instant()
    };
    let error = create(&Graph::new(config).unwrap()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.sent()),
        (ErrorKind::Timeout, Sent::Unknown)
    );
    assert!(error.timed_out());
}

#[tokio::test]
async fn a_read_is_tried_four_times_and_says_so() {
    let server = Server::start([
        status(500, TRANSIENT),
        Reply::Close,
        status(503, "<html>x</html>"),
        Reply::With(
            503,
            &[("retry-after", "7"), ("x-fb-request-id", "AbC")],
            TRANSIENT.to_owned(),
        ),
        ok("{}"),
    ])
    .await;
    let error = server
        .graph()
        .app(Token::User(&user()), &app())
        .await
        .unwrap_err();
    assert_eq!((error.tries(), server.seen().len()), (4, 4));
    let causes = error.causes().join("\n");
    assert!(
        causes.contains("tried 4 times in") && causes.contains("request AbC"),
        "{causes}"
    );
    let retries: Vec<u32> = server
        .events()
        .iter()
        .filter_map(|event| match event {
            CallEvent::Retry { tries_left, .. } => Some(*tries_left),
            _ => None,
        })
        .collect();
    assert_eq!(retries, [3, 2, 1]);
}

#[tokio::test]
async fn a_read_that_recovers() {
    let server = Server::start([
        Reply::Cut,
        status(500, TRANSIENT),
        ok(r#"{"id":"1234","name":"A"}"#),
    ])
    .await;
    let app = server
        .graph()
        .app(Token::User(&user()), &app())
        .await
        .unwrap();
    assert_eq!(app.name, "A");
}

#[tokio::test]
async fn a_redirect_is_an_error_that_names_the_host() {
    let other = Server::start([ok("{}")]).await;
    let server = Server::start([Reply::With(
        302,
        &[("location", "http://evil.example:81/steal?x=1")],
        String::new(),
    )])
    .await;
    let error = server
        .graph()
        .app(Token::User(&user()), &app())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("evil.example:81"), "{error}");
    assert!(!error.to_string().contains("steal"), "{error}");
    assert_eq!((server.seen().len(), other.seen().len()), (1, 0));
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let server = Server::start([ok(&format!("[{}1]", "1,".repeat(5 * 1024 * 1024)))]).await;
    let error = server
        .graph()
        .app(Token::User(&user()), &app())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("longer than 8 MiB"), "{error}");
    assert_eq!(error.tries(), 1);
}

#[tokio::test]
async fn the_version_that_answers_is_compared_once() {
    let reply = || {
        Reply::With(
            200,
            &[("facebook-api-version", "v21.0")],
            r#"{"id":"1"}"#.to_owned(),
        )
    };
    let server = Server::start([reply(), reply()]).await;
    let mut config = server.config();
    config.version = "v20.0".parse().unwrap();
    let graph = Graph::new(config).unwrap();
    for _ in 0..2 {
        graph.app(Token::User(&user()), &app()).await.unwrap();
    }
    let said: Vec<_> = server
        .events()
        .into_iter()
        .filter_map(|event| match event {
            CallEvent::VersionDiffers { asked, served } => Some((asked.to_string(), served)),
            _ => None,
        })
        .collect();
    assert_eq!(said, [("v20.0".to_owned(), "v21.0".to_owned())]);
}

#[tokio::test]
async fn connections_are_kept() {
    let server = Server::start((0..3).map(|_| ok(r#"{"id":"1"}"#))).await;
    let graph = server.graph();
    for _ in 0..3 {
        graph
            .clone()
            .app(Token::User(&user()), &app())
            .await
            .unwrap();
    }
    assert_eq!((server.seen().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn no_event_and_no_error_shows_the_token() {
    let echo = format!(
        r#"{{"error":{{"message":"Malformed access token {TOKEN}","code":190,"error_user_msg":"{TOKEN}"}}}}"#
    );
    let server = Server::start([
        status(401, &echo),
        ok(&format!(
            r#"{{"data":[{{"id":"1"}}],"paging":{{"next":"https://x/?access_token={TOKEN}&after=c"}}}}"#
        )),
        status(400, &format!("<html>{TOKEN}</html>")),
        ok(&format!(r#"{{"data":[{{"access_token":"{TOKEN}"}}]}}"#)),
    ])
    .await;
    let graph = server.graph();
    let first = graph
        .accept(&system(), &id("7"), Some(&app()), None)
        .await
        .unwrap_err();
    let second = graph
        .granted_apps(&user())
        .try_collect::<Vec<_>>()
        .await
        .unwrap_err();
    let business = "5".parse().unwrap();
    graph
        .business_token(&system(), &id("7"), &business)
        .await
        .unwrap();
    for error in [first, second] {
        let all = format!(
            "{error} {error:?} {:?} {:?}",
            error.causes(),
            error.advice()
        );
        assert!(!all.contains(TOKEN), "{all}");
    }
    let events = format!("{:?}", server.events());
    assert!(
        !events.contains(TOKEN) && events.contains("(redacted)"),
        "{events}"
    );
    for seen in server.seen() {
        assert!(
            !seen.line.contains(TOKEN) && seen.head.contains(TOKEN),
            "{seen:?}"
        );
    }
}
