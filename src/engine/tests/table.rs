//! The decision as a table: a row and what Meta showed, and the step that follows.
#![allow(clippy::too_many_lines)]

use std::{collections::BTreeMap, time::Duration};

use crate::{
    engine::{
        decide::decide,
        facts::{
            AcceptAnswer, Facts, Found, Listing, LookFor, Moment, Reading, Series, Side, Sides,
        },
        policy::Policy,
        step::{End, Step, StopReason},
    },
    graph::{Solution, Status},
    ids::SolutionId,
    journal::{AcceptEnd, Accepting, Entry, Goal, Key, Post, PostEnd, State},
};

pub(super) use super::model::NAME;
use super::model::{Made, key, solution};

pub(super) const NOW: u64 = 1_000_000;

pub(super) fn id(number: u32) -> SolutionId {
    number.to_string().parse().unwrap()
}

/// One of the pair, on our terms unless said otherwise.
pub(super) fn one(number: u32, status: Status) -> Solution {
    called(number, NAME, status, true)
}

pub(super) fn called(number: u32, name: &str, status: Status, on_terms: bool) -> Solution {
    solution(&Made {
        id: id(number),
        name: name.to_owned(),
        status,
        on_terms,
        ours: false,
        accepted: false,
        rejected: false,
    })
}

/// The time at this second of the run.
pub(super) fn at(seconds: u64) -> Moment {
    let run = Duration::from_secs(seconds);
    let wall = "2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap() + run;
    Moment {
        run,
        wall,
        meta: None,
    }
}

pub(super) fn row(state: State) -> Entry {
    Entry {
        state,
        messaging: "both".to_owned(),
        looked: true,
        ..Entry::new(key(), Goal::Active, NAME)
    }
}

pub(super) fn with_id(state: State, number: u32) -> Entry {
    Entry {
        solution_id: Some(id(number)),
        ..row(state)
    }
}

/// A row whose last POST ended so, so many seconds ago.
pub(super) fn posted(end: PostEnd, ago: u64, made: Option<u32>) -> Entry {
    let ended = at(NOW - ago).wall;
    let state = match (end, made) {
        (PostEnd::Created, _) | (_, Some(_)) => State::Created,
        _ => State::Unknown,
    };
    Entry {
        solution_id: made.map(id),
        posts: vec![Post {
            end,
            ended_at: (end != PostEnd::Sent).then_some(ended),
            open: !matches!(end, PostEnd::Created | PostEnd::Refused),
            solution_id: made.map(id),
            ..Post::leaving(NAME, "both", ended)
        }],
        ..row(state)
    }
}

pub(super) fn listing(items: &[Solution]) -> Side {
    let just = Duration::from_secs(NOW);
    Side::Complete(Listing {
        begun: just,
        answered: just,
        items: items.to_vec(),
        unattributed: Vec::new(),
    })
}

pub(super) fn nobody() -> Facts {
    Facts {
        tokens: (true, true),
        ..Facts::default()
    }
}

/// What both sides show, on the look of this number for this.
pub(super) fn shown(purpose: LookFor, looks: usize, items: &[Solution]) -> Facts {
    Facts {
        ours: listing(items),
        owner: listing(items),
        series: Some(Series {
            purpose,
            begun: at(NOW),
            last: Duration::from_secs(NOW),
            looks,
            owner_in: looks,
        }),
        ..nobody()
    }
}

/// The facts after a look for another one.
fn sought(facts: Facts) -> Facts {
    Facts {
        another_sought: true,
        ..facts
    }
}

pub(super) fn read(mut facts: Facts, number: u32, found: Found, tries: usize) -> Facts {
    let at = Duration::from_secs(NOW);
    facts.reads.insert(id(number), Reading { at, found, tries });
    facts
}

pub(super) fn seen(facts: Facts, solution: Solution) -> Facts {
    let number: u32 = solution.id.as_str().parse().unwrap();
    read(facts, number, Found::Seen(Box::new(solution)), 1)
}

pub(super) fn onboard() -> Policy {
    Policy {
        rejects_surplus: true,
        ..Policy::default()
    }
}

fn create() -> Policy {
    Policy {
        goal: Goal::Initiated,
        ..Policy::default()
    }
}

pub(super) fn resume() -> Policy {
    Policy {
        resuming: true,
        ..onboard()
    }
}

pub(super) fn accept(number: u32) -> Policy {
    Policy {
        named: Some(id(number)),
        ..Policy::default()
    }
}

/// The last look of a series: five pauses.
pub(super) const LAST: usize = 6;

use Status::{Active, Draft, Initiated, Rejected};

pub(super) fn stop(why: StopReason) -> Step {
    Step::Stop(why)
}

pub(super) fn done(number: u32) -> Step {
    Step::Done(End::Reached(id(number)))
}

pub(super) fn pause(seconds: u64) -> Step {
    Step::Pause(Duration::from_secs(seconds))
}

pub(super) fn check(cases: Vec<(&str, Entry, Facts, Policy, Step)>) {
    for (what, row, facts, policy, step) in cases {
        assert_eq!(decide(&row, &facts, &policy, at(NOW)), step, "{what}");
    }
}

#[test]
fn step_0_a_journaled_id_is_looked_at_first() {
    let hidden = |tries| read(nobody(), 5, Found::Hidden, tries);
    let over = || seen(nobody(), one(5, Rejected));
    let beside = |items: &[Solution]| seen(shown(LookFor::Another, 1, items), one(5, Rejected));
    let all = Policy {
        pass_over_dead: true,
        ..create()
    };
    let mut ours = beside(&[]);
    ours.claims.rejected.insert(id(5));
    check(vec![
        (
            "by id",
            with_id(State::Created, 5),
            nobody(),
            onboard(),
            Step::ReadId(id(5)),
        ),
        (
            "not shown yet",
            with_id(State::Created, 5),
            hidden(1),
            onboard(),
            pause(1),
        ),
        (
            "never shown",
            with_id(State::Created, 5),
            hidden(LAST),
            onboard(),
            stop(StopReason::Hidden(id(5))),
        ),
        (
            "what an answer named is never shown: what did the POST make?",
            posted(PostEnd::Created, 60, Some(5)),
            hidden(LAST),
            onboard(),
            Step::Look(Sides::Both, LookFor::Another),
        ),
        (
            "the one with the name and the terms that were sent",
            posted(PostEnd::Created, 60, Some(5)),
            read(
                sought(shown(
                    LookFor::Accept,
                    1,
                    &[one(6, Initiated), called(4, "Another", Initiated, true)],
                )),
                5,
                Found::Hidden,
                LAST,
            ),
            onboard(),
            Step::Adopt(id(6)),
        ),
        (
            "none of that name: the operator says what is so",
            posted(PostEnd::Created, 60, Some(5)),
            read(
                sought(shown(
                    LookFor::Accept,
                    1,
                    &[called(4, "Another", Initiated, true)],
                )),
                5,
                Found::Hidden,
                LAST,
            ),
            onboard(),
            stop(StopReason::Hidden(id(5))),
        ),
        (
            "over: another one?",
            with_id(State::Created, 5),
            over(),
            create(),
            Step::Look(Sides::Both, LookFor::Another),
        ),
        (
            "there is one",
            with_id(State::Created, 5),
            beside(&[one(5, Rejected), one(6, Active)]),
            create(),
            Step::Adopt(id(6)),
        ),
        (
            "none: resume ends",
            with_id(State::Created, 5),
            beside(&[]),
            resume(),
            stop(StopReason::Ended(id(5), Rejected)),
        ),
        (
            "none: --app-id makes a new one",
            with_id(State::Created, 5),
            beside(&[]),
            create(),
            Step::Post,
        ),
        (
            "none: --all passes over",
            with_id(State::Created, 5),
            beside(&[]),
            all.clone(),
            Step::Done(End::Skipped(Some(id(5)))),
        ),
        (
            "but not over what we rejected",
            with_id(State::Created, 5),
            ours,
            all,
            Step::Post,
        ),
        (
            "a draft is told",
            with_id(State::Created, 5),
            seen(nobody(), one(5, Draft)),
            create(),
            stop(StopReason::Draft(id(5))),
        ),
    ]);
}

#[test]
fn step_1_to_say_that_there_is_none_both_are_asked() {
    let ours = |side| Facts {
        ours: side,
        ..nobody()
    };
    let both = |ours, owner| Facts {
        ours,
        owner,
        ..nobody()
    };
    let unsaid = Side::Complete(Listing {
        unattributed: vec![id(8)],
        ..Listing::default()
    });
    let fresh = || row(State::Intended);
    let alone = |owner| Facts {
        tokens: (true, false),
        ours: Side::NotAsked,
        owner,
        ..Facts::default()
    };
    let named = Entry {
        key: Key::named(key().owner, key().partner, NAME),
        ..fresh()
    };
    check(vec![
        (
            "ours first",
            fresh(),
            nobody(),
            create(),
            Step::Look(Sides::Ours, LookFor::First),
        ),
        (
            "one is enough",
            fresh(),
            ours(listing(&[one(5, Initiated)])),
            create(),
            Step::Adopt(id(5)),
        ),
        (
            "ACTIVE before the smaller",
            fresh(),
            ours(listing(&[one(5, Initiated), one(9, Active)])),
            create(),
            Step::Adopt(id(9)),
        ),
        (
            "smallest as a number",
            fresh(),
            ours(listing(&[one(10, Initiated), one(9, Initiated)])),
            create(),
            Step::Adopt(id(9)),
        ),
        (
            "none: the owner's too",
            fresh(),
            ours(listing(&[])),
            create(),
            Step::Look(Sides::Owner, LookFor::First),
        ),
        (
            "the owner's shows one",
            fresh(),
            both(listing(&[]), listing(&[one(5, Active)])),
            create(),
            Step::Adopt(id(5)),
        ),
        (
            "neither",
            fresh(),
            both(listing(&[]), listing(&[])),
            create(),
            Step::Post,
        ),
        (
            "the owner's is refused",
            fresh(),
            both(listing(&[]), Side::Refused),
            create(),
            Step::Post,
        ),
        (
            "the owner's is left to the run",
            fresh(),
            both(listing(&[]), Side::Later),
            create(),
            Step::Post,
        ),
        (
            "the owner's broke off",
            fresh(),
            both(listing(&[]), Side::Failed),
            create(),
            stop(StopReason::LookFailed),
        ),
        (
            "ours is refused",
            fresh(),
            both(Side::Refused, listing(&[])),
            create(),
            stop(StopReason::LookRefused(Sides::Ours)),
        ),
        (
            "ours is refused, theirs shows one",
            fresh(),
            both(Side::Refused, listing(&[one(5, Active)])),
            create(),
            Step::Adopt(id(5)),
        ),
        (
            "no token of ours",
            fresh(),
            alone(listing(&[])),
            create(),
            Step::Post,
        ),
        (
            "and theirs is refused",
            fresh(),
            alone(Side::Refused),
            create(),
            stop(StopReason::LookRefused(Sides::Owner)),
        ),
        (
            "a live one that is nobody's",
            fresh(),
            both(unsaid, listing(&[])),
            create(),
            stop(StopReason::Unattributed(Sides::Ours, vec![id(8)])),
        ),
        (
            "a named row makes another",
            named,
            both(listing(&[one(5, Active)]), listing(&[])),
            create(),
            Step::Post,
        ),
        (
            "--no-look",
            fresh(),
            nobody(),
            Policy {
                look: false,
                ..create()
            },
            Step::Post,
        ),
        (
            "--no-look with open work",
            posted(PostEnd::NoAnswer, 1, None),
            nobody(),
            Policy {
                look: false,
                ..create()
            },
            stop(StopReason::Unfinished),
        ),
    ]);
}

#[test]
fn step_4_ours_is_the_new_one_with_our_name_and_terms() {
    let lost = |looks, items: &[Solution]| shown(LookFor::Lost, looks, items);
    let unknown = || posted(PostEnd::NoAnswer, 5, None);
    let other = || called(4, "another", Initiated, true);
    let terms = || called(4, NAME, Initiated, false);
    let saw = Entry {
        seen: vec![id(5)],
        ..unknown()
    };
    check(vec![
        (
            "look",
            unknown(),
            nobody(),
            onboard(),
            Step::Look(Sides::Both, LookFor::Lost),
        ),
        (
            "ours",
            unknown(),
            lost(1, &[other(), one(5, Initiated)]),
            onboard(),
            Step::Adopt(id(5)),
        ),
        (
            "another does not end it",
            unknown(),
            lost(1, &[other()]),
            onboard(),
            pause(1),
        ),
        (
            "nor one on other terms",
            unknown(),
            lost(2, &[terms()]),
            onboard(),
            pause(2),
        ),
        (
            "at last it is taken",
            unknown(),
            lost(LAST, &[other()]),
            onboard(),
            Step::Adopt(id(4)),
        ),
        (
            "what was there is not new",
            saw,
            lost(1, &[one(5, Initiated)]),
            onboard(),
            pause(1),
        ),
        (
            "a draft counts as made",
            unknown(),
            lost(1, &[one(5, Draft)]),
            onboard(),
            stop(StopReason::Draft(id(5))),
        ),
        (
            "one that is over was made",
            unknown(),
            lost(1, &[one(5, Rejected)]),
            onboard(),
            Step::Adopt(id(5)),
        ),
    ]);
}

#[test]
fn step_4_a_second_post() {
    let last = |posts| Facts {
        posts,
        ..shown(LookFor::Lost, LAST, &[])
    };
    let refused = Facts {
        ours: Side::Refused,
        ..last(0)
    };
    let posts = |row, facts: Facts| decide(&row, &facts, &onboard(), at(NOW)) == Step::Post;
    for (what, row, facts, may) in [
        (
            "answered with trouble",
            posted(PostEnd::Trouble, 1, None),
            last(1),
            true,
        ),
        (
            "the same in a later run",
            posted(PostEnd::Trouble, 1, None),
            last(0),
            true,
        ),
        (
            "no answer, young",
            posted(PostEnd::NoAnswer, 599, None),
            last(0),
            false,
        ),
        (
            "no answer, old",
            posted(PostEnd::NoAnswer, 600, None),
            last(0),
            true,
        ),
        (
            "died, its end is 65 s later",
            posted(PostEnd::Sent, 664, None),
            last(0),
            false,
        ),
        ("died, old", posted(PostEnd::Sent, 665, None), last(0), true),
        (
            "two in a run are enough",
            posted(PostEnd::Trouble, 1, None),
            last(2),
            false,
        ),
        (
            "our side does not tell",
            posted(PostEnd::Trouble, 1, None),
            refused,
            false,
        ),
    ] {
        assert_eq!(posts(row, facts), may, "{what}");
    }
    // The ten minutes are over at the first look, or they are not over.
    let mut late = last(0);
    if let Some(series) = &mut late.series {
        series.begun = at(NOW - 100);
    }
    assert!(!posts(posted(PostEnd::NoAnswer, 650, None), late));
}

#[test]
fn step_4_who_waits_waits_until_it_is_old() {
    let waits = || Policy {
        waits: true,
        ..resume()
    };
    let lost = |items: &[Solution]| shown(LookFor::Lost, LAST, items);
    check(vec![
        (
            "looked for first",
            posted(PostEnd::NoAnswer, 10, None),
            nobody(),
            waits(),
            Step::Look(Sides::Both, LookFor::Lost),
        ),
        (
            "then until it is old",
            posted(PostEnd::NoAnswer, 10, None),
            lost(&[]),
            waits(),
            pause(590),
        ),
        (
            "open beside what was taken",
            posted(PostEnd::NoAnswer, 10, Some(5)),
            seen(nobody(), one(5, Active)),
            waits(),
            pause(590),
        ),
        (
            "nobody else waits",
            posted(PostEnd::NoAnswer, 10, Some(5)),
            seen(nobody(), one(5, Active)),
            resume(),
            done(5),
        ),
    ]);
}

#[test]
fn step_4_a_clock_that_jumps_makes_nothing_old() {
    // A process that died wrote down no end: it is over 65 s after its intent.
    let died = |sent: u64, meta: Option<u64>| Post {
        sent_at: at(sent).wall,
        sent_at_meta: meta.map(|seconds| at(seconds).wall),
        ended_at: None,
        ended_at_meta: None,
        ..posted(PostEnd::Sent, 100, None).posts.remove(0)
    };
    let post = |meta: Option<u64>| Post {
        ended_at_meta: meta.map(|seconds| at(seconds).wall),
        ..posted(PostEnd::NoAnswer, 100, None).posts.remove(0)
    };
    let now = |wall: u64, meta: Option<u64>| Moment {
        wall: at(wall).wall,
        meta: meta.map(|seconds| at(seconds).wall),
        ..at(NOW)
    };
    for (what, post, now, age) in [
        ("ours alone", post(None), now(NOW, None), 100),
        ("ours set back", post(None), now(NOW - 5_000, None), 0),
        (
            "ours a day ahead, Meta's not",
            post(Some(NOW - 100)),
            now(NOW + 86_400, Some(NOW)),
            100,
        ),
        (
            "ours was a day ahead",
            post(Some(NOW - 90_000)),
            now(NOW - 86_400, Some(NOW)),
            90_000,
        ),
        (
            "died; ours set a day ahead since",
            died(NOW - 165, None),
            now(NOW + 86_400, Some(NOW)),
            100,
        ),
        (
            "died; ours set a day ahead since, Meta told then and now",
            died(NOW - 165, Some(NOW - 165)),
            now(NOW + 86_400, Some(NOW)),
            100,
        ),
        (
            "died; ours was a day ahead, and Meta told",
            died(NOW + 86_400, Some(NOW - 165)),
            now(NOW, Some(NOW)),
            100,
        ),
        (
            "died; ours was a day ahead, and nobody told",
            died(NOW + 86_400, None),
            now(NOW, Some(NOW)),
            0,
        ),
    ] {
        let found = crate::engine::case::age(&post, now);
        assert_eq!(found.as_secs(), age, "{what}");
    }
}

#[test]
fn step_4_an_open_post_is_looked_for_once_it_is_old() {
    let open = |ago| posted(PostEnd::NoAnswer, ago, Some(5));
    let active = |facts| seen(facts, one(5, Active));
    let beside = |looks| {
        active(shown(
            LookFor::Open,
            looks,
            &[one(5, Active), one(6, Initiated)],
        ))
    };
    let refused = active(Facts {
        ours: Side::Refused,
        ..shown(LookFor::Open, LAST, &[])
    });
    let waits = Policy {
        waits: true,
        ..resume()
    };
    check(vec![
        ("young", open(10), active(nobody()), resume(), done(5)),
        (
            "young, --wait",
            open(10),
            active(nobody()),
            waits,
            pause(590),
        ),
        (
            "old",
            open(600),
            active(nobody()),
            onboard(),
            Step::Look(Sides::Both, LookFor::Open),
        ),
        (
            "one shows beside",
            open(600),
            beside(1),
            resume(),
            Step::Close(vec![id(6)]),
        ),
        (
            "none yet",
            open(600),
            active(shown(LookFor::Open, 1, &[one(5, Active)])),
            resume(),
            pause(1),
        ),
        (
            "none",
            open(600),
            active(shown(LookFor::Open, LAST, &[one(5, Active)])),
            resume(),
            Step::Close(vec![]),
        ),
        ("nobody could look", open(600), refused, resume(), done(5)),
        (
            "the look before an accept does not begin it anew",
            open(600),
            Facts {
                open_passed: true,
                ..seen(
                    shown(LookFor::Accept, 1, &[one(5, Initiated)]),
                    one(5, Initiated),
                )
            },
            onboard(),
            Step::Accept(id(5)),
        ),
        (
            "create leaves it",
            open(600),
            active(nobody()),
            create(),
            done(5),
        ),
    ]);
}

#[test]
fn step_5_which_one_is_taken() {
    let before =
        |looks, items: &[Solution]| seen(shown(LookFor::Accept, looks, items), one(5, Initiated));
    let made = || posted(PostEnd::Created, 1, Some(5));
    let terms = || called(4, "another", Initiated, false);
    let read_other = |facts| seen(facts, one(4, Initiated));
    let elsewhere = |known| Entry {
        accepted: vec![id(known)],
        ..made()
    };
    let unasked = Facts {
        owner: Side::NotAsked,
        ..before(1, &[])
    };
    let mut unasked = unasked;
    if let Some(series) = &mut unasked.series {
        series.owner_in = 0;
    }
    let refused = Facts {
        ours: Side::Refused,
        owner: Side::Refused,
        ..before(1, &[])
    };
    let one_refuses = |ours, owner| Facts {
        ours,
        owner,
        ..before(1, &[])
    };
    let just = || listing(&[one(5, Initiated)]);
    let mut tokenless = one_refuses(Side::Refused, Side::NotAsked);
    tokenless.tokens.0 = false;
    let a_second_ago = |mut facts: Facts, number, found| {
        let at = Duration::from_secs(NOW - 1);
        let reading = Reading {
            at,
            found,
            tries: 1,
        };
        facts.reads.insert(id(number), reading);
        facts.created = Some((id(5), Duration::ZERO));
        facts
    };
    let on_purpose = Entry {
        key: Key::named(key().owner, key().partner, NAME),
        ..elsewhere(7)
    };
    let broken = Facts {
        ours: Side::Failed,
        owner: Side::Failed,
        ..before(LAST, &[])
    };
    let mut stale = before(1, &[one(5, Initiated)]);
    if let (Side::Complete(ours), Side::Complete(owner)) = (&mut stale.ours, &mut stale.owner) {
        ours.answered = Duration::from_secs(NOW - 6);
        owner.answered = ours.answered;
    }
    let mut ownerless = before(1, &[]);
    if let Side::Complete(ours) = &mut ownerless.ours {
        ours.unattributed = vec![id(5)];
    }
    check(vec![
        (
            "look",
            made(),
            seen(nobody(), one(5, Initiated)),
            onboard(),
            Step::Look(Sides::Ours, LookFor::Accept),
        ),
        (
            "alone",
            made(),
            before(1, &[one(5, Initiated)]),
            onboard(),
            Step::Accept(id(5)),
        ),
        (
            "the look is old",
            made(),
            stale,
            onboard(),
            Step::Look(Sides::Ours, LookFor::Accept),
        ),
        (
            "not listed: the owner's side",
            made(),
            unasked,
            onboard(),
            Step::Look(Sides::Owner, LookFor::Accept),
        ),
        (
            "not listed yet",
            made(),
            before(1, &[]),
            onboard(),
            pause(1),
        ),
        (
            "never listed",
            made(),
            before(LAST, &[]),
            onboard(),
            stop(StopReason::NotListed(id(5))),
        ),
        (
            "all refused",
            made(),
            refused,
            onboard(),
            stop(StopReason::AcceptUnlisted(id(5))),
        ),
        (
            "ours refused, and no token for theirs",
            made(),
            tokenless,
            onboard(),
            stop(StopReason::AcceptUnlisted(id(5))),
        ),
        (
            "ours refused: theirs tells",
            made(),
            one_refuses(Side::Refused, just()),
            onboard(),
            Step::Accept(id(5)),
        ),
        (
            "theirs refused: ours tells",
            made(),
            one_refuses(just(), Side::Refused),
            onboard(),
            Step::Accept(id(5)),
        ),
        (
            "never listed, since no listing came to its end",
            made(),
            broken,
            onboard(),
            stop(StopReason::LookFailed),
        ),
        (
            "another is ACTIVE",
            made(),
            before(1, &[one(5, Initiated), one(9, Active)]),
            onboard(),
            Step::Adopt(id(9)),
        ),
        (
            "two wait",
            made(),
            before(1, &[one(4, Initiated), one(5, Initiated)]),
            onboard(),
            pause(1),
        ),
        (
            "at last the others are read",
            made(),
            before(LAST, &[one(4, Initiated), one(5, Initiated)]),
            onboard(),
            Step::ReadId(id(4)),
        ),
        (
            "the smaller is taken",
            made(),
            read_other(before(LAST, &[one(4, Initiated), one(5, Initiated)])),
            onboard(),
            Step::Adopt(id(4)),
        ),
        (
            "one that was ACTIVE all along",
            made(),
            seen(
                before(LAST, &[one(6, Initiated), one(5, Initiated)]),
                one(6, Active),
            ),
            onboard(),
            Step::Adopt(id(6)),
        ),
        (
            "ours is the smaller",
            made(),
            seen(
                before(LAST, &[one(6, Initiated), one(5, Initiated)]),
                one(6, Initiated),
            ),
            onboard(),
            Step::Accept(id(5)),
        ),
        (
            "the smaller is on other terms",
            made(),
            seen(before(LAST, &[terms(), one(5, Initiated)]), terms()),
            onboard(),
            stop(StopReason::OtherTerms {
                first: id(4),
                ours: Some(id(5)),
            }),
        ),
        (
            "what the journal knows is read",
            elsewhere(7),
            before(1, &[one(5, Initiated)]),
            onboard(),
            Step::ReadId(id(7)),
        ),
        (
            "and counts",
            elsewhere(7),
            seen(before(1, &[one(5, Initiated)]), one(7, Active)),
            onboard(),
            Step::Adopt(id(7)),
        ),
        (
            "but not as it was before the look",
            elsewhere(7),
            a_second_ago(
                before(1, &[one(5, Initiated)]),
                7,
                Found::Seen(Box::new(one(7, Active))),
            ),
            onboard(),
            Step::ReadId(id(7)),
        ),
        (
            "nor where it is listed",
            elsewhere(7),
            before(1, &[one(5, Initiated), one(7, Initiated)]),
            onboard(),
            pause(1),
        ),
        (
            "nor for one more on purpose",
            on_purpose,
            before(1, &[one(5, Initiated)]),
            onboard(),
            Step::Accept(id(5)),
        ),
        (
            "a person's on our terms",
            with_id(State::Created, 5),
            before(1, &[one(5, Initiated)]),
            onboard(),
            Step::Accept(id(5)),
        ),
        (
            "a person's on other terms",
            with_id(State::Created, 4),
            seen(shown(LookFor::Accept, 1, &[terms()]), terms()),
            onboard(),
            stop(StopReason::OtherTerms {
                first: id(4),
                ours: None,
            }),
        ),
        (
            "named: its terms are theirs to judge",
            with_id(State::Created, 4),
            seen(shown(LookFor::Accept, 1, &[terms()]), terms()),
            accept(4),
            Step::Accept(id(4)),
        ),
        (
            "named, and another is ACTIVE",
            with_id(State::Created, 5),
            before(1, &[one(5, Initiated), one(9, Active)]),
            accept(5),
            stop(StopReason::SecondLive {
                named: id(5),
                first: id(9),
                under_way: false,
            }),
        ),
        (
            "named, on purpose",
            with_id(State::Created, 5),
            seen(nobody(), one(5, Initiated)),
            Policy {
                allow_duplicate: true,
                ..accept(5)
            },
            Step::Accept(id(5)),
        ),
        (
            "named, and nobody says whose it is",
            with_id(State::Created, 5),
            ownerless,
            accept(5),
            stop(StopReason::Unattributed(Sides::Ours, vec![id(5)])),
        ),
        (
            "an answer's id that no listing shows is read",
            made(),
            Facts {
                reads: BTreeMap::default(),
                created: Some((id(5), Duration::ZERO)),
                ..before(1, &[])
            },
            onboard(),
            Step::ReadId(id(5)),
        ),
        (
            "once more, where it could not be read before the look",
            made(),
            a_second_ago(before(1, &[]), 5, Found::Failed),
            onboard(),
            Step::ReadId(id(5)),
        ),
        (
            "not again after it",
            made(),
            Facts {
                created: Some((id(5), Duration::ZERO)),
                ..read(before(1, &[]), 5, Found::Failed, 1)
            },
            onboard(),
            pause(1),
        ),
        (
            "nor where it was seen",
            made(),
            a_second_ago(before(1, &[]), 5, Found::Seen(Box::new(one(5, Initiated)))),
            onboard(),
            pause(1),
        ),
        (
            "--no-check",
            with_id(State::Created, 5),
            nobody(),
            Policy {
                check: false,
                ..accept(5)
            },
            Step::Accept(id(5)),
        ),
    ]);
}

#[test]
fn step_5_an_accept_under_way_comes_first() {
    let under_way = |end| Entry {
        accept: Some(Accepting {
            solution_id: id(7),
            end,
        }),
        ..with_id(State::Created, 5)
    };
    let waits = || seen(nobody(), one(7, Initiated));
    let mut beside = waits();
    beside.ours = listing(&[one(9, Active)]);
    let no_check = |policy| Policy {
        check: false,
        ..policy
    };
    check(vec![
        (
            "read",
            under_way(AcceptEnd::Sent),
            nobody(),
            onboard(),
            Step::ReadId(id(7)),
        ),
        (
            "again",
            under_way(AcceptEnd::Unknown),
            waits(),
            onboard(),
            Step::Accept(id(7)),
        ),
        (
            "again, but only after a fresh reading",
            under_way(AcceptEnd::Unknown),
            Facts {
                reads: BTreeMap::from([(
                    id(7),
                    Reading {
                        at: Duration::from_secs(NOW - 6),
                        found: Found::Seen(Box::new(one(7, Initiated))),
                        tries: 1,
                    },
                )]),
                ..nobody()
            },
            onboard(),
            Step::ReadId(id(7)),
        ),
        (
            "said yes and did nothing",
            under_way(AcceptEnd::Yes),
            waits(),
            resume(),
            Step::Accept(id(7)),
        ),
        (
            "nothing else",
            under_way(AcceptEnd::Sent),
            waits(),
            accept(5),
            stop(StopReason::SecondLive {
                named: id(5),
                first: id(7),
                under_way: true,
            }),
        ),
        (
            "--no-check: sent again without a reading",
            under_way(AcceptEnd::Unknown),
            nobody(),
            no_check(accept(5)),
            Step::Accept(id(7)),
        ),
        (
            "--no-check: not after a yes",
            under_way(AcceptEnd::Yes),
            nobody(),
            no_check(accept(5)),
            Step::Accept(id(5)),
        ),
        (
            "--no-check: not by create",
            under_way(AcceptEnd::Unknown),
            seen(nobody(), one(5, Initiated)),
            no_check(create()),
            done(5),
        ),
        (
            "never beside an ACTIVE one",
            under_way(AcceptEnd::Sent),
            beside,
            onboard(),
            Step::ReadId(id(5)),
        ),
    ]);
}

#[test]
fn step_6_read_back() {
    let accepted = |answer, read_backs, status| Facts {
        accept: Some((id(5), answer)),
        read_backs,
        ..seen(nobody(), one(5, status))
    };
    let no = AcceptAnswer::No { may_be_done: true };
    let never = AcceptAnswer::No { may_be_done: false };
    let refused = |read_backs| {
        let facts = accepted(AcceptAnswer::Yes, read_backs, Initiated);
        read(facts, 5, Found::Refused, 1)
    };
    let no_check = || Policy {
        check: false,
        ..onboard()
    };
    let last = Policy::default().pauses.read_back.len();
    let made = || posted(PostEnd::Created, 1, Some(5));
    check(vec![
        (
            "at once",
            made(),
            accepted(AcceptAnswer::Yes, 0, Initiated),
            onboard(),
            Step::ReadBack(id(5)),
        ),
        (
            "what was seen before the answer is no answer",
            made(),
            accepted(AcceptAnswer::Yes, 0, Active),
            onboard(),
            Step::ReadBack(id(5)),
        ),
        (
            "where Meta refuses to show it, it is tried once",
            made(),
            refused(0),
            onboard(),
            Step::ReadBack(id(5)),
        ),
        (
            "and Meta's yes is enough",
            made(),
            refused(1),
            onboard(),
            done(5),
        ),
        (
            "a refusal that nothing can have come of is looked at",
            made(),
            accepted(never, 0, Initiated),
            onboard(),
            Step::ReadBack(id(5)),
        ),
        (
            "once",
            made(),
            accepted(never, 1, Initiated),
            onboard(),
            stop(StopReason::AcceptRefused(id(5))),
        ),
        (
            "--no-check: a yes is enough",
            made(),
            accepted(AcceptAnswer::Yes, 0, Initiated),
            no_check(),
            done(5),
        ),
        (
            "--no-check: what is not known is read",
            made(),
            accepted(AcceptAnswer::Unknown, 0, Initiated),
            no_check(),
            Step::ReadBack(id(5)),
        ),
        (
            "then with pauses",
            made(),
            accepted(AcceptAnswer::Yes, 1, Initiated),
            onboard(),
            pause(1),
        ),
        (
            "ACTIVE",
            made(),
            accepted(AcceptAnswer::Yes, 1, Active),
            onboard(),
            done(5),
        ),
        (
            "never seen",
            made(),
            accepted(AcceptAnswer::Yes, last, Initiated),
            onboard(),
            done(5),
        ),
        (
            "not known",
            made(),
            accepted(AcceptAnswer::Unknown, last, Initiated),
            onboard(),
            stop(StopReason::AcceptUnknown(id(5))),
        ),
        (
            "refused because it is ACTIVE",
            made(),
            accepted(no, 1, Active),
            onboard(),
            done(5),
        ),
        (
            "refused",
            made(),
            accepted(no, last, Initiated),
            onboard(),
            stop(StopReason::AcceptRefused(id(5))),
        ),
        (
            "over meanwhile",
            made(),
            accepted(AcceptAnswer::Yes, 1, Rejected),
            onboard(),
            stop(StopReason::Ended(id(5), Rejected)),
        ),
    ]);
}

#[test]
fn step_7_our_own_surplus() {
    let twin = |end| {
        let mut row = posted(PostEnd::Created, 1, Some(5));
        row.posts.push(posted(end, 1, Some(8)).posts.remove(0));
        row.state = State::Accepted;
        row
    };
    let listed = || shown(LookFor::Accept, 1, &[one(5, Active), one(8, Initiated)]);
    let waiting = shown(LookFor::Accept, 1, &[one(5, Initiated), one(8, Initiated)]);
    let spare = |facts| seen(facts, one(8, Initiated));
    let both = || seen(spare(listed()), one(5, Active));
    let accepted = Entry {
        accepted: vec![id(8)],
        ..twin(PostEnd::Created)
    };
    check(vec![
        (
            "not beside one that waits",
            Entry {
                state: State::Created,
                ..twin(PostEnd::Created)
            },
            seen(waiting, one(5, Initiated)),
            onboard(),
            pause(1),
        ),
        (
            "it is read",
            twin(PostEnd::Created),
            listed(),
            onboard(),
            Step::ReadId(id(8)),
        ),
        (
            "and so is the taken one",
            twin(PostEnd::Created),
            spare(listed()),
            onboard(),
            Step::ReadId(id(5)),
        ),
        (
            "the taken one cannot be read: it is left, and not read for ever",
            twin(PostEnd::Created),
            read(spare(listed()), 5, Found::Failed, 1),
            onboard(),
            done(5),
        ),
        (
            "nor is it shown",
            twin(PostEnd::Created),
            read(spare(listed()), 5, Found::Hidden, 1),
            onboard(),
            done(5),
        ),
        (
            "then it is rejected",
            twin(PostEnd::Created),
            both(),
            onboard(),
            Step::RejectOwnSurplus(id(8)),
        ),
        (
            "not what no answer named",
            twin(PostEnd::Refused),
            both(),
            onboard(),
            done(5),
        ),
        ("not what we accepted", accepted, both(), onboard(), done(5)),
        (
            "not by create",
            twin(PostEnd::Created),
            both(),
            create(),
            done(5),
        ),
    ]);
}
