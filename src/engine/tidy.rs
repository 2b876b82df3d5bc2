//! `mps tidy`: what lies about of our app's solutions, and our own surplus, which we may reject.
//!
//! The one decision: what is untidy is judged in one pure function from the journal's rows and one listing of our
//! side; it is judged once more, by readings, under the lock of the two apps before anything is rejected.

use std::collections::{BTreeMap, HashMap};

use super::{
    Engine, Error,
    choose::{self, is_accepted, is_waiting, may_be_live},
    client::Client,
    facts::{Claims, Found},
    look::{Looker, Survey},
    moves::Moved,
    note,
    port::Port as _,
    work::event_of,
};
use crate::{
    graph::{self, NextStep, Solution, Status},
    ids::{AppId, SolutionId},
    journal::{Call, Entry, EventOutcome, Goal, Key},
};

/// Why a solution is untidy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UntidyReason {
    /// Our journal made it, it waits, and another one of its two apps is ACTIVE.
    Surplus,
    /// Its two apps have another live one, which comes first.
    Twin,
    /// It waits for us, and no row of the journal is about it, nor does an invitation expect its owner.
    Unexpected,
    /// Its owner never sent it.
    Draft,
    /// One side asked to end it, and the other has not answered.
    PendingDeactivation,
}

/// Who can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doer {
    /// We.
    Us,
    /// The owner's side.
    TechProvider,
}

/// A solution that is untidy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untidy {
    /// It, as it was listed.
    pub solution: Solution,
    /// Its owner.
    pub owner: AppId,
    /// Why.
    pub why: UntidyReason,
    /// Who can do something about it.
    pub who: Doer,
    /// The one of its two apps that is taken, where it is beside one.
    pub beside: Option<SolutionId>,
    /// What to type about it.
    pub command: String,
}

/// What is untidy of one owner app's solutions with us: `rows` are the journal's of these two apps, `invited` whether
/// an invitation expects the owner.
pub fn judge(
    owner: &AppId,
    partner: &AppId,
    items: &[Solution],
    rows: &[Entry],
    invited: bool,
) -> Vec<Untidy> {
    let ordinary = ordinary(owner, partner, rows);
    let claims = Claims::of(&ordinary, rows);
    let live = || {
        items
            .iter()
            .filter(|item| may_be_live(&item.status) && !claims.has(item))
    };
    let taken = choose::first(live());
    let mut found = Vec::new();
    for item in items {
        let id = &item.id;
        let other = taken.filter(|taken| taken.id != *id && !claims.has(item));
        let show = format!("mps show {id}");
        let (why, who, command) = if item.status == Status::Draft {
            (UntidyReason::Draft, Doer::TechProvider, show)
        } else if !may_be_live(&item.status) {
            continue;
        } else if item.status.next(&item.pending) == NextStep::DeactivationAnswer {
            let agree = format!("mps deactivate accept {id}");
            (UntidyReason::PendingDeactivation, Doer::Us, agree)
        } else if let Some(other) = other {
            let under_way = ordinary
                .accept
                .as_ref()
                .is_some_and(|accept| accept.solution_id == *id);
            if is_own_surplus(&ordinary, item, other) {
                (UntidyReason::Surplus, Doer::Us, format!("mps reject {id}"))
            } else if under_way {
                (UntidyReason::Twin, Doer::Us, "mps resume".to_owned())
            } else if is_waiting(&item.status) {
                (UntidyReason::Twin, Doer::Us, format!("mps reject {id}"))
            } else if item.status == Status::Active {
                let ask = format!("mps deactivate request {id}");
                (UntidyReason::Twin, Doer::TechProvider, ask)
            } else {
                (UntidyReason::Twin, Doer::TechProvider, show)
            }
        } else if is_waiting(&item.status) && !invited && !is_expected(id, rows) {
            (UntidyReason::Unexpected, Doer::Us, show)
        } else {
            continue;
        };
        let beside = matches!(why, UntidyReason::Surplus | UntidyReason::Twin)
            .then(|| other.map(|other| other.id.clone()))
            .flatten();
        found.push(Untidy {
            solution: item.clone(),
            owner: owner.clone(),
            why,
            who,
            beside,
            command,
        });
    }
    found
}

/// The row of these two apps that has no name in its key; one that knows nothing where there is none.
fn ordinary(owner: &AppId, partner: &AppId, rows: &[Entry]) -> Entry {
    let key = Key::new(owner.clone(), partner.clone());
    let row = rows.iter().find(|row| row.key == key).cloned();
    row.unwrap_or_else(|| Entry::new(key, Goal::Initiated, ""))
}

/// Ours to reject: our own POST made it, it waits, nobody accepted it, and the one that is taken is ACTIVE.
fn is_own_surplus(row: &Entry, item: &Solution, taken: &Solution) -> bool {
    let id = &item.id;
    let under_way = row
        .accept
        .as_ref()
        .is_some_and(|accept| accept.solution_id == *id);
    (row.made(id) || row.surplus.contains(id))
        && item.status == Status::Initiated
        && taken.id != *id
        && is_accepted(&taken.status)
        && !under_way
        && !row.accepted.contains(id)
        && !row.foreign.contains(id)
}

/// Whether a row is about this solution, or about to make one that this may be.
fn is_expected(id: &SolutionId, rows: &[Entry]) -> bool {
    rows.iter().any(|row| {
        let about = row.solution_id.as_ref() == Some(id) || row.made(id);
        let accepts = row
            .accept
            .as_ref()
            .is_some_and(|accept| accept.solution_id == *id);
        let looks = row.solution_id.is_none() && row.is_unfinished() && !row.seen.contains(id);
        about || accepts || looks
    })
}

/// Pairs of apps that have more than one live solution, with those ids: what `mps doctor` tells.
pub fn twins(items: &[Solution], partner: &AppId, rows: &[Entry]) -> Vec<(AppId, Vec<SolutionId>)> {
    let mut pairs: BTreeMap<&AppId, Vec<&Solution>> = BTreeMap::new();
    for item in items.iter().filter(|item| item.status.is_live()) {
        if let Some(owner) = &item.owner_app {
            pairs.entry(&owner.id).or_default().push(item);
        }
    }
    let by_owner = by_owner(partner, rows);
    let mut found = Vec::new();
    for (owner, live) in pairs.into_iter().filter(|(_, live)| live.len() > 1) {
        let rows = by_owner.get(owner).map_or(&[][..], Vec::as_slice);
        let claims = Claims::of(&ordinary(owner, partner, rows), rows);
        let mut ids: Vec<SolutionId> = live
            .into_iter()
            .filter(|item| !claims.has(item))
            .map(|item| item.id.clone())
            .collect();
        ids.sort();
        ids.dedup();
        if ids.len() > 1 {
            found.push((owner.clone(), ids));
        }
    }
    found
}

/// The rows of our app, by owner app.
fn by_owner(partner: &AppId, rows: &[Entry]) -> HashMap<AppId, Vec<Entry>> {
    let mut by_owner: HashMap<AppId, Vec<Entry>> = HashMap::new();
    for row in rows.iter().filter(|row| row.key.partner == *partner) {
        let rows = by_owner.entry(row.key.owner.clone()).or_default();
        rows.push(row.clone());
    }
    by_owner
}

/// Everything untidy of our app, by owner app; `invited` are the apps that invitations expect. Meta's refusal to list our side is the error.
pub async fn find(
    looker: Looker<'_>,
    survey: &Survey,
    rows: &[Entry],
    invited: &[AppId],
) -> Result<Vec<Untidy>, graph::Error> {
    let mut sides = looker.our_side(survey).await?;
    sides.sort_by(|(one, _), (other, _)| one.cmp(other));
    let by_owner = by_owner(looker.partner, rows);
    let mut found = Vec::new();
    for (owner, mut items) in sides {
        items.sort_by(|one, other| one.id.cmp(&other.id));
        items.dedup_by(|one, other| one.id == other.id);
        let rows = by_owner.get(&owner).map_or(&[][..], Vec::as_slice);
        let invited = invited.contains(&owner);
        found.extend(judge(&owner, looker.partner, &items, rows, invited));
    }
    Ok(found)
}

impl Engine {
    /// Rejects our own surplus, beside the one that is taken. None: under the lock it is none any more, and
    /// nothing was sent.
    pub async fn reject_surplus(&self, untidy: &Untidy) -> Result<Option<Moved>, Error> {
        let Some(beside) = &untidy.beside else {
            return Ok(None);
        };
        let id = &untidy.solution.id;
        let client = Client::new(self);
        let key = Key::new(untidy.owner.clone(), self.partner.clone());
        let _lock = client.lock(&key).await?;
        let rows = client.rows(&key).await?;
        let Some(mut row) = rows.iter().find(|row| row.key == key).cloned() else {
            return Ok(None);
        };
        // The one that is taken first, so that what is rejected was read last.
        let Some(taken) = seen(&client, &key, beside).await? else {
            return Ok(None);
        };
        let Some(spare) = seen(&client, &key, id).await? else {
            return Ok(None);
        };
        if spare.status == Status::Rejected {
            return Ok(Some(Moved::already(spare)));
        }
        let claimed = Claims::of(&row, &rows);
        if claimed.has(&taken) || claimed.has(&spare) || !is_own_surplus(&row, &spare, &taken) {
            return Ok(None);
        }
        if row.solution_id.as_ref() == Some(id) {
            // The row goes on with the one that is taken.
            note::adopt(&mut row, &taken, false, true);
            let said = event_of(&client, &row, &taken, Call::Adopt, EventOutcome::Ok);
            client.put(&row, Some(said)).await?;
        }
        let rejected = self.post_reject(&client, id, row, spare).await?;
        Ok(Some(rejected))
    }
}

/// A reading by id; none where Meta does not show it, or shows it as another app's.
async fn seen(client: &Client<'_>, key: &Key, id: &SolutionId) -> Result<Option<Solution>, Error> {
    match client.read(key, id).await {
        (Found::Seen(solution), _) => Ok(Some(*solution)),
        (_, Some(cause)) => Err(Error::Graph(cause)),
        (_, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::choose::tests::solution,
        graph::{App, Pending},
        journal::{AcceptEnd, Accepting, Post, PostEnd},
    };

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
        text.parse().unwrap()
    }

    /// The ordinary row: its POSTs made these, the last one is its solution.
    fn row(made: &[&str]) -> Entry {
        let key = Key::new(id("42"), id("7"));
        let mut row = Entry::new(key, Goal::Active, "A + B");
        for made in made {
            row.posts.push(Post {
                end: PostEnd::Created,
                open: false,
                solution_id: Some(id(made)),
                ..Post::leaving("A + B", "both", jiff::Timestamp::UNIX_EPOCH)
            });
            row.solution_id = Some(id(made));
            row.state = crate::journal::State::Created;
        }
        row
    }

    fn judged(items: &[(&str, Status)], rows: &[Entry]) -> Vec<String> {
        let items: Vec<Solution> = items
            .iter()
            .map(|(id, status)| solution(id, status.clone()))
            .collect();
        let found = judge(&id("42"), &id("7"), &items, rows, false);
        found
            .iter()
            .map(|it| format!("{} {:?}: {}", it.solution.id, it.why, it.command))
            .collect()
    }

    #[test]
    fn what_is_untidy() {
        use Status::{Active, Draft, Initiated, Rejected};
        let accepting = |solution: &str| {
            Some(Accepting {
                solution_id: id(solution),
                end: AcceptEnd::Unknown,
            })
        };
        let named = |solution: &str| Entry {
            key: Key::named(id("42"), id("7"), "two"),
            ..row(&[solution])
        };
        let two = || vec![("8", Active), ("9", Initiated)];
        for (items, rows, expected) in [
            (vec![("8", Active)], vec![], &[][..]),
            (vec![("8", Initiated)], vec![row(&["8"])], &[]),
            (
                vec![("8", Initiated)],
                vec![],
                &["8 Unexpected: mps show 8"],
            ),
            // A POST without an answer may have made it.
            (vec![("8", Initiated)], vec![row(&[])], &[]),
            (vec![("8", Rejected), ("9", Active)], vec![row(&["8"])], &[]),
            (
                vec![("8", Draft)],
                vec![row(&["8"])],
                &["8 Draft: mps show 8"],
            ),
            (two(), vec![row(&["9"])], &["9 Surplus: mps reject 9"]),
            (two(), vec![row(&["9", "8"])], &["9 Surplus: mps reject 9"]),
            // Nobody else's is ours to reject unasked.
            (two(), vec![], &["9 Twin: mps reject 9"]),
            (two(), vec![row(&["8"])], &["9 Twin: mps reject 9"]),
            // Found for the open POST, by name and terms.
            (
                two(),
                vec![Entry {
                    surplus: vec![id("9")],
                    ..row(&["8"])
                }],
                &["9 Surplus: mps reject 9"],
            ),
            // None is ACTIVE yet: nothing is surplus.
            (
                vec![("8", Initiated), ("9", Initiated)],
                vec![row(&["9"])],
                &["8 Unexpected: mps show 8", "9 Twin: mps reject 9"],
            ),
            (
                vec![("8", Active), ("9", Active)],
                vec![row(&["9"])],
                &["9 Twin: mps deactivate request 9"],
            ),
            (
                two(),
                vec![Entry {
                    accept: accepting("9"),
                    ..row(&["9"])
                }],
                &["9 Twin: mps resume"],
            ),
            (
                two(),
                vec![Entry {
                    accepted: vec![id("9")],
                    ..row(&["9"])
                }],
                &["9 Twin: mps reject 9"],
            ),
            // What was made on purpose is no twin.
            (two(), vec![row(&["8"]), named("9")], &[]),
            (two(), vec![row(&["9"]), named("8")], &[]),
        ] {
            let said = judged(&items, &rows);
            let fits = said.len() == expected.len()
                && said
                    .iter()
                    .zip(expected)
                    .all(|(said, it)| said.starts_with(it));
            assert!(fits, "{items:?}\n{said:?} {expected:?}");
        }
        let mut ending = solution("8", Active);
        ending.pending = Pending::Deactivation;
        let found = judge(&id("42"), &id("7"), &[ending], &[], true);
        assert_eq!(found[0].why, UntidyReason::PendingDeactivation);
        assert_eq!(found[0].command, "mps deactivate accept 8");
    }

    #[test]
    fn what_an_invitation_expects_is_not_unexpected() {
        use Status::{Active, Draft, Initiated};
        for (status, why) in [
            (Initiated, None),
            (Draft, Some(UntidyReason::Draft)),
            (Active, None),
        ] {
            let items = [solution("8", status.clone())];
            let found = judge(&id("42"), &id("7"), &items, &[], true);
            assert_eq!(found.first().map(|it| it.why), why, "{status}");
        }
        let two = [solution("8", Active), solution("9", Initiated)];
        let found = judge(&id("42"), &id("7"), &two, &[], true);
        assert_eq!(found[0].why, UntidyReason::Twin, "one was expected");
    }

    #[test]
    fn pairs_with_more_than_one() {
        let of = |id_: &str, owner: &str| Solution {
            owner_app: Some(App {
                id: id(owner),
                name: String::new(),
                link: None,
            }),
            ..solution(id_, Status::Initiated)
        };
        let items = [of("1", "42"), of("2", "42"), of("3", "43"), of("4", "43")];
        let named = Entry {
            key: Key::named(id("43"), id("7"), "two"),
            ..row(&["4"])
        };
        let found = twins(&items, &id("7"), &[named]);
        assert_eq!(found, [(id("42"), vec![id("1"), id("2")])]);
    }
}
