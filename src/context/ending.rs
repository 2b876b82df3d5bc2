//! How a run of several items ended: the counts, each reason once, and what to type next.
//!
//! The one decision: the last words fit a screen however many items there were. A reason is told whole the first time,
//! with the ids of all that it stopped; the last line is a command that goes on from here, and `mps resume` is one only
//! where the journal has something for it.

use std::{collections::BTreeMap, ffi::OsString, time::Duration};

use serde_json::json;

use super::{Context, failure::Failure, item_talk};
use crate::{
    exit::{Exit, Kind},
    journal::Entry,
    shell,
    ui::{
        Label, Ui,
        emit::{Tally, Written},
    },
};

/// What the end of a run hangs on, beside its items.
#[derive(Debug, Clone, Copy)]
pub struct RunFacts<'a> {
    /// It changes something at Meta.
    pub acts: bool,
    /// `mps resume` can have something to take up.
    pub ends_itself: bool,
    /// The words of the command line, the program first.
    pub typed: &'a [OsString],
}

/// What to type next.
#[derive(Debug, Clone, PartialEq, Eq)]
struct GoesOn {
    /// The journal has unfinished work of this run.
    resumes: bool,
    /// The command to repeat; `None`: it read stdin.
    again: Option<String>,
}

/// Tells how the items ended. What is returned is still to be reported.
pub fn of_run(ctx: &Context, written: Written<Failure>, run: &RunFacts<'_>) -> Option<Failure> {
    // The journal is read for those who have something to be told of it.
    let all_done = matches!(&written, Written::All(tally) if tally.failed.is_empty());
    let next = GoesOn {
        resumes: !all_done && run.ends_itself && left_unfinished(ctx),
        again: (!ctx.stdin_was_read()).then(|| again(run.typed)),
    };
    let (Written::All(tally)
    | Written::Closed(tally)
    | Written::Cut(tally, _)
    | Written::Broken(tally, _)) = &written;
    if run.acts && !ctx.ui.hushed() {
        count(&ctx.ui, tally);
    }
    if matches!(written, Written::All(_) | Written::Cut(..)) {
        tell_reasons(&ctx.ui, tally);
    }
    if let Some(text) = tally.epilogue.as_ref().filter(|_| !ctx.ui.quiet()) {
        ctx.ui.block(text, json!({}));
    }
    reported(written, &next)
}

/// Whether the journal has work of this run that `mps resume` would take up.
fn left_unfinished(ctx: &Context) -> bool {
    let reader = ctx.journal_reader().ok().flatten();
    let rows = reader.and_then(|reader| reader.unfinished(None).ok());
    let of_this_run = |row: &Entry| row.run_id == ctx.log.run_id();
    rows.is_some_and(|rows| rows.iter().any(|(_, row)| of_this_run(row)))
}

/// The same command, as a shell reads it.
pub fn again(typed: &[OsString]) -> String {
    let words = typed.iter().skip(1);
    let words = words.map(|word| shell::word(&word.to_string_lossy()));
    std::iter::once("mps".to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// One line of counts and time, where what came of the items has words.
fn count(ui: &Ui, tally: &Tally<Failure>) {
    let (open, failed): (Vec<_>, Vec<_>) = tally
        .failed
        .iter()
        .partition(|failure| failure.kind == Kind::Interrupted);
    let all = tally.done + tally.failed.len();
    // The one that failed is told by its error.
    if tally.done == 0 && all < 2 || tally.outcomes.is_empty() && tally.done > 0 {
        return;
    }
    let mut counts: BTreeMap<&str, usize> = tally.outcomes.clone();
    let left = [("failed", failed.len()), ("not begun", open.len())];
    let left = left.into_iter().filter(|(_, count)| *count > 0);
    let parts: Vec<String> = counts
        .iter()
        .map(|(word, count)| (*word, *count))
        .chain(left.clone())
        .map(|(word, count)| format!("{count} {}", word.replace('_', " ")))
        .collect();
    let time = ui.work().took().map(in_words);
    let time_said = time
        .as_ref()
        .map_or_else(String::new, |time| format!(" in {time}"));
    let text = format!(
        "{}{time_said}: {}",
        counted(all, tally.noun),
        parts.join(", ")
    );
    counts.extend(left.map(|(word, count)| {
        (
            if word == "not begun" {
                "not_begun"
            } else {
                word
            },
            count,
        )
    }));
    let seconds = ui
        .work()
        .took()
        .map(|took| (took.as_secs_f64() * 10.0).round() / 10.0);
    let fields = json!({"event": "ended", "counts": counts, "seconds": seconds});
    ui.status_as(Label::Strong, &text, fields);
}

fn counted(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}

/// A time as people say it.
fn in_words(took: Duration) -> String {
    let seconds = took.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", took.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// Each reason once, with the ids of what it stopped. One that is the whole run's is told as its error.
fn tell_reasons(ui: &Ui, tally: &Tally<Failure>) {
    if ui.json() || tally.done + tally.failed.len() < 2 {
        return;
    }
    for group in groups(&tally.failed) {
        let [first, others @ ..] = group.as_slice() else {
            continue;
        };
        let Some(item) = &first.item else { continue };
        if first.not_tried || first.kind == Kind::Interrupted {
            let ids = listed(&group, MANY);
            let words = if first.not_tried {
                "not tried"
            } else {
                "not begun"
            };
            ui.banner_as(Label::Dim, &format!("{words}: {ids}"), json!({}));
        } else {
            let ids = listed(others, usize::MAX);
            let more = format!("and {} more: {ids}", others.len());
            let more = (!others.is_empty()).then_some(more.as_str());
            // What was told whole already is only listed.
            let words = if item.told {
                Failure::new(first.kind, first.line())
            } else {
                (*first).clone()
            };
            ui.dated_talk(&item_talk::item_in_words(ui, &item.name, &words, more));
        }
    }
}

/// Most ids that are listed of what was only not begun.
const MANY: usize = 10;

fn listed(failed: &[&Failure], most: usize) -> String {
    let ids = failed.iter().filter_map(|failure| failure.item.as_ref());
    let ids: Vec<&str> = ids.take(most).map(|item| item.id.as_str()).collect();
    let more = failed.len().saturating_sub(most);
    let ids = ids.join(", ");
    if more > 0 {
        format!("{ids} and {more} more")
    } else {
        ids
    }
}

/// Failures of one reason, in the order in which their first ones stand.
fn groups(failed: &[Failure]) -> Vec<Vec<&Failure>> {
    let mut groups: Vec<(Reason, Vec<&Failure>)> = Vec::new();
    for failure in failed {
        let reason = Reason::of(failure);
        match groups.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, group)) => group.push(failure),
            None => groups.push((reason, vec![failure])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// What makes two failures the same to a person: all but whose they are.
#[derive(PartialEq, Eq)]
struct Reason {
    kind: Kind,
    code: Option<i64>,
    subcode: Option<i64>,
    words: Vec<String>,
}

impl Reason {
    fn of(failure: &Failure) -> Self {
        // Behind the nearest cause stand the numbers of the one request.
        let words = [&failure.message]
            .into_iter()
            .chain(failure.causes.first())
            .chain(&failure.hint);
        let own: Vec<&str> = failure.item.as_ref().map_or_else(Vec::new, |item| {
            let solution = item.solution.as_deref();
            solution.into_iter().chain([item.id.as_str()]).collect()
        });
        // What was not begun or not tried has one reason, whatever it would have been.
        let alike = failure.not_tried || failure.kind == Kind::Interrupted;
        Self {
            kind: failure.kind,
            code: failure.code,
            subcode: failure.subcode,
            words: if alike {
                Vec::new()
            } else {
                words.map(|text| without(text, &own)).collect()
            },
        }
    }
}

/// The text without these words.
fn without(text: &str, own: &[&str]) -> String {
    let apart = |c: char| !c.is_alphanumeric() && c != '_';
    let parts = text.split_inclusive(apart).map(|part| {
        let word = part.trim_end_matches(apart);
        if own.contains(&word) {
            part.replacen(word, "…", 1)
        } else {
            part.to_owned()
        }
    });
    parts.collect()
}

/// What is left to report when all that could be written is written.
fn reported(written: Written<Failure>, next: &GoesOn) -> Option<Failure> {
    match written {
        Written::All(tally) => of_items(tally.done, tally.failed, next),
        Written::Closed(tally) => {
            let all = tally.failed.len();
            let failed = begun(tally.failed);
            let left = all - failed.len();
            let begun = of_items(tally.done, failed, next);
            if left == 0 {
                return begun;
            }
            Some(Failure {
                exit: unsettled(begun.as_ref()),
                ..unheard(left, next.resumes)
            })
        }
        Written::Cut(tally, failure) => {
            if tally.done == 0 && tally.failed.is_empty() {
                return Some(failure.or_resume(next.resumes));
            }
            let mut failed = tally.failed;
            failed.push(failure.clone());
            let whole = of_items(tally.done, failed, next);
            // A command that judged its items itself has chosen the code.
            let exit = failure.exit.or(whole.map(|whole| whole.exit()));
            Some(Failure { exit, ..failure }.or_resume(next.resumes))
        }
        Written::Broken(tally, error) => {
            let whole = of_items(0, begun(tally.failed), next);
            Some(Failure {
                exit: unsettled(whole.as_ref()),
                ..Failure::io("could not write to stdout", &error)
            })
        }
    }
}

/// How a run ended whose items ended so: nothing to report, the one failure, or how many failed and the code of them
/// together.
fn of_items(done: usize, mut failed: Vec<Failure>, next: &GoesOn) -> Option<Failure> {
    if failed.is_empty() {
        return None;
    }
    if done == 0 && failed.len() == 1 {
        return failed.pop().map(|failure| failure.or_resume(next.resumes));
    }
    let exits: Vec<Exit> = std::iter::repeat_n(Exit::Done, done)
        .chain(failed.iter().map(Failure::exit))
        .collect();
    let exit = Exit::of_several(&exits);
    let kind = match exit {
        Exit::Interrupted => Kind::Interrupted,
        Exit::Unknown => Kind::UnknownOutcome,
        Exit::Quota => Kind::Quota,
        Exit::SignIn => Kind::Permission,
        Exit::Usage => Kind::Usage,
        Exit::Done | Exit::Failed | Exit::Partial => Kind::Partial,
    };
    let (all, not_begun) = (exits.len(), failed.len() - begun_among(&failed));
    let not_tried = failed.iter().filter(|failure| failure.not_tried).count();
    let message = if not_begun > 0 {
        let bad = failed.len() - not_begun;
        let failed = if bad > 0 {
            format!(", {bad} failed")
        } else {
            String::new()
        };
        format!("interrupted: {done} of {all} done{failed}, {not_begun} not begun")
    } else if not_tried > 0 {
        format!(
            "{} of {all} failed; {not_tried} of them were not tried, since the error concerns every one",
            failed.len()
        )
    } else {
        format!("{} of {all} failed", failed.len())
    };
    let mut failure = Failure::new(kind, message);
    failure.exit = Some(exit);
    let when = if not_begun > 0 {
        "to go on"
    } else if failed.len() == 1 {
        "when that is mended"
    } else {
        "when they are mended"
    };
    failure.hint = Some(match (next.resumes, &next.again) {
        (true, _) => "unfinished work is taken up by: mps resume".to_owned(),
        (false, Some(again)) => format!("{when}: {again}"),
        (false, None) => format!("{when}, type the same command again"),
    });
    Some(failure)
}

/// The code of items that goes before that of a stdout which took no more.
fn unsettled(items: Option<&Failure>) -> Option<Exit> {
    items
        .map(Failure::exit)
        .filter(|exit| matches!(exit, Exit::Unknown | Exit::Quota))
}

/// What was left because nobody reads stdout any more.
fn unheard(left: usize, resumes: bool) -> Failure {
    let items = if left == 1 { "item was" } else { "items were" };
    let message = format!("stdout was closed before all was done: {left} {items} left");
    Failure::new(Kind::Io, message).hint(if resumes {
        "mps resume"
    } else {
        "type the same command again, and read its output to the end"
    })
}

/// Without the items that were not begun.
fn begun(failed: Vec<Failure>) -> Vec<Failure> {
    let begun = |failure: &Failure| failure.kind != Kind::Interrupted;
    failed.into_iter().filter(begun).collect()
}

fn begun_among(failed: &[Failure]) -> usize {
    let begun = failed
        .iter()
        .filter(|failure| failure.kind != Kind::Interrupted);
    begun.count()
}

#[cfg(test)]
mod tests {
    use super::{super::failure::FailedItem, *};

    fn next(resumes: bool) -> GoesOn {
        GoesOn {
            resumes,
            again: Some("mps create --all".to_owned()),
        }
    }

    fn failed(id: &str, message: &str) -> Failure {
        Failure::new(Kind::Input, message).of_item(FailedItem {
            id: id.to_owned(),
            name: format!("App ({id})"),
            solution: None,
            told: false,
        })
    }

    #[test]
    fn several_items_say_how_many() {
        let failure = |kind| Failure::new(kind, "x");
        let ended = |done, kinds: &[Kind]| {
            of_items(
                done,
                kinds.iter().copied().map(failure).collect(),
                &next(true),
            )
            .map(|failure| (failure.message.clone(), failure.kind, failure.exit().code()))
        };
        assert_eq!(ended(2, &[]), None);
        assert_eq!(ended(0, &[Kind::Auth]), Some(("x".into(), Kind::Auth, 4)));
        assert_eq!(
            ended(1, &[Kind::Io, Kind::Auth]),
            Some(("2 of 3 failed".into(), Kind::Partial, 3))
        );
        assert_eq!(
            ended(0, &[Kind::Auth, Kind::Permission]),
            Some(("2 of 2 failed".into(), Kind::Permission, 4))
        );
        assert_eq!(
            ended(0, &[Kind::UnknownOutcome, Kind::Io]),
            Some(("2 of 2 failed".into(), Kind::UnknownOutcome, 6))
        );
        assert_eq!(
            ended(0, &[Kind::Io, Kind::State]),
            Some(("2 of 2 failed".into(), Kind::Partial, 1))
        );
        assert_eq!(
            ended(4, &[Kind::Interrupted, Kind::Io, Kind::Interrupted]),
            Some((
                "interrupted: 4 of 7 done, 1 failed, 2 not begun".into(),
                Kind::Interrupted,
                130
            ))
        );
    }

    #[test]
    fn the_last_line_is_what_goes_on() {
        let two = || vec![failed("1", "x"), failed("2", "x")];
        for (resumes, again, hint) in [
            (true, true, "unfinished work is taken up by: mps resume"),
            (false, true, "when they are mended: mps create --all"),
            (
                false,
                false,
                "when they are mended, type the same command again",
            ),
        ] {
            let mut next = next(resumes);
            next.again = next.again.filter(|_| again);
            let ended = of_items(1, two(), &next).unwrap();
            assert_eq!(ended.hint.as_deref(), Some(hint));
        }
        let typed = ["/usr/bin/mps", "create", "--name", "{app_name} + us"].map(OsString::from);
        assert_eq!(again(&typed), "mps create --name '{app_name} + us'");
    }

    #[test]
    fn equal_reasons_stand_together_whatever_the_ids() {
        let all = [
            failed("4210", "could not create it for app 4210"),
            failed("77", "app 77 was refused"),
            failed("4211", "could not create it for app 4211"),
            failed("4212", "could not create it for app 4210"),
        ];
        let groups: Vec<Vec<&str>> = groups(&all)
            .iter()
            .map(|group| {
                let items = group.iter().filter_map(|failure| failure.item.as_ref());
                items.map(|item| item.id.as_str()).collect()
            })
            .collect();
        assert_eq!(groups, [vec!["4210", "4211"], vec!["77"], vec!["4212"]]);
    }

    #[test]
    fn times() {
        for (seconds, words) in [
            (0.04, "0.0 s"),
            (9.96, "10.0 s"),
            (12.7, "12 s"),
            (75.0, "1 min 15 s"),
            (7500.0, "2 h 5 min"),
        ] {
            assert_eq!(in_words(Duration::from_secs_f64(seconds)), words);
        }
    }
}
