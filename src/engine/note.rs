//! What a row remembers of an act: pure, so that what is written down stands in one place.
//!
//! Whoever acts writes the row that comes out of here, before the act or after it.

use super::{
    choose,
    facts::{Facts, Found, Moment},
    step::StopReason,
};
use crate::{
    graph::Solution,
    ids::SolutionId,
    journal::{AcceptEnd, Accepting, Entry, Goal, Post, PostEnd, State},
};

/// Adds ids that are not there yet.
fn add<'a>(list: &mut Vec<SolutionId>, ids: impl IntoIterator<Item = &'a SolutionId>) {
    for id in ids {
        if !list.contains(id) {
            list.push(id.clone());
        }
    }
}

/// A reading by id: an accept that is seen to have worked, or not, is not under way any more; an id that is
/// somebody else's is not ours, and its row looks for its own again.
pub(super) fn read(row: &mut Entry, id: &SolutionId, found: &Found) {
    match found {
        Found::Seen(solution) => seen(row, solution),
        Found::Foreign => {
            add(&mut row.foreign, [id]);
            if row
                .accept
                .as_ref()
                .is_some_and(|accept| accept.solution_id == *id)
            {
                row.accept = None;
            }
            if row.solution_id.as_ref() == Some(id) {
                row.solution_id = None;
                let sent = row
                    .posts
                    .iter_mut()
                    .filter(|post| post.solution_id.as_ref() == Some(id));
                let mut ours = false;
                for post in sent {
                    post.end = PostEnd::NoAnswer;
                    post.solution_id = None;
                    post.open = true;
                    ours = true;
                }
                row.state = if ours {
                    State::Unknown
                } else {
                    State::Intended
                };
                row.last_error = Some(format!("solution {id} is not of these two apps"));
            }
        }
        Found::Hidden | Found::Refused | Found::Failed => {}
    }
}

/// A sighting that is as good as a reading.
pub(super) fn seen(row: &mut Entry, solution: &Solution) {
    let id = &solution.id;
    let accepted = choose::is_accepted(&solution.status);
    if accepted || solution.status.is_over() {
        let ours = row.accept.take_if(|accept| accept.solution_id == *id);
        if accepted && (ours.is_some() || row.solution_id.as_ref() == Some(id)) {
            add(&mut row.accepted, [id]);
        }
    }
    if row.solution_id.as_ref() == Some(id) && solution.status.is_live() {
        // A reading that lags takes nothing back.
        if accepted || row.state != State::Accepted {
            row.state = state_of(solution);
        }
        if !solution.name.is_empty() {
            row.solution_name.clone_from(&solution.name);
        }
    }
}

/// How far a row is whose solution is live.
fn state_of(solution: &Solution) -> State {
    if choose::is_accepted(&solution.status) {
        State::Accepted
    } else {
        State::Created
    }
}

/// One that is over makes room for a new one.
pub(super) fn renewed(row: &mut Entry, goal: Goal) {
    let over = row.solution_id.take();
    add(&mut row.seen, over.iter());
    row.state = State::Intended;
    row.goal = goal;
    row.accept = None;
}

/// The intent of a POST, with what was there before it.
pub(super) fn intent(row: &mut Entry, facts: &Facts, looked: bool, now: Moment) {
    let shown: Vec<SolutionId> = facts.shown().map(|item| item.id.clone()).collect();
    add(&mut row.seen, &shown);
    row.looked = looked;
    row.state = State::Sent;
    row.sent_at = Some(now.wall);
    row.accept = None;
    // Almost every row has one.
    row.posts.reserve_exact(1);
    row.posts.push(Post {
        sent_at_meta: now.meta,
        ..Post::leaving(&row.solution_name, &row.messaging, now.wall)
    });
}

/// The end of the last POST.
pub(super) fn post_ended(row: &mut Entry, end: PostEnd, now: Moment) {
    let Some(post) = row.posts.last_mut() else {
        return;
    };
    post.end = end;
    post.ended_at = Some(now.wall);
    post.ended_at_meta = now.meta;
    post.open = !matches!(end, PostEnd::Created | PostEnd::Refused);
}

/// Meta said yes.
pub(super) fn created(row: &mut Entry, id: &SolutionId, now: Moment) {
    post_ended(row, PostEnd::Created, now);
    if let Some(post) = row.posts.last_mut() {
        post.solution_id = Some(id.clone());
    }
    row.state = State::Created;
    row.solution_id = Some(id.clone());
    row.last_error = None;
}

/// A solution that is there is taken. `found`: as what the last POST made.
pub(super) fn adopt(row: &mut Entry, solution: &Solution, found: bool, keeps_open: bool) {
    let id = &solution.id;
    if found {
        if let Some(post) = row.posts.last_mut() {
            post.solution_id = Some(id.clone());
        }
    } else if !row.made(id) {
        add(&mut row.seen, [id]);
    }
    if !keeps_open {
        row.posts.iter_mut().for_each(|post| post.open = false);
    }
    let before = row.solution_id.replace(id.clone());
    if let Some(before) = before.filter(|before| before != id)
        && row.made(&before)
    {
        add(&mut row.surplus, [&before]);
    }
    row.surplus.retain(|other| other != id);
    row.state = if solution.status.is_over() {
        State::Failed
    } else {
        state_of(solution)
    };
    if choose::is_accepted(&solution.status) {
        add(&mut row.accepted, [id]);
    }
    if !solution.name.is_empty() {
        row.solution_name.clone_from(&solution.name);
    }
    row.last_error = None;
}

/// An accept is about to leave.
pub(super) fn accepting(row: &mut Entry, id: &SolutionId) {
    row.accept = Some(Accepting {
        solution_id: id.clone(),
        end: AcceptEnd::Sent,
    });
}

/// How it was answered: yes, no, or not at all.
pub(super) fn accept_ended(row: &mut Entry, id: &SolutionId, yes: Option<bool>, beside: bool) {
    let end = match yes {
        Some(false) => {
            row.accept = None;
            return;
        }
        Some(true) => AcceptEnd::Yes,
        None => AcceptEnd::Unknown,
    };
    row.accept = Some(Accepting {
        solution_id: id.clone(),
        end,
    });
    if yes == Some(true) {
        add(&mut row.accepted, [id]);
        row.last_error = None;
        if row.solution_id.is_none() || !beside {
            row.solution_id = Some(id.clone());
        }
        if row.solution_id.as_ref() == Some(id) {
            row.state = State::Accepted;
        }
    }
}

/// The operator's word says what an unanswered POST made, where no listing tells it.
pub(super) fn settled_by_name(row: &mut Entry, id: &SolutionId) {
    if row.made(id) || row.solution_id.as_ref() != Some(id) {
        return;
    }
    if let Some(post) = row.posts.iter_mut().rfind(|post| post.open) {
        post.open = false;
        post.solution_id = Some(id.clone());
    }
}

/// The open POSTs that were old enough are closed; what showed beside is surplus.
pub(super) fn close(row: &mut Entry, beside: &[SolutionId], is_old: impl Fn(&Post) -> bool) {
    for post in row.posts.iter_mut().filter(|post| post.open) {
        post.open = !is_old(post);
    }
    add(&mut row.surplus, beside);
}

/// The operator's word says that nothing was made. What Meta answered with trouble stays open until it is old.
pub(super) fn not_made(row: &mut Entry, is_old: impl Fn(&Post) -> bool) {
    for post in row.posts.iter_mut().filter(|post| post.open) {
        post.open = !is_old(post);
    }
    if let Some(id) = row.solution_id.take() {
        add(&mut row.foreign, [&id]);
    }
    row.state = State::Failed;
    row.last_error = None;
}

/// We rejected it.
pub(super) fn rejected(row: &mut Entry, id: &SolutionId) {
    add(&mut row.rejected, [id]);
    row.surplus.retain(|other| other != id);
}

/// It stops here: what that says about the row.
pub(super) fn stopped(row: &mut Entry, why: &StopReason, said: &str) {
    match why {
        StopReason::Ended(..) => {
            row.state = State::Failed;
            row.accept = None;
        }
        // A person's that is not taken unasked: there is nothing to take up. One of ours beside it waits.
        StopReason::OtherTerms { ours: None, .. } => row.state = State::Failed,
        StopReason::Unknown(_) => {
            if matches!(row.state, State::Sent) {
                row.state = State::Unknown;
            }
            if row.last_error.is_some() {
                return;
            }
        }
        StopReason::NoUser
        | StopReason::NoSystem
        | StopReason::LookFailed
        | StopReason::Unfinished => return,
        _ => {}
    }
    row.last_error = Some(said.to_owned());
}
