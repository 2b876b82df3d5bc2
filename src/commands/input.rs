//! Readers of ids from stdin: one id or one JSON object a line.
//!
//! The one decision: a line is handed on as soon as it is read, so `mps create … | mps accept` accepts the
//! first solution while the second is being made. Lines of items that failed upstream are counted, not
//! obeyed; the ends of lines that Windows and spreadsheets leave are passed over.

pub mod table;

use std::{
    fmt::Display,
    io::{self, BufRead, Read},
    str::FromStr,
};

use futures_util::{Stream, TryStreamExt as _, stream};
use serde_json::Value;
use tokio::sync::mpsc;

use super::{
    Line,
    args::{AppIdArg, not_our_own},
    rows::{self, AppRow},
};
use crate::{
    context::{Context, failure::Failure},
    exit::Kind,
    ids::AppId,
};

/// Longest line read, in bytes.
const LONGEST_LINE: u64 = 1024 * 1024;

/// What a line of stdin says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StdinItem<T> {
    /// An id.
    Id(T),
    /// An item that failed in the command before.
    FailedUpstream(UpstreamFailure),
}

/// What the command before said of an item that failed there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamFailure {
    reason: String,
    kind: Option<Kind>,
}

/// The kind by which a failed item counts: the one that was named, unless its exit code says otherwise.
fn counted_as(named: Option<Kind>, code: Option<u64>) -> Option<Kind> {
    let ends_so = |kind: &Kind| code.is_none_or(|code| u64::from(kind.exit().code()) == code);
    let of_code = || {
        Kind::ALL
            .iter()
            .copied()
            .find(|kind| code.is_some() && ends_so(kind))
    };
    named.filter(ends_so).or_else(of_code)
}

/// Reads one line. `keys`: the JSON fields that can hold the id, the best first. `None`: a line that asks for nothing.
pub fn line<T: FromStr<Err: Display>>(
    text: &str,
    keys: &[&str],
) -> Result<Option<StdinItem<T>>, String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Ok(None);
    }
    if !text.starts_with('{') {
        return text
            .parse()
            .map(|id| Some(StdinItem::Id(id)))
            .map_err(|error: T::Err| error.to_string());
    }
    let object: Value =
        serde_json::from_str(text).map_err(|error| format!("it is no JSON object: {error}"))?;
    let outcome = object.get("outcome").and_then(Value::as_str);
    // In a pipe what was passed over has no plain line either.
    if outcome == Some("skipped") {
        return Ok(None);
    }
    if outcome == Some("failed") {
        let reason = object
            .pointer("/error/message")
            .and_then(Value::as_str)
            .unwrap_or("it failed");
        let kind = object.pointer("/error/kind").and_then(Value::as_str);
        let code = object.pointer("/error/exit_code").and_then(Value::as_u64);
        return Ok(Some(StdinItem::FailedUpstream(UpstreamFailure {
            reason: reason.to_owned(),
            kind: counted_as(kind.and_then(Kind::from_name), code),
        })));
    }
    let found = keys.iter().find_map(|key| match object.get(key) {
        Some(Value::String(id)) => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    });
    match found {
        Some(id) => id
            .parse()
            .map(|id| Some(StdinItem::Id(id)))
            .map_err(|error: T::Err| error.to_string()),
        None => Err(format!("it has none of {}", keys.join(", "))),
    }
}

/// The items of stdin as they arrive. The caller has claimed stdin before it read anything else. The first
/// line that is wrong, or a stop, ends them.
pub fn stdin<T>(
    ctx: &Context,
    keys: &'static [&'static str],
) -> impl Stream<Item = Result<StdinItem<T>, Failure>> + Send + 'static
where
    T: FromStr<Err: Display> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(64);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        let mut bytes = Vec::new();
        let wrong = |number: u64, why| Failure::usage(format!("line {number} of stdin: {why}"));
        for number in 1.. {
            bytes.clear();
            let read = input
                .by_ref()
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut bytes);
            let item = match read {
                Ok(0) => return,
                Ok(_) => {
                    let item = line(&String::from_utf8_lossy(&bytes), keys);
                    item.map_err(|why| wrong(number, why))
                }
                Err(error) => Err(Failure::io("could not read stdin", &error)),
            };
            let Some(item) = item.transpose() else {
                continue;
            };
            let last = item.is_err();
            if sender.blocking_send(item).is_err() || last {
                return;
            }
        }
    });
    let stop = ctx.stop.clone();
    stream::unfold(Some((receiver, stop)), |left| async move {
        let (mut receiver, stop) = left?;
        tokio::select! {
            biased;
            () = stop.wait() => {
                let stopped = Failure::new(Kind::Interrupted, "interrupted before stdin was read to its end");
                Some((Err(stopped), None))
            }
            item = receiver.recv() => item.map(|item| (item, Some((receiver, stop)))),
        }
    })
}

/// The apps that were named, those of stdin among them, and the rows of items that failed upstream. `row`:
/// whose rows they are.
pub async fn app_ids(
    ctx: &Context,
    given: &[AppIdArg],
    partner: &AppId,
    row: &AppRow,
) -> Result<(Vec<AppId>, Vec<Line>), Failure> {
    let (mut ids, mut broken) = (Vec::new(), Vec::new());
    for arg in given {
        if let AppIdArg::Id(id) = arg {
            ids.push(id.clone());
            continue;
        }
        let mut items = Box::pin(stdin::<AppId>(ctx, &["app_id", "id"]));
        while let Some(item) = items.try_next().await? {
            match item {
                StdinItem::Id(id) => ids.push(id),
                StdinItem::FailedUpstream(failed) => {
                    let failure = failed_upstream(&failed);
                    broken.push(rows::item_failed(ctx, partner, "an item", failure, row));
                }
            }
        }
    }
    if !given.is_empty() && ids.is_empty() && broken.is_empty() {
        return Err(Failure::usage("stdin held no app id"));
    }
    not_our_own(&ids, partner)?;
    Ok((ids, broken))
}

/// The failure of an item that failed upstream already. It counts as it did there: an outcome that nobody knows stays one.
pub fn failed_upstream(failed: &UpstreamFailure) -> Failure {
    let kind = failed.kind.unwrap_or(Kind::Partial);
    Failure::new(kind, "it failed in the command before").because(&failed.reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn a_failed_item_counts_by_its_exit_code() {
        for (named, code, expected) in [
            (Some(Kind::UnknownOutcome), Some(6), Some(Exit::Unknown)),
            (Some(Kind::State), None, Some(Exit::Failed)),
            (Some(Kind::State), Some(6), Some(Exit::Unknown)),
            (None, Some(4), Some(Exit::SignIn)),
            (None, Some(77), None),
            (None, None, None),
        ] {
            let counted = counted_as(named, code).map(Kind::exit);
            assert_eq!(counted, expected, "{named:?} {code:?}");
        }
    }
    use crate::ids::SolutionId;

    #[test]
    fn lines() {
        let keys = &["solution_id", "id"];
        let id = |text: &str| Ok(Some(StdinItem::Id(text.parse::<SolutionId>().unwrap())));
        let failed = |reason: &str, kind| {
            let reason = reason.to_owned();
            let failed = UpstreamFailure { reason, kind };
            Ok(Some(StdinItem::FailedUpstream(failed)))
        };
        for (text, expected) in [
            ("795", id("795")),
            ("\u{feff}795\r\n", id("795")),
            ("  795  ", id("795")),
            ("", Ok(None)),
            ("\r\n", Ok(None)),
            (r#"{"solution_id":"795","id":"1"}"#, id("795")),
            (r#"{"id":"795"}"#, id("795")),
            (r#"{"solution_id":795}"#, id("795")),
            (
                r#"{"app_id":"1","outcome":"failed","error":{"message":"no"}}"#,
                failed("no", None),
            ),
            (r#"{"outcome":"skipped","solution_id":"795"}"#, Ok(None)),
            (
                r#"{"outcome":"failed","solution_id":"795"}"#,
                failed("it failed", None),
            ),
            (
                r#"{"outcome":"failed","error":{"message":"no","kind":"unknown_outcome","exit_code":6}}"#,
                failed("no", Some(Kind::UnknownOutcome)),
            ),
        ] {
            assert_eq!(line::<SolutionId>(text, keys), expected, "{text:?}");
        }
        for bad in [
            "x",
            "1.5",
            r#"{"solution_id":null}"#,
            r#"{"solution_id":1.5}"#,
            r#"{"name":"x"}"#,
            "{",
            "795 796",
        ] {
            assert!(line::<SolutionId>(bad, keys).is_err(), "{bad:?}");
        }
    }
}
