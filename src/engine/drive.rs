//! The only loop: lock, write down, act, write down, and ask again what is next.

use super::{
    Error, Event,
    begin::{begin, claims},
    case::age,
    decide::decide,
    ending::{done, nothing_left, stop, withheld, would},
    facts::{Found, LookFor, Reading, Series, Side, Sides},
    fresh::first_look_since,
    note,
    policy::{Clause, Policy},
    port::Port,
    step::Step,
    work::{Finished, Halted, Work, event_of},
    write, write_accept,
};
use crate::{
    graph::Solution,
    ids::SolutionId,
    journal::{Call, Entry, EventOutcome, State},
};

/// Brings one app to where it is to be, or says why not. `intent` is the row of an app that has none, `seen` a reading
/// that was made to find the row.
pub(crate) async fn drive<P: Port>(
    port: &P,
    policy: &Policy,
    intent: Box<Entry>,
    seen: Option<Box<Solution>>,
) -> Result<Finished, Halted> {
    let lock = if policy.has(Clause::Lock) && !port.withholds() {
        Some(port.lock(&intent.key).await?)
    } else {
        None
    };
    let Some(work) = Box::pin(begin(port, policy, intent)).await? else {
        return Ok(nothing_left());
    };
    let ended = bring(port, policy, work, seen).await;
    drop(lock);
    ended
}

async fn bring<P: Port>(
    port: &P,
    policy: &Policy,
    mut work: Box<Work>,
    seen: Option<Box<Solution>>,
) -> Result<Finished, Halted> {
    if let Some(seen) = seen {
        let id = seen.id.clone();
        Box::pin(read(port, &mut work, &id, Found::Seen(seen), None)).await?;
    }
    loop {
        let step = decide(&work.row, &work.facts, policy, port.clock());
        if port.withholds()
            && let Some(step) = withheld(&step)
        {
            return Ok(would(&work, policy, step));
        }
        let rested = matches!(step, Step::Pause(_));
        match step {
            Step::Done(end) => return Box::pin(done(port, policy, work, end)).await,
            Step::Stop(why) => return Err(Box::pin(stop(port, policy, work, why)).await),
            step => act(port, policy, &mut work, &step).await?,
        }
        work.facts.rested = rested;
    }
}

/// One act, and what the row remembers of it.
async fn act<P: Port>(
    port: &P,
    policy: &Policy,
    work: &mut Work,
    step: &Step,
) -> Result<(), Halted> {
    match step {
        Step::Pause(length) => {
            if policy.is_long(*length) {
                port.tell(Event::Note(format!(
                    "waiting {} s until what was sent for app {} without an answer can be decided on",
                    length.as_secs(),
                    work.row.key.owner
                )));
            }
            if port.pause(*length).await {
                Ok(())
            } else {
                Err(interrupted(work).into())
            }
        }
        Step::ReadId(id) => {
            let (found, cause) = Box::pin(port.read(&work.row.key, id)).await;
            Box::pin(read(port, work, id, found, cause)).await
        }
        Step::ReadBack(id) => {
            work.facts.read_backs += 1;
            let (found, cause) = Box::pin(port.read_back(&work.row.key, id)).await;
            Box::pin(read(port, work, id, found, cause)).await
        }
        Step::Look(sides, purpose) => Box::pin(look(port, policy, work, *sides, *purpose)).await,
        Step::Adopt(id) => Box::pin(adopt(port, policy, work, id)).await,
        Step::Post => Box::pin(write::post(port, work, policy)).await,
        Step::Accept(id) => Box::pin(write_accept::accept(port, work, policy, id)).await,
        Step::RejectOwnSurplus(id) => Box::pin(write_accept::reject(port, work, id)).await,
        Step::Close(beside) => {
            let begun = work
                .facts
                .series
                .map_or_else(|| port.clock(), |series| series.begun);
            let old = policy.pauses.without_answer;
            note::close(&mut work.row, beside, |post| age(post, begun) >= old);
            Box::pin(put(port, work)).await
        }
        // Both end the loop before they come here.
        Step::Done(_) | Step::Stop(_) => Ok(()),
    }
}

/// Writes the row, unless this is a plan.
async fn put(port: &impl Port, work: &Work) -> Result<(), Halted> {
    if port.withholds() {
        return Ok(());
    }
    Ok(port.put(&work.row, None).await?)
}

/// What was not clear when a stop ended a pause.
fn interrupted(work: &Work) -> Error {
    let row = &work.row;
    Error::Interrupted(match (&row.solution_id, &work.facts.accept) {
        (_, Some((id, _))) => format!("it was clear whether solution {id} was accepted"),
        (Some(id), None) => format!("solution {id} was read"),
        (None, None) => format!(
            "it was clear whether a solution for app {} was created",
            row.key.owner
        ),
    })
}

async fn read(
    port: &impl Port,
    work: &mut Work,
    id: &SolutionId,
    found: Found,
    cause: super::port::Cause,
) -> Result<(), Halted> {
    let before = work.facts.reads.get(id);
    let again = before.filter(|before| matches!(before.found, Found::Hidden));
    let tries = again.map_or(1, |before| before.tries + 1);
    let row = work.row.clone();
    note::read(&mut work.row, id, &found);
    if matches!(found, Found::Foreign) {
        port.tell(Event::Note(format!(
            "solution {id} is not of app {} and our app; it is not accepted",
            row.key.owner
        )));
        work.facts.created.take_if(|(made, _)| made == id);
    }
    work.read_error = cause;
    work.facts.reads.insert(
        id.clone(),
        Reading {
            at: port.clock().run,
            found,
            tries,
        },
    );
    if row == work.row {
        return Ok(());
    }
    if work.facts.accept.is_some() {
        // What an accept came to is one commit with the end.
        work.dirty = true;
        return Ok(());
    }
    put(port, work).await
}

async fn look(
    port: &impl Port,
    policy: &Policy,
    work: &mut Work,
    sides: Sides,
    purpose: LookFor,
) -> Result<(), Halted> {
    let begun = port.clock();
    let open = |series: Series| series.purpose == LookFor::Open;
    work.facts.open_passed |= purpose != LookFor::Open && work.facts.series.is_some_and(open);
    // What was waited for is old only in a series that begins after it.
    let old = policy.pauses.without_answer;
    let ripe = |at| {
        let mut open = work.row.posts.iter().filter(|post| post.open);
        open.any(|post| age(post, at) >= old)
    };
    let ripened = |series: &Series| policy.waits && ripe(begun) && !ripe(series.begun);
    let same = work
        .facts
        .series
        .filter(|series| series.purpose == purpose && !ripened(series));
    let mut series = same.unwrap_or(Series {
        purpose,
        begun,
        last: begun.run,
        looks: 0,
        owner_in: 0,
    });
    let after = match purpose {
        LookFor::First => first_look_since(port, work),
        _ => begun.run,
    };
    if sides != Sides::Owner || !work.facts.tokens.1 {
        series.looks += 1;
        series.last = begun.run;
    }
    if sides != Sides::Ours {
        series.owner_in = series.looks;
    }
    work.facts.series = Some(series);
    if sides != Sides::Owner {
        // Let go before it is waited for: the others do that, too.
        work.facts.ours = Side::NotAsked;
        (work.facts.ours, work.list_errors.0) = port.list_ours(&work.row.key, after, purpose).await;
    }
    if sides != Sides::Ours {
        (work.facts.owner, work.list_errors.1) =
            port.list_owner(&work.row.key, after, purpose).await;
    } else if purpose == LookFor::Accept {
        // What the other side showed in an earlier look is old.
        work.facts.owner = Side::NotAsked;
    }
    work.facts.another_sought |= purpose == LookFor::Another;
    let rows = port.rows(&work.row.key).await?;
    work.facts.claims = claims(policy, &work.row, &rows);
    Ok(())
}

/// Takes a solution that is there: written down first, then told.
async fn adopt(
    port: &impl Port,
    policy: &Policy,
    work: &mut Work,
    id: &SolutionId,
) -> Result<(), Halted> {
    let solution = write::known(work, id);
    // An id that Meta shows to nobody is not ours.
    if let Some(named) = work
        .row
        .solution_id
        .clone()
        .filter(|id| work.facts.is_hidden(id))
    {
        note::read(&mut work.row, &named, &Found::Foreign);
    }
    let lost =
        matches!(work.row.state, State::Sent | State::Unknown) && work.row.solution_id.is_none();
    let exact = lost
        && work.row.looked
        && work
            .row
            .posts
            .last()
            .is_some_and(|post| post.name == solution.name);
    note::adopt(
        &mut work.row,
        &solution,
        exact,
        policy.has(Clause::StaysOpen),
    );
    if exact {
        work.facts.found = Some(id.clone());
    }
    work.facts.series = work
        .facts
        .series
        .filter(|series| series.purpose == LookFor::Accept);
    if port.withholds() {
        return Ok(());
    }
    let call = if exact { Call::Create } else { Call::Adopt };
    let said = event_of(port, &work.row, &solution, call, EventOutcome::Ok);
    if let Err(error) = port.put(&work.row, Some(said)).await {
        return Err(if exact {
            write::not_written(port, work, id, error)
        } else {
            error.into()
        });
    }
    if !solution.status.is_over() {
        port.tell(Event::Created {
            owner: work.row.key.owner.clone(),
            solution: id.clone(),
            existing: !exact,
        });
    }
    Ok(())
}
