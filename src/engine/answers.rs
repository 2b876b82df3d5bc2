//! What an error of Meta's says of a read and of a write.

use super::{
    facts::Found,
    port::{Failed, WriteAnswer},
};
use crate::{
    exit::Kind,
    graph::{self, Sent},
    journal::EventOutcome,
};

/// What the journal says of a call that is made once and settled by nobody, by how it failed.
pub fn event_outcome(error: &graph::Error) -> EventOutcome {
    match error.sent() {
        Sent::Never => EventOutcome::NeverSent,
        Sent::Refused => EventOutcome::Refused,
        Sent::Unknown => EventOutcome::Unknown,
    }
}

/// What an error says of a solution.
pub(super) fn not_found(cause: Option<&graph::Error>) -> Found {
    match cause {
        Some(error) if error.is_not_visible() => Found::Hidden,
        Some(error) if error.refused_to_look() => Found::Refused,
        _ => Found::Failed,
    }
}

/// How a write failed: what Meta answered, and whether it answered at all.
pub(super) fn how(error: &graph::Error) -> Failed {
    const TROUBLE: [i64; 4] = [1, 2, 131_000, 131_016];
    if error.was_late() {
        return Failed::Late;
    }
    if error.sent() == Sent::Never {
        let again = matches!(error.kind(), Kind::Transient | Kind::Timeout) && !error.whole_run();
        return Failed::NeverLeft { again };
    }
    if matches!(error.status(), Some(500 | 501 | 503)) {
        return Failed::Trouble;
    }
    match error.meta() {
        Some(meta) if meta.is_transient && error.kind() != Kind::Quota => Failed::Trouble,
        Some(meta) => match meta.code {
            Some(code) if TROUBLE.contains(&code) => Failed::Trouble,
            Some(_) => Failed::Refused,
            None => Failed::NoAnswer,
        },
        None if error.sent() == Sent::Refused => Failed::Refused,
        None => Failed::NoAnswer,
    }
}

pub(super) fn failed<T>(error: graph::Error) -> WriteAnswer<T> {
    Err((how(&error), Some(Box::new(error))))
}
