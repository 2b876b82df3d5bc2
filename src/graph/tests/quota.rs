//! What a used-up quota does to the calls of one token.

use std::time::Duration;

use super::server::{Reply, Server, ok, status, system, user};
use crate::{
    graph::{CallEvent, Error, Graph, Sent, Token, error::ErrorKind},
    ids::AppId,
};

const THROTTLED: &str = r#"{"error":{"message":"(#4) Application request limit reached","type":"OAuthException","is_transient":true,"code":4,"fbtrace_id":"A"}}"#;
const BUSY: &str =
    r#"{"error":{"message":"(#80008) There have been too many calls","code":80008}}"#;
const REGAIN: &[(&str, &str)] = &[(
    "x-business-use-case-usage",
    r#"{"1":[{"type":"whatsapp","call_count":100,"estimated_time_to_regain_access":19}]}"#,
)];
const NEARLY: &[(&str, &str)] = &[("x-app-usage", r#"{"call_count":96}"#)];
const MUCH: &[(&str, &str)] = &[("x-app-usage", r#"{"call_count":80}"#)];
const APP: &str = r#"{"id":"1234"}"#;

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

async fn read(graph: &Graph) -> Result<(), Error> {
    let id: AppId = "1234".parse().unwrap();
    graph.app(Token::User(&user()), &id).await.map(|_| ())
}

fn waiting(server: &Server, most: Duration) -> Graph {
    let mut config = server.config();
    config.wait_quota = Some(most);
    Graph::new(config).unwrap()
}

/// The pauses that were announced, in minutes.
fn pauses(server: &Server) -> Vec<u64> {
    server
        .events()
        .iter()
        .filter_map(|event| match event {
            CallEvent::QuotaPause { total, .. } => Some(total.as_secs() / 60),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_refusal_stops_that_token_at_once() {
    let server = Server::start([Reply::With(400, REGAIN, BUSY.to_owned()), ok("true")]).await;
    let graph = server.graph();
    let error = read(&graph).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.quota_wait()),
        (ErrorKind::Quota, Some(minutes(19)))
    );
    assert!(error.advice().unwrap().contains("in 19 minutes"));

    let error = read(&graph).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.sent(), error.tries()),
        (ErrorKind::Quota, Sent::Never, 0)
    );
    assert_eq!(error.quota_wait(), Some(minutes(19)));
    assert_eq!(server.seen().len(), 1);

    let id = "7".parse().unwrap();
    graph.accept(&system(), &id, None, None).await.unwrap();
    assert_eq!(server.seen().len(), 2, "another token has another quota");
}

#[tokio::test]
async fn without_a_time_the_guess_is_named() {
    let server = Server::start([status(403, THROTTLED)]).await;
    let error = read(&server.graph()).await.unwrap_err();
    assert_eq!(error.quota_wait(), Some(minutes(5)));
}

#[tokio::test]
async fn nearly_used_up_stops_before_sending() {
    let server = Server::start([Reply::With(200, NEARLY, APP.to_owned())]).await;
    let graph = server.graph();
    read(&graph).await.unwrap();
    let error = read(&graph).await.unwrap_err();
    assert_eq!((error.kind(), error.quota_wait()), (ErrorKind::Quota, None));
    assert!(error.to_string().contains("96 %"), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn much_used_spreads() {
    let reply = || Reply::With(200, MUCH, APP.to_owned());
    let server = Server::start([reply(), reply(), reply()]).await;
    let graph = server.graph();
    for _ in 0..3 {
        read(&graph).await.unwrap();
    }
    let spread = |event: &&CallEvent| matches!(event, CallEvent::Spread { used: 80, .. });
    assert_eq!(server.events().iter().filter(spread).count(), 1);
}

#[tokio::test]
async fn waiting_goes_on_after_a_probe() {
    let server = Server::start([Reply::With(400, REGAIN, BUSY.to_owned()), ok(APP), ok(APP)]).await;
    read(&waiting(&server, Duration::MAX)).await.unwrap();
    assert_eq!(pauses(&server), [19]);
    assert_eq!(
        server.lines()[1..],
        [
            "GET /v26.0/1234?fields=id",
            "GET /v26.0/1234?fields=id%2Cname%2Clink"
        ]
    );
}

#[tokio::test]
async fn probes_that_are_refused_make_longer_pauses() {
    let refused = || status(403, THROTTLED);
    let server = Server::start([refused(), refused(), refused(), ok(APP), ok(APP)]).await;
    read(&waiting(&server, Duration::MAX)).await.unwrap();
    assert_eq!(pauses(&server), [5, 10, 20]);
}

#[tokio::test]
async fn probes_before_a_refusal_double_from_a_minute() {
    let nearly = || Reply::With(200, NEARLY, APP.to_owned());
    let server = Server::start([nearly(), nearly(), nearly(), ok(APP), ok(APP)]).await;
    let graph = waiting(&server, Duration::MAX);
    read(&graph).await.unwrap();
    read(&graph).await.unwrap();
    assert_eq!(pauses(&server), [1, 2, 4]);
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test]
async fn waiting_has_a_longest_time() {
    let server = Server::start([Reply::With(400, REGAIN, BUSY.to_owned())]).await;
    let error = read(&waiting(&server, minutes(10))).await.unwrap_err();
    assert_eq!(
        (error.code(), error.quota_wait()),
        (Some(80008), Some(minutes(19)))
    );
    assert_eq!((pauses(&server), server.seen().len()), (vec![], 1));
}

#[tokio::test]
async fn a_write_never_waits_by_itself() {
    let server = Server::start([status(403, THROTTLED), ok(r#"{"id":"7"}"#), ok("true")]).await;
    let (graph, id) = (waiting(&server, Duration::MAX), "7".parse().unwrap());
    for sent in [Sent::Refused, Sent::Never] {
        let error = graph.accept(&system(), &id, None, None).await.unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Quota, sent));
        assert_eq!(server.seen().len(), 1);
    }
    let error = graph.accept(&system(), &id, None, None).await.unwrap_err();
    let system = system();
    assert!(graph.wait_out(&error, Token::System(&system), "7").await);
    graph.accept(&system, &id, None, None).await.unwrap();
    assert_eq!(
        server.lines(),
        [
            "POST /v26.0/7/accept",
            "GET /v26.0/7?fields=id",
            "POST /v26.0/7/accept"
        ]
    );
}

#[tokio::test]
async fn what_is_not_waited_out() {
    let server = Server::start([
        status(403, THROTTLED),
        status(400, r#"{"error":{"code":100}}"#),
    ]);
    let server = server.await;
    let (short, id) = (waiting(&server, minutes(4)), "7".parse().unwrap());
    let system = system();
    let error = short.accept(&system, &id, None, None).await.unwrap_err();
    assert!(!short.wait_out(&error, Token::System(&system), "7").await);
    let patient = waiting(&server, Duration::MAX);
    let other = patient.accept(&system, &id, None, None).await.unwrap_err();
    assert!(!patient.wait_out(&other, Token::System(&system), "7").await);
    assert!(
        !server
            .graph()
            .wait_out(&error, Token::System(&system), "7")
            .await
    );
    assert_eq!((pauses(&server), server.seen().len()), (vec![], 2));
}

#[tokio::test]
async fn many_calls_wait_together_and_probe_once() {
    let mut replies = vec![Reply::With(200, NEARLY, APP.to_owned())];
    replies.extend((0..9).map(|_| ok(APP)));
    let server = Server::start(replies).await;
    let graph = waiting(&server, Duration::MAX);
    read(&graph).await.unwrap();
    let all = (0..8).map(|_| read(&graph));
    assert!(
        futures_util::future::join_all(all)
            .await
            .iter()
            .all(Result::is_ok)
    );
    let probes = server
        .lines()
        .iter()
        .filter(|line| line.ends_with("fields=id"))
        .count();
    assert_eq!((probes, pauses(&server)), (1, vec![1]));
}
