//! Pages of a listing, as Graph cuts them (graph-api.md, 5).
//!
//! The one decision: cursors hold the id of an item, not its place, so a listing that grows between two
//! pages loses and repeats nothing. `next` holds the token, because Meta's does; a client must not follow it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::{
    error::{Error, Result},
    wire::Request,
};

/// How many items a page has where the caller does not say.
const LIMIT: usize = 25;
/// How many it has at most.
const MAX_LIMIT: usize = 100;

/// Stands behind the id in a cursor that repeats a place; no id holds it.
const AGAIN: char = '#';

/// Cuts one page out of `items`: the items, and what to say about paging (nothing for an empty listing).
pub(super) fn cut<'a, T>(
    items: &'a [T],
    id: impl Fn(&T) -> &str,
    request: &Request,
) -> Result<(&'a [T], Option<Value>)> {
    let limit = match request.query("limit") {
        None => LIMIT,
        Some(text) => match text.parse::<usize>() {
            Ok(limit) if limit > 0 => limit.min(MAX_LIMIT),
            _ => {
                return Err(Error::parameter(
                    "(#100) Param limit must be an integer greater than 0",
                ));
            }
        },
    };
    // The place of the item that a cursor names; `None` is before the first.
    let place = |cursor: &str| -> Result<Option<usize>> {
        let wanted = named(cursor).ok_or_else(invalid_cursor)?;
        if wanted.is_empty() {
            return Ok(None);
        }
        let place = items.iter().position(|item| id(item) == wanted);
        place.map(Some).ok_or_else(invalid_cursor)
    };
    let (from, to) = match (request.query("after"), request.query("before")) {
        (Some(after), _) => {
            let from = place(after)?.map_or(0, |place| place + 1);
            (from, (from + limit).min(items.len()))
        }
        (None, Some(before)) => {
            let to = place(before)?.unwrap_or(0);
            (to.saturating_sub(limit), to)
        }
        (None, None) => (0, limit.min(items.len())),
    };
    let page = &items[from..to];
    let (Some(first), Some(last)) = (page.first(), page.last()) else {
        return Ok((page, None));
    };
    let (before, after) = (STANDARD.encode(id(first)), STANDARD.encode(id(last)));
    let mut paging = json!({"cursors": {"before": before, "after": after}});
    if to < items.len() {
        paging["next"] = json!(link(request, limit, ("after", &after)));
    }
    if from > 0 {
        paging["previous"] = json!(link(request, limit, ("before", &before)));
    }
    Ok((page, Some(paging)))
}

/// As much of a list of `count` as decides on one page: its items, the one that it is cut at, and one beyond. `at` says where
/// the item of an id stands, `shown` what stands at a place.
pub(super) fn around<T>(
    count: usize,
    at: impl Fn(&str) -> Option<usize>,
    shown: impl Fn(usize) -> Option<T>,
    request: &Request,
) -> Vec<T> {
    const ENOUGH: usize = MAX_LIMIT + 2;
    // A cursor that names nothing leaves nothing to cut at, which `cut` says.
    let place = |cursor: &str| match named(cursor)? {
        first if first.is_empty() => Some(0),
        id => at(&id),
    };
    match (request.query("after"), request.query("before")) {
        (None, Some(before)) => {
            let to = place(before).map_or(0, |to| to + 1);
            let mut back: Vec<T> = (0..to).rev().filter_map(shown).take(ENOUGH).collect();
            back.reverse();
            back
        }
        (after, _) => {
            let from = after.map_or(Some(0), place).unwrap_or(count);
            (from..count).filter_map(shown).take(ENOUGH).collect()
        }
    }
}

/// The id that a cursor holds, empty before the first one; none where it is no cursor.
fn named(cursor: &str) -> Option<String> {
    Some(read(cursor)?.trim_end_matches(AGAIN).to_owned())
}

/// Another cursor for the same place: the page after it begins where this one would have.
pub(super) fn again(cursor: Option<&str>) -> String {
    let place = cursor.and_then(read).unwrap_or_default();
    STANDARD.encode(format!("{place}{AGAIN}"))
}

fn read(cursor: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(cursor).ok()?).ok()
}

fn invalid_cursor() -> Error {
    Error::parameter("(#100) Invalid cursors values")
}

/// The address of another page: this one's parameters, the token and the cursor.
pub(super) fn link(request: &Request, limit: usize, cursor: (&str, &str)) -> String {
    let mut query = Serializer::new(String::new());
    if let Some(token) = request.token() {
        query.append_pair("access_token", &token);
    }
    for (key, value) in &request.query {
        if !matches!(
            key.as_str(),
            "access_token" | "limit" | "after" | "before" | "appsecret_proof"
        ) {
            query.append_pair(key, value);
        }
    }
    query.append_pair("limit", &limit.to_string());
    query.append_pair(cursor.0, cursor.1);
    format!("{}{}?{}", request.base, request.path, query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: &[String], query: &str) -> (Vec<String>, Option<Value>) {
        let mut request = Request::new("GET", &format!("/v26.0/1/x?{query}"), b"");
        request.bearer = Some("T".to_owned());
        request.base = "http://h".to_owned();
        let (page, paging) = cut(items, |item| item, &request).unwrap();
        (page.to_vec(), paging)
    }

    #[test]
    fn a_walk_meets_every_item_once_and_ends_without_next() {
        let items: Vec<String> = (1..=7).map(|n| n.to_string()).collect();
        let (mut met, mut query) = (Vec::new(), "limit=3&role=OWNER".to_owned());
        loop {
            let (page, paging) = page(&items, &query);
            met.extend(page);
            let paging = paging.unwrap();
            if paging["next"].is_null() {
                assert!(
                    paging["cursors"]["after"].is_string(),
                    "the last page has cursors too"
                );
                break;
            }
            let next = paging["next"].as_str().unwrap();
            assert!(next.contains("access_token=T") && next.contains("role=OWNER"));
            query = format!(
                "limit=3&role=OWNER&after={}",
                paging["cursors"]["after"].as_str().unwrap()
            );
        }
        assert_eq!(met, items);
        let back = page(&items, &format!("limit=2&before={}", STANDARD.encode("4")));
        assert_eq!(back.0, ["2", "3"]);
    }

    #[test]
    fn limits() {
        let items: Vec<String> = (1..=200).map(|n| n.to_string()).collect();
        for (query, count) in [("", 25), ("limit=100", 100), ("limit=500", 100)] {
            assert_eq!(page(&items, query).0.len(), count);
        }
        assert_eq!(page(&[], ""), (vec![], None));
        for wrong in ["limit=0", "limit=x", "after=nonsense"] {
            let request = Request::new("GET", &format!("/x?{wrong}"), b"");
            assert!(cut(&items, |item| item, &request).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_lies_around_a_page_is_enough_to_cut_it() {
        let all: Vec<String> = (1..=350).map(|n| n.to_string()).collect();
        let is_shown = |item: &&String| item.parse::<usize>().unwrap() % 3 != 0;
        let shown: Vec<&String> = all.iter().filter(is_shown).collect();
        let encoded = |id: &str| STANDARD.encode(id);
        let cursors = [
            "1", "2", "50", "100", "101", "200", "349", "350", "3", "x", "1#", "",
        ];
        let cursors = cursors.map(encoded);
        let asked = cursors
            .iter()
            .flat_map(|cursor| ["after", "before"].map(|way| format!("limit=100&{way}={cursor}")));
        for query in asked.chain(["limit=100".to_owned(), "after=nonsense".to_owned()]) {
            let mut request = Request::new("GET", &format!("/x?{query}"), b"");
            request.base = "http://h".to_owned();
            let at = |id: &str| all.iter().position(|item| item == id);
            let item = |place: usize| Some(&all[place]).filter(is_shown);
            let near = around(all.len(), at, item, &request);
            let said = |items: &[&String]| {
                let page =
                    cut(items, |item| item, &request).map_err(|error| error.response("t").body);
                page.map(|(page, paging)| {
                    (
                        page.iter().map(|item| (*item).clone()).collect::<Vec<_>>(),
                        paging,
                    )
                })
            };
            assert_eq!(said(&near), said(&shown), "{query}");
            assert!(near.len() <= 102);
        }
    }
}
