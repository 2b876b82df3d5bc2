//! Any call, for `mps api`.
//!
//! The one decision: a raw call has the same rules as all others. The path is a path and not a URL, and a
//! token is not a parameter.

use serde_json::{Map, Value};

use super::page::RowStream;
use crate::graph::{
    error::{Error, ErrorCause, failed},
    observe::detail,
    send::{
        call::{ApiCall, Method, OwnedToken, Token},
        perform::Graph,
    },
};

/// Parameters that are secrets and belong into the header.
const SECRETS: [&str; 2] = ["access_token", "appsecret_proof"];

/// Makes the call of a path like `me/permissions`, `/v25.0/1234?fields=name`.
fn parse(method: Method, path: &str, params: &[(String, Value)]) -> Result<ApiCall, String> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    if path.contains("://") || path.contains(['#', '\\']) {
        return Err(format!(
            "{path:?} is not a path like me/permissions: the host is set by --graph-url"
        ));
    }
    let mut segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    if segments
        .iter()
        .any(|segment| matches!(*segment, "." | ".."))
    {
        return Err(format!("{path:?} has dots for segments"));
    }
    let version = segments.first().and_then(|first| first.parse().ok());
    if version.is_some() {
        segments.remove(0);
    }
    if segments.is_empty() {
        return Err("the path is empty: it begins with an id or with me".to_owned());
    }
    let mut call = ApiCall::new(method, format!("{} {path}", method.as_str()), &segments);
    call.version = version;
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned();
    let (in_query, in_body): (Vec<_>, Vec<_>) = if method == Method::Post {
        (query.collect(), params.to_vec())
    } else {
        let params = params.iter();
        let params = params.map(|(name, value)| (name.clone(), in_a_query(value)));
        (query.chain(params).collect(), Vec::new())
    };
    let mut names = in_query.iter().map(|(name, _)| name);
    let mut names = names.by_ref().chain(in_body.iter().map(|(name, _)| name));
    if let Some(name) = names.find(|name| SECRETS.contains(&name.as_str())) {
        return Err(format!(
            "{name} is not a parameter here: mps sends it by itself"
        ));
    }
    call.params = in_query;
    if !in_body.is_empty() {
        call.body = Some(in_body.into_iter().collect::<Map<String, Value>>());
    }
    Ok(call)
}

/// A value as a query holds it: a text as it is, all else as JSON.
pub fn in_a_query(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

impl Graph {
    /// One call of any path; parameters go into the query, of a POST into the JSON body. The links to
    /// other pages are taken out of the answer, since they hold tokens.
    pub async fn raw(
        &self,
        token: Token<'_>,
        method: Method,
        path: &str,
        params: &[(String, Value)],
    ) -> Result<Value, Error> {
        let held = OwnedToken::from(token);
        let call = self.raw_call(&held, method, path, params)?;
        let mut value = self.perform(&held, &call).await?.value;
        detail::without_next(&mut value);
        Ok(value)
    }

    /// All pages of a list, one answer each.
    ///
    /// # Errors
    /// A path that cannot be asked, before anything is sent.
    pub fn raw_pages(
        &self,
        token: Token<'_>,
        path: &str,
        params: &[(String, Value)],
    ) -> Result<RowStream<Value>, Error> {
        let held = OwnedToken::from(token);
        let call = self.raw_call(&held, Method::Get, path, params)?;
        Ok(self.pages(held, call))
    }

    fn raw_call(
        &self,
        held: &OwnedToken,
        method: Method,
        path: &str,
        params: &[(String, Value)],
    ) -> Result<ApiCall, Error> {
        parse(method, path, params).map_err(|problem| {
            let call = ApiCall::new(method, format!("make the call {}", method.as_str()), &[]);
            let problem = self.redactor().clean(&problem).into_owned();
            failed(self.0.facts(held.bearer, &call), ErrorCause::Usage(problem))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::BaseUrl;

    fn url(method: Method, path: &str, params: &[(&str, &str)]) -> Result<String, String> {
        let params: Vec<_> = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        parse(method, path, &params).map(|call| {
            let url = call.url(&BaseUrl::default(), "v26.0".parse().unwrap(), None);
            let body = call.body_bytes(None).unwrap_or_default();
            let url = url.as_str().replace("https://graph.facebook.com", "");
            format!("{url} {}", String::from_utf8_lossy(&body))
                .trim()
                .to_owned()
        })
    }

    #[test]
    fn paths() {
        for (method, path, params, expected) in [
            (
                Method::Get,
                "me/permissions",
                &[][..],
                "/v26.0/me/permissions",
            ),
            (
                Method::Get,
                "/v25.0/1234?fields=name",
                &[],
                "/v25.0/1234?fields=name",
            ),
            (
                Method::Get,
                "1234",
                &[("fields", "id,name")],
                "/v26.0/1234?fields=id%2Cname",
            ),
            (
                Method::Post,
                "1/accept",
                &[("a", "b")],
                r#"/v26.0/1/accept {"a":"b"}"#,
            ),
            (Method::Post, "1/accept?x=y", &[], "/v26.0/1/accept?x=y"),
            (Method::Delete, "1//x/", &[("a", "b")], "/v26.0/1/x?a=b"),
        ] {
            assert_eq!(url(method, path, params).unwrap(), expected, "{path}");
        }
    }

    #[test]
    fn what_is_refused() {
        for (path, params) in [
            ("https://evil.example/me", &[][..]),
            ("", &[]),
            ("/", &[]),
            ("v26.0", &[]),
            ("me/../x", &[]),
            ("me#x", &[]),
            ("me?access_token=EAAx", &[]),
            ("me", &[("access_token", "EAAx")]),
        ] {
            let error = url(Method::Get, path, params).unwrap_err();
            assert!(!error.contains("EAAx"), "{error}");
        }
    }
}
