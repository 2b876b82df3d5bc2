//! The table's edges: each clause of a rule decides alone.
#![allow(clippy::too_many_lines)]

use std::time::Duration;

use super::table::*;
use crate::{
    engine::{
        facts::{Claims, Facts, Found, LookFor, Side, Sides},
        policy::Policy,
        step::{End, Step, StopReason},
    },
    graph::Status::{self, Active, Draft, Initiated, Rejected},
    journal::{Entry, Key, PostEnd, State},
};

fn no_check() -> Policy {
    Policy {
        check: false,
        ..onboard()
    }
}

/// A row that makes one more on purpose.
fn named(row: Entry) -> Entry {
    Entry {
        key: Key::named(row.key.owner.clone(), row.key.partner.clone(), NAME),
        ..row
    }
}

#[test]
fn step_0_what_a_reading_by_id_says() {
    let rested = Facts {
        rested: true,
        ..read(nobody(), 5, Found::Hidden, 1)
    };
    let over = || seen(shown(LookFor::Another, 1, &[]), one(5, Rejected));
    let created = Facts {
        created: Some((id(5), Duration::ZERO)),
        ..over()
    };
    let found = Facts {
        found: Some(id(5)),
        ..over()
    };
    let unread = || stop(StopReason::Unread(id(5)));
    let ended = || stop(StopReason::Ended(id(5), Rejected));
    check(vec![
        (
            "named, and ACTIVE already",
            with_id(State::Created, 5),
            seen(nobody(), one(5, Active)),
            accept(5),
            done(5),
        ),
        (
            "hidden: again after the pause",
            with_id(State::Created, 5),
            rested,
            onboard(),
            Step::ReadId(id(5)),
        ),
        (
            "--no-check: the journal's word where Meta lets nobody read",
            with_id(State::Created, 5),
            read(nobody(), 5, Found::Refused, 1),
            no_check(),
            Step::Accept(id(5)),
        ),
        (
            "--no-check: that it is done, too",
            with_id(State::Accepted, 5),
            read(nobody(), 5, Found::Refused, 1),
            no_check(),
            done(5),
        ),
        (
            "--no-check: but not where the answer was lost",
            with_id(State::Created, 5),
            read(nobody(), 5, Found::Failed, 1),
            no_check(),
            unread(),
        ),
        (
            "--no-check: nor of one that was done",
            with_id(State::Accepted, 5),
            read(nobody(), 5, Found::Failed, 1),
            no_check(),
            unread(),
        ),
        (
            "what this run made is over",
            with_id(State::Created, 5),
            created,
            onboard(),
            ended(),
        ),
        (
            "what this run found is over",
            with_id(State::Created, 5),
            found,
            onboard(),
            ended(),
        ),
    ]);
}

#[test]
fn step_1_whom_a_dead_one_stops() {
    let skipped = |number| Step::Done(End::Skipped(Some(id(number))));
    let dead = |numbers: &[u32]| {
        let items: Vec<_> = numbers.iter().map(|n| one(*n, Rejected)).collect();
        shown(LookFor::First, 1, &items)
    };
    let intended = || row(State::Intended);
    let saw = Entry {
        seen: vec![id(4)],
        ..intended()
    };
    let mut ours = dead(&[4]);
    ours.claims.rejected.insert(id(4));
    let all = || Policy {
        pass_over_dead: true,
        ..onboard()
    };
    check(vec![
        ("nobody", intended(), dead(&[4]), onboard(), Step::Post),
        ("--all", intended(), dead(&[4]), all(), skipped(4)),
        ("the latest", intended(), dead(&[6, 4]), all(), skipped(6)),
        ("not our surplus", intended(), ours, all(), Step::Post),
        (
            "--all, on purpose",
            named(intended()),
            dead(&[4]),
            all(),
            Step::Post,
        ),
        ("resume", intended(), dead(&[4]), resume(), skipped(4)),
        ("resume, seen before", saw, dead(&[4]), resume(), Step::Post),
        (
            "resume, and another run has finished with it",
            row(State::Failed),
            dead(&[]),
            resume(),
            Step::Done(End::Skipped(None)),
        ),
        (
            "nobody else",
            row(State::Failed),
            dead(&[]),
            onboard(),
            Step::Post,
        ),
    ]);
}

#[test]
fn step_4_what_a_lost_post_may_have_made() {
    let lost = |looks, items: &[_]| shown(LookFor::Lost, looks, items);
    let unlooked = Entry {
        looked: false,
        ..posted(PostEnd::NoAnswer, 5, None)
    };
    let waits = Policy {
        waits: true,
        ..onboard()
    };
    let broken = Facts {
        owner: Side::Failed,
        ..lost(LAST, &[])
    };
    check(vec![
        (
            "sent without a look: one that is over may be an old one",
            unlooked,
            lost(1, &[one(5, Rejected)]),
            onboard(),
            pause(1),
        ),
        (
            "on purpose: the one of its name",
            named(posted(PostEnd::NoAnswer, 5, None)),
            lost(1, &[one(5, Initiated)]),
            onboard(),
            Step::Adopt(id(5)),
        ),
        (
            "a clear answer is not waited for",
            posted(PostEnd::Trouble, 1, None),
            lost(LAST, &[]),
            waits,
            Step::Post,
        ),
        (
            "theirs broke off: nobody can say that it is not there",
            posted(PostEnd::Trouble, 1, None),
            broken,
            onboard(),
            stop(StopReason::Unknown(
                "Meta's listings do not tell; where Meta's App Dashboard shows it, `mps accept` with its id settles it",
            )),
        ),
    ]);
}

#[test]
fn step_4_the_ten_minutes_of_an_open_post_count_from_its_own_look() {
    let open = || posted(PostEnd::NoAnswer, 650, Some(5));
    // Fifty seconds too early.
    let early = |purpose| {
        let mut facts = seen(shown(purpose, 1, &[one(5, Active)]), one(5, Active));
        if let Some(series) = &mut facts.series {
            series.begun = at(NOW - 100);
        }
        facts
    };
    let waits = Policy {
        waits: true,
        ..resume()
    };
    let look = || Step::Look(Sides::Both, LookFor::Open);
    check(vec![
        (
            "another look is none",
            open(),
            early(LookFor::Accept),
            resume(),
            look(),
        ),
        (
            "it was too early: as it was then",
            open(),
            early(LookFor::Open),
            resume(),
            done(5),
        ),
        (
            "who waits begins anew",
            open(),
            early(LookFor::Open),
            waits,
            look(),
        ),
    ]);
}

#[test]
fn step_5_who_comes_first() {
    let looked = |looks, items: &[_]| seen(shown(LookFor::Accept, looks, items), one(5, Initiated));
    let made = || posted(PostEnd::Created, 1, Some(5));
    let both = || {
        let mut row = made();
        row.posts
            .insert(0, posted(PostEnd::Created, 9, Some(4)).posts.remove(0));
        row
    };
    let terms = |number, status| called(number, "another", status, false);
    let unsaid = |number| {
        let mut item = one(number, Initiated);
        item.partners = None;
        item
    };
    let half_said = || {
        let mut item = one(5, Initiated);
        item.owner_permissions = None;
        item
    };
    let elsewhere = |known| Entry {
        accepted: vec![id(known)],
        ..made()
    };
    let foreign = Entry {
        foreign: vec![id(7)],
        ..elsewhere(7)
    };
    let listed = |item| shown(LookFor::Accept, 1, &[item]);
    let mut half = looked(LAST, &[]);
    half.owner = Side::Failed;
    let before_the_lock = Facts {
        locked: Duration::from_secs(NOW + 1),
        ..looked(1, &[one(5, Initiated)])
    };
    let mut planned = looked(1, &[one(5, Initiated)]);
    planned.withheld = true;
    if let Side::Complete(ours) = &mut planned.ours {
        ours.answered = Duration::from_secs(NOW - 60);
    }
    planned.owner = planned.ours.clone();
    let mut early = looked(LAST, &[one(4, Initiated), one(5, Initiated)]);
    early = seen(early, one(4, Initiated));
    if let Some(reading) = early.reads.get_mut(&id(4)) {
        reading.at = Duration::from_secs(NOW - 1);
    }
    let other_terms = |number| {
        stop(StopReason::OtherTerms {
            first: id(number),
            ours: (number != 5).then(|| id(5)),
        })
    };
    check(vec![
        (
            "an ACTIVE one on any terms",
            made(),
            looked(1, &[one(5, Initiated), terms(9, Active)]),
            onboard(),
            Step::Adopt(id(9)),
        ),
        (
            "a smaller one that we made on any terms",
            both(),
            seen(
                looked(LAST, &[terms(4, Initiated), one(5, Initiated)]),
                terms(4, Initiated),
            ),
            onboard(),
            Step::Adopt(id(4)),
        ),
        (
            "a smaller one that does not say its terms is not read for ever",
            made(),
            seen(looked(LAST, &[unsaid(4), one(5, Initiated)]), unsaid(4)),
            onboard(),
            other_terms(4),
        ),
        (
            "one that was read before the last look is read again",
            made(),
            early,
            onboard(),
            Step::ReadId(id(4)),
        ),
        (
            "a person's that does not say what we may is read",
            with_id(State::Created, 5),
            listed(unsaid(5)),
            onboard(),
            Step::ReadId(id(5)),
        ),
        (
            "or what its owner may",
            with_id(State::Created, 5),
            listed(half_said()),
            onboard(),
            Step::ReadId(id(5)),
        ),
        (
            "once",
            with_id(State::Created, 5),
            seen(listed(unsaid(5)), unsaid(5)),
            onboard(),
            other_terms(5),
        ),
        (
            "what it says is enough",
            with_id(State::Created, 5),
            listed(terms(5, Initiated)),
            onboard(),
            other_terms(5),
        ),
        (
            "what the journal knows comes beside what is listed",
            elsewhere(7),
            seen(
                looked(1, &[one(5, Initiated), one(9, Initiated)]),
                one(7, Active),
            ),
            onboard(),
            Step::Adopt(id(7)),
        ),
        (
            "but not what proved to be another pair's",
            foreign,
            looked(1, &[one(5, Initiated)]),
            onboard(),
            Step::Accept(id(5)),
        ),
        (
            "never listed by the one side that tells",
            made(),
            half,
            onboard(),
            stop(StopReason::NotListed(id(5))),
        ),
        (
            "a look from before the lock decides nothing",
            made(),
            before_the_lock,
            onboard(),
            Step::Look(Sides::Ours, LookFor::Accept),
        ),
        (
            "for a plan no look is too old",
            made(),
            planned,
            onboard(),
            Step::Accept(id(5)),
        ),
    ]);
}

#[test]
fn what_another_row_claims() {
    let ordinary = row(State::Intended);
    let lost = || Entry {
        solution_name: NAME.to_owned(),
        ..row(State::Unknown)
    };
    let open = || posted(PostEnd::NoAnswer, 5, Some(7));
    // Whether a solution of our name, and the one with id 7, is the other row's.
    for (what, other, name, seventh) in [
        (
            "one more, made",
            named(with_id(State::Created, 7)),
            false,
            true,
        ),
        ("one more, lost", named(lost()), true, false),
        ("one more, made but open", named(open()), true, true),
        ("the row itself", with_id(State::Created, 7), false, false),
    ] {
        let claims = Claims::of(&ordinary, [&other]);
        assert_eq!(claims.has(&one(5, Initiated)), name, "{what}");
        assert_eq!(
            claims.has(&called(7, "x", Initiated, true)),
            seventh,
            "{what}"
        );
    }
    // An ordinary row is nobody's name.
    let mine = named(row(State::Intended));
    for other in [lost(), open()] {
        assert!(!Claims::of(&mine, [&other]).has(&one(5, Initiated)));
    }
}

#[test]
fn of_two_sightings_the_further_one_counts() {
    let order = [
        Draft,
        Initiated,
        Status::Other("PENDING".to_owned()),
        Active,
        Rejected,
        Status::Deactivated,
    ];
    for (less, more) in order.iter().zip(&order[1..]) {
        for (listed, by_id) in [(less, more), (more, less)] {
            let facts = Facts {
                ours: listing(&[one(5, listed.clone())]),
                ..seen(nobody(), one(5, by_id.clone()))
            };
            assert_eq!(facts.status(&id(5)), Some(more), "{listed:?} {by_id:?}");
        }
    }
}

#[test]
fn what_a_look_shows() {
    let facts = Facts {
        ours: listing(&[one(5, Initiated), one(7, Initiated)]),
        owner: listing(&[one(7, Initiated), one(6, Initiated)]),
        ..nobody()
    };
    let ids: Vec<_> = facts.shown().map(|item| item.id.clone()).collect();
    assert_eq!(ids, [id(5), id(7), id(6)]);
    // Hidden: read in vain, and listed nowhere.
    for (what, facts, hidden) in [
        ("not read", nobody(), false),
        ("in vain", read(nobody(), 5, Found::Hidden, 1), true),
        ("no answer", read(nobody(), 5, Found::Failed, 1), false),
        ("listed", read(facts, 5, Found::Hidden, 1), false),
    ] {
        assert_eq!(facts.is_hidden(&id(5)), hidden, "{what}");
    }
}

#[test]
fn a_create_from_the_future_is_told() {
    let sent = |ahead: i64, meta| {
        let mut row = posted(PostEnd::Sent, 0, None);
        row.posts[0].sent_at = at(NOW).wall + jiff::SignedDuration::from_secs(ahead);
        row.posts[0].sent_at_meta = meta;
        row
    };
    let told = |row: &Entry, meta| {
        let now = crate::engine::facts::Moment { meta, ..at(NOW) };
        crate::engine::case::ahead(row, now)
    };
    let meta = Some(at(NOW).wall);
    assert_eq!(told(&sent(0, meta), meta), None);
    for (then, now, counted) in [
        (meta, meta, "its age is counted by Meta's clock"),
        (
            meta,
            None,
            "it does not count as old until that time has passed",
        ),
        (
            None,
            meta,
            "it does not count as old until that time has passed",
        ),
    ] {
        let said = told(&sent(60, then), now).unwrap();
        assert!(
            said.contains("in the future") && said.ends_with(counted),
            "{said}"
        );
    }
}
