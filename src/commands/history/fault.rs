//! A chain of hashes that does not hold, in words.

use crate::{
    context::failure::Failure,
    exit::Kind,
    journal::{ChainFault, ChainHash},
};

/// The way out where somebody worked on the file.
pub(super) const COMPARE: &str = "compare with a backup of the journal, or with what was exported before: \
     `mps history --events --json` shows what the file holds now";

/// What to say of it.
pub(super) fn broken(fault: &ChainFault, from: Option<&ChainHash>) -> Failure {
    let (cause, hint) = match fault {
        ChainFault::Older => (
            "an older mps wrote this journal, which has no hashes yet".to_owned(),
            "`mps resume` brings it up to date, as every command that writes does; then type `mps history verify`",
        ),
        ChainFault::NotThere => (
            from.map_or_else(String::new, |hash| format!("no event has the hash {hash}")),
            "if MPS_STATE_DIR is that of the journal which had it, events were cut off or rewritten: compare with \
             a backup; `mps history verify` tells whether what is there holds",
        ),
        ChainFault::Broken(id) => (
            format!(
                "event {id} is not what was written: it, or its place in the chain, was changed"
            ),
            COMPARE,
        ),
        ChainFault::Gap { first, next } => (
            format!("event {first} is missing: what follows is event {next}"),
            COMPARE,
        ),
        ChainFault::Cut(first) => (
            format!("event {first} is missing, and every one after it"),
            COMPARE,
        ),
    };
    Failure::new(
        Kind::State,
        "the chain of hashes in the journal does not hold",
    )
    .because(cause)
    .hint(hint)
}
