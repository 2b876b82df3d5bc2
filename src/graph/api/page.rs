//! Lists that come in pages.
//!
//! The one decision: `paging.next` is a flag and never a URL to follow. It is a whole request of the other
//! side's making, with a token in it; the next page is asked for with our own URL and the cursor. A list
//! ends where `next` is absent, and a list that does not end is an error.

use std::{
    collections::{HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::graph::{
    answer,
    error::{CallContext, Error, ErrorCause, failed},
    send::{
        call::{ApiCall, OwnedToken},
        perform::Graph,
    },
};

/// Rows of a list, page by page as they are asked for. After an error nothing more comes.
pub type RowStream<T> = BoxStream<'static, Result<T, Error>>;

/// How many rows a page has: the most that Meta gives for solutions (graph-api.md, 5).
pub(crate) const LIMIT: &str = "100";

/// How many rows are asked for where a whole page is too much for Meta.
const FEWER: &str = "25";

/// Most pages of one list. At 100 rows each that is far more than one company can have.
const MOST_PAGES: usize = 20_000;

/// Most pages without a row one after another; privacy filters make some.
const MOST_EMPTY: usize = 100;

/// One page.
#[derive(Debug, PartialEq)]
pub(crate) struct ListPage {
    pub(crate) rows: Vec<Value>,
    /// The cursor of the next page, if there is one.
    pub(crate) after: Option<String>,
}

impl ListPage {
    /// Reads a page from the answer of a list.
    pub(crate) fn read(mut value: Value) -> Result<Self, ErrorCause> {
        let after = cursor(&value)?;
        match value.get_mut("data").map(Value::take) {
            Some(Value::Array(rows)) => Ok(Self { rows, after }),
            Some(_) => Err(ErrorCause::Shape("at data: not a list".to_owned())),
            None => Err(ErrorCause::Shape("at the top: no data".to_owned())),
        }
    }
}

/// The sign that a list goes on: `next` in a `paging`, whatever it is. Taking an odd one for the end would
/// hide the rest of the list.
pub(crate) fn goes_on(next: &Value) -> bool {
    !next.is_null() && next != "" && next != false
}

/// The cursor of the next page: none at the end of the list.
pub(crate) fn cursor(value: &Value) -> Result<Option<String>, ErrorCause> {
    let paging = value.get("paging");
    let next = paging.and_then(|paging| paging.get("next"));
    let Some(next) = next.filter(|next| goes_on(next)) else {
        return Ok(None);
    };
    let after = paging
        .and_then(|paging| paging.pointer("/cursors/after"))
        .and_then(|after| match after {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .filter(|after| !after.is_empty());
    match after.or_else(|| after_of(next.as_str()?)) {
        Some(after) => Ok(Some(after)),
        None => Err(ErrorCause::Paging("it names a next page without a cursor")),
    }
}

/// The `after` parameter of a URL, and nothing else of it.
fn after_of(next: &str) -> Option<String> {
    Url::parse(next)
        .ok()?
        .query_pairs()
        .find(|(name, value)| name == "after" && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}

/// Watches for lists without end. It keeps a number per page, not the cursors.
#[derive(Debug, Default)]
pub(crate) struct EndlessListGuard {
    seen: HashSet<u64>,
    empty: usize,
}

impl EndlessListGuard {
    /// Takes in a page that has a next one.
    pub(crate) fn step(&mut self, page: &ListPage) -> Result<(), ErrorCause> {
        self.empty = if page.rows.is_empty() {
            self.empty + 1
        } else {
            0
        };
        let mut hasher = DefaultHasher::new();
        page.after.hash(&mut hasher);
        if !self.seen.insert(hasher.finish()) {
            Err(ErrorCause::Paging("its pages go in a circle"))
        } else if self.empty >= MOST_EMPTY {
            Err(ErrorCause::Paging("its pages are empty"))
        } else if self.seen.len() >= MOST_PAGES {
            Err(ErrorCause::Paging("it has too many pages"))
        } else {
            Ok(())
        }
    }
}

/// Another call in place of the first one, where the first is refused in a certain way.
pub(crate) struct FallbackCall {
    pub(crate) when: fn(&Error) -> bool,
    pub(crate) call: ApiCall,
}

/// Where a list stands.
struct ListState<T> {
    graph: Graph,
    held: OwnedToken,
    call: ApiCall,
    otherwise: Option<FallbackCall>,
    guard: EndlessListGuard,
    rows: VecDeque<T>,
    more: bool,
}

impl<T> ListState<T> {
    /// Asks for one page.
    async fn ask(&mut self) -> Result<(ListPage, CallContext), Error> {
        let mut answer = self.graph.perform(&self.held, &self.call).await;
        // Only the first page may be asked for in another way: later ones belong to a list that began.
        if let Some(otherwise) = self.otherwise.take()
            && answer.as_ref().is_err_and(otherwise.when)
        {
            self.call = otherwise.call;
            answer = self.graph.perform(&self.held, &self.call).await;
        }
        // Meta's "please reduce the amount of data" has the code of an unknown error.
        if answer.as_ref().is_err_and(|error| error.code() == Some(1))
            && self.call.has("limit", LIMIT)
        {
            self.call.set_param("limit", FEWER);
            answer = self.graph.perform(&self.held, &self.call).await;
        }
        let done = answer?;
        match ListPage::read(done.value) {
            Ok(page) => Ok((page, done.facts)),
            Err(cause) => Err(failed(done.facts, cause)),
        }
    }

    /// Notes where the next page begins.
    fn turn(&mut self, page: &ListPage) -> Result<(), ErrorCause> {
        match &page.after {
            Some(after) => {
                self.guard.step(page)?;
                self.call.set_param("after", after);
            }
            None => self.more = false,
        }
        Ok(())
    }
}

impl Graph {
    /// The rows of a list.
    pub(crate) fn rows<T: DeserializeOwned + Send + 'static>(
        &self,
        held: OwnedToken,
        call: ApiCall,
        otherwise: Option<FallbackCall>,
    ) -> RowStream<T> {
        let state = ListState::<T> {
            graph: self.clone(),
            held,
            call,
            otherwise,
            guard: EndlessListGuard::default(),
            rows: VecDeque::new(),
            more: true,
        };
        stream::try_unfold(state, |mut state| async move {
            loop {
                if let Some(row) = state.rows.pop_front() {
                    return Ok(Some((row, state)));
                }
                if !state.more {
                    return Ok(None);
                }
                let (page, facts) = state.ask().await?;
                if let Err(cause) = state.turn(&page) {
                    return Err(failed(facts, cause));
                }
                let rows = answer::decode::<VecDeque<T>>(page.rows.into(), state.graph.redactor());
                state.rows = rows.map_err(|cause| failed(facts, within_data(cause)))?;
            }
        })
        .boxed()
    }

    /// The answers of a list as they came, one per page, with `next` and `previous` taken out.
    pub(crate) fn pages(&self, held: OwnedToken, call: ApiCall) -> RowStream<Value> {
        let state = (self.clone(), held, Some(call), EndlessListGuard::default());
        stream::try_unfold(state, |(graph, held, call, mut guard)| async move {
            let Some(mut call) = call else {
                return Ok(None);
            };
            let done = graph.perform(&held, &call).await?;
            let turned = cursor(&done.value).and_then(|after| {
                let Some(after) = after else {
                    return Ok(None);
                };
                let rows = done.value.get("data").and_then(Value::as_array).cloned();
                let page = ListPage {
                    rows: rows.unwrap_or_default(),
                    after: Some(after.clone()),
                };
                guard.step(&page)?;
                call.set_param("after", &after);
                Ok(Some(call))
            });
            let next = turned.map_err(|cause| failed(done.facts, cause))?;
            let mut value = done.value;
            crate::graph::observe::detail::without_next(&mut value);
            Ok(Some((value, (graph, held, next, guard))))
        })
        .boxed()
    }

    /// All rows of a short list.
    pub(crate) async fn all<T: DeserializeOwned + Send + 'static>(
        &self,
        held: OwnedToken,
        call: ApiCall,
    ) -> Result<Vec<T>, Error> {
        self.rows(held, call, None).try_collect().await
    }
}

/// Puts the place of a row's error where it stands in the answer.
fn within_data(cause: ErrorCause) -> ErrorCause {
    match cause {
        ErrorCause::Shape(problem) => ErrorCause::Shape(problem.replacen("at [", "at data[", 1)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn where_the_next_page_begins() {
        let no_cursor = Err(ErrorCause::Paging("it names a next page without a cursor"));
        for (paging, expected) in [
            (json!(null), Ok(None)),
            (json!({}), Ok(None)),
            (json!({"cursors": {}}), Ok(None)),
            (json!({"cursors": {"after": "c"}}), Ok(None)),
            (json!({"cursors": {"after": "c"}, "next": null}), Ok(None)),
            (json!({"cursors": {"after": "c"}, "next": ""}), Ok(None)),
            (
                json!({"cursors": {"after": "c"}, "next": "https://x/?after=d"}),
                Ok(Some("c")),
            ),
            (json!({"cursors": {"after": 7}, "next": "x"}), Ok(Some("7"))),
            (
                json!({"cursors": {"after": "c"}, "next": true}),
                Ok(Some("c")),
            ),
            (
                json!({"cursors": {"after": "c"}, "next": {"url": "x"}}),
                Ok(Some("c")),
            ),
            (json!({"cursors": {"after": "c"}, "next": false}), Ok(None)),
            (json!({"next": 1}), no_cursor.clone()),
            (
                json!({"next": "https://evil.example/y?access_token=EAAx&after=d%3D&limit=5"}),
                Ok(Some("d=")),
            ),
            (
                json!({"cursors": {"after": ""}, "next": "https://x/?after=d"}),
                Ok(Some("d")),
            ),
            (json!({"next": "https://x/?offset=25"}), no_cursor.clone()),
            (json!({"next": "not a url"}), no_cursor.clone()),
            (
                json!({"cursors": [], "next": "https://x/?after="}),
                no_cursor,
            ),
        ] {
            let value = json!({"data": [], "paging": paging});
            let expected = expected.map(|after| after.map(str::to_owned));
            assert_eq!(cursor(&value), expected, "{value}");
        }
    }

    #[test]
    fn pages_need_a_list() {
        assert!(ListPage::read(json!({"data": [1]})).is_ok_and(|page| page.rows.len() == 1));
        for odd in [
            json!({}),
            json!({"data": {}}),
            json!({"data": null}),
            json!(true),
            json!([]),
        ] {
            assert!(matches!(ListPage::read(odd), Err(ErrorCause::Shape(_))));
        }
    }

    fn step(guard: &mut EndlessListGuard, rows: usize, after: &str) -> Result<(), ErrorCause> {
        guard.step(&ListPage {
            rows: vec![Value::Null; rows],
            after: Some(after.to_owned()),
        })
    }

    #[test]
    fn lists_without_end() {
        let mut circle = EndlessListGuard::default();
        assert!(step(&mut circle, 1, "a").is_ok() && step(&mut circle, 1, "b").is_ok());
        assert!(step(&mut circle, 1, "a").is_err());

        let mut empty = EndlessListGuard::default();
        let given = (0..).take_while(|n| step(&mut empty, 0, &n.to_string()).is_ok());
        assert_eq!(given.count(), MOST_EMPTY - 1);

        let mut endless = EndlessListGuard::default();
        let given = (0..).take_while(|n| step(&mut endless, 1, &n.to_string()).is_ok());
        assert_eq!(given.count(), MOST_PAGES - 1);
    }
}
