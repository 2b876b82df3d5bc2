//! An operator who types what mps told them to, word for word.
//!
//! The one decision: a hint is typed as it stands, quotes and all. Nobody looks into Meta's dashboard first: mps does
//! so itself before it believes a person's word.

use crate::{
    once_world::World,
    support::{Home, Mps, Outcome},
};

/// What a run named to be typed next, of each app that failed, else of the run.
pub(crate) fn hints(outcome: &Outcome) -> Vec<String> {
    let of = |error: &serde_json::Value| error["hint"].as_str().map(str::to_owned);
    let rows = outcome.json_lines().into_iter();
    let mut hints: Vec<String> = rows.filter_map(|row| of(&row["error"])).collect();
    if hints.is_empty() {
        hints.extend(of(&outcome.error()));
    }
    hints.dedup();
    hints
}

/// The words of the command in a hint that changes something: the first one that is named, or what is said for the
/// case that the dashboard shows none.
pub(crate) fn command(hint: &str) -> Option<Vec<String>> {
    let commands = hint.match_indices("mps ").map(|(at, _)| words(&hint[at..]));
    let mut acting = commands.filter(|words| !["show", "list"].contains(&&*words[1]));
    let mut words = acting.next()?;
    if words[1] == "resume" {
        words.push("--yes".to_owned());
    }
    Some(words.split_off(1))
}

/// A command as a shell splits it, up to where the sentence goes on.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    for letter in text.chars() {
        match letter {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            ';' | ',' | ')' | '`' if !quoted => break,
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// Types what the last run said, and that command again, until it ends well; what it ended with.
pub(crate) fn by_the_hints(
    world: &World,
    home: &Home,
    command_line: &str,
    said: &mut Vec<String>,
) -> Outcome {
    let asked = format!("{command_line} --json");
    let mut outcome = world.at(home, &asked).run();
    for _ in 0..8 {
        if outcome.any_code() == 0 {
            break;
        }
        for hint in hints(&outcome) {
            let Some(typed) = command(&hint) else {
                said.push(format!("{command_line}: {hint}: nothing to type"));
                continue;
            };
            let typing = world.told(Mps::at(home)).args(&typed);
            let ended = typing.arg("--json").run();
            let code = ended.any_code();
            said.push(format!("{hint}\n  typed {typed:?}: code {code}"));
            if code == 0 {
                continue;
            }
            // What was typed may name the next one.
            for next in hints(&ended).iter().filter_map(|hint| command(hint)) {
                let ended = world.told(Mps::at(home)).args(&next).run();
                let (code, told) = (ended.any_code(), ended.stderr_text());
                said.push(format!("  then {next:?}: code {code}\n{told}"));
            }
        }
        world.age_of(home);
        outcome = world.at(home, &asked).run();
    }
    outcome
}
