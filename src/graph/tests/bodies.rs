//! No body whatever makes reading panic, or brings the token into an error.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::server::{TOKEN, config};
use crate::{
    graph::{
        Graph, Permission,
        answer::{self, RawResponse},
        api::{
            models::{App, Partner, SolutionNode},
            page::ListPage,
        },
        error::{ErrorCause, failed},
        observe::detail,
        quota::usage,
        send::call::{ApiCall, Bearer},
    },
    redact::Redactor,
    secret::Secret,
};

/// Words of Meta's answers, where our shapes look for something.
const NAMES: [&str; 24] = [
    "error",
    "message",
    "code",
    "error_data",
    "error_user_msg",
    "fbtrace_id",
    "is_transient",
    "data",
    "paging",
    "cursors",
    "after",
    "next",
    "id",
    "name",
    "link",
    "status",
    "status_for_pending_request",
    "owner_app",
    "owner_permissions",
    "partners",
    "partner_app",
    "permission",
    "success",
    TOKEN,
];

/// Texts, most of them with the token inside.
fn text_with_token() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(TOKEN.to_owned()),
        Just(format!("Malformed access token {TOKEN}")),
        Just(format!("https://x/?access_token={TOKEN}&after=c")),
        "\\PC{0,12}",
    ]
    .prop_map(Value::from)
}

/// JSON of any shape.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text_with_token(),
    ];
    let tree = leaf.prop_recursive(5, 40, 6, move |inner| {
        let name = prop::sample::select(NAMES.to_vec());
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6).prop_map(|fields| {
                fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect::<Value>()
            }),
        ]
    });
    let one = (prop::sample::select(NAMES.to_vec()), text_with_token());
    prop_oneof![tree, one.prop_map(|(name, text)| json!({ name: text }))]
}

/// Reads a body in all ways there are, and gives back every error in words.
fn read_all(status: u16, body: &[u8]) -> Vec<String> {
    let redactor = Redactor::default();
    redactor.know(&Secret::parse(TOKEN).unwrap());
    let answer = RawResponse {
        status,
        headers: vec![("location".to_owned(), format!("https://{TOKEN}/"))],
        body: body.to_vec(),
        ..RawResponse::default()
    };
    let call = ApiCall::get("try", &["1"]);
    let mut words = vec![format!("{:?}", detail::received(&call, &answer, &redactor))];
    let causes = match answer::judge(&answer, "graph.facebook.com", &redactor) {
        Err(cause) => vec![cause],
        Ok(value) => decode_all(&value, &redactor),
    };
    words.extend(causes.into_iter().map(|cause| {
        let mut facts = GRAPH.0.facts(Bearer::User, &call);
        facts.status = Some(status);
        let error = failed(facts, cause);
        let (sent, whole) = (error.sent(), error.whole_run());
        let (causes, advice) = (error.causes(), error.advice());
        format!("{error} {error:?} {causes:?} {advice:?} {sent:?} {whole}")
    }));
    words
}

/// Only its settings are used.
static GRAPH: LazyLock<Graph> = LazyLock::new(|| {
    let mut config = config();
    config.base = "http://127.0.0.1:1".parse().unwrap();
    Graph::new(config).unwrap()
});

fn decode_all(value: &Value, redactor: &Redactor) -> Vec<ErrorCause> {
    fn error<T>(result: Result<T, ErrorCause>) -> Option<ErrorCause> {
        result.err()
    }
    [
        error(ListPage::read(value.clone())),
        error(answer::decode::<App>(value.clone(), redactor)),
        error(answer::decode::<SolutionNode>(value.clone(), redactor)),
        error(answer::decode::<Vec<SolutionNode>>(
            json!([value]),
            redactor,
        )),
        error(answer::decode::<Partner>(value.clone(), redactor)),
        error(answer::decode::<Permission>(value.clone(), redactor)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn status() -> impl Strategy<Value = u16> {
    prop::sample::select(vec![200, 201, 302, 400, 401, 403, 404, 407, 429, 500, 503])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fuzz_graph_answers_of_any_shape(value in any_json(), status in status()) {
        for words in read_all(status, value.to_string().as_bytes()) {
            prop_assert!(!words.contains(TOKEN), "{}", words);
        }
    }

    #[test]
    fn fuzz_graph_answers_of_any_text(before in "\\PC{0,60}", after in "\\PC{0,60}", html in any::<bool>(), status in status()) {
        let open = if html { "<html><p>" } else { "" };
        let body = format!("{open}{before} {TOKEN} {after}");
        for words in read_all(status, body.as_bytes()) {
            prop_assert!(!words.contains(TOKEN), "{}", words);
        }
    }

    #[test]
    fn fuzz_graph_answers_of_any_bytes(body in prop::collection::vec(any::<u8>(), 0..200), status in status()) {
        read_all(status, &body);
    }

    #[test]
    fn fuzz_graph_usage_headers(app in "\\PC{0,80}", value in any_json()) {
        let business = value.to_string();
        let entries = usage::read(Some(&app), Some(&business));
        usage::stand(&entries);
        let entries = usage::read(Some(&business), Some(&app));
        usage::stand(&entries);
    }
}
