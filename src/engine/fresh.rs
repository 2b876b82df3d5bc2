//! How old a look may be that finds nothing before a first POST.
//!
//! The one decision: the look of the run serves all its apps, as long as nothing speaks against it: its age, another
//! process that wrote the row, or a wait in which somebody else may have made one.

use std::time::Duration;

use super::{
    policy::{FRESH, LEAVES_WITHIN},
    port::Port,
    work::Work,
};

/// Since when a listing must be that a first look may take.
pub(super) fn first_look_since(port: &impl Port, work: &Work) -> Duration {
    let now = port.clock().run;
    if changed_since(port, work) {
        now
    } else {
        // What this journal did since stands in the row.
        after_a_wait(now, work.facts.waited)
    }
}

/// The same after a wait, which somebody else may have used. A listing of a moment before the
/// wait was over serves as well, so that those who waited together look once.
pub(super) fn after_a_wait(now: Duration, waited: Option<Duration>) -> Duration {
    let over = waited.unwrap_or_default().saturating_sub(LEAVES_WITHIN);
    now.saturating_sub(FRESH).max(over)
}

/// Whether another process wrote the row since our side was listed for this run. After a POST of ours that was refused
/// only we did, under the lock.
fn changed_since(port: &impl Port, work: &Work) -> bool {
    if work.facts.posts > 0 {
        return false;
    }
    let listed = port.known_side(&work.row.key);
    let Some(listing) = listed.complete() else {
        return false;
    };
    let now = port.clock();
    let age = now.run.saturating_sub(listing.begun);
    let written =
        Duration::try_from(now.wall.duration_since(work.row.updated_at)).unwrap_or_default();
    !work.row.run_id.is_empty() && work.row.sent_at.is_some() && written < age
}
