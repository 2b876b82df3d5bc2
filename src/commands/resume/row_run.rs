//! What the run and the plan of `mps resume` share.

use futures_util::stream;

use crate::{
    commands::{Line, Output, rows},
    context::{Sourced, failure::Failure},
    journal::Entry,
    secret::SystemToken,
    session::{Needs, token_checker::Purpose},
    ui::{emit::Rows, epilogue::Epilogue},
};

/// What a resumed run, and its plan, need of a session; the user token comes later, for a dead one stops nothing.
pub(super) fn needs(system: Option<Sourced<SystemToken>>) -> Needs {
    Needs {
        system,
        purpose: Purpose::Onboard,
        ..Needs::default()
    }
}

/// The solutions that the rows have.
pub(super) fn known(entries: &[Entry]) -> rows::KnownSolutions {
    let known = rows::KnownSolutions::default();
    for entry in entries {
        if let Some(solution) = &entry.solution_id {
            known.learn(&entry.key.owner, solution);
        }
    }
    known
}

/// The lines of a run or a plan.
pub(super) fn rows_of(
    lines: stream::BoxStream<'static, Result<Line, Failure>>,
    epilogue: Epilogue,
) -> Output {
    Output::Rows(Rows {
        epilogue,
        ..Rows::of::<rows::ResumeRecord>(lines, "Nothing is unfinished.")
    })
}
