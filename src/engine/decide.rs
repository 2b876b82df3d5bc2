//! The one decision: what is to be done next with an app.
//!
//! Pure: the journal's row, what Meta showed, what was asked and the time go in, one step comes out. Everybody
//! who wants to know asks here (the plan, `--dry-run`, every command, another machine), so that a rule stands
//! once. [`RULES`] is the table; the first rule that has something to say decides.

use super::{
    accept_rules::{active, before_accept, read_back, under_way},
    case::Case,
    create_rules::{first, initiated, journaled, lost, no_look, open, over},
    facts::{Facts, Moment},
    policy::Policy,
    step::{Step, StopReason},
};
use crate::journal::Entry;

type DecisionRule = fn(&Case<'_>) -> Option<Step>;

/// The table, first to last.
pub(crate) const RULES: &[(&str, DecisionRule)] = &[
    ("a read back follows its accept", read_back),
    ("an accept under way comes first", under_way),
    (
        "a journaled id is looked at before anything else",
        journaled,
    ),
    ("what is over makes room for another live one", over),
    ("without a look nothing open is touched", no_look),
    ("a lost POST is looked for", lost),
    ("look before the first POST", first),
    ("an open POST is looked for once it is old", open),
    ("INITIATED is enough", initiated),
    ("what is ACTIVE is done, but for our surplus", active),
    ("look before an accept", before_accept),
];

/// What is to be done next.
pub(crate) fn decide(row: &Entry, facts: &Facts, policy: &Policy, now: Moment) -> Step {
    let case = Case {
        row,
        facts,
        policy,
        now,
    };
    let decided = RULES.iter().find_map(|(_, rule)| rule(&case));
    // The last rule always says something; an end is the safe answer to a hole in the table.
    decided.unwrap_or(Step::Stop(StopReason::Unknown(
        "nothing more can be decided",
    )))
}
