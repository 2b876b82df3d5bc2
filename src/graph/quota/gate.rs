//! Waiting for a quota, or saying that it is used up.
//!
//! The one decision: one call waits for all. It counts down, then asks with one small read of the same
//! object whether the quota is back, so that many calls do not come back at once and prolong the block.
//! A write never waits in here: what was written down about it has to be true when it leaves, so whoever
//! sends it waits first ([`crate::graph::Graph::wait_out`]).

use std::time::{Duration, Instant};

use super::Admission;
use crate::graph::{
    error::{Error, ErrorCause, failed},
    observe::event::CallEvent,
    send::{
        attempt::Sender,
        call::{ApiCall, Bearer, OwnedToken},
    },
};

/// Passes the gate, waiting where that was asked for.
pub(crate) async fn pass(sender: &Sender, held: &OwnedToken, call: &ApiCall) -> Result<(), Error> {
    let quota = &sender.quota;
    let what = held.bearer.words();
    // What must leave soon had its place before.
    let mut placed = call.leave_by.is_some();
    loop {
        match quota.ask(held.bearer, Instant::now()) {
            Admission::Go if placed => return Ok(()),
            Admission::Go => {
                let pause = quota.place(Instant::now());
                if pause.is_zero() {
                    return Ok(());
                }
                rest(sender, held, call, pause).await?;
                // A refusal that came meanwhile holds for this call too.
                placed = quota.stopped(held.bearer, Instant::now()).is_none();
            }
            Admission::After {
                pause,
                used,
                gap,
                first,
            } => {
                if first {
                    sender.notify(&CallEvent::Spread {
                        what: what.to_owned(),
                        used,
                        gap,
                    });
                }
                return rest(sender, held, call, pause).await;
            }
            Admission::Stop { .. } => {
                wait_for_quota(sender, held, call).await?;
                placed = call.leave_by.is_some();
            }
        }
    }
}

/// Waits until no refusal stops this token, and takes no place.
pub(crate) async fn wait_out(
    sender: &Sender,
    held: &OwnedToken,
    call: &ApiCall,
) -> Result<(), Error> {
    while let Admission::Stop { .. } = sender.quota.ask(held.bearer, Instant::now()) {
        wait_for_quota(sender, held, call).await?;
    }
    Ok(())
}

async fn rest(
    sender: &Sender,
    held: &OwnedToken,
    call: &ApiCall,
    pause: Duration,
) -> Result<(), Error> {
    if sender.rest(pause).await {
        return Ok(());
    }
    Err(failed(sender.facts(held.bearer, call), ErrorCause::Stopped))
}

/// One pause and one probing read; the others whom it concerns wait for their turn meanwhile.
async fn wait_for_quota(sender: &Sender, held: &OwnedToken, call: &ApiCall) -> Result<(), Error> {
    let quota = &sender.quota;
    let most = sender.config.wait_quota;
    let most = most.filter(|_| !call.method.writes());
    let Admission::Stop { scope, .. } = quota.ask(held.bearer, Instant::now()) else {
        return Ok(());
    };
    let turn = match most {
        Some(_) => Some(quota.turn(scope).lock().await),
        None => None,
    };
    // Asked again, since whoever had the turn before may have seen the end of it.
    let Admission::Stop {
        scope: now,
        used,
        pause,
        known,
    } = quota.ask(held.bearer, Instant::now())
    else {
        return Ok(());
    };
    if now != scope {
        // Another one's turn.
        return Ok(());
    }
    let can_wait = most.is_some_and(|most| quota.spend(scope, pause, most));
    if !can_wait {
        let mut facts = sender.facts(held.bearer, call);
        facts.wait = known;
        return Err(failed(facts, ErrorCause::Held(used)));
    }
    if !count_down(sender, pause, held.bearer).await {
        return Err(failed(sender.facts(held.bearer, call), ErrorCause::Stopped));
    }
    quota.probe(scope, Instant::now());
    let object = call.segments.first().map_or("me", String::as_str);
    let probe = ApiCall::get("see whether the quota is back", &[object]).param("fields", "id");
    let left = Instant::now();
    let outcome = sender.once(held, &probe, 1).await;
    if let Err(cause) = outcome.result {
        let mut facts = sender.facts(held.bearer, &probe);
        facts.status = outcome.status;
        sender.book(failed(facts, cause), outcome.retry_after, left);
    }
    quota.probed(scope);
    drop(turn);
    Ok(())
}

/// Waits and says so; `false` if the run is to end.
async fn count_down(sender: &Sender, total: Duration, bearer: Bearer) -> bool {
    let pace = &sender.config.pace;
    let what = bearer.words().to_owned();
    let mut remaining = total;
    while !remaining.is_zero() {
        sender.notify(&CallEvent::QuotaPause {
            remaining,
            total,
            what: what.clone(),
        });
        // Where a pause is over sooner than it says, its seconds are not counted down either.
        let step = if pace.longest >= total {
            Duration::from_secs(1)
        } else {
            remaining
        };
        if !sender.rest(step.min(remaining)).await {
            let remaining = Duration::ZERO;
            sender.notify(&CallEvent::QuotaPause {
                remaining,
                total,
                what,
            });
            return false;
        }
        remaining = remaining.saturating_sub(step);
    }
    sender.notify(&CallEvent::QuotaOver { what });
    true
}
