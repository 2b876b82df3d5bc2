//! Rows that an older mps wrote: what they say of their writes.

use rusqlite::Connection;

use super::{
    entry::{self, Entry, EntryFilter, State},
    post::{Post, PostEnd},
};

/// The rows that fit, as [`entry::select`] has them, with what older ones leave out.
pub(super) fn select(
    conn: &Connection,
    filter: &EntryFilter,
) -> rusqlite::Result<Vec<(String, Entry)>> {
    let mut rows = entry::select(conn, filter)?;
    for (_, row) in &mut rows {
        remember(row);
    }
    Ok(rows)
}

/// What an mps before version 3 knew of its writes, which is less: whether an id came in an answer it did
/// not say, so none counts as one.
pub(super) fn remember(entry: &mut Entry) {
    if !entry.posts.is_empty() {
        return;
    }
    let post = Post::leaving(
        &entry.solution_name,
        &entry.messaging,
        entry.sent_at.unwrap_or(entry.updated_at),
    );
    match (entry.state, &entry.solution_id) {
        (State::Sent | State::Unknown, _) => entry.posts.push(post),
        (State::Created | State::Accepted, Some(id))
            if entry.sent_at.is_some() && !entry.seen.contains(id) =>
        {
            entry.posts.push(Post {
                end: PostEnd::NoAnswer,
                open: false,
                solution_id: Some(id.clone()),
                ..post
            });
        }
        _ => {}
    }
}
