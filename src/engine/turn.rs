//! Whose turn it is: so many calls are under way at once, and a write has its place in time before it is written down.
//!
//! The one decision: whoever waits for a quota keeps no turn from those whom it does not concern, and what was seen too
//! long ago when the turn comes is looked at again instead.

use std::time::Duration;

use super::{Engine, port::Writes, turns::Turn};
use crate::graph::{Place, Token};

/// One of the calls that may be under way at once.
pub(super) async fn any(engine: &Engine) -> Turn {
    engine.turns.take().await
}

/// The token of a write.
pub(super) fn token_of(engine: &Engine, write: Writes) -> Option<Token<'_>> {
    match write {
        Writes::Create => engine.user.as_ref().map(Token::User),
        Writes::Accept => engine.system.as_ref().map(Token::System),
    }
}

/// A turn for one write, unless it comes after `by`; `object` is asked about a quota.
pub(super) async fn write(
    engine: &Engine,
    object: &str,
    write: Writes,
    by: Duration,
) -> Option<Turn> {
    let late = || engine.survey.clock() > by;
    let Some(token) = token_of(engine, write) else {
        return Some(any(engine).await);
    };
    loop {
        Box::pin(engine.graph.let_through(token, object)).await;
        let turn = any(engine).await;
        if late() {
            return None;
        }
        let most = match write {
            // It is far from old, and its place is kept.
            Writes::Create => Duration::MAX,
            Writes::Accept => by.saturating_sub(engine.survey.clock()),
        };
        match Box::pin(engine.graph.place(token, most)).await {
            Place::Taken if late() => return None,
            Place::Taken => return Some(turn),
            Place::Later => return None,
            Place::Lost => {}
        }
    }
}
