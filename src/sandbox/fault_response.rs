//! A finished answer, gone wrong as a [`Fault`] says.
//!
//! The one decision: one arm per fault, each an answer that was really seen somewhere (graph-api.md, 2.2,
//! 5 and 11), so nothing is made up to be hard.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    error::Error,
    faults::Fault,
    page,
    wire::{Delivery, Request, Response},
};

/// Meta's page for a failure that not even Graph could put into words.
const HTML: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Facebook | Error</title></head>\
    <body><h1>Sorry, something went wrong.</h1><p>We're working on it and we'll get it fixed as soon \
    as we can.</p></body></html>\n";

/// The answer after the fault.
pub(super) fn spoil(fault: &Fault, mut done: Response, request: &Request, trace: &str) -> Response {
    let text = |status, body: &str| Response::new(status, "text/html; charset=utf-8", body);
    let with_ids = |change: fn(&str) -> Value| {
        let mut value = done.value();
        for key in ["solution_id", "id"] {
            if let Some(id) = value[key].as_str().map(str::to_owned) {
                value[key] = change(&id);
            }
        }
        Response::json(done.status, &value)
    };
    match fault {
        Fault::Drop => done.delivery = Delivery::Dropped,
        Fault::Cut => done.delivery = Delivery::Cut,
        Fault::Delay { ms } => done.delay = Duration::from_millis(*ms),
        Fault::Meanwhile { .. } => {}
        Fault::Unavailable => return Error::unavailable().response(trace),
        Fault::Html => return text(500, HTML),
        Fault::Gateway { status } => {
            let page = format!("<html><body><h1>{status}</h1><p>A gateway.</p></body></html>\n");
            return text(*status, &page);
        }
        Fault::Empty => return text(200, ""),
        Fault::NotJson => return text(200, "{\"solution_id\": \"79503"),
        Fault::ServiceUnavailableText => return text(200, "Service Unavailable"),
        Fault::NoId => return Response::json(200, &json!({})),
        Fault::NullId => return with_ids(|_| Value::Null),
        Fault::FractionalId => return with_ids(|id| json!(id.parse().unwrap_or(0.0) + 0.5)),
        Fault::IntegerId => return with_ids(|id| json!(id.parse().unwrap_or(0_u64))),
        Fault::OtherId { id } => {
            return Response::json(done.status, &json!({"solution_id": id}));
        }
        Fault::SuccessFalse => return Response::json(200, &json!({"success": false})),
        Fault::ErrorIn200 => {
            return Error::new(1, "An unknown error occurred")
                .status(200)
                .response(trace);
        }
        Fault::Denied { code } => {
            return Error::new(*code, format!("(#{code}) Permissions error")).response(trace);
        }
        Fault::Quota {
            code,
            minutes,
            seconds,
        } => {
            let mut response = quota(*code, *minutes, trace);
            let after = seconds.map(|seconds| ("retry-after", seconds.to_string()));
            response.headers.extend(after);
            return response;
        }
        Fault::Expired => return Error::expired().response(trace),
        Fault::NotFound => {
            let id = request
                .parts()
                .get(1)
                .copied()
                .unwrap_or_default()
                .to_owned();
            return Error::not_found(&request.method, &id).response(trace);
        }
        Fault::MessagingRefused => return Error::messaging_refused().response(trace),
        Fault::Error {
            status,
            code,
            subcode,
            message,
        } => {
            let error = Error::new(*code, message.clone()).status(*status);
            return match subcode {
                Some(subcode) => error.sub(*subcode),
                None => error,
            }
            .response(trace);
        }
        Fault::EmptyPage
        | Fault::NextWithoutCursors
        | Fault::EmptyListing
        | Fault::NoOwnerApp
        | Fault::EmptyPartners
        | Fault::OddFields => {
            return Response::json(done.status, &odd_page(fault, done.value(), request));
        }
    }
    done
}

/// A listing's page or a node that is odd, but allowed.
fn odd_page(fault: &Fault, mut page: Value, request: &Request) -> Value {
    match fault {
        // The items come on the next page: it begins where this one would have.
        Fault::EmptyPage => {
            let after = page::again(request.query("after"));
            let next = page::link(request, 25, ("after", &after));
            json!({"data": [], "paging": {"cursors": {"before": after, "after": after}, "next": next}})
        }
        Fault::NextWithoutCursors => {
            if let Some(paging) = page["paging"].as_object_mut() {
                paging.remove("cursors");
            }
            page
        }
        Fault::NoOwnerApp => of_items(page, |item| {
            item.remove("owner_app");
        }),
        Fault::EmptyPartners => of_items(page, |item| {
            item.insert("partners".to_owned(), json!({"data": []}));
        }),
        Fault::OddFields if page["data"].is_array() => of_items(page, odd),
        Fault::OddFields => {
            if let Some(node) = page.as_object_mut() {
                odd(node);
            }
            page
        }
        _ => json!({"data": []}),
    }
}

/// What sister edges of Graph send in place of an empty field (graph-api.md, 7.8).
fn odd(item: &mut serde_json::Map<String, Value>) {
    let mut put = |name: &str, value: Value| {
        if item.contains_key(name) {
            item.insert(name.to_owned(), value);
        }
    };
    put("link", json!(false));
    put("owner_permissions", json!({}));
    if let Some(owner) = item.get_mut("owner_app").and_then(Value::as_object_mut) {
        owner.insert("link".to_owned(), json!(0));
        owner.insert("name".to_owned(), json!([]));
    }
}

/// A page with each item changed.
fn of_items(mut page: Value, change: impl Fn(&mut serde_json::Map<String, Value>)) -> Value {
    let items = page["data"].as_array_mut().into_iter().flatten();
    items.filter_map(Value::as_object_mut).for_each(change);
    page
}

/// The header of a business's quota, used up to so many percent.
pub(super) fn business_usage(percent: u8, minutes: u32) -> (&'static str, String) {
    let usage = json!({"102290129340398": [{
        "type": "whatsapp_business_management", "call_count": percent, "total_cputime": 12,
        "total_time": 15, "estimated_time_to_regain_access": minutes,
    }]});
    ("x-business-use-case-usage", usage.to_string())
}

/// A refusal for want of quota: 4 comes without any header, 80008 with both.
fn quota(code: u32, minutes: u32, trace: &str) -> Response {
    let mut response = Error::quota(code).response(trace);
    if code != 4 {
        response.headers.push(business_usage(100, minutes));
    }
    response
}
