//! Headers and bodies for `-vv` and the log, without secrets.
//!
//! The one decision: what cannot be made safe is left out. `paging.next` and `previous` are whole requests
//! of Meta's making, with a token in them, and go; so do cookies, and answers that are a secret.

use serde_json::Value;
use url::Url;

use super::event::{CallEvent, Direction};
use crate::{
    graph::{
        answer::{RawResponse, cut::beginning},
        send::call::ApiCall,
    },
    redact::Redactor,
};

/// What stands where something was left out.
const LEFT_OUT: &str = "(redacted)";

/// Longest body shown, in characters.
const LONGEST: usize = 64 * 1024;

/// What is about to be sent.
pub(crate) fn sent(
    call: &ApiCall,
    url: &Url,
    body: Option<&[u8]>,
    redactor: &Redactor,
) -> CallEvent {
    let mut headers = vec![("authorization".to_owned(), LEFT_OUT.to_owned())];
    if body.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    CallEvent::Detail {
        way: Direction::Sent,
        line: redactor
            .clean(&format!("{} {url}", call.method.as_str()))
            .into_owned(),
        headers,
        body: body.map(|body| shown(body, redactor)),
    }
}

/// What came back.
pub(crate) fn received(call: &ApiCall, answer: &RawResponse, redactor: &Redactor) -> CallEvent {
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| {
            let value = match name.as_str() {
                "set-cookie" | "cookie" | "authorization" => LEFT_OUT.to_owned(),
                _ => redactor.clean(value).into_owned(),
            };
            (name.clone(), value)
        })
        .collect();
    let body = if call.secret_answer {
        LEFT_OUT.to_owned()
    } else {
        shown(&answer.body, redactor)
    };
    CallEvent::Detail {
        way: Direction::Received,
        line: format!("HTTP {}", answer.status),
        headers,
        body: Some(body),
    }
}

/// A body as text.
fn shown(body: &[u8], redactor: &Redactor) -> String {
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(mut value) => {
            without_next(&mut value);
            // Every character costs time; of a long body only the beginning is cleaned, as text.
            if body.len() <= LONGEST {
                redactor.clean_json(&mut value);
            }
            value.to_string()
        }
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    match beginning(&text, LONGEST, redactor) {
        (shown, true) => shown,
        (shown, false) => format!("{shown}… ({} bytes in all)", body.len()),
    }
}

/// Takes the values of `next` and `previous` out of every `paging`.
pub(crate) fn without_next(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_next),
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "paging" {
                    for link in ["next", "previous"] {
                        if let Some(link) = value.get_mut(link) {
                            *link = LEFT_OUT.into();
                        }
                    }
                }
                without_next(value);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "EAATESTTOKEN0123456789abc";

    fn text(event: &CallEvent) -> String {
        format!("{event:?}")
    }

    #[test]
    fn no_token_in_either_direction() {
        let redactor = Redactor::default();
        let call = ApiCall::get("x", &["debug_token"]).param("input_token", "odd|token");
        let url = call.url(
            &crate::graph::BaseUrl::default(),
            crate::graph::ApiVersion::default(),
            Some("9acf14"),
        );
        let event = text(&sent(
            &call,
            &url,
            Some(br#"{"appsecret_proof":"9acf14"}"#),
            &redactor,
        ));
        assert!(
            !event.contains("odd") && !event.contains("9acf14"),
            "{event}"
        );

        let answer = RawResponse {
            status: 200,
            headers: vec![
                ("set-cookie".to_owned(), "fr=abc".to_owned()),
                ("www-authenticate".to_owned(), format!("OAuth \"{TOKEN}\"")),
            ],
            body: format!(
                r#"{{"data":[{{"partners":{{"paging":{{"next":"https://x/?t={TOKEN}"}}}}}}],"paging":{{"previous":"p","cursors":{{"after":"c"}}}}}}"#
            )
            .into_bytes(),
            ..RawResponse::default()
        };
        let event = text(&received(&call, &answer, &redactor));
        assert!(
            !event.contains(TOKEN) && !event.contains("fr=abc"),
            "{event}"
        );
        assert!(
            !event.contains("https://x") && event.contains("after"),
            "{event}"
        );
        let event = text(&received(&call.secret_answer(), &answer, &redactor));
        assert!(!event.contains("after"), "{event}");
    }
}
